package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox"
	"consentry/xs2a/sandbox/visitor"
)

// payee is another person's account, at no practice bank.
const payee = "DE89370400440532013000"

// payer is a world in which somebody pays from a practice bank.
type payer struct {
	*world
	at    storage.ASPSP
	offer pay.Offer
}

// payers are a world that pays from the practice banks there are.
func newPayer(t *testing.T) *world {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	return w
}

// from is the world as somebody who pays from a practice bank.
func (w *world) from(id string) payer {
	w.Helper()
	offer, err := w.Payments().Offer(w.Context(), bank.SandboxID, id)
	w.must(err)
	return payer{w, offer.Bank.ASPSP, offer}
}

// heldAccount is an account of a person as the practice banks' control shows it.
type heldAccount struct{ IBAN, BBAN, Currency, Name, Available string }

// accountOf is the first account of the person at the bank in a currency, or the first of all.
func (p payer) accountOf(login, currency string) heldAccount {
	p.Helper()
	res, err := http.Get(p.info.Control + "/accounts?bank=" + p.at.BIC + "&psu=" + login)
	p.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	p.must(err)
	var all []heldAccount
	if err := json.Unmarshal(body, &all); err != nil || len(all) == 0 {
		p.Fatalf("%s: %s", res.Status, body)
	}
	return all[max(0, slices.IndexFunc(all, func(a heldAccount) bool { return currency == a.Currency }))]
}

// form is one that is filled in right, for a product.
func (p payer) form(service xs2a.PaymentService, product string) pay.Form {
	p.Helper()
	about := pay.ProductNamed(product)
	own := p.accountOf(p.psu.Login, "")
	f := pay.Form{
		ID: pay.NewFormID(), EnvironmentID: bank.SandboxID, BIC: p.at.BIC, Service: service, Product: product, From: own.IBAN,
		Creditor: "Ausgedachte GmbH", To: payee, Amount: "12.50", Currency: own.Currency, Text: "Invoice 4711", PSUID: p.psu.Login,
	}
	if banks := p.offer.Affiliated(); len(banks) > 0 {
		f.AffiliatedASPSPID = banks[0].ID
	}
	if about.To == pay.ByGiro {
		f.To, f.Giro, f.Reference, f.Text = "5050-1055", xs2a.Bankgiro, "12345674", ""
	}
	if service == xs2a.PeriodicPayment {
		f.Start, f.Frequency = p.Clock().NowAt(bank.SandboxID).AddDate(0, 0, 1).Format(time.DateOnly), string(xs2a.Monthly)
	}
	return f
}

// full fills in all that a form asks of the product and the service, what is optional, too.
func (p payer) full(f pay.Form) pay.Form {
	p.Helper()
	about, has := p.offer.Has(f.Product)
	if !has {
		p.Fatalf("%s has no %s", p.at.BIC, f.Product)
	}
	about = about.By(f.Service)
	f.EndToEnd = "R-2027"
	if about.To == pay.ByGiro {
		f.ToSelf, f.ToCreditor = "Electricity", "From the third floor"
	}
	if about.Abroad {
		f.Agent = "BAGAGE22"
		f.Address = xs2a.Address{Street: "Rustaveli Avenue", Number: "5", PostCode: "0108", Town: "Tbilisi", Country: "GE"}
	}
	if about.Agent {
		f.AgentName = "Bank of Georgia"
	}
	if about.Costs {
		f.Charges = "SHAR"
	}
	if about.Purpose {
		f.Purpose = "RENT"
	}
	if f.Service == xs2a.PeriodicPayment {
		f.End, f.Rule, f.Day = p.Clock().NowAt(bank.SandboxID).AddDate(1, 0, 0).Format(time.DateOnly), "following", "31"
	}
	f.NoWait = true
	return f
}

// lost lists what of a form stands not in the payment as it is kept, or of its words not in
// what the bank was sent.
func (p payer) lost(f pay.Form, id string, sent []byte) (lost []string) {
	p.Helper()
	one := p.payment(id)
	one.Fate = storage.FateComposed // so that the days are told, too
	kept := pay.FormOf(one)
	kept.ID, kept.PSUID, kept.Decoupled = f.ID, f.PSUID, f.Decoupled
	if about, _ := p.offer.Has(f.Product); about.Currency != "" {
		kept.Currency = f.Currency
	}
	if kept != f {
		lost = append(lost, fmt.Sprintf("kept is\n%+v, not\n%+v", kept, f))
	}
	for _, word := range []string{f.EndToEnd, f.ToSelf, f.ToCreditor, f.Agent, f.AgentName, f.Address.Street, f.Charges, f.Purpose} {
		if !bytes.Contains(sent, []byte(word)) {
			lost = append(lost, word)
		}
	}
	return lost
}

// composed keeps a form as a payment.
func (p payer) composed(f pay.Form) (paymentID string) {
	p.Helper()
	id, err := p.Payments().Compose(p.Context(), f)
	var told *failure.Error
	if errors.As(err, &told) {
		p.Fatalf("%s: %+v", told.Code, told.Fields)
	}
	p.must(err)
	return id
}

