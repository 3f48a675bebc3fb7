package sandbox

import (
	"cmp"
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
	paymentProfile   = "ACCP"
	paymentAccepted  = "ACSP"
	paymentSettled   = "ACSC"
	paymentRejected  = "RJCT"
	paymentCancelled = "CANC"
)

// unluckyAmount is rejected, whatever the account holds: 666.66 of any currency.
const unluckyAmount = 66666

// payment is what a TPP asked to be paid and a person authorised.
type payment struct {
	ID               string
	RequestID        string // X-Request-ID under which it came
	Client, BIC      string
	Service, Product string
	Sent             json.RawMessage // as it was sent, for GET; of XML a JSON string
	XML              bool
	Orders           []order
	Debtor           accountReference
	On               people.Day // when it is due, first
	Every            frequency  // periodic payments only
	Until            people.Day // the last day of them; 0 for no end
	Day              int        // of the month, of them; 0: as On says
	Rule             string     // following or preceding, where one falls on no bank day; "" for on that day
	Pace             bank.Pace
	Lasting          bool      // a periodic one is in process until it is over
	Status           string    // RCVD, PATC, RJCT or CANC, or ACTC while it waits for money; "" once authorised, when time tells
	Reason           string    // why it was rejected, or waits
	Short            bool      // there is not enough money for it, or was not
	WaitsUntil       time.Time // for money; zero: it does not
	NoWait           bool      // the TPP prefers that it is rejected
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
	Purpose  string

	ToSelf, ToOther string // what is to stand on the two statements, where it is said
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
	switch passed, pace := now.Sub(p.due(now.Location())), p.pace(); {
	case passed >= pace.Settle && p.over(now):
		return paymentSettled
	case passed >= pace.Process:
		return paymentAccepted
	case pace.Profile > 0 && passed >= pace.Profile:
		return paymentProfile
	}
	return paymentChecked
}

// pace is how long the bank takes, also for a payment of a state file of before.
func (p *payment) pace() bank.Pace { return cmp.Or(p.Pace, bank.UsualPace) }

// over reports whether a payment that was made will not be made again, as far as its bank
// waits for that.
func (p *payment) over(now time.Time) bool {
	if p.Every == "" || !p.Lasting {
		return true
	}
	if p.Until == 0 {
		return false
	}
	all := p.days(p.Until + longestMove)
	return len(all) == 0 || now.Sub(p.dueOn(all[len(all)-1], now.Location())) >= p.pace().Settle
}

// due is the moment from which the bank executes it, first.
func (p *payment) due(zone *time.Location) time.Time {
	on := p.On
	if first := p.days(p.On); len(first) > 0 {
		on = first[0]
	}
	return p.dueOn(on, zone)
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
	unlucky := slices.ContainsFunc(p.Orders, func(o order) bool { return o.Minor == unluckyAmount })
	switch {
	case unlucky:
		p.Status, p.Reason = paymentRejected, "nobody pays this amount"
	case from == nil:
		p.Status, p.Reason = paymentRejected, "the account is not the person's"
	case s.hasClosed(p.BIC, p.PSU, from):
		p.Status, p.Reason = paymentRejected, "the account is closed"
	case s.priceOf(p, from).total() <= s.available(from):
		p.Status, p.Authorised = "", s.now()
	case p.NoWait || b.Behaviour == nil || b.Behaviour.Patience == 0:
		p.Status, p.Reason, p.Short = paymentRejected, notEnough, true
	default:
		p.WaitsUntil = s.now().Add(b.Behaviour.Patience)
		p.Status, p.Short = paymentChecked, true
		p.Reason = notEnough + "; it waits for money until " + p.WaitsUntil.Format("2 January 15:04")
	}
}

const notEnough = "the account does not hold that much"

