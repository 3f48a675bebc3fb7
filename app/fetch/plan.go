package fetch

import (
	"slices"
	"time"

	"consentry/app/clock"
	"consentry/storage"
)

const (
	// firstDays is how far back the first fetch asks; shortDays is what every
	// bank serves without a fresh SCA (RTS article 10).
	firstDays, shortDays = 729, 89

	// overlapDays are read again at each fetch: banks book late.
	overlapDays = 10

	// freshFor is how long after an approval banks serve all they have.
	freshFor = time.Hour
)

// readingPlan is which days of an account a fetch asks for.
type readingPlan struct {
	from    []string // first days, ISO dates, the next where the bank refuses the one before
	missing storage.Span
	oldest  string            // the first day that is ever asked for
	refused storage.GapReason // what refused days are; empty: the bank just does not go back further
}

// planFor plans the reading of an account under a consent that was approved at
// a time. Days that were not read before are read now, where that may help; and so are
// those since the first of what is pending: a bank tells of nothing before the day it is
// asked for, and what it does not tell is pending no more.
func planFor(account storage.Account, pending string, approved, now time.Time) readingPlan {
	today := now.Format(time.DateOnly)
	p := readingPlan{missing: storage.Span{From: clock.DaysBefore(now, firstDays), To: today}, oldest: clock.DaysBefore(now, firstDays), refused: storage.GapPeriod}
	fresh := now.Sub(approved) < freshFor
	if fresh {
		p.refused = storage.GapGone
	}
	if last, err := time.Parse(time.DateOnly, account.BookedTo); err == nil {
		p.missing.From = account.BookedTo
		if whole, err := time.Parse(time.DateOnly, account.WholeTo); err == nil && whole.Before(last) { // what was read since then broke off, maybe before what was booked late
			last = whole
		}
		p.from = []string{min(clock.DaysBefore(last, overlapDays), today)}
		if pending != "" {
			p.from[0] = min(p.from[0], max(pending, clock.DaysBefore(now, shortDays)))
		}
		if first := firstToFill(account.Gaps, approved); first != "" {
			for _, from := range []string{first, p.before(first)} {
				if from < p.from[0] {
					p.from = slices.Insert(p.from, 0, from)
				}
			}
		}
	} else {
		p.from = []string{p.missing.From}
		if fresh {
			p.refused = ""
		}
	}
	if short := clock.DaysBefore(now, shortDays); short > p.from[len(p.from)-1] {
		p.from = append(p.from, short)
	}
	return p
}

// before is the first of the days to be read again before days that were not read: what the bank
// booked late was not read with them either.
func (p readingPlan) before(first string) string {
	on, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return first
	}
	return max(clock.DaysBefore(on, overlapDays), p.oldest)
}

// try adds a first day that is asked for where the bank refuses those before it: that of as many days
// as a person says that it serves. No other is left out for it.
func (p *readingPlan) try(days int, now time.Time) {
	if days < 1 {
		return
	}
	from := clock.DaysBefore(now, days)
	at := slices.IndexFunc(p.from, func(day string) bool { return from <= day })
	switch {
	case at < 0:
		p.from = append(p.from, from)
	case at > 0 && p.from[at] != from:
		p.from = slices.Insert(p.from, at, from)
	}
}

// within returns the first days that so many requests can ask for, beginning with
// the most likely to be refused of them. What needs more is left to a fetch that
// may ask more: else a bank that refuses the first would never be asked for the
// next by one that may ask once a day.
func (p readingPlan) within(requests int) []string {
	return p.from[max(len(p.from)-max(requests, 1), 0):]
}

// firstToFill is the first day of the gaps that a reading can fill now: those
// the bank refused, only if it was approved since. Empty: there is none.
func firstToFill(gaps []storage.Gap, approved time.Time) string {
	first := ""
	for _, gap := range gaps {
		if gap.AfterApproval() && !approved.After(gap.NotedAt) {
			continue
		}
		if first == "" || gap.From < first {
			first = gap.From
		}
	}
	return first
}
