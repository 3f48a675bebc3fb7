package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// Notes and tags in a file that Consentry saved are read in with its transactions. Until somebody writes
// them anew they are the file's, and go with it when it is undone.

// Brought is what a file brings, or what of it is removed.
type Brought struct{ Transactions, Notes, Tags int }

// Note counts a note.
func (b *Brought) Note(n Note) {
	if n.Text != "" {
		b.Notes++
	}
	b.Tags += len(n.Tags)
}

// Add counts what another has, too.
func (b *Brought) Add(other Brought) {
	b.Transactions += other.Transactions
	b.Notes += other.Notes
	b.Tags += other.Tags
}

// NotesFrom counts the notes and tags that came with a file and that nobody has written anew since.
func (s *Store) NotesFrom(ctx context.Context, importID int64) (from Brought, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(NULLIF(text, '')), COALESCE(sum((tags <> '') + length(tags) - length(replace(tags, ' ', ''))), 0)
		FROM note WHERE import_id = ? AND import_id <> 0`, importID).Scan(&from.Notes, &from.Tags)
	return from, err
}

// NotesOn returns, by transaction, the notes on some.
func (s *Store) NotesOn(ctx context.Context, ids []int64) (map[int64]Note, error) {
	some, err := idList(ids)
	if err != nil {
		return nil, err
	}
	on := map[int64]Note{}
	_, err = collect(ctx, s.db, func(row scanner) (id int64, err error) {
		var text, tags string
		err = row.Scan(&id, &text, &tags)
		on[id] = noteOf(text, tags)
		return id, err
	}, `SELECT entry_id, text, tags FROM note WHERE entry_id IN (SELECT value FROM json_each(?))`, some)
	return on, err
}

// bringNote writes the note that a file brings of a transaction that is new: its words are in the index already.
func (w *entryWriter) bringNote(ctx context.Context, of Import, id int64, n Note) error {
	if n.Empty() {
		return nil
	}
	if _, err := w.tx.ExecContext(ctx, `INSERT INTO note (entry_id, text, tags, written_at, import_id) VALUES (?, ?, ?, ?, ?)`,
		id, n.Text, strings.Join(n.Tags, " "), formatTime(w.now), of.ID); err != nil {
		return err
	}
	return useTags(ctx, w.tx, of.AccountID, nil, n.Tags)
}

// NoteImported writes the notes that a file brings of transactions that are there already, MostAtOnce at most.
// What a person has written of one stays as it is.
func (s *Store) NoteImported(ctx context.Context, of Import, ids []int64, notes []Note) error {
	return s.writeBulk(ctx, func(tx *sql.Tx) error {
		if err := changed(tx.ExecContext(ctx, `UPDATE import SET id = id WHERE id = ? AND undoing = 0`, of.ID)); err != nil {
			return err
		}
		for i, id := range ids {
			t, err := transactionIn(ctx, tx, id)
			if err != nil {
				return err
			}
			if !t.Note.Empty() {
				continue
			}
			if err := s.setNotes(ctx, tx, []Transaction{t}, notes[i:i+1]); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE note SET import_id = ? WHERE entry_id = ?`, of.ID, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// removeBrought removes the notes that a file brought of transactions that are about to be removed with it, so that
// none is left, and counts both.
func removeBrought(ctx context.Context, tx *sql.Tx, of Import, gone []Transaction) (Brought, error) {
	removed := Brought{Transactions: len(gone)}
	for _, t := range gone {
		if t.Note.Empty() {
			continue
		}
		err := changed(tx.ExecContext(ctx, `DELETE FROM note WHERE entry_id = ? AND import_id = ?`, t.ID, of.ID))
		switch {
		case err == nil:
			removed.Note(t.Note)
		case !errors.Is(err, ErrNotFound): // which a person has written anew
			return removed, err
		}
	}
	return removed, nil
}

// takeNotesBack removes notes that a file brought of transactions that stay, so many at most, and counts them.
func (s *Store) takeNotesBack(ctx context.Context, tx *sql.Tx, importID int64, many int) (removed Brought, err error) {
	of, err := collect(ctx, tx, readTransaction, `SELECT `+entryColumns+` WHERE n.import_id = ? AND n.import_id <> 0 LIMIT ?`, importID, many)
	if err != nil {
		return removed, err
	}
	for _, t := range of {
		removed.Note(t.Note)
	}
	return removed, s.setNotes(ctx, tx, of, make([]Note, len(of)))
}
