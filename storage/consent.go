package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"sync/atomic"
	"time"

	"consentry/xs2a"
)

// Consent is a permission the person asked a bank for. Its status is the
// bank's last word; its end is ours to tell, since a bank may be silent, or
// wrong, about it.
type Consent struct {
	ID                string // ours
	EnvironmentID     string
	BIC               string
	BankName          string
	AffiliatedASPSPID string
	BankConsentID     string // the bank's id; empty until it answered
	RequestID         string // X-Request-ID of the POST, for its repeat
	FormID            string // of the form by which the person asked; may be empty
	Asked             xs2a.ConsentRequest
	Granted           json.RawMessage // the consent as the bank has it; empty before it said so
	Purpose           string          // what the person gives it for, in their words
	Status            xs2a.ConsentStatus
	StatusAt          time.Time // when the bank last said so
	ValidUntil        string    // ISO date: the bank's where it said one, else what was asked
	RenewBy           string    // ISO date, the last day without authorising anew; empty before it was granted
	FrequencyPerDay   int
	Recurring         bool
	CreatedAt         time.Time
	GrantedAt         time.Time // when the bank first said valid

	Series     string // id of the first in a row of consents each of which renews the one before
	Renews     string // id of the consent whose place it takes once it is valid; may be empty
	ReplacedBy string // id of the consent that took its place; may be empty

	EndedAt         time.Time       // zero: it has not ended
	End             End             // why; empty: it has not ended
	Acknowledgement Acknowledgement // whether the bank knows of an end that was made here
	AckError        Reason          // why it does not
	Deletion        Deletion        // what the bank answered instead of ending it
	RanOutAt        time.Time       // since when this machine's clock is past its last day, and nothing else has confirmed that; zero: it is not
	ErasedAt        time.Time       // when the data fetched under it were erased; zero: they were not
	Erasing         bool            // they are to be, and may not have been yet

	Schedule     int       // fetches a day that the program begins by itself; 0: only when the person asks
	SnoozedUntil string    // ISO date up to which reminders are silent; may be empty
	ReadAt       time.Time // last access to account data
	ReadAttended bool      // the person asked for that one
	TriedAt      time.Time // when the last fetch began
	ListedAt     time.Time // when the accounts it gives were last stored whole, whatever of them was read
	FetchedAt    time.Time // last complete fetch of all its accounts
	FetchError   Reason    // why the last fetch stopped; none when it did not

	overruledAt time.Time // when the bank said that it is valid though this machine's clock is past its last day
}

// Ended reports whether the consent can never be used again.
func (c Consent) Ended() bool { return !c.EndedAt.IsZero() }

// EndedOn is when the consent ended: one whose time was over on its last day,
// however late that was noticed.
func (c Consent) EndedOn() time.Time {
	last, err := time.Parse(time.DateOnly, c.ValidUntil)
	if c.End == EndExpired && err == nil && last.Before(c.EndedAt) {
		return last
	}
	return c.EndedAt
}

// Usable reports whether account data may be read under the consent at a time.
func (c Consent) Usable(now time.Time) bool {
	return c.Status == xs2a.ConsentValid && !c.Ended() && !c.RunOut(now)
}

// RunOut reports whether the consent's last day has passed by a clock, unless the
// bank has told within a day that by its own it has not.
func (c Consent) RunOut(now time.Time) bool {
	return c.ValidUntil < dateAt(now) && !c.overruled(now)
}

// lastDate is the date that was asked for last: of many consents it is the same one.
var lastDate atomic.Pointer[dateText]

type dateText struct {
	year, day int
	month     time.Month
	text      string
}

// dateAt is the ISO date of a time.
func dateAt(now time.Time) string {
	year, month, day := now.Date()
	if last := lastDate.Load(); last != nil && last.day == day && last.month == month && last.year == year {
		return last.text
	}
	text := now.Format(time.DateOnly)
	lastDate.Store(&dateText{year, day, month, text})
	return text
}

// Provisional reports whether it ended by this machine's clock alone: it is not used,
// and goes on if the clock is found to be wrong.
func (c Consent) Provisional() bool { return !c.Ended() && !c.RanOutAt.IsZero() }

// overruledFor is how long a bank's word counts against this machine's clock.
const overruledFor = 24 * time.Hour

// overruled: a clock that was set right is before the moment the bank spoke, by the
// wrong one, and needs nobody's word.
func (c Consent) overruled(now time.Time) bool {
	return !c.overruledAt.IsZero() && !now.Before(c.overruledAt) && now.Sub(c.overruledAt) < overruledFor
}

