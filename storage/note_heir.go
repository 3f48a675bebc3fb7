package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"consentry/storage/fold"
)

// A note follows its transaction to the row that stands for it from now on, its heir. Banks say of
// no booked transaction which pending one it was: the heir is what is alike, came after the note was
// written, and is alike to no other that is gone. Where two could be it, none is: the note stays on
// the account then.

// Days around the one a pending transaction was first seen on, in which its heir is looked for; and
// for how long a note that was left is.
const (
	heirDaysBefore = 14
	heirDaysAfter  = 45
	heirWait       = 31 * 24 * time.Hour
)

// mostHeirs bounds the transactions among which heirs are looked for. Where there are more, it
// cannot be told which it is.
const mostHeirs = 1000

// gone is a pending transaction that is gone in a reading, or was before.
type gone struct {
	Transaction
	writtenAt time.Time // of its note; zero: it has none
	left      int64     // of the note that was left; zero where it goes just now
}

// likeness reports whether a transaction may be what one that is gone has become, of the same amount.
type likeness func(g gone, t Transaction) bool

// likenesses are asked in turn: what is alike in more comes first.
var likenesses = []likeness{
	func(g gone, t Transaction) bool { return tells(g.bankID()) && g.bankID() == t.bankID() },
	func(g gone, t Transaction) bool { return tells(g.EndToEndID) && g.EndToEndID == t.EndToEndID },
	func(g gone, t Transaction) bool {
		return g.after(t) && sameSide(g, t) && g.Remittance == t.Remittance && g.Date() != "" && (g.Date() == t.BookingDate || g.Date() == t.ValueDate)
	},
	func(g gone, t Transaction) bool { return g.after(t) && sameSide(g, t) && g.Remittance == t.Remittance },
	func(g gone, t Transaction) bool { return g.after(t) && sameSide(g, t) },
}

// after reports whether a transaction came after the note was written. What was there then, beside the
// pending one, is another.
func (g gone) after(t Transaction) bool { return !t.FirstSeenAt.Before(g.writtenAt) }

// sameSide reports whether two transactions name the same other side: its account, its name, or where
// neither has one, the same text.
func sameSide(g gone, t Transaction) bool {
	name, number := g.OtherSide()
	itsName, itsNumber := t.OtherSide()
	if number != "" && itsNumber != "" {
		return number == itsNumber
	}
	if name == "" && itsName == "" {
		return number == itsNumber && g.Remittance != "" && g.Remittance == t.Remittance
	}
	return slices.Equal(fold.Words(name), fold.Words(itsName))
}

// bankID is the id that the bank gave.
func (t Transaction) bankID() string { return t.Transaction.ID }

// OtherSide returns who is at the other end of a transaction, as far as the bank says it.
func (t Transaction) OtherSide() (name, account string) {
	if t.Amount.Negative() {
		return t.CreditorName, t.CreditorAccount
	}
	return t.DebtorName, t.DebtorAccount
}

// heirsOf returns which of some transactions those that are gone have become, by their places. One
// has one heir at most, and is the only one to have it.
func heirsOf(all []gone, comers []Transaction) map[int]int {
	heirs, taken := map[int]int{}, map[int]bool{}
	ids, ends := map[string]int{}, map[string]int{} // banks send the same for all; such tell nothing
	for _, t := range comers {
		ids[t.bankID()]++
		ends[t.EndToEndID]++
	}
	for which, alike := range likenesses {
		of, claims := map[int][]int{}, map[int]int{}
		for i, g := range all {
			if _, has := heirs[i]; has {
				continue
			}
			for j, t := range comers {
				if !taken[j] && told(which, g, t, ids, ends) && t.Amount.Currency == g.Amount.Currency && reduced(t.Amount) == reduced(g.Amount) && alike(g, t) {
					of[i] = append(of[i], j)
					claims[j]++
				}
			}
		}
		for i, some := range of {
			if len(some) == 1 && claims[some[0]] == 1 {
				heirs[i], taken[some[0]] = some[0], true
			}
		}
	}
	return heirs
}

// told reports whether a likeness tells anything, by how many of the others bear an id. Where the bank's
// own is there, it tells all: content says nothing beside it.
func told(which int, g gone, t Transaction, ids, ends map[string]int) bool {
	switch which {
	case 0:
		return ids[t.bankID()] == 1
	case 1:
		return ends[t.EndToEndID] == 1 && (!tells(g.bankID()) || ids[g.bankID()] == 0)
	}
	if t.Pending && tells(t.bankID()) && tells(g.bankID()) {
		return false // two that are pending are not one by what they say where their ids say otherwise
	}
	return !tells(g.bankID()) || ids[g.bankID()] == 0
}

