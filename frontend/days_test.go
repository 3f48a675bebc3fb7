package frontend

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// pageFrom is a page, which a person asks for from another; empty: from none.
func pageFrom(t *testing.T, server *httptest.Server, address, from string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if from != "" {
		req.Header.Set("Referer", from)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s (%v)", address, res.Status, err)
	}
	return string(page)
}

// TestTurnedDays refuses days that end before they begin at their field, wherever days are chosen, and
// takes those of one day.
func TestTurnedDays(t *testing.T) {
	t.Parallel()
	server, _ := exporting(t, 300)
	for _, path := range []string{"/transactions", "/transactions/export", "/accounts/1/statement", "/transactions/export/csv"} {
		if page := pageFrom(t, server, path+"?from=2026-03-11&to=2026-03-10", ""); !strings.Contains(page, `id="to-error"`) || !strings.Contains(page, "This is before the first day.") ||
			!strings.Contains(page, `value="2026-03-11"`) || strings.Contains(page, "Kiosk") {
			t.Errorf("%s takes days the wrong way round", path)
		}
		if path == "/transactions/export/csv" {
			continue
		}
		if page := pageFrom(t, server, path+"?from=2026-03-10&to=2026-03-10", ""); strings.Contains(page, "before the first") {
			t.Errorf("%s does not take one day", path)
		}
	}
	if page := pageFrom(t, server, "/insights?from=2026-04&to=2026-03", ""); !strings.Contains(page, `id="to-error"`) || !strings.Contains(page, "This is before the first month.") || strings.Contains(page, "flows-title") {
		t.Error("insights take months the wrong way round")
	}
}

// TestErasedAccount says that the account of a search is gone, and does not search all others.
func TestErasedAccount(t *testing.T) {
	t.Parallel()
	server, _ := exporting(t, 300)
	for _, account := range []string{"7", accountGone} {
		page := pageFrom(t, server, "/transactions?q=kiosk&account="+account, "")
		if !strings.Contains(page, "The account of this search is not here any more") || !strings.Contains(page, `href="/transactions?q=kiosk"`) || strings.Contains(page, "Kiosk") {
			t.Errorf("account %s: %s", account, page)
		}
	}
	if page := pageFrom(t, server, "/transactions?q=kiosk&account=", ""); !strings.Contains(page, "Kiosk") {
		t.Error("all accounts are not searched")
	}
}
