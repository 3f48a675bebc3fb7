package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"consentry/xs2a"
)

// Consent is a permission the person asked a bank for.
type Consent struct {
	ID                string // ours
	EnvironmentID     string
	BIC               string
	BankName          string
	AffiliatedASPSPID string
	BankConsentID     string // the bank's id; empty until it answered
	RequestID         string // X-Request-ID of the POST, for its repeat
	Asked             xs2a.ConsentRequest
	Granted           json.RawMessage // the consent as the bank has it; empty before it said so
	Status            xs2a.ConsentStatus
	StatusAt          time.Time // when the bank last said so
	ValidUntil        string    // ISO date: the bank's where it said one, else what was asked
	FrequencyPerDay   int
	Recurring         bool
	CreatedAt         time.Time
	GrantedAt         time.Time // when the bank first said valid
	FetchedAt         time.Time // last complete fetch of all its accounts
	FetchError        string    // why the last fetch stopped; empty when it did not
}

// Source tells who a change of a consent comes from.
type Source string

// The sources of changes.
const (
	FromBank   Source = "bank"
	FromPerson Source = "person"
	FromTime   Source = "time"
)

// ConsentEvent is a line of a consent's history.
type ConsentEvent struct {
	At     time.Time
	Source Source
	Status xs2a.ConsentStatus
	Note   string // what happened, for people
}

const consentColumns = `id, environment_id, bic, bank_name, affiliated_id, bank_consent_id, request_id, asked, granted,
	status, status_at, valid_until, frequency_per_day, recurring, created_at, granted_at, fetched_at, fetch_error`

func readConsent(row scanner) (Consent, error) {
	var c Consent
	var asked, granted string
	err := row.Scan(&c.ID, &c.EnvironmentID, &c.BIC, &c.BankName, &c.AffiliatedASPSPID, &c.BankConsentID, &c.RequestID,
		&asked, &granted, &c.Status, stamp{&c.StatusAt}, &c.ValidUntil, &c.FrequencyPerDay, &c.Recurring,
		stamp{&c.CreatedAt}, stamp{&c.GrantedAt}, stamp{&c.FetchedAt}, &c.FetchError)
	if err != nil {
		return c, err
	}
	if granted != "" {
		c.Granted = json.RawMessage(granted)
	}
	return c, json.Unmarshal([]byte(asked), &c.Asked)
}

// Consents lists all consents, the newest first.
func (s *Store) Consents(ctx context.Context) ([]Consent, error) {
	return collect(ctx, s.db, readConsent, `SELECT `+consentColumns+` FROM consent ORDER BY created_at DESC, id`)
}

// Consent gives one consent, or ErrNotFound.
func (s *Store) Consent(ctx context.Context, id string) (Consent, error) {
	return one(readConsent, s.db.QueryRowContext(ctx, `SELECT `+consentColumns+` FROM consent WHERE id = ?`, id))
}

// AddConsent keeps a consent before the bank is asked for it.
func (s *Store) AddConsent(ctx context.Context, c Consent) error {
	asked, err := json.Marshal(c.Asked)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO consent (id, environment_id, bic, bank_name, affiliated_id, request_id,
			asked, valid_until, frequency_per_day, recurring, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.ID, c.EnvironmentID, c.BIC, c.BankName, c.AffiliatedASPSPID, c.RequestID,
			string(asked), c.ValidUntil, c.FrequencyPerDay, c.Recurring, formatTime(s.now())); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, c.ID, FromPerson, "", "You asked for this permission")
	})
}

// DropConsent removes a consent that never came to be at the bank.
func (s *Store) DropConsent(ctx context.Context, id string) error {
	return changed(s.db.ExecContext(ctx, `DELETE FROM consent WHERE id = ? AND bank_consent_id = ''`, id))
}

// SetBankConsent keeps the id the bank gave a consent.
func (s *Store) SetBankConsent(ctx context.Context, id, bankConsentID string) error {
	return changed(s.db.ExecContext(ctx, `UPDATE consent SET bank_consent_id = ? WHERE id = ?`, bankConsentID, id))
}

// SetGranted keeps what the bank says it granted.
func (s *Store) SetGranted(ctx context.Context, id string, info xs2a.ConsentInformation) error {
	return changed(s.db.ExecContext(ctx, `UPDATE consent SET granted = ?,
		valid_until = CASE ? WHEN '' THEN valid_until ELSE ? END,
		frequency_per_day = CASE ? WHEN 0 THEN frequency_per_day ELSE ? END WHERE id = ?`,
		string(info.Raw), info.ValidUntil, info.ValidUntil, info.FrequencyPerDay, info.FrequencyPerDay, id))
}

// SetConsentStatus notes a consent's status and, when it differs from the one
// known, a line in its history. A final status is never taken back.
func (s *Store) SetConsentStatus(ctx context.Context, id string, status xs2a.ConsentStatus, source Source, note string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var known xs2a.ConsentStatus
		if err := tx.QueryRowContext(ctx, `SELECT status FROM consent WHERE id = ?`, id).Scan(&known); err != nil {
			return err
		}
		if known.Final() && status != known {
			return nil
		}
		now := formatTime(s.now())
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET status = ?, status_at = ?,
			granted_at = CASE WHEN ? = 'valid' AND granted_at = '' THEN ? ELSE granted_at END WHERE id = ?`,
			status, now, status, now, id); err != nil {
			return err
		}
		if status == known {
			return nil
		}
		return s.addEvent(ctx, tx, id, source, status, note)
	})
}

func (s *Store) addEvent(ctx context.Context, tx *sql.Tx, consentID string, source Source, status xs2a.ConsentStatus, note string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO consent_event (consent_id, at, source, status, note) VALUES (?, ?, ?, ?, ?)`,
		consentID, formatTime(s.now()), source, status, note)
	return err
}

// ConsentEvents gives a consent's history, the latest first.
func (s *Store) ConsentEvents(ctx context.Context, consentID string) ([]ConsentEvent, error) {
	return collect(ctx, s.db, func(row scanner) (ConsentEvent, error) {
		var e ConsentEvent
		err := row.Scan(stamp{&e.At}, &e.Source, &e.Status, &e.Note)
		return e, err
	}, `SELECT at, source, status, note FROM consent_event WHERE consent_id = ? ORDER BY id DESC`, consentID)
}

// SetFetched notes how the last fetch under a consent ended: complete, or with
// the reason why it stopped.
func (s *Store) SetFetched(ctx context.Context, consentID, reason string) error {
	return changed(s.db.ExecContext(ctx, `UPDATE consent SET fetch_error = ?,
		fetched_at = CASE ? WHEN '' THEN ? ELSE fetched_at END WHERE id = ?`,
		reason, reason, formatTime(s.now()), consentID))
}

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

// Bond gives what is known of the person behind a consent; the zero value
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

// SetBond keeps what is known of the person behind a consent.
func (s *Store) SetBond(ctx context.Context, consentID string, b Bond) error {
	plain, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return changed(s.db.ExecContext(ctx, `UPDATE consent SET person_sealed = ? WHERE id = ?`,
		s.seal.Seal(bondContext(consentID), plain), consentID))
}
