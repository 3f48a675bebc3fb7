package recording

import (
	"fmt"
	"slices"
	"testing"

	"consentry/storage"
	"consentry/xs2a/record"
)

// TestBanksOfARecording tells from requests which banks were asked, and how.
func TestBanksOfARecording(t *testing.T) {
	t.Parallel()
	bic := func(code string) record.Message {
		return record.Message{Header: []record.HeaderField{{Name: "X-Bicfi", Value: code}}}
	}
	signed := record.Message{Header: []record.HeaderField{{Name: "X-Jws-Signature", Value: "{}..x"}}}
	form := record.Message{Body: "grant_type=client_credentials"}
	exchanges := []record.Exchange{
		{Method: "POST", URL: "https://auth.op.example/connect/token", Request: form},
		{Method: "GET", URL: "https://api.op.example/psd2/aspspinformation/v1/aspsps"},
		{Method: "POST", URL: "https://api.op.example/psd2/consent/v1/consents", Request: bic("ESSESESS")},
		{Method: "GET", URL: "https://api.op.example/psd2/accountinformation/v1/accounts", Request: bic("ESSESESS")},
		{Method: "POST", URL: "https://api.op.example/psd2/consent/v1/consents", Request: bic("HANDSESS")},
		{Method: "GET", URL: "https://gate.example/fake_de/api/berlingroup/v1/accounts/1/transactions", Answer: record.Message{Body: `{"iban":"DE02"}`}},
		{Method: "POST", URL: "https://bog.example/v1/consents", Request: signed},
		{Method: "GET", URL: "https://berlin.example/xs2a/v2/consents/1/status"},
		{Method: "GET", URL: "https://berlin.example/xs2a/v2/accounts", Answer: record.Message{Body: `{"accounts":[{"iban":"SE4550000000058398257466"}]}`}},
		{Method: "GET", URL: "https://berlin.example/logo.png"},
	}
	addresses := map[string]string{"https://auth.op.example": "http://127.0.0.1:1", "https://api.op.example": "http://127.0.0.1:2", "https://gate.example": "http://127.0.0.1:3",
		"https://bog.example": "http://127.0.0.1:4", "https://berlin.example": "http://127.0.0.1:5"}
	e, found := environmentOf(storage.Recording{ID: "recording-x", FileName: "x.har"}, exchanges, addresses)
	if !found {
		t.Fatal("there is no bank")
	}
	var got []string
	for _, b := range e.Banks {
		p := b.Profile
		got = append(got, fmt.Sprint(b.ID, " ", b.Name, " ", b.CountryCode, " ", p.Dialect, " ", p.APIURL, " ", p.Prefix.Consents, " ", p.Prefix.Accounts, " ", p.Signing))
	}
	want := []string{
		"ESSESESS ESSESESS SE openpayments http://127.0.0.1:2 /psd2/consent/v1 /psd2/accountinformation/v1 ",
		"HANDSESS HANDSESS SE openpayments http://127.0.0.1:2 /psd2/consent/v1  ",
		"fake_de fake_de DE saltedge http://127.0.0.1:3 /{bank}/api/berlingroup/v1 /{bank}/api/berlingroup/v1 ",
		"recordedD bog.example  bankofgeorgia http://127.0.0.1:4 /v1 /v1 ",
		"recordedE berlin.example SE berlingroup http://127.0.0.1:5 /xs2a/v2 /xs2a/v2 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if e.Banks[0].Profile.AuthURL != "http://127.0.0.1:1" {
		t.Errorf("tokens are from %s", e.Banks[0].Profile.AuthURL)
	}
	if _, found := environmentOf(storage.Recording{}, exchanges[:2], addresses); found {
		t.Error("a directory alone is played as a bank")
	}
	many, ids := make([]record.Exchange, 60), map[string]bool{}
	for i := range many {
		many[i] = record.Exchange{Method: "GET", URL: fmt.Sprintf("https://bank%d.example/v1/accounts", i)}
	}
	for _, b := range banksIn(many) {
		ids[b.id] = true
	}
	if len(ids) != len(many) {
		t.Errorf("%d banks that no request names have %d ids", len(many), len(ids))
	}
}
