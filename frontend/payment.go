package frontend

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// payment shows one payment: what is sent, before it is, and what became of it.
func (s *Server) payment(w http.ResponseWriter, r *http.Request) error {
	return s.showPayment(w, r, http.StatusOK, nil)
}

// showPayment shows a payment with what the last action on it said.
func (s *Server) showPayment(w http.ResponseWriter, r *http.Request, status int, failed *app.Error) error {
	view, err := s.paymentOf(r)
	if err != nil {
		return err
	}
	view.Failure = failed
	return s.pageStatus(w, r, status, view.page(r.Context()), ui.At(view.Now, paymentScreen(view)))
}

func (view paymentView) page(ctx context.Context) Page {
	return Page{Title: payeeOf(ctx, view.Payment), Section: SectionPayments}
}

// paymentOf is the payment that stands in the address.
func (s *Server) paymentOf(r *http.Request) (view paymentView, err error) {
	ctx := r.Context()
	if view.Payment, err = s.app.Payments().Payment(ctx, r.PathValue("id")); err != nil {
		return view, err
	}
	if view.sendable() {
		if view.Payment, view.Shown, err = s.app.Payments().Show(ctx, view.ID); err != nil {
			return view, err
		}
	}
	if view.Events, err = s.app.Payments().Events(ctx, view.ID); err != nil {
		return view, err
	}
	cancelling, err := s.app.SCA().Attempts(ctx, storage.CancellationSubject(view.ID))
	if err != nil {
		return view, err
	}
	approving, err := s.app.SCA().Attempts(ctx, storage.PaymentSubject(view.ID))
	if err != nil {
		return view, err
	}
	view.Attempts = append(cancelling, approving...)
	if view.Fate.AtHome() {
		if view.Known, err = s.app.Payments().Acquainted(ctx, view.Payment); err != nil {
			return view, err
		}
	}
	if view.Trace, err = s.app.Payments().Trace(ctx, view.Payment); err != nil {
		return view, err
	}
	view.Now = s.app.Clock().NowAt(view.EnvironmentID)
	view.Days = daysOf(view.Payment, view.Now)
	view.Expected, err = s.app.Payments().Expect(ctx, view.Payment)
	return view, err
}

// lookAtPayment asks the bank for the payment as it has it.
func (s *Server) lookAtPayment(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.app.Payments().AsTheBankHasIt(r.Context(), r.PathValue("id"), s.person(r))
	return s.paymentAnswer(w, r, "The payment as the bank has it", raw, nil, err)
}

// paymentAuthorisations and paymentCancellations ask the bank for the authorisations of a
// payment and of its cancellation.
func (s *Server) paymentAuthorisations(w http.ResponseWriter, r *http.Request) error {
	found, err := s.app.Payments().Authorisations(r.Context(), r.PathValue("id"), false, s.person(r))
	return s.paymentAnswer(w, r, "Authorisations at the bank", nil, &found, err)
}

func (s *Server) paymentCancellations(w http.ResponseWriter, r *http.Request) error {
	found, err := s.app.Payments().Authorisations(r.Context(), r.PathValue("id"), true, s.person(r))
	return s.paymentAnswer(w, r, "Authorisations of the cancellation at the bank", nil, &found, err)
}

// paymentAnswer shows what the bank said to a tester.
func (s *Server) paymentAnswer(w http.ResponseWriter, r *http.Request, title words.Text, raw json.RawMessage, found *sca.AtBank, err error) error {
	said, err := answered(words.T(r.Context(), title), raw, err)
	if err != nil {
		return err
	}
	view, err := s.paymentOf(r)
	if err != nil {
		return err
	}
	view.Told, view.AtBank = said, found
	return s.showAnswer(w, r, view.page(r.Context()), paymentTesters(view), ui.At(view.Now, paymentScreen(view)))
}

// sendPayment sends what the page showed.
func (s *Server) sendPayment(w http.ResponseWriter, r *http.Request) error {
	id, err := s.app.Payments().Send(r.Context(), r.PathValue("id"), r.PostFormValue("shown"), s.person(r))
	return s.paid(w, r, id, err)
}

