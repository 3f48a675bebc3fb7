package holding

import (
	"context"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// Flow is what went in and out in a calendar month, or on a day of it: all positive. What went between
// the person's own accounts stands apart.
type Flow struct {
	Month         string // 2006-01
	Day           string // ISO date; empty: it is of the month
	In, Out       xs2a.Amount
	OwnIn, OwnOut xs2a.Amount
	Missing       bool // days of it were not read from the bank
	Filed         bool // files have all of those
	Unread        bool // nothing is known of it: no day was read, no file has one, and nothing moved
}

// Span is the days of a flow.
func (f Flow) Span() storage.Span {
	if f.Day != "" {
		return storage.Span{From: f.Day, To: f.Day}
	}
	return Period{f.Month, f.Month}.Days()
}

// flow is one that is being added up.
type flow struct{ in, out, ownIn, ownOut storage.Tally }

func (f *flow) of(month, currency string) Flow {
	return Flow{Month: month, In: f.in.Amount(currency), Out: f.out.Amount(currency), OwnIn: f.ownIn.Amount(currency), OwnOut: f.ownOut.Amount(currency)}
}

// Flows returns what went in and out in each month of the scope, the oldest first.
func (f *Figures) Flows() []Flow {
	months := f.scope.Months()
	sums := make([]flow, len(months))
	for _, part := range f.parts {
		for i, month := range months {
			first := firstOf(month)
			for _, d := range part.moves.between(first, first.AddDate(0, 1, -1)) {
				sums[i].in, sums[i].out = sums[i].in.Plus(d.In), sums[i].out.Plus(d.Out)
			}
		}
	}
	for _, t := range f.transfers { // what went between own accounts stands apart
		if t.Month < f.scope.From {
			continue
		}
		sum := &sums[monthsBetween(f.scope.From, t.Month)]
		sum.ownIn, sum.ownOut = sum.ownIn.Plus(t.In), sum.ownOut.Plus(t.Out)
		sum.in, sum.out = sum.in.Minus(t.In), sum.out.Minus(t.Out)
	}
	flows := make([]Flow, len(months))
	for i, month := range months {
		flows[i] = sums[i].of(month, f.scope.Currency)
	}
	f.markMissing(flows)
	return flows
}

// mostDailyMonths is of how many months the days are told: of more there is no room for them.
const mostDailyMonths = 2

// Days returns what went in and out on each day of the scope that has come, the oldest first. There are none
// where it has more than two months, or too much went between own accounts to be read.
func (f *Figures) Days(ctx context.Context) ([]Flow, error) {
	span := f.scope.Days()
	first, last := dayIn(span.From), dayIn(span.To)
	if last.After(f.today) {
		last = f.today
	}
	if len(f.scope.Months()) > mostDailyMonths || last.Before(first) {
		return nil, nil
	}
	sums := make([]flow, daysAfter(first, last)+1)
	for _, part := range f.parts {
		for _, d := range part.moves.between(first, last) {
			sum := &sums[d.After-daysAfter(part.moves.from, first)]
			sum.in, sum.out = sum.in.Plus(d.In), sum.out.Plus(d.Out)
		}
	}
	transfers, known, err := f.transfersOf(ctx, f.scope.Period)
	if err != nil || !known {
		return nil, err
	}
	for _, m := range transfers {
		at := daysAfter(first, dayIn(m.Date))
		if at >= len(sums) {
			continue // it is to come
		}
		sum, n := &sums[at], storage.TallyOf(m.Amount)
		if n.Sign() < 0 {
			sum.out, sum.ownOut = sum.out.Plus(n), sum.ownOut.Minus(n)
		} else {
			sum.in, sum.ownIn = sum.in.Minus(n), sum.ownIn.Plus(n)
		}
	}
	flows := make([]Flow, len(sums))
	for i := range sums {
		day := first.AddDate(0, 0, i).Format(time.DateOnly)
		flows[i] = sums[i].of(day[:len(monthForm)], f.scope.Currency)
		flows[i].Day = day
	}
	f.markMissing(flows)
	return flows, nil
}

// markMissing marks the months of which days were not read.
func (f *Figures) markMissing(flows []Flow) {
	all := make([]known, len(f.parts))
	for i, part := range f.parts {
		all[i] = part.known
	}
	markMissing(flows, all)
}

// moved reports whether anything went in or out.
func (f Flow) moved() bool {
	return slices.ContainsFunc([]xs2a.Amount{f.In, f.Out, f.OwnIn, f.OwnOut}, func(a xs2a.Amount) bool { return storage.TallyOf(a).Sign() != 0 })
}

// markMissing marks the months of which days of one of some accounts were not read. What is known of
// one may be from a file: a month in which something moved is never unread.
func markMissing(flows []Flow, of []known) {
	for i := range flows {
		flow := &flows[i]
		flow.Filed, flow.Unread = true, !flow.moved()
		span := flow.Span()
		for _, k := range of {
			some, filed, all := k.missing(span)
			flow.Missing = flow.Missing || some
			flow.Filed = flow.Filed && (filed || !some)
			flow.Unread = flow.Unread && all
		}
		flow.Filed = flow.Filed && flow.Missing
	}
}

// Course is a balance day by day.
type Course struct {
	Points  []Point
	Cut     bool              // it begins later, or ends earlier, than was asked for: days were not read
	Without []storage.Account // whose balance is not known, or of which nothing was read: they are left out
}

// Course returns what the accounts of the scope had together at the end of each of its days. It
// goes over the days in which the balance of each of them is known.
func (f *Figures) Course() Course {
	var all Course
	span := f.scope.Days()
	first, last := dayIn(span.From), dayIn(span.To)
	if last.After(f.today) {
		last = f.today
	}
	days := max(daysAfter(first, last)+1, 0)
	sums := make([]storage.Tally, days)
	from, to := 0, days // the days that are known of each account
	with := 0
	for _, part := range f.parts {
		c, known := f.courseOf(part, first, dayIn(span.To))
		if !known {
			all.Without = append(all.Without, part.Account)
			continue
		}
		with++
		begins := daysAfter(first, c.first)
		from, to = max(from, begins), min(to, begins+len(c.ends))
		for i, end := range c.ends {
			if at := begins + i; at < days {
				sums[at] = sums[at].Plus(end)
			}
		}
	}
	if with == 0 || days == 0 {
		return all
	}
	if to = max(from, to); from < to {
		all.Points = pointsOf(course{first.AddDate(0, 0, from), sums[from:to]}, f.scope.Currency)
	}
	all.Cut = to-from < days
	return all
}

// courseOf returns an account's balance at the end of the days between two, both included, on which it is
// known. It is not where there is no balance in the currency, or nothing was read.
func (f *Figures) courseOf(of part, from, to time.Time) (c course, known bool) {
	standing, has := of.standing(f.scope.Currency)
	main := standing.Balance
	if !has || of.known.first == "" {
		return c, false
	}
	if listed := dayIn(of.known.first); listed.After(from) {
		from = listed
	}
	c.first = from
	begin, today := from, f.h.today(of.Account)
	if stands := endOfDay(main); stands != "" && dayIn(stands).Before(begin) {
		begin = dayIn(stands) // the walk begins where the balance stands
	}
	if begin.After(today) {
		return c, true
	}
	walked := walk(of.Account, main, of.moves, begin, today)
	start := min(max(daysAfter(walked.first, from), 0), len(walked.ends))
	end := min(max(daysAfter(walked.first, to)+1, start), len(walked.ends))
	if start == end {
		return c, true
	}
	return course{walked.first.AddDate(0, 0, start), walked.ends[start:end]}, true
}
