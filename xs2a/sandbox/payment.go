package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// Transaction statuses (transactionStatus, ISO 20022 as BG 1.3.12 lists it).
const (
	paymentReceived  = "RCVD"
	paymentPartly    = "PATC" // some signatures are still to come
	paymentChecked   = "ACTC"
	paymentAccepted  = "ACSP"
	paymentSettled   = "ACSC"
	paymentRejected  = "RJCT"
	paymentCancelled = "CANC"
)

// How long a payment that is due takes, from its authorisation or its day on.
const (
	checkTime  = 2 * time.Second
	settleTime = 5 * time.Second
)

// unluckyAmount is rejected, whatever the account holds: 666.66 of any currency.
const unluckyAmount = 66666

// payment is what a TPP asked to be paid and a person authorised.
type payment struct {
	ID               string
	Client, BIC      string
	Service, Product string
	Sent             json.RawMessage // as it was sent, for GET; of XML a JSON string
	XML              bool
	Orders           []order
	Debtor           accountReference
	On               people.Day // when it is due, first
	Every            frequency  // periodic payments only
	Until            people.Day // the last day of them; 0 for no end
	Status           string     // RCVD, PATC, RJCT or CANC; "" once authorised, when time tells
	Reason           string     // why it was rejected
	Created          time.Time
	Authorised       time.Time
	Ended            time.Time // when it was cancelled
	RedirectURI      string
	NokURI           string
	PSU              string
	Signed           []string
	CancelAsked      bool
	Elsewhere        bool // the TPP prefers no redirect, and has to say so with every call
}

// order is one transfer of a payment.
type order struct {
	Minor    int64
	Currency string
	Name     string
	IBAN     string
	BBAN     string // instead of it, at Open Payments
	Giro     string
	Text     string
	OCR      string
	EndToEnd string
}

var (
	_ subject = (*payment)(nil)
	_ subject = cancellation{}
)

// statusAt is the status with what time alone has done to it.
func (p *payment) statusAt(now time.Time) string {
	if p.Status != "" {
		return p.Status
	}
	switch due := p.due(now.Location()); {
	case now.Sub(due) >= settleTime:
		return paymentSettled
	case now.Sub(due) >= checkTime:
		return paymentAccepted
	}
	return paymentChecked
}

// due is the moment from which the bank executes it.
func (p *payment) due(zone *time.Location) time.Time {
	y, m, d := p.On.Time().Date()
	if at := time.Date(y, m, d, people.BookingHour, 0, 0, 0, zone); at.After(p.Authorised) {
		return at
	}
	return p.Authorised
}

func (p *payment) owner() (client, bic string) { return p.Client, p.BIC }
func (p *payment) signed() []string            { return p.Signed }
func (p *payment) path(at paths) string        { return p.self(at) + "/authorisations" }

func (p *payment) waits(now time.Time) bool {
	status := p.statusAt(now)
	return status == paymentReceived || status == paymentPartly
}

func (p *payment) self(at paths) string {
	return at.payments + "/" + p.Service + "/" + p.Product + "/" + p.ID
}

func (p *payment) refuse(*Sandbox) {
	p.Status, p.Reason = paymentRejected, "the person refused it"
}

// authorise lets a payment go, or rejects it where the account cannot bear it.
func (p *payment) authorise(s *Sandbox, auth *authorisation) {
	p.Signed = append(p.Signed, auth.PSU)
	if len(p.Signed) == 1 {
		p.PSU = auth.PSU
	}
	b := s.bank(p.BIC)
	if b.Behaviour != nil && len(p.Signed) < b.Behaviour.Signatures() {
		p.Status = paymentPartly
		return
	}
	from := p.Debtor.of(s.household(p.BIC, p.PSU))
	var total int64
	for _, o := range p.Orders {
		if o.Minor == unluckyAmount {
			p.Status, p.Reason = paymentRejected, "nobody pays this amount"
			return
		}
		if from != nil {
			total += s.inAccount(o, from)
		}
	}
	switch {
	case from == nil:
		p.Status, p.Reason = paymentRejected, "the account is not the person's"
	case total > s.available(from):
		p.Status, p.Reason = paymentRejected, "the account does not hold that much"
	default:
		p.Status, p.Authorised = "", s.now()
	}
}

