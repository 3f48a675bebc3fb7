package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"consentry/xs2a"
)

// Import is a file that transactions of an account were read from.
type Import struct {
	ID        int64
	AccountID int64
	FileName  string
	Format    string // as app/imports names it
	Digest    string // of the file
	BeganAt   time.Time
	EndedAt   time.Time // when all of it was read; zero: it is being read, or that was broken off
	Undoing   bool      // what it brought is being removed
	Covers    []Span    // days of which the file says that it has all
	Total     int       // transactions of the file that can be read
	Added     int       // of them that were new
	Known     int       // of them that were there already
	Unread    []UnreadPlace
	UnreadAll int // how much could not be read; Unread are the first of it
	Skipped   int // pending transactions, and those of other accounts
}

// UnreadPlace is a part of a file that could not be read.
type UnreadPlace struct {
	Line   int    `json:"line,omitempty"` // from 1 on; 0: Place says where
	Place  string `json:"place,omitempty"`
	Reason Reason `json:"reason"`
	Raw    string `json:"raw,omitempty"` // its beginning
}

// Imported is a transaction of a file; what a person had written of it, and when the bank was first
// seen not to list it any more, where the file says so.
type Imported struct {
	xs2a.Transaction
	Note      Note // of a file that Consentry saved
	DroppedAt time.Time
}

const importColumns = `id, account_id, file_name, format, digest, began_at, ended_at, undoing, covers, total, added, known, unread, unread_all, skipped FROM import`

func readImport(row scanner) (Import, error) {
	var i Import
	var covers, unread string
	if err := row.Scan(&i.ID, &i.AccountID, &i.FileName, &i.Format, &i.Digest, stamp{&i.BeganAt}, stamp{&i.EndedAt}, &i.Undoing, &covers,
		&i.Total, &i.Added, &i.Known, &unread, &i.UnreadAll, &i.Skipped); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(covers), &i.Covers); err != nil {
		return i, err
	}
	return i, json.Unmarshal([]byte(unread), &i.Unread)
}

// Imports lists the files that transactions of an account were read from, the latest first.
func (s *Store) Imports(ctx context.Context, accountID int64) ([]Import, error) {
	return collect(ctx, s.db, readImport, `SELECT `+importColumns+` WHERE account_id = ? ORDER BY id DESC`, accountID)
}

// Import returns one of them, or ErrNotFound.
func (s *Store) Import(ctx context.Context, id int64) (Import, error) {
	return one(readImport, s.db.QueryRowContext(ctx, `SELECT `+importColumns+` WHERE id = ?`, id))
}

// Covered lists the days of an account of which files that were read say that they have all of it; they may overlap.
func (s *Store) Covered(ctx context.Context, accountID int64) ([]Span, error) {
	return collect(ctx, s.db, func(row scanner) (span Span, err error) { return span, row.Scan(&span.From, &span.To) },
		`SELECT json_extract(value, '$.From'), json_extract(value, '$.To') FROM import, json_each(covers)
		WHERE account_id = ? AND ended_at <> '' AND undoing = 0 AND value IS NOT NULL ORDER BY 1, 2`, accountID)
}

// ImportsOf lists the files that a transaction is known from alone, the first that was read
// before others; none of one that the bank has listed.
func (s *Store) ImportsOf(ctx context.Context, entryID int64) ([]Import, error) {
	return collect(ctx, s.db, readImport, `SELECT `+importColumns+` WHERE id IN (SELECT import_id FROM import_entry WHERE entry_id = ?) ORDER BY id`, entryID)
}

// BeginImport notes that a file is being read, and returns it with its id.
func (s *Store) BeginImport(ctx context.Context, i Import) (Import, error) {
	covers, err := json.Marshal(i.Covers)
	if err != nil {
		return i, err
	}
	unread, err := json.Marshal(i.Unread)
	if err != nil {
		return i, err
	}
	i.BeganAt = s.now()
	return i, s.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO import (account_id, file_name, format, digest, began_at, covers, total, unread, unread_all, skipped)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, i.AccountID, i.FileName, i.Format, i.Digest, formatTime(i.BeganAt), string(covers),
			i.Total, string(unread), i.UnreadAll, i.Skipped).Scan(&i.ID)
	})
}

