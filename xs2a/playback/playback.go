// Package playback makes a bank of a recording: servers on this machine that answer as the
// recorded ones did, so that somebody else walks the very flow that was recorded, offline
// and without its secrets.
//
// A [Server] promises that each answer is a recorded one, but for what it says of itself:
// addresses of recorded hosts become its own, dates are moved to today, secrets that were
// taken out are invented anew, and X-Request-ID is that of the request. Where the same
// request was answered differently over time, so it is here, in the recorded order: what
// was answered after a step is not answered before it. What was not recorded is refused in
// words that say so, and listed.
//
// Four things are made up, since no recording of a client has them: the bank's page, which
// leads back at a click; an access token that was asked for before the recording began; what
// became of an approval while that page is open; and that a consent is let go.
package playback

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"consentry/xs2a/record"
)

// mostOrigins bounds for how many recorded hosts there are servers.
const mostOrigins = 16

// Config is what a Server is made of.
type Config struct {
	Exchanges []record.Exchange // by time, without their secrets
	Now       func() time.Time  // nil: the system's clock
	// Ports are those that hosts had at the last start, by recorded origin; one that is taken
	// meanwhile becomes another.
	Ports map[string]int
}

// Unrecorded is a request the recording has no answer to.
type Unrecorded struct {
	Method, Path string
	Count        int
	Latest       time.Time
	Part         bool // there is one, of which a part is missing
}

// Server answers as recorded. It is safe for concurrent use.
type Server struct {
	now   func() time.Time
	moved int // dates, by so many days
	plays []*host
	steps []*step

	mu      sync.Mutex
	reached map[string]int   // by flow: the last step with a deed that was played
	sent    map[string]*step // by X-Request-ID
	open    map[string]bool  // flows whose bank's page waits for the person
	ended   map[string]bool  // consents that were let go, by path
	back    string           // where the client last wanted its person back
	backNo  string           // likewise, where they said no; may be empty
	asked   []*Unrecorded
}

// host is a server in the place of a recorded one.
type host struct {
	origin  string // of the recorded one, such as https://bank.example
	address string // of this one
	server  *http.Server
}

// Start starts servers on free ports of 127.0.0.1, one for each recorded host.
func Start(c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Server{now: c.Now, steps: newSteps(c.Exchanges), moved: movedBy(c.Exchanges, c.Now())}
	s.begin()
	for _, origin := range originsOf(c.Exchanges) {
		if err := s.play(origin, c.Ports[origin]); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// play puts a server in the place of a recorded host.
func (s *Server) play(origin string, port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
	}
	h := &host{origin: origin, address: "http://" + listener.Addr().String()}
	h.server = &http.Server{
		Handler:           s.handler(h),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	s.plays = append(s.plays, h)
	go func() { _ = h.server.Serve(listener) }() // until Close
	return nil
}

// Close stops the servers.
func (s *Server) Close() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, h := range s.plays {
		if h.server.Shutdown(ctx) != nil {
			err = errors.Join(err, h.server.Close())
		}
	}
	return err
}

// At returns where a recorded origin is played; empty where it is not.
func (s *Server) At(origin string) string {
	for _, h := range s.plays {
		if h.origin == origin {
			return h.address
		}
	}
	return ""
}

// Addresses lists where recorded origins are played, by origin.
func (s *Server) Addresses() map[string]string {
	all := map[string]string{}
	for _, h := range s.plays {
		all[h.origin] = h.address
	}
	return all
}

// Ports are what Config takes at the next start.
func (s *Server) Ports() map[string]int {
	all := map[string]int{}
	for _, h := range s.plays {
		if u, err := url.Parse(h.address); err == nil {
			all[h.origin], _ = strconv.Atoi(u.Port())
		}
	}
	return all
}

// Moved is by how many days dates are moved.
func (s *Server) Moved() int { return s.moved }

// Restart begins the recording from its start.
func (s *Server) Restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin()
}

// begin forgets what was played.
func (s *Server) begin() {
	for _, one := range s.steps {
		one.played, one.repeated = false, 0
	}
	s.reached, s.sent, s.open, s.ended = map[string]int{}, map[string]*step{}, map[string]bool{}, map[string]bool{}
	s.asked = nil
}

// Asked lists the requests the recording has no answer to, the latest first.
func (s *Server) Asked() []Unrecorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Unrecorded, 0, len(s.asked))
	for _, one := range slices.Backward(s.asked) {
		all = append(all, *one)
	}
	return all
}

// mostAsked bounds how many of them are listed.
const mostAsked = 100

// note lists a request without an answer.
func (s *Server) note(method, path string, part bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.asked, func(u *Unrecorded) bool { return u.Method == method && u.Path == path })
	one := &Unrecorded{Method: method, Path: path, Part: part}
	if at >= 0 {
		one = s.asked[at]
		s.asked = slices.Delete(s.asked, at, at+1)
	}
	one.Count++
	one.Latest = s.now()
	s.asked = append(s.asked, one)
	s.asked = s.asked[max(len(s.asked)-mostAsked, 0):]
}
