package holding

import (
	"context"
	"slices"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/clock"
	"consentry/storage"
	"consentry/xs2a"
)

// Accounts lists all accounts with their balances.
func (h *Holdings) Accounts(ctx context.Context) ([]storage.Account, error) {
	return h.withoutBeingRead(h.store.Accounts(ctx))
}

// PlainAccounts lists all accounts without their balances and what is missing of them: what they are
// called.
func (h *Holdings) PlainAccounts(ctx context.Context) ([]storage.Account, error) {
	return h.store.PlainAccounts(ctx)
}

// Account returns one account with its balances.
func (h *Holdings) Account(ctx context.Context, id int64) (storage.Account, error) {
	account, err := h.store.Account(ctx, id)
	accounts, err := h.withoutBeingRead([]storage.Account{account}, err)
	return accounts[0], err
}

// ConsentAccounts lists the accounts reached through a consent.
func (h *Holdings) ConsentAccounts(ctx context.Context, consentID string) ([]storage.Account, error) {
	return h.withoutBeingRead(h.store.ConsentAccounts(ctx, consentID))
}

// withoutBeingRead takes away the days that are being read at this moment: they
// are not missing yet.
func (h *Holdings) withoutBeingRead(accounts []storage.Account, err error) ([]storage.Account, error) {
	for i, account := range accounts {
		if h.beingRead(account.ID) {
			accounts[i].Gaps = slices.DeleteFunc(slices.Clone(account.Gaps), func(gap storage.Gap) bool { return gap.Reason == storage.GapStopped })
		}
	}
	return accounts, err
}

// UnreadParts lists parts of what the bank sent of an account that could not be
// read, the first so many.
func (h *Holdings) UnreadParts(ctx context.Context, id int64, limit int) ([]storage.Unread, error) {
	return h.store.UnreadParts(ctx, id, limit)
}

// Point is a balance at the end of a day. Those of a course are of days that follow each other.
type Point struct {
	Date   string // ISO
	Amount xs2a.Amount
}

// Month is what went in and out in a calendar month; both are positive.
type Month struct {
	Month   string // 2006-01
	In, Out xs2a.Amount
	Missing bool // days of it were not read from the bank
	Unread  bool // nothing is known of it: none of them was, no file has one, and nothing moved
}

// exact never rounds sums of amounts.
var exact = apd.BaseContext.WithPrecision(200)

// Charts are what the pictures of an account show.
type Charts struct {
	History []Point // see [Holdings.History]
	Months  []Month // what went in and out in each of the last months and this one, the oldest first
}

// Charts returns an account's balance at the end of each of the last days, and what went in and out in
// each of the last months and this one, in the account's main currency.
func (h *Holdings) Charts(ctx context.Context, account storage.Account, days, months int) (Charts, error) {
	today := h.today(account)
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 1-months, 0)
	from := first
	if course := today.AddDate(0, 0, 1-days); course.Before(from) {
		from = course
	}
	currency := account.Currency
	main, known := MainBalance(account)
	if known {
		currency = main.Amount.Currency
	}
	moved, err := h.moves(ctx, account, currency, from, today)
	if err != nil {
		return Charts{}, err
	}
	of, err := h.gapsOf(ctx, account)
	if err != nil {
		return Charts{}, err
	}
	charts := Charts{Months: monthsOf(currency, moved, of, first, today)}
	if known {
		charts.History, err = h.history(ctx, account, main, moved, days)
	}
	return charts, err
}

// today is the day it is at an account's bank, as a day of UTC.
func (h *Holdings) today(account storage.Account) time.Time {
	now := h.nowAt(account.EnvironmentID)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// moves are what went in and out of an account in a currency, on which of the days since one.
type moves struct {
	from time.Time
	days []storage.DayTally
}

// moves reads what went in and out on some days, both included.
func (h *Holdings) moves(ctx context.Context, account storage.Account, currency string, from, to time.Time) (moves, error) {
	days, err := h.store.DayTallies(ctx, account.ID, currency, storage.Span{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)})
	return moves{from, days}, err
}

// between are those of some days, both included.
func (m moves) between(from, to time.Time) []storage.DayTally {
	first, last := daysAfter(m.from, from), daysAfter(m.from, to)
	start, _ := slices.BinarySearchFunc(m.days, first, func(d storage.DayTally, at int) int { return d.After - at })
	end, _ := slices.BinarySearchFunc(m.days, last+1, func(d storage.DayTally, at int) int { return d.After - at })
	return m.days[start:max(start, end)]
}

// daysAfter is how many days of UTC one is after another.
// Between years that are far apart no time.Duration lies.
func daysAfter(one, other time.Time) int { return int((other.Unix() - one.Unix()) / (24 * 60 * 60)) }

// History returns an account's balance at the end of each of the last days, the
// oldest first: the main balance, walked forth and back through the booked
// transactions from the day it stands for. It begins where the last days end that
// were not read, ends with the day up to which transactions were read where that was
// days ago, and is empty where there is no balance or nothing was booked.
func (h *Holdings) History(ctx context.Context, account storage.Account, days int) ([]Point, error) {
	main, has := MainBalance(account)
	if !has {
		return nil, nil
	}
	return h.historyOf(ctx, account, main, days)
}

// historyOf is History of one of an account's balances.
func (h *Holdings) historyOf(ctx context.Context, account storage.Account, main storage.Balance, days int) ([]Point, error) {
	today := h.today(account)
	moved, err := h.moves(ctx, account, main.Amount.Currency, today.AddDate(0, 0, 1-days), today)
	if err != nil {
		return nil, err
	}
	return h.history(ctx, account, main, moved, days)
}

