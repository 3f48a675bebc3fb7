package frontend

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"

	"consentry/storage"
)

// Carrying serves the one page of a program that brings the data of an earlier version up to date before it starts. The
// sessions that begin there go on in the server that comes after it, at the same address.
type Carrying struct {
	server   *Server
	progress atomic.Pointer[storage.Progress]
}

// NewCarrying returns the page, to be served at the listener's address, where another start of the program finds the door.
// The language is the one that was chosen, empty for none.
func NewCarrying(speech Speech, language string, log *slog.Logger, listener net.Listener, sessions *Sessions, door http.Handler) *Carrying {
	c := &Carrying{server: &Server{speech: speech, language: language, log: log, host: listener.Addr().String(), sessions: sessions}}
	c.progress.Store(&storage.Progress{})
	pages := http.NewServeMux()
	pages.Handle("/", c.server.adapt(c.show))
	mux := http.NewServeMux()
	mux.Handle(sessionsPath+"{place}/", c.server.inSession(pages))
	mux.Handle("/", c.server.adapt(c.server.noSession))
	mux.Handle("GET "+startPath, c.server.adapt(c.server.start))
	c.server.http = c.server.server(c.server.protected(withDoor(withStatic(mux), door)))
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

// Serve answers requests until Shutdown.
func (c *Carrying) Serve(listener net.Listener) error { return c.server.Serve(listener) }

// Shutdown lets running requests end as long as the context lets it, and stops.
func (c *Carrying) Shutdown(ctx context.Context) error { return stop(ctx, c.server.http) }
