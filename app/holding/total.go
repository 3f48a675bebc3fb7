package holding

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sort"
	"time"

	"consentry/app/clock"
	"consentry/storage"
	"consentry/xs2a"
)

// Total is what a person has in one currency.
type Total struct {
	Currency string
	Accounts int           // whose balances make the sum; 0: none is known, and no figure below counts
	Without  []Unsummed    // accounts in the currency that the sum leaves out
	Old      Aged          // of Accounts, those that no consent in use reaches
	Late     Aged          // of Accounts, those that one reaches and that were not read in full for some days
	Sum      xs2a.Amount   // of the accounts' main balances
	Change   xs2a.Amount   // since the first of Days
	Days     []xs2a.Amount // the sum at the end of each day, the oldest first; fewer than two: the course is not known
	Missing  bool          // days of an account were not read: Days begin after them
}

// Aged counts accounts whose balances are not up to date.
type Aged struct {
	Accounts int
	Since    time.Time // when the one of them read longest ago was read; zero: it never was in full
	Last     time.Time // the same of the one read latest
}

// Unsummed is an account whose balance is not known, and why.
type Unsummed struct {
	Account storage.Account
	Reason  UnsummedReason
}

// UnsummedReason says why an account's balance is not known.
type UnsummedReason string

// The reasons why a balance is not known.
const (
	BalanceNotShared UnsummedReason = "not shared" // the person or the bank left balances out
	BalanceNotRead   UnsummedReason = "not read"   // it is to be read, and never was
	BalanceNotSent   UnsummedReason = "not sent"   // the bank has none for the account
	BalanceOver      UnsummedReason = "over"       // no consent reaches the account any more
)

// staleDays is for how long an account that was not read counts as up to date.
const staleDays = 3

// together is what accounts of one currency had, day by day.
type together struct {
	Total
	main  storage.Tally
	days  []storage.Tally
	known int // index of the first day that is known of all accounts
}

// Totals adds up the main balances per currency, with their course over the
// last days, and says which accounts are left out or not updated any more.
// Currencies are never added to each other.
func (h *Holdings) Totals(ctx context.Context, days int) ([]Total, error) {
	accounts, err := h.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	updated, err := h.updated(ctx)
	if err != nil {
		return nil, err
	}
	courses := map[string]*together{}
	in := func(currency string) *together {
		if courses[currency] == nil {
			courses[currency] = newTogether(currency, days)
		}
		return courses[currency]
	}
	for _, account := range accounts {
		main, known := MainBalance(account)
		if !known {
			reason, err := h.withoutBalance(ctx, account)
			if err != nil {
				return nil, err
			}
			c := in(account.Currency)
			c.Without = append(c.Without, Unsummed{account, reason})
			continue
		}
		points, err := h.History(ctx, account, days)
		if err != nil {
			return nil, err
		}
		c := in(main.Amount.Currency)
		c.add(main.Amount, points, h.courseKnown(account, points, days))
		switch {
		case !updated[account.ID]:
			c.Old.add(account.FetchedAt)
		case h.stale(account):
			c.Late.add(account.FetchedAt)
		}
	}
	return totals(courses), nil
}

// withoutBalance says why an account has no balance.
func (h *Holdings) withoutBalance(ctx context.Context, account storage.Account) (UnsummedReason, error) {
	shared, err := h.sharesBalances(ctx, account)
	unread := func(f storage.Failure) bool {
		return f.Part != storage.PartTransactions && f.Part != storage.PartPending
	}
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return BalanceOver, nil
	case err != nil:
		return "", err
	case !shared:
		return BalanceNotShared, nil
	case account.FetchedAt.IsZero() || slices.ContainsFunc(account.Failures, unread):
		return BalanceNotRead, nil
	}
	return BalanceNotSent, nil
}

// stale reports whether an account was not read in full for some days.
func (h *Holdings) stale(account storage.Account) bool {
	return account.FetchedAt.Before(h.nowAt(account.EnvironmentID).AddDate(0, 0, -staleDays))
}

// courseKnown counts the last days at whose end an account's balance is known:
// all, those since days that were not read, or today alone where transactions
// were not read up to now.
func (h *Holdings) courseKnown(account storage.Account, points []Point, days int) int {
	now := h.nowAt(account.EnvironmentID)
	missing := func(gap storage.Gap) bool { return gap.To >= clock.DaysBefore(now, days-1) }
	switch {
	case account.BookedTo < clock.DaysBefore(now, staleDays):
		return 1
	case slices.ContainsFunc(account.Gaps, missing):
		return max(len(points), 1)
	}
	return days
}

func newTogether(currency string, days int) *together {
	return &together{Total: Total{Currency: currency}, days: make([]storage.Tally, days)}
}

// add adds an account of which the last so many days are known. One without
// points stood still in them.
func (c *together) add(main xs2a.Amount, points []Point, known int) {
	c.Accounts++
	c.known = max(c.known, len(c.days)-known)
	n := storage.TallyOf(main)
	c.main = c.main.Plus(n)
	for i := range c.days {
		if at := i - len(c.days) + len(points); at >= 0 && len(points) > 0 {
			n = storage.TallyOf(points[at].Amount)
		}
		c.days[i] = c.days[i].Plus(n)
	}
}

// add counts an account that is not up to date since it was read.
func (old *Aged) add(read time.Time) {
	if old.Accounts == 0 || read.Before(old.Since) {
		old.Since = read
	}
	if read.After(old.Last) {
		old.Last = read
	}
	old.Accounts++
}

func totals(courses map[string]*together) []Total {
	var all []Total
	for _, c := range courses {
		t := c.Total
		t.Sum, t.Missing = c.main.Amount(t.Currency), c.known > 0
		if t.Accounts > 0 {
			days := c.days[c.known:]
			for _, sum := range days {
				t.Days = append(t.Days, sum.Amount(t.Currency))
			}
			t.Change = days[len(days)-1].Minus(days[0]).Amount(t.Currency)
		}
		all = append(all, t)
	}
	sort.Slice(all, func(i, j int) bool {
		return cmp.Or(all[j].Accounts-all[i].Accounts, cmp.Compare(all[i].Currency, all[j].Currency)) < 0
	})
	return all
}
