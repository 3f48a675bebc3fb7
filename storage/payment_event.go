package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"consentry/xs2a"
)

// PaymentEventKind says what happened to a payment. The kinds stand in the file and are
// never given another meaning.
type PaymentEventKind string

// The kinds of events.
const (
	PayComposed       PaymentEventKind = "composed"       // by the person
	PayConfirmed      PaymentEventKind = "confirmed"      // by the person: it is to be sent
	PayConfirmedAgain PaymentEventKind = "confirmedAgain" // likewise, when nobody knew whether the bank has it
	PaySent           PaymentEventKind = "sent"
	PayNotSent        PaymentEventKind = "notSent"       // it never left: Because
	PayTaken          PaymentEventKind = "taken"         // the bank gave it an id
	PayRefused        PaymentEventKind = "refused"       // the bank did not take it: Because
	PayUnknown        PaymentEventKind = "unknown"       // there was no answer: Because
	PayDropped        PaymentEventKind = "dropped"       // by the person, who had it not sent
	PayLeft           PaymentEventKind = "left"          // by the person, when nobody knew whether the bank has it
	PayStatus         PaymentEventKind = "status"        // the bank told the status that stands beside it
	PayCancelAsked    PaymentEventKind = "cancelAsked"   // by the person
	PayCancelLeft     PaymentEventKind = "cancelLeft"    // the person left the cancellation
	PayCancelLapsed   PaymentEventKind = "cancelLapsed"  // its approval came to nothing
	PayCancelRefused  PaymentEventKind = "cancelRefused" // by the bank: Because
	PayCancelled      PaymentEventKind = "cancelled"     // by the bank, as it was asked to
)

// PaymentEvent is a line of a payment's history.
type PaymentEvent struct {
	At     time.Time              `json:"-"`
	Source Source                 `json:"-"`
	Status xs2a.TransactionStatus `json:"-"` // the bank's word at that moment
	Kind   PaymentEventKind       `json:"-"`

	Because *Reason `json:"because,omitempty"`
}

// PaymentEvents returns a payment's history, the latest first.
func (s *Store) PaymentEvents(ctx context.Context, paymentID string) ([]PaymentEvent, error) {
	return collect(ctx, s.db, func(row scanner) (PaymentEvent, error) {
		var e PaymentEvent
		var args string
		if err := row.Scan(stamp{&e.At}, &e.Source, &e.Status, &e.Kind, &args); err != nil {
			return e, err
		}
		return e, json.Unmarshal([]byte(args), &e)
	}, `SELECT at, source, status, kind, args FROM payment_event WHERE payment_id = ? ORDER BY id DESC`, paymentID)
}

func (s *Store) addPaymentEvent(ctx context.Context, tx *sql.Tx, paymentID string, source Source, status xs2a.TransactionStatus, event PaymentEvent) error {
	args, err := json.Marshal(event)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO payment_event (payment_id, at, source, status, kind, args) VALUES (?, ?, ?, ?, ?, ?)`,
		paymentID, formatTime(s.now()), source, status, event.Kind, string(args))
	return err
}
