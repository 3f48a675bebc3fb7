package imports

import (
	"context"
	"time"

	"consentry/storage"
)

// Undone is a file that is being undone, or was a while ago.
type Undone struct {
	AccountID int64
	FileName  string
	Removed   storage.Brought
	Rest      bool // the program had ended on the way: what was removed before is not counted
	Ended     bool
}

// undoneTold is how long it is told what an undo removed. Nothing of it is stored: the file is gone.
const undoneTold = 10 * time.Minute

// undo removes what a file brought, in the background, and counts that. One that was being undone
// already is counted from where this program began.
func (i *Imports) undo(of storage.Import) (done <-chan struct{}) {
	i.mu.Lock()
	if i.undone[of.ID] == nil {
		i.undone[of.ID] = &Undone{AccountID: of.AccountID, FileName: of.FileName, Rest: of.Undoing}
	}
	u := i.undone[of.ID]
	i.mu.Unlock()
	return i.work(of, func(ctx context.Context) error {
		err := i.store.UndoImport(ctx, of.ID, func(removed storage.Brought) {
			i.mu.Lock()
			defer i.mu.Unlock()
			u.Removed.Add(removed)
		})
		if err == nil {
			i.endUndo(of.ID, u)
		}
		return err
	})
}

func (i *Imports) endUndo(id int64, u *Undone) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !u.Ended {
		u.Ended = true
		time.AfterFunc(undoneTold, func() {
			i.mu.Lock()
			defer i.mu.Unlock()
			delete(i.undone, id)
		})
	}
}

// Undone returns what became of the undo of a file, by its id; false: it is not known any more.
func (i *Imports) Undone(id int64) (Undone, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if u := i.undone[id]; u != nil {
		return *u, true
	}
	return Undone{}, false
}

// UndoneOf lists, by id, the files of an account that are being undone or were a while ago.
func (i *Imports) UndoneOf(accountID int64) map[int64]Undone {
	i.mu.Lock()
	defer i.mu.Unlock()
	all := map[int64]Undone{}
	for id, u := range i.undone {
		if u.AccountID == accountID {
			all[id] = *u
		}
	}
	return all
}
