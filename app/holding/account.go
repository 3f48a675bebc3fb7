package holding

import (
	"cmp"
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
			accounts[i].Gaps = slices.DeleteFunc(account.Gaps, func(gap storage.Gap) bool { return gap.Reason == storage.GapStopped })
		}
	}
	return accounts, err
}

// UnreadParts lists parts of what the bank sent of an account that could not be
// read, the first so many.
func (h *Holdings) UnreadParts(ctx context.Context, id int64, limit int) ([]storage.Unread, error) {
	return h.store.UnreadParts(ctx, id, limit)
}

// balanceOrder is the rule by which one balance stands for an account: booked
// before expected before available, today's before yesterday's.
var balanceOrder = []string{
	"interimBooked", "closingBooked", "expected", "openingBooked", "interimAvailable", "forwardAvailable", "authorised", "nonInvoiced",
}

// MainBalance returns the balance that stands for an account: the first by
// balanceOrder in the account's currency, else the first the bank sent. Of
// several of one type the newest stands, unless they look ahead.
func MainBalance(account storage.Account) (storage.Balance, bool) {
	if len(account.Balances) == 0 {
		return storage.Balance{}, false
	}
	best := slices.MinFunc(account.Balances, func(x, y storage.Balance) int {
		if by := rank(account, x) - rank(account, y); by != 0 || x.Type == "forwardAvailable" || x.Type != y.Type {
			return by
		}
		return cmp.Compare(dayOfBalance(y), dayOfBalance(x))
	})
	return best, true
}

// dayOfBalance is the day a balance says it is of, "" where it says none.
func dayOfBalance(b storage.Balance) string {
	day := cmp.Or(b.ReferenceDate, b.LastChange)
	return day[:min(len(day), len(time.DateOnly))]
}

func rank(account storage.Account, b storage.Balance) int {
	r := slices.Index(balanceOrder, b.Type)
	if r < 0 {
		r = len(balanceOrder)
	}
	if b.Amount.Currency != account.Currency && account.Currency != "XXX" {
		r += 100
	}
	return r
}

// Point is a balance at the end of a day.
type Point struct {
	Date   string // ISO
	Amount xs2a.Amount
}

// Month is what went in and out in a calendar month; both are positive.
type Month struct {
	Month   string // 2006-01
	In, Out xs2a.Amount
	Missing bool // days of it were not read
	Unread  bool // none of them was
}

// exact never rounds sums of amounts.
var exact = apd.BaseContext.WithPrecision(200)

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
	first := h.nowAt(account.EnvironmentID).AddDate(0, 0, -days+1)
	sums, err := h.store.DaySums(ctx, account.ID, first.Format(time.DateOnly))
	if err != nil || len(sums) == 0 {
		return nil, err
	}
	return h.walk(account, main, sums, first, days)
}

// walk is the course of a balance over so many days since one, which end today, through what each
// day added up to.
func (h *Holdings) walk(account storage.Account, main storage.Balance, sums []storage.DaySum, first time.Time, days int) ([]Point, error) {
	change, err := netByDay(sums, main.Amount.Currency)
	if err != nil {
		return nil, err
	}
	points := make([]Point, days)
	for i := range points {
		points[i].Date = first.AddDate(0, 0, i).Format(time.DateOnly)
	}
	last := h.knownTo(account, points)
	start := min(dayOf(points, endOfDay(main)), last)
	known := knownFrom(account, points)
	if start < 0 || known > start {
		return nil, nil // what lies between is missing
	}
	balance := main.Amount.Decimal()
	for i := start; i <= last; i++ {
		if net := change[points[i].Date]; net != nil && i > start {
			if _, err := exact.Add(balance, balance, net); err != nil {
				return nil, err
			}
		}
		points[i].Amount = amountOf(balance, main.Amount.Currency)
	}
	balance = main.Amount.Decimal()
	for i := start; i >= 0; i-- {
		points[i].Amount = amountOf(balance, main.Amount.Currency)
		if net := change[points[i].Date]; net != nil {
			if _, err := exact.Sub(balance, balance, net); err != nil {
				return nil, err
			}
		}
	}
	return points[known : last+1], nil
}

