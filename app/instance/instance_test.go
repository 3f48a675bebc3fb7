package instance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"consentry/storage/folder"
)

// shown is a program with or without a window.
type shown struct {
	window bool
	at     string
	raised []string
	used   chan struct{}

	usedAsked chan struct{} // gets a word each time somebody waits
}

func (s *shown) Show(activation string) bool {
	s.raised = append(s.raised, activation)
	return s.window
}
func (s *shown) Address() string { return "http://" + s.at + "/start?token=x" }
func (s *shown) Used(string) <-chan struct{} {
	s.usedAsked <- struct{}{}
	return s.used
}

// opened returns a running program and its data folder.
func opened(t *testing.T, window bool) (*Door, *shown, string, *httptest.Server) {
	t.Helper()
	var door *Door
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { door.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	at := server.Listener.Addr().String()
	door = NewDoor(at, "1.2")
	program, dir := &shown{window: window, at: at, used: make(chan struct{}), usedAsked: make(chan struct{}, 8)}, t.TempDir()
	if err := door.Open(dir, program); err != nil {
		t.Fatal(err)
	}
	return door, program, dir, server
}

func TestAsk(t *testing.T) {
	for _, window := range []bool{true, false} {
		_, program, dir, _ := opened(t, window)
		running, err := Ask(t.Context(), dir, WantShown, "startup-1")
		if err != nil {
			t.Fatal(err)
		}
		if got := running.Answer; got.Window != window || (got.Address == "") != window || got.Version != "1.2" || len(program.raised) != 1 || program.raised[0] != "startup-1" {
			t.Errorf("window %v: %+v, %q", window, got, program.raised)
		}
		if running, err := Ask(t.Context(), dir, WantAddress, ""); err != nil || running.Answer.Address != program.Address() || len(program.raised) != 1 {
			t.Errorf("window %v: %+v, %v", window, running, err)
		}
		if running, err := Ask(t.Context(), dir, WantHere, ""); err != nil || running.Answer.Address != "" || len(program.raised) != 1 {
			t.Errorf("window %v: %+v, %v", window, running, err)
		}
		over := make(chan error)
		go func() { over <- running.Used(context.WithoutCancel(t.Context())) }()
		close(program.used)
		if err := <-over; err != nil {
			t.Error(err)
		}
	}
}

// TestProgramThatHasEnded is none: whether it took its file away, was killed, or another listens at its port.
func TestProgramThatHasEnded(t *testing.T) {
	door, _, dir, server := opened(t, false)
	content, err := os.ReadFile(filepath.Join(dir, folder.Instance))
	if err != nil {
		t.Fatal(err)
	}
	if err := door.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Ask(t.Context(), dir, WantShown, ""); !errors.Is(err, ErrNone) {
		t.Errorf("ended in order: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, folder.Instance), content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Ask(t.Context(), dir, WantShown, ""); !errors.Is(err, ErrNone) {
		t.Errorf("a door that is closed: %v", err)
	}
	server.Close()
	if _, err := Ask(t.Context(), dir, WantShown, ""); !errors.Is(err, ErrNone) {
		t.Errorf("nobody listens: %v", err)
	}
	if got, err := Ask(t.Context(), t.TempDir(), WantShown, ""); !errors.Is(err, ErrNone) {
		t.Errorf("another folder: %+v, %v", got, err)
	}
}

// TestRelay has whoever listens at the port of a program that was killed pass on what they are asked, to one that runs, and
// back what it answers: neither side believes them.
func TestRelay(t *testing.T) {
	door, program, dir, _ := opened(t, false)
	var refused int
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		door.ServeHTTP(recorded, r)
		refused = recorded.Code
		w.Header().Set(proofHeader, recorded.Header().Get(proofHeader))
		_, _ = io.Copy(w, recorded.Body)
	}))
	defer relay.Close()
	place, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	place.Address = relay.Listener.Addr().String() // even if it had the same secret
	if _, err := place.ask(t.Context(), question{Want: WantAddress}); !errors.Is(err, ErrNone) || refused != http.StatusForbidden || len(program.raised) > 0 {
		t.Errorf("%v, and the program answered %d", err, refused)
	}
}

// TestAnswerIsToTheQuestion takes no answer that was given before, and none to somebody else.
func TestAnswerIsToTheQuestion(t *testing.T) {
	door, _, dir, _ := opened(t, false)
	place, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	message, err := json.Marshal(question{Want: WantAddress, Nonce: "before"})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, Path, strings.NewReader(string(message)))
	request.Header.Set(proofHeader, place.proof(asking, "", message))
	kept := httptest.NewRecorder()
	door.ServeHTTP(kept, request)
	if kept.Code != http.StatusOK {
		t.Fatal(kept.Code)
	}
	again := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(proofHeader, kept.Header().Get(proofHeader))
		_, _ = w.Write(kept.Body.Bytes())
	}))
	defer again.Close()
	answer := kept.Header().Get(proofHeader)
	if place.proves(answer, answering, place.proof(asking, "", []byte("another")), kept.Body.Bytes()) || place.proves(answer, asking, "", kept.Body.Bytes()) {
		t.Error("an answer proves something of another question")
	}
	place.Address = again.Listener.Addr().String()
	if _, err := place.ask(t.Context(), question{Want: WantAddress}); !errors.Is(err, ErrNone) {
		t.Errorf("an answer of before is taken: %v", err)
	}
}

// TestCloseLeavesAnothersFile takes away the program's own file alone.
func TestCloseLeavesAnothersFile(t *testing.T) {
	first, _, dir, _ := opened(t, false)
	next := NewDoor("127.0.0.1:4711", "1.3")
	if err := next.Open(dir, &shown{}); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if place, err := read(dir); err != nil || place.Address != "127.0.0.1:4711" {
		t.Errorf("%+v, %v", place.Address, err)
	}
}

// TestEndWaitsForNobody answers who waits for an address to be used when the program ends.
func TestEndWaitsForNobody(t *testing.T) {
	door, program, dir, _ := opened(t, false)
	running, err := Ask(t.Context(), dir, WantShown, "")
	if err != nil {
		t.Fatal(err)
	}
	over, asked := make(chan error), program.usedAsked
	go func() { over <- running.Used(context.WithoutCancel(t.Context())) }()
	<-asked
	if err := door.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-over; err != nil {
		t.Error(err)
	}
}
