package postman

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"consentry/xs2a/record/script"
)

// Options are what a collection is made with.
type Options struct {
	script.Options
	ID string // of the collection, a UUID
}

// New writes a script as a collection, with the environment that is to be filled in.
func New(s script.Script, o Options) (Collection, Environment) {
	w := writer{o}
	follow := false
	c := Collection{
		Info: Info{PostmanID: o.ID, Name: o.Title, Schema: Schema, Description: w.about(s)},
		Item: w.folders(s), Event: days(s), Behavior: &Behavior{&follow},
	}
	for _, v := range append(s.Of(script.Taken), s.Of(script.Day)...) {
		one := Variable{Key: v.Name, Type: "string"} // scripts set it
		if v.Secret != "" {
			one.Value = w.Value(v)
		}
		c.Variable = append(c.Variable, one)
	}
	e := Environment{Name: o.Title, Scope: "environment", Values: []Value{}}
	for _, v := range s.Of(script.Base) {
		e.Values = append(e.Values, Value{Key: v.Name, Value: v.Value, Type: "default", Enabled: true})
	}
	for _, v := range s.Of(script.Secret) {
		e.Values = append(e.Values, Value{Key: v.Name, Value: w.Value(v), Type: "secret", Enabled: true})
	}
	return c, e
}

type writer struct{ Options }

// about says what is to be done before a collection runs.
func (w writer) about(s script.Script) string {
	lines := []string{
		fmt.Sprintf("%d requests that Consentry sent, in their order. What an answer gives and a later request uses is taken from the answer by the scripts; days count from today.", len(s.Steps)),
	}
	for _, v := range s.Of(script.Base) {
		lines = append(lines, "- `"+v.Name+"`: the address of the bank, "+v.Value+" when it was recorded. Change it in the environment where it has moved.")
	}
	for _, v := range s.Of(script.Secret) {
		lines = append(lines, "- `"+v.Name+"`: "+w.About(v)+".")
	}
	return strings.Join(lines, "\n\n")
}

// folders are the steps, by flow where there are several in a row.
func (w writer) folders(s script.Script) []Item {
	var all []Item
	folders, flow := 0, ""
	for i, step := range s.Steps {
		if i == 0 || step.Recorded.FlowID != flow {
			flow = step.Recorded.FlowID
			all = append(all, Item{Name: w.FlowName(flow)})
			folders++
		}
		last := &all[folders-1]
		last.Item = append(last.Item, w.step(step))
		if approval, found := w.approval(step); found {
			last.Item = append(last.Item, approval)
		}
	}
	if folders == 1 {
		return all[0].Item
	}
	return all
}

// step is one request with the scripts that read its answer, and the answer of then.
func (w writer) step(s *script.Step) Item {
	e := s.Recorded
	item := Item{Name: s.Name(), Request: &Request{
		Method: s.Method, Header: fields(s.Header), URL: address(s.Address), Body: body(s), Description: strings.Join(s.About(), "\n\n"),
	}}
	if e.Status == 0 {
		return item
	}
	item.Event = []Event{{Listen: "test", Script: Script{Type: "text/javascript", Exec: tests(s)}}}
	item.Response = []Response{{
		Name: "As recorded", Code: e.Status, Status: http.StatusText(e.Status), Header: []Field{}, Body: e.Answer.Body, ResponseTime: e.Took.Milliseconds(),
	}}
	for _, field := range e.Answer.Header {
		item.Response[0].Header = append(item.Response[0].Header, Field{Key: field.Name, Value: field.Value})
	}
	return item
}

func named(v *script.Variable) string {
	if v.Kind == script.Number {
		return "{{$guid}}"
	}
	return "{{" + v.Name + "}}"
}

func fields(header []script.Field) []Field {
	list := []Field{}
	for _, one := range header {
		field := Field{Key: one.Name, Value: one.Value.Written(named, script.InertField)}
		if one.Signs {
			field.Disabled, field.Description = true, "Made from the request and a key: make it anew"
		}
		list = append(list, field)
	}
	return list
}

// address writes an address in its parts, of which Postman sends it.
func address(t script.Text) URL { return parts(t.Written(named, script.InertAddress)) }

func parts(raw string) URL {
	u := URL{Raw: raw}
	rest, query, asks := strings.Cut(raw, "?")
	host, path, has := strings.Cut(rest, "/")
	if host == "" || strings.HasSuffix(host, ":") { // an address that is none, or whose host is no variable
		return u
	}
	u.Host = []string{host}
	if has {
		for _, segment := range strings.Split(path, "/") {
			if strings.HasPrefix(segment, ":") { // else it would be a variable of Postman's
				segment = "%3A" + segment[1:]
			}
			u.Path = append(u.Path, segment)
		}
	}
	if asks {
		for _, pair := range strings.Split(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			u.Query = append(u.Query, Field{Key: name, Value: value})
		}
	}
	return u
}

// body writes a form by its fields, so that what is filled in is encoded, and all else as
// it is.
func body(s *script.Step) *Body {
	if len(s.Body) == 0 {
		return nil
	}
	raw := s.Body.Written(named, s.InertBody)
	if !s.Form() {
		return &Body{Mode: "raw", Raw: raw}
	}
	b := &Body{Mode: "urlencoded"}
	for _, pair := range strings.Split(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		b.URLEncoded = append(b.URLEncoded, Field{Key: formText(name), Value: formText(value)})
	}
	return b
}

// formText reads a text of a form, which Postman encodes again. Where reading it would
// make a variable of it, it stays as it is.
func formText(s string) string {
	plain, err := url.QueryUnescape(s)
	if err != nil || strings.Count(plain, "{{") != strings.Count(s, "{{") {
		return s
	}
	return plain
}

// text writes a text as one of JavaScript.
func text(s string) string {
	quoted, err := json.Marshal(s) // which JavaScript reads, and which ends no script of a page
	if err != nil {
		return `""`
	}
	return string(quoted)
}
