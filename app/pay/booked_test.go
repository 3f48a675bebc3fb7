package pay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// Numbers of the person's accounts, of somebody's, and of somebody else's.
const (
	ownIBAN    = "DE97535700008337724498"
	secondIBAN = "DE89370400440532013000"
	payeeIBAN  = "SE4550000000058398257466"
	otherIBAN  = "FI2112345600000785"
)

var ownAccounts = []storage.AccountNumber{
	{ID: 1, BIC: "bank", IBAN: ownIBAN}, {ID: 2, BIC: "bank", IBAN: "DE89 3704 0044 0532 0130 00"}, {ID: 3, BIC: "bank", BBAN: "6000123456789"}, {ID: 4, BIC: "other", BBAN: "6000123456789"},
}

func at(day string) time.Time {
	moment, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", time.Local)
	if err != nil {
		panic(err)
	}
	return moment
}

// sentOn is a payment of 12.50 EUR that was sent on a day and is carried out.
func sentOn(id, day string, change func(*storage.Payment)) storage.Payment {
	p := storage.Payment{
		ID: id, BIC: "bank", Fate: storage.FateTaken, Status: xs2a.PaymentSettled, SentAt: at(day), EndedAt: at(day).Add(time.Minute),
		Order: xs2a.Order{Service: xs2a.SinglePayment, Debtor: xs2a.OrderAccount{IBAN: ownIBAN}, Transfers: []xs2a.Transfer{{
			Creditor: "Ausgedachte Werke GmbH", To: xs2a.OrderAccount{IBAN: payeeIBAN}, Amount: xs2a.Amount{Number: "12.50", Currency: "EUR"}, Text: "Invoice 4711",
		}}},
	}
	if change != nil {
		change(&p)
	}
	return p
}

// bookedOn is a transaction of 12.50 EUR out of the first account that tells nothing more.
func bookedOn(id int64, day string, change func(*storage.Transaction)) storage.Transaction {
	t := storage.Transaction{ID: id, AccountID: 1, FirstSeenAt: at("2027-12-31"), Transaction: xs2a.Transaction{BookingDate: day, Amount: xs2a.Amount{Number: "-12.5", Currency: "EUR"}}}
	if change != nil {
		change(&t)
	}
	return t
}

func toPayee(t *storage.Transaction) { t.CreditorAccount = payeeIBAN }

