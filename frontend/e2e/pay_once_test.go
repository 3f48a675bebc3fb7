package e2e

import (
	"errors"
	"fmt"
	"testing"

	"consentry/storage"
)

// Whatever somebody does with two clicks, two windows and the back button, what they have
// sent is one payment, and nothing goes out that was not on the screen.
func TestJourneyPaidOnce(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	at := exempted

	at.name = "two clicks"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of two clicks", in: 7}
		c.fillsOrder(o)
		c.clicksTwice("See what will be sent")
		c.title(o.to)
		same(c.t, "payments that are kept", len(c.of.kept(o)), 1)
		c.clicksTwice("Send to " + c.bank)
		c.approved(o)
		same(c.t, "payments that are kept", len(c.of.kept(o)), 1)
	})

	at.name = "two windows"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of two windows", in: 7}
		c.fillsOrder(o)
		c.click("See what will be sent")
		c.title(o.to)
		other := c.another()
		other.visit(c.bar().String())
		other.title(o.to)
		for _, window := range []*person{c.person, other} {
			window.click("Send to " + c.bank)
		}
		for _, window := range []*person{c.person, other} {
			window.see("The payment is approved.")
		}
		c.approved(o)
		same(c.t, "times it was sent", len(c.of.exchanges("POST", "/payments/sepa-credit-transfers")), 2) // with the one before
	})

	at.name = "the back button"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of the back button", in: 7}
		c.pays(o)
		c.see("The payment is approved.")
		c.goesBack()
		c.title(o.to)
		c.see("Approved: the bank has checked who you are and what you ask for (ACTC)")
		if c.finds("Send to " + c.bank) {
			c.t.Error("it can be sent once more")
		}
		c.of.booked(c.t, o)
		same(c.t, "payments that are kept", len(c.of.kept(o)), 1)
	})

	at.name = "back to the form"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of the form before", in: 7}
		c.fillsOrder(o)
		c.click("See what will be sent")
		c.title(o.to)
		c.goesBack()
		c.title("Pay")
		same(c.t, "who is paid by the form", c.holds(toName), "") // it is a new one
		c.leads(func() { c.click("See what will be sent") })
		same(c.t, "told at the name", c.wrong()[toName], needed)
		same(c.t, "payments that are kept", len(c.of.kept(o)), 1)
	})

	at.name = "changed in another window"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of what was changed", in: 7}
		c.fillsOrder(o)
		c.click("See what will be sent")
		c.title(o.to)
		other := c.another()
		other.visit(c.bar().String())
		other.click("Change")
		other.title("Pay")
		other.fill("Amount in EUR (needed)", "1250.00")
		other.click("See what will be sent")
		other.title(o.to)
		other.see(written(c.t, "1250.00", "EUR"))

		c.click("Send to " + c.bank) // what this window shows is not so any more
		c.see("The payment was changed since you saw it.")
		c.see("Nothing was sent.")
		same(c.t, "payments at the bank", len(c.of.bookedTo(c.t, o.to)), 0)
		same(c.t, "the payment", c.of.kept(o)[0].Fate, storage.FateComposed)
		c.see(written(c.t, "1250.00", "EUR")) // now it is
		c.click("Send to " + c.bank)
		o.amount = "1250.00"
		c.approved(o)
		same(c.t, "the amount at the bank", c.of.booked(c.t, o).Orders[0].Minor, 125000)
	})

	at.name = "changed in two windows"
	consentry.tells(p, at, func(c *customer) {
		o := order{to: "Payee of two changes", in: 7}
		c.fillsOrder(o)
		c.click("See what will be sent")
		c.title(o.to)
		other := c.another()
		for _, window := range []*person{c.person, other} {
			if window == other {
				other.visit(c.bar().String())
				continue
			}
			window.click("Change")
			window.title("Pay")
		}
		for i, window := range []*person{c.person, other} {
			window.fill("Amount in EUR (needed)", fmt.Sprintf("%d.00", i+1))
			window.click("See what will be sent")
		}
		c.title(o.to)
		other.see("The payment was changed since you saw it.")
		same(c.t, "the amount", c.of.kept(o)[0].Order.Transfers[0].Amount.Number, "1.00")
	})
}

// clicksTwice presses something twice before the page can follow.
func (p *person) clicksTwice(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("click %q twice", name), func() error {
		at, err := p.find(clickable, name)
		if err != nil {
			return err
		}
		pressed, err := on[bool](p, at, "function() { this.click(); this.click(); return true }")
		if err == nil && !pressed {
			err = errors.New("it was not pressed")
		}
		return err
	})
}

// goesBack presses the browser's button to the page before.
func (p *person) goesBack() {
	p.t.Helper()
	p.leads(func() {
		if _, err := ask[bool](p, "(history.back(), true)"); err != nil {
			p.fail("go back", err)
		}
	})
}

// kept are the payments to somebody that the program has.
func (c *program) kept(o order) (all []storage.Payment) {
	c.t.Helper()
	for _, each := range c.payments("") {
		if each.Order.Transfers[0].Creditor == o.to {
			all = append(all, each)
		}
	}
	return all
}
