package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Fetch reads accounts, balances and transactions under a consent in the
// background because the person asked; Job tells how far it is. While a fetch
// runs, another does not begin.
func (r *Reader) Fetch(consentID string, person xs2a.PSU) {
	r.presence.Seen()
	r.Begin(consentID, &person)
}

// Begin begins a fetch, without a person one that nobody asked for, and returns a
// channel that is closed when it has ended; nil while another one runs.
func (r *Reader) Begin(consentID string, person *xs2a.PSU) (done <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if running := r.jobs[consentID]; running != nil && running.Running() {
		running.Attended = running.Attended || person != nil // who asks for what is under way wants to know of it
		return nil
	}
	ended := make(chan struct{})
	j := &job{Job: Job{ConsentID: consentID, StartedAt: r.clock.Now(), Attended: person != nil}, ended: ended}
	r.jobs[consentID] = j
	r.run(func(ctx context.Context) {
		defer close(ended)
		reading, stop := r.stoppable(ctx, j)
		defer stop()
		err := r.fetch(reading, j, person)
		r.tellEnd(ctx, consentID, err)
		r.update(j, func(j *Job) { j.FinishedAt, j.Err = r.clock.Now(), err })
	})
	return ended
}

// tellEnd tells of a fetch that came to its end. Where the program is ending it did not.
func (r *Reader) tellEnd(ctx context.Context, consentID string, err *failure.Error) {
	if r.ended == nil || ctx.Err() != nil {
		return
	}
	job := *r.Job(consentID)
	job.Err = err
	r.ended(ctx, job)
}

// fetch reads all accounts of a consent, one after the other. What comes is
// stored while it comes.
func (r *Reader) fetch(ctx context.Context, j *job, person *xs2a.PSU) *failure.Error {
	c, client, err := r.consentAndClient(ctx, j.ConsentID)
	if err != nil {
		return r.explain(storage.Reason{Who: failure.SomeBank}, err)
	}
	if !c.Usable(r.clock.NowAt(c.EnvironmentID)) {
		return r.explain(failure.By(c.BankName), storage.ErrEnd)
	}
	store := r.clock.StoreAt(c.EnvironmentID)
	if err := store.SetTried(ctx, c.ID); err != nil {
		return r.explain(failure.By(c.BankName), err)
	}
	f := fetcher{reader: r, job: j, consent: c, client: client, dialect: client.Dialect(), store: store, habits: usualHabits(client.Profile())}
	if f.call, err = r.call(ctx, c, client, person); err == nil {
		f.call.ConsentID = c.BankConsentID
		err = f.all(ctx)
	}
	if err != nil && r.stopped(j) {
		return r.noteStop(ctx, store, c)
	}
	if ctx.Err() != nil && err != nil {
		return r.explain(failure.By(c.BankName), ctx.Err()) // the program is ending; that the fetch did not end is noted already
	}
	ctx = context.WithoutCancel(ctx)
	r.update(j, func(j *Job) { j.Stopped = false }) // it was too late for that
	if err == nil {
		err = store.SetFetched(ctx, c.ID, storage.Reason{})
		if err == nil {
			return nil
		}
	}
	failed := r.explain(failure.By(c.BankName), err)
	if isQuota(err) { // which is no failure: the rest comes later
		if noted := store.EndJob(ctx, c.ID); noted != nil {
			r.log.Error("fetch", "error", noted)
		}
		return failed
	}
	if noted := store.SetFetched(ctx, c.ID, failed.Reason); noted != nil {
		r.log.Error("fetch", "error", noted)
	}
	return failed
}

// noteStop notes that the person stopped a fetch, which is no failure.
func (r *Reader) noteStop(ctx context.Context, store *storage.Store, c storage.Consent) *failure.Error {
	if err := store.StopJob(context.WithoutCancel(ctx), c.ID); err != nil {
		return r.explain(failure.By(c.BankName), err)
	}
	return nil
}

// fetcher is one fetch under one consent.
type fetcher struct {
	reader  *Reader
	job     *job
	consent storage.Consent
	client  *xs2a.Client
	dialect xs2a.Dialect
	store   *storage.Store // with the environment's clock
	call    xs2a.Call
	habits  storage.ReportHabits
	shown   storage.ReportHabits // by earlier fetches

	corrected Correction

	// Of the account that is being read:
	disordered bool   // its days came in no order
	readSince  string // the first day since which all of them were read; empty: none
}

// fetchedRead performs a read under the fetch's consent, see LedgeredRead.
func fetchedRead[T any](ctx context.Context, f *fetcher, what storage.ConsentRead, do func(xs2a.Call) (T, error)) (T, error) {
	return LedgeredRead(ctx, f.reader, f.consent, f.call, what, do)
}

