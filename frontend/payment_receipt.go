package frontend

import (
	"context"
	"net/http"
	"slices"
	"time"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// paymentReceiptView is a payment's receipt as a page that prints well.
type paymentReceiptView struct {
	paymentView
	Approvals []storage.Authorisation
	MadeAt    time.Time
	Practice  bool // no money moves there
}

func (s *Server) paymentReceipt(w http.ResponseWriter, r *http.Request) error {
	receipt, err := s.app.Payments().Receipt(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	view := paymentReceiptView{
		paymentView: paymentView{Payment: receipt.Payment, Events: receipt.Events, Trace: receipt.Trace},
		Approvals:   receipt.Approvals, MadeAt: receipt.MadeAt, Practice: s.app.Banks().IsPractice(receipt.Payment.EnvironmentID),
	}
	page := Page{Title: words.T(r.Context(), "Receipt, %s", payeeOf(r.Context(), view.Payment)), Section: SectionPayments}
	return s.page(w, r, page, ui.At(view.MadeAt, paymentReceiptScreen(view)))
}

// carriedOut reports whether the bank says that the payment was carried out, so that it is
// worth something as a proof. A standing order is never: what was made of it stands on the
// account.
func (view paymentReceiptView) carriedOut() bool {
	return view.Fate == storage.FateTaken && view.Order.Standing == nil && view.Status.Final() && !view.Status.Refused()
}

// verdict says first what the receipt is worth.
func (view paymentReceiptView) verdict(ctx context.Context) ui.Notice {
	if view.carriedOut() {
		return ui.Notice{Tone: ui.Good, Title: words.T(ctx, "%s says that this payment was carried out.", view.BankName), Lost: statusText(ctx, view.Status)}
	}
	notice := ui.Notice{Tone: ui.Warn, Title: words.T(ctx, "This is no proof of payment."), Lost: view.standing(ctx)}
	if view.Fate == storage.FateRefused || view.Status.Refused() && view.Order.Standing == nil {
		notice.Tone = ui.Bad
	}
	return notice
}

// standing says why nothing is proved.
func (view paymentReceiptView) standing(ctx context.Context) string {
	bank := view.BankName
	switch view.Fate {
	case storage.FateComposed, storage.FateConfirmed:
		return words.T(ctx, "Nothing has been sent.")
	case storage.FateSending:
		return words.T(ctx, "It is on its way to %s.", bank)
	case storage.FateUnknown:
		return words.T(ctx, "It was sent, and nobody knows whether %s has it.", bank)
	case storage.FateRefused:
		return words.T(ctx, "%s did not take it. Nothing is paid.", bank)
	case storage.FateDropped:
		if view.SentAt.IsZero() {
			return words.T(ctx, "It was discarded and never sent.")
		}
		return words.T(ctx, "It was sent, nobody knows whether %s has it, and you left it.", bank)
	}
	switch {
	case view.Status == xs2a.PaymentRejected:
		return words.T(ctx, "%s rejected it. Nothing is paid.", bank)
	case view.Order.Standing != nil && view.Status == xs2a.PaymentCancelled:
		return words.T(ctx, "The standing order was cancelled. What was made before that stands on the account.")
	case view.Status == xs2a.PaymentCancelled:
		return words.T(ctx, "It was cancelled. Nothing is paid.")
	case !view.Status.Authorised():
		return sentences(words.T(ctx, "%s has not carried it out.", bank), statusText(ctx, view.Status)+".")
	case view.Order.Standing != nil:
		return words.T(ctx, "It shows a standing order. Each time it is made stands on the account by itself.")
	}
	return sentences(words.T(ctx, "%s has not said that it was carried out, only:", bank), statusText(ctx, view.Status)+".")
}

// receiptLine is a moment in what happened.
type receiptLine struct {
	At        time.Time
	Who, What string
}

// lines are all that happened, with who approved, the first first.
func (view paymentReceiptView) lines(ctx context.Context) []receiptLine {
	var lines []receiptLine
	for _, event := range view.Events {
		lines = append(lines, receiptLine{event.At, words.T(ctx, paymentSource(event)), paymentEventWords(ctx, event)})
	}
	for _, one := range view.Approvals {
		lines = append(lines, receiptLine{one.EndedAt, words.T(ctx, "at the bank"), approvalText(ctx, one)})
	}
	slices.SortStableFunc(lines, func(a, b receiptLine) int { return a.At.Compare(b.At) })
	return lines
}

// approvalText says what was approved, and by which way. Who it was the bank knows.
func approvalText(ctx context.Context, one storage.Authorisation) string {
	switch {
	case one.Subject.Kind == storage.SubjectCancellation:
		return words.T(ctx, "The cancellation was approved: %s", approachWord(ctx, one))
	case one.Outcome == storage.Partial:
		return words.T(ctx, "One person approved, and another has to: %s", approachWord(ctx, one))
	}
	return words.T(ctx, "Approved: %s", approachWord(ctx, one))
}

// approvedBy counts the persons who approved the payment.
func (view paymentReceiptView) approvedBy(ctx context.Context) string {
	n := 0
	for _, one := range view.Approvals {
		if one.Subject.Kind == storage.SubjectPayment {
			n++
		}
	}
	if n == 0 {
		return words.T(ctx, "Nobody, as far as Consentry knows")
	}
	return words.N(ctx, n, "%d person, with a login at %s", "%d persons, each with a login at %s", view.BankName)
}

// cancelled says what became of a cancellation; empty: none was asked for.
func (view paymentReceiptView) cancelled(ctx context.Context) string {
	return words.T(ctx, map[storage.Cancellation]words.Text{
		storage.CancelPending: "You asked for it; the bank has not cancelled", storage.CancelRefused: "You asked for it; the bank went on",
		storage.CancelDone: "The bank has cancelled it, as you asked",
	}[view.Cancellation])
}

// traceFacts are what stands on the person's accounts; none where nothing is to be said.
func (view paymentReceiptView) traceFacts(ctx context.Context) []string {
	if !view.traced() {
		return nil
	}
	if facts := view.bookedFacts(ctx); len(facts) > 0 || !view.Trace.Seen {
		return facts
	}
	return []string{view.bookedNote(ctx)}
}