// sent shows a payment and sends it.
func (p payer) sent(id string) (authorisationID string, err error) {
	p.Helper()
	_, shown, err := p.Payments().Show(p.Context(), id)
	p.must(err)
	return p.Payments().Send(p.Context(), id, shown, person)
}

// payment reads a payment.
func (w *world) payment(id string) storage.Payment {
	w.Helper()
	one, err := w.Payments().Payment(w.Context(), id)
	w.must(err)
	return one
}

// pays sends what a form asks for and approves it, to the end of the approval.
func (p payer) pays(f pay.Form) (paymentID string) {
	p.Helper()
	id := p.composed(f)
	authorisation, err := p.sent(id)
	p.must(err)
	if flow := p.walk(authorisation); flow.Outcome != storage.Succeeded {
		p.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	return id
}

// settled waits until the bank says that a payment is through.
func (p payer) settled(id string) storage.Payment {
	p.Helper()
	p.control(http.MethodPost, "/clock", `{"advance":"10s"}`)
	p.must(p.Clock().Read(p.Context()))
	p.must(p.Payments().Ask(p.Context(), id, person))
	one := p.payment(id)
	if one.Status != xs2a.PaymentSettled || one.InForce() {
		p.Errorf("in the end it is %q (%q), reason %+v", one.Status, one.Fate, one.Reason)
	}
	return one
}

// rolelessBank takes no payment: our certificate does not name the role.
const rolelessBank = "rollenwacht"

// refusedBy sends what a form asks for to a bank that refuses it: nothing is paid, and no
// bank has it.
func (p payer) refusedBy(f pay.Form) {
	p.Helper()
	id := p.composed(f)
	_, err := p.sent(id)
	var told *failure.Error
	if one := p.payment(id); !errors.As(err, &told) || told.Effect != failure.NothingPaid || one.Fate != storage.FateRefused || one.InForce() {
		p.Errorf("%v: %q", err, one.Fate)
	}
}

// oneOfEach are practice banks by one of each approach and dialect: redirect begun by either
// side, with a confirmation, with two people; OAuth; decoupled; embedded, with two people and
// with nothing to approve; Bank of Georgia, Open Payments; and one that takes no payment.
var oneOfEach = []string{"rheintor", "elbufer", "siegelhaus", "zwillingsbach", "oststern", "sandvik", "lindwurm", "doppelhof", "freipass", "mtkvari", "BLXTSES0", rolelessBank}

// TestPayByApproach pays by one of each approach, from the form to the status that is final.
func TestPayByApproach(t *testing.T) {
	if paid := paysFrom(t, func(bic string) bool { return slices.Contains(oneOfEach, bic) }); paid != len(oneOfEach) {
		t.Errorf("paid from %d banks", paid)
	}
}

// TestJourneyPayFromEveryBank does so from every practice bank that has a way of its own.
func TestJourneyPayFromEveryBank(t *testing.T) {
	journey(t)
	if paid := paysFrom(t, func(string) bool { return true }); paid < 60 {
		t.Errorf("paid from %d banks", paid)
	}
}

// paysFrom pays from some of the practice banks, and returns how many.
func paysFrom(t *testing.T, wanted func(bic string) bool) (paid int) {
	t.Helper()
	w := newPayer(t)
	held := w.definitions()
	w.network.wrap = held.around
	all, err := w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	for _, at := range all {
		told := slices.IndexFunc(w.info.Banks, func(b sandbox.BankInfo) bool { return b.ID == at.BIC })
		if !wanted(at.BIC) || slices.Contains(habitBanks, at.BIC) || at.BIC == silentBank || told >= 0 && w.info.Banks[told].Refuses != "" {
			continue
		}
		p := w.from(at.BIC)
		if len(p.offer.Products) == 0 {
			continue
		}
		paid++
		t.Run(at.Dialect+"/"+at.BIC, func(t *testing.T) {
			w := *w
			w.T = t
			p := payer{&w, p.at, p.offer}
			f := p.form(xs2a.SinglePayment, p.offer.Products[0].Name)
			if at.BIC == rolelessBank {
				p.refusedBy(f)
				return
			}
			p.settled(p.pays(f))
		})
	}
	return paid
}

// TestPayEveryProduct pays with every product and service of each dialect's banks.
func TestPayEveryProduct(t *testing.T) {
	w := newPayer(t)
	held := w.definitions()
	var sent []byte
	w.network.wrap = func(base http.RoundTripper) http.RoundTripper {
		do := func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
			if initiates(req) {
				body, err := req.GetBody()
				if err != nil {
					return nil, err
				}
				if sent, err = io.ReadAll(body); err != nil {
					return nil, err
				}
			}
			return base.RoundTrip(req)
		}
		bending := &atomic.Pointer[func(http.RoundTripper, *http.Request) (*http.Response, error)]{}
		bending.Store(&do)
		return bent{held.around(base), bending}
	}
	all, err := w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	seen := map[string]int{}
	for _, at := range all {
		p := w.from(at.BIC)
		for _, product := range p.offer.Products {
			if seen[at.Dialect+" "+product.Name]++; seen[at.Dialect+" "+product.Name] > 1 {
				continue
			}
			for _, service := range product.Services() {
				t.Run(p.at.Dialect+"/"+string(service)+"/"+product.Name, func(t *testing.T) {
					w := *w
					w.T = t
					p := payer{&w, p.at, p.offer}
					f := p.full(p.form(service, product.Name))
					id := p.pays(f)
					if lost := p.lost(f, id, sent); len(lost) > 0 {
						t.Errorf("lost: %s", strings.Join(lost, ", "))
					}
					if service == xs2a.PeriodicPayment {
						p.standing(id)
						return
					}
					p.settled(id)
				})
			}
		}
	}
	for _, dialect := range xs2a.Dialects {
		for _, product := range dialect.PaymentProducts {
			if seen[dialect.Name+" "+product] == 0 {
				t.Errorf("%s: no practice bank has %s", dialect.Title, product)
			}
		}
	}
}

