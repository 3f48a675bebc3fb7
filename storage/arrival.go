package storage

import "context"

// Arrivals are booked transactions that came and were not shown yet. Those of an account's first
// reading are none, nor are those of days long before what was read last: a person knows them.

// arrivalDays are so many days before the last that was read in which what comes is new. Banks book
// late.
const arrivalDays = 31

// MostArrivals is how many transactions of an account are noted as new. Of more nobody looks at each.
const MostArrivals = 5000

// arriving is the day from which on what comes in a reading is new; none is where the account was
// never read.
func arriving(readTo string) day {
	if readTo == "" {
		return lastDay
	}
	return dayOf(readTo) - arrivalDays
}

// writeArrivals notes which of the transactions of one write are new.
func writeArrivals(ctx context.Context, tx writeTx, accountID int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := idList(ids)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO arrival (entry_id, account_id) SELECT value, ?1 FROM json_each(?2)
		LIMIT max(0, ?3 - (SELECT count(*) FROM arrival WHERE account_id = ?1))`, accountID, list, MostArrivals)
	return err
}

// Arrivals counts the transactions of each account that came and were not shown yet, MostArrivals
// at most.
func (s *Store) Arrivals(ctx context.Context) (map[int64]int, error) {
	counts := map[int64]int{}
	_, err := collect(ctx, s.db, func(row scanner) (account int64, err error) {
		var n int
		err = row.Scan(&account, &n)
		counts[account] = n
		return account, err
	}, `SELECT account_id, count(*) FROM arrival GROUP BY account_id`)
	return counts, err
}

// SetSeen notes that transactions were shown.
func (s *Store) SetSeen(ctx context.Context, ids []int64) error {
	list, err := idList(ids)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `DELETE FROM arrival WHERE entry_id IN (SELECT value FROM json_each(?))`, list)
	return err
}

// SetAllSeen notes that all transactions of an account were shown; zero: of all accounts.
func (s *Store) SetAllSeen(ctx context.Context, accountID int64) error {
	_, err := s.exec(ctx, `DELETE FROM arrival WHERE account_id = ?1 OR ?1 = 0`, accountID)
	return err
}
