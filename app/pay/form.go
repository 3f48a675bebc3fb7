package pay

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/app/pay/check"
	"consentry/storage"
	"consentry/xs2a"
)

// Form is what stands in the form of a payment, as it was typed. A field that the product
// or the service does not have is not looked at.
type Form struct {
	ID                string // of the form: what is sent with it is one payment
	EnvironmentID     string
	BIC               string
	AffiliatedASPSPID string
	Service           xs2a.PaymentService
	Product           string

	From         string // the account paid from: an IBAN, or the country's own number
	FromClearing string // of the latter
	FromCurrency string // of an account in several

	Creditor  string
	To        string // an IBAN, a number of the country's own, or a giro number
	Clearing  string // of a number of the country's own
	Giro      xs2a.GiroType
	Agent     string // BIC of the payee's bank
	AgentName string // its name, where that is asked for
	Address   xs2a.Address
	Amount    string
	Currency  string
	Text      string
	Reference string // of a giro: OCR; else RF, which stands in the text
	Invoice   string // of a giro
	EndToEnd  string
	Charges   string
	Purpose   string // ISO 20022 external purpose code

	ToSelf, ToCreditor string // of a giro: what is to stand on the two statements

	On                         string // empty: at once
	Start, End, Frequency, Day string // of a periodic payment
	Rule                       string

	Batch string // of a bulk payment, how it stands on the statement: one or each; empty: as the bank does

	NoWait bool // it is to be rejected where the account does not hold enough

	PSUID     string // the person's login at the bank, where it wants to be told
	Decoupled bool   // they would rather approve on another device than on the bank's page
}

// Fields are what is wrong with a form, by the names of its fields.
type Fields map[string]storage.Reason

func (f Fields) add(name string, fault *check.Fault) {
	if fault != nil {
		f[name] = ReasonOf(fault)
	}
}

// ReasonOf returns a fault as screens tell it. Name and Text are its texts.
func ReasonOf(f *check.Fault) storage.Reason {
	return storage.Reason{Code: string(f.Code), Name: f.Text, Text: f.Other, Number: f.Number, Of: f.Of}
}

// The longest fields of a payment, in characters (BG 1.3.12 section 14; pain.001.001.03).
const (
	longestName     = 70
	longestEndToEnd = 35
	longestAhead    = 2 // years that a day may lie ahead
)

// Order reads a form into an order by a product, or says what is wrong with its fields.
// today is the day at the bank.
func (f Form) Order(about Product, today time.Time) (xs2a.Order, Fields) {
	about, wrong := about.By(f.Service), Fields{}
	o := xs2a.Order{Service: f.Service, Product: f.Product, NoWait: f.NoWait}
	var transfer xs2a.Transfer
	o.Debtor = f.debtor(about, wrong)
	f.payee(about, &transfer, wrong)
	f.amount(about, &transfer, wrong)
	f.words(about, &transfer, wrong)
	f.days(about, &o, today, wrong)
	o.Transfers = []xs2a.Transfer{transfer}
	return o, wrong
}

func (f Form) debtor(about Product, wrong Fields) xs2a.OrderAccount {
	account, fault := accountOf(f.From, f.FromClearing, about.To != ByIBAN)
	if fault != nil && fault.Code == check.Missing {
		fault.Code = check.ChooseAccount
	}
	wrong.add("from", fault)
	account.Currency = f.FromCurrency
	return account
}

// accountOf reads an account: an IBAN where it begins like one, else a number of the
// country's own where that is taken.
func accountOf(number, clearing string, ownNumbers bool) (account xs2a.OrderAccount, fault *check.Fault) {
	if ownNumbers && !check.LikeIBAN(number) && strings.TrimSpace(number) != "" {
		if account.BBAN, fault = check.BBAN(number); fault == nil && strings.TrimSpace(clearing) != "" {
			account.Clearing, fault = check.Clearing(clearing)
		}
		return account, fault
	}
	account.IBAN, fault = check.IBAN(number)
	return account, fault
}

func (f Form) payee(about Product, to *xs2a.Transfer, wrong Fields) {
	var fault *check.Fault
	if to.Creditor, fault = check.Text(f.Creditor, longestName, about.Extended); fault == nil && to.Creditor == "" {
		fault = &check.Fault{Code: check.Missing}
	}
	wrong.add("creditor", fault)
	switch about.To {
	case ByGiro:
		to.To.GiroType = f.Giro
		if f.Giro == xs2a.Plusgiro {
			to.To.Giro, fault = check.Plusgiro(f.To)
		} else {
			to.To.GiroType = xs2a.Bankgiro
			to.To.Giro, fault = check.Bankgiro(f.To)
		}
	default:
		to.To, fault = accountOf(f.To, f.Clearing, about.To == ByIBANOrBBAN)
	}
	wrong.add("to", fault)
	if fault == nil && sameAccount(to.To, f.From) {
		wrong["to"] = storage.Reason{Code: string(check.SameAccount)}
	}
	if !about.Abroad {
		return
	}
	if strings.TrimSpace(f.Agent) != "" {
		to.Agent, fault = check.BIC(f.Agent)
		wrong.add("agent", fault)
	}
	if about.Agent {
		to.AgentName, fault = check.Text(f.AgentName, longestName, about.Extended)
		wrong.add("agent_name", fault)
	}
	f.address(to, wrong)
}

// sameAccount reports whether a payment would go to the account it comes from.
func sameAccount(to xs2a.OrderAccount, from string) bool {
	own, fault := check.IBAN(from)
	return fault == nil && own == to.IBAN
}

