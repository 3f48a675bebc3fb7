package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	patience   = 2 * time.Minute        // how long a person waits for anything: a busy machine is slow
	glance     = 25 * time.Millisecond  // how often they look meanwhile
	longGlance = 250 * time.Millisecond // and after a while, since looking is work
)

// errNotYet is why somebody goes on waiting.
var errNotYet = errors.New("not yet")

// person is somebody before one tab of a browser. All they do either works
// within their patience or ends the test with what they saw instead.
type person struct {
	t       *testing.T
	tab     context.Context
	console *console
	window  *window

	scriptless bool   // JavaScript is off in this tab
	clicked    string // what was clicked, until something was waited for that came of it
}

// somebody opens a browser that knows nothing yet.
func somebody(t *testing.T) *person {
	t.Helper()
	needBrowser(t)
	tab, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	return before(t, tab)
}

// before sits the person down before a tab. What the tab complains about
// fails the test in the end.
func before(t *testing.T, tab context.Context) *person {
	t.Helper()
	p := &person{t: t, tab: tab, console: listen(t, tab), window: &window{}}
	p.sitsDown()
	return p
}

// opens starts a session with the program.
func opens(c *program) *person {
	c.t.Helper()
	p := somebody(c.t)
	p.visit(c.address)
	p.at("/")
	home := p.home()
	knows(p.t, "where the session is", home[strings.LastIndex(home, "/")+1:])
	knowsCookies(p.t, p.cookie(home+"/"))
	return p
}

// visit types an address; a path is one within the session the tab is in, but
// for the bank's return. Who has just clicked looks at what came of it first: the
// page that the click asked for, on its way still, and this one would overtake each other.
func (p *person) visit(address string) {
	p.t.Helper()
	if p.clicked != "" {
		p.t.Fatalf("wait for what clicking %q brings before you visit %s", p.clicked, address)
	}
	if strings.HasPrefix(address, "/") {
		here := p.bar()
		home := here.Scheme + "://" + here.Host
		if place := sessionIn.FindString(here.Path); !strings.HasPrefix(address, "/callback") {
			home += place
		}
		address = home + address
	}
	p.until("visit "+address, func() error {
		ctx, cancel := context.WithTimeout(p.tab, patience)
		defer cancel()
		err := chromedp.Do(ctx, chromedp.Navigate(address))
		if err != nil && !strings.Contains(err.Error(), "net::ERR_ABORTED") { // which says that the page before was still loading
			p.fail("visit "+address, err)
		}
		return err
	})
}

// reload loads the page again.
func (p *person) reload() {
	p.t.Helper()
	p.visit(p.bar().String())
}

// The roles of what can be clicked and filled in.
var (
	clickable = []string{"link", "button", "checkbox", "radio", "DisclosureTriangle", "menuitem", "summary"}
	fillable  = []string{"textbox", "searchbox", "combobox", "spinbutton", "Date"}
)

// click finds a link, button or choice by its name and clicks it with the mouse.
func (p *person) click(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("click %q", name), func() error {
		at, err := p.find(clickable, name)
		if err != nil {
			return err
		}
		return p.press(at)
	})
	p.clicked = name
}

// nextTo clicks what stands in the same row of a list as a bank's name.
func (p *person) nextTo(bank, name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("click %q beside %q", name, bank), func() error {
		rows := fmt.Sprintf("[...document.querySelectorAll('li')].filter(row => row.textContent.includes(%q))", bank)
		count, err := ask[int](p, rows+".length")
		if err == nil && count == 0 {
			err = errors.New("there is no such row")
		}
		for i := range count { // a list may be drawn, too
			var row, at runtime.RemoteObjectID
			if row, err = p.object(fmt.Sprintf("%s[%d]", rows, i)); err != nil {
				continue
			}
			if at, err = p.findIn(row, clickable, name); err == nil {
				return p.press(at)
			}
		}
		return err
	})
	p.clicked = name
}

// clickNewTab clicks what opens a tab, and sits down before that one.
func (p *person) clickNewTab(name string) *person {
	p.t.Helper()
	return p.newTab(name, func() { p.click(name) })
}

