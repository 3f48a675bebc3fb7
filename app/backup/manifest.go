package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"consentry/storage"
)

// format is the number of what a backup looks like. Another one is read by newer programs alone.
const format = 1

// longestManifest bounds a manifest, and longestText a text in it.
const (
	longestManifest = 64 << 10
	longestText     = 200
)

// Manifest says what a backup is.
type Manifest struct {
	Format  int       `json:"format"`
	Version string    `json:"version"` // of the program that made it
	Schema  int64     `json:"schema"`  // the number of its tables
	MadeAt  time.Time `json:"madeAt"`  // in the zone of the machine
	Profile string    `json:"profile,omitempty"`
	Holds   Census    `json:"holds"`
	Files   []File    `json:"files"` // in their order
}

// Census is how much a data folder holds.
type Census = storage.Census

// File is a file of a backup, with its size in bytes.
type File struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// NewerError says that a backup was made by a newer program.
type NewerError struct{ Version string }

func (e *NewerError) Error() string {
	return fmt.Sprintf("the backup was made by Consentry %s, which is newer than this one (%s)", e.Version, storage.Version())
}

// decodeManifest reads a manifest, of which nothing is believed that a program of ours would not write.
func decodeManifest(text []byte) (m Manifest, err error) {
	var first struct {
		Format  int
		Version string
		Schema  int64
	}
	if err := json.Unmarshal(text, &first); err != nil {
		return m, fmt.Errorf("%w: %s: %w", ErrDamaged, manifestFile, err)
	}
	known, err := storage.Schema()
	if err != nil {
		return m, err
	}
	if first.Format > format || first.Schema > known {
		return m, &NewerError{Version: short(first.Version)}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: %s: %w", ErrDamaged, manifestFile, err)
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("%w: %s: %w", ErrDamaged, manifestFile, err)
	}
	return m, nil
}

// Mark tells a backup from others, for who has said yes to one.
func (m Manifest) Mark() string {
	sum := sha256.Sum256(mustEncode(m))
	return hex.EncodeToString(sum[:16])
}

func (m Manifest) check() error {
	h := m.Holds
	switch {
	case m.Format != format || m.Schema < 1:
		return errors.New("its numbers are none of ours")
	case len(m.Version) > longestText || len(m.Profile) > longestText || !utf8.ValidString(m.Version+m.Profile):
		return errors.New("a text is too long")
	case min(h.Banks, h.Consents, h.Accounts, h.Transactions) < 0:
		return errors.New("there is less than nothing in it")
	}
	left := m.Files
	for _, p := range parts {
		switch {
		case len(left) == 0 || left[0].Name != p.name:
			if p.always {
				return fmt.Errorf("%s is missing", p.name)
			}
		case left[0].Size < 1 || left[0].Size > p.most:
			return fmt.Errorf("%s has %d bytes", p.name, left[0].Size)
		default:
			left = left[1:]
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("%.60q is out of place", left[0].Name)
	}
	return nil
}

// short is a text of a hostile file, as it may be shown.
func short(text string) string {
	if runes := []rune(text); len(runes) > longestText/4 {
		return string(runes[:longestText/4]) + "…"
	}
	return text
}
