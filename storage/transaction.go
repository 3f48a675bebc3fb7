package storage

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"consentry/xs2a"
)

// Transaction is a stored transaction of an account. Its table is called entry, as it
// has been since the first version.
type Transaction struct {
	ID          int64
	AccountID   int64
	Pending     bool
	FirstSeenAt time.Time
	ChangedAt   time.Time // when the bank was last seen to say something else of it; zero: never
	DroppedAt   time.Time // when the bank was first seen not to list it any more; zero: it does
	xs2a.Transaction
	Note      // what the person wrote of it
	New  bool // it came and was not shown yet
	// OwnName is how the person calls the other end; empty: not otherwise than the bank. Who lists
	// transactions for a person sets it.
	OwnName string
	// AccountName and BankName are set in lists across accounts.
	AccountName   string
	BankName      string
	EnvironmentID string
	BIC           string
}

// Cursor is a place in a list of transactions, newest first: the id of the one before it.
// The zero value is its beginning.
type Cursor int64

// EndOf returns the cursor behind which the transactions of a day are listed, an ISO date, and
// those before it.
func EndOf(date string) Cursor { return Cursor(dayOf(date).after()) }

// Date is the ISO date the cursor's transaction is listed under.
func (c Cursor) Date() string { return dayOfID(int64(c)).String() }

const entryFields = `e.id, e.account_id, e.pending, e.first_seen_at, e.changed_at, e.dropped_at, e.transaction_id, e.entry_reference,
	e.end_to_end_id, e.booking_date, e.value_date, e.amount, e.currency, e.creditor_name, e.creditor_account, e.debtor_name,
	e.debtor_account, e.remittance, e.additional, e.bank_code, e.inferred, e.raw, coalesce(n.text, ''), coalesce(n.tags, ''), v.entry_id IS NOT NULL`

// withOwn joins what is the person's own.
const withOwn = ` LEFT JOIN note n ON n.entry_id = e.id LEFT JOIN arrival v ON v.entry_id = e.id`

const entryColumns = entryFields + `, coalesce(nullif(a.nickname, ''), a.name), a.bank_name, a.environment_id, a.bic FROM entry e JOIN account a ON a.id = e.account_id` + withOwn

func readTransaction(row scanner) (Transaction, error) {
	var e Transaction
	var raw, tags string
	err := row.Scan(&e.ID, &e.AccountID, &e.Pending, stamp{&e.FirstSeenAt}, stamp{&e.ChangedAt}, stamp{&e.DroppedAt}, &e.Transaction.ID,
		&e.EntryReference, &e.EndToEndID, &e.BookingDate, &e.ValueDate, &e.Amount.Number, &e.Amount.Currency, &e.CreditorName,
		&e.CreditorAccount, &e.DebtorName, &e.DebtorAccount, &e.Remittance, &e.Additional, &e.BankCode, &e.Inferred, &raw, &e.Note.Text, &tags, &e.New,
		&e.AccountName, &e.BankName, &e.EnvironmentID, &e.BIC)
	e.Raw, e.Note = json.RawMessage(raw), noteOf(e.Note.Text, tags)
	return e, err
}

// BookedTransactions lists an account's booked transactions after the cursor, the
// newest first. As all lists, it leaves out Raw, FirstSeenAt and ChangedAt.
func (s *Store) BookedTransactions(ctx context.Context, accountID int64, after Cursor, limit int) ([]Transaction, error) {
	before := int64(after)
	if before == 0 {
		before = lastDay.after()
	}
	return s.listed(ctx, bookedTransactions, accountID, before, limit)
}

const bookedTransactions = `SELECT ` + listedColumns + ` WHERE e.account_id = ? AND e.pending = 0 AND e.id < ? ORDER BY e.id DESC LIMIT ?`

// NewerTransactions lists an account's booked transactions before the cursor, those first that
// are next to it.
func (s *Store) NewerTransactions(ctx context.Context, accountID int64, than Cursor, limit int) ([]Transaction, error) {
	return s.listed(ctx, newerTransactions, accountID, than, limit)
}

const newerTransactions = `SELECT ` + listedColumns + ` WHERE e.account_id = ? AND e.pending = 0 AND e.id > ? ORDER BY e.id LIMIT ?`

