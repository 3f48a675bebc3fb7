package pay

import (
	"context"
	"errors"
	"net/http"

	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// Cancel asks the bank to cancel a payment, and returns the authorisation with which it
// wants that approved; empty where it has cancelled at once. Where it refuses, the error
// says why, and the payment goes on.
func (p *Payments) Cancel(ctx context.Context, id string, person xs2a.PSU) (authorisationID string, err error) {
	return p.inTurn(ctx, id, func(ctx context.Context, one storage.Payment) (string, error) {
		if err := p.storeOf(one).SetCancellation(ctx, id, storage.CancelPending, storage.Reason{}); err != nil {
			return "", err
		}
		authorisationID, err := p.sca().Resume(ctx, storage.CancellationSubject(id), person)
		if err != nil {
			return authorisationID, err
		}
		if now, err := p.store.Payment(ctx, id); err != nil || now.Cancellation == storage.CancelDone {
			return "", err
		}
		return authorisationID, nil
	})
}

// cancellationSubject is the cancellation of a payment as an SCA process authorises it
// (BG 1.3.12 sections 5.6 and 5.7).
type cancellationSubject struct {
	payments *Payments
	p        storage.Payment
}

func (s cancellationSubject) Facts() sca.Facts {
	over := !s.p.InForce() || s.p.Cancellation == storage.CancelDone
	return sca.Facts{
		Of:       storage.CancellationSubject(s.p.ID),
		Dealings: dealings(s.p),
		Resource: resource(s.p).Cancellation(), Known: true,
		Anew:          true, // what the bank wants stands in its answer to a DELETE
		NoStaysUntold: true, // the payment goes on
		Over:          over,
	}
}

// Create asks the bank to cancel the payment.
func (s cancellationSubject) Create(ctx context.Context, client *xs2a.Client, call xs2a.Call, _ xs2a.Return) (sca.Subject, xs2a.SCAAnswer, error) {
	kept := context.WithoutCancel(ctx) // what the bank answered is noted whoever still waits for it
	store := s.payments.storeOf(s.p)
	done := xs2a.SCAAnswer{SCAStatus: xs2a.SCAFinalised}
	if err := store.SetCancellation(kept, s.p.ID, storage.CancelPending, storage.Reason{}); err != nil {
		return s, xs2a.SCAAnswer{}, err
	}
	answer, err := client.CancelPayment(kept, call, resource(s.p))
	switch {
	case refusesToCancel(err):
		why := s.payments.explain(s.p.BankName, err)
		if err := store.SetCancellation(kept, s.p.ID, storage.CancelRefused, why.Reason); err != nil && !errors.Is(err, storage.ErrEnd) {
			return s, answer, err
		}
		told := *why
		told.Reason = storage.Reason{Code: failure.CancellationRefused, Bank: s.p.BankName, Because: &why.Reason}
		return s, answer, &told
	case err != nil && xs2a.MayBeTaken(err):
		told := *s.payments.explain(s.p.BankName, err)
		told.Effect = failure.OutcomeUnknown
		s.payments.follow()
		return s, answer, &told
	case err != nil:
		return s, answer, err
	}
	payment := answer.Transaction
	answer.Transaction = "" // which is the payment's, and says nothing of who has to approve the cancellation
	switch step := xs2a.NextStep(answer).Step; {
	case payment == xs2a.PaymentCancelled:
		return s, done, s.cancelled(kept)
	case step == xs2a.StepUnknown:
		answer.SCAStatus = xs2a.SCAReceived // it wants nothing, and does not say that it is done: the status will
	}
	if payment != "" {
		err = store.SetPaymentStatus(kept, s.p.ID, s.p.Status, payment)
	}
	return s, answer, err
}

// refusesToCancel reports whether a bank's answer is its no. One that is busy or fails, a
// gateway that gives up, and a token that has run out say nothing of the payment.
func refusesToCancel(err error) bool {
	refused := xs2a.Refusal(err)
	if refused == nil || refused.WrongToken() {
		return false
	}
	switch refused.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return refused.Status < http.StatusInternalServerError
}

// cancelled notes that the bank has cancelled the payment. Of a standing order, as of any
// other, nothing more is to come.
func (s cancellationSubject) cancelled(ctx context.Context) error {
	store := s.payments.storeOf(s.p)
	if err := store.SetCancellation(ctx, s.p.ID, storage.CancelDone, storage.Reason{}); err != nil {
		return err
	}
	return store.SetPaymentStatus(ctx, s.p.ID, s.p.Status, xs2a.PaymentCancelled)
}

func (s cancellationSubject) Standing(ctx context.Context, client *xs2a.Client, call xs2a.Call, _ bool) (sca.Standing, error) {
	said, err := client.PaymentStatus(ctx, call, resource(s.p))
	if err != nil {
		return sca.Standing{}, err
	}
	now := sca.Standing{}
	switch {
	case said.Status == xs2a.PaymentCancelled:
		now.Result = sca.Authorised
	case s.p.EndsWith(said.Status, s.payments.clock.NowAt(s.p.EnvironmentID)):
		now.Result = sca.EndedByBank
	}
	return now, s.payments.note(ctx, s.p, said)
}

// Approved: what became of it, the bank's status tells.
func (s cancellationSubject) Approved(context.Context) error { return nil }

func (s cancellationSubject) Learn(ctx context.Context, person xs2a.PSU) { s.Adopt(ctx, person) }

func (s cancellationSubject) Adopt(ctx context.Context, person xs2a.PSU) {
	paymentSubject(s).Adopt(ctx, person)
}

func (s cancellationSubject) Succeeded(xs2a.PSU) {} // nothing follows

// GiveUp leaves the payment as it is, ended or not.
func (s cancellationSubject) GiveUp(ctx context.Context, _ xs2a.PSU) error {
	if err := s.payments.sca().EndOpen(ctx, s.Facts(), storage.GivenUp); err != nil {
		return err
	}
	err := s.payments.storeOf(s.p).SetCancellation(ctx, s.p.ID, storage.CancelNone, storage.Reason{})
	if errors.Is(err, storage.ErrEnd) {
		return nil
	}
	return err
}
