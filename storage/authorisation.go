package storage

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"consentry/xs2a"
)

// SubjectKind sorts what people authorise.
type SubjectKind string

// The kinds of subjects.
const (
	SubjectConsent  SubjectKind = "consent"
	SubjectDeletion SubjectKind = "deletion" // of a consent, under the consent's id
	SubjectPayment  SubjectKind = "payment"
	// SubjectCancellation is of a payment, under the payment's id.
	SubjectCancellation SubjectKind = "cancellation"
)

// Subject names what an authorisation is for.
type Subject struct {
	Kind SubjectKind
	ID   string // ours
}

// ConsentSubject returns the consent with an id of ours as a subject.
func ConsentSubject(id string) Subject { return Subject{SubjectConsent, id} }

// DeletionSubject returns the deletion of the consent with an id of ours as a subject.
func DeletionSubject(id string) Subject { return Subject{SubjectDeletion, id} }

// PaymentSubject returns the payment with an id of ours as a subject.
func PaymentSubject(id string) Subject { return Subject{SubjectPayment, id} }

// CancellationSubject returns the cancellation of the payment with an id of ours as a
// subject.
func CancellationSubject(id string) Subject { return Subject{SubjectCancellation, id} }

// Authorisation is one SCA process: an attempt of a person to authorise
// something at the bank. It is stored before the bank's page opens.
type Authorisation struct {
	ID          string // ours
	Subject     Subject
	BankID      string // the bank's authorisationId; empty until it answered
	Secret      Secret
	RedirectURI string
	Step        xs2a.Step // what comes next; a final step together with Ended
	Asks        Asks      // what the step needs
	Approach    string    // as the bank names it
	SCAStatus   xs2a.SCAStatus
	Link        string  // the bank's page, when the step is to open it
	Message     string  // the bank's words to the person; untrusted
	Reason      Reason  // why it ended so, or what went wrong since, where that is no bank's word
	Answer      string  // the beginning of the bank's last answer, without secrets; untrusted
	Outcome     Outcome // how it ended; empty while it has not
	CreatedAt   time.Time
	OpenedAt    time.Time // when the person last went to the bank's page
	ReturnedAt  time.Time // when the person came back; the state is used up then
	EndedAt     time.Time
	Version     int64 // another one after each change of what comes next
}

// Secret is the part of an authorisation nobody may read in the file.
type Secret struct {
	State            string // OAuth state, single use
	Verifier         string // PKCE
	TokenURL, Issuer string // of the authorisation server, see xs2a.Grant
	NamesIssuer      bool
	PreStep          bool   // the person logs in before the consent is asked for
	ConfirmationCode string // as the person came back with it
	SignedBy         string // login of who approved, where they told it here (PSU-ID)
}

// Asks is what a step needs from the person, or shows them.
type Asks struct {
	Start, Encrypted, Additional bool // see xs2a.Next
	// LoginTaken says that the bank took the login in a step of this attempt: one that
	// stood in the request may have gone unchecked.
	LoginTaken bool `json:",omitempty"`
	Methods    []xs2a.AuthenticationMethod
	Chosen     *xs2a.AuthenticationMethod
	Challenge  xs2a.Challenge
	// Begins is how the bank wants authorisations of the consent to be started,
	// where it wants data along with the start; nil for a plain one.
	Begins *Beginning
	To     string         `json:",omitempty"` // the bank's link to which the step's answer goes
	At     xs2a.Addresses // where the bank says that the consent and the authorisation lie
	Said   Said           `json:",omitzero"` // what else the bank's last answer says
}

// Said is what an answer says beside the step it is for. What the bank does not
// say is nil or empty.
type Said struct {
	Fees      xs2a.Fees
	Trusted   *bool    // whether the payee is one the person trusts
	NameMatch string   // of the payee's name; untrusted
	Warnings  []string // to the program; untrusted

	// Of a payment alone.
	Funds  *bool        `json:",omitzero"` // whether the account holds enough
	Other  *xs2a.Amount `json:",omitzero"` // what the bank has it as, where that is another amount than was asked for
	To     string       `json:",omitzero"` // the payee's IBAN, likewise; untrusted
	From   string       `json:",omitzero"` // the IBAN it is paid from, likewise; untrusted
	Latest []string     `json:",omitzero"` // its words beside the last status, to the program or the person; untrusted
}

