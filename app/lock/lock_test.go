package lock_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/app/lock"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a"
)

var began = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

// world is an open data folder with a lock.
type world struct {
	*testing.T
	dir   string
	key   *secret.Box
	store *storage.Store
	now   time.Time
	*lock.Lock
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, now: began}
	w.dir, w.key = fresh.Folder(t)
	clock := func() time.Time { return w.now }
	var err error
	if w.store, err = storage.Open(t.Context(), w.dir, w.key, clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	if w.Lock, err = lock.New(t.Context(), lock.Config{Store: w.store, Key: w.key, Now: clock}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) protect(passphrase string) {
	w.Helper()
	if err := w.Set(nil, []byte(passphrase), []byte(passphrase)); err != nil {
		w.Fatal(err)
	}
}

// at says which field an error is about, and what is wrong there.
func at(err error) (field, code string) {
	var failed *failure.Error
	if errors.As(err, &failed) {
		for field, reason := range failed.Fields {
			return field, reason.Code
		}
	}
	return "", ""
}

// TestPassphraseIsChosen says what is wrong at its field, and sets, changes and takes away what is right.
func TestPassphraseIsChosen(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct{ passphrase, again, field, code string }{
		"nothing":      {"", "", "passphrase", failure.PassphraseShort},
		"seven":        {"sieben!", "sieben!", "passphrase", failure.PassphraseShort},
		"seven of two": {"ააააააა", "ააააააა", "passphrase", failure.PassphraseShort},
		"too long":     {strings.Repeat("a", 1025), strings.Repeat("a", 1025), "passphrase", failure.PassphraseLong},
		"another":      {"eight letters", "eight Letters", "again", failure.PassphraseDiffers},
	} {
		if field, code := at(w.Set(nil, []byte(test.passphrase), []byte(test.again))); field != test.field || code != test.code || w.Protected() {
			t.Errorf("%s: %s at %s", name, code, field)
		}
	}
	w.protect("eight letters")
	if field, code := at(w.Set([]byte("wrong one"), []byte("nine letters"), []byte("nine letters"))); field != "current" || code != failure.PassphraseWrong {
		t.Errorf("%s at %s", code, field)
	}
	if err := w.Set([]byte("eight letters"), []byte("nine letters"), []byte("nine letters")); err != nil {
		t.Error(err)
	}
	if field, code := at(w.Try([]byte("eight letters"))); field != "passphrase" || code != failure.PassphraseWrong {
		t.Errorf("the former one: %s at %s", code, field)
	}
	if field, code := at(w.TakeAway([]byte("eight letters"))); field != "current" || code != failure.PassphraseWrong || !w.Protected() {
		t.Errorf("%s at %s", code, field)
	}
	if field, code := at(w.TakeAway([]byte("still wrong"))); code != failure.PassphraseWrong {
		t.Errorf("%s at %s", code, field)
	}
	if field, code := at(lock.Tried(&secret.WaitError{For: time.Minute}, "current")); field != "current" || code != failure.PassphraseWait {
		t.Errorf("%s at %s while another has to wait", code, field) // when that is, is held beside the clock of it, in secret
	}
}

// TestLocksByItself is when a program locks without being told to, one line for each way in which time passes.
func TestLocksByItself(t *testing.T) {
	const after = 5 * time.Minute
	w := newWorld(t)
	w.protect("eight letters")
	for name, test := range map[string]struct {
		after  time.Duration
		passes func(w *world)
		locks  bool
	}{
		"nothing is done": {after, func(w *world) { w.now = w.now.Add(after) }, true},
		"not long enough": {after, func(w *world) { w.now = w.now.Add(after - time.Second) }, false},
		"something is done": {after, func(w *world) {
			w.now = w.now.Add(after - time.Second)
			w.Active()
			w.now = w.now.Add(after - time.Second)
		}, false},
		"the machine slept for a night": {after, func(w *world) { w.now = w.now.Add(9 * time.Hour) }, true},
		"the clock is set a bit back":   {after, func(w *world) { w.now = w.now.Add(-time.Second) }, false},
		"the clock is set a day back":   {after, func(w *world) { w.now = w.now.AddDate(0, 0, -1) }, true},
		"never":                         {0, func(w *world) { w.now = w.now.AddDate(1, 0, 0) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w.now = began
			if err := w.Choose(t.Context(), lock.Choice{After: test.after}); err != nil {
				t.Fatal(err)
			}
			test.passes(w)
			if w.Look(); w.Locks() != test.locks {
				t.Errorf("locks: %v", w.Locks())
			}
			if w.Opened(); w.Locks() {
				t.Error("is locked again as soon as it was opened")
			}
		})
	}
}

// Without a passphrase nothing is ever locked.
func TestNothingLocksWithoutAPassphrase(t *testing.T) {
	w := newWorld(t)
	if err := w.Choose(t.Context(), lock.Choice{After: time.Minute}); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Hour)
	w.Look()
	if w.Now(); w.Locks() || w.After() != 0 {
		t.Error("it is locked, and nothing opens it")
	}
}

// What the person chose is kept; a time that is none of those offered is refused.
func TestChoiceIsKept(t *testing.T) {
	w := newWorld(t)
	chosen := lock.Choice{After: 15 * time.Minute, ReadsGoOn: true}
	if err := w.Choose(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Choice(t.Context()); err != nil || got != chosen {
		t.Errorf("%v, %v", got, err)
	}
	for _, after := range []time.Duration{-time.Minute, time.Second, 48 * time.Hour} {
		if field, _ := at(w.Choose(t.Context(), lock.Choice{After: after})); field != "after" {
			t.Errorf("%s is taken", after)
		}
	}
}

// TestLetters keeps the returns that are waited for, each once, sealed, and gives them back to who has the key.
func TestLetters(t *testing.T) {
	w := newWorld(t)
	consent := storage.Consent{ID: "c1", EnvironmentID: "e", BIC: "X", BankName: "X", CreatedAt: began}
	auth := storage.Authorisation{ID: "a1", Subject: storage.Subject{Kind: storage.SubjectConsent, ID: "c1"}, Secret: storage.Secret{State: "waited-for"}, Step: xs2a.StepRedirect}
	if err := errors.Join(w.store.PutEnvironment(t.Context(), storage.Environment{ID: "e", Name: "E"}), w.store.AddConsent(t.Context(), consent), w.store.AddAuthorisation(t.Context(), auth)); err != nil {
		t.Fatal(err)
	}
	letters, err := w.Letterbox(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		state, code string
		kept        bool
	}{{"made up", "x", false}, {"", "x", false}, {"waited-for", strings.Repeat("x", 20_000), false}, {"waited-for", "hush-code", true}, {"waited-for", "another", false}} {
		if kept, err := letters.Take(url.Values{"state": {test.state}, "code": {test.code}}, xs2a.PSU{UserAgent: "a browser"}); err != nil || kept != test.kept {
			t.Errorf("%q: kept %v, %v", test.state, kept, err)
		}
	}
	path := filepath.Join(w.dir, folder.Letters)
	written, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(written), "hush") {
		t.Fatal(string(written), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, append(written, "cut sho"...), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := lock.Letters(w.dir, w.key)
	if err != nil || len(got) != 1 || got[0].Values.Get("code") != "hush-code" || got[0].Person.UserAgent != "a browser" {
		t.Errorf("%v, %v", got, err)
	}
	if err := lock.ForgetLetters(w.dir); err != nil {
		t.Error(err)
	}
	if got, err := lock.Letters(w.dir, w.key); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}