// TestPayByXMLWhereNothingIsApproved pays by pain.001 from a bank that asks for no approval:
// how that stands is read from the status, since the payment itself is shown as it was sent.
func TestPayByXMLWhereNothingIsApproved(t *testing.T) {
	p := newPayer(t).from("freipass")
	p.settled(p.pays(p.form(xs2a.SinglePayment, "pain.001-sepa-credit-transfers")))
}

// standing goes on until a standing order was made for the first time: it is in force then,
// and ends when the person has it cancelled, where the bank cancels any.
func (p payer) standing(id string) {
	p.Helper()
	p.must(p.Clock().Move(p.Context(), 3))
	p.must(p.Payments().Ask(p.Context(), id, person))
	if one := p.payment(id); !one.Status.Authorised() || !one.InForce() {
		p.Errorf("after it was made once it is %q (%q), ended %v", one.Status, one.Fate, one.EndedAt)
	}
	authorisation, err := p.Payments().Cancel(p.Context(), id, person)
	p.must(err)
	if authorisation != "" {
		p.walk(authorisation)
	}
	if one := p.payment(id); one.Status != xs2a.PaymentCancelled || one.Cancellation != storage.CancelDone || one.InForce() {
		p.Errorf("cancelled, it is %q, cancellation %q", one.Status, one.Cancellation)
	}
}

// TestPayOnAnotherDevice tells the bank that the person would rather approve in its app, and
// forgets that when the form is changed.
func TestPayOnAnotherDevice(t *testing.T) {
	p, bend := bends(t, "BLXTSES0")
	var preferred []string
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if initiates(req) {
			preferred = append(preferred, req.Header.Get("TPP-Redirect-Preferred"))
		}
		return base.RoundTrip(req)
	})
	for _, changed := range []bool{false, true} {
		f := p.form(xs2a.SinglePayment, "domestic")
		f.Decoupled = true
		id := p.composed(f)
		if changed {
			f.Decoupled = false
			p.must(p.Payments().Change(t.Context(), id, p.payment(id).Version, f))
		}
		if login, decoupled, err := p.Payments().Login(t.Context(), id); err != nil || login != p.psu.Login || decoupled == changed {
			t.Errorf("kept is %q, %t (%v)", login, decoupled, err)
		}
		_, err := p.sent(id)
		p.must(err)
	}
	if len(preferred) != 2 || preferred[0] != "false" || preferred[1] == "false" {
		t.Errorf("the bank was told %q", preferred)
	}
}

// bookedPayment is a payment as a bank has it in its books.
type bookedPayment struct{ ID, Bank, Status, Reason string }

// books are the payments that all practice banks have.
func (p payer) books() []bookedPayment {
	p.Helper()
	res, err := http.Get(p.info.Control + "/state")
	p.must(err)
	defer res.Body.Close()
	var state struct{ Payments []bookedPayment }
	p.must(json.NewDecoder(res.Body).Decode(&state))
	return state.Payments
}

// bent has what goes to banks pass through a test's hands.
type bent struct {
	base http.RoundTripper
	do   *atomic.Pointer[func(base http.RoundTripper, req *http.Request) (*http.Response, error)]
}

func (b bent) RoundTrip(req *http.Request) (*http.Response, error) {
	if do := b.do.Load(); do != nil {
		return (*do)(b.base, req)
	}
	return b.base.RoundTrip(req)
}

// bends is a payer at a bank, and what bends what goes there.
func bends(t *testing.T, name string) (payer, func(func(base http.RoundTripper, req *http.Request) (*http.Response, error))) {
	w := newWorld(t)
	do := &atomic.Pointer[func(http.RoundTripper, *http.Request) (*http.Response, error)]{}
	w.network.wrap = func(base http.RoundTripper) http.RoundTripper { return bent{base, do} }
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	return w.from(name), func(f func(http.RoundTripper, *http.Request) (*http.Response, error)) {
		do.Store(nil)
		if f != nil {
			do.Store(&f)
		}
	}
}