const consentColumns = `c.id, c.environment_id, c.bic, c.bank_name, c.affiliated_id, c.bank_consent_id, c.request_id, c.form_id, c.asked, c.granted,
	c.purpose, c.status, c.status_at, c.valid_until, c.frequency_per_day, c.recurring, c.created_at, c.granted_at,
	c.series, c.renews, c.replaced_by, c.ended_at, c.end_reason, c.told, c.told_error, c.erased_at, c.erase_asked,
	c.deletion, c.schedule, c.snoozed_until, c.read_at, c.read_attended, c.tried_at, c.listed_at, c.fetched_at, c.fetch_error,
	c.ran_out_at, c.overruled_at`

func readConsent(row scanner) (Consent, error) {
	var c Consent
	var asked, granted, deletion string
	err := row.Scan(&c.ID, &c.EnvironmentID, &c.BIC, &c.BankName, &c.AffiliatedASPSPID, &c.BankConsentID, &c.RequestID, &c.FormID, &asked, &granted,
		&c.Purpose, &c.Status, stamp{&c.StatusAt}, &c.ValidUntil, &c.FrequencyPerDay, &c.Recurring, stamp{&c.CreatedAt}, stamp{&c.GrantedAt},
		&c.Series, &c.Renews, &c.ReplacedBy, stamp{&c.EndedAt}, &c.End, &c.Acknowledgement, &c.AckError, stamp{&c.ErasedAt}, &c.Erasing,
		&deletion, &c.Schedule, &c.SnoozedUntil, stamp{&c.ReadAt}, &c.ReadAttended, stamp{&c.TriedAt}, stamp{&c.ListedAt}, stamp{&c.FetchedAt}, &c.FetchError,
		stamp{&c.RanOutAt}, stamp{&c.overruledAt})
	if err != nil {
		return c, err
	}
	if granted != "" {
		c.Granted = json.RawMessage(granted)
	}
	c.RenewBy = renewBy(c)
	if err := readDeletion(deletion, &c.Deletion); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(asked), &c.Asked)
}

// daysOfSCA is how long an approval lasts (RTS article 10a).
const daysOfSCA = 180

// renewBy is the earlier of a consent's last day and that of its approval, which
// is counted from the day on which the person gave it, in their own calendar.
func renewBy(c Consent) string {
	if c.GrantedAt.IsZero() {
		return ""
	}
	return min(c.ValidUntil, c.GrantedAt.AddDate(0, 0, daysOfSCA).Format(time.DateOnly))
}

// Consents lists all consents, the newest first.
func (s *Store) Consents(ctx context.Context) ([]Consent, error) {
	return collect(ctx, s.db, readConsent, `SELECT `+consentColumns+` FROM consent c ORDER BY c.created_at DESC, c.id`)
}

// LiveConsents lists the consents that have not ended, the newest first.
func (s *Store) LiveConsents(ctx context.Context) ([]Consent, error) {
	return collect(ctx, s.db, readConsent, `SELECT `+consentColumns+` FROM consent c WHERE c.ended_at = '' ORDER BY c.created_at DESC, c.id`)
}

// ConsentsInForce returns how many consents at a bank are valid there and have not ended
// here.
func (s *Store) ConsentsInForce(ctx context.Context, environmentID, bic string) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM consent WHERE environment_id = ? AND bic = ? AND status = ? AND ended_at = ''`,
		environmentID, bic, xs2a.ConsentValid).Scan(&n)
	return n, err
}

// UnsettledConsents lists the ended consents with something left to do: the
// bank may not know of the end or has not confirmed it, or data are still to be
// erased.
func (s *Store) UnsettledConsents(ctx context.Context) ([]Consent, error) {
	return collect(ctx, s.db, readConsent, `SELECT `+consentColumns+` FROM consent c
		WHERE c.ended_at <> '' AND (c.told IN (?, ?) OR c.erase_asked AND c.erased_at = '')`, AckPending, AckUnconfirmed)
}

// Consent returns one consent, or ErrNotFound.
func (s *Store) Consent(ctx context.Context, id string) (Consent, error) {
	return one(readConsent, s.db.QueryRowContext(ctx, `SELECT `+consentColumns+` FROM consent c WHERE c.id = ?`, id))
}

// ConsentAtBank returns the consent that a bank of an environment knows by an id, or
// ErrNotFound: where several of its banks gave the same id, that of the bank named.
func (s *Store) ConsentAtBank(ctx context.Context, environmentID, bic, bankConsentID string) (Consent, error) {
	return one(readConsent, s.db.QueryRowContext(ctx, `SELECT `+consentColumns+` FROM consent c
		WHERE c.environment_id = ? AND c.bank_consent_id = ? AND c.bank_consent_id <> '' ORDER BY c.bic = ? DESC, c.created_at DESC LIMIT 1`,
		environmentID, bankConsentID, bic))
}

// ConsentsAt lists all consents at a bank, the newest first.
func (s *Store) ConsentsAt(ctx context.Context, environmentID, bic string) ([]Consent, error) {
	return collect(ctx, s.db, readConsent, `SELECT `+consentColumns+` FROM consent c
		WHERE c.environment_id = ? AND c.bic = ? ORDER BY c.created_at DESC, c.id`, environmentID, bic)
}

// ConsentOfForm returns the consent that a form led to, or ErrNotFound.
func (s *Store) ConsentOfForm(ctx context.Context, formID string) (Consent, error) {
	return one(readConsent, s.db.QueryRowContext(ctx, `SELECT `+consentColumns+` FROM consent c WHERE c.form_id = ? AND c.form_id <> ''`, formID))
}

// AddConsent keeps a consent before the bank is asked for it. One that renews
// another goes on with its series. ErrNotFound: its environment was removed meanwhile.
func (s *Store) AddConsent(ctx context.Context, c Consent) error {
	asked, err := json.Marshal(c.Asked)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := one(readText, tx.QueryRowContext(ctx, `SELECT id FROM environment WHERE id = ?`, c.EnvironmentID)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO consent (id, environment_id, bic, bank_name, affiliated_id, request_id, form_id, asked, purpose,
			valid_until, frequency_per_day, recurring, schedule, renews, series, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce((SELECT series FROM consent WHERE id = ?), ?), ?)`,
			c.ID, c.EnvironmentID, c.BIC, c.BankName, c.AffiliatedASPSPID, c.RequestID, c.FormID, string(asked), c.Purpose,
			c.ValidUntil, c.FrequencyPerDay, c.Recurring, c.Schedule, c.Renews, c.Renews, c.ID, formatTime(s.now())); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, c.ID, FromPerson, "", Event{Kind: EventAsked})
	})
}

