package storage

import (
	"context"
	"fmt"
	"time"

	"consentry/xs2a"
)

// Environment is a stored environment with what the program knows about it.
type Environment struct {
	ID   string
	Name string
	xs2a.Environment
	// RedirectURL is the return address registered with the banks, on this
	// machine; empty where any port of 127.0.0.1 is accepted.
	RedirectURL    string
	Sandbox        bool // practice banks: nothing there is real
	DirectoryAt    time.Time
	DirectoryError string // why the last refresh failed; empty when it did not
}

const environmentColumns = `id, name, dialect, auth_url, api_url, client_id, client_secret_sealed, context,
	redirect_url, sandbox, directory_at, directory_error`

func (s *Store) readEnvironment(row scanner) (Environment, error) {
	var e Environment
	var sealed []byte
	err := row.Scan(&e.ID, &e.Name, &e.Dialect, &e.AuthURL, &e.APIURL, &e.ClientID, &sealed, &e.Context,
		&e.RedirectURL, &e.Sandbox, stamp{&e.DirectoryAt}, &e.DirectoryError)
	if err != nil {
		return e, err
	}
	secret, err := s.seal.Open(secretContext(e.ID), sealed)
	if err != nil {
		return e, fmt.Errorf("storage: the client secret of %q cannot be opened: %w", e.Name, err)
	}
	e.ClientSecret = string(secret)
	return e, nil
}

func secretContext(id string) string { return "environment.client_secret:" + id }

// Environments lists all environments by name.
func (s *Store) Environments(ctx context.Context) ([]Environment, error) {
	return collect(ctx, s.db, s.readEnvironment, `SELECT `+environmentColumns+` FROM environment ORDER BY sandbox DESC, name`)
}

// Environment gives one environment, or ErrNotFound.
func (s *Store) Environment(ctx context.Context, id string) (Environment, error) {
	return one(s.readEnvironment, s.db.QueryRowContext(ctx, `SELECT `+environmentColumns+` FROM environment WHERE id = ?`, id))
}

// PutEnvironment adds an environment or changes the one of that id. What is
// known of its directory stays.
func (s *Store) PutEnvironment(ctx context.Context, e Environment) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO environment
		(id, name, dialect, auth_url, api_url, client_id, client_secret_sealed, context, redirect_url, sandbox)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, dialect = excluded.dialect,
			auth_url = excluded.auth_url, api_url = excluded.api_url, client_id = excluded.client_id,
			client_secret_sealed = excluded.client_secret_sealed, context = excluded.context,
			redirect_url = excluded.redirect_url, sandbox = excluded.sandbox`,
		e.ID, e.Name, e.Dialect, e.AuthURL, e.APIURL, e.ClientID,
		s.seal.Seal(secretContext(e.ID), []byte(e.ClientSecret)), e.Context, e.RedirectURL, e.Sandbox)
	return err
}

// SetDirectoryError notes why a refresh of the directory failed.
func (s *Store) SetDirectoryError(ctx context.Context, environmentID, reason string) error {
	return changed(s.db.ExecContext(ctx, `UPDATE environment SET directory_error = ? WHERE id = ?`, reason, environmentID))
}
