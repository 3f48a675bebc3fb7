package frontend

import (
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/pay/check"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// paymentIn is a payment of a fate and status.
func paymentIn(fate storage.Fate, status xs2a.TransactionStatus) storage.Payment {
	p := storage.Payment{
		ID: "p1", EnvironmentID: "sandbox", BIC: "rheintor", BankName: "Rheintor Bank", RequestID: "11111111-2222-3333-4444-555555555555",
		Order: xs2a.Order{
			Service: xs2a.SinglePayment, Product: "sepa-credit-transfers", Debtor: xs2a.OrderAccount{IBAN: "DE97535700008337724498"},
			Transfers: []xs2a.Transfer{{Creditor: hostile, To: xs2a.OrderAccount{IBAN: "DE89370400440532013000"}, Amount: xs2a.Amount{Number: "12.50", Currency: "EUR"}, Text: "Invoice 4711"}},
		},
		Fate: fate, Status: status, CreatedAt: now.Add(-time.Hour), Version: 3,
	}
	if fate == storage.FateTaken {
		p.BankID, p.SentAt, p.AnsweredAt, p.StatusAt = "bank-1", now.Add(-time.Minute), now.Add(-time.Minute), now.Add(-time.Minute)
	}
	if fate == storage.FateRefused || fate == storage.FateDropped || status.Final() {
		p.EndedAt = now
	}
	return p
}

// TestPaymentScreens draws the board, the form and a payment in each of its states.
func TestPaymentScreens(t *testing.T) {
	of := func(fate storage.Fate, status xs2a.TransactionStatus, change func(*paymentView)) templ.Component {
		view := paymentView{Payment: paymentIn(fate, status), Events: []storage.PaymentEvent{{At: now.Add(-time.Hour), Source: storage.FromPerson, Kind: storage.PayComposed}}}
		if change != nil {
			change(&view)
		}
		return ui.At(now, paymentScreen(view))
	}
	offer := pay.Offer{Bank: bank.Bank{ASPSP: storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "rheintor", Name: "Rheintor Bank"}, EnvironmentID: "sandbox"}}}
	for _, name := range xs2a.BerlinGroup.PaymentProducts {
		offer.Products = append(offer.Products, pay.ProductNamed(name))
	}
	form := func(product string, change func(*payView)) templ.Component {
		view := payView{Offer: offer, Today: now}
		view.Form.EnvironmentID, view.Form.BIC = "sandbox", "rheintor"
		view.start(map[string][]string{"product": {product}})
		view.Form.ID = "f1"
		if change != nil {
			change(&view)
		}
		return payScreen(view)
	}
	left := paymentIn(storage.FateDropped, "")
	left.Doubted = true
	all := []storage.Payment{paymentIn(storage.FateUnknown, ""), paymentIn(storage.FateTaken, "ACSP"), paymentIn(storage.FateTaken, xs2a.PaymentSettled), paymentIn(storage.FateRefused, ""), left}
	board := paymentsView{}
	for i, group := range pay.Groups {
		board.Parts = append(board.Parts, pay.Part{Group: group, Count: i + 1, Payments: all[i : i+1], Older: map[bool]*storage.PaymentCursor{true: {CreatedAt: now, ID: "p1"}}[i > 1]})
		if pay.GroupOf(all[i]) != group {
			t.Errorf("a payment that is %q and %q is %q", all[i].Fate, all[i].Status, pay.GroupOf(all[i]))
		}
	}
	several := func(p *storage.Payment) {
		p.Order.Transfers = append(p.Order.Transfers, xs2a.Transfer{Creditor: "Berta", To: xs2a.OrderAccount{IBAN: "DE75512108001245126199"}, Amount: xs2a.Amount{Number: "7", Currency: "EUR"}})
	}
	file := func(change func(*payListView)) templ.Component {
		view := payListView{payView: payView{Offer: offer, Today: now}}
		view.Form.EnvironmentID, view.Form.BIC = "sandbox", "rheintor"
		view.start(nil)
		view.Form.ID = "f1"
		change(&view)
		return payListScreen(view)
	}
	rows := []pay.Row{
		{Line: 2, Transfer: paymentIn(storage.FateComposed, "").Order.Transfers[0]}, {Line: 3, Transfer: paymentIn(storage.FateComposed, "").Order.Transfers[0], Twice: 2},
		{Line: 4, Form: pay.Form{Creditor: hostile, To: "DE00", Amount: "x"}, Wrong: pay.Fields{"to": {Code: string(check.IBANDigits)}, "amount": {Code: string(check.NotAnAmount)}}},
	}
	together := func(fates ...storage.Fate) []storage.Payment {
		var list []storage.Payment
		for i, fate := range fates {
			one := paymentIn(fate, "")
			one.ListID, one.Place = "l1", i
			list = append(list, one)
		}
		return list
	}
	entries := []storage.Transaction{
		{ID: 7, AccountName: "Girokonto", Transaction: xs2a.Transaction{BookingDate: "2026-11-19", Amount: xs2a.Amount{Number: "-12.50", Currency: "EUR"}}},
		{ID: 8, AccountName: hostile, Pending: true, Transaction: xs2a.Transaction{Amount: xs2a.Amount{Number: "12.50", Currency: "EUR"}}},
	}
	booked := func(bookings ...pay.Booking) func(*paymentView) {
		return func(v *paymentView) { v.Trace = pay.Trace{Seen: true, Bookings: bookings} }
	}
	standing := func(rule, end string, change func(*paymentView)) func(*paymentView) {
		return func(v *paymentView) {
			v.Order.Service, v.Order.Standing = xs2a.PeriodicPayment, &xs2a.Standing{Start: "2026-11-20", End: end, Frequency: xs2a.Monthly, Rule: rule}
			if change != nil {
				change(v)
			}
			v.Days = daysOf(v.Payment, now)
		}
	}
	toCancel := paymentView{Payment: paymentIn(storage.FateTaken, "ACSP")}
	standing("following", "", nil)(&toCancel)
	unreachable := storage.Reason{Code: failure.Unreachable, Bank: "Rheintor Bank"}
	golden(t, map[string]templ.Component{
		"payments":       paymentsScreen(board),
		"payments-empty": paymentsScreen(paymentsView{}),
		"payer":          payerScreen(payerView{Templates: []storage.PaymentTemplate{{ID: "t1", EnvironmentID: "sandbox", BIC: "rheintor", BankName: "Rheintor Bank", Name: hostile, Order: paymentIn(storage.FateComposed, "").Order}}}),
		"pay-payees": form("sepa-credit-transfers", func(v *payView) {
			v.PayeeSearch, v.MorePayees = "an", 3
			v.Payees = []pay.Payee{{Name: hostile, Account: "DE89370400440532013000"}, {Account: "DE97535700008337724498", Own: storage.Account{ID: 7, BankName: "Rheintor Bank"}}}
		}),
		"payment-acquainted": of(storage.FateComposed, "", func(v *paymentView) {
			v.Known = pay.Acquaintance{OtherNames: []string{hostile}, OtherAccounts: []string{"DE97535700008337724498"}, Alike: paymentIn(storage.FateUnknown, "")}
		}),
		"pay":            form("sepa-credit-transfers", nil),
		"pay-abroad":     form("cross-border-credit-transfers", nil),
		"pay-standing":   form("sepa-credit-transfers", func(v *payView) { v.Form.Service = xs2a.PeriodicPayment }),
		"payments-older": paymentsScreen(paymentsView{Parts: board.Parts[2:3], Partial: true}),
		"pay-wrong": form("sepa-credit-transfers", func(v *payView) {
			v.Form.Creditor = "Жанна"
			v.Failure = failure.Invalid(pay.Fields{"creditor": {Code: string(check.TextCharacters), Name: "Жан", Text: "Zhanna"}, "to": {Code: string(check.IBANDigits)}})
		}),
		"payment":       of(storage.FateComposed, "", func(v *paymentView) { v.Shown = "digest" }),
		"pay-list":      file(func(*payListView) {}),
		"pay-list-none": file(func(v *payListView) { v.Failure = failure.Field("file", failure.NoTransfers) }),
		"pay-list-checked": file(func(v *payListView) {
			v.Content, v.List = "name,account,amount", pay.List{Form: v.Form.Form, Rows: rows, Unread: []string{hostile}}
		}),
		"payment-list":      paymentListScreen(paymentListView{ID: "l1", Payments: together(storage.FateComposed, storage.FateComposed), Shown: "digest"}),
		"payment-list-next": paymentListScreen(paymentListView{ID: "l1", Payments: together(storage.FateRefused, storage.FateConfirmed)}),
		"payment-bulk":      of(storage.FateComposed, "", func(v *paymentView) { v.Shown = "digest"; v.Order.Service = xs2a.BulkPayment; several(&v.Payment) }),
		"payment-expected": of(storage.FateComposed, "", func(v *paymentView) {
			v.Expected = pay.Expectation{Approach: "REDIRECT", Approvals: 1, Took: 90 * time.Second}
		}),
		"payment-changed": of(storage.FateComposed, "", func(v *paymentView) { v.Failure = failure.New(failure.PaymentNotShown) }),
		"payment-unsent":  of(storage.FateConfirmed, "", func(v *paymentView) { v.Reason = unreachable }),
		"payment-unknown": of(storage.FateUnknown, "", func(v *paymentView) { v.Reason = unreachable; v.SentAt = now }),
		"payment-left":    of(storage.FateDropped, "", func(v *paymentView) { v.Doubted, v.SentAt = true, now }),
		"payment-refused": of(storage.FateRefused, "", func(v *paymentView) { v.Reason = storage.Reason{Code: failure.Refused, Bank: "Rheintor Bank"} }),
		"payment-refused-words": of(storage.FateRefused, "", func(v *paymentView) {
			v.Reason = storage.Reason{Code: failure.Refused, Bank: "Rheintor Bank", Text: hostile}
		}),
		"payment-waits":   of(storage.FateTaken, xs2a.PaymentReceived, func(v *paymentView) { v.Message = hostile }),
		"payment-another": of(storage.FateTaken, xs2a.PaymentPartlyAuthorised, nil),
		"payment-underway": of(storage.FateTaken, "ACSP", func(v *paymentView) {
			v.Attempts = []storage.Authorisation{
				{Subject: storage.CancellationSubject("p1"), Approach: "DECOUPLED", CreatedAt: now, Outcome: storage.Denied},
				{Approach: "EMBEDDED", CreatedAt: now, Outcome: storage.Succeeded, Secret: storage.Secret{SignedBy: hostile}},
				{Approach: "EMBEDDED", CreatedAt: now.Add(-time.Hour), Outcome: storage.Partial, Secret: storage.Secret{SignedBy: "anna"}},
			}
		}),
		"payment-unasked": of(storage.FateTaken, "ACSP", func(v *paymentView) { v.Reason = unreachable }),
		"payment-odd":     of(storage.FateTaken, "XYZZ", nil),
		"payment-other": of(storage.FateTaken, xs2a.PaymentReceived, func(v *paymentView) {
			v.Said.Other = &xs2a.Amount{Number: "15.00", Currency: "EUR"}
		}),
		"payment-other-approved": of(storage.FateTaken, "ACSP", func(v *paymentView) { v.Said.To = "DE97535700008337724498" }),
		"payment-odd-approved": of(storage.FateTaken, "XYZZ", func(v *paymentView) {
			v.Attempts = []storage.Authorisation{{Outcome: storage.Succeeded, CreatedAt: now}}
		}),
		"payment-cancelling":          of(storage.FateTaken, "ACTC", func(v *paymentView) { v.Cancellation = storage.CancelPending }),
		"payment-goeson":              of(storage.FateTaken, "ACTC", func(v *paymentView) { v.Cancellation = storage.CancelRefused }),
		"payment-done":                of(storage.FateTaken, xs2a.PaymentSettled, nil),
		"payment-rejected":            of(storage.FateTaken, xs2a.PaymentRejected, nil),
		"payment-cancelled":           of(storage.FateTaken, xs2a.PaymentCancelled, func(v *paymentView) { v.Cancellation = storage.CancelDone }),
		"payment-standing":            of(storage.FateComposed, "", standing("following", "", func(v *paymentView) { v.Shown = "digest" })),
		"payment-standing-force":      of(storage.FateTaken, "ACSP", standing("", "2027-01-31", func(v *paymentView) { v.Order.Transfers[0].Amount.Currency = "GEL" })),
		"payment-standing-made":       of(storage.FateTaken, xs2a.PaymentSettled, standing("preceding", "2027-12-31", func(v *paymentView) { v.EndedAt = time.Time{}; v.Order.Standing.Start = "2026-10-31" })),
		"payment-cancel":              ui.At(now, cancelScreen(paymentView{Payment: paymentIn(storage.FateTaken, "ACTC")})),
		"payment-standing-cancel":     ui.At(now, cancelDialog(toCancel)),
		"payment-standing-cancelling": of(storage.FateTaken, "ACSP", standing("following", "", func(v *paymentView) { v.Cancellation = storage.CancelPending })),
		"payment-standing-cancelled":  of(storage.FateTaken, xs2a.PaymentCancelled, standing("following", "", func(v *paymentView) { v.Cancellation = storage.CancelDone })),
		"payment-booked":              of(storage.FateTaken, xs2a.PaymentSettled, booked(pay.Booking{Found: entries[:1], Sure: true}, pay.Booking{Incoming: true, Found: entries[1:2], Sure: true})),
		"payment-booked-maybe":        of(storage.FateTaken, xs2a.PaymentSettled, booked(pay.Booking{Found: entries[:2]})),
		"payment-booked-none":         of(storage.FateTaken, xs2a.PaymentSettled, booked(pay.Booking{}, pay.Booking{Incoming: true})),
		"payment-unknown-booked": of(storage.FateUnknown, "", func(v *paymentView) {
			booked(pay.Booking{Found: entries[:1]})(v)
			v.SentAt, v.Reason = now, unreachable
		}),
		"payment-bulk-booked": of(storage.FateTaken, xs2a.PaymentSettled, func(v *paymentView) {
			v.Order.Service = xs2a.BulkPayment
			several(&v.Payment)
			booked(pay.Booking{Found: entries[:1], Sure: true}, pay.Booking{Transfer: 1}, pay.Booking{Transfer: pay.Whole})(v)
		}),
		"payment-standing-booked": of(storage.FateTaken, "ACSP", func(v *paymentView) {
			standing("following", "", nil)(v)
			booked(pay.Booking{Day: "2026-11-20", Found: entries[1:2], Sure: true}, pay.Booking{Day: "2026-10-20"})(v)
		}),
	})
}

