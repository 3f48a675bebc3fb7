package storage

import (
	"context"
	"encoding/json"
)

// What a payment may have become on an account.

// AccountNumber is an account by what payments name it by.
type AccountNumber struct {
	ID         int64
	BIC        string
	IBAN, BBAN string
}

// AccountNumbers lists the accounts of an environment; empty: of all.
func (s *Store) AccountNumbers(ctx context.Context, environmentID string) ([]AccountNumber, error) {
	return collect(ctx, s.db, func(row scanner) (AccountNumber, error) {
		var a AccountNumber
		err := row.Scan(&a.ID, &a.BIC, &a.IBAN, &a.BBAN)
		return a, err
	}, `SELECT id, bic, iban, bban FROM account WHERE ?1 IN ('', environment_id) ORDER BY id`, environmentID)
}

// PaymentsAround lists the payments of an environment that were sent by a day, and that had
// not ended before another or are of a day that was not before it: of these something may
// be booked in between.
func (s *Store) PaymentsAround(ctx context.Context, environmentID, from, to string) ([]Payment, error) {
	return collect(ctx, s.db, readPayment, paymentsAround, environmentID, dayBefore(dayBefore(from)), to)
}

// A day of ours begins up to a day before or after that of UTC, in which times are stored.
const paymentsAround = `SELECT ` + paymentColumns + ` FROM payment
	WHERE environment_id = ?1 AND sent_at <> '' AND date(sent_at, '-1 day') <= ?3
		AND (ended_at = '' OR ended_at >= ?2 OR payment_order ->> 'On' >= ?2)
	ORDER BY created_at DESC, id`

// TransactionsLike lists the transactions of an account that are of one of some days, or
// pending, and of one of some amounts or end-to-end ids. Amounts are written without zeros
// that say nothing: -12.5.
func (s *Store) TransactionsLike(ctx context.Context, accountID int64, days []Span, amounts, endToEnd []string) ([]Transaction, error) {
	numbers, err := json.Marshal(amounts)
	if err != nil {
		return nil, err
	}
	ids, err := json.Marshal(endToEnd)
	if err != nil {
		return nil, err
	}
	all, err := collect(ctx, s.db, readTransaction, pendingLike, accountID, string(numbers), string(ids))
	for _, span := range days {
		before, after := span.ids()
		some, err := collect(ctx, s.db, readTransaction, bookedLike, accountID, string(numbers), string(ids), before, after)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, err
}

const (
	likeAmounts = ` AND (CASE instr(e.amount, '.') WHEN 0 THEN e.amount ELSE rtrim(rtrim(e.amount, '0'), '.') END IN (SELECT value FROM json_each(?2))
		OR e.end_to_end_id IN (SELECT value FROM json_each(?3)))`
	pendingLike = `SELECT ` + entryColumns + ` WHERE e.account_id = ?1 AND e.pending = 1` + likeAmounts
	bookedLike  = `SELECT ` + entryColumns + ` WHERE e.account_id = ?1 AND e.pending = 0 AND e.dropped_at = '' AND e.id > ?4 AND e.id < ?5` + likeAmounts
)
