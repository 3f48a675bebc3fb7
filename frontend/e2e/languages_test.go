package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"consentry/frontend/words"
)

// TestJourneyLanguages looks at every screen that has an address in each language but English, the pseudo-language among them: axe finds nothing
// in either theme, and no text is wider than its place or cut off, on a telephone, at a desk, at 200 % zoom, and with letters twice as large.
func TestJourneyLanguages(t *testing.T) {
	journey(t)
	t.Parallel()
	spoken, folder := catalogues(t)
	c := startWith(t, []string{"CONSENTRY_CATALOGUES=" + folder})
	astrid := opens(c)
	astrid.visit("/stage")
	astrid.click("Set the scene “Payments at every stage”")
	astrid.see("The scene “Payments at every stage” is set.")
	given := astrid.shares(c, norrsken, "astrid")
	astrid.asksFor(c, klitbanken)
	screens := astrid.addressed(t, c.sections(given))
	t.Logf("%d screens", len(screens))
	t.Run("screens", func(t *testing.T) {
		for i, tag := range spoken {
			t.Run(tag, func(t *testing.T) {
				t.Parallel()
				reader := astrid.beside(t, tag)
				schemes := []string{light, dark}
				at, onTelephone := schemes[i%2], schemes[(i+1)%2]
				for _, each := range screens {
					reader.visit(each.address)
					reader.reads(tag, each.screen)
					reader.fits(each.screen, at, onTelephone)
				}
			})
		}
	})
}

// reads waits for a page in a language.
func (p *person) reads(tag, screen string) {
	p.t.Helper()
	p.until(fmt.Sprintf("read %s in %s", screen, tag), func() error {
		lang, err := ask[string](p, "document.documentElement?.lang ?? ''") // there is none of a page that is coming
		if err == nil && lang != tag {
			err = fmt.Errorf("it is in %q", lang)
		}
		return err
	})
}

// TestJourneyBanksLanguages looks at the pages of a practice bank in each country, in its language.
func TestJourneyBanksLanguages(t *testing.T) {
	journey(t)
	t.Parallel()
	c := start(t)
	astrid := opens(c)
	for tag, b := range map[string]bank{"sv": norrsken, "de": {"Rheintor Bank", "RHTRDEB0"}, "da": klitbanken, "nb": vidda, "ka": {name: "Rioni Bank"}, "fi": {name: "Kuutamopankki"}} {
		astrid.asks(b.name)
		astrid.see("Approve at " + b.name)
		reader := astrid.beside(t, tag)
		reader.visit(astrid.location().Path + "/page")
		look := func(screen string) {
			t.Helper()
			reader.reads(tag, screen+" of "+b.name)
			reader.fits(screen+" of "+b.name, light, dark)
		}
		look("login")
		reader.click("Astrid Lindqvist")
		for _, screen := range []string{"accounts", "code"} {
			before := reader.bar().Path
			reader.until("go on from "+before, func() error {
				if reader.bar().Path != before {
					return nil
				}
				_, err := ask[any](reader, `document.querySelector("button[value=next]")?.click()`)
				if err == nil {
					err = errNotYet
				}
				return err
			})
			look(screen)
		}
	}
}

// catalogues are the languages but English, and a folder with the catalogue of the pseudo-language.
func catalogues(t *testing.T) (tags []string, folder string) {
	t.Helper()
	english, err := os.ReadFile("../words/catalogue/en.json")
	if err != nil {
		t.Fatal(err)
	}
	made, err := words.Pseudo(english)
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, words.PseudoTag+".json"), made, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := words.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if l.Tag() != "en" {
			tags = append(tags, l.Tag())
		}
	}
	return append(tags, words.PseudoTag), folder
}

// beside is the same person before another tab, in a language.
func (p *person) beside(t *testing.T, tag string) *person {
	t.Helper()
	tab, cancel := chromedp.NewContext(p.tab)
	t.Cleanup(cancel)
	reader := before(t, tab)
	asks := network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": tag}}
	if _, err := chromedp.Call(reader.tab, network.SetExtraHTTPHeaders, asks); err != nil {
		reader.fail("ask in "+tag, err)
	}
	reader.visit(p.home() + "/")
	return reader
}

