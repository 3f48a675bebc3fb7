package frontend

import (
	"context"
	"strings"
	"time"

	"consentry/app/pay"
	"consentry/app/pay/check"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// statusWords are transaction statuses in plain words (ISO 20022 external payment
// transaction status codes, as BG 1.3.12 section 14.13 lists them). Another is shown as
// it came.
var statusWords = map[xs2a.TransactionStatus]words.Text{
	"RCVD": "Received: the bank has it, nothing was checked yet",
	"PDNG": "Pending: the bank is checking it",
	"PATC": "Partly approved: another person has to approve, too",
	"ACTC": "Approved: the bank has checked who you are and what you ask for",
	"ACCP": "Approved: the bank has checked you as a customer, too",
	"ACFC": "Approved: there is enough on the account",
	"ACSP": "Being carried out",
	"ACWC": "Accepted with a change, such as another day",
	"ACWP": "Accepted, not yet on the payee’s account",
	"ACSC": "Carried out: it has left your account",
	"ACCC": "Arrived on the payee’s account",
	"PART": "Accepted in part: some of the payments, not all",
	"RJCT": "Rejected",
	"CANC": "Cancelled",
}

// statusText is a status in words, with its code.
func statusText(ctx context.Context, status xs2a.TransactionStatus) string {
	if word, known := statusWords[status]; known {
		return words.T(ctx, "%s (%s)", words.T(ctx, word), string(status))
	}
	return words.T(ctx, "“%s”: a status that is not in the list of ISO 20022", string(status))
}

// paymentState is what a payment means now, for its badge and its group on the board.
type paymentState struct {
	Group pay.Group
	Tone  ui.Tone
	Word  words.Text
}

func stateOfPayment(p storage.Payment) paymentState {
	state := paymentState{Group: pay.GroupOf(p), Tone: ui.Info}
	switch {
	case p.Fate == storage.FateComposed, p.Fate == storage.FateConfirmed:
		state.Word = "Not sent yet"
	case p.Fate == storage.FateSending:
		state.Word = "On its way"
	case p.Fate == storage.FateUnknown:
		state.Tone, state.Word = ui.Warn, "Unknown"
	case p.Fate == storage.FateRefused:
		state.Tone, state.Word = ui.Bad, "Refused"
	case p.Fate == storage.FateDropped && p.Doubted:
		state.Tone, state.Word = ui.Warn, "Left unknown"
	case p.Fate == storage.FateDropped:
		state.Tone, state.Word = ui.Neutral, "Discarded"
	case p.Status == xs2a.PaymentCancelled:
		state.Tone, state.Word = ui.Neutral, "Cancelled"
	case p.Status == xs2a.PaymentRejected:
		state.Tone, state.Word = ui.Bad, "Rejected"
	case !p.EndedAt.IsZero():
		state.Tone, state.Word = ui.Good, "Carried out"
	case p.Cancellation == storage.CancelPending:
		state.Word = "Being cancelled"
	case p.Checked() && p.Order.Standing != nil:
		state.Word = "In force"
	case p.Checked():
		state.Word = "Under way"
	case obscure(p):
		state.Tone, state.Word = ui.Warn, "Status not known"
	default:
		state.Word = "Waits for your approval"
	}
	return state
}

// paymentEventWords put a line of a payment's history into a sentence.
func paymentEventWords(ctx context.Context, e storage.PaymentEvent) string {
	said := map[storage.PaymentEventKind]words.Text{
		storage.PayComposed: "You filled in the form", storage.PayConfirmed: "You confirmed it", storage.PayConfirmedAgain: "You had it sent again",
		storage.PaySent: "It was sent to the bank", storage.PayNotSent: "It was not sent", storage.PayTaken: "The bank has it",
		storage.PayRefused: "The bank refused it", storage.PayUnknown: "No answer came: nobody knows whether the bank has it",
		storage.PayDropped: "You discarded it", storage.PayLeft: "You left it, and nobody knows whether the bank has it", storage.PayCancelAsked: "You asked the bank to cancel it", storage.PayCancelLeft: "You left the cancellation", storage.PayCancelLapsed: "The cancellation was not approved: the payment goes on",
		storage.PayCancelRefused: "The bank does not cancel it", storage.PayCancelled: "The bank has cancelled it",
	}[e.Kind]
	text := words.T(ctx, said)
	if e.Kind == storage.PayStatus {
		text = statusText(ctx, e.Status)
	}
	if e.Because != nil && e.Because.Given() {
		return words.T(ctx, "%s: %s", text, reasonWords(ctx, *e.Because))
	}
	return text
}

// paymentSource says who did what a line of a payment's history tells.
func paymentSource(e storage.PaymentEvent) words.Text {
	if e.Kind == storage.PaySent {
		return "Consentry did"
	}
	return sourceWord(e.Source)
}

// serviceWords name the services.
var serviceWords = map[xs2a.PaymentService]words.Text{
	xs2a.SinglePayment: "Once", xs2a.PeriodicPayment: "Standing order", xs2a.BulkPayment: "Several at once",
}

// productText is a payment product in words, with what it is sent as where that is not JSON.
func productText(ctx context.Context, name string) string {
	plain := strings.TrimPrefix(strings.ToLower(name), "pain.001-")
	text := name
	if word := paymentProducts[plain]; word != "" {
		text = words.T(ctx, word)
	}
	if xs2a.XML(name) {
		return words.T(ctx, "%s, as XML (pain.001)", text)
	}
	return text
}

// frequencyWords name how often a standing order is made.
var frequencyWords = map[xs2a.Frequency]words.Text{
	xs2a.Daily: "Every day", xs2a.Weekly: "Every week", xs2a.EveryTwoWeeks: "Every two weeks", xs2a.Monthly: "Every month",
	xs2a.EveryTwoMonths: "Every two months", xs2a.Quarterly: "Every three months", xs2a.SemiAnnual: "Every six months", xs2a.Annual: "Every year",
}

// ruleWords say when a standing order is made that falls on no bank day.
var ruleWords = map[string]words.Text{"following": "On the next bank day", "preceding": "On the bank day before"}

// batchWords say how a bulk payment stands on the statement: as one or not.
var batchWords = map[bool]words.Text{true: "One entry for all", false: "An entry for each"}

// accountText names an account of an order by its number.
func accountText(a xs2a.OrderAccount) string {
	switch {
	case a.IBAN != "":
		return a.IBAN
	case a.Giro != "":
		return a.Giro
	case a.Clearing != "":
		return a.Clearing + " " + a.BBAN
	}
	return a.BBAN
}

// accountShown is an account of an order as people read its number.
func accountShown(a xs2a.OrderAccount) string {
	if a.IBAN == "" {
		return accountText(a)
	}
	return ui.GroupIBAN(a.IBAN)
}

// giroWords name the giros.
var giroWords = map[xs2a.GiroType]words.Text{xs2a.Bankgiro: "Bankgiro", xs2a.Plusgiro: "Plusgiro"}

// madeText says when a payment is made.
func madeText(ctx context.Context, o xs2a.Order) string {
	s := o.Standing
	switch {
	case s != nil && s.End != "":
		return words.T(ctx, "%s, from %s to %s", words.T(ctx, frequencyWords[s.Frequency]), dayInWords(ctx, s.Start), dayInWords(ctx, s.End))
	case s != nil:
		return words.T(ctx, "%s, from %s until you cancel it", words.T(ctx, frequencyWords[s.Frequency]), dayInWords(ctx, s.Start))
	case o.On != "":
		return onText(ctx, o)
	}
	return words.T(ctx, "As soon as you have approved it")
}

// paidWhenText says when a payment is made; of one that is approved or over, without what was to
// come.
func paidWhenText(ctx context.Context, p storage.Payment) string {
	switch o := p.Order; {
	case o.Standing != nil || p.Fate != storage.FateTaken || !p.Checked() && p.EndedAt.IsZero():
		return madeText(ctx, o)
	case o.On != "":
		return dayInWords(ctx, o.On)
	}
	return words.T(ctx, "At once")
}

// onText names the day of an order. On one that is no bank day money does not go from bank
// to bank: some banks take it on the next one, others refuse the order.
func onText(ctx context.Context, o xs2a.Order) string {
	day, err := time.Parse(time.DateOnly, o.On)
	calendar, _ := check.CalendarOf(o.Transfers[0].Amount.Currency)
	if err != nil || calendar.IsBankDay(day) {
		return dayInWords(ctx, o.On)
	}
	return words.T(ctx, "%s, which is no bank day: your bank may make it on %s, or refuse it",
		words.Date(ctx, day, "Monday 2 January 2006"), words.Date(ctx, calendar.Following(day), "Monday 2 January 2006"))
}

// transferLine says to which account a transfer goes, and when, in a line.
func transferLine(ctx context.Context, t xs2a.Transfer, when string) string {
	line := accountShown(t.To)
	for _, fact := range append(payeeFacts(t), referenceFacts(t)...) {
		line += " · " + fact.line(ctx)
	}
	return line + " · " + when
}
