package secret

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"
)

// wrapped is a master key that a passphrase opens, as it lies in its file:
//
//	consentry-wrapped-key-1
//	argon2id m=65536 t=3 p=4
//	salt …
//	letters …
//	sealed …
//	proof …
//
// Everything above "sealed" is authenticated with it. The proof is made with the master key itself: whoever has a plain copy
// of that can tell that the file wraps the same one, and take the copy away.
type wrapped struct {
	cost    cost
	salt    []byte // 16 bytes
	letters []byte // the public key to which letters are sealed while nobody has the master key
	sealed  []byte // the master key
	proof   []byte
}

// cost is what one try of a passphrase costs, by Argon2id's parameters.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// usualCost is the second recommendation of RFC 9106 section 4: 64 MiB, three passes, four lanes.
var usualCost = cost{memory: 64 << 10, passes: 3, threads: 4}

// bearable reports whether a cost that a file names may be spent: a hostile file must not take the machine's memory or hours.
func (c cost) bearable() bool {
	return c.memory >= 8<<10 && c.memory <= 256<<10 && c.passes >= 1 && c.passes <= 16 && c.threads >= 1 && c.threads <= 16
}

const (
	wrappedPrefix  = "consentry-wrapped-key-1"
	wrappedContext = "wrapped-key"
	saltSize       = 16
)

// under derives the key that a passphrase stands for. The same letters typed on another system, composed or in parts, are
// the same passphrase. The caller erases it.
func (w wrapped) under(passphrase []byte) []byte {
	typed := norm.NFC.Append(nil, passphrase...)
	defer clear(typed)
	return argon2.IDKey(typed, w.salt, w.cost.passes, w.cost.memory, w.cost.threads, chacha20poly1305.KeySize)
}

// wrap returns a key under a passphrase.
func wrap(box *Box, key, passphrase []byte, cost cost) (wrapped, error) {
	w := wrapped{cost: cost, salt: make([]byte, saltSize)}
	rand.Read(w.salt)
	letters, err := lettersOf(key)
	if err != nil {
		return w, err
	}
	w.letters = letters.PublicKey().Bytes()
	outer, err := newBoxOf(w.under(passphrase))
	if err != nil {
		return w, err
	}
	defer outer.Erase()
	w.sealed = outer.Seal(w.head(), key)
	w.proof = box.Seal(wrappedContext, w.sum())
	return w, nil
}

// newBoxOf returns a box under a key and erases what it was given.
func newBoxOf(key []byte) (*Box, error) {
	defer clear(key)
	return newBox(key, "")
}

// open returns the key, or an error that wraps [ErrOpen].
func (w wrapped) open(passphrase []byte) ([]byte, error) {
	outer, err := newBoxOf(w.under(passphrase))
	if err != nil {
		return nil, err
	}
	defer outer.Erase()
	return outer.Open(w.head(), w.sealed)
}

// wraps reports whether it is the key of a box that is wrapped.
func (w wrapped) wraps(box *Box) bool {
	sum, err := box.Open(wrappedContext, w.proof)
	return err == nil && bytes.Equal(sum, w.sum())
}

// head is what stands above the sealed key.
func (w wrapped) head() string {
	return fmt.Sprintf("%s\nargon2id m=%d t=%d p=%d\nsalt %s\nletters %s\n", wrappedPrefix, w.cost.memory, w.cost.passes, w.cost.threads,
		base64.StdEncoding.EncodeToString(w.salt), base64.StdEncoding.EncodeToString(w.letters))
}

func (w wrapped) sum() []byte {
	sum := sha256.Sum256(append([]byte(w.head()), w.sealed...))
	return sum[:]
}

func (w wrapped) String() string {
	return w.head() + "sealed " + base64.StdEncoding.EncodeToString(w.sealed) + "\nproof " + base64.StdEncoding.EncodeToString(w.proof) + "\n"
}

// readWrapped reads a wrapped key. A missing file gives an error that is [fs.ErrNotExist].
func readWrapped(path string) (wrapped, error) {
	text, err := readPrivate(path)
	if err != nil {
		return wrapped{}, err
	}
	w, err := decodeWrapped(text)
	if err != nil {
		return w, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	return w, nil
}

func decodeWrapped(text string) (w wrapped, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 7 || lines[0] != wrappedPrefix {
		return w, fmt.Errorf("it is not six lines that begin with %q", wrappedPrefix)
	}
	if _, err := fmt.Sscanf(lines[1], "argon2id m=%d t=%d p=%d", &w.cost.memory, &w.cost.passes, &w.cost.threads); err != nil {
		return w, fmt.Errorf("what a try costs is not understood: %w", err)
	}
	if !w.cost.bearable() {
		return w, fmt.Errorf("what a try costs is out of bounds: %d KiB, %d passes, %d threads", w.cost.memory, w.cost.passes, w.cost.threads)
	}
	for i, field := range []struct {
		name string
		to   *[]byte
		size int
	}{{"salt", &w.salt, saltSize}, {"letters", &w.letters, 32}, {"sealed", &w.sealed, Overhead + chacha20poly1305.KeySize}, {"proof", &w.proof, Overhead + sha256.Size}} {
		name, encoded, _ := strings.Cut(lines[2+i], " ")
		if *field.to, err = base64.StdEncoding.DecodeString(encoded); err != nil || name != field.name || len(*field.to) != field.size {
			return w, fmt.Errorf("%q is not %d bytes in base64", field.name, field.size)
		}
	}
	if w.String() != text { // what the decoders overlook
		return w, fmt.Errorf("it is not written as the program writes it")
	}
	return w, nil
}
