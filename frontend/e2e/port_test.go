package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Browsers send the cookies of 127.0.0.1 to whoever listens there, on whichever
// port: a program of another user of the machine, too. What it is sent, by all
// ways in which a browser can be made to come, lets it in nowhere.
func TestAnotherPortGetsNothing(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	johan := opens(consentry)
	johan.links("Norrsken Bank", "Johan Bergvall")
	johan.visit("/accounts") // so that there is a page to come from
	home := johan.home()
	johan.leave() // the browser complains of what is refused, rightly

	port := &anotherPort{paths: []string{"/", "/start", "/callback", "/s/", "/s", "/accounts", "/static/x"}}
	port.address = serve(t, port)
	if _, err := ask[string](johan, "document.cookie = 'planted=1; Path=/'"); err != nil {
		t.Fatal(err)
	}

	// From the program's own page, by a typed address, a link and a form.
	johan.visit(port.address + "/typed")
	johan.title("Another port")
	johan.visit(home + "/accounts")
	for _, way := range []string{
		"const a = document.createElement('a'); a.href = %q; document.body.append(a); a.click()",
		"location.assign(%q)",
	} {
		if _, err := ask[any](johan, fmt.Sprintf("{ "+way+" }", port.address+"/from-the-program")); err != nil {
			t.Fatal(err)
		}
		johan.title("Another port")
		johan.visit(home + "/accounts")
	}
	// From a page of the other port: pictures, scripts, frames, fetches with and
	// without credentials, forms and redirects, to each path that could be guessed.
	for _, path := range port.paths {
		johan.visit(port.address + path + "?page=" + url.QueryEscape(path))
		johan.title("Another port")
		johan.until("have everything loaded", func() error {
			done, err := ask[bool](johan, "document.title === 'done'")
			if err == nil && !done {
				err = errNotYet
			}
			return err
		})
		johan.visit(port.address + "/redirects?to=" + url.QueryEscape(path))
		johan.title("Another port")
		johan.visit(port.address + "/form?to=" + url.QueryEscape(path))
		johan.click("Send")
		johan.title("Another port")
	}
	// And through the program itself, from there.
	for _, path := range []string{"/", "/callback", "/start"} {
		johan.visit(port.address + "/redirects?to=" + url.QueryEscape(consentry.origin()+path))
	}

	requests, cookies := port.got()
	if len(requests) < 10*len(port.paths) || !strings.Contains(strings.Join(cookies, " "), "planted=1") {
		t.Fatalf("the browser did not come as it should: %d requests, cookies %q", len(requests), cookies)
	}
	secret := johan.cookie(home)
	var value string // of the session's own cookie
	for pair := range strings.SplitSeq(secret, "; ") {
		if name, of, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "consentry-") && !told[name] {
			value = of
		}
	}
	if value == "" {
		t.Fatalf("no cookie of the session among %q", secret)
	}
	place := strings.TrimPrefix(home, consentry.origin())
	for _, request := range requests {
		if strings.Contains(request, place) || strings.Contains(request, value) {
			t.Errorf("another port was sent what is the session's:\n%s", request)
		}
	}
	for _, cookie := range append(cookies, secret) {
		for _, path := range append(port.paths, "/", "/settings", "/s/x/", "/consents") {
			status, body := send(t, http.MethodGet, consentry.origin()+path, "", "", cookie)
			if strings.Contains(body, "Norrsken") || strings.Contains(body, place) || status == http.StatusOK && path != "/callback" {
				t.Errorf("%s lets in with the cookie %q: %d", path, cookie, status)
			}
		}
	}
	if status, _ := send(t, http.MethodGet, home+"/accounts", "", "", secret); status != http.StatusOK {
		t.Errorf("the session itself is refused: %d", status)
	}
}

// anotherPort is a server that makes browsers come to it, and writes down what
// they send.
type anotherPort struct {
	address string
	paths   []string

	mu       sync.Mutex
	requests []string
	cookies  map[string]bool
}

func (p *anotherPort) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	headers := &strings.Builder{}
	_ = r.Header.Write(headers) // a Builder takes everything
	p.requests = append(p.requests, r.Method+" "+r.RequestURI+"\n"+headers.String())
	if p.cookies == nil {
		p.cookies = map[string]bool{}
	}
	p.cookies[r.Header.Get("Cookie")] = true
	p.mu.Unlock()

	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Referrer-Policy", "unsafe-url")
	title, body := "Another port", ""
	switch to := r.URL.Query().Get("to"); {
	case r.URL.Path == "/redirects":
		http.Redirect(w, r, to, http.StatusFound)
		return
	case r.URL.Path == "/form":
		title, body = "A form", `<form method="post" action="`+to+`"><button name="x" value="1">Send</button></form>`
	case r.URL.Query().Has("page"):
		body = strings.ReplaceAll(everyWay, "PATH", r.URL.Query().Get("page"))
	}
	_, _ = io.WriteString(w, "<!DOCTYPE html><title>Elsewhere</title><h1>"+title+"</h1>"+body) // nobody is left to tell
}

// everyWay has the browser come to PATH by what a page can load.
const everyWay = `<img src="PATH?by=img"><script src="PATH?by=script"></script><link rel="stylesheet" href="PATH?by=style"><iframe src="PATH?by=frame"></iframe>
<script>Promise.allSettled([fetch("PATH?by=fetch"), fetch("PATH?by=credentials", { credentials: "include", referrerPolicy: "unsafe-url" }),
fetch("PATH?by=post", { method: "POST", body: "x=1" })])
.then(() => { navigator.sendBeacon("PATH?by=beacon"); document.title = "done"; });</script>`

func (p *anotherPort) got() (requests, cookies []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for cookie := range p.cookies {
		cookies = append(cookies, cookie)
	}
	return append(requests, p.requests...), cookies
}
