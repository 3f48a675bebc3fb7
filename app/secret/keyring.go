package secret

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// service is the name under which all of this program's entries stand in the keyring.
const service = "Consentry"

const keyringSource = "the system's keyring"

var errSlow = errors.New("the keyring did not answer in time")

// ring is the system's keyring: Keychain, Credential Manager or Secret Service.
type ring struct {
	get func(service, account string) (string, error)
	set func(service, account, value string) error
	del func(service, account string) error
}

// systemKeyring is the keyring of this session, or nil where there can be none.
func systemKeyring() *ring {
	if !reachable() {
		return nil
	}
	return &ring{get: keyring.Get, set: keyring.Set, del: keyring.Delete}
}

// read fetches the key of an account. A keyring may ask the person for a password first, hence the wait.
func (r *ring) read(account string, wait time.Duration) ([]byte, error) {
	text, err := within(wait, func() (string, error) { return r.get(service, account) })
	if err != nil {
		return nil, err
	}
	key, err := decodeKey(text)
	if err != nil {
		return nil, fmt.Errorf("the keyring's entry is damaged: %w", err)
	}
	return key, nil
}

// store puts the key under a new account and reads it back: a keyring that forgets is none.
func (r *ring) store(account string, key []byte, wait time.Duration) error {
	text := strings.TrimSuffix(encodeKey(key), "\n")
	_, err := within(wait, func() (string, error) { return "", r.set(service, account, text) })
	if err != nil {
		return err
	}
	got, err := r.read(account, wait)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	if !bytes.Equal(got, key) {
		return errors.New("the keyring gave back another key than it was given")
	}
	return nil
}

// remove takes an entry away; one that is not there is no error.
func (r *ring) remove(account string, wait time.Duration) error {
	_, err := within(wait, func() (string, error) { return "", r.del(service, account) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// within bounds a call that knows no deadline. A call that is too slow is left behind; it ends with the program.
func within(wait time.Duration, call func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := call()
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-time.After(wait):
		return "", errSlow
	}
}
