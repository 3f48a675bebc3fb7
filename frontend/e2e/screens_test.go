package e2e

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestMainScreens has everyone use the first screens of all and the main ones of who has
// linked a bank: at a desk in the light, and on a telephone in the dark.
func TestMainScreens(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	look := func(screen string) {
		astrid.inspect(screen, 1280, light, everything)
		astrid.inspect(screen, 360, dark, onTelephones)
		astrid.looks(1280, light)
	}
	look("overview-empty")
	astrid.visit("/banks")
	astrid.see("Sweden")
	look("banks")
	given := astrid.shares(consentry, norrsken, "astrid")
	for _, each := range consentry.sections(given) {
		if mainScreens[each.screen] {
			astrid.visit(each.address)
			look(each.screen)
		}
	}
}

// TestJourneyEveryScreen has everyone use every screen: in a telephone's width and a
// desk's, light and dark, with what axe finds wrong and without scrolling sideways.
func TestJourneyEveryScreen(t *testing.T) {
	journey(t)
	t.Parallel()
	inspector := newInspector(t)
	t.Run("tours", func(t *testing.T) {
		for _, tour := range tours {
			t.Run(tour.name, func(t *testing.T) {
				t.Parallel()
				tour.of(t, inspector.look)
			})
		}
	})
	if t.Failed() {
		return // a tour that broke off came to fewer screens
	}
	for _, route := range inspector.missed() {
		t.Errorf("the route %s has no screen in a tour: add it to tour_test.go, so that it is inspected and pictured", route)
	}
}

// notScreens are GET routes that answer something else than a page.
var notScreens = map[string]string{
	"GET /activity/requests/{request}":     "leads to an exchange",
	"GET /activity/report/{format}":        "is a file, see TestReportFiles",
	"GET /authorisations/{id}/step":        "tells a page whether it is out of date",
	"GET /authorisations/{id}/page":        "leads to the bank",
	"GET /authorisations/{id}/device":      "is inspected in TestJourneyOnThePhone, as no phone reaches the practice banks",
	"GET /banks/{env}/{bic}/logo":          "is a picture",
	"GET /consents/{id}/job":               "is the part of a page that shows progress",
	"GET /consents/{id}/receipt.json":      "is a file, see TestJourneyReceipt",
	"GET /consents/{id}/calendar.ics":      "is a file, see TestJourneyReceipt",
	"GET /consents.ics":                    "is a file, see TestJourneyReceipt",
	"GET /environments/{id}/banks.csv":     "is a file, see TestBanksToAFileAndBack",
	"GET /transactions/export/{format}":    "is a file, see TestTakeOut",
	"GET /renewals/{round}":                "is inspected in TestJourneyRenewAll",
	"GET /renewals/{round}/next":           "leads to the form of the consent that is next",
	"GET /stage/panel":                     "is the presenter's window, inspected in TestJourneyStories",
	"GET /stage/panel/step":                "tells a page whether it is out of date",
	"GET /stage/scene.txt":                 "is a file, see TestSceneNow in app",
	"GET /payments/{id}/step":              "tells a page whether it is out of date",
	"GET /activity/exchanges/{id}/fork":    "is inspected in TestJourneyFork, which forks a flow",
	"GET /activity/flows/{flow}/next":      "is inspected in TestJourneyFork, which forks a flow",
	"GET /banks/{env}/{bic}/pay/payees":    "is the part of a form that shows whom one paid before",
	"GET /environments/{id}/quirks.json":   "is a file, see TestJourneyQuirkCards",
	"GET /banks/{env}/{bic}/quirks":        "is inspected in TestJourneyQuirkCards",
	"GET /banks/{env}/{bic}/quirks/{kind}": "likewise",
	"GET /environments/{id}/quirks":        "likewise",
	"GET /environments/{id}/quirks/import": "likewise",

	"GET /settings/backup/found":    "is inspected in TestJourneyBackup",
	"GET /settings/backup/restored": "likewise",
	"GET /settings/profiles/remove": "asks before a profile goes, see TestJourneyProfiles",

	"GET /environments/{id}/keys/{purpose}/{file}": "is a file, see TestKeysFromTheFirstToTheIssued",
}