// bookedHeirs lists the booked transactions of an account of which those that are gone, or were
// before, may have become one; none where no note waits.
func (s *Store) bookedHeirs(ctx context.Context, r *Reading, of Answered) ([]Transaction, error) {
	var waiting []Transaction
	var err error
	if of.Pending {
		if waiting, err = collect(ctx, s.db, readTransaction, wholePending, r.AccountID); err != nil {
			return nil, err
		}
		waiting = slices.DeleteFunc(waiting, func(t Transaction) bool { return t.Note.Empty() })
	}
	left, err := collect(ctx, s.db, readLeftNote, waitingNotes, r.AccountID, formatTime(s.now().Add(-heirWait)))
	if err != nil {
		return nil, err
	}
	for _, l := range left {
		waiting = append(waiting, l.gone().Transaction)
	}
	if len(waiting) == 0 {
		return nil, nil
	}
	return s.heirsAround(ctx, r.AccountID, waiting)
}

const waitingNotes = `SELECT ` + leftColumns + ` WHERE l.account_id = ? AND l.left_at >= ? ORDER BY l.id LIMIT 500`

func (s *Store) heirsAround(ctx context.Context, accountID int64, waiting []Transaction) ([]Transaction, error) {
	first, last := waiting[0].FirstSeenAt, waiting[0].FirstSeenAt
	var amounts, ids, ends []string
	for _, t := range waiting {
		if t.FirstSeenAt.Before(first) {
			first = t.FirstSeenAt
		}
		if t.FirstSeenAt.After(last) {
			last = t.FirstSeenAt
		}
		amounts, ids, ends = append(amounts, reduced(t.Amount)), append(ids, t.bankID()), append(ends, t.EndToEndID)
	}
	args := []any{accountID, dayAt(first.AddDate(0, 0, -heirDaysBefore)).before(), dayAt(last.AddDate(0, 0, heirDaysAfter)).after(), formatTime(first)}
	for _, texts := range [][]string{amounts, slices.DeleteFunc(ids, untold), slices.DeleteFunc(ends, untold)} {
		list, err := json.Marshal(append([]string{}, texts...))
		if err != nil {
			return nil, err
		}
		args = append(args, string(list))
	}
	found, err := collect(ctx, s.db, readTransaction, heirsAround, append(args, mostHeirs+1)...)
	if len(found) > mostHeirs {
		return nil, err
	}
	return found, err
}

func untold(id string) bool { return !tells(id) }

const wholePending = `SELECT ` + entryColumns + ` WHERE e.account_id = ? AND e.pending = 1 ORDER BY e.id DESC`

const heirsAround = `SELECT ` + entryColumns + ` WHERE e.account_id = ? AND e.pending = 0 AND e.id > ? AND e.id < ? AND e.first_seen_at >= ?
	AND e.dropped_at = '' AND e.missed_at = '' AND (CASE instr(e.amount, '.') WHEN 0 THEN e.amount ELSE rtrim(rtrim(e.amount, '0'), '.') END
		IN (SELECT value FROM json_each(?)) OR e.transaction_id IN (SELECT value FROM json_each(?)) OR e.end_to_end_id IN (SELECT value FROM json_each(?)))
	ORDER BY e.id LIMIT ?`

// dayAt is the day of a time.
func dayAt(at time.Time) day { return dayOf(at.Format(time.DateOnly)) }

// gone is the transaction that is gone, whose note was left.
func (l LeftNote) gone() gone {
	return gone{Transaction{AccountID: l.AccountID, Pending: true, FirstSeenAt: l.FirstSeenAt, Transaction: l.Transaction, Note: l.Note}, l.WrittenAt, l.ID}
}

// follow has notes on pending transactions that are gone, or were before, follow them to their heirs:
// booked ones, or such as are pending since this reading.
func (s *Store) follow(ctx context.Context, tx *sql.Tx, r *Reading, going []Transaction, booked []Transaction) error {
	all, err := s.waiting(ctx, tx, r, going)
	if err != nil || !slices.ContainsFunc(all, func(g gone) bool { return !g.writtenAt.IsZero() }) {
		return err
	}
	comers, err := r.pendingSince(ctx, tx)
	if err != nil {
		return err
	}
	comers = append(comers, booked...)
	w, err := newEntryWriter(ctx, tx, s.now(), &known{})
	if err != nil {
		return err
	}
	defer w.close()
	for i, j := range heirsOf(all, comers) {
		if all[i].writtenAt.IsZero() {
			continue
		}
		if err := w.inherit(ctx, all[i], comers[j].ID); err != nil {
			return err
		}
	}
	return nil
}

