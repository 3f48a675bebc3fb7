package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"consentry/xs2a"
)

// Source is who a change of a consent comes from.
type Source string

// The sources of changes.
const (
	FromBank   Source = "bank"
	FromPerson Source = "person"
	FromTime   Source = "time"
	// FromProgram is for what the program found out, or could not do.
	FromProgram Source = "program"
)

// EventKind says what happened to a consent. The kinds stand in the file and
// are never given another meaning.
type EventKind string

// The kinds of events, with the fields of [Event] that say more.
const (
	EventNote      EventKind = "note"      // Text: a sentence of an older version
	EventAsked     EventKind = "asked"     // the person asked for it
	EventStatus    EventKind = "status"    // the bank told the status that stands beside it
	EventLastDay   EventKind = "lastDay"   // the bank changed the last day: Before, Day
	EventFrequency EventKind = "frequency" // the bank changed how often it may be used: Former, Number
	EventLeftOut   EventKind = "leftOut"   // the bank sent accounts that were not named: Number

	EventSchedule   EventKind = "schedule"   // the person chose how often it is read by itself: Number a day
	EventRenewalDue EventKind = "renewalDue" // reading by itself stopped after so many days: Number

	EventRanOut         EventKind = "ranOut"         // its last day passed: Day
	EventNeverApproved  EventKind = "neverApproved"  // likewise, of one nobody approved: Day
	EventOverruled      EventKind = "overruled"      // the bank says it is valid, though by this machine's clock its last day has passed
	EventRefusedExpired EventKind = "refusedExpired" // the bank refused reads: it has expired
	EventRefusedUnknown EventKind = "refusedUnknown" // the bank knows no such consent
	EventRefusedInvalid EventKind = "refusedInvalid" // the bank refused reads: it accepts it no more
	EventWithdrawn      EventKind = "withdrawn"      // by the person
	EventGivenUp        EventKind = "givenUp"        // by the person, before it was approved
	EventReplaced       EventKind = "replaced"       // a newer one took its place
	EventEndedForNewer  EventKind = "endedForNewer"  // the bank ended it when a newer one was approved
	EventGivenAnew      EventKind = "givenAnew"      // the person gave a new one in place of one that had ended

	EventAcknowledged EventKind = "told"        // the bank ended it, too
	EventUnconfirmed  EventKind = "unconfirmed" // the bank took the word and did not end it: Approve, Reason its words
	EventAckRefused   EventKind = "tellRefused" // the bank did not take the word: Because
	EventAckFailed    EventKind = "tellFailed"  // the bank could not be told: Because

	EventErased     EventKind = "erased"     // its data were erased: Accounts, Transactions, Kept
	EventErasedWith EventKind = "erasedWith" // what was read of Accounts of it was erased with another consent's data
)

// Event is what happened, as data. Which fields count is said at the kinds.
type Event struct {
	Kind EventKind `json:"-"`

	Before       string  `json:"before,omitempty"` // ISO date
	Day          string  `json:"day,omitempty"`    // ISO date
	Former       int     `json:"former,omitempty"`
	Number       int     `json:"number,omitempty"`
	Accounts     int     `json:"accounts,omitempty"`
	Transactions int     `json:"entries,omitempty"`
	Kept         int     `json:"kept,omitempty"` // accounts that another consent reaches
	Approve      bool    `json:"approve,omitempty"`
	Reason       string  `json:"reason,omitempty"` // a bank's words, or a sentence of an older version
	Because      *Reason `json:"because,omitempty"`
	Text         string  `json:"text,omitempty"`
}

// ConsentEvent is a line of a consent's history.
type ConsentEvent struct {
	At     time.Time
	Source Source
	Status xs2a.ConsentStatus // the bank's word at that moment
	Event
}

// ConsentEvents returns a consent's history, the latest first.
func (s *Store) ConsentEvents(ctx context.Context, consentID string) ([]ConsentEvent, error) {
	return collect(ctx, s.db, func(row scanner) (ConsentEvent, error) {
		var e ConsentEvent
		var args string
		if err := row.Scan(stamp{&e.At}, &e.Source, &e.Status, &e.Kind, &args); err != nil {
			return e, err
		}
		return e, json.Unmarshal([]byte(args), &e.Event)
	}, `SELECT at, source, status, kind, args FROM consent_event WHERE consent_id = ? ORDER BY id DESC`, consentID)
}

// AddConsentEventOnce adds a line to a consent's history that changes nothing
// else, unless the same stands there already.
func (s *Store) AddConsentEventOnce(ctx context.Context, id string, source Source, event Event) error {
	args, err := json.Marshal(event)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		c, err := consentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		var told bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM consent_event WHERE consent_id = ? AND kind = ? AND args = ?)`,
			id, event.Kind, string(args)).Scan(&told); err != nil || told {
			return err
		}
		return s.addEvent(ctx, tx, id, source, c.Status, event)
	})
}

func (s *Store) addEvent(ctx context.Context, tx *sql.Tx, consentID string, source Source, status xs2a.ConsentStatus, event Event) error {
	event.Reason, event.Text = shortened(event.Reason), shortened(event.Text)
	args, err := json.Marshal(event)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO consent_event (consent_id, at, source, status, kind, args) VALUES (?, ?, ?, ?, ?, ?)`,
		consentID, formatTime(s.now()), source, status, event.Kind, string(args))
	return err
}