// history is the course of a main balance over the last days.
func (h *Holdings) history(ctx context.Context, account storage.Account, main storage.Balance, moved moves, days int) ([]Point, error) {
	today := h.today(account)
	first := today.AddDate(0, 0, 1-days)
	if len(moved.between(first, today)) == 0 { // unless something is booked in another currency, or for a day to come
		if sums, err := h.store.DaySums(ctx, account.ID, first.Format(time.DateOnly)); err != nil || len(sums) == 0 {
			return nil, err
		}
	}
	return pointsOf(walk(account, main, moved, first, today), main.Amount.Currency), nil
}

// course is balances at the ends of days that follow each other.
type course struct {
	first time.Time
	ends  []storage.Tally
}

// walk is the course of a balance since a day until today, through what each day added up to. It is
// empty where what lies between the day on which the balance stands and the others is missing.
func walk(account storage.Account, main storage.Balance, moved moves, first, today time.Time) course {
	of := line{first, daysAfter(first, today) + 1}
	last := of.count - 1
	if account.BookedTo < clock.DaysBefore(today, staleDays) {
		last = of.index(account.BookedTo) // today, unless nothing was read for some days
	}
	start := of.index(endOfDay(main))
	if start < 0 {
		start = of.count - 1
	}
	start = min(start, last)
	known := of.knownFrom(account)
	if start < 0 || known > start {
		return course{}
	}
	ends := make([]storage.Tally, of.count)
	for _, d := range moved.between(first, today) {
		ends[d.After-daysAfter(moved.from, first)] = d.In.Minus(d.Out)
	}
	balance := storage.TallyOf(main.Amount)
	forth := balance
	for i := start + 1; i <= last; i++ {
		forth = forth.Plus(ends[i])
		ends[i] = forth
	}
	for i := start; i >= known; i-- {
		moved := ends[i]
		ends[i] = balance
		balance = balance.Minus(moved)
	}
	return course{first.AddDate(0, 0, known), ends[known : last+1]}
}

// line is days that follow each other.
type line struct {
	first time.Time
	count int
}

// index returns the place of an ISO date among them, or -1.
func (of line) index(date string) int {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil || on.Before(of.first) || daysAfter(of.first, on) >= of.count {
		return -1
	}
	return daysAfter(of.first, on)
}

// knownFrom returns the index of the first of the days from which on none is missing: the last
// that was not read, at whose end the balance is known.
func (of line) knownFrom(account storage.Account) int {
	known := 0
	if len(account.Gaps) == 0 {
		return known
	}
	first, last := of.first.Format(time.DateOnly), of.first.AddDate(0, 0, of.count-1).Format(time.DateOnly)
	for _, gap := range account.Gaps {
		if gap.From <= last && gap.To >= first {
			known = max(known, of.index(min(gap.To, last)))
		}
	}
	return known
}

// pointsOf writes out a course. All texts of it are cut from two: each for itself would be made a
// thousand times.
func pointsOf(c course, currency string) []Point {
	if len(c.ends) == 0 {
		return nil
	}
	dates, numbers := make([]byte, 0, len(c.ends)*len(time.DateOnly)), make([]byte, 0, len(c.ends)*12)
	until := make([]int, len(c.ends))
	on := c.first
	for i, end := range c.ends {
		dates, numbers = on.AppendFormat(dates, time.DateOnly), end.Append(numbers)
		until[i], on = len(numbers), on.Add(24*time.Hour)
	}
	days, texts, from := string(dates), string(numbers), 0
	points := make([]Point, len(c.ends))
	for i, to := range until {
		points[i] = Point{days[i*len(time.DateOnly):][:len(time.DateOnly)], xs2a.Amount{Number: texts[from:to], Currency: currency}}
		from = to
	}
	return points
}

// monthsOf adds up what went in and out in each month from one to that of today.
func monthsOf(currency string, moved moves, of known, first, today time.Time) (all []Month) {
	for ; !first.After(today); first = first.AddDate(0, 1, 0) {
		var sum flow
		end := first.AddDate(0, 1, -1)
		for _, d := range moved.between(first, end) {
			sum.in, sum.out = sum.in.Plus(d.In), sum.out.Plus(d.Out)
		}
		months := []Flow{sum.of(first.Format(monthForm), currency)}
		markMissing(months, []known{of})
		all = append(all, Month{months[0].Month, months[0].In, months[0].Out, months[0].Missing, months[0].Unread})
	}
	return all
}

// unreadDays are the days of which an account's transactions are not known: the gaps, and
// those since it was read, where that was days ago.
func unreadDays(account storage.Account, now time.Time) []storage.Span {
	var spans []storage.Span
	for _, gap := range account.Gaps {
		spans = append(spans, gap.Span)
	}
	if account.BookedTo < clock.DaysBefore(now, staleDays) {
		since := ""
		if read, err := time.Parse(time.DateOnly, account.BookedTo); err == nil { // else it never was
			since = read.AddDate(0, 0, 1).Format(time.DateOnly)
		}
		spans = append(spans, storage.Span{From: since, To: now.Format(time.DateOnly)})
	}
	return spans
}

func amountOf(n *apd.Decimal, currency string) xs2a.Amount {
	if n == nil {
		return xs2a.Amount{Number: "0", Currency: currency}
	}
	return xs2a.Amount{Number: n.Text('f'), Currency: currency}
}
