package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"consentry/xs2a"
)

// Account is an account as it is known across consents.
type Account struct {
	ID            int64
	EnvironmentID string
	BIC           string
	BankName      string
	Key           string // see xs2a.Account.Key
	IBAN          string
	BBAN          string
	MaskedPAN     string
	Currency      string
	Name          string
	Product       string
	Type          string
	Status        string
	Usage         string
	OwnerName     string
	Raw           json.RawMessage
	FirstSeenAt   time.Time
	FetchedAt     time.Time // last complete fetch
	BookedTo      string    // ISO date up to which booked entries are complete
	Balances      []Balance // in the bank's order
}

// Balance is one of an account's balances as last fetched.
type Balance struct {
	Type            string
	Amount          xs2a.Amount
	ReferenceDate   string
	LastChange      string
	CreditLimitIncl bool
}

// Fetch is everything one fetch read of one account; it is stored whole or
// not at all.
type Fetch struct {
	ConsentID string // ours
	Account   xs2a.Account
	Balances  []xs2a.Balance // nil: the consent does not cover them
	// Booked and Pending are set when HasEntries; the consent may not cover them.
	HasEntries bool
	Booked     []xs2a.Transaction
	Pending    []xs2a.Transaction
	Since      string // ISO date since which they were read, as those before were here; empty: all there are
	To         string // ISO date up to which booked entries are complete
}

// Fetched counts what a fetch changed.
type Fetched struct {
	AccountID  int64
	NewEntries int
}

const accountColumns = `a.id, a.environment_id, a.bic, a.bank_name, a.key, a.iban, a.bban, a.masked_pan, a.currency, a.name,
	a.product, a.type, a.status, a.usage, a.owner_name, a.raw, a.first_seen_at, a.fetched_at, a.booked_to`

func readAccount(row scanner) (Account, error) {
	var a Account
	var raw string
	err := row.Scan(&a.ID, &a.EnvironmentID, &a.BIC, &a.BankName, &a.Key, &a.IBAN, &a.BBAN, &a.MaskedPAN, &a.Currency, &a.Name,
		&a.Product, &a.Type, &a.Status, &a.Usage, &a.OwnerName, &raw, stamp{&a.FirstSeenAt}, stamp{&a.FetchedAt}, &a.BookedTo)
	a.Raw = json.RawMessage(raw)
	return a, err
}

// Accounts lists all accounts with their balances, by bank and name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	return s.accounts(ctx, `SELECT `+accountColumns+` FROM account a ORDER BY a.bank_name, a.environment_id, a.bic, a.name, a.id`)
}

// ConsentAccounts lists the accounts reached through a consent.
func (s *Store) ConsentAccounts(ctx context.Context, consentID string) ([]Account, error) {
	return s.accounts(ctx, `SELECT `+accountColumns+` FROM account a JOIN consent_account l ON l.account_id = a.id
		WHERE l.consent_id = ? ORDER BY a.name, a.id`, consentID)
}

func (s *Store) accounts(ctx context.Context, query string, args ...any) ([]Account, error) {
	accounts, err := collect(ctx, s.db, readAccount, query, args...)
	if err != nil {
		return nil, err
	}
	ids, at := make([]int64, len(accounts)), make(map[int64]int, len(accounts))
	for i, account := range accounts {
		ids[i], at[account.ID] = account.ID, i
	}
	balances, err := s.balances(ctx, ids...)
	for _, b := range balances {
		account := &accounts[at[b.account]]
		account.Balances = append(account.Balances, b.Balance)
	}
	return accounts, err
}

