package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestJourneyTypedBeforeTheScript types into a page whose scripts come late: it goes on
// with what was typed as if they had been there.
func TestJourneyTypedBeforeTheScript(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	for _, each := range []struct{ address, field, typed, says string }{
		{"/banks", "q", norrsken.name, "1 bank for “" + norrsken.name + "”"},
		{"/banks/sandbox/" + norrsken.bic + "/share", "frequency", "3", "automatically up to 3 times a day"},
	} {
		goOn := astrid.opensWithoutScript(each.address)
		astrid.typesInto(each.field, each.typed)
		goOn()
		astrid.see(each.says)
	}
}

// typesInto types into the field with a name, in a page that is still loading: what its
// elements are called is not known there before it has loaded.
func (p *person) typesInto(name, text string) {
	p.t.Helper()
	p.until("type into "+name, func() error {
		ctx, cancel := context.WithTimeout(p.tab, 5*time.Second)
		defer cancel()
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => {
			const field = document.querySelector('input[name="`+name+`"]');
			if (!field) return false;
			for (let part = field.closest('details'); part; part = part.parentElement.closest('details')) part.open = true;
			field.focus();
			field.select();
			return document.activeElement === field;
		})()`))
		if err == nil && !there {
			err = errNotYet
		}
		if err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
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
