package frontend

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"consentry/frontend/ui"
)

// restoredWord in a first address leads to what is said after a backup was restored.
const restoredWord = "restored"

const (
	// startPath is the first address of a session.
	startPath = "/start"

	// sessionsPath is where sessions have their screens, each at a place of its own.
	sessionsPath = "/s/"
)

// session is what lets a browser in. It takes both: a browser sends a cookie
// to every port of this machine, but one with a path goes only to the same
// path there, and nobody else knows which that is.
type session struct {
	place  string // stands in the address of each of its pages, and is in no log
	secret string // the cookie's value
}

// home is the address below which the session's screens are.
func (s session) home() string { return sessionsPath + s.place }

// fingerprint returns the hash by which a session is kept and found. How long a look-up
// takes may betray something of the hash, and nothing of the secret in it.
func (s session) fingerprint() fingerprint { return fingerprintOf(s.place + "/" + s.secret) }

type fingerprint [sha256.Size]byte

func fingerprintOf(secret string) fingerprint { return sha256.Sum256([]byte(secret)) }

// Sessions knows who may use the program, and where they begin. It lives in memory: a session ends
// with the program. Of servers that answer one after the other at one address each
// goes on with those of the former.
type Sessions struct {
	host   string // of the address, as browsers name it
	cookie string // its name: cookies know no ports, so the port is part of it

	now func() time.Time

	mu   sync.Mutex
	boot map[fingerprint]*grant // tokens not used yet
	open map[fingerprint]shell  // sessions

	begun     chan struct{} // closed with the first session
	beginOnce sync.Once
}

// shell is what a session is looked at with.
type shell bool

// The shells.
const (
	inBrowser shell = false
	inWindow  shell = true // the program's own
)

// grant is a token that begins one session.
type grant struct {
	shell shell
	until time.Time     // zero: until it is used
	over  chan struct{} // closed when it was used, or is worth nothing any more
}

// Tokens that were asked for while the program runs are few, and do not last: who asks for one uses it at once.
const (
	mostTokens = 16
	tokenLasts = 10 * time.Minute
)

// NewSessions returns those of a program that answers at the listener's address: none yet.
func NewSessions(listener net.Listener) *Sessions { return newSessions(listener.Addr()) }

func newSessions(addr net.Addr) *Sessions {
	name := "consentry"
	if tcp, ok := addr.(*net.TCPAddr); ok {
		name = fmt.Sprintf("consentry-%d", tcp.Port)
	}
	return &Sessions{host: addr.String(), cookie: name, now: time.Now, boot: map[fingerprint]*grant{}, open: map[fingerprint]shell{}, begun: make(chan struct{})}
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// bootToken returns a token that begins one session.
func (s *Sessions) bootToken(of shell, until time.Time) string {
	token := newToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boot[fingerprintOf(token)] = &grant{shell: of, until: until, over: make(chan struct{})}
	return token
}

// freshToken is a bootToken for who uses it soon. Others of its kind that are too old, or too many, end.
func (s *Sessions) freshToken(of shell) string {
	s.mu.Lock()
	now, lasting := s.now(), []fingerprint{}
	for key, one := range s.boot {
		if one.ended(now) {
			s.drop(key)
		} else if !one.until.IsZero() {
			lasting = append(lasting, key)
		}
	}
	slices.SortFunc(lasting, func(a, b fingerprint) int { return s.boot[a].until.Compare(s.boot[b].until) })
	for _, key := range lasting[:max(0, len(lasting)-mostTokens+1)] {
		s.drop(key)
	}
	s.mu.Unlock()
	return s.bootToken(of, now.Add(tokenLasts))
}

func (g *grant) ended(now time.Time) bool { return !g.until.IsZero() && now.After(g.until) }

// drop ends a token; the lock is held.
func (s *Sessions) drop(key fingerprint) {
	close(s.boot[key].over)
	delete(s.boot, key)
}

// over is closed when a token begins no session any more.
func (s *Sessions) over(token string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.boot[fingerprintOf(token)]; one != nil {
		return one.over
	}
	over := make(chan struct{})
	close(over)
	return over
}

// begin uses up a boot token and returns the session.
func (s *Sessions) begin(token string) (begun session, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := fingerprintOf(token)
	given := s.boot[key]
	if given == nil {
		return session{}, false
	}
	s.drop(key)
	if given.ended(s.now()) {
		return session{}, false
	}
	begun = session{place: newToken(), secret: newToken()}
	s.open[begun.fingerprint()] = given.shell
	s.beginOnce.Do(func() { close(s.begun) })
	return begun, true
}

// endAll ends every session, and takes back addresses that were not used yet: who waits for one of them to be used waits no more.
func (s *Sessions) endAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.boot {
		s.drop(key)
	}
	clear(s.open)
}

// has reports whether a request belongs to the session at a place, and what that is looked at with. Another
// port may have set cookies of the same name, so all are tried.
func (s *Sessions) has(r *http.Request, place string) (of shell, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cookie := range r.CookiesNamed(s.cookie) {
		if of, ok := s.open[session{place, cookie.Value}.fingerprint()]; ok {
			return of, true
		}
	}
	return inBrowser, false
}

// start begins a session with the token in the address and goes on to its
// first screen.
func (s *Server) start(w http.ResponseWriter, r *http.Request) error {
	begun, ok := s.sessions.begin(r.URL.Query().Get("token"))
	if !ok {
		return s.noSession(w, r)
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.sessions.cookie, Value: begun.secret, Path: begun.home(), HttpOnly: true,
		// Strict would be lost on the way from the window's own first page.
		SameSite: http.SameSiteLaxMode,
	})
	first := "/"
	switch query := r.URL.Query(); {
	case query.Has(panelWord):
		first = panelPath
	case query.Has(restoredWord):
		first = restoredPath
	}
	redirect(w, r, begun.home()+first)
	return nil
}

// inSession lets only requests of a session through. What follows sees their
// addresses without the session's place.
func (s *Server) inSession(next http.Handler) http.Handler {
	outside := s.adapt(s.noSession)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		place := r.PathValue("place")
		of, ok := s.sessions.has(r, place)
		if !ok {
			outside(w, r)
			return
		}
		known(r)
		home := session{place: place}.home()
		http.StripPrefix(home, next).ServeHTTP(w, r.WithContext(withShell(ui.WithHome(r.Context(), home), of)))
	})
}

type shellKey struct{}

// withShell tells pages what they are looked at with.
func withShell(ctx context.Context, of shell) context.Context {
	return context.WithValue(ctx, shellKey{}, of)
}

// shellOf returns what a page is looked at with.
func shellOf(ctx context.Context) shell {
	of, _ := ctx.Value(shellKey{}).(shell)
	return of
}

// withoutPlace is a path as it may stand in a log, however it was written.
func withoutPlace(asked string) string {
	clean := path.Clean("/" + asked)
	within, ok := strings.CutPrefix(clean, sessionsPath)
	if !ok {
		return clean
	}
	_, within, _ = strings.Cut(within, "/")
	return "/" + within
}

func (s *Server) noSession(w http.ResponseWriter, r *http.Request) error {
	w.WriteHeader(http.StatusUnauthorized)
	return noSessionPage().Render(r.Context(), w)
}
