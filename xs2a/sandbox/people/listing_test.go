package people

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestListing reads lists page by page, in every order, and holds them to the whole.
func TestListing(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	random := rand.New(rand.NewPCG(1, 1))
	acc := &Account{}
	for i := range 200 {
		on := DayOf(now) - Day(random.IntN(40))
		acc.Entries = append(acc.Entries, &Entry{Number: i, Day: on, Booking: on})
	}
	for i := range 500 {
		acc.bulk = append(acc.bulk, &Entry{Number: bulkNumbers + i, Booking: DayOf(now) - Day(random.IntN(40))})
	}
	slices.SortFunc(acc.bulk, laterFirst)
	for run := range runs {
		acc.bulkRuns[run] = ofRun(acc.bulk, run)
	}
	for _, order := range []ListOrder{NewestFirst, OldestFirst, InRuns} {
		for range 60 {
			from, to := DayOf(now)-Day(random.IntN(45)), DayOf(now)-Day(random.IntN(10))
			var want, got []int
			whole := slices.DeleteFunc(acc.Statement(now, true), func(e *Entry) bool { return e.Booking < from || e.Booking > to })
			if order == OldestFirst {
				slices.Reverse(whole)
			}
			for run := range runs {
				for _, e := range whole {
					if order != InRuns && run == 0 || order == InRuns && e.Number%runs == run {
						want = append(want, e.Number)
					}
				}
			}
			size, skipping := 1+random.IntN(90), random.IntN(3) == 0
			for after, more, skip := (*Place)(nil), true, 0; more; {
				var page []*Entry
				page, more = acc.Listing(now, order).Page(from, to, func(*Entry) bool { return true }, after, skip, size)
				for _, e := range page {
					got = append(got, e.Number)
				}
				if len(page) == 0 {
					break
				}
				if skipping {
					skip += len(page)
				} else {
					after = &Place{page[len(page)-1].Booking, page[len(page)-1].Number}
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s from %v to %v: %d entries, want %d", order, from, to, len(got), len(want))
			}
		}
	}
}
