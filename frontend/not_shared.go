package frontend

import (
	"context"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// notShared says which kinds of data a new consent leaves out, and whether
// that was asked for so or came about at the bank.
func notShared(ctx context.Context, c storage.Consent) []string {
	access, said := granted(c)
	var left []string
	for _, part := range []struct {
		kind        wording
		asked, have *[]xs2a.AccountReference
	}{{kindBalances, c.Asked.Access.Balances, access.Balances}, {kindTransactions, c.Asked.Access.Transactions, access.Transactions}} {
		switch all := numbersOf(accessAccounts(access)); {
		case c.Asked.Access.AllPSD2 != "":
		case part.asked == nil:
			left = append(left, words.T(ctx, "You did not ask for %s.", part.kind.Within))
		case !said || access.AllPSD2 != "" || access.AvailableAccounts != "" || all == 0:
		case part.have == nil:
			left = append(left, words.T(ctx, "The bank gives no %s: you left them out there, or it did not grant them.", part.kind.Within))
		case len(*part.have) > 0 && numbersOf(*part.have) < all:
			some := accessPart{part.kind, numbersOf(*part.have), all}
			left = append(left, words.T(ctx, "The bank gives %s.", some.within(ctx)))
		}
	}
	return left
}
