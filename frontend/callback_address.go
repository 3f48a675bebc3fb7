package frontend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
)

// Callbacks are the addresses at which persons come back from banks: the
// program's own, and those registered with banks, at which it answers from their
// first use on. They are there before the screens that answer: which addresses
// there are, and what is seen there, are two things.
type Callbacks struct {
	host string // of the program
	log  *slog.Logger

	mu      sync.Mutex
	answers func(registered *url.URL) http.Handler // what answers now; nil until there is a Server
	servers map[string]*http.Server                // by host
}

// NewCallbacks returns those of a program that answers at the listener's address.
func NewCallbacks(listener net.Listener, log *slog.Logger) *Callbacks {
	return &Callbacks{host: listener.Addr().String(), log: log, servers: map[string]*http.Server{}}
}

// URL returns where banks send the person back to, unless another address is
// registered with them.
func (c *Callbacks) URL() string { return "http://" + c.host + CallbackPath }

// answer says what answers at registered addresses from now on.
func (c *Callbacks) answer(answers func(registered *url.URL) http.Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = answers
}

// handler hands what is asked at a registered address to what answers then.
func (c *Callbacks) handler(registered *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		answers := c.answers
		c.mu.Unlock()
		answers(registered).ServeHTTP(w, r)
	})
}

// Listen makes the program answer at a return address that is registered with
// banks. Only the return is answered there. It may be called twice.
func (c *Callbacks) Listen(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if u.Host == c.host || c.servers[u.Host] != nil {
		return nil
	}
	if c.answers == nil {
		return errors.New("the program does not answer yet")
	}
	listeners, err := listenAs(u.Hostname(), u.Port())
	if err != nil {
		return fmt.Errorf("port %s cannot be used: %w", u.Port(), err)
	}
	server := newHTTPServer(c.log, c.handler(u))
	c.servers[u.Host] = server
	for _, listener := range listeners {
		go func() {
			if err := server.Serve(listener); err != nil && err != http.ErrServerClosed {
				c.log.Error("callback listener", "address", u.Host, "error", err)
			}
		}()
	}
	return nil
}

// Stop ends them as [Server.Shutdown] ends the rest.
func (c *Callbacks) Stop(ctx context.Context) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, server := range c.servers {
		err = errors.Join(err, stop(ctx, server))
	}
	return err
}

// AnswerReturns has returns be taken at registered addresses by this server, and not by
// what answered there before.
func (s *Server) AnswerReturns() {
	s.callbacks.answer(func(registered *url.URL) http.Handler { return s.returnsAt(registered, s.adapt(s.callback)) })
}

// returnsAt answers at an address that is registered with banks.
func (s *Server) returnsAt(registered *url.URL, taken http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+registered.Path, taken)
	return s.logged(s.spoken(checkHost(registered.Host, secureHeaders(withStatic(mux)))))
}

// listenAs listens at every address of this machine that a browser may try for a
// host: for "localhost" the one of IPv6 too, where another program would otherwise
// get the return (RFC 8252 section 8.3).
func listenAs(host, port string) ([]net.Listener, error) {
	var all []net.Listener
	for _, address := range []string{"127.0.0.1", "::1"} {
		if address == "::1" && host != "localhost" {
			continue
		}
		listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", net.JoinHostPort(address, port))
		switch {
		case err == nil:
			all = append(all, listener)
		case address == "::1" && !errors.Is(err, syscall.EADDRINUSE): // a machine without IPv6
		default:
			for _, listener := range all {
				listener.Close()
			}
			return nil, err
		}
	}
	return all, nil
}
