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
	if noCards(err) {
		return all, nil
	}
	for _, card := range cards {
		all = append(all, listed{card, f.client.CardBalances, f.client.CardTransactions, f.client.NextCardTransactions})
	}
	return all, err
}

// noCards tells whether a bank has no card accounts, or none under this
// consent. Some then call the consent invalid, under which they have just
// listed the other accounts.
func noCards(err error) bool {
	var refused *xs2a.Error
	if !errors.As(err, &refused) || refused.Kind != xs2a.Refused {
		return false
	}
	return !consentRefused(err) || invalidConsent(refused)
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
	return kept, f.store.AddConsentEventOnce(ctx, f.consent.ID, storage.FromBank, storage.Event{Kind: storage.EventLeftOut, Number: left})
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
			fetched.Since = from.Format(time.DateOnly)
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
		page.Of(account.Account)
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
		page, err = goOn(ctx, f.app, f.consent, f.call, func(call xs2a.Call) (xs2a.TransactionPage, error) {
			return account.next(ctx, call, page.Next)
		})
	}
	return err
}

// about is a read of one account.
func about(endpoint storage.Endpoint, account xs2a.Account) storage.ConsentRead {
	return storage.ConsentRead{Endpoint: endpoint, AccountKey: account.Key(), Account: ledgerName(account)}
}

// ledgerName names an account in the ledger without giving its number away.
func ledgerName(a xs2a.Account) string {
	name := cmp.Or(a.Name, a.Product, "Account")
	if number := cmp.Or(a.IBAN, a.BBAN, a.MaskedPAN); number != "" {
		name += ", " + MaskNumber(number)
	}
	return name
}
