package e2e

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/chromedp/kb"
)

// What the main job may take, from the first screen to accounts, balances and transactions. What
// has to be read on the way stands there all the same.
const (
	mostClicks     = 10
	mostKeystrokes = 60
)

// TestJourneyMainJobCounted does the main job twice, the bank's own pages included, and counts what it takes: with the
// keyboard alone each key that is pressed, with the mouse each click. The README names the figures.
func TestJourneyMainJobCounted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(string(readme)), " ")
	t.Run("by keyboard", func(t *testing.T) {
		pressed := byKeyboard(t)
		if words := fmt.Sprintf("%d keystrokes", pressed); pressed > mostKeystrokes || !strings.Contains(said, words) {
			t.Errorf("it takes %s, at most %d are to be, and the README has to name them", words, mostKeystrokes)
		}
	})
	t.Run("by mouse", func(t *testing.T) {
		clicked, typed := byMouse(t)
		if words := fmt.Sprintf("%d clicks and %d keystrokes", clicked, typed); clicked > mostClicks || !strings.Contains(said, words) {
			t.Errorf("it takes %s, at most %d clicks are to be, and the README has to name them", words, mostClicks)
		}
	})
}

// byKeyboard links a bank without a mouse: each step has the focus where the next thing is done.
func byKeyboard(t *testing.T) (pressed int) {
	consentry := start(t)
	ingrid := opens(consentry)
	press := func(p *person, keys string) {
		p.keys(keys)
		pressed += utf8.RuneCountInString(keys)
	}
	next := func(p *person, name string) {
		p.focusOn(name)
		p.focusIsVisible(name)
		press(p, "\r")
	}
	ingrid.focusOn("Name, BIC or city of your bank")
	press(ingrid, "norr")
	ingrid.see("1 bank for “norr”")
	ingrid.focusOn("Name, BIC or city of your bank") // which the list did not take away
	press(ingrid, "\r")
	next(ingrid, "Norrsken Bank")
	ingrid.title("Norrsken Bank")
	next(ingrid, "Link this bank")
	ingrid.title("What to share")
	ingrid.see("Consentry will ask Norrsken Bank to show you")
	next(ingrid, "Continue to the bank")
	ingrid.see("Approve at Norrsken Bank")
	bank := ingrid.newTab("Norrsken Bank", func() { next(ingrid, "Go to Norrsken Bank") })
	bank.title("Log in")
	bank.focusOn("Login")
	press(bank, "astrid"+kb.Tab)
	bank.focusOn("Password")
	knows(t, "what was typed for Password", "blomma-17")
	press(bank, "blomma-17\r")
	bank.see("Step 2 of 3")
	bank.see("What it may see")
	next(bank, "Continue")
	bank.see("Step 3 of 3")
	bank.focusOn("Code")
	press(bank, bank.practiceCode()+"\r")
	bank.see("You are back from the bank.")
	next(bank, "Continue in this tab")
	bank.see("Norrsken Bank is linked.")
	bank.see("4 accounts")
	ingrid.see("Norrsken Bank is linked.") // by itself, and there, too, the focus is on what is next
	ingrid.focusOn("See your accounts")
	bank.focusOn("See your accounts")
	for range 10 {
		press(bank, kb.Tab)
		if strings.Contains(bank.focused(), "Lönekonto") {
			break
		}
	}
	press(bank, "\r")
	bank.title("Lönekonto")
	bank.see("booked transactions")
	return pressed
}

// byMouse links a bank with the mouse, and the keys only where something is to be typed.
func byMouse(t *testing.T) (clicked, typed int) {
	consentry := start(t)
	nils := opens(consentry)
	click := func(p *person, name string) {
		p.click(name)
		clicked++
	}
	write := func(p *person, field, text string) {
		p.focusOn(field)
		p.keys(text)
		typed += utf8.RuneCountInString(text)
	}
	write(nils, "Name, BIC or city of your bank", "norr")
	nils.see("1 bank for “norr”")
	click(nils, "Norrsken Bank")
	nils.title("Norrsken Bank")
	click(nils, "Link this bank")
	nils.see("Consentry will ask Norrsken Bank to show you")
	click(nils, "Continue to the bank")
	nils.see("Approve at Norrsken Bank")
	bank := nils.newTab("Norrsken Bank", func() { click(nils, "Go to Norrsken Bank") })
	bank.title("Log in")
	click(bank, "Astrid Lindqvist")
	bank.until("have the login filled in", func() error {
		filled, err := ask[bool](bank, "Boolean(document.getElementById('password')?.value)")
		if err == nil && !filled {
			err = errors.New("the password is empty")
		}
		return err
	})
	click(bank, "Log in")
	bank.see("Step 2 of 3")
	bank.see("What it may see")
	click(bank, "Continue")
	bank.see("Step 3 of 3")
	write(bank, "Code", bank.practiceCode())
	click(bank, "Approve")
	bank.see("You are back from the bank.")
	click(bank, "Continue in this tab")
	bank.see("Norrsken Bank is linked.")
	bank.see("SEK") // its accounts with their balances
	click(bank, "Lönekonto")
	bank.title("Lönekonto")
	bank.see("booked transactions")
	return clicked, typed
}
