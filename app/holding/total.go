package holding

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sort"

	"consentry/app/clock"
	"consentry/storage"
	"consentry/xs2a"
)

// Total is what a person has in one currency.
type Total struct {
	Currency string
	Accounts int           // whose balances make the sum; 0: none is known, and no figure below counts
	Without  []Unsummed    // accounts in the currency that the sum leaves out
	Hidden   int           // further accounts in it that the person has hidden; they count in no figure
	Unbooked int           // of Accounts, those of which another balance stands than of what is booked
	Wanted   int           // of Accounts, those of which the bank does not send the balance that the person chose
	Ages                   // of Accounts, those that are not up to date
	Sum      xs2a.Amount   // of the accounts' main balances
	Change   xs2a.Amount   // since the first of Days
	Days     []xs2a.Amount // the sum at the end of each day, the oldest first; fewer than two: the course is not known
	Missing  bool          // days of an account were not read: Days begin after them
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

// together is what accounts of one currency had, day by day.
type together struct {
	Total
	main  storage.Tally
	days  []storage.Tally
	known int // index of the first day that is known of all accounts
}

// Totals adds up per currency what stands for the accounts that are not hidden, with its course over the
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
	return h.totalsOf(ctx, accounts, updated, days)
}

// TotalsByBank adds up what each bank's accounts have now, and all of them.
func (h *Holdings) TotalsByBank(ctx context.Context) (all []Total, of map[storage.BankID][]Total, err error) {
	accounts, err := h.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	updated, err := h.updated(ctx)
	if err != nil {
		return nil, nil, err
	}
	if all, err = h.totalsOf(ctx, accounts, updated, 1); err != nil {
		return nil, nil, err
	}
	at := map[storage.BankID][]storage.Account{}
	for _, account := range accounts {
		at[account.Bank()] = append(at[account.Bank()], account)
	}
	of = make(map[storage.BankID][]Total, len(at))
	for bank, some := range at {
		if of[bank], err = h.totalsOf(ctx, some, updated, 1); err != nil {
			return nil, nil, err
		}
	}
	return all, of, nil
}

// totalsOf adds up accounts, given those that consents in use reach.
func (h *Holdings) totalsOf(ctx context.Context, accounts []storage.Account, updated map[int64]bool, days int) ([]Total, error) {
	sums := summing{h: h, days: days, updated: updated, of: map[string]*together{}}
	parts := partsOf(accounts)
	for _, account := range accounts {
		if err := sums.add(ctx, account, parts.standing(account)); err != nil {
			return nil, err
		}
	}
	return totals(sums.of), nil
}

// summing adds up accounts per currency.
type summing struct {
	h       *Holdings
	days    int
	updated map[int64]bool
	of      map[string]*together
}

func (s *summing) in(currency string) *together {
	if s.of[currency] == nil {
		s.of[currency] = newTogether(currency, s.days)
	}
	return s.of[currency]
}

// add adds what stands for an account.
func (s *summing) add(ctx context.Context, account storage.Account, standing []Standing) error {
	if account.Hidden {
		for _, currency := range currenciesOf(account) {
			s.in(currency).Hidden++
		}
		return nil
	}
	if len(account.Balances) == 0 {
		reason, err := s.h.withoutBalance(ctx, account)
		c := s.in(account.Currency)
		c.Without = append(c.Without, Unsummed{account, reason})
		return err
	}
	for _, one := range standing {
		c := s.in(one.Amount.Currency)
		var points []Point
		if s.days > 1 {
			var err error
			if points, err = s.h.historyOf(ctx, account, one.Balance, s.days); err != nil {
				return err
			}
		}
		c.add(one.Amount, points, s.h.courseKnown(account, points, s.days))
		c.Ages.add(account, s.h.age(account, s.updated))
		if !one.Booked() {
			c.Unbooked++
		}
		if one.Wanted != "" {
			c.Wanted++
		}
	}
	return nil
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

func totals(courses map[string]*together) []Total {
	var all []Total
	for _, c := range courses {
		t := c.Total
		if t.Accounts == 0 && len(t.Without) == 0 {
			continue // all of it is hidden
		}
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
