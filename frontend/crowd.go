package frontend

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
)

// mostStrangers bounds the connections of which none has shown a session yet. A
// browser opens a handful.
const mostStrangers = 128

// crowd are the connections of a server that belong to no session as far as is
// known. Whoever is on this machine may open as many as they like and say nothing:
// the one that has waited longest is closed when there are too many, so that
// neither memory nor files run out, and who brings a session gets in.
type crowd struct {
	mu    sync.Mutex
	conns []net.Conn // the oldest first
}

type connKey struct{}

// watch has a server tell the crowd who comes and goes.
func (c *crowd) watch(server *http.Server) {
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		c.come(conn)
		return context.WithValue(ctx, connKey{}, func() { c.leave(conn) })
	}
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			c.leave(conn)
		}
	}
}

// known takes the connection of a request out of the crowd: it has a session.
func known(r *http.Request) {
	if leave, ok := r.Context().Value(connKey{}).(func()); ok {
		leave()
	}
}

func (c *crowd) come(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns = append(c.conns, conn)
	if len(c.conns) > mostStrangers {
		_ = c.conns[0].Close() // the server notices, and there is nobody to tell
		c.conns = slices.Delete(c.conns, 0, 1)
	}
}

func (c *crowd) leave(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := slices.Index(c.conns, conn); at >= 0 {
		c.conns = slices.Delete(c.conns, at, at+1)
	}
}
