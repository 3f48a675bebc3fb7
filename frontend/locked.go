package frontend

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/ui"
)

// LockedConfig is what a Locked is made of.
type LockedConfig struct {
	Log       *slog.Logger
	Sessions  *Sessions
	Speech    Speech
	Language  string     // that the person of the profile chose; empty: what their browser asks for
	Callbacks *Callbacks // whose returns are taken meanwhile; nil: the App takes them as ever
	Profile   string     // whose it is; empty where there is one profile
	Failure   *app.Error // of what was asked for before; nil: none
	// Unlock opens with a passphrase. What is wrong with it is an *app.Error at the field passphrase.
	Unlock func(passphrase []byte) error
	// StartOver forgets what the passphrase protects, so that the rest opens without one.
	StartOver func() error
	// Returned takes a person's return from a bank, and reports whether it was waited for; nil: the App takes returns as ever.
	Returned func(url.Values, app.Person) (bool, error)
	Callback http.Handler // of the App that goes on; nil: there is none
}

// Left is how a page that stands before a profile was left.
type Left string

// The ways to leave one.
const (
	LeftOpen   Left = "open"   // it was unlocked, or chosen
	LeftSwitch Left = "switch" // to choose another profile
	LeftRemove Left = "remove" // likewise, and it is to be removed
)

// Locked serves the one page of a locked program, at every address. Nothing else is behind it.
type Locked struct {
	http.Handler
	LockedConfig
	server *Server
	gate   gate
	left   chan Left
	once   sync.Once
}

// NewLocked returns the page, to be served at the listener's address.
func NewLocked(c LockedConfig, listener net.Listener) *Locked {
	l := &Locked{LockedConfig: c, left: make(chan Left, 1)}
	l.server = &Server{log: c.Log, speech: c.Speech, language: c.Language, host: listener.Addr().String(), sessions: c.Sessions}
	if c.Callbacks != nil && c.Returned != nil {
		c.Callbacks.answer(func(registered *url.URL) http.Handler {
			return l.server.returnsAt(registered, http.HandlerFunc(l.callback))
		})
	}
	l.Handler = l.server.protected(l.gate.before(l.mux()))
	return l
}

// Left gets how the page was left.
func (l *Locked) Left() <-chan Left { return l.left }

func (l *Locked) leave(how Left) { l.once.Do(func() { l.gate.close(); l.left <- how }) }

// The addresses of the page's forms.
const (
	unlockPath    = "/unlock"
	forgottenPath = "/forgotten"
	startOverPath = "/forgotten/start-over"
	switchPath    = "/profiles/switch"
)

func (l *Locked) mux() *http.ServeMux {
	pages := http.NewServeMux()
	pages.HandleFunc("/", l.show)
	pages.HandleFunc("POST "+unlockPath, l.unlock)
	pages.HandleFunc(presencePath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusLocked) })
	if l.StartOver != nil {
		pages.HandleFunc("GET "+forgottenPath, l.forgotten)
		pages.HandleFunc("POST "+forgottenPath, l.forgotten)
		pages.HandleFunc("POST "+startOverPath, l.startOver)
	}
	if l.Profile != "" {
		pages.HandleFunc("POST "+switchPath, l.switchProfile)
	}
	mux := http.NewServeMux()
	mux.Handle(sessionsPath+"{place}/", l.server.inSession(pages))
	mux.Handle("/", l.server.outside())
	mux.Handle("GET "+startPath, l.server.firstAddress())
	mux.HandleFunc("GET "+CallbackPath, l.callback)
	return withStatic(mux)
}

// lockedView is what the page of a locked program shows.
type lockedView struct {
	To        string // where unlocking leads
	Profile   string
	Forgets   bool // starting over is offered
	Refused   bool // a form was sent that was not carried out
	Failure   *app.Error
	Certainly bool // of the second question
}

func (l *Locked) view(to string) lockedView {
	return lockedView{To: to, Profile: l.Profile, Forgets: l.StartOver != nil, Failure: l.Failure}
}

// show answers every address alike. A part of a page, which HTMX asks for, gives way to the whole.
func (l *Locked) show(w http.ResponseWriter, r *http.Request) {
	to := (&url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}).String()
	if r.URL.Path == unlockPath || r.URL.Path == startOverPath { // which lead nowhere afterwards
		to = "/"
	}
	if wantsFragment(r) {
		w.Header().Set("HX-Redirect", ui.To(r.Context(), shownAt(r)))
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		view := l.view(cameFrom(r))
		view.Refused = true
		l.answer(w, r, view)
		return
	}
	l.answer(w, r, l.view(to))
}

