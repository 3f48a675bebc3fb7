package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"consentry/xs2a/sandbox/people"
)

// controlVisit answers POST /_control/visit: a person opens the bank's page that an
// address leads to and approves all that it asks for there, without their browser. It
// tells where the bank sends them afterwards. The address is opened as a browser would
// open it, so that nothing is approved to which no link leads.
func (s *Sandbox) controlVisit(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Address string `json:"address"`
		PSU     string `json:"psu"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := controlBody(r, &body)
	var opened nowhere
	if err == nil {
		opened, err = s.openedAt(r, body.Address)
	}
	s.controlled(func(*http.Request) (any, error) {
		if err != nil {
			return nil, err
		}
		back, err := s.approveAs(strings.Split(opened.header.Get("Location"), "/"), body.PSU)
		return map[string]string{"back": back}, err
	}).ServeHTTP(w, r)
}

// openedAt opens an address of these banks and returns what it was answered with.
func (s *Sandbox) openedAt(r *http.Request, address string) (nowhere, error) {
	answer := nowhere{header: http.Header{}}
	page, err := http.NewRequestWithContext(r.Context(), http.MethodGet, address, nil)
	if err != nil || page.URL.Host != r.Host || strings.HasPrefix(page.URL.Path, "/_control/") || !cleanPath(page.URL.EscapedPath()) {
		return answer, formatError("address", "the address of a page of these banks")
	}
	s.mux.ServeHTTP(answer, page)
	return answer, nil
}

// approveAs approves what a visit is for that begins at a path of the banks' pages.
func (s *Sandbox) approveAs(path []string, login string) (back string, err error) {
	person := people.Find(login)
	if person == nil {
		return "", formatError("psu", "the login of a person who is listed for practice")
	}
	if len(path) != 4 || path[1] != "bank" { // /bank/{authorisation}/{step}
		return "", refuse(http.StatusConflict, "", "the address leads to nothing that waits for a person")
	}
	auth := s.state.Authorisations[path[2]]
	if auth == nil || s.closed(auth) != nil {
		return "", refuse(http.StatusConflict, "", "nothing waits there for a person")
	}
	of := s.subjectOf(auth)
	if slices.Contains(of.signed(), person.Login) {
		return "", refuse(http.StatusConflict, "", "this person has signed already")
	}
	if made, is := of.(*consent); is && len(made.Asked.missing(s.household(made.BIC, person.Login))) > 0 {
		return "", refuse(http.StatusConflict, "", "the consent names accounts that are not theirs")
	}
	auth.PSU, auth.Chosen = person.Login, nil
	if pays := s.payView(of, auth); pays != nil && pays.Missing {
		return "", refuse(http.StatusConflict, "", "the account is not theirs")
	}
	auth.reach(scaMethodSelected)
	return s.approve(auth).Location(), nil
}
