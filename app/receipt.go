package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// Receipt is what a person may keep of a consent: what was asked for, granted
// and done, and how it ended. It can be had as long as the consent is known,
// also after its data were erased. Account numbers in it are masked.
type Receipt struct {
	Consent  storage.Consent
	Accounts []storage.Account      // reached through it and still kept here
	Events   []storage.ConsentEvent // the oldest first
	Reads    storage.ReadSum
	Asked    Terms
	Granted  *Terms // nil: the bank never said
	Person   string // a pseudonym of whose consent it is
	MadeAt   time.Time
}

// Terms are what a consent covers, with masked account numbers.
type Terms struct {
	Access          map[string][]string // by accounts, balances, transactions; an empty list leaves the choice to the person at the bank
	Recurring       bool
	ValidUntil      string // ISO date; may be empty in what a bank granted
	FrequencyPerDay int    // 0: the bank did not say
}

// Receipt returns the receipt of a consent as it stands now.
func (a *App) Receipt(ctx context.Context, id string) (Receipt, error) {
	c, err := a.store.Consent(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Consent: c, Asked: askedTerms(c), Granted: grantedTerms(c), MadeAt: a.clock.NowAt(c.EnvironmentID)}
	if r.Accounts, err = a.store.ConsentAccounts(ctx, id); err != nil {
		return r, err
	}
	if r.Events, err = a.store.ConsentEvents(ctx, id); err != nil {
		return r, err
	}
	slices.Reverse(r.Events)
	if r.Reads, err = a.store.SumReads(ctx, id); err != nil {
		return r, err
	}
	r.Person, err = a.pseudonym(ctx)
	return r, err
}

func askedTerms(c storage.Consent) Terms {
	return Terms{
		Access: maskedAccess(c.Asked.Access), Recurring: c.Asked.Recurring,
		ValidUntil: c.Asked.ValidUntil, FrequencyPerDay: c.Asked.FrequencyPerDay,
	}
}

// grantedTerms reads what the bank said it granted. Once data were erased just
// the access is left of that; the rest is kept beside it.
func grantedTerms(c storage.Consent) *Terms {
	var said struct{ Access *xs2a.Access }
	if json.Unmarshal(c.Granted, &said) != nil || said.Access == nil {
		return nil
	}
	return &Terms{
		Access: maskedAccess(*said.Access), Recurring: c.Recurring, ValidUntil: c.ValidUntil, FrequencyPerDay: c.FrequencyPerDay,
	}
}

// maskedAccess names what an access covers, with masked numbers.
func maskedAccess(access xs2a.Access) map[string][]string {
	covered := map[string][]string{}
	for kind, list := range map[string]*[]xs2a.AccountReference{
		"accounts": access.Accounts, "balances": access.Balances, "transactions": access.Transactions,
	} {
		if list == nil {
			continue
		}
		covered[kind] = []string{}
		for _, account := range *list {
			covered[kind] = append(covered[kind], strings.TrimSpace(MaskedReference(account)+" "+account.Currency))
		}
	}
	if access.AvailableAccounts != "" {
		covered["availableAccounts"] = []string{access.AvailableAccounts}
	}
	if access.AllPSD2 != "" {
		covered["allPsd2"] = []string{access.AllPSD2}
	}
	return covered
}

// MaskedReference returns an account number as [holding.MaskNumber] leaves it; empty where
// there is none.
func MaskedReference(account xs2a.AccountReference) string {
	for _, number := range []string{account.IBAN, account.BBAN, account.MaskedPAN} {
		if number != "" {
			return holding.MaskNumber(number)
		}
	}
	return ""
}

// pseudonym names the person of this installation without saying who they are,
// nor by what banks know the installation.
func (a *App) pseudonym(ctx context.Context) (string, error) {
	device, err := a.Device(ctx)
	if err != nil {
		return "", err
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:consentry:consent-record:1#person-"+device)).String(), nil
}
