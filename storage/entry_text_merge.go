package storage

import (
	"context"
	"database/sql"
	"errors"
)

// MergeWords puts the index of words together anew where it is in many pieces, each of which costs
// every search: fetching leaves it so, as it puts together no more than it has to, and of very much
// next to nothing. It is for when nothing is fetched, and takes some seconds for a million transactions; others read meanwhile, and
// write between two steps.
func (s *Store) MergeWords(ctx context.Context) error {
	pieces, err := collect(ctx, s.db, readID, wordPieces)
	if err != nil {
		return err
	}
	if inManyPieces(pieces) {
		if err := s.mergeWords(ctx); err != nil {
			return err
		}
	}
	var alike int
	if err := s.db.QueryRowContext(ctx, `SELECT coalesce((SELECT v FROM entry_text_config WHERE k = 'automerge'), ?)`, fewAlike).Scan(&alike); err != nil || alike <= fewAlike {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error { return mergeWhenAlike(ctx, tx, fewAlike) })
}

const (
	// muchAtOnce is how many transactions a reading brings before the index of words is left in more
	// pieces: what is put together again and again while it grows takes a tenth of a first fetch.
	muchAtOnce = 3_000

	// fewAlike and manyAlike pieces of one size are put together while words are written; 4 is what
	// SQLite has by itself, and 64 the most it takes.
	fewAlike, manyAlike = 4, 64
)

// mergeWhenAlike sets how many pieces of one size are put together while words are written. SQLite
// also puts all of a size together in one go once they are too many, which others would wait for:
// so many there never are.
func mergeWhenAlike(ctx context.Context, tx writeTx, pieces int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_text (entry_text, rank) VALUES ('automerge', ?), ('crisismerge', 1000)`, pieces)
	return err
}

// wordPieces are about how many bytes each piece of the index has: its pages, each as long as the first.
// A page's id begins with its piece (FTS5_SEGMENT_ROWID in SQLite's fts5_index.c).
const wordPieces = `SELECT count(*) * coalesce((SELECT length(block) FROM entry_text_data WHERE id > segid << 37 ORDER BY id LIMIT 1), 0)
	FROM entry_text_idx GROUP BY segid`

// fewPieces of the index are put together when enough has come: some come with every fetch.
const fewPieces = 6

// inManyPieces reports whether an index of such pieces is to be put together: they are many, and the
// largest is not most of it, so that nothing is written again and again for little that came.
func inManyPieces(pieces []int64) bool {
	all, largest := int64(0), int64(0)
	for _, bytes := range pieces {
		all, largest = all+bytes, max(largest, bytes)
	}
	return len(pieces) > fewPieces && largest*4 < all*3
}

// How many bytes a page of the index has: of what is written while much is fetched, and of what is put
// together to be read. A search that begins at a day, or asks for what many have, reads each page that it
// needs a few of from its end on, so that small ones take it a third less.
const (
	writtenPage = 4050
	mergedPage  = 1800
)

const setPage = `INSERT INTO entry_text (entry_text, rank) VALUES ('pgsz', ?)`

// mergeWords puts the index of words together anew, in small pages.
func (s *Store) mergeWords(ctx context.Context) error {
	if err := s.setWordPage(ctx, mergedPage); err != nil {
		return err
	}
	return errors.Join(s.mergeAll(ctx), s.setWordPage(context.WithoutCancel(ctx), writtenPage))
}

// setWordPage has the pages of the index have so many bytes that are written from now on.
func (s *Store) setWordPage(ctx context.Context, bytes int) error {
	_, err := s.exec(ctx, setPage, bytes)
	return err
}

// mergeAll puts the index of words together anew, a part of it in one go: words that stand
// in it no more may still divide its pages.
func (s *Store) mergeAll(ctx context.Context) error {
	for pages := -mergeAtOnce; ; pages = mergeAtOnce { // a number below none begins it (sqlite.org/fts5.html, "merge")
		var before, after int64
		if err := s.writeBulk(ctx, func(tx *sql.Tx) error {
			const changes = `SELECT total_changes()`
			if err := tx.QueryRowContext(ctx, changes).Scan(&before); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO entry_text (entry_text, rank) VALUES ('merge', ?)`, pages); err != nil {
				return err
			}
			return tx.QueryRowContext(ctx, changes).Scan(&after)
		}); err != nil || after-before < 2 {
			return err
		}
	}
}

// mergeAtOnce is how many pages of the index are put together in one go.
const mergeAtOnce = 800
