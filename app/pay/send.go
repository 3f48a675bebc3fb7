package pay

import (
	"context"
	"errors"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Send sends a payment that the person saw as shown names it, and returns the
// authorisation that says what comes next. It is sent once, whoever asks how often: the
// others find what the first has begun. One of which nobody knows whether the bank has it
// is sent again, under the same X-Request-ID, because the person said so here. An error
// beside an authorisation leaves that to be gone on with.
func (p *Payments) Send(ctx context.Context, id, shown string, person xs2a.PSU) (authorisationID string, err error) {
	return p.inTurn(ctx, id, func(ctx context.Context, one storage.Payment) (string, error) {
		switch err := p.storeOf(one).ConfirmPayment(ctx, id, shown); {
		case errors.Is(err, storage.ErrSent):
			return p.begun(ctx, one)
		case errors.Is(err, storage.ErrNotShown) && one.Fate == storage.FateUnknown: // it was sent since
			return "", paymentSubject{p, one}.notClaimed(ctx, storage.ErrSent)
		case err != nil:
			return "", err
		}
		return p.sca().Resume(ctx, storage.PaymentSubject(id), person)
	})
}

// begun returns the latest attempt at a payment that was sent, or is on its way.
func (p *Payments) begun(ctx context.Context, of storage.Payment) (authorisationID string, err error) {
	attempts, err := p.store.Authorisations(ctx, storage.PaymentSubject(of.ID))
	if err != nil || len(attempts) == 0 {
		return "", errors.Join(err, storage.ErrSent)
	}
	return attempts[0].ID, nil
}

// Continue goes on with the approval of a payment that the bank has, or with the sending
// of one that the person has confirmed.
func (p *Payments) Continue(ctx context.Context, id string, person xs2a.PSU) (authorisationID string, err error) {
	return p.inTurn(ctx, id, func(ctx context.Context, one storage.Payment) (string, error) {
		if one.Fate == storage.FateUnknown || one.Fate == storage.FateComposed {
			return "", paymentSubject{p, one}.notClaimed(ctx, storage.ErrSent) // the person decides on its page
		}
		return p.sca().Resume(ctx, storage.PaymentSubject(id), person)
	})
}

// Drop lets a payment go that was not sent, or of which nobody knows whether the bank has
// it: it is not asked for any more. storage.ErrSent: it is under way, or the bank has it.
func (p *Payments) Drop(ctx context.Context, id string) error {
	one, err := p.store.Payment(ctx, id)
	if err != nil {
		return err
	}
	if err := p.storeOf(one).DropPayment(ctx, id); err != nil {
		return err
	}
	return p.sca().EndOpen(ctx, paymentSubject{p, one}.Facts(), storage.GivenUp)
}

// Interrupted notes of what was being sent when the program ended that nobody knows whether
// the bank has it. It is called at the start, before anything is sent.
func (p *Payments) Interrupted(ctx context.Context) error {
	return p.store.InterruptedPayments(ctx, storage.Reason{Code: failure.ProgramEnded})
}
