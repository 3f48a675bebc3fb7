package e2e

import (
	"fmt"
	"testing"
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
	standing bool   // standing orders are made by it, too
}

// Every product is paid with by every service, from a bank of each dialect that has it. Of
// services there are payments and periodic-payments here; bulk-payments have a form of
// their own.
func TestJourneyPayEveryProduct(t *testing.T) {
	journey(t)
	t.Parallel()
	for _, at := range []struct {
		approach
		products []product
	}{
		{georgian, []product{{"aspsp", "GEL", true}, {"domestic", "GEL", true}, {"foreign", "USD", true}}},
		{approach{name: "Open Payments", bank: norrsken.name, acts: []act{atTheBank}},
			[]product{{"domestic", "SEK", true}, {"swedish-giro", "", false}, {"sepa-credit-transfers", "", true}, {"international", "USD", true}}},
		{exempted, []product{
			{"sepa-credit-transfers", "", true}, {"instant-sepa-credit-transfers", "", true}, {"target-2-payments", "", true}, {"cross-border-credit-transfers", "USD", true},
			{"pain.001-sepa-credit-transfers", "", false}, {"pain.001-instant-sepa-credit-transfers", "", false}, {"pain.001-target-2-payments", "", false}, {"pain.001-cross-border-credit-transfers", "USD", false},
		}},
		{approach{name: "XML alone", bank: "Vordruck Kasse", acts: []act{atTheBank}}, []product{{"pain.001-sepa-credit-transfers", "", false}}},
	} {
		t.Run(at.name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			p := opens(consentry)
			var all []order
			for _, product := range at.products {
				services := []bool{false}
				if product.standing {
					services = []bool{false, true}
				}
				for _, standing := range services {
					o := order{product: product.name, currency: product.currency, standing: standing, to: fmt.Sprintf("Payee %d", len(all)+1)}
					if standing {
						o.in = 2
					}
					told := at.approach
					told.name = fmt.Sprintf("%s, standing %t", o.product, standing)
					consentry.tells(p, told, func(c *customer) {
						c.pays(o)
						c.does(at.acts...)
						c.approved(o)
					})
					all = append(all, o)
				}
			}
			consentry.controls("clock", `{"advance":"72h"}`)
			p.visit("/payments")
			for _, o := range all {
				p.click(o.to)
				p.title(o.to)
				p.see("Carried out: it has left your account (ACSC)")
				same(t, "of "+o.product+" the status at the bank", consentry.booked(t, o).Status, "ACSC")
				p.visit("/payments")
			}
			consentry.keepsToDefinitions(t)
		})
	}
}
