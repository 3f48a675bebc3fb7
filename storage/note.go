package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"consentry/storage/fold"
	"consentry/xs2a"
)

// Note is what a person wrote of a transaction. The zero value is nothing.
//
// It belongs to the transaction and not to what a bank says of it: it stays when a bank says
// something else, and when it does not list the transaction any more. Where a pending
// transaction is booked, or a booked one moves to another day under its bank's id, so that
// another row of the file stands for it, the note follows (note_heir.go). Its words are in the
// index of words with those of the bank.
type Note struct {
	Text string
	Tags []string // as they were written; none is the same as another, see [FoldTag]
}

// Empty reports whether nothing was written.
func (n Note) Empty() bool { return n.Text == "" && len(n.Tags) == 0 }

// with returns a note with another's words after its own, and its tags.
func (n Note) with(other Note) Note {
	n.Text = strings.TrimSpace(n.Text + "\n" + other.Text)
	n.Tags = slices.Clone(n.Tags)
	for _, tag := range other.Tags {
		if !HasTag(n.Tags, tag) {
			n.Tags = append(n.Tags, tag)
		}
	}
	return n
}

// HasTag reports whether a tag is among others, however it is written.
func HasTag(tags []string, tag string) bool {
	return slices.ContainsFunc(tags, func(one string) bool { return FoldTag(one) == FoldTag(tag) })
}

// noteOf is a note as it is stored.
func noteOf(text, tags string) Note { return Note{text, strings.Fields(tags)} }

// words are those by which a note is found: of its text and its tags, and a mark of each tag.
func (n Note) words() (words []string) {
	for _, text := range append([]string{n.Text}, n.Tags...) {
		words = append(words, fold.Words(text)...)
	}
	for _, tag := range n.Tags {
		words = append(words, markTag(FoldTag(tag)))
	}
	return words
}

// withNote adds the words of a note to those of a transaction, each once.
func withNote(words string, n Note) string {
	if n.Empty() {
		return words
	}
	has := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		has[word] = true
	}
	var b strings.Builder
	b.WriteString(words)
	for _, word := range n.words() {
		if !has[word] {
			has[word] = true
			b.WriteString(word)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// SetNote writes a note on a transaction, in the place of what was written before; the zero value
// removes it. ErrNotFound: there is no such transaction.
func (s *Store) SetNote(ctx context.Context, id int64, n Note) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		t, err := transactionIn(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.setNotes(ctx, tx, []Transaction{t}, []Note{n})
	})
}

// AddTag gives a tag to transactions, MostAtOnce at most, and counts those that had it not.
// Those that are there no more, and those that have so many tags already, are left out.
func (s *Store) AddTag(ctx context.Context, ids []int64, tag string, most int) (added int, err error) {
	list, err := idList(ids)
	if err != nil {
		return 0, err
	}
	err = s.writeBulk(ctx, func(tx *sql.Tx) error {
		all, err := collect(ctx, tx, readTransaction, someTransactions, list)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(t Transaction) bool { return HasTag(t.Tags, tag) || len(t.Tags) >= most })
		notes := make([]Note, len(all))
		for i, t := range all {
			notes[i] = t.Note.with(Note{Tags: []string{tag}})
		}
		added = len(all)
		return s.setNotes(ctx, tx, all, notes)
	})
	return added, err
}

// setNotes writes notes on transactions as they stand in the file.
func (s *Store) setNotes(ctx context.Context, tx *sql.Tx, all []Transaction, notes []Note) error {
	if len(all) == 0 {
		return nil
	}
	w, err := newEntryWriter(ctx, tx, s.now(), &known{})
	if err != nil {
		return err
	}
	defer w.close()
	for i, t := range all {
		if err := w.setNote(ctx, t, notes[i], w.now); err != nil {
			return err
		}
	}
	return nil
}

// setNote writes a note on a transaction, first written at a time, unless there is one: then that
// one's time stays. A transaction is given a note once in a write, see reindex.
func (w *entryWriter) setNote(ctx context.Context, of Transaction, n Note, writtenAt time.Time) error {
	var err error
	if n.Empty() {
		_, err = w.tx.ExecContext(ctx, `DELETE FROM note WHERE entry_id = ?`, of.ID)
	} else {
		_, err = w.tx.ExecContext(ctx, `INSERT INTO note (entry_id, text, tags, written_at) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET text = excluded.text, tags = excluded.tags, import_id = 0`, of.ID, n.Text, strings.Join(n.Tags, " "), formatTime(writtenAt))
	}
	if err != nil {
		return err
	}
	if err := useTags(ctx, w.tx, of.AccountID, of.Tags, n.Tags); err != nil {
		return err
	}
	words := wordsOf(of.AccountID, of.Pending, of.Transaction)
	return w.reindex(ctx, of, withNote(words, of.Note), withNote(words, n))
}

