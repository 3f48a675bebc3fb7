package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

const (
	// firstDays is how far back the first fetch asks; shortDays is what every
	// bank serves without a fresh SCA (RTS article 10).
	firstDays, shortDays = 729, 89

	// overlapDays are read again at each fetch: banks book late.
	overlapDays = 10

	// maxPages ends a fetch whose pages do not.
	maxPages = 10_000
)

// Fetch reads accounts, balances and transactions under a consent in the
// background because the person asked; Job tells how far it is. While a fetch
// runs, another does not begin.
func (a *App) Fetch(consentID string, person Person) { a.beginFetch(consentID, &person) }

// beginFetch begins a fetch, without a person one they did not ask for. What it
// gives is closed when the fetch has ended; nil when another one runs.
func (a *App) beginFetch(consentID string, person *Person) (done <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if running := a.jobs[consentID]; running != nil && running.Running() {
		return nil
	}
	j := &job{Job{ConsentID: consentID, StartedAt: a.now()}}
	a.jobs[consentID] = j
	ended := make(chan struct{})
	a.run(func(ctx context.Context) {
		defer close(ended)
		err := a.fetch(ctx, j, person)
		a.update(j, func(j *Job) { j.FinishedAt, j.Err = a.now(), err })
	})
	return ended
}

// fetch reads all accounts of a consent. What one account holds is stored
// whole before the next is read.
func (a *App) fetch(ctx context.Context, j *job, person *Person) *Error {
	c, client, err := a.consentAndClient(ctx, j.ConsentID)
	if err != nil {
		return a.explain("The bank", err)
	}
	if !c.Usable(a.NowAt(c.EnvironmentID)) {
		return a.explain(c.BankName, storage.ErrEnd)
	}
	store := a.storeAt(c.EnvironmentID)
	if err := store.SetTried(ctx, c.ID); err != nil {
		return a.explain(c.BankName, err)
	}
	f := fetcher{app: a, job: j, consent: c, client: client, dialect: client.Dialect(), store: store}
	if f.call, _, err = a.callUnder(ctx, c, client, person); err == nil {
		f.call.ConsentID = c.BankConsentID
		err = f.all(ctx)
	}
	if ctx.Err() != nil {
		return a.explain(c.BankName, ctx.Err()) // the program is ending; nothing is noted
	}
	if err == nil {
		err = store.SetFetched(ctx, c.ID, "")
		if err == nil {
			return nil
		}
	}
	failed := a.explain(c.BankName, err)
	var full *storage.QuotaError
	if errors.As(err, &full) { // which is no failure: the rest comes later
		return failed
	}
	if noted := store.SetFetched(ctx, c.ID, failed.Message); noted != nil {
		a.log.Error("fetch", "error", noted)
	}
	return failed
}

// consentRefused tells whether the consent, rather than the read, is at fault.
func consentRefused(err error) bool {
	var refused *xs2a.Error
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Code {
	case "CONSENT_INVALID", "CONSENT_EXPIRED", "CONSENT_UNKNOWN", "ConsentInvalid", "ConsentExpired", "ConsentUnknown":
		return true
	}
	return false
}

// fetcher is one fetch under one consent.
type fetcher struct {
	app     *App
	job     *job
	consent storage.Consent
	client  *xs2a.Client
	dialect xs2a.Dialect
	store   *storage.Store // with the environment's clock
	call    xs2a.Call
}

// enter performs a read under the fetch's consent, see read.
func enter[T any](ctx context.Context, f *fetcher, what storage.ConsentRead, do func(xs2a.Call) (T, error)) (T, error) {
	return read(ctx, f.app, f.consent, f.call, what, do)
}

// about is a read of one account.
func about(endpoint storage.Endpoint, account xs2a.Account) storage.ConsentRead {
	return storage.ConsentRead{Endpoint: endpoint, AccountKey: account.Key(), Account: ledgerName(account)}
}

// ledgerName names an account in the ledger without giving its number away.
func ledgerName(a xs2a.Account) string {
	number := cmp.Or(a.IBAN, a.BBAN, a.MaskedPAN)
	name := cmp.Or(a.Name, a.Product, "Account")
	if len(number) > 4 {
		name += " ••" + number[len(number)-4:]
	}
	return name
}

