package storage

import (
	"context"
	"database/sql"
	"errors"
)

// Payments that were composed at one time are a list: each is sent, approved and followed
// by itself, and all are shown and confirmed together.

// AddPaymentList keeps the payments of a form that makes several. Of what comes from one
// form the first is kept. ErrNotFound: the environment was removed meanwhile.
func (s *Store) AddPaymentList(ctx context.Context, listID string, list []Payment) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := one(readText, tx.QueryRowContext(ctx, `SELECT id FROM payment WHERE list_id = ? LIMIT 1`, listID)); !errors.Is(err, ErrNotFound) {
			return err
		}
		for i, p := range list {
			p.ListID, p.Place = listID, i
			if err := s.addPayment(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// PaymentList returns the payments of a list in their order, or ErrNotFound.
func (s *Store) PaymentList(ctx context.Context, listID string) ([]Payment, error) {
	list, err := collect(ctx, s.db, readPayment, `SELECT `+paymentColumns+` FROM payment WHERE list_id = ? AND list_id <> '' ORDER BY list_place`, listID)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	return list, err
}

// ShowPaymentList keeps for each payment what the person saw of it. ErrStale: one was
// changed since it was read.
func (s *Store) ShowPaymentList(ctx context.Context, list []Payment) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, p := range list {
			if err := fresh(tx.ExecContext(ctx, `UPDATE payment SET shown = ? WHERE id = ? AND version = ?`, p.Shown, p.ID, p.Version)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ConfirmPaymentList notes that the person has said that payments be sent as they were
// shown: all of them or none. ErrNotShown: one of them is not as it was shown; ErrSent: one
// was sent.
func (s *Store) ConfirmPaymentList(ctx context.Context, list []Payment) error {
	s = s.still()
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, p := range list {
			now, err := paymentIn(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			if err := s.confirmPayment(ctx, tx, now, p.Shown); err != nil {
				return err
			}
		}
		return nil
	})
}
