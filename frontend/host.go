package frontend

import (
	"context"
	"errors"
	"net/http"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// hostView asks whether a host is the bank's, to which one of its answers leads.
type hostView struct {
	app.Flow
	Failed *app.Error
}

// newHost shows the question where an error is about a host the person may name;
// any other error it returns as it is.
func (s *Server) newHost(w http.ResponseWriter, r *http.Request, err error) error {
	var failed *app.Error
	if !errors.As(err, &failed) || failed.Host == nil {
		return err
	}
	flow, err := s.app.Flow(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	view := hostView{flow, failed}
	return s.pageStatus(w, r, http.StatusConflict, Page{Title: view.title(r.Context()), Section: approvalWordsOf(r.Context(), view.Flow).section}, view.content())
}

// nameHost takes the person's word that a host is the bank's. The browser stays
// here: it may not be led elsewhere by a form.
func (s *Server) nameHost(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := s.app.SCA().NameHost(r.Context(), id, r.PostFormValue("origin")); err != nil {
		return err
	}
	redirect(w, r, "/authorisations/"+id)
	return nil
}

// forgetHost takes that back.
func (s *Server) forgetHost(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := s.app.Banks().ForgetHost(r.Context(), id, r.PostFormValue("bic"), r.PostFormValue("origin")); err != nil {
		return err
	}
	redirect(w, r, environmentPath(id))
	return nil
}

func (v hostView) title(ctx context.Context) string {
	return words.T(ctx, "Does %s belong to %s?", v.Failed.Host.Origin.Host(), v.BankName)
}

func (v hostView) notice(ctx context.Context) ui.Notice {
	return ui.Notice{
		ID: "host", Tone: ui.Warn, Title: v.title(ctx), Lost: words.T(ctx, "Nothing was sent there."),
		Next:   words.T(ctx, "Name it only if your bank says that it is its own, in its documents or when you ask. Whoever runs that server can use what you approve there."),
		Detail: v.Failed.Detail,
	}
}

// bankName is the name of a bank of the environment, or its id where it has none.
func (view environmentView) bankName(id string) string {
	if bank, named := view.Bank(id); named {
		return bank.Name
	}
	return id
}
