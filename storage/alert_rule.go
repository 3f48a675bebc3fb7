package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"consentry/xs2a"
)

// AlertKind is what a rule watches.
type AlertKind string

// The kinds.
const (
	AlertBalance  AlertKind = "balance"  // of an account, or of all in a currency, falls below an amount
	AlertDebit    AlertKind = "debit"    // above an amount
	AlertIncome   AlertKind = "income"   // that comes regularly
	AlertBank     AlertKind = "bank"     // that cannot be read from
	AlertApproval AlertKind = "approval" // that waits for the person
)

// AlertRule is what a person wants to be told of.
type AlertRule struct {
	ID           int64
	Kind         AlertKind
	AccountID    int64       // zero: any account, of a balance all of them together
	Amount       xs2a.Amount // the bound, positive; of an income what it is as a rule
	Counterparty string      // the key of whom an income comes from
	Name         string      // what a bank calls them
	Failures     int         // of a bank: so many reads in a row that failed; zero: for a day
	Since        string      // ISO date: what is dated before is not told
	MadeAt       time.Time
}

// same reports whether two rules would tell the same.
func (r AlertRule) same(o AlertRule) bool {
	return r.Kind == o.Kind && r.AccountID == o.AccountID && r.Amount.Currency == o.Amount.Currency && r.Counterparty == o.Counterparty &&
		(r.Kind == AlertIncome || reduced(r.Amount) == reduced(o.Amount))
}

// ErrAlertThere is returned when there is a rule already that tells the same.
var ErrAlertThere = errors.New("storage: there is such an alert")

const alertRules = `SELECT id, kind, coalesce(account_id, 0), amount, currency, counterparty, name, failures, since, made_at FROM alert_rule ORDER BY id`

func readAlertRule(row scanner) (r AlertRule, err error) {
	return r, row.Scan(&r.ID, &r.Kind, &r.AccountID, &r.Amount.Number, &r.Amount.Currency, &r.Counterparty, &r.Name, &r.Failures, &r.Since, stamp{&r.MadeAt})
}

// AlertRules lists the rules, the oldest first.
func (s *Store) AlertRules(ctx context.Context) ([]AlertRule, error) {
	return listKept(s.alertRules, s, func() ([]AlertRule, error) { return collect(ctx, s.db, readAlertRule, alertRules) })
}

// AddAlertRule adds a rule and returns its id. It fails with ErrAlertThere.
func (s *Store) AddAlertRule(ctx context.Context, r AlertRule) (id int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		all, err := collect(ctx, tx, readAlertRule, alertRules)
		if err != nil {
			return err
		}
		for _, other := range all {
			if r.same(other) {
				return ErrAlertThere
			}
		}
		return tx.QueryRowContext(ctx, `INSERT INTO alert_rule (kind, account_id, amount, currency, counterparty, name, failures, since, made_at)
			VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?) RETURNING id`, r.Kind, r.AccountID, r.Amount.Number, r.Amount.Currency, r.Counterparty, r.Name,
			r.Failures, r.Since, formatTime(s.now())).Scan(&id)
	})
	return id, err
}

// RemoveAlertRule removes a rule with what it told, if it is there.
func (s *Store) RemoveAlertRule(ctx context.Context, id int64) error {
	_, err := s.exec(ctx, `DELETE FROM alert_rule WHERE id = ?`, id)
	return err
}

// AlertState is how a thing that a rule watches stood when it was judged last.
type AlertState struct {
	RuleID int64
	About  string    // the thing: a consent's id, or what waits; empty: the balance
	Since  time.Time // it is so
	Times  int       // reads that failed in a row
	Fired  bool      // it was told, and is not over yet
}

// AlertStates returns how the things stood that a rule watches, by what they are about.
func (s *Store) AlertStates(ctx context.Context, rule int64) (map[string]AlertState, error) {
	all, err := collect(ctx, s.db, func(row scanner) (one AlertState, err error) {
		return one, row.Scan(&one.RuleID, &one.About, stamp{&one.Since}, &one.Times, &one.Fired)
	}, `SELECT rule_id, about, since, times, fired FROM alert_state WHERE rule_id = ?`, rule)
	by := make(map[string]AlertState, len(all))
	for _, one := range all {
		by[one.About] = one
	}
	return by, err
}

// SetAlertState notes how a thing stands, and with it what is told of it, if something is: one is not kept
// without the other. A rule that is gone by now tells nothing.
func (s *Store) SetAlertState(ctx context.Context, one AlertState, told ...Alert) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO alert_state (rule_id, about, since, times, fired)
			SELECT id, ?2, ?3, ?4, ?5 FROM alert_rule WHERE id = ?1
			ON CONFLICT DO UPDATE SET since = excluded.since, times = excluded.times, fired = excluded.fired`,
			one.RuleID, one.About, formatTime(one.Since), one.Times, one.Fired)
		if err := changed(result, err); err != nil {
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			return err
		}
		for _, alert := range told {
			if err := addAlert(ctx, tx, alert); err != nil {
				return err
			}
		}
		return keepAlerts(ctx, tx)
	})
}

// EndAlertState notes that a thing does not stand so any more: it is told again when it does.
func (s *Store) EndAlertState(ctx context.Context, rule int64, about string) error {
	_, err := s.exec(ctx, `DELETE FROM alert_state WHERE rule_id = ? AND about = ?`, rule, about)
	return err
}

// alertsOfAccounts counts the rules about some accounts, which go with them.
func (s *Store) alertsOfAccounts(ctx context.Context, db querier, accounts []int64) (int, error) {
	list, err := idList(accounts)
	if err != nil {
		return 0, err
	}
	ids, err := collect(ctx, db, readID, `SELECT id FROM alert_rule WHERE account_id IN (SELECT value FROM json_each(?))`, list)
	return len(ids), err
}
