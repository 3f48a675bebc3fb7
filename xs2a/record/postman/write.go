package postman

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"consentry/xs2a/record/script"
)

// Options are what a collection is made with.
type Options struct {
	ID    string // of the collection, a UUID; the environment's follows from it
	Title string
	Flow  func(id string) string // names a flow; each is a folder where there are several

	// Value returns the value of a variable that is to stand in the files; nil: none of
	// a secret does.
	Value func(*script.Variable) (string, bool)

	// Control says that the banks are for practice: their control approves, where
	// the person did so on another device.
	Control bool
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
		c.Variable = append(c.Variable, Variable{Key: v.Name, Value: w.value(v), Type: "string"})
	}
	e := Environment{Name: o.Title, Scope: "environment", Values: []Value{}}
	for _, v := range s.Of(script.Base) {
		e.Values = append(e.Values, Value{Key: v.Name, Value: v.Value, Type: "default", Enabled: true})
	}
	for _, v := range s.Of(script.Secret) {
		e.Values = append(e.Values, Value{Key: v.Name, Value: w.value(v), Type: "secret", Enabled: true})
	}
	return c, e
}

type writer struct{ Options }

// value is what a variable has before anything was sent.
func (w writer) value(v *script.Variable) string {
	if w.Value != nil {
		if value, has := w.Value(v); has {
			return value
		}
	}
	if v.Secret == script.State {
		return anyText
	}
	return ""
}

// anyText is for a secret that whoever sends a request makes up.
const anyText = "any-text-of-your-own"

// about says what is to be done before a collection runs.
func (w writer) about(s script.Script) string {
	lines := []string{
		fmt.Sprintf("%d requests that Consentry sent, in their order. What an answer gives and a later request uses is taken from the answer by the scripts; days count from today.", len(s.Steps)),
	}
	for _, v := range s.Of(script.Base) {
		lines = append(lines, "- `"+v.Name+"`: the address of the bank, "+v.Value+" when it was recorded. Change it in the environment where it has moved.")
	}
	for _, v := range s.Of(script.Secret) {
		switch {
		case v.Secret == script.State:
			lines = append(lines, "- `"+v.Name+"`: any text.")
		case w.value(v) != "":
			lines = append(lines, "- `"+v.Name+"`: has a value, which is as good as a password.")
		default:
			lines = append(lines, "- `"+v.Name+"`: to be filled in in the environment; it is not kept.")
		}
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
			all = append(all, Item{Name: cmp.Or(w.flow(flow), "Other exchanges")})
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

func (w writer) flow(id string) string {
	if w.Flow == nil {
		return id
	}
	return w.Flow(id)
}

// step is one request with the scripts that read its answer, and the answer of then.
func (w writer) step(s *script.Step) Item {
	e := s.Recorded
	item := Item{Name: cmp.Or(e.Step, s.Method), Request: &Request{
		Method: s.Method, Header: fields(s.Header), URL: address(s.Address), Body: body(s), Description: describe(s),
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

// describe says what was recorded, and what of the request is not in the collection.
func describe(s *script.Step) string {
	e := s.Recorded
	lines := []string{"Recorded " + e.Started.UTC().Format(time.RFC3339)}
	if e.Status != 0 {
		lines[0] += ", answered with " + strconv.Itoa(e.Status)
	} else {
		lines = append(lines, "No answer came: "+e.Error)
	}
	lines = append(lines, e.Request.Missing()...)
	if signed := s.Signed(); len(signed) > 0 {
		lines = append(lines, "It was signed. Where the bank wants that, make these headers anew and switch them on: "+strings.Join(signed, ", ")+".")
	}
	return strings.Join(lines, "\n\n")
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
		field := Field{Key: one.Name, Value: one.Value.Written(named, nil)}
		if one.Signs {
			field.Disabled, field.Description = true, "Made from the request and a key: make it anew"
		}
		list = append(list, field)
	}
	return list
}

// address writes an address in its parts, of which Postman sends it.
func address(t script.Text) URL {
	raw := t.Written(named, nil)
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
	raw := s.Body.Written(named, nil)
	if !strings.HasPrefix(strings.ToLower(s.Recorded.Request.Get("Content-Type")), "application/x-www-form-urlencoded") {
		return &Body{Mode: "raw", Raw: raw}
	}
	b := &Body{Mode: "urlencoded"}
	for _, pair := range strings.Split(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		b.URLEncoded = append(b.URLEncoded, Field{Key: unescape(name), Value: unescape(value)})
	}
	return b
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// text writes a text as one of JavaScript.
func text(s string) string {
	quoted, err := json.Marshal(s) // which JavaScript reads, and which ends no script of a page
	if err != nil {
		return `""`
	}
	return string(quoted)
}
