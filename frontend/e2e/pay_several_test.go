package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// paysFile chooses a file of payments at a bank, and sees its check list.
func (p *person) paysFile(bank, account, table string) {
	p.t.Helper()
	p.findsBank(bank)
	p.click("Pay")
	p.click("Pay several at once from a file")
	p.title("Pay several at once")
	p.fill("Your account there (needed)", account)
	p.checks(table)
}

// checks chooses a file of payments in their form.
func (p *person) checks(table string) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "payments.csv")
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.uploads(file)
	p.click("Look at it")
	p.see("Payments of the file")
}

// choosesFile goes to the form for several at once, and has an order and another one paid
// from a file.
func (c *customer) choosesFile(o order) {
	c.t.Helper()
	at := c.of.listed(c.bank)
	c.visit("/banks/" + at.EnvironmentID + "/" + at.BIC + "/pay/several")
	c.title("Pay several at once")
	if o.product != "" {
		c.sets("Kind of payment", o.product)
	}
	c.fill("Your account there (needed)", c.of.accountAt(at.BIC, c.who.id))
	if o.currency != "" {
		c.fill("Currency", o.currency)
	}
	if c.known {
		c.fillsLogin("More", c.who.id)
	}
	c.checks("name,account,amount,text\n" + o.to + "," + payee + ",12.50,Invoice 4711\nBerta Erfunden,DE75512108001245126199,1.00,March\n")
}

// approvesPayment approves what is asked for at a bank that has pages.
func (p *person) approvesPayment(bank, as string) {
	p.t.Helper()
	page := p.clickNewTab("Go to " + bank)
	page.logsIn(as)
	page.approves()
	p.see("The payment is approved.")
}

// TestJourneyPaySeveral pays a file: what is wrong in it is left out on the person's word alone, and
// the rest is sent as one, or one by one.
func TestJourneyPaySeveral(t *testing.T) {
	journey(t)
	t.Parallel()
	c := start(t)
	lukas := opens(c)
	account := c.accountAt("RHTRDEB0", "lukas")
	const table = "name;account;amount;text\nAnna Ausgedacht;DE89370400440532013000;1,50;March\nBerta Erfunden;DE75512108001245126199;2;March\nCarl Erdacht;DE88370400440532013000;3;March\n"

	lukas.paysFile("Rheintor Bank", account, table)
	lukas.see("2 payments can be sent · " + written(t, "3.50", "EUR") + " · 1 cannot")
	lukas.see("Account: The check digits do not fit")
	lukas.click("See what will be sent")
	lukas.see("1 payment cannot be sent. Leave it out, or mend the file.")
	lukas.click("Leave out 1 payment")
	lukas.click("See what will be sent")
	lukas.title("2 payments")
	lukas.see("Nothing has been sent yet.")
	lukas.see("Berta Erfunden")
	lukas.click("Send to Rheintor Bank")
	lukas.approvesPayment("Rheintor Bank", "Lukas Brandhorst")
	lukas.click("See the payment")
	c.controls("clock", `{"advance":"10s"}`)
	lukas.see("Carried out: it has left your account (ACSC)")

	c.tells(lukas, exempted, func(c *customer) {
		c.pay = true
		c.choosesFile(order{to: "Anna Ausgedacht"})
		c.click("One by one")
		c.click("See what will be sent")
		c.title("2 payments")
		c.click("Send the first to " + c.bank)
		c.see("The payment is approved.")
		c.click("To the others of the list")
		c.see("Next is 2 of 2: Berta Erfunden")
		c.click("Continue with the next one")
		c.see("The payment is approved.")
		c.click("To the others of the list")
		c.seeNot("Continue with the next one")
	})
}
