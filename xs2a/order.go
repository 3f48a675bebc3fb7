package xs2a

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Order is a payment as it is asked for, whatever service and product it goes by.
// Its fields have been checked; Dialect.Document puts them into the form a bank takes.
type Order struct {
	Service PaymentService
	Product string

	Debtor    OrderAccount
	Transfers []Transfer // one; of a bulk payment one or more

	On       string    // the day of execution, 2027-01-31; empty: at once
	Standing *Standing // of a periodic payment
	NoWait   bool      // it is to be rejected where the account does not hold enough, and not to wait
	Batch    *bool     // whether a bulk payment is to be booked as one; nil: as the bank does
}

// OrderAccount names an account that is paid from or to: by IBAN, by a number of the
// country's own with a clearing number where it has one, or by a giro number.
type OrderAccount struct {
	IBAN, BBAN, Clearing string
	Giro                 string
	GiroType             GiroType
	Currency             string // of an account in several
}

// GiroType is a Swedish giro (Open Payments 1.3.3, giroType).
type GiroType string

// The giros.
const (
	Bankgiro GiroType = "BANKGIRO"
	Plusgiro GiroType = "PLUSGIRO"
)

// Transfer is one transfer of an order.
type Transfer struct {
	EndToEnd string // the person's own reference, which goes through to the payee
	Amount   Amount

	Creditor  string // name
	To        OrderAccount
	Agent     string // BIC of the payee's bank
	AgentName string // where it is named in words
	Address   *Address

	Text    string // unstructured remittance information
	OCR     string // of a giro: the reference of the invoice with its check digit
	Invoice string // of a giro: what else names the invoice

	ToSelf, ToCreditor string // of a giro: messages on the two statements
	Purpose            string // ISO 20022 external purpose code
	Charges            string // chargeBearer, DEBT, CRED, SHAR or SLEV; empty: as the bank does
}

// Address is where a payee lives.
type Address struct {
	Street, Number, PostCode, Town string
	Country                        string // ISO 3166-1 alpha-2
}

// Standing says when a periodic payment is made.
type Standing struct {
	Start, End string // days; an empty End: until it is cancelled
	Frequency  Frequency
	Rule       string // following or preceding: where a day is no bank day; empty: as the bank does
	Day        string // of the month, 1 to 31, 31 being its last; empty: as Start says
}

// Frequency is how often a periodic payment is made (ISO 20022 EventFrequency7Code,
// BG 1.3.12 section 14.19).
type Frequency string

// The frequencies, in the order of their length.
const (
	Daily          Frequency = "Daily"
	Weekly         Frequency = "Weekly"
	EveryTwoWeeks  Frequency = "EveryTwoWeeks"
	Monthly        Frequency = "Monthly"
	EveryTwoMonths Frequency = "EveryTwoMonths"
	Quarterly      Frequency = "Quarterly"
	SemiAnnual     Frequency = "SemiAnnual"
	Annual         Frequency = "Annual"
)

// Monthly reports whether it is made at most once a month, so that a day of the month can
// be named.
func (f Frequency) Monthly() bool {
	return f != Daily && f != Weekly && f != EveryTwoWeeks && f != ""
}

// Frequencies lists those that are asked for. MonthlyVariable is not: it names its months one
// by one, for which a person sends one payment each.
var Frequencies = []Frequency{Daily, Weekly, EveryTwoWeeks, Monthly, EveryTwoMonths, Quarterly, SemiAnnual, Annual}

// Giro reports whether a product goes to giro numbers (Open Payments 1.3.3).
func Giro(product string) bool { return product == "swedish-giro" }

// XML reports whether a product is sent as pain.001 (BG 1.3.12 section 5.3.1: its name
// begins so).
func XML(product string) bool { return strings.HasPrefix(product, "pain.001-") }

// orderJSON is an order, or one of a bulk payment, as JSON products have it
// (BG 1.3.12 sections 11.1 and 11.3; Open Payments 1.3.3).
type orderJSON struct {
	EndToEnd  string            `json:"endToEndIdentification,omitempty"`
	Debtor    *orderAccountJSON `json:"debtorAccount,omitempty"`
	Amount    *Amount           `json:"instructedAmount,omitempty"`
	To        *orderAccountJSON `json:"creditorAccount,omitempty"`
	Giro      *giroJSON         `json:"creditorGiro,omitempty"`
	Agent     string            `json:"creditorAgent,omitempty"`
	AgentName string            `json:"creditorAgentName,omitempty"`
	Creditor  string            `json:"creditorName,omitempty"`
	Address   any               `json:"creditorAddress,omitempty"`
	Purpose   string            `json:"purposeCode,omitempty"`
	Charges   string            `json:"chargeBearer,omitempty"`
	Text      string            `json:"remittanceInformationUnstructured,omitempty"`
	Invoice   string            `json:"invoiceRef,omitempty"`
	OCR       string            `json:"ocrRef,omitempty"`
	ToSelf    string            `json:"debtorAccountMessage,omitempty"`
	ToOther   string            `json:"creditorAccountMessage,omitempty"`

	On        string      `json:"requestedExecutionDate,omitempty"`
	Start     string      `json:"startDate,omitempty"`
	End       string      `json:"endDate,omitempty"`
	Frequency Frequency   `json:"frequency,omitempty"`
	Rule      string      `json:"executionRule,omitempty"`
	Day       string      `json:"dayOfExecution,omitempty"`
	Batch     *bool       `json:"batchBookingPreferred,omitempty"`
	Payments  []orderJSON `json:"payments,omitempty"`
}

