package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"consentry/xs2a"
)

// Payment is an order that a person gives a bank. It is stored before anything is sent
// for it. Its fate is what is known here of the sending, its status the bank's last word.
type Payment struct {
	ID                string // ours
	EnvironmentID     string
	BIC               string
	BankName          string
	AffiliatedASPSPID string
	FormID            string // of the form by which it was composed; may be empty
	ListID            string // of the form by which it was composed with others; empty: by itself
	Place             int    // among these, from 0 on
	RequestID         string // X-Request-ID of the POST, for its repeat
	Order             xs2a.Order
	Shown             string // digest of what the person saw last before sending; empty: nothing yet

	Fate         Fate
	BankID       string // the bank's paymentId; empty until it answered
	Status       xs2a.TransactionStatus
	StatusAt     time.Time // when the bank last said so
	Said         Said      // what else the bank said of it
	Message      string    // the bank's words to the person; untrusted
	Reason       Reason    // why it was refused, never left, or is unknown; or why its status could not be asked for
	Cancellation Cancellation
	Approved     bool // by all whom the bank asked; its status may not tell yet

	Asked      int       // questions for the status that brought nothing new
	AskedAt    time.Time // the last of them
	CreatedAt  time.Time
	SentAt     time.Time // first
	AnsweredAt time.Time // when it was first known what became of the sending
	EndedAt    time.Time // when nothing more was to come; zero: something may
	Version    int64     // another one after each change of the order, and each sending of which nobody knows
	Doubted    bool      // it was sent once and nobody knew what became of that

	again bool // of unknown fate: the person has said that it be sent again
}

// Fate is what became of sending a payment.
type Fate string

// The fates of a payment.
const (
	FateComposed  Fate = "composed"  // nothing has been sent
	FateConfirmed Fate = "confirmed" // likewise; the person has said that it be sent as it was shown
	FateSending   Fate = "sending"   // it is on its way
	FateUnknown   Fate = "unknown"   // it was sent, and nobody knows whether the bank has it
	FateTaken     Fate = "taken"     // the bank has it, under an id of its own
	FateRefused   Fate = "refused"   // the bank did not take it
	FateDropped   Fate = "dropped"   // the person let it go, sent or not
)

// AtHome reports whether nothing of a payment is on its way or at the bank that was not
// there before: it may be changed, sent, or let go.
func (f Fate) AtHome() bool { return f == FateComposed || f == FateConfirmed }

// InForce reports whether the bank has the payment and something more is to come of it.
func (p Payment) InForce() bool { return p.Fate == FateTaken && p.EndedAt.IsZero() }

// Checked reports whether the person has nothing to do any more for a payment that the bank
// has: it is authorised, or approved and the bank has yet to say so.
func (p Payment) Checked() bool {
	return p.Status.Authorised() || p.Approved && (p.Status == xs2a.PaymentReceived || p.Status == xs2a.PaymentPending)
}

// EndsWith reports whether nothing more is to come of a payment of which the bank says a
// status on a day. A standing order that was carried out is carried out again, until its
// last day is over or the bank ends it.
func (p Payment) EndsWith(status xs2a.TransactionStatus, on time.Time) bool {
	if s := p.Order.Standing; s != nil && !status.Refused() {
		return status.Final() && s.End != "" && s.End < on.Format(time.DateOnly)
	}
	return status.Final()
}

// Cancellation says how far the cancellation of a payment is. The zero value says that
// none was asked for.
type Cancellation string

// How far a cancellation can be.
const (
	CancelNone    Cancellation = ""
	CancelPending Cancellation = "pending" // it was asked for: the bank wants it approved, or has not answered
	CancelRefused Cancellation = "refused" // the bank goes on with the payment
	CancelDone    Cancellation = "done"    // the bank has cancelled it
)

// ErrNotShown is returned where something else would be sent than the person saw last.
var ErrNotShown = errors.New("storage: what is to be sent was not shown")

// ErrSent is returned where a payment that was sent would be changed.
var ErrSent = errors.New("storage: the payment was sent")

// ErrOtherID is returned where a bank has given one payment two ids.
var ErrOtherID = errors.New("storage: the bank gave one payment two ids")

const paymentColumns = `id, environment_id, bic, bank_name, affiliated_id, coalesce(form_id, ''), list_id, list_place, request_id, payment_order, shown,
	fate, bank_id, status, status_at, said, message, reason, cancellation, asked, asked_at, created_at, sent_at, answered_at, ended_at, version, doubted, approved`

