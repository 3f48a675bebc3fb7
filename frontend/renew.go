package frontend

import (
	"net/http"
	"slices"
	"strings"

	"consentry/storage"
)

// renew shows the form on which a consent is renewed or changed, filled in with
// what it holds. One that has ended is asked for anew.
func (s *Server) renew(w http.ResponseWriter, r *http.Request) error {
	view, err := s.renewalOf(r)
	if err != nil {
		return err
	}
	if view.Renewed.State.Open { // nothing to renew: it is to be approved first
		redirect(w, r, consentPath(view.Renewed.ID))
		return nil
	}
	return s.showShare(w, r, view)
}

// askRenewal asks the bank for the consent that is to take the other's place.
func (s *Server) askRenewal(w http.ResponseWriter, r *http.Request) error {
	view, err := s.renewalOf(r)
	if err != nil {
		return err
	}
	if view.renewedAlready() { // this form was shown before that
		redirect(w, r, roundPath(view.Round.ID)+"/next")
		return nil
	}
	return s.askFor(w, r, view)
}

// renewalOf is the form for the consent in the address.
func (s *Server) renewalOf(r *http.Request) (shareView, error) {
	ctx, id := r.Context(), r.PathValue("id")
	c, err := s.app.Consent(ctx, id)
	if err != nil {
		return shareView{}, err
	}
	view, err := s.shareAt(r, c.EnvironmentID, c.BIC)
	if err != nil {
		return view, err
	}
	if view.Share, err = s.app.Renewal(ctx, id); err != nil {
		return view, err
	}
	reached, err := s.app.Holdings().ConsentAccounts(ctx, id)
	if err != nil {
		return view, err
	}
	line := s.line(c, nil)
	if view.Round, err = s.roundAt(ctx, id); err != nil {
		return view, err
	}
	view.Missing = afterApproval(reached)
	view.Renewed, view.Affiliated = &line, view.affiliatedName(c.AffiliatedASPSPID)
	view.Frequency, view.Named = view.frequencyText(), len(view.Share.IBANs) > 0
	view.choose(view.Share.IBANs)
	if !view.Named { // those it reaches, should the person want to name them
		for _, account := range reached {
			view.Chosen = append(view.Chosen, account.IBAN)
		}
	}
	return view, nil
}

// choose ticks the accounts that are known and writes out the others.
func (view *shareView) choose(numbers []string) {
	var others []string
	for _, number := range numbers {
		if slices.ContainsFunc(view.Known, func(a storage.Account) bool { return a.IBAN == number }) {
			view.Chosen = append(view.Chosen, number)
		} else {
			others = append(others, number)
		}
	}
	view.IBANs = strings.Join(others, "\n")
}

// affiliatedName is the name of an affiliated bank, as far as it is known.
func (view shareView) affiliatedName(id string) string {
	if id == "" || view.Bank.Details == nil {
		return ""
	}
	for _, affiliated := range view.Bank.Details.Affiliated {
		if affiliated.ID == id {
			return affiliated.Name
		}
	}
	return ""
}