// addressed are screens together with what leads on from them, a page for each kind.
func (p *person) addressed(t *testing.T, all []section) []section {
	t.Helper()
	inspector := newInspector(t)
	routeOf := func(address string) string {
		_, route := inspector.routes.Handler(httptest.NewRequest(http.MethodGet, address, nil))
		return route
	}
	seen := map[string]bool{}
	for route := range notScreens {
		seen[route] = true
	}
	for _, each := range all {
		seen[routeOf(each.address)] = true
	}
	for at := 0; at < len(all); at++ {
		p.visit(all[at].address)
		listed, err := ask[string](p, `JSON.stringify([...document.querySelectorAll("main a[href]")].filter(a => a.origin === location.origin && !a.target && !a.download).map(a => a.pathname + a.search))`)
		if err != nil {
			p.fail("read the links", err)
		}
		var links []string
		if err := json.Unmarshal([]byte(listed), &links); err != nil {
			t.Fatal(err)
		}
		for _, link := range links {
			address, within := strings.CutPrefix(link, sessionIn.FindString(link))
			if route := routeOf(address); within && strings.HasPrefix(address, "/") && route != "" && !seen[route] {
				seen[route] = true
				all = append(all, section{strings.TrimPrefix(route, "GET "), address})
			}
		}
	}
	return all
}

// fits judges a screen in a language: with axe at a desk and on a telephone, and whether its texts have room.
func (p *person) fits(screen, scheme, onTelephone string) {
	p.t.Helper()
	roomFor := func(as string) {
		p.t.Helper()
		p.scrollsOneWay(as)
		cut, err := ask[[]string](p, cutTexts)
		if err != nil {
			p.t.Errorf("%s: %v", as, err)
		}
		for _, each := range cut {
			p.t.Errorf("%s: %s", as, each)
		}
	}
	p.looks(1280, scheme)
	if _, err := ask[any](p, unknownLanguage); err != nil {
		p.fail("give the page a language axe knows", err)
	}
	for _, violation := range p.axe(everything) {
		p.t.Errorf("%s, 1280 px, %s: %s", screen, scheme, violation)
	}
	roomFor(screen + ", 1280 px")
	p.enlarges(32)
	roomFor(screen + ", large letters")
	p.enlarges(16)
	p.looks(640, scheme)
	roomFor(screen + ", 200 %")
	p.looks(360, onTelephone)
	for _, violation := range p.axe(onTelephones) {
		p.t.Errorf("%s, 360 px, %s: %s", screen, onTelephone, violation)
	}
	roomFor(screen + ", 360 px")
}

// enlarges has the browser's usual letters be so large, as its settings do.
func (p *person) enlarges(size int64) {
	p.t.Helper()
	if _, err := chromedp.Call(p.tab, page.SetFontSizes, page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: size, Fixed: size * 13 / 16}}); err != nil {
		p.fail("enlarge the letters", err)
	}
}

// unknownLanguage gives what is in the pseudo-language one that axe knows.
const unknownLanguage = `document.querySelectorAll("[lang=qps]").forEach(e => { e.lang = "en" })`

// cutTexts lists texts that stick out of what they stand in, or are cut off by it. What scrolls has room for all, and dots may end what
// a bank sent; the pseudo-language's brackets tell that it is none of that.
const cutTexts = `(() => {
	const found = [];
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const range = document.createRange();
	for (let text; text = texts.nextNode();) {
		const of = text.parentElement;
		if (!text.data.trim() || of.closest('script, style, select, svg, .vh, .unseen, .skip, [hidden], dialog:not([open])')) continue;
		const unseen = (e) => e && e !== document.body && (/inset\(50%\)/.test(getComputedStyle(e).clipPath) || unseen(e.parentElement));
		if (unseen(of)) continue; // but read aloud
		range.selectNodeContents(text);
		const places = [...range.getClientRects()].filter(r => r.width > 1 && r.height > 1);
		for (let box = of; places.length && box && box !== document.body; box = box.parentElement) {
			const style = getComputedStyle(box);
			if (style.display === 'inline' || style.display === 'contents') continue;
			if (/auto|scroll/.test(style.overflowX)) break;
			const clips = /hidden|clip/.test(style.overflowX), at = box.getBoundingClientRect();
			const out = places.some(r => r.right > at.right + 1.5 || r.left < at.left - 1.5 || clips && (r.bottom > at.bottom + 3 || r.top < at.top - 3));
			if (out) {
				const dots = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
				if (!(dots && !text.data.includes('['))) found.push((clips ? 'is cut off' : 'sticks out') + ': ' + text.data.trim().slice(0, 60) + ' in ' + box.outerHTML.slice(0, 90));
				break;
			}
			if (/absolute|fixed/.test(style.position)) break;
		}
	}
	return found.slice(0, 6);
})()`
