// Package room puts a practice phone into the room: one page, at one address of this
// machine in its local network, for as long as an approval is shown on a real phone there.
//
// It is a listener of its own. It knows neither the program's screens nor the practice
// banks; what the page shows and what becomes of a tap it is handed ([Config]). So nothing
// else can be reached through it, whatever is asked of it: the address has an unguessable
// token, a code from the screen lets one phone in, and everything else gets the same empty
// answer.
package room

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"consentry/frontend/words"
)

// Life is how long a room is open at most.
const Life = 30 * time.Minute

// look is how often is looked whether a room has to end.
const look = time.Second

// Deed is what a person did on the phone; the zero value: they look.
type Deed struct {
	Form     url.Values // of the fields that go on; nil: none was sent
	Language string     // the phone asks for, as a header Accept-Language
}

// answers reports whether a deed is more than looking and picking a login.
func (d Deed) answers() bool { return d.Form.Get("action") != "" }

// Screen is what the phone shows: a page that needs no other address, and its style, as it
// stands in the page.
type Screen struct {
	Page, Style string
	Over        bool // nothing more is asked
}

// Config is what a room is made of.
type Config struct {
	At       Address
	Fields   []string                                    // of the forms on the phone's page; no other goes on
	Do       func(context.Context, Deed) (Screen, error) // does something on the phone, and shows it
	Waits    func(context.Context) bool                  // whether the approval still waits for the phone
	Language *words.Language
	Log      *slog.Logger
	Now      func() time.Time
}

// End says why a room is closed.
type End string

// The ends.
const (
	EndedByPerson End = "person"
	EndedByShow   End = "show"     // the show it was part of is over
	Answered      End = "answered" // on the phone
	NotAsked      End = "settled"  // the approval ended elsewhere
	TimedOut      End = "timeout"
	TooManyCodes  End = "codes"
	AddressGone   End = "address" // this machine has left the network
	ClockMoved    End = "clock"   // this machine has slept, or its clock was set
	ProgramEnds   End = "program"
	Broken        End = "broken" // the listener failed
)

// State is a room as people are told of it.
type State struct {
	Host   string // address and port
	Code   string
	URL    string // with the token
	Until  time.Time
	Phone  netip.Addr // of the phone that is let in; zero: none yet
	End    End        // empty while it is open
	Events []Event    // the oldest first
}

// Open reports whether the room answers.
func (s State) Open() bool { return s.End == "" }

// Room is an open room, or one that has ended. It is safe for concurrent use.
type Room struct {
	Config
	host  string
	token string
	begun time.Time
	until time.Time
	here  // what tells of this machine
	http  *http.Server
	stop  context.CancelFunc
	done  chan struct{} // closed when nothing is served any more

	mu      sync.Mutex
	lock    lock
	phone   netip.Addr
	session string // of the phone that is let in; empty: none yet
	end     End
	acting  int // how many things are being done on the phone
	journal journal
	pace    map[bool]*pace // of the phone, and of all others
}

