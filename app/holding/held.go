package holding

import (
	"slices"
	"strings"

	"consentry/storage"
)

// Held is an account as a person knows it: all that has one IBAN at one bank, in a part for each currency. The
// parts are never added to each other.
type Held struct {
	Parts []storage.Account // one at least
}

// Together puts the accounts that are parts of one together, each where its first part stands. Hidden accounts are
// put together with hidden ones alone: a currency that comes later is seen.
func Together(accounts []storage.Account) (all []Held) {
	type whole struct {
		number
		hidden bool
	}
	at := map[whole]int{}
	for _, account := range accounts {
		of, has := numberOf(account)
		i, there := at[whole{of, account.Hidden}]
		if has && there {
			all[i].Parts = append(all[i].Parts, account)
			continue
		}
		at[whole{of, account.Hidden}] = len(all)
		all = append(all, Held{[]storage.Account{account}})
	}
	return all
}

// OtherParts lists the other parts of an account, in their order.
func OtherParts(account storage.Account, accounts []storage.Account) (others []storage.Account) {
	of, has := numberOf(account)
	for _, other := range accounts {
		if another, is := numberOf(other); has && is && of == another && other.ID != account.ID {
			others = append(others, other)
		}
	}
	return others
}

// IDs lists the parts by their ids.
func (h Held) IDs() (ids []int64) {
	for _, part := range h.Parts {
		ids = append(ids, part.ID)
	}
	return ids
}

// Has reports whether an account is a part.
func (h Held) Has(id int64) bool { return slices.Contains(h.IDs(), id) }

// number is an IBAN at a bank.
type number struct {
	storage.BankID
	iban string
}

// numberOf returns the number by which an account is known to be a part of another; it has none without an IBAN:
// what else a bank calls an account may be the same by chance.
func numberOf(account storage.Account) (number, bool) {
	iban := strings.ToUpper(strings.ReplaceAll(account.IBAN, " ", ""))
	return number{account.Bank(), iban}, iban != ""
}

// partNumber is a currency of an account with several.
type partNumber struct {
	number
	currency string
}

// listedParts are those that a bank lists by themselves.
type listedParts map[partNumber]bool

func partsOf(accounts []storage.Account) listedParts {
	parts := listedParts{}
	for _, account := range accounts {
		if of, has := numberOf(account); has && !manifold(account) {
			parts[partNumber{of, account.Currency}] = true
		}
	}
	return parts
}

// standing is what stands for an account in sums: of an account with several currencies what is not in a part that is
// listed by itself, and would count twice.
func (parts listedParts) standing(account storage.Account) []Standing {
	all := StandingsOf(account)
	if !manifold(account) {
		return all
	}
	of, _ := numberOf(account)
	return slices.DeleteFunc(all, func(s Standing) bool { return parts[partNumber{of, s.Amount.Currency}] })
}

// currenciesOf lists the currencies of what stands for an account, or the account's own where nothing does.
func currenciesOf(account storage.Account) (all []string) {
	for _, one := range StandingsOf(account) {
		all = append(all, one.Amount.Currency)
	}
	if len(all) == 0 {
		all = append(all, account.Currency)
	}
	return all
}

// Shown leaves out accounts that the person has hidden.
func Shown(accounts []storage.Account) []storage.Account {
	return slices.DeleteFunc(slices.Clone(accounts), func(a storage.Account) bool { return a.Hidden })
}
