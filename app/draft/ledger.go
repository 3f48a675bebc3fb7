package draft

import (
	"context"
	"errors"
	"net/url"
	"regexp"

	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// endpoints are what operations read, as the ledger names it.
var endpoints = map[string]storage.Endpoint{
	"getAccountList": storage.ReadAccounts, "readAccountDetails": storage.ReadDetails, "getBalances": storage.ReadBalances,
	"getTransactionList": storage.ReadTransactions, "getTransactionDetails": storage.ReadTransaction,
	"getCardAccountList": storage.ReadCards, "readCardAccountDetails": storage.ReadDetails, "getCardAccountBalances": storage.ReadBalances,
	"getCardAccountTransactionList": storage.ReadTransactions, "refreshAccounts": storage.RefreshAccounts,
}

// accounts matches the path of whatever is read of accounts, with the name the bank has
// for one.
var accounts = regexp.MustCompile(`/(?:card-)?accounts(?:/([^/]+))?`)

// endpointOf is what a request reads of accounts; "" for nothing. What the table does not
// know of an address below theirs counts as their list.
func endpointOf(written xs2a.Draft) storage.Endpoint {
	u, err := url.Parse(written.Address)
	if err != nil {
		return ""
	}
	if _, reads := accountIn(u); !reads {
		return ""
	}
	if endpoint, known := endpoints[record.OperationOf(written.Method, written.Address, "").ID]; known {
		return endpoint
	}
	return storage.ReadAccounts
}

// accountIn is the name that a path has for an account, which may be none; reads reports whether
// the path is one of accounts at all, also where its letters are spelled out.
func accountIn(u *url.URL) (name string, reads bool) {
	for _, path := range []string{u.EscapedPath(), u.Path} {
		if found := accounts.FindStringSubmatch(path); found != nil {
			return found[1], true
		}
	}
	return "", false
}

// entered sends a draft; one that reads account data under a consent is entered in the
// ledger before.
func (d *Drafts) entered(ctx context.Context, from From, written xs2a.Draft, send func() error) error {
	endpoint := endpointOf(written)
	handmade, err := d.store.HandmadeAtBank(ctx, from.EnvironmentID, from.BIC, storage.HandmadeConsent, written.Header.Get("Consent-ID"))
	if err == nil {
		return d.enteredByHand(ctx, handmade, endpoint, written, send)
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	consent, err := d.consentOf(ctx, from, written)
	if err != nil {
		return err
	}
	if consent == nil || endpoint == "" {
		return send()
	}
	what, err := d.readOf(ctx, *consent, endpoint, written)
	if err != nil {
		return err
	}
	what.Attended, what.RequestID = written.Header.Get("PSU-IP-Address") != "", written.Header.Get("X-Request-ID")
	_, err = d.reader.Enter(ctx, *consent, what, send)
	return err
}

// consentOf is the consent under which a draft reads, if it reads under one of the
// person's: the one its Consent-ID names, else that of its flow.
func (d *Drafts) consentOf(ctx context.Context, from From, written xs2a.Draft) (*storage.Consent, error) {
	named, err := d.store.ConsentAtBank(ctx, from.EnvironmentID, from.BIC, written.Header.Get("Consent-ID"))
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return from.Consent, nil
	case err != nil:
		return nil, err
	case from.Consent != nil && from.Consent.ID != named.ID:
		return nil, failure.Unsent(map[string]storage.Reason{"header": {Code: failure.OtherConsentsID, Bank: from.Bank}})
	}
	return &named, nil
}

// readOf is the read a draft is, with the account it is about where the bank's name for one
// is known.
func (d *Drafts) readOf(ctx context.Context, consent storage.Consent, endpoint storage.Endpoint, written xs2a.Draft) (storage.ConsentRead, error) {
	what := storage.ConsentRead{Endpoint: endpoint}
	u, err := url.Parse(written.Address)
	if err != nil {
		return what, err
	}
	name, _ := accountIn(u)
	resource, err := url.PathUnescape(name)
	if err != nil || resource == "" {
		return what, nil // it is about no account that could be known
	}
	account, err := d.store.AccountByResource(ctx, consent.ID, resource)
	if errors.Is(err, storage.ErrNotFound) {
		return what, nil
	}
	return fetch.AboutStored(endpoint, account), err
}

// enteredByHand sends a draft under a consent that is at the bank alone: its reads are
// counted by themselves.
func (d *Drafts) enteredByHand(ctx context.Context, h storage.Handmade, endpoint storage.Endpoint, written xs2a.Draft, send func() error) error {
	if endpoint == "" {
		return send()
	}
	u, err := url.Parse(written.Address)
	if err != nil {
		return err
	}
	account, _ := accountIn(u)
	err = d.storeAt(h.EnvironmentID).BeginHandmadeRead(ctx, h.ID, storage.HandmadeRead{Endpoint: endpoint, Account: account,
		Attended: written.Header.Get("PSU-IP-Address") != "", RequestID: written.Header.Get("X-Request-ID")})
	if err != nil {
		return err
	}
	return send()
}