// SaidIn returns what an answer says beside the SCA.
func SaidIn(answer xs2a.SCAAnswer) Said {
	return Said{Fees: answer.Fees, Trusted: answer.Trusted, NameMatch: answer.NameMatch, Warnings: answer.Warnings}
}

// Then returns what is known after the bank has said more: what it does not say again
// still holds, but for its warnings, which belong to one answer.
func (s Said) Then(more Said) Said {
	s.Warnings = more.Warnings
	if more.Fees != (xs2a.Fees{}) {
		s.Fees = more.Fees
	}
	if more.Trusted != nil {
		s.Trusted = more.Trusted
	}
	if more.NameMatch != "" {
		s.NameMatch = more.NameMatch
	}
	return s
}

// Beginning is how an authorisation is to be started with data.
type Beginning struct {
	Next      xs2a.Next
	Chosen    *xs2a.AuthenticationMethod
	Challenge xs2a.Challenge
}

// Next is the step as xs2a knows it.
func (a Authorisation) Next() xs2a.Next {
	return xs2a.Next{
		Step: a.Step, Link: a.Link, To: a.Asks.To, Start: a.Asks.Start, Encrypted: a.Asks.Encrypted,
		Additional: a.Asks.Additional, Methods: a.Asks.Methods,
	}
}

// Outcome says how an authorisation ended.
type Outcome string

// The outcomes of an authorisation.
const (
	Succeeded Outcome = "succeeded"
	Partial   Outcome = "partial"  // done, and another person has to authorise, too
	Denied    Outcome = "denied"   // the person said no at the bank
	Failed    Outcome = "failed"   // the bank ended it
	Expired   Outcome = "expired"  // it took too long
	GivenUp   Outcome = "givenUp"  // the person ended it here
	Replaced  Outcome = "replaced" // a newer attempt took its place
	Misled    Outcome = "misled"   // the bank's answer led to where nothing is sent; the message says where
)

// Ended reports whether nothing more can come of it.
func (a Authorisation) Ended() bool { return a.Outcome != "" }

// ErrStateUsed is returned when a person comes back a second time, ErrEnded
// when they come back for the first time from an attempt that has ended.
var (
	ErrStateUsed = errors.New("storage: this return was already used")
	ErrEnded     = errors.New("storage: this attempt has ended")
)

// ErrStale is returned for an update that was made from an attempt as it is not
// any more: something newer is known of it, it has ended, or its data are erased.
var ErrStale = errors.New("storage: the attempt has changed meanwhile")

const authorisationColumns = `id, subject_kind, subject_id, bank_id, grant_sealed, redirect_uri, step, approach, sca_status, link, asks,
	message, reason, answer, outcome, created_at, opened_at, returned_at, ended_at, version`

func grantContext(id string) string { return "authorisation.grant:" + id }

func stateHash(state string) []byte {
	h := sha256.Sum256([]byte(state))
	return h[:]
}

func (s *Store) readAuthorisation(row scanner) (Authorisation, error) {
	var a Authorisation
	var sealed []byte
	var asks string
	err := row.Scan(&a.ID, &a.Subject.Kind, &a.Subject.ID, &a.BankID, &sealed, &a.RedirectURI, &a.Step, &a.Approach, &a.SCAStatus,
		&a.Link, &asks, &a.Message, &a.Reason, &a.Answer, &a.Outcome, stamp{&a.CreatedAt}, stamp{&a.OpenedAt}, stamp{&a.ReturnedAt}, stamp{&a.EndedAt}, &a.Version)
	if err != nil {
		return a, err
	}
	plain, err := s.seal.Open(grantContext(a.ID), sealed)
	if err != nil {
		return a, fmt.Errorf("storage: an authorisation cannot be opened: %w", err)
	}
	if err := json.Unmarshal(plain, &a.Secret); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(asks), &a.Asks)
}