// TestPaymentReceipts draws receipts of payments in each of their states: what they are worth
// is said first.
func TestPaymentReceipts(t *testing.T) {
	of := func(fate storage.Fate, status xs2a.TransactionStatus, change func(*paymentReceiptView)) templ.Component {
		view := paymentReceiptView{paymentView: paymentView{Payment: paymentIn(fate, status)}, MadeAt: now}
		view.SentAt = now.Add(-time.Minute)
		view.Events = []storage.PaymentEvent{
			{At: now.Add(-time.Hour), Source: storage.FromPerson, Kind: storage.PayComposed}, {At: now.Add(-time.Minute), Source: storage.FromPerson, Kind: storage.PayConfirmed},
			{At: now.Add(-time.Minute), Source: storage.FromProgram, Kind: storage.PaySent}, {At: now.Add(-time.Minute), Source: storage.FromBank, Kind: storage.PayTaken},
			{At: now, Source: storage.FromBank, Kind: storage.PayStatus, Status: status},
		}
		if change != nil {
			change(&view)
		}
		return ui.At(now, paymentReceiptScreen(view))
	}
	standing := func(v *paymentReceiptView) {
		v.Order.Service, v.Order.Standing = xs2a.PeriodicPayment, &xs2a.Standing{Start: "2026-11-20", Frequency: xs2a.Monthly}
	}
	approval := func(kind storage.SubjectKind, outcome storage.Outcome, at time.Time) storage.Authorisation {
		return storage.Authorisation{Subject: storage.Subject{Kind: kind, ID: "p1"}, Approach: "REDIRECT", Outcome: outcome, EndedAt: at}
	}
	fee := xs2a.Amount{Number: "0.35", Currency: "EUR"}
	golden(t, map[string]templ.Component{
		"payment-receipt": of(storage.FateTaken, xs2a.PaymentSettled, func(v *paymentReceiptView) {
			v.Said.Fees.Transaction, v.Practice = &fee, true
			v.Approvals = []storage.Authorisation{approval(storage.SubjectPayment, storage.Partial, now.Add(-50*time.Second)), approval(storage.SubjectPayment, storage.Succeeded, now.Add(-40*time.Second))}
			v.Trace = pay.Trace{Seen: true, Bookings: []pay.Booking{{Found: []storage.Transaction{{ID: 7, AccountName: "Girokonto", Transaction: xs2a.Transaction{BookingDate: "2026-11-19"}}}, Sure: true}}}
		}),
		"payment-receipt-arrived":  of(storage.FateTaken, "ACCC", nil),
		"payment-receipt-composed": of(storage.FateComposed, "", func(v *paymentReceiptView) { v.SentAt = time.Time{} }),
		"payment-receipt-sending":  of(storage.FateSending, "", nil),
		"payment-receipt-unknown":  of(storage.FateUnknown, "", nil),
		"payment-receipt-refused":  of(storage.FateRefused, "", nil),
		"payment-receipt-left":     of(storage.FateDropped, "", nil),
		"payment-receipt-dropped":  of(storage.FateDropped, "", func(v *paymentReceiptView) { v.SentAt = time.Time{} }),
		"payment-receipt-waits":    of(storage.FateTaken, xs2a.PaymentReceived, nil),
		"payment-receipt-underway": of(storage.FateTaken, "ACSP", nil),
		"payment-receipt-odd":      of(storage.FateTaken, "XYZZ", nil),
		"payment-receipt-rejected": of(storage.FateTaken, xs2a.PaymentRejected, nil),
		"payment-receipt-cancelled": of(storage.FateTaken, xs2a.PaymentCancelled, func(v *paymentReceiptView) {
			v.Cancellation = storage.CancelDone
			v.Approvals = []storage.Authorisation{approval(storage.SubjectCancellation, storage.Succeeded, now)}
		}),
		"payment-receipt-goeson":             of(storage.FateTaken, "ACTC", func(v *paymentReceiptView) { v.Cancellation = storage.CancelRefused }),
		"payment-receipt-standing":           of(storage.FateTaken, xs2a.PaymentSettled, standing),
		"payment-receipt-standing-cancelled": of(storage.FateTaken, xs2a.PaymentCancelled, standing),
	})
}

// TestEveryCheckHasWords says something of each code of a field of a payment.
func TestEveryCheckHasWords(t *testing.T) {
	ctx := ui.WithReader(t.Context(), ui.Reader{Locale: "en-GB", Now: now})
	for _, code := range check.Codes {
		failed := failure.Invalid(pay.Fields{"x": {Code: string(code), Name: "name", Text: "text", Number: 3, Of: 2}})
		if said := fieldWords(ctx, failed, "x"); said == "" || unfilled.MatchString(said) || sayings[string(code)].what == "" && sayings[string(code)].whole == nil {
			t.Errorf("of %q is said %q", code, said)
		}
	}
}

// TestStatusesThatAreKnownHaveWords: what a status means is said of those that are known to
// mean something, and of no other.
func TestStatusesThatAreKnownHaveWords(t *testing.T) {
	for status := range statusWords {
		if !status.Known() {
			t.Errorf("%s has words and is not known", status)
		}
	}
	if len(statusWords) != 14 || xs2a.TransactionStatus("XYZZ").Known() || xs2a.TransactionStatus("").Known() {
		t.Errorf("%d statuses have words", len(statusWords))
	}
}
