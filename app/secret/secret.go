// Package secret keeps the master key of one data directory and seals with it what must not lie in the database
// as plain text: bank tokens, client secrets, private keys.
//
// There is one key per data directory, 32 random bytes. It lies in the operating system's keyring, or, where there is
// none, in a file of mode 0600 beside the database. Once chosen the place stays: see [Load] for the order.
//
// A sealed value is
//
//	version (1 byte, 0x01) | nonce (24 bytes, random) | XChaCha20-Poly1305 ciphertext and tag
//
// and is bound to a context, a text such as "token/consent/42" that says where the value belongs, so that a value
// copied to another row does not open there.
package secret

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

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
	aead   cipher.AEAD
	source string
}

func newBox(key []byte, source string) (*Box, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	return &Box{aead: aead, source: source}, nil
}

// Seal encrypts plain and binds it to context. Two calls with the same input give different values.
func (b *Box) Seal(context string, plain []byte) []byte {
	sealed := make([]byte, 1+chacha20poly1305.NonceSizeX, Overhead+len(plain))
	sealed[0] = version
	nonce := sealed[1:]
	rand.Read(nonce) // never fails: crypto/rand ends the program where there is no randomness
	return b.aead.Seal(sealed, nonce, plain, additional(context))
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
	plain, err := b.aead.Open(nil, nonce, ciphertext, additional(context))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// Source says where the key lies, in words a person may read: "the system's keyring" or the path of the key file.
func (b *Box) Source() string { return b.source }

// File returns the file the key lies in; empty where the system's keyring has it.
func (b *Box) File() string {
	if b.source == keyringSource {
		return ""
	}
	return b.source
}

// Format keeps the key out of logs: whatever the verb, only the source is printed.
func (b *Box) Format(state fmt.State, _ rune) { io.WriteString(state, "key in "+b.source) }

// additional is what is authenticated but not encrypted: the version, so that it cannot be exchanged, and the context.
func additional(context string) []byte { return append([]byte{version}, context...) }
