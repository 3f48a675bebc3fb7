// Package app is what a person can do with Consentry: find a bank, give it a
// consent to share data, see accounts, and end the consent again.
//
// The screens call an [App] and its parts; it speaks to banks through xs2a and keeps
// what it learns in storage. It and its parts are the only callers of storage's writes.
// Which banks there are is package bank's, how something is authorised there is package
// sca's, reading under a consent is package fetch's, what came of it that a person holds
// package holding's, what a file brings package imports's, what they add to it package own's, what was said on the way package
// activity's, when consents have to be
// renewed package remind's, what else they want to be told of package alert's, and what time it is package clock's. What has to survive a
// crash is stored before the step that may crash: a consent before the bank is asked for
// it, an authorisation before the bank's page opens, an account's data whole or not at all.
package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"consentry/app/activity"
	"consentry/app/alert"
	"consentry/app/bank"
	"consentry/app/clock"
	"consentry/app/draft"
	"consentry/app/export"
	"consentry/app/fault"
	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/app/imports"
	"consentry/app/own"
	"consentry/app/pay"
	"consentry/app/quirk"
	"consentry/app/recording"
	"consentry/app/remind"
	"consentry/app/sca"
	"consentry/app/turn"
	"consentry/app/verdict"
	"consentry/storage"
	"consentry/xs2a"
)

// Person is the one before the screen: calls they ask for are attended.
type Person = xs2a.PSU

// Config is what an App is made of.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger     // nil: nothing is logged
	Now   func() time.Time // nil: the system's clock
	// Uptime returns how long the machine has run, which setting its clock does not change; nil: the system's.
	Uptime func() time.Duration
	// Pause is the first wait before a bank is asked again whether an approval or a
	// refresh is done. For an approval later waits grow to five times as long, and
	// to sixty times while no page is open. Zero: one second.
	Pause time.Duration
	// WrapTransport puts something between the program and the network of an
	// environment; nil puts nothing there.
	WrapTransport func(network http.RoundTripper) http.RoundTripper
	// Grace is how long Close waits for work that does not end. Zero: ten seconds.
	Grace time.Duration
	// Patience is how long a person waits for the end of an erasure before it goes on without
	// them. Zero: four seconds.
	Patience time.Duration
	// Bounds end a read of an account that does not end by itself. Zero: the usual.
	Bounds xs2a.ReadBounds
	// WholeAnswers has the record keep answers whole, up to 1 MiB each, so that a recording of them can be
	// played back.
	WholeAnswers bool
	// CallbackURL is where banks send the person back to, unless an
	// environment has an address of its own registered.
	CallbackURL string
	// ListenCallback makes the program answer at an address registered for an
	// environment; it is called before each use and may be called twice.
	ListenCallback func(address string) error
	// Control is the address of the practice banks' control, which keeps their
	// clock and has things go wrong there; empty without practice banks.
	Control string
}

// App is the program without its screens. It is safe for concurrent use.
type App struct {
	store         *storage.Store
	log           *slog.Logger
	now           func() time.Time
	pause         time.Duration
	grace         time.Duration
	patience      time.Duration
	wrapTransport func(http.RoundTripper) http.RoundTripper
	control       string // of the practice banks inside the program; empty without them

	background context.Context // ends with Close
	stop       context.CancelFunc
	running    sync.WaitGroup
	recording  sync.WaitGroup // ends after all else: its exchanges are recorded, too
	endRecord  context.CancelFunc

	clock     *clock.Clock
	reader    *fetch.Reader
	holdings  *holding.Holdings
	own       *own.Things
	exports   *export.Exports
	reminders *remind.Reminders
	alerts    *alert.Alerts
	record    *activity.Record
	drafts    *draft.Drafts
	banks     *bank.Registry
	sca       *sca.Process
	payments  *pay.Payments
	presence  *presence
	quirks    *quirk.Quirks
	verdicts  *verdict.Verdicts
	imports   *imports.Imports
	brought   *recording.Recordings
	faults    *fault.Faults
	accounts  turn.Turns[int64]   // of those that write many transactions of one
	asking    turn.Turns[bankID]  // for consents
	comparing turn.Turns[bankID]  // consents with what their bank says
	deleting  turn.Turns[string]  // with the approval of a deletion, by consent
	erasing   singleflight.Group  // data, by consent
	staging   *semaphore.Weighted // the practice world is reset or set

	mu            sync.Mutex
	acknowledging map[string]bool    // consents whose bank is being told of their end, or asked about it
	atBank        map[task]bool      // what is being done at banks without the person
	unheard       map[string]unheard // consents about which a bank was asked without an answer

	masking masking

	indexMu sync.Mutex
	index   *consentIndex // nil before it was read
}

