package fetch

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"consentry/app/clock"
	"consentry/storage"
)

// apart are the gaps of an account that are read by themselves: a fetch was stopped, or broke
// off, and what was read of days after them need not come once more. Where each request counts, one
// request for all days takes their place.
func (f *fetcher) apart(account storage.Account) []storage.Gap {
	last, err := time.Parse(time.DateOnly, account.BookedTo)
	if f.call.PSU == nil || err != nil {
		return nil
	}
	again := clock.DaysBefore(last, overlapDays) // what is read at each fetch
	var apart, others []storage.Gap
	for _, gap := range account.Gaps {
		if gap.Reason == storage.GapStopped && gap.To < again {
			apart = append(apart, gap)
		} else {
			others = append(others, gap)
		}
	}
	if first := firstToFill(others, f.consent.GrantedAt); first != "" && first < again {
		return nil
	}
	sort.Slice(apart, func(i, j int) bool { return apart[i].From > apart[j].From })
	return apart
}

// fill reads the days of a gap, and some after it: banks go by another of a transaction's dates
// than the one it is listed under.
func (f *fetcher) fill(ctx context.Context, account accountReader, kept storage.Account, gap storage.Span, now time.Time, more bool) error {
	last, err := time.Parse(time.DateOnly, gap.To)
	if err != nil {
		return err
	}
	asked := storage.Span{From: gap.From, To: min(last.AddDate(0, 0, overlapDays).Format(time.DateOnly), now.Format(time.DateOnly))}
	f.reader.asks(f.job)
	page, err := f.booked(ctx, account, asked)
	if err != nil {
		return err
	}
	done, err := f.reader.accounts.Take(ctx, kept.ID)
	if err != nil {
		return err
	}
	defer done()
	f.reader.reads(f.job, kept.ID)
	defer f.reader.reads(f.job, 0)
	r, err := f.store.BeginFilling(ctx, f.consent.ID, kept.ID, asked, gap)
	if err != nil {
		return err
	}
	reading, err := f.reading(ctx, r, account, more)
	if err != nil {
		return err
	}
	if err := reading.pages(ctx, page); err != nil {
		return cmp.Or(reading.broken(ctx, err), err)
	}
	return f.store.EndReading(ctx, r, storage.Answered{Booked: true})
}

// doubted reads all days of an account anew whose days come in no order, after a reading of it was
// broken off: which days are whole was told by their order then, as long as there seemed to be one.
// Where each request counts, the next fetch reads them.
func (f *fetcher) doubted(ctx context.Context, account accountReader, kept storage.Account, now time.Time) error {
	if !slices.ContainsFunc(kept.Gaps, func(gap storage.Gap) bool { return gap.Reason == storage.GapStopped }) {
		return nil
	}
	first, err := f.store.FirstListed(ctx, kept.ID)
	on, none := time.Parse(time.DateOnly, first)
	if err != nil || none != nil {
		return err
	}
	if first = clock.DaysBefore(on, overlapDays); f.readSince != "" && f.readSince <= first {
		return nil
	}
	if err := f.store.Doubt(ctx, kept.ID, storage.Span{From: first, To: now.Format(time.DateOnly)}); err != nil || f.call.PSU == nil {
		return err
	}
	if kept, err = f.store.Account(ctx, kept.ID); err != nil {
		return err
	}
	return f.since(ctx, account, kept, now, false)
}

// noteDays notes how many have come of the days the bank was asked for; none where more is to be
// read after them, or they come in no order.
func (r *reportReading) noteDays() {
	from, first := time.Parse(time.DateOnly, r.From)
	to, last := time.Parse(time.DateOnly, r.To)
	at, reached := time.Parse(time.DateOnly, r.days.last)
	if first != nil || last != nil || reached != nil || r.more || r.days.confused || r.days.order == 0 {
		r.reader.days(r.job, 0, 0)
		return
	}
	all, done := daysBetween(from, to), daysBetween(at, to)
	if r.days.order > 0 {
		done = daysBetween(from, at)
	}
	r.reader.days(r.job, min(max(done, 0), all), all)
}

func daysBetween(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }
