package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// bank is one of the practice banks, as it is called in a list and in an address.
type bank struct{ name, bic string }

// Banks that ask for no way to approve.
var (
	norrsken     = bank{"Norrsken Bank", "NRSKSEP0"}
	dalabanken   = bank{"Dalabanken", "DALBSEF0"}
	isbergs      = bank{"Isbergs Bank", "ISBGSES0"}
	skargard     = bank{"Skärgårdsbanken", "SKGDSES0"}
	vidda        = bank{"Vidda Sparebank", "VDDANOT0"}
	nordlys      = bank{"Nordlyskassen", "NRLSNOT0"}
	bryggetorget = bank{"Bryggetorget Bank", "BRGNNOB0"}
	klitbanken   = bank{"Klitbanken", "KLITDKK0"}
)

// grant is the consent that a person gave one bank, with what the data file and the
// bank know of it.
type grant struct {
	of *program
	bank
	id, atBank string
}

// shares gives a consent the short way: the bank's own app approves what was
// asked for, with all accounts, and the program hears of it.
func (p *person) shares(c *program, b bank, login string) *grant {
	p.t.Helper()
	given := p.asksFor(c, b)
	p.approvesDecoupled(given, login)
	return given
}

// asksFor asks a bank for a consent and leaves it unapproved.
func (p *person) asksFor(c *program, b bank) *grant {
	p.t.Helper()
	p.visit("/banks/sandbox/" + b.bic + "/share")
	p.title("What to share")
	return p.continues(c, b)
}

// continues sends the form of what to share.
func (p *person) continues(c *program, b bank) *grant {
	p.t.Helper()
	p.click("Continue to the bank")
	p.at("/authorisations/")
	p.see("Approve at " + b.name)
	newest := c.newest(b.name)
	return &grant{c, b, newest.ID, newest.BankConsentID}
}

// approvesDecoupled opens the bank's page and turns to the bank's own app
// instead. Who comes back then finds it done.
func (p *person) approvesDecoupled(g *grant, login string) {
	p.t.Helper()
	here := p.location().Path
	p.visit(here + "/page")
	p.title("Log in")
	g.approved(login)
	p.visit(g.of.origin() + here)
	p.until("have "+g.name+" linked", func() error {
		if !p.finds("See the consent") {
			return errNotYet
		}
		return nil
	})
}

// approved lets the person approve in the bank's own app.
func (g *grant) approved(login string) {
	g.of.t.Helper()
	g.of.controls("consents/"+g.atBank+"/authorise", fmt.Sprintf(`{"psu": %q}`, login))
}

// bends lets the bank change the consent by itself.
func (g *grant) bends(body string) {
	g.of.t.Helper()
	g.of.controls("consents/"+g.atBank, body)
}

// page is where the consent has its screen.
func (g *grant) page() string { return "/consents/" + g.id }

// opensConsent goes to the consent's own page.
func (p *person) opensConsent(g *grant) {
	p.t.Helper()
	p.visit(g.page())
	p.title(g.name)
}

// bankView is what the bank knows of a consent, and how it was used there.
type bankView struct {
	ID, Status, ValidUntil string
	Accounts               int
	Reads                  int `json:"reads"`
	Unattended             int `json:"readsUnattended"`
	AfterEnd               int `json:"readsAfterEnd"`
}

// seen is the consent as the bank sees it.
func (g *grant) seen() bankView {
	g.of.t.Helper()
	answer, err := http.Get(g.of.practice() + "/_control/state")
	if err != nil {
		g.of.t.Fatal(err)
	}
	defer answer.Body.Close()
	var state struct{ Consents []bankView }
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil {
		g.of.t.Fatal(err)
	}
	for _, each := range state.Consents {
		if each.ID == g.atBank {
			return each
		}
	}
	g.of.t.Fatalf("%s knows nothing of %s", g.name, g.atBank)
	return bankView{}
}

// fetchesAgain has the accounts read because the person asks, on the
// consent's own page.
func (p *person) fetchesAgain(g *grant) {
	p.t.Helper()
	before := g.stored().FetchedAt
	p.click("Update now")
	p.until("have the accounts of "+g.name+" read again", func() error {
		if g.stored().FetchedAt.Equal(before) {
			return errNotYet
		}
		return nil
	})
}

// passDays moves the practice banks' clock on in the settings.
func (p *person) passDays(days int) {
	p.t.Helper()
	p.visit("/settings")
	p.title("Settings")
	before := p.daysAhead()
	if quick := fmt.Sprintf("%d days · %s", days, inDays(before+days).Format("2 Jan 2006")); p.finds(quick) {
		p.click(quick)
	} else {
		p.fill("Other number of days", strconv.Itoa(days))
		p.click("Move the clock")
	}
	p.until(fmt.Sprintf("have the clock %d days ahead", before+days), func() error {
		if p.daysAhead() != before+days {
			return errNotYet
		}
		return p.loaded()
	})
}

var ahead = regexp.MustCompile(`clock is (\d+) days? ahead`)

// daysAhead is how far the page says that the practice banks' clock is ahead.
func (p *person) daysAhead() int {
	found := ahead.FindStringSubmatch(p.text())
	if found == nil {
		return 0
	}
	days, _ := strconv.Atoi(found[1])
	return days
}

// selects takes an answer of a list that folds out, or the first that contains
// these words.
func (p *person) selects(label, answer string) {
	p.t.Helper()
	p.until(fmt.Sprintf("choose %q of %q", answer, label), func() error {
		list, err := p.find([]string{"combobox"}, label)
		if err != nil {
			return err
		}
		found, err := on[bool](p, list, `function(answer) {
			const option = [...this.options].find(each => each.textContent.includes(answer));
			if (!option) return false;
			this.value = option.value;
			`+changed+`
			return true;
		}`, answer)
		if err == nil && !found {
			err = errors.New("it is not in the list")
		}
		return err
	})
}

// dates puts a day into a field for one. Which part of a date is typed first
// depends on the browser's language, so the field is given it whole.
func (p *person) dates(label string, day time.Time) {
	p.t.Helper()
	p.until(fmt.Sprintf("fill in the date %q", label), func() error {
		field, err := p.find(fillable, label)
		if err != nil {
			return err
		}
		_, err = on[bool](p, field, `function(day) { this.value = day; `+changed+` return true; }`, day.Format(time.DateOnly))
		return err
	})
}

// changed is what a browser tells a page after something was entered.
const changed = `for (const name of ['input', 'change']) this.dispatchEvent(new Event(name, {bubbles: true}));`

// inDialog clicks a button of the question that lies over the page.
func (p *person) inDialog(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("answer %q", name), func() error {
		dialog, err := p.object("document.querySelector('dialog[open]')")
		if err != nil {
			return err
		}
		button, err := p.findIn(dialog, clickable, name)
		if err != nil {
			return err
		}
		return p.press(button)
	})
}
