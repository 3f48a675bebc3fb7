package sandbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Server is a sandbox that listens.
type Server struct {
	sandbox *Sandbox
	http    []*http.Server // the open address, and the one that demands a client certificate
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
	line, err := sandbox.listenSecurely(host)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	sandbox.base, sandbox.line = "http://"+listener.Addr().String(), "https://"+line.Addr().String()
	server := &Server{sandbox: sandbox, done: make(chan error, 2)}
	for _, l := range []net.Listener{listener, line} {
		answering := &http.Server{
			Handler:           sandbox,
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       15 * time.Second,
			WriteTimeout:      30 * time.Second,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    32 << 10,
			ErrorLog:          slog.NewLogLogger(sandbox.log.Handler(), slog.LevelDebug),
		}
		server.http = append(server.http, answering)
		go func() { server.done <- answering.Serve(l) }()
	}
	return server, nil
}

// listenSecurely listens on a free port with TLS, and takes nobody without a
// certificate of the practice CA.
func (s *Sandbox) listenSecurely(host string) (net.Listener, error) {
	v, err := s.practiceCertificates()
	if err != nil {
		return nil, fmt.Errorf("practice certificates: %w", err)
	}
	if err := s.state.save(s.now()); err != nil {
		return nil, fmt.Errorf("sandbox state: %w", err)
	}
	own, err := tls.X509KeyPair([]byte(v.Server), []byte(v.ServerKey))
	if err != nil {
		return nil, fmt.Errorf("practice certificates: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(v.CA))
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return tls.NewListener(listener, &tls.Config{
		Certificates: []tls.Certificate{own}, ClientCAs: roots, ClientAuth: tls.RequireAndVerifyClientCert,
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Time: s.clock,
	}), nil
}

// SetAside is where a damaged state file was put at the start, so that the banks
// began anew; "" where the file was good, or there was none.
func (s *Server) SetAside() string { return s.sandbox.aside }

// Close stops listening, ends what faults hold up, lets running answers finish for a
// moment, and returns when nothing is served any more.
func (s *Server) Close() error {
	s.sandbox.end()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var all error
	for _, answering := range s.http {
		err := answering.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = answering.Close()
		}
		if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		all = errors.Join(all, err)
	}
	return all
}

// loopbackHost reports whether a Host header names this machine.
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