// continuePayment goes on with the approval of a payment.
func (s *Server) continuePayment(w http.ResponseWriter, r *http.Request) error {
	id, err := s.app.Payments().Continue(r.Context(), r.PathValue("id"), s.person(r))
	return s.paid(w, r, id, err)
}

// paid leads to the approval of what was begun, or to the payment, with what kept the bank
// from being asked for it.
func (s *Server) paid(w http.ResponseWriter, r *http.Request, authorisationID string, err error) error {
	failed, known := asFailure(err)
	switch {
	case known:
		return s.showPayment(w, r, statusOf(failed), failed)
	case errors.Is(err, storage.ErrNotShown):
		return s.showPayment(w, r, http.StatusConflict, failure.New(failure.PaymentNotShown))
	case errors.Is(err, storage.ErrSent), errors.Is(err, storage.ErrEnd), err == nil && authorisationID == "":
		redirect(w, r, paymentPath(r.PathValue("id"))) // as its page says
		return nil
	case err != nil:
		return err
	}
	redirect(w, r, "/authorisations/"+authorisationID)
	return nil
}

// checkPayment asks the bank for the status.
func (s *Server) checkPayment(w http.ResponseWriter, r *http.Request) error {
	return s.paid(w, r, "", s.app.Payments().Ask(r.Context(), r.PathValue("id"), s.person(r)))
}

// dropPayment discards what was not sent, or is not known.
func (s *Server) dropPayment(w http.ResponseWriter, r *http.Request) error {
	return s.paid(w, r, "", s.app.Payments().Drop(r.Context(), r.PathValue("id")))
}

