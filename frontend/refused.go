package frontend

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
)

// refusedIdle is after what time without a visit the page of a program that does
// not start ends with it.
const refusedIdle = time.Hour

// Refused serves the one page of a program that does not start: somebody who
// double-clicked it sees no terminal.
type Refused struct {
	http.Handler
	server  *Server
	refusal Refusal
	visited chan struct{}
	end     func()
	ended   chan struct{}

	mu    sync.Mutex
	aside string // where the old data lie, once they were set aside
}

// NewRefused returns the page of a refusal, to be served at the listener's address.
func NewRefused(refusal Refusal, speech Speech, log *slog.Logger, listener net.Listener, sessions *Sessions) *Refused {
	ended := make(chan struct{})
	r := &Refused{
		server:  &Server{speech: speech, language: refusal.Language, log: log, host: listener.Addr().String(), sessions: sessions},
		refusal: refusal, visited: make(chan struct{}, 1), ended: ended, end: sync.OnceFunc(func() { close(ended) }),
	}
	r.Handler = r.server.protected(r.mux())
	return r
}

func (r *Refused) mux() *http.ServeMux {
	pages := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"/":               r.show,
		"POST /set-aside": r.setAside,
		"POST /end":       r.over,
	} {
		pages.Handle(pattern, r.adapt(h))
	}
	mux := http.NewServeMux()
	mux.Handle(sessionsPath+"{place}/", r.server.inSession(pages))
	mux.Handle("/", r.adapt(r.server.noSession))
	mux.Handle("GET "+startPath, r.adapt(r.server.start))
	return withStatic(mux)
}

func (r *Refused) adapt(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		select {
		case r.visited <- struct{}{}:
		default:
		}
		if err := h(w, req); err != nil {
			r.server.log.Error("request failed", "method", req.Method, "path", withoutPlace(req.URL.Path), "error", err)
		}
	}
}

func (r *Refused) show(w http.ResponseWriter, req *http.Request) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shown(w, req, nil)
}

// shown says why the program did not start, or where the old data lie since they
// were set aside.
func (r *Refused) shown(w http.ResponseWriter, req *http.Request, failure error) error {
	if r.aside != "" {
		return plainPage(w, req, http.StatusOK, setAsidePage(r.aside))
	}
	return plainPage(w, req, http.StatusServiceUnavailable, refusedPage(r.refusal, failure))
}

// setAside is done once, however often it is asked for: the second time it would
// move what is new.
func (r *Refused) setAside(w http.ResponseWriter, req *http.Request) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.aside != "" || r.refusal.SetAside == nil {
		return r.shown(w, req, nil)
	}
	aside, err := r.refusal.SetAside()
	if err != nil {
		return r.shown(w, req, err)
	}
	r.aside = aside
	r.server.log.Info("the old data were set aside", "aside", aside)
	return r.shown(w, req, nil)
}

func (r *Refused) over(w http.ResponseWriter, req *http.Request) error {
	defer r.end()
	return plainPage(w, req, http.StatusOK, endedPage())
}

func plainPage(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	return page.Render(r.Context(), w)
}

// Wait returns when the person ends the program there, the context ends, or nobody has visited the page for an hour.
func (r *Refused) Wait(ctx context.Context) {
	idle := time.NewTimer(refusedIdle)
	defer idle.Stop()
	for {
		select {
		case <-r.visited:
			idle.Reset(refusedIdle)
		case <-r.ended:
			return
		case <-idle.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
