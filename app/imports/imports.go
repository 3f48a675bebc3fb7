// Package imports reads transactions from files into accounts: camt.052 and camt.053, MT940 and
// MT942, OFX, and tables of lines and columns (CSV).
//
// A file is looked at before anything of it is stored. Until then it is kept in memory alone, and
// forgotten half an hour later: nothing of it is left on disk. What is stored is matched with
// what is there, can be undone, and is never taken for what the bank has listed. [Imports] ask no
// bank.
package imports

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"consentry/app/clock"
	"consentry/app/failure"
	"consentry/app/turn"
	"consentry/storage"
	"consentry/xs2a"
)

// MaxFile bounds a file, in bytes.
const MaxFile = xs2a.MaxFile

// Config is what Imports are made of; they use nothing else of the program.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Clock *clock.Clock
	// Accounts are the turns of those that write many transactions of an account: a bank's
	// listing and a file at once would each take the same for new.
	Accounts *turn.Turns[int64]
	// Run does work in the background until it is done or the program ends.
	Run func(work func(ctx context.Context))
	// Patience is how long a person waits for the end of work before it goes on without them.
	Patience time.Duration
}

// Imports read files. They are safe for concurrent use.
type Imports struct {
	store    *storage.Store
	log      *slog.Logger
	clock    *clock.Clock
	accounts *turn.Turns[int64]
	run      func(func(context.Context))
	patience time.Duration

	mu      sync.Mutex
	waiting []*waiting    // the latest last
	running map[int64]int // by file, how much is being done: it is read, or undone
	undone  map[int64]*Undone
}

// New returns Imports.
func New(c Config) *Imports {
	return &Imports{store: c.Store, log: c.Log, clock: c.Clock, accounts: c.Accounts, run: c.Run, patience: c.Patience, running: map[int64]int{}, undone: map[int64]*Undone{}}
}

// waiting is a file that was chosen, and is looked at before it is stored.
type waiting struct {
	id      string
	account int64
	name    string
	text    []byte // in UTF-8
	digest  string // of the file as it came
	size    int
	ends    *time.Timer
}

const (
	// mostWaiting bounds the files in memory, waitsFor how long they are kept there.
	mostWaiting = 2
	waitsFor    = 30 * time.Minute
)

// Take keeps a file that was chosen for an account in memory, and returns the id by which it is
// looked at.
func (i *Imports) Take(accountID int64, name string, content []byte) string {
	digest := sha256.Sum256(content)
	w := &waiting{id: rand.Text(), account: accountID, name: name, text: xs2a.FileText(content), digest: hex.EncodeToString(digest[:]), size: len(content)}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.waiting = append(i.waiting, w)
	if len(i.waiting) > mostWaiting {
		i.waiting[0].ends.Stop() // which holds it else
		i.waiting = append([]*waiting{}, i.waiting[1:]...)
	}
	w.ends = time.AfterFunc(waitsFor, func() { i.forget(w) })
	return w.id
}

// Discard forgets a file that was chosen.
func (i *Imports) Discard(id string) {
	if w := i.find(0, id); w != nil {
		i.forget(w)
	}
}

func (i *Imports) forget(w *waiting) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for at, one := range i.waiting {
		if one == w {
			w.ends.Stop()
			i.waiting = append(i.waiting[:at:at], i.waiting[at+1:]...)
			return
		}
	}
}

// find returns a file that was chosen for an account, or for any; nil: it is not there any more.
func (i *Imports) find(accountID int64, id string) *waiting {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, one := range i.waiting {
		if one.id == id && (accountID == 0 || one.account == accountID) {
			return one
		}
	}
	return nil
}

// Preview is what a file would bring.
type Preview struct {
	ID        string
	FileName  string
	Size      int    // in bytes
	Format    string // as storage.Import has it
	Table     *Table // of a table alone
	Total     int    // booked transactions that can be read
	New       int    // of them
	From, To  string // their days
	First     []Line // the newest of them
	Covers    []storage.Span
	Unread    []storage.UnreadPlace
	UnreadAll int
	Skipped   int
	Brings    storage.Brought // notes and tags that come, in a table that Consentry saved
	NotesStay int             // transactions with a note or tags of the person's, of which the file has more
	Named     string          // an account it names, of which a person has to say whether it is this one
	Before    storage.Import  // the last time this very file was read; without an id it was not
}

// Line is a transaction of a file, and whether it is new.
type Line struct {
	storage.Imported
	New bool
}

// Known is how many of the transactions are there already.
func (p Preview) Known() int { return p.Total - p.New }

// shown is how many transactions of a file are shown before it is stored.
const shown = 10

// Look tells what a file would bring. Of a table, columns are what a person says they mean; nil:
// nothing. A preview that comes with an error has what is known all the same: the columns of a
// table have to be said.
func (i *Imports) Look(ctx context.Context, account storage.Account, id string, columns *Columns) (Preview, error) {
	w := i.find(account.ID, id)
	if w == nil {
		return Preview{}, failure.Field("file", failure.FileGone)
	}
	p := Preview{ID: w.id, FileName: w.name, Size: w.size}
	r, err := i.read(ctx, w.text, account, columns)
	if r != nil {
		p.Format, p.Table, p.Covers, p.Unread, p.UnreadAll, p.Skipped, p.Named = r.Format, r.Table, r.Covers, r.Unread, r.UnreadAll, r.Skipped, r.Named
	}
	if err != nil {
		return p, err
	}
	if p.Before, err = i.before(ctx, account.ID, w.digest); err != nil {
		return p, err
	}
	p.Total = r.Total
	for day := range r.byDay() {
		stored, err := i.store.MatchImported(ctx, account.ID, day)
		if err != nil {
			return p, err
		}
		if err := i.lookAtNotes(ctx, &p, day, stored); err != nil {
			return p, err
		}
		for at, one := range day {
			if stored[at] == 0 {
				p.New++
			}
			if date := one.Date(); date != "" && p.From == "" {
				p.From = date
			}
			p.To = max(p.To, one.Date())
			p.First = append(p.First, Line{one, stored[at] == 0})
		}
		p.First = p.First[max(0, len(p.First)-shown):]
	}
	return p, nil
}

// before returns when this very file was read into an account the last time.
func (i *Imports) before(ctx context.Context, accountID int64, digest string) (storage.Import, error) {
	all, err := i.store.Imports(ctx, accountID)
	for _, one := range all {
		if one.Digest == digest && !one.Undoing {
			return one, err
		}
	}
	return storage.Import{}, err
}
