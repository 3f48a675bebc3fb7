package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Bond is how a bank knows the person behind a consent, and what lets calls
// under it through. All of it is sealed in the file.
type Bond struct {
	PSUID, CorporateID string
	Decoupled          bool // the person approves on another device
	AccessToken        string
	RefreshToken       string
	Expiry             time.Time // of the access token; zero where the bank does not say
	TokenURL           string    // where it is renewed
}

func bondContext(consentID string) string { return "consent.person:" + consentID }

// Bond returns what is known of the person behind a consent; the zero value
// where nothing is.
func (s *Store) Bond(ctx context.Context, consentID string) (Bond, error) {
	var b Bond
	sealed, err := one(func(row scanner) ([]byte, error) {
		var sealed []byte
		err := row.Scan(&sealed)
		return sealed, err
	}, s.db.QueryRowContext(ctx, `SELECT person_sealed FROM consent WHERE id = ?`, consentID))
	if err != nil || len(sealed) == 0 {
		return b, err
	}
	plain, err := s.seal.Open(bondContext(consentID), sealed)
	if err != nil {
		return b, fmt.Errorf("storage: a consent's access token cannot be opened: %w", err)
	}
	return b, json.Unmarshal(plain, &b)
}

// SetBond keeps what is known of the person behind a consent. After its end that
// is kept only as long as the bank has to be told.
func (s *Store) SetBond(ctx context.Context, consentID string, b Bond) error {
	plain, err := json.Marshal(b)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE consent SET person_sealed = ? WHERE id = ? AND (ended_at = '' OR told IN (?, ?, ?))`,
		s.seal.Seal(bondContext(consentID), plain), consentID, TellingBank, BankRefused, BankUnconfirmed)
	return err
}
