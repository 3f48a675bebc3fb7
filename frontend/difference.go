package frontend

import (
	"context"

	"consentry/app"
	"consentry/frontend/words"
)

// differenceWords say how a consent departs from what was asked for.
func differenceWords(ctx context.Context, d app.Difference) string {
	switch d.Kind {
	case app.TimeOver:
		return words.T(ctx, "The bank’s last word on it is “valid”. Its time is over all the same, and Consentry does not use it.")
	case app.EndsEarlier:
		return words.T(ctx, "The bank grants it until %s; you asked for %s.", dayInWords(ctx, d.Granted), dayInWords(ctx, d.Asked))
	case app.EndsLater:
		return words.T(ctx, "The bank grants it until %s, longer than the %s you asked for.", dayInWords(ctx, d.Granted), dayInWords(ctx, d.Asked))
	case app.FewerReads:
		return words.N(ctx, d.Number, "The bank grants %d automatic update a day; you asked for %d.", "The bank grants %d automatic updates a day; you asked for %d.", d.Of)
	case app.NoBalances:
		return words.T(ctx, "The bank does not grant the balances.")
	case app.NoTransactions:
		return words.T(ctx, "The bank does not grant the transactions.")
	case app.FewerAccounts:
		return words.T(ctx, "The bank grants fewer accounts than you named: %d of %d.", d.Number, d.Of)
	case app.OtherAccounts:
		return words.T(ctx, "The bank grants accounts you did not name: %d. Consentry leaves them out.", d.Number)
	}
	return words.T(ctx, "Of the accounts you named, the bank does not show: %d.", d.Number)
}
