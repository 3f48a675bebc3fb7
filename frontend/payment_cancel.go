package frontend

import (
	"net/http"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// askCancelPayment asks before the bank is asked to cancel a payment.
func (s *Server) askCancelPayment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.paymentOf(r)
	switch {
	case err != nil:
		return err
	case !view.cancellable(): // another window was quicker
		redirect(w, r, paymentPath(view.ID))
		return nil
	case aimsAt(r, "dialogs"):
		return s.fragment(w, r, ui.At(view.Now, cancelDialog(view)))
	}
	page := view.page(r.Context())
	page.Title = words.T(r.Context(), "%s %s", view.cancelQuestion(), view.BankName)
	return s.page(w, r, page, ui.At(view.Now, cancelScreen(view)))
}

// cancelPayment asks the bank to cancel.
func (s *Server) cancelPayment(w http.ResponseWriter, r *http.Request) error {
	id, err := s.app.Payments().Cancel(r.Context(), r.PathValue("id"), s.person(r))
	return s.paid(w, r, id, err)
}

// cancellable reports whether the bank may be asked to cancel, and was not, or has refused.
func (view paymentView) cancellable() bool {
	return view.InForce() && view.Cancellation != storage.CancelDone && view.Cancellation != storage.CancelPending
}

func (view paymentView) cancelQuestion() words.Text {
	if view.Order.Standing != nil {
		return "Cancel the standing order?"
	}
	return "Cancel the payment?"
}
