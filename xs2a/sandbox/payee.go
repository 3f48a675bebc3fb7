package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// What a bank says of the payee: whether the account is theirs, before the person
// approves, and whether the person trusts them, afterwards.

// The answers to the question whether an account is that of a name (EPC, verification of
// payee). The definition has no field for them; banks send them in one of their own.
const (
	nameMatches    = "MTCH"
	nameNearly     = "CMTC"
	nameDiffers    = "NMTC"
	nameNotChecked = "NOAP"
)

// tellName says whether the payee's account is the payee's. Several payees at once are not
// looked at.
func (s *Sandbox) tellName(p *payment, fields map[string]any) {
	if len(p.Orders) != 1 || p.Orders[0].IBAN == "" {
		return
	}
	owner := s.ownerOf(p.Orders[0].IBAN)
	match := matchNames(p.Orders[0].Name, owner)
	fields["nameMatch"] = match
	fields["psuMessage"] = map[string]string{
		nameMatches:    "The account is the payee's.",
		nameNearly:     "The name is nearly that of the account: it belongs to " + owner + ".",
		nameDiffers:    "The account belongs to somebody of another name.",
		nameNotChecked: "The payee's bank does not say whose account it is.",
	}[match]
}

// matchNames compares the name of a payee with that of the account's owner; "" where
// nobody knows whose it is.
func matchNames(name, owner string) string {
	asked, known := strings.Fields(strings.ToLower(name)), strings.Fields(strings.ToLower(owner))
	switch {
	case owner == "":
		return nameNotChecked
	case slices.Equal(asked, known):
		return nameMatches
	case slices.ContainsFunc(asked, func(word string) bool { return slices.Contains(known, word) }):
		return nameNearly
	}
	return nameDiffers
}

// ownerOf is the name of whoever has an account at one of the practice banks; "" where
// nobody has.
func (s *Sandbox) ownerOf(iban string) string {
	for _, b := range s.banks {
		if login, acc := s.ownerAt(b, accountReference{IBAN: iban}); acc != nil {
			return people.Find(login).Name
		}
	}
	return ""
}

// drawn is what a person has at a bank, without what they lived through: enough to know
// their accounts by.
func (s *Sandbox) drawn(b *bank.Bank, person *people.Person) *people.Household {
	return people.NewHousehold(strconv.FormatInt(s.seed, 10), b.Holder(), person, s.since)
}

// trusted reports whether the person has paid the payees of a payment before.
func (s *Sandbox) trusted(p *payment) bool {
	for _, o := range p.Orders {
		before := false
		for _, former := range s.state.Payments {
			before = before || former != p && former.BIC == p.BIC && former.PSU == p.PSU && !former.Authorised.IsZero() &&
				slices.ContainsFunc(former.Orders, func(other order) bool { return other.IBAN != "" && other.IBAN == o.IBAN })
		}
		if !before {
			return false
		}
	}
	return true
}
