package frontend

import (
	"context"
	"strings"
	"time"

	"consentry/app/pay"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// daysAhead are so many of a standing order's days that stand on its page.
const daysAhead = 5

// paymentDays are the next days of a standing order.
type paymentDays struct {
	Next  []pay.Occasion
	More  bool // others follow these
	Known bool // its currency's bank days are; else weekends alone
	Today time.Time
}

// daysOf returns the next days of a payment, if it is a standing order: from today on, or
// from the day on which it ended.
func daysOf(p storage.Payment, today time.Time) paymentDays {
	days := paymentDays{Today: today}
	if p.Order.Standing == nil {
		return days
	}
	if !p.EndedAt.IsZero() {
		today = p.EndedAt
	}
	days.Next, days.Known = pay.Occasions(*p.Order.Standing, p.Order.Transfers[0].Amount.Currency, today, daysAhead+1)
	if days.More = len(days.Next) > daysAhead; days.More {
		days.Next = days.Next[:daysAhead]
	}
	return days
}

// goesOn reports whether a standing order may still be made.
func (view paymentView) goesOn() bool {
	return view.Order.Standing != nil && (view.sendable() || view.InForce()) && len(view.Days.Next) > 0
}

// occasionText says of a day whether it was moved, or who decides.
func occasionText(ctx context.Context, o pay.Occasion) string {
	switch {
	case o.On.IsZero():
		return words.T(ctx, "No bank day: your bank decides whether it is made before or after")
	case !o.On.Equal(o.Due):
		return words.T(ctx, "Due on %s, which is no bank day", weekdayText(ctx, o.Due))
	}
	return ""
}

// weekdayText writes a day with its weekday.
func weekdayText(ctx context.Context, day time.Time) string {
	return words.Date(ctx, day, "Monday 2 January 2006")
}

// after says what follows the days that are listed.
func (view paymentView) after(ctx context.Context) string {
	end := view.Order.Standing.End
	switch {
	case end != "" && !view.Days.More:
		return words.T(ctx, "Then it ends.")
	case end != "":
		return words.T(ctx, "And so on until %s.", dayInWords(ctx, end))
	}
	return words.T(ctx, "And so on until you cancel it.")
}

// calendarText says which days of the currency are known as no bank days, where not all are.
func (view paymentView) calendarText(ctx context.Context) string {
	if view.Days.Known {
		return ""
	}
	return words.T(ctx, "Of bank days in %s, Consentry knows weekends alone: on a holiday it may be another day.", view.Order.Transfers[0].Amount.Currency)
}

// cancelText says what it means to cancel a standing order. The definitions know no way to
// leave out one of its days (BG 1.3.12 section 5.6: DELETE is of the whole resource).
func (view paymentView) cancelText(ctx context.Context) string {
	next := view.Days.Next[0].Day()
	text := sentences(
		words.T(ctx, "Cancelling ends all that is still to come, from %s on.", weekdayText(ctx, next)),
		words.T(ctx, "What was made before stays made."))
	if next.Format(time.DateOnly) == view.Days.Today.Format(time.DateOnly) {
		text = sentences(text, words.T(ctx, "Today’s may be made all the same."))
	}
	return sentences(text, words.T(ctx, "A single day cannot be left out from here: banks’ interfaces have no way to ask for that."))
}

// cancelLabel: a standing order is cancelled with all that is to come.
func (view paymentView) cancelLabel() words.Text {
	if view.Order.Standing != nil {
		return "Cancel all that is to come"
	}
	return "Cancel the payment"
}

// cancelling says what happens until the bank has cancelled it.
func (view paymentView) cancelling(ctx context.Context) string {
	if view.goesOn() {
		return words.T(ctx, "Until the bank has cancelled it, it goes on: the next is made on %s.", weekdayText(ctx, view.Days.Next[0].Day()))
	}
	return words.T(ctx, "Until the bank has cancelled it, the payment goes on.")
}

// cancelledNotice says of a standing order what is not made any more.
func (view paymentView) cancelledNotice(ctx context.Context) ui.Notice {
	n := ui.Notice{ID: "cancelled", Tone: ui.Neutral, Title: words.T(ctx, "This standing order is cancelled: nothing more is made.")}
	lost := words.T(ctx, "What was made before stays made.")
	if len(view.Days.Next) > 0 {
		lost = sentences(words.T(ctx, "The next would have been made on %s.", weekdayText(ctx, view.Days.Next[0].Day())), lost)
	}
	n.Lost = strings.TrimSpace(lost)
	return n
}
