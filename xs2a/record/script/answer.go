package script

import (
	"regexp"
	"strings"

	"consentry/xs2a/record"
)

// gift is what an answer gave, and where; one without a name came first from a request,
// whose sender had it from elsewhere.
type gift struct {
	from     Source
	step     int
	name     string
	value    string
	variable *Variable // once a later request has used a secret
}

// read notes what an answer gives that a later request may use. The first answer
// to give something is the one that made it.
func (w *writer) read(e record.Exchange, step int) {
	values := jsonValues(e.Answer.Body)
	for _, v := range values {
		name := snake(v.name())
		if v.text == record.Redacted {
			what := secretOf(v.name(), "")
			w.tokens[e.FlowID+" "+what] = gift{from: Source{Path: v.path}, step: step, name: what}
		} else if idName.MatchString(v.name()) || looksMade(v.text) {
			w.give(v.text, gift{from: Source{Path: v.path}, step: step, name: name})
		}
	}
	if location := e.Answer.Get("Location"); location != "" {
		w.giveLink(location, gift{from: Source{Header: "Location"}, step: step})
	}
	for _, v := range values {
		if strings.Contains(v.text, "/") {
			w.giveLink(v.text, gift{from: Source{Path: v.path}, step: step})
		}
	}
}

// give notes a value, unless it is known already.
func (w *writer) give(value string, g gift) {
	if _, known := w.given[value]; known || len(value) < shortest || len(value) > longestValue || strings.Contains(value, record.Redacted) || strings.ContainsAny(value, "\"\\{}\n") {
		return
	}
	if len(w.given) < mostGiven {
		g.value = value
		w.given[value] = g
	}
}

const (
	// shortest is the length from which a value is taken for the same wherever it stands.
	shortest = 4

	// longestValue and mostGiven bound what is looked for: answers may hold thousands of
	// values that no request uses.
	longestValue = 2048
	mostGiven    = 200_000
)

// giveLink notes the segments and parameters of an address.
func (w *writer) giveLink(link string, g gift) {
	path, query, _ := strings.Cut(host.ReplaceAllString(link, ""), "?")
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if !looksMade(segment) {
			continue
		}
		one := g
		one.from.Segment, one.name = len(segments)-i, "id"
		if i > 0 {
			one.name = strings.TrimPrefix(strings.TrimSuffix(snake(segments[i-1]), "s")+"_id", "_")
		}
		w.give(segment, one)
	}
	query, _, _ = strings.Cut(query, "#")
	for _, pair := range strings.Split(query, "&") {
		if name, value, has := strings.Cut(pair, "="); has && looksMade(value) && snake(name) != "" {
			one := g
			one.from.Query, one.name = name, snake(name)
			w.give(value, one)
		}
	}
}

// keep notes what a request had before any answer gave it: an answer that says it
// again did not make it.
func (w *writer) keep(s *Step) {
	note := func(value string) {
		if _, known := w.given[value]; !known && value != "" {
			w.given[value] = gift{}
		}
	}
	e := s.Recorded
	for _, field := range e.Request.Header {
		if field.Name != "X-Request-Id" {
			note(field.Value)
		}
	}
	for _, v := range jsonValues(e.Request.Body) {
		note(v.text)
	}
	path, query, _ := strings.Cut(host.ReplaceAllString(e.URL, ""), "?")
	for _, segment := range strings.Split(path, "/") {
		note(segment)
	}
	for _, form := range []string{query, e.Request.Body} {
		for _, pair := range strings.Split(form, "&") {
			_, value, _ := strings.Cut(pair, "=")
			note(value)
		}
	}
}

// takenBy is the variable of what an earlier answer gave; nil where none did.
func (w *writer) takenBy(value string) *Variable {
	if v := w.taken[value]; v != nil {
		return v
	}
	g, has := w.given[value]
	if !has || g.name == "" {
		return nil
	}
	v := w.take(g, g.name)
	v.Value = value
	w.taken[value] = v
	return v
}

// take is a new variable for what was given.
func (w *writer) take(g gift, name string) *Variable {
	v := w.use(&Variable{Kind: Taken, Name: w.name(name), From: g.from, Step: g.step})
	step := w.script.Steps[g.step]
	step.Takes = append(step.Takes, v)
	return v
}

// idName is the name of what somebody made up to call something by.
var idName = regexp.MustCompile(`(?i)(id|identifier|identification|reference)$`)

var (
	digit  = regexp.MustCompile(`[0-9]`)
	made   = regexp.MustCompile(`^[A-Za-z0-9._~%+=-]{8,}$`)
	dated  = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	amount = regexp.MustCompile(`^[+-]?\d+[.,]\d+$`)
)

// looksMade reports whether a value looks made up by a bank to call something by.
func looksMade(s string) bool {
	return made.MatchString(s) && digit.MatchString(s) && !dated.MatchString(s) && !amount.MatchString(s)
}

// jsonValue is a text or number in JSON, and what leads there.
type jsonValue struct {
	path []string
	text string
}

// name is the member it stands under, or the list.
func (v jsonValue) name() string {
	for i := len(v.path) - 1; i >= 0; i-- {
		if _, place := Place(v.path[i]); !place {
			return v.path[i]
		}
	}
	return ""
}