// Account gives one account with its balances, or ErrNotFound.
func (s *Store) Account(ctx context.Context, id int64) (Account, error) {
	a, err := one(readAccount, s.db.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.id = ?`, id))
	if err != nil {
		return a, err
	}
	balances, err := s.balances(ctx, id)
	for _, b := range balances {
		a.Balances = append(a.Balances, b.Balance)
	}
	return a, err
}

// AccountConsents lists the consents through which an account is or was
// reached, the newest first.
func (s *Store) AccountConsents(ctx context.Context, accountID int64) ([]Consent, error) {
	return collect(ctx, s.db, readConsent, `SELECT `+consentColumns+` FROM consent c
		WHERE c.id IN (SELECT consent_id FROM consent_account WHERE account_id = ?) ORDER BY c.created_at DESC, c.id`, accountID)
}

// Reached is an account under a consent, with what it can be found by.
type Reached struct {
	ConsentID string
	AccountID int64
	Words     string // name and numbers
}

// ReachedAccounts lists which accounts are reached by which consents.
func (s *Store) ReachedAccounts(ctx context.Context) ([]Reached, error) {
	return collect(ctx, s.db, func(row scanner) (Reached, error) {
		var r Reached
		err := row.Scan(&r.ConsentID, &r.AccountID, &r.Words)
		return r, err
	}, `SELECT l.consent_id, a.id, a.name || ' ' || a.iban || ' ' || a.bban || ' ' || a.masked_pan
		FROM consent_account l JOIN account a ON a.id = l.account_id`)
}

// ResourceID gives the bank's name for an account under a consent, or
// ErrNotFound.
func (s *Store) ResourceID(ctx context.Context, consentID string, accountID int64) (string, error) {
	return one(func(row scanner) (string, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	}, s.db.QueryRowContext(ctx, `SELECT resource_id FROM consent_account WHERE consent_id = ? AND account_id = ?`, consentID, accountID))
}

// balanceOf is a balance with its account.
type balanceOf struct {
	Balance
	account int64
}

// balances gives the balances of accounts, each one's in the bank's order.
func (s *Store) balances(ctx context.Context, accounts ...int64) ([]balanceOf, error) {
	wanted, err := json.Marshal(accounts)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.db, func(row scanner) (balanceOf, error) {
		var b balanceOf
		err := row.Scan(&b.account, &b.Type, &b.Amount.Number, &b.Amount.Currency, &b.ReferenceDate, &b.LastChange, &b.CreditLimitIncl)
		return b, err
	}, `SELECT account_id, type, amount, currency, reference_date, last_change, credit_limit FROM balance
		WHERE account_id IN (SELECT value FROM json_each(?)) ORDER BY account_id, position`, string(wanted))
}

// BookedTo gives the day up to which the booked entries of the account with
// that key are complete, or "" where it was never fetched.
func (s *Store) BookedTo(ctx context.Context, environmentID, bic, key string) (string, error) {
	day, err := one(func(row scanner) (string, error) {
		var day string
		err := row.Scan(&day)
		return day, err
	}, s.db.QueryRowContext(ctx, `SELECT booked_to FROM account WHERE environment_id = ? AND bic = ? AND key = ?`, environmentID, bic, key))
	if err == ErrNotFound {
		return "", nil
	}
	return day, err
}

// PutFetch stores what was fetched of one account, in one transaction. What
// arrives after the consent has ended is not kept (ErrEnd).
func (s *Store) PutFetch(ctx context.Context, c Consent, f Fetch) (Fetched, error) {
	var result Fetched
	err := s.writeBulk(ctx, func(tx *sql.Tx) error {
		if now, err := consentIn(ctx, tx, f.ConsentID); err != nil {
			return err
		} else if now.Ended() {
			return ErrEnd
		}
		id, err := s.putAccount(ctx, tx, c, f)
		if err != nil {
			return err
		}
		result.AccountID = id
		if f.Balances != nil {
			if err := putBalances(ctx, tx, id, f.Balances); err != nil {
				return err
			}
		}
		if f.HasEntries {
			if err := s.putPending(ctx, tx, id, f.Pending); err != nil {
				return err
			}
			result.NewEntries, err = s.putBooked(ctx, tx, id, f.Booked)
		}
		return err
	})
	return result, err
}

func (s *Store) putAccount(ctx context.Context, tx *sql.Tx, c Consent, f Fetch) (int64, error) {
	a, now := f.Account, formatTime(s.now())
	complete := f.To
	if f.Since != "" {
		complete = "" // unless what was read before is here still
	}
	var id int64
	err := tx.QueryRowContext(ctx, `INSERT INTO account (environment_id, bic, bank_name, key, iban, bban, masked_pan, currency, name,
			product, type, status, usage, owner_name, raw, first_seen_at, fetched_at, booked_to)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (environment_id, bic, key) DO UPDATE SET bank_name = excluded.bank_name, name = excluded.name,
			product = excluded.product, type = excluded.type, status = excluded.status, usage = excluded.usage,
			owner_name = excluded.owner_name, raw = excluded.raw, fetched_at = excluded.fetched_at,
			booked_to = CASE booked_to WHEN '' THEN excluded.booked_to ELSE max(booked_to, ?) END
		RETURNING id`,
		c.EnvironmentID, c.BIC, c.BankName, a.Key(), a.IBAN, a.BBAN, a.MaskedPAN, a.Currency, a.Name,
		a.Product, a.Type, a.Status, a.Usage, a.OwnerName, string(a.Raw), now, now, complete, f.To).Scan(&id)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO consent_account VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET resource_id = excluded.resource_id`, f.ConsentID, id, a.ResourceID)
	return id, err
}

func putBalances(ctx context.Context, tx *sql.Tx, accountID int64, balances []xs2a.Balance) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM balance WHERE account_id = ?`, accountID); err != nil {
		return err
	}
	for i, b := range balances {
		if _, err := tx.ExecContext(ctx, `INSERT INTO balance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, accountID, i, b.Type,
			b.Amount.Number, b.Amount.Currency, b.ReferenceDate, b.LastChange, b.CreditLimitIncl, string(b.Raw)); err != nil {
			return err
		}
	}
	return nil
}
