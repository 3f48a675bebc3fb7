package frontend

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"consentry/app/remind"
	"consentry/frontend/words"
	"consentry/storage"
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

// TestLanguageIsChosen answers in the language that was chosen in the settings, else in what the browser asks for, and writes
// amounts as that language does; what no page asks for is in the system's.
func TestLanguageIsChosen(t *testing.T) {
	t.Parallel()
	s, _, _ := practising(t)
	s.speech = Speech{Languages: spokenLanguages(t), System: []string{"ka-GE"}}
	mux := http.NewServeMux()
	for pattern, h := range s.routes() {
		mux.Handle(pattern, s.adapt(h))
	}
	handler := s.spoken(mux)
	ask := func(method, address, accepted string, form url.Values) string {
		t.Helper()
		r, w := httptest.NewRequest(method, address, strings.NewReader(form.Encode())), httptest.NewRecorder()
		r.Header.Set("Accept-Language", accepted)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		handler.ServeHTTP(w, r)
		if method == http.MethodPost && w.Code != http.StatusSeeOther && w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s %s: %d", method, address, w.Code)
		}
		return w.Body.String()
	}
	unasked := func() string { return words.Of(s.Unasked(t.Context())).Tag() }
	for _, test := range []struct{ chosen, accepted, page, title, amount, elsewhere string }{
		{"", "en-GB", "en", "Settings", "en-GB", "ka"},
		{"", "de-AT,en;q=0.5", "de", "Einstellungen", "de-AT", "ka"},
		{"", "fi-FI", "en", "Settings", "fi-FI", "ka"},
		{"sv", "de-DE", "sv", "Inställningar", "sv", "sv"},
		{"sv", "en, sv-FI", "sv", "Inställningar", "sv-FI", "sv"},
		{"en", "de-DE", "en", "Settings", "de-DE", "en"}, // English, as in Germany
		{"", "sv", "sv", "Inställningar", "sv", "ka"},
	} {
		ask(http.MethodPost, "/settings/locale", test.accepted, url.Values{"language": {test.chosen}, "locale": {""}})
		html := ask(http.MethodGet, "/settings", test.accepted, nil)
		if !strings.Contains(html, `<html lang="`+test.page+`"`) || !strings.Contains(html, "<h1 dir=\"auto\">"+test.title+"</h1>") {
			t.Errorf("%q chosen, %q asked for: %.300s", test.chosen, test.accepted, html)
		}
		for _, own := range []string{`lang="sv">Svenska<`, `lang="de">Deutsch<`, `lang="en">English<`} {
			if !strings.Contains(strings.NewReplacer(" selected", "").Replace(html), own) {
				t.Errorf("%q chosen: the choice lacks %s", test.chosen, own)
			}
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", test.accepted)
		if got := locale("", r.WithContext(words.With(t.Context(), s.languageOf(r)))); got != test.amount {
			t.Errorf("%q chosen, %q asked for: amounts as in %q", test.chosen, test.accepted, got)
		}
		if got := unasked(); got != test.elsewhere {
			t.Errorf("%q chosen: what nobody asked for is in %q", test.chosen, got)
		}
	}
	ask(http.MethodPost, "/settings/locale", "en", url.Values{"language": {"tlh"}})
	if settings, err := s.app.Settings(t.Context()); err != nil || settings.Language != "" {
		t.Errorf("a language nobody speaks is taken: %q, %v", settings.Language, err)
	}
	due := []remind.Bundle{{{Consent: storage.Consent{BankName: "Norrsken Bank", ValidUntil: "2026-12-03"}, Days: 3}}}
	if said := Notifications(s.Unasked(t.Context()), due)[0].Title; said != "განაახლეთ თანხმობა: Norrsken Bank" {
		t.Errorf("the notification says %q", said)
	}
}

// spokenLanguages are English and small catalogues of others.
func spokenLanguages(t *testing.T) words.Languages {
	t.Helper()
	folder := t.TempDir()
	for tag, catalogue := range map[string]string{
		"sv": `{"The name of this language in itself": "Svenska", "Settings": "Inställningar"}`,
		"de": `{"The name of this language in itself": "Deutsch", "Settings": "Einstellungen"}`,
		"ka": `{"The name of this language in itself": "ქართული", "Settings": "პარამეტრები", "Renew your consent at %s": "განაახლეთ თანხმობა: %s"}`,
	} {
		if err := os.WriteFile(filepath.Join(folder, tag+".json"), []byte(catalogue), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := (words.Languages{words.English()}).WithFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRefusalSpeaks says on a terminal why the program does not start, in the language that was chosen, else in the system's, and on
// the page in the browser's.
func TestRefusalSpeaks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "sv.json"), []byte(`{"Consentry is running already, with this data folder.": "Consentry är redan igång."}`), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := (words.Languages{words.English()}).WithFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		chosen  string
		system  []string
		swedish bool
	}{{"sv", []string{"de-DE"}, true}, {"", []string{"fi", "sv-FI"}, true}, {"en", []string{"sv-SE"}, false}, {"", nil, false}} {
		said := Refusal{Kind: FolderInUse, Folder: "/data", Language: test.chosen, Speech: Speech{Languages: all, System: test.system}}.Error()
		if strings.Contains(said, "är redan igång") != test.swedish {
			t.Errorf("%q chosen, the system in %q: %s", test.chosen, test.system, said)
		}
	}
}