func (f Form) address(to *xs2a.Transfer, wrong Fields) {
	if f.Address == (xs2a.Address{}) {
		return
	}
	a := f.Address
	switch a.Country = strings.ToUpper(strings.TrimSpace(a.Country)); {
	case a.Country == "":
		wrong["country"] = storage.Reason{Code: string(check.Missing)}
	case !xs2a.IsCountry(a.Country):
		wrong["country"] = storage.Reason{Code: failure.NotACountry, Name: f.Address.Country}
	}
	var fault *check.Fault
	for _, each := range []struct {
		name    string
		text    *string
		longest int // pain.001.001.03, PostalAddress6
	}{{"street", &a.Street, 70}, {"number", &a.Number, 16}, {"post_code", &a.PostCode, 16}, {"town", &a.Town, 35}} {
		*each.text, fault = check.Text(*each.text, each.longest, false)
		wrong.add(each.name, fault)
	}
	to.Address = &a
}

func (f Form) amount(about Product, to *xs2a.Transfer, wrong Fields) {
	code := about.Currency
	if code == "" {
		var fault *check.Fault
		if code, fault = check.Currency(f.Currency); fault != nil {
			wrong.add("currency", fault)
			return
		}
	}
	number, fault := check.Amount(f.Amount, code)
	wrong.add("amount", fault)
	to.Amount = xs2a.Amount{Number: number, Currency: code}
}

// words reads what goes along for people: at a giro a reference or the number of the
// invoice, elsewhere a text, which may be a reference of ISO 11649.
func (f Form) words(about Product, to *xs2a.Transfer, wrong Fields) {
	var fault *check.Fault
	to.EndToEnd, fault = check.Text(f.EndToEnd, longestEndToEnd, false)
	wrong.add("end_to_end", fault)
	if about.Purpose && strings.TrimSpace(f.Purpose) != "" {
		to.Purpose, fault = check.Purpose(f.Purpose)
		wrong.add("purpose", fault)
	}
	if about.To == ByGiro {
		to.ToSelf, fault = check.Text(f.ToSelf, longestText, true)
		wrong.add("to_self", fault)
		to.ToCreditor, fault = check.Text(f.ToCreditor, longestText, true)
		wrong.add("to_creditor", fault)
		switch {
		case strings.TrimSpace(f.Reference) != "":
			to.OCR, fault = check.OCR(f.Reference)
			wrong.add("reference", fault)
		case strings.TrimSpace(f.Invoice) != "":
			to.Invoice, fault = check.Text(f.Invoice, longestText, true)
			wrong.add("invoice", fault)
		default:
			wrong["reference"] = storage.Reason{Code: string(check.ReferenceOrInvoice)}
		}
		return
	}
	to.Text, fault = check.Text(f.Text, about.Longest, about.Extended)
	if fault == nil && strings.HasPrefix(strings.ToUpper(to.Text), "RF") {
		if reference, wrongDigits := check.CreditorReference(to.Text); wrongDigits == nil {
			to.Text = reference
		} else if check.LikeReference(to.Text) {
			fault = wrongDigits
		}
	}
	wrong.add("text", fault)
	if about.Costs {
		switch f.Charges {
		case "", "DEBT", "CRED", "SHAR":
			to.Charges = f.Charges
		default:
			wrong["charges"] = storage.Reason{Code: failure.NoneOf, Name: f.Charges, Names: []string{"SHAR", "DEBT", "CRED"}}
		}
	}
}

// days reads when it is to be made: at once or on a day, or in a row.
func (f Form) days(about Product, o *xs2a.Order, today time.Time, wrong Fields) {
	last := today.AddDate(longestAhead, 0, 0)
	if f.Service != xs2a.PeriodicPayment {
		if about.Instant || strings.TrimSpace(f.On) == "" {
			return
		}
		day, fault := check.Day(f.On, today, last)
		if wrong.add("on", fault); fault == nil && day.Format(time.DateOnly) != today.Format(time.DateOnly) {
			o.On = day.Format(time.DateOnly)
		}
		return
	}
	standing := &xs2a.Standing{Frequency: xs2a.Frequency(f.Frequency)}
	o.Standing = standing
	start, fault := check.Day(f.Start, today, last)
	wrong.add("start", fault)
	if fault == nil {
		standing.Start = start.Format(time.DateOnly)
	}
	if strings.TrimSpace(f.End) != "" {
		first := today
		if standing.Start != "" {
			first = start
		}
		end, fault := check.Day(f.End, first, time.Time{})
		if wrong.add("end", fault); fault == nil {
			standing.End = end.Format(time.DateOnly)
		}
	}
	if !knownFrequency(standing.Frequency) {
		wrong["frequency"] = storage.Reason{Code: string(check.Missing)}
	}
	if f.Rule == "following" || f.Rule == "preceding" {
		standing.Rule = f.Rule
	}
	if day := strings.TrimSpace(f.Day); day != "" && standing.Frequency.Monthly() {
		if n, err := strconv.Atoi(day); err != nil || n < 1 || n > 31 {
			wrong["day"] = storage.Reason{Code: string(check.DayOfMonth)}
		} else {
			standing.Day = strconv.Itoa(n)
		}
	}
	if standing.Start != "" && standing.End != "" && len(wrong) == 0 {
		if list, _ := Occasions(*standing, cmp.Or(about.Currency, f.Currency), start, 1); len(list) == 0 {
			wrong["end"] = storage.Reason{Code: failure.NeverDue}
		}
	}
}

func knownFrequency(f xs2a.Frequency) bool {
	for _, known := range xs2a.Frequencies {
		if f == known {
			return true
		}
	}
	return false
}
