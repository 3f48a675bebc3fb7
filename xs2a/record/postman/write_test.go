package postman

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/record"
	"consentry/xs2a/record/script"
)

// hostile is a text that would be a variable, script or address of somebody else's.
const hostile = `{{{$processEnv HOME}}</script>");process.exit();//:x`

func exchanges() []record.Exchange {
	form := []record.HeaderField{{Name: "Consent-Id", Value: hostile}, {Name: "Content-Type", Value: "application/x-www-form-urlencoded"}, {Name: "Signature", Value: `keyId="1"`}}
	return []record.Exchange{
		{
			FlowID: "f", Step: hostile, Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Method: "POST", URL: "https://b.example/:id/{{x}}?a=b%26c&client=" + record.Redacted + "&{{y}}=1", Status: 201,
			Request: record.Message{Header: form, Body: "client_secret=" + record.Redacted + "&text=%7B%7B" + "x%7D%7D&plain=a+b"},
			Answer:  record.Message{Body: `{"` + "a\\\"b" + `":{"id":"made-1234"}}`, Header: []record.HeaderField{{Name: "Aspsp-Sca-Approach", Value: "decoupled"}}},
		},
		{FlowID: "g", Method: "GET", URL: "https://b.example/made-1234", Error: "no answer"},
	}
}

// TestCollection writes what was asked so that it stays what it was: no text of a bank
// becomes a variable or a line of a script.
func TestCollection(t *testing.T) {
	c, e := New(script.New(exchanges()), Options{ID: "1", Options: script.Options{
		Title: "T", Flow: func(id string) string { return "flow " + id },
		Known: func(v *script.Variable) (string, bool) { return "the-secret", v.Secret == "client_secret" },
	}})
	if c.Info.Schema != Schema || len(c.Item) != 2 || c.Item[0].Name != "flow f" || len(c.Item[0].Item) != 1 {
		t.Fatalf("%+v", c)
	}
	first := c.Item[0].Item[0]
	if raw := first.Request.URL.Raw; raw != "{{base}}/:id/{%7Bx}}?a=b%26c&client={{client}}&{%7By}}=1" || strings.Join(first.Request.URL.Path, "/") != "%3Aid/{%7Bx}}" {
		t.Errorf("%+v", first.Request.URL)
	}
	if got := first.Request.Body; got.Mode != "urlencoded" || got.URLEncoded[0].Value != "{{client_secret}}" || got.URLEncoded[1].Value != "%7B%7Bx%7D%7D" || got.URLEncoded[2].Value != "a b" {
		t.Errorf("%+v", got)
	}
	if got := first.Request.Header; strings.Contains(got[0].Value, "{{") || !got[2].Disabled || got[1].Disabled {
		t.Errorf("%+v", got)
	}
	lines := strings.Join(first.Event[0].Script.Exec, "\n")
	if !strings.Contains(lines, `take("id", () => at("a\"b", "id"));`) || strings.Contains(lines, "processEnv") {
		t.Error(lines)
	}
	if second := c.Item[1].Item[0]; second.Event != nil || second.Request.URL.Raw != "{{base}}/{{id}}" {
		t.Errorf("%+v", second)
	}
	values := map[string]string{}
	for _, v := range e.Values {
		values[v.Key] = v.Value
	}
	if len(values) != 3 || values["base"] != "https://b.example" || values["client_secret"] != "the-secret" || values["client"] != "" {
		t.Errorf("%v", values)
	}
	text, err := json.Marshal(c)
	if err != nil || strings.Contains(string(text), "the-secret") {
		t.Errorf("%v: the collection holds a secret", err)
	}
}
