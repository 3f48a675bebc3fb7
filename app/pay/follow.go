package pay

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// A status is asked for at once after an approval, and then with pauses that grow: to
// longestSoon on the day on which it is to be made, and to longestLate after that. Nobody
// asks while no page of the program was open for a while.
const (
	longestSoon = 5 * time.Minute
	longestLate = 6 * time.Hour
)

// follow has what is in force looked after from now on.
func (p *Payments) follow() {
	select {
	case p.wake <- struct{}{}:
	default: // it is about to look anyway
	}
}

// Keep follows payments until nothing more is to come of them, as long as the program runs.
// It notes at once what was interrupted by the end of the program before, and where the
// disk does not take that, as soon as it does.
func (p *Payments) Keep() {
	interrupted := p.Interrupted(context.Background())
	p.run(func(ctx context.Context) {
		for ctx.Err() == nil {
			if interrupted != nil {
				p.log.Error("payments that were interrupted were not noted", "error", interrupted)
				select {
				case <-ctx.Done():
				case <-time.After(longestUntold):
					interrupted = p.Interrupted(ctx)
				}
				continue
			}
			if back := p.presence.Away(); back != nil {
				select {
				case <-ctx.Done():
				case <-back:
				}
				continue
			}
			next, err := p.Look(ctx)
			if err != nil && ctx.Err() == nil {
				p.log.Warn("payments were not looked after", "error", err)
			}
			select {
			case <-ctx.Done():
			case <-p.wake:
			case <-time.After(next):
			}
		}
	})
}

// Look asks for the status of each payment for which it is time, and returns how long it
// is until the next one.
func (p *Payments) Look(ctx context.Context) (next time.Duration, err error) {
	next = longestSoon
	open, err := p.store.PaymentsInForce(ctx)
	for _, one := range open {
		if wait := p.dueIn(one); wait > 0 {
			next = min(next, wait)
			continue
		}
		if _, asked := p.ask(ctx, one.ID, nil); asked != nil {
			err = errors.Join(err, asked)
		}
		next = min(next, p.pause)
	}
	return max(next, p.pause), err
}

// dueIn returns how long it is until a payment's status is asked for; zero or less: it is
// time. What waits for a person is followed by its approval, and here but rarely.
func (p *Payments) dueIn(of storage.Payment) time.Duration {
	now := p.clock.NowAt(of.EnvironmentID)
	wait, longest := p.pause, longestSoon
	if !of.Checked() {
		wait *= 60 // it may be approved at the bank all the same
	}
	if now.Sub(of.StatusAt) > 24*time.Hour || of.Order.Standing != nil {
		longest = longestLate
	}
	if day := of.Order.On; day > now.Format(time.DateOnly) {
		longest = longestLate // nothing happens before its day
	}
	for range of.Asked {
		if wait = wait * 3 / 2; wait >= longest {
			wait = longest
			break
		}
	}
	return of.AskedAt.Add(wait).Sub(now)
}

// Ask asks the bank for the status of a payment because the person wants to know.
func (p *Payments) Ask(ctx context.Context, id string, person xs2a.PSU) error {
	p.presence.Seen()
	one, err := p.ask(ctx, id, &person)
	if err != nil {
		return p.explain(one.BankName, err)
	}
	return nil
}

// ask asks the bank for the status of a payment it has. That it could not be asked is
// noted, too: what is known of it stands as it was.
func (p *Payments) ask(ctx context.Context, id string, person *xs2a.PSU) (storage.Payment, error) {
	one, err := p.store.Payment(ctx, id)
	if err != nil || !one.InForce() {
		return one, err
	}
	said, err := p.status(ctx, one, person)
	if err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, p.storeOf(one).SetNotAsked(ctx, id, p.explain(one.BankName, err).Reason))
		}
		return one, err
	}
	if err := p.note(ctx, one, said); err != nil || one.Checked() || !said.Status.Authorised() {
		return one, err
	}
	if person == nil {
		person = &asker
	}
	return one, p.sca().PollOpen(ctx, storage.PaymentSubject(id), *person) // what waits for an approval waits no more
}

// status asks the bank for the status of a payment.
func (p *Payments) status(ctx context.Context, of storage.Payment, person *xs2a.PSU) (xs2a.Payment, error) {
	client, call, resource, err := p.Asking(ctx, of, person)
	if err != nil {
		return xs2a.Payment{}, err
	}
	return client.PaymentStatus(ctx, call, resource)
}

// asker is the person who has ordered what is followed: they did so on this machine.
var asker = xs2a.PSU{IPAddress: "127.0.0.1"}

// note stores what the bank says of a payment.
func (p *Payments) note(ctx context.Context, of storage.Payment, said xs2a.Payment) error {
	heard := of.Said
	if said.Funds != nil {
		heard.Funds = said.Funds
	}
	heard.Latest = nil // what it said with a former status may not be so any more
	for _, words := range append([]string{said.Message}, said.Warnings...) {
		if words != "" && words != of.Message && !slices.Contains(of.Said.Warnings, words) {
			heard.Latest = append(heard.Latest, words)
		}
	}
	if !reflect.DeepEqual(heard, of.Said) {
		if err := p.storeOf(of).SetPaymentSaid(ctx, of.ID, func(s *storage.Said) { s.Funds, s.Latest = heard.Funds, heard.Latest }); err != nil {
			return err
		}
	}
	return p.storeOf(of).SetPaymentStatus(ctx, of.ID, of.Status, said.Status)
}
