package frontend

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"consentry/app/holding"
)

// TestWayBack leads from a transaction back to the list it was opened from, also after something was
// written on it, and nowhere else than to such a list.
func TestWayBack(t *testing.T) {
	t.Parallel()
	server, s := exporting(t, 300)
	found, err := s.app.Holdings().Find(t.Context(), holding.Search{Typed: "kiosk"}, holding.Place{})
	if err != nil || len(found.Transactions) == 0 {
		t.Fatal(err)
	}
	path := transactionPath(found.Transactions[0].ID)
	const search = "/transactions?after=3175114703110234&q=kiosk+%3E5&way=out"
	const shown = `class="back" href="/transactions?after=3175114703110234&amp;q=kiosk+%3E5&amp;way=out"`
	for from, want := range map[string]string{
		"":                                      `class="back" href="/accounts/1"`,
		server.URL + "/accounts/1":              `class="back" href="/accounts/1"`,
		server.URL + search:                     shown,
		server.URL + search + "&sums=yes&x=%22": shown,
		server.URL + "/transactions":            `class="back" href="/transactions"`,
		server.URL + "/transactions?after=x":    `class="back" href="/accounts/1"`,
		"http://elsewhere.example" + search:     `class="back" href="/accounts/1"`,
		"javascript:alert(1)":                   `class="back" href="/accounts/1"`,
	} {
		if page := pageFrom(t, server, path, from); !strings.Contains(page, want) {
			t.Errorf("from %s it does not lead to %s", from, want)
		}
	}
	res, err := http.PostForm(server.URL+path+"/note", url.Values{"note": {"For the party"}, "back": {search}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if page := pageFrom(t, server, res.Request.URL.RequestURI(), ""); !strings.Contains(page, shown) || !strings.Contains(page, "For the party") {
		t.Errorf("after a note was written, %s leads elsewhere", res.Request.URL)
	}
}
