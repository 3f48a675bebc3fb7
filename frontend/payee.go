package frontend

import (
	"net/http"
	"strings"
)

// payees answers the search for somebody to pay, as the form shows it.
func (s *Server) payees(w http.ResponseWriter, r *http.Request) error {
	search := strings.TrimSpace(r.URL.Query().Get("payee_search"))
	found, more, err := s.app.Payments().Payees(r.Context(), search)
	if err != nil {
		return err
	}
	return s.fragment(w, r, payeesFound(found, more, search))
}
