package script

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/record"
)

// exchange is a request with a JSON body or none, and its answer.
func exchange(flow, method, url, body, answer string, header ...record.HeaderField) record.Exchange {
	return record.Exchange{
		FlowID: flow, Started: time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC), Method: method, URL: url, Status: 200,
		Request: record.Message{Header: header, Body: body}, Answer: record.Message{Body: answer},
	}
}

func field(name, value string) record.HeaderField {
	return record.HeaderField{Name: name, Value: value}
}

// written writes a text with the names of its variables.
func written(t Text) string {
	return t.Written(func(v *Variable) string { return "{" + v.Name + "}" }, nil)
}

// asRecorded writes a text as it was recorded.
func asRecorded(t Text) string {
	return t.Written(func(v *Variable) string {
		if v.Secret != "" {
			return record.Redacted
		}
		return v.Value
	}, nil)
}

// TestVariables finds what changes from one time to the next, and nothing else.
func TestVariables(t *testing.T) {
	const consent, authorisation = "eb750dce-2e46-422e-8ada-30c01d249022", "5cf676d6-c9d6-4d35-826a-81ce8564efa8"
	form := field("Content-Type", "application/x-www-form-urlencoded")
	s := New([]record.Exchange{
		exchange("f", "POST", "https://b.example/v1/consents?psu=astrid-4711", `{"validUntil":"2026-08-28","never":"9999-12-31","note":"the \"code_sms\" 2026-03-01"}`,
			`{"consentId":"`+consent+`","echo":{"id":"astrid-4711"},"status":"received","_links":{"scaStatus":{"href":"/v1/consents/`+consent+`/authorisations/`+authorisation+`"}},"scaMethods":[{"authenticationMethodId":"code_sms"}]}`,
			field("Signature", `keyId="1",headers="digest date",signature="`+record.Redacted+`"`), field("Digest", "SHA-256=abc"), field("Date", "today"), field("X-Request-Id", "1"), field("Content-Length", "7")),
		exchange("f", "PUT", "https://b.example/v1/consents/"+consent+"/authorisations/"+authorisation, `{"authenticationMethodId":"code_sms","password":"`+record.Redacted+`"}`, `{}`, field("Date", "today")),
		exchange("f", "POST", "https://login.example/token", "grant_type=refresh_token&refresh_token="+record.Redacted+"&client_secret="+record.Redacted, `{"access_token":"`+record.Redacted+`","refresh_token":"`+record.Redacted+`"}`, form),
		exchange("f", "GET", "https://b.example/v1/accounts?dateFrom=2024-03-01&psu=astrid-4711", "", `{"next":"https://b.example/v1/accounts?page=20698-112-6f53", "cut": [`, field("Authorization", "Bearer "+record.Redacted), field("Consent-Id", consent)),
		exchange("f", "GET", "https://b.example/v1/accounts?page=20698-112-6f53", "", ``),
		exchange("f", "POST", "https://login.example/token", "refresh_token="+record.Redacted, ``, form),
		exchange("g", "GET", "https://b.example/v1/accounts", "", ``, field("Authorization", "Bearer "+record.Redacted)),
	})
	for i, want := range []struct{ address, body, header string }{
		{"{base}/v1/consents?psu=astrid-4711", `{"validUntil":"{day_plus_180}","never":"9999-12-31","note":"the \"code_sms\" 2026-03-01"}`, "X-Request-Id: {}"},
		{"{base}/v1/consents/{consent_id}/authorisations/{authorisation_id}", `{"authenticationMethodId":"{authentication_method_id}","password":"{password}"}`, "Date: today"},
		{"{base_2}/token", "grant_type=refresh_token&refresh_token={refresh_token}&client_secret={client_secret}", "Content-Type: application/x-www-form-urlencoded"},
		{"{base}/v1/accounts?dateFrom={day_minus_730}&psu=astrid-4711", "", "Authorization: Bearer {token}, Consent-Id: {consent_id}"},
		{"{base}/v1/accounts?page={page}", "", ""},
		{"{base_2}/token", "refresh_token={refresh_token_2}", "Content-Type: application/x-www-form-urlencoded"},
		{"{base}/v1/accounts", "", "Authorization: Bearer {token_2}"},
	} {
		step := s.Steps[i]
		var header []string
		for _, field := range step.Header {
			if !field.Signs {
				header = append(header, field.Name+": "+written(field.Value))
			}
		}
		if got := written(step.Address); got != want.address {
			t.Errorf("%d: address %s, want %s", i, got, want.address)
		}
		if got := written(step.Body); got != want.body {
			t.Errorf("%d: body %s, want %s", i, got, want.body)
		}
		if got := strings.Join(header, ", "); got != want.header {
			t.Errorf("%d: header %s, want %s", i, got, want.header)
		}
	}
	if got := s.Steps[0].Signed(); !reflect.DeepEqual(got, []string{"Signature", "Digest", "Date"}) {
		t.Errorf("signed %q", got)
	}
	var taken []string
	for _, v := range s.Of(Taken) {
		taken = append(taken, v.Name)
	}
	if got := strings.Join(taken, " "); got != "consent_id authorisation_id authentication_method_id token page refresh_token_2" {
		t.Errorf("taken: %s", got)
	}
	link := s.Of(Taken)[1].From
	if !reflect.DeepEqual(link, Source{Path: []string{"_links", "scaStatus", "href"}, Segment: 1}) {
		t.Errorf("the authorisation's id is taken from %+v", link)
	}
	if token := s.Of(Taken)[3]; token.Step != 2 || token.Secret != Token || token.FlowID != "f" {
		t.Errorf("%+v", token)
	}
}

