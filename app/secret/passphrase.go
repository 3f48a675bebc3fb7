package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
	"unicode/utf8"

	"github.com/zalando/go-keyring"
)

// ErrPassphrase says that a passphrase is not the one.
var ErrPassphrase = errors.New("this is not the passphrase")

// WaitError says that a passphrase was not tried: too many wrong ones came before it.
type WaitError struct{ For time.Duration }

func (e *WaitError) Error() string {
	return fmt.Sprintf("no passphrase is tried for another %s, after several wrong ones", e.For.Round(time.Second))
}

// The bounds of a passphrase that is chosen: its letters at least (OWASP ASVS 5.0, 6.2.1), its bytes at most.
const (
	ShortestPassphrase = 8
	LongestPassphrase  = 1024
)

// Fits reports whether a passphrase may be chosen.
func Fits(passphrase []byte) bool {
	return utf8.RuneCount(passphrase) >= ShortestPassphrase && len(passphrase) <= LongestPassphrase
}

// Locked is a directory's key that a passphrase opens. As an error it says that the passphrase has to be asked for.
type Locked struct {
	home    loader
	letters []byte
}

func (l *Locked) Error() string {
	return "the key of " + l.home.dir + " is protected by a passphrase"
}

// Wait returns how long no passphrase is tried.
func (l *Locked) Wait() (left time.Duration) {
	_ = l.home.locked(func() error { _, left = l.home.readTries(); return nil }) // a look that fails is told by the try itself
	return left
}

// Open returns the key, or [ErrPassphrase], or a [*WaitError]. A wrong passphrase is counted before it is tried, and one is
// tried at a time, whoever asks: several at once, or a program that is killed meanwhile, do not go round the wait.
func (l *Locked) Open(passphrase []byte) (box *Box, err error) {
	err = l.home.locked(func() error {
		box, err = l.home.try(passphrase)
		return err
	})
	return box, err
}

// try tries a passphrase at the wrapped key; the lock is held.
func (l loader) try(passphrase []byte) (*Box, error) {
	wrapped, err := readWrapped(l.path(wrappedFile))
	if err != nil {
		return nil, err
	}
	before, left := l.readTries()
	if left > 0 {
		return nil, &WaitError{left}
	}
	if err := l.writeTries(tries{before.wrong + 1, l.now()}); err != nil {
		return nil, err
	}
	if len(passphrase) > LongestPassphrase {
		return nil, ErrPassphrase
	}
	key, err := wrapped.open(passphrase)
	if errors.Is(err, ErrOpen) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, err
	}
	defer clear(key)
	box, err := newBox(key, l.path(wrappedFile))
	if err != nil {
		return nil, err
	}
	box.home = l
	return box, errors.Join(l.forgetTries(), l.dropPlain(wrapped))
}

// found is what comes of a wrapped key: it has to be asked for. Plain copies that a kill left behind are taken away.
func (l loader) found(w wrapped) error {
	if err := l.dropPlain(w); err != nil {
		return err
	}
	return &Locked{home: l, letters: w.letters}
}

