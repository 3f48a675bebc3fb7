package storage

import (
	"context"
	"database/sql"
	"time"

	"consentry/xs2a"
)

// Alert is something a rule told of, once. What it is about stands in the fields of its kind.
type Alert struct {
	ID     int64
	Rule   AlertRule
	At     time.Time
	ToldAt time.Time // on the desktop, or otherwise; zero: not yet
	SeenAt time.Time // zero: the person has not said that they know

	AccountID    int64       // of balances, debits and income; zero: of all accounts together
	EntryID      int64       // of debits and income; zero: the bank does not list it any more
	ConsentID    string      // of banks, and approvals of consents
	PaymentID    string      // of approvals of payments
	Amount       xs2a.Amount // of the transaction, or the balance
	Counterparty string      // its key
	Name         string      // of the other end
	Pending      bool        // it was not booked when it was seen last
	Others       int         // so many more came at once, at least, that are not told one by one
}

// MostAlerts is how many alerts are kept, the newest.
const MostAlerts = 200

const alertColumns = `t.id, t.at, t.told_at, t.seen_at, coalesce(t.account_id, 0), coalesce(t.entry_id, 0), coalesce(t.consent_id, ''), coalesce(t.payment_id, ''),
	t.amount, t.currency, t.counterparty, t.name, t.pending, t.others,
	r.id, r.kind, coalesce(r.account_id, 0), r.amount, r.currency, r.counterparty, r.name, r.failures, r.since, r.made_at FROM alert t JOIN alert_rule r ON r.id = t.rule_id`

func readAlert(row scanner) (a Alert, err error) {
	r := &a.Rule
	return a, row.Scan(&a.ID, stamp{&a.At}, stamp{&a.ToldAt}, stamp{&a.SeenAt}, &a.AccountID, &a.EntryID, &a.ConsentID, &a.PaymentID,
		&a.Amount.Number, &a.Amount.Currency, &a.Counterparty, &a.Name, &a.Pending, &a.Others,
		&r.ID, &r.Kind, &r.AccountID, &r.Amount.Number, &r.Amount.Currency, &r.Counterparty, &r.Name, &r.Failures, &r.Since, stamp{&r.MadeAt})
}

// Alerts lists what was told, the newest first.
func (s *Store) Alerts(ctx context.Context) ([]Alert, error) {
	return listKept(s.alerts, s, func() ([]Alert, error) {
		return collect(ctx, s.db, readAlert, `SELECT `+alertColumns+` ORDER BY t.id DESC`)
	})
}

// SetAlertSeen notes that the person knows of an alert, and of those of its rule that were told before, of a bank those
// about the same consent; zero: of all alerts.
func (s *Store) SetAlertSeen(ctx context.Context, id int64) error {
	_, err := s.exec(ctx, `UPDATE alert SET seen_at = ?1, told_at = iif(told_at = '', ?1, told_at) WHERE seen_at = '' AND (?2 = 0
		OR id <= ?2 AND (rule_id, coalesce(consent_id, '')) = (SELECT rule_id, coalesce(consent_id, '') FROM alert WHERE id = ?2))`, formatTime(s.now()), id)
	return err
}

// TellAlerts notes that what was not told yet is, and lists it, the oldest first. Of several that ask at once one is
// told of each.
func (s *Store) TellAlerts(ctx context.Context) (all []Alert, err error) {
	waiting, err := collect(ctx, s.db, readID, `SELECT id FROM alert WHERE told_at = '' LIMIT 1`)
	if err != nil || len(waiting) == 0 {
		return nil, err // without a write, which would have kept lists be read again
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		if all, err = collect(ctx, tx, readAlert, `SELECT `+alertColumns+` WHERE t.told_at = '' ORDER BY t.id`); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE alert SET told_at = ? WHERE told_at = ''`, formatTime(s.now()))
		return err
	})
	return all, err
}

func addAlert(ctx context.Context, tx *sql.Tx, a Alert) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alert (rule_id, account_id, entry_id, consent_id, payment_id, at, amount, currency, counterparty, name, pending, others, told_at)
		VALUES (?, nullif(?, 0), nullif(?, 0), nullif(?, ''), nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?)`, a.Rule.ID, a.AccountID, a.EntryID, a.ConsentID, a.PaymentID, formatTime(a.At),
		a.Amount.Number, a.Amount.Currency, a.Counterparty, a.Name, a.Pending, a.Others, formatTime(a.ToldAt))
	return err
}

// keepAlerts lets go of all but the newest.
func keepAlerts(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM alert WHERE id <= (SELECT id FROM alert ORDER BY id DESC LIMIT 1 OFFSET ?)`, MostAlerts)
	return err
}
