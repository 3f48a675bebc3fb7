package page

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What a TPP and a person send stands on pages as text: names, references, logins.
func TestPagesShowText(t *testing.T) {
	const odd = `"><script>alert(1)</script>`
	for step := range pages {
		p := &Answer{Status: http.StatusOK, Step: step, View: View{
			Title: odd, Text: odd, App: odd, Login: odd, Password: odd, Errors: map[string]string{"login": odd, "code": odd, "accounts": odd},
			Pay:      &Payment{From: odd, When: odd, Orders: []Order{{Name: odd, To: odd, Amount: odd, Text: odd}}},
			Accounts: []Account{{ID: odd, Name: odd, IBAN: odd, Currency: odd}}, Missing: []string{odd}, Asks: []string{odd},
		}}
		recorder := httptest.NewRecorder()
		if err := p.Write(recorder); err != nil {
			t.Errorf("%q: %v", step, err)
		}
		if body := recorder.Body.String(); strings.Contains(body, "<script") || !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%q: %s", step, body)
		}
	}
}

// Where a TPP wants its person to return to is an address of the web, or none.
func TestPagesLeadNowhereElse(t *testing.T) {
	p := Closed(nil, "Denied", "Nothing was shared.")
	p.View.Back = "javascript:alert(1)"
	recorder := httptest.NewRecorder()
	if err := p.Write(recorder); err != nil {
		t.Fatal(err)
	}
	if body := recorder.Body.String(); !strings.Contains(body, `class="back"`) || strings.Contains(body, "javascript:") {
		t.Error(body)
	}
}