// New returns an App on an open store.
func New(c Config) *App {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Pause == 0 {
		c.Pause = usualPause
	}
	if c.Grace == 0 {
		c.Grace = usualGrace
	}
	if c.Patience == 0 {
		c.Patience = usualPatience
	}
	if c.Bounds == (xs2a.ReadBounds{}) {
		c.Bounds = xs2a.UsualReadBounds
	}
	if c.WrapTransport == nil {
		c.WrapTransport = func(network http.RoundTripper) http.RoundTripper { return network }
	}
	if c.ListenCallback == nil {
		c.ListenCallback = func(string) error { return nil }
	}
	a := &App{
		store: c.Store, log: c.Log, now: c.Now, pause: c.Pause, grace: c.Grace, patience: c.Patience, wrapTransport: c.WrapTransport,
		control: c.Control, staging: semaphore.NewWeighted(1),
		acknowledging: map[string]bool{}, atBank: map[task]bool{}, unheard: map[string]unheard{},
	}
	a.presence = &presence{now: a.now}
	a.background, a.stop = context.WithCancel(context.Background())
	a.banks = bank.New(bank.Config{
		Store: a.store, Log: a.log, Now: a.now, Transport: a.transport, CallbackURL: c.CallbackURL, ListenCallback: c.ListenCallback,
		AskedFor: a.askedFor, Over: a.borneOver, Flush: a.flushRecord, Explain: a.explainBy, Run: a.run,
		Control: c.Control,
	})
	a.clock = clock.New(clock.Config{
		Store: a.store, Log: a.log, Now: a.now, Uptime: c.Uptime, Control: c.Control,
		Practice: a.banks.IsPractice, PracticeIDs: a.banks.PracticeIDs, Moved: a.passTime,
	})
	a.sca = sca.New(sca.Config{
		Store: a.store, Log: a.log, Now: a.now, NowAt: a.clock.NowAt, Pause: a.pause, Presence: a.presence,
		Subject: a.subjectOf, Client: a.client, ReturnAddress: a.banks.ReturnAddress, AddressNow: a.banks.AddressNow, Explain: a.explain,
		Run: a.run, Hold: a.hold,
	})
	a.quirks = quirk.New(quirk.Config{Store: a.store, Now: a.now, Flush: a.flushRecord})
	a.reader = fetch.New(fetch.Config{
		Store: a.store, Log: a.log, Clock: a.clock, Pause: a.pause, Bounds: c.Bounds, Presence: a.presence, Accounts: &a.accounts,
		Client: a.clientUnder, Call: a.callUnder, Learn: a.learn, Unattended: a.unattended, Corrected: a.corrected, Explain: a.explainBy, Run: a.run,
		Ended: func(ctx context.Context, job fetch.Job) { a.alerts.Fetched(ctx, job) },
	})
	a.payments = pay.New(pay.Config{
		Store: a.store, Log: a.log, Clock: a.clock, Pause: a.pause, Presence: a.presence, SCA: a.SCA,
		Bank: a.banks.Bank, Accounts: func(ctx context.Context) ([]storage.Account, error) { return a.holdings.Accounts(ctx) }, Client: a.client, Explain: a.explain, Run: a.run,
	})
	a.holdings = holding.New(holding.Config{
		Store: a.store, NowAt: a.clock.NowAt, Updated: a.Updated, SharesBalances: a.reader.SharesBalances, BeingRead: a.reader.BeingRead,
	})
	a.own = own.New(own.Config{Store: a.store, StoreAt: a.clock.StoreAt, NowAt: a.clock.NowAt})
	a.imports = imports.New(imports.Config{Store: a.store, Log: a.log, Clock: a.clock, Accounts: &a.accounts, Run: a.run, Patience: a.patience})
	a.faults = fault.New(c.Control)
	a.exports = export.New(export.Config{Store: a.store, Holdings: a.holdings, NowAt: a.clock.NowAt})
	a.record = activity.New(activity.Config{Store: a.store, Log: a.log, Now: a.now, NowAt: a.clock.NowAt, Reads: a.reader.Busy, Whole: c.WholeAnswers})
	a.drafts = draft.New(draft.Config{Store: a.store, Banks: a.banks, Record: a.record, Reader: a.reader, StoreAt: a.clock.StoreAt, Call: a.sca.Call, Explain: a.explainBy})
	a.reminders = remind.New(remind.Config{Store: a.store, Log: a.log, Clock: a.clock, Consents: a.indexed, Run: a.run})
	a.alerts = alert.New(alert.Config{Store: a.store, Log: a.log, Holdings: a.holdings, NowAt: a.clock.NowAt, Waiting: a.waiting, Reading: func() bool { return !a.reader.Idle() }, Run: a.run})
	a.brought = recording.New(recording.Config{Store: a.store, Log: a.log, Now: a.now, Banks: a.banks})
	a.verdicts = verdict.New(verdict.Config{
		Store: a.store, Log: a.log, Now: a.now, NowAt: a.clock.NowAt, Flush: a.record.Flush, Run: a.run, Quirks: a.quirks,
		Directory: a.directory, Consent: a.askingUnder, Payment: a.askingAbout,
	})
	keeping, end := context.WithCancel(context.Background())
	a.endRecord = end
	a.recording.Go(func() { a.record.Keep(keeping) })
	return a
}

