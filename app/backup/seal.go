package backup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"filippo.io/age"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"consentry/app/secret"
)

// Why a backup is not read.
var (
	ErrPassphrase = errors.New("this is not the passphrase of the backup")
	ErrForeign    = errors.New("this file is no backup of Consentry")
	ErrDamaged    = errors.New("the backup is damaged, or not there to its end")
)

// cost is what a passphrase costs, as the work factors of scrypt: two to their power times a kilobyte of memory (RFC 7914
// section 2), and time with it.
type cost struct {
	write int // of what is made
	most  int // that is borne: a hostile file is not to take the machine's memory or hours
}

// usualCost is age's own: 256 MiB and a second or two. A file that asks for 512 MiB at most is read.
var usualCost = cost{write: 18, most: 19}

// deriving is held while a key is derived from a passphrase, here and by every other backup of the program: many tries at
// once take as long as one after the other.
var deriving = semaphore.NewWeighted(1)

// derived lets the next try. What this one took is given back at once: else the collector would let as much gather again.
func derived() {
	debug.FreeOSMemory()
	deriving.Release(1)
}

// typed is a passphrase as it counts: the same letters typed on another system, composed or in parts, are the same.
func typed(passphrase []byte) string { return string(norm.NFC.Bytes(passphrase)) }

// sealed returns a writer of what only the passphrase opens. Nothing is whole before it was closed.
func (c cost) sealed(ctx context.Context, to io.Writer, passphrase []byte) (io.WriteCloser, error) {
	if len(passphrase) == 0 || len(passphrase) > secret.LongestPassphrase {
		return nil, ErrPassphrase
	}
	recipient, err := age.NewScryptRecipient(typed(passphrase))
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(c.write)
	if err := deriving.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer derived()
	return age.Encrypt(to, recipient)
}

// intro begins every age file.
const intro = "age-encryption.org/v1\n"

// opened is what was sealed. What is read of it is authentic; that it is there to its end says only [io.EOF].
type opened struct {
	plain  io.Reader
	source *source
}

// source remembers why nothing more came.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (n int, err error) {
	n, err = s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// opened returns a reader of what is in a backup.
func (c cost) opened(ctx context.Context, from io.Reader, passphrase []byte) (*opened, error) {
	o := &opened{source: &source{Reader: from}}
	buffered := bufio.NewReaderSize(o.source, 64<<10)
	begin, err := buffered.Peek(len(intro))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(begin, []byte(intro)) {
		return nil, ErrForeign
	}
	if len(passphrase) == 0 || len(passphrase) > secret.LongestPassphrase {
		return nil, ErrPassphrase
	}
	identity, err := age.NewScryptIdentity(typed(passphrase))
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(c.most)
	if err := deriving.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer derived()
	if o.plain, err = age.Decrypt(buffered, identity); err != nil {
		return nil, o.said(err)
	}
	return o, nil
}

// said is why a backup is not read: what kept it from coming, or what is wrong with it.
func (o *opened) said(err error) error {
	var unmatched *age.NoIdentityMatchError
	switch {
	case o.source.err != nil:
		return o.source.err
	case errors.As(err, &unmatched) && len(unmatched.StanzaTypes) == 1 && unmatched.StanzaTypes[0] == "scrypt":
		return ErrPassphrase
	case errors.As(err, &unmatched):
		return fmt.Errorf("%w: no passphrase opens it", ErrForeign)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.plain.Read(p)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = o.said(err)
	}
	return n, err
}
