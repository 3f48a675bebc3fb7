package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/term"

	"consentry/app/profile"
	"consentry/app/secret"
)

// exitLocked is the code with which a command ends where a passphrase protects the data, and the right one was not said.
const exitLocked = 6

// access is how a command comes to the data of a profile.
type access struct {
	whose string
	fd    int
}

// noFD is that no file descriptor was named.
const noFD = -1

// descriptorFlag is one that names a file descriptor; where it is not named, fd is noFD.
func descriptorFlag(flags *flag.FlagSet, fd *int, name, usage string) {
	*fd = noFD
	flags.Func(name, usage, func(said string) error {
		n, err := strconv.ParseUint(said, 10, 31)
		if err != nil {
			return errors.New("it has to be a number that is not negative")
		}
		*fd = int(n)
		return nil
	})
}

func (a *access) flags(flags *flag.FlagSet) {
	flags.StringVar(&a.whose, "profile", "", "`name` of the profile (default: the first)")
	descriptorFlag(flags, &a.fd, "passphrase-fd", "`number` of the file descriptor to read the passphrase from, 0 for the standard input, where one protects the data (default: it is asked for on the terminal)")
}

// folder is the data folder of the profile.
func (a access) folder(root string) (string, error) {
	if a.whose == "" {
		return root, nil
	}
	p, err := profile.At(root).Named(a.whose)
	if errors.Is(err, profile.ErrNone) {
		err = fmt.Errorf("-profile: there is no profile %q", a.whose)
	}
	return p.Folder, err
}

// unlock has the passphrase be said: once where it is read, three times at a terminal.
func (a access) unlock(ctx context.Context, locked *secret.Locked) (*secret.Box, error) {
	if a.fd != noFD {
		passphrase, err := readPassphrase(a.fd)
		if err != nil {
			return nil, ended{err, exitLocked}
		}
		return tried(locked, passphrase)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, ended{fmt.Errorf("%w: say it at a terminal, or see -passphrase-fd", locked), exitLocked}
	}
	for try := 1; ; try++ {
		fmt.Fprint(os.Stderr, "Passphrase: ")
		passphrase, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return nil, ended{err, exitLocked}
		}
		key, err := tried(locked, passphrase)
		if err == nil || try == 3 || !errors.Is(err, secret.ErrPassphrase) {
			return key, err
		}
		fmt.Fprintln(os.Stderr, secret.ErrPassphrase)
		select {
		case <-time.After(locked.Wait()):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func tried(locked *secret.Locked, passphrase []byte) (*secret.Box, error) {
	defer clear(passphrase)
	key, err := locked.Open(passphrase)
	if wait := (*secret.WaitError)(nil); errors.Is(err, secret.ErrPassphrase) || errors.As(err, &wait) {
		err = ended{err, exitLocked}
	}
	return key, err
}

// saidPassphrase has a passphrase be read, or said at the terminal.
func saidPassphrase(fd int, question string) ([]byte, error) {
	if fd != noFD {
		return readPassphrase(fd)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, errors.New("a passphrase is needed: say it at a terminal, or see -backup-passphrase-fd")
	}
	fmt.Fprint(os.Stderr, question)
	defer fmt.Fprintln(os.Stderr)
	return term.ReadPassword(int(os.Stdin.Fd()))
}

// newPassphrase has a passphrase be chosen: read once, or said twice.
func newPassphrase(fd int) ([]byte, error) {
	passphrase, err := saidPassphrase(fd, "Passphrase for the backup: ")
	if err != nil {
		return nil, err
	}
	if !secret.Fits(passphrase) {
		return nil, fmt.Errorf("the passphrase needs %d characters at least, and %d bytes at most", secret.ShortestPassphrase, secret.LongestPassphrase)
	}
	if fd != noFD {
		return passphrase, nil
	}
	again, err := saidPassphrase(fd, "The same again: ")
	defer clear(again)
	if err == nil && !bytes.Equal(passphrase, again) {
		err = errors.New("this is not what you typed first")
	}
	return passphrase, err
}

// readPassphrase reads a line, or all there is, from a file descriptor.
func readPassphrase(fd int) ([]byte, error) {
	file := os.NewFile(uintptr(fd), "passphrase")
	if fd < 0 || file == nil {
		return nil, fmt.Errorf("-passphrase-fd: %d is no file descriptor", fd)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, secret.LongestPassphrase+2))
	if err != nil {
		return nil, fmt.Errorf("-passphrase-fd: %w", err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), nil
}
