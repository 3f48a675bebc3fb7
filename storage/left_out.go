package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"strings"
)

// LeftOut is what of an account's report could not be read.
type LeftOut struct {
	Count   int
	Reasons []string // the first of them, each once
}

const (
	// MostLeftOut bounds what is kept of transactions that could not be read; a Count
	// that reaches it stands for more.
	MostLeftOut = 1000

	// reasonsShown and rawLeftOut bound what is told and kept of them.
	reasonsShown, rawLeftOut = 3, 2 << 10
)

// leftOut counts the transactions of accounts that could not be read.
func (s *Store) leftOut(ctx context.Context, accounts string) (map[int64]LeftOut, error) {
	type line struct {
		account int64
		reason  string
		count   int
	}
	lines, err := collect(ctx, s.db, func(row scanner) (line, error) {
		var l line
		err := row.Scan(&l.account, &l.reason, &l.count)
		return l, err
	}, `SELECT account_id, reason, count(*) FROM left_out WHERE account_id IN (SELECT value FROM json_each(?))
		GROUP BY account_id, reason ORDER BY account_id, count(*) DESC, reason`, accounts)
	all := map[int64]LeftOut{}
	for _, l := range lines {
		one := all[l.account]
		one.Count += l.count
		if len(one.Reasons) < reasonsShown {
			one.Reasons = append(one.Reasons, l.reason)
		}
		all[l.account] = one
	}
	return all, err
}

// UnreadParts lists parts of what a bank sent of an account that could not be
// read, the first so many.
func (s *Store) UnreadParts(ctx context.Context, accountID int64, limit int) ([]Unread, error) {
	return collect(ctx, s.db, func(row scanner) (Unread, error) {
		var u Unread
		err := row.Scan(&u.Reason, &u.Raw, &u.Since)
		return u, err
	}, `SELECT reason, raw, since FROM left_out WHERE account_id = ? ORDER BY reason, digest LIMIT ?`, accountID, limit)
}

// addLeftOut notes a transaction that could not be read, once however often it comes.
func addLeftOut(ctx context.Context, tx *sql.Tx, r *Reading, l Unread) error {
	digest := sha256.Sum256([]byte(l.Raw))
	_, err := tx.ExecContext(ctx, `INSERT INTO left_out SELECT ?1, ?2, ?3, ?4, ?5, ?6
		WHERE (SELECT count(*) FROM left_out WHERE account_id = ?1) < ?7 OR EXISTS (SELECT 1 FROM left_out WHERE account_id = ?1 AND digest = ?2)
		ON CONFLICT DO UPDATE SET seen = excluded.seen, reason = excluded.reason`,
		r.AccountID, digest[:16], l.Reason, strings.ToValidUTF8(l.Raw[:min(len(l.Raw), rawLeftOut)], ""), l.Since, r.number, MostLeftOut)
	return err
}
