package holding

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage"
	"consentry/xs2a"
)

// Cadence is how often a payment comes.
type Cadence string

// The cadences that are looked for.
const (
	Weekly    Cadence = "weekly"
	Monthly   Cadence = "monthly"
	Quarterly Cadence = "quarterly"
	Yearly    Cadence = "yearly"
)

// cadences are how many days lie between two payments at least and at most, and how many have to
// have come. Shops people go to each week are many, so that it takes more to tell one of those.
var cadences = []struct {
	Cadence
	least, most, times int
	days, months       int // to the next
	grace              int // days after which one that did not come is said not to have
}{
	{Weekly, 6, 8, 5, 7, 0, 4},
	{Monthly, 26, 36, 3, 0, 1, 8},
	{Quarterly, 84, 98, 3, 0, 3, 15},
	{Yearly, 355, 376, 3, 0, 12, 21},
}

// Subscription is a payment that comes again and again: to one counterparty or from one, as a salary
// does, of much the same amount, at even intervals. That it is one is a guess, and the next day of it, too.
type Subscription struct {
	storage.Counterparty
	AccountID int64
	Cadence   Cadence
	Times     int          // how often it came so
	First     string       // ISO dates
	Last      string       //
	Amount    xs2a.Amount  // of the last, positive
	Before    *xs2a.Amount // what it was before it changed last; nil: it never did
	Changed   string       // the day it did
	Next      string       // the day it is expected on
	Stopped   bool         // that day is over by some days, and it did not come
	Unknown   bool         // that day is over, and the account was not read since
}

// What is looked through for subscriptions.
const (
	subscriptionMonths = 38  // a yearly payment has come three times then
	mostPayments       = 200 // to one counterparty: who is paid more often is a shop
	mostSuspects       = 400 // counterparties
	suspectsAtOnce     = 20
)

// Subscriptions lists the payments of one way that seem to come regularly, those that are expected first
// in the order of their days, then those that did not come any more. It reports whether there was
// more to look through than is looked through.
func (h *Holdings) Subscriptions(ctx context.Context, way storage.Way) (all []Subscription, more bool, err error) {
	accounts, err := h.Accounts(ctx)
	if err != nil {
		return nil, false, err
	}
	own, err := h.ownKeys(ctx)
	if err != nil {
		return nil, false, err
	}
	since := LastMonths(h.nowAt(""), subscriptionMonths).From
	suspects, err := h.store.Regular(ctx, way, since, 3, mostPayments, mostSuspects)
	if err != nil {
		return nil, false, err
	}
	more = len(suspects) == mostSuspects
	suspects = slices.DeleteFunc(suspects, func(key string) bool { return len(own[key]) > 0 })
	slices.Sort(suspects)
	for some := range slices.Chunk(slices.Compact(suspects), suspectsAtOnce) {
		paid, cut, err := h.store.Movements(ctx, storage.Find{Counterparties: some, Way: way, Days: storage.Span{From: since + "-01"}}, suspectsAtOnce*mostPayments)
		if err != nil {
			return nil, false, err
		}
		more = more || cut
		all = append(all, h.subscriptionsIn(paid, accounts)...)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		return cmp.Or(ordered(a.Stopped)-ordered(b.Stopped), cmp.Compare(a.Next, b.Next), strings.Compare(a.Key, b.Key)) < 0
	})
	return all, more, nil
}

func ordered(later bool) int {
	if later {
		return 1
	}
	return 0
}

// payer is one account that pays one counterparty in one currency.
type payer struct {
	account       int64
	key, currency string
}

// subscriptionsIn finds the subscriptions among payments, the newest of which come first.
func (h *Holdings) subscriptionsIn(paid []storage.Movement, accounts []storage.Account) (all []Subscription) {
	by := map[payer][]storage.Movement{}
	for _, m := range slices.Backward(paid) {
		of := payer{m.AccountID, m.Key, m.Amount.Currency}
		by[of] = append(by[of], m)
	}
	for of, payments := range by {
		at := slices.IndexFunc(accounts, func(a storage.Account) bool { return a.ID == of.account })
		if at < 0 {
			continue
		}
		today := h.nowAt(accounts[at].EnvironmentID).Format(time.DateOnly)
		for _, run := range runsOf(payments) {
			all = append(all, run.subscription(accounts[at].BookedTo, today))
		}
	}
	return all
}

// run is payments at even intervals.
type run struct {
	payments []storage.Movement
	cadence  int
}

