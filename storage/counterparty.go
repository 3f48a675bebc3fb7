package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage/fold"
	"consentry/xs2a"
)

// Counterparty is somebody at the other side of transactions, whatever the account.
type Counterparty struct {
	Key    string // what they are told apart by, see [CounterpartyOf]
	Name   string // what a bank called them last; empty where it gave none
	Number string // of their account as a bank wrote it last; empty where it gave none
}

// What a key begins with that is not made of a name.
const (
	byNumber  = "#"
	byMessage = "~"
)

const (
	mostMessageWords = 6  // of a message tell a counterparty that has nothing else
	mostNameWords    = 16 // of a name or a number tell one
	longestName      = 140
)

// CounterpartyOf returns who is at the other side of a transaction. They are told apart by the
// number of their account where the bank gives it, else by the words of their name, folded; and
// where it gives neither, by the words without digits of what the transaction is for, as banks
// put the names of shops there. The key is empty where there is nothing of all that.
func CounterpartyOf(t xs2a.Transaction) Counterparty {
	number, names := t.DebtorAccount, [2]string{t.DebtorName, t.CreditorName}
	if t.Amount.Negative() {
		number, names = t.CreditorAccount, [2]string{t.CreditorName, t.DebtorName}
	}
	of := Counterparty{Name: briefly(names[0]), Number: briefly(number)}
	if of.Name == "" {
		of.Name = briefly(names[1]) // some banks put the other side where the owner's belongs
	}
	if of.Key = NumberKey(number); of.Key != "" {
		return of
	}
	of.Number = ""
	if of.Key = keyOf(of.Name); of.Key != "" {
		return of
	}
	for _, text := range []string{t.Remittance, t.Additional} {
		if words := spokenWords(text); len(words) > 0 {
			return Counterparty{Key: byMessage + strings.Join(words, " "), Name: briefly(text)}
		}
	}
	return Counterparty{}
}

// NumberKey is what counterparties with an account number are told apart by; empty where
// nothing of it is a letter or a digit.
func NumberKey(number string) string {
	if key := keyOf(briefly(number)); key != "" {
		return byNumber + key
	}
	return ""
}

// keyOf is the words of a text, folded.
func keyOf(text string) string {
	words := fold.Words(text)
	return strings.Join(words[:min(len(words), mostNameWords)], " ")
}

// briefly is the beginning of a text: what a name may be long.
func briefly(text string) string {
	if len(text) <= longestName {
		return text
	}
	return strings.ToValidUTF8(text[:longestName], "")
}

// spokenWords are the first words of a message that hold no digit: those do not change from one
// purchase to the next.
func spokenWords(text string) (words []string) {
	for _, word := range fold.Words(text) {
		if spelled(word) && len(words) < mostMessageWords {
			words = append(words, word)
		}
	}
	return words
}

// counterpartyWords are the words that all transactions with a counterparty hold.
func counterpartyWords(key string) []string {
	return strings.Fields(strings.TrimPrefix(strings.TrimPrefix(key, byNumber), byMessage))
}

// month is a calendar month as a number: that of January of the year 1 is 12.
type month int64

// noMonth is that of what bears no date.
const noMonth month = 0

// monthOf returns the month of a day.
func monthOf(on day) month {
	if on <= noDay || on >= lastDay {
		return noMonth
	}
	at := time.Unix((int64(on)-unixDays)*secondsADay, 0).UTC()
	return month(at.Year())*12 + month(at.Month()) - 1
}

// monthIn returns the month of an ISO date or of a month, 2006-01; noMonth for what is neither.
func monthIn(text string) month {
	at, err := time.Parse("2006-01", text[:min(len(text), len("2006-01"))])
	if err != nil {
		return noMonth
	}
	return month(at.Year())*12 + month(at.Month()) - 1
}

