package storage

import (
	"context"
	"database/sql"
	"time"
)

// Span is a stretch of days, both included; ISO dates. It is empty where the
// last day lies before the first.
type Span struct{ From, To string }

// Empty reports whether no day belongs to the span.
func (s Span) Empty() bool { return s.To < s.From || s.To == "" }

// GapReason says why days were not read.
type GapReason string

// The reasons why days of an account are not read.
const (
	GapStopped GapReason = "stopped" // the reading broke off, or is not at its end
	GapPeriod  GapReason = "period"  // the bank serves days that long ago only soon after an approval
	GapGone    GapReason = "gone"    // it did not serve them soon after an approval either
	GapPages   GapReason = "pages"   // the bank sent pages without end
)

// Gap is a stretch of days of an account that was asked for and is not read.
type Gap struct {
	AccountID int64
	Span
	Reason  GapReason
	NotedAt time.Time // of days the bank refused: when the consent was approved that it refused them under
}

// AfterApproval reports whether a gap can be filled only after a new approval at
// the bank.
func (g Gap) AfterApproval() bool { return g.Reason != GapStopped }

// gaps lists the gaps of accounts, those of each the newest first.
func (s *Store) gaps(ctx context.Context, accounts string) ([]Gap, error) {
	return collect(ctx, s.db, readGap, `SELECT account_id, since, until, reason, noted_at FROM gap
		WHERE account_id IN (SELECT value FROM json_each(?)) ORDER BY account_id, until DESC`, accounts)
}

func readGap(row scanner) (Gap, error) {
	var g Gap
	err := row.Scan(&g.AccountID, &g.From, &g.To, &g.Reason, stamp{&g.NotedAt})
	return g, err
}

// setGap notes that a span is not read.
func (s *Store) setGap(ctx context.Context, tx writeTx, accountID int64, span Span, reason GapReason) error {
	return setGapAt(ctx, tx, accountID, span, reason, s.now())
}

// Doubt notes that days of an account that were read are not known to be whole.
func (s *Store) Doubt(ctx context.Context, accountID int64, days Span) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.setGap(ctx, tx, accountID, days, GapStopped) })
}

func setGapAt(ctx context.Context, tx writeTx, accountID int64, span Span, reason GapReason, at time.Time) error {
	if span.Empty() {
		return nil
	}
	if err := cutGaps(ctx, tx, accountID, span); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO gap (account_id, since, until, reason, noted_at) VALUES (?, ?, ?, ?, ?)`,
		accountID, span.From, span.To, reason, formatTime(at))
	return err
}

// cutGaps takes a span out of an account's gaps: what stands out at its ends stays.
func cutGaps(ctx context.Context, tx writeTx, accountID int64, span Span) error {
	if span.Empty() {
		return nil
	}
	for _, statement := range []string{
		`INSERT INTO gap (account_id, since, until, reason, noted_at) SELECT account_id, date(?3, '+1 day'), until, reason, noted_at
			FROM gap WHERE account_id = ?1 AND since <= ?3 AND until > ?3`,
		`INSERT INTO gap (account_id, since, until, reason, noted_at) SELECT account_id, since, date(?2, '-1 day'), reason, noted_at
			FROM gap WHERE account_id = ?1 AND since < ?2 AND until >= ?2`,
		`DELETE FROM gap WHERE account_id = ?1 AND since <= ?3 AND until >= ?2`,
	} {
		if _, err := tx.ExecContext(ctx, statement, accountID, span.From, span.To); err != nil {
			return err
		}
	}
	return nil
}

// renameGaps notes that a bank has just refused the days of an account before
// one, and why, under a consent approved at a time. Under one that was approved
// later it may serve them, unless it has refused that, too.
func renameGaps(ctx context.Context, tx *sql.Tx, accountID int64, before string, reason GapReason, approved time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE gap SET reason = ?1, noted_at = CASE reason WHEN ?2 THEN ?3 ELSE max(noted_at, ?3) END
		WHERE account_id = ?4 AND since < ?5`, reason, GapStopped, formatTime(approved), accountID, before)
	return err
}

// dayBefore is the day before an ISO date; empty for what is none.
func dayBefore(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return day.AddDate(0, 0, -1).Format(time.DateOnly)
}
