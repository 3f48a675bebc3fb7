package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// state is everything that was done, as opposed to drawn. The maps are keyed by
// id, or by the hash of a secret.
type state struct {
	Seed           int64
	Key            string // signs cursors
	Consents       map[string]*consent
	Authorisations map[string]*authorisation
	Payments       map[string]*payment
	Tokens         map[string]*token
	Codes          map[string]*code
	Replies        map[string]*reply
	Bulks          map[string]*bulk
	Vault          vault
	BareLists      bool          // the directory sends its lists without an envelope
	Ahead          time.Duration // how far the control has moved the banks' time

	file    string
	changed bool
}

// newState is the state of banks that nobody has met.
func newState(seed int64) *state {
	return &state{
		Seed:           seed,
		Key:            secret(),
		Consents:       make(map[string]*consent),
		Authorisations: make(map[string]*authorisation),
		Payments:       make(map[string]*payment),
		Tokens:         make(map[string]*token),
		Codes:          make(map[string]*code),
		Replies:        make(map[string]*reply),
	}
}

// loadState reads a state file, or starts afresh where there is none.
func loadState(file string, seed int64) (*state, error) {
	st := newState(seed)
	st.file = file
	if file == "" {
		return st, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, st); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if st.Seed != seed {
		return nil, fmt.Errorf("%s belongs to seed %d, not %d", file, st.Seed, seed)
	}
	return st, nil
}

// touch notes that there is something to save.
func (st *state) touch() { st.changed = true }

// save writes the state if it changed: to a new file that then takes the old
// one's place, so that a reader finds the one or the other, whole.
func (st *state) save(now time.Time) error {
	if !st.changed {
		return nil
	}
	st.forget(now)
	st.changed = false
	if st.file == "" {
		return nil
	}
	data, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("saving: %w", err)
	}
	if err := replaceFile(st.file, data); err != nil {
		st.changed = true
		return fmt.Errorf("saving: %w", err)
	}
	return nil
}

// forget drops what no longer has any meaning.
func (st *state) forget(now time.Time) {
	maps.DeleteFunc(st.Tokens, func(_ string, t *token) bool { return now.Sub(t.Expires) > 24*time.Hour })
	maps.DeleteFunc(st.Codes, func(_ string, c *code) bool { return now.Sub(c.Expires) > 24*time.Hour })
	maps.DeleteFunc(st.Replies, func(_ string, r *reply) bool { return now.Sub(r.At) > replyAge })
}

func replaceFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