type orderAccountJSON struct {
	IBAN     string `json:"iban,omitempty"`
	BBAN     string `json:"bban,omitempty"`
	Clearing string `json:"clearingNumber,omitempty"`
	Bankgiro string `json:"bankgiroNumber,omitempty"`
	Plusgiro string `json:"plusgiroNumber,omitempty"`
	Currency string `json:"currency,omitempty"`
}

type giroJSON struct {
	Number string   `json:"giroNumber"`
	Type   GiroType `json:"giroType"`
}

// addressJSON is the Berlin Group's form of an address (BG 1.3.12 section 14.25),
// placeJSON Open Payments' (1.3.3, address).
type (
	addressJSON struct {
		Street   string `json:"streetName,omitempty"`
		Number   string `json:"buildingNumber,omitempty"`
		Town     string `json:"townName,omitempty"`
		PostCode string `json:"postCode,omitempty"`
		Country  string `json:"country"`
	}
	placeJSON struct {
		Street   string `json:"street,omitempty"`
		Number   string `json:"buildingNumber,omitempty"`
		Town     string `json:"city,omitempty"`
		PostCode string `json:"postalCode,omitempty"`
		Country  string `json:"country"`
	}
)

func placeOf(a Address) any { return placeJSON{a.Street, a.Number, a.Town, a.PostCode, a.Country} }

// Document returns an order as a dialect sends it. The same order is always the same
// bytes, so that what was shown can be told from what is sent. messageID names the order
// in an XML document, which needs a name and a moment of its own; it is up to 35
// characters long.
func (d Dialect) Document(o Order, messageID string, created time.Time) (Document, error) {
	switch {
	case len(o.Transfers) == 0 || o.Service != BulkPayment && len(o.Transfers) != 1:
		return Document{}, fmt.Errorf("xs2a: %d transfers in one of %s", len(o.Transfers), o.Service)
	case (o.Service == PeriodicPayment) != (o.Standing != nil):
		return Document{}, fmt.Errorf("xs2a: %s and the days of a periodic payment do not go together", o.Service)
	case XML(o.Product):
		content, err := o.pain001(messageID, created.UTC().Format("2006-01-02T15:04:05Z"))
		return o.with(Document{MediaType: "application/xml", Content: content}), err
	}
	wire := orderJSON{Debtor: debtorJSON(o.Debtor), On: o.On}
	if o.Service == BulkPayment {
		wire.Batch = o.Batch
		for _, transfer := range o.Transfers {
			wire.Payments = append(wire.Payments, d.transferJSON(transfer))
		}
	} else {
		single := d.transferJSON(o.Transfers[0])
		single.Debtor, single.On = wire.Debtor, wire.On
		wire = single
	}
	if s := o.Standing; s != nil {
		wire.On = "" // the first day stands in its place
		wire.Start, wire.End, wire.Frequency, wire.Rule, wire.Day = s.Start, s.End, s.Frequency, s.Rule, s.Day
	}
	content, err := json.Marshal(wire)
	return o.with(JSON(content)), err
}

// with adds to a document the headers that an order is sent with.
func (o Order) with(document Document) Document {
	if o.NoWait {
		document.Header = http.Header{NoFundsPreferred: {"true"}}
	}
	return document
}

func (d Dialect) transferJSON(t Transfer) orderJSON {
	wire := orderJSON{
		EndToEnd: t.EndToEnd, Amount: &t.Amount, Agent: t.Agent, AgentName: t.AgentName, Creditor: t.Creditor,
		Purpose: t.Purpose, Charges: t.Charges, Text: t.Text,
	}
	if t.Address != nil {
		wire.Address = addressJSON{t.Address.Street, t.Address.Number, t.Address.Town, t.Address.PostCode, t.Address.Country}
		if d.Address != nil {
			wire.Address = d.Address(*t.Address)
		}
	}
	if t.To.Giro != "" {
		wire.Giro = &giroJSON{t.To.Giro, t.To.GiroType}
		wire.OCR, wire.Invoice, wire.ToSelf, wire.ToOther = t.OCR, t.Invoice, t.ToSelf, t.ToCreditor
		wire.Text = "" // a giro has a reference in its place
		return wire
	}
	wire.To = accountJSON(t.To)
	return wire
}

func accountJSON(a OrderAccount) *orderAccountJSON {
	return &orderAccountJSON{IBAN: a.IBAN, BBAN: a.BBAN, Clearing: a.Clearing, Currency: a.Currency}
}

// debtorJSON is an account that is paid from, which at Open Payments may be a giro.
func debtorJSON(a OrderAccount) *orderAccountJSON {
	wire := accountJSON(a)
	switch a.GiroType {
	case Bankgiro:
		wire.Bankgiro = a.Giro
	case Plusgiro:
		wire.Plusgiro = a.Giro
	}
	return wire
}