func readPayment(row scanner) (Payment, error) {
	var p Payment
	var order, said string
	if err := row.Scan(&p.ID, &p.EnvironmentID, &p.BIC, &p.BankName, &p.AffiliatedASPSPID, &p.FormID, &p.ListID, &p.Place, &p.RequestID, &order, &p.Shown,
		&p.Fate, &p.BankID, &p.Status, stamp{&p.StatusAt}, &said, &p.Message, &p.Reason, &p.Cancellation, &p.Asked, stamp{&p.AskedAt},
		stamp{&p.CreatedAt}, stamp{&p.SentAt}, stamp{&p.AnsweredAt}, stamp{&p.EndedAt}, &p.Version, &p.Doubted, &p.Approved); err != nil {
		return p, err
	}
	if p.Fate == FateConfirmed && p.Doubted {
		p.Fate, p.again = FateUnknown, true // the bank may have it, whether or not it is sent again
	}
	if said != "{}" { // of most payments the bank says nothing more, and boards read many
		if err := json.Unmarshal([]byte(said), &p.Said); err != nil {
			return p, err
		}
	}
	var err error
	p.Order, err = orderTexts.of(order)
	return p, err
}

func paymentIn(ctx context.Context, tx *sql.Tx, id string) (Payment, error) {
	return one(readPayment, tx.QueryRowContext(ctx, `SELECT `+paymentColumns+` FROM payment WHERE id = ?`, id))
}

// Payment returns one payment, or ErrNotFound.
func (s *Store) Payment(ctx context.Context, id string) (Payment, error) {
	return one(readPayment, s.db.QueryRowContext(ctx, `SELECT `+paymentColumns+` FROM payment WHERE id = ?`, id))
}

// Payments lists all payments, the newest first.
func (s *Store) Payments(ctx context.Context) ([]Payment, error) {
	return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment ORDER BY created_at DESC, id`)
}

// PaymentsEndedSince lists the payments of which nothing more is to come since a time, those that ended last first: so
// many at most.
func (s *Store) PaymentsEndedSince(ctx context.Context, since time.Time, limit int) ([]Payment, error) {
	return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment
		WHERE ended_at <> '' AND ended_at >= ? ORDER BY ended_at DESC, id LIMIT ?`, formatTime(since), limit)
}

// PaymentsInForce lists the payments that banks have and of which more is to come, the
// newest first.
func (s *Store) PaymentsInForce(ctx context.Context) ([]Payment, error) {
	return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment
		WHERE fate = ? AND ended_at = '' ORDER BY created_at DESC, id`, FateTaken)
}

// PaymentsLike lists the latest payments of the same bank, service and product as one, that
// were carried out, the latest first.
func (s *Store) PaymentsLike(ctx context.Context, p Payment) ([]Payment, error) {
	return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment
		WHERE environment_id = ? AND bic = ? AND fate = ? AND ended_at <> '' AND status NOT IN (?, ?) AND id <> ?
			AND payment_order ->> 'Service' = ? AND payment_order ->> 'Product' = ? ORDER BY created_at DESC, id LIMIT 5`,
		p.EnvironmentID, p.BIC, FateTaken, xs2a.PaymentRejected, xs2a.PaymentCancelled, p.ID, p.Order.Service, p.Order.Product)
}

// AddPayment keeps a payment as it was composed and returns its id. A form makes one
// payment: of what comes from one form the first is kept, and its id returned.
// ErrNotFound: the environment was removed meanwhile.
func (s *Store) AddPayment(ctx context.Context, p Payment) (id string, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if p.FormID != "" {
			former, err := one(readText, tx.QueryRowContext(ctx, `SELECT id FROM payment WHERE form_id = ?`, p.FormID))
			if !errors.Is(err, ErrNotFound) {
				id = former
				return err
			}
		}
		id = p.ID
		return s.addPayment(ctx, tx, p)
	})
	return id, err
}

