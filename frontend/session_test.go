package frontend

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/fresh"
	"consentry/frontend/ui"
)

// served is a real server on a port of its own, over a real store.
type served struct {
	*testing.T
	server *Server
	front  *Front
	clock  *atomic.Int64 // nanoseconds after now
	log    *transcript
}

func newServed(t *testing.T, change ...func(*app.Config)) *served {
	t.Helper()
	log := &transcript{}
	var passed atomic.Int64
	clock := func() time.Time { return now.Add(time.Duration(passed.Load())) }
	store := fresh.Store(t, clock)
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	config := app.Config{Store: store, Log: logger, Now: clock}
	for _, one := range change {
		one(&config)
	}
	program := app.New(config)
	listener := listens(t)
	server := New(Config{App: program, Log: logger}, listener)
	front, ended := answering(t, listener, logger, server)
	t.Cleanup(func() {
		ended()
		server.Rest()
		program.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return &served{t, server, front, &passed, log}
}

// reply is what came back, with the body read.
type reply struct {
	*http.Response
	body string
}

// get asks for an address of the server, follows nothing, and sends the cookies
// it is given.
func (s *served) get(address string, cookies ...*http.Cookie) reply {
	s.Helper()
	if strings.HasPrefix(address, "/") {
		address = "http://" + s.server.host + address
	}
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.Fatal(err)
	}
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	return s.answered(r)
}

// answered sends a request, and follows nothing.
func (s *served) answered(r *http.Request) reply {
	s.Helper()
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return reply{response, string(body)}
}

// begins opens the program's address and returns where the session is, with its cookie.
func (s *served) begins() (home string, cookie *http.Cookie) {
	s.Helper()
	first := s.get(s.server.Address())
	if first.StatusCode != http.StatusSeeOther || len(first.Cookies()) != 1 {
		s.Fatalf("the first address answers %d with the cookies %v", first.StatusCode, first.Cookies())
	}
	return strings.TrimSuffix(first.Header.Get("Location"), "/"), first.Cookies()[0]
}

// A browser sends a cookie of 127.0.0.1 to every port there, whoever listens.
// So it is bound to a path that only the session's own pages have, and lets
// nobody in at any other.
func TestCookieOfAnotherPortLetsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newServed(t)
	home, cookie := s.begins()
	other, others := s.begins()

	if cookie.Path != home || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || len(home) < len("/s/")+43 {
		t.Errorf("the cookie %v is not bound to its session at %s", cookie, home)
	}
	if home == other || cookie.Value == others.Value || strings.Contains(home, cookie.Value) {
		t.Error("two sessions, or the two halves of one, are not told apart")
	}
	for name, try := range map[string]struct {
		address string
		cookies []*http.Cookie
		want    int
	}{
		"the session":                          {home + "/", []*http.Cookie{cookie}, http.StatusOK},
		"another session":                      {other + "/settings", []*http.Cookie{others}, http.StatusOK},
		"cookies of other ports before it":     {home + "/consents", []*http.Cookie{{Name: cookie.Name, Value: "planted"}, cookie}, http.StatusOK},
		"its cookie where all know the path":   {"/", []*http.Cookie{cookie}, http.StatusUnauthorized},
		"its cookie at a screen":               {"/consents", []*http.Cookie{cookie}, http.StatusUnauthorized},
		"its cookie where sessions are":        {"/s/", []*http.Cookie{cookie}, http.StatusUnauthorized},
		"its cookie at a guessed place":        {"/s/" + newToken() + "/", []*http.Cookie{cookie}, http.StatusUnauthorized},
		"its cookie at another session's":      {other + "/", []*http.Cookie{cookie}, http.StatusUnauthorized},
		"its cookie at the first address":      {startPath, []*http.Cookie{cookie}, http.StatusUnauthorized},
		"its place alone":                      {home + "/", nil, http.StatusUnauthorized},
		"its place with another one's cookie":  {home + "/", []*http.Cookie{others}, http.StatusUnauthorized},
		"its place as the cookie":              {home + "/", []*http.Cookie{{Name: cookie.Name, Value: strings.TrimPrefix(home, "/s/")}}, http.StatusUnauthorized},
		"its presence to somebody without it":  {home + presencePath, nil, http.StatusUnauthorized},
		"its presence":                         {home + presencePath, []*http.Cookie{cookie}, http.StatusNoContent},
		"nothing but what pages are made with": {"/callback?state=guessed", []*http.Cookie{cookie}, http.StatusBadRequest},
	} {
		got := s.get(try.address, try.cookies...)
		if got.StatusCode != try.want {
			t.Errorf("%s: got %d, want %d", name, got.StatusCode, try.want)
		}
		said := got.body + got.Header.Get("Location")
		if try.want != http.StatusOK && (strings.Contains(said, home) || strings.Contains(said, other)) {
			t.Errorf("%s: the answer tells where a session is", name)
		}
	}
}

// What lets a browser in stands in no log and no file of the program.
func TestSessionStandsInNoLog(t *testing.T) {
	t.Parallel()
	s := newServed(t)
	first := s.server.Address()
	begun := s.get(first)
	home, cookie := strings.TrimSuffix(begun.Header.Get("Location"), "/"), begun.Cookies()[0]
	for _, path := range []string{"/", "/settings", "/nothing/here", "/consents/none", "/activity", presencePath} {
		s.get(home+path, cookie)
		s.get(home + path) // and refused
	}
	s.get("/"+home+"/settings/locale", cookie) // the same place, written otherwise
	s.get("/."+home+"/settings/locale", cookie)
	s.get(first)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.server.host+home+"/settings/theme", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "http://127.0.0.1:1")
	refused, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || refused.StatusCode != http.StatusForbidden {
		t.Fatalf("another origin: %v, %v", refused, err)
	}
	refused.Body.Close()

	// A request is noted when it has been answered: after this, all are.
	if err := s.front.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}

	_, token, _ := strings.Cut(first, "token=")
	log := s.log.String()
	if strings.Count(log, "path=/settings ") != 2 || !strings.Contains(log, "path=/settings/theme") {
		t.Errorf("the log does not say which screens were asked for:\n%s", log)
	}
	for what, value := range map[string]string{"token": token, "place": strings.TrimPrefix(home, "/s/"), "cookie": cookie.Value} {
		if strings.Contains(log, value) {
			t.Errorf("the %s stands in the log:\n%s", what, log)
		}
	}
}

