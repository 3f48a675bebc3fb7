package frontend

import (
	"bufio"
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

// listens returns a listener on a port of its own.
func listens(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// answering serves a page at the listener's address, until what it returns is called.
func answering(t testing.TB, listener net.Listener, log *slog.Logger, page http.Handler) (front *Front, ended func()) {
	t.Helper()
	front = NewFront(listener, log, nil)
	if page != nil {
		front.Answer(page)
	}
	return front, serving(t, front)
}

// serving has a front serve until what it returns is called.
func serving(t testing.TB, front *Front) (ended func()) {
	var served sync.WaitGroup
	served.Go(func() {
		if err := front.Serve(); err != nil {
			t.Error(err)
		}
	})
	return func() {
		if err := front.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		served.Wait()
	}
}

// TestFrontDropsNothing has very many requests come, each on a connection of its own, forms among them, while what answers
// gives way to something else again and again: each is answered, and by what answered when it was handed on.
func TestFrontDropsNothing(t *testing.T) {
	t.Parallel()
	listener := listens(t)
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

// halfForm is a request of which the rest does not come.
func halfForm(listener net.Listener) string {
	return "POST / HTTP/1.1\r\nHost: " + listener.Addr().String() + "\r\nContent-Length: 100\r\n\r\nhalf a form"
}

// TestFrontCutsOff gives requests that go on no more than the time there is, and lets the next page answer.
func TestFrontCutsOff(t *testing.T) {
	t.Parallel()
	listener := listens(t)
	begun, cut := make(chan struct{}), make(chan struct{})
	front, ended := answering(t, listener, slog.New(slog.DiscardHandler), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		if http.NewResponseController(w).SetReadDeadline(time.Now().Add(time.Hour)) == nil {
			t.Error("what is cut off is given more time")
		}
		if _, err := io.Copy(w, r.Body); err == nil {
			t.Error("what is cut off was read to its end")
		}
		close(cut)
	}))
	t.Cleanup(ended)
	address := "http://" + listener.Addr().String()
	line, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { line.Close() })
	if _, err := io.WriteString(line, halfForm(listener)); err != nil {
		t.Fatal(err)
	}
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := front.Leave(ctx); err == nil {
		t.Error("left while a request went on")
	}
	<-cut
	if said, _ := io.ReadAll(line); len(said) > 0 { // an error is that the line was cut with something unread
		t.Errorf("a request that was cut off is answered with %q", said)
	}
	front.Answer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	res, err := http.Get(address)
	if err != nil || res.StatusCode != http.StatusTeapot {
		t.Fatal(res, err)
	}
	res.Body.Close()
}

// TestWaitingIsNoFault gives a request that waited the time to be answered that any other has.
func TestWaitingIsNoFault(t *testing.T) {
	t.Parallel()
	listener := listens(t)
	front := NewFront(listener, slog.New(slog.DiscardHandler), nil)
	front.http.ReadTimeout = 50 * time.Millisecond
	ended := serving(t, front)
	t.Cleanup(ended)
	var asked sync.WaitGroup
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		asked.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), method, "http://"+listener.Addr().String(), nil)
			if err != nil {
				t.Error(err)
				return
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil || res.StatusCode != http.StatusOK {
				t.Errorf("%s: %v %v", method, res, err)
				return
			}
			res.Body.Close()
		})
	}
	wait := func() bool {
		front.mu.Lock()
		defer front.mu.Unlock()
		return front.waiting == 2
	}
	for !wait() {
		time.Sleep(time.Millisecond)
	}
	front.Answer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
			t.Errorf("%s was cut off: %v", r.Method, r.Context().Err())
		case <-time.After(4 * front.http.ReadTimeout):
		}
	}))
	asked.Wait()
}

// TestFewWait has more requests come than may wait, with half a form each: the rest are told so at once, and those that wait
// when the program ends.
func TestFewWait(t *testing.T) {
	t.Parallel()
	listener := listens(t)
	front := NewFront(listener, slog.New(slog.DiscardHandler), nil)
	front.http.ConnState, front.http.ConnContext = nil, nil // so many strangers are let in nowhere else
	ended := serving(t, front)
	status := make(chan string, mostWaiting+10)
	for range mostWaiting + 10 {
		line, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { line.Close() })
		if _, err := io.WriteString(line, halfForm(listener)); err != nil {
			t.Fatal(err)
		}
		go func() {
			said, _ := bufio.NewReader(line).ReadString('\n')
			status <- said
		}()
	}
	refused := func(n int) {
		t.Helper()
		for range n {
			if said := <-status; !strings.HasPrefix(said, "HTTP/1.1 503") {
				t.Errorf("answered with %q", said)
			}
		}
	}
	refused(10)
	ended()
	refused(mostWaiting)
}

// TestFrontEnds answers who waits when the program ends.
func TestFrontEnds(t *testing.T) {
	t.Parallel()
	listener := listens(t)
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