// all reads every account. One that cannot be read does not keep the others
// from being read, unless the bank cannot be reached or the consent has ended.
// Nor does a list of card accounts that the bank cannot give.
func (f *fetcher) all(ctx context.Context) error {
	if err := f.refresh(ctx); err != nil {
		return err
	}
	if err := f.recall(ctx); err != nil {
		return err
	}
	accounts, err := f.list(ctx)
	if err != nil {
		return err
	}
	cards, unlisted := f.cards(ctx)
	if unlisted != nil && f.stops(ctx, unlisted) {
		return unlisted
	}
	accounts = append(accounts, cards...)
	f.reader.update(f.job, func(j *Job) { j.Total = len(accounts) })
	if err := f.store.SetJob(ctx, f.consent.ID, 0, len(accounts)); err != nil {
		return err
	}
	stored, err := f.each(ctx, accounts)
	if stored && unlisted == nil {
		if noted := f.store.SetListed(ctx, f.consent.ID); noted != nil {
			err = cmp.Or(err, noted)
		}
	}
	return mainError(slices.DeleteFunc([]error{err, unlisted}, func(err error) bool { return err == nil }))
}

// each reads accounts one after the other, and reports whether it stored of all of them
// that there they are, whatever of them it could read.
func (f *fetcher) each(ctx context.Context, accounts []accountReader) (stored bool, err error) {
	var failed []error
	stored = true
	for i, account := range accounts {
		f.reader.begins(f.job, accountName(account.Account))
		kept, err := f.store.PutAccount(ctx, f.consent, account.Account)
		if err == nil {
			f.reader.stored(f.job, kept.ID)
			err = f.one(ctx, account, kept)
		} else {
			stored = false
		}
		f.reader.ends(f.job)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", accountName(account.Account), err))
			if f.stops(ctx, err) {
				skipped := f.skip(ctx, f.notReached(accounts[i:]))
				return stored && skipped == nil, cmp.Or(skipped, failed[len(failed)-1])
			}
		}
		f.reader.update(f.job, func(j *Job) { j.Done++ })
		if err := f.store.SetJob(ctx, f.consent.ID, i+1, len(accounts)); err != nil {
			failed = append(failed, err)
		}
	}
	return stored, mainError(failed)
}

// notReached are the accounts a fetch did not come to that ends with the first of some: that one
// is among them where the person stopped before its transactions came.
func (f *fetcher) notReached(accounts []accountReader) []accountReader {
	f.reader.mu.Lock()
	defer f.reader.mu.Unlock()
	if f.job.Stopped && f.job.reading == 0 && f.job.account().Transactions == 0 {
		return accounts
	}
	return accounts[1:]
}

// skip notes of accounts that a fetch did not come to them; one that the person stopped does so,
// too.
func (f *fetcher) skip(ctx context.Context, accounts []accountReader) error {
	if f.reader.stopped(f.job) {
		ctx = context.WithoutCancel(ctx)
	}
	for _, account := range accounts {
		kept, err := f.store.PutAccount(ctx, f.consent, account.Account)
		if err == nil {
			err = f.store.EndAccount(ctx, f.consent.ID, kept.ID, []storage.Failure{{Part: storage.PartAccount, Kind: storage.FailedSkipped}})
		}
		if errors.Is(err, storage.ErrEnd) {
			return nil // which is said already
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stops reports whether after an error nothing more is read in this fetch.
func (f *fetcher) stops(ctx context.Context, err error) bool {
	return ctx.Err() != nil || xs2a.IsUnreachable(err) || errors.Is(err, storage.ErrEnd) || errors.Is(err, failure.ErrLeft) || f.over(ctx)
}

// over reports whether the consent has ended meanwhile.
func (f *fetcher) over(ctx context.Context) bool {
	c, err := f.reader.store.Consent(ctx, f.consent.ID)
	return err != nil || c.Ended()
}

// refreshFor bounds the wait for data that are fetched from the bank first.
const refreshFor = 90 * time.Second

// refresh has the data fetched from the bank anew, where the interface stands
// between (Salt Edge). That it may not be done now keeps nobody from reading
// what is there.
func (f *fetcher) refresh(ctx context.Context) error {
	if !f.dialect.Refresh {
		return nil
	}
	status, err := fetchedRead(ctx, f, storage.ConsentRead{Endpoint: storage.RefreshAccounts}, func(call xs2a.Call) (xs2a.RefreshStatus, error) {
		return f.client.Refresh(ctx, call)
	})
	deadline := f.reader.clock.Now().Add(refreshFor)
	for err == nil && status.Running() && f.reader.clock.Now().Before(deadline) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(f.reader.pause):
		}
		status, err = furtherRequest(ctx, f.reader, f.consent, f.call, func(call xs2a.Call) (xs2a.RefreshStatus, error) {
			return f.client.RefreshStatus(ctx, call)
		})
	}
	var refused *xs2a.Error
	if isQuota(err) || errors.As(err, &refused) && refused.Kind == xs2a.Refused && !consentRefused(err) {
		return nil
	}
	return err
}

func accountName(a xs2a.Account) string {
	for _, name := range []string{a.Name, a.Product, a.IBAN, a.BBAN, a.MaskedPAN} {
		if name != "" {
			return name
		}
	}
	return a.ResourceID
}
