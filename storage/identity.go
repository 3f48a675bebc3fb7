package storage

import (
	"context"
	"sync/atomic"

	"consentry/xs2a/record"
)

// Identity is what somebody is known by in what is stored: a name, the number of an account, or both.
type Identity struct {
	Name, Number string
	Country      string // of the account in whose transactions they stand, as its IBAN says; may be empty
	Person       bool   // they stand as the owner of an account here, or on its side of transactions
}

// said counts the writes of what banks and files say of transactions.
type said struct{ atomic.Int64 }

// Said is another number after each write by which transactions may name somebody else.
func (s *Store) Said() int64 { return s.said.Load() }

// Parties lists who stands in transactions, at either side, now and before a bank said something
// else. All transactions are looked through, which takes seconds where there are a million.
func (s *Store) Parties(ctx context.Context) ([]Identity, error) {
	pairs, err := collect(ctx, s.db, func(row scanner) (pair [2]Identity, err error) {
		err = row.Scan(&pair[0].Name, &pair[0].Number, &pair[0].Person, &pair[1].Name, &pair[1].Number, &pair[1].Person, &pair[0].Country)
		pair[1].Country = pair[0].Country
		return pair, err
	}, `SELECT e.debtor_name, e.debtor_account, e.out, e.creditor_name, e.creditor_account, NOT e.out, coalesce(substr(a.iban, 1, 2), '')
		FROM (SELECT debtor_name, debtor_account, substr(amount, 1, 1) = '-' AS out, creditor_name, creditor_account, account_id FROM entry GROUP BY 1, 2, 3, 4, 5, 6) e
		LEFT JOIN account a ON a.id = e.account_id
		UNION ALL SELECT debtor_name, debtor_account, 0, creditor_name, creditor_account, 0, '' FROM entry_change`)
	var all []Identity
	for _, pair := range pairs {
		all = append(all, pair[:]...)
	}
	return all, err
}

// Identities lists the other names and numbers that are kept: of accounts and as the person calls them, payments, payment templates,
// alerts and left notes, and those a person gave.
func (s *Store) Identities(ctx context.Context) ([]Identity, error) {
	return collect(ctx, s.db, readIdentity, `SELECT owner_name, iban, 1 FROM account
		UNION SELECT nickname, '', 0 FROM account UNION SELECT '', bban, 1 FROM account UNION SELECT '', masked_pan, 1 FROM account
		UNION SELECT name, '', 0 FROM alert_rule UNION SELECT name, '', 0 FROM alert UNION SELECT name, number, 0 FROM own_name UNION SELECT begins, '', 0 FROM own_name UNION SELECT name, number, 0 FROM payee
		UNION SELECT debtor_name, debtor_account, 0 FROM note_left UNION SELECT creditor_name, creditor_account, 0 FROM note_left
		UNION SELECT t.value ->> 'Creditor', coalesce(nullif(t.value ->> '$.To.IBAN', ''), nullif(t.value ->> '$.To.BBAN', ''), t.value ->> '$.To.Giro', ''), 0
			FROM (SELECT payment_order FROM payment UNION ALL SELECT payment_order FROM payment_template) p, json_each(p.payment_order, '$.Transfers') t
		UNION SELECT '', coalesce(nullif(payment_order ->> '$.Debtor.IBAN', ''), payment_order ->> '$.Debtor.BBAN', ''), 1 FROM payment
		UNION SELECT name, '', 0 FROM payment_template`)
}

func readIdentity(row scanner) (i Identity, err error) {
	return i, row.Scan(&i.Name, &i.Number, &i.Person)
}

// RecordedIdentities lists the persons and numbers that stand in recordings, where interfaces have them. All of them are read
// for it.
func (s *Store) RecordedIdentities(ctx context.Context) ([]Identity, error) {
	return collect(ctx, s.db, readIdentity, `WITH body (text) AS (SELECT answer ->> '$.Body' FROM recording_exchange UNION ALL SELECT request ->> '$.Body' FROM recording_exchange),
		part (key, value) AS (SELECT t.key, t.value FROM body, json_tree(iif(json_valid(text), text, 'null')) t WHERE t.type = 'text')
		SELECT value, '', 1 FROM part WHERE key IN ('ownerName', 'cardholderName', 'psuName')
		UNION SELECT value, '', 0 FROM part WHERE key IN ('creditorName', 'debtorName', 'ultimateCreditor', 'ultimateDebtor')
		UNION SELECT '', value, 0 FROM part WHERE key IN ('iban', 'bban', 'maskedPan', 'giro')
		UNION SELECT h.value ->> '$.Value', '', 0 FROM recording_exchange, json_each(request, '$.Header') h WHERE h.value ->> '$.Name' IN ('Psu-Id', 'Psu-Corporate-Id') AND h.value ->> '$.Value' <> ?`, record.Redacted)
}

// Logins lists how banks know the persons of the consents that are kept: the PSU-IDs and corporate ids.
func (s *Store) Logins(ctx context.Context) ([]string, error) {
	ids, err := collect(ctx, s.db, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM consent WHERE length(person_sealed) > 0`)
	if err != nil {
		return nil, err
	}
	var logins []string
	for _, id := range ids {
		c, err := s.Credentials(ctx, Subject{Kind: SubjectConsent, ID: id})
		if err != nil {
			return nil, err
		}
		logins = append(logins, c.PSUID, c.CorporateID)
	}
	return logins, nil
}

// BankNames lists what banks and environments are called.
func (s *Store) BankNames(ctx context.Context) ([]string, error) {
	return collect(ctx, s.db, func(row scanner) (name string, err error) { return name, row.Scan(&name) },
		`SELECT name FROM aspsp UNION SELECT name FROM environment UNION SELECT bank_name FROM consent UNION SELECT bank_name FROM account`)
}

// AnyUsed reports whether a consent or a payment of any of some environments is kept.
func (s *Store) AnyUsed(ctx context.Context, environments []string) (used bool, err error) {
	wanted, err := textList(environments)
	if err != nil {
		return false, err
	}
	return one(func(row scanner) (used bool, err error) { return used, row.Scan(&used) },
		s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM consent WHERE environment_id IN (SELECT value FROM json_each(?1)))
			OR EXISTS (SELECT 1 FROM payment WHERE environment_id IN (SELECT value FROM json_each(?1)))`, wanted))
}
