package storage

import (
	"context"
	"time"

	"consentry/xs2a"
)

// NamedHost is a host that the person named for a bank.
type NamedHost struct {
	BIC     string
	Origin  xs2a.Origin
	NamedAt time.Time
}

// NameHost keeps that a host belongs to a bank.
func (s *Store) NameHost(ctx context.Context, environmentID, bic string, origin xs2a.Origin) error {
	_, err := s.exec(ctx, `INSERT OR IGNORE INTO bank_host (environment_id, bic, origin, named_at) VALUES (?, ?, ?, ?)`,
		environmentID, bic, string(origin), formatTime(s.now()))
	return err
}

// ForgetHost takes back that a host belongs to a bank.
func (s *Store) ForgetHost(ctx context.Context, environmentID, bic string, origin xs2a.Origin) error {
	_, err := s.exec(ctx, `DELETE FROM bank_host WHERE environment_id = ? AND bic = ? AND origin = ?`, environmentID, bic, string(origin))
	return err
}

// Hosts lists the hosts the person named for a bank.
func (s *Store) Hosts(ctx context.Context, environmentID, bic string) ([]xs2a.Origin, error) {
	return collect(ctx, s.db, func(row scanner) (xs2a.Origin, error) {
		var origin xs2a.Origin
		err := row.Scan(&origin)
		return origin, err
	}, `SELECT origin FROM bank_host WHERE environment_id = ? AND bic = ? ORDER BY origin`, environmentID, bic)
}

// NamedHosts lists the hosts the person named for any bank of an environment.
func (s *Store) NamedHosts(ctx context.Context, environmentID string) ([]NamedHost, error) {
	return collect(ctx, s.db, func(row scanner) (NamedHost, error) {
		var h NamedHost
		err := row.Scan(&h.BIC, &h.Origin, stamp{&h.NamedAt})
		return h, err
	}, `SELECT bic, origin, named_at FROM bank_host WHERE environment_id = ? ORDER BY bic, origin`, environmentID)
}
