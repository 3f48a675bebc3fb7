package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Credentials are how a bank knows the person behind a consent, and what lets
// calls under it through. All of it is sealed in the file. The column and what the
// seal is bound to say person, as released files have it.
type Credentials struct {
	PSUID, CorporateID string
	Decoupled          bool // the person approves on another device
	AccessToken        string
	RefreshToken       string
	Expiry             time.Time // of the access token; zero where the bank does not say
	TokenURL           string    // where it is renewed
}

// credentialsContext is what the seal of a holder's credentials is bound to.
func credentialsContext(holder Subject) string { return string(holder.Kind) + ".person:" + holder.ID }

// holds returns an error for what no credentials are kept for.
func holds(holder Subject) error {
	if holder.Kind != SubjectConsent {
		return fmt.Errorf("storage: no credentials are kept for a %q", holder.Kind)
	}
	return nil
}

// Credentials returns what is known of the person for whom a holder, which is a consent,
// was created; the zero value where nothing is.
func (s *Store) Credentials(ctx context.Context, holder Subject) (Credentials, error) {
	var c Credentials
	if err := holds(holder); err != nil {
		return c, err
	}
	sealed, err := one(func(row scanner) ([]byte, error) {
		var sealed []byte
		err := row.Scan(&sealed)
		return sealed, err
	}, s.db.QueryRowContext(ctx, `SELECT person_sealed FROM consent WHERE id = ?`, holder.ID))
	if err != nil || len(sealed) == 0 {
		return c, err
	}
	plain, err := s.seal.Open(credentialsContext(holder), sealed)
	if err != nil {
		return c, fmt.Errorf("storage: a consent's access token cannot be opened: %w", err)
	}
	return c, json.Unmarshal(plain, &c)
}

// SetCredentials keeps what is known of the person for whom a holder, which is a consent,
// was created. After its end that is kept only as long as the bank has to be told.
func (s *Store) SetCredentials(ctx context.Context, holder Subject, c Credentials) error {
	if err := holds(holder); err != nil {
		return err
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE consent SET person_sealed = ? WHERE id = ? AND (ended_at = '' OR told IN (?, ?, ?))`,
		s.seal.Seal(credentialsContext(holder), plain), holder.ID, AckPending, AckRefused, AckUnconfirmed)
	return err
}
