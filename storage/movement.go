package storage

import (
	"context"
	"slices"

	"consentry/xs2a"
)

// Movement is what counts of a booked transaction: with whom, how much, and when.
type Movement struct {
	AccountID int64
	Date      string // the ISO date it is listed under
	Amount    xs2a.Amount
	Counterparty
}

// Movements lists the booked transactions with some counterparties, one way or either, in a currency or any,
// on some days; the newest first, but for those that a bank does not list any more: so many at most. It
// reports whether there may be more. Nothing else of what is looked for counts.
func (s *Store) Movements(ctx context.Context, f Find, limit int) ([]Movement, bool, error) {
	return s.movements(ctx, movementsDown, f, limit)
}

// FirstMovements is Movements, the oldest first.
func (s *Store) FirstMovements(ctx context.Context, f Find, limit int) ([]Movement, bool, error) {
	return s.movements(ctx, movementsUp, f, limit)
}

// The rows come one by one, so that no more of the index is read than it takes to find so many; which of
// them are booked the rows tell sooner than its marks, as nearly all are.
const (
	movementsIn = `SELECT e.id, e.account_id, e.dropped_at <> '', e.booking_date, e.value_date, e.amount, e.currency, e.creditor_name, e.creditor_account, e.debtor_name, e.debtor_account,
	e.remittance, e.additional FROM entry_text t CROSS JOIN entry e ON e.id = t.rowid WHERE t.entry_text MATCH ? AND t.rowid > ? AND t.rowid < ?
	AND e.pending = 0 AND e.account_id NOT IN (SELECT account_id FROM erasing) ORDER BY t.rowid `
	movementsDown = movementsIn + `DESC LIMIT ?`
	movementsUp   = movementsIn + `LIMIT ?`
)

func (s *Store) movements(ctx context.Context, query string, f Find, limit int) (all []Movement, more bool, err error) {
	f.State = StateBooked
	low, high := f.ids(0)
	match := anyOf(counterpartiesMatch(f.Counterparties))
	if f.Way != "" {
		match += " AND " + quoted(map[Way]string{MoneyIn: markIn, MoneyOut: markOut}[f.Way])
	}
	rows, err := s.db.QueryContext(ctx, query, match, low, high, mostLookedAt)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	looked := 0
	for ; rows.Next(); looked++ {
		row, err := readParties(rows)
		if err != nil {
			return nil, false, err
		}
		with := CounterpartyOf(row.Transaction)
		if row.dropped || !slices.Contains(f.Counterparties, with.Key) || f.Currency != "" && row.Amount.Currency != f.Currency {
			continue
		}
		if len(all) == limit {
			return all, true, nil
		}
		all = append(all, Movement{row.AccountID, dayOfID(row.id).String(), row.Amount, with})
	}
	return all, looked == mostLookedAt, rows.Err()
}

// LatestWith lists the newest transactions with a counterparty, those included that count in no sum: so many at most.
func (s *Store) LatestWith(ctx context.Context, key string, limit int) ([]Transaction, error) {
	f := Find{Counterparties: []string{key}}
	low, high := f.ids(0)
	look := 2 * limit // others may hold the same words
	ids, err := collect(ctx, s.db, readID, down.indexed, anyOf(counterpartiesMatch(f.Counterparties)), low, high, look)
	if err != nil {
		return nil, err
	}
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	latest, err := s.listed(ctx, latestWith, list)
	latest = slices.DeleteFunc(latest, func(t Transaction) bool { return CounterpartyOf(t.Transaction).Key != key })
	if err != nil || len(latest) >= limit || len(ids) < look {
		return latest[:min(len(latest), limit)], err
	}
	found, err := s.Find(ctx, f, 0, limit)
	return found.Transactions, err
}

const latestWith = `SELECT ` + listedColumns + ` WHERE e.id IN (SELECT value FROM json_each(?)) AND e.account_id NOT IN (SELECT account_id FROM erasing) ORDER BY e.id DESC`

// FirstDay returns the ISO date of an account's first booked transaction; empty where there is none.
func (s *Store) FirstDay(ctx context.Context, accountID int64) (string, error) {
	var on day
	err := s.db.QueryRowContext(ctx, `SELECT coalesce(min(day), 0) FROM day_sum WHERE account_id = ? AND day > 0`, accountID).Scan(&on)
	return on.String(), err
}

// Regular lists with whom money went one way not seldom and not often since a month: so many times at
// least and at most, in one currency.
func (s *Store) Regular(ctx context.Context, way Way, since string, least, most, limit int) ([]string, error) {
	query := regularOut
	if way == MoneyIn {
		query = regularIn
	}
	return collect(ctx, s.db, readText, query, monthIn(since), least, most, limit)
}

const (
	regular    = `SELECT counterparty FROM counterparty_month WHERE month >= ? AND counterparty <> '' GROUP BY counterparty, currency HAVING `
	regularOut = regular + `sum(outs) BETWEEN ? AND ? ORDER BY max(named) DESC LIMIT ?`
	regularIn  = regular + `sum(ins) BETWEEN ? AND ? ORDER BY max(named) DESC LIMIT ?`
)
