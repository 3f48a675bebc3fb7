package storage

import (
	"context"
	"database/sql"
	"strings"
)

// Notes and tags in a file that Consentry saved are read in with its transactions. Until somebody writes
// them anew they are the file's, and go with it when it is undone.

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
// none is left.
func removeBrought(ctx context.Context, tx *sql.Tx, of Import, gone []Transaction) error {
	for _, t := range gone {
		if t.Note.Empty() {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM note WHERE entry_id = ? AND import_id = ?`, t.ID, of.ID); err != nil {
			return err
		}
	}
	return nil
}

// takeNotesBack removes notes that a file brought of transactions that stay, so many at most, and reports whether
// there were any.
func (s *Store) takeNotesBack(ctx context.Context, tx *sql.Tx, importID int64, many int) (more bool, err error) {
	of, err := collect(ctx, tx, readTransaction, `SELECT `+entryColumns+` WHERE n.import_id = ? AND n.import_id <> 0 LIMIT ?`, importID, many)
	if err != nil {
		return false, err
	}
	return len(of) > 0, s.setNotes(ctx, tx, of, make([]Note, len(of)))
}