// TestFilled puts the secrets that are known in their places, in the spelling of each, and
// leaves the others out.
func TestFilled(t *testing.T) {
	known := func(v *Variable) (string, bool) {
		return `a"b&c`, v.Secret == "client_secret" || v.Secret == Token
	}
	e := exchange("f", "POST", "https://b.example/?token="+record.Redacted, `{"clientSecret":"`+record.Redacted+`","password":"`+record.Redacted+`"}`, "",
		field("Authorization", "Bearer "+record.Redacted), field("Host", "b.example"), field("X-Request-Id", "1"))
	got := New([]record.Exchange{e}).Steps[0].Filled(known)
	if got.URL != "https://b.example/?token=a%22b%26c" || got.Request.Body != `{"clientSecret":"a\"b\u0026c","password":"`+record.Redacted+`"}` || got.Request.Get("Authorization") != `Bearer a"b&c` || got.RequestID() != "1" {
		t.Errorf("%+v", got)
	}
	if e.Request.Get("Authorization") != "Bearer "+record.Redacted {
		t.Error("the recorded exchange was changed")
	}
	if got := New([]record.Exchange{e}).Steps[0].Filled(func(*Variable) (string, bool) { return "", false }); !reflect.DeepEqual(got, e) {
		t.Errorf("with nothing known: %+v", got)
	}
}

// FuzzScript holds that nothing of a request is lost or changed by finding variables in it,
// whatever banks have answered before.
func FuzzScript(f *testing.F) {
	f.Add("https://b.example/v1/a?x=1&y", `{"a":"b","c":["2026-03-01"]}`, "value", `{"id":"abcd1234","l":"/x/abcd1234?page=12345678"}`)
	f.Add("//", "a=b&c=%zz", record.Redacted+"x"+record.Redacted, `[[["`)
	f.Add("https://"+record.Redacted+"@h/?", `"a":"`+record.Redacted+`"`, "Bearer "+record.Redacted, `{"access_token":"`+record.Redacted+`"}`)
	f.Fuzz(func(t *testing.T, address, body, value, answer string) {
		first := exchange("f", "POST", address, body, answer, field("Psu-Id", value), field("Authorization", value))
		second := first
		second.Request.Header = []record.HeaderField{field("Content-Type", "application/x-www-form-urlencoded"), field("Location", value)}
		second.Answer.Header = []record.HeaderField{field("Location", answer)}
		for i, step := range New([]record.Exchange{first, second, first}).Steps {
			if got := asRecorded(step.Address); got != address {
				t.Errorf("%d: address %q became %q", i, address, got)
			}
			if got := asRecorded(step.Body); got != body {
				t.Errorf("%d: body %q became %q", i, body, got)
			}
			for _, field := range step.Header {
				if got := asRecorded(field.Value); got != step.Recorded.Request.Get(field.Name) {
					t.Errorf("%d: %s became %q", i, field.Name, got)
				}
			}
		}
	})
}
