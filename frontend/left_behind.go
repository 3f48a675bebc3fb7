package frontend

import (
	"context"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// What is said of accounts that a renewal does not give: which they are, that what was
// read of them stays, and how to have them again or be rid of them.

// leftNotice says it of a consent in use.
func leftNotice(ctx context.Context, left []app.LeftBehind) ui.Notice {
	names := leftNames(ctx, left)
	return ui.Notice{
		ID: "left-behind", Tone: ui.Info,
		Title: words.N(ctx, len(left), "%[2]s does not go on: the new consent does not give it.",
			"%[2]s do not go on: the new consent does not give them.", names),
		Lost: words.N(ctx, len(left), "What was read before stays on this machine and is not updated any more; on its page you can erase it.",
			"What was read before stays on this machine and is not updated any more; on their pages you can erase it."),
		Next: words.N(ctx, len(left), "To read it again, renew the consent and choose it, too.", "To read them again, renew the consent and choose them, too."),
	}
}

// leftStays says it where what was read under the consent is erased, or was.
func leftStays(ctx context.Context, left []app.LeftBehind) string {
	if len(left) == 0 {
		return ""
	}
	return words.N(ctx, len(left), "%[2]s stays: an earlier consent gave it, and this one did not. On its page you can erase it.",
		"%[2]s stay: earlier consents gave them, and this one did not. On their pages you can erase them.", leftNames(ctx, left))
}

func leftNames(ctx context.Context, left []app.LeftBehind) string {
	accounts := make([]storage.Account, len(left))
	for i, one := range left {
		accounts[i] = one.Account
	}
	return accountNames(ctx, accounts)
}

func accountNames(ctx context.Context, accounts []storage.Account) string {
	names := make([]string, len(accounts))
	for i, account := range accounts {
		names[i] = accountName(ctx, account)
	}
	return words.List(ctx, names)
}