// DropConsent removes a consent that never came to be at the bank.
func (s *Store) DropConsent(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := changed(tx.ExecContext(ctx, `DELETE FROM consent WHERE id = ? AND bank_consent_id = ''`, id)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM authorisation WHERE subject_kind = ? AND subject_id = ?`, SubjectConsent, id)
		return err
	})
}

// SetBankConsent keeps the id the bank gave a consent. The bank has to be told
// of one that the person gave up meanwhile (ErrEnd).
func (s *Store) SetBankConsent(ctx context.Context, id, bankConsentID string) error {
	var over error // which is noted all the same
	err := s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Ended() {
			c.Acknowledgement, over = AckPending, ErrEnd
		}
		_, err = tx.ExecContext(ctx, `UPDATE consent SET bank_consent_id = ?, told = ? WHERE id = ?`, bankConsentID, c.Acknowledgement, id)
		return err
	})
	return cmp.Or(err, over)
}

// SetGranted keeps what the bank says it granted. News are a line in the history;
// nil says that nothing is new. What arrives after the consent has ended is
// not kept: it names accounts, which may have been erased. Neither is an answer that
// was overtaken, see [Store.SetConsentStatus].
func (s *Store) SetGranted(ctx context.Context, id string, was xs2a.ConsentStatus, info xs2a.ConsentInformation, news *Event) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if c, err := consentIn(ctx, tx, id); err != nil || c.Ended() || c.overtakes(was, info.Status) {
			return err
		}
		if err := changed(tx.ExecContext(ctx, `UPDATE consent SET granted = ?,
			valid_until = CASE ? WHEN '' THEN valid_until ELSE ? END,
			frequency_per_day = CASE ? WHEN 0 THEN frequency_per_day ELSE ? END WHERE id = ?`,
			string(info.Raw), info.ValidUntil, info.ValidUntil, info.FrequencyPerDay, info.FrequencyPerDay, id)); err != nil || news == nil {
			return err
		}
		return s.addEvent(ctx, tx, id, FromBank, info.Status, *news)
	})
}

// SetSchedule keeps how often a day the program fetches by itself, and a line in
// the history where that is new. Under a consent that has ended there is nothing
// to fetch (ErrEnd).
func (s *Store) SetSchedule(ctx context.Context, id string, perDay int) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		switch {
		case err != nil || c.Schedule == perDay:
			return err
		case c.Ended():
			return ErrEnd
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET schedule = ? WHERE id = ?`, perDay, id); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, id, FromPerson, c.Status, Event{Kind: EventSchedule, Number: perDay})
	})
}

// SetListed notes that all accounts are stored that the bank lists under a consent. One
// that has ended stays as it is: what is listed after that is not stored.
func (s *Store) SetListed(ctx context.Context, id string) error {
	_, err := s.exec(ctx, `UPDATE consent SET listed_at = ? WHERE id = ? AND ended_at = ''`, formatTime(s.now()), id)
	return err
}
