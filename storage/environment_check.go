package storage

import (
	"context"
	"time"
)

// EnvironmentCheck is when the connection of an environment was last checked, and how it
// went.
type EnvironmentCheck struct {
	EnvironmentID string
	At            time.Time
	Version       string // of the environment that was checked
	Failed        Reason // why an attempt failed; none where all worked
	Unclear       bool   // a bank was reached that may not know the address
}

// SetEnvironmentCheck keeps a check in the place of the one before.
func (s *Store) SetEnvironmentCheck(ctx context.Context, c EnvironmentCheck) error {
	_, err := s.exec(ctx, `INSERT INTO environment_check (environment_id, at, version, failed, unclear) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (environment_id) DO UPDATE SET at = excluded.at, version = excluded.version, failed = excluded.failed, unclear = excluded.unclear`,
		c.EnvironmentID, formatTime(s.now()), c.Version, c.Failed, c.Unclear)
	return err
}

// EnvironmentChecks returns the last check of each environment that was checked, by its id.
func (s *Store) EnvironmentChecks(ctx context.Context) (map[string]EnvironmentCheck, error) {
	all, err := collect(ctx, s.db, func(row scanner) (c EnvironmentCheck, err error) {
		return c, row.Scan(&c.EnvironmentID, stamp{&c.At}, &c.Version, &c.Failed, &c.Unclear)
	}, `SELECT environment_id, at, version, failed, unclear FROM environment_check`)
	checks := make(map[string]EnvironmentCheck, len(all))
	for _, one := range all {
		checks[one.EnvironmentID] = one
	}
	return checks, err
}
