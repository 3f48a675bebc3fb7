package pay

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// Receipt is what a person may keep of a payment: what was asked for, what became of it and
// when, and who approved it.
type Receipt struct {
	Payment   storage.Payment
	Events    []storage.PaymentEvent  // the oldest first
	Approvals []storage.Authorisation // of the payment and of its cancellation that came about, the oldest first
	Trace     Trace
	MadeAt    time.Time
}

// Receipt returns the receipt of a payment as it stands now.
func (p *Payments) Receipt(ctx context.Context, id string) (Receipt, error) {
	one, err := p.store.Payment(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Payment: one, MadeAt: p.clock.NowAt(one.EnvironmentID)}
	if r.Events, err = p.store.PaymentEvents(ctx, id); err != nil {
		return r, err
	}
	slices.Reverse(r.Events)
	for _, subject := range []storage.Subject{storage.PaymentSubject(id), storage.CancellationSubject(id)} {
		attempts, err := p.store.Authorisations(ctx, subject)
		if err != nil {
			return r, err
		}
		for _, attempt := range attempts {
			if attempt.Outcome == storage.Succeeded || attempt.Outcome == storage.Partial {
				r.Approvals = append(r.Approvals, attempt)
			}
		}
	}
	slices.SortStableFunc(r.Approvals, func(a, b storage.Authorisation) int { return a.EndedAt.Compare(b.EndedAt) })
	r.Trace, err = p.Trace(ctx, one)
	return r, err
}
