package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The colour schemes a system can ask for.
const (
	light = "light"
	dark  = "dark"
)

// looks sets the width of the window and the system's colour scheme, as far as
// they are other ones than before.
func (p *person) looks(width int64, scheme string) {
	p.t.Helper()
	if p.window.width != width || p.window.height != usualHeight {
		p.sized(width, usualHeight)
	}
	if p.window.scheme == scheme {
		return
	}
	p.window.scheme = scheme
	_, err := chromedp.Call(p.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err != nil {
		p.fail("set the colour scheme", err)
	}
}

// window is how a tab was set up.
type window struct {
	width, height int64
	scheme        string
}

// usualHeight is that of a window nobody stretched.
const usualHeight = 800

// sitsDown sets a new tab up.
func (p *person) sitsDown() {
	p.t.Helper()
	p.looks(1280, light)
	// Tabs behind others are to go on as if they were looked at.
	_, focused := chromedp.Call(p.tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	_, bars := chromedp.Call(p.tab, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true})
	_, counted := chromedp.Call(p.tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: countClicks})
	if err := errors.Join(focused, bars, counted); err != nil {
		p.fail("set the window up", err)
	}
	_, _ = ask[any](p, countClicks) // where a page is there already, as in a tab that another opened
}

// withoutScript switches JavaScript off in this tab.
func (p *person) withoutScript() {
	p.t.Helper()
	p.scriptless = true
	if _, err := chromedp.Call(p.tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		p.fail("switch JavaScript off", err)
	}
}

// withScript switches it on again, for the pages that follow.
func (p *person) withScript() {
	p.t.Helper()
	p.scriptless = false
	if _, err := chromedp.Call(p.tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}); err != nil {
		p.fail("switch JavaScript on", err)
	}
}

// sized gives the window a size.
func (p *person) sized(width, height int64) {
	p.t.Helper()
	p.window.width, p.window.height = width, height
	size := emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 500}
	if _, err := chromedp.Call(p.tab, emulation.SetDeviceMetricsOverride, size); err != nil {
		p.fail("size the window", err)
	}
}

// told are the cookies by which the script tells the program how a page is looked at: no secrets.
var told = map[string]bool{"consentry-window": true, "consentry-fold-lives": true, "consentry-keys": true}

// cookie is what the browser sends with a request to an address.
func (p *person) cookie(address string) string {
	p.t.Helper()
	got, err := chromedp.Call(p.tab, network.GetCookies, network.GetCookiesParams{URLs: []string{address}})
	if err != nil || len(got.Cookies) == 0 {
		p.fail("read the session's cookie", err)
	}
	var pairs []string
	for _, each := range got.Cookies {
		if strings.HasPrefix(each.Name, "consentry-") && !told[each.Name] && (!each.HTTPOnly || each.SameSite != network.CookieSameSiteLax) {
			p.t.Errorf("the cookie %s can be read by scripts or sent by other sites", each.Name)
		}
		pairs = append(pairs, each.Name+"="+each.Value)
	}
	return strings.Join(pairs, "; ")
}

// console keeps what a tab complains about.
type console struct {
	t          *testing.T
	mu         sync.Mutex
	documents  map[string]bool // addresses of the pages themselves
	complaints []*log.Entry
	thrown     []string
	left       bool // the program behind the page is gone
}

// leave forgives what the page complains about from now on: the program
// behind it is about to be killed.
func (p *person) leave() {
	p.console.mu.Lock()
	defer p.console.mu.Unlock()
	p.console.left = true
}

// listen fails the test in the end for every error a page logged: a script
// that threw, a resource that was refused, a breach of the content policy.
func listen(t *testing.T, tab context.Context) *console {
	t.Helper()
	c := &console{t: t, documents: map[string]bool{}}
	if err := chromedp.Listen(tab, c.note); err != nil {
		t.Fatal(err)
	}
	for _, enable := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
		if _, err := chromedp.Call(tab, enable, cdp.Empty{}); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, complaint := range c.all() {
			t.Error("the page complained: " + complaint)
		}
	})
	return c
}

func (c *console) note(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		return
	}
	switch e := event.(type) {
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			c.documents[e.Response.URL] = true
			knowsAddress(c.t, e.Response.URL)
			if policy := contentPolicy(e.Response); strings.HasPrefix(e.Response.URL, "http") && (policy == "" || strings.Contains(policy, "unsafe-")) {
				c.thrown = append(c.thrown, fmt.Sprintf("%s comes with the content security policy %q", e.Response.URL, policy))
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			c.complaints = append(c.complaints, e.Entry)
		}
	case *runtime.EventExceptionThrown:
		c.thrown = append(c.thrown, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			for _, argument := range e.Args {
				c.thrown = append(c.thrown, fmt.Sprintf("console.%s: %s %s", e.Type, argument.Value, argument.Description))
			}
		}
	}
}

// contentPolicy is what a page says it may load and run.
func contentPolicy(response *network.Response) string {
	for name, value := range response.Headers {
		if strings.EqualFold(name, "Content-Security-Policy") {
			return fmt.Sprint(value)
		}
	}
	return ""
}

// all are the complaints that mean something is wrong.
func (c *console) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.thrown
	for _, entry := range c.complaints {
		if !c.expected(entry) {
			all = append(all, fmt.Sprintf("%s: %s (%s)", entry.Source, entry.Text, entry.URL))
		}
	}
	return all
}

// expected reports whether a complaint belongs to the story: a page whose status is
// an error is itself the screen that says so, and a bank may have no logo or icon.
func (c *console) expected(entry *log.Entry) bool {
	if entry.Source != log.EntrySourceNetwork {
		return false
	}
	u, err := url.Parse(entry.URL)
	return c.documents[entry.URL] || err == nil && (strings.HasSuffix(u.Path, "/logo") || u.Path == "/favicon.ico")
}
