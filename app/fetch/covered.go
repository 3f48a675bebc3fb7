package fetch

import (
	"encoding/json"
	"slices"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
)

// Coverage says which parts of an account are read under a consent.
type Coverage struct{ Balances, Transactions bool }

// Covered returns what a consent covers of an account: what was asked for and was
// granted. Where the bank names no account, what was asked for counts as
// granted; and so it does for an account that its references do not name: it
// may be known there by another number.
func Covered(c storage.Consent, account storage.Account) Coverage {
	asked := Coverage{c.Asked.Access.Balances != nil, c.Asked.Access.Transactions != nil}
	var said struct{ Access xs2a.Access }
	if json.Unmarshal(c.Granted, &said) != nil {
		return asked
	}
	granted := said.Access
	if granted.AllPSD2 != "" || granted.AvailableAccounts != "" || len(references(granted)) == 0 {
		return asked
	}
	named := names(references(granted), account)
	grants := func(list *[]xs2a.AccountReference) bool {
		return list != nil && (len(*list) == 0 || !named || names(*list, account))
	}
	return Coverage{asked.Balances && grants(granted.Balances), asked.Transactions && grants(granted.Transactions)}
}

// references are all accounts an access names.
func references(access xs2a.Access) (all []xs2a.AccountReference) {
	for _, list := range []*[]xs2a.AccountReference{access.Accounts, access.Balances, access.Transactions} {
		if list != nil {
			all = append(all, *list...)
		}
	}
	return all
}

// names reports whether one of the references is to an account.
func names(list []xs2a.AccountReference, account storage.Account) bool {
	return slices.ContainsFunc(list, func(r xs2a.AccountReference) bool {
		return sameCurrency(r.Currency, account.Currency) &&
			(sameNumber(r.IBAN, account.IBAN) || sameNumber(r.BBAN, account.BBAN) || sameNumber(r.MaskedPAN, account.MaskedPAN))
	})
}

// sameCurrency takes an account of several currencies for each of them. Banks
// write its currency as XXX, which in ISO 4217 is none.
func sameCurrency(a, b string) bool {
	return a == "" || b == "" || a == "XXX" || b == "XXX" || strings.EqualFold(a, b)
}

func sameNumber(a, b string) bool {
	a, b = strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", "")
	return a != "" && strings.EqualFold(a, b)
}
