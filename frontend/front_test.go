package frontend

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// answering serves a page at the listener's address, until what it returns is called.
func answering(t testing.TB, listener net.Listener, log *slog.Logger, page http.Handler) (front *Front, ended func()) {
	t.Helper()
	front = NewFront(listener, log, nil)
	if page != nil {
		front.Answer(page)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := front.Serve(); err != nil {
			t.Error(err)
		}
	})
	return front, func() {
		if err := front.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		serving.Wait()
	}
}

// TestFrontDropsNothing has very many requests come, each on a connection of its own, forms among them, while what answers
// gives way to something else again and again: each is answered, and by what answered when it was handed on.
func TestFrontDropsNothing(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	front, ended := answering(t, listener, slog.New(slog.DiscardHandler), nil)
	t.Cleanup(ended)
	var senders sync.WaitGroup
	over := make(chan struct{})
	for range 8 {
		senders.Go(func() {
			browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for range 50 {
				res, err := browser.Post("http://"+listener.Addr().String()+"/", "text/plain", strings.NewReader("a form"))
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || string(body) != "a form" {
					t.Errorf("answered with %q %v", body, err)
				}
			}
		})
	}
	go func() { senders.Wait(); close(over) }()
	for changes := 0; ; changes++ {
		var closed sync.RWMutex // held by what is behind the page, as a store is
		open := true
		front.Answer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			closed.RLock()
			defer closed.RUnlock()
			if !open {
				t.Error("asked after it was left")
			}
			_, _ = io.Copy(w, r.Body)
		}))
		if changes%2 == 0 {
			time.Sleep(time.Millisecond) // so that some are answered, and not all wait
		}
		if err := front.Leave(t.Context()); err != nil {
			t.Error(err)
		}
		closed.Lock()
		open = false
		closed.Unlock()
		select {
		case <-over:
			return
		default:
		}
	}
}

// TestFrontCutsOff gives requests that go on no more than the time there is, and lets the next page answer.
func TestFrontCutsOff(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, cut := make(chan struct{}), make(chan struct{})
	front, ended := answering(t, listener, slog.New(slog.DiscardHandler), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		close(cut)
	}))
	t.Cleanup(ended)
	address := "http://" + listener.Addr().String()
	asked := make(chan error, 1)
	go func() {
		res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Post(address, "text/plain", strings.NewReader("a form"))
		if err == nil {
			res.Body.Close()
		}
		asked <- err
	}()
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := front.Leave(ctx); err == nil {
		t.Error("left while a request went on")
	}
	<-cut
	if err := <-asked; err == nil {
		t.Error("a request that was cut off has an answer")
	}
	front.Answer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	res, err := http.Get(address)
	if err != nil || res.StatusCode != http.StatusTeapot {
		t.Fatal(res, err)
	}
	res.Body.Close()
}

// TestFrontEnds answers who waits when the program ends.
func TestFrontEnds(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	passed := make(chan struct{})
	front, ended := answering(t, listener, slog.New(slog.DiscardHandler), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(passed)
	}))
	address := "http://" + listener.Addr().String()
	if res, err := http.Get(address); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	if err := front.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	status := make(chan int, 1)
	go func() {
		res, err := http.Get(address)
		if err != nil {
			status <- 0
			return
		}
		res.Body.Close()
		status <- res.StatusCode
	}()
	ended()
	if got := <-status; got != http.StatusServiceUnavailable && got != 0 { // 0: it came after the end
		t.Errorf("answered with %d", got)
	}
}