// dropPlain takes plain copies of a wrapped key away: from the file, and from the keyring where that answers. A key that is
// another is left, and is an error: one of the two would be lost.
func (l loader) dropPlain(w wrapped) error {
	key, err := readKeyFile(l.path(keyFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := l.isWrapped(w, key, keyFile); err != nil {
			return err
		}
		if err := os.Remove(l.path(keyFile)); err != nil {
			return err
		}
	}
	l.at("file removed")
	if err := l.dropEntry(w); err != nil {
		return err
	}
	return syncDir(l.dir)
}

func (l loader) isWrapped(w wrapped, key []byte, where string) error {
	box, err := newBoxOf(key)
	if err != nil {
		return err
	}
	defer box.Erase()
	if !w.wraps(box) {
		return fmt.Errorf("%w: %s does not wrap the key in %s", ErrDamaged, l.path(wrappedFile), where)
	}
	return nil
}

// dropEntry takes the copy in the keyring away. Where the keyring does not answer the name of the entry stays, and it is
// tried again at the next start.
func (l loader) dropEntry(w wrapped) error {
	account, err := readAccount(l.path(accountFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if l.ring == nil {
		l.log.Warn("the system's keyring is not there: the copy of the key in it stays until it is", "entry", account)
		return nil
	}
	key, err := l.ring.read(account, l.create)
	switch {
	case errors.Is(err, keyring.ErrNotFound):
	case err != nil:
		l.log.Warn("the system's keyring does not answer: the copy of the key in it stays until it does", "entry", account, "error", err)
		return nil
	default:
		if err := l.isWrapped(w, key, keyringSource); err != nil {
			return err
		}
		if err := l.ring.remove(account, l.create); err != nil {
			l.log.Warn("the system's keyring keeps the copy of the key in it", "entry", account, "error", err)
			return nil
		}
	}
	l.at("entry removed")
	return os.Remove(l.path(accountFile))
}

// PlainLeft reports whether the keyring could not be had to take the plain copy of a protected key away.
func (b *Box) PlainLeft() bool {
	_, err := os.Lstat(b.home.path(accountFile))
	return b.Protected() && err == nil
}

// Protected reports whether a passphrase protects the key.
func (b *Box) Protected() bool { return b.Source() == b.home.path(wrappedFile) }

// Protect has a passphrase protect the key, from now on or in the place of another: it lies wrapped in a file then, and
// nowhere else. At each moment of it the folder opens as before or with the new passphrase.
func (b *Box) Protect(passphrase []byte) error {
	return b.home.locked(func() error {
		key := b.copied()
		defer clear(key)
		if key == nil {
			return ErrOpen
		}
		w, err := wrap(b, key, passphrase, b.home.cost)
		if err != nil {
			return err
		}
		b.home.at("wrapped")
		if err := writeFile(b.home.path(wrappedFile), w.String()); err != nil {
			return fmt.Errorf("write the wrapped key: %w", err)
		}
		b.home.at("written")
		if err := b.home.holds(w, key, passphrase); err != nil {
			return err
		}
		b.moved(b.home.path(wrappedFile))
		if err := b.home.dropPlain(w); err != nil {
			return err
		}
		return b.home.forgetTries()
	})
}

// holds reads back what was written before the only other copy is taken away.
func (l loader) holds(w wrapped, key, passphrase []byte) error {
	read, err := readWrapped(l.path(wrappedFile))
	if err == nil && read.String() != w.String() {
		err = errors.New("the disk gave back another wrapped key than it was given")
	}
	if err != nil {
		return err
	}
	opened, err := read.open(passphrase)
	defer clear(opened)
	if err == nil && !bytes.Equal(opened, key) {
		err = ErrOpen
	}
	return err
}

// Check tries the passphrase that protects the key, as [Locked.Open] does.
func (b *Box) Check(passphrase []byte) error {
	opened, err := (&Locked{home: b.home}).Open(passphrase)
	if opened != nil {
		opened.Erase()
	}
	return err
}

// Unprotect takes the passphrase away: the key lies where the keyring or a file has it, as it would have been made. At each
// moment of it the folder opens with the passphrase or without.
func (b *Box) Unprotect() error {
	return b.home.locked(func() error {
		key := b.copied()
		defer clear(key)
		if key == nil {
			return ErrOpen
		}
		source, err := b.home.laidOpen(key)
		if err != nil {
			return err
		}
		b.home.at("laid open")
		if err := os.Remove(b.home.path(wrappedFile)); err != nil {
			return err
		}
		b.moved(source)
		b.home.at("unwrapped")
		return errors.Join(b.home.forgetTries(), syncDir(b.home.dir))
	})
}

// laidOpen puts a plain copy of the key where it would have been made, and returns where that is. The entry of the keyring
// is named before it is made, so that none is left behind that nobody knows of.
func (l loader) laidOpen(key []byte) (source string, err error) {
	if l.ring != nil {
		account, err := readAccount(l.path(accountFile))
		if err != nil {
			account = newAccount()
			err = writeFile(l.path(accountFile), account+"\n")
		}
		if err != nil {
			return "", err
		}
		l.at("entry named")
		if err = l.ring.store(account, key, l.create); err == nil {
			return keyringSource, nil
		}
		l.log.Warn("the system's keyring cannot be used, the key goes into a file", "error", err)
		_ = l.ring.remove(account, l.create) // it may have taken it all the same
		if err := os.Remove(l.path(accountFile)); err != nil {
			return "", err
		}
	}
	return l.path(keyFile), writeFile(l.path(keyFile), encodeKey(key))
}

// copied returns the key for one use; nil once it was erased. The caller erases it.
func (b *Box) copied() []byte {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return bytes.Clone(b.key)
}

func (b *Box) moved(source string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.source = source
}

// Wrapped returns the wrapped key of a directory as it lies there, for a backup: only the passphrase opens it. Where no
// passphrase protects the key the error is [fs.ErrNotExist].
func Wrapped(dir string) (string, error) {
	w, err := readWrapped(loader{dir: dir}.path(wrappedFile))
	if err != nil {
		return "", err
	}
	return w.String(), nil
}

// Forget takes the entry of a directory that is being removed out of the keyring, where it has one. A keyring that is away
// keeps it: it opens nothing any more.
func Forget(dir string) error {
	l := loader{dir: dir}
	account, err := readAccount(l.path(accountFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	keys := ofEnvironment()
	if err != nil || keys == nil {
		return err
	}
	_ = keys.remove(account, createWait)
	return nil
}
