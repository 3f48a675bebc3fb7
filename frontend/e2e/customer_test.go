package e2e

import (
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"consentry/storage"
	"consentry/xs2a"
)

// login is what one of the practice banks' people types.
type login struct{ id, name, password, code string }

var (
	lukas = login{"lukas", "Lukas Brandhorst", "laterne-88", "141421"}
	mette = login{"mette", "Mette Kjærulf", "rugbroed-6", "244948"}
)

// customer is a person on the way to share what they have at one bank.
type customer struct {
	*person
	of   *program
	bank string
	who  login

	known bool // the bank gets to know who it is with the first request
	stays bool // would rather approve on another device
	pay   bool // pays, and shares nothing
}

// act is what somebody does on one screen.
type act func(*customer)

// does one thing after the other.
func (c *customer) does(acts ...act) {
	c.t.Helper()
	for _, act := range acts {
		act(c)
	}
}

// begins asks the bank for the consent, with the login where it wants that.
func (c *customer) begins() {
	c.t.Helper()
	c.fillsShare()
	if anew := "Start anew"; c.finds(anew) { // what was begun there before came to nothing
		c.click(anew)
	} else {
		c.click("Continue to the bank")
	}
	c.at("/authorisations/")
}

func (c *customer) fillsShare() {
	c.t.Helper()
	c.findsBank(c.bank)
	c.click("Link this bank")
	c.title("What to share")
	if c.known {
		c.fillsLogin("Change accounts, time and how often", c.who.id)
	}
	if c.stays {
		c.click("Change accounts, time and how often")
		c.click("On another device, if the bank can")
	}
}

// goesOn continues from the overview with what was begun before.
func (c *customer) goesOn() {
	c.t.Helper()
	c.visit("/")
	c.see("Needs you")
	c.nextTo(c.bank, "Continue")
	c.at("/authorisations/")
}

// What people do on our screens.

func identifies(c *customer) {
	c.t.Helper()
	c.see("Who are you at " + c.bank + "?")
	c.fill("Your login at the bank (needed)", c.who.id)
	c.click("Continue")
}

func givesPassword(c *customer) {
	c.t.Helper()
	c.see("Log in at " + c.bank)
	c.see("Your password goes to the bank and is never stored.")
	c.fill("Password (needed)", c.who.password)
	c.click("Continue")
}

// givesLogin is for banks that want name and password at once.
func givesLogin(c *customer) {
	c.t.Helper()
	c.see("Log in at " + c.bank)
	givesName(c)
	givesPassword(c)
}

func givesCode(c *customer) {
	c.t.Helper()
	c.see("Enter the code")
	c.see("Up to 6 digits.")
	c.fill("Code (needed)", c.who.code)
	c.click("Continue")
}

// chooses takes one of several ways to approve.
func chooses(way string) act {
	return func(c *customer) {
		c.t.Helper()
		c.see("How do you want to approve?")
		c.click(way)
		c.click("Continue")
	}
}

// reads waits for what a screen says.
func reads(text string) act {
	return func(c *customer) {
		c.t.Helper()
		c.see(text)
	}
}

// scans holds a camera to the picture of a QR code: it leads to the telephone.
func scans(alt string) act {
	return func(c *customer) {
		c.t.Helper()
		c.scansCode(alt, c.telephone())
	}
}

// scansPicture is scans where the code is a picture that the bank has made.
func scansPicture(alt string) act {
	return func(c *customer) {
		c.t.Helper()
		code, err := qr.Encode(c.telephone(), qr.M)
		if err != nil {
			c.t.Fatal(err)
		}
		if want := "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG()); c.pictured(alt) != want {
			c.t.Errorf("the picture %q at %s is another code than that of %s", alt, c.bank, c.telephone())
		}
	}
}

// looksAt finds a picture of some kind.
func looksAt(alt string) act {
	return func(c *customer) {
		c.t.Helper()
		if !strings.HasPrefix(c.pictured(alt), "data:image/png;base64,") {
			c.t.Errorf("the picture %q at %s is none", alt, c.bank)
		}
	}
}

// pictured is where a picture on the page comes from.
func (p *person) pictured(alt string) string {
	p.t.Helper()
	var source string
	p.until("see the picture "+alt, func() (err error) {
		source, err = ask[string](p, "[...document.images].find(image => image.alt === "+quoted(alt)+" && image.naturalWidth > 0)?.src ?? ''")
		if err == nil && source == "" {
			err = errors.New("there is none")
		}
		return err
	})
	return source
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `\'`) + "'" }

// What people do elsewhere.

// atTheDoor opens the bank's page, once the screen leads there.
func (c *customer) atTheDoor() *person {
	c.t.Helper()
	c.see("Approve at " + c.bank)
	return c.goesTo(c.bank)
}

// atTheLogin is atTheDoor of a bank that wants to know who asks first.
func (c *customer) atTheLogin() *person {
	c.t.Helper()
	c.see("Log in at " + c.bank)
	return c.goesTo(c.bank)
}

