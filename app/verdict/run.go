package verdict

import (
	"context"
	"errors"
	"slices"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Progress is how far a run is that asks what an environment lets anybody ask who only reads.
type Progress struct {
	Environment string
	Scope       Scope // of the report on it
	StartedAt   time.Time
	EndedAt     time.Time // zero while it runs
	Stopped     bool      // by the person
	Done, Total int       // questions; more may come once accounts are known
	Bank        string    // that is asked; empty for the directory
	Step        string    // what is asked, by the id of the operation

	Answered int
	Refused  int
	Skipped  []Skipped
}

// Running reports whether more is asked.
func (p Progress) Running() bool { return p.EndedAt.IsZero() }

// Skipped is a question that was not asked.
type Skipped struct {
	Bank, Step string
	Why        SkippedWhy
}

// SkippedWhy is why a question was not asked.
type SkippedWhy string

// The reasons.
const (
	SkippedQuota  SkippedWhy = "quota"  // it would have been one read too many without the person
	SkippedEnded  SkippedWhy = "ended"  // the consent ended meanwhile
	SkippedPerson SkippedWhy = "person" // the bank speaks of this with the person alone, who is not there
	SkippedOther  SkippedWhy = "other"  // something failed here before the bank was asked
)

// run is a run that is under way, or was the last.
type run struct {
	Progress
	stop context.CancelFunc
}

// ErrNothingToAsk is returned where an environment has no directory, and nothing is linked
// or was paid there.
var ErrNothingToAsk = errors.New("verdict: there is nothing to ask")

// Begin begins a run at an environment in the background, for the person. Where one is under
// way, that goes on.
func (v *Verdicts) Begin(ctx context.Context, environmentID string, person *xs2a.PSU) error {
	r, asked, err := v.prepare(ctx, environmentID, person)
	if err != nil || r == nil {
		return err
	}
	v.Run(func(ctx context.Context) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		v.change(r, func() {
			if r.stop = stop; r.Stopped { // before it began
				stop()
			}
		})
		v.carryOut(ctx, r, asked)
	})
	return nil
}

// Check carries out a run without a person, and returns its report.
func (v *Verdicts) Check(ctx context.Context, environmentID string) (Report, Progress, error) {
	r, asked, err := v.prepare(ctx, environmentID, nil)
	if err != nil {
		return Report{}, Progress{}, err
	}
	v.carryOut(ctx, r, asked)
	if err := ctx.Err(); err != nil {
		return Report{}, r.Progress, err
	}
	report, err := v.Report(ctx, r.Scope)
	return report, r.Progress, err
}

// Stop stops the run at an environment; what was asked stays asked.
func (v *Verdicts) Stop(environmentID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.runs[environmentID]
	if r == nil || !r.Running() {
		return
	}
	if r.Stopped = true; r.stop != nil {
		r.stop()
	}
}

// Progress returns how far the run at an environment is, or the last was; nil: there was none
// since the program's start.
func (v *Verdicts) Progress(environmentID string) *Progress {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.runs[environmentID]
	if r == nil {
		return nil
	}
	now := r.Progress
	now.Skipped = slices.Clone(now.Skipped)
	return &now
}

// prepare finds out what is to be asked; no run is returned where one is under way.
func (v *Verdicts) prepare(ctx context.Context, environmentID string, person *xs2a.PSU) (*run, []question, error) {
	environment, err := v.Store.Environment(ctx, environmentID)
	if err != nil {
		return nil, nil, err
	}
	asked, err := v.questions(ctx, environment, person)
	if err != nil {
		return nil, nil, err
	}
	if len(asked) == 0 {
		return nil, nil, ErrNothingToAsk
	}
	if err := v.Flush(ctx); err != nil {
		return nil, nil, err
	}
	after, err := v.Store.LatestExchange(ctx)
	if err != nil {
		return nil, nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if before := v.runs[environmentID]; before != nil && before.Running() {
		return nil, nil, nil
	}
	r := &run{Progress: Progress{Environment: environmentID, Scope: Scope{Environment: environmentID, After: after}, StartedAt: v.Now(), Total: len(asked)}}
	v.runs[environmentID] = r
	return r, asked, nil
}

func (v *Verdicts) change(r *run, do func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	do()
}

// carryOut asks one question after the other. A bank's refusal is an answer.
func (v *Verdicts) carryOut(ctx context.Context, r *run, asked []question) {
	for len(asked) > 0 && ctx.Err() == nil {
		one := asked[0]
		v.change(r, func() { r.Bank, r.Step = one.bank, one.step })
		more, err := one.ask(ctx)
		asked = append(more, asked[1:]...)
		v.change(r, func() {
			r.Done++
			r.Total += len(more)
			r.note(one, err)
		})
		if err != nil {
			v.Log.Debug("a question of a run was not answered as it should be", "step", one.step, "error", err)
		}
	}
	v.change(r, func() { r.EndedAt = v.Now() })
}

func (p *Progress) note(one question, err error) {
	var bank *xs2a.Error
	switch why := skippedWhy(err); {
	case err == nil:
		p.Answered++
	case errors.As(err, &bank):
		p.Refused++
	case !errors.Is(err, context.Canceled):
		p.Skipped = append(p.Skipped, Skipped{one.bank, one.step, why})
	}
}

func skippedWhy(err error) SkippedWhy {
	var quota *storage.QuotaError
	switch {
	case errors.As(err, &quota):
		return SkippedQuota
	case errors.Is(err, storage.ErrEnd):
		return SkippedEnded
	case errors.Is(err, failure.ErrLeft), errors.Is(err, errAlone):
		return SkippedPerson
	}
	return SkippedOther
}