// waiting are the transactions that go now, and those that are gone whose notes were left.
func (s *Store) waiting(ctx context.Context, tx *sql.Tx, r *Reading, going []Transaction) ([]gone, error) {
	left, err := collect(ctx, tx, readLeftNote, waitingNotes, r.AccountID, formatTime(s.now().Add(-heirWait)))
	if err != nil {
		return nil, err
	}
	var all []gone
	for _, l := range left {
		all = append(all, l.gone())
	}
	for _, t := range going {
		g := gone{Transaction: t}
		if !t.Note.Empty() {
			if g.writtenAt, err = noteWritten(ctx, tx, t.ID); err != nil {
				return nil, err
			}
		}
		all = append(all, g)
	}
	return all, nil
}

// inherit gives the note on a transaction that is gone to another, unless a person wrote one there.
func (w *entryWriter) inherit(ctx context.Context, from gone, to int64) error {
	heir, err := transactionIn(ctx, w.tx, to)
	if err != nil || !heir.Note.Empty() {
		return err
	}
	if err := w.setNote(ctx, heir, from.Note, from.writtenAt); err != nil {
		return err
	}
	if from.left != 0 {
		_, err = w.tx.ExecContext(ctx, `DELETE FROM note_left WHERE id = ?`, from.left)
	} else {
		_, err = w.tx.ExecContext(ctx, `DELETE FROM note WHERE entry_id = ?`, from.ID)
	}
	return err
}

// pendingSince lists what is pending and was not before the reading.
func (r *Reading) pendingSince(ctx context.Context, tx *sql.Tx) ([]Transaction, error) {
	before := r.stored[pendingDay]
	if before == nil || len(before.rows) == 0 {
		return nil, nil
	}
	now, err := collect(ctx, tx, readTransaction, wholePending, r.AccountID)
	return slices.DeleteFunc(now, func(t Transaction) bool {
		return slices.ContainsFunc(before.rows, func(row storedRow) bool { return row.id == t.ID })
	}), err
}

// movedTo returns, of booked transactions that a bank does not list, those with a note that it lists
// under another day now: by the bank's id, which no other around them bears.
func (s *Store) movedTo(ctx context.Context, ids []int64) (map[int64]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	noted, err := collect(ctx, s.db, readTransaction, `SELECT `+entryColumns+` WHERE e.id IN (SELECT value FROM json_each(?)) AND n.entry_id IS NOT NULL`, list)
	to := map[int64]int64{}
	for _, t := range noted {
		if !tells(t.bankID()) {
			continue
		}
		on := dayOfID(t.ID)
		found, err := collect(ctx, s.db, readTransaction, `SELECT `+entryColumns+` WHERE e.account_id = ? AND e.pending = 0 AND e.id > ? AND e.id < ? AND e.transaction_id = ?
			AND e.id <> ? AND e.dropped_at = '' LIMIT 2`, t.AccountID, max(on-heirDaysAfter, noDay).before(), min(on+heirDaysAfter, lastDay).after(), t.bankID(), t.ID)
		if err != nil {
			return nil, err
		}
		if len(found) == 1 && found[0].FirstSeenAt.After(t.FirstSeenAt) && !slices.Contains(ids, found[0].ID) &&
			reduced(found[0].Amount) == reduced(t.Amount) && found[0].Amount.Currency == t.Amount.Currency {
			to[t.ID] = found[0].ID
		}
	}
	return to, err
}

// noteMoves has the note on a booked transaction that was dropped follow it to where the bank lists it now.
func (w *entryWriter) noteMoves(ctx context.Context, from, to int64) error {
	old, err := transactionIn(ctx, w.tx, from)
	if err != nil || old.DroppedAt.IsZero() || old.Note.Empty() {
		return err
	}
	heir, err := transactionIn(ctx, w.tx, to)
	if err != nil || !heir.Note.Empty() {
		return err
	}
	at, err := noteWritten(ctx, w.tx, from)
	if err == nil {
		err = w.setNote(ctx, heir, old.Note, at)
	}
	if err != nil {
		return err
	}
	return w.setNote(ctx, old, Note{}, w.now)
}