// PutImported keeps transactions of a file that are new, and notes which are there already,
// MostAtOnce at most of both together.
func (s *Store) PutImported(ctx context.Context, i Import, fresh []Imported, stored []int64) error {
	defer s.said.Add(1)
	return s.writeBulk(ctx, func(tx *sql.Tx) error {
		// What was erased or undone meanwhile gets nothing more.
		if err := changed(tx.ExecContext(ctx, `UPDATE import SET added = added + ?, known = known + ? WHERE id = ? AND undoing = 0`,
			len(fresh), len(stored), i.ID)); err != nil {
			return err
		}
		w, err := newEntryWriter(ctx, tx, s.now(), &known{})
		if err != nil {
			return err
		}
		defer w.close()
		for _, one := range fresh {
			if err := w.addImported(ctx, i, one); err != nil {
				return err
			}
		}
		for _, id := range stored {
			if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO import_entry SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM import_entry WHERE entry_id = ?1)`,
				id, i.ID); err != nil {
				return err
			}
		}
		return w.end(ctx)
	})
}

// addImported writes a transaction that only a file lists.
func (w *entryWriter) addImported(ctx context.Context, of Import, one Imported) error {
	t := one.Transaction
	if err := w.put(ctx, of.AccountID, false, t, one.Note, contentOf(t), formatTime(w.now)); err != nil {
		return err
	}
	on := listedUnder(false, t.Date())
	id := w.last[on]
	if err := w.bringNote(ctx, of, id, one.Note); err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, `INSERT INTO import_entry VALUES (?, ?)`, id, of.ID); err != nil || one.DroppedAt.IsZero() {
		return err
	}
	w.count(of.AccountID, on, t, true)
	_, err := w.tx.ExecContext(ctx, `UPDATE entry SET missed_at = ?1, dropped_at = ?1 WHERE id = ?2`, formatTime(one.DroppedAt), id)
	return err
}

// EndImport notes that all of a file was read.
func (s *Store) EndImport(ctx context.Context, id int64) error {
	return changed(s.exec(ctx, `UPDATE import SET ended_at = ? WHERE id = ?`, formatTime(s.now()), id))
}

// BeginUndo notes that what a file brought goes; UndoImport removes it.
func (s *Store) BeginUndo(ctx context.Context, id int64) error {
	return changed(s.exec(ctx, `UPDATE import SET undoing = 1 WHERE id = ?`, id))
}

// Undoing lists the files of which what they brought is being removed.
func (s *Store) Undoing(ctx context.Context) ([]Import, error) {
	return collect(ctx, s.db, readImport, `SELECT `+importColumns+` WHERE undoing = 1 ORDER BY id`)
}

// UndoImport removes the transactions that only a file brought, so many in one go, and the
// file with the last of them. What the bank has listed since, and what another file lists,
// stays. An undo that was broken off goes on where it was. What is removed in one go is told.
func (s *Store) UndoImport(ctx context.Context, id int64, tell func(Brought)) error {
	of, err := s.Import(ctx, id)
	if errors.Is(err, ErrNotFound) { // it is undone, or erased with its account
		return nil
	}
	if err == nil && of.Added >= manyUndone {
		err = s.mergeWords(ctx)
	}
	if err != nil {
		return err
	}
	for many := undoneFirst; ; {
		more, begun, removed := false, time.Time{}, Brought{}
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error {
			begun = time.Now() // its turn may be long in coming
			ids, err := collect(ctx, tx, readID, `SELECT entry_id FROM import_entry WHERE import_id = ? ORDER BY entry_id LIMIT ?`, id, many)
			if err != nil {
				return err
			}
			if more = len(ids) > 0; more {
				removed, err = s.removeImported(ctx, tx, of, ids)
				return err
			}
			if removed, err = s.takeNotesBack(ctx, tx, id, many); err != nil {
				return err
			}
			if more = removed != (Brought{}); more {
				return nil
			}
			_, err = tx.ExecContext(ctx, `DELETE FROM import WHERE id = ?`, id)
			return err
		}); err != nil || !more {
			return err
		}
		tell(removed)
		many = nextUndone(many, time.Since(begun))
	}
}

// How many transactions are removed in one go at first and at most, and how long that is to take:
// others wait for it. Taking words out of the index costs more than putting them in, and
// how much more depends on what else is in it.
const (
	undoneFirst, undoneAtMost = 20, MostAtOnce
	undoneWithin              = 40 * time.Millisecond
)

// nextUndone is how many are removed next, after so many took so long.
func nextUndone(many int, took time.Duration) int {
	fits := int(int64(many) * int64(undoneWithin) / max(int64(took), 1))
	return min(max(fits, 1), 2*many, undoneAtMost)
}

// manyUndone is from how many transactions on it pays to put the index of words together first: to
// take a word out, each part of it is looked through.
const manyUndone = 5_000

// removeImported notes that transactions are not known from a file any more, and removes those
// that nothing else lists. It returns what is removed.
func (s *Store) removeImported(ctx context.Context, tx *sql.Tx, of Import, ids []int64) (Brought, error) {
	var removed Brought
	some, err := idList(ids)
	if err != nil {
		return removed, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_entry WHERE import_id = ? AND entry_id IN (SELECT value FROM json_each(?))`, of.ID, some); err != nil {
		return removed, err
	}
	gone, err := collect(ctx, tx, readTransaction, `SELECT `+entryColumns+` WHERE e.id IN (SELECT value FROM json_each(?))
		AND NOT EXISTS (SELECT 1 FROM import_entry i WHERE i.entry_id = e.id)`, some)
	if err != nil {
		return removed, err
	}
	less, with := sums{}, turnovers{}
	for _, t := range gone {
		on := dayOfID(t.ID)
		sum := less.of(t.AccountID, on, t.Amount.Currency)
		sum.Count--
		if t.DroppedAt.IsZero() {
			sum.add(t.Amount, true)
			with.add(t.AccountID, on, CounterpartyOf(t.Transaction), t.Amount, true)
		}
	}
	if removed, err = removeBrought(ctx, tx, of, gone); err != nil {
		return removed, err
	}
	if err := removeEntries(ctx, tx, gone, leaving{s.now(), of.FileName}); err != nil {
		return removed, err
	}
	if err := less.write(ctx, tx); err != nil {
		return removed, err
	}
	if err := with.write(ctx, tx); err != nil {
		return removed, err
	}
	if err := with.noteChange(ctx, tx); err != nil {
		return removed, err
	}
	return removed, removePayees(ctx, tx, gone)
}

// removePayees removes those whom money went to in transactions that are gone, and in no other.
func removePayees(ctx context.Context, tx *sql.Tx, gone []Transaction) error {
	seen := map[payeeOf]bool{}
	for _, t := range gone {
		to := payeeOf{t.AccountID, Payee{t.CreditorName, t.CreditorAccount}}
		if to.Account == "" || !t.Amount.Negative() || seen[to] {
			continue
		}
		seen[to] = true
		if _, err := tx.ExecContext(ctx, `DELETE FROM payee WHERE account_id = ?1 AND number = ?2 AND name = ?3 AND NOT EXISTS (`+paidTo+`)`,
			to.account, to.Account, to.Name, payeeWords(to)); err != nil {
			return err
		}
	}
	return nil
}

// paidTo finds a booked transaction of an account to a payee, by the index of words.
const paidTo = `SELECT 1 FROM entry_text JOIN entry e ON e.id = entry_text.rowid WHERE entry_text MATCH ?4
	AND e.account_id = ?1 AND e.creditor_account = ?2 AND e.creditor_name = ?3 AND e.pending = 0 AND e.amount LIKE '-%'`

// ImportForm returns what the columns of a form of table mean, as JSON, or ErrNotFound.
func (s *Store) ImportForm(ctx context.Context, form string) (string, error) {
	return one(readText, s.db.QueryRowContext(ctx, `SELECT columns FROM import_form WHERE form = ?`, form))
}

// PutImportForm keeps what the columns of a form of table mean.
func (s *Store) PutImportForm(ctx context.Context, form, columns string) error {
	_, err := s.exec(ctx, `INSERT INTO import_form VALUES (?, ?) ON CONFLICT DO UPDATE SET columns = excluded.columns`, form, columns)
	return err
}
