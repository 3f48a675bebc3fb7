package app

import (
	"context"
	"slices"

	"consentry/storage"
	"consentry/xs2a"
)

// Renewal returns what to ask for to renew a consent: the same, for as long as
// banks grant it. The accounts stay the same accounts, whatever the bank calls
// them under the new one.
func (a *App) Renewal(ctx context.Context, id string) (Share, error) {
	c, err := a.store.Consent(ctx, id)
	if err != nil {
		return Share{}, err
	}
	credentials, err := a.store.Credentials(ctx, storage.ConsentSubject(id))
	if err != nil {
		return Share{}, err
	}
	s := a.DefaultShare(c.EnvironmentID)
	s.BIC, s.AffiliatedASPSPID = c.BIC, c.AffiliatedASPSPID
	s.Renews, s.Purpose, s.PSUID, s.Decoupled = c.ID, c.Purpose, credentials.PSUID, credentials.Decoupled
	s.Balances, s.Transactions = c.Asked.Access.Balances != nil, c.Asked.Access.Transactions != nil
	s.Recurring, s.IBANs = c.Recurring, askedIBANs(c.Asked.Access)
	if c.Recurring {
		s.FrequencyPerDay = c.Asked.FrequencyPerDay
	}
	return s, nil
}

// askedIBANs lists the accounts a consent named; those that were erased since
// cannot be named again.
func askedIBANs(access xs2a.Access) []string {
	if access.Accounts == nil {
		return nil
	}
	var all []string
	for _, account := range *access.Accounts {
		if account.IBAN == "" || NormaliseIBANs(account.IBAN)[0] != account.IBAN || len(account.IBAN) < 15 {
			return nil
		}
		all = append(all, account.IBAN)
	}
	return all
}

// Series lists the consents of the row of renewals that one belongs to, the
// oldest first.
func (a *App) Series(ctx context.Context, c storage.Consent) ([]storage.Consent, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(index.series[c.Series]), nil
}

// WillEnd lists the consents that end when a new one is valid: a bank ends the
// former recurring ones of the same person by itself (BG 1.3.12 section 6.3.1),
// and one that is renewed is ended here, should the bank not do so.
func (a *App) WillEnd(ctx context.Context, s Share) ([]storage.Consent, error) {
	live, err := a.store.LiveConsents(ctx)
	if err != nil {
		return nil, err
	}
	var all []storage.Consent
	for _, c := range live {
		if c.ID == s.Renews || a.takesPlace(s.EnvironmentID, s.BIC, s.Recurring, c) {
			all = append(all, c)
		}
	}
	return all, nil
}

// takesPlace reports whether a newly valid consent at a bank ends a former one,
// if both are one person's.
func (a *App) takesPlace(environmentID, bic string, recurring bool, former storage.Consent) bool {
	return recurring && former.Recurring && former.Status == xs2a.ConsentValid &&
		former.EnvironmentID == environmentID && former.BIC == bic
}