// TestBooked finds what was booked of payments. What is wanted is, for each place, the ids of
// the transactions, with a ? where it may be one of them.
func TestBooked(t *testing.T) {
	const day = "2027-03-03"
	text := func(text string) func(*storage.Payment) {
		return func(p *storage.Payment) { p.Order.Transfers[0].Text = text }
	}
	one := func(change func(*storage.Payment)) []storage.Payment {
		return []storage.Payment{sentOn("p", day, change)}
	}
	says := func(change func(*storage.Transaction)) []storage.Transaction {
		return []storage.Transaction{bookedOn(1, day, change)}
	}
	standing := func(every xs2a.Frequency, start string, status xs2a.TransactionStatus) func(*storage.Payment) {
		return func(p *storage.Payment) {
			p.Order.Service, p.Order.Standing = xs2a.PeriodicPayment, &xs2a.Standing{Start: start, Frequency: every, Rule: "following"}
			if p.Status = status; !status.Refused() {
				p.EndedAt = time.Time{}
			}
		}
	}
	for name, test := range map[string]struct {
		payments []storage.Payment
		entries  []storage.Transaction
		now      string // empty: 2027-03-20
		want     string
	}{
		"the payee’s account":             {one(nil), says(toPayee), "", "1"},
		"another’s account":               {one(nil), says(func(t *storage.Transaction) { t.CreditorAccount, t.Remittance = otherIBAN, "Invoice 4711" }), "", "-"},
		"the number of the country’s own": {one(nil), says(func(t *storage.Transaction) { t.CreditorAccount = "58398257466" }), "", "1"},
		"a masked account and the name": {one(nil), says(func(t *storage.Transaction) {
			t.CreditorAccount, t.CreditorName = "••••7466", "AUSGEDACHTE WERKE GMBH"
		}), "", "1"},
		"the name, cut off":                {one(nil), says(func(t *storage.Transaction) { t.CreditorName = "AUSGEDACHTE WERKE" }), "", "1"},
		"another name":                     {one(nil), says(func(t *storage.Transaction) { t.CreditorName = "Ausgeschlafen AG" }), "", "-"},
		"another name, and the text":       {one(nil), says(func(t *storage.Transaction) { t.CreditorName, t.Remittance = "A. Werke", "SVWZ+INVOICE 4711" }), "", "1"},
		"the text, cut off":                {one(text("Invoice 4711 of 28 February")), says(func(t *storage.Transaction) { t.Remittance = "INVOICE 4711 OF 28" }), "", "1"},
		"too little of the text":           {one(text("Invoice 4711")), says(func(t *storage.Transaction) { t.Remittance = "Invoice" }), "", "-"},
		"a short text within another":      {one(text("Rent")), says(func(t *storage.Transaction) { t.Remittance = "Parental benefit" }), "", "-"},
		"nothing told":                     {one(nil), says(nil), "", "1?"},
		"a reference":                      {one(func(p *storage.Payment) { p.Order.Transfers[0].OCR, p.Order.Transfers[0].Text = "12345674", "" }), says(func(t *storage.Transaction) { t.Remittance = "OCR 1234 5674" }), "", "1"},
		"a giro’s number":                  {one(func(p *storage.Payment) { p.Order.Transfers[0].To = xs2a.OrderAccount{Giro: "5050-1055"} }), says(func(t *storage.Transaction) { t.CreditorAccount = "50501055" }), "", "1"},
		"the account behind a giro":        {one(func(p *storage.Payment) { p.Order.Transfers[0].To = xs2a.OrderAccount{Giro: "5050-1055"} }), says(func(t *storage.Transaction) { t.CreditorAccount, t.CreditorName = otherIBAN, "Ausgedachte Werke GmbH" }), "", "1"},
		"the same end-to-end id":           {one(func(p *storage.Payment) { p.Order.Transfers[0].EndToEnd = "E1" }), says(func(t *storage.Transaction) { t.EndToEndID = " E1" }), "", "1"},
		"another end-to-end id":            {one(func(p *storage.Payment) { p.Order.Transfers[0].EndToEnd = "E1" }), says(func(t *storage.Transaction) { t.EndToEndID, t.CreditorAccount = "E2", payeeIBAN }), "", "-"},
		"an end-to-end id that tells none": {one(func(p *storage.Payment) { p.Order.Transfers[0].EndToEnd = "E1" }), says(func(t *storage.Transaction) { t.EndToEndID, t.CreditorAccount = "NOTPROVIDED", payeeIBAN }), "", "1"},

		"another amount":   {one(nil), says(func(t *storage.Transaction) { toPayee(t); t.Amount.Number = "-12.51" }), "", "-"},
		"another currency": {one(nil), says(func(t *storage.Transaction) { toPayee(t); t.Amount.Currency = "SEK" }), "", "-"},
		"it came in":       {one(nil), says(func(t *storage.Transaction) { toPayee(t); t.Amount.Number = "12.50" }), "", "-"},
		"another account":  {one(nil), says(func(t *storage.Transaction) { toPayee(t); t.AccountID = 2 }), "", "-"},
		"exchanged": {one(func(p *storage.Payment) { p.Order.Transfers[0].EndToEnd = "E1" }), says(func(t *storage.Transaction) {
			toPayee(t)
			t.EndToEndID, t.Amount = "E1", xs2a.Amount{Number: "-141.2", Currency: "SEK"}
		}), "", "1"},
		"exchanged, maybe": {one(func(p *storage.Payment) { p.Order.Transfers[0].EndToEnd = "E1" }), says(func(t *storage.Transaction) {
			t.EndToEndID, t.Amount = "E1", xs2a.Amount{Number: "-141.2", Currency: "SEK"}
		}), "", "-"},
		"the day before":                         {one(nil), []storage.Transaction{bookedOn(1, "2027-03-02", toPayee)}, "", "1"},
		"two days before":                        {one(nil), []storage.Transaction{bookedOn(1, "2027-03-01", toPayee)}, "", "-"},
		"ten days after":                         {one(nil), []storage.Transaction{bookedOn(1, "2027-03-13", toPayee)}, "", "1"},
		"eleven days after":                      {one(nil), []storage.Transaction{bookedOn(1, "2027-03-14", toPayee)}, "", "-"},
		"seen before it was sent":                {one(nil), says(func(t *storage.Transaction) { toPayee(t); t.FirstSeenAt = at(day).Add(-time.Second) }), "", "-"},
		"approved weeks later":                   {one(func(p *storage.Payment) { p.EndedAt = at("2027-03-18") }), []storage.Transaction{bookedOn(1, "2027-03-27", toPayee)}, "", "1"},
		"of a day ahead":                         {one(func(p *storage.Payment) { p.Order.On = "2027-04-06" }), []storage.Transaction{bookedOn(1, "2027-04-07", toPayee)}, "", "1"},
		"of a day without banks, made before it": {one(func(p *storage.Payment) { p.Order.On, p.EndedAt = "2027-03-29", at("2027-03-25") }), []storage.Transaction{bookedOn(1, "2027-03-25", toPayee)}, "2027-04-01", "1"},
		"not ended yet":                          {one(func(p *storage.Payment) { p.Status, p.EndedAt = "ACSP", time.Time{} }), []storage.Transaction{bookedOn(1, "2027-03-29", toPayee)}, "2027-03-20", "1"},

		"rejected":             {one(func(p *storage.Payment) { p.Status = xs2a.PaymentRejected }), says(toPayee), "", ""},
		"cancelled":            {one(func(p *storage.Payment) { p.Status = xs2a.PaymentCancelled }), says(toPayee), "", ""},
		"refused":              {one(func(p *storage.Payment) { p.Fate = storage.FateRefused }), says(toPayee), "", ""},
		"never sent":           {one(func(p *storage.Payment) { p.SentAt = time.Time{} }), says(toPayee), "", ""},
		"an account elsewhere": {one(func(p *storage.Payment) { p.Order.Debtor.IBAN = otherIBAN }), says(toPayee), "", ""},

		"pending, without a day": {one(nil), says(func(t *storage.Transaction) {
			toPayee(t)
			t.Pending, t.BookingDate, t.FirstSeenAt = true, "", at(day).Add(time.Minute)
		}), "", "1"},
		"pending and booked": {one(nil), []storage.Transaction{
			bookedOn(1, day, toPayee), bookedOn(2, day, func(t *storage.Transaction) { toPayee(t); t.Pending = true }),
		}, "", "1"},
		"pending twice": {one(nil), []storage.Transaction{
			bookedOn(1, day, func(t *storage.Transaction) { toPayee(t); t.Pending = true }), bookedOn(2, day, func(t *storage.Transaction) { toPayee(t); t.Pending = true }),
		}, "", "2 1?"},
		"booked twice":     {one(nil), []storage.Transaction{bookedOn(1, day, toPayee), bookedOn(2, "2027-03-05", toPayee)}, "", "2 1?"},
		"told by the text": {one(nil), []storage.Transaction{bookedOn(1, day, toPayee), bookedOn(2, day, func(t *storage.Transaction) { toPayee(t); t.Remittance = "Invoice 4711" })}, "", "2"},

		"two alike on one day":  {[]storage.Payment{sentOn("p", day, nil), sentOn("q", day, nil)}, []storage.Transaction{bookedOn(1, day, toPayee), bookedOn(2, day, toPayee)}, "", "2 1? | 2 1?"},
		"two alike, one booked": {[]storage.Payment{sentOn("p", day, nil), sentOn("q", day, nil)}, []storage.Transaction{bookedOn(1, day, toPayee)}, "", "1? | 1?"},
		"two alike days apart":  {[]storage.Payment{sentOn("p", day, nil), sentOn("q", "2027-03-08", nil)}, []storage.Transaction{bookedOn(1, day, toPayee), bookedOn(2, "2027-03-08", toPayee)}, "", "1 | 2"},
		"two that differ in their texts": {[]storage.Payment{sentOn("p", day, text("Pizza on Monday")), sentOn("q", day, text("Cinema"))},
			[]storage.Transaction{bookedOn(1, day, func(t *storage.Transaction) { toPayee(t); t.Remittance = "CINEMA" }), bookedOn(2, day, toPayee)}, "", "2 | 1"},
		"one knows it by its id": {[]storage.Payment{sentOn("p", day, func(p *storage.Payment) { p.Order.Transfers[0].EndToEnd = "E1" }), sentOn("q", day, nil)},
			says(func(t *storage.Transaction) { toPayee(t); t.EndToEndID = "E1" }), "", "1 | -"},
		"three alike, in their order": {[]storage.Payment{sentOn("p", "2027-03-01", nil), sentOn("q", "2027-03-06", nil), sentOn("r", "2027-03-15", nil)},
			[]storage.Transaction{bookedOn(1, "2027-03-02", toPayee), bookedOn(2, "2027-03-08", toPayee), bookedOn(3, "2027-03-16", toPayee)}, "", "1 | 2 | 3"},

		"to an own account": {one(func(p *storage.Payment) { p.Order.Transfers[0].To.IBAN = secondIBAN }), []storage.Transaction{
			bookedOn(1, day, func(t *storage.Transaction) { t.CreditorAccount = secondIBAN }),
			bookedOn(2, day, func(t *storage.Transaction) { t.AccountID, t.Amount.Number, t.DebtorAccount = 2, "12.50", ownIBAN }),
		}, "", "1 | in 2"},
		"to an own account, from somebody else": {one(func(p *storage.Payment) { p.Order.Transfers[0].To.IBAN = secondIBAN }), []storage.Transaction{
			bookedOn(2, day, func(t *storage.Transaction) { t.AccountID, t.Amount.Number, t.DebtorAccount = 2, "12.50", otherIBAN }),
		}, "", "- | in -"},
		"from a number of the country’s own": {one(func(p *storage.Payment) { p.Order.Debtor = xs2a.OrderAccount{Clearing: "6000", BBAN: "123456789"} }), []storage.Transaction{
			bookedOn(1, day, func(t *storage.Transaction) { toPayee(t); t.AccountID = 3 }), bookedOn(2, day, func(t *storage.Transaction) { toPayee(t); t.AccountID = 4 }),
		}, "", "1"},

		"several, each by itself": {one(func(p *storage.Payment) {
			p.Order.Transfers = append(p.Order.Transfers, xs2a.Transfer{Creditor: "Berta", To: xs2a.OrderAccount{IBAN: otherIBAN}, Amount: xs2a.Amount{Number: "7", Currency: "EUR"}})
		}), []storage.Transaction{bookedOn(1, day, toPayee), bookedOn(2, day, func(t *storage.Transaction) { t.Amount.Number, t.CreditorAccount = "-7.00", otherIBAN })}, "", "1 | 2 | all -"},
		"several, as one": {one(func(p *storage.Payment) {
			p.Order.Transfers = append(p.Order.Transfers, xs2a.Transfer{Creditor: "Berta", To: xs2a.OrderAccount{IBAN: otherIBAN}, Amount: xs2a.Amount{Number: "7", Currency: "EUR"}})
		}), says(func(t *storage.Transaction) { t.Amount.Number, t.Remittance = "-19.50", "Collective order" }), "", "- | - | all 1?"},

		"a standing order, each month": {one(standing(xs2a.Monthly, "2027-03-05", "ACSP")), []storage.Transaction{
			bookedOn(1, "2027-03-05", toPayee), bookedOn(2, "2027-04-06", toPayee), bookedOn(3, "2027-05-25", toPayee), bookedOn(4, "2027-06-07", toPayee),
		}, "2027-06-10", "2027-06-07 4 | 2027-05-05 - | 2027-04-05 2 | 2027-03-05 1"},
		"a standing order, each day": {one(standing(xs2a.Daily, "2027-03-08", "ACSP")), []storage.Transaction{
			bookedOn(1, "2027-03-08", toPayee), bookedOn(2, "2027-03-09", toPayee), bookedOn(3, "2027-03-09", toPayee),
		}, "2027-03-10", "2027-03-10 - | 2027-03-09 3 2? | 2027-03-08 1"},
		"a standing order that was cancelled": {one(func(p *storage.Payment) {
			standing(xs2a.Monthly, "2027-03-05", "CANC")(p)
			p.EndedAt = at("2027-03-20")
		}), []storage.Transaction{
			bookedOn(1, "2027-03-05", toPayee), bookedOn(2, "2027-04-05", toPayee),
		}, "2027-06-10", "2027-03-05 1"},
		"a standing order and one by hand": {[]storage.Payment{sentOn("p", day, standing(xs2a.Monthly, "2027-03-05", "ACSP")), sentOn("q", "2027-03-12", nil)}, []storage.Transaction{
			bookedOn(1, "2027-03-05", toPayee), bookedOn(2, "2027-03-12", toPayee),
		}, "2027-03-20", "2027-03-05 1 | 2"},
		"a standing order of a day ahead": {one(standing(xs2a.Monthly, "2027-04-05", "ACSP")), says(toPayee), "2027-03-20", ""},
	} {
		t.Run(name, func(t *testing.T) {
			now := at(cmp.Or(test.now, "2027-03-20"))
			var places []place
			for i := range test.payments {
				places = append(places, placesOf(&test.payments[i], ownAccounts, now)...)
			}
			var pool []entry
			for _, e := range test.entries {
				pool = append(pool, entryOf(e))
			}
			slices.Reverse(pool) // the newest first
			var got []string
			for i, answer := range settle(places, pool) {
				var words []string
				if places[i].day != "" {
					words = append(words, places[i].day)
				}
				if places[i].incoming {
					words = append(words, "in")
				}
				if places[i].transfer == Whole {
					words = append(words, "all")
				}
				for _, found := range answer.found {
					words = append(words, fmt.Sprint(found.ID))
				}
				text := strings.Join(words, " ")
				switch {
				case len(answer.found) == 0:
					text = strings.TrimSpace(text + " -")
				case !answer.sure:
					text += "?"
				}
				got = append(got, text)
			}
			if text := strings.Join(got, " | "); text != test.want {
				t.Errorf("got %q, want %q", text, test.want)
			}
		})
	}
}
