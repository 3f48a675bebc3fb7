// Package verdict says whether what went over the wire keeps to the official definitions
// of the interfaces: of one exchange, and summed up in a report of a bank, an environment
// or a flow. It can also have the read-only operations of an environment asked, so that
// there is something to report.
//
// A verdict is found when somebody looks, from what the record has of an exchange; nothing
// is done on the way of a request.
package verdict

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"consentry/app/bank"
	"consentry/app/quirk"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/conformance"
	"consentry/xs2a/record"
)

// Config is what Verdicts are made of; they use nothing else of the program.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Now   func() time.Time

	// Flush waits until every exchange that has ended has its row in the record.
	Flush func(ctx context.Context) error
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
	// Quirks learn how banks do things from the exchanges of a report.
	Quirks *quirk.Quirks
	// Directory returns the client for the directory of an environment.
	Directory func(ctx context.Context, environmentID string) (*xs2a.Client, error)
	// Consent returns what can be asked under a consent that is in force, for a person or, where
	// that is nil, without one.
	Consent func(ctx context.Context, c storage.Consent, person *xs2a.PSU) (Questions, error)
	// Payment returns what can be asked about a payment.
	Payment func(ctx context.Context, p storage.Payment, person *xs2a.PSU) (Questions, error)
	// NowAt is the time at an environment.
	NowAt func(environmentID string) time.Time
}

// Questions are how a bank is asked about a consent or payment.
type Questions struct {
	Client *xs2a.Client
	Call   xs2a.Call
	// Ledgered does one read under a consent, which stands in the ledger; nil for a payment.
	Ledgered func(ctx context.Context, what storage.ConsentRead, do func(xs2a.Call) error) error
	// Resource is what the bank knows it as.
	Resource xs2a.Resource
}

// Verdicts judge exchanges. They are safe for concurrent use.
type Verdicts struct {
	Config

	mu   sync.Mutex
	kept map[int64]Mark // of exchanges that were judged before
	runs map[string]*run
}

// mostKept bounds the marks that are remembered: a page has 60.
const mostKept = 4000

// New returns Verdicts.
func New(c Config) *Verdicts {
	return &Verdicts{Config: c, kept: map[int64]Mark{}, runs: map[string]*run{}}
}

// Mark is a verdict in a word.
type Mark struct {
	conformance.Outcome
	Departures int
}

// Of returns the verdict on an exchange of the record.
func (v *Verdicts) Of(ctx context.Context, e storage.Exchange) (conformance.Verdict, error) {
	at, err := v.places(ctx)
	if err != nil {
		return conformance.Verdict{}, err
	}
	return at.judge(ctx, e)
}

// Judge returns the verdict on an exchange that is not of the record, with a bank of a
// dialect.
func Judge(e record.Exchange, dialect string) (conformance.Verdict, error) {
	return conformance.Judge(e, dialect)
}

// Marks returns the verdicts on exchanges of the record, by their ids.
func (v *Verdicts) Marks(ctx context.Context, all []storage.Exchange) (map[int64]Mark, error) {
	marks := map[int64]Mark{}
	var at *places
	for _, e := range all {
		mark, known := v.known(e.ID)
		if !known {
			var err error
			if at == nil {
				if at, err = v.places(ctx); err != nil {
					return nil, err
				}
			}
			verdict, err := at.judge(ctx, e)
			if err != nil {
				return nil, err
			}
			mark = markOf(verdict)
			v.keep(e.ID, mark)
		}
		marks[e.ID] = mark
	}
	return marks, nil
}

func markOf(verdict conformance.Verdict) Mark {
	return Mark{verdict.Outcome(), len(verdict.Violations) + verdict.More}
}

func (v *Verdicts) known(id int64) (Mark, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	mark, known := v.kept[id]
	return mark, known
}

func (v *Verdicts) keep(id int64, mark Mark) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.kept) >= mostKept {
		clear(v.kept)
	}
	v.kept[id] = mark
}

// places know with which bank an exchange was.
type places struct {
	store        *storage.Store
	environments []storage.Environment
	flows        map[string]place
}

// place is a bank of an environment. The bank is empty for the directory, and where the
// address tells of the environment alone.
type place struct{ environment, bic, bank string }

func (v *Verdicts) places(ctx context.Context) (*places, error) {
	environments, err := v.Store.Environments(ctx)
	return &places{v.Store, environments, map[string]place{}}, err
}

func (p *places) judge(ctx context.Context, e storage.Exchange) (conformance.Verdict, error) {
	at, err := p.of(ctx, e)
	if err != nil {
		return conformance.Verdict{}, err
	}
	environment, known := p.environment(at.environment)
	if !known {
		return conformance.Verdict{}, nil
	}
	return conformance.Judge(e.Exchange, environment.ProfileOf(at.bic).Dialect)
}

// of returns with which bank an exchange was: by what its flow is about, and else by its
// address. It is empty where neither tells.
func (p *places) of(ctx context.Context, e storage.Exchange) (place, error) {
	at, err := p.ofFlow(ctx, e.FlowID)
	if err != nil || at.environment != "" {
		return at, err
	}
	longest := 0
	for _, one := range p.environments {
		if named, said := one.BankAt(e.URL); said > longest {
			longest, at = said, place{one.ID, named.ID, named.Name}
		}
	}
	return at, nil
}

// ofWhole returns with which bank a flow was; of one that led to no consent and no payment
// its newest exchange tells.
func (p *places) ofWhole(ctx context.Context, id string) (place, error) {
	newest, err := p.store.Exchanges(ctx, storage.ExchangeQuery{FlowID: &id}, 1)
	if err != nil || len(newest) == 0 {
		return place{}, err
	}
	return p.of(ctx, newest[0])
}

func (p *places) ofFlow(ctx context.Context, id string) (place, error) {
	if at, known := p.flows[id]; known || id == "" || id == bank.DirectoryFlow {
		return at, nil
	}
	at, err := flowPlace(ctx, p.store, id)
	if err == nil {
		p.flows[id] = at
	}
	return at, err
}

func flowPlace(ctx context.Context, store *storage.Store, id string) (place, error) {
	fork, err := store.Fork(ctx, id)
	if err == nil {
		return flowPlace(ctx, store, fork.Root)
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	c, err := store.Consent(ctx, id)
	if err == nil {
		return place{environment: c.EnvironmentID, bic: c.BIC, bank: c.BankName}, nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	payment, err := store.Payment(ctx, id)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return place{}, err
	}
	return place{environment: payment.EnvironmentID, bic: payment.BIC, bank: payment.BankName}, nil
}

func (p *places) environment(id string) (storage.Environment, bool) {
	for _, one := range p.environments {
		if one.ID == id {
			return one, true
		}
	}
	return storage.Environment{}, false
}
