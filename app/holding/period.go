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
	first  string // the day of the first that the bank listed; empty: none was
	today  string
	unread []storage.Span
}

// knownOf returns what is known of an account. Of the days before the first transaction its bank
// listed nobody knows whether they were asked for, so that they count as not read, whatever files had of them.
func (h *Holdings) knownOf(ctx context.Context, account storage.Account) (known, error) {
	now := h.nowAt(account.EnvironmentID)
	first, err := h.store.FirstListed(ctx, account.ID)
	unread := unreadDays(account, now)
	slices.SortFunc(unread, func(a, b storage.Span) int { return cmp.Compare(a.From, b.From) })
	return known{first, now.Format(time.DateOnly), unread}, err
}

// missing reports whether days of a span that have come were not read, and whether none was.
func (k known) missing(span storage.Span) (some, all bool) {
	span.To = min(span.To, k.today)
	if k.first == "" || k.first > span.To {
		return true, true
	}
	read := max(span.From, k.first) // the first day that may have been read
	some = read > span.From
	for _, gap := range k.unread {
		some = some || gap.From <= span.To && gap.To >= span.From
		if gap.From <= read && gap.To >= read {
			read = dayAfter(gap.To)
		}
	}
	return some, read > span.To
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
		for _, number := range []string{account.IBAN, account.BBAN} {
			if key := storage.NumberKey(number); key != "" && !slices.Contains(own[key], account.ID) {
				own[key] = append(own[key], account.ID)
			}
		}
	}
	return own, err
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
