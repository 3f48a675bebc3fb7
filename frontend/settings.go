package frontend

import (
	"context"
	"net/http"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

func (s *Server) settings(w http.ResponseWriter, r *http.Request) error {
	return s.showSettings(w, r, http.StatusOK, func(*settingsView) {})
}

// showSettings answers with the settings, with what the last action on them
// has to add.
func (s *Server) showSettings(w http.ResponseWriter, r *http.Request, status int, add func(*settingsView)) error {
	chosen, err := s.app.Settings(r.Context())
	if err != nil {
		return err
	}
	environments, practice, err := s.environments(r.Context())
	if err != nil {
		return err
	}
	checks, err := s.app.Banks().Checks(r.Context(), environments)
	if err != nil {
		return err
	}
	page := Page{Title: words.T(r.Context(), "Settings"), Section: SectionSettings, Theme: Theme(chosen.Theme)}
	view := settingsView{Page: page, Chosen: chosen, Spoken: s.speech.Languages, Environments: environments, Checks: checks, About: s.about, Now: s.app.Clock().Now(), Clock: s.practiceClock(), Login: s.loginView()}
	if s.lock != nil {
		view.Lockable, view.Locks, view.About.KeyFile = true, s.lock.Protected(), s.lock.KeyFile()
	}
	view.Household = s.profiles != nil
	if s.backup != nil {
		view.BacksUp, view.BackedUp = true, s.backup.Folder.Made()
	}
	if view.Control, err = s.practiceControl(r.Context()); err != nil {
		return err
	}
	if !practice {
		view.Clock, view.About.SandboxLogins = nil, nil
	}
	add(&view)
	return s.pageStatus(w, r, status, page, settingsScreen(view))
}

// setTheme keeps the choice and goes back to where it was made.
func (s *Server) setTheme(w http.ResponseWriter, r *http.Request) error {
	theme := r.PostFormValue("theme")
	if theme == string(ThemeSystem) {
		theme = ""
	}
	if err := s.app.SetTheme(r.Context(), theme); err != nil {
		return err
	}
	redirect(w, r, cameFrom(r))
	return nil
}

// setLocale keeps the language, and how amounts are written.
func (s *Server) setLocale(w http.ResponseWriter, r *http.Request) error {
	if tag := r.PostFormValue("language"); r.PostForm.Has("language") && tag != s.chosenLanguage(r.Context()) {
		if tag != "" && s.speech.Languages.Named(tag) == nil {
			return failure.Field("language", failure.ChooseFromList)
		}
		if err := s.app.SetLanguage(r.Context(), tag); err != nil {
			return err
		}
	}
	if err := s.app.SetLocale(r.Context(), r.PostFormValue("locale")); err != nil {
		return err
	}
	redirect(w, r, "/settings")
	return nil
}

// localeNames are app.Locales in words.
var localeNames = map[string]words.Text{
	"sv-SE": "Swedish", "en-GB": "British", "de-DE": "German", "fi-FI": "Finnish",
	"da-DK": "Danish", "nb-NO": "Norwegian", "ka-GE": "Georgian", "ro-RO": "Romanian",
}

// languages are the choices, each by its own name: who reads no other finds it.
func (view settingsView) languages(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Label: words.T(ctx, "As the browser"), Chosen: view.Chosen.Language == ""}}
	for _, l := range view.Spoken {
		options = append(options, ui.Option{Value: l.Tag(), Label: l.Name(), Language: l.Tag(), Chosen: view.Chosen.Language == l.Tag()})
	}
	return options
}

// locales are the choices, each with a figure written its way.
func (view settingsView) locales(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Label: words.T(ctx, "As the language and the browser"), Chosen: view.Chosen.Locale == ""}}
	for _, locale := range app.Locales {
		sample := ui.Money{Number: "-1234567.50", Currency: "EUR"}.Spoken(ui.WithReader(ctx, ui.Reader{Locale: locale}))
		options = append(options, ui.Option{Value: locale, Label: words.T(ctx, "%s: %s", localeNames[locale], sample), Chosen: view.Chosen.Locale == locale})
	}
	return options
}

// environmentLine is what there is to know of an environment beside its name.
func environmentLine(ctx context.Context, e storage.Environment, check storage.EnvironmentCheck) string {
	if line, checked := directoryLine(ctx, e), checkedWords(ctx, check); checked != "" {
		return line + " · " + checked
	}
	return directoryLine(ctx, e)
}

func directoryLine(ctx context.Context, e storage.Environment) string {
	if e.DirectoryError.Given() {
		return reasonWords(ctx, e.DirectoryError)
	}
	line := []string{hostOf(e.Profile.APIURL)}
	switch n := len(e.Banks); {
	case n > 0 && !e.HasDirectory():
		return strings.Join(append(line, words.N(ctx, n, "%d bank", "%d banks")), " · ")
	case n > 0:
		line = append(line, words.N(ctx, n, "%d bank beside those of the directory", "%d banks beside those of the directory"))
	}
	if e.DirectoryAt.IsZero() {
		return strings.Join(append(line, words.T(ctx, "the list of banks was not read yet")), " · ")
	}
	return strings.Join(append(line, words.T(ctx, "list of %s", ui.DateWords(ctx, e.DirectoryAt))), " · ")
}

// checkedWords say when a connection was last checked, and why that failed.
func checkedWords(ctx context.Context, check storage.EnvironmentCheck) string {
	switch {
	case check.At.IsZero():
		return ""
	case check.Failed.Given():
		return words.T(ctx, "Last checked %s: %s", ui.MomentText(ctx, check.At), reasonWords(ctx, check.Failed))
	case check.Unclear:
		return words.T(ctx, "Last checked %s: the bank was reached", ui.MomentText(ctx, check.At))
	}
	return words.T(ctx, "Last checked %s: it worked", ui.MomentText(ctx, check.At))
}

// environmentState is the one thing to know of an environment first: that it
// cannot be reached, that a certificate of it ends, or how its last check went.
func environmentState(ctx context.Context, e storage.Environment, check storage.EnvironmentCheck, now time.Time) (tone ui.Tone, word string) {
	if e.DirectoryError.Given() {
		return ui.Warn, words.T(ctx, "Not reachable")
	}
	for _, text := range []string{e.Certificate, e.TLSCertificate} {
		if certificate := readCertificate(text); certificate != nil {
			if tone, word := certificate.state(ctx, now); word != "" {
				return tone, words.T(ctx, "Certificate: %s", word)
			}
		}
	}
	if e.Sandbox {
		return ui.Info, words.T(ctx, "Practice")
	}
	if bank.NeedsCertificate(e) {
		return ui.Warn, words.T(ctx, "Needs a certificate")
	}
	switch {
	case check.At.IsZero():
		return ui.Info, words.T(ctx, "Not checked")
	case check.Failed.Given():
		return ui.Bad, words.T(ctx, "Check failed")
	case check.Unclear:
		return ui.Warn, words.T(ctx, "Reached")
	}
	return ui.Good, words.T(ctx, "Works")
}