// shownAt is the page a part of which HTMX asks for.
func shownAt(r *http.Request) string {
	page, err := url.Parse(r.Header.Get("HX-Current-URL"))
	if err != nil || page.Host != r.Host {
		return "/"
	}
	path, within := strings.CutPrefix(page.Path, ui.Home(r.Context()))
	return inside((&url.URL{Path: path, RawQuery: page.RawQuery}).String(), within)
}

// inside is an address of the program, or its first one.
func inside(address string, within bool) string {
	if !within || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n") {
		return "/"
	}
	return address
}

func (l *Locked) answer(w http.ResponseWriter, r *http.Request, view lockedView) {
	l.render(w, r, http.StatusLocked, lockedPage(view))
}

func (l *Locked) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) {
	if err := plainPage(w, r, status, page); err != nil {
		l.Log.Error("the page of the lock could not be shown", "error", err)
	}
}

// unlock tries a passphrase, and leads to where the person was.
func (l *Locked) unlock(w http.ResponseWriter, r *http.Request) {
	to := inside(r.PostFormValue("to"), true)
	passphrase := []byte(r.PostFormValue("passphrase"))
	defer forgetForm(r, passphrase)
	view := l.view(to)
	if len(passphrase) == 0 {
		view.Failure = failure.Field("passphrase", failure.EnterPassphrase)
		l.answer(w, r, view)
		return
	}
	if err := l.Unlock(passphrase); err != nil {
		view.Failure = l.failed(err)
		l.answer(w, r, view)
		return
	}
	l.leave(LeftOpen)
	redirect(w, r, to)
}

// forgetForm lets go of what was typed. The request's own copy is a text, which the collector takes.
func forgetForm(r *http.Request, typed ...[]byte) {
	for _, each := range typed {
		clear(each)
	}
	r.Form, r.PostForm = nil, nil
}

// failed is what is said of an error; what is no one's fault is logged.
func (l *Locked) failed(err error) *app.Error {
	if failed, known := asFailure(err); known {
		return failed
	}
	l.Log.Error("unlock", "error", err)
	return failure.OfInside(err)
}

// forgotten says what is lost without the passphrase, and asks twice before it is.
func (l *Locked) forgotten(w http.ResponseWriter, r *http.Request) {
	view := l.view("/")
	view.Certainly = r.Method == http.MethodPost
	l.render(w, r, http.StatusLocked, forgottenPage(view))
}

func (l *Locked) startOver(w http.ResponseWriter, r *http.Request) {
	view := l.view("/")
	view.Certainly = true
	if r.PostFormValue("sure") != "yes" { // who did not come by both questions
		view.Certainly = false
		l.render(w, r, http.StatusLocked, forgottenPage(view))
		return
	}
	if err := l.StartOver(); err != nil {
		view.Failure = l.failed(err)
		l.render(w, r, http.StatusLocked, forgottenPage(view))
		return
	}
	l.leave(LeftOpen)
	redirect(w, r, "/")
}

// switchProfile ends the session: who comes next begins one of their own.
func (l *Locked) switchProfile(w http.ResponseWriter, r *http.Request) {
	l.gate.close()
	l.server.passOn(w, r)
	l.leave(LeftSwitch)
}

// callback takes the person back from a bank while nobody may see anything. Where the App goes on it answers as ever: its
// answer names nothing.
func (l *Locked) callback(w http.ResponseWriter, r *http.Request) {
	if l.Callback != nil {
		l.Callback.ServeHTTP(w, r)
		return
	}
	view := returnedView{}
	if l.Returned != nil && oneState(r) != "" {
		kept, err := l.Returned(r.URL.Query(), l.server.person(r))
		if err != nil {
			l.Log.Error("a return from a bank was not kept", "error", err)
		}
		view.Kept = kept
	}
	l.render(w, r, http.StatusLocked, returnedPage(view))
}

type returnedView struct{ Kept bool }

// passOn ends all sessions, and leads the browser, or the window, to the beginning of one with whatever answers next.
func (s *Server) passOn(w http.ResponseWriter, r *http.Request) { s.passOnTo(w, r, "") }

// passOnTo is passOn to the screen that a word in the first address means.
func (s *Server) passOnTo(w http.ResponseWriter, r *http.Request, word string) {
	s.sessions.endAll()
	to := startPath + "?token=" + s.sessions.freshToken(shellOf(r.Context()))
	if word != "" {
		to += "&" + word
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// firstAddress and outside answer who has no session yet, for servers that have nothing else.
func (s *Server) firstAddress() http.Handler { return s.plainly(s.start) }

func (s *Server) outside() http.Handler { return s.plainly(s.noSession) }

func (s *Server) plainly(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.log.Error("request failed", "method", r.Method, "path", withoutPlace(r.URL.Path), "error", err)
		}
	})
}
