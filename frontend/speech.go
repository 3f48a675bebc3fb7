package frontend

import (
	"context"
	"net/http"

	"golang.org/x/text/language"

	"consentry/app/bank"
	"consentry/frontend/words"
)

// Speech is in which languages somebody can be spoken to, and which they understand.
type Speech struct {
	// Languages are those that can be spoken; the first is spoken to who understands none. None: English.
	Languages words.Languages
	// System are the languages of the system, BCP 47 tags, the best first.
	System []string
}

// In returns the language to speak: the one that was chosen, else the best of what is understood, which are BCP 47 tags or
// values of the header Accept-Language.
func (s Speech) In(chosen string, understood ...string) *words.Language {
	if l := s.Languages.Named(chosen); l != nil {
		return l
	}
	if l := s.Languages.Wanted(understood...); l != nil {
		return l
	}
	if len(s.Languages) > 0 {
		return s.Languages[0]
	}
	return words.English()
}

// Unasked returns a context in which something is said that no page asked for: in the language that was chosen, else in
// the system's.
func (s Speech) Unasked(ctx context.Context, chosen string) context.Context {
	return words.With(ctx, s.In(chosen, s.System...))
}

// spoken answers requests in the language of who sends them.
func (s *Server) spoken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(words.With(r.Context(), s.languageOf(r))))
	})
}

// languageOf is the language a request is answered in: the one that was chosen, else what the browser asks for.
func (s *Server) languageOf(r *http.Request) *words.Language {
	return s.speech.In(s.chosenLanguage(r.Context()), r.Header.Values("Accept-Language")...)
}

// chosenLanguage is the tag of the language that the person chose; empty where they did not, or that cannot be read.
func (s *Server) chosenLanguage(ctx context.Context) string {
	if s.app == nil { // the data are not open
		return s.language
	}
	settings, err := s.app.Settings(ctx)
	if err != nil {
		s.log.Error("the settings cannot be read: the language is the browser's", "error", err)
	}
	return settings.Language
}

// Unasked returns a context in which something is said that no page asked for, such as a notification.
func (s *Server) Unasked(ctx context.Context) context.Context {
	return s.speech.Unasked(ctx, s.chosenLanguage(ctx))
}

// locale is how the person writes amounts: as they chose, else as their browser says for the language of the page, else
// as that language does. Where the page is in none of theirs it is as the browser says.
func locale(chosen string, r *http.Request) string {
	if chosen != "" {
		return chosen
	}
	spoken := words.Of(r.Context())
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return spoken.Locale()
	}
	understood := false
	for _, tag := range tags {
		if words.Same(tag.String(), spoken.Tag()) {
			return tag.String()
		}
		understood = understood || (words.Languages{spoken}).Wanted(tag.String()) != nil
	}
	if spoken == words.English() && !understood { // which is spoken for want of theirs, or chosen
		return tags[0].String()
	}
	return spoken.Locale()
}

// environmentName is what an environment is called: the practice banks inside the program in the reader's language, any other as
// its person has named it.
func environmentName(ctx context.Context, name string) string {
	if name == bank.PracticeName {
		return words.T(ctx, "Practice banks")
	}
	return name
}
