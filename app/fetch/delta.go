package fetch

import (
	"cmp"
	"context"
	"errors"
	"time"

	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// wholeFor is how long after a reading of all days what is new may be asked for alone. What that
// cannot tell waits no longer: what the bank has dropped, moved or reworded, and what it booked
// late without calling it new. It is less than a day, so that who looks once a day reads all days.
const wholeFor = 20 * time.Hour

// mostLate is how many transactions a bank may call new whose days were read long ago. One that
// lists more, and nothing else that is new, does not know the parameter and tells of all days.
const mostLate = 20

// delta reads what is new of an account alone, where that may be done and the bank has it. It
// reports whether that is all there is to read: it is not where the bank refuses, nor where what
// comes cannot be told from what is stored.
func (f *fetcher) delta(ctx context.Context, account accountReader, kept storage.Account, now time.Time) (done bool, err error) {
	if !account.deltas || !f.mayDelta(kept, now) {
		return false, nil
	}
	defer func(before storage.ReportHabits) {
		if before.Delta = f.habits.Delta; !done {
			f.habits = before // a reading of all days finds out anew
		}
	}(f.habits)
	f.habits.Accept, f.habits.Apart, f.habits.NoPending = f.shown.Accept, f.shown.Apart, f.shown.NoPending
	f.habits = f.corrected.over(f.habits)
	for _, way := range f.ways() {
		plan, err := f.planDelta(ctx, way, kept, now)
		if err != nil || plan.query.Status == "" {
			return false, err
		}
		refused, err := f.readDelta(ctx, account, kept, plan)
		switch {
		case errors.Is(err, storage.ErrDeltaUntold):
			return false, nil
		case !refused:
			f.noteDelta(way, err)
			return true, err
		case !f.refusedDelta(way, err):
			return false, nil
		}
	}
	return false, nil
}

// mayDelta reports whether what is new of an account tells all there is to know.
func (f *fetcher) mayDelta(kept storage.Account, now time.Time) bool {
	return kept.MayDelta && !kept.WholeAt.After(now) && now.Sub(kept.WholeAt) < wholeFor &&
		len(f.apart(kept)) == 0 && firstToFill(kept.Gaps, f.consent.GrantedAt) == ""
}

// ways are those in which a bank may tell what is new: that which it was seen to have or, with the person,
// whose requests do not count, those it was not asked for yet.
func (f *fetcher) ways() []storage.Delta {
	switch known := f.habits.Delta; {
	case known == storage.DeltaReference, known == storage.DeltaList:
		return []storage.Delta{known}
	case known == storage.DeltaNone, f.call.PSU == nil:
		return nil
	case known == storage.DeltaMaybeList:
		return []storage.Delta{storage.DeltaList}
	}
	return []storage.Delta{storage.DeltaReference, storage.DeltaList}
}

// refusedDelta notes that a bank refused to tell what is new in a way, and reports whether another
// may be tried.
func (f *fetcher) refusedDelta(way storage.Delta, err error) (another bool) {
	_, never := xs2a.Refusal(err).NoDelta()
	switch {
	case f.habits.Delta == storage.DeltaUnknown && way == storage.DeltaReference:
		f.habits.Delta = storage.DeltaMaybeList
		return true
	case f.habits.Delta != way || never: // else it knows the way, but not the reference
		f.habits.Delta = storage.DeltaNone
	}
	return false
}

// noteDelta notes in which way a bank told what is new.
func (f *fetcher) noteDelta(way storage.Delta, err error) {
	if err == nil && f.habits.Delta != storage.DeltaNone {
		f.habits.Delta = way
	}
}

// deltaPlan is how what is new of an account is asked for.
type deltaPlan struct {
	query xs2a.TransactionQuery // without a status: not at all
	days  storage.Span          // that a reading of all days would ask for
	apart bool                  // what is pending is asked for by itself after it: each time all of it
}

// planDelta plans how what is new of an account is asked for in a way. What is pending is asked for by itself
// where requests do not count and it does no harm. Else it is told along with the rest, but only as long as nothing
// is pending: what is not told would be neither gone nor booked.
func (f *fetcher) planDelta(ctx context.Context, way storage.Delta, kept storage.Account, now time.Time) (p deltaPlan, err error) {
	waiting, err := f.store.HasPending(ctx, kept.ID)
	if err != nil {
		return p, err
	}
	pending, err := f.store.FirstPending(ctx, kept.ID)
	if err != nil {
		return p, err
	}
	p.days = storage.Span{From: planFor(kept, pending, f.consent.GrantedAt, now).from[0], To: now.Format(time.DateOnly)}
	status := xs2a.Both
	if f.habits.Apart {
		status = xs2a.Booked
	}
	if way == storage.DeltaList {
		if !waiting && !f.habits.Apart { // two requests would be two reports, of which the second leaves out what came before it
			p.query = xs2a.TransactionQuery{Status: status, DeltaList: true}
		}
		return p, nil
	}
	if f.call.PSU != nil {
		status, p.apart = xs2a.Booked, !f.habits.NoPending
	}
	from, err := f.store.DeltaFrom(ctx, kept.ID, storage.Span{From: p.days.From, To: kept.BookedTo})
	if from != "" && (!waiting || p.apart) {
		p.query = xs2a.TransactionQuery{Status: status, EntryReferenceFrom: from}
	}
	return p, err
}

// readDelta reads what is new of an account as it was planned. Refused is that the bank does not take
// the query.
func (f *fetcher) readDelta(ctx context.Context, account accountReader, kept storage.Account, plan deltaPlan) (refused bool, err error) {
	whole := ctx // of what is pending all is told
	ctx = record.Describe(ctx, "", "getTransactionDeltaOf "+accountName(account.Account))
	f.reader.asks(f.job)
	r, err := f.store.BeginDelta(ctx, f.consent.ID, kept.ID, plan.days)
	if err != nil {
		return false, err
	}
	page, err := f.asked(ctx, account, plan.query)
	if refused, _ := xs2a.Refusal(err).NoDelta(); refused || err != nil {
		return refused, err
	}
	done, err := f.reader.accounts.Take(ctx, kept.ID)
	if err != nil {
		return false, err
	}
	defer done()
	f.reader.reads(f.job, kept.ID)
	defer f.reader.reads(f.job, 0)
	reading, err := f.reading(ctx, r, account, plan.apart)
	if err != nil {
		return false, err
	}
	reading.apart = plan.query.Status == xs2a.Booked
	if err := reading.pages(ctx, page); err != nil {
		return false, err
	}
	if reading.older > mostLate+reading.added {
		f.habits.Delta = storage.DeltaNone
	}
	answered := storage.Answered{Booked: true}
	if plan.apart {
		answered.Pending, err = reading.pending(whole)
	}
	return false, cmp.Or(f.store.EndReading(ctx, r, answered), err)
}
