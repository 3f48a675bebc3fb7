package frontend

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"

	"consentry/frontend/ui"
)

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

// Sessions knows who may use the program. It lives in memory: a session ends
// with the program. Of servers that answer one after the other at one address each
// goes on with those of the former.
type Sessions struct {
	cookie string // its name: cookies know no ports, so the port is part of it

	mu   sync.Mutex
	boot map[fingerprint]bool // tokens not used yet
	open map[fingerprint]bool // sessions

	begun     chan struct{} // closed with the first session
	beginOnce sync.Once
}

// NewSessions returns those of a program that answers at the listener's address: none yet.
func NewSessions(listener net.Listener) *Sessions {
	addr := listener.Addr()
	name := "consentry"
	if tcp, ok := addr.(*net.TCPAddr); ok {
		name = fmt.Sprintf("consentry-%d", tcp.Port)
	}
	return &Sessions{cookie: name, boot: map[fingerprint]bool{}, open: map[fingerprint]bool{}, begun: make(chan struct{})}
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// bootToken returns a token that begins one session.
func (s *Sessions) bootToken() string {
	token := newToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boot[fingerprintOf(token)] = true
	return token
}

// begin uses up a boot token and returns the session.
func (s *Sessions) begin(token string) (begun session, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := fingerprintOf(token)
	if !s.boot[key] {
		return session{}, false
	}
	delete(s.boot, key)
	begun = session{place: newToken(), secret: newToken()}
	s.open[begun.fingerprint()] = true
	s.beginOnce.Do(func() { close(s.begun) })
	return begun, true
}

// endAll ends every session, and takes back addresses that were not used yet.
func (s *Sessions) endAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.boot)
	clear(s.open)
}

// has reports whether a request belongs to the session at a place. Another
// port may have set cookies of the same name, so all are tried.
func (s *Sessions) has(r *http.Request, place string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cookie := range r.CookiesNamed(s.cookie) {
		if s.open[session{place, cookie.Value}.fingerprint()] {
			return true
		}
	}
	return false
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
	if r.URL.Query().Has(panelWord) {
		first = panelPath
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
		if !s.sessions.has(r, place) {
			outside(w, r)
			return
		}
		known(r)
		home := session{place: place}.home()
		http.StripPrefix(home, next).ServeHTTP(w, r.WithContext(ui.WithHome(r.Context(), home)))
	})
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
