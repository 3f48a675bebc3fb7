package storage

import (
	"context"
	"database/sql"
	"time"
)

// Job is a fetch under a consent that has not come to an end: one that goes on, that the
// person stopped, or that broke off with the program.
type Job struct {
	ConsentID string
	BegunAt   time.Time
	Accounts  int       // to be read; 0 until the bank has listed them
	Done      int       // of these, those that were read
	StoppedAt time.Time // when the person stopped it; zero: they did not
}

// Jobs lists the fetches that have not come to an end, by consent.
func (s *Store) Jobs(ctx context.Context) (map[string]Job, error) {
	all, err := collect(ctx, s.db, func(row scanner) (Job, error) {
		var j Job
		err := row.Scan(&j.ConsentID, stamp{&j.BegunAt}, &j.Accounts, &j.Done, stamp{&j.StoppedAt})
		return j, err
	}, `SELECT consent_id, begun_at, accounts, done, stopped_at FROM fetch_job`)
	jobs := make(map[string]Job, len(all))
	for _, j := range all {
		jobs[j.ConsentID] = j
	}
	return jobs, err
}

// SetTried notes that a fetch under a consent begins.
func (s *Store) SetTried(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		now := formatTime(s.now())
		if err := changed(tx.ExecContext(ctx, `UPDATE consent SET tried_at = ? WHERE id = ?`, now, id)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO fetch_job (consent_id, begun_at) VALUES (?, ?)`, id, now)
		return err
	})
}

// SetJob notes how many of how many accounts a fetch has read.
func (s *Store) SetJob(ctx context.Context, consentID string, done, accounts int) error {
	_, err := s.exec(ctx, `UPDATE fetch_job SET done = ?, accounts = ? WHERE consent_id = ?`, done, accounts, consentID)
	return err
}

// StopJob notes that the person stopped a fetch.
func (s *Store) StopJob(ctx context.Context, consentID string) error {
	_, err := s.exec(ctx, `UPDATE fetch_job SET stopped_at = ? WHERE consent_id = ?`, formatTime(s.now()), consentID)
	return err
}

// EndJob notes that a fetch has come to an end of which nothing else is noted.
func (s *Store) EndJob(ctx context.Context, consentID string) error {
	_, err := s.exec(ctx, `DELETE FROM fetch_job WHERE consent_id = ?`, consentID)
	return err
}

// SetFetched notes how the last fetch under a consent ended: complete, or with
// the reason why it could not go on.
func (s *Store) SetFetched(ctx context.Context, consentID string, reason Reason) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM fetch_job WHERE consent_id = ?`, consentID); err != nil {
			return err
		}
		return changed(tx.ExecContext(ctx, `UPDATE consent SET fetch_error = CASE WHEN erase_asked THEN '' ELSE ? END,
			fetched_at = CASE ? WHEN '' THEN ? ELSE fetched_at END WHERE id = ?`,
			reason, reason, formatTime(s.now()), consentID))
	})
}
