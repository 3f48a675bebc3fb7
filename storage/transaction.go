package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// Transaction is a stored transaction of an account. Its table is called entry, as it
// has been since the first version.
type Transaction struct {
	ID          int64
	AccountID   int64
	Pending     bool
	Date        string // ISO date it is listed under
	FirstSeenAt time.Time
	xs2a.Transaction
	// AccountName and BankName are set in lists across accounts.
	AccountName   string
	BankName      string
	EnvironmentID string
	BIC           string
}

// Cursor is a place in a list of transactions, newest first. The zero value is its
// beginning.
type Cursor struct {
	Date string
	ID   int64
}

const entryColumns = `e.id, e.account_id, e.pending, e.date, e.first_seen_at, e.transaction_id, e.entry_reference, e.end_to_end_id,
	e.booking_date, e.value_date, e.amount, e.currency, e.creditor_name, e.creditor_account, e.debtor_name, e.debtor_account,
	e.remittance, e.additional, e.bank_code, e.inferred, e.raw, a.name, a.bank_name, a.environment_id, a.bic
	FROM entry e JOIN account a ON a.id = e.account_id`

func readTransaction(row scanner) (Transaction, error) {
	var e Transaction
	var raw string
	err := row.Scan(&e.ID, &e.AccountID, &e.Pending, &e.Date, stamp{&e.FirstSeenAt}, &e.Transaction.ID, &e.EntryReference,
		&e.EndToEndID, &e.BookingDate, &e.ValueDate, &e.Amount.Number, &e.Amount.Currency, &e.CreditorName, &e.CreditorAccount,
		&e.DebtorName, &e.DebtorAccount, &e.Remittance, &e.Additional, &e.BankCode, &e.Inferred, &raw,
		&e.AccountName, &e.BankName, &e.EnvironmentID, &e.BIC)
	e.Raw = json.RawMessage(raw)
	return e, err
}

// BookedTransactions lists an account's booked transactions after the cursor, the
// newest first.
func (s *Store) BookedTransactions(ctx context.Context, accountID int64, after Cursor, limit int) ([]Transaction, error) {
	if after == (Cursor{}) {
		return collect(ctx, s.db, readTransaction, `SELECT `+entryColumns+` WHERE e.account_id = ? AND e.pending = 0
			ORDER BY e.date DESC, e.id DESC LIMIT ?`, accountID, limit)
	}
	return collect(ctx, s.db, readTransaction, `SELECT `+entryColumns+` WHERE e.account_id = ? AND e.pending = 0
		AND (e.date, e.id) < (?, ?) ORDER BY e.date DESC, e.id DESC LIMIT ?`, accountID, after.Date, after.ID, limit)
}

// PendingTransactions lists an account's pending transactions as of the last fetch.
func (s *Store) PendingTransactions(ctx context.Context, accountID int64) ([]Transaction, error) {
	return collect(ctx, s.db, readTransaction, `SELECT `+entryColumns+` WHERE e.account_id = ? AND e.pending = 1
		ORDER BY e.date DESC, e.id DESC`, accountID)
}

// LatestTransactions lists the newest transactions of all accounts: the pending ones of
// some accounts, then booked ones of all.
func (s *Store) LatestTransactions(ctx context.Context, pendingOf []int64, limit int) ([]Transaction, error) {
	accounts, err := idList(pendingOf)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.db, readTransaction, `SELECT * FROM (SELECT `+entryColumns+` WHERE e.pending = 1
			AND e.account_id IN (SELECT value FROM json_each(?)) ORDER BY e.date DESC, e.id DESC LIMIT ?)
		UNION ALL SELECT * FROM (SELECT `+entryColumns+` WHERE e.pending = 0 ORDER BY e.date DESC, e.id DESC LIMIT ?) LIMIT ?`,
		accounts, limit, limit, limit)
}

// Transaction returns one transaction, or ErrNotFound.
func (s *Store) Transaction(ctx context.Context, id int64) (Transaction, error) {
	return one(readTransaction, s.db.QueryRowContext(ctx, `SELECT `+entryColumns+` WHERE e.id = ?`, id))
}

// CountTransactions returns the number of an account's booked transactions.
func (s *Store) CountTransactions(ctx context.Context, accountID int64) (int, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE account_id = ? AND pending = 0`, accountID).Scan(&n)
	return n, err
}

// DaySum is what an account's booked transactions of one day and currency add up to.
type DaySum struct {
	Date     string
	Currency string
	In       apd.Decimal // not negative
	Out      apd.Decimal // not negative
}

// DaySums adds up an account's booked transactions per day since a date, the oldest
// day first. Sums are exact.
func (s *Store) DaySums(ctx context.Context, accountID int64, since string) ([]DaySum, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT date, currency, amount FROM entry
		WHERE account_id = ? AND pending = 0 AND date >= ? ORDER BY date, currency`, accountID, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var sums []DaySum
	for rows.Next() {
		var date string
		var amount xs2a.Amount
		if err := rows.Scan(&date, &amount.Currency, &amount.Number); err != nil {
			return nil, err
		}
		if n := len(sums); n == 0 || sums[n-1].Date != date || sums[n-1].Currency != amount.Currency {
			sums = append(sums, DaySum{Date: date, Currency: amount.Currency})
		}
		sums[len(sums)-1].add(amount)
	}
	return sums, rows.Err()
}

// exact never rounds: more digits than any sum of bounded amounts has.
var exact = apd.BaseContext.WithPrecision(200)

func (d *DaySum) add(a xs2a.Amount) {
	side := &d.In
	n := a.Decimal()
	if n.Negative {
		side = &d.Out
		n.Negative = false
	}
	_, _ = exact.Add(side, side, n) // errs only where the context traps, and this one has nothing to trap
}

// fingerprint is the content of a transaction without the bank's ids, which some
// banks change or leave out. Amounts count by value: "1.5" is "1.50".
func fingerprint(t xs2a.Transaction) string {
	var amount apd.Decimal
	amount.Reduce(t.Amount.Decimal())
	h := sha256.New()
	for _, field := range []string{
		t.BookingDate, t.ValueDate, amount.Text('f'), t.Amount.Currency,
		t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance, t.EndToEndID,
	} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
