package sandbox

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
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
			if value(n, "lang") == "" {
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

// TestThePhoneAlone has the control do on a telephone what a person does there, and show pages that lead nowhere.
func TestThePhoneAlone(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	elsewhere := regexp.MustCompile(`(src|href|action)="(http|/)|127\.0\.0\.1|localhost|<script|<link rel="stylesheet"`)
	for _, test := range []struct {
		did    map[string]any
		shows  string
		over   bool
		status string
	}{
		{nil, "Logged in as <strong>astrid</strong>", false, consentReceived},
		{map[string]any{"as": "lukas"}, "Logged in as <strong>astrid</strong>", false, consentReceived},
		{map[string]any{"action": "approve", "password": "wrong"}, "The password is wrong; two attempts are left.", false, consentReceived},
		{map[string]any{"action": "perhaps", "password": "blomma-17"}, "Logged in as <strong>astrid</strong>", false, consentReceived},
		{map[string]any{"action": "deny", "password": "blomma-17"}, "Nothing was shared.", true, consentRejected},
		{map[string]any{"action": "approve", "login": "lukas", "password": "blomma-17"}, "Approved", true, consentValid},
	} {
		p := newBerlin(t, server.URL, "sandvik")
		p.psu = "astrid"
		made := p.asks(nil)
		id := p.control("GET", "state", nil).want(200).list("authorisations")[0]["id"].(string)
		shown := p.control("POST", "authorisations/"+id+"/phone", test.did).want(200)
		page, style := shown.text("page"), shown.text("style")
		if !strings.Contains(page, test.shows) || style == "" || !strings.Contains(page, "<style>"+style+"</style>") || elsewhere.MatchString(page) {
			t.Errorf("%v: the phone shows %s", test.did, page)
		}
		if over, _ := shown.get("over").(bool); over != test.over {
			t.Errorf("%v: over is %t", test.did, over)
		}
		if got := p.call("GET", made.follow("status"), nil, nil).text("consentStatus"); got != test.status {
			t.Errorf("%v: %s", test.did, got)
		}
		if again := p.control("POST", "authorisations/"+id+"/phone", map[string]any{"action": "approve", "password": "blomma-17"}).want(200); test.over && !strings.Contains(again.text("page"), "This request was answered already") {
			t.Errorf("%v: then it shows %s", test.did, again.text("page"))
		}
		p.control("POST", "reset", nil).want(200)
	}
	p := newBerlin(t, server.URL, "sandvik")
	p.psu = "astrid"
	p.asks(nil)
	id := p.control("GET", "state", nil).want(200).list("authorisations")[0]["id"].(string)
	p.control("POST", "authorisations/"+newID()+"/phone", nil).want(404)
	p.control("POST", "authorisations/"+id+"/phone", map[string]any{"bank": "x"}).want(400)
	for range maxTries {
		p.control("POST", "authorisations/"+id+"/phone", map[string]any{"action": "approve", "password": "no"}).want(200)
	}
	if shown := p.control("POST", "authorisations/"+id+"/phone", nil).want(200); elsewhere.MatchString(shown.text("page")) {
		t.Errorf("after too many wrong passwords: %s", shown.text("page"))
	}
}