// PendingTransactions lists an account's pending transactions as of the last fetch, those
// without a date first, then the newest.
func (s *Store) PendingTransactions(ctx context.Context, accountID int64) ([]Transaction, error) {
	return s.listed(ctx, pendingTransactions, accountID)
}

// SignsAmounts reports whether the bank gave a minus to one of an account's latest booked transactions.
func (s *Store) SignsAmounts(ctx context.Context, accountID int64) (signs bool, err error) {
	err = s.db.QueryRowContext(ctx, signsAmounts, accountID).Scan(&signs)
	return signs, err
}

const signsAmounts = `SELECT EXISTS (SELECT 1 FROM (SELECT amount, inferred FROM entry
	WHERE account_id = ? AND pending = 0 ORDER BY id DESC LIMIT 1000) WHERE amount LIKE '-%' AND NOT inferred)`

// FirstPending returns the first day of what is pending on an account; empty where nothing is
// that bears a date.
func (s *Store) FirstPending(ctx context.Context, accountID int64) (string, error) {
	var first int64
	err := s.db.QueryRowContext(ctx, firstPending, accountID, noDay.after()).Scan(&first)
	return dayOfID(first).String(), err
}

const firstPending = `SELECT coalesce(min(id), 0) FROM entry WHERE account_id = ? AND pending = 1 AND id > ?`

// FirstListed returns the first day of which the bank has listed a booked transaction of an account;
// empty where there is none that bears a date.
func (s *Store) FirstListed(ctx context.Context, accountID int64) (string, error) {
	first, err := one(readID, s.db.QueryRowContext(ctx, firstListed, accountID, noDay.after()))
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return dayOfID(first).String(), err
}

const firstListed = `SELECT id FROM entry WHERE account_id = ? AND pending = 0 AND id > ?
	AND NOT EXISTS (SELECT 1 FROM import_entry WHERE entry_id = entry.id) ORDER BY id LIMIT 1`

const pendingTransactions = `SELECT ` + listedColumns + ` WHERE e.account_id = ? AND e.pending = 1 ORDER BY e.id DESC`

// LatestTransactions lists the newest transactions of all accounts: the pending ones of
// some accounts, then booked ones of all.
func (s *Store) LatestTransactions(ctx context.Context, pendingOf []int64, limit int) ([]Transaction, error) {
	accounts, err := idList(pendingOf)
	if err != nil {
		return nil, err
	}
	return s.listed(ctx, latestTransactions, accounts, limit, limit, limit)
}

const latestTransactions = `SELECT * FROM (SELECT ` + listedColumns + ` WHERE e.pending = 1
		AND e.account_id IN (SELECT value FROM json_each(?)) ORDER BY e.id DESC LIMIT ?)
	UNION ALL SELECT * FROM (SELECT ` + listedColumns + ` WHERE e.pending = 0 ORDER BY e.id DESC LIMIT ?) LIMIT ?`

// Transaction returns one transaction, or ErrNotFound.
func (s *Store) Transaction(ctx context.Context, id int64) (Transaction, error) {
	return one(readTransaction, s.db.QueryRowContext(ctx, `SELECT `+entryColumns+` WHERE e.id = ?`, id))
}

// Change is what a bank said of a transaction before it said something else.
type Change struct {
	At time.Time // when it was first seen to say something else
	xs2a.Transaction
}

// MostChanges is how many changes of one transaction are kept: the latest.
const MostChanges = 20

// TransactionChanges lists what a bank said of a transaction before, the latest first.
func (s *Store) TransactionChanges(ctx context.Context, id int64) ([]Change, error) {
	return collect(ctx, s.db, func(row scanner) (Change, error) {
		var c Change
		var raw string
		err := row.Scan(stamp{&c.At}, &c.CreditorName, &c.CreditorAccount, &c.DebtorName, &c.DebtorAccount, &c.Remittance, &c.Additional, &raw)
		c.Raw = json.RawMessage(raw)
		return c, err
	}, `SELECT at, creditor_name, creditor_account, debtor_name, debtor_account, remittance, additional, raw
		FROM entry_change WHERE entry_id = ? ORDER BY at DESC`, id)
}
