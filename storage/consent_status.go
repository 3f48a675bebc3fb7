package storage

import (
	"context"
	"database/sql"

	"consentry/xs2a"
)

// End says why a consent can never be used again.
type End string

// The ends of a consent.
const (
	EndWithdrawn End = "withdrawn" // by the person, here
	EndGivenUp   End = "givenUp"   // asked for and never approved; the person dropped it
	EndExpired   End = "expired"   // its time was over, or the bank says so
	EndRejected  End = "rejected"  // at the bank, before it was valid
	EndRevoked   End = "revoked"   // by the person, at the bank
	EndReplaced  End = "replaced"  // by a newer one of the same person at the same bank
	EndRefused   End = "refused"   // the bank accepts it no more, without saying why
	EndUnknown   End = "unknown"   // the bank says it knows no such consent
)

// endOf returns the end that a final status means.
func endOf(status xs2a.ConsentStatus) End {
	switch status {
	case xs2a.ConsentRejected:
		return EndRejected
	case xs2a.ConsentRevokedByPSU:
		return EndRevoked
	case xs2a.ConsentExpired:
		return EndExpired
	}
	return EndWithdrawn
}

// Acknowledgement says whether the bank knows of an end that was made here.
type Acknowledgement string

// What a bank can know of an end. The zero value is for ends it needs no word of.
const (
	AckPending   Acknowledgement = "telling" // it is being told; after a crash nobody knows whether it heard
	AckConfirmed Acknowledgement = "told"    // and it has ended the consent
	AckRefused   Acknowledgement = "refused" // it did not take it
	// AckUnconfirmed: it took the word, and has not ended the consent; see Deletion.
	AckUnconfirmed Acknowledgement = "unconfirmed"
)

func consentIn(ctx context.Context, tx rower, id string) (Consent, error) {
	return one(readConsent, tx.QueryRowContext(ctx, `SELECT `+consentColumns+` FROM consent c WHERE c.id = ?`, id))
}

// SetConsentStatus notes what the bank says of a consent and, when that is new,
// a line in its history. Was is the status that was known when the bank was asked: where
// another question was answered meanwhile, this answer was overtaken, and only a final
// status in it counts. A final status ends the consent and is never taken back.
func (s *Store) SetConsentStatus(ctx context.Context, id string, was, status xs2a.ConsentStatus) error {
	s = s.still()
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Status.Final() && status != c.Status || c.overtakes(was, status) {
			return err
		}
		if err := s.setStatus(ctx, tx, c, status, EventStatus); err != nil || !status.Final() || c.Ended() {
			return err
		}
		return s.setEnd(ctx, tx, id, endOf(status), "")
	})
}

// overtakes reports whether more is known of a consent than an answer tells that was asked
// for while its status was another one.
func (c Consent) overtakes(was, status xs2a.ConsentStatus) bool {
	return c.Status != was && c.Status != status && !status.Final()
}

func (s *Store) setStatus(ctx context.Context, tx *sql.Tx, c Consent, status xs2a.ConsentStatus, kind EventKind) error {
	now := formatTime(s.now())
	if _, err := tx.ExecContext(ctx, `UPDATE consent SET status = ?, status_at = ?,
		granted_at = CASE WHEN ? = 'valid' AND granted_at = '' THEN ? ELSE granted_at END WHERE id = ?`,
		status, now, status, now, c.ID); err != nil || status == c.Status {
		return err
	}
	return s.addEvent(ctx, tx, c.ID, FromBank, status, Event{Kind: kind})
}

// setEnd ends a consent. How the bank knows the person is forgotten with it,
// unless the bank is still to be told.
func (s *Store) setEnd(ctx context.Context, tx *sql.Tx, id string, end End, ack Acknowledgement) error {
	_, err := tx.ExecContext(ctx, `UPDATE consent SET ended_at = ?, end_reason = ?, told = ?,
		person_sealed = CASE ? WHEN '' THEN NULL ELSE person_sealed END WHERE id = ?`, formatTime(s.now()), end, ack, ack, id)
	return err
}

// EndConsent ends a consent that has not ended, for a reason other than the
// bank's status, and reports whether it did.
func (s *Store) EndConsent(ctx context.Context, id string, end End, source Source, event Event) (ended bool, err error) {
	s = s.still()
	err = s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Ended() {
			return err
		}
		ended = true
		if err := s.setEnd(ctx, tx, id, end, ""); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, id, source, c.Status, event)
	})
	return ended, err
}

