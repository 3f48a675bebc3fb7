package app

import (
	"context"
	"errors"
	"net/http"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// AccountConsent returns the newest consent in use through which an account is
// read. Where there is none, NotFound knows the error.
func (a *App) AccountConsent(ctx context.Context, accountID int64) (storage.Consent, error) {
	consents, err := a.store.AccountConsents(ctx, accountID)
	if err != nil {
		return storage.Consent{}, err
	}
	for _, c := range consents {
		if c.Usable(a.clock.NowAt(c.EnvironmentID)) {
			return c, nil
		}
	}
	return storage.Consent{}, storage.ErrNotFound
}

// sharesBalances reports whether the balances of an account are shared under the
// consent in use through which it is read. Where there is none, NotFound knows the error.
func (a *App) sharesBalances(ctx context.Context, account storage.Account) (bool, error) {
	consent, err := a.AccountConsent(ctx, account.ID)
	return Covered(consent, account).Balances, err
}

// accountRead is what it takes to ask a bank about one account.
type accountRead struct {
	app        *App
	account    storage.Account
	consent    storage.Consent
	client     *xs2a.Client
	call       xs2a.Call
	resourceID string // the bank's name for the account under the consent
}

// accountRead finds the consent in use for an account and what goes along with a
// read under it.
func (a *App) accountRead(ctx context.Context, accountID int64, person Person) (accountRead, error) {
	a.Seen()
	account, err := a.store.Account(ctx, accountID)
	if err != nil {
		return accountRead{}, err
	}
	consent, err := a.AccountConsent(ctx, accountID)
	if NotFound(err) {
		return accountRead{}, failure.New(failure.NoConsentReaches)
	}
	if err != nil {
		return accountRead{}, err
	}
	r := accountRead{app: a, account: account, consent: consent}
	if r.resourceID, err = a.store.ResourceID(ctx, consent.ID, accountID); err != nil {
		return r, err
	}
	if _, r.client, err = a.consentAndClient(ctx, consent.ID); err != nil {
		return r, err
	}
	if r.call, err = a.sca.Call(ctx, consent, r.client, &person); err != nil {
		return r, a.explain(consent.BankName, err)
	}
	r.call.ConsentID = consent.BankConsentID
	return r, nil
}

// ask is an operation on one account.
type ask[T any] func(ctx context.Context, call xs2a.Call, resourceID string) (T, error)

// askEither asks about an account as such or as a card account, whose
// operations are others (BG 1.3.12 section 6.5). Some banks list cards among
// the other accounts, so what looks like a card may be either: where the bank
// does not know it as the one, it is asked about as the other.
func askEither[T any](ctx context.Context, r accountRead, endpoint storage.Endpoint, account, card ask[T]) (T, error) {
	return ledgeredAccountRead(ctx, r, endpoint, func(call xs2a.Call) (T, error) { return either(ctx, r, call, account, card) })
}

// ledgeredAccountRead performs a read about the account, see ledgeredRead.
func ledgeredAccountRead[T any](ctx context.Context, r accountRead, endpoint storage.Endpoint, do func(xs2a.Call) (T, error)) (T, error) {
	a := r.account
	what := storage.ConsentRead{Endpoint: endpoint, AccountKey: a.Key, Account: ledgerName(xs2a.Account{
		Name: a.Name, Product: a.Product, IBAN: a.IBAN, BBAN: a.BBAN, MaskedPAN: a.MaskedPAN,
	})}
	return ledgeredRead(ctx, r.app, r.consent, r.call, what, do)
}

func either[T any](ctx context.Context, r accountRead, call xs2a.Call, account, card ask[T]) (T, error) {
	if !r.client.Dialect().CardAccounts {
		return account(ctx, call, r.resourceID)
	}
	if r.account.IBAN == "" && r.account.BBAN == "" && r.account.MaskedPAN != "" {
		account, card = card, account
	}
	answer, err := account(ctx, call, r.resourceID)
	if unknownThere(err) {
		call.RequestID = "" // another request
		if other, failed := card(ctx, call, r.resourceID); failed == nil {
			return other, nil
		}
	}
	return answer, err
}

// unknownThere reports whether a bank has nothing at an address.
func unknownThere(err error) bool {
	var refused *xs2a.Error
	return errors.As(err, &refused) && refused.Kind == xs2a.Refused && refused.Status == http.StatusNotFound
}

// AccountDetails asks the bank what it says of an account now. Nothing is
// stored.
func (a *App) AccountDetails(ctx context.Context, id int64, person Person) (xs2a.Account, error) {
	r, err := a.accountRead(ctx, id, person)
	if err != nil {
		return xs2a.Account{}, err
	}
	details, err := askEither(ctx, r, storage.ReadDetails, r.client.Account, r.client.CardAccount)
	if err != nil {
		return details, a.explain(r.account.BankName, err)
	}
	return details, nil
}

// AccountBalances asks the bank for an account's balances now. Nothing is
// stored.
func (a *App) AccountBalances(ctx context.Context, id int64, person Person) ([]xs2a.Balance, error) {
	r, err := a.accountRead(ctx, id, person)
	if err != nil {
		return nil, err
	}
	balances, err := askEither(ctx, r, storage.ReadBalances, r.client.Balances, r.client.CardBalances)
	if err != nil {
		return nil, a.explain(r.account.BankName, err)
	}
	return balances, nil
}

// TransactionDetails asks the bank what it says of one transaction now. Nothing is
// stored. Card transactions have no details (BG 1.3.12 section 6.5).
func (a *App) TransactionDetails(ctx context.Context, id int64, person Person) (xs2a.Transaction, error) {
	transaction, err := a.store.Transaction(ctx, id)
	if err != nil {
		return xs2a.Transaction{}, err
	}
	if transaction.Transaction.ID == "" {
		return xs2a.Transaction{}, &Error{Reason: storage.Reason{Code: failure.NoTransactionID, Bank: transaction.BankName}}
	}
	r, err := a.accountRead(ctx, transaction.AccountID, person)
	if err != nil {
		return xs2a.Transaction{}, err
	}
	details, err := ledgeredAccountRead(ctx, r, storage.ReadTransaction, func(call xs2a.Call) (xs2a.Transaction, error) {
		return r.client.Transaction(ctx, call, r.resourceID, transaction.Transaction.ID)
	})
	if err != nil {
		return details, a.explain(transaction.BankName, err)
	}
	return details, nil
}
