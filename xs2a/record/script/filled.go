package script

import (
	"encoding/json"
	"net/url"
	"slices"

	"consentry/xs2a/record"
)

// Filled is the exchange of a step with the secrets of its request that are known, in
// the places they were taken out of. The answer stays as it was recorded.
func (s Step) Filled(known func(*Variable) (string, bool)) record.Exchange {
	return s.with(func(v *Variable) (string, bool) {
		if v.Secret == "" {
			return "", false
		}
		return known(v)
	}, url.QueryEscape)
}

// with is the exchange of a step with values in the place of variables of its request,
// those in its address written as the function says.
func (s Step) with(values func(*Variable) (string, bool), address func(string) string) record.Exchange {
	e := s.Recorded
	if !slices.ContainsFunc(s.variables(), func(v *Variable) bool { _, has := values(v); return has }) {
		return e
	}
	e.URL = s.Address.filled(values, e.URL, address)
	escape := textOfJSON
	if s.Form() {
		escape = url.QueryEscape
	}
	e.Request.Body = s.Body.filled(values, e.Request.Body, escape)
	e.Request.Header = slices.Clone(e.Request.Header)
	next := 0
	for _, field := range s.Header {
		for e.Request.Header[next].Name != field.Name {
			next++
		}
		as := &e.Request.Header[next].Value
		*as = field.Value.filled(values, *as, func(value string) string { return value })
		next++
	}
	return e
}

// variables are those of the request that may have another value.
func (s Step) variables() (list []*Variable) {
	texts := []Text{s.Address, s.Body}
	for _, field := range s.Header {
		texts = append(texts, field.Value)
	}
	for _, text := range texts {
		for _, part := range text {
			if v := part.Variable; v != nil && v.Kind != Number {
				list = append(list, v)
			}
		}
	}
	return list
}

// filled is the text as it was recorded, with other values where there are any.
func (t Text) filled(values func(*Variable) (string, bool), recorded string, escape func(string) string) string {
	if len(t) == 0 || slices.ContainsFunc(t, func(p Part) bool { return p.Variable != nil && p.Variable.Kind == Number }) {
		return recorded
	}
	return t.Written(func(v *Variable) string {
		if value, has := values(v); has {
			return escape(value)
		}
		if v.Secret == "" {
			return v.Value
		}
		return record.Redacted
	}, nil)
}

// textOfJSON writes a value as it stands between quotes in JSON.
func textOfJSON(value string) string {
	quoted, err := json.Marshal(value)
	if err != nil { // strings always can be
		return value
	}
	return string(quoted[1 : len(quoted)-1])
}
