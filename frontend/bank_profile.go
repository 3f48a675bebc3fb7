package frontend

import (
	"context"
	"errors"
	"net/http"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// bankProfileView is how one bank of an environment is spoken to.
type bankProfileView struct {
	Environment storage.Environment
	Bank        storage.Bank
	Spoken      profileView
}

// bankProfile shows how a bank is spoken to, to be changed.
func (s *Server) bankProfile(w http.ResponseWriter, r *http.Request) error {
	view, err := s.bankProfileOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), bankProfileScreen(view))
}

// saveBankProfile keeps it, or lets the bank be spoken to as its environment says.
func (s *Server) saveBankProfile(w http.ResponseWriter, r *http.Request) error {
	view, err := s.bankProfileOf(r)
	if err != nil {
		return err
	}
	mistakes := map[string]storage.Reason{}
	if r.PostFormValue("as") == asEnvironment {
		view.Spoken.Profile = xs2a.Profile{}
	} else {
		view.Spoken.read(r, mistakes) // what the form does not ask for stays as it is
	}
	if len(mistakes) > 0 {
		err = withMistakes(s.app.Banks().CheckProfile(r.Context(), view.Environment.ID, view.Bank.ID, view.Spoken.Profile), mistakes)
	} else {
		err = s.app.Banks().SetProfile(r.Context(), view.Environment.ID, view.Bank.ID, view.Spoken.Profile)
	}
	if errors.As(err, &view.Spoken.Failure) {
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(r.Context()), bankProfileScreen(view))
	}
	if err != nil {
		return err
	}
	redirect(w, r, environmentPath(view.Environment.ID))
	return nil
}

// asEnvironment is the button by which a bank loses its own profile.
const asEnvironment = "environment"

func (s *Server) bankProfileOf(r *http.Request) (bankProfileView, error) {
	e, err := s.app.Banks().Environment(r.Context(), r.PathValue("id"))
	if err != nil {
		return bankProfileView{}, err
	}
	bank, named := e.Bank(r.PathValue("bank"))
	if !named || e.Sandbox {
		return bankProfileView{}, storage.ErrNotFound
	}
	return bankProfileView{
		Environment: e.WithoutSecrets(), Bank: bank,
		Spoken: profileView{Profile: e.ProfileOf(bank.ID), One: true},
	}, nil
}

func (view bankProfileView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "How %s is spoken to", view.Bank.Name), Section: SectionSettings}
}

// own reports whether the bank has a profile of its own.
func (view bankProfileView) own() bool { return view.Bank.Profile != (xs2a.Profile{}) }