// attendWaiting looks at the payments that wait for money: there may be enough by now, or
// their time may be over.
func (s *Sandbox) attendWaiting() {
	now := s.now()
	for _, p := range s.state.Payments {
		if p.WaitsUntil.IsZero() || p.Status != paymentChecked {
			continue
		}
		from := p.Debtor.of(s.household(p.BIC, p.PSU))
		switch {
		case !now.Before(p.WaitsUntil):
			p.Status, p.Reason = paymentRejected, notEnough
		case s.priceOf(p, from).total() <= s.available(from):
			p.Status, p.Reason, p.Short, p.Authorised = "", "", false, now
		default:
			continue
		}
		p.WaitsUntil = time.Time{}
		s.state.touch()
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
	x.Reason, x.Short, x.WaitsUntil = "", false, time.Time{} // it waits for nothing any more
}

// cancellable reports whether it is not too late.
func (p *payment) cancellable(now time.Time) bool {
	return slices.Contains([]string{paymentReceived, paymentPartly, paymentChecked, paymentProfile}, p.statusAt(now)) || p.Every != "" && p.Status == ""
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
		Pace: c.bank.PaceOf(), Lasting: c.bank.Behaviour != nil && c.bank.Behaviour.Lasting,
		NoWait: strings.EqualFold(c.request.Header.Get("TPP-Rejection-NoFunds-Preferred"), "true"),
	}
	read := p.readJSON
	if strings.HasPrefix(p.Product, "pain.001-") {
		read = p.readXML
	}
	if err := read(c); err != nil {
		return nil, err
	}
	p.RequestID = c.id
	if err := p.check(people.DayOf(s.now()), c.takesBBAN()); err != nil {
		return nil, err
	}
	if len(s.state.Closed) > 0 {
		if login, from := s.ownerAt(c.bank, p.Debtor); from != nil && s.hasClosed(p.BIC, login, from) {
			return nil, refuseField(http.StatusBadRequest, "PAYMENT_FAILED", "debtorAccount", "the account is closed")
		}
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
	h := c.bank.Behaviour
	if h.Patience > 0 && p.NoWait && s.tooLittle(c.bank, p) {
		p.Status, p.Reason, p.Short = paymentRejected, notEnough, true
	}
	a, err := s.openedPayment(c, p, &authorisation{Payment: p.ID, RedirectURI: redirect, NokURI: nok})
	if err != nil {
		delete(s.state.Payments, p.ID)
		return answer{}, err
	}
	fields := a.body.(map[string]any)
	fields["transactionStatus"], fields["paymentId"] = p.statusAt(s.now()), p.ID
	if h.Fees {
		s.tellPrice(c.bank, p, fields)
	}
	if h.NameCheck {
		s.tellName(p, fields)
	}
	c.thinks, c.lost = c.bank.Thinks(), h.Loses
	return a, nil
}

// openedPayment is the answer to a new payment; one that is rejected already is not to be
// authorised.
func (s *Sandbox) openedPayment(c *call, p *payment, auth *authorisation) (answer, error) {
	self := p.self(pathsOf(c.bank))
	if p.Status != paymentRejected {
		return s.opened(c, p, self, auth)
	}
	links := map[string]link{"self": c.link(self), "status": c.link(self + "/status")}
	return answer{status: http.StatusCreated, header: http.Header{"Location": {c.address + self}}, body: map[string]any{
		"psuMessage": p.words(), "_links": links,
	}}, nil
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
	if c.bank.Behaviour != nil && c.bank.Behaviour.Late {
		if o, waits := s.laterOffer(c, p, func(auth *authorisation) bool { return auth.Payment == p.ID && !auth.Cancelling }); waits {
			fields["_links"] = o.links
		}
	}
	if p.Reason != "" && c.bank.Behaviour != nil {
		fields["tppMessage"] = p.messages()
	}
	return ok(fields)
}

// words say to the person why a payment is rejected, or waits.
func (p *payment) words() string { return "Not executed: " + p.Reason + "." }

// messages say why a payment is rejected, or waits.
func (p *payment) messages() []tppMessage {
	m := tppMessage{Category: "ERROR", Code: "PAYMENT_FAILED", Text: p.Reason}
	if p.Short {
		m.Code = "FUNDS_NOT_AVAILABLE" // BG 1.3.12, MessageCode200InitiationStatus
	}
	if p.Status != paymentRejected {
		m.Category = "WARNING"
	}
	return []tppMessage{m}
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
	fields := map[string]any{"transactionStatus": p.statusAt(s.now())}
	if c.bank.Behaviour == nil {
		return ok(fields)
	}
	if p.Reason != "" {
		fields["tppMessage"] = p.messages()
	}
	if c.bank.Behaviour.Patience > 0 && (p.Short || !p.Authorised.IsZero()) { // it has looked
		if fields["fundsAvailable"] = !p.Short; p.Short {
			fields["psuMessage"] = p.words()
		}
	}
	return ok(fields)
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
	c.thinks = c.bank.Thinks()
	switch {
	case how == bank.CancelNever:
		return answer{}, refuse(http.StatusMethodNotAllowed, "SERVICE_INVALID", "this bank cancels no payments")
	case !p.cancellable(now) || how == bank.CancelTooLate && p.statusAt(now) != paymentReceived:
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
