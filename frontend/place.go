package frontend

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// Where a page of a list of transactions begins stands in its address: after=ID behind a
// transaction, before=ID with those next before one, day=2026-03-14 on a day.

// placeOf reads it. A day that is none is as if it were not there; an id that is none leads nowhere.
func placeOf(asked url.Values) (at holding.Place, err error) {
	if at.After, err = cursorOf(asked.Get("after")); err != nil {
		return at, err
	}
	if at.Before, err = cursorOf(asked.Get("before")); err != nil {
		return at, err
	}
	if on := isoIn(asked.Get("day")); on != "" && at == (holding.Place{}) {
		at.After = storage.EndOf(on)
	}
	return at, nil
}

// cursorOf reads a number.
func cursorOf(text string) (storage.Cursor, error) {
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, storage.ErrNotFound
	}
	return storage.Cursor(id), nil
}

// pagesOf leads from a page of a list to those beside it; on is the day that was gone to, if one
// was. The address is of the list with the changes it is given.
func pagesOf(ctx context.Context, shown []storage.Transaction, on string, newer, older storage.Cursor, address func(changes ...string) string) ui.Pages {
	pages := ui.Pages{Shown: shownDays(ctx, shown), Newest: address(), Day: on}
	switch {
	case on == "" || slices.ContainsFunc(shown, func(one storage.Transaction) bool { return one.Date() == on }):
	case len(shown) == 0:
		pages.Shown = words.T(ctx, "Nothing on %s, nor before", ui.DateWords(ctx, day(on)))
	default:
		pages.Shown = words.T(ctx, "Nothing on %s. Here is %s", ui.DateWords(ctx, day(on)), pages.Shown)
	}
	if newer != 0 {
		pages.Newer = address("before", fmt.Sprint(int64(newer)))
	}
	if older != 0 {
		pages.Older = address("after", fmt.Sprint(int64(older)))
	}
	list, _ := url.Parse(address())
	pages.Path = list.Path
	for name, values := range list.Query() {
		pages.Kept = append(pages.Kept, [2]string{name, values[0]})
	}
	slices.SortFunc(pages.Kept, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return pages
}

// shownDays says which days are on a page.
func shownDays(ctx context.Context, shown []storage.Transaction) string {
	var days storage.Span
	for _, one := range shown {
		if date := one.Date(); !day(date).IsZero() {
			if days.To == "" {
				days.To = date
			}
			days.From = date
		}
	}
	if days == (storage.Span{}) {
		return words.N(ctx, len(shown), "%d transaction", "%d transactions")
	}
	return daysWords(ctx, days)
}