// instead sends a request and returns another answer than comes.
func instead(base http.RoundTripper, req *http.Request, status int, body string) (*http.Response, error) {
	res, err := base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// initiates reports whether a request is for a new payment.
func initiates(req *http.Request) bool {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	return req.Method == http.MethodPost && len(parts) > 1 && slices.Contains([]string{"payments", "bulk-payments", "periodic-payments"}, parts[len(parts)-2])
}

// TestPaymentWhoseAnswerIsLost loses the bank's answer after it has taken the payment. Nobody
// knows then; nothing goes out by itself; and when the person has it sent again, the bank
// has it once.
func TestPaymentWhoseAnswerIsLost(t *testing.T) {
	p, bend := bends(t, "rheintor")
	lose := func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(req)
		if initiates(req) && err == nil {
			res.Body.Close()
			return nil, errors.New("the line broke")
		}
		return res, err
	}
	bend(lose)
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	attempt, err := p.sent(id)
	var told *failure.Error
	if !errors.As(err, &told) || told.Code != failure.Unreachable || told.Effect != failure.PaymentMayBeTaken || attempt == "" {
		t.Fatalf("told is %v", err)
	}
	if one := p.payment(id); one.Fate != storage.FateUnknown || one.Reason.Code != failure.Unreachable {
		t.Fatalf("it is %q: %+v", one.Fate, one.Reason)
	}
	bend(nil)
	if _, err := p.Payments().Look(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := p.Payments().Continue(t.Context(), id, person); !errors.As(err, &told) || told.Code != failure.PaymentUnknown {
		t.Errorf("gone on with: %v", err)
	}
	if got := len(p.books()); got != 1 {
		t.Fatalf("the banks have %d payments", got)
	}
	// lost once more, and then not
	bend(lose)
	if _, err := p.sent(id); err == nil {
		t.Error("nothing was lost")
	}
	bend(nil)
	authorisation, err := p.sent(id)
	p.must(err)
	// The bank made its page for the first request: its way back is the first attempt's, and
	// says that it is approved all the same.
	page, err := p.SCA().Redirect(t.Context(), authorisation, person)
	p.must(err)
	back, err := visitor.Person{Login: p.psu.Login, Password: p.psu.Password, Code: p.psu.Code}.Visit(page)
	p.must(err)
	p.returned(back.Query(), sca.ReturnTaken)
	p.must(p.SCA().Poll(t.Context(), authorisation, person))
	p.outcome(authorisation, storage.Succeeded)
	one := p.settled(id)
	if booked := p.books(); len(booked) != 1 || booked[0].ID != one.BankID {
		t.Errorf("the banks have %+v, here is %s", booked, one.BankID)
	}
}

// TestClickMeantForTheFirstSending clicks twice, and the answer to the first click is lost:
// the second one sends nothing again, whatever it had seen, until the person has seen that
// nobody knows.
func TestClickMeantForTheFirstSending(t *testing.T) {
	p, bend := bends(t, "rheintor")
	var sent atomic.Int32
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(req)
		if initiates(req) && err == nil {
			sent.Add(1)
			res.Body.Close()
			return nil, errors.New("the line broke")
		}
		return res, err
	})
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	for again := range int32(2) {
		_, shown, err := p.Payments().Show(t.Context(), id)
		p.must(err)
		var clicks sync.WaitGroup
		for range 2 {
			clicks.Go(func() {
				if _, err := p.Payments().Send(t.Context(), id, shown, person); err == nil {
					t.Error("nothing was lost")
				}
			})
		}
		clicks.Wait()
		_, _, err = p.Payments().Show(t.Context(), id) // in another window
		p.must(err)
		var told *failure.Error
		if _, err := p.Payments().Send(t.Context(), id, shown, person); !errors.As(err, &told) || told.Code != failure.PaymentUnknown {
			t.Errorf("from a window of before: %v", err)
		}
		if got := sent.Load(); got != again+1 {
			t.Errorf("sent %d times by %d decisions", got, again+1)
		}
	}
}

// TestSentAgainIsUnknownMeanwhile ends the program after the person has said that a payment
// of which nobody knows be sent again, and before it was: nobody knows still. It is not sent
// by itself, and let go it is not said to be nowhere.
func TestSentAgainIsUnknownMeanwhile(t *testing.T) {
	p, bend := bends(t, "rheintor")
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if initiates(req) {
			return instead(base, req, http.StatusGatewayTimeout, "{}")
		}
		return base.RoundTrip(req)
	})
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	if _, err := p.sent(id); err == nil {
		t.Fatal("it was answered")
	}
	why := p.payment(id).Reason
	_, shown, err := p.Payments().Show(t.Context(), id)
	p.must(err)
	p.must(p.store.ConfirmPayment(t.Context(), id, shown))
	p.restart(here)
	p.must(p.Payments().Interrupted(t.Context()))
	if one := p.payment(id); one.Fate != storage.FateUnknown || one.Reason.Code != why.Code || !why.Given() {
		t.Errorf("it is %q: %+v", one.Fate, one.Reason)
	}
	var told *failure.Error
	if _, err := p.Payments().Continue(t.Context(), id, person); !errors.As(err, &told) || told.Code != failure.PaymentUnknown {
		t.Errorf("gone on with: %v", err)
	}
	p.must(p.Payments().Drop(t.Context(), id))
	if one := p.payment(id); one.Fate != storage.FateDropped || pay.GroupOf(one) != pay.NotKnown {
		t.Errorf("let go, it is %q among %q", one.Fate, pay.GroupOf(one))
	}
	if got := p.books(); len(got) != 1 {
		t.Errorf("the banks have %+v", got)
	}
}

