package frontend

import (
	"consentry/storage"
	"consentry/xs2a"
)

// notShared says which kinds of data a new permission leaves out, and whether
// that was asked for so or came about at the bank.
func notShared(c storage.Consent) []string {
	access, said := granted(c)
	var left []string
	for _, kind := range []struct {
		word        string
		asked, have *[]xs2a.AccountReference
	}{{"balances", c.Asked.Access.Balances, access.Balances}, {"transactions", c.Asked.Access.Transactions, access.Transactions}} {
		switch all := numbersOf(accessAccounts(access)); {
		case c.Asked.Access.AllPSD2 != "":
		case kind.asked == nil:
			left = append(left, "You did not ask for "+kind.word+".")
		case !said || access.AllPSD2 != "" || access.AvailableAccounts != "" || all == 0:
		case kind.have == nil:
			left = append(left, "The bank gives no "+kind.word+": you left them out there, or it did not grant them.")
		case len(*kind.have) > 0 && numbersOf(*kind.have) < all:
			left = append(left, "The bank gives "+ofSome(kind.word, numbersOf(*kind.have), all)+".")
		}
	}
	return left
}
