package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

// TestPagesSpeakTheirCountrysLanguage opens pages in browsers that ask for different languages: they get that of the bank's country or English,
// which of these they ask for first, and the country's where it is neither. What is chosen on the page goes before.
func TestPagesSpeakTheirCountrysLanguage(t *testing.T) {
	t.Parallel()
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "HAMNSEG0")
	for _, test := range []struct{ asks, page, heading string }{
		{"", "en", "Log in"}, // no browser
		{"en-GB,en;q=0.9", "en", "Log in"},
		{"sv-SE,sv;q=0.9,en;q=0.8", "sv", "Logga in"},
		{"en;q=0.4, sv;q=0.5", "sv", "Logga in"},
		{"de-DE,en;q=0.5", "en", "Log in"},
		{"de-DE,de;q=0.9", "sv", "Logga in"},
		{"not, a;; header", "sv", "Logga in"},
	} {
		b := newBrowser(t)
		b.client.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Header.Set("Accept-Language", test.asks); test.asks == "" {
				r.Header.Del("Accept-Language")
			}
			return http.DefaultTransport.RoundTrip(r)
		})
		b.open(p.ask(consentBody(chosenAtBank()), nil).link)
		check := func(page, heading string) {
			t.Helper()
			if got, _ := attribute(b.find("html"), "lang"); got != page || b.find("h1").FirstChild.Data != heading {
				t.Errorf("asked in %q: the page is in %q: %s", test.asks, got, b.text())
			}
			checkMarkup(t, page, b.page)
		}
		check(test.page, test.heading)
		at := b.at.String()
		b.open(at + "?language=sv")
		check("sv", "Logga in")
		b.open(at + "?language=ka") // which is no language of this bank
		check(test.page, test.heading)
		b.open(at + "?language=en")
		check("en", "Log in")
		if strings.Contains(b.at.String(), "language") {
			t.Errorf("the choice stays in the address: %s", b.at)
		}
	}
}