func (s *Store) addPayment(ctx context.Context, tx *sql.Tx, p Payment) error {
	order, err := json.Marshal(p.Order)
	if err != nil {
		return err
	}
	if _, err := one(readText, tx.QueryRowContext(ctx, `SELECT id FROM environment WHERE id = ?`, p.EnvironmentID)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO payment (id, environment_id, bic, bank_name, affiliated_id, form_id, list_id, list_place, request_id, payment_order, fate, created_at)
		VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?)`, p.ID, p.EnvironmentID, p.BIC, p.BankName, p.AffiliatedASPSPID, p.FormID, p.ListID, p.Place,
		p.RequestID, string(order), FateComposed, formatTime(s.now())); err != nil {
		return err
	}
	return s.addPaymentEvent(ctx, tx, p.ID, FromPerson, "", PaymentEvent{Kind: PayComposed})
}

// SetOrder changes what is asked for, before it was sent, of a payment that is still as
// it was read. What was shown or confirmed before counts no more. ErrSent: it was sent;
// ErrStale: it was changed in another window.
func (s *Store) SetOrder(ctx context.Context, p Payment, order xs2a.Order) error {
	text, err := json.Marshal(order)
	if err != nil {
		return err
	}
	return s.changePayment(ctx, p.ID, func(tx *sql.Tx, now Payment) error {
		switch {
		case !now.Fate.AtHome() || !now.SentAt.IsZero():
			return ErrSent
		case now.Version != p.Version:
			return ErrStale
		}
		_, err := tx.ExecContext(ctx, `UPDATE payment SET payment_order = ?, shown = '', fate = ?, version = version + 1 WHERE id = ?`,
			string(text), FateComposed, p.ID)
		return err
	})
}

// SetShown keeps the digest of what the person saw of a payment. ErrStale: it was changed
// since it was read.
func (s *Store) SetShown(ctx context.Context, p Payment, digest string) error {
	return fresh(s.exec(ctx, `UPDATE payment SET shown = ? WHERE id = ? AND version = ?`, digest, p.ID, p.Version))
}

// ConfirmPayment notes that the person has said that a payment be sent, or sent again
// where nobody knows whether the bank has it. What is confirmed has to be what was shown
// (ErrNotShown). ErrSent: it is under way, or what became of it is known.
func (s *Store) ConfirmPayment(ctx context.Context, id, digest string) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error { return s.confirmPayment(ctx, tx, p, digest) })
}

func (s *Store) confirmPayment(ctx context.Context, tx *sql.Tx, p Payment, digest string) error {
	kind := PayConfirmed
	switch {
	case p.Fate == FateUnknown:
		kind = PayConfirmedAgain
	case !p.Fate.AtHome():
		return ErrSent
	}
	if digest == "" || p.Shown != digest {
		return ErrNotShown
	}
	if _, err := tx.ExecContext(ctx, `UPDATE payment SET fate = ?, reason = CASE doubted WHEN 0 THEN '' ELSE reason END WHERE id = ?`, FateConfirmed, p.ID); err != nil {
		return err
	}
	return s.addPaymentEvent(ctx, tx, p.ID, FromPerson, p.Status, PaymentEvent{Kind: kind})
}

// ClaimSending takes a payment that the person has confirmed for sending: of several that
// would send it exactly one does. It returns ErrSent to the others, and ErrNotShown where
// it was changed since.
func (s *Store) ClaimSending(ctx context.Context, id string) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		switch {
		case p.Fate == FateConfirmed, p.again:
		case p.Fate == FateComposed:
			return ErrNotShown
		default:
			return ErrSent
		}
		if _, err := tx.ExecContext(ctx, `UPDATE payment SET fate = ?, sent_at = CASE sent_at WHEN '' THEN ? ELSE sent_at END WHERE id = ?`,
			FateSending, formatTime(s.now()), id); err != nil {
			return err
		}
		return s.addPaymentEvent(ctx, tx, id, FromProgram, p.Status, PaymentEvent{Kind: PaySent})
	})
}

// Answer is what a bank answered to a payment that it took.
type Answer struct {
	BankID  string
	Status  xs2a.TransactionStatus
	Said    Said
	Message string // the bank's words to the person; untrusted
}

// SetTaken notes that the bank has a payment, whatever was thought of it before: what the
// person let go is in force all the same. ErrOtherID: it is known by another id.
func (s *Store) SetTaken(ctx context.Context, id string, answer Answer) error {
	said, err := json.Marshal(answer.Said)
	if err != nil {
		return err
	}
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		if p.Fate == FateTaken && p.BankID != answer.BankID {
			return ErrOtherID
		}
		now := formatTime(s.now())
		if _, err := tx.ExecContext(ctx, `UPDATE payment SET fate = ?, bank_id = ?, said = ?, message = ?, reason = '',
			answered_at = CASE answered_at WHEN '' THEN ? ELSE answered_at END, ended_at = '' WHERE id = ?`,
			FateTaken, answer.BankID, string(said), shortened(answer.Message), now, id); err != nil {
			return err
		}
		if p.Fate != FateTaken {
			if err := s.addPaymentEvent(ctx, tx, id, FromBank, answer.Status, PaymentEvent{Kind: PayTaken}); err != nil {
				return err
			}
		}
		p.Fate, p.EndedAt = FateTaken, time.Time{}
		return s.setPaymentStatus(ctx, tx, p, answer.Status)
	})
}

// SetNotTaken notes of a payment that was being sent that the bank refused to take it, that
// it is not known whether it did, or, by FateConfirmed, that it never left. What was sent
// before stays unknown whatever became of sending it again. What was shown of one that is
// unknown counts no more: a click that was meant for the first sending is none for another.
func (s *Store) SetNotTaken(ctx context.Context, id string, fate Fate, reason Reason) error {
	reason.Text = shortened(reason.Text)
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		if p.Fate != FateSending {
			return nil
		}
		kind, source, ended, sent := PayUnknown, FromProgram, time.Time{}, p.SentAt
		switch fate {
		case FateRefused:
			kind, source, ended = PayRefused, FromBank, s.now()
		case FateConfirmed:
			kind, sent = PayNotSent, time.Time{}
		}
		now, why := fate, reason
		if p.Doubted && fate != FateUnknown {
			now, why, ended, sent = FateUnknown, p.Reason, time.Time{}, p.SentAt
		}
		if _, err := tx.ExecContext(ctx, `UPDATE payment SET fate = ?, reason = ?, sent_at = ?, ended_at = ? WHERE id = ?`,
			now, why, formatTime(sent), formatTime(ended), id); err != nil {
			return err
		}
		if now == FateUnknown {
			if _, err := tx.ExecContext(ctx, `UPDATE payment SET doubted = 1, shown = '', version = version + 1 WHERE id = ?`, id); err != nil {
				return err
			}
		}
		return s.addPaymentEvent(ctx, tx, id, source, p.Status, PaymentEvent{Kind: kind, Because: &reason})
	})
}

// InterruptedPayments notes of all payments that were being sent when the program ended
// that their fate is unknown.
func (s *Store) InterruptedPayments(ctx context.Context, reason Reason) error {
	sending, err := collect(ctx, s.db, readText, `SELECT id FROM payment WHERE fate = ?`, FateSending)
	for _, id := range sending {
		if err := s.SetNotTaken(ctx, id, FateUnknown, reason); err != nil {
			return err
		}
	}
	return err
}

// DropPayment notes that the person lets a payment go: it is not sent, and where it may
// have been, it is not asked for any more. ErrSent: it is under way, or the bank has it.
func (s *Store) DropPayment(ctx context.Context, id string) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		switch p.Fate {
		case FateDropped:
			return nil
		case FateComposed, FateConfirmed, FateUnknown:
		default:
			return ErrSent
		}
		if _, err := tx.ExecContext(ctx, `UPDATE payment SET fate = ?, ended_at = ? WHERE id = ?`, FateDropped, formatTime(s.now()), id); err != nil {
			return err
		}
		kind := PayDropped
		if p.Doubted {
			kind = PayLeft
		}
		return s.addPaymentEvent(ctx, tx, id, FromPerson, p.Status, PaymentEvent{Kind: kind})
	})
}

// SetPaymentStatus notes what the bank says of a payment it has, and a line in its history
// where that is new. Was is the status that was known when the bank was asked: an answer that
// was overtaken by another counts only where it is final. A final status is never taken back.
func (s *Store) SetPaymentStatus(ctx context.Context, id string, was, status xs2a.TransactionStatus) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		if p.Status != was && !p.EndsWith(status, s.now()) {
			status = p.Status
		}
		return s.setPaymentStatus(ctx, tx, p, status)
	})
}

// SetApproved notes that all whom the bank asked have approved a payment.
func (s *Store) SetApproved(ctx context.Context, id string) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		_, err := tx.ExecContext(ctx, `UPDATE payment SET approved = 1 WHERE id = ?`, id)
		return err
	})
}

// SetPaymentSaid changes what else the bank said of a payment.
func (s *Store) SetPaymentSaid(ctx context.Context, id string, change func(*Said)) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		change(&p.Said)
		said, err := json.Marshal(p.Said)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE payment SET said = ? WHERE id = ?`, string(said), id)
		return err
	})
}

