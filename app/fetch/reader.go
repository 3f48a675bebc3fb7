// Package fetch reads accounts, balances and transactions under consents: whole fetches,
// which the person or a schedule begins, and single questions about an account or a
// transaction.
//
// A [Reader] promises that each read stands in the ledger before it is sent, that none is
// sent under a consent that may not be used, nor without the person once too often, and
// that what has come is stored while the rest comes. It ends a consent under which a bank
// refuses to read, where that bears asking the bank; else it changes nothing of consents.
package fetch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"consentry/app/clock"
	"consentry/app/failure"
	"consentry/app/turn"
	"consentry/storage"
	"consentry/xs2a"
)

// Config is what a Reader is made of; it uses nothing else of the program.
type Config struct {
	Store    *storage.Store
	Log      *slog.Logger
	Clock    *clock.Clock
	Pause    time.Duration   // before a bank is asked again whether a refresh is done
	Bounds   xs2a.ReadBounds // end a read of an account that does not end by itself
	Presence Presence
	// Accounts are the turns of those that write many transactions of an account.
	Accounts *turn.Turns[int64]

	// Client returns the client for the bank of a consent; its exchanges are recorded
	// as the consent's.
	Client func(ctx context.Context, c storage.Consent) (*xs2a.Client, error)
	// Call returns what goes along with a request under a consent: the person, nil for
	// none, and their credentials.
	Call func(ctx context.Context, c storage.Consent, client *xs2a.Client, person *xs2a.PSU) (xs2a.Call, error)
	// Learn takes over what a bank answered that was asked for a consent, and returns
	// the consent as it is then.
	Learn func(ctx context.Context, c storage.Consent, info xs2a.ConsentInformation, asked error) (storage.Consent, error)
	// Unattended lists the reads without the person that count for the quota of a consent.
	Unattended func(ctx context.Context, c storage.Consent) ([]storage.UnattendedRead, error)
	// Corrected returns what a person says of how a bank is read.
	Corrected func(ctx context.Context, environmentID, bic string) (Correction, error)
	// Explain returns what may be said of a failure, and by whom it is.
	Explain func(by storage.Reason, err error) *failure.Error
	// Ended is told of each fetch that came to its end, before anybody sees that it did. Nil: nobody is.
	Ended func(ctx context.Context, job Job)
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
}

// Presence knows whether somebody is there.
type Presence interface {
	// Seen notes that somebody did something there.
	Seen()
	// Present reports whether somebody is there.
	Present() bool
}

// Reader reads under consents. It is safe for concurrent use.
type Reader struct {
	store    *storage.Store
	log      *slog.Logger
	clock    *clock.Clock
	pause    time.Duration
	bounds   xs2a.ReadBounds
	presence Presence
	accounts *turn.Turns[int64]

	client     func(context.Context, storage.Consent) (*xs2a.Client, error)
	call       func(context.Context, storage.Consent, *xs2a.Client, *xs2a.PSU) (xs2a.Call, error)
	learn      func(context.Context, storage.Consent, xs2a.ConsentInformation, error) (storage.Consent, error)
	unattended func(context.Context, storage.Consent) ([]storage.UnattendedRead, error)
	corrected  func(ctx context.Context, environmentID, bic string) (Correction, error)
	explain    func(by storage.Reason, err error) *failure.Error
	ended      func(context.Context, Job)
	run        func(func(context.Context))

	mu   sync.Mutex
	jobs map[string]*job // by consent
}

// New returns a Reader.
func New(c Config) *Reader {
	return &Reader{
		store: c.Store, log: c.Log, clock: c.Clock, pause: c.Pause, bounds: c.Bounds, presence: c.Presence, accounts: c.Accounts, client: c.Client, call: c.Call,
		learn: c.Learn, unattended: c.Unattended, corrected: c.Corrected, explain: c.Explain, ended: c.Ended, run: c.Run, jobs: map[string]*job{},
	}
}

func (r *Reader) consentAndClient(ctx context.Context, id string) (storage.Consent, *xs2a.Client, error) {
	c, err := r.store.Consent(ctx, id)
	if err != nil {
		return c, nil, err
	}
	client, err := r.client(ctx, c)
	return c, client, err
}