// TestRefusedWhenSentAgain keeps it unknown whether the bank has taken a payment the first
// time, and why that is so.
func TestRefusedWhenSentAgain(t *testing.T) {
	p, bend := bends(t, "rheintor")
	status := http.StatusGatewayTimeout
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if initiates(req) {
			return instead(base, req, status, "{}")
		}
		return base.RoundTrip(req)
	})
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	_, first := p.sent(id)
	why := p.payment(id).Reason
	status = http.StatusForbidden
	_, second := p.sent(id)
	events, err := p.Payments().Events(t.Context(), id)
	p.must(err)
	var told *failure.Error
	if one := p.payment(id); first == nil || !errors.As(second, &told) || told.Effect != failure.PaymentMayBeTaken ||
		one.Fate != storage.FateUnknown || one.Reason.Code != why.Code || events[0].Kind != storage.PayRefused {
		t.Errorf("%v, then %v: it is %q, %+v; %q", first, second, one.Fate, one.Reason, events[0].Kind)
	}
}

// TestAnswerThatTheDiskDoesNotTake stores what became of a payment as soon as that can be
// stored.
func TestAnswerThatTheDiskDoesNotTake(t *testing.T) {
	p, bend := bends(t, "rheintor")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if initiates(req) {
			p.sql(`CREATE TRIGGER full BEFORE UPDATE ON payment BEGIN SELECT RAISE(FAIL, 'the disk is full'); END`)
		}
		return base.RoundTrip(req)
	})
	if _, err := p.sent(id); err == nil {
		t.Fatal("it was stored")
	}
	if one := p.payment(id); one.Fate != storage.FateSending {
		t.Errorf("it is %q", one.Fate)
	}
	p.sql(`DROP TRIGGER full`)
	p.await("the bank's answer is stored", func() bool { return p.payment(id).Fate == storage.FateTaken })
	authorisation, err := p.Payments().Continue(t.Context(), id, person)
	p.must(err)
	p.walk(authorisation)
	p.settled(id)
}

// TestCancelPartlySigned cancels what one of two has signed: the bank asks for an approval
// of that, and for no second signature.
func TestCancelPartlySigned(t *testing.T) {
	p, _ := bends(t, "zwillingsbach")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	authorisation, err := p.sent(id)
	p.must(err)
	for p.flow(authorisation).Outcome != storage.Partial {
		p.act(p.flow(authorisation))
	}
	cancellation, err := p.Payments().Cancel(t.Context(), id, person)
	p.must(err)
	p.walk(cancellation)
	if one := p.payment(id); one.Status != xs2a.PaymentCancelled || one.Cancellation != storage.CancelDone || one.InForce() {
		t.Errorf("it is %q, cancellation %q", one.Status, one.Cancellation)
	}
}

// TestPaymentThatNeverLeft is not sent while the network is down, and is when it is gone on
// with.
func TestPaymentThatNeverLeft(t *testing.T) {
	p, _ := bends(t, "rheintor")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	p.network.cut.Store(true)
	_, err := p.sent(id)
	var told *failure.Error
	if !errors.As(err, &told) || told.Effect != failure.PaymentNotSent {
		t.Fatalf("told is %v", err)
	}
	if one := p.payment(id); one.Fate != storage.FateConfirmed || !one.SentAt.IsZero() {
		t.Fatalf("it is %q, sent %v", one.Fate, one.SentAt)
	}
	p.network.cut.Store(false)
	authorisation, err := p.Payments().Continue(t.Context(), id, person)
	p.must(err)
	p.walk(authorisation)
	p.settled(id)
	if got := len(p.books()); got != 1 {
		t.Errorf("the banks have %d payments", got)
	}
}

// TestPaymentInManyWindows sends one payment from many windows at once, and one form from
// many: the bank has one.
func TestPaymentInManyWindows(t *testing.T) {
	p, _ := bends(t, "rheintor")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	var windows sync.WaitGroup
	attempts := make([]string, 8)
	for i := range attempts {
		windows.Go(func() {
			id, err := p.Payments().Compose(t.Context(), f)
			if err != nil {
				t.Error(err)
				return
			}
			_, shown, err := p.Payments().Show(t.Context(), id)
			if err != nil {
				t.Error(err)
				return
			}
			if attempts[i], err = p.Payments().Send(t.Context(), id, shown, person); err != nil {
				t.Error(err)
			}
		})
	}
	windows.Wait()
	if got := len(p.books()); got != 1 || len(slices.Compact(attempts)) != 1 {
		t.Errorf("the banks have %d payments, by %v", got, attempts)
	}
}

// TestPaymentChangedAfterItWasShown is not sent as it was not shown.
func TestPaymentChangedAfterItWasShown(t *testing.T) {
	p, _ := bends(t, "rheintor")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	id := p.composed(f)
	one, shown, err := p.Payments().Show(t.Context(), id)
	p.must(err)
	f.Amount = "1250.00"
	p.must(p.Payments().Change(t.Context(), id, one.Version, f))
	if _, err := p.Payments().Send(t.Context(), id, shown, person); !errors.Is(err, storage.ErrNotShown) {
		t.Errorf("sent: %v", err)
	}
	if err := p.Payments().Change(t.Context(), id, one.Version, f); !errors.Is(err, storage.ErrStale) {
		t.Errorf("changed in an old window: %v", err)
	}
	if got := len(p.books()); got != 0 {
		t.Errorf("the banks have %d payments", got)
	}
	_, now, err := p.Payments().Show(t.Context(), id)
	p.must(err)
	authorisation, err := p.Payments().Send(t.Context(), id, now, person)
	p.must(err)
	p.walk(authorisation)
	p.settled(id)
}

