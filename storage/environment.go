package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"consentry/xs2a"
)

// Environment is a stored environment with what the program knows about it.
type Environment struct {
	ID   string
	Name string
	xs2a.Environment
	// RedirectURL is the return address registered with the banks; empty where
	// any port of 127.0.0.1 is accepted. One that is not on this machine leads
	// elsewhere, and the person brings the address back by hand.
	RedirectURL    string
	Banks          []Bank // of an environment that has no directory of its own
	Sandbox        bool   // practice banks: nothing there is real
	DirectoryAt    time.Time
	DirectoryError Reason // why the last refresh failed; none when it did not
}

// Bank is a bank of an environment without a directory, and where it is.
type Bank struct {
	ID          string // as the environment's paths name it
	Name        string
	CountryCode string // ISO 3166 alpha-2
	City        string // may be empty
	LogoURL     string // may be empty
	Note        string // what is to be practised there; empty for a real bank
}

const environmentColumns = `id, name, reach, secrets_sealed, redirect_url, banks, sandbox, directory_at, directory_error`

// environmentSecrets is the part of an environment nobody may read in the file.
type environmentSecrets struct{ ClientSecret, Key, TLSKey string }

func secretContext(id string) string { return "environment.secrets:" + id }

func (s *Store) readEnvironment(row scanner) (Environment, error) {
	var e Environment
	var reach, banks string
	var sealed []byte
	err := row.Scan(&e.ID, &e.Name, &reach, &sealed, &e.RedirectURL, &banks, &e.Sandbox, stamp{&e.DirectoryAt}, &e.DirectoryError)
	if err != nil {
		return e, err
	}
	plain, err := s.seal.Open(secretContext(e.ID), sealed)
	if err != nil {
		return e, fmt.Errorf("storage: the secrets of %q cannot be opened: %w", e.Name, err)
	}
	var secrets environmentSecrets
	for _, part := range []struct {
		text []byte
		into any
	}{{[]byte(reach), &e.Environment}, {[]byte(banks), &e.Banks}, {plain, &secrets}} {
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return e, err
		}
	}
	e.ClientSecret, e.Key, e.TLSKey = secrets.ClientSecret, secrets.Key, secrets.TLSKey
	return e, nil
}

// Environments lists all environments by name.
func (s *Store) Environments(ctx context.Context) ([]Environment, error) {
	return collect(ctx, s.db, s.readEnvironment, `SELECT `+environmentColumns+` FROM environment ORDER BY sandbox DESC, name`)
}

// Environment returns one environment, or ErrNotFound.
func (s *Store) Environment(ctx context.Context, id string) (Environment, error) {
	return one(s.readEnvironment, s.db.QueryRowContext(ctx, `SELECT `+environmentColumns+` FROM environment WHERE id = ?`, id))
}

// PutEnvironment adds an environment or changes the one of that id. What is
// known of its directory stays.
func (s *Store) PutEnvironment(ctx context.Context, e Environment) error {
	secrets, err := json.Marshal(environmentSecrets{e.ClientSecret, e.Key, e.TLSKey})
	if err != nil {
		return err
	}
	open := e.Environment
	open.ClientSecret, open.Key, open.TLSKey = "", "", ""
	reach, err := json.Marshal(open)
	if err != nil {
		return err
	}
	banks, err := json.Marshal(e.Banks)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO environment (id, name, reach, secrets_sealed, redirect_url, banks, sandbox)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, reach = excluded.reach, secrets_sealed = excluded.secrets_sealed,
			redirect_url = excluded.redirect_url, banks = excluded.banks, sandbox = excluded.sandbox`,
		e.ID, e.Name, string(reach), s.seal.Seal(secretContext(e.ID), secrets), e.RedirectURL, string(banks), e.Sandbox)
	return err
}

// SetDirectoryError notes why a refresh of the directory failed.
func (s *Store) SetDirectoryError(ctx context.Context, environmentID string, reason Reason) error {
	return changed(s.exec(ctx, `UPDATE environment SET directory_error = ? WHERE id = ?`, reason, environmentID))
}