// paymentStep is asked by the page that waits: it reloads it when something is new.
func (s *Server) paymentStep(w http.ResponseWriter, r *http.Request) error {
	one, err := s.app.Payments().Payment(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.URL.Query().Get("shown") != standOf(one) {
		w.Header().Set("HX-Refresh", "true")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// standOf names what a page shows of a payment that changes without the person.
func standOf(p storage.Payment) string {
	return string(p.Fate) + "-" + string(p.Status) + "-" + string(p.Cancellation)
}

// notice is what stands above a payment: what has to be known first.
func (view paymentView) notice(ctx context.Context) ui.Notice {
	bank, p := view.BankName, view.Payment
	switch {
	case p.Fate == storage.FateUnknown:
		return ui.Notice{ID: "unknown", Tone: ui.Warn, Title: words.T(ctx, "Nobody knows whether %s has this payment.", bank),
			Lost: words.T(ctx, "It was sent, and no answer came that says so: %s", reasonWords(ctx, p.Reason)),
			Next: words.T(ctx, "Look in your online bank whether it is there. If it is not, have it sent again: it goes out under the same number, by which the bank can tell that it is the same one. Nothing is sent automatically.")}
	case p.Fate == storage.FateDropped && p.Doubted:
		return ui.Notice{ID: "left", Tone: ui.Warn, Title: words.T(ctx, "Nobody knows whether %s has this payment.", bank),
			Lost: words.T(ctx, "You left it: it is not asked for any more."), Next: words.T(ctx, "Only your online bank can tell whether it is there.")}
	case p.Fate == storage.FateConfirmed && p.Reason.Given():
		return ui.Notice{ID: "unsent", Tone: ui.Warn, Title: words.T(ctx, "It was not sent."), Lost: reasonWords(ctx, p.Reason), Next: words.T(ctx, "Nothing is paid. You can send it now.")}
	case p.Fate == storage.FateRefused:
		return ui.Notice{ID: "refused", Tone: ui.Bad, Title: words.T(ctx, "%s did not take this payment.", bank), Lost: words.T(ctx, "Nothing is paid."), Next: refusedWords(ctx, p)}
	case p.Status == xs2a.PaymentRejected:
		return ui.Notice{ID: "rejected", Tone: ui.Bad, Title: words.T(ctx, "%s rejected this payment.", bank), Lost: words.T(ctx, "Nothing is paid."),
			Next: words.T(ctx, "The bank’s status does not say who or why. Often the account does not hold enough, or it was declined at the bank.")}
	case p.Status == xs2a.PaymentCancelled && p.Order.Standing != nil:
		return view.cancelledNotice(ctx)
	case p.InForce() && (p.Said.Other != nil || p.Said.To+p.Said.From != ""):
		return otherNotice(ctx, p)
	case obscure(p):
		return ui.Notice{ID: "obscure", Tone: ui.Warn, Title: words.T(ctx, "%s gives this payment a status that nobody here knows.", bank),
			Lost: words.T(ctx, "Whether it is paid, that does not say."), Next: words.T(ctx, "Look in your online bank. Consentry goes on asking.")}
	case p.InForce() && p.Cancellation == storage.CancelPending:
		return ui.Notice{ID: "cancelling", Tone: ui.Info, Title: words.T(ctx, "You asked %s to cancel it.", bank), Lost: view.cancelling(ctx), Next: words.T(ctx, "Most banks want you to approve that.")}
	case view.waits() && p.Status == xs2a.PaymentPartlyAuthorised:
		return ui.Notice{ID: "waits", Tone: ui.Info, Title: words.T(ctx, "Another person has to approve, too."), Lost: words.T(ctx, "Nothing is paid until then."), Next: words.T(ctx, "They can do it here, with their own login at the bank.")}
	case view.waits():
		return ui.Notice{ID: "waits", Tone: ui.Info, Title: words.T(ctx, "%s has it, and waits for your approval.", bank), Lost: words.T(ctx, "Nothing is paid until you approve.")}
	case p.InForce() && p.Checked() && !p.Status.Authorised():
		return ui.Notice{ID: "checking", Tone: ui.Info, Title: words.T(ctx, "%s has your approval, and is checking the payment.", bank), Lost: words.T(ctx, "It is not carried out yet."), Next: words.T(ctx, "Consentry goes on asking.")}
	case p.InForce() && p.Cancellation == storage.CancelRefused:
		return ui.Notice{ID: "goes-on", Tone: ui.Warn, Title: words.T(ctx, "%s does not cancel it: it goes on.", bank)}
	case p.InForce() && p.Reason.Given():
		return ui.Notice{ID: "unasked", Tone: ui.Warn, Title: words.T(ctx, "Its status could not be asked for: what you see is the last one known."), Lost: reasonWords(ctx, p.Reason)}
	}
	return ui.Notice{}
}

// refusedWords say why a bank did not take a payment, in its own words as far as it has some.
func refusedWords(ctx context.Context, p storage.Payment) string {
	if p.Reason.Text == "" {
		return reasonWords(ctx, p.Reason)
	}
	return words.T(ctx, "%s It says: “%s”", reasonWords(ctx, p.Reason), p.Reason.Text)
}

// otherNotice says that the bank has something else than was asked for; the zero notice:
// it has not, as far as it says.
func otherNotice(ctx context.Context, p storage.Payment) ui.Notice {
	n := ui.Notice{ID: "other", Tone: ui.Bad, Next: words.T(ctx, "Do not approve it: cancel it, and ask the bank.")}
	switch other := p.Said.Other; {
	case other != nil:
		n.Title = words.T(ctx, "%s has this payment with another amount: %s.", p.BankName, amountText(ctx, *other))
	case p.Said.To != "":
		n.Title = words.T(ctx, "%s has this payment to another account: %s.", p.BankName, ui.GroupIBAN(p.Said.To))
	case p.Said.From != "":
		n.Title = words.T(ctx, "%s has this payment from another account: %s.", p.BankName, ui.GroupIBAN(p.Said.From))
	default:
		return ui.Notice{}
	}
	switch {
	case p.Status.Authorised(), obscure(p):
		n.Next = words.T(ctx, "Cancel it, and ask the bank.")
	default:
		n.Lost = words.T(ctx, "Nothing is paid until you approve.")
	}
	return n
}

// amountText is an amount with its currency, within a sentence.
func amountText(ctx context.Context, a xs2a.Amount) string {
	return money(a).Text(ctx) + " " + a.Currency
}

// paymentView is a payment with what can be done about it.
type paymentView struct {
	storage.Payment
	Shown    string // names what is shown; empty where nothing can be sent
	Events   []storage.PaymentEvent
	Attempts []storage.Authorisation // to approve it, or its cancellation, the latest first
	Expected expectation
	Known    pay.Acquaintance // of whom it goes to, before it is sent
	Days     paymentDays      // of a standing order
	Trace    pay.Trace
	Failure  *app.Error

	Now    time.Time   // at the bank
	Told   *asked      // what the bank said to a tester
	AtBank *sca.AtBank // where that are authorisations
}

// sendable reports whether it can be sent, or sent again.
func (view paymentView) sendable() bool {
	return view.Fate.AtHome() || view.Fate == storage.FateUnknown
}

// waits reports whether the bank has it and wants it approved.
func (view paymentView) waits() bool {
	return view.InForce() && !view.Checked() && !view.Status.Refused() && !obscure(view.Payment)
}

// obscure reports whether the bank has given a payment a status that means nothing here.
func obscure(p storage.Payment) bool { return p.InForce() && p.Status != "" && !p.Status.Known() }

// approvable reports whether there may be something to approve at the bank.
func (view paymentView) approvable() bool {
	return view.waits() || obscure(view.Payment) && !view.Approved
}

// askable reports whether the bank may be asked for the status.
func (view paymentView) askable() bool {
	return view.InForce() && view.Checked() || obscure(view.Payment)
}

// changing reports whether something new may come without the person.
func (view paymentView) changing() bool {
	return view.Fate == storage.FateSending || view.askable()
}

// changeable reports whether the form may be filled in otherwise: nothing was sent, and
// there is a form for it.
func (view paymentView) changeable() bool {
	return view.Fate.AtHome() && view.SentAt.IsZero() && view.Order.Service != xs2a.BulkPayment
}

// repeatPath leads to the form by which it is paid again.
func (view paymentView) repeatPath() string {
	path := payPath(view.EnvironmentID, view.BIC)
	if view.Order.Service == xs2a.BulkPayment {
		path = payListPath(view.EnvironmentID, view.BIC)
	}
	return path + "?repeat=" + view.ID
}

// wantedLogin asks for the login in the form of a payment that the bank refused for want of
// it; nil: that was not why.
func wantedLogin(p storage.Payment) *app.Error {
	switch p.Reason.Code {
	case failure.LoginWithPayment:
		return failure.Field("psu_id", failure.EnterLogin)
	case failure.WrongLogin:
		return failure.Field("psu_id", failure.WrongLogin)
	}
	return nil
}

// acquainted says what is known here of whom a payment goes to, where that is a reason to
// look twice.
func (view paymentView) acquainted(ctx context.Context) (notices []ui.Notice) {
	if notice := nameNotice(ctx, view.BankName, view.Said.NameMatch); notice.Title != "" && view.waits() {
		notices = append(notices, notice)
	}
	creditor := payeeOf(ctx, view.Payment)
	if view.Known.Alike.ID != "" {
		notices = append(notices, alikeNotice(ctx, view.Known.Alike))
	}
	if names := view.Known.OtherNames; len(names) > 0 {
		notices = append(notices, ui.Notice{ID: "other-name", Tone: ui.Warn, Title: words.T(ctx, "You have paid this account under another name: %s", words.Row(ctx, names)), Next: words.T(ctx, "Make sure that it is the account of %s.", creditor)})
	}
	if accounts := view.Known.OtherAccounts; len(accounts) > 0 {
		notices = append(notices, ui.Notice{ID: "other-account", Tone: ui.Warn, Title: words.T(ctx, "You have paid %s to another account: %s", creditor, words.Row(ctx, grouped(accounts))),
			Next: words.T(ctx, "New numbers that come by e-mail are a common fraud. Ask them by a way you know before you send this.")})
	}
	return notices
}

// alikeNotice points out a payment that asked for the same lately.
func alikeNotice(ctx context.Context, former storage.Payment) ui.Notice {
	return ui.Notice{ID: "alike", Tone: ui.Warn, Title: words.T(ctx, "You have asked for the same already, on %s.", dayInWords(ctx, former.CreatedAt.Local().Format(time.DateOnly))),
		Lost: words.T(ctx, "The same amount, to the same account: %s.", payeeOf(ctx, former)), Next: words.T(ctx, "Send this only if you want to pay a second time.")}
}

// grouped are account numbers as they are read.
func grouped(accounts []string) (list []string) {
	for _, account := range accounts {
		list = append(list, ui.GroupIBAN(account))
	}
	return list
}
