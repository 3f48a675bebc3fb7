package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"consentry/xs2a"
)

// Deletion is what a bank answered that took the word of an end and did not
// end the consent, with how often it was asked since whether it has.
type Deletion struct {
	Step    xs2a.Step `json:"step,omitempty"`    // what it wants of the person, from its links; empty where it asks for nothing
	Message string    `json:"message,omitempty"` // its words to the person; untrusted
	Asked   int       `json:"asked,omitempty"`
	AskedAt time.Time `json:"askedAt,omitzero"` // when it answered last
}

// Approve reports whether the bank wants the person to approve the deletion.
func (d Deletion) Approve() bool { return d.Step != "" }

// Unconfirmed reports whether the consent ended here and the bank has not said
// that it ended there.
func (c Consent) Unconfirmed() bool {
	return c.Acknowledgement == AckPending || c.Acknowledgement == AckRefused || c.Acknowledgement == AckUnconfirmed
}

// AwaitsDeletion reports whether the bank took the word of an end, has not ended
// the consent, and may still hold it to be in force.
func (c Consent) AwaitsDeletion(now time.Time) bool {
	return c.Acknowledgement == AckUnconfirmed && !c.RunOut(now)
}

// readDeletion reads the column.
func readDeletion(column string, d *Deletion) error {
	if column == "" {
		return nil
	}
	return json.Unmarshal([]byte(column), d)
}

// SetUnconfirmed notes that the bank took the word of an end and has not ended
// the consent, with what it wants instead. It is a new line in the history the
// first time and when that is another thing than before.
func (s *Store) SetUnconfirmed(ctx context.Context, id string, d Deletion) error {
	s = s.still()
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Acknowledgement == AckConfirmed { // the bank's word on the end stands
			return err
		}
		if c.Erasing || !c.ErasedAt.IsZero() { // a bank's words may name what goes
			d.Message = ""
		}
		d.Asked, d.AskedAt, d.Message = 0, s.now(), shortened(d.Message)
		if err := setDeletion(ctx, tx, id, d); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consent SET told = ?, told_error = '' WHERE id = ?`, AckUnconfirmed, id); err != nil ||
			c.Acknowledgement == AckUnconfirmed && c.Deletion.Step == d.Step && c.Deletion.Message == d.Message {
			return err
		}
		return s.addEvent(ctx, tx, id, FromBank, c.Status, Event{Kind: EventUnconfirmed, Approve: d.Approve(), Reason: d.Message})
	})
}

// NoteAsked notes that the bank was asked whether it has ended a consent, and
// did not say so.
func (s *Store) NoteAsked(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil || c.Acknowledgement != AckUnconfirmed {
			return err
		}
		c.Deletion.Asked, c.Deletion.AskedAt = c.Deletion.Asked+1, s.now()
		return setDeletion(ctx, tx, id, c.Deletion)
	})
}

func setDeletion(ctx context.Context, tx *sql.Tx, id string, d Deletion) error {
	column, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE consent SET deletion = ? WHERE id = ?`, string(column), id)
	return err
}
