// Package lock is when the program is locked, by what passphrase, and what is kept that comes meanwhile.
//
// A Lock is of one open data folder. It asks for the program to be locked, because the person did or because they did
// nothing for a while; whoever runs the program then shows nothing more, and erases the key unless the person wants
// scheduled reads to go on. That no wrong passphrase is tried too soon after another holds in package secret, whoever asks.
package lock

import (
	"context"
	"errors"
	"math"
	"strconv"
	"sync"
	"time"

	"consentry/app/failure"
	"consentry/app/secret"
	"consentry/storage"
)

// Config is what a Lock is made of.
type Config struct {
	Store *storage.Store
	Key   *secret.Box
	Now   func() time.Time // nil: the system's clock
}

// Lock locks the program. It is safe for concurrent use.
type Lock struct {
	store *storage.Store
	key   *secret.Box
	now   func() time.Time

	mu     sync.Mutex
	active time.Time     // when the person did something last
	after  time.Duration // without them doing anything; zero: never
	asked  chan struct{} // closed when the program is to be locked
}

// Choice is what the person wants of the lock.
type Choice struct {
	After     time.Duration // how long nothing is done before it locks by itself; zero: it does not
	ReadsGoOn bool          // scheduled reads go on while it is locked, and the key stays in memory
}

// Afters are the times a person can choose from.
var Afters = []time.Duration{0, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

const (
	afterSetting = "lock-after" // minutes
	readsSetting = "lock-reads"
)

// New returns the lock of an open data folder. The person is there: they have just opened it.
func New(ctx context.Context, c Config) (*Lock, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	l := &Lock{store: c.Store, key: c.Key, now: c.Now, asked: make(chan struct{})}
	l.active = l.wall()
	choice, err := l.Choice(ctx)
	l.after = choice.After
	return l, err
}

// wall is the time by the clock on the wall: the other stands still while a machine sleeps.
func (l *Lock) wall() time.Time { return l.now().Round(0) }

// Protected reports whether there is a passphrase. Without one nothing is ever locked.
func (l *Lock) Protected() bool { return l.key.Protected() }

// KeyFile is the file the key lies in; empty where the system's keyring has it.
func (l *Lock) KeyFile() string { return l.key.File() }

// PlainLeft reports whether a copy of the key without the passphrase is left in the system's keyring, which did not answer.
func (l *Lock) PlainLeft() bool { return l.key.PlainLeft() }

// Choice returns what the person wants of the lock.
func (l *Lock) Choice(ctx context.Context) (Choice, error) {
	after, err := l.store.Setting(ctx, afterSetting)
	if err != nil {
		return Choice{}, err
	}
	reads, err := l.store.Setting(ctx, readsSetting)
	minutes, malformed := strconv.Atoi(after)
	if malformed != nil || minutes < 0 || minutes > 24*60 {
		minutes = 0
	}
	return Choice{After: time.Duration(minutes) * time.Minute, ReadsGoOn: reads == "on"}, err
}

// Choose keeps what the person wants of the lock.
func (l *Lock) Choose(ctx context.Context, c Choice) error {
	known := false
	for _, after := range Afters {
		known = known || after == c.After
	}
	if !known {
		return failure.Field("after", failure.ChooseFromList)
	}
	reads := ""
	if c.ReadsGoOn {
		reads = "on"
	}
	if err := errors.Join(l.store.SetSetting(ctx, readsSetting, reads), l.store.SetSetting(ctx, afterSetting, strconv.Itoa(int(c.After/time.Minute)))); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.after, l.active = c.After, l.wall()
	return nil
}

// Set has a passphrase protect the key, in the place of the current one where there is one. What is wrong with what was
// typed is an error with fields: current, passphrase, again.
func (l *Lock) Set(current, passphrase, again []byte) error {
	if err := Fit(passphrase, again); err != nil {
		return err
	}
	if l.Protected() {
		if err := l.Check(current); err != nil {
			return err
		}
	}
	return l.key.Protect(passphrase)
}

// Fit says what is wrong with a passphrase that is chosen, and typed once more: an error with fields, passphrase or again.
func Fit(passphrase, again []byte) error {
	if reason := unfit(passphrase); reason.Given() {
		return failure.Unchanged(map[string]storage.Reason{"passphrase": reason})
	}
	if string(passphrase) != string(again) {
		return failure.Unchanged(map[string]storage.Reason{"again": {Code: failure.PassphraseDiffers}})
	}
	return nil
}

func unfit(passphrase []byte) storage.Reason {
	switch {
	case len(passphrase) > secret.LongestPassphrase:
		return storage.Reason{Code: failure.PassphraseLong, Of: secret.LongestPassphrase}
	case !secret.Fits(passphrase):
		return storage.Reason{Code: failure.PassphraseShort, Of: secret.ShortestPassphrase}
	}
	return storage.Reason{}
}

// TakeAway takes the passphrase away. Nothing is locked from then on.
func (l *Lock) TakeAway(current []byte) error {
	if err := l.Check(current); err != nil {
		return err
	}
	return l.key.Unprotect()
}

// Check tries the passphrase before something is done that takes it. What is wrong is an error at the field current.
func (l *Lock) Check(current []byte) error {
	failed := Tried(l.key.Check(current), "current")
	if known := (*failure.Error)(nil); errors.As(failed, &known) {
		known.Effect = failure.NothingChanged
	}
	return failed
}

// Try tries the passphrase of a lock whose key stayed in memory. What is wrong is an error at the field passphrase.
func (l *Lock) Try(passphrase []byte) error { return Tried(l.key.Check(passphrase), "passphrase") }

// Tried is what is said, at a field, of a passphrase that was tried.
func Tried(err error, field string) error {
	if reason := reasonOf(err); reason.Given() {
		return failure.Invalid(map[string]storage.Reason{field: reason})
	}
	return err
}

func reasonOf(err error) storage.Reason {
	if wait := (*secret.WaitError)(nil); errors.As(err, &wait) {
		return storage.Reason{Code: failure.PassphraseWait, Number: max(1, int(math.Ceil(wait.For.Seconds())))}
	}
	if errors.Is(err, secret.ErrPassphrase) {
		return storage.Reason{Code: failure.PassphraseWrong}
	}
	return storage.Reason{}
}

// Active notes that the person did something. That a page is open, or asks for news by itself, is nothing they did.
func (l *Lock) Active() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = l.wall()
}

