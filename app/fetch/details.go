package fetch

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
func (r *Reader) AccountConsent(ctx context.Context, accountID int64) (storage.Consent, error) {
	consents, err := r.store.AccountConsents(ctx, accountID)
	if err != nil {
		return storage.Consent{}, err
	}
	for _, c := range consents {
		if c.Usable(r.clock.NowAt(c.EnvironmentID)) {
			return c, nil
		}
	}
	return storage.Consent{}, storage.ErrNotFound
}

// SharesBalances reports whether the balances of an account are shared under the
// consent in use through which it is read. Where there is none, NotFound knows the error.
func (r *Reader) SharesBalances(ctx context.Context, account storage.Account) (bool, error) {
	consent, err := r.AccountConsent(ctx, account.ID)
	return Covered(consent, account).Balances, err
}

// accountRead is what it takes to ask a bank about one account.
type accountRead struct {
	reader     *Reader
	account    storage.Account
	consent    storage.Consent
	client     *xs2a.Client
	call       xs2a.Call
	resourceID string // the bank's name for the account under the consent
}

// accountRead finds the consent in use for an account and what goes along with a
// read under it.
func (r *Reader) accountRead(ctx context.Context, accountID int64, person xs2a.PSU) (accountRead, error) {
	r.presence.Seen()
	account, err := r.store.Account(ctx, accountID)
	if err != nil {
		return accountRead{}, err
	}
	consent, err := r.AccountConsent(ctx, accountID)
	if errors.Is(err, storage.ErrNotFound) {
		return accountRead{}, failure.New(failure.NoConsentReaches)
	}
	if err != nil {
		return accountRead{}, err
	}
	read := accountRead{reader: r, account: account, consent: consent}
	if read.resourceID, err = r.store.ResourceID(ctx, consent.ID, accountID); err != nil {
		return read, err
	}
	if _, read.client, err = r.consentAndClient(ctx, consent.ID); err != nil {
		return read, err
	}
	if read.call, err = r.call(ctx, consent, read.client, &person); err != nil {
		return read, r.explain(failure.By(consent.BankName), err)
	}
	read.call.ConsentID = consent.BankConsentID
	return read, nil
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

// ledgeredAccountRead performs a read about the account, see LedgeredRead.
func ledgeredAccountRead[T any](ctx context.Context, r accountRead, endpoint storage.Endpoint, do func(xs2a.Call) (T, error)) (T, error) {
	return LedgeredRead(ctx, r.reader, r.consent, r.call, AboutStored(endpoint, r.account), do)
}

// AboutStored returns a read of an account that is stored, as the ledger has it.
func AboutStored(endpoint storage.Endpoint, a storage.Account) storage.ConsentRead {
	return storage.ConsentRead{Endpoint: endpoint, AccountKey: a.Key, Account: ledgerName(xs2a.Account{
		Name: a.Name, Product: a.Product, IBAN: a.IBAN, BBAN: a.BBAN, MaskedPAN: a.MaskedPAN,
	})}
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
func (r *Reader) AccountDetails(ctx context.Context, id int64, person xs2a.PSU) (xs2a.Account, error) {
	read, err := r.accountRead(ctx, id, person)
	if err != nil {
		return xs2a.Account{}, err
	}
	details, err := askEither(ctx, read, storage.ReadDetails, read.client.Account, read.client.CardAccount)
	if err != nil {
		return details, r.explain(failure.By(read.account.BankName), err)
	}
	return details, nil
}

// AccountBalances asks the bank for an account's balances now. Nothing is
// stored.
func (r *Reader) AccountBalances(ctx context.Context, id int64, person xs2a.PSU) ([]xs2a.Balance, error) {
	read, err := r.accountRead(ctx, id, person)
	if err != nil {
		return nil, err
	}
	balances, err := askEither(ctx, read, storage.ReadBalances, read.client.Balances, read.client.CardBalances)
	if err != nil {
		return nil, r.explain(failure.By(read.account.BankName), err)
	}
	return balances, nil
}

// TransactionDetails asks the bank what it says of one transaction now. Nothing is
// stored. Card transactions have no details (BG 1.3.12 section 6.5).
func (r *Reader) TransactionDetails(ctx context.Context, id int64, person xs2a.PSU) (xs2a.Transaction, error) {
	transaction, err := r.store.Transaction(ctx, id)
	if err != nil {
		return xs2a.Transaction{}, err
	}
	if transaction.Transaction.ID == "" {
		return xs2a.Transaction{}, &failure.Error{Reason: storage.Reason{Code: failure.NoTransactionID, Bank: transaction.BankName}}
	}
	read, err := r.accountRead(ctx, transaction.AccountID, person)
	if err != nil {
		return xs2a.Transaction{}, err
	}
	details, err := ledgeredAccountRead(ctx, read, storage.ReadTransaction, func(call xs2a.Call) (xs2a.Transaction, error) {
		return read.client.Transaction(ctx, call, read.resourceID, transaction.Transaction.ID)
	})
	if err != nil {
		return details, r.explain(failure.By(transaction.BankName), err)
	}
	return details, nil
}