// TestPaymentShownWhileItIsChanged is shown as it is then, whichever comes first.
func TestPaymentShownWhileItIsChanged(t *testing.T) {
	p, _ := bends(t, "rheintor")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	id := p.composed(f)
	var windows sync.WaitGroup
	windows.Go(func() {
		for range 50 {
			if err := p.Payments().Change(t.Context(), id, p.payment(id).Version, f); err != nil {
				t.Error(err)
			}
		}
	})
	windows.Go(func() {
		for range 200 {
			if _, _, err := p.Payments().Show(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
	})
	windows.Wait()
}

// TestPaymentCutOffByTheEnd ends the program while a payment is on its way.
func TestPaymentCutOffByTheEnd(t *testing.T) {
	p, _ := bends(t, "rheintor")
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	_, shown, err := p.Payments().Show(t.Context(), id)
	p.must(err)
	p.must(p.store.ConfirmPayment(t.Context(), id, shown))
	p.must(p.store.ClaimSending(t.Context(), id))
	p.restart(here)
	p.Payments().Keep()
	if one := p.payment(id); one.Fate != storage.FateUnknown || one.Reason.Code != failure.ProgramEnded {
		t.Errorf("it is %q: %+v", one.Fate, one.Reason)
	}
	if _, err := p.Payments().Look(t.Context()); err != nil || len(p.books()) != 0 {
		t.Errorf("the banks have %v (%v)", p.books(), err)
	}
	p.must(p.Payments().Drop(t.Context(), id))
	if one := p.payment(id); one.Fate != storage.FateDropped || one.EndedAt.IsZero() {
		t.Errorf("let go, it is %q", one.Fate)
	}
}

// TestPaymentAnsweredOddly meets answers to a new payment that say less than they should, or
// no.
func TestPaymentAnsweredOddly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		fate   storage.Fate
		effect failure.Effect
		code   string
	}{
		"201 without an id":   {201, `{"transactionStatus":"RCVD","_links":{}}`, storage.FateUnknown, failure.PaymentMayBeTaken, failure.Malformed},
		"a page":              {200, `<html>Welcome</html>`, storage.FateUnknown, failure.PaymentMayBeTaken, failure.Malformed},
		"the gateway gave up": {504, `{}`, storage.FateUnknown, failure.PaymentMayBeTaken, failure.BankFault},
		"a fault":             {500, `{}`, storage.FateUnknown, failure.PaymentMayBeTaken, failure.BankFault},
		"a conflict":          {409, `{"tppMessages":[{"category":"ERROR","code":"STATUS_INVALID"}]}`, storage.FateUnknown, failure.PaymentMayBeTaken, failure.Refused},
		"a no":                {400, `{"tppMessages":[{"category":"ERROR","code":"PAYMENT_FAILED","text":"not enough"}]}`, storage.FateRefused, failure.NothingPaid, failure.Refused},
		"unknown product":     {404, `{"tppMessages":[{"category":"ERROR","code":"PRODUCT_UNKNOWN"}]}`, storage.FateRefused, failure.NothingPaid, failure.Refused},
		"too often":           {429, `{"tppMessages":[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]}`, storage.FateRefused, failure.NothingPaid, failure.TooOften},
	} {
		t.Run(name, func(t *testing.T) {
			p, bend := bends(t, "rheintor")
			bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
				if !initiates(req) {
					return base.RoundTrip(req)
				}
				return instead(base, req, test.status, test.body)
			})
			_, err := p.sent(p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers")))
			all, listed := p.Payments().All(t.Context())
			p.must(listed)
			var told *failure.Error
			if !errors.As(err, &told) || told.Effect != test.effect || told.Code != test.code || all[0].Fate != test.fate || all[0].Reason.Code != test.code {
				t.Errorf("told is %v; it is %q: %+v", err, all[0].Fate, all[0].Reason)
			}
			if words := all[0].Reason.Text; (words == "not enough") != strings.Contains(test.body, "not enough") {
				t.Errorf("of the bank's words is kept %q", words)
			}
		})
	}
}

// TestPaymentsTheBankRejects are told as what they are.
func TestPaymentsTheBankRejects(t *testing.T) {
	p, _ := bends(t, "rheintor")
	for _, amount := range []string{"666.66", "99999999"} {
		f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
		f.Amount = amount
		id := p.composed(f)
		authorisation, err := p.sent(id)
		p.must(err)
		p.walk(authorisation)
		if one := p.payment(id); one.Status != xs2a.PaymentRejected || one.InForce() || len(one.Said.Latest) != 1 {
			t.Errorf("%s: it is %q, because %q", amount, one.Status, one.Said.Latest)
		}
	}
}

