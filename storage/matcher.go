package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"consentry/xs2a"
)

// matcher puts the transactions that come in a reading to those that are stored.
//
// A transaction is there when one with the same id, day and amount is, if the id is
// its own. Of the others, n with equal content are there when n stored ones of that
// content were not claimed in this reading; only those beyond are new. What is
// claimed is marked with the reading's number, so it makes no difference how
// the transactions of a day are spread over pages.
//
// Each transaction costs a few statements, and each of them finds its rows by an index
// that names all it asks for, however many of one day, content or id are there.
type matcher struct {
	store                                                     *Store
	reading                                                   *Reading
	pending                                                   bool
	onDay, byID, byPrint, latest, claimOne, reword, insertOne *sql.Stmt

	known map[string]bool // by day: whether transactions of it were stored before
}

func (s *Store) newMatcher(ctx context.Context, tx *sql.Tx, r *Reading, pending bool) (*matcher, error) {
	m := &matcher{store: s, reading: r, pending: pending, known: map[string]bool{}}
	for _, one := range m.statements() {
		prepared, err := tx.PrepareContext(ctx, one.text)
		if err != nil {
			m.close()
			return nil, err
		}
		*one.into = prepared
	}
	return m, nil
}

// statement is one of a matcher's, and where it is kept when it is prepared.
type statement struct {
	into **sql.Stmt
	text string
}

