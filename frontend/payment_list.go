package frontend

import (
	"errors"
	"net/http"
	"slices"

	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// paymentList shows the payments of a list: before they are sent, all that will be.
func (s *Server) paymentList(w http.ResponseWriter, r *http.Request) error {
	return s.showPaymentList(w, r, http.StatusOK, nil)
}

func (s *Server) showPaymentList(w http.ResponseWriter, r *http.Request, status int, failed *failure.Error) error {
	list, shown, err := s.app.Payments().ShowList(r.Context(), r.PathValue("list"))
	if err != nil {
		return err
	}
	view := paymentListView{ID: r.PathValue("list"), Payments: list, Shown: shown, Failure: failed}
	if view.Repeated, err = s.app.Payments().Repeated(r.Context(), list); err != nil {
		return err
	}
	return s.pageStatus(w, r, status, Page{Title: words.N(r.Context(), len(list), "%d payment", "%d payments"), Section: SectionPayments}, paymentListScreen(view))
}

// sendPaymentList confirms what the page showed, and begins with the first. A second click
// sends nothing more: it leads to the list.
func (s *Server) sendPaymentList(w http.ResponseWriter, r *http.Request) error {
	first, err := s.app.Payments().ConfirmList(r.Context(), r.PathValue("list"), r.PostFormValue("shown"))
	switch {
	case errors.Is(err, storage.ErrSent):
		redirect(w, r, paymentListPath(r.PathValue("list")))
		return nil
	case errors.Is(err, storage.ErrNotShown):
		return s.showPaymentList(w, r, http.StatusConflict, failure.New(failure.PaymentNotShown))
	case err != nil:
		return err
	}
	return s.continueListed(w, r, first)
}

// continuePaymentList goes on with the payment that the page named as the next one, as long
// as it is.
func (s *Server) continuePaymentList(w http.ResponseWriter, r *http.Request) error {
	list, err := s.app.Payments().Listed(r.Context(), r.PathValue("list"))
	if err != nil {
		return err
	}
	next, waits := pay.NextOf(list)
	if !waits || next.ID != r.PostFormValue("payment") {
		redirect(w, r, paymentListPath(r.PathValue("list")))
		return nil
	}
	return s.continueListed(w, r, next)
}

// continueListed goes on with a payment of a list.
func (s *Server) continueListed(w http.ResponseWriter, r *http.Request, next storage.Payment) error {
	id, err := s.app.Payments().Continue(r.Context(), next.ID, s.person(r))
	if failed, known := asFailure(err); known {
		return s.showPaymentList(w, r, statusOf(failed), failed)
	}
	r.SetPathValue("id", next.ID)
	return s.paid(w, r, id, err)
}

// paymentListView is the payments of a list.
type paymentListView struct {
	ID       string
	Payments []storage.Payment
	Shown    string          // names what is shown; empty where none waits to be confirmed
	Repeated storage.Payment // that asked for the same as one of them lately; without an id there is none
	Failure  *failure.Error
}

// sums are what the payments come to; before any was sent, without those that were
// discarded.
func (view paymentListView) sums() []xs2a.Amount {
	list := view.Payments
	if view.Shown != "" {
		list = pay.Waiting(list)
	}
	var transfers []xs2a.Transfer
	for _, p := range list {
		transfers = append(transfers, p.Order.Transfers...)
	}
	return pay.Sums(transfers)
}

// sending reports whether one of them is on its way to the bank.
func (view paymentListView) sending() bool {
	return slices.ContainsFunc(view.Payments, func(p storage.Payment) bool { return p.Fate == storage.FateSending })
}

// next is the payment that is next to be sent or approved, and which of how many it is.
func (view paymentListView) next() (p storage.Payment, place int, waits bool) {
	p, waits = pay.NextOf(view.Payments)
	return p, p.Place + 1, waits
}
