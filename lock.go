package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/lock"
	"consentry/app/secret"
	"consentry/frontend"
	"consentry/storage"
)

// unlocking asks for the passphrase that protects a key until it is the right one.
type unlocking func(context.Context, *secret.Locked) (*secret.Box, error)

// neverUnlocked is for where nobody can be asked.
func neverUnlocked(_ context.Context, locked *secret.Locked) (*secret.Box, error) { return nil, locked }

// loadKey returns the key of a data folder, with the person's help where a passphrase protects it, or a [frontend.Refusal].
// A restore and starting over that were broken off are gone on with first.
func loadKey(ctx context.Context, dir string, log *slog.Logger, unlock unlocking) (*secret.Box, error) {
	if err := finishRestore(dir, log); err != nil {
		return nil, err
	}
	err := secret.Finish(dir, func(next *secret.Box) (bool, error) { return storage.Belongs(ctx, dir, next) })
	if err != nil {
		return nil, refusalOf(dir, err)
	}
	key, err := secret.Load(dir, log)
	if locked := (*secret.Locked)(nil); errors.As(err, &locked) {
		return unlock(ctx, locked)
	}
	if err != nil {
		return nil, refusalOf(dir, err)
	}
	return key, nil
}

// over is that the program ends: the person or the system ended it, or err did.
type over struct{ err error }

func (o over) Error() string { return "the program has ended" }

// hold has a page answer until it is left. Where the program ends meanwhile the error is an [over].
func hold[T any](ctx context.Context, s *stage, stdout io.Writer, page http.Handler, left <-chan T) (how T, err error) {
	s.carrying = nil
	s.front.Answer(page)
	s.admit()
	s.show(stdout)
	select {
	case how = <-left:
		s.lastRequests(s.front.Leave)
	case ended := <-s.closed:
		if cause := context.Cause(ctx); ended == nil && cause != nil && !errors.Is(cause, context.Canceled) {
			ended = cause // the server could not go on
		}
		err = over{errors.Join(ended, s.door.Close())} // so that nobody waits there
		s.lastRequests(s.front.Shutdown)
	}
	return how, err
}

// lockPage is the page of a locked profile, and what it opens.
type lockPage struct {
	s       *stage
	of      opened
	stdout  io.Writer
	failure *app.Error // of what was asked for before
	letters *lock.Letterbox
}

// unlock shows the page until the passphrase opens the key, or the secrets are given up.
func (p lockPage) unlock(ctx context.Context, locked *secret.Locked) (*secret.Box, error) {
	var mu sync.Mutex
	var key *secret.Box
	c := p.config()
	c.Unlock = func(passphrase []byte) error {
		opened, err := locked.Open(passphrase)
		if err != nil {
			return lock.Tried(err, "passphrase")
		}
		mu.Lock()
		defer mu.Unlock()
		if key != nil { // two forms at once
			opened.Erase()
			return nil
		}
		key = opened
		return nil
	}
	c.StartOver = func() error { return startOver(ctx, p.of.Folder, p.s.log) }
	if c.Returned = func(url.Values, app.Person) (bool, error) { return false, nil }; p.letters != nil {
		c.Returned = p.letters.Take
	}
	if err := p.show(ctx, c); err != nil {
		return nil, err
	}
	mu.Lock()
	defer mu.Unlock()
	if key == nil { // the secrets were given up
		return loadKey(ctx, p.of.Folder, p.s.log, neverUnlocked)
	}
	return key, nil
}

// cover shows the page in front of a profile that stays open, until the passphrase was said. It reports whether the secrets
// are to be given up instead.
func (p lockPage) cover(ctx context.Context, l *lock.Lock, screens *frontend.Server) (forgotten bool, err error) {
	c := p.config()
	c.Unlock, c.Callback = l.Try, screens.Returns()
	c.StartOver = func() error { forgotten = true; return nil }
	err = p.show(ctx, c)
	return forgotten, err
}

func (p lockPage) config() frontend.LockedConfig {
	return frontend.LockedConfig{
		Log: p.s.log, Speech: p.s.speech, Language: p.s.language(), Sessions: p.s.sessions, Callbacks: p.s.callbacks,
		Profile: p.of.name, Failure: p.failure,
	}
}

// show serves the page until it is left for what it protects; left otherwise, the error is an [away]. Nothing is named anywhere
// before that is open.
func (p lockPage) show(ctx context.Context, c frontend.LockedConfig) error {
	p.s.locked.Store(true)
	page := frontend.NewLocked(c, p.s.listener)
	how, err := hold(ctx, p.s, p.stdout, page, page.Left())
	if err == nil && how != frontend.LeftOpen {
		return away{how}
	}
	return err
}

// away is that a profile was left for another.
type away struct{ how frontend.Left }

func (a away) Error() string { return "another profile is chosen" }

// startOver gives up what a forgotten passphrase protects, and keeps the rest.
func startOver(ctx context.Context, dir string, log *slog.Logger) error {
	err := secret.StartOver(dir, log, func(next *secret.Box) error { return storage.StartOver(ctx, dir, next, time.Now) })
	switch {
	case err == nil:
		log.Warn("the passphrase was forgotten: secrets were given up, and everything else was kept", "folder", dir)
		return nil
	case errors.Is(err, storage.ErrInUse):
		return failure.New(failure.FolderOfAnother).By(err)
	}
	return failure.New(failure.NotStartedOver).By(err)
}

// forget lets go of what was in memory of a profile that was closed, as far as Go lets anybody.
func forget(key *secret.Box) {
	key.Erase()
	debug.FreeOSMemory()
}

// deliver hands on the returns from banks that came while the key was erased.
func deliver(ctx context.Context, banks *app.App, dir string, key *secret.Box, log *slog.Logger) {
	letters, err := lock.Letters(dir, key)
	for _, one := range letters {
		if _, _, failed := banks.SCA().Returned(ctx, one.Values, one.Person); failed != nil {
			log.Error("a return from a bank that came while it was locked", "error", failed)
		}
	}
	if err == nil && ctx.Err() == nil {
		err = lock.ForgetLetters(dir)
	}
	if err != nil {
		log.Error("the returns from banks that came while it was locked", "error", err)
	}
}
