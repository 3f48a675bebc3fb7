package instance

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"consentry/storage/folder"
)

// Program is what the running program can do for a second start.
type Program interface {
	// Show brings a window forward, and reports whether there is one. Activation is what a desktop gave the second start.
	Show(activation string) bool
	// Address returns where a browser is let in, once.
	Address() string
	// Used is closed when an address was used or is worth nothing any more.
	Used(address string) <-chan struct{}
}

// usedWait is how long at most a second start waits for its browser.
const usedWait = time.Minute

// Door is where the running program answers others.
type Door struct {
	version string
	place   rendezvous

	mu      sync.Mutex
	program Program
	dir     string // where the file is; empty until it is written

	over    chan struct{} // closed when nobody is to wait for an answer any more
	endOnce sync.Once
}

// NewDoor returns a door at a listener's address, which is not told to anybody yet. It answers nobody before [Door.Open].
func NewDoor(address, version string) *Door {
	return &Door{version: version, place: newRendezvous(address), over: make(chan struct{})}
}

// Open has the program answer from now on, and says in its data folder how it is reached. The caller holds the folder's
// lock: so the file is that of no other program that runs.
func (d *Door) Open(dir string, program Program) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.program = program
	if d.dir != "" {
		return nil
	}
	content, err := json.Marshal(d.place)
	if err != nil {
		return err
	}
	if err := folder.WriteOwn(filepath.Join(dir, folder.Instance), content); err != nil {
		return err
	}
	d.dir = dir
	return nil
}

// Close answers nobody any more, and takes the file away where it is still this program's. The door is not opened again.
func (d *Door) Close() error {
	d.endOnce.Do(func() { close(d.over) })
	d.mu.Lock()
	defer d.mu.Unlock()
	dir := d.dir
	d.program, d.dir = nil, ""
	if dir == "" {
		return nil
	}
	if now, err := read(dir); err != nil || now.Address != d.place.Address || string(now.Secret) != string(d.place.Secret) {
		return nil // another's, or gone
	}
	if err := os.Remove(filepath.Join(dir, folder.Instance)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (d *Door) opened() Program {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.program
}

// ServeHTTP answers a second start. Whoever cannot prove that they have read the file is told nothing, not even what was
// wrong: a page in a browser reaches this address, too.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	message, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestMessage))
	given := r.Header.Get(proofHeader)
	var asked question
	if err != nil || !d.place.proves(given, asking, "", message) || json.Unmarshal(message, &asked) != nil {
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
		return
	}
	program := d.opened()
	if program == nil {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	content, err := json.Marshal(d.answer(r, program, asked))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(proofHeader, d.place.proof(answering, given, content))
	_, _ = w.Write(content) // who asked may have gone
}

func (d *Door) answer(r *http.Request, program Program, asked question) Answer {
	answer := Answer{Version: d.version}
	switch asked.Want {
	case WantShown:
		if answer.Window = program.Show(asked.Activation); !answer.Window {
			answer.Address = program.Address()
		}
	case WantAddress:
		answer.Address = program.Address()
	case WantUsed:
		select {
		case <-program.Used(asked.Address):
		case <-r.Context().Done():
		case <-d.over:
		case <-time.After(usedWait):
		}
	}
	return answer
}
