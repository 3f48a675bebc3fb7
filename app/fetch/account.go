package fetch

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// accountReader is an account with the requests that read it, since banks serve card
// accounts at addresses of their own.
type accountReader struct {
	xs2a.Account
	balances func(context.Context, xs2a.Call, string) ([]xs2a.Balance, error)
	first    func(context.Context, xs2a.Call, string, xs2a.TransactionQuery) (xs2a.TransactionPage, error)
	next     func(context.Context, xs2a.Call, string) (xs2a.TransactionPage, error)
	deltas   bool // what is new may be asked for alone, where the bank has that
}

// list returns the accounts of the consent, but for its card accounts.
func (f *fetcher) list(ctx context.Context) ([]accountReader, error) {
	accounts, err := fetchedRead(ctx, f, storage.ConsentRead{Endpoint: storage.ReadAccounts}, func(call xs2a.Call) ([]xs2a.Account, error) {
		return f.client.Accounts(ctx, call, Covered(f.consent, storage.Account{}).Balances)
	})
	if err != nil {
		return nil, err
	}
	if accounts, err = f.wanted(ctx, accounts); err != nil {
		return nil, err
	}
	var all []accountReader
	for _, account := range accounts {
		all = append(all, accountReader{account, f.client.Balances, f.client.Transactions, f.client.NextTransactions, f.dialect.Deltas})
	}
	return all, nil
}

// cards returns the card accounts of the consent, none where the bank has none.
func (f *fetcher) cards(ctx context.Context) ([]accountReader, error) {
	if !f.dialect.CardAccounts {
		return nil, nil
	}
	cards, err := fetchedRead(ctx, f, storage.ConsentRead{Endpoint: storage.ReadCards}, func(call xs2a.Call) ([]xs2a.Account, error) {
		return f.client.CardAccounts(ctx, call)
	})
	if noCards(err) {
		return nil, nil
	}
	var all []accountReader
	for _, card := range cards {
		all = append(all, accountReader{card, f.client.CardBalances, f.client.CardTransactions, f.client.NextCardTransactions, false})
	}
	return all, err
}

// noCards reports whether a bank has no card accounts, or none under this
// consent. Some then call the consent invalid, under which they have just
// listed the other accounts. One that only cannot say so now may have some.
func noCards(err error) bool {
	refused := xs2a.Refusal(err)
	switch refused.ConsentOver() {
	case xs2a.OverInvalid:
		return true
	case "":
		return refused.NotServed()
	}
	return false
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

// one reads one account, which is stored, part by part. A part that cannot be read does
// not keep the other from being read and stored; what could not be read is noted.
func (f *fetcher) one(ctx context.Context, account accountReader, kept storage.Account) error {
	covers := Covered(f.consent, kept)
	var failed []error
	var failures []storage.Failure
	for _, part := range []struct {
		storage.Part
		covered bool
		read    func(context.Context, accountReader, storage.Account) error
	}{
		{storage.PartBalances, covers.Balances, f.balances},
		{storage.PartTransactions, covers.Transactions, f.transactions},
	} {
		if !part.covered {
			continue
		}
		if len(failed) > 0 && f.stops(ctx, failed[0]) {
			failures = append(failures, storage.Failure{Part: part.Part, Kind: storage.FailedSkipped})
			continue
		}
		if err := part.read(ctx, account, kept); errors.Is(err, storage.ErrSuperseded) {
			return nil // another consent's fetch reads the account
		} else if errors.As(err, new(*pendingError)) {
			failures = append(failures, failureOf(storage.PartPending, err))
		} else if err != nil {
			failed, failures = append(failed, err), append(failures, failureOf(part.Part, err))
		}
	}
	if err := f.store.EndAccount(ctx, f.consent.ID, kept.ID, failures); len(failed) > 0 || err != nil {
		return cmp.Or(mainError(failed), err)
	}
	kept, err := f.store.Account(ctx, kept.ID)
	if len(kept.Gaps) > 0 {
		f.reader.update(f.job, func(j *Job) { j.Missing++ })
	}
	return err
}

// balances reads an account's balances, if they did not come with the account.
func (f *fetcher) balances(ctx context.Context, account accountReader, kept storage.Account) error {
	balances := account.Balances
	if len(balances) == 0 {
		var err error
		if balances, err = fetchedRead(ctx, f, About(storage.ReadBalances, account.Account), func(call xs2a.Call) ([]xs2a.Balance, error) {
			return account.balances(ctx, call, account.ResourceID)
		}); err != nil {
			return err
		}
	}
	return f.store.PutBalances(ctx, f.consent.ID, kept.ID, balances)
}

// About returns a read of an account, as the ledger has it: without its number.
func About(endpoint storage.Endpoint, account xs2a.Account) storage.ConsentRead {
	return storage.ConsentRead{Endpoint: endpoint, AccountKey: account.Key(), Account: ledgerName(account)}
}

// ledgerName names an account in the ledger without giving its number away.
func ledgerName(a xs2a.Account) string {
	name := cmp.Or(a.Name, a.Product, "Account")
	if number := cmp.Or(a.IBAN, a.BBAN, a.MaskedPAN); number != "" {
		name += ", " + holding.MaskNumber(number)
	}
	return name
}
