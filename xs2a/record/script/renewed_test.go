package script

import (
	"testing"

	"consentry/xs2a/record"
)

// TestRenewed puts the values of a new answer in the place of those of the old one, in the
// spelling of each place, and leaves what is not given as it was.
func TestRenewed(t *testing.T) {
	old := `{"consentId":"c-1234567","scaMethods":[{"authenticationMethodId":"sms_1"},{"authenticationMethodId":"push_2"}],"_links":{"next":{"href":"/v1/list?page=abc12345&x=1"}},"access_token":"` + record.Redacted + `"}`
	now := record.Message{Body: `{"consentId":"d/\"7","scaMethods":[{"authenticationMethodId":"sms_9"}],"_links":{"next":{"href":"https://b.example/v1/list?x=1&page=def-67890#end"}},"access_token":"new"}`}
	s := New([]record.Exchange{
		exchange("f", "POST", "https://b.example/v1/consents", `{}`, old),
		exchange("f", "PUT", "https://b.example/v1/consents/c-1234567?page=abc12345", `{"id":"c-1234567","first":"sms_1","method":"push_2","until":"2026-03-05"}`, ``,
			field("Authorization", "Bearer "+record.Redacted), field("Consent-Id", "c-1234567")),
	})
	missing := ""
	got := s.Steps[1].Renewed(func(v *Variable) (string, bool) {
		if v.Kind != Taken || v.Secret != "" {
			return "", false
		}
		value, found := v.From.In(now)
		if !found {
			missing += v.Name
		}
		return value, found
	})
	if want := "https://b.example/v1/consents/d%2F%227?page=def-67890"; got.URL != want {
		t.Errorf("address %s, want %s", got.URL, want)
	}
	if want := `{"id":"d/\"7","first":"sms_9","method":"push_2","until":"2026-03-05"}`; got.Request.Body != want {
		t.Errorf("body %s, want %s", got.Request.Body, want)
	}
	if got.Request.Get("Authorization") != "Bearer "+record.Redacted || got.Request.Get("Consent-Id") != `d/"7` || missing == "" {
		t.Errorf("%v, missing %q", got.Request.Header, missing)
	}
}

// TestSourceIn finds nothing where a secret was taken out, or nothing stands.
func TestSourceIn(t *testing.T) {
	answer := record.Message{Header: []record.HeaderField{{Name: "Location", Value: "https://b.example/v1/payments/p1"}},
		Body: `{"link":"/a/` + record.Redacted + `/x1?token=` + record.Redacted + `&page=7","id":"` + record.Redacted + `","list":[{"id":5}]}`}
	for _, test := range []struct {
		from Source
		want string
	}{
		{Source{Header: "Location", Segment: 1}, "p1"}, {Source{Header: "Location", Segment: 9}, ""}, {Source{Header: "Other"}, ""},
		{Source{Path: []string{"link"}, Segment: 1}, "x1"}, {Source{Path: []string{"link"}, Segment: 2}, ""}, {Source{Path: []string{"link"}}, ""},
		{Source{Path: []string{"link"}, Query: "page"}, "7"}, {Source{Path: []string{"link"}, Query: "token"}, ""}, {Source{Path: []string{"link"}, Query: "none"}, ""},
		{Source{Path: []string{"id"}}, ""}, {Source{Path: []string{"list", placeMark + "0", "id"}}, "5"}, {Source{Path: []string{"list", placeMark + "1", "id"}}, ""},
	} {
		if got, found := test.from.In(answer); got != test.want || found != (test.want != "") {
			t.Errorf("%+v: %q %v, want %q", test.from, got, found, test.want)
		}
	}
}

// TestRenewedStaysInItsPlace keeps what a bank gives as an id within its part of an address.
func TestRenewedStaysInItsPlace(t *testing.T) {
	s := New([]record.Exchange{
		exchange("f", "POST", "https://b.example/v1/consents", `{}`, `{"consentId":"c-1234567"}`),
		exchange("f", "GET", "https://b.example/v1/consents/c-1234567?of=c-1234567", ``, ``),
	})
	for id, want := range map[string]string{
		"d 1": "d%201", "a/b?c#d": "a%2Fb%3Fc%23d", "a%2Fpayments": "a%252Fpayments", "https://o.example/": "https%3A%2F%2Fo.example%2F", "a%20b%3D-7": "a%20b%3D-7",
		"..": "c-1234567", ".": "c-1234567", "%2e%2E": "c-1234567", `..%2F..%2Fx`: "..%252F..%252Fx",
	} {
		got := s.Steps[1].Renewed(func(v *Variable) (string, bool) {
			return v.From.In(record.Message{Body: `{"consentId":"` + id + `"}`})
		})
		if want := "https://b.example/v1/consents/" + want + "?of=" + want; got.URL != want {
			t.Errorf("%s leads to %s, want %s", id, got.URL, want)
		}
	}
}
