package e2e

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// What the tests share. Both are empty where there is no browser.
var (
	consentry string          // the program, as built from the sources beside this package
	chromium  context.Context // the one browser; each test has a profile of its own in it
)

func TestMain(m *testing.M) { os.Exit(prepared(m)) }

// prepared builds the program and starts the browser once for all tests.
func prepared(m *testing.M) int {
	browser := findBrowser()
	if browser == "" {
		return m.Run() // each test says that it was skipped, and why
	}
	folder, err := os.MkdirTemp("", "consentry-e2e-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(folder)
	consentry = filepath.Join(folder, "consentry")
	build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", consentry, "../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return failed(fmt.Errorf("go build: %w\n%s", err, out))
	}

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.Flag("accept-lang", language()),
		chromedp.Flag("disable-features", frugal), chromedp.Flag("disable-site-isolation-trials", true), chromedp.Flag("disable-gpu", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it does not start as root otherwise
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	chromium, cancel = chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(chromium); err != nil {
		return failed(fmt.Errorf("%s does not start: %w", browser, err))
	}
	defer func() {
		ending, cancel := context.WithTimeout(chromium, 10*time.Second)
		defer cancel()
		_ = chromedp.Cancel(ending) // the tests have said what there is to say
	}()
	return severalAtOnce(m).Run()
}

// language is what the browser asks for pages in: English, whose names the tests look for, as it is written in the machine's
// country, such as en-DE: dates and amounts are those of there. Which other languages the screens speak is looked at in
// TestJourneyLanguages. A headless browser would take American English everywhere, whatever is installed.
func language() string {
	tag, _, _ := strings.Cut(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LANG")), ".")
	tag, _, _ = strings.Cut(tag, "@")
	if tag == "" || tag == "C" || tag == "POSIX" {
		return "en-GB"
	}
	if _, country, found := strings.Cut(tag, "_"); found {
		return "en-" + country
	}
	return "en-GB"
}

// severalAtOnce lets three tests run for two processors, unless the command line says how
// many: they wait for pages. With more of them, all wait longer, and look more often.
func severalAtOnce(m *testing.M) *testing.M {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if parallel := flag.Lookup("test.parallel"); !said && parallel != nil {
		_ = parallel.Value.Set(strconv.Itoa(max(2, runtime.GOMAXPROCS(0)*3/2))) // a number, which it takes
	}
	return m
}

// frugal keeps the browser from starting a process for every page, of which it
// would keep the last ones ready in case somebody goes back. What comes before
// is what chromedp switches off by itself.
const frugal = "Translate,BlinkGenPropertyTrees,BackForwardCache,SpareRendererForSitePerProcess"

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "e2e:", err)
	return 1
}

// findBrowser prefers the headless shell: the same browser without what nobody
// sees here.
func findBrowser() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// needBrowser ends a test that has nothing to run in.
func needBrowser(t *testing.T) {
	t.Helper()
	switch {
	case chromium != nil:
	case os.Getenv("CONSENTRY_BROWSER_REQUIRED") == "1":
		t.Fatal("no Chromium was found, and CONSENTRY_BROWSER_REQUIRED=1 wants one: install the package chromium")
	default:
		t.Skip("no Chromium was found: install the package chromium to run this test")
	}
}

// journey marks a test that takes long and whose rules the tests of app hold,
// too: a table of every approach, or what hardly ever happens.
func journey(t *testing.T) {
	t.Helper()
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
}
