package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"consentry/storage"
)

// mistake is something that somebody fills in wrong, with what the form says of it.
type mistake struct {
	name  string
	field string
	typed string
	told  string
}

const (
	needed   = "This is needed."
	digits   = "The check digits do not fit: a digit is wrong, or two have changed places."
	toField  = "Payee’s account (IBAN) (needed)"
	toName   = "To (name) (needed)"
	ownField = "Your account there (needed)"
	inEUR    = "Amount in EUR (needed)"
	amount   = "Amount (needed)"
	textFor  = "Text for the payee"
)

// Each mistake is told at its field, and nothing else is; nothing is kept as a payment. Put
// right, the form leads on.
func TestJourneyPaymentMistakes(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	day := func(days int) string { return consentry.bankDay(t, days).Format(time.DateOnly) }
	own := consentry.accountAt("RHTRDEB0", lukas.id)
	for _, form := range []struct {
		name, bank string
		order      order
		mistakes   []mistake
	}{
		{"SEPA", "Rheintor Bank", order{product: "sepa-credit-transfers", to: "Ausgedachte GmbH", in: 7}, []mistake{
			{"nobody", toName, "", needed},
			{"a name that is too long", toName, strings.Repeat("A", 71), "Too long: its length is 71, the longest is 70."},
			{"a Georgian name", toName, "ნინო ბერიძე", "Not every bank takes these characters: ნ ი ო ბ ე რ ძ"},
			{"no account", toField, "", needed},
			{"a digit wrong", toField, "DE88 3704 0044 0532 0130 00", digits},
			{"a digit short", toField, "DE89 3704 0044 0532 0130 0", "The length does not fit: it is 21, and of an IBAN of DE it is 22."},
			{"a country without IBANs", toField, "US89 3704 0044 0532 0130 00", "“US” is no country that has IBANs."},
			{"another number", toField, "532013000", "This is not the form of an IBAN, DE89 3704 0044 0532 0130 00."},
			{"the own account", toField, own, "This is the account you pay from."},
			{"from nowhere", ownField, "", "Choose an account, or enter its number."},
			{"from an account with a digit wrong", ownField, own[:len(own)-1] + string('0'+('9'-own[len(own)-1])), digits},
			{"no amount", inEUR, "", needed},
			{"nothing", inEUR, "0", "Enter an amount above zero."},
			{"less than nothing", inEUR, "-5", "Enter an amount above zero."},
			{"a number of programmers", inEUR, "1e9", "Enter an amount, as 12.50."},
			{"words", inEUR, "twelve", "Enter an amount, as 12.50."},
			{"four decimals", inEUR, "12.3456", "EUR has 2 decimals."},
			{"what may be thousands", inEUR, "12.345", "This may be 12345 or 12.345. Write it without a mark between thousands."},
			{"more than there is", inEUR, "9999999999999", "Too much: an amount has 12 digits before its decimals at most."},
			{"a text that is too long", textFor, strings.Repeat("Rent ", 28) + "Rent", "Too long: its length is 144, the longest is 140."},
			{"a text in Cyrillic", textFor, "Квартплата", "Not every bank takes these characters: К в а р т п л"},
			{"a slash too many", textFor, "a//b", "A slash may not stand at the beginning, at the end, or beside another one."},
			{"a reference with a digit wrong", textFor, "RF19 5390 0754 7034", digits},
			{"yesterday", "On", day(-1), "This day is too early: the first is " + consentry.bankDay(t, 0).Format("2 January 2006") + "."},
			{"in three years", "On", day(3 * 366), "This day is too far off: the last is " + consentry.bankDay(t, 0).AddDate(2, 0, 0).Format("2 January 2006") + "."},
		}},
		{"a standing order", "Rheintor Bank", order{product: "sepa-credit-transfers", to: "Ausgedachte GmbH", in: 7, standing: true}, []mistake{
			{"never", "First day (needed)", "", needed},
			{"from yesterday on", "First day (needed)", day(-1), "This day is too early: the first is " + consentry.bankDay(t, 0).Format("2 January 2006") + "."},
			{"over before it begins", "Last day", day(6), "This day is too early: the first is " + consentry.bankDay(t, 7).Format("2 January 2006") + "."},
			{"on a day there is not", "Day of the month", "32", "Enter a day from 1 to 31."},
		}},
		{"abroad", "Rheintor Bank", order{product: "cross-border-credit-transfers", currency: "JPY", amount: "1250", to: "Nino Beridze", street: "Rustaveli Avenue", country: "GE"}, []mistake{
			{"yen with decimals", amount, "12.50", "JPY has 0 decimals."},
			{"no currency", "Currency (needed)", "", needed},
			{"a currency there is not", "Currency (needed)", "XYZ", "“XYZ” is no currency. Enter its three letters, as EUR."},
			{"half a BIC", "Payee’s bank (BIC)", "BAGA", "“BAGA” is no BIC: it has 8 or 11 letters and figures."},
			{"a country there is not", "Country (two letters)", "XX", "“XX” is no country: write its two letters, such as SE."},
			{"a street in no country", "Country (two letters)", "", needed},
			{"a Georgian street", "Payee’s street", "რუსთაველის", "Not every bank takes these characters: რ უ ს თ ა ვ ე ლ ი"},
		}},
		{"to a giro", norrsken.name, order{product: "swedish-giro", to: "Elbolaget"}, []mistake{
			{"no giro", "Giro number (needed)", "", needed},
			{"a digit wrong", "Giro number (needed)", "5050-1056", "The last digit does not fit: a digit is wrong, or two have changed places."},
			{"too short", "Giro number (needed)", "5050", "A bankgiro number has seven or eight digits, a plusgiro number two to eight."},
			{"a reference with a digit wrong", "Reference (OCR)", "12345675", digits},
			{"a reference of letters", "Reference (OCR)", "Invoice", "A reference of this kind has digits alone."},
			{"neither reference nor invoice", "Reference (OCR)", "", "Enter the reference, or the number of the invoice."},
		}},
	} {
		p.story(t, form.name, func(p *person) {
			of := *consentry
			of.t = p.t
			c := &customer{person: p, of: &of, bank: form.bank, who: lukas}
			c.fillsOrder(form.order)
			for _, each := range form.mistakes {
				c.makes(each)
			}
			c.of.keptNone()
			c.click("See what will be sent")
			c.title(form.order.to)
			c.see("Nothing has been sent yet.")
			c.click("Discard it")
			c.see("Discarded")
			c.of.keptNone()
		})
	}
}

