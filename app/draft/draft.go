// Package draft is requests that a person writes from exchanges that were recorded, and
// sends.
//
// [Drafts] promise that a draft goes to the hosts of the bank its exchange was with and
// nowhere else, that no secret but the access token is put in for the person, that a read
// of account data is in the ledger before it is sent, that one form is sent once, and that
// nothing is made of the answer: what a consent or payment is, other questions tell.
package draft

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/singleflight"

	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// Config is what Drafts are made of; they use nothing else of the program.
type Config struct {
	Store  *storage.Store
	Banks  *bank.Registry
	Record *activity.Record
	Reader *fetch.Reader
	// StoreAt is the store with an environment's clock.
	StoreAt func(environmentID string) *storage.Store

	// Call returns what goes along with requests to a bank: the person, nil for none, and
	// their credentials.
	Call func(ctx context.Context, d sca.Dealings, client *xs2a.Client, person *xs2a.PSU) (xs2a.Call, error)
	// Explain returns what may be said of a failure, and by whom it is.
	Explain func(by storage.Reason, err error) *failure.Error
}

// Drafts writes and sends drafts. It is safe for concurrent use.
type Drafts struct {
	store   *storage.Store
	banks   *bank.Registry
	record  *activity.Record
	reader  *fetch.Reader
	storeAt func(environmentID string) *storage.Store
	call    func(context.Context, sca.Dealings, *xs2a.Client, *xs2a.PSU) (xs2a.Call, error)
	explain func(storage.Reason, error) *failure.Error

	sending singleflight.Group // by form

	mu   sync.Mutex
	sent []sentForm // the latest last
}

// New returns Drafts.
func New(c Config) *Drafts {
	return &Drafts{store: c.Store, banks: c.Banks, record: c.Record, reader: c.Reader, storeAt: c.StoreAt, call: c.Call, explain: c.Explain}
}

// Draft is a request as a person writes it.
type Draft struct {
	FormID  string // of the form it is written in, which is sent once
	Method  string
	Address string
	Header  string // "Name: value" each on a line
	Body    string
}

// sentForm is a form with the exchange it led to.
type sentForm struct {
	id       string
	exchange int64
}

// mostSent is how many forms are remembered to have been sent.
const mostSent = 256

// Send sends a draft that was written from an exchange, and returns the exchange it led to,
// also where no answer came. A form that was sent before leads to the same exchange.
// Where the draft is not sent, a *failure.Error says why.
func (d *Drafts) Send(ctx context.Context, from From, draft Draft, person xs2a.PSU) (exchange int64, err error) {
	done, err, _ := d.sending.Do(draft.FormID, func() (any, error) {
		if known := d.sentBefore(draft.FormID); known != 0 {
			return known, nil
		}
		return d.send(context.WithoutCancel(ctx), from, draft, person)
	})
	exchange, _ = done.(int64)
	return exchange, err
}

func (d *Drafts) sentBefore(form string) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.sent {
		if one.id == form && form != "" {
			return one.exchange
		}
	}
	return 0
}

func (d *Drafts) remember(form string, exchange int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, sentForm{form, exchange})
	d.sent = d.sent[max(len(d.sent)-mostSent, 0):]
}

func (d *Drafts) send(ctx context.Context, from From, draft Draft, person xs2a.PSU) (int64, error) {
	written, err := from.read(draft)
	if err != nil {
		return 0, err
	}
	_, client, err := d.banks.Reach(ctx, from.EnvironmentID, from.BIC)
	if err != nil {
		return 0, err
	}
	client = client.For(from.flow())
	if written.Bearer {
		if written.Call, err = d.callOf(ctx, from, client, person); err != nil {
			return 0, d.explain(failure.By(from.Bank), err)
		}
	}
	written.Call.BIC = from.BIC
	before, err := d.latest(ctx, written)
	if err != nil {
		return 0, err
	}
	if before != 0 && written.Header.Get("X-Request-ID") == numberOf(draft.FormID) {
		d.remember(draft.FormID, before) // it was sent before the program's last start
		return before, nil
	}
	failed := d.entered(ctx, from, written, func() error { return client.SendDraft(sentFrom(ctx, from), written) })
	if err := d.record.Flush(ctx); err != nil {
		return 0, err
	}
	after, err := d.latest(ctx, written)
	if err != nil {
		return 0, err
	}
	if after > before {
		d.remember(draft.FormID, after) // whatever comes now, it is not sent again
		return after, d.learn(ctx, from, after)
	}
	return 0, d.notSent(from, failed)
}

// callOf is how the bank is spoken to with the person's credentials, where it has to do
// with a consent or a payment of theirs.
func (d *Drafts) callOf(ctx context.Context, from From, client *xs2a.Client, person xs2a.PSU) (xs2a.Call, error) {
	if from.Consent == nil && from.Payment == nil {
		return xs2a.Call{}, nil
	}
	return d.call(ctx, from.dealings(), client, &person)
}

// latest is the newest exchange with the number of a request.
func (d *Drafts) latest(ctx context.Context, written xs2a.Draft) (int64, error) {
	found, err := d.record.Exchanges(ctx, storage.ExchangeQuery{RequestID: written.Header.Get("X-Request-ID")}, 1)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0].ID, nil
}

// notSent says why a draft did not go out.
func (d *Drafts) notSent(from From, err error) error {
	link := (*xs2a.LinkError)(nil)
	switch {
	case err == nil: // the record let it go
		return failure.New(failure.DraftNotRecorded)
	case errors.Is(err, xs2a.ErrNoToken):
		return failure.Unsent(map[string]storage.Reason{"header": {Code: failure.NoTokenHere, Bank: from.Bank}})
	case errors.As(err, &link) && from.names(link.Origin):
		return failure.Unsent(map[string]storage.Reason{"address": {Code: failure.TokenElsewhere, Name: from.Home}})
	case errors.As(err, &link):
		return failure.Unsent(map[string]storage.Reason{"address": {Code: failure.NotAHostOf, Bank: from.Bank, Names: from.Hosts}})
	}
	return d.explain(failure.By(from.Bank), err)
}
