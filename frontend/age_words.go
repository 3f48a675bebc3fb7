package frontend

import (
	"context"
	"time"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// agesWords say of accounts that are counted together how many are not updated any more, and how many are to
// be and were not of late, each with since when. Whatever shows a figure made of accounts says it so.
func agesWords(ctx context.Context, ages holding.Ages) []string {
	var notes []string
	if old := ages.Old; old.Accounts > 0 && old.Since.IsZero() {
		notes = append(notes, words.N(ctx, old.Accounts, "Includes %d account not updated any more, never read in full.",
			"Includes %d accounts not updated any more, not all of them read in full."))
	} else if old.Accounts > 0 && old.Since.Format(time.DateOnly) == old.Last.Format(time.DateOnly) {
		notes = append(notes, words.N(ctx, old.Accounts, "Includes %d account not updated any more, last read on %s.",
			"Includes %d accounts not updated any more, last read on %s.", ui.DateWords(ctx, old.Since)))
	} else if old.Accounts > 0 {
		notes = append(notes, words.N(ctx, old.Accounts, "Includes %d account not updated any more, the one read longest ago on %s.",
			"Includes %d accounts not updated any more, the one read longest ago on %s.", ui.DateWords(ctx, old.Since)))
	}
	if late := ages.Late; late.Accounts > 0 && late.Since.IsZero() {
		notes = append(notes, words.N(ctx, late.Accounts, "Includes %d account not read in full.", "Includes %d accounts not read in full."))
	} else if late.Accounts > 0 {
		notes = append(notes, words.N(ctx, late.Accounts, "Includes %d account not updated since %s.",
			"Includes %d accounts not updated of late, the first since %s.", ui.DateWords(ctx, late.Since)))
	}
	return notes
}

// ageWords says of one account that it is not up to date, and since when; empty where it is.
func ageWords(ctx context.Context, ages holding.Ages) string {
	switch {
	case ages.Old.Accounts > 0 && ages.Old.Since.IsZero():
		return words.T(ctx, "Not updated any more, never read in full")
	case ages.Old.Accounts > 0:
		return words.T(ctx, "Not updated any more, last read on %s", ui.DateWords(ctx, ages.Old.Since))
	case ages.Late.Accounts > 0 && ages.Late.Since.IsZero():
		return words.T(ctx, "Not read in full yet")
	case ages.Late.Accounts > 0:
		return words.T(ctx, "Not updated since %s", ui.DateWords(ctx, ages.Late.Since))
	}
	return ""
}
