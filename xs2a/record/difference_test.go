package record

import (
	"fmt"
	"strings"
	"testing"
)

// TestDifferences holds what of two exchanges is a difference, and where.
func TestDifferences(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	header := func(pairs ...string) Message {
		var m Message
		for i := 0; i < len(pairs); i += 2 {
			m.Header = append(m.Header, HeaderField{pairs[i], pairs[i+1]})
		}
		return m
	}
	body := func(text string) Exchange { return Exchange{Answer: Message{Body: text}} }
	deep := func(inner string) string {
		return strings.Repeat("[", 2*deepestCompared) + inner + strings.Repeat("]", 2*deepestCompared)
	}
	for _, test := range []struct {
		name          string
		former, other Exchange
		want          []string // "part place: former -> other"
	}{
		{"nothing", Exchange{Method: "GET", Status: 200}, Exchange{Method: "GET", Status: 200, Took: 5}, nil},
		{"method, address and status", Exchange{Method: "GET", URL: "https://b.example/a", Status: 200}, Exchange{Method: "PUT", URL: "https://b.example/b", Status: 401},
			[]string{"method : GET -> PUT", "address : https://b.example/a -> https://b.example/b", "status : 200 -> 401"}},
		{"no answer", Exchange{Status: 200}, Exchange{Error: "connection refused"}, []string{"status : 200 -> (left)", "failure : (added) -> connection refused"}},
		{"headers", Exchange{Request: header("Accept", "a", "X-Request-Id", "1", "Psu-Id", "astrid")}, Exchange{Request: header("Accept", "b", "X-Request-Id", "2", "X-More", "")},
			[]string{"requestHeader Accept: a -> b", "requestHeader Psu-Id: astrid -> (left)", "requestHeader X-More: (added) -> ", "requestHeader X-Request-Id: 1 -> 2 (usual)"}},
		{"a repeated header", Exchange{Answer: header("Warning", "a", "Warning", "b")}, Exchange{Answer: header("Warning", "a")}, []string{"answerHeader Warning: a, b -> a"}},
		{"order and blanks in JSON", body(`{"a":1,"b":[true]}`), body("{ \"b\": [ true ],\n \"a\": 1 }"), nil},
		{"fields of JSON", body(`{"a":{"b":"x","gone":null},"n":1.0}`), body(`{"a":{"b":"y","new":[1]},"n":1}`),
			[]string{`answerBody a.b: "x" -> "y"`, "answerBody a.gone: null -> (left)", "answerBody a.new: (added) -> [1]", "answerBody n: 1.0 -> 1"}},
		{"an element that came in between", body(`{"list":[{"id":1},{"id":3}]}`), body(`{"list":[{"id":1},{"id":2},{"id":3}]}`), []string{`answerBody list[1]: (added) -> {"id":2}`}},
		{"an element that changed", body(`[{"id":1,"x":"a"},{"id":2}]`), body(`[{"id":1,"x":"b"},{"id":2}]`), []string{`answerBody [0].x: "a" -> "b"`}},
		{"another kind", body(`{"a":[1]}`), body(`{"a":{"b":1}}`), []string{`answerBody a: [1] -> {"b":1}`}},
		{"a name that looks like a place", body(`{"a.b":1}`), body(`{"a.b":2}`), []string{`answerBody ["a.b"]: 1 -> 2`}},
		{"text", body("one\ntwo\nthree"), body("one\n2\nthree"), []string{"answerBody : two -> 2"}},
		{"JSON and none", body(`{"a":1}`), body("<html>"), []string{`answerBody : {"a":1} -> <html>`}},
		{"a body and none", body(`{"a":1}`), body(""), []string{`answerBody : {"a":1} -> (left)`}},
		{"deeper than fields are looked for", body(deep("1")), body(deep("2")), []string{"answerBody : " + deep("1") + " -> " + deep("2")}},
		{"a form", Exchange{Request: Message{Header: header("Content-Type", form).Header, Body: "a=1&b=%20&a=2"}}, Exchange{Request: Message{Header: header("Content-Type", form).Header, Body: "a=1&c="}},
			[]string{"requestBody a: 1, 2 -> 1", "requestBody b:   -> (left)", "requestBody c: (added) -> "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, d := range Differences(test.former, test.other) {
				line := map[bool]string{false: d.Former, true: "(added)"}[d.Added] + " -> " + map[bool]string{false: d.Other, true: "(left)"}[d.Left]
				if d.Usual {
					line += " (usual)"
				}
				got = append(got, fmt.Sprintf("%s %s: %s", d.Part, d.Place, line))
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("differences:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
