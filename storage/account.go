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
	FetchedAt     time.Time   // last complete fetch
	BookedTo      string      // ISO date up to which booked transactions are complete
	WholeTo       string      // ISO date up to which a reading last came to its end; empty: none since that is noted
	WholeAt       time.Time   // when it did
	DeltaAt       time.Time   // when, since then, only what is new was read; zero: not
	MayDelta      bool        // only what is new may be asked for next: see Store.BeginDelta
	CreditLimit   xs2a.Amount // the line of a card, as the bank says it; empty where it says none
	Arrangement               // how the person has it shown
	Balances      []Balance   // in the bank's order
	Gaps          []Gap       // days that were asked for and are not read, the newest first
	Failures      []Failure   // what could not be read at the last fetch
	LeftOut       LeftOut     // transactions that could not be read
}

// Balance is one of an account's balances as last fetched.
type Balance struct {
	Type            string
	Amount          xs2a.Amount
	ReferenceDate   string
	LastChange      string
	CreditLimitIncl bool
}

const accountColumns = `a.id, a.environment_id, a.bic, a.bank_name, a.key, a.iban, a.bban, a.masked_pan, a.currency, a.name,
	a.product, a.type, a.status, a.usage, a.owner_name, a.raw, a.first_seen_at, a.fetched_at, a.booked_to,
	a.whole_to, a.whole_at, a.delta_at, a.delta_may_follow, a.credit_limit, a.credit_limit_currency, a.nickname, a.hidden, a.main_type`

func readAccount(row scanner) (Account, error) {
	var a Account
	var raw string
	err := row.Scan(&a.ID, &a.EnvironmentID, &a.BIC, &a.BankName, &a.Key, &a.IBAN, &a.BBAN, &a.MaskedPAN, &a.Currency, &a.Name,
		&a.Product, &a.Type, &a.Status, &a.Usage, &a.OwnerName, &raw, stamp{&a.FirstSeenAt}, stamp{&a.FetchedAt}, &a.BookedTo,
		&a.WholeTo, stamp{&a.WholeAt}, stamp{&a.DeltaAt}, &a.MayDelta, &a.CreditLimit.Number, &a.CreditLimit.Currency, &a.Nickname, &a.Hidden, &a.MainType)
	a.Raw = json.RawMessage(raw)
	return a, err
}

// Accounts lists all accounts with their balances, in the person's order; what has no place in it by bank and name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	return listKept(s.whole, s, func() ([]Account, error) { return s.accounts(ctx, allAccounts) })
}

// PlainAccounts is Accounts without what is kept beside them: for who asks what they are called.
func (s *Store) PlainAccounts(ctx context.Context) ([]Account, error) {
	return listKept(s.plain, s, func() ([]Account, error) { return collect(ctx, s.db, readAccount, allAccounts) })
}

const allAccounts = `SELECT ` + accountColumns + ` FROM account a LEFT JOIN bank_place p ON p.environment_id = a.environment_id AND p.bic = a.bic
	ORDER BY p.place IS NULL, p.place, a.bank_name, a.environment_id, a.bic, a.place = 0, a.place, a.name, a.id`

// ConsentAccounts lists the accounts reached through a consent.
func (s *Store) ConsentAccounts(ctx context.Context, consentID string) ([]Account, error) {
	return s.accounts(ctx, `SELECT `+accountColumns+` FROM account a JOIN consent_account l ON l.account_id = a.id
		WHERE l.consent_id = ? ORDER BY a.place = 0, a.place, a.name, a.id`, consentID)
}

func (s *Store) accounts(ctx context.Context, query string, args ...any) ([]Account, error) {
	accounts, err := collect(ctx, s.db, readAccount, query, args...)
	if err != nil {
		return nil, err
	}
	return accounts, s.complete(ctx, accounts)
}

// complete adds to accounts what is kept beside them.
func (s *Store) complete(ctx context.Context, accounts []Account) error {
	ids, at := make([]int64, len(accounts)), make(map[int64]*Account, len(accounts))
	for i := range accounts {
		ids[i], at[accounts[i].ID] = accounts[i].ID, &accounts[i]
	}
	wanted, err := idList(ids)
	if err != nil {
		return err
	}
	balances, err := s.balances(ctx, wanted)
	if err != nil {
		return err
	}
	for _, b := range balances {
		at[b.account].Balances = append(at[b.account].Balances, b.Balance)
	}
	gaps, err := s.gaps(ctx, wanted)
	if err != nil {
		return err
	}
	for _, gap := range gaps {
		at[gap.AccountID].Gaps = append(at[gap.AccountID].Gaps, gap)
	}
	failures, err := s.failures(ctx, wanted)
	if err != nil {
		return err
	}
	for _, failure := range failures {
		at[failure.AccountID].Failures = append(at[failure.AccountID].Failures, failure)
	}
	left, err := s.leftOut(ctx, wanted)
	for id, one := range left {
		at[id].LeftOut = one
	}
	return err
}

