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
			Title: Say("%s", odd), Text: []Said{Say("%s", odd)}, App: odd, Login: odd, Password: odd, Errors: map[string]Said{"login": Say("%s", odd), "code": Say("%s", odd), "accounts": Say("%s", odd)},
			Pay:      &Payment{From: odd, When: Say("%s", odd), Orders: []Order{{Name: odd, To: odd, Amount: Amount{1, odd}, Text: odd}}},
			Accounts: []Account{{ID: odd, Name: odd, IBAN: odd, Currency: odd}}, Missing: []string{odd}, Asks: []Said{Say("%s", odd)},
		}}
		recorder := httptest.NewRecorder()
		if err := p.Write(recorder, httptest.NewRequest(http.MethodGet, "/", nil)); err != nil {
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
	if err := p.Write(recorder, httptest.NewRequest(http.MethodGet, "/", nil)); err != nil {
		t.Fatal(err)
	}
	if body := recorder.Body.String(); !strings.Contains(body, `class="back"`) || strings.Contains(body, "javascript:") {
		t.Error(body)
	}
}
