package app

import (
	"context"
	"errors"
	"sync"

	"consentry/storage"
)

// What the program does at banks by itself is done for each bank apart, so that
// one that does not answer delays no other.

// duty is a kind of such work.
type duty string

const (
	settling duty = "settling" // see settle
	fetching duty = "fetching" // see fetchDue
)

// banksAtOnce is at how many banks a duty is done at the same time.
const banksAtOnce = 16

// bankID names a bank of an environment.
type bankID struct{ environmentID, bic string }

// task is a duty at a bank. It is done once at a time.
type task struct {
	duty duty
	bank bankID
}

// bankWork is what a bank may have to do with.
type bankWork struct {
	unsettled, live []storage.Consent
}

// atBanks begins duties at all banks, at each one after the other. One that is
// still being done at a bank is not begun there again.
func (a *App) atBanks(ctx context.Context, failed func(error), duties ...duty) *sync.WaitGroup {
	var all sync.WaitGroup
	work, err := a.workAtBanks(ctx)
	if err != nil {
		failed(err)
		return &all
	}
	slots := map[duty]chan struct{}{}
	for _, of := range duties {
		slots[of] = make(chan struct{}, banksAtOnce)
	}
	for at, of := range work {
		all.Add(1)
		release := a.hold()
		go func() {
			defer release()
			defer all.Done()
			for _, duty := range duties {
				if err := a.once(ctx, task{duty, at}, slots[duty], of); err != nil {
					failed(err)
				}
			}
		}()
	}
	return &all
}

// workAtBanks sorts the consents that may need something by their bank.
func (a *App) workAtBanks(ctx context.Context) (map[bankID]bankWork, error) {
	unsettled, err := a.store.UnsettledConsents(ctx)
	if err != nil {
		return nil, err
	}
	live, err := a.store.LiveConsents(ctx)
	work := map[bankID]bankWork{}
	for _, c := range unsettled {
		at := bankID{c.EnvironmentID, c.BIC}
		one := work[at]
		one.unsettled = append(one.unsettled, c)
		work[at] = one
	}
	for _, c := range live {
		at := bankID{c.EnvironmentID, c.BIC}
		one := work[at]
		one.live = append(one.live, c)
		work[at] = one
	}
	return work, err
}

// once does a duty at a bank when there is a slot, unless it is being done.
func (a *App) once(ctx context.Context, t task, slots chan struct{}, work bankWork) error {
	a.mu.Lock()
	busy := a.atBank[t]
	a.atBank[t] = true
	a.mu.Unlock()
	if busy {
		return nil
	}
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.atBank, t)
	}()
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if t.duty == settling {
		return a.settle(ctx, work)
	}
	return a.fetchDue(ctx, work)
}

// failures collects what went wrong at several banks.
type failures struct {
	mu  sync.Mutex
	all error
}

func (f *failures) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = errors.Join(f.all, err)
}

func (f *failures) joined() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all
}