func atTheBank(c *customer) {
	c.t.Helper()
	tab := c.atTheDoor()
	tab.logsIn(c.who.name)
	tab.approves()
	tab.see("You are back from the bank.")
}

// logsInFirst is the log-in before anything is asked for.
func logsInFirst(c *customer) {
	c.t.Helper()
	tab := c.atTheLogin()
	tab.see("Nothing is shared by that.")
	tab.types(c.who.id, c.who.password)
	tab.see("Step 3 of 3")
	tab.fill("Code", tab.practiceCode())
	tab.click("Approve")
	tab.see("You are back from the bank.")
}

// types fills in a bank's login page.
func (p *person) types(id, password string) {
	p.t.Helper()
	p.title("Log in")
	p.fill("Login", id)
	p.fill("Password", password)
	p.click("Log in")
}

func onTheTelephone(c *customer) {
	c.t.Helper()
	phone := c.takesTelephone()
	phone.click("Approve")
	phone.see("Go back to the app.")
}

// scansBankID opens the app on another device, which learns there who it is for.
func scansBankID(c *customer) *person {
	c.t.Helper()
	address := c.telephone()
	phone := somebody(c.t)
	phone.visit(address)
	phone.title("Your telephone")
	phone.fill("Login", c.who.id)
	phone.fill("Password", c.who.password)
	return phone
}

func onBankID(c *customer) {
	c.t.Helper()
	phone := scansBankID(c)
	phone.click("Approve")
	phone.see("Go back to the app.")
}

// takesTelephone is another browser, in which the bank's app asks.
func (c *customer) takesTelephone() *person {
	c.t.Helper()
	address := c.telephone()
	phone := somebody(c.t)
	phone.visit(address)
	phone.title("Your telephone")
	phone.see("Logged in as " + c.who.id)
	return phone
}

var telephone = regexp.MustCompile(`your telephone is at (http://\S+/bank/phone/[\w-]+)`)

// telephone is where the bank's words say that it rings.
func (c *customer) telephone() string {
	c.t.Helper()
	var found []string
	c.until("read where the telephone is", func() error {
		if found = telephone.FindStringSubmatch(c.text()); found == nil {
			return errNotYet
		}
		return nil
	})
	return found[1]
}

// another person takes a seat, after the first has signed.
func another(c *customer) {
	c.t.Helper()
	c.see("You have approved your part.")
	if c.pay {
		c.halfPaid()
	} else {
		same(c.t, "the consent", c.of.newest(c.bank).Status, xs2a.ConsentPartiallyAuthorised)
		c.of.hasNothingOf(c.bank)
	}
	c.who = mette
	c.click("Continue with the next person")
}

// linked holds that the accounts are there, on screen and in the data file.
func (c *customer) linked() {
	c.t.Helper()
	for started := time.Now(); time.Since(started) < patience && !c.says(c.bank+" is linked."); {
		<-time.After(glance) // the bank may take its time to give two years of transactions
	}
	c.see(c.bank + " is linked.")
	attempts := c.of.attempts(c.bank)
	same(c.t, "the consent", c.of.newest(c.bank).Status, xs2a.ConsentValid)
	same(c.t, "the attempt", attempts[0].Outcome, storage.Succeeded)
	same(c.t, "attempts that go on", len(open(attempts)), 0)
	read := slices.DeleteFunc(c.of.statements(c.bank), func(s statement) bool {
		return s.FetchedAt.IsZero() || len(s.Booked)+len(s.Pending) == 0
	})
	if len(read) == 0 {
		c.t.Errorf("no account of %s is in the data file", c.bank)
	}
	c.click("See your accounts")
	c.title("Accounts")
	c.see(c.bank)
	for _, account := range read {
		c.see(singleBlanks(account.Name))
	}
}

// says reports whether a text stands on the page now.
func (p *person) says(text string) bool { return strings.Contains(p.text(), text) }

// ended holds how an attempt went: its outcome, what became of the consent, and
// that nothing was read.
func (c *customer) ended(outcome storage.Outcome, status xs2a.ConsentStatus) {
	c.t.Helper()
	c.see("Nothing was shared.")
	same(c.t, "the attempt", c.of.attempts(c.bank)[0].Outcome, outcome)
	same(c.t, "the consent", c.of.newest(c.bank).Status, status)
	c.of.hasNothingOf(c.bank)
}

// tells is a part of a test about one bank.
func (c *program) tells(p *person, a approach, tell func(*customer)) {
	p.story(p.t, a.name, func(p *person) {
		of := *c
		of.t = p.t
		tell(&customer{person: p, of: &of, bank: a.bank, who: lukas, known: a.known, stays: a.stays})
	})
}

// tellsAll tells the same of several.
func (c *program) tellsAll(t *testing.T, p *person, all []approach, tell func(*customer, approach)) {
	t.Helper()
	for _, a := range all {
		c.tells(p, a, func(c *customer) { tell(c, a) })
	}
}
