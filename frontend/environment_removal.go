package frontend

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"consentry/app"
	"consentry/app/bank"
	"consentry/frontend/words"
	"consentry/storage"
)

// removalView asks before an environment is removed, or says what keeps it.
type removalView struct {
	Environment storage.Environment
	Shown       string // the version of the environment that the question was asked of; see bank.Version
	Use         storage.EnvironmentUse
	Failure     *app.Error
}

// askRemoval says what goes with an environment, or what keeps it.
func (s *Server) askRemoval(w http.ResponseWriter, r *http.Request) error {
	view, err := s.removalOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), removalScreen(view))
}

// removeEnvironment removes what was looked at; where that is another thing by now, it is
// asked once more.
func (s *Server) removeEnvironment(w http.ResponseWriter, r *http.Request) error {
	records, _ := strconv.Atoi(r.PostFormValue("records"))
	err := s.app.Banks().RemoveEnvironment(r.Context(), r.PathValue("id"), r.PostFormValue("shown"), records)
	if err == nil {
		redirect(w, r, "/settings")
		return nil
	}
	failed, known := asFailure(err)
	if !known {
		return err
	}
	view, err := s.removalOf(r)
	if err != nil {
		return err
	}
	view.Failure = failed
	return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(r.Context()), removalScreen(view))
}

func (s *Server) removalOf(r *http.Request) (removalView, error) {
	e, use, err := s.app.Banks().Removal(r.Context(), r.PathValue("id"))
	var practice *app.Error
	if errors.As(err, &practice) {
		err = storage.ErrNotFound
	}
	return removalView{Environment: e.WithoutSecrets(), Shown: bank.Version(e), Use: use}, err
}

func (view removalView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Remove the environment?"), Section: SectionSettings}
}

// goes lists what is removed with the environment.
func (view removalView) goes(ctx context.Context) []string {
	all := []string{words.T(ctx, "its name, its addresses, and how its banks are spoken to")}
	if e := view.Environment; e.ClientID != "" || e.Certificate != "" || e.TLSCertificate != "" {
		all = append(all, words.T(ctx, "its client id and secret, its certificates and their private keys"))
	}
	if n := len(view.Environment.Banks); n > 0 {
		all = append(all, words.N(ctx, n, "its list of %d bank, with the hosts you named", "its list of %d banks, with the hosts you named"))
	}
	if n := view.Use.Records; n > 0 {
		all = append(all, words.N(ctx, n, "the record of %d ended consent, with its history and receipt", "the records of %d ended consents, with their histories and receipts"))
	}
	if n := view.Use.Paid; n > 0 {
		all = append(all, words.N(ctx, n, "the record of %d payment, with its history", "the records of %d payments, with their histories"))
	}
	if n := view.Use.Kept; n > 0 {
		all = append(all, words.N(ctx, n, "%d template of a payment", "%d templates of payments"))
	}
	return all
}

// keptNamed is how many of the consents that keep an environment are named.
const keptNamed = 10