// WithdrawConsent ends a consent because the person says so, before the bank
// is told: whatever becomes of that, it is not used any more. Of several that
// withdraw at once exactly one is told that it did.
func (s *Store) WithdrawConsent(ctx context.Context, id string, erase bool) (withdrawn bool, err error) {
	s = s.still()
	err = s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Ended() {
			return err
		}
		withdrawn = true
		end, kind, ack := EndWithdrawn, EventWithdrawn, AckPending
		if c.GrantedAt.IsZero() {
			end, kind = EndGivenUp, EventGivenUp
		}
		if c.BankConsentID == "" {
			ack = ""
		}
		if err := s.setEnd(ctx, tx, id, end, ack); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET erase_asked = ? WHERE id = ?`, erase, id); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, id, FromPerson, c.Status, Event{Kind: kind})
	})
	return withdrawn, err
}

// SetAcknowledgement notes whether the bank has acknowledged the end of a consent. Once
// it knows, how it knows the person is forgotten.
func (s *Store) SetAcknowledgement(ctx context.Context, id string, ack Acknowledgement, reason Reason) error {
	s = s.still()
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Acknowledgement == ack && c.AckError.Same(reason) {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET told = ?, told_error = ?, deletion = '',
			person_sealed = CASE ? WHEN 'told' THEN NULL ELSE person_sealed END WHERE id = ?`, ack, reason, ack, id); err != nil {
			return err
		}
		switch ack {
		case AckConfirmed:
			status, err := s.setTerminated(ctx, tx, c)
			if err != nil {
				return err
			}
			if err := s.endDeletion(ctx, tx, c); err != nil {
				return err
			}
			return s.addEvent(ctx, tx, id, FromBank, status, Event{Kind: EventAcknowledged})
		case AckRefused:
			return s.addEvent(ctx, tx, id, FromBank, c.Status, Event{Kind: EventAckRefused, Because: &reason})
		}
		return s.addEvent(ctx, tx, id, FromProgram, c.Status, Event{Kind: EventAckFailed, Because: &reason})
	})
}

// endDeletion ends the approval of a deletion that is done, however the bank came to
// it. Of a consent whose data were erased a bank's words on the way go as well.
func (s *Store) endDeletion(ctx context.Context, tx *sql.Tx, c Consent) error {
	if _, err := tx.ExecContext(ctx, `UPDATE authorisation SET outcome = ?, ended_at = ?, version = version + 1
		WHERE subject_kind = ? AND subject_id = ? AND outcome = ''`, Succeeded, formatTime(s.now()), SubjectDeletion, c.ID); err != nil {
		return err
	}
	if !c.Erasing && c.ErasedAt.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE authorisation SET message = '', answer = '', asks = '{}', link = ''
		WHERE subject_kind = ? AND subject_id = ?`, SubjectDeletion, c.ID)
	return err
}

// setTerminated stores that the consent was terminated by the TPP, unless the bank has
// sent a final status already: a bank that takes a withdrawal need not send one. It
// returns the status that stands then.
func (s *Store) setTerminated(ctx context.Context, tx *sql.Tx, c Consent) (xs2a.ConsentStatus, error) {
	if c.Status.Final() {
		return c.Status, nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE consent SET status = ?, status_at = ? WHERE id = ?`, xs2a.ConsentTerminatedByTPP, formatTime(s.now()), c.ID)
	return xs2a.ConsentTerminatedByTPP, err
}

// ReplaceConsent ends a consent because a newer one took its place, and reports
// whether it did: the newer has to be valid still. One that the bank let expire
// a moment before ended for the same reason. Status is what the bank says of the
// former; empty: it was not asked, or knows nothing final.
func (s *Store) ReplaceConsent(ctx context.Context, id, by string, status xs2a.ConsentStatus, ack Acknowledgement) (replaced bool, err error) {
	s = s.still()
	err = s.write(ctx, func(tx *sql.Tx) error {
		newer, err := consentIn(ctx, tx, by)
		if err != nil || newer.Ended() || newer.Status != xs2a.ConsentValid {
			return err
		}
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.ReplacedBy != "" || c.Ended() && c.End != EndExpired && c.End != EndRefused {
			return err
		}
		replaced = true
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET replaced_by = ? WHERE id = ?`, by, id); err != nil {
			return err
		}
		if status != "" && !c.Status.Final() {
			if err := s.setStatus(ctx, tx, c, status, EventEndedForNewer); err != nil {
				return err
			}
			c.Status = status
		}
		if err := s.setEnd(ctx, tx, id, EndReplaced, ack); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, id, FromPerson, c.Status, Event{Kind: EventReplaced})
	})
	return replaced, err
}

// SetReplacedBy notes the consent that took the place of one that had ended
// before.
func (s *Store) SetReplacedBy(ctx context.Context, id, by string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET replaced_by = ? WHERE id = ?`, by, id); err != nil {
			return err
		}
		return s.addEvent(ctx, tx, id, FromPerson, c.Status, Event{Kind: EventGivenAnew})
	})
}