// After is how long nothing is done before it locks by itself; zero where it does not.
func (l *Lock) After() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.Protected() {
		return 0
	}
	return l.after
}

// Now asks for the program to be locked; without a passphrase nothing happens.
func (l *Lock) Now() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Protected() && !closed(l.asked) {
		close(l.asked)
	}
}

// Asked is closed when the program is to be locked.
func (l *Lock) Asked() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

// Opened notes that a lock whose key stayed in memory was opened again: the person is there.
func (l *Lock) Opened() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked, l.active = make(chan struct{}), l.wall()
}

// Locks reports whether the program is to be locked, or is.
func (l *Lock) Locks() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return closed(l.asked)
}

func closed(asked chan struct{}) bool {
	select {
	case <-asked:
		return true
	default:
		return false
	}
}

// longestLook is how long after its time it may lock at the latest: timers stand still while a machine sleeps, so the clock
// is looked at this often.
const longestLook = 2 * time.Second

// setBack is by how much a clock may go back, as those that are set by the network do, before it says nothing any more of how
// long nobody was there.
const setBack = time.Minute

// Keep locks when the person has done nothing for as long as they chose, until the context ends.
func (l *Lock) Keep(ctx context.Context) {
	for {
		look := time.NewTimer(l.Look())
		select {
		case <-ctx.Done():
			look.Stop()
			return
		case <-look.C:
		}
	}
}

// Look locks if it is time, and returns when to look again.
func (l *Lock) Look() time.Duration {
	after := l.After()
	if after == 0 {
		return longestLook
	}
	l.mu.Lock()
	idle := l.wall().Sub(l.active)
	l.mu.Unlock()
	if idle >= after || idle < -setBack {
		l.Now()
		return longestLook
	}
	return min(after-idle, longestLook)
}
