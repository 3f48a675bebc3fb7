package storage

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// Part is a part of an account that is read by itself.
type Part string

// The parts of an account.
const (
	PartAccount      Part = "account" // all of it
	PartBalances     Part = "balances"
	PartTransactions Part = "transactions"
	PartPending      Part = "pending" // what is not booked yet, where the bank gives it apart
)

// FailureKind sorts the reasons why a part could not be read.
type FailureKind string

// The kinds of failures.
const (
	FailedRefused     FailureKind = "refused"     // the bank answered with an error
	FailedUnreachable FailureKind = "unreachable" // no answer came
	FailedMalformed   FailureKind = "malformed"   // the answer cannot be understood
	FailedElsewhere   FailureKind = "elsewhere"   // the bank led to a host that is not its own
	FailedEndless     FailureKind = "endless"     // the bank sent pages without end
	FailedQuota       FailureKind = "quota"       // it was read without the person as often as it may be
	FailedSkipped     FailureKind = "skipped"     // the fetch stopped before it came to this account
	FailedByDisk      FailureKind = "disk"        // this machine's disk did not take it; Code is the Fault
	FailedInside      FailureKind = "inside"      // the program's own fault
)

// Failure is why a part of an account could not be read at the last fetch.
type Failure struct {
	AccountID int64
	Part      Part
	Kind      FailureKind
	Status    int    // HTTP status of the bank's answer; 0: there was none
	Code      string // the bank's message code; may be empty
	Detail    string // the technical side; untrusted
	At        time.Time
}

func (s *Store) failures(ctx context.Context, accounts string) ([]Failure, error) {
	return collect(ctx, s.db, func(row scanner) (Failure, error) {
		var f Failure
		err := row.Scan(&f.AccountID, &f.Part, &f.Kind, &f.Status, &f.Code, &f.Detail, stamp{&f.At})
		return f, err
	}, `SELECT account_id, part, kind, status, code, detail, at FROM fetch_failure
		WHERE account_id IN (SELECT value FROM json_each(?)) ORDER BY account_id, part`, accounts)
}

// EndAccount notes how a fetch of one account ended: with all that was to be
// read, or with what could not be. An account whose pending transactions alone were
// not asked for counts as read. What arrives after the consent has ended is not
// kept (ErrEnd).
func (s *Store) EndAccount(ctx context.Context, consentID string, accountID int64, failures []Failure) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := notEnded(ctx, tx, consentID); err != nil {
			return err
		}
		now := formatTime(s.now())
		if _, err := tx.ExecContext(ctx, `DELETE FROM fetch_failure WHERE account_id = ?`, accountID); err != nil {
			return err
		}
		for _, f := range failures {
			if _, err := tx.ExecContext(ctx, `INSERT INTO fetch_failure VALUES (?, ?, ?, ?, ?, ?, ?)`,
				accountID, f.Part, f.Kind, f.Status, f.Code, f.Detail, now); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(failures, func(f Failure) bool { return f.Part != PartPending }) {
			return nil
		}
		return changed(tx.ExecContext(ctx, `UPDATE account SET fetched_at = ? WHERE id = ?`, now, accountID))
	})
}