// all reads every account. One that cannot be read does not keep the others
// from being read, unless the bank or the consent is at fault.
func (f *fetcher) all(ctx context.Context) error {
	if err := f.refresh(ctx); err != nil {
		return err
	}
	accounts, err := f.list(ctx)
	if err != nil {
		return err
	}
	f.app.update(f.job, func(j *Job) { j.Total = len(accounts) })
	var failed error
	for _, account := range accounts {
		f.app.update(f.job, func(j *Job) { j.Account = accountName(account.Account) })
		if err := f.one(ctx, account); err != nil {
			failed = fmt.Errorf("%s: %w", accountName(account.Account), err)
			if ctx.Err() != nil || consentRefused(err) || unreachable(err) || errors.Is(err, storage.ErrEnd) {
				return failed
			}
		}
		f.app.update(f.job, func(j *Job) { j.Done++ })
	}
	return failed
}

// listed is an account with the operations that read it: those of card
// accounts are other ones.
type listed struct {
	xs2a.Account
	balances func(context.Context, xs2a.Call, string) ([]xs2a.Balance, error)
	first    func(context.Context, xs2a.Call, string, xs2a.TransactionQuery) (xs2a.TransactionPage, error)
	next     func(context.Context, xs2a.Call, string) (xs2a.TransactionPage, error)
}

// list gives the accounts of the consent, card accounts included where the
// bank has them.
func (f *fetcher) list(ctx context.Context) ([]listed, error) {
	accounts, err := enter(ctx, f, storage.ConsentRead{Endpoint: storage.ReadAccounts}, func(call xs2a.Call) ([]xs2a.Account, error) {
		return f.client.Accounts(ctx, call, f.consent.Asked.Access.Balances != nil)
	})
	if err != nil {
		return nil, err
	}
	if accounts, err = f.wanted(ctx, accounts); err != nil {
		return nil, err
	}
	var all []listed
	for _, account := range accounts {
		all = append(all, listed{account, f.client.Balances, f.client.Transactions, f.client.NextTransactions})
	}
	if !f.dialect.CardAccounts {
		return all, nil
	}
	cards, err := enter(ctx, f, storage.ConsentRead{Endpoint: storage.ReadCards}, func(call xs2a.Call) ([]xs2a.Account, error) {
		return f.client.CardAccounts(ctx, call)
	})
	var refused *xs2a.Error
	if errors.As(err, &refused) && refused.Kind == xs2a.Refused && !consentRefused(err) {
		return all, nil // the bank has no card accounts, or none under this consent
	}
	for _, card := range cards {
		all = append(all, listed{card, f.client.CardBalances, f.client.CardTransactions, f.client.NextCardTransactions})
	}
	return all, err
}

// wanted leaves out the accounts a bank sends although the person named
// others: what was not asked for is not kept.
func (f *fetcher) wanted(ctx context.Context, accounts []xs2a.Account) ([]xs2a.Account, error) {
	named := f.consent.Asked.Access.Accounts
	if named == nil || len(*named) == 0 {
		return accounts, nil
	}
	kept := slices.DeleteFunc(slices.Clone(accounts), func(account xs2a.Account) bool {
		return account.IBAN != "" && !slices.ContainsFunc(*named, func(r xs2a.AccountReference) bool { return r.IBAN == account.IBAN })
	})
	left := len(accounts) - len(kept)
	if left == 0 {
		return kept, nil
	}
	note := fmt.Sprintf("The bank sent accounts you did not name; they were left out: %d", left)
	events, err := f.store.ConsentEvents(ctx, f.consent.ID)
	if err != nil || slices.ContainsFunc(events, func(e storage.ConsentEvent) bool { return e.Note == note }) {
		return kept, err
	}
	return kept, f.store.AddConsentEvent(ctx, f.consent.ID, storage.FromBank, note)
}

const (
	// refreshFor bounds the wait for data that are fetched from the bank first.
	refreshFor = 90 * time.Second

	refreshPause = time.Second
)

