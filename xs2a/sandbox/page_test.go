package sandbox

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"consentry/xs2a/sandbox/people"
)

// Every page of a visit can be used without a mouse, a script or good eyes, and
// lets nothing in or out that is not the bank's.
func TestPagesAreSound(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p := newTPP(t, server.URL, "HAMNSEG0")
	person := people.Find("lukas")
	a := p.ask(consentBody(chosenAtBank()), nil)
	b := newBrowser(t)
	var header http.Header
	b.client.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			header = res.Header
		}
		return res, err
	})
	check := func(name, heading string) {
		t.Helper()
		if h1 := b.find("h1"); h1 == nil || h1.FirstChild.Data != heading {
			t.Fatalf("%s: at %s: %s", name, b.at, b.text())
		}
		checkMarkup(t, name, b.page)
		if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", name, policy)
		}
		for field, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff"} {
			if got := header.Get(field); got != want {
				t.Errorf("%s: %s %q", name, field, got)
			}
		}
	}
	b.open(a.link)
	check("login", "Log in")
	for _, who := range people.All {
		if !strings.Contains(b.text(), who.Name) || !strings.Contains(b.text(), who.Password) {
			t.Errorf("%s is not among the practice logins", who.Name)
		}
	}
	b.open(b.at.String() + "?as=lukas")
	check("login, filled in", "Log in")
	b.submit("next", url.Values{"password": {""}})
	check("login, refused", "Log in")
	b.submit("next", url.Values{"login": {person.Login}, "password": {person.Password}})
	check("accounts", "What will be shared")
	b.submit("next", nil)
	check("code", "Approve with a code")
	if !strings.Contains(b.text(), person.Code) {
		t.Error("the code is not on the page")
	}
	b.open(strings.Replace(b.at.String(), "/code", "/cancel", 1))
	check("cancel", "Cancel this request?")
	b.open(server.URL + "/connect/authorize")
	check("broken link", "This link is broken")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func checkMarkup(t *testing.T, name string, page *html.Node) {
	t.Helper()
	labelled := map[string]bool{}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "label" {
			labelled[value(n, "for")] = true
		}
	}
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if _, inline := attribute(n, "style"); inline || n.Data == "script" || n.Data == "style" {
			t.Errorf("%s: <%s> brings style or script of its own", name, n.Data)
		}
		switch n.Data {
		case "html":
			if value(n, "lang") != "en" {
				t.Errorf("%s: no language", name)
			}
		case "input":
			if value(n, "type") != "hidden" && !labelled[value(n, "id")] && n.Parent.Data != "label" {
				t.Errorf("%s: %s has no label", name, value(n, "name"))
			}
		case "img":
			if _, described := attribute(n, "alt"); !described {
				t.Errorf("%s: image without alt", name)
			}
		}
	}
}

func TestStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.json")
	server := startSandbox(t, Config{State: file})
	p := newTPP(t, server.URL, "DALBSEF0")
	a := p.ask(map[string]any{"access": chosenAtBank(), "recurringIndicator": true, "validUntil": "9999-12-31", "frequencyPerDay": 4, "combinedServiceIndicator": false}, nil)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v", info.Mode())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), a.consent) {
		t.Error("the consent was answered and is not in the file")
	}
	if strings.Contains(string(data), p.bearer) {
		t.Error("the file holds a token")
	}
	if _, err := New(Config{State: filepath.Join(file, "below", "a", "file")}); err == nil {
		t.Error("a state that cannot be kept was taken")
	}
}
