package sandbox

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"consentry/xs2a/sandbox/people"
	"consentry/xs2a/sandbox/sign"
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
	Bulks          map[string]*people.Bulk
	Books          map[string]*people.Books // of accounts, named as Bulks are
	Reports        map[string]*people.Mark  // how far the last report of an account went, by person
	Closed         map[string]bool          // accounts that the control has closed, named as Bulks are
	Vault          sign.Vault
	Registered     map[string]string // names of the organisations that the practice authority has certified, by organizationIdentifier
	BareLists      bool              // the directory sends its lists without an envelope
	Directory      directoryChanges  // what the control has the directory say otherwise
	Ahead          time.Duration     // how far the control has moved the banks' time

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

// loadState reads a state file, or starts afresh where there is none. One that is
// damaged is set aside, and aside says where it lies now.
func loadState(file string, seed int64, now time.Time) (st *state, aside string, err error) {
	st = newState(seed)
	st.file = file
	if file == "" {
		return st, "", nil
	}
	if err := dropLeftovers(file); err != nil {
		return nil, "", err
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return st, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	kept := newState(seed)
	if err := errors.Join(json.Unmarshal(data, kept), kept.check()); err != nil {
		aside, err = setAside(file, now)
		return st, aside, err
	}
	if kept.Seed != seed {
		return nil, "", fmt.Errorf("%s belongs to seed %d, not %d", file, kept.Seed, seed)
	}
	kept.file = file
	return kept, "", nil
}

// check finds what no program of ours has saved, and what would fail it later.
func (st *state) check() error {
	if st.Key == "" {
		return errors.New("there is no key for cursors")
	}
	for name, wrong := range map[string]bool{
		"Consents": holed(st.Consents), "Authorisations": holed(st.Authorisations), "Payments": holed(st.Payments),
		"Tokens": holed(st.Tokens), "Codes": holed(st.Codes), "Replies": holed(st.Replies),
	} {
		if wrong {
			return fmt.Errorf("%s is empty, or something in it", name)
		}
	}
	if st.Bulks != nil && holed(st.Bulks) {
		return errors.New("something in Bulks is empty")
	}
	for _, books := range st.Books {
		if books == nil || slices.Contains(books.Entries, nil) {
			return errors.New("something in Books is empty")
		}
	}
	if st.Reports != nil && holed(st.Reports) {
		return errors.New("something in Reports is empty")
	}
	if st.Vault.TPP == "" { // no certificates were needed yet
		return nil
	}
	_, err := tls.X509KeyPair([]byte(st.Vault.Server), []byte(st.Vault.ServerKey))
	return err
}

// holed reports whether a map is missing, or something in it.
func holed[T any](all map[string]*T) bool {
	if all == nil {
		return true
	}
	for _, one := range all {
		if one == nil {
			return true
		}
	}
	return false
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
