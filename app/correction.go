package app

import (
	"context"
	"slices"
	"strconv"

	"consentry/app/fetch"
	"consentry/app/quirk"
)

// corrected returns what a person says of how a bank is read, on its quirk cards.
func (a *App) corrected(ctx context.Context, environmentID, bic string) (fetch.Correction, error) {
	said, err := a.quirks.Corrected(ctx, environmentID, bic)
	if err != nil || len(said) == 0 {
		return fetch.Correction{}, err
	}
	var c fetch.Correction
	if days := said[quirk.Period]; len(days) == 1 {
		if c.Days, err = strconv.Atoi(days[0]); err != nil {
			return c, err
		}
	}
	if status := said[quirk.BookingStatus]; slices.Contains(status, "together") != slices.Contains(status, "apart") {
		apart := slices.Contains(status, "apart")
		c.Apart = &apart
	}
	if forms := said[quirk.ReportForm]; len(forms) > 0 {
		json := slices.Contains(forms, "json")
		c.JSON = &json
	}
	return c, nil
}