// newTab sits down before a tab that something opens.
func (p *person) newTab(name string, opens func()) *person {
	p.t.Helper()
	known := p.tabs()
	opens()
	var opened target.ID
	p.until("the new tab of "+name, func() error {
		for id := range p.tabs() {
			if !known[id] {
				opened = id
				return nil
			}
		}
		return errors.New("no tab opened")
	})
	tab, cancel := chromedp.NewContext(p.tab, chromedp.WithTargetID(opened))
	p.t.Cleanup(cancel)
	return before(p.t, tab)
}

// tabs are the ids of this browser profile's tabs.
func (p *person) tabs() map[target.ID]bool {
	p.t.Helper()
	all, err := chromedp.Targets(p.tab)
	if err != nil {
		p.fail("list the tabs", err)
	}
	mine := map[target.ID]bool{}
	profile := chromedp.FromContext(p.tab).BrowserContextID
	for _, each := range all {
		if each.Type == "page" && each.BrowserContextID == profile {
			mine[each.TargetID] = true
		}
	}
	return mine
}

// fill replaces what stands in a field by what is typed.
func (p *person) fill(label, value string) {
	p.t.Helper()
	if secretField.MatchString(label) {
		knows(p.t, "what was typed for "+label, value)
	}
	p.until(fmt.Sprintf("fill in %q", label), func() error {
		field, err := p.find(fillable, label)
		if err != nil {
			return err
		}
		if err := p.press(field); err != nil {
			return err
		}
		if _, err := on[bool](p, field, "function() { this.select(); return true }"); err != nil {
			return err
		}
		if _, err = chromedp.Call(p.tab, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
			return err
		}
		there, err := on[bool](p, field, "function() { return this.isConnected && this.value !== '' }")
		if err == nil && !there && value != "" {
			err = errors.New("the page put another field in its place")
		}
		return err
	})
}

// keys presses keys one after the other, wherever the focus is. A key whose
// press a page takes for itself types nothing, as on a keyboard.
func (p *person) keys(keys string) {
	p.t.Helper()
	for _, each := range keys {
		if err := p.key(kb.Keys[each]); err != nil {
			p.fail(fmt.Sprintf("press %q", each), err)
		}
	}
}

func (p *person) key(key *kb.Key) error {
	if key == nil {
		return errors.New("it is on no keyboard")
	}
	event := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: key.Key, Code: key.Code,
		WindowsVirtualKeyCode: key.Windows, NativeVirtualKeyCode: key.Native,
	}
	if key.Shift {
		event.Modifiers = int64(kb.ModifierShift)
	}
	if key.Print {
		event.Text, event.UnmodifiedText = key.Text, key.Unmodified
	}
	if _, err := chromedp.Call(p.tab, input.DispatchKeyEvent, event); err != nil {
		return err
	}
	event.Type, event.Text, event.UnmodifiedText = input.DispatchKeyEventTypeKeyUp, "", ""
	_, err := chromedp.Call(p.tab, input.DispatchKeyEvent, event)
	return err
}

// see waits until a text stands on the page.
func (p *person) see(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("see %q", text), func() error {
		if !strings.Contains(p.text(), text) {
			return errors.New("it is not on the page")
		}
		return nil
	})
}

// seeNot holds that a text does not stand on the page as it is now.
func (p *person) seeNot(text string) {
	p.t.Helper()
	if strings.Contains(p.text(), text) {
		p.fail(fmt.Sprintf("not see %q", text), errors.New("it is on the page"))
	}
}

// seeGo waits until a text is not on the page any more.
func (p *person) seeGo(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("see %q go", text), func() error {
		if strings.Contains(p.text(), text) {
			return errNotYet
		}
		return p.loaded()
	})
}

// at waits for the page with a path that begins so; "/" is the overview.
func (p *person) at(path string) {
	p.t.Helper()
	p.until("be at "+path, func() error {
		here := p.location().Path
		if here == path || path != "/" && strings.HasPrefix(here, path) {
			return p.loaded()
		}
		return errors.New("at " + here + " instead")
	})
}

func (p *person) loaded() error {
	state, err := ask[string](p, "document.readyState")
	if err == nil && state != "complete" {
		err = errors.New("the page is still loading")
	}
	return err
}

// title waits for the page whose first heading is this.
func (p *person) title(heading string) {
	p.t.Helper()
	p.until(fmt.Sprintf("reach the page %q", heading), func() error {
		is, err := ask[string](p, "document.querySelector('h1')?.textContent.replace(/\\s+/g, ' ').trim() ?? ''")
		if err == nil && is != heading {
			err = fmt.Errorf("the heading is %q", is)
		}
		if err != nil {
			return err
		}
		return p.loaded()
	})
}

