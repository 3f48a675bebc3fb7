package sandbox

import (
	"slices"
	"strconv"

	"consentry/xs2a/sandbox/page"
	"consentry/xs2a/sandbox/people"
)

// grant is what a person gave for one account.
type grant struct {
	Account      int  `json:"account"` // its number in the household
	Balances     bool `json:"balances"`
	Transactions bool `json:"transactions"`
}

// grants turns what was asked for into what is given by a person who leaves
// nothing out: for the accounts the TPP named, or for all that they have here.
func (a access) grants(h *people.Household) []grant {
	var list []grant
	for _, acc := range h.Accounts {
		if !a.named() {
			list = append(list, grant{acc.Number, a.wantsBalances(), a.wantsTransactions()})
			continue
		}
		g := grant{acc.Number, names(a.Balances, acc), names(a.Transactions, acc)}
		if g.Balances || g.Transactions || names(a.Accounts, acc) {
			list = append(list, g)
		}
	}
	return list
}

// grantOf finds what was given for an account.
func grantOf(list []grant, account int) (g grant, there bool) {
	at := slices.IndexFunc(list, func(g grant) bool { return g.Account == account })
	if at < 0 {
		return grant{Account: account}, false
	}
	return list[at], true
}

// without is what g has and given lacks, in words; "" for nothing.
func (g grant) without(given grant) page.Text {
	balances, transactions := g.Balances && !given.Balances, g.Transactions && !given.Transactions
	switch {
	case balances && transactions:
		return "without its balances and transactions"
	case balances:
		return "without its balances"
	case transactions:
		return "without its transactions"
	}
	return ""
}

// checkGrants holds what somebody is to give to what was asked for.
func checkGrants(given, whole []grant) error {
	if len(given) == 0 {
		return formatError("grants", "one account at least")
	}
	for i, g := range given {
		asked, there := grantOf(whole, g.Account)
		name := "grants[" + strconv.Itoa(i) + "]"
		if _, again := grantOf(given[:i], g.Account); again {
			return formatError(name, "this account is there already")
		}
		if !there || g.without(asked) != "" {
			return formatError(name, "more than the consent asks for, or no such account")
		}
	}
	return nil
}

// granted is the access as the bank tells it: what was asked for until the person
// has chosen, then what was given, account by account. Where nothing was left out
// it stays with the TPP's own references, or with the short word for all.
func (s *Sandbox) granted(c *consent) access {
	if c.PSU == "" {
		return c.Asked
	}
	h, b := s.household(c.BIC, c.PSU), s.bank(c.BIC)
	if (c.Asked.named() || c.Asked.word()) && slices.Equal(c.Grants, c.Asked.grants(h)) {
		return c.Asked
	}
	accounts, bare := []accountReference{}, false
	var balances, transactions []accountReference
	for _, g := range c.Grants {
		ref := referenceAt(b, h.Accounts[g.Account])
		accounts = append(accounts, ref)
		if g.Balances {
			balances = append(balances, ref)
		}
		if g.Transactions {
			transactions = append(transactions, ref)
		}
		bare = bare || !g.Balances && !g.Transactions
	}
	var given access
	if bare || c.Asked.Accounts != nil || c.Asked.word() {
		given.Accounts = &accounts
	}
	// An empty list would be read as all accounts, as in a request.
	if len(balances) > 0 {
		given.Balances = &balances
	}
	if len(transactions) > 0 {
		given.Transactions = &transactions
	}
	return given
}
