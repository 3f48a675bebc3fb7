package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"consentry/frontend"
	"consentry/storage"
)

// While data of before are carried over, the page says how far that is; and what comes after it answers at the
// same address, to the same session.
func TestCarryingIsShown(t *testing.T) {
	t.Setenv("PATH", "") // no browser opens
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	log := slog.New(slog.DiscardHandler)
	s := newStage(options{open: true}, log, listener, func(error) {})
	s.tell(storage.Progress{Done: 3, Of: 10})
	jar, _ := cookiejar.New(nil) // which fails for options alone
	browser := &http.Client{Jar: jar}
	shows := func(address, want string) *http.Response {
		t.Helper()
		res, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if body, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(body), want) {
			t.Fatalf("%s does not show %q: %v\n%s", address, want, err, body)
		}
		return res
	}
	first := shows(s.carrying.Address(), "carried over: 30 %")
	if first.Header.Get("Refresh") == "" {
		t.Error("the page does not ask again")
	}
	s.tell(storage.Progress{Done: 9, Of: 10})
	here := first.Request.URL.String()
	shows(here, "carried over: 90 %")

	if err := s.clear(); err != nil {
		t.Fatal(err)
	}
	after := frontend.NewRefused(frontend.Refusal{Kind: frontend.FolderInUse}, log, listener).After(s.carrying)
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- after.Serve(ctx, listener) }()
	shows(here, "Consentry did not start")
	end()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// Where there is nothing to carry over, nothing is shown early.
func TestNothingToCarry(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s := newStage(options{open: true}, slog.New(slog.DiscardHandler), listener, func(error) {})
	if s.tell(storage.Progress{Done: 10, Of: 10}); s.carrying != nil {
		t.Error("a work that is done is shown")
	}
	if err := s.clear(); err != nil {
		t.Error(err)
	}
	if err := s.run(t.Context(), func() error { return context.Canceled }); err != context.Canceled {
		t.Errorf("ended with %v", err)
	}
}