// makes fills something in wrong, is told so at the field and nowhere else, and puts it
// right.
func (c *customer) makes(m mistake) {
	c.t.Helper()
	c.unfolds("More", m.field)
	before := c.holds(m.field)
	c.enters(m.field, m.typed)
	c.leads(func() { c.click("See what will be sent") })
	c.title("Pay")
	if wrong := c.wrong(); len(wrong) != 1 || wrong[m.field] != m.told {
		c.t.Errorf("%s: at %q the form is to say %q; it says %q", m.name, m.field, m.told, wrong)
	}
	if holds := c.holds(m.field); holds != m.typed {
		c.t.Errorf("%s: %q holds %q, and %q was filled in", m.name, m.field, holds, m.typed)
	}
	c.enters(m.field, before)
}

// enters puts a text into a field, or a day into one for that.
func (p *person) enters(label, text string) {
	p.t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err == nil:
		p.dates(label, day)
	case text == "":
		p.empties(label)
	default:
		p.fill(label, text)
	}
}

// empties takes out what stands in a field.
func (p *person) empties(label string) {
	p.t.Helper()
	p.onField(label, `function() { this.value = ""; `+changed+` return ""; }`)
}

// holds is what stands in a field.
func (p *person) holds(label string) string {
	p.t.Helper()
	return p.onField(label, "function() { return this.value; }")
}

// onField does something with a field.
func (p *person) onField(label, function string) (text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("find %q", label), func() error {
		field, err := p.find(fillable, label)
		if err != nil {
			return err
		}
		text, err = on[string](p, field, function)
		return err
	})
	return text
}

// wrong is what the form says of each field that it calls invalid, by its label, as
// assistive technology reads it.
func (p *person) wrong() map[string]string {
	p.t.Helper()
	wrong, err := ask[map[string]string](p, `Object.fromEntries([...document.querySelectorAll("[aria-invalid=true]")].map(field => [
		field.labels[0].textContent.replace(/\s+/g, " ").trim(),
		field.getAttribute("aria-describedby").trim().split(" ").map(id => document.getElementById(id)).filter(each => each.matches(".error") && each.checkVisibility()).map(each => each.innerText.trim()).join(" "),
	]))`)
	if err != nil {
		p.fail("read what is wrong", err)
	}
	return wrong
}

// leads does what leads to another page, and waits for that.
func (p *person) leads(do func()) {
	p.t.Helper()
	if _, err := ask[bool](p, "window.left = true"); err != nil {
		p.fail("mark the page", err)
	}
	do()
	p.until("come to another page", func() error {
		still, err := ask[bool](p, "window.left === true")
		if err == nil && still {
			err = errNotYet
		}
		if err != nil {
			return err
		}
		return p.loaded()
	})
}