// TestStatusThatIsNotToBeHad keeps what is known of a payment while the bank does not say
// more, and what it says that nobody knows.
func TestStatusThatIsNotToBeHad(t *testing.T) {
	p, bend := bends(t, "rheintor")
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	before := p.payment(id)
	answer := func(status int, body string) {
		bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(req.URL.Path, "/status") {
				return base.RoundTrip(req)
			}
			return instead(base, req, status, body)
		})
	}
	answer(404, `{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}`)
	if err := p.Payments().Ask(t.Context(), id, person); err == nil {
		t.Error("nothing was told")
	}
	if now := p.payment(id); now.Status != before.Status || !now.InForce() || !now.Reason.Given() {
		t.Errorf("it is %q: %+v", now.Status, now.Reason)
	}
	answer(200, `{"transactionStatus":"XYZZ"}`)
	p.must(p.Payments().Ask(t.Context(), id, person))
	if now := p.payment(id); now.Status != "XYZZ" || !now.InForce() || now.Reason.Given() {
		t.Errorf("it is %q: %+v", now.Status, now.Reason)
	}
	bend(nil)
	p.settled(id)
}

// TestCancelPayments cancels where it needs no approval, where it does, where the bank does
// not, and too late.
func TestCancelPayments(t *testing.T) {
	w := newPayer(t)
	later := func(p payer) (paymentID string) {
		f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
		f.On = p.Clock().NowAt(bank.SandboxID).AddDate(0, 0, 7).Format(time.DateOnly)
		return p.pays(f)
	}
	cancel := func(p payer, id string) error {
		authorisation, err := p.Payments().Cancel(t.Context(), id, person)
		if err != nil || authorisation == "" {
			return err
		}
		p.walk(authorisation)
		return nil
	}
	for name, want := range map[string]storage.Cancellation{"rheintor": storage.CancelDone, "einhafen": storage.CancelDone, "elbufer": storage.CancelRefused} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			p := w.from(name)
			id := later(p)
			err := cancel(p, id)
			var told *failure.Error
			if one := p.payment(id); one.Cancellation != want || one.InForce() != (want == storage.CancelRefused) ||
				(want == storage.CancelRefused) != (errors.As(err, &told) && told.Code == failure.CancellationRefused) {
				t.Errorf("it is %q, cancellation %q (%v)", one.Status, one.Cancellation, err)
			}
		})
	}
	p := w.from("rheintor")
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	p.control(http.MethodPost, "/clock", `{"advance":"10s"}`)
	if err := cancel(p, id); err == nil {
		t.Error("cancelled too late")
	}
	if one := p.settled(id); one.Cancellation != storage.CancelRefused {
		t.Errorf("cancellation %q", one.Cancellation)
	}
}

// TestGiveUpTooLate gives up what is on its way, and what has ended in another window: it
// stays as it is, and nothing is wrong with that.
func TestGiveUpTooLate(t *testing.T) {
	p, bend := bends(t, "rheintor")
	var flow string
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if initiates(req) {
			all, err := p.Payments().All(t.Context())
			p.must(err)
			attempts, err := p.store.Authorisations(t.Context(), storage.PaymentSubject(all[0].ID))
			p.must(err)
			flow = attempts[0].ID
			p.must(p.SCA().GiveUp(t.Context(), flow, person))
		}
		return base.RoundTrip(req)
	})
	id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	_, err := p.sent(id)
	p.must(err)
	if one := p.payment(id); flow == "" || !one.InForce() {
		t.Errorf("given up on its way, it is %q", one.Fate)
	}
	_, err = p.Payments().Cancel(t.Context(), id, person)
	p.must(err)
	p.must(p.SCA().GiveUp(t.Context(), flow, person))
	if one := p.payment(id); one.Cancellation != storage.CancelDone {
		t.Errorf("cancelled, and then given up, it is %q", one.Status)
	}

	p = p.from("einhafen")
	id = p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	cancellation, err := p.Payments().Cancel(t.Context(), id, person)
	p.must(err)
	p.settled(id)
	p.must(p.SCA().GiveUp(t.Context(), cancellation, person))
	if one := p.payment(id); one.Status != xs2a.PaymentSettled || one.Cancellation != storage.CancelRefused {
		t.Errorf("carried out, and its cancellation given up, it is %q, cancellation %q", one.Status, one.Cancellation)
	}
}

// TestPaymentTheBankHasOtherwise is told before anybody approves it: the bank shows another
// amount, or another account, than was asked for.
func TestPaymentTheBankHasOtherwise(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body  string
		other *xs2a.Amount
		to    string
	}{
		"another amount":   {`{"transactionStatus":"RCVD","instructedAmount":{"amount":"15.00","currency":"EUR"}}`, &xs2a.Amount{Number: "15.00", Currency: "EUR"}, ""},
		"another currency": {`{"transactionStatus":"RCVD","instructedAmount":{"amount":"12.5","currency":"SEK"}}`, &xs2a.Amount{Number: "12.5", Currency: "SEK"}, ""},
		"another account":  {`{"transactionStatus":"RCVD","creditorAccount":{"iban":"FI2112345600000785"}}`, nil, "FI2112345600000785"},
		"the same":         {`{"transactionStatus":"RCVD","instructedAmount":{"amount":12.5,"currency":"EUR"},"creditorAccount":{"iban":"` + payee + `"}}`, nil, ""},
		"nothing":          {`{"transactionStatus":"RCVD","instructedAmount":7,"creditorAccount":"x","fundsAvailable":"?"}`, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, bend := bends(t, "rheintor")
			bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
				if parts := strings.Split(req.URL.Path, "/"); req.Method != http.MethodGet || parts[len(parts)-2] != "sepa-credit-transfers" {
					return base.RoundTrip(req)
				}
				return instead(base, req, 200, test.body)
			})
			id := p.composed(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
			_, err := p.sent(id)
			p.must(err)
			said := p.payment(id).Said
			if said.To != test.to || (said.Other == nil) != (test.other == nil) || said.Other != nil && *said.Other != *test.other {
				t.Errorf("noted is %+v to %q", said.Other, said.To)
			}
		})
	}
}