// String returns a month as 2006-01; empty for none.
func (m month) String() string {
	if m <= noMonth {
		return ""
	}
	return time.Date(int(m/12), time.Month(m%12+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// Turnover is what went to a counterparty and came from them. What a bank does not list any more
// counts in none of it.
type Turnover struct {
	In, Out  Tally // not negative
	Ins      int   // how many came in
	Outs     int   // how many went out
	Currency string
}

// turnoverOf names a turnover that is kept.
type turnoverOf struct {
	account  int64
	currency string
	month    month
	key      string
}

// turnover is a part of one that a write brings, and how the counterparty was called last.
type turnover struct {
	DaySum
	ins, outs    int
	named        day
	name, number string
}

// turnovers are those that transactions of one write add to.
type turnovers map[turnoverOf]*turnover

// add adds a transaction with a counterparty on a day, or takes it away again.
func (all turnovers) add(account int64, on day, with Counterparty, a xs2a.Amount, again bool) {
	key := turnoverOf{account, a.Currency, monthOf(on), with.Key}
	one := all[key]
	if one == nil {
		one = &turnover{named: -1}
		all[key] = one
	}
	one.add(a, again)
	n := 1
	if again {
		n = -1
	}
	if a.Negative() {
		one.outs += n
	} else {
		one.ins += n
	}
	if !again && on >= one.named {
		one.named, one.name, one.number = on, with.Name, with.Number
	}
}

const turnoverColumns = `money_in, money_out, ins, outs, named, name, number FROM counterparty_month`

func readTurnover(row scanner) (t turnover, err error) {
	var in, out string
	if err := row.Scan(&in, &out, &t.ins, &t.outs, &t.named, &t.name, &t.number); err != nil {
		return t, err
	}
	_, _, errIn := t.In.SetString(in)
	_, _, errOut := t.Out.SetString(out)
	return t, errors.Join(errIn, errOut)
}

// write adds all of them to those that are kept. One without a transaction is kept no more.
func (all turnovers) write(ctx context.Context, tx writeTx) error {
	if len(all) == 0 {
		return nil
	}
	var prepared [3]*sql.Stmt
	const of = ` WHERE account_id = ? AND currency = ? AND month = ? AND counterparty = ?`
	for i, text := range []string{`SELECT ` + turnoverColumns + of, putTurnover, `DELETE FROM counterparty_month` + of} {
		one, err := tx.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer one.Close()
		prepared[i] = one
	}
	stored, put, remove := prepared[0], prepared[1], prepared[2]
	for key, more := range all {
		sum, err := one(readTurnover, stored.QueryRowContext(ctx, key.account, key.currency, key.month, key.key))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		for _, side := range []struct{ to, more *apd.Decimal }{{&sum.In, &more.In}, {&sum.Out, &more.Out}} {
			if _, err := exact.Add(side.to, side.to, side.more); err != nil {
				return err
			}
		}
		if sum.ins, sum.outs = sum.ins+more.ins, sum.outs+more.outs; sum.ins == 0 && sum.outs == 0 {
			if _, err := remove.ExecContext(ctx, key.account, key.currency, key.month, key.key); err != nil {
				return err
			}
			continue
		}
		if more.named >= sum.named {
			sum.named, sum.name, sum.number = more.named, more.name, more.number
		}
		if _, err := put.ExecContext(ctx, key.account, key.currency, key.month, key.key,
			sum.In.Text('f'), sum.Out.Text('f'), sum.ins, sum.outs, sum.named, sum.name, sum.number); err != nil {
			return err
		}
	}
	return nil
}

const putTurnover = `INSERT INTO counterparty_month (account_id, currency, month, counterparty, money_in, money_out, ins, outs, named, name, number)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT DO UPDATE SET money_in = excluded.money_in, money_out = excluded.money_out, ins = excluded.ins, outs = excluded.outs,
		named = excluded.named, name = excluded.name, number = excluded.number`

// CounterpartySum is the turnover with a counterparty in some months.
type CounterpartySum struct {
	Counterparty
	Turnover
}

// CounterpartyTally is the turnover with a counterparty in a month on an account, read for lists of
// those with most: of very many.
type CounterpartyTally struct {
	After     int // so many months after the first that was asked for
	Key       string
	In, Out   Tally // not negative
	Ins, Outs int
}

// CounterpartyTallies lists the turnovers on an account in a currency in some months, both included and as
// 2006-01, the oldest first. They come as one row, as a row costs more than what is read of it.
func (s *Store) CounterpartyTallies(ctx context.Context, accountID int64, currency, from, to string) ([]CounterpartyTally, error) {
	var n int
	var months, keys, in, out, ins, outs string
	if err := s.db.QueryRowContext(ctx, counterpartyTallies, accountID, currency, monthIn(from), monthIn(to)).Scan(&n, &months, &keys, &in, &out, &ins, &outs); err != nil {
		return nil, err
	}
	all, first := make([]CounterpartyTally, n), int(monthIn(from))
	for i := range all {
		one := &all[i]
		one.Key, keys, _ = strings.Cut(keys, "\n")
		at, err := cutNumber(&months)
		one.After = at - first
		var errIns, errOuts error
		one.Ins, errIns = cutNumber(&ins)
		one.Outs, errOuts = cutNumber(&outs)
		if err := errors.Join(err, cutTally(&in, &one.In), cutTally(&out, &one.Out), errIns, errOuts); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// A key holds letters, digits and blanks, see [CounterpartyOf].
const counterpartyTallies = `SELECT count(*), coalesce(group_concat(month, ' '), ''), coalesce(group_concat(counterparty, char(10)), ''), coalesce(group_concat(money_in, ' '), ''),
	coalesce(group_concat(money_out, ' '), ''), coalesce(group_concat(ins, ' '), ''), coalesce(group_concat(outs, ' '), '')
	FROM counterparty_month WHERE account_id = ? AND currency = ? AND month BETWEEN ? AND ?`

// CounterpartyNames returns how some counterparties were called last in a month, 2006-01, on some accounts
// in a currency: those with whom there was a turnover.
func (s *Store) CounterpartyNames(ctx context.Context, accounts []int64, currency, month string, keys []string) ([]Counterparty, error) {
	of, err := idList(accounts)
	if err != nil {
		return nil, err
	}
	named, err := textList(keys)
	if err != nil {
		return nil, err
	}
	// SQLite takes the name from the row with the greatest "named" (sqlite.org/lang_select.html, "bare columns").
	return collect(ctx, s.db, func(row scanner) (c Counterparty, err error) {
		var last day
		err = row.Scan(&c.Key, &c.Name, &c.Number, &last)
		return c, err
	}, `SELECT counterparty, name, number, max(named) FROM counterparty_month WHERE account_id IN (SELECT value FROM json_each(?))
		AND currency = ? AND month = ? AND counterparty IN (SELECT value FROM json_each(?)) GROUP BY counterparty`, of, currency, monthIn(month), named)
}

// CounterpartyMonth is the turnover with counterparties in a month on an account.
type CounterpartyMonth struct {
	AccountID int64
	Month     string // 2006-01
	Counterparty
	Turnover
}

const counterpartyMonthsOf = `SELECT account_id, month, counterparty, name, number, currency, money_in, money_out, ins, outs
	FROM counterparty_month WHERE counterparty IN (SELECT value FROM json_each(?)) AND month BETWEEN ? AND ? ORDER BY month, account_id, currency, counterparty`

// CounterpartyMonths lists the turnovers with some counterparties per month and account, the
// oldest first. Months are as 2006-01; an empty one leaves that side open.
func (s *Store) CounterpartyMonths(ctx context.Context, keys []string, from, to string) ([]CounterpartyMonth, error) {
	named, err := textList(keys)
	if err != nil {
		return nil, err
	}
	until := monthIn(to)
	if to == "" {
		until = monthOf(lastDay - 1)
	}
	return collect(ctx, s.db, readCounterpartyMonth, counterpartyMonthsOf, named, max(monthIn(from), noMonth+1), until)
}

func readCounterpartyMonth(row scanner) (c CounterpartyMonth, err error) {
	var at month
	var in, out string
	if err := row.Scan(&c.AccountID, &at, &c.Key, &c.Name, &c.Number, &c.Currency, &in, &out, &c.Ins, &c.Outs); err != nil {
		return c, err
	}
	c.Month = at.String()
	return c, errors.Join(cutTally(&in, &c.In), cutTally(&out, &c.Out))
}

// Counterparty returns how banks call the one with a key last, or ErrNotFound where none of the
// transactions that count is with them.
func (s *Store) Counterparty(ctx context.Context, key string) (Counterparty, error) {
	return one(func(row scanner) (c Counterparty, err error) { return c, row.Scan(&c.Key, &c.Name, &c.Number) },
		s.db.QueryRowContext(ctx, `SELECT counterparty, name, number FROM counterparty_month WHERE counterparty = ? ORDER BY named DESC LIMIT 1`, key))
}

// textList is how texts are named in a query.
func textList(texts []string) (string, error) {
	if texts == nil {
		texts = []string{}
	}
	list, err := json.Marshal(texts)
	return string(list), err
}
