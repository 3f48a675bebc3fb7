package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// KeyPair is a private key that was made for an environment, without the key itself, and
// what a certificate for it is asked for with.
type KeyPair struct {
	EnvironmentID string
	Purpose       string // signatures or connections
	Application   json.RawMessage
	Request       []byte // PKCS#10, DER
	Certificate   string // one for tests, PEM, with those of its authority; empty without one
	MadeAt        time.Time
}

// privateKeyContext is what the seal of a private key is bound to.
func privateKeyContext(environmentID, purpose string) string {
	return "key_pair.key:" + environmentID + ":" + purpose
}

func readKeyPair(row scanner) (p KeyPair, err error) {
	var application string
	err = row.Scan(&p.EnvironmentID, &p.Purpose, &application, &p.Request, &p.Certificate, stamp{&p.MadeAt})
	p.Application = json.RawMessage(application)
	return p, err
}

const keyPairColumns = `environment_id, purpose, application, request, certificate, made_at`

// KeyPairs lists the key pairs that were made for an environment.
func (s *Store) KeyPairs(ctx context.Context, environmentID string) ([]KeyPair, error) {
	return collect(ctx, s.db, readKeyPair, `SELECT `+keyPairColumns+` FROM key_pair WHERE environment_id = ? ORDER BY purpose`, environmentID)
}

// PrivateKey returns a private key that was made for an environment, in PEM form, or
// ErrNotFound.
func (s *Store) PrivateKey(ctx context.Context, environmentID, purpose string) (string, error) {
	sealed, err := one(func(row scanner) (sealed []byte, err error) {
		return sealed, row.Scan(&sealed)
	}, s.db.QueryRowContext(ctx, `SELECT key_sealed FROM key_pair WHERE environment_id = ? AND purpose = ?`, environmentID, purpose))
	if err != nil {
		return "", err
	}
	plain, err := s.seal.Open(privateKeyContext(environmentID, purpose), sealed)
	if err != nil {
		return "", fmt.Errorf("storage: a private key cannot be opened: %w", err)
	}
	return string(plain), nil
}

// ErrKeyPairThere is that a key pair was made before for the same.
var ErrKeyPairThere = errors.New("storage: there is a key pair already")

// AddKeyPair keeps a private key, sealed, with the request for its certificate; in the
// place of a former one only where that is to be replaced.
func (s *Store) AddKeyPair(ctx context.Context, p KeyPair, key string, replace bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if replace {
			if _, err := tx.ExecContext(ctx, `DELETE FROM key_pair WHERE environment_id = ? AND purpose = ?`, p.EnvironmentID, p.Purpose); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO key_pair (environment_id, purpose, key_sealed, application, request, made_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, p.EnvironmentID, p.Purpose, s.seal.Seal(privateKeyContext(p.EnvironmentID, p.Purpose), []byte(key)),
			string(p.Application), p.Request, formatTime(s.now()))
		if err != nil {
			return err
		}
		if added, err := result.RowsAffected(); err != nil || added == 0 {
			return errors.Join(err, ErrKeyPairThere)
		}
		return nil
	})
}

// SetTestCertificate keeps a certificate for tests with the key pair it is of.
func (s *Store) SetTestCertificate(ctx context.Context, environmentID, purpose, certificate string) error {
	return changed(s.exec(ctx, `UPDATE key_pair SET certificate = ? WHERE environment_id = ? AND purpose = ?`, certificate, environmentID, purpose))
}

// RemoveKeyPair removes a key pair. The environment keeps the key where it uses it.
func (s *Store) RemoveKeyPair(ctx context.Context, environmentID, purpose string) error {
	return changed(s.exec(ctx, `DELETE FROM key_pair WHERE environment_id = ? AND purpose = ?`, environmentID, purpose))
}
