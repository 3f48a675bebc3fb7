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

// holders are what credentials are kept for, each with its table and with until when: after
// the end of a consent only as long as the bank has to be told.
var holders = map[SubjectKind]struct{ table, while string }{
	SubjectConsent: {"consent", `ended_at = '' OR told IN ('` + string(AckPending) + `', '` + string(AckRefused) + `', '` + string(AckUnconfirmed) + `')`},
	SubjectPayment: {"payment", `ended_at = ''`},
}

// errNoHolder is of what no credentials are kept for.
func errNoHolder(of Subject) error {
	return fmt.Errorf("storage: no credentials are kept for a %q", of.Kind)
}

// Credentials returns what is known of the person for whom a holder was created, which is
// a consent or a payment; the zero value where nothing is.
func (s *Store) Credentials(ctx context.Context, holder Subject) (Credentials, error) {
	var c Credentials
	in, holds := holders[holder.Kind]
	if !holds {
		return c, errNoHolder(holder)
	}
	sealed, err := one(func(row scanner) ([]byte, error) {
		var sealed []byte
		err := row.Scan(&sealed)
		return sealed, err
	}, s.db.QueryRowContext(ctx, `SELECT person_sealed FROM `+in.table+` WHERE id = ?`, holder.ID))
	if err != nil || len(sealed) == 0 {
		return c, err
	}
	plain, err := s.seal.Open(credentialsContext(holder), sealed)
	if err != nil {
		return c, fmt.Errorf("storage: the access token of a %s cannot be opened: %w", holder.Kind, err)
	}
	return c, json.Unmarshal(plain, &c)
}

// SetCredentials keeps what is known of the person for whom a holder was created, which is
// a consent or a payment, until it has ended and nobody has to be told of that.
func (s *Store) SetCredentials(ctx context.Context, holder Subject, c Credentials) error {
	in, holds := holders[holder.Kind]
	if !holds {
		return errNoHolder(holder)
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE `+in.table+` SET person_sealed = ? WHERE id = ? AND (`+in.while+`)`, s.seal.Seal(credentialsContext(holder), plain), holder.ID)
	return err
}