// finds reports whether there is something to click of that name now.
func (p *person) finds(name string) bool {
	_, err := p.find(clickable, name)
	return err == nil
}

// text is what can be read on the page, with single blanks.
func (p *person) text() string {
	text, err := ask[string](p, "document.body?.innerText ?? ''")
	if err != nil {
		return ""
	}
	return singleBlanks(text)
}

// singleBlanks is a text as it reads, wherever its lines are broken.
func singleBlanks(text string) string { return strings.Join(strings.Fields(text), " ") }

// sessionIn is what the addresses of a session begin with.
var sessionIn = regexp.MustCompile(`^/s/[^/]+`)

// location is the address of the page, within the session.
func (p *person) location() *url.URL {
	p.t.Helper()
	here := p.bar()
	here.Path = strings.TrimPrefix(here.Path, sessionIn.FindString(here.Path))
	return here
}

// home is where the session of the page has its screens.
func (p *person) home() string {
	p.t.Helper()
	here := p.bar()
	return here.Scheme + "://" + here.Host + sessionIn.FindString(here.Path)
}

// bar is the address as it stands above the page.
func (p *person) bar() *url.URL {
	p.t.Helper()
	address, err := ask[string](p, "location.href")
	for started := time.Now(); err != nil && time.Since(started) < patience; address, err = ask[string](p, "location.href") {
		<-time.After(glance) // between two pages
	}
	u, parsed := url.Parse(address)
	if err := errors.Join(err, parsed); err != nil {
		p.fail("read the address", err)
	}
	return u
}

// focused is the accessible name of what has the focus.
func (p *person) focused() string {
	p.t.Helper()
	name, err := p.focusedName()
	if err != nil {
		p.fail("tell where the focus is", err)
	}
	return name
}

func (p *person) focusedName() (string, error) {
	element, err := p.object("document.activeElement")
	if err != nil {
		return "", err
	}
	tree, err := chromedp.Call(p.tab, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: element, FetchRelatives: new(false)})
	if err != nil || len(tree.Nodes) == 0 {
		return "", err
	}
	return value(tree.Nodes[0].Name), nil
}

// until repeats what may not work yet until it does.
func (p *person) until(what string, try func() error) {
	p.t.Helper()
	err := try()
	pause := glance
	for started := time.Now(); err != nil; err = try() {
		if time.Since(started) > patience {
			p.fail(what, err)
		}
		<-time.After(pause)
		pause = min(pause*5/4, longGlance)
	}
	p.clicked = ""
}

// fail ends the test with what was waited for and what the person sees instead.
func (p *person) fail(what string, err error) {
	p.t.Helper()
	address, _ := ask[string](p, "location.href")
	words := fmt.Sprintf("could not %s: %v\nat %s\nThe page says:\n%s", what, err, address, p.text())
	keep(p.t, "page.txt", []byte(words))
	keep(p.t, "browser.log", []byte(strings.Join(p.console.all(), "\n")+"\n"))
	if picture, err := p.picture(); err == nil {
		keep(p.t, "page.png", picture)
	}
	p.t.Fatalf("%s\n(kept in %s)", words, artifacts(p.t))
}

// artifacts is where the evidence of a failed test is kept.
func artifacts(t *testing.T) string {
	return filepath.Join("..", "..", "artifacts", strings.NewReplacer("/", "-", ",", "").Replace(t.Name()))
}

// keep writes a file of evidence; that it cannot be written is no second failure.
func keep(t *testing.T, name string, content []byte) {
	err := os.MkdirAll(artifacts(t), 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(artifacts(t), name), content, 0o600)
	}
	if err != nil {
		t.Logf("%s was not kept: %v", name, err)
	}
}

// picture shows what is in the window.
func (p *person) picture() ([]byte, error) {
	if err := p.front(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	return shot.Data, err
}

// front turns to this tab: those behind others are not drawn.
func (p *person) front() error {
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, page.BringToFront, cdp.Empty{})
	return err
}

// find returns the first element of a name that has one of the roles and can be
// reached by assistive technology.
func (p *person) find(roles []string, name string) (runtime.RemoteObjectID, error) {
	document, err := p.object("document")
	if err != nil {
		return "", err
	}
	return p.findIn(document, roles, name)
}

