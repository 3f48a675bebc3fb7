package fetch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"time"

	"consentry/app/heap"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// statements are the media types of reports that are not JSON.
const statements = "application/xml, text/plain;q=0.9, */*;q=0.1"

// transactions reads an account's transactions: those since the last fetch, days
// that were missed before, or as far back as the bank goes.
func (f *fetcher) transactions(ctx context.Context, account accountReader, kept storage.Account) error {
	ctx = record.Describe(ctx, "", "getTransactionListOf "+accountName(account.Account))
	defer func(before storage.ReportHabits) {
		if f.habits != before || f.call.PSU != nil {
			f.keepHabits(ctx)
		}
	}(f.habits)
	now := f.reader.clock.NowAt(f.consent.EnvironmentID)
	f.disordered, f.readSince = false, ""
	if done, err := f.delta(ctx, account, kept, now); done || err != nil {
		return err
	}
	if err := f.missed(ctx, account, kept, now); err != nil || !f.disordered {
		return err
	}
	return f.doubted(ctx, account, kept, now)
}

// missed reads the days since the last fetch, and those that were missed before.
func (f *fetcher) missed(ctx context.Context, account accountReader, kept storage.Account, now time.Time) error {
	gaps := f.apart(kept)
	recent := kept
	recent.Gaps = slices.DeleteFunc(slices.Clone(kept.Gaps), func(gap storage.Gap) bool { return slices.Contains(gaps, gap) })
	if len(gaps) > 0 {
		recent.WholeTo = "" // what came before them is read already
	}
	if err := f.since(ctx, account, recent, now, len(gaps) > 0); err != nil {
		return err
	}
	for i, gap := range gaps {
		err := f.fill(ctx, account, kept, gap.Span, now, i < len(gaps)-1)
		if xs2a.Refusal(err).TooLongAgo() || xs2a.TooMuchAtOnce(err) { // the plan for all days knows what to do then
			if kept, err = f.store.Account(ctx, kept.ID); err != nil {
				return err
			}
			return f.since(ctx, account, kept, now, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// since reads an account's transactions from a day up to now: that of the last fetch, or the
// first of a gap. Where more of the account is to be read after that, how long it takes is not known.
func (f *fetcher) since(ctx context.Context, account accountReader, kept storage.Account, now time.Time, more bool) error {
	pending, err := f.store.FirstPending(ctx, kept.ID)
	if err != nil {
		return err
	}
	plan := planFor(kept, pending, f.consent.GrantedAt, now)
	plan.try(f.corrected.Days, now)
	f.reader.asks(f.job)
	var page xs2a.TransactionPage
	var from string
	starts := plan.from
	if f.call.PSU == nil { // each request counts
		starts = plan.within(f.consent.FrequencyPerDay)
	}
	large := false // for all days at once
	for _, from = range starts {
		page, err = f.booked(ctx, account, storage.Span{From: from})
		if large = large || xs2a.TooMuchAtOnce(err); !xs2a.Refusal(err).TooLongAgo() && !xs2a.TooMuchAtOnce(err) {
			break
		}
	}
	if err != nil {
		return err
	}
	asked, refused := storage.Span{From: from, To: now.Format(time.DateOnly)}, plan.refused
	switch from {
	case plan.from[0]:
		refused = ""
	case starts[0]: // what lies before was not asked for
		refused = storage.GapStopped
	default:
		if large {
			refused = storage.GapPages
		}
	}
	done, err := f.reader.accounts.Take(ctx, kept.ID)
	if err != nil {
		return err
	}
	defer done()
	f.reader.reads(f.job, kept.ID)
	defer f.reader.reads(f.job, 0)
	r, err := f.store.BeginReading(ctx, f.consent.ID, kept.ID, asked, plan.missing, refused)
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
	answered := storage.Answered{Booked: true, Pending: !f.habits.Apart}
	if f.habits.Apart && !f.habits.NoPending {
		if answered.Pending, err = reading.pending(ctx); isQuota(err) {
			err = &pendingError{err}
		}
	}
	f.readSince = asked.From
	return cmp.Or(f.store.EndReading(ctx, r, answered), err)
}

// reading is a reading of an account that begins.
func (f *fetcher) reading(ctx context.Context, r *storage.Reading, account accountReader, more bool) (*reportReading, error) {
	signs, err := f.store.SignsAmounts(ctx, r.AccountID)
	return &reportReading{apart: f.habits.Apart, signs: xs2a.Signs{Booked: signs}, fetcher: f, Reading: r, account: account, more: more, days: days{missing: r.Missing}, extent: newExtent(f.reader.bounds)}, err
}

// pendingError is that pending transactions alone were not asked for, since the
// request that the quota had left went to the booked ones.
type pendingError struct{ quota error }

func (e *pendingError) Error() string { return "pending entries: " + e.quota.Error() }
func (e *pendingError) Unwrap() error { return e.quota }

// booked asks for an account's transactions of some days, without a last one up to now: for pending ones as well,
// which is optional for banks (BG 1.3.12 section 6.4.4), where they let it.
func (f *fetcher) booked(ctx context.Context, account accountReader, asked storage.Span) (page xs2a.TransactionPage, err error) {
	for range 2 {
		status := xs2a.Both
		if f.habits.Apart {
			status = xs2a.Booked
		}
		if page, err = f.first(ctx, account, status, asked); !xs2a.Refusal(err).OtherBookingStatus() {
			break
		}
		f.habits.Apart = !f.habits.Apart // also where only a later fetch may ask once more
	}
	return page, err
}

// first reads the first page of a report of some days.
func (f *fetcher) first(ctx context.Context, account accountReader, status xs2a.BookingStatus, asked storage.Span) (xs2a.TransactionPage, error) {
	return f.asked(ctx, account, xs2a.TransactionQuery{Status: status, DateFrom: asked.From, DateTo: asked.To})
}

// asked reads the first page of what a query asks for, in JSON or in what else the bank has.
func (f *fetcher) asked(ctx context.Context, account accountReader, query xs2a.TransactionQuery) (xs2a.TransactionPage, error) {
	ask := func(accept string) (xs2a.TransactionPage, error) {
		return fetchedRead(ctx, f, About(storage.ReadTransactions, account.Account), func(call xs2a.Call) (xs2a.TransactionPage, error) {
			call.Accept = accept
			return account.first(ctx, call, account.ResourceID, query)
		})
	}
	page, err := ask(f.habits.Accept)
	if !xs2a.Refusal(err).OtherForm() {
		return page, err
	}
	if f.habits.Accept == "" {
		f.habits.Accept = statements
	} else {
		f.habits.Accept = ""
	}
	return ask(f.habits.Accept)
}

// recall begins with what earlier reads have shown of the bank where each request
// counts. The person's do not, and find out anew whether it still holds, but for whether it tells
// what is new alone: to find that out takes requests that are refused.
func (f *fetcher) recall(ctx context.Context) error {
	shown, err := f.store.ReportHabits(ctx, f.consent.EnvironmentID, f.consent.BIC)
	switch {
	case errors.Is(err, storage.ErrNotFound):
	case err != nil:
		return err
	default:
		if f.shown, f.habits.Delta = shown, shown.Delta; f.call.PSU == nil {
			f.habits = shown
		}
	}
	if f.corrected, err = f.reader.corrected(ctx, f.consent.EnvironmentID, f.consent.BIC); err != nil {
		return err
	}
	f.habits = f.corrected.over(f.habits)
	return nil
}

// usualHabits are those a bank's profile tells, before any read has shown others.
func usualHabits(p xs2a.Profile) storage.ReportHabits {
	return storage.ReportHabits{Accept: p.Accept()}
}

// keepHabits keeps what reads have shown of the bank.
func (f *fetcher) keepHabits(ctx context.Context) {
	if err := f.store.SetReportHabits(context.WithoutCancel(ctx), f.consent.EnvironmentID, f.consent.BIC, f.corrected.without(f.habits, f.shown)); err != nil {
		f.reader.log.Error("how a bank reports transactions was not kept", "error", err)
	}
}

// reportReading is the reading of one account's report, page by page.
type reportReading struct {
	*fetcher
	*storage.Reading
	account accountReader
	more    bool // of the account is to be read after it
	apart   bool // pending transactions are asked for by themselves
	older   int  // booked ones that came of days before those of the reading
	added   int  // booked ones that were new
	days    days
	extent  *extent
	signs   xs2a.Signs // the bank's, as far as they are known
}

// pages stores a page and all that follow it.
func (r *reportReading) pages(ctx context.Context, page xs2a.TransactionPage) error {
	if page.Next != "" {
		defer heap.Read()()
	}
	var held []string // the exchanges of what is held of a day that may go on
	err := r.each(ctx, page, func(page xs2a.TransactionPage) error {
		if !r.apart {
			r.Exchanges = []string{page.RequestID}
			if err := r.put(ctx, true, oldestFirst(page.Pending)); err != nil {
				return err
			}
		}
		r.Exchanges = append(held, page.RequestID)
		err := r.put(ctx, false, r.days.add(page.Booked))
		r.noteDays()
		held = r.Exchanges
		if len(r.days.held) <= len(page.Booked) || len(held) > mostExchanges {
			held = []string{page.RequestID}
		}
		return err
	})
	r.Exchanges = held
	if errors.As(err, new(*notStored)) {
		return err
	}
	r.disordered = r.disordered || r.days.confused
	return cmp.Or(err, r.put(ctx, false, r.days.rest())) // what came before it broke off is kept
}

// mostExchanges bounds the exchanges that are remembered of one day.
const mostExchanges = 20

// notStored is that what came of a reading could not be stored: what of it is missing is what
// the store knows, and not what came.
type notStored struct{ error }

func (e *notStored) Unwrap() error { return e.error }

// pending stores the pending transactions of a bank that gives them apart, if it does,
// and reports whether it does.
func (r *reportReading) pending(ctx context.Context) (answered bool, err error) {
	page, err := r.first(ctx, r.account, xs2a.Pending, storage.Span{From: r.From})
	if xs2a.Refusal(err).OtherBookingStatus() {
		r.habits.NoPending = true
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = r.each(ctx, page, func(page xs2a.TransactionPage) error {
		r.Exchanges = []string{page.RequestID}
		return r.put(ctx, true, oldestFirst(page.Pending))
	})
	return err == nil, err
}

// each takes pages one by one, and asks for the next while it does; of them and their links it
// remembers digests, a bounded number. A page that came before, under another address, is not
// taken twice: it leads on to the same page, and holds the same.
func (r *reportReading) each(ctx context.Context, page xs2a.TransactionPage, take func(xs2a.TransactionPage) error) error {
	var twice overlap
	for seen := map[digest]digest{}; ; {
		r.extent.add(page)
		link, content := sha256.Sum256([]byte(page.Next)), contentOf(page)
		before, again := seen[link]
		if again && before == content {
			return nil
		}
		seen[link] = content
		last := page.Next == "" || again // the last page of some banks links back
		var full error
		if !last {
			full = r.extent.full()
		}
		next := noPage()
		if !last && full == nil {
			next = r.ask(ctx, page.Next)
		}
		r.noteSigns(page, next)
		err := r.takePage(ctx, twice.without(page), take)
		if err = cmp.Or(err, full); err != nil || last {
			next.giveUp()
			return err
		}
		if page, err = r.taken(ctx, next); err != nil {
			return err
		}
	}
}

// noteSigns notes whether the bank signs amounts, as a page shows or, where all money came in on
// it, the page that follows.
func (r *reportReading) noteSigns(page xs2a.TransactionPage, next followingPage) {
	note := func(shown xs2a.Signs) {
		r.signs.Booked, r.signs.Pending = r.signs.Booked || shown.Booked, r.signs.Pending || shown.Pending
	}
	if note(page.Signs()); len(page.Booked) > 0 && !r.signs.Booked {
		if following, err := next.answer(); err == nil {
			note(following.Signs())
		}
	}
}

// takePage stores what a page holds.
func (r *reportReading) takePage(ctx context.Context, page xs2a.TransactionPage, take func(xs2a.TransactionPage) error) error {
	page.Signed(r.signs)
	page.Of(r.account.Account)
	for _, t := range page.Booked {
		if t.Date() < r.From {
			r.older++
		}
	}
	r.reader.came(r.job, len(page.Booked)+len(page.Pending), 0)
	if err := r.putUnread(ctx, page); err != nil {
		return err
	}
	return take(page)
}

// followingPage is a page that was asked for in the background.
type followingPage struct {
	answer func() (xs2a.TransactionPage, error) // waits for it
	giveUp func()
	call   xs2a.Call
}

// ask asks for a page in the background.
func (r *reportReading) ask(ctx context.Context, link string) followingPage {
	asking, cancel := context.WithCancel(ctx)
	type answer struct {
		page xs2a.TransactionPage
		err  error
	}
	came := make(chan answer, 1)
	call := r.call
	call.Accept = r.habits.Accept
	go func() {
		var a answer
		if a.err = r.reader.mayGoOn(asking, r.consent, call); a.err == nil {
			a.page, a.err = r.account.next(asking, call, link)
		}
		came <- a
	}()
	wait := sync.OnceValues(func() (xs2a.TransactionPage, error) {
		a := <-came
		cancel()
		return a.page, a.err
	})
	return followingPage{wait, func() { cancel(); _, _ = wait() }, call}
}

// taken is a page that was asked for. What the answer tells of the consent is noticed now: what came
// before is stored.
func (r *reportReading) taken(ctx context.Context, next followingPage) (xs2a.TransactionPage, error) {
	page, err := next.answer()
	if err != nil {
		r.reader.noticeEnd(context.WithoutCancel(ctx), r.consent, next.call, "", err)
	}
	return page, err
}

// noPage is what is asked for after the last page.
func noPage() followingPage {
	return followingPage{func() (xs2a.TransactionPage, error) { return xs2a.TransactionPage{}, nil }, func() {}, xs2a.Call{}}
}

type digest = [sha256.Size]byte

// contentOf returns a digest of what a page holds, as it came, by which pages are told
// apart.
func contentOf(page xs2a.TransactionPage) (sum digest) {
	h := sha256.New()
	var size [binary.MaxVarintLen64]byte
	for _, list := range [][]xs2a.Transaction{page.Booked, page.Pending} {
		h.Write(binary.AppendUvarint(size[:0], uint64(len(list))))
		for i := range list {
			h.Write(binary.AppendUvarint(size[:0], uint64(len(list[i].Raw))))
			h.Write(list[i].Raw)
		}
	}
	return digest(h.Sum(nil))
}

// put stores transactions, a bounded number in one go, so that others who write
// need not wait long.
func (r *reportReading) put(ctx context.Context, pending bool, transactions []xs2a.Transaction) error {
	for some := range slices.Chunk(transactions, storage.MostOfPages) {
		missing := r.days.stillMissing()
		if transactions = transactions[len(some):]; len(transactions) > 0 || pending {
			missing = r.Noted() // they are not all there yet
		}
		added, err := r.store.PutTransactions(ctx, r.Reading, pending, some, missing)
		if err != nil {
			return &notStored{err}
		}
		if !pending {
			r.added += added
			r.reader.came(r.job, 0, added)
		}
	}
	return nil
}

// putUnread notes the parts of a page that could not be read.
func (r *reportReading) putUnread(ctx context.Context, page xs2a.TransactionPage) error {
	since := r.To
	for _, t := range page.Booked {
		if day := t.Date(); day != "" {
			since = min(since, day)
		}
	}
	unread := make([]storage.Unread, len(page.LeftOut))
	for i, part := range page.LeftOut {
		unread[i] = storage.Unread{Reason: part.Reason, Raw: part.Raw, Since: since}
	}
	r.reader.update(r.job, func(j *Job) { j.Unread += len(unread) })
	for some := range slices.Chunk(unread, storage.MostAtOnce) {
		if err := r.store.PutUnread(ctx, r.Reading, some); err != nil {
			return &notStored{err}
		}
	}
	return nil
}

// broken notes that a reading did not come to its end.
func (r *reportReading) broken(ctx context.Context, err error) error {
	reason := storage.GapStopped
	if isEndless(err) {
		reason = storage.GapPages
	}
	missing := r.days.stillMissing()
	if errors.As(err, new(*notStored)) {
		missing = r.Noted()
	}
	return r.store.BreakReading(ctx, r.Reading, missing, reason)
}
