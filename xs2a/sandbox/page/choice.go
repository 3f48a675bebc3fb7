package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	bcp47 "golang.org/x/text/language"
)

// languageCookie keeps the language that a person chose on a page of a bank.
const languageCookie = "bank-language"

// languageField is the parameter of the links that choose one.
const languageField = "language"

// Choose keeps the language that a link on a page chooses, and goes on to the same page; nothing where none is chosen.
func Choose(w http.ResponseWriter, r *http.Request) *Answer {
	query := r.URL.Query()
	tag := query.Get(languageField)
	if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/bank/") || !known(tag) {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: tag, Path: "/bank/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	query.Del(languageField)
	return GoTo((&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String())
}

func known(tag string) bool {
	for _, l := range languages {
		if l.tag == tag {
			return true
		}
	}
	return tag == english.tag
}

// chosen is the language that was chosen on a page before; empty for none.
func chosen(r *http.Request) string {
	cookie, err := r.Cookie(languageCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Unable is what is said where there is no page to say it, in the language of who asked.
func Unable(r *http.Request) string {
	return say((*Bank)(nil).in(chosen(r), r.Header.Get("Accept-Language")), "The bank cannot answer right now.")
}

// norwegian are the tags under which browsers ask for what these banks write as nb.
var norwegian = []string{"no", "nn", "nb"}

// wanted are the languages that a header Accept-Language asks for, without their countries, the best first.
func wanted(header string) (all []string) {
	tags, _, err := bcp47.ParseAcceptLanguage(header)
	if err != nil {
		return nil
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if wanted := base.String(); slices.Contains(norwegian, wanted) {
			all = append(all, "nb")
		} else {
			all = append(all, wanted)
		}
	}
	return all
}
