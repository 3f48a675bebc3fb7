package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"consentry/app/secret"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
)

// openData opens the data folder, has a passphrase be asked for where one protects the key, and tells how far it is where that takes
// long, or returns a [frontend.Refusal]. A command that has the folder has the time that is given to end.
func openData(ctx context.Context, dir string, log *slog.Logger, unlock unlocking, patience time.Duration, tell func(storage.Progress)) (*storage.Store, *secret.Box, error) {
	if err := folder.Prepare(dir); err != nil {
		return nil, nil, refusalOf(dir, err)
	}
	key, err := loadKey(ctx, dir, log, unlock)
	if err != nil {
		return nil, nil, err
	}
	store, err := storage.OpenTelling(ctx, dir, key, time.Now, tell)
	for over := time.Now().Add(patience); errors.Is(err, storage.ErrInUse) && time.Now().Before(over) && ctx.Err() == nil; {
		select {
		case <-time.After(askEvery):
		case <-ctx.Done():
		}
		store, err = storage.OpenTelling(ctx, dir, key, time.Now, tell)
	}
	if err != nil {
		key.Erase()
		return nil, nil, refusalOf(dir, err)
	}
	return store, key, nil
}

// tenths tells the terminal of each tenth of a work that may take minutes.
func tenths(log *slog.Logger) func(storage.Progress) {
	told := 0
	return func(p storage.Progress) {
		tenth := 10 * p.Done / max(p.Of, 1)
		if tenth < told { // another work has begun
			told = 0
		}
		if tenth > told {
			told = tenth
			log.Info("bringing the data of an earlier version up to date; if this is broken off, the next start goes on with it", "transactions", p.Done, "of", p.Of)
		}
	}
}

// refuse shows why the program does not start, or does not go on, where somebody looks at a window or
// browser, and returns the same for the terminal. The folder is free meanwhile: the next start may do better.
func refuse(ctx context.Context, s *stage, stdout io.Writer, err error) error {
	err = errors.Join(err, s.leave())
	var refusal frontend.Refusal
	if !s.looked() || !errors.As(err, &refusal) {
		return err
	}
	s.log.Error(refusal.Error())
	page := frontend.NewRefused(refusal, s.speech, s.log, s.listener, s.sessions)
	s.carrying = nil
	s.front.Answer(page)
	go func() { page.Wait(ctx); s.end(nil) }()
	s.show(stdout)
	shown := <-s.closed
	s.end(nil)
	return errors.Join(err, shown)
}

// byDisk is an error, or the refusal where the disk is what it comes from.
func byDisk(dir string, err error) error {
	if storage.FaultOf(err) == "" {
		return err
	}
	return refusalOf(dir, err)
}

// refusals are the errors that are a kind of refusal each, and whether the old data
// may be set aside then.
var refusals = []struct {
	err   error
	kind  frontend.RefusalKind
	aside bool
}{
	{secret.ErrMissing, frontend.KeyMissing, true},
	{secret.ErrDamaged, frontend.KeyDamaged, true},
	{storage.ErrForeignKey, frontend.KeyForeign, true},
	{secret.ErrKeyring, frontend.KeyNotGiven, true},
	{secret.ErrOpenToOthers, frontend.KeyOpenToOthers, false},
	{secret.ErrUnreadable, frontend.KeyUnreadable, false},
	{storage.ErrInUse, frontend.FolderInUse, false},
}

// refusalOf returns why a data folder is not opened.
func refusalOf(dir string, err error) frontend.Refusal {
	spoken, _ := speech() // an error has ended the program before
	r := frontend.Refusal{Kind: frontend.DiskFails, Folder: dir, Fault: storage.FaultOf(err), Detail: err.Error(), Speech: spoken, Language: folder.LanguageOf(dir)}
	aside := r.Fault == storage.Damaged
	for _, known := range refusals {
		if errors.Is(err, known.err) {
			r.Kind, aside = known.kind, known.aside
		}
	}
	var newer *storage.NewerError
	if errors.As(err, &newer) {
		r.Kind, r.Newer = frontend.DataNewer, newer.By
	}
	if errors.As(err, &r.Unfit) {
		r.Kind = frontend.FolderUnfit
	}
	if aside {
		r.SetAside = func() (string, error) { return setAside(dir) }
	}
	return r
}

// setAside moves the data out of the way that could not be opened. Meanwhile somebody
// may have put the key back.
func setAside(dir string) (aside string, err error) {
	quiet := slog.New(slog.DiscardHandler)
	if store, _, err := openData(context.Background(), dir, quiet, neverUnlocked, 0, func(storage.Progress) {}); err == nil {
		return "", errors.Join(frontend.ErrOpens, store.Close())
	}
	return folder.SetAside(dir, time.Now())
}
