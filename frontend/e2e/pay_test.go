package e2e

import (
	"context"
	"fmt"
	"path"
	"slices"
	"testing"
	"time"

	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// payee is an account at no practice bank.
const payee = "DE89370400440532013000"

// order is what somebody fills into the form of a payment.
type order struct {
	product  string // as it stands in addresses; empty: what the form begins with
	to       string // whom it goes to, by which it is told from others
	account  string // theirs; empty: payee, at a giro a bankgiro number
	amount   string // empty: 12.50
	currency string // where the form asks for it
	in       int    // days until it is made; 0: at once
	standing bool   // every month from that day on
	together bool   // with a second one, from a file, as a bulk payment
	street   string // of the payee, where the form asks for it
	country  string
}

// service is the one it goes by.
func (o order) service() string {
	switch {
	case o.standing:
		return "periodic-payments"
	case o.together:
		return "bulk-payments"
	}
	return "payments"
}

// title is what its page is headed by.
func (o order) title() string {
	if o.together {
		return "2 payments"
	}
	return o.to
}

// fillsPayment fills in a payment from a bank's page, without any consent, to the summary.
func (p *person) fillsPayment(bank, account, payee, to, amount string) {
	p.t.Helper()
	p.findsBank(bank)
	p.click("Pay")
	p.title("Pay")
	p.fill("Your account there (needed)", account)
	p.fill("To (name) (needed)", payee)
	p.fill("Payee’s account (IBAN) (needed)", to)
	p.fill("Amount in EUR (needed)", amount)
	p.fill("Text for the payee", "Invoice 4711")
	p.click("See what will be sent")
	p.title(payee)
	p.see("Nothing has been sent yet.")
}

// TestPay pays from a bank without a consent: what is sent is seen first, it is approved at
// the bank, and followed until it is carried out. One that is for later is cancelled, which
// this bank does at once.
func TestPay(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	p.visit("/payments")
	p.see("No payment yet")
	p.click("Pay")
	p.see("Which account do you pay from?")
	consentry.tells(p, implicitly, func(c *customer) {
		c.findsBank(c.bank)
		c.click("Pay")
		c.title("Pay")
		o := order{to: "Ausgedachte GmbH"}
		c.pays(o)
		tab := c.atTheDoor()
		tab.logsIn(c.who.name)
		tab.see(o.to)
		tab.approves()
		c.see("The payment is approved.")
		consentry.controls("clock", `{"advance":"10s"}`)
		c.see("Carried out: it has left your account (ACSC)") // where it was approved, too
		c.approved(o)
		c.see("Carried out: it has left your account (ACSC)")
		c.visit("/payments")
		c.see("Carried out")

		o = order{to: "Erfundene KG", in: 7}
		c.pays(o)
		c.does(atTheBank)
		c.approved(o)
		c.cancels(implicitly, o)
	})
}

// One of each other kind of approach leads to a payment at the bank, those that are typed
// here among them; and where the bank wants that approved, to the end of one.
func TestPayHereAndElsewhere(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	for _, a := range []approach{methods, byMessage, twoHere, exempted} {
		consentry.tells(p, a, func(c *customer) {
			o := order{to: "Payee of " + c.bank, in: 7}
			c.pays(o)
			c.does(a.acts...)
			c.approved(o)
			if a.name == twoHere.name {
				c.see("by " + lukas.id)
				c.see("by " + mette.id)
			}
			if a.name == methods.name {
				c.cancels(a, o)
			}
		})
	}
}

// The same of the kinds with a page of the bank's.
func TestJourneyPayAtTheBanksPages(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	for _, a := range []approach{byMetadata, confirmed} {
		consentry.tells(p, a, func(c *customer) {
			o := order{to: "Payee of " + c.bank, in: 7}
			c.pays(o)
			c.does(a.acts...)
			c.approved(o)
		})
	}
}

// pays fills in a payment and has it sent as the summary shows it.
func (c *customer) pays(o order) {
	c.t.Helper()
	c.pay = true
	if o.together {
		c.choosesFile(o)
	} else {
		c.fillsOrder(o)
	}
	c.click("See what will be sent")
	c.title(o.title())
	c.see("Nothing has been sent yet.")
	if booked := c.of.bookedTo(c.t, o.to); len(booked) > 0 {
		c.t.Errorf("before it was sent the bank has %+v", booked)
	}
	c.click("Send to " + c.bank)
}

// fillsOrder goes to the bank's form and fills that in.
func (c *customer) fillsOrder(o order) {
	c.t.Helper()
	at := c.of.listed(c.bank)
	c.visit("/banks/" + at.EnvironmentID + "/" + at.BIC + "/pay")
	c.title("Pay")
	if o.product != "" {
		c.sets("Kind of payment", o.product)
	}
	if o.standing {
		c.redrawn(func() { c.click("Standing order") })
		c.dates("First day (needed)", c.of.bankDay(c.t, o.in))
	} else if o.in > 0 {
		c.dates("On", c.of.bankDay(c.t, o.in))
	}
	c.fill("Your account there (needed)", c.of.accountAt(at.BIC, c.who.id))
	c.fill("To (name) (needed)", o.to)
	c.fillsAccount(o)
	amount := "Amount in EUR (needed)"
	switch {
	case o.currency != "":
		amount = "Amount (needed)"
		c.fill("Currency (needed)", o.currency)
	case o.product == "swedish-giro":
		amount = "Amount in SEK (needed)"
	}
	if o.amount == "" {
		o.amount = "12.50"
	}
	c.fill(amount, o.amount)
	if o.street != "" {
		c.unfolds("More", "Payee’s street")
		c.fill("Payee’s street", o.street)
		c.fill("Country (two letters)", o.country)
	}
	if c.stays {
		c.unfolds("More", "Your own reference")
		c.click("On another device, if the bank can")
	}
	if c.known {
		c.fillsLogin("More", c.who.id)
	}
}

// fillsAccount fills in where it goes, as the product names that, and what goes along.
func (c *customer) fillsAccount(o order) {
	c.t.Helper()
	label, account := "Payee’s account (IBAN) (needed)", payee
	switch o.product {
	case "swedish-giro":
		label, account = "Giro number (needed)", "5050-1055"
		c.fill("Reference (OCR)", "12345674")
	case "domestic":
		label = "Payee’s account (needed)"
	}
	if o.account != "" {
		account = o.account
	}
	c.fill(label, account)
	if o.product != "swedish-giro" {
		c.fill("Text for the payee", "Invoice 4711")
	}
}

// approved holds that the approval of a payment came about, and that the bank has what was
// filled in, once. It goes to the payment.
func (c *customer) approved(o order) {
	c.t.Helper()
	c.see("The payment is approved.")
	c.click("See the payment")
	c.title(o.title())
	c.of.booked(c.t, o)
}

// cancels asks the bank to cancel the payment on the page, and approves that where the bank
// wants it. It ends at the payment, which is cancelled, or goes on.
func (c *customer) cancels(a approach, o order) {
	c.t.Helper()
	c.click("Cancel the payment")
	c.see("Until it has cancelled, the payment goes on.")
	c.click("Ask " + c.bank + " to cancel")
	switch a.cancels {
	case never:
		c.see(c.bank + " does not cancel the payment. The payment goes on.")
		c.visit(path.Dir(c.location().Path))
		c.see(c.bank + " does not cancel it: it goes on.")
		same(c.t, "at the bank", c.of.booked(c.t, o).Status, "ACTC")
		return
	case byApproval:
		c.at("/authorisations/")
		acts := a.acts
		if a.cancel != nil {
			acts = a.cancel
		}
		c.does(acts...)
		c.see("The payment is cancelled.")
		c.click("See the payment")
	}
	c.see("Cancelled (CANC)")
	same(c.t, "at the bank", c.of.booked(c.t, o).Status, "CANC")
}

// halfPaid holds that a payment of which one person has approved their part waits for
// another.
func (c *customer) halfPaid() {
	c.t.Helper()
	c.see("Another person has to approve, too, before anything is paid.")
	newest := c.of.payments(c.bank)[0]
	same(c.t, "the payment", newest.Status, xs2a.PaymentPartlyAuthorised)
}

// payments are those from a bank, the newest first; without a name, all.
func (c *program) payments(bank string) []storage.Payment {
	c.t.Helper()
	all := reading(c, func(ctx context.Context, s *storage.Store) ([]storage.Payment, error) { return s.Payments(ctx) })
	return slices.DeleteFunc(all, func(each storage.Payment) bool { return bank != "" && each.BankName != bank })
}

// bookedPayment is a payment as the bank has it in its books.
type bookedPayment struct {
	ID, Bank, Service, Product, Status, Reason string
	Orders                                     []struct {
		Minor          int64
		Currency, Name string
		IBAN, Giro     string
		Text, OCR      string
	}
}

// bookedTo are the payments to somebody in the books of all practice banks.
func (c *program) bookedTo(t *testing.T, name string) (all []bookedPayment) {
	t.Helper()
	var state struct{ Payments []bookedPayment }
	c.control(t, "state", &state)
	for _, each := range state.Payments {
		if each.Orders[0].Name == name {
			all = append(all, each)
		}
	}
	return all
}

// booked is a payment in the books: it is there once, as it was filled in.
func (c *program) booked(t *testing.T, o order) bookedPayment {
	t.Helper()
	all := c.bookedTo(t, o.to)
	if len(all) != 1 {
		t.Fatalf("the banks have %d payments to %s: %+v", len(all), o.to, all)
	}
	one := all[0]
	if o.product != "" {
		same(t, "the product", one.Product, o.product)
	}
	same(t, "the service", one.Service, o.service())
	same(t, "so many", len(one.Orders) == 2, o.together)
	if o.amount == "" {
		same(t, "the amount", one.Orders[0].Minor, 1250)
	}
	if o.currency != "" {
		same(t, "the currency", one.Orders[0].Currency, o.currency)
	}
	return one
}

// written is an amount as pages write it in the browser's language.
func written(t *testing.T, number, currency string) string {
	t.Helper()
	ctx := ui.WithReader(t.Context(), ui.Reader{Locale: language(), Now: time.Now()})
	return singleBlanks(ui.Money{Number: number, Currency: currency}.Spoken(ctx))
}

// bankDay is a day from now on by the banks' clock.
func (c *program) bankDay(t *testing.T, days int) time.Time {
	t.Helper()
	var clock struct{ Now time.Time }
	c.control(t, "clock", &clock)
	return clock.Now.AddDate(0, 0, days)
}

// sets takes the answer of a list by its value, and waits until the form has followed.
func (p *person) sets(label, value string) {
	p.t.Helper()
	p.redrawn(func() {
		p.until(fmt.Sprintf("set %q to %q", label, value), func() error {
			list, err := p.find([]string{"combobox"}, label)
			if err != nil {
				return err
			}
			set, err := on[bool](p, list, `function(value) {
				this.value = value;
				`+changed+`
				return this.value === value;
			}`, value)
			if err == nil && !set {
				err = fmt.Errorf("%s is not in the list", value)
			}
			return err
		})
	})
}

// redrawn does what makes the form ask other things, and waits until it does.
func (p *person) redrawn(do func()) {
	p.t.Helper()
	mark, err := p.object("document.getElementById('pay-fields')")
	if err != nil {
		p.fail("find the fields", err)
	}
	do()
	p.until("have other fields", func() error {
		there, err := on[bool](p, mark, "function() { return this.isConnected }")
		if err == nil && there {
			err = errNotYet
		}
		return err
	})
}
