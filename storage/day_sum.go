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

// DaySumsIn lists what an account's booked transactions in a currency add up to per day of a span.
// They come as one row: a year is some hundred.
func (s *Store) DaySumsIn(ctx context.Context, accountID int64, currency string, span Span) (sums []DaySum, err error) {
	var all string
	if err := s.db.QueryRowContext(ctx, `SELECT coalesce(group_concat(day || ' ' || money_in || ' ' || money_out || ' ' || entries, ';'), '') FROM day_sum
		WHERE account_id = ? AND day BETWEEN ? AND ? AND currency = ?`, accountID, max(dayOf(span.From), noDay+1), dayOf(span.To), currency).Scan(&all); err != nil {
		return nil, err
	}
	for one := range strings.SplitSeq(all, ";") {
		part := strings.Fields(one)
		if len(part) != 4 {
			continue // there is none
		}
		d := DaySum{Currency: currency}
		on, errDay := strconv.ParseInt(part[0], 10, 64)
		_, _, errIn := d.In.SetString(part[1])
		_, _, errOut := d.Out.SetString(part[2])
		n, errCount := strconv.Atoi(part[3])
		if err := errors.Join(errDay, errIn, errOut, errCount); err != nil {
			return nil, err
		}
		d.Date, d.Count = day(on).String(), n
		sums = append(sums, d)
	}
	return sums, nil
}

// CountTransactions returns the number of an account's booked transactions.
func (s *Store) CountTransactions(ctx context.Context, accountID int64) (int, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT coalesce(sum(entries), 0) FROM day_sum WHERE account_id = ?`, accountID).Scan(&n)
	return n, err
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
