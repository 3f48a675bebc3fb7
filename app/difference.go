package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// Differences says how a consent departs from what was asked for, a sentence
// each: a bank may grant less, or other things, and may be wrong about its end.
func (a *App) Differences(ctx context.Context, c storage.Consent) ([]string, error) {
	var all []string
	if c.End == storage.EndExpired && c.Status == xs2a.ConsentValid {
		all = append(all, "The bank’s last word on it is “valid”. Its time is over all the same, and Consentry does not use it.")
	}
	if c.GrantedAt.IsZero() {
		return all, nil
	}
	if c.ValidUntil < c.Asked.ValidUntil {
		all = append(all, "The bank grants it until "+dayInWords(c.ValidUntil)+"; you asked for "+dayInWords(c.Asked.ValidUntil)+".")
	} else if c.ValidUntil > c.Asked.ValidUntil {
		all = append(all, "The bank grants it until "+dayInWords(c.ValidUntil)+", longer than the "+dayInWords(c.Asked.ValidUntil)+" you asked for.")
	}
	if c.Recurring && c.FrequencyPerDay < c.Asked.FrequencyPerDay {
		all = append(all, "The bank grants "+Count(c.FrequencyPerDay, "read", "reads")+" a day without you; you asked for "+Figure(c.Asked.FrequencyPerDay)+".")
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
		all = append(all, fmt.Sprintf("Of the accounts you named, the bank does not show: %d.", n))
	}
	return all, nil
}

// withheld says what was asked for and is not among what was granted.
func withheld(asked, granted xs2a.Access) []string {
	var all []string
	for _, kind := range []struct {
		word        string
		asked, have *[]xs2a.AccountReference
	}{{"balances", asked.Balances, granted.Balances}, {"transactions", asked.Transactions, granted.Transactions}} {
		if kind.asked != nil && kind.have == nil {
			all = append(all, "The bank does not grant the "+kind.word+".")
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
		all = append(all, fmt.Sprintf("The bank grants fewer accounts than you named: %d of %d.", len(*asked.Accounts)-missing, len(*asked.Accounts)))
	}
	if others > 0 {
		all = append(all, fmt.Sprintf("The bank grants accounts you did not name: %d. Consentry leaves them out.", others))
	}
	return all
}

func dayInWords(iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return day.Format("2 January 2006")
}
