// Package alert tells a person of what they chose to be told of: a balance below an amount, a debit above one, an income
// that came, a bank that fails, what waits for them.
//
// It promises that each occurrence is told once, however often a bank sends it and whenever the program is killed; that
// nothing is told of what was there before somebody asked, nor by a figure that is not up to date; and that a rule that
// cannot be judged says so.
package alert

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/storage"
)

// Config is what Alerts are made of; they use nothing else of the program.
type Config struct {
	Store    *storage.Store
	Log      *slog.Logger
	Holdings *holding.Holdings
	NowAt    func(environmentID string) time.Time
	// Waiting lists what waits for the person's approval.
	Waiting func(ctx context.Context) ([]Waiting, error)
	// Reading reports whether something is being fetched.
	Reading func() bool
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
}

// Waiting is something that waits for the person's approval.
type Waiting struct {
	About     string // the thing
	ConsentID string
	PaymentID string
	Renewal   bool // a consent has to be renewed: reminders tell of it on the desktop
}

// Alerts are what a person is told of. They are safe for concurrent use.
type Alerts struct {
	Config
	fresh chan struct{} // something may be to be told

	mu sync.Mutex // held while rules are judged: what stood before and what is told by it belong together
}

// New returns Alerts.
func New(c Config) *Alerts { return &Alerts{Config: c, fresh: make(chan struct{}, 1)} }

// All lists what was told, the newest first.
func (a *Alerts) All(ctx context.Context) ([]storage.Alert, error) { return a.Store.Alerts(ctx) }

// Open lists what was told and the person has not said that they know.
func (a *Alerts) Open(ctx context.Context) (open []storage.Alert, err error) {
	all, err := a.Store.Alerts(ctx)
	for _, one := range all {
		if one.SeenAt.IsZero() {
			open = append(open, one)
		}
	}
	return open, err
}

// Seen notes that the person knows of an alert, and of those of its rule before; zero: of all of them.
func (a *Alerts) Seen(ctx context.Context, id int64) error { return a.Store.SetAlertSeen(ctx, id) }

// Fetched judges what a fetch brought, or that it failed.
func (a *Alerts) Fetched(ctx context.Context, job fetch.Job) {
	if err := a.judge(ctx, job.ConsentID, &job); err != nil && ctx.Err() == nil {
		a.Log.Warn("alerts were not judged", "error", err)
	}
}

// Judge judges what no fetch is needed for, and what a fetch left that was cut off by the end of the program.
func (a *Alerts) Judge(ctx context.Context) error {
	if a.Reading() {
		return nil // its end judges
	}
	return a.judge(ctx, "", nil)
}

// judge judges all rules after a fetch under a consent, or without one.
func (a *Alerts) judge(ctx context.Context, consentID string, job *fetch.Job) error {
	rules, err := a.Store.AlertRules(ctx)
	if err != nil || len(rules) == 0 {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.wake()
	if err := a.Store.JudgeAlerts(ctx, consentID); err != nil {
		return err
	}
	for _, rule := range rules {
		switch {
		case rule.Kind == storage.AlertBalance:
			_, err = a.judgeBalance(ctx, rule)
		case rule.Kind == storage.AlertBank && job != nil:
			err = a.judgeBank(ctx, rule, *job)
		case rule.Kind == storage.AlertApproval:
			err = a.judgeApprovals(ctx, rule)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Alerts) wake() {
	select {
	case a.fresh <- struct{}{}:
	default:
	}
}

// lookEvery is how often it is looked whether something is to be told that nobody woke for.
const lookEvery = time.Minute

// Keep has alerts shown on the desktop, each once, until the program ends. They are noted as told before, so that a crash
// between the two cannot bring one twice; what cannot be shown stands on the overview.
func (a *Alerts) Keep(notify func([]storage.Alert) error) {
	a.Run(func(ctx context.Context) {
		for {
			if err := a.tell(ctx, notify); err != nil && ctx.Err() == nil {
				a.Log.Error("alerts", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-a.fresh:
			case <-time.After(lookEvery):
			}
		}
	})
}

func (a *Alerts) tell(ctx context.Context, notify func([]storage.Alert) error) error {
	all, err := a.Store.TellAlerts(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	if err := notify(all); err != nil {
		a.Log.Debug("an alert was not shown on the desktop", "error", err)
	}
	return nil
}
