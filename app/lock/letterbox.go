package lock

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a"
)

// Letter is a person's return from a bank that came while the key was erased.
type Letter struct {
	Values url.Values
	Person xs2a.PSU
}

// longestLetter bounds a letter: an address of a browser is not longer.
const longestLetter = 16 << 10

// Letterbox keeps returns from banks while nobody has the key, sealed so that it alone opens them. It takes those whose state
// was waited for when the program was locked, each once: whoever else calls the return address fills nothing.
type Letterbox struct {
	path   string
	letter secret.Letterbox

	mu     sync.Mutex
	states map[string]bool
}

// Letterbox returns what keeps the returns that come from now on, in a data folder.
func (l *Lock) Letterbox(ctx context.Context, dir string) (*Letterbox, error) {
	letter, err := l.key.Letterbox()
	if err != nil {
		return nil, err
	}
	states, err := l.store.OpenStates(ctx)
	if err != nil {
		return nil, err
	}
	b := &Letterbox{path: filepath.Join(dir, folder.Letters), letter: letter, states: map[string]bool{}}
	for _, state := range states {
		b.states[state] = true
	}
	return b, nil
}

// Take keeps a return, and reports whether it was waited for. It is on the disk when Take returns.
func (b *Letterbox) Take(values url.Values, person xs2a.PSU) (kept bool, err error) {
	state, _, _ := strings.Cut(values.Get("state"), "?") // as of a bank that puts a second question mark behind the address
	b.mu.Lock()
	defer b.mu.Unlock()
	hash := storage.StateHash(state)
	if !b.states[hash] {
		return false, nil
	}
	plain, err := json.Marshal(Letter{values, person})
	if err != nil || len(plain) > longestLetter {
		return false, err
	}
	sealed, err := b.letter.Seal(plain)
	if err != nil {
		return false, err
	}
	if err := appended(b.path, base64.StdEncoding.EncodeToString(sealed)+"\n"); err != nil {
		return false, err
	}
	delete(b.states, hash)
	return true, nil
}

func appended(path, line string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line)
	return errors.Join(err, file.Sync(), file.Close())
}

// Letters returns those that were kept in a data folder. What its key does not open is left out: a kill cut it short, or the
// key was lost and started over.
func Letters(dir string, key *secret.Box) (all []Letter, err error) {
	text, err := os.ReadFile(filepath.Join(dir, folder.Letters))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, line := range strings.Split(string(text), "\n") {
		sealed, malformed := base64.StdEncoding.DecodeString(line)
		if malformed != nil || line == "" {
			continue
		}
		plain, unopened := key.OpenLetter(sealed)
		if unopened != nil {
			continue
		}
		var one Letter
		if json.Unmarshal(plain, &one) == nil {
			all = append(all, one)
		}
	}
	return all, err
}

// ForgetLetters removes them when all were handed on. A return that is handed on twice counts once.
func ForgetLetters(dir string) error {
	err := os.Remove(filepath.Join(dir, folder.Letters))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
