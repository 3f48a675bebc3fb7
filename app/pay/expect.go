package pay

import (
	"context"
	"time"

	"consentry/storage"
)

// Expectation is what is known beforehand of a payment, from those made here before at the
// same bank by the same product. The zero value: nothing yet.
type Expectation struct {
	Approach  string        // by which the person approved
	Approvals int           // how many persons did
	Took      time.Duration // from the sending to the final status, of one that had no day of its own
}

// Expect returns what is to be expected of a payment.
func (p *Payments) Expect(ctx context.Context, of storage.Payment) (Expectation, error) {
	former, err := p.store.PaymentsLike(ctx, of)
	var e Expectation
	for _, one := range former { // the latest first
		if e.Took == 0 && !one.EndedAt.IsZero() && one.Order.On == "" && one.Order.Standing == nil {
			e.Took = one.EndedAt.Sub(one.SentAt)
		}
		if e.Approach != "" {
			continue
		}
		attempts, err := p.store.Authorisations(ctx, storage.PaymentSubject(one.ID))
		if err != nil {
			return e, err
		}
		for _, attempt := range attempts {
			if attempt.Outcome == storage.Succeeded || attempt.Outcome == storage.Partial {
				e.Approach, e.Approvals = attempt.Approach, e.Approvals+1
			}
		}
	}
	return e, err
}
