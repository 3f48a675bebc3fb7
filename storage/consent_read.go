package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Endpoint names what is read under a consent, as far as banks count it.
type Endpoint string

// The endpoints.
const (
	ReadConsent      Endpoint = "consent"
	ReadAccounts     Endpoint = "accounts"
	ReadCards        Endpoint = "cards"
	ReadDetails      Endpoint = "details"
	ReadBalances     Endpoint = "balances"
	ReadTransactions Endpoint = "transactions"
	ReadTransaction  Endpoint = "transaction"
	RefreshAccounts  Endpoint = "refresh"
)

// ConsentRead is a line of the ledger of reads under consents.
type ConsentRead struct {
	ID         int64
	ConsentID  string
	At         time.Time
	Endpoint   Endpoint
	AccountKey string // see xs2a.Account.Key; stored as a digest, so that no number stays when data are erased
	Account    string // name and masked number, for people; empty for what is about no account
	Attended   bool   // the person asked for it
	Outcome    string // empty while nobody knows, ReadOK, else the bank's code or what went wrong
	RequestID  string // X-Request-ID
}

// The outcomes of reads that are no code of a bank.
const (
	ReadOK          = "ok"             // the bank answered it
	ReadUnreachable = "unreachable"    // no answer came
	ReadMalformed   = "not understood" // the answer cannot be understood
	ReadFailed      = "failed"         // it was not sent, or the program is at fault
)

// QuotaWindow is what "a day" means to frequencyPerDay: the last 24 hours, and
// a minute more, since a bank counts from when it got the request.
const QuotaWindow = 24*time.Hour + time.Minute

// ErrEnd is returned by BeginRead when the consent may not be used.
var ErrEnd = errors.New("storage: the consent may not be used")

// QuotaError is returned by BeginRead when a read without the person would be
// one too many.
type QuotaError struct{ Next time.Time } // when it is possible

func (e *QuotaError) Error() string {
	return fmt.Sprintf("storage: no read without the person before %v", e.Next)
}

// accountDigest returns a digest that tells accounts apart without naming them.
func accountDigest(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:12])
}

// BeginRead enters a read into the ledger before it is sent. One under a
// consent that may not be used, or not without the person, is not entered (ErrEnd), nor is one without the
// person beyond the consent's frequency in a rolling day for that account and
// endpoint (*QuotaError). Of reads that begin at the same moment no more get
// through than are allowed.
func (s *Store) BeginRead(ctx context.Context, r ConsentRead) (id int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, r.ConsentID)
		if err != nil {
			return err
		}
		now := s.now()
		if r.Endpoint != ReadConsent && !c.Usable(now) || c.Ended() {
			return ErrEnd
		}
		account := accountDigest(r.AccountKey)
		if !r.Attended {
			if c.RenewBy < now.Format(time.DateOnly) {
				return ErrEnd
			}
			if err := checkQuota(ctx, tx, c, r.Endpoint, account, now); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO consent_read (consent_id, series, at, endpoint, account, label, attended, request_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, c.Series, formatTime(now), r.Endpoint, account, r.Account, r.Attended, r.RequestID)
		if err != nil {
			return err
		}
		if id, err = result.LastInsertId(); err != nil || r.Endpoint == ReadConsent {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE consent SET read_at = ?, read_attended = ? WHERE id = ?`, formatTime(now), r.Attended, c.ID)
		return err
	})
	return id, err
}

func checkQuota(ctx context.Context, tx *sql.Tx, c Consent, endpoint Endpoint, account string, now time.Time) error {
	var used int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM consent_read WHERE series = ? AND attended = 0 AND at > ?
		AND endpoint = ? AND account = ?`, c.Series, formatTime(now.Add(-QuotaWindow)), endpoint, account).Scan(&used); err != nil {
		return err
	}
	if used < c.FrequencyPerDay {
		return nil
	}
	var oldest time.Time
	err := tx.QueryRowContext(ctx, `SELECT at FROM consent_read WHERE series = ? AND attended = 0 AND at > ?
		AND endpoint = ? AND account = ? ORDER BY at LIMIT 1 OFFSET ?`, c.Series, formatTime(now.Add(-QuotaWindow)), endpoint, account,
		used-max(c.FrequencyPerDay, 1)).Scan(stamp{&oldest})
	if err != nil {
		return err
	}
	return &QuotaError{Next: oldest.Add(QuotaWindow)}
}

// EndRead notes what a read led to.
func (s *Store) EndRead(ctx context.Context, id int64, outcome string) error {
	_, err := s.exec(ctx, `UPDATE consent_read SET outcome = ? WHERE id = ?`, outcome, id)
	return err
}

// ConsentReads lists reads under a consent, the newest first: those before a
// line, or from the newest on when that is 0.
func (s *Store) ConsentReads(ctx context.Context, consentID string, before int64, limit int) ([]ConsentRead, error) {
	return collect(ctx, s.db, func(row scanner) (ConsentRead, error) {
		var r ConsentRead
		err := row.Scan(&r.ID, &r.ConsentID, stamp{&r.At}, &r.Endpoint, &r.Account, &r.Attended, &r.Outcome, &r.RequestID)
		return r, err
	}, `SELECT id, consent_id, at, endpoint, label, attended, outcome, request_id FROM consent_read
		WHERE consent_id = ? AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?`, consentID, before, before, limit)
}

// UnattendedRead is a read of account data without the person.
type UnattendedRead struct {
	Series   string
	Endpoint Endpoint
	Account  string // a digest
	At       time.Time
}

// UnattendedReads lists the reads of account data without the person since a
// moment, of all consents, the oldest first.
func (s *Store) UnattendedReads(ctx context.Context, since time.Time) ([]UnattendedRead, error) {
	return collect(ctx, s.db, func(row scanner) (UnattendedRead, error) {
		var u UnattendedRead
		err := row.Scan(&u.Series, &u.Endpoint, &u.Account, stamp{&u.At})
		return u, err
	}, `SELECT series, endpoint, account, at FROM consent_read WHERE attended = 0 AND at > ? AND endpoint <> ? ORDER BY at`,
		formatTime(since), ReadConsent)
}
