package sandbox

import (
	"net/http"
	"slices"

	"consentry/xs2a/sandbox/people"
)

// access is what a consent is to give (accountAccess, BG 1.3.12). Three forms
// exclude each other: lists with accounts, empty lists (the person chooses at the
// bank), and the words that mean all accounts.
type access struct {
	Accounts     *[]accountReference `json:"accounts,omitempty"`
	Balances     *[]accountReference `json:"balances,omitempty"`
	Transactions *[]accountReference `json:"transactions,omitempty"`
	Available    string              `json:"availableAccounts,omitempty"`
	AllPSD2      string              `json:"allPsd2,omitempty"`

	// AvailableWithBalance is the Berlin Group's; Open Payments has a second word
	// for Available instead.
	AvailableWithBalance string `json:"availableAccountsWithBalance,omitempty"`
}

// accountReference names an account.
type accountReference struct {
	IBAN      string `json:"iban,omitempty"`
	BBAN      string `json:"bban,omitempty"`
	MaskedPAN string `json:"maskedPan,omitempty"` // Berlin Group only
	Currency  string `json:"currency,omitempty"`
}

const (
	allAccounts             = "allAccounts"
	allAccountsWithBalances = "allAccountsWithBalances"  // Open Payments
	allAccountsWithOwner    = "allAccountsWithOwnerName" // Berlin Group
)

// lists are the lists that are there, by name.
func (a access) lists() map[string][]accountReference {
	m := make(map[string][]accountReference, 3)
	for name, list := range map[string]*[]accountReference{"accounts": a.Accounts, "balances": a.Balances, "transactions": a.Transactions} {
		if list != nil {
			m[name] = *list
		}
	}
	return m
}

// named reports whether the TPP named accounts.
func (a access) named() bool {
	for _, list := range a.lists() {
		if len(list) > 0 {
			return true
		}
	}
	return false
}

// numbers lists the numbers of the accounts that the TPP named, each once.
func (a access) numbers() (list []string) {
	for _, refs := range a.lists() {
		for _, ref := range refs {
			list = append(list, ref.IBAN+ref.BBAN+ref.MaskedPAN)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// orEverything is the access asked for, and that to all the person can reach where
// it names nothing at all: Open Payments' own client asks so.
func (a access) orEverything() access {
	if a != (access{}) {
		return a
	}
	return access{Accounts: &[]accountReference{}, Balances: &[]accountReference{}, Transactions: &[]accountReference{}}
}

// check looks at the access asked for; berlin says which of the dialects' words
// are known, and that something has to be asked for.
func (a access) check(berlin bool) error {
	lists := a.lists()
	forms := 0
	for _, there := range []bool{len(lists) > 0, a.Available != "" || a.AvailableWithBalance != "", a.AllPSD2 != ""} {
		if there {
			forms++
		}
	}
	switch {
	case forms == 0 && berlin:
		return formatError("access", "access asks for nothing")
	case forms > 1:
		return refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "access", "accounts are either listed or all of them")
	case !berlin && a.AvailableWithBalance != "":
		return formatError("access.availableAccountsWithBalance", "the bank does not know this word")
	}
	second := allAccountsWithBalances
	if berlin {
		second = allAccountsWithOwner
	}
	for name, word := range map[string]string{"availableAccounts": a.Available, "availableAccountsWithBalance": a.AvailableWithBalance} {
		if word != "" && word != allAccounts && word != second {
			return formatError("access."+name, allAccounts+" or "+second)
		}
	}
	if a.AllPSD2 != "" && a.AllPSD2 != allAccounts && (!berlin || a.AllPSD2 != second) {
		return formatError("access.allPsd2", "allAccounts")
	}
	for _, name := range []string{"accounts", "balances", "transactions"} {
		list, there := lists[name]
		if there && len(list) == 0 && a.named() {
			return refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "access."+name, "an empty list beside one with accounts")
		}
		if err := checkReferences("access."+name, list, berlin); err != nil {
			return err
		}
	}
	return nil
}

func checkReferences(path string, list []accountReference, berlin bool) error {
	for _, ref := range list {
		switch {
		case berlin && ref.MaskedPAN != "" && ref.IBAN == "" && ref.BBAN == "":
			continue
		case ref.BBAN != "":
			return refuseField(http.StatusBadRequest, "PARAMETER_NOT_SUPPORTED", path, "the bank takes IBANs only")
		case !people.ValidIBAN(ref.IBAN):
			return formatError(path, "this is not an IBAN")
		case ref.Currency != "" && !currencyForm.MatchString(ref.Currency):
			return formatError(path, "a currency is three capital letters")
		}
	}
	return nil
}

// wantsBalances and wantsTransactions say what is asked for, of any account.
func (a access) wantsBalances() bool {
	return a.Balances != nil || a.Available == allAccountsWithBalances || a.AvailableWithBalance != "" || a.AllPSD2 != ""
}

func (a access) wantsTransactions() bool { return a.Transactions != nil || a.AllPSD2 != "" }

// word reports whether the TPP asked for all accounts by a word.
func (a access) word() bool {
	return a.Available != "" || a.AvailableWithBalance != "" || a.AllPSD2 != ""
}

// names reports whether a list names an account.
func names(list *[]accountReference, acc *people.Account) bool {
	return list != nil && slices.ContainsFunc(*list, func(ref accountReference) bool {
		return (ref.IBAN != "" && ref.IBAN == acc.IBAN || ref.IBAN == "" && ref.BBAN != "" && ref.BBAN == acc.BBAN || ref.MaskedPAN != "" && acc.Kind == people.Card && ref.MaskedPAN == acc.MaskedPAN()) && (ref.Currency == "" || ref.Currency == acc.Currency)
	})
}

// missing lists the accounts that the TPP named and the person does not have here.
func (a access) missing(h *people.Household) []string {
	var list []string
	for _, refs := range a.lists() {
		for _, ref := range refs {
			one := []accountReference{ref}
			if !slices.ContainsFunc(h.Accounts, func(acc *people.Account) bool { return names(&one, acc) }) && !slices.Contains(list, ref.IBAN+ref.MaskedPAN) {
				list = append(list, ref.IBAN+ref.MaskedPAN)
			}
		}
	}
	slices.Sort(list)
	return list
}
