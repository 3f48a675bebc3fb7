package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"consentry/xs2a"
)

// Environment is who we are towards a set of banks, how these are spoken to, and
// what the program knows of them.
type Environment struct {
	ID   string
	Name string
	xs2a.Identity
	Profile xs2a.Profile // of the banks its directory lists, and of those below without one of their own
	// RedirectURL is the return address registered with the banks; empty where
	// any port of 127.0.0.1 is accepted. One that is not on this machine leads
	// elsewhere, and the person brings the address back by hand.
	RedirectURL    string
	Banks          []Bank // which it names itself, beside those of a directory
	Sandbox        bool   // practice banks: nothing there is real
	DirectoryAt    time.Time
	DirectoryError Reason // why the last refresh failed; none when it did not

	sealed []byte // the secrets as they stand in the file
}

// Secrets names the secrets that are stored of the environment, and tells nothing of
// them: another after one of them was changed.
func (e Environment) Secrets() string {
	sum := sha256.Sum256(e.sealed)
	return hex.EncodeToString(sum[:])
}

// Bank is a bank that its environment names itself, where it is, and how it is
// spoken to.
type Bank struct {
	ID          string // as addresses and paths name it: its BIC, or a code
	BIC         string `json:",omitempty"` // where the id is another
	Name        string
	CountryCode string       // ISO 3166 alpha-2
	Cities      []string     `json:",omitempty"`
	LogoURL     string       `json:",omitempty"`
	Products    []string     `json:",omitempty"` // the payment products it takes; none: those of its dialect
	Note        string       `json:",omitempty"` // what is to be practised there; what a person wrote down of a real bank
	Profile     xs2a.Profile `json:",omitzero"`  // the bank's own; zero for that of its environment
}

// HasDirectory reports whether an interface lists banks of the environment.
func (e Environment) HasDirectory() bool { return xs2a.Dialects[e.Profile.Dialect].Directory }

// Bank returns the bank of an id that the environment names itself, and whether there
// is one.
func (e Environment) Bank(id string) (Bank, bool) {
	for _, bank := range e.Banks {
		if bank.ID == id {
			return bank, true
		}
	}
	return Bank{}, false
}

// ProfileOf returns how a bank of the environment is spoken to; with "", its directory.
func (e Environment) ProfileOf(bank string) xs2a.Profile {
	own, _ := e.Bank(bank)
	return e.ProfileFor(own)
}

// ProfileFor returns how a bank would be spoken to in the environment, whether it is one
// of its banks yet or not.
func (e Environment) ProfileFor(bank Bank) xs2a.Profile {
	if bank.Profile != (xs2a.Profile{}) {
		return bank.Profile
	}
	return e.Profile
}

// BankAt returns the bank of the environment to whose interface an address leads, and how
// many bytes of the address say so; 0: it leads elsewhere. The bank has no id where the
// address is that of all banks of a directory, or of several.
func (e Environment) BankAt(address string) (bank Bank, said int) {
	said = e.Profile.Within("", address)
	for _, one := range e.Banks {
		if more := e.ProfileFor(one).Within(one.ID, address); more > said {
			bank, said = one, more
		}
	}
	return bank, said
}

// Reach returns who speaks to a bank of the environment, and how; with "", to its
// directory.
func (e Environment) Reach(bank string) xs2a.Reach {
	return xs2a.Reach{Identity: e.Identity, Profile: e.ProfileOf(bank)}
}

const environmentColumns = `id, name, reach, secrets_sealed, redirect_url, banks, sandbox, directory_at, directory_error`

// environmentSecrets is the part of an environment nobody may read in the file.
type environmentSecrets struct {
	ClientSecret, Key, TLSKey string
	ProxyUser, ProxyPassword  string `json:",omitempty"` // without them, as sealed by earlier versions
}

func secretsOf(e Environment) environmentSecrets {
	return environmentSecrets{e.ClientSecret, e.Key, e.TLSKey, e.Proxy.User, e.Proxy.Password}
}