// Close stops all work in the background and waits for it, but not for ever. What
// was under way is as it was before its last whole step, and stays so: the store
// takes nothing more from work that goes on when it is closed.
func (a *App) Close() {
	a.stop()
	over := time.Now().Add(a.grace)
	if !endsBy(over, &a.running) {
		a.log.Error("work in the background did not end and was left")
	}
	a.brought.Close()
	a.endRecord()
	if !endsBy(over.Add(a.grace), &a.recording) {
		a.log.Error("the record of exchanges did not end and was left")
	}
}

// usualPause is the pause after the first question to a bank that is not done yet.
const usualPause = time.Second

// usualPatience is more than it takes to erase what most people have.
const usualPatience = 4 * time.Second

// usualGrace is longer than any step of work takes: exchanges end when the work
// is stopped, and what a page holds is written in a second or two.
const usualGrace = 10 * time.Second

// endsBy waits for work until a time, and reports whether it has ended.
func endsBy(over time.Time, work *sync.WaitGroup) bool {
	ended := make(chan struct{})
	go func() {
		work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-time.After(time.Until(over)):
		return false
	}
}

// Clock is what time it is.
func (a *App) Clock() *clock.Clock { return a.clock }

// Reader reads accounts, balances and transactions under consents.
func (a *App) Reader() *fetch.Reader { return a.reader }

// Holdings is what the person holds at their banks.
func (a *App) Holdings() *holding.Holdings { return a.holdings }

// Own is what the person added to what banks tell.
func (a *App) Own() *own.Things { return a.own }

// Imports read transactions from files.
func (a *App) Imports() *imports.Imports { return a.imports }

// Exports write transactions into files.
func (a *App) Exports() *export.Exports { return a.exports }

// Faults has things go wrong at the practice banks.
func (a *App) Faults() *fault.Faults { return a.faults }

// Reminders tell when consents have to be renewed.
func (a *App) Reminders() *remind.Reminders { return a.reminders }

// Alerts tell of what the person chose to be told of.
func (a *App) Alerts() *alert.Alerts { return a.alerts }

// Record is what went over the wire.
func (a *App) Record() *activity.Record { return a.record }

// Drafts are requests that the person writes from recorded ones.
func (a *App) Drafts() *draft.Drafts { return a.drafts }

// Recordings are what others recorded.
func (a *App) Recordings() *recording.Recordings { return a.brought }

// Verdicts say whether what went over the wire keeps to the official definitions.
func (a *App) Verdicts() *verdict.Verdicts { return a.verdicts }

// Quirks are what is known of how banks do things.
func (a *App) Quirks() *quirk.Quirks { return a.quirks }

// Banks is which banks there are and how they are spoken to.
func (a *App) Banks() *bank.Registry { return a.banks }

// SCA is the process in which a person authorises something at a bank.
func (a *App) SCA() *sca.Process { return a.sca }

// Payments are what the person pays.
func (a *App) Payments() *pay.Payments { return a.payments }

// UseSandbox points environments to practice banks, and takes over their clock.
func (a *App) UseSandbox(ctx context.Context, environments ...storage.Environment) error {
	if err := a.banks.UsePractice(ctx, environments...); err != nil {
		return err
	}
	return a.clock.Read(ctx)
}

// transport returns what lies between a client and the network, recorded closest to the
// wire. Banks' clocks are heard there, but not of practice banks, which have this machine's.
func (a *App) transport(reach xs2a.Reach, practice bool) (http.RoundTripper, error) {
	network, err := xs2a.Transport(reach)
	if err != nil {
		return nil, err
	}
	recorded := a.record.Over(a.wrapTransport(network))
	if practice {
		return recorded, nil
	}
	return a.clock.Over(reach, recorded), nil
}

// run does work in the background until it is done or the App is closed.
func (a *App) run(work func(ctx context.Context)) {
	done := a.hold()
	go func() {
		defer done()
		work(a.background)
	}()
}

// hold has Close wait for what is done until it is called off.
func (a *App) hold() (done func()) {
	a.running.Add(1)
	return a.running.Done
}