// refresh has the data fetched from the bank anew, where the interface stands
// between (Salt Edge). That it may not be done now keeps nobody from reading
// what is there.
func (f *fetcher) refresh(ctx context.Context) error {
	if !f.dialect.Refresh {
		return nil
	}
	status, err := enter(ctx, f, storage.ConsentRead{Endpoint: storage.RefreshAccounts}, func(call xs2a.Call) (xs2a.RefreshStatus, error) {
		return f.client.Refresh(ctx, call)
	})
	deadline := f.app.now().Add(refreshFor)
	for err == nil && status.Running() && f.app.now().Before(deadline) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(refreshPause):
		}
		status, err = f.client.RefreshStatus(ctx, f.call)
	}
	var refused *xs2a.Error
	var full *storage.QuotaError
	if errors.As(err, &full) || errors.As(err, &refused) && refused.Kind == xs2a.Refused && !consentRefused(err) {
		return nil
	}
	return err
}

func unreachable(err error) bool {
	var failed *xs2a.Error
	return errors.As(err, &failed) && failed.Kind == xs2a.Unreachable
}

func accountName(a xs2a.Account) string {
	for _, name := range []string{a.Name, a.Product, a.IBAN, a.BBAN, a.MaskedPAN} {
		if name != "" {
			return name
		}
	}
	return a.ResourceID
}

// one reads and stores one account.
func (f *fetcher) one(ctx context.Context, account listed) error {
	access := f.consent.Asked.Access
	fetched := storage.Fetch{ConsentID: f.consent.ID, Account: account.Account, Balances: account.Balances}
	var err error
	if access.Balances != nil && len(account.Balances) == 0 {
		if fetched.Balances, err = enter(ctx, f, about(storage.ReadBalances, account.Account), func(call xs2a.Call) ([]xs2a.Balance, error) {
			return account.balances(ctx, call, account.ResourceID)
		}); err != nil {
			return err
		}
	}
	if access.Transactions != nil {
		if err := f.transactions(ctx, account, &fetched); err != nil {
			return err
		}
	}
	result, err := f.store.PutFetch(ctx, f.consent, fetched)
	if err != nil {
		return err
	}
	f.app.update(f.job, func(j *Job) { j.New += result.NewEntries })
	return nil
}

// transactions reads an account's transactions since the last fetch, or as far
// back as the bank goes.
func (f *fetcher) transactions(ctx context.Context, account listed, fetched *storage.Fetch) error {
	today := f.app.NowAt(f.consent.EnvironmentID)
	from := today.AddDate(0, 0, -firstDays)
	known, err := f.app.store.BookedTo(ctx, f.consent.EnvironmentID, f.consent.BIC, account.Key())
	if err != nil {
		return err
	}
	if known != "" {
		if last, err := time.Parse(time.DateOnly, known); err == nil {
			from = last.AddDate(0, 0, -overlapDays)
		}
	}
	err = f.period(ctx, account, from, fetched)
	var refused *xs2a.Error
	if errors.As(err, &refused) && refused.Code == "PERIOD_INVALID" {
		// Some banks serve less the longer ago the SCA was.
		err = f.period(ctx, account, today.AddDate(0, 0, -shortDays), fetched)
	}
	fetched.HasEntries, fetched.To = true, today.Format(time.DateOnly)
	return err
}

// period reads all pages of an account's transactions since a day.
func (f *fetcher) period(ctx context.Context, account listed, from time.Time, fetched *storage.Fetch) error {
	fetched.Booked, fetched.Pending = nil, nil
	ctx = xs2a.Describe(ctx, "", "Read transactions of "+accountName(account.Account))
	page, err := enter(ctx, f, about(storage.ReadTransactions, account.Account), func(call xs2a.Call) (xs2a.TransactionPage, error) {
		return account.first(ctx, call, account.ResourceID, xs2a.TransactionQuery{Status: xs2a.Both, DateFrom: from.Format(time.DateOnly)})
	})
	seen := map[string]bool{}
	for err == nil {
		fetched.Booked = append(fetched.Booked, page.Booked...)
		fetched.Pending = append(fetched.Pending, page.Pending...)
		f.app.update(f.job, func(j *Job) { j.Entries += len(page.Booked) + len(page.Pending) })
		// The last page of some banks links to itself.
		if page.Next == "" || seen[page.Next] {
			return nil
		}
		if seen[page.Next] = true; len(seen) > maxPages {
			return fmt.Errorf("the bank sent more than %d pages", maxPages)
		}
		page, err = account.next(ctx, f.call, page.Next)
	}
	return err
}
