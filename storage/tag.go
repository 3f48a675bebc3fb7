package storage

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"consentry/storage/fold"
)

// FoldTag returns what makes a tag the same as another: its letters and digits, folded. It is
// empty for what has none, and so is no tag.
func FoldTag(tag string) string {
	folded := strings.Join(fold.Words(tag), "")
	return folded[:min(len(folded), fold.Longest)]
}

// markTag is of all that have a tag.
func markTag(folded string) string { return mark + "t" + folded }

// Tag is a tag that transactions have.
type Tag struct {
	Name string // as it was written last
	Uses int    // how many have it
}

// Tags lists the tags that transactions have, by name.
func (s *Store) Tags(ctx context.Context) ([]Tag, error) {
	return listKept(s.tags, s, func() ([]Tag, error) {
		return collect(ctx, s.db, readTag, `SELECT max(name), sum(uses) FROM tag GROUP BY tag ORDER BY tag`)
	})
}

func readTag(row scanner) (Tag, error) {
	var t Tag
	return t, row.Scan(&t.Name, &t.Uses)
}

// tagsAlike lists the tags that are the one that is named, or else those that begin with it, the
// first so many; folded.
func (s *Store) tagsAlike(ctx context.Context, folded string) ([]string, error) {
	tags, err := collect(ctx, s.db, readText, `SELECT DISTINCT tag FROM tag WHERE tag >= ? AND tag < ? ORDER BY tag LIMIT ?`, folded, folded+"{", mostEndings)
	if err != nil || slices.Contains(tags, folded) || len(tags) == 0 {
		return []string{folded}, err
	}
	return tags, nil
}

// useTags notes which tags a transaction of an account has now that had others before.
func useTags(ctx context.Context, tx *sql.Tx, accountID int64, before, now []string) error {
	for _, tag := range before {
		if _, err := tx.ExecContext(ctx, `UPDATE tag SET uses = uses - 1 WHERE account_id = ? AND tag = ?`, accountID, FoldTag(tag)); err != nil {
			return err
		}
	}
	for _, tag := range now {
		if _, err := tx.ExecContext(ctx, `INSERT INTO tag (account_id, tag, name, uses) VALUES (?, ?, ?, 1)
			ON CONFLICT DO UPDATE SET uses = uses + 1, name = excluded.name`, accountID, FoldTag(tag), tag); err != nil {
			return err
		}
	}
	if len(before) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM tag WHERE account_id = ? AND uses <= 0`, accountID)
	return err
}
