package sandbox

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"consentry/xs2a/sandbox/page"
)

// visited is a visit to the pages of an authorisation that somebody else shows, with what was
// done there: a form, or nothing, to look.
type visited struct {
	Address       string     `json:"address,omitempty"` // begins a visit, as a browser would open it
	Authorisation string     `json:"authorisation,omitempty"`
	Session       string     `json:"session,omitempty"`
	Form          url.Values `json:"form,omitempty"`
	Language      string     `json:"language,omitempty"` // that a browser asks for, as a header Accept-Language
}

// controlPage answers POST /_control/page: begins a visit at an address to which the bank led,
// or does on its page what the body says, and shows what stands there then, as a page that needs
// no other address of the banks. Over says that it has nothing more to ask, and back where the
// bank sends the person then.
func (s *Sandbox) controlPage(w http.ResponseWriter, r *http.Request) {
	var at visited
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := controlBody(r, &at)
	if err == nil && at.Address != "" {
		err = s.beginsVisit(r, &at)
	}
	s.controlled(func(*http.Request) (any, error) {
		if err != nil {
			return nil, err
		}
		return s.onPage(at)
	}).ServeHTTP(w, r)
}

// beginsVisit opens an address of these banks, and notes whose visit begins with it.
func (s *Sandbox) beginsVisit(r *http.Request, at *visited) error {
	opened, err := s.openedAt(r, at.Address)
	if err != nil {
		return err
	}
	path := strings.Split(opened.header.Get("Location"), "/")
	cookies := (&http.Response{Header: opened.header}).Cookies()
	if len(path) != 4 || path[1] != "bank" || len(cookies) != 1 || cookies[0].Name != sessionCookie {
		return refuse(http.StatusConflict, "", "the address leads to nothing that waits for a person")
	}
	at.Authorisation, at.Session, at.Form = path[2], cookies[0].Value, nil
	return nil
}

// onPage does what a visit says, and shows what comes of it.
func (s *Sandbox) onPage(at visited) (any, error) {
	auth := s.state.Authorisations[at.Authorisation]
	if auth == nil {
		return nil, refuse(http.StatusNotFound, "", "no such authorisation")
	}
	shown, back := s.closed(auth), ""
	switch {
	case shown != nil:
	case subtle.ConstantTimeCompare([]byte(hash(at.Session)), []byte(auth.Session)) != 1:
		shown = page.Closed(s.bankOf(auth), "This visit has ended", "It was begun in another window, or on another device.", "Open the link from the app again.")
	default:
		shown, back = s.doOnPage(auth, at)
	}
	html, style, err := shown.Alone(s.bankOf(auth), at.Language)
	return map[string]any{
		"authorisation": at.Authorisation, "session": at.Session, "page": html, "style": style, "back": back, "over": s.closed(auth) != nil,
	}, err
}

// doOnPage does it in a visit that goes on. Where the bank sends the person away, there is a
// last page in place of the jump, and back is where it leads.
func (s *Sandbox) doOnPage(auth *authorisation, at visited) (shown *page.Answer, back string) {
	step := auth.Step
	if at.Form.Has("action") {
		shown = s.takeForm(auth, at.Session, step, at.Form)
	} else {
		shown = s.filledStep(auth, at.Session, step, at.Form.Get("as"))
	}
	switch {
	case shown.Location() == "":
		return shown, ""
	case auth.Session != "":
		return s.stepPage(auth, at.Session, auth.Step), ""
	case auth.Status == scaFailed:
		return page.Done(s.bankOf(auth), "Denied", s.unchanged(auth), "Go back to the app.", "You may close this window."), shown.Location()
	}
	return page.Done(s.bankOf(auth), "Approved", "Go back to the app.", "You may close this window."), shown.Location()
}