// Somebody is there while a page of their session is open, and ten minutes
// longer. Who only knows the port is nobody.
func TestOpenPagesArePresence(t *testing.T) {
	t.Parallel()
	s := newServed(t)
	present := func(what string, want bool) {
		t.Helper()
		if got := s.server.app.Present(); got != want {
			t.Errorf("%s: somebody is there: %v", what, got)
		}
	}
	home, cookie := s.begins()
	for _, path := range []string{"/", "/callback?state=guessed", "/start", "/static/x", home + "/", home + presencePath} {
		s.get(path)
	}
	present("before the first page, and after strangers came", false)
	for _, path := range []string{"/", presencePath, "/nothing"} {
		s.get(home+path, cookie)
		present("with the page "+path, true)
		s.clock.Add(int64(10*time.Minute - time.Second))
		present("shortly before ten minutes are over", true)
		s.get(home + presencePath) // a stranger's
		s.clock.Add(int64(time.Second))
		present("after ten minutes", false)
	}
}

// leads finds every address in a page that a browser or HTMX goes to.
var leads = regexp.MustCompile(` (href|action|src|hx-get|hx-post)="([^"]*)"`)

// staysInTheSession holds a screen to leading nowhere without the session's
// place: what is there knows nobody.
func staysInTheSession(t *testing.T, ctx context.Context, screen templ.Component) {
	t.Helper()
	const home = "/s/place"
	for _, each := range leads.FindAllStringSubmatch(string(render(t, ui.WithHome(ctx, home), screen)), -1) {
		address := each[2]
		outside := strings.HasPrefix(address, "/static/") || !strings.HasPrefix(address, "/")
		if !outside && (!strings.HasPrefix(address, home+"/") || strings.Count(address, home) > 1) {
			t.Errorf("%s leads out of the session, to %s", each[1], address)
		}
	}
}

func TestCameFromStaysInTheSession(t *testing.T) {
	for referer, want := range map[string]string{
		"http://127.0.0.1:1234/s/place/banks?country=SE": "/banks?country=SE",
		"http://127.0.0.1:1234/s/other/banks":            "/settings",
		"http://127.0.0.1:1234/s/place//evil.example":    "/settings",
		"http://127.0.0.1:1234/s/place":                  "/settings",
	} {
		r, err := http.NewRequestWithContext(ui.WithHome(t.Context(), "/s/place"), http.MethodPost, "http://127.0.0.1:1234/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Referer", referer)
		if got := cameFrom(r); got != want {
			t.Errorf("%q: got %q, want %q", referer, got, want)
		}
	}
}

// transcript takes what is logged; it may be read meanwhile.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(data)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// TestFreshTokensAreBounded lets a token that was asked for while the program runs in once, for some minutes, and the latest
// of many; that of the start waits for as long as it takes.
func TestFreshTokensAreBounded(t *testing.T) {
	s, clock := newSessions(&net.TCPAddr{Port: 4711}), now
	s.now = func() time.Time { return clock }
	begins := func(token string) bool { _, ok := s.begin(token); return ok }
	start, first := s.bootToken(inWindow, time.Time{}), s.freshToken(inBrowser)
	over := s.over(first)
	var latest string
	for range mostTokens {
		clock = clock.Add(time.Second)
		latest = s.freshToken(inBrowser)
	}
	select {
	case <-over:
	default:
		t.Error("who waits for the first to be used is not told that it is worth nothing any more")
	}
	if begins(first) || !begins(latest) || begins(latest) || len(s.boot) != mostTokens {
		t.Errorf("of %d tokens the first begins a session, or the latest none, or two; %d are left", mostTokens+1, len(s.boot))
	}
	old := s.freshToken(inBrowser)
	clock = clock.Add(tokenLasts + time.Second)
	if begins(old) {
		t.Error("a token begins a session after its time")
	}
	if s.freshToken(inBrowser); len(s.boot) != 2 {
		t.Errorf("%d tokens are kept, that of the start and one that was asked for among them", len(s.boot))
	}
	if !begins(start) {
		t.Error("that of the start does not wait")
	}
}

// TestEndingAllSessions ends the tokens with them, also for who waits for one to be used.
func TestEndingAllSessions(t *testing.T) {
	s := newSessions(&net.TCPAddr{Port: 4711})
	of, ok := s.begin(s.bootToken(inWindow, time.Time{}))
	waited := s.Used(s.FreshAddress())
	lasting := s.bootToken(inBrowser, time.Time{})
	r := &http.Request{Header: http.Header{"Cookie": {s.cookie + "=" + of.secret}}}
	if seen, has := s.has(r, of.place); !ok || !has || seen != inWindow {
		t.Fatal("no session began")
	}
	s.endAll()
	select {
	case <-waited:
	default:
		t.Error("who waits for an address to be used is not told that it is worth nothing any more")
	}
	if _, has := s.has(r, of.place); has {
		t.Error("a session goes on")
	}
	if _, ok := s.begin(lasting); ok {
		t.Error("an address of before begins a session")
	}
}
