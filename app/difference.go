package app

import (
	"context"
	"encoding/json"
	"slices"

	"consentry/storage"
	"consentry/xs2a"
)

// DifferenceKind says in what a consent departs from what was asked for.
type DifferenceKind string

// The kinds of differences, with the fields of [Difference] that say more.
const (
	TimeOver       DifferenceKind = "timeOver"       // the bank's last word is "valid", and the last day has passed
	EndsEarlier    DifferenceKind = "endsEarlier"    // Granted and Asked: days
	EndsLater      DifferenceKind = "endsLater"      // likewise
	FewerReads     DifferenceKind = "fewerReads"     // Number a day; asked for: Of
	NoBalances     DifferenceKind = "noBalances"     // are granted
	NoTransactions DifferenceKind = "noTransactions" // likewise
	FewerAccounts  DifferenceKind = "fewerAccounts"  // Number of those named: Of
	OtherAccounts  DifferenceKind = "otherAccounts"  // Number that were not named
	AccountsUnseen DifferenceKind = "accountsUnseen" // Number of those named
)

// Difference is one thing in which a consent departs from what was asked for.
type Difference struct {
	Kind           DifferenceKind
	Granted, Asked string // ISO dates
	Number, Of     int
}

// Differences returns how a consent departs from what was asked for: a bank may grant
// less, or other things, and may be wrong about its end.
func (a *App) Differences(ctx context.Context, c storage.Consent) ([]Difference, error) {
	var all []Difference
	if c.End == storage.EndExpired && c.Status == xs2a.ConsentValid {
		all = append(all, Difference{Kind: TimeOver})
	}
	if c.GrantedAt.IsZero() {
		return all, nil
	}
	if c.ValidUntil < c.Asked.ValidUntil {
		all = append(all, Difference{Kind: EndsEarlier, Granted: c.ValidUntil, Asked: c.Asked.ValidUntil})
	} else if c.ValidUntil > c.Asked.ValidUntil {
		all = append(all, Difference{Kind: EndsLater, Granted: c.ValidUntil, Asked: c.Asked.ValidUntil})
	}
	if c.Recurring && c.FrequencyPerDay < c.Asked.FrequencyPerDay {
		all = append(all, Difference{Kind: FewerReads, Number: c.FrequencyPerDay, Of: c.Asked.FrequencyPerDay})
	}
	var said struct{ Access *xs2a.Access }
	if json.Unmarshal(c.Granted, &said) == nil && said.Access != nil && said.Access.AllPSD2 == "" && c.ErasedAt.IsZero() {
		all = append(all, withheld(c.Asked.Access, *said.Access)...)
	}
	if c.FetchedAt.IsZero() || !c.ErasedAt.IsZero() {
		return all, nil
	}
	named := askedIBANs(c.Asked.Access)
	accounts, err := a.store.ConsentAccounts(ctx, c.ID)
	if err != nil || len(named) == 0 {
		return all, err
	}
	missing := slices.DeleteFunc(named, func(iban string) bool {
		return slices.ContainsFunc(accounts, func(account storage.Account) bool { return account.IBAN == iban })
	})
	if n := len(missing); n > 0 {
		all = append(all, Difference{Kind: AccountsUnseen, Number: n})
	}
	return all, nil
}

// withheld returns what was asked for and is not among what was granted.
func withheld(asked, granted xs2a.Access) []Difference {
	var all []Difference
	for _, kind := range []struct {
		missing     DifferenceKind
		asked, have *[]xs2a.AccountReference
	}{{NoBalances, asked.Balances, granted.Balances}, {NoTransactions, asked.Transactions, granted.Transactions}} {
		if kind.asked != nil && kind.have == nil {
			all = append(all, Difference{Kind: kind.missing})
		}
	}
	if asked.Accounts == nil || granted.Accounts == nil || len(*asked.Accounts) == 0 {
		return all
	}
	has := func(list []xs2a.AccountReference, iban string) bool {
		return slices.ContainsFunc(list, func(r xs2a.AccountReference) bool { return r.IBAN == iban })
	}
	missing, others := 0, 0
	for _, account := range *asked.Accounts {
		if !has(*granted.Accounts, account.IBAN) {
			missing++
		}
	}
	for _, account := range *granted.Accounts {
		if account.IBAN != "" && !has(*asked.Accounts, account.IBAN) {
			others++
		}
	}
	if missing > 0 {
		all = append(all, Difference{Kind: FewerAccounts, Number: len(*asked.Accounts) - missing, Of: len(*asked.Accounts)})
	}
	if others > 0 {
		all = append(all, Difference{Kind: OtherAccounts, Number: others})
	}
	return all
}
