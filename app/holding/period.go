package holding

import (
	"cmp"
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// Period is some calendar months, both included; as 2006-01.
type Period struct{ From, To string }

// LastMonths is the month of a day and those before it, so many in all.
func LastMonths(now time.Time, months int) Period {
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	return Period{this.AddDate(0, 1-months, 0).Format(monthForm), this.Format(monthForm)}
}

const monthForm = "2006-01"

// Days is the period in days.
func (p Period) Days() storage.Span {
	last, err := time.Parse(monthForm, p.To)
	if err != nil {
		return storage.Span{}
	}
	return storage.Span{From: p.From + "-01", To: last.AddDate(0, 1, -1).Format(time.DateOnly)}
}

// Months lists the months of the period, the oldest first.
func (p Period) Months() (months []string) {
	first, err := time.Parse(monthForm, p.From)
	if err != nil {
		return nil
	}
	for at := first; at.Format(monthForm) <= p.To; at = at.AddDate(0, 1, 0) {
		months = append(months, at.Format(monthForm))
	}
	return months
}

// Scope is what is looked at: accounts, in one currency, in some months.
type Scope struct {
	Accounts []storage.Account
	Currency string
	Period
}

// known is of which days an account's booked transactions are known.
type known struct {
	first   string // the day of the first that the bank listed; empty: none was
	today   string
	unread  []storage.Span // days that were not read from the bank, by their first ones
	covered []storage.Span // days of which files say that they have all, by their first ones
}

// gapsOf returns what is known of an account, as if all days before its gaps were read.
func (h *Holdings) gapsOf(ctx context.Context, account storage.Account) (known, error) {
	now := h.nowAt(account.EnvironmentID)
	k := known{today: now.Format(time.DateOnly), unread: unreadDays(account, now)}
	slices.SortFunc(k.unread, func(a, b storage.Span) int { return cmp.Compare(a.From, b.From) })
	var err error
	k.covered, err = h.store.Covered(ctx, account.ID)
	return k, err
}

// knownOf returns what is known of an account. Of the days before the first transaction its bank
// listed nobody knows whether they were asked for, so that they count as not read.
func (h *Holdings) knownOf(ctx context.Context, account storage.Account) (known, error) {
	k, err := h.gapsOf(ctx, account)
	if err != nil {
		return k, err
	}
	if k.first, err = h.store.FirstListed(ctx, account.ID); err != nil {
		return k, err
	}
	before := storage.Span{To: k.today}
	if day, listed := dayBefore(k.first); listed {
		before.To = day
	}
	k.unread = slices.Insert(k.unread, 0, before)
	return k, nil
}

// missing reports of the days of a span that have come whether some were not read from the bank, whether
// files have all of those, and whether nothing is known of any day: it was not read, and no file has it.
func (k known) missing(span storage.Span) (some, filed, all bool) {
	span.To = min(span.To, k.today)
	filed = true
	for _, gap := range k.unread {
		if gap = within(gap, span); gap.From <= gap.To {
			some, filed = true, filed && covers(k.covered, gap)
		}
	}
	return some, some && filed, covers(k.unread, span) && !meets(k.covered, span)
}

// within is what a span has of another; one that ends before it begins where that is nothing.
func within(one, other storage.Span) storage.Span {
	return storage.Span{From: max(one.From, other.From), To: min(one.To, other.To)}
}

// covers reports whether spans, by their first days, have all days of another.
func covers(spans []storage.Span, span storage.Span) bool {
	for _, one := range spans {
		if one.From <= span.From && one.To >= span.From {
			span.From = dayAfter(one.To)
		}
	}
	return span.From > span.To
}

// meets reports whether a span of some has a day of another.
func meets(spans []storage.Span, span storage.Span) bool {
	return slices.ContainsFunc(spans, func(one storage.Span) bool {
		both := within(one, span)
		return both.From <= both.To
	})
}

func dayAfter(date string) string {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return on.AddDate(0, 0, 1).Format(time.DateOnly)
}

// FirstMonth returns the month of the first transaction that was read of some accounts; that of
// today where none was.
func (h *Holdings) FirstMonth(ctx context.Context, accounts []storage.Account) (string, error) {
	first := h.nowAt("").Format(monthForm)
	for _, account := range accounts {
		on, err := h.store.FirstDay(ctx, account.ID)
		if err != nil {
			return "", err
		}
		if on != "" {
			first = min(first, on[:len(monthForm)])
		}
	}
	return first, nil
}

// ownKeys tells the accounts that are known here by their numbers.
type ownKeys map[string][]int64

// ownKeys returns those of all accounts.
func (h *Holdings) ownKeys(ctx context.Context) (ownKeys, error) {
	accounts, err := h.store.AccountNumbers(ctx, "")
	own := ownKeys{}
	for _, account := range accounts {
		own.add(account.ID, account.IBAN, account.BBAN)
	}
	return own, err
}

// add adds an account by its numbers.
func (own ownKeys) add(account int64, numbers ...string) {
	for _, number := range numbers {
		if key := storage.NumberKey(number); key != "" && !slices.Contains(own[key], account) {
			own[key] = append(own[key], account)
		}
	}
}

// transfer reports whether what an account has with a counterparty stays with the person: it is
// another account of theirs. Some banks put the account's own number there, which says nothing.
func (own ownKeys) transfer(account int64, key string) bool {
	return len(own[key]) > 0 && !slices.Contains(own[key], account)
}

// others are the keys of accounts that some may have transfers with: of all, or of all others where it is one.
func (own ownKeys) others(some []storage.Account) (keys []string) {
	for key, of := range own {
		if len(some) > 1 || !slices.Contains(of, some[0].ID) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