// Account returns one account with all that is kept beside it, or ErrNotFound.
func (s *Store) Account(ctx context.Context, id int64) (Account, error) {
	return s.account.of(s, id, func() (Account, error) {
		a, err := one(readAccount, s.db.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.id = ?`, id))
		if err != nil {
			return a, err
		}
		accounts := []Account{a}
		err = s.complete(ctx, accounts)
		return accounts[0], err
	})
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
	}, `SELECT l.consent_id, a.id, a.nickname || ' ' || a.name || ' ' || a.iban || ' ' || a.bban || ' ' || a.masked_pan
		FROM consent_account l JOIN account a ON a.id = l.account_id`)
}

// ResourceID returns the bank's name for an account under a consent, or
// ErrNotFound.
func (s *Store) ResourceID(ctx context.Context, consentID string, accountID int64) (string, error) {
	return one(func(row scanner) (string, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	}, s.db.QueryRowContext(ctx, `SELECT resource_id FROM consent_account WHERE consent_id = ? AND account_id = ?`, consentID, accountID))
}

// AccountByResource returns the account that a bank has under a name with a consent, or
// ErrNotFound.
func (s *Store) AccountByResource(ctx context.Context, consentID, resourceID string) (Account, error) {
	id, err := one(func(row scanner) (int64, error) {
		var id int64
		err := row.Scan(&id)
		return id, err
	}, s.db.QueryRowContext(ctx, `SELECT account_id FROM consent_account WHERE consent_id = ? AND resource_id = ?`, consentID, resourceID))
	if err != nil {
		return Account{}, err
	}
	return s.Account(ctx, id)
}

// balanceOf is a balance with its account.
type balanceOf struct {
	Balance
	account int64
}

// balances returns the balances of accounts, each one's in the bank's order.
func (s *Store) balances(ctx context.Context, accounts string) ([]balanceOf, error) {
	return collect(ctx, s.db, func(row scanner) (balanceOf, error) {
		var b balanceOf
		err := row.Scan(&b.account, &b.Type, &b.Amount.Number, &b.Amount.Currency, &b.ReferenceDate, &b.LastChange, &b.CreditLimitIncl)
		return b, err
	}, `SELECT account_id, type, amount, currency, reference_date, last_change, credit_limit FROM balance
		WHERE account_id IN (SELECT value FROM json_each(?)) ORDER BY account_id, position`, accounts)
}

// PutAccount keeps what a bank says of an account, which is reached through a
// consent from now on, and returns it with all that is kept beside it. What
// arrives after the consent has ended is not kept (ErrEnd).
func (s *Store) PutAccount(ctx context.Context, c Consent, a xs2a.Account) (Account, error) {
	var id int64
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := notEnded(ctx, tx, c.ID); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `INSERT INTO account (id, environment_id, bic, bank_name, key, iban, bban, masked_pan, currency, name,
				product, type, status, usage, owner_name, raw, credit_limit, credit_limit_currency, first_seen_at)
			VALUES ((SELECT coalesce(max(id), 0) + 1 FROM (SELECT max(id) AS id FROM account UNION ALL SELECT max(account_id) FROM erasing)),
				?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (environment_id, bic, key) DO UPDATE SET bank_name = excluded.bank_name, name = excluded.name,
				product = excluded.product, type = excluded.type, status = excluded.status, usage = excluded.usage,
				owner_name = excluded.owner_name, raw = excluded.raw, credit_limit = excluded.credit_limit,
				credit_limit_currency = excluded.credit_limit_currency
			RETURNING id`,
			c.EnvironmentID, c.BIC, c.BankName, a.Key(), a.IBAN, a.BBAN, a.MaskedPAN, a.Currency, a.Name,
			a.Product, a.Type, a.Status, a.Usage, a.OwnerName, string(a.Raw), a.CreditLimit.Number, a.CreditLimit.Currency, formatTime(s.now())).Scan(&id); err != nil {
			return err
		}
		if err := s.takeUpArrangement(ctx, tx, BankID{c.EnvironmentID, c.BIC}, a.Key(), id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO consent_account VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET resource_id = excluded.resource_id`, c.ID, id, a.ResourceID)
		return err
	})
	if err != nil {
		return Account{}, err
	}
	return s.Account(ctx, id)
}

// notEnded returns ErrEnd for a consent that has ended: what arrives after that is
// not kept.
func notEnded(ctx context.Context, tx rower, consentID string) error {
	c, err := consentIn(ctx, tx, consentID)
	if err == nil && c.Ended() {
		err = ErrEnd
	}
	return err
}

// PutBalances replaces an account's balances. What arrives after the consent
// has ended is not kept (ErrEnd).
func (s *Store) PutBalances(ctx context.Context, consentID string, accountID int64, balances []xs2a.Balance) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := notEnded(ctx, tx, consentID); err != nil {
			return err
		}
		return putBalances(ctx, tx, accountID, balances)
	})
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

// idList is how accounts are named in a query.
func idList(accounts []int64) (string, error) {
	list, err := json.Marshal(accounts)
	return string(list), err
}