// knownTo returns the index of the last of some days up to which transactions were
// read: today, unless nothing was read for some days; -1 for none of them.
func (h *Holdings) knownTo(account storage.Account, points []Point) int {
	if account.BookedTo >= clock.DaysBefore(h.nowAt(account.EnvironmentID), staleDays) {
		return len(points) - 1
	}
	return slices.IndexFunc(points, func(p Point) bool { return p.Date == account.BookedTo })
}

// knownFrom returns the index of the first of some days from which on none is
// missing: the last that was not read, at whose end the balance is known.
func knownFrom(account storage.Account, points []Point) int {
	for i, p := range slices.Backward(points) {
		if slices.ContainsFunc(account.Gaps, func(gap storage.Gap) bool { return gap.From <= p.Date && p.Date <= gap.To }) {
			return i
		}
	}
	return 0
}

// endOfDay is the day at whose end a balance stands; "" for now. An opening
// balance is the closing one of the day before.
func endOfDay(b storage.Balance) string {
	switch b.Type {
	case "closingBooked":
		return b.ReferenceDate
	case "openingBooked":
		if day, err := time.Parse(time.DateOnly, b.ReferenceDate); err == nil {
			return day.AddDate(0, 0, -1).Format(time.DateOnly)
		}
	}
	return ""
}

// dayOf returns the index of a day, or of today where it is not among the days.
func dayOf(points []Point, day string) int {
	for i, p := range points {
		if p.Date == day {
			return i
		}
	}
	return len(points) - 1
}

// netByDay returns what each day changed in a currency.
func netByDay(sums []storage.DaySum, currency string) (map[string]*apd.Decimal, error) {
	change := map[string]*apd.Decimal{}
	for _, s := range sums {
		if s.Currency != currency {
			continue
		}
		net := new(apd.Decimal)
		if _, err := exact.Sub(net, &s.In, &s.Out); err != nil {
			return nil, err
		}
		change[s.Date] = net
	}
	return change, nil
}

// Months returns what went in and out of an account in each of the last months
// and this one, the oldest first, in the account's main currency.
func (h *Holdings) Months(ctx context.Context, account storage.Account, months int) ([]Month, error) {
	now := h.nowAt(account.EnvironmentID)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 1-months, 0)
	sums, err := h.store.DaySums(ctx, account.ID, first.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	currency := account.Currency
	if main, known := MainBalance(account); known {
		currency = main.Amount.Currency
	}
	in, out := map[string]*apd.Decimal{}, map[string]*apd.Decimal{}
	for _, s := range sums {
		if s.Currency != currency {
			continue
		}
		if err := addTo(in, s.Date[:7], &s.In); err != nil {
			return nil, err
		}
		if err := addTo(out, s.Date[:7], &s.Out); err != nil {
			return nil, err
		}
	}
	all, unread := make([]Month, months), unreadDays(account, now)
	for i := range all {
		month := first.AddDate(0, i, 0).Format("2006-01")
		days, missing := 0, 0
		for d := first.AddDate(0, i, 0); d.Format("2006-01") == month && d.Format(time.DateOnly) <= now.Format(time.DateOnly); d = d.AddDate(0, 0, 1) {
			date := d.Format(time.DateOnly)
			days++
			if slices.ContainsFunc(unread, func(span storage.Span) bool { return span.From <= date && date <= span.To }) {
				missing++
			}
		}
		all[i] = Month{month, amountOf(in[month], currency), amountOf(out[month], currency), missing > 0, missing == days}
	}
	return all, nil
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

func addTo(sums map[string]*apd.Decimal, key string, n *apd.Decimal) error {
	if sums[key] == nil {
		sums[key] = new(apd.Decimal)
	}
	_, err := exact.Add(sums[key], sums[key], n)
	return err
}

func amountOf(n *apd.Decimal, currency string) xs2a.Amount {
	if n == nil {
		return xs2a.Amount{Number: "0", Currency: currency}
	}
	return xs2a.Amount{Number: n.Text('f'), Currency: currency}
}
