package frontend

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/profile"
	"consentry/storage"
)

// lockedServer is the page of a lock on a port of its own, with a browser that has a session.
type lockedServer struct {
	*testing.T
	page   *Locked
	host   string
	home   string
	cookie *http.Cookie
}

func serveLocked(t *testing.T, c LockedConfig) *lockedServer {
	t.Helper()
	listener := listens(t)
	c.Log, c.Sessions = slog.New(slog.DiscardHandler), NewSessions(listener)
	l := &lockedServer{T: t, page: NewLocked(c, listener), host: "http://" + listener.Addr().String()}
	_, ended := answering(t, listener, c.Log, l.page)
	t.Cleanup(ended)
	first, _ := l.ask(http.MethodGet, strings.TrimPrefix(c.Sessions.Address(), l.host), nil)
	l.home, l.cookie = strings.TrimSuffix(first.Header.Get("Location"), "/"), first.Cookies()[0]
	return l
}

func (l *lockedServer) ask(method, path string, form url.Values, headers ...string) (*http.Response, string) {
	l.Helper()
	r, err := http.NewRequestWithContext(l.Context(), method, l.host+path, strings.NewReader(form.Encode()))
	if err != nil {
		l.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if l.cookie != nil {
		r.AddCookie(l.cookie)
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		l.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		l.Fatal(err)
	}
	return response, string(body)
}

var leadsTo = regexp.MustCompile(`name="to" value="[^"]*"`)

// TestEveryRouteIsLocked asks a locked program for every route of the screens, as a page, as a part of one and as a form: the
// answer is the one page of the lock, whatever was asked.
func TestEveryRouteIsLocked(t *testing.T) {
	t.Parallel()
	l := serveLocked(t, LockedConfig{Unlock: func([]byte) error { return errors.New("not now") }, StartOver: func() error { return nil }})
	_, page := l.ask(http.MethodGet, l.home+"/", nil)
	page = leadsTo.ReplaceAllString(page, "")
	if !strings.Contains(page, "Consentry is locked") || strings.Contains(page, "nav-link") {
		t.Fatal(page)
	}
	_, refused := l.ask(http.MethodPost, l.home+"/consents/1/withdraw", url.Values{})
	refused = leadsTo.ReplaceAllString(refused, "")
	if !strings.Contains(refused, "It was not carried out.") {
		t.Fatal(refused)
	}
	asked := 0
	for pattern := range (&Server{}).routes() {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.TrimSuffix(filledIn.ReplaceAllString(path, "1"), "{$}")
		want := page
		if method == http.MethodPost {
			want = refused
		}
		if path == forgottenPath || path == switchPath {
			continue
		}
		response, body := l.ask(method, l.home+path, nil)
		if body = leadsTo.ReplaceAllString(body, ""); response.StatusCode != http.StatusLocked || body != want {
			t.Errorf("%s answers %d and another page than that of the lock", pattern, response.StatusCode)
		}
		if part, body := l.ask(method, l.home+path, nil, "HX-Request", "true", "HX-Current-URL", l.host+l.home+"/consents?q=1"); body != "" || part.Header.Get("HX-Redirect") != l.home+"/consents?q=1" {
			t.Errorf("a part of %s answers %q and leads to %q", pattern, body, part.Header.Get("HX-Redirect"))
		}
		asked++
	}
	if asked < 100 {
		t.Errorf("only %d routes were asked for", asked)
	}
	for _, each := range []string{presencePath, "/nowhere", "/consents.ics", "/events"} {
		if response, _ := l.ask(http.MethodGet, l.home+each, nil); response.StatusCode != http.StatusLocked {
			t.Errorf("%s: %d", each, response.StatusCode)
		}
	}
}

var filledIn = regexp.MustCompile(`\{[a-z]+\}`)

// Nobody tries a passphrase without a session: another program of the machine cannot have the wait grow.
func TestPassphraseTakesASession(t *testing.T) {
	t.Parallel()
	tried := 0
	l := serveLocked(t, LockedConfig{Unlock: func([]byte) error { tried++; return nil }, StartOver: func() error { tried++; return nil }})
	l.cookie = nil
	for _, path := range []string{unlockPath, startOverPath, forgottenPath, l.home + unlockPath, l.home + startOverPath} {
		if response, _ := l.ask(http.MethodPost, path, url.Values{"passphrase": {"x"}, "sure": {"yes"}}); response.StatusCode != http.StatusUnauthorized || tried != 0 {
			t.Errorf("%s: %d, tried %d times", path, response.StatusCode, tried)
		}
	}
}

// TestUnlocking says what is wrong at the field, leads to where the person was, and nowhere else.
func TestUnlocking(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{"/consents?q=a": "/consents?q=a", "": "/", "//evil.example/": "/", "https://evil.example": "/", "/\\evil.example": "/"} {
		var got []byte
		l := serveLocked(t, LockedConfig{Unlock: func(passphrase []byte) error {
			if string(passphrase) == "wrong" {
				return failure.Invalid(map[string]storage.Reason{"passphrase": {Code: failure.PassphraseWait, Number: 4}})
			}
			got = slices.Clone(passphrase)
			return nil
		}})
		if _, body := l.ask(http.MethodPost, l.home+unlockPath, url.Values{"passphrase": {""}, "to": {to}}); !strings.Contains(body, "Enter your passphrase.") {
			t.Error(body)
		}
		if _, body := l.ask(http.MethodPost, l.home+unlockPath, url.Values{"passphrase": {"wrong"}, "to": {to}}); !strings.Contains(body, "Try again in 4 seconds.") || strings.Contains(body, "wrong\"") {
			t.Error(body)
		}
		response, _ := l.ask(http.MethodPost, l.home+unlockPath, url.Values{"passphrase": {"åäö ☃"}, "to": {to}})
		if response.Header.Get("Location") != l.home+want || string(got) != "åäö ☃" || <-l.page.Left() != LeftOpen {
			t.Errorf("%q leads to %s, having tried %q", to, response.Header.Get("Location"), got)
		}
	}
}

// TestForgottenIsAskedTwice starts over only for who has seen both questions.
func TestForgottenIsAskedTwice(t *testing.T) {
	t.Parallel()
	begun := 0
	l := serveLocked(t, LockedConfig{StartOver: func() error { begun++; return nil }})
	if _, body := l.ask(http.MethodGet, l.home+forgottenPath, nil); !strings.Contains(body, "Without the passphrase") || strings.Contains(body, startOverPath) {
		t.Error(body)
	}
	if _, body := l.ask(http.MethodPost, l.home+startOverPath, url.Values{}); begun != 0 || strings.Contains(body, startOverPath) {
		t.Errorf("begun %d times by %s", begun, body)
	}
	if _, body := l.ask(http.MethodPost, l.home+forgottenPath, url.Values{}); !strings.Contains(body, startOverPath) || !strings.Contains(body, "Access tokens") {
		t.Error(body)
	}
	if l.ask(http.MethodPost, l.home+startOverPath, url.Values{"sure": {"yes"}}); begun != 1 {
		t.Errorf("begun %d times", begun)
	}
}

// A return from a bank while it is locked is handed on to be kept, and shows nothing of what it is about.
func TestReturnsWhileLocked(t *testing.T) {
	t.Parallel()
	var kept url.Values
	l := serveLocked(t, LockedConfig{Returned: func(values url.Values, person app.Person) (bool, error) {
		kept = values
		return values.Get("state") == "waited-for", nil
	}})
	l.cookie = nil
	if _, body := l.ask(http.MethodGet, "/callback?state=waited-for&code=c0de", nil); kept.Get("code") != "c0de" || !strings.Contains(body, "Unlock it, and it goes on from here.") || strings.Contains(body, "c0de") {
		t.Errorf("%v: %s", kept, body)
	}
	if _, body := l.ask(http.MethodGet, "/callback?state=other", nil); !strings.Contains(body, "Unlock it, then reload this page.") {
		t.Error(body)
	}
}

// Whoever chooses another profile ends the session of this one.
func TestSwitchingEndsTheSession(t *testing.T) {
	t.Parallel()
	l := serveLocked(t, LockedConfig{Profile: "Astrid"})
	response, _ := l.ask(http.MethodPost, l.home+switchPath, nil)
	if !strings.HasPrefix(response.Header.Get("Location"), startPath+"?token=") || <-l.page.Left() != LeftSwitch {
		t.Fatal(response.Header)
	}
	if _, goesOn := l.page.server.sessions.has(&http.Request{Header: http.Header{"Cookie": {l.cookie.String()}}}, strings.TrimPrefix(l.home, sessionsPath)); goesOn {
		t.Error("the former session goes on")
	}
}

// TestWhoIsThere shows names and nothing else, and takes who was chosen.
func TestWhoIsThere(t *testing.T) {
	t.Parallel()
	household := profile.At(t.TempDir())
	two, err := household.Add(georgian, "Astrid")
	if err != nil {
		t.Fatal(err)
	}
	listener := listens(t)
	sessions := NewSessions(listener)
	who := NewWho(household, Speech{}, slog.New(slog.DiscardHandler), listener, sessions)
	_, ended := answering(t, listener, slog.New(slog.DiscardHandler), who)
	t.Cleanup(ended)
	l := &lockedServer{T: t, host: "http://" + listener.Addr().String()}
	first, _ := l.ask(http.MethodGet, strings.TrimPrefix(sessions.Address(), l.host), nil)
	l.home, l.cookie = strings.TrimSuffix(first.Header.Get("Location"), "/"), first.Cookies()[0]
	if _, body := l.ask(http.MethodGet, l.home+"/consents", nil); !strings.Contains(body, georgian) || !strings.Contains(body, "Astrid") {
		t.Error(body)
	}
	for _, id := range []string{"", "..", "zzzzzzzzzz"} {
		if response, _ := l.ask(http.MethodPost, l.home+choosePath, url.Values{"profile": {id}}); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", id, response.StatusCode)
		}
	}
	if response, _ := l.ask(http.MethodPost, l.home+choosePath, url.Values{"profile": {two.ID}}); !strings.HasPrefix(response.Header.Get("Location"), startPath+"?token=") || <-who.Chosen() != two.ID {
		t.Errorf("leads to %s", response.Header.Get("Location"))
	}
	if _, goesOn := sessions.has(&http.Request{Header: http.Header{"Cookie": {l.cookie.String()}}}, strings.TrimPrefix(l.home, sessionsPath)); goesOn {
		t.Error("a session that was asked who is there goes on in the profile")
	}
}
