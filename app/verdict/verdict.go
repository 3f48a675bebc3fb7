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
	"log/slog"
	"sync"
	"time"

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
