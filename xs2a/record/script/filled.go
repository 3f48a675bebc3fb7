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
	e := s.Recorded
	if slices.ContainsFunc(s.variables(), func(v *Variable) bool { _, has := known(v); return has }) {
		e.URL = s.Address.filled(known, e.URL, url.QueryEscape)
		escape := textOfJSON
		if s.Form() {
			escape = url.QueryEscape
		}
		e.Request.Body = s.Body.filled(known, e.Request.Body, escape)
		e.Request.Header = slices.Clone(e.Request.Header)
		next := 0
		for _, field := range s.Header {
			for e.Request.Header[next].Name != field.Name {
				next++
			}
			as := &e.Request.Header[next].Value
			*as = field.Value.filled(known, *as, func(value string) string { return value })
			next++
		}
	}
	return e
}

func (s Step) variables() (list []*Variable) {
	texts := []Text{s.Address, s.Body}
	for _, field := range s.Header {
		texts = append(texts, field.Value)
	}
	for _, text := range texts {
		for _, part := range text {
			if part.Variable != nil && part.Variable.Secret != "" {
				list = append(list, part.Variable)
			}
		}
	}
	return list
}

// filled is the text as it was recorded, with secrets that are known.
func (t Text) filled(known func(*Variable) (string, bool), recorded string, escape func(string) string) string {
	if len(t) == 0 || slices.ContainsFunc(t, func(p Part) bool { return p.Variable != nil && p.Variable.Kind == Number }) {
		return recorded
	}
	return t.Written(func(v *Variable) string {
		if v.Secret == "" {
			return v.Value
		}
		if value, has := known(v); has {
			return escape(value)
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
