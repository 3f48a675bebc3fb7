package frontend

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/a-h/templ"
)

// answered makes what a bank said, or why it did not, into something to show;
// only an error of the program's own stays one.
func answered(title string, raw json.RawMessage, err error) (*asked, error) {
	said := &asked{Title: title}
	if err != nil && !errors.As(err, &said.Failure) {
		return nil, err
	}
	if err == nil {
		said.Raw = pretty(raw)
	}
	return said, nil
}

// showAnswer answers with the part of the page that was asked from, or with
// all of it.
func (s *Server) showAnswer(w http.ResponseWriter, r *http.Request, page Page, part, whole templ.Component) error {
	if aimsAt(r, "testers") {
		return s.fragment(w, r, part)
	}
	return s.page(w, r, page, whole)
}