// findIn looks below one element.
func (p *person) findIn(root runtime.RemoteObjectID, roles []string, name string) (runtime.RemoteObjectID, error) {
	found, err := chromedp.Call(p.tab, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: root, AccessibleName: name})
	if err != nil {
		return "", err
	}
	for _, role := range roles {
		for _, node := range found.Nodes {
			if node.Ignored || value(node.Role) != role || node.BackendDOMNodeID == 0 {
				continue
			}
			element, err := chromedp.Call(p.tab, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node.BackendDOMNodeID})
			if err != nil {
				return "", err
			}
			return element.Object.ObjectID, nil
		}
	}
	return "", fmt.Errorf("there is no %s of that name", strings.Join(roles, ", "))
}

// press scrolls an element into view and clicks its middle, unless something
// else lies there.
func (p *person) press(element runtime.RemoteObjectID) error {
	if _, err := chromedp.Call(p.tab, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{ObjectID: element}); err != nil {
		return err
	}
	quads, err := chromedp.Call(p.tab, dom.GetContentQuads, dom.GetContentQuadsParams{ObjectID: element})
	if err != nil {
		return err
	}
	if len(quads.Quads) == 0 {
		return errors.New("it has no size")
	}
	x, y := middle(quads.Quads[0])
	covered, err := on[string](p, element, `function(x, y) {
		const top = document.elementFromPoint(x, y);
		if (!top || this.contains(top) || top.contains(this) || [...(this.labels ?? [])].some(l => l.contains(top))) return "";
		return top.outerHTML.slice(0, 120);
	}`, x, y)
	if err != nil {
		return err
	}
	if covered != "" {
		return errors.New("covered by " + covered)
	}
	if err := p.front(); err != nil {
		return err
	}
	before, _ := p.clicks()
	if err := chromedp.Do(p.tab, chromedp.MouseClickXY(x, y)); err != nil || p.scriptless {
		return err
	}
	// A page that loads anew by itself, or a part of it, may do so between the look and the click.
	if after, err := p.clicks(); err == nil && after == before {
		return errors.New("the click met nothing")
	}
	return nil
}

// countClicks counts in a tab, from page to page, what is clicked that can be clicked: a select opens before.
const countClicks = `(() => {
	const count = e => {
		const met = e.target.closest?.('a, button, input, select, textarea, label, summary, option, canvas, svg, [role], [tabindex]');
		if (met && (e.type === 'click') !== (met.tagName === 'SELECT')) try { sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1 } catch {}
	};
	addEventListener('click', count, true);
	addEventListener('mousedown', count, true);
})()`

// clicks are how many clicks have met something in this tab, at the origin of its page.
func (p *person) clicks() (string, error) {
	return ask[string](p, "location.origin + ' ' + (sessionStorage.clicks ?? 0)")
}

func middle(q dom.Quad) (x, y float64) {
	for i := 0; i < len(q); i += 2 {
		x, y = x+q[i], y+q[i+1]
	}
	corners := float64(len(q) / 2)
	return x / corners, y / corners
}

// object returns a handle on what an expression yields.
func (p *person) object(expression string) (runtime.RemoteObjectID, error) {
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: expression})
	if err != nil {
		return "", err
	}
	if result.ExceptionDetails != nil || result.Result.ObjectID == "" {
		return "", fmt.Errorf("%s is nothing", expression)
	}
	return result.Result.ObjectID, nil
}

// ask evaluates an expression in the page; a promise is waited for.
func ask[T any](p *person, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// shows is what an expression says of the page, which may be loading anew meanwhile: then it is asked again.
func shows[T any](p *person, what, expression string) (said T) {
	p.t.Helper()
	p.until(what, func() (err error) {
		said, err = ask[T](p, expression)
		return err
	})
	return said
}

// on calls a function on an element.
func on[T any](p *person, element runtime.RemoteObjectID, function string, arguments ...any) (result T, err error) {
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CallFunctionOn[T](function, func(c *runtime.CallFunctionOnParams) {
		c.ObjectID = element
	}, arguments...))
}

// value is a property of the accessibility tree as text.
func value(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text string
	_ = json.Unmarshal(v.Value, &text) // what is no text has no name
	return text
}
