package imports

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// Begin stores what a file brings, in the background, and returns it as it is noted. sure is that
// a person says that the account which the file names is this one.
func (i *Imports) Begin(ctx context.Context, account storage.Account, id string, columns *Columns, sure bool) (storage.Import, error) {
	w := i.find(account.ID, id)
	if w == nil {
		return storage.Import{}, failure.Field("file", failure.FileGone)
	}
	r, err := i.read(ctx, w.text, account, columns)
	switch {
	case err != nil:
		return storage.Import{}, err
	case r.Named != "" && !sure:
		return storage.Import{}, failure.Invalid(map[string]storage.Reason{"sure": {Code: failure.FileWhoseAccount, Name: r.Named}})
	}
	if t := r.Table; t != nil && !t.Own {
		kept, err := json.Marshal(t.Columns)
		if err == nil {
			err = i.store.PutImportForm(ctx, t.form, string(kept))
		}
		if err != nil {
			return storage.Import{}, err
		}
	}
	store := i.clock.StoreAt(account.EnvironmentID)
	noted, err := store.BeginImport(ctx, storage.Import{
		AccountID: account.ID, FileName: w.name, Format: r.Format, Digest: w.digest, Covers: r.Covers,
		Total: r.Total, Unread: r.Unread, UnreadAll: r.UnreadAll, Skipped: r.Skipped,
	})
	if err != nil {
		return noted, err
	}
	i.forget(w)
	i.wait(i.work(noted, func(ctx context.Context) error { return storeAll(ctx, store, noted, r.byDay()) }))
	return noted, nil
}

// work does something with a file in the background when it is the account's turn. What it returns
// is closed at its end.
func (i *Imports) work(of storage.Import, do func(context.Context) error) (done <-chan struct{}) {
	ended := make(chan struct{})
	i.note(of.ID, 1)
	i.run(func(ctx context.Context) {
		defer close(ended)
		defer i.note(of.ID, -1)
		done, err := i.accounts.Take(ctx, of.AccountID)
		if err == nil {
			defer done()
			err = do(ctx)
		}
		if err != nil && ctx.Err() == nil {
			i.log.Error("file", "error", err)
		}
	})
	return ended
}

// wait waits for work as long as a person does.
func (i *Imports) wait(done <-chan struct{}) {
	select {
	case <-done:
	case <-time.After(i.patience):
	}
}

// note counts the work on a file: it may be undone while it is still being read.
func (i *Imports) note(id int64, more int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.running[id] += more; i.running[id] == 0 {
		delete(i.running, id)
	}
}

// Running reports whether a file is being read or undone.
func (i *Imports) Running(id int64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.running[id] > 0
}

// storeAll keeps transactions, which come day by day, so many in one go.
func storeAll(ctx context.Context, store *storage.Store, of storage.Import, days iter.Seq[[]storage.Imported]) error {
	var fresh []storage.Imported
	var stored, noted []int64 // the second are of the first
	var notes []storage.Note
	flush := func() error {
		if len(fresh)+len(stored) == 0 {
			return nil
		}
		err := store.PutImported(ctx, of, fresh, stored)
		if err == nil && len(noted) > 0 {
			err = store.NoteImported(ctx, of, noted, notes)
		}
		fresh, stored, noted, notes = fresh[:0], stored[:0], noted[:0], notes[:0]
		return err
	}
	for day := range days {
		ids, err := store.MatchImported(ctx, of.AccountID, day)
		if err != nil {
			return err
		}
		for at, id := range ids {
			if id == 0 {
				fresh = append(fresh, day[at])
			} else {
				stored = append(stored, id)
				if n := day[at].Note; !n.Empty() {
					noted, notes = append(noted, id), append(notes, n)
				}
			}
			if len(fresh)+len(stored) == storage.MostAtOnce {
				if err := flush(); err != nil {
					return undone(err)
				}
			}
		}
	}
	if err := flush(); err != nil {
		return undone(err)
	}
	return undone(store.EndImport(ctx, of.ID))
}

// undone takes for no error that a file was undone, or its account erased, while it was read.
func undone(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// byDay goes through transactions in the order of their days, the transactions of one day at
// once.
func byDay(all []storage.Imported) iter.Seq[[]storage.Imported] {
	return func(yield func([]storage.Imported) bool) {
		for from, to := 0, 0; from < len(all); from = to {
			for to = from + 1; to < len(all) && all[to].Date() == all[from].Date(); to++ {
			}
			if !yield(all[from:to]) {
				return
			}
		}
	}
}

// Undo removes what only a file brought. It goes on where a person does not wait for its end.
func (i *Imports) Undo(ctx context.Context, id int64) error {
	of, err := i.store.Import(ctx, id)
	if err != nil {
		return err
	}
	if err := i.store.BeginUndo(ctx, id); err != nil {
		return err
	}
	i.wait(i.undo(of))
	return nil
}

// Resume goes on with what was being undone when the program ended.
func (i *Imports) Resume(ctx context.Context) error {
	all, err := i.store.Undoing(ctx)
	for _, one := range all {
		if !i.Running(one.ID) {
			i.undo(one)
		}
	}
	return err
}

// All lists the files that transactions of an account were read from, the latest first.
func (i *Imports) All(ctx context.Context, accountID int64) ([]storage.Import, error) {
	return i.store.Imports(ctx, accountID)
}

// Import returns one of them, or storage.ErrNotFound.
func (i *Imports) Import(ctx context.Context, id int64) (storage.Import, error) {
	return i.store.Import(ctx, id)
}

// Of lists the files that a transaction is known from alone.
func (i *Imports) Of(ctx context.Context, transactionID int64) ([]storage.Import, error) {
	return i.store.ImportsOf(ctx, transactionID)
}