// LeftNote is a note on a transaction that is gone: a pending one of which nobody can tell what it
// became, or one that only a file listed, which was undone.
type LeftNote struct {
	ID        int64
	AccountID int64
	Note
	WrittenAt time.Time
	LeftAt    time.Time // when the transaction was gone
	xs2a.Transaction
	FirstSeenAt time.Time
	File        string // that was undone, by its name; empty: the transaction was pending
}

const leftColumns = `l.id, l.account_id, l.text, l.tags, l.written_at, l.left_at, l.transaction_id, l.end_to_end_id, l.booking_date, l.value_date,
	l.amount, l.currency, l.creditor_name, l.creditor_account, l.debtor_name, l.debtor_account, l.remittance, l.additional, l.first_seen_at, l.file FROM note_left l`

func readLeftNote(row scanner) (LeftNote, error) {
	var l LeftNote
	var tags string
	t := &l.Transaction
	err := row.Scan(&l.ID, &l.AccountID, &l.Text, &tags, stamp{&l.WrittenAt}, stamp{&l.LeftAt}, &t.ID, &t.EndToEndID, &t.BookingDate, &t.ValueDate,
		&t.Amount.Number, &t.Amount.Currency, &t.CreditorName, &t.CreditorAccount, &t.DebtorName, &t.DebtorAccount, &t.Remittance, &t.Additional, stamp{&l.FirstSeenAt}, &l.File)
	l.Note = noteOf(l.Text, tags)
	return l, err
}

// NotedTransactions lists the transactions at an environment's banks of which something is written, the
// newest first.
func (s *Store) NotedTransactions(ctx context.Context, environmentID string, limit int) ([]Transaction, error) {
	return s.listed(ctx, notedTransactions, environmentID, limit)
}

const notedTransactions = `SELECT ` + listedColumns + ` WHERE e.id IN (SELECT entry_id FROM note) AND a.environment_id = ? ORDER BY e.id DESC LIMIT ?`

// LeftNotes lists the notes on transactions of an account that are gone, the latest first.
func (s *Store) LeftNotes(ctx context.Context, accountID int64) ([]LeftNote, error) {
	return collect(ctx, s.db, readLeftNote, `SELECT `+leftColumns+` WHERE l.account_id = ? ORDER BY l.id DESC`, accountID)
}

// RemoveLeftNote forgets a note on a transaction that is gone, if it is there.
func (s *Store) RemoveLeftNote(ctx context.Context, accountID, id int64) error {
	_, err := s.exec(ctx, `DELETE FROM note_left WHERE account_id = ? AND id = ?`, accountID, id)
	return err
}

// leaving is when transactions are removed, and the name of the file whose undoing removes them; empty: it is
// no file.
type leaving struct {
	at   time.Time
	file string
}

// leaveNote keeps the note on a transaction that is removed on its account, while both are there: it may be gone to
// another already.
func leaveNote(ctx context.Context, tx *sql.Tx, t Transaction, as leaving) error {
	if t.Note.Empty() {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO note_left (account_id, text, tags, written_at, left_at, transaction_id, end_to_end_id, booking_date,
			value_date, amount, currency, creditor_name, creditor_account, debtor_name, debtor_account, remittance, additional, first_seen_at, file)
		SELECT a.id, n.text, n.tags, n.written_at, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM note n JOIN account a ON a.id = ? WHERE n.entry_id = ?`,
		formatTime(as.at), t.Transaction.ID, t.EndToEndID, t.BookingDate, t.ValueDate, t.Amount.Number, t.Amount.Currency, t.CreditorName, t.CreditorAccount,
		t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, formatTime(t.FirstSeenAt), as.file, t.AccountID, t.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM note WHERE entry_id = ?`, t.ID); err != nil {
		return err
	}
	return useTags(ctx, tx, t.AccountID, t.Tags, nil)
}

// noteWritten is when the note on a transaction was first written; the zero time where there is none.
func noteWritten(ctx context.Context, tx *sql.Tx, id int64) (at time.Time, err error) {
	err = tx.QueryRowContext(ctx, `SELECT written_at FROM note WHERE entry_id = ?`, id).Scan(stamp{&at})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return at, err
}