func (s *Store) setPaymentStatus(ctx context.Context, tx *sql.Tx, p Payment, status xs2a.TransactionStatus) error {
	now := s.now()
	told := status != "" && status != p.Status && p.EndedAt.IsZero()
	if told {
		if _, err := tx.ExecContext(ctx, `UPDATE payment SET status = ?, status_at = ?, asked = 0, asked_at = ?, reason = '' WHERE id = ?`,
			status, formatTime(now), formatTime(now), p.ID); err != nil {
			return err
		}
		if err := s.addPaymentEvent(ctx, tx, p.ID, FromBank, status, PaymentEvent{Kind: PayStatus}); err != nil {
			return err
		}
	} else if _, err := tx.ExecContext(ctx, `UPDATE payment SET asked = asked + 1, asked_at = ?, reason = '' WHERE id = ?`, formatTime(now), p.ID); err != nil {
		return err
	}
	if !p.EndedAt.IsZero() || !p.EndsWith(status, now) {
		return nil
	}
	cancellation := p.Cancellation
	switch {
	case status == xs2a.PaymentCancelled && cancellation != "":
		cancellation = CancelDone
	case cancellation == CancelPending:
		cancellation = CancelRefused // it was carried out
	}
	_, err := tx.ExecContext(ctx, `UPDATE payment SET ended_at = ?, cancellation = ? WHERE id = ?`, formatTime(now), cancellation, p.ID)
	return err
}

