package storage

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"consentry/xs2a"
)

// DaySum is what an account's booked transactions of one day and currency add up to.
type DaySum struct {
	Date     string
	Currency string
	In       apd.Decimal // not negative
	Out      apd.Decimal // not negative
	Count    int         // of the transactions, those included that the bank dropped, whose amounts are not
}

const daySumColumns = `day, currency, money_in, money_out, entries FROM day_sum`

func readDaySum(row scanner) (DaySum, error) {
	var d DaySum
	var on day
	var in, out string
	if err := row.Scan(&on, &d.Currency, &in, &out, &d.Count); err != nil {
		return d, err
	}
	d.Date = on.String()
	_, _, errIn := d.In.SetString(in)
	_, _, errOut := d.Out.SetString(out)
	return d, errors.Join(errIn, errOut)
}

// DaySums lists what an account's booked transactions add up to per day since a date, the
// oldest day first. Sums are exact. Those of no day are not among them.
func (s *Store) DaySums(ctx context.Context, accountID int64, since string) ([]DaySum, error) {
	return collect(ctx, s.db, readDaySum, `SELECT `+daySumColumns+` WHERE account_id = ? AND day >= ? ORDER BY day, currency`,
		accountID, max(dayOf(since), noDay+1))
}

// DayTally is what an account's booked transactions of one day and currency add up to, read for
// charts: of very many days.
type DayTally struct {
	After   int   // so many days after the first of the span that was asked for
	In, Out Tally // not negative
}

// DayTallies lists what an account's booked transactions in a currency add up to per day of a span, the
// oldest day first. Both its dates are given. They come as one row, as a row costs more than a day.
func (s *Store) DayTallies(ctx context.Context, accountID int64, currency string, span Span) ([]DayTally, error) {
	var n int
	var days, ins, outs string
	if err := s.db.QueryRowContext(ctx, dayTallies, accountID, max(dayOf(span.From), noDay+1), dayOf(span.To), currency).Scan(&n, &days, &ins, &outs); err != nil {
		return nil, err
	}
	all, first := make([]DayTally, n), int(dayOf(span.From))
	for i := range all {
		on, err := cutNumber(&days)
		all[i].After = on - first
		if err := errors.Join(err, cutTally(&ins, &all[i].In), cutTally(&outs, &all[i].Out)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

const dayTallies = `SELECT count(*), coalesce(group_concat(day, ' '), ''), coalesce(group_concat(money_in, ' '), ''), coalesce(group_concat(money_out, ' '), '')
	FROM day_sum WHERE account_id = ? AND day BETWEEN ? AND ? AND currency = ?`

// cutNumber takes the first of numbers with blanks between them.
func cutNumber(numbers *string) (n int, err error) {
	var one string
	one, *numbers, _ = strings.Cut(*numbers, " ")
	return strconv.Atoi(one)
}

// cutTally takes the first of amounts with blanks between them.
func cutTally(amounts *string, to *Tally) (err error) {
	var one string
	one, *amounts, _ = strings.Cut(*amounts, " ")
	*to, err = ReadTally(one)
	return err
}

// CountTransactions returns the number of an account's booked transactions.
func (s *Store) CountTransactions(ctx context.Context, accountID int64) (int, error) {
	return s.booked.of(s, accountID, func() (n int, err error) {
		err = s.db.QueryRowContext(ctx, `SELECT coalesce(sum(entries), 0) FROM day_sum WHERE account_id = ?`, accountID).Scan(&n)
		return n, err
	})
}

// Currencies lists the currencies of an account's booked transactions.
func (s *Store) Currencies(ctx context.Context, accountID int64) ([]string, error) {
	return collect(ctx, s.db, readText, `SELECT DISTINCT currency FROM day_sum WHERE account_id = ? ORDER BY currency`, accountID)
}

// BookedDays returns the first and the last day on which anything of an account is booked, ISO dates;
// both are empty where nothing is.
func (s *Store) BookedDays(ctx context.Context, accountID int64) (first, last string, err error) {
	var from, to day
	err = s.db.QueryRowContext(ctx, `SELECT coalesce(min(day), 0), coalesce(max(day), 0) FROM day_sum WHERE account_id = ? AND day > ?`, accountID, noDay).Scan(&from, &to)
	return from.String(), to.String(), err
}

// HasUndated reports whether an account has booked transactions of a currency without a date.
func (s *Store) HasUndated(ctx context.Context, accountID int64, currency string) (bool, error) {
	var has bool
	err := s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM day_sum WHERE account_id = ? AND day = ? AND currency = ?)`, accountID, noDay, currency).Scan(&has)
	return has, err
}

// exact never rounds: more digits than any sum of bounded amounts has.
var exact = apd.BaseContext.WithPrecision(200)

// add adds an amount, or takes it away again.
func (d *DaySum) add(a xs2a.Amount, again bool) {
	n := a.Decimal()
	side := &d.In
	if n.Negative {
		side = &d.Out
		n.Negative = false
	}
	n.Negative = again && !n.IsZero()
	_, _ = exact.Add(side, side, n) // errs only where the context traps, and this one has nothing to trap
}

// sumOf names a sum.
type sumOf struct {
	account  int64
	day      day
	currency string
}

// sums are those that transactions of one write add to.
type sums map[sumOf]*DaySum

// of is the part of a sum that this write brings.
func (all sums) of(account int64, on day, currency string) *DaySum {
	key := sumOf{account, on, currency}
	if all[key] == nil {
		all[key] = &DaySum{}
	}
	return all[key]
}

// write adds all of them to those that are stored.
func (all sums) write(ctx context.Context, tx writeTx) error {
	if len(all) == 0 {
		return nil
	}
	stored, err := tx.PrepareContext(ctx, `SELECT `+daySumColumns+` WHERE account_id = ? AND day = ? AND currency = ?`)
	if err != nil {
		return err
	}
	defer stored.Close()
	put, err := tx.PrepareContext(ctx, `INSERT INTO day_sum (account_id, day, currency, money_in, money_out, entries) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET money_in = excluded.money_in, money_out = excluded.money_out, entries = excluded.entries`)
	if err != nil {
		return err
	}
	defer put.Close()
	remove, err := tx.PrepareContext(ctx, `DELETE FROM day_sum WHERE account_id = ? AND day = ? AND currency = ?`)
	if err != nil {
		return err
	}
	defer remove.Close()
	for key, more := range all {
		sum, err := one(readDaySum, stored.QueryRowContext(ctx, key.account, key.day, key.currency))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if sum.Count+more.Count == 0 {
			if _, err := remove.ExecContext(ctx, key.account, key.day, key.currency); err != nil {
				return err
			}
			continue
		}
		for _, side := range []struct{ to, more *apd.Decimal }{{&sum.In, &more.In}, {&sum.Out, &more.Out}} {
			if _, err := exact.Add(side.to, side.to, side.more); err != nil {
				return err
			}
		}
		if _, err := put.ExecContext(ctx, key.account, key.day, key.currency, sum.In.Text('f'), sum.Out.Text('f'), sum.Count+more.Count); err != nil {
			return err
		}
	}
	return nil
}
