package e2e

import (
	"fmt"
	"testing"

	"consentry/xs2a"
)

// Every approach leads from the form to a payment that is carried out, and by it another
// one is cancelled.
func TestJourneyPayByEveryApproach(t *testing.T) {
	journey(t)
	t.Parallel()
	for name, group := range allApproaches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			p := opens(consentry)
			consentry.tellsAll(t, p, group, func(c *customer, a approach) {
				if a.name == classed.name {
					c.cannotPay()
					return
				}
				o := a.order("Payee of " + a.name)
				c.pays(o)
				c.does(a.acts...)
				c.approved(o)
				consentry.controls("clock", `{"advance":"10s"}`)
				c.see("Carried out: it has left your account (ACSC)")
				same(c.t, "at the bank", consentry.booked(c.t, o).Status, "ACSC")
			})
			consentry.tellsAll(t, p, group, func(c *customer, a approach) {
				if a.name == classed.name {
					return
				}
				o := a.order("Cancelled by " + a.name)
				o.in = 7
				c.pays(o)
				c.does(a.acts...)
				c.approved(o)
				c.cancels(a, o)
			})
			consentry.keepsToDefinitions(t)
		})
	}
}

// order is what is paid from a bank of the approach.
func (a approach) order(to string) order {
	if a.name == georgian.name {
		return order{product: "domestic", currency: "GEL", to: to}
	}
	return order{product: "sepa-credit-transfers", to: to}
}

// cannotPay holds that a bank whose interface has no payments is not offered to pay from.
func (c *customer) cannotPay() {
	c.t.Helper()
	c.findsBank(c.bank)
	if c.finds("Pay") {
		c.t.Errorf("%s is offered to pay from", c.bank)
	}
	c.visit(c.location().Path + "/pay")
	c.see(c.bank + " cannot be paid from through its interface.")
}

// product is a payment product of a bank's, with what its form asks for.
type product struct {
	name     string
	currency string // that is typed; empty: the product has its own
}

// orders are one by each service of the product (Open Payments 1.3.3 has payments alone to
// a giro; a standing order has no form in XML).
func (p product) orders() []order {
	single := order{product: p.name, currency: p.currency}
	together, standing := single, single
	together.together, standing.standing, standing.in = true, true, 2
	switch {
	case p.name == "swedish-giro":
		return []order{single}
	case xs2a.XML(p.name):
		return []order{single, together}
	}
	return []order{single, together, standing}
}

// Every product is paid with by every service, from a bank of each dialect that has it.
func TestJourneyPayEveryProduct(t *testing.T) {
	journey(t)
	t.Parallel()
	for _, at := range []struct {
		approach
		products []product
	}{
		{georgian, []product{{"aspsp", "GEL"}, {"domestic", "GEL"}, {"foreign", "USD"}}},
		{approach{name: "Open Payments", bank: norrsken.name, acts: []act{atTheBank}},
			[]product{{"domestic", "SEK"}, {"swedish-giro", ""}, {"sepa-credit-transfers", ""}, {"international", "USD"}}},
		{exempted, []product{
			{"sepa-credit-transfers", ""}, {"instant-sepa-credit-transfers", ""}, {"target-2-payments", ""}, {"cross-border-credit-transfers", "USD"},
			{"pain.001-sepa-credit-transfers", ""}, {"pain.001-instant-sepa-credit-transfers", ""}, {"pain.001-target-2-payments", ""}, {"pain.001-cross-border-credit-transfers", "USD"},
		}},
		{approach{name: "XML alone", bank: "Vordruck Kasse", acts: []act{atTheBank}}, []product{{"pain.001-sepa-credit-transfers", ""}}},
	} {
		t.Run(at.name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			p := opens(consentry)
			pages := map[order]string{}
			for _, product := range at.products {
				for _, o := range product.orders() {
					o.to = fmt.Sprintf("Payee %d", len(pages)+1)
					told := at.approach
					told.name = o.service() + ", " + o.product
					consentry.tells(p, told, func(c *customer) {
						c.pays(o)
						c.does(at.acts...)
						c.approved(o)
					})
					pages[o] = p.location().Path
				}
			}
			consentry.controls("clock", `{"advance":"72h"}`)
			for o, page := range pages {
				p.visit(page)
				p.title(o.title())
				p.see("Carried out: it has left your account (ACSC)")
				same(t, "of "+o.product+" the status at the bank", consentry.booked(t, o).Status, "ACSC")
			}
			consentry.keepsToDefinitions(t)
		})
	}
}
