package frontend

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"consentry/frontend/words"
)

// madeUp is a language of three entries.
func madeUp(t *testing.T) *words.Language {
	t.Helper()
	l, err := words.Read("sv.json", []byte(`{"Overview": "[Overview]", "No session": "[No session]", "Consentry answers at %s only.": "[Only at %s.]"}`))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestPageNamesItsLanguage lets browsers read a page aloud, hyphenate and translate it
// for what it is.
func TestPageNamesItsLanguage(t *testing.T) {
	t.Parallel()
	ctx := words.With(t.Context(), madeUp(t))
	for said, page := range map[string]templ.Component{"[Overview]": Layout(Page{}), "[No session]": noSessionPage()} {
		if html := string(render(t, ctx, page)); !strings.Contains(html, `<html lang="sv"`) || !strings.Contains(html, said) {
			t.Errorf("not in the language: %.200s", html)
		}
	}
}

// TestRefusedRequestsAreAnsweredInTheLanguage answers in it what never comes to a
// screen.
func TestRefusedRequestsAreAnsweredInTheLanguage(t *testing.T) {
	t.Parallel()
	s := &Server{log: slog.New(slog.DiscardHandler), host: "127.0.0.1:7", speech: Speech{Languages: words.Languages{madeUp(t)}}}
	r, w := httptest.NewRequest(http.MethodGet, "http://elsewhere.example/", nil), httptest.NewRecorder()
	s.protected(http.NewServeMux()).ServeHTTP(w, r)
	if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusMisdirectedRequest || got != "[Only at http://127.0.0.1:7.]" {
		t.Errorf("%d, %q", w.Code, got)
	}
}