// inspector judges screens and remembers which routes it has seen.
type inspector struct {
	t      *testing.T
	routes *http.ServeMux

	mu   sync.Mutex
	seen map[string]bool
}

var getRoute = regexp.MustCompile(`"(GET /[^"]*)":`)

// newInspector reads the program's own table of routes.
func newInspector(t *testing.T) *inspector {
	t.Helper()
	source, err := os.ReadFile("../routes.go")
	if err != nil {
		t.Fatal(err)
	}
	i := &inspector{t: t, routes: http.NewServeMux(), seen: map[string]bool{}}
	for _, found := range getRoute.FindAllStringSubmatch(string(source), -1) {
		i.routes.HandleFunc(found[1], http.NotFound)
		i.seen[found[1]] = notScreens[found[1]] != ""
	}
	if len(i.seen) < 10 {
		t.Fatalf("only %d routes were found in routes.go", len(i.seen))
	}
	return i
}

// missed are the routes no tour came to.
func (i *inspector) missed() []string {
	var missed []string
	for route, seen := range i.seen {
		if !seen {
			missed = append(missed, route)
		}
	}
	return missed
}

func (i *inspector) look(p *person, screen string) {
	p.t.Helper()
	_, route := i.routes.Handler(httptest.NewRequest(http.MethodGet, p.location().RequestURI(), nil))
	i.mu.Lock()
	if _, known := i.seen[route]; known {
		i.seen[route] = true
	}
	i.mu.Unlock()
	p.inspect(screen, 1280, light, everything)
	if mainScreens[screen] {
		p.inspect(screen, 1280, dark, colours)
		p.inspect(screen, 360, light, onTelephones)
	}
	p.inspect(screen, 360, dark, onTelephones)
	p.looks(1280, light)
}

// The rules that axe goes by. All are looked at once. What a colour scheme
// changes are the colours, and what a width changes is what lies where, and
// what is there at all.
const (
	everything   = ""
	colours      = "runOnly: ['color-contrast'], "
	onTelephones = "runOnly: ['color-contrast', 'scrollable-region-focusable', 'aria-hidden-focus', 'link-name', 'button-name', 'label'], "
)

// inspect judges a screen in a width and colour scheme.
func (p *person) inspect(screen string, width int64, scheme, rules string) {
	p.t.Helper()
	p.looks(width, scheme)
	as := fmt.Sprintf("%s, %d px, %s", screen, width, scheme)
	for _, violation := range p.axe(rules) {
		p.t.Errorf("%s: %s", as, violation)
	}
	p.scrollsOneWay(as)
}

// scrollsOneWay holds that nothing is wider than the window.
func (p *person) scrollsOneWay(as string) {
	p.t.Helper()
	wider, err := ask[string](p, `(() => {
		const room = document.documentElement.clientWidth;
		if (document.scrollingElement.scrollWidth <= room) return '';
		const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1);
		return document.scrollingElement.scrollWidth + ' px: ' + wide.slice(-3).map(e => e.outerHTML.slice(0, 100)).join(' … ');
	})()`)
	if err != nil || wider != "" {
		p.t.Errorf("%s: the page is wider than the window: %s (%v)", as, wider, err)
	}
}

//go:embed testdata/axe.min.js
var axe string

// axe returns what axe-core finds wrong on the page. It need not read the style
// sheets by itself, nor say where in the page it was.
func (p *person) axe(rules string) []string {
	p.t.Helper()
	loaded, err := ask[bool](p, "typeof axe === 'object'")
	if err == nil && !loaded {
		// The content policy forbids script from elsewhere, so it comes from the debugger.
		err = chromedp.Do(p.tab, chromedp.Evaluate[chromedp.Void](axe))
	}
	if err != nil {
		p.fail("load axe", err)
	}
	options := "{" + rules + "resultTypes: ['violations'], preload: false, selectors: false, elementRef: false}"
	found, err := ask[[]string](p, `axe.run(document, `+options+`).then(result => result.violations.flatMap(violation =>
		violation.nodes.map(node => violation.id + ' (' + violation.help + '): ' + node.html.slice(0, 200) + ' ' + (node.failureSummary ?? '').replace(/\s+/g, ' '))))`)
	if err != nil {
		p.fail("run axe", err)
	}
	for i := range found {
		found[i] = strings.TrimSpace(found[i])
	}
	return found
}