// put sets the secrets of an identity; those of a zero value take them out of it.
func (s environmentSecrets) put(in *xs2a.Identity) {
	in.ClientSecret, in.Key, in.TLSKey, in.Proxy.User, in.Proxy.Password = s.ClientSecret, s.Key, s.TLSKey, s.ProxyUser, s.ProxyPassword
}

// WithoutSecrets is what of an environment may come near a page.
func (e Environment) WithoutSecrets() Environment {
	environmentSecrets{}.put(&e.Identity)
	return e
}

func secretContext(id string) string { return "environment.secrets:" + id }

func (s *Store) readEnvironment(row scanner) (Environment, error) {
	var e Environment
	var reach, banks string
	err := row.Scan(&e.ID, &e.Name, &reach, &e.sealed, &e.RedirectURL, &banks, &e.Sandbox, stamp{&e.DirectoryAt}, &e.DirectoryError)
	if err != nil {
		return e, err
	}
	plain, err := s.seal.Open(secretContext(e.ID), e.sealed)
	if err != nil {
		return e, fmt.Errorf("storage: the secrets of %q cannot be opened: %w", e.Name, err)
	}
	var secrets environmentSecrets
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return e, err
	}
	known, err := reachTexts.of(reach)
	if err != nil {
		return e, err
	}
	if e.Banks, err = bankTexts.of(banks); err != nil {
		return e, err
	}
	e.Identity, e.Profile = known.Identity, known.Profile
	secrets.put(&e.Identity)
	return e, nil
}

// Each page asks for environments, which seldom change.
var (
	reachTexts = decoded[xs2a.Reach]{copied: func(reach xs2a.Reach) xs2a.Reach { return reach }} // without its secrets, which lie sealed
	bankTexts  = decoded[[]Bank]{copied: func(banks []Bank) []Bank {
		banks = slices.Clone(banks)
		for i := range banks {
			banks[i].Cities, banks[i].Products = slices.Clone(banks[i].Cities), slices.Clone(banks[i].Products)
		}
		return banks
	}}
)

// Environments lists all environments by name.
func (s *Store) Environments(ctx context.Context) ([]Environment, error) {
	return collect(ctx, s.db, s.readEnvironment, `SELECT `+environmentColumns+` FROM environment ORDER BY sandbox DESC, name`)
}

// Environment returns one environment, or ErrNotFound.
func (s *Store) Environment(ctx context.Context, id string) (Environment, error) {
	return one(s.readEnvironment, s.db.QueryRowContext(ctx, `SELECT `+environmentColumns+` FROM environment WHERE id = ?`, id))
}

// openEnvironment is what of an environment is no secret, and asked for on each page.
type openEnvironment struct {
	id, name string
	profile  xs2a.Profile
	banks    map[string]xs2a.Profile // of those it names itself

	certificates EnvironmentCertificates
}

// EnvironmentCertificates are the certificates an environment uses, in PEM form: they are no secret.
type EnvironmentCertificates struct {
	EnvironmentID, Name     string
	Signatures, Connections string // empty without one
}

func readOpenEnvironment(row scanner) (e openEnvironment, err error) {
	var reach, banks string
	if err = row.Scan(&e.id, &e.name, &reach, &banks); err != nil {
		return e, err
	}
	known, err := reachTexts.of(reach)
	if err != nil {
		return e, err
	}
	its, err := bankTexts.of(banks)
	e.certificates = EnvironmentCertificates{e.id, e.name, known.Certificate, known.TLSCertificate}
	own := Environment{Profile: known.Profile, Banks: its}
	e.profile, e.banks = own.Profile, map[string]xs2a.Profile{}
	for _, bank := range its {
		e.banks[bank.ID] = own.ProfileFor(bank)
	}
	return e, err
}

func (s *Store) openEnvironments(ctx context.Context) ([]openEnvironment, error) {
	return s.environments.of(s, func() ([]openEnvironment, error) {
		return collect(ctx, s.db, readOpenEnvironment, `SELECT id, name, reach, banks FROM environment ORDER BY sandbox DESC, name`)
	})
}