// keptNone holds that no payment is kept that could be sent.
func (c *program) keptNone() {
	c.t.Helper()
	for _, each := range c.payments("") {
		if each.Fate != storage.FateDropped {
			c.t.Errorf("a payment is kept that is %q", each.Fate)
		}
	}
}

// What comes from elsewhere goes into the form: letters of other scripts in those that every
// bank takes, the content of a QR code, an IBAN out of a text. And a day on which no bank
// works is no mistake, but something to know.
func TestJourneyPaymentFilledFromElsewhere(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	tells := func(name string, tell func(*customer)) {
		at := implicitly
		at.name = name
		consentry.tells(p, at, func(c *customer) {
			c.fillsOrder(order{to: "Ausgedachte GmbH"})
			tell(c)
		})
	}

	tells("letters of other scripts", func(c *customer) {
		for _, each := range []struct{ field, typed, offered string }{
			{toName, "ნინო ბერიძე", "nino beridze"},
			{textFor, "Квартплата, дом 5", "Kvartplata, dom 5"},
			{toName, "Ødegård & Söhne", "Oedegaard + Soehne"},
		} {
			c.fill(each.field, each.typed)
			c.click("See what will be sent")
			c.see("It can be written: " + each.offered)
			c.leads(func() { c.click("Write it so") })
			same(c.t, "the text", c.holds(each.field), each.offered)
		}
		c.fill(textFor, strings.Repeat("ü", 71))
		c.click("See what will be sent")
		c.see("It can be written (shortened: in full its length is 142, the longest is 140): " + strings.Repeat("ue", 70))
		c.fill(textFor, "Kvartplata, dom 5")
		c.click("See what will be sent")
		c.title("Oedegaard + Soehne")
		c.see("Kvartplata, dom 5")
	})

	tells("a QR code", func(c *customer) {
		c.pastesInvoice("BCD\n002\n1\nSCT\nCOBADEFFXXX\nErfundene KG\nDE75512108001245126199\nEUR99.9\n\nRF18539007547034\n\n")
		for field, want := range map[string]string{toName: "Erfundene KG", toField: "DE75512108001245126199", inEUR: "99.9", textFor: "RF18539007547034"} {
			same(c.t, field, c.holds(field), want)
		}
		c.click("See what will be sent")
		c.title("Erfundene KG")
		c.see(written(c.t, "99.90", "EUR"))
		c.see("DE75 5121 0800 1245 1261 99")
		c.see("RF18539007547034")
	})

	tells("a QR code with a digit wrong", func(c *customer) {
		c.pastesInvoice("BCD\n002\n1\nSCT\n\nErfundene KG\nDE76512108001245126199\nEUR99.90\n\n\n\n")
		same(c.t, "told at the account", c.wrong()[toField], digits)
		same(c.t, "who is paid", c.holds(toName), "Erfundene KG")
	})

	tells("an IBAN in a text", func(c *customer) {
		c.pastesInvoice("Dear Lukas, please pay to DE75 5121 0800 1245 1261 99 by Friday. Yours, Nino")
		same(c.t, "the account", c.holds(toField), "DE75512108001245126199")
		same(c.t, "who is paid", c.holds(toName), "Ausgedachte GmbH")
	})

	tells("two IBANs in a text", func(c *customer) {
		c.pastesInvoice("DE75 5121 0800 1245 1261 99 or DE89 3704 0044 0532 0130 00")
		c.see("There is nothing of a payment in this text: no code of an invoice, and not exactly one IBAN.")
	})

	tells("a holiday", func(c *customer) {
		soon := consentry.bankDay(c.t, 2)
		christmas := time.Date(soon.Year(), time.December, 25, 0, 0, 0, 0, time.UTC)
		if soon.YearDay() > christmas.YearDay() {
			christmas = christmas.AddDate(1, 0, 0)
		}
		c.dates("On", christmas)
		c.click("See what will be sent")
		c.title("Ausgedachte GmbH")
		c.see(christmas.Format("2 January 2006") + ", which is no bank day: your bank may make it on ")
	})
	same(t, "payments at the banks", len(consentry.bookedTo(t, "Ausgedachte GmbH")), 0)
}

// pastesInvoice puts a text into the form to be taken apart.
func (c *customer) pastesInvoice(text string) {
	c.t.Helper()
	c.click("Paste a text or the content of a QR code")
	c.fill("Text", text)
	c.leads(func() { c.click("Fill in") })
}