// of finds the account of a household that a reference means.
func (ref accountReference) of(h *people.Household) *people.Account {
	list := []accountReference{ref}
	for _, acc := range h.Accounts {
		if names(&list, acc) {
			return acc
		}
	}
	return nil
}

// inAccount is what an order costs in the account's currency.
func (s *Sandbox) inAccount(o order, from *people.Account) int64 {
	if o.Currency == from.Currency {
		return o.Minor
	}
	return people.Convert(o.Minor, people.Rate("payments", o.Currency, from.Currency, people.DayOf(s.now())))
}

// available is what an account can bear.
func (s *Sandbox) available(from *people.Account) int64 {
	now := s.now()
	return people.Sum(from.Statement(now, true)) + people.Sum(from.Statement(now, false)) + from.Limit
}

// cancellation is the cancelling of a payment, which some banks want authorised.
type cancellation struct{ *payment }

func (x cancellation) path(at paths) string { return x.self(at) + "/cancellation-authorisations" }
func (x cancellation) signed() []string     { return nil }
func (x cancellation) refuse(*Sandbox)      { x.CancelAsked = false }

func (x cancellation) waits(now time.Time) bool { return x.CancelAsked && x.cancellable(now) }

func (x cancellation) authorise(s *Sandbox, _ *authorisation) {
	x.Status, x.Ended = paymentCancelled, s.now()
}

// cancellable reports whether it is not too late.
func (p *payment) cancellable(now time.Time) bool {
	return slices.Contains([]string{paymentReceived, paymentPartly, paymentChecked}, p.statusAt(now)) || p.Every != "" && p.Status == ""
}

// paymentOf finds the payment of a path.
func (s *Sandbox) paymentOf(c *call) (*payment, error) {
	p := s.state.Payments[c.request.PathValue("payment")]
	if p == nil || p.Client != c.client.id || p.BIC != c.bank.BIC || p.Service != c.service || p.Product != c.request.PathValue("product") {
		return nil, refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "the bank knows no such payment of yours")
	}
	return p, c.checkStaysAway(p.Elsewhere)
}

// checkProduct wants a product that the bank has.
func checkProduct(_ *Sandbox, c *call) error {
	product := c.request.PathValue("product")
	switch known := c.bank.Payable(); {
	case slices.Contains(known, product):
		return nil
	case slices.Contains(bank.AllProducts, product):
		return refuseField(http.StatusForbidden, "PRODUCT_INVALID", "payment-product", "this bank does not have the product")
	}
	return refuseField(http.StatusNotFound, "PRODUCT_UNKNOWN", "payment-product", "there is no such product")
}

// newPayment reads and keeps a payment, in either form.
func (s *Sandbox) newPayment(c *call, redirect, nok string) (*payment, error) {
	p := &payment{
		ID: newID(), Client: c.client.id, BIC: c.bank.BIC, Service: c.service, Product: c.request.PathValue("product"),
		Status: paymentReceived, Created: s.now(), RedirectURI: redirect, NokURI: nok, Elsewhere: c.staysAway(), On: people.DayOf(s.now()),
	}
	read := p.readJSON
	if strings.HasPrefix(p.Product, "pain.001-") {
		read = p.readXML
	}
	if err := read(c); err != nil {
		return nil, err
	}
	if err := p.check(people.DayOf(s.now()), c.takesBBAN()); err != nil {
		return nil, err
	}
	s.state.Payments[p.ID] = p
	s.state.touch()
	return p, nil
}

