// Package frontend is what a person sees: screens as server-rendered pages
// that HTMX makes smooth, and the one HTTP handler that serves them to both
// shells.
//
// One screen is one pair of files, the handlers in name.go and the view in
// name.templ; routes.go lists them all. Handlers call the app package and
// know neither SQL nor dialects. Every page works as plain links and forms.
//
// The server answers on the loopback interface alone, to requests that name
// it as their host and belong to a session that began with the one-time address
// printed at the start: they know its place and carry its cookie. The bank's redirect is the exception: it is known by
// its single-use state.
package frontend

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"consentry/app"
	"consentry/app/backup"
	"consentry/app/imports"
	"consentry/app/lock"
	"consentry/frontend/room"
	"consentry/frontend/words"
)

// About is what the settings say of the program.
type About struct {
	Version       string
	DataDir       string
	KeyFile       string  // the master key lies in; empty: the system's keyring has it
	SandboxLogins []Login // of the practice banks inside the program; empty without them
	ControlGiven  bool    // the practice banks' address stands on the command line
	// ProxyVariables are the environment variables that name a proxy, and are not used.
	ProxyVariables []string
	// Notices tell what was found wrong at the start and does not keep the program
	// from running. They stand on the overview and in the settings.
	Notices []StartNotice
}

// Login is one a practice bank accepts.
type Login struct {
	Name, Login, Password, Code string
}

// Config is what a Server is made of.
type Config struct {
	App   *app.App
	Log   *slog.Logger
	About About
	// OpenBrowser shows an address in the system's browser. It is nil in the
	// browser shell, where the bank's page opens in a tab beside this one.
	OpenBrowser func(address string) error
	// Device is a UUID of this installation, which banks may ask for.
	Device string
	Speech Speech
	// Callbacks are the addresses at which persons come back; nil: the program's
	// own alone.
	Callbacks *Callbacks
	// Sessions are those that go on from a server that answered before; nil: there are none.
	Sessions *Sessions
	Login    LoginStart // whether the program starts when the person logs in; nil: it cannot
	End      func()     // ends the program; nil: the person does so elsewhere
	// Lock locks the program; nil: it cannot be.
	Lock *lock.Lock
	// Profiles are those of the household; nil: there is this one alone.
	Profiles *Profiles
	// Backup keeps the profile in a file, and brings one back; nil: it cannot.
	Backup *Backup
}

// Server serves the screens.
type Server struct {
	http.Handler
	app         *app.App
	log         *slog.Logger
	about       About
	openBrowser func(string) error
	sessions    *Sessions
	device      string
	speech      Speech
	language    string // that was chosen, where the data are not open
	host        string // as browsers name it, 127.0.0.1:port
	callbacks   *Callbacks
	zone        *time.Location // the person's; nil: this machine's
	show        show           // the story that is shown
	login       LoginStart
	end         func()
	phone       phoneInRoom // of an approval at a practice bank
	lock        *lock.Lock  // nil: it cannot be locked
	profiles    *Profiles   // nil: there is one alone
	gate        gate
	backup      *Backup
	restoring   sync.Mutex // held while a backup is unpacked, accepted or thrown away
}

// New returns a server, to answer at the listener's address.
func New(c Config, listener net.Listener) *Server {
	s := &Server{
		app: c.App, log: c.Log, about: c.About, openBrowser: c.OpenBrowser, device: c.Device, speech: c.Speech,
		host: listener.Addr().String(), callbacks: c.Callbacks, lock: c.Lock, profiles: c.Profiles,
		login: c.Login, end: c.End, backup: c.Backup,
	}
	if s.callbacks == nil {
		s.callbacks = NewCallbacks(listener, c.Log)
	}
	s.AnswerReturns()
	if s.sessions = c.Sessions; s.sessions == nil {
		s.sessions = NewSessions(listener)
	}
	s.Handler = s.protected(s.gate.before(s.unlocked(s.mux())))
	return s
}

// The times that a request and its answer may take. Asking a bank takes several exchanges of up to 30 seconds.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 3 * time.Minute
)

func newHTTPServer(log *slog.Logger, handler http.Handler) *http.Server {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	(&crowd{}).watch(server)
	return server
}

// Rest is called when the server answers no more, for now or for good: it ends what is open to a phone, and forgets what was
// unpacked of a backup.
func (s *Server) Rest() {
	s.phone.end(room.ProgramEnds)
	s.forgetUnpacked()
	s.gate.open()
}

func stop(ctx context.Context, server *http.Server) error {
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	return err
}

// protected puts before routes what holds for every request.
func (s *Server) protected(routes http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.log.Warn("cross-origin request refused", "path", withoutPlace(r.URL.Path), "origin", r.Header.Get("Origin"))
		http.Error(w, words.T(r.Context(), "This request came from another site and was not carried out."), http.StatusForbidden)
	}))
	return s.logged(s.spoken(checkHost(s.host, secureHeaders(protection.Handler(routes)))))
}

// contentPolicy lets a page load from the program alone. It has no
// unsafe-inline: what a bank puts into a text can never become script or style.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// "no-referrer" would make browsers send "Origin: null" with our own forms.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// checkHost refuses requests that name another host: a page elsewhere whose
// name was made to point here (DNS rebinding).
func checkHost(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host {
			http.Error(w, words.T(r.Context(), "Consentry answers at %s only.", "http://"+host), http.StatusMisdirectedRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostOf(r))
		next.ServeHTTP(w, r)
	})
}

// maxForm bounds what a form may send.
const maxForm = 1 << 20

// mostOf bounds what a request may send: a file of transactions may be larger than a form, and a backup very much larger. It
// goes to the disk as it comes.
func mostOf(r *http.Request) int64 {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, restorePath) {
		return backup.Most
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, filesSuffix) {
		return imports.MaxFile + maxForm
	}
	return maxForm
}

// logged notes every request without its session's place and its query, which
// may hold a code or token.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		rec := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		s.log.Debug("request", "method", r.Method, "path", withoutPlace(r.URL.Path), "status", rec.status,
			"took", time.Since(started).Round(time.Microsecond), "agent", r.UserAgent())
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the real writer.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
