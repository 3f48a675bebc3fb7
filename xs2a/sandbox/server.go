package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Server is a sandbox that listens.
type Server struct {
	sandbox *Sandbox
	http    *http.Server
	done    chan error
}

// Start listens on addr and serves a sandbox there. The host of addr has to be a
// loopback one; port 0 picks a free port.
func Start(addr string, cfg Config) (*Server, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox address: %w", err)
	}
	if !loopbackName(host) {
		return nil, fmt.Errorf("sandbox address: %q is not a loopback address", host)
	}
	sandbox, err := New(cfg)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	sandbox.base = "http://" + listener.Addr().String()
	server := &Server{sandbox: sandbox, done: make(chan error, 1), http: &http.Server{
		Handler:           sandbox,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}}
	go func() { server.done <- server.http.Serve(listener) }()
	return server, nil
}

// Close stops listening, lets running answers finish for a moment, and returns
// when nothing is served any more.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// loopbackHost says whether a Host header names this machine.
func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return loopbackName(host)
}

func loopbackName(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