// Open listens at an address of this machine, at a free port, and answers there until an
// end of the room.
func Open(c Config) (*Room, error) {
	if !c.At.offered() {
		return nil, fmt.Errorf("%s is no address of a local network", c.At.Local())
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", net.JoinHostPort(c.At.Local().String(), "0"))
	if err != nil {
		return nil, err
	}
	opened := time.Now()
	return begin(c, listener, here{c.At.stands, func() time.Duration { return time.Since(opened) }}), nil
}

// here is what a room asks of the machine it is at.
type here struct {
	stands func() bool          // whether it still has the address
	passed func() time.Duration // how long the room is open, whatever is done to the clock; it stands still while the machine sleeps
}

// begin answers at a listener, as long as its address stands.
func begin(c Config, listener net.Listener, at here) *Room {
	ctx, stop := context.WithCancel(context.Background())
	now := c.Now()
	r := &Room{
		Config: c, host: listener.Addr().String(), token: secret(), begun: wall(now), until: wall(now).Add(Life), here: at, stop: stop, done: make(chan struct{}),
		lock: lock{code: code()}, pace: map[bool]*pace{true: {}, false: {}},
	}
	r.http = r.server()
	go r.serve(&door{Listener: listener, network: c.At.Prefix.Masked(), refuse: r.note})
	go r.watch(ctx)
	c.Log.Info("a practice phone is in the room", "address", r.host, "until", r.until)
	return r
}

// server has narrow bounds: a page and a short form are all there is.
func (r *Room) server() *http.Server {
	server := &http.Server{
		Handler:                      http.HandlerFunc(r.answer),
		DisableGeneralOptionsHandler: true,
		ReadHeaderTimeout:            3 * time.Second,
		ReadTimeout:                  5 * time.Second,
		WriteTimeout:                 15 * time.Second,
		MaxHeaderBytes:               4 << 10,
		ErrorLog:                     slog.NewLogLogger(r.Log.Handler(), slog.LevelDebug),
	}
	server.SetKeepAlivesEnabled(false)
	return server
}

func (r *Room) serve(listener net.Listener) {
	defer close(r.done)
	if err := r.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		r.Log.Error("the practice phone in the room", "error", err)
		go r.Close(Broken) // which waits for this
	}
}

// watch ends the room when its time is over, whether or not anybody comes.
func (r *Room) watch(ctx context.Context) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		if end := r.over(ctx); end != "" && ctx.Err() == nil {
			r.Close(end)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// over says why the room has to end by now; empty while it has not.
func (r *Room) over(ctx context.Context) End {
	now, passed := wall(r.Now()), r.passed()
	switch {
	case !now.Before(r.until) || passed >= Life:
		return TimedOut
	case (now.Sub(r.begun) - passed).Abs() > mostAdjusted:
		return ClockMoved
	case !r.stands():
		return AddressGone
	case !r.acts() && !r.Waits(ctx):
		return NotAsked
	}
	return ""
}

// mostAdjusted is by how much the clock on the wall may go on otherwise than time does. Set
// back, it would keep a room open for longer; and while a machine slept, it may have been
// carried into another network with the same addresses.
const mostAdjusted = time.Minute

// acts reports whether something is being done on the phone, which may be what ends the room.
func (r *Room) acts() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.acting > 0
}

// act says that something is being done on the phone, until the function is called. It is
// nil where the room has ended: a form that came too slowly does nothing any more.
func (r *Room) act() (done func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end != "" {
		return nil
	}
	r.acting++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.acting--
	}
}

// Close ends the room for a reason, unless it has ended: nobody is let in from then on,
// and what is being answered has a moment.
func (r *Room) Close(end End) {
	if r.ends(end) {
		r.leave()
	}
}

// ends has nobody let in from now on, and reports whether that is new.
func (r *Room) ends(why End) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end != "" {
		return false
	}
	r.end = why
	r.Log.Info("the practice phone has left the room", "address", r.host, "why", string(why))
	return true
}

// leave stops the listener and what watches it.
func (r *Room) leave() {
	r.stop()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), lastAnswers)
		defer cancel()
		if r.http.Shutdown(ctx) != nil {
			_ = r.http.Close() // who has not been answered by now is no phone
		}
	}()
	<-r.done
}

// lastAnswers is how long an answer may take when the room ends.
const lastAnswers = 2 * time.Second

// State is how the room stands.
func (r *Room) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return State{
		Host: r.host, Code: r.lock.code, URL: "http://" + r.host + r.path(), Until: r.until,
		Phone: r.phone, End: r.end, Events: r.journal.all(),
	}
}

// path is the only one there is.
func (r *Room) path() string { return "/" + r.token }

// wall is a time that goes on while the machine sleeps.
func wall(t time.Time) time.Time { return t.Round(0) }

// secret is 256 bits that nobody guesses.
func secret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// code is six digits to be typed.
func code() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil { // never: crypto/rand ends the program instead
		panic(err)
	}
	return fmt.Sprintf("%06d", n)
}