// runsOf returns the runs that some payments, the oldest first, end with: all of them together, or
// else those of each amount for themselves, as somebody may have two subscriptions in one place.
func runsOf(payments []storage.Movement) (runs []run) {
	if r, is := runOf(payments); is {
		return []run{r}
	}
	by := map[string][]storage.Movement{}
	for _, m := range payments {
		n := new(apd.Decimal)
		n.Reduce(m.Amount.Decimal())
		by[n.Text('f')] = append(by[n.Text('f')], m)
	}
	for _, equal := range by {
		if r, is := runOf(equal); is && len(r.payments) > cadences[r.cadence].times { // among others, equal ones come by chance, too
			runs = append(runs, r)
		}
	}
	return runs
}

// runOf returns the longest run that payments end with.
func runOf(payments []storage.Movement) (run, bool) {
	best := run{}
	for i, c := range cadences {
		from := len(payments) - 1
		changes := 0
		for ; from > 0; from-- {
			gap := daysBetween(payments[from-1].Date, payments[from].Date)
			if gap < c.least || gap > c.most {
				break
			}
			step := changeOf(payments[from-1].Amount, payments[from].Amount)
			if step == changeLarge || step == changeOfPrice && changes > 0 {
				break
			}
			if step == changeOfPrice {
				changes++
			}
		}
		if from < 0 || len(payments)-from < c.times || len(payments)-from <= len(best.payments) {
			continue
		}
		best = run{payments[from:], i}
	}
	return best, len(best.payments) > 0
}

// change is how much an amount differs from the one before.
type change int

const (
	changeSmall   change = iota // by a tenth at most
	changeOfPrice               // by half at most: once in a run, it is taken for another price
	changeLarge
)

// changeOf compares two amounts.
func changeOf(before, now xs2a.Amount) change {
	a, b := before.Decimal(), now.Decimal()
	a.Negative, b.Negative = false, false
	difference := new(apd.Decimal)
	if _, err := exact.Sub(difference, a, b); err != nil {
		return changeLarge
	}
	difference.Negative = false
	times := func(n int64) *apd.Decimal {
		product := new(apd.Decimal)
		_, _ = exact.Mul(product, difference, apd.New(n, 0)) // errs only where the context traps
		return product
	}
	switch {
	case times(10).Cmp(a) <= 0:
		return changeSmall
	case times(2).Cmp(a) <= 0:
		return changeOfPrice
	}
	return changeLarge
}

// daysBetween is how many days lie between two ISO dates; a negative number where one is none.
func daysBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return -1
	}
	return int(b.Sub(a).Hours() / 24)
}

// subscription tells of a run what is known of it by a day to which its account was read.
func (r run) subscription(read, today string) Subscription {
	c := cadences[r.cadence]
	first, last := r.payments[0], r.payments[len(r.payments)-1]
	s := Subscription{Counterparty: last.Counterparty, AccountID: last.AccountID, Cadence: c.Cadence, Times: len(r.payments), First: first.Date, Last: last.Date, Amount: positive(last.Amount)}
	for i := len(r.payments) - 1; i > 0; i-- {
		before, now := r.payments[i-1].Amount, r.payments[i].Amount
		if before.Decimal().Cmp(now.Decimal()) != 0 {
			was := positive(before)
			s.Before, s.Changed = &was, r.payments[i].Date
			break
		}
	}
	next := nextAfter(r.payments, c.days, c.months)
	s.Next = next.Format(time.DateOnly)
	over := next.AddDate(0, 0, c.grace).Format(time.DateOnly)
	s.Stopped = over < min(read, today)
	s.Unknown = !s.Stopped && s.Next < today && read < today && read <= s.Next
	return s
}

// nextAfter is the day on which the next payment is expected: by weeks after the last, else the
// day of the month on which most came lately, so many months after it.
func nextAfter(payments []storage.Movement, days, months int) time.Time {
	last, err := time.Parse(time.DateOnly, payments[len(payments)-1].Date)
	if err != nil {
		return time.Time{}
	}
	if days > 0 {
		return last.AddDate(0, 0, days)
	}
	var on []int
	for _, m := range payments[max(len(payments)-5, 0):] {
		if at, err := time.Parse(time.DateOnly, m.Date); err == nil {
			on = append(on, at.Day())
		}
	}
	slices.Sort(on)
	day := on[len(on)/2]
	month := time.Date(last.Year(), last.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch { // a payment of the first that came on the last of the month before is that of the next month
	case last.Day()-day > 15:
		month = month.AddDate(0, 1, 0)
	case day-last.Day() > 15:
		month = month.AddDate(0, -1, 0)
	}
	month = month.AddDate(0, months, 0)
	return month.AddDate(0, 0, min(day, month.AddDate(0, 1, -1).Day())-1)
}

func positive(a xs2a.Amount) xs2a.Amount {
	return xs2a.Amount{Number: strings.TrimPrefix(a.Number, "-"), Currency: a.Currency}
}
