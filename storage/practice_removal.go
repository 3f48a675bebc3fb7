package storage

import (
	"context"
	"database/sql"
)

// PracticeWorld is what there is of practice environments.
type PracticeWorld struct {
	Consents     int
	Payments     int
	Templates    int // of payments
	Accounts     int
	Transactions int
	Notes        int // a person wrote of them
	Names        int // they gave to those at the other end
}

// Empty reports whether there is nothing.
func (p PracticeWorld) Empty() bool { return p == PracticeWorld{} }

// isPractice is the environments of practice banks; live ones are never among them.
const isPractice = `(SELECT id FROM environment WHERE sandbox = 1)`

// practiceAccounts are the accounts at practice banks.
const practiceAccounts = `(SELECT id FROM account WHERE environment_id IN ` + isPractice + `)`

// PracticeWorld counts what there is of practice environments.
func (s *Store) PracticeWorld(ctx context.Context) (p PracticeWorld, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM consent WHERE environment_id IN `+isPractice+`),
		(SELECT count(*) FROM payment WHERE environment_id IN `+isPractice+`),
		(SELECT count(*) FROM payment_template WHERE environment_id IN `+isPractice+`),
		(SELECT count(*) FROM account WHERE environment_id IN `+isPractice+`),
		(SELECT count(*) FROM entry WHERE account_id IN `+practiceAccounts+`),
		(SELECT count(*) FROM note WHERE entry_id IN (SELECT id FROM entry WHERE account_id IN `+practiceAccounts+`))
			+ (SELECT count(*) FROM note_left WHERE account_id IN `+practiceAccounts+`),
		(SELECT count(*) FROM own_name WHERE account_id IN `+practiceAccounts+`)`).
		Scan(&p.Consents, &p.Payments, &p.Templates, &p.Accounts, &p.Transactions, &p.Notes, &p.Names)
	return p, err
}

// RemovePractice removes all that was done at practice banks: consents, payments and their
// approvals, what was read and what was written of it, and the exchanges of it, also those
// with the origins named that belong to no consent. The environments and their banks stay.
// What there is of other environments is not touched. From its first write on nothing of it
// is shown, and what comes late is not kept; where the transactions follow in parts, the next
// removal goes on with one that was interrupted.
func (s *Store) RemovePractice(ctx context.Context, origins []string) error {
	var left []int64
	if err := s.write(ctx, func(tx *sql.Tx) (err error) {
		left, err = s.removePractice(ctx, tx, origins)
		return err
	}); err != nil {
		return err
	}
	for _, account := range left {
		if err := s.removePracticeEntries(ctx, account); err != nil {
			return err
		}
	}
	return s.removeErased(ctx)
}

// removePractice removes all but the transactions of the accounts it returns.
func (s *Store) removePractice(ctx context.Context, tx *sql.Tx, origins []string) (left []int64, err error) {
	const its, paid = `(SELECT id FROM consent WHERE environment_id IN ` + isPractice + `)`, `(SELECT id FROM payment WHERE environment_id IN ` + isPractice + `)`
	flows, err := collect(ctx, tx, readText, `SELECT id FROM consent WHERE id IN `+its+` UNION ALL SELECT id FROM payment WHERE id IN `+paid+`
		UNION ALL SELECT flow_id FROM fork WHERE environment_id IN `+isPractice)
	if err != nil {
		return nil, err
	}
	s.removed.add(flows)
	for _, origin := range origins {
		if _, err := tx.ExecContext(ctx, `DELETE FROM exchange WHERE substr(url, 1, length(?1)) = ?1
			AND flow_id NOT IN (SELECT id FROM consent) AND flow_id NOT IN (SELECT id FROM payment)`, origin+"/"); err != nil {
			return nil, err
		}
	}
	if left, err = practiceEntries(ctx, tx); err != nil {
		return nil, err
	}
	for _, statement := range []string{
		`DELETE FROM exchange WHERE flow_id IN (SELECT flow_id FROM fork WHERE environment_id IN ` + isPractice + `)`,
		`DELETE FROM fork WHERE environment_id IN ` + isPractice,
		`DELETE FROM handmade WHERE environment_id IN ` + isPractice,
		`DELETE FROM exchange WHERE flow_id IN ` + its + ` OR flow_id IN ` + paid,
		`DELETE FROM authorisation WHERE subject_kind IN ('consent', 'deletion') AND subject_id IN ` + its,
		`DELETE FROM authorisation WHERE subject_kind IN ('payment', 'cancellation') AND subject_id IN ` + paid,
		`DELETE FROM account WHERE id IN ` + practiceAccounts, // what is shown of them is gone with them
		`DELETE FROM consent WHERE id IN ` + its,              // with its history, its reads and its fetch
		`DELETE FROM payment WHERE id IN ` + paid,
		`DELETE FROM payment_template WHERE environment_id IN ` + isPractice,
		`DELETE FROM bank_place WHERE environment_id IN ` + isPractice,
		`DELETE FROM arrangement_left WHERE environment_id IN ` + isPractice,
		`DELETE FROM report_habit WHERE environment_id IN ` + isPractice,
		`DELETE FROM quirk WHERE environment_id IN ` + isPractice,
		`DELETE FROM bank_host WHERE environment_id IN ` + isPractice,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// mostInOneGo is how many transactions are removed while others wait to write.
const mostInOneGo = 100_000

// practiceEntries removes the transactions at practice banks where there are no others, which
// takes the index of words as a whole, and no time; else it returns the accounts whose
// transactions are to be removed one by one.
func practiceEntries(ctx context.Context, tx *sql.Tx) (left []int64, err error) {
	var others bool
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT
		EXISTS (SELECT 1 FROM entry WHERE account_id NOT IN `+practiceAccounts+`),
		(SELECT count(*) FROM entry WHERE account_id IN `+practiceAccounts+`)`).Scan(&others, &n); err != nil {
		return nil, err
	}
	if others || n > mostInOneGo {
		if _, err := tx.ExecContext(ctx, `INSERT INTO erasing SELECT id FROM account WHERE id IN `+practiceAccounts); err != nil {
			return nil, err
		}
		return collect(ctx, tx, readID, `SELECT id FROM account WHERE id IN `+practiceAccounts)
	}
	for _, statement := range []string{
		`INSERT INTO entry_text (entry_text) VALUES ('delete-all')`,
		`DELETE FROM note`, // there are no other transactions
		`DELETE FROM entry`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// removePracticeEntries removes the transactions of an account that is gone, so many in one go.
// Their words are not overwritten in the index, which takes twenty times as long: what practice
// banks make up is no secret.
func (s *Store) removePracticeEntries(ctx context.Context, account int64) error {
	for more := true; more; {
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error {
			entries, err := collect(ctx, tx, readTransaction, erasedEntries, account, MostAtOnce)
			if more = len(entries) > 0; err != nil || !more {
				return err
			}
			if err := secureWords(ctx, tx, false); err != nil {
				return err
			}
			if err := removeEntries(ctx, tx, entries, leaving{at: s.now()}); err != nil {
				return err
			}
			return secureWords(ctx, tx, true)
		}); err != nil {
			return err
		}
	}
	return nil
}

// secureWords says whether words are overwritten that are taken out of the index.
func secureWords(ctx context.Context, tx *sql.Tx, secure bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_text (entry_text, rank) VALUES ('secure-delete', ?)`, secure)
	return err
}
