package frontend

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// startPath is the first address of a session.
const startPath = "/start"

// sessions knows who may use the program. It lives in memory: a session ends
// with the program.
type sessions struct {
	cookie string // its name: cookies know no ports, so the port is part of it

	mu   sync.Mutex
	boot map[[sha256.Size]byte]bool // tokens not used yet, hashed
	open map[[sha256.Size]byte]bool // sessions, hashed
}

func newSessions(addr net.Addr) *sessions {
	name := "consentry"
	if tcp, ok := addr.(*net.TCPAddr); ok {
		name = fmt.Sprintf("consentry-%d", tcp.Port)
	}
	return &sessions{cookie: name, boot: map[[sha256.Size]byte]bool{}, open: map[[sha256.Size]byte]bool{}}
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// bootToken gives a token that begins one session.
func (s *sessions) bootToken() string {
	token := newToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boot[sha256.Sum256([]byte(token))] = true
	return token
}

// begin uses up a boot token and gives the session's secret.
func (s *sessions) begin(token string) (secret string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := find(s.boot, token)
	if !ok {
		return "", false
	}
	delete(s.boot, key)
	secret = newToken()
	s.open[sha256.Sum256([]byte(secret))] = true
	return secret, true
}

// has tells whether a request belongs to a session.
func (s *sessions) has(r *http.Request) bool {
	cookie, err := r.Cookie(s.cookie)
	if err != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := find(s.open, cookie.Value)
	return ok
}

// find compares with every known hash in constant time.
func find(known map[[sha256.Size]byte]bool, secret string) (key [sha256.Size]byte, found bool) {
	h := sha256.Sum256([]byte(secret))
	for k := range known {
		if subtle.ConstantTimeCompare(k[:], h[:]) == 1 {
			key, found = k, true
		}
	}
	return key, found
}

// start begins a session with the token in the address and goes on to the
// first screen. A token that was used in this very browser leads there, too.
func (s *Server) start(w http.ResponseWriter, r *http.Request) error {
	secret, ok := s.sessions.begin(r.URL.Query().Get("token"))
	if !ok {
		if s.sessions.has(r) {
			redirect(w, r, "/")
			return nil
		}
		return s.noSession(w, r)
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.sessions.cookie, Value: secret, Path: "/", HttpOnly: true,
		// Strict would be lost on the way from the window's own first page.
		SameSite: http.SameSiteLaxMode,
	})
	redirect(w, r, "/")
	return nil
}

// needSession lets only requests of a session through.
func (s *Server) needSession(next handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !s.sessions.has(r) {
			return s.noSession(w, r)
		}
		return next(w, r)
	}
}

func (s *Server) noSession(w http.ResponseWriter, r *http.Request) error {
	w.WriteHeader(http.StatusUnauthorized)
	return noSessionPage().Render(r.Context(), w)
}
