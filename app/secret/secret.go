// Package secret keeps the master key of one data directory and seals with it what must not lie in the database
// as plain text: bank tokens, client secrets, private keys.
//
// There is one key per data directory, 32 random bytes. It lies in the operating system's keyring, or, where there is
// none, in a file of mode 0600 beside the database. Once chosen the place stays: see [Load] for the order. A person may
// have a passphrase protect it ([Box.Protect]): then it lies in neither, but wrapped in a file ([Locked]).
//
// A sealed value is
//
//	version (1 byte, 0x01) | nonce (24 bytes, random) | XChaCha20-Poly1305 ciphertext and tag
//
// and is bound to a context, a text such as "token/consent/42" that says where the value belongs, so that a value
// copied to another row does not open there.
package secret

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"
)

// version is the first byte of a sealed value. Another algorithm would get another number.
const version = 1

// Overhead is by how many bytes a sealed value is longer than the plain one.
const Overhead = 1 + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// ErrOpen says that a sealed value does not open: it was changed, belongs to another context,
// or was sealed under another key. Which of these cannot be told apart.
var ErrOpen = errors.New("a sealed value does not open with this key")

// Box seals and opens values under the master key of one data directory. It may be used by several goroutines at once.
type Box struct {
	home loader // where the key lies; the zero value where it was made for itself

	mu     sync.RWMutex
	key    []byte // nil once it was erased
	source string
}

func newBox(key []byte, source string) (*Box, error) {
	if len(key) != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("a key has %d bytes, and not %d", chacha20poly1305.KeySize, len(key))
	}
	return &Box{key: bytes.Clone(key), source: source}, nil
}

// Erase overwrites the key. Nothing is sealed or opened from then on: [Box.Seal] returns nothing, and [Box.Open] fails.
func (b *Box) Erase() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.key)
	b.key = nil
}

// Seal encrypts plain and binds it to context. Two calls with the same input give different values.
func (b *Box) Seal(context string, plain []byte) []byte {
	sealed := make([]byte, 1+chacha20poly1305.NonceSizeX, Overhead+len(plain))
	sealed[0] = version
	nonce := sealed[1:]
	rand.Read(nonce) // never fails: crypto/rand ends the program where there is no randomness
	aead, err := b.under(nonce)
	if err != nil {
		return nil
	}
	return aead.Seal(sealed, innerNonce(nonce), plain, additional(context))
}

// Open returns what [Box.Seal] was given, or an error that wraps [ErrOpen].
func (b *Box) Open(context string, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, fmt.Errorf("%w: %d bytes are too few", ErrOpen, len(sealed))
	}
	if sealed[0] != version {
		return nil, fmt.Errorf("%w: it has the unknown version %d", ErrOpen, sealed[0])
	}
	nonce, ciphertext := sealed[1:1+chacha20poly1305.NonceSizeX], sealed[1+chacha20poly1305.NonceSizeX:]
	aead, err := b.under(nonce)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, innerNonce(nonce), ciphertext, additional(context))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// under returns the cipher of one value: XChaCha20-Poly1305 is ChaCha20-Poly1305 under a key of the value's own
// (draft-irtf-cfrg-xchacha-03 section 2.3). Made so, and not by chacha20poly1305.NewX, the master key has one place in
// memory, which Erase overwrites.
func (b *Box) under(nonce []byte) (cipher.AEAD, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.key == nil {
		return nil, fmt.Errorf("%w: the key was erased", ErrOpen)
	}
	own, err := chacha20.HChaCha20(b.key, nonce[:16])
	if err != nil {
		return nil, err
	}
	defer clear(own)
	return chacha20poly1305.New(own)
}

// innerNonce is what of a nonce is left for the cipher of one value.
func innerNonce(nonce []byte) []byte { return append(make([]byte, 4, 12), nonce[16:]...) }

// Source says where the key lies, in words a person may read: "the system's keyring" or the path of the key file.
func (b *Box) Source() string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.source
}

// File returns the file the key lies in; empty where the system's keyring has it.
func (b *Box) File() string {
	if source := b.Source(); source != keyringSource {
		return source
	}
	return ""
}

// Format keeps the key out of logs: whatever the verb, only the source is printed.
func (b *Box) Format(state fmt.State, _ rune) { io.WriteString(state, "key in "+b.Source()) }

// additional is what is authenticated but not encrypted: the version, so that it cannot be exchanged, and the context.
func additional(context string) []byte { return append([]byte{version}, context...) }