// EnvironmentNames lists the names of all environments.
func (s *Store) EnvironmentNames(ctx context.Context) (names []string, err error) {
	all, err := s.openEnvironments(ctx)
	for _, e := range all {
		names = append(names, e.name)
	}
	return names, err
}

// EnvironmentCertificates lists the certificates of all environments.
func (s *Store) EnvironmentCertificates(ctx context.Context) (certificates []EnvironmentCertificates, err error) {
	all, err := s.openEnvironments(ctx)
	for _, e := range all {
		certificates = append(certificates, e.certificates)
	}
	return certificates, err
}

// ProfileOf returns how a bank of an environment is spoken to, or ErrNotFound where there is no
// such environment.
func (s *Store) ProfileOf(ctx context.Context, environmentID, bank string) (xs2a.Profile, error) {
	all, err := s.openEnvironments(ctx)
	for _, e := range all {
		if own, is := e.banks[bank]; is && e.id == environmentID {
			return own, nil
		}
		if e.id == environmentID {
			return e.profile, nil
		}
	}
	if err == nil {
		err = ErrNotFound
	}
	return xs2a.Profile{}, err
}

// PutEnvironment adds an environment or puts it in the place of the one of that id,
// whatever that holds: ChangeEnvironment is for those a person changes. What is known of
// its directory stays.
func (s *Store) PutEnvironment(ctx context.Context, e Environment) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.putEnvironment(ctx, tx, e) })
}

// ChangeEnvironment lets change alter an environment as it stands, and lists its banks as
// ListBanks does. All of it is one transaction: nobody changes the environment in between,
// and where change returns an error everything stays as it was. In change, nothing may be
// written to the store.
func (s *Store) ChangeEnvironment(ctx context.Context, id string, countryName func(code string) string, change func(e *Environment) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		e, err := s.environmentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := change(&e); err != nil {
			return err
		}
		if err := s.putEnvironment(ctx, tx, e); err != nil {
			return err
		}
		return s.listBanks(ctx, tx, e, countryName)
	})
}

// environmentIn returns an environment as a transaction sees it, or ErrNotFound.
func (s *Store) environmentIn(ctx context.Context, tx *sql.Tx, id string) (Environment, error) {
	return one(s.readEnvironment, tx.QueryRowContext(ctx, `SELECT `+environmentColumns+` FROM environment WHERE id = ?`, id))
}

func (s *Store) putEnvironment(ctx context.Context, tx *sql.Tx, e Environment) error {
	sealed, err := s.sealSecrets(e)
	if err != nil {
		return err
	}
	open := e.WithoutSecrets().Reach("")
	reach, err := json.Marshal(open)
	if err != nil {
		return err
	}
	banks, err := json.Marshal(e.Banks)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO environment (id, name, reach, secrets_sealed, redirect_url, banks, sandbox)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, reach = excluded.reach, secrets_sealed = excluded.secrets_sealed,
			redirect_url = excluded.redirect_url, banks = excluded.banks, sandbox = excluded.sandbox`,
		e.ID, e.Name, string(reach), sealed, e.RedirectURL, string(banks), e.Sandbox)
	return err
}

// sealSecrets seals the secrets of an environment; those that are stored already stay as
// they are sealed, so that Secrets names them as before.
func (s *Store) sealSecrets(e Environment) ([]byte, error) {
	secrets, err := json.Marshal(secretsOf(e))
	if err != nil {
		return nil, err
	}
	if stored, err := s.seal.Open(secretContext(e.ID), e.sealed); err == nil && bytes.Equal(stored, secrets) {
		return e.sealed, nil
	}
	return s.seal.Seal(secretContext(e.ID), secrets), nil
}

// SetDirectoryError notes why a refresh of the directory failed.
func (s *Store) SetDirectoryError(ctx context.Context, environmentID string, reason Reason) error {
	return changed(s.exec(ctx, `UPDATE environment SET directory_error = ? WHERE id = ?`, reason, environmentID))
}
