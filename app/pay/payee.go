package pay

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"consentry/storage"
	"consentry/xs2a"
)

// mostPayees are offered at once; the search narrows them.
const mostPayees = 8

// Payee is somebody to pay: whom money went to before, or the person on another account.
type Payee struct {
	Name    string
	Account string
	Own     storage.Account // where it is one of the person's own; else without an id
}

// Payees returns whom to pay that all words of a search are found of, by name or account,
// the person's own accounts first, and how many there are beyond those returned. Without a
// search, they are the own accounts alone.
func (p *Payments) Payees(ctx context.Context, search string) (found []Payee, more int, err error) {
	own, err := p.accounts(ctx)
	if err != nil {
		return nil, 0, err
	}
	var all []Payee
	for _, account := range own {
		if account.IBAN != "" {
			all = append(all, Payee{account.OwnerName, account.IBAN, account})
		}
	}
	wanted := strings.Fields(plainWords(search))
	if len(wanted) > 0 {
		paid, err := p.store.Payees(ctx)
		if err != nil {
			return nil, 0, err
		}
		for _, payee := range paid {
			if payee.Name != "" && !slices.ContainsFunc(all, func(other Payee) bool { return other.Own.ID != 0 && other.Account == payee.Account }) {
				all = append(all, Payee{Name: payee.Name, Account: payee.Account})
			}
		}
	}
	for _, payee := range all {
		in := plainWords(payee.Name + " " + payee.Account + " " + payee.Own.Name + " " + payee.Own.BankName)
		switch {
		case slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(in, word) }):
		case len(found) < mostPayees:
			found = append(found, payee)
		default:
			more++
		}
	}
	return found, more, nil
}

// plainWords is a text as it is searched and compared: its words, each as folded has it.
func plainWords(text string) string {
	list := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	for i, word := range list {
		list[i] = folded(word)
	}
	return strings.Join(list, " ")
}

// Acquaintance is what is known here of whom a payment goes to. The zero value: nothing
// speaks against it.
type Acquaintance struct {
	OtherNames    []string        // under which the account was paid before, and never under this one
	OtherAccounts []string        // to which the name was paid before, and never to this one
	Alike         storage.Payment // that asked for the same lately; without an id there is none
}

// lately is how far back payments are looked through for one that asks for the same.
const lately = 40 * 24 * time.Hour

// Acquainted returns what is known here of whom a payment that was not sent goes to. Of
// several in one, whether one of them was asked for lately.
func (p *Payments) Acquainted(ctx context.Context, of storage.Payment) (known Acquaintance, err error) {
	if known.Alike, err = p.alike(ctx, of); err != nil || len(of.Order.Transfers) != 1 {
		return known, err
	}
	all, err := p.store.Payees(ctx)
	to := of.Order.Transfers[0]
	account, name := accountNumber(to.To), plainWords(to.Creditor)
	knownAs, knownAt := false, false
	for _, payee := range all {
		sameAccount, sameName := folded(payee.Account) == account, plainWords(payee.Name) == name
		switch {
		case payee.Name == "":
		case sameAccount && sameName:
			knownAs, knownAt = true, true
		case sameAccount:
			known.OtherNames = append(known.OtherNames, payee.Name)
		case sameName:
			known.OtherAccounts = append(known.OtherAccounts, payee.Account)
		}
	}
	if knownAs {
		known.OtherNames = nil
	}
	if knownAt {
		known.OtherAccounts = nil
	}
	return known, err
}

// alike returns the latest payment that asks for one of the same transfers as another, and
// is or may be at a bank.
func (p *Payments) alike(ctx context.Context, of storage.Payment) (storage.Payment, error) {
	former, err := p.store.PaymentsSince(ctx, p.clock.NowAt(of.EnvironmentID).Add(-lately))
	for _, one := range former {
		if one.ID == of.ID || one.Fate.AtHome() || GroupOf(one) == NotDone {
			continue
		}
		if slices.ContainsFunc(of.Order.Transfers, func(t xs2a.Transfer) bool {
			return slices.ContainsFunc(one.Order.Transfers, func(other xs2a.Transfer) bool { return t.To == other.To && sameAmount(t.Amount, other.Amount) })
		}) {
			return one, err
		}
	}
	return storage.Payment{}, err
}

// accountNumber is the number of an account as it is compared.
func accountNumber(a xs2a.OrderAccount) string {
	for _, number := range []string{a.IBAN, a.Giro, a.Clearing + a.BBAN} {
		if number != "" {
			return folded(number)
		}
	}
	return ""
}