// openPayment answers POST /{service}/{product} of the Berlin Group's dialects.
func (s *Sandbox) openPayment(c *call) (answer, error) {
	redirect, nok, err := c.parties()
	if err != nil {
		return answer{}, err
	}
	p, err := s.newPayment(c, redirect, nok)
	if err != nil {
		return answer{}, err
	}
	a, err := s.opened(c, p, p.self(pathsOf(c.bank)), &authorisation{Payment: p.ID, RedirectURI: redirect, NokURI: nok})
	if err != nil {
		delete(s.state.Payments, p.ID)
		return answer{}, err
	}
	fields := a.body.(map[string]any)
	fields["transactionStatus"], fields["paymentId"] = p.statusAt(s.now()), p.ID
	return a, nil
}

// getPayment answers GET …/{payment}: what was sent, with the status.
func (s *Sandbox) getPayment(c *call) (answer, error) {
	p, err := s.paymentOf(c)
	if err != nil {
		return answer{}, err
	}
	if p.XML {
		var document string
		if err := json.Unmarshal(p.Sent, &document); err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusOK, kind: "application/xml", body: []byte(document)}, nil
	}
	fields := map[string]any{}
	if err := json.Unmarshal(p.Sent, &fields); err != nil {
		return answer{}, err
	}
	fields["transactionStatus"] = p.statusAt(s.now())
	if giro := p.Orders[0].Giro; giro != "" && p.Service == "payments" {
		// The answer has an account, though the request has none
		// (Open Payments 1.3.3, paymentInitiationSwedishGiroWithStatusResponse).
		fields["creditorAccount"] = accountReference{BBAN: strings.ReplaceAll(giro, "-", "")}
	}
	if p.Reason != "" && c.bank.Behaviour != nil {
		fields["tppMessage"] = []tppMessage{{Category: "ERROR", Code: "PAYMENT_FAILED", Text: p.Reason}}
	}
	return ok(fields)
}

func (s *Sandbox) getPaymentStatus(c *call) (answer, error) {
	p, err := s.paymentOf(c)
	if err != nil {
		return answer{}, err
	}
	if c.bank.Behaviour != nil && c.bank.Behaviour.Pain002 && c.wants("application/xml") {
		body, err := p.pain002(s.now())
		return answer{status: http.StatusOK, kind: "application/xml", body: body}, err
	}
	return ok(map[string]any{"transactionStatus": p.statusAt(s.now())})
}

// deletePayment answers DELETE …/{payment}, by the bank's behaviour: cancelled at once,
// after an authorisation, or not at all (BG 1.3.12, payment cancellation).
func (s *Sandbox) deletePayment(c *call) (answer, error) {
	p, err := s.paymentOf(c)
	if err != nil {
		return answer{}, err
	}
	now := s.now()
	how := c.bank.Cancels()
	switch {
	case how == bank.CancelNever:
		return answer{}, refuse(http.StatusMethodNotAllowed, "SERVICE_INVALID", "this bank cancels no payments")
	case !p.cancellable(now):
		return answer{}, refuse(http.StatusMethodNotAllowed, "CANCELLATION_INVALID", "it is too late to cancel: "+p.statusAt(now))
	case how == bank.CancelAtOnce || p.statusAt(now) == paymentReceived:
		cancellation{p}.authorise(s, nil)
		s.state.touch()
		return answer{status: http.StatusNoContent}, nil
	}
	p.CancelAsked = true
	s.state.touch()
	self := p.self(pathsOf(c.bank))
	o := newOffer()
	o.links["self"], o.links["status"] = c.link(self), c.link(self+"/status")
	if c.bank.Behaviour != nil {
		c.startLinks(o, cancellation{p}.path(pathsOf(c.bank)))
	} else {
		o.links["startAuthorisation"] = c.link(cancellation{p}.path(pathsOf(c.bank)))
	}
	o.fields["transactionStatus"], o.fields["_links"] = p.statusAt(now), o.links
	return answer{status: http.StatusAccepted, body: o.fields}, nil
}
