package holding

import (
	"slices"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage"
	"consentry/xs2a"
)

// run is payments that came at even intervals, the oldest first.
type run struct {
	payments []storage.Movement
	days     []time.Time // on which they came
	schedule schedule
	missed   int // times at which none came, though the account was read
	level    int // the payment whose amount is the one to expect: the last that is no exception
	odd      int // exceptions: a salary with a bonus
	varied   bool
}

// unread reports whether days between two were not read.
type unread func(from, to string) bool

// How far the days of payments may be from those they are due on, as a mean in quarters of a day: those of much
// the same amount, and those that may be any amount.
const (
	mostOff       = 3 * 4
	mostOffVaried = 6
)

// runsOf returns the runs that some payments, the oldest first, end with: all of them together, or
// else those of each amount for themselves, as somebody may have two subscriptions in one place.
func runsOf(payments []storage.Movement, missing unread) (runs []run) {
	if r, is := runOf(payments, missing, false); is {
		return []run{r}
	}
	by := map[string][]storage.Movement{}
	for _, m := range payments {
		n := new(apd.Decimal)
		n.Reduce(m.Amount.Decimal())
		by[n.Text('f')] = append(by[n.Text('f')], m)
	}
	if len(by) < len(payments) {
		for _, equal := range by {
			if r, is := runOf(equal, missing, false); is && len(r.payments) > r.schedule.times { // among others, equal ones come by chance, too
				runs = append(runs, r)
			}
		}
	}
	if r, is := runOf(payments, missing, true); is && len(runs) == 0 {
		runs = append(runs, r)
	}
	return runs
}

// runOf returns the longest run that payments end with; of equally long ones that which keeps to its days best.
// Varied ones may be of any amount: then twice as many have to have come, on steadier days and not by the week.
func runOf(payments []storage.Movement, missing unread, varied bool) (best run, is bool) {
	days := make([]time.Time, len(payments))
	for i, m := range payments {
		days[i] = dayIn(m.Date)
	}
	off := 0
	for _, r := range rhythms {
		one, fits := r.runOf(payments, days, missing, varied)
		if !fits {
			continue
		}
		// What is far from its days is no run of this rhythm, though each gap may be one.
		mean := one.schedule.off(one.days) * 4 / min(len(one.days), scheduledBy)
		if mean > mostOff || varied && mean > mostOffVaried {
			continue
		}
		if n := len(one.payments) - len(best.payments); !is || n > 0 || n == 0 && mean < off {
			best, off, is = one, mean, true
		}
	}
	return best, is
}

// runOf returns the run of a rhythm that payments end with.
func (r rhythm) runOf(payments []storage.Movement, days []time.Time, missing unread, varied bool) (run, bool) {
	last := len(payments) - 1
	one := run{level: last, varied: varied}
	from, prices := last, 0
	if last >= 2 && !varied && changeOf(payments[last-1].Amount, payments[last].Amount) == changeLarge && changeOf(payments[last-2].Amount, payments[last-1].Amount) != changeLarge {
		one.level, one.odd = last-1, 1
	}
	level := one.level
	for ; from > 0; from-- {
		steps := r.steps(daysAfter(days[from-1], days[from]))
		if steps == 0 || steps == 2 && !missing(payments[from-1].Date, payments[from].Date) && one.missed > 0 {
			break
		}
		if !varied && from-1 != level {
			change := changeOf(payments[from-1].Amount, payments[level].Amount)
			exception := change != changeSmall && one.odd == 0 && from >= 2 && changeOf(payments[from-2].Amount, payments[level].Amount) == changeSmall
			if change == changeLarge && !exception || change == changeOfPrice && prices > 0 {
				break
			}
			switch {
			case exception:
				one.odd++
			case change == changeOfPrice:
				prices, level = prices+1, from-1
			default:
				level = from - 1
			}
		}
		if steps == 2 && !missing(payments[from-1].Date, payments[from].Date) {
			one.missed++
		}
	}
	if from < 0 {
		return run{}, false
	}
	one.payments, one.days, one.level = payments[from:], days[from:], one.level-from
	least := r.times + one.missed + one.odd
	if varied {
		least = 2*r.times + one.missed
	}
	if len(one.payments) < least || varied && r.months == 0 {
		return run{}, false
	}
	one.schedule = scheduleOf(r, one.days, payments[last].Amount.Currency)
	return one, one.schedule.times > 0
}

// amounts are what is to be expected: the amount of the last that is no exception, and the least and the most of the
// last ones where they were not the same.
func (r run) amounts() (last, least, most xs2a.Amount) {
	last = positive(r.payments[r.level].Amount)
	least, most = last, last
	changes := 0
	before := last
	for i := r.level - 1; i >= max(0, r.level-scheduledBy+1); i-- {
		now := positive(r.payments[i].Amount)
		if change := changeOf(now, before); !r.varied && change != changeSmall {
			if i > 0 && changeOf(positive(r.payments[i-1].Amount), before) == changeSmall {
				continue // an exception
			}
			break // another price
		}
		if now.Decimal().Cmp(before.Decimal()) != 0 {
			changes++
		}
		if now.Decimal().Cmp(least.Decimal()) < 0 {
			least = now
		}
		if now.Decimal().Cmp(most.Decimal()) > 0 {
			most = now
		}
		before = now
	}
	if changes < 2 { // it has changed once, and not each time
		return last, last, last
	}
	return last, least, most
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

// returnDays is within how many days what was paid comes back, if it is sent back.
const returnDays = 10

// withoutReturned takes away what was sent back, and the sending back: the other side had neither. Payments are those of
// both ways, the oldest first.
func withoutReturned(payments []storage.Movement) []storage.Movement {
	gone := map[int]bool{}
	for i, back := range payments {
		for j := i - 1; j >= 0 && daysAfter(dayIn(payments[j].Date), dayIn(back.Date)) <= returnDays; j-- {
			paid := payments[j]
			if !gone[j] && paid.Amount.Negative() != back.Amount.Negative() && storage.TallyOf(paid.Amount).Plus(storage.TallyOf(back.Amount)).Sign() == 0 {
				gone[i], gone[j] = true, true
				break
			}
		}
	}
	var left []storage.Movement
	for i, m := range payments {
		if !gone[i] {
			left = append(left, m)
		}
	}
	return left
}

// way lists those of payments that went one way.
func way(payments []storage.Movement, in bool) []storage.Movement {
	return slices.DeleteFunc(slices.Clone(payments), func(m storage.Movement) bool { return m.Amount.Negative() == in })
}
