package frontend

import (
	"context"

	"consentry/app/pay"
	"consentry/frontend/words"
	"consentry/storage"
)

// bookedShown are so many transactions that stand on a payment's page.
const bookedShown = 25

// traced reports whether it is to be said what stands on the person's accounts: something
// was found, or should have been by now.
func (view paymentView) traced() bool {
	for _, one := range view.Trace.Bookings {
		if len(one.Found) > 0 {
			return true
		}
	}
	if view.Order.Standing != nil && view.Trace.Seen {
		return len(view.Trace.Bookings) > 0
	}
	return view.Fate == storage.FateUnknown || view.Fate == storage.FateTaken && view.Status.Authorised()
}

// bookedLine is a transaction of a payment in a list, or that none was found.
type bookedLine struct {
	Title, Sub string
	Found      *storage.Transaction
	Maybe      bool
}

// bookedLines put what stands on accounts into lines.
func (view paymentView) bookedLines(ctx context.Context) (lines []bookedLine) {
	several := len(view.Order.Transfers) > 1
	for _, one := range view.Trace.Bookings {
		if len(one.Found) == 0 && (several || one.Incoming) {
			continue // of several, how many were found is said; the payee's account need not show it yet
		}
		if len(one.Found) == 0 {
			lines = append(lines, lineOf(view.placeText(ctx, one), words.T(ctx, "Not found so far")))
		}
		for i := range one.Found {
			line := lineOf(view.placeText(ctx, one), bookedText(ctx, one.Found[i]))
			line.Found, line.Maybe = &one.Found[i], !one.Sure
			line.Sub = joinedWords(line.Sub, one.Found[i].AccountName)
			if line.Maybe { // for the person to tell them apart
				line.Sub = joinedWords(joinedWords(line.Sub, one.Found[i].Named()), one.Found[i].Remittance)
			}
			lines = append(lines, line)
		}
	}
	return lines[:min(len(lines), bookedShown)]
}

// lineOf begins a line by what it is of, where that has to be said.
func lineOf(of, said string) bookedLine {
	if of == "" {
		return bookedLine{Title: said}
	}
	return bookedLine{Title: of, Sub: said}
}

// placeText says which part of a payment stands somewhere; empty: it is all of it, on the
// account it is paid from.
func (view paymentView) placeText(ctx context.Context, one pay.Booking) string {
	text := ""
	switch {
	case one.Day != "":
		text = dayInWords(ctx, one.Day)
	case one.Transfer == pay.Whole:
		text = words.T(ctx, "All in one")
	case len(view.Order.Transfers) > 1:
		text = view.Order.Transfers[one.Transfer].Creditor
	}
	if one.Incoming {
		return joinedWords(text, words.T(ctx, "Arrived on your other account"))
	}
	return text
}

// joinedWords puts two texts beside each other, as far as they are there.
func joinedWords(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + " · " + other
}

// bookedText says when a transaction was booked.
func bookedText(ctx context.Context, t storage.Transaction) string {
	if t.Pending {
		return words.T(ctx, "Pending")
	}
	return words.T(ctx, "Booked on %s", dayInWords(ctx, t.Date()))
}

// bookedNote says what the list leaves open.
func (view paymentView) bookedNote(ctx context.Context) string {
	maybe := false
	for _, one := range view.Trace.Bookings {
		maybe = maybe || len(one.Found) > 0 && !one.Sure
	}
	switch {
	case !view.Trace.Seen:
		return words.T(ctx, "The account it is paid from is not linked here, so Consentry does not know what is booked there.")
	case view.Fate == storage.FateUnknown && maybe:
		return words.T(ctx, "If this is it, the bank has the payment: do not send it again.")
	case maybe:
		return words.T(ctx, "Several things fit, or too little is said: Consentry does not guess which it is.")
	case len(view.Order.Transfers) > 1:
		return words.T(ctx, "Found: %d of %d", view.outgoing(), len(view.Order.Transfers))
	case view.Trace.Found() == 0:
		return words.T(ctx, "Looked for among the transactions read so far. Banks often book a day later.")
	}
	return ""
}

// outgoing counts the transfers that were found on the account they are paid from.
func (view paymentView) outgoing() (n int) {
	for _, one := range view.Trace.Bookings {
		if one.Sure && !one.Incoming && one.Transfer != pay.Whole {
			n++
		}
	}
	return n
}

// payerText says whether a transaction is of a payment for sure.
func payerText(ctx context.Context, payers []pay.Payer) string {
	if payers[0].Sure {
		return words.T(ctx, "You paid this with Consentry.")
	}
	return words.N(ctx, len(payers), "It may be this payment, and Consentry does not guess.", "It may be one of these payments, and Consentry does not guess which.")
}

// bookedFacts are what stands on the person's accounts of a payment, for its receipt.
func (view paymentView) bookedFacts(ctx context.Context) (facts []string) {
	for _, line := range view.bookedLines(ctx) {
		text := joinedWords(line.Title, line.Sub)
		if line.Maybe {
			text = words.T(ctx, "Perhaps: %s", text)
		}
		facts = append(facts, text)
	}
	return facts
}

const maybeBadge words.Text = "Perhaps"
