package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// tabTo presses Tab until the focus is on something of that name.
func (p *person) tabTo(name string) {
	p.t.Helper()
	var passed []string
	for range 150 {
		p.keys(kb.Tab)
		focused := p.focused()
		if focused == name {
			p.focusIsVisible(name)
			return
		}
		passed = append(passed, focused)
	}
	p.fail(fmt.Sprintf("reach %q by Tab", name), fmt.Errorf("the focus was on %q", passed))
}

// focusIsVisible holds that one can see where the focus is.
func (p *person) focusIsVisible(name string) {
	p.t.Helper()
	visible, err := ask[bool](p, `(() => {
		const ring = [document.activeElement, ...document.querySelectorAll(':focus-within')].some(element =>
			['', '::before', '::after'].some(part => {
				const style = getComputedStyle(element, part || undefined);
				return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
			}));
		return ring && document.activeElement.matches(':focus-visible');
	})()`)
	if err != nil || !visible {
		p.t.Errorf("the focus on %q cannot be seen (%v)", name, err)
	}
}

// The first half of the main job, without a mouse.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	ingrid := opens(consentry)

	ingrid.focusOn("Name, BIC or city of your bank")
	ingrid.visit("/accounts") // where nothing is to be done first
	ingrid.title("Accounts")
	ingrid.keys(kb.Tab)
	if first := ingrid.focused(); first != "Go to the content" {
		t.Errorf("Tab leads first to %q", first)
	}
	ingrid.keys("\r")
	ingrid.tabTo("Link a bank")
	ingrid.keys("\r")
	ingrid.title("Link a bank")
	ingrid.focusOn("Name, BIC or city")
	ingrid.tabTo("Norway")
	ingrid.keys("\r")
	ingrid.see("All of Norway")
	ingrid.tabTo("Bergen")
	ingrid.keys("\r")
	ingrid.until("have the banks of Bergen", func() error {
		if ingrid.location().Query().Get("city") == "" {
			return errNotYet
		}
		return nil
	})
	ingrid.keys("/")
	ingrid.focusOn("Name, BIC or city")
	ingrid.keys("fjord")
	ingrid.see("1 bank for “fjord”")
	ingrid.focusOn("Name, BIC or city") // which the new list did not take away
	ingrid.tabTo("Fjordbanken")
	ingrid.keys("\r")
	ingrid.title("Fjordbanken")
	ingrid.focusOn("Link this bank")
	ingrid.keys("\r")
	ingrid.title("What to share")

	ingrid.tabTo("Cancel")
	ingrid.keys("?")
	ingrid.see("This list")
	if inside, err := ask[bool](ingrid, "document.querySelector('dialog[open]').contains(document.activeElement)"); err != nil || !inside {
		t.Errorf("the focus is not in the dialog (%v)", err)
	}
	for range 8 { // round and round within the dialog, or to the browser's own buttons
		ingrid.keys(kb.Tab)
		if inside, err := ask[bool](ingrid, "document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement)"); err != nil || !inside {
			t.Errorf("Tab leads out of the dialog to %q (%v)", ingrid.focused(), err)
		}
	}
	ingrid.keys(kb.Escape)
	ingrid.focusOn("Cancel")
	ingrid.seeNot("This list")

	ingrid.reload()
	ingrid.title("What to share")
	ingrid.focusOn("Continue to the bank")
	ingrid.tabTo("Balances")
	ingrid.keys(" ")
	ingrid.see("show you the transactions of your accounts")
	ingrid.tabTo("Continue to the bank")
	ingrid.keys("\r")
	ingrid.see("How do you want to approve?")
	ingrid.tabTo("Code in the bank's app")
	ingrid.keys(kb.ArrowDown)
	ingrid.focusOn("Code by text message")
	ingrid.tabTo("Continue")
	ingrid.keys("\r")
	ingrid.see("Approve at Fjordbanken")
	ingrid.focusOn("Go to Fjordbanken")

	ingrid.keys("gs") // "g" and a letter lead to the sections
	ingrid.title("Settings")
}

// focusOn waits until the focus is on something of that name.
func (p *person) focusOn(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("have the focus on %q", name), func() error {
		focused, err := p.focusedName()
		if err == nil && focused != name {
			err = fmt.Errorf("it is on %q", focused)
		}
		return err
	})
}