func (m *matcher) statements() []statement {
	return []statement{
		{&m.onDay, `SELECT EXISTS (SELECT 1 FROM entry WHERE account_id = ? AND pending = ? AND date = ?)`},
		{&m.byID, `SELECT id, date, amount, currency, remittance, additional, raw, seen, fingerprint FROM entry
			WHERE account_id = ? AND pending = 0 AND transaction_id = ? AND transaction_id <> '' LIMIT 2`},
		{&m.byPrint, `SELECT id FROM entry INDEXED BY entry_unclaimed WHERE account_id = ? AND pending = ? AND fingerprint = ?
			AND seen < ? ORDER BY seen, occurrence LIMIT ?`},
		{&m.latest, `SELECT coalesce(max(occurrence), 0) FROM entry WHERE account_id = ? AND pending = ? AND fingerprint = ?`},
		{&m.claimOne, `UPDATE entry SET seen = ? WHERE id = ?`},
		{&m.reword, `UPDATE entry SET seen = ?, remittance = ?, additional = ?, raw = ?, fingerprint = ?, occurrence = coalesce(?, occurrence) WHERE id = ?`},
		{&m.insertOne, `INSERT INTO entry (account_id, pending, fingerprint, occurrence, date, transaction_id,
			entry_reference, end_to_end_id, booking_date, value_date, amount, currency, creditor_name, creditor_account,
			debtor_name, debtor_account, remittance, additional, bank_code, inferred, raw, first_seen_at, seen)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
	}
}

func (m *matcher) close() {
	for _, one := range m.statements() {
		if prepared := *one.into; prepared != nil {
			prepared.Close()
		}
	}
}

// put keeps transactions and counts those that are new.
func (m *matcher) put(ctx context.Context, transactions []xs2a.Transaction) (added int, err error) {
	rest, err := m.claimByID(ctx, transactions)
	if err != nil {
		return 0, err
	}
	prints, came := make([]string, len(rest)), map[string]int{}
	for i, t := range rest {
		prints[i] = fingerprint(t)
		came[prints[i]]++
	}
	contents := map[string]*content{}
	for i, t := range rest {
		one := contents[prints[i]]
		if one == nil {
			if one, err = m.claimByPrint(ctx, t.Date(), prints[i], came[prints[i]]); err != nil {
				return added, err
			}
			contents[prints[i]] = one
		}
		if one.there > 0 {
			one.there--
			continue
		}
		one.latest++
		if err := m.insert(ctx, t, prints[i], one.latest); err != nil {
			return added, err
		}
		added++
	}
	return added, nil
}

// content is what is stored of transactions that are equal.
type content struct {
	there  int // claimed for transactions that come now
	latest int // the highest occurrence
}

// claimByID claims the stored transactions that ids identify, and returns the transactions
// it found none for. An id tells nothing that comes twice, or is stored twice.
// The words of a transaction change at some banks after the booking.
func (m *matcher) claimByID(ctx context.Context, transactions []xs2a.Transaction) (rest []xs2a.Transaction, err error) {
	if m.pending {
		return transactions, nil
	}
	distinct := bankIDs(transactions)
	for _, t := range transactions {
		claimed := false
		if distinct[t.ID] {
			if claimed, err = m.claimOneByID(ctx, t); err != nil {
				return nil, err
			}
		}
		if !claimed {
			rest = append(rest, t)
		}
	}
	return rest, nil
}

func (m *matcher) claimOneByID(ctx context.Context, t xs2a.Transaction) (claimed bool, err error) {
	if there, err := m.onThatDay(ctx, t.Date()); err != nil || !there {
		return false, err
	}
	rows, err := m.byID.QueryContext(ctx, m.reading.AccountID, t.ID)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	var id, seen int64
	var date, raw, stored string
	var found xs2a.Transaction
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(&id, &date, &found.Amount.Number, &found.Amount.Currency, &found.Remittance, &found.Additional, &raw, &seen, &stored); err != nil {
			return false, err
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return false, err
	}
	if n != 1 || seen >= m.reading.number || date != t.Date() || found.Amount != t.Amount {
		return false, nil
	}
	print := fingerprint(t)
	if found.Remittance == t.Remittance && found.Additional == t.Additional && raw == string(t.Raw) && stored == print {
		_, err = m.claimOne.ExecContext(ctx, m.reading.number, id)
		return true, err
	}
	return true, m.rewordOne(ctx, id, stored, t, print)
}

// rewordOne takes over the words of a transaction, and what it is known by with them:
// its id may be another one the next time.
func (m *matcher) rewordOne(ctx context.Context, id int64, stored string, t xs2a.Transaction, print string) error {
	var place any // among its equals; it keeps the one it has
	if stored != print {
		var latest int
		if err := m.latest.QueryRowContext(ctx, m.reading.AccountID, m.pending, print).Scan(&latest); err != nil {
			return err
		}
		place = latest + 1
	}
	_, err := m.reword.ExecContext(ctx, m.reading.number, t.Remittance, t.Additional, string(t.Raw), print, place, id)
	return err
}

// claimByPrint claims up to n stored transactions of a content.
func (m *matcher) claimByPrint(ctx context.Context, date, print string, n int) (*content, error) {
	c := &content{}
	if there, err := m.onThatDay(ctx, date); err != nil || !there {
		return c, err
	}
	account := m.reading.AccountID
	if err := m.latest.QueryRowContext(ctx, account, m.pending, print).Scan(&c.latest); err != nil || c.latest == 0 {
		return c, err
	}
	rows, err := m.byPrint.QueryContext(ctx, account, m.pending, print, m.reading.number, n)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return c, err
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return c, err
	}
	for _, id := range ids {
		if _, err := m.claimOne.ExecContext(ctx, m.reading.number, id); err != nil {
			return c, err
		}
	}
	c.there = len(ids)
	return c, nil
}

// onThatDay reports whether transactions of a day were stored before the ones that
// come now; without any, none can be the same.
func (m *matcher) onThatDay(ctx context.Context, date string) (there bool, err error) {
	there, known := m.known[date]
	if known {
		return there, nil
	}
	err = m.onDay.QueryRowContext(ctx, m.reading.AccountID, m.pending, date).Scan(&there)
	m.known[date] = there
	return there, err
}

func (m *matcher) insert(ctx context.Context, t xs2a.Transaction, print string, occurrence int) error {
	_, err := m.insertOne.ExecContext(ctx, m.reading.AccountID, m.pending, print, occurrence, t.Date(), t.ID, t.EntryReference, t.EndToEndID,
		t.BookingDate, t.ValueDate, t.Amount.Number, t.Amount.Currency, t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount,
		t.Remittance, t.Additional, t.BankCode, t.Inferred, string(t.Raw), formatTime(m.store.now()), m.reading.number)
	return err
}

// bankIDs returns the ids among the transactions that tell them apart. Banks send
// the same id for all, or none; such ids tell nothing.
func bankIDs(transactions []xs2a.Transaction) map[string]bool {
	seen := map[string]int{}
	for _, t := range transactions {
		seen[t.ID]++
	}
	distinct := map[string]bool{}
	for id, n := range seen {
		if n == 1 && id != "" && !strings.EqualFold(id, "NOTPROVIDED") {
			distinct[id] = true
		}
	}
	return distinct
}
