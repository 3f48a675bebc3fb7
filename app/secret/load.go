package secret

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/chacha20poly1305"
)

const (
	keyFile     = "master.key"      // the key itself, where there is no keyring
	accountFile = "keyring-account" // the name of this directory's entry in the keyring; its presence says the key is there
	wrappedFile = "wrapped.key"     // the key under a passphrase; where it is there is no other copy
	nextFile    = "next.key"        // the key of data that are being started over
	triesFile   = "passphrase-tries"
	lockFile    = "key.lock" // held while the key is looked for, made, opened or changed
)

// database is the file that holds what is sealed under the key.
const database = "consentry.db"

// Why a directory's key cannot be had. No new one is made then: it would not open
// what is sealed. Nothing is changed.
var (
	ErrMissing      = errors.New("the key of this data folder is missing")
	ErrDamaged      = errors.New("the key of this data folder is damaged")
	ErrOpenToOthers = errors.New("the key of this data folder is open to others")
	ErrUnreadable   = errors.New("the key of this data folder cannot be read")
	ErrKeyring      = errors.New("the system's keyring did not give the key of this data folder")
)

const (
	createWait = 10 * time.Second // a first start shall not hang on a keyring that does not answer
	readWait   = 45 * time.Second // time for a person to unlock the keyring that holds an existing key
)

// Load finds the key of the data directory dir, or makes one. It makes the directory (mode 0700) if need be.
//
// An existing key file wins; else the entry of this directory in the system's keyring; else a key is made, in the
// keyring if there is one that gives back what it was given, otherwise in a file. If the directory's key is known to
// lie in the keyring and cannot be had now, or there are data and no key, that is an error and no new key is made:
// what is sealed under the old one would be lost. CONSENTRY_KEYRING=off in the environment leaves the keyring alone.
//
// A key that a passphrase protects is no error but has to be asked for: the error is then a [*Locked].
//
// Several processes may call it at once for the same directory and get the same key.
func Load(dir string, log *slog.Logger) (*Box, error) {
	return loadFrom(ofEnvironment(), dir, log)
}

// LoadWithoutKeyring is Load that leaves the keyring alone whatever the environment says.
func LoadWithoutKeyring(dir string, log *slog.Logger) (*Box, error) { return loadFrom(nil, dir, log) }

func loadFrom(keyring *ring, dir string, log *slog.Logger) (*Box, error) {
	dir, err := filepath.Abs(dir) // a person is shown where the key lies
	if err != nil {
		return nil, err
	}
	return newLoader(keyring, dir, log).load()
}

func newLoader(keyring *ring, dir string, log *slog.Logger) loader {
	return loader{dir: dir, log: log, ring: keyring, create: createWait, read: readWait, cost: usualCost, now: time.Now, at: func(string) {}}
}

// ofEnvironment is the keyring that may be used, as the environment says.
func ofEnvironment() *ring {
	if os.Getenv("CONSENTRY_KEYRING") == "off" {
		return nil
	}
	return systemKeyring()
}

type loader struct {
	dir          string
	log          *slog.Logger
	ring         *ring // nil: not to be used, or not there
	create, read time.Duration
	cost         cost
	now          func() time.Time
	at           func(step string) // told of each step after which a kill leaves another state than before it
}

func (l loader) path(name string) string { return filepath.Join(l.dir, name) }

// locked does something while no other process looks for the key or changes it.
func (l loader) locked(do func() error) error {
	lock := flock.New(l.path(lockFile)) // the system lets go of it if the process ends
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock the data directory's key: %w", err)
	}
	defer lock.Close()
	return do()
}

func (l loader) load() (box *Box, err error) {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	err = l.locked(func() error {
		if err := dropLeftovers(l.dir); err != nil {
			return err
		}
		box, err = l.find()
		return err
	})
	if err != nil {
		return nil, err
	}
	box.home = l
	return box, nil
}

// find looks for the key where it may lie, or makes one.
func (l loader) find() (*Box, error) {
	wrapped, err := readWrapped(l.path(wrappedFile))
	if err == nil {
		return nil, l.found(wrapped)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	path := l.path(keyFile)
	key, err := readKeyFile(path)
	if err == nil {
		return newBox(key, path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	account, err := readAccount(l.path(accountFile))
	if err == nil {
		return l.fromKeyring(account)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if l.hasData() {
		return nil, fmt.Errorf("%w: %s holds data, and neither %s nor %s is there", ErrMissing, l.dir, keyFile, accountFile)
	}
	return l.make(path)
}

// hasData reports whether something may have been sealed. In doubt it has.
func (l loader) hasData() bool {
	for _, name := range []string{database, database + "-wal"} {
		info, err := os.Lstat(filepath.Join(l.dir, name))
		if err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// fromKeyring reads the key of a directory that has one in the keyring.
func (l loader) fromKeyring(account string) (*Box, error) {
	if l.ring == nil {
		return nil, fmt.Errorf("%w: it is switched off, or not there in this session", ErrKeyring)
	}
	key, err := l.ring.read(account, l.read)
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, fmt.Errorf("%w: the keyring has no entry of the service %q and the account %q", ErrMissing, service, account)
	}
	if err != nil {
		return nil, fmt.Errorf("%w (service %q, account %q): %w", ErrKeyring, service, account, err)
	}
	return newBox(key, keyringSource)
}

// make makes a key for a directory that has none.
func (l loader) make(path string) (*Box, error) {
	key := make([]byte, chacha20poly1305.KeySize)
	rand.Read(key)
	if l.ring != nil {
		err := l.intoKeyring(key)
		if err == nil {
			l.log.Info("made a key in the system's keyring", "directory", l.dir)
			return newBox(key, keyringSource)
		}
		l.log.Warn("the system's keyring cannot be used, the key goes into a file", "error", err)
	}
	if err := writeFile(path, encodeKey(key)); err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	l.log.Info("made a key file", "path", path)
	return newBox(key, path)
}

// intoKeyring stores the key, and notes the account's name only after the keyring has given the same key back:
// from then on this directory depends on the keyring.
func (l loader) intoKeyring(key []byte) error {
	account := newAccount()
	if err := l.ring.store(account, key, l.create); err != nil {
		return err
	}
	return writeFile(filepath.Join(l.dir, accountFile), account+"\n")
}
