package frontend

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"

	"consentry/storage"
)

// Carrying serves the one page of a program that brings the data of an earlier version up to date before it starts. The
// sessions that begin there go on in what answers after it, at the same address.
type Carrying struct {
	http.Handler
	server   *Server
	progress atomic.Pointer[storage.Progress]
}

// NewCarrying returns the page, to be served at the listener's address. The language is the one that was chosen, empty for none.
func NewCarrying(speech Speech, language string, log *slog.Logger, listener net.Listener, sessions *Sessions) *Carrying {
	c := &Carrying{server: &Server{speech: speech, language: language, log: log, host: listener.Addr().String(), sessions: sessions}}
	c.progress.Store(&storage.Progress{})
	pages := http.NewServeMux()
	pages.Handle("/", c.server.adapt(c.show))
	mux := http.NewServeMux()
	mux.Handle(sessionsPath+"{place}/", c.server.inSession(pages))
	mux.Handle("/", c.server.adapt(c.server.noSession))
	mux.Handle("GET "+startPath, c.server.adapt(c.server.start))
	c.Handler = c.server.protected(withStatic(mux))
	return c
}

// Tell notes how far the work is.
func (c *Carrying) Tell(p storage.Progress) { c.progress.Store(&p) }

// show says how far the work is, and asks again each second, with or without script. When the
// program has started, its overview is what answers.
func (c *Carrying) show(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Refresh", "1")
	return plainPage(w, r, http.StatusServiceUnavailable, carryingPage(*c.progress.Load()))
}