// TestFundsAreTold keeps what the bank says of them with the status.
func TestFundsAreTold(t *testing.T) {
	p, bend := bends(t, "rheintor")
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(req.URL.Path, "/status") {
			return base.RoundTrip(req)
		}
		return instead(base, req, 200, `{"transactionStatus":"ACSP","fundsAvailable":false}`)
	})
	p.must(p.Payments().Ask(t.Context(), id, person))
	if funds := p.payment(id).Said.Funds; funds == nil || *funds {
		t.Errorf("noted is %v", funds)
	}
}

// TestMoneyMoves pays from one practice bank to another: it is pending at both, and then
// booked at both.
func TestMoneyMoves(t *testing.T) {
	w := newPayer(t)
	p, other := w.from("rheintor"), w.from("elbufer")
	to := other.accountOf("lukas", "EUR")
	before, own := to, p.accountOf(p.psu.Login, "EUR")
	f := p.form(xs2a.SinglePayment, "sepa-credit-transfers")
	f.To, f.Creditor = to.IBAN, "Lukas Brandhorst"
	id := p.pays(f)
	p.settled(id)
	after := other.accountOf("lukas", "EUR")
	if cents(t, after.Available)-cents(t, before.Available) != 1250 || cents(t, own.Available)-cents(t, p.accountOf(p.psu.Login, "EUR").Available) != 1250 {
		t.Errorf("%s became %s, and %s %s", before.Available, after.Available, own.Available, p.accountOf(p.psu.Login, "EUR").Available)
	}
}

// cents reads an amount with two decimals.
func cents(t *testing.T, amount string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(amount, ".", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPayFromABankBehindAnEntry asks which bank it is where an entry of the directory stands
// for several.
func TestPayFromABankBehindAnEntry(t *testing.T) {
	p := newPayer(t).from("SPFBSEP0")
	f := p.form(xs2a.SinglePayment, "domestic")
	f.AffiliatedASPSPID = "nobody"
	_, err := p.Payments().Compose(t.Context(), f)
	var told *failure.Error
	if !errors.As(err, &told) || told.Fields["affiliated"].Code != failure.ChooseFromList {
		t.Fatalf("a bank that is not behind it: %v", err)
	}
	f.AffiliatedASPSPID = p.offer.Affiliated()[0].ID
	if one := p.payment(p.pays(f)); one.AffiliatedASPSPID != f.AffiliatedASPSPID {
		t.Errorf("paid is from %q", one.AffiliatedASPSPID)
	}
}

// TestPayByXMLAfterMidnight sends what was composed the day before: XML names the day on which
// it is sent, since one that has passed is refused.
func TestPayByXMLAfterMidnight(t *testing.T) {
	p := newPayer(t).from("rheintor")
	id := p.composed(p.form(xs2a.SinglePayment, "pain.001-sepa-credit-transfers"))
	p.must(p.Clock().Move(t.Context(), 1))
	authorisation, err := p.sent(id)
	p.must(err)
	if flow := p.walk(authorisation); flow.Outcome != storage.Succeeded {
		t.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	p.settled(id)
}

// TestCostsSaidOnTheWay hears with one step of an approval what the payment costs, and with
// the next nothing of it: that is known until the end, and stays with the payment.
func TestCostsSaidOnTheWay(t *testing.T) {
	p, bend := bends(t, "lindwurm")
	told := 0
	bend(func(base http.RoundTripper, req *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(req)
		if err != nil || req.Method != http.MethodPut || told > 0 {
			return res, err
		}
		defer res.Body.Close()
		var answer map[string]any
		if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
			return nil, err
		}
		told++
		answer["transactionFees"] = map[string]string{"currency": "EUR", "amount": "0.35"}
		body, err := json.Marshal(answer)
		res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		res.Header.Del("Content-Length")
		res.Header.Del("Digest")
		return res, err
	})
	id := p.pays(p.form(xs2a.SinglePayment, "sepa-credit-transfers"))
	attempts, err := p.SCA().Attempts(t.Context(), storage.PaymentSubject(id))
	p.must(err)
	for what, fees := range map[string]xs2a.Fees{"approval": attempts[0].Asks.Said.Fees, "payment": p.payment(id).Said.Fees} {
		if fees.Transaction == nil || fees.Transaction.Number != "0.35" {
			t.Errorf("after %d answer with costs the %s has %+v", told, what, fees)
		}
	}
}
