package frontend

import (
	"context"
	"net/url"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// daysIn are the days that an address asks for; an empty date leaves that side open, and so does
// what is none.
func daysIn(asked url.Values) storage.Span {
	return storage.Span{From: isoIn(asked.Get("from")), To: isoIn(asked.Get("to"))}
}

// turned reports whether days, or months, end before they begin. Nothing is looked for then.
func turned(days storage.Span) bool { return days.From != "" && days.To != "" && days.To < days.From }

// fromDay is the field for the first of some days.
func fromDay(ctx context.Context, days storage.Span) ui.Field {
	return ui.Field{Name: "from", Label: words.T(ctx, "From day"), Type: "date", Value: days.From}
}

// toDay is the field for the last of some days. It is refused where that is before the first.
func toDay(ctx context.Context, days storage.Span) ui.Field {
	field := ui.Field{Name: "to", Label: words.T(ctx, "To day"), Type: "date", Value: days.To}
	if turned(days) {
		field.Error = words.T(ctx, "This is before the first day. Choose a later day, or an earlier first one.")
	}
	return field
}