// AddAuthorisation keeps a new attempt; attempts at the same subject that were
// still open are replaced by it. There is none at a consent that has ended, nor at a
// deletion that needs none (ErrEnd).
func (s *Store) AddAuthorisation(ctx context.Context, a Authorisation) error {
	secret, err := json.Marshal(a.Secret)
	if err != nil {
		return err
	}
	now := formatTime(s.now())
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := a.Subject.open(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE authorisation SET outcome = ?, ended_at = ?, version = version + 1
			WHERE subject_kind = ? AND subject_id = ? AND outcome = ''`, Replaced, now, a.Subject.Kind, a.Subject.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO authorisation (id, subject_kind, subject_id, state_hash, grant_sealed, redirect_uri, step, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, a.ID, a.Subject.Kind, a.Subject.ID, stateHash(a.Secret.State),
			s.seal.Seal(grantContext(a.ID), secret), a.RedirectURI, a.Step, now)
		return err
	})
}

// Authorisation returns one attempt, or ErrNotFound.
func (s *Store) Authorisation(ctx context.Context, id string) (Authorisation, error) {
	return one(s.readAuthorisation, s.db.QueryRowContext(ctx, `SELECT `+authorisationColumns+` FROM authorisation WHERE id = ?`, id))
}

// open returns nil while an authorisation of the subject can begin, else why it
// cannot.
func (s Subject) open(ctx context.Context, tx *sql.Tx) error {
	switch s.Kind {
	case SubjectConsent:
		return notEnded(ctx, tx, s.ID)
	case SubjectDeletion:
		c, err := consentIn(ctx, tx, s.ID)
		if err == nil && !c.Unconfirmed() {
			err = ErrEnd
		}
		return err
	case SubjectPayment, SubjectCancellation:
		p, err := paymentIn(ctx, tx, s.ID)
		if err == nil && (!p.EndedAt.IsZero() || s.Kind == SubjectCancellation && !p.InForce()) {
			err = ErrEnd
		}
		return err
	}
	return fmt.Errorf("storage: a %q is not authorised", s.Kind)
}

// Authorisations lists the attempts at a subject, the latest first.
func (s *Store) Authorisations(ctx context.Context, of Subject) ([]Authorisation, error) {
	return collect(ctx, s.db, s.readAuthorisation, `SELECT `+authorisationColumns+` FROM authorisation
		WHERE subject_kind = ? AND subject_id = ? ORDER BY created_at DESC, rowid DESC`, of.Kind, of.ID)
}

// OpenAuthorisations lists all attempts that have not ended, the latest first.
func (s *Store) OpenAuthorisations(ctx context.Context) ([]Authorisation, error) {
	return collect(ctx, s.db, s.readAuthorisation, `SELECT `+authorisationColumns+` FROM authorisation
		WHERE outcome = '' ORDER BY created_at DESC, rowid DESC`)
}

// TakeReturn finds the attempt a person comes back from by its state and uses
// the state up: of two returns with one state exactly one succeeds, the other
// gets the attempt with ErrStateUsed. From an attempt that has ended the first
// gets ErrEnded. An unknown state gives ErrNotFound.
func (s *Store) TakeReturn(ctx context.Context, state string) (Authorisation, error) {
	var taken Authorisation
	var cannot error // what cannot go on is noted all the same
	err := s.write(ctx, func(tx *sql.Tx) error {
		a, err := one(s.readAuthorisation, tx.QueryRowContext(ctx, `SELECT `+authorisationColumns+` FROM authorisation
			WHERE state_hash = ?`, stateHash(state)))
		if err != nil {
			return err
		}
		// Looking up a hash leaks nothing about the state; this comparison
		// keeps the promise even if the look-up should change.
		if subtle.ConstantTimeCompare([]byte(a.Secret.State), []byte(state)) != 1 {
			return ErrNotFound
		}
		taken = a
		if !a.ReturnedAt.IsZero() {
			cannot = ErrStateUsed
			return nil
		}
		if a.Ended() {
			cannot = ErrEnded
		}
		taken.ReturnedAt = s.now()
		return changed(tx.ExecContext(ctx, `UPDATE authorisation SET returned_at = ? WHERE id = ?`, formatTime(taken.ReturnedAt), a.ID))
	})
	return taken, errors.Join(err, cannot)
}

// SetAnswer keeps what the bank's last answer means for an attempt, if that is
// still at the version the answer was asked for from, and returns the version it
// is at then. Else nothing is kept (ErrStale).
func (s *Store) SetAnswer(ctx context.Context, a Authorisation) (version int64, err error) {
	asks, err := json.Marshal(a.Asks)
	if err != nil {
		return a.Version, err
	}
	return a.Version + 1, fresh(s.exec(ctx, `UPDATE authorisation SET bank_id = ?, step = ?, approach = ?, sca_status = ?,
		link = ?, asks = ?, message = ?, reason = ?, answer = ?, version = version + 1 WHERE id = ? AND version = ? AND outcome = ''`,
		a.BankID, a.Step, a.Approach, a.SCAStatus, a.Link, string(asks), shortened(a.Message), a.Reason, a.Answer, a.ID, a.Version))
}

// ClaimStep takes the step of an attempt as it was read, before something is
// sent for it, and returns the version it is at then: of several that read the
// same exactly one gets it, the others ErrStale.
func (s *Store) ClaimStep(ctx context.Context, a Authorisation) (version int64, err error) {
	return a.Version + 1, fresh(s.exec(ctx, `UPDATE authorisation SET version = version + 1
		WHERE id = ? AND version = ? AND outcome = ''`, a.ID, a.Version))
}

// fresh returns ErrStale when a statement that means one version changed no row.
func fresh(result sql.Result, err error) error {
	if err = changed(result, err); errors.Is(err, ErrNotFound) {
		return ErrStale
	}
	return err
}

// ChangeSecret changes what is needed to redeem the person's return, as it
// stands in that moment, and returns it. The state cannot be changed.
func (s *Store) ChangeSecret(ctx context.Context, id string, change func(*Secret)) (secret Secret, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		secret, err = s.changeSecret(ctx, tx, id, change)
		return err
	})
	return secret, err
}

func (s *Store) changeSecret(ctx context.Context, tx *sql.Tx, id string, change func(*Secret)) (Secret, error) {
	a, err := one(s.readAuthorisation, tx.QueryRowContext(ctx, `SELECT `+authorisationColumns+` FROM authorisation WHERE id = ?`, id))
	if err != nil {
		return Secret{}, err
	}
	secret := a.Secret
	change(&secret)
	secret.State = a.Secret.State
	plain, err := json.Marshal(secret)
	if err != nil {
		return secret, err
	}
	return secret, changed(tx.ExecContext(ctx, `UPDATE authorisation SET grant_sealed = ? WHERE id = ?`, s.seal.Seal(grantContext(id), plain), id))
}

// SetOpened notes that the person went to the bank's page.
func (s *Store) SetOpened(ctx context.Context, id string) error {
	return changed(s.exec(ctx, `UPDATE authorisation SET opened_at = ? WHERE id = ?`, formatTime(s.now()), id))
}

// EndAuthorisation notes how an attempt ended. The first outcome stands.
func (s *Store) EndAuthorisation(ctx context.Context, id string, outcome Outcome, reason Reason) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE authorisation SET outcome = ?, reason = CASE ? WHEN '' THEN reason ELSE ? END, ended_at = ?,
			version = version + 1 WHERE id = ? AND outcome = ''`, outcome, reason, reason, formatTime(s.now()), id); err != nil {
			return err
		}
		return s.over(ctx, tx, id)
	})
}

