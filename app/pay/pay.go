// Package pay is payments: how one is composed and checked, shown, sent, followed until
// nothing more is to come of it, and cancelled.
//
// [Payments] promises that a payment is stored before it is sent, that what is sent is
// what the person saw last, that nothing is sent again by itself, and that where nobody
// knows whether a bank has a payment this is what is said of it.
package pay

import (
	"context"
	"log/slog"
	"time"

	"consentry/app/bank"
	"consentry/app/clock"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/app/turn"
	"consentry/storage"
	"consentry/xs2a"
)

// Config is what Payments are made of; they use nothing else of the program.
type Config struct {
	Store    *storage.Store
	Log      *slog.Logger
	Clock    *clock.Clock
	Pause    time.Duration // before the second question for a status; it grows
	Presence sca.Presence

	// Bank returns a bank with what its directory says of it.
	Bank func(ctx context.Context, environmentID, bic string) (bank.Bank, error)
	// Accounts lists the person's accounts, as far as they are known.
	Accounts func(ctx context.Context) ([]storage.Account, error)
	// Client returns the client for a bank; its exchanges are recorded as the holder's.
	Client func(ctx context.Context, d sca.Dealings) (*xs2a.Client, error)
	// SCA is the process in which payments are authorised.
	SCA func() *sca.Process
	// Explain returns what may be said of a failure at a bank.
	Explain func(bankName string, err error) *failure.Error
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
}

// Payments are what the person pays. They are safe for concurrent use.
type Payments struct {
	store    *storage.Store
	log      *slog.Logger
	clock    *clock.Clock
	pause    time.Duration
	presence sca.Presence
	bank     func(ctx context.Context, environmentID, bic string) (bank.Bank, error)
	accounts func(ctx context.Context) ([]storage.Account, error)
	client   func(ctx context.Context, d sca.Dealings) (*xs2a.Client, error)
	sca      func() *sca.Process
	explain  func(bankName string, err error) *failure.Error
	run      func(work func(ctx context.Context))

	wake chan struct{} // holds a value once something is to be followed that was not before

	turns turn.Turns[string] // by payment
}

// New returns Payments.
func New(c Config) *Payments {
	return &Payments{
		store: c.Store, log: c.Log, clock: c.Clock, pause: c.Pause, presence: c.Presence,
		bank: c.Bank, accounts: c.Accounts, client: c.Client, sca: c.SCA, explain: c.Explain, run: c.Run,
		wake: make(chan struct{}, 1),
	}
}

// inTurn does something about a payment because the person wants it, while nobody else does
// anything about it: of two windows the second finds what the first has done. It is done
// to its end also where the window is closed meanwhile.
func (p *Payments) inTurn(ctx context.Context, id string, do func(ctx context.Context, of storage.Payment) (authorisationID string, err error)) (authorisationID string, err error) {
	p.presence.Seen()
	ctx = context.WithoutCancel(ctx)
	done, err := p.turns.Take(ctx, id)
	if err != nil {
		return "", err
	}
	defer done()
	of, err := p.store.Payment(ctx, id)
	if err != nil {
		return "", err
	}
	return do(ctx, of)
}

// All lists all payments, the newest first.
func (p *Payments) All(ctx context.Context) ([]storage.Payment, error) { return p.store.Payments(ctx) }

// Payment returns one payment.
func (p *Payments) Payment(ctx context.Context, id string) (storage.Payment, error) {
	return p.store.Payment(ctx, id)
}

// Events returns a payment's history, the latest first.
func (p *Payments) Events(ctx context.Context, id string) ([]storage.PaymentEvent, error) {
	return p.store.PaymentEvents(ctx, id)
}

// storeOf returns the store with the clock of a payment's environment.
func (p *Payments) storeOf(of storage.Payment) *storage.Store {
	return p.clock.StoreAt(of.EnvironmentID)
}

// dealings are those with the bank of a payment.
func dealings(of storage.Payment) sca.Dealings {
	return sca.Dealings{
		Holder:        storage.PaymentSubject(of.ID),
		EnvironmentID: of.EnvironmentID, BIC: of.BIC, BankName: of.BankName, AffiliatedASPSPID: of.AffiliatedASPSPID,
	}
}

// clientAndCall are how the bank of a payment is spoken to about it.
func (p *Payments) clientAndCall(ctx context.Context, of storage.Payment, person *xs2a.PSU) (*xs2a.Client, xs2a.Call, error) {
	client, err := p.client(ctx, dealings(of))
	if err != nil {
		return nil, xs2a.Call{}, err
	}
	call, err := p.sca().Call(ctx, dealings(of), client, person)
	return client, call, err
}

// Asking returns how the bank of a payment is asked about it: without a person there, for the
// one who ordered it where the bank speaks to nobody else.
func (p *Payments) Asking(ctx context.Context, of storage.Payment, person *xs2a.PSU) (*xs2a.Client, xs2a.Call, xs2a.Resource, error) {
	client, call, err := p.clientAndCall(ctx, of, person)
	if err == nil && person == nil && client.Dialect().Attended {
		call.PSU = &asker
	}
	return client, call, resource(of), err
}

// resource is what the bank knows a payment as.
func resource(of storage.Payment) xs2a.Resource {
	return xs2a.PaymentResource(of.Order.Service, of.Order.Product, of.BankID)
}
