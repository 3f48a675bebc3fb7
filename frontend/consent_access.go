package frontend

import (
	"cmp"
	"context"
	"encoding/json"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// accessPart is a kind of data a consent covers.
type accessPart struct {
	Kind      wording
	Some, All int // accounts it is shared for, and all there are; the same where nothing is left out
}

// What a consent can cover.
var (
	kindAccounts     = wording{"Accounts", "accounts"}
	kindBalances     = wording{"Balances", "balances"}
	kindTransactions = wording{"Transactions", "transactions"}
	kindAccountList  = wording{"List of accounts", "list of accounts"}
	kindEverything   = wording{"All payment accounts, balances, transactions", "all payment accounts, balances, transactions"}
	kindNotSaid      = wording{"Not said", "not said"}
)

// said names a part, with of how many accounts it is shared where that is not of all.
func (part accessPart) said(ctx context.Context, kind words.Text) string {
	if part.Some >= part.All {
		return words.T(ctx, kind)
	}
	return words.N(ctx, part.All, "%[3]s of %[2]d of %[1]d account", "%[3]s of %[2]d of %[1]d accounts", part.Some, kind)
}

// within names a part within a sentence.
func (part accessPart) within(ctx context.Context) string { return part.said(ctx, part.Kind.Within) }

// listParts names parts, as in "Accounts, balances, transactions".
func listParts(ctx context.Context, parts []accessPart) string {
	said := []string{parts[0].said(ctx, parts[0].Kind.Label)}
	for _, part := range parts[1:] {
		said = append(said, part.within(ctx))
	}
	return words.Row(ctx, said)
}

// accessWords names what an access covers, as in "Accounts, balances,
// transactions".
func accessWords(ctx context.Context, access xs2a.Access) string {
	return listParts(ctx, accessParts(access))
}

// accessWithin is accessWords within a sentence.
func accessWithin(ctx context.Context, access xs2a.Access) string {
	var said []string
	for _, part := range accessParts(access) {
		said = append(said, part.within(ctx))
	}
	return words.Row(ctx, said)
}

// accessParts lists what an access covers; there is one part at least.
func accessParts(access xs2a.Access) []accessPart {
	if access.AllPSD2 != "" {
		return []accessPart{{Kind: kindEverything}}
	}
	var parts []accessPart
	if access.Accounts != nil {
		parts = append(parts, accessPart{Kind: kindAccounts})
	}
	all := numbersOf(accessAccounts(access))
	for _, part := range []struct {
		kind wording
		list *[]xs2a.AccountReference
	}{{kindBalances, access.Balances}, {kindTransactions, access.Transactions}} {
		switch {
		case part.list == nil:
		case len(*part.list) == 0:
			parts = append(parts, accessPart{Kind: part.kind})
		default:
			parts = append(parts, accessPart{Kind: part.kind, Some: numbersOf(*part.list), All: all})
		}
	}
	if access.AvailableAccounts != "" {
		parts = append(parts, accessPart{Kind: kindAccountList})
	}
	if len(parts) == 0 {
		return []accessPart{{Kind: kindNotSaid}}
	}
	return parts
}

// numbersOf counts accounts by their numbers: one may come with its currency in one
// list and without it in another.
func numbersOf(list []xs2a.AccountReference) int {
	seen := map[string]bool{}
	for _, reference := range list {
		seen[cmp.Or(reference.IBAN, reference.BBAN, reference.MaskedPAN)] = true
	}
	return len(seen)
}

// accessAccounts lists the accounts an access names; none means that the
// person chooses at the bank.
func accessAccounts(access xs2a.Access) []xs2a.AccountReference {
	var all []xs2a.AccountReference
	seen := map[xs2a.AccountReference]bool{}
	for _, list := range []*[]xs2a.AccountReference{access.Accounts, access.Balances, access.Transactions} {
		if list == nil {
			continue
		}
		for _, reference := range *list {
			if !seen[reference] {
				seen[reference] = true
				all = append(all, reference)
			}
		}
	}
	return all
}

// granted reads the access from the consent as the bank sent it back; ok is
// false where the bank said nothing that is understood.
func granted(c storage.Consent) (access xs2a.Access, ok bool) {
	var answer struct{ Access *xs2a.Access }
	if json.Unmarshal(c.Granted, &answer) != nil || answer.Access == nil {
		return xs2a.Access{}, false
	}
	return *answer.Access, true
}