// EndDenied ends an attempt that the person declined. The first outcome stands; where
// overFailed, one of which the bank said only that it failed, was declined: the person's
// word and the bank's may come in either order, and at the same time.
func (s *Store) EndDenied(ctx context.Context, id string, overFailed bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE authorisation SET outcome = ?, ended_at = CASE outcome WHEN '' THEN ? ELSE ended_at END,
			version = version + 1 WHERE id = ? AND (outcome = '' OR ? AND outcome = ?)`,
			Denied, formatTime(s.now()), id, overFailed, Failed); err != nil {
			return err
		}
		return s.over(ctx, tx, id)
	})
}

// EndAuthorisationAsRead ends an attempt because of what it was when it was
// read; one that changed since goes on (ErrStale).
func (s *Store) EndAuthorisationAsRead(ctx context.Context, a Authorisation, outcome Outcome) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := fresh(tx.ExecContext(ctx, `UPDATE authorisation SET outcome = ?, ended_at = ?, version = version + 1
			WHERE id = ? AND version = ? AND outcome = ''`, outcome, formatTime(s.now()), a.ID, a.Version)); err != nil {
			return err
		}
		return s.over(ctx, tx, a.ID)
	})
}

// over does what follows where an attempt has ended.
func (s *Store) over(ctx context.Context, tx *sql.Tx, id string) error {
	if err := s.lapse(ctx, tx, id); err != nil {
		return err
	}
	return forgetWords(ctx, tx, id)
}

// forgetWords forgets what a bank said in the approval of a deletion that has ended,
// where the consent's data were erased: its words may name what went.
func forgetWords(ctx context.Context, tx *sql.Tx, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE authorisation SET message = '', reason = '', answer = '', asks = '{}', link = ''
		WHERE id = ? AND outcome <> '' AND subject_kind = ? AND subject_id IN (SELECT id FROM consent WHERE erased_at <> '' OR erase_asked)`, id, SubjectDeletion)
	return err
}
