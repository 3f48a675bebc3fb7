package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestTypedBeforeTheScript types into a page whose scripts come late: it goes on with what
// was typed as if they had been there, and chooses nothing that was not chosen.
func TestTypedBeforeTheScript(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")

	goOn := astrid.opensWithoutScript("/banks")
	astrid.fill("Name or BIC", norrsken.name)
	goOn()
	astrid.see("1 bank for “" + norrsken.name + "”")

	goOn = astrid.opensWithoutScript("/banks/sandbox/" + norrsken.bic + "/share")
	astrid.click("Change accounts, time and how often")
	astrid.fill("Automatic updates a day", "3")
	goOn()
	astrid.see("automatically up to 3 times a day")
}

// opensWithoutScript goes to an address and sits before its page while the scripts are on
// their way; goOn lets them come.
func (p *person) opensWithoutScript(address string) (goOn func()) {
	p.t.Helper()
	must := func(_ cdp.Empty, err error) {
		p.t.Helper()
		if err != nil {
			p.fail("hold the scripts back", err)
		}
	}
	must(chromedp.Call(p.tab, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}))
	must(chromedp.Call(p.tab, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*.js"}}}))
	held, stop := context.WithTimeout(p.tab, patience)
	defer stop()
	paused := chromedp.Events(held, fetch.RequestPaused)
	here := p.bar()
	if _, err := chromedp.Call(p.tab, page.Navigate, page.NavigateParams{URL: here.Scheme + "://" + here.Host + sessionIn.FindString(here.Path) + address}); err != nil {
		p.fail("visit "+address, err)
	}
	for _, err := range paused {
		if err != nil {
			p.fail("hold the scripts back", err)
		}
		break
	}
	return func() {
		p.t.Helper()
		must(chromedp.Call(p.tab, fetch.Disable, cdp.Empty{}))
	}
}