// SetNotAsked notes why the bank could not be asked for the status of a payment it has. The
// status stays as it was.
func (s *Store) SetNotAsked(ctx context.Context, id string, reason Reason) error {
	_, err := s.exec(ctx, `UPDATE payment SET asked = asked + 1, asked_at = ?, reason = ? WHERE id = ? AND ended_at = ''`, formatTime(s.now()), reason, id)
	return err
}

// SetCancellation notes how far the cancellation of a payment is. ErrEnd: nothing more is
// to come of the payment.
func (s *Store) SetCancellation(ctx context.Context, id string, how Cancellation, reason Reason) error {
	return s.changePayment(ctx, id, func(tx *sql.Tx, p Payment) error {
		switch {
		case !p.InForce():
			return ErrEnd
		case p.Cancellation == how:
			return nil
		}
		event, source := PaymentEvent{Kind: PayCancelAsked}, FromPerson
		switch how {
		case CancelNone:
			event.Kind = PayCancelLeft
		case CancelRefused:
			event, source = PaymentEvent{Kind: PayCancelRefused, Because: &reason}, FromBank
		case CancelDone:
			event, source = PaymentEvent{Kind: PayCancelled}, FromBank
		}
		return s.setCancellation(ctx, tx, p, how, source, event)
	})
}

func (s *Store) setCancellation(ctx context.Context, tx *sql.Tx, p Payment, how Cancellation, source Source, event PaymentEvent) error {
	if _, err := tx.ExecContext(ctx, `UPDATE payment SET cancellation = ? WHERE id = ?`, how, p.ID); err != nil {
		return err
	}
	return s.addPaymentEvent(ctx, tx, p.ID, source, p.Status, event)
}

// lapse notes that a cancellation is asked for no more where the attempt that has ended was
// to approve it, and came to nothing: the payment goes on.
func (s *Store) lapse(ctx context.Context, tx *sql.Tx, authorisationID string) error {
	ids, err := collect(ctx, tx, readText, `SELECT subject_id FROM authorisation WHERE id = ? AND subject_kind = ? AND outcome IN (?, ?, ?, ?)`,
		authorisationID, SubjectCancellation, Denied, Failed, Expired, Misled)
	if err != nil || len(ids) == 0 {
		return err
	}
	p, err := paymentIn(ctx, tx, ids[0])
	if err != nil || !p.InForce() || p.Cancellation != CancelPending {
		return err
	}
	return s.setCancellation(ctx, tx, p, CancelNone, FromProgram, PaymentEvent{Kind: PayCancelLapsed})
}

// changePayment changes a payment as it stands in that moment.
func (s *Store) changePayment(ctx context.Context, id string, change func(tx *sql.Tx, now Payment) error) error {
	s = s.still()
	return s.write(ctx, func(tx *sql.Tx) error {
		p, err := paymentIn(ctx, tx, id)
		if err != nil {
			return err
		}
		return change(tx, p)
	})
}

// PaymentsSince lists the payments that were composed since a time, the newest first.
func (s *Store) PaymentsSince(ctx context.Context, since time.Time) ([]Payment, error) {
	return collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment WHERE created_at >= ? ORDER BY created_at DESC, id`, formatTime(since))
}
