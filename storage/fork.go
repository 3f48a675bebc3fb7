package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Fork is a flow that a person began in the middle of another.
type Fork struct {
	FlowID        string // begins with forkPrefix
	Origin        string // the flow it was forked from, which may be a fork, too
	Root          string // the flow in which it all began, which is none
	ExchangeID    int64  // of the origin, where it was forked; it may be kept no more
	Step          string // what that was for
	Done          int64  // the last exchange of the origin that was sent anew or skipped
	Skipped       int    // how many were
	EnvironmentID string
	BIC           string
	BeganAt       time.Time
	StoppedAt     time.Time // zero while there may be more of it
}

// forkPrefix tells ids of forks from those of other flows.
const forkPrefix = "fork-"

// ForkID returns the id of a fork that is named after something unique.
func ForkID(unique string) string { return forkPrefix + unique }

// IsFork reports whether a flow is a fork, by its id.
func IsFork(flowID string) bool { return strings.HasPrefix(flowID, forkPrefix) }

// ErrForked is that there is a fork of that id already.
var ErrForked = errors.New("storage: there is a fork of that id")

const forkColumns = `flow_id, origin, root, exchange_id, step, done, skipped, environment_id, bic, began_at, stopped_at`

func readFork(row scanner) (Fork, error) {
	var f Fork
	err := row.Scan(&f.FlowID, &f.Origin, &f.Root, &f.ExchangeID, &f.Step, &f.Done, &f.Skipped, &f.EnvironmentID, &f.BIC, stamp{&f.BeganAt}, stamp{&f.StoppedAt})
	return f, err
}

// AddFork keeps a fork that begins now, or returns ErrForked.
func (s *Store) AddFork(ctx context.Context, f Fork) error {
	result, err := s.exec(ctx, `INSERT INTO fork (`+forkColumns+`) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, '') ON CONFLICT (flow_id) DO NOTHING`,
		f.FlowID, f.Origin, f.Root, f.ExchangeID, f.Step, f.Done, f.EnvironmentID, f.BIC, formatTime(s.now()))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrForked
}

// DropFork drops a fork in which nothing was sent.
func (s *Store) DropFork(ctx context.Context, flowID string) error {
	_, err := s.exec(ctx, `DELETE FROM fork WHERE flow_id = ? AND NOT EXISTS (SELECT 1 FROM exchange WHERE exchange.flow_id = fork.flow_id)`, flowID)
	return err
}

// Fork returns a fork, or ErrNotFound.
func (s *Store) Fork(ctx context.Context, flowID string) (Fork, error) {
	if !IsFork(flowID) {
		return Fork{}, ErrNotFound
	}
	return one(readFork, s.db.QueryRowContext(ctx, `SELECT `+forkColumns+` FROM fork WHERE flow_id = ?`, flowID))
}

// ForksOf lists the forks of a flow, the latest first.
func (s *Store) ForksOf(ctx context.Context, flowID string) ([]Fork, error) {
	return collect(ctx, s.db, readFork, `SELECT `+forkColumns+` FROM fork WHERE origin = ? ORDER BY began_at DESC, flow_id`, flowID)
}

// PassFork notes that a fork has come to an exchange of its origin, which was sent anew or
// skipped. It never goes back.
func (s *Store) PassFork(ctx context.Context, flowID string, exchange int64, skipped bool) error {
	_, err := s.exec(ctx, `UPDATE fork SET done = ?2, skipped = skipped + ?3 WHERE flow_id = ?1 AND done < ?2`, flowID, exchange, skipped)
	return err
}

// StopFork notes that a person goes no further with a fork.
func (s *Store) StopFork(ctx context.Context, flowID string) error {
	_, err := s.exec(ctx, `UPDATE fork SET stopped_at = ? WHERE flow_id = ? AND stopped_at = ''`, formatTime(s.now()), flowID)
	return err
}

// Formers returns from which exchanges those of a flow were made, by their ids.
func (s *Store) Formers(ctx context.Context, flowID string) (map[int64]int64, error) {
	pairs, err := collect(ctx, s.db, func(row scanner) (pair [2]int64, err error) {
		return pair, row.Scan(&pair[0], &pair[1])
	}, `SELECT f.exchange_id, f.former_id FROM exchange e JOIN exchange_former f ON f.exchange_id = e.id WHERE e.flow_id = ?`, flowID)
	formers := make(map[int64]int64, len(pairs))
	for _, pair := range pairs {
		formers[pair[0]] = pair[1]
	}
	return formers, err
}

// ExchangesFrom lists exchanges of a flow, the first first: from one on, or after it.
func (s *Store) ExchangesFrom(ctx context.Context, flowID string, from int64, limit int) ([]Exchange, error) {
	return collect(ctx, s.db, readExchange, `SELECT `+exchangeColumns+` FROM `+tableOf(flowID)+` WHERE flow_id = ? AND id >= ? ORDER BY id LIMIT ?`, flowID, from, limit)
}

// forks are the flows that were forked from one, or from forks of it.
const forks = `(SELECT flow_id FROM fork WHERE root = ?)`

// rootIn is the flow in which that of an exchange began.
func rootIn(ctx context.Context, tx *sql.Tx, flowID string) (string, error) {
	root := flowID
	err := tx.QueryRowContext(ctx, `SELECT root FROM fork WHERE flow_id = ?`, flowID).Scan(&root)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return root, err
}
