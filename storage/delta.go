package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
)

// A bank may be asked for what is new alone, instead of for days (BG 1.3.12, parameters
// entryReferenceFrom and deltaList). What it answers are parts of days: of two purchases that
// look the same, one may have come before. So what comes is known by its id alone, and where
// that does not tell, nothing is stored and all days are read.

// Delta is a way in which a bank tells what is new alone.
type Delta string

// The ways, and what else is known of a bank.
const (
	DeltaUnknown   Delta = ""                   // it was never asked
	DeltaReference Delta = "entryReferenceFrom" // what came after a transaction
	DeltaMaybeList Delta = "deltaList?"         // not that, and it was asked for nothing else
	DeltaList      Delta = "deltaList"          // what came after the last report
	DeltaNone      Delta = "none"
)

// ErrDeltaUntold is returned when what is new cannot be told from what is stored.
var ErrDeltaUntold = errors.New("storage: what the bank lists as new cannot be told from what is stored")

// BeginDelta begins to read what is new of an account. It begins before the bank is asked: to some
// banks an answer that got lost counts as told, so that what breaks off is to be followed by
// a reading of all days. Such are days since the first of some that would be asked for then.
func (s *Store) BeginDelta(ctx context.Context, consentID string, accountID int64, days Span) (*Reading, error) {
	r := &Reading{ConsentID: consentID, AccountID: accountID, Span: days, delta: true}
	return r, s.write(ctx, func(tx *sql.Tx) error {
		_, _, err := s.number(ctx, tx, r)
		return err
	})
}

// DeltaFrom returns the reference of a transaction after which everything is new, or was booked on the
// last day that was read or the days before it that nothing else is known of; empty where none
// tells. It is of a day before that one: the order of one day's transactions is the bank's own.
func (s *Store) DeltaFrom(ctx context.Context, accountID int64, days Span) (string, error) {
	reference, err := one(readText, s.db.QueryRowContext(ctx, deltaFrom, accountID, dayOf(days.From).before(), dayOf(days.To).before()))
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return reference, err
}

const deltaFrom = `SELECT entry_reference FROM entry e WHERE account_id = ?1 AND pending = 0 AND id > ?2 AND id < ?3
	AND entry_reference <> '' AND upper(entry_reference) <> 'NOTPROVIDED' AND missed_at = '' AND dropped_at = ''
	AND NOT EXISTS (SELECT 1 FROM import_entry WHERE entry_id = e.id)
	AND NOT EXISTS (SELECT 1 FROM entry o WHERE o.account_id = ?1 AND o.pending = 0 AND o.id > ?2 AND o.entry_reference = e.entry_reference AND o.id <> e.id)
	ORDER BY id DESC LIMIT 1`

// HasPending reports whether anything is stored as pending on an account.
func (s *Store) HasPending(ctx context.Context, accountID int64) (has bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM entry WHERE account_id = ? AND pending = 1)`, accountID).Scan(&has)
	return has, err
}

// noteWhole notes that all days since an overlap were read to their end, and whether what is new
// may be asked for alone after that: the bank gave all that came again the ids of before.
func (s *Store) noteWhole(ctx context.Context, tx *sql.Tx, r *Reading) error {
	if r.fills {
		return nil
	}
	renamings := r.renamings
	if r.renamed > 0 {
		renamings++
	} else if r.sameID > 0 {
		renamings = 0
	}
	_, err := tx.ExecContext(ctx, `UPDATE account SET whole_to = ?, whole_at = ?, delta_at = '', delta_may_follow = ?, renamed_readings = ? WHERE id = ?`,
		r.To, formatTime(s.now()), r.idsTell() && !r.unread, renamings, r.AccountID)
	return err
}

// endDelta notes that all that is new was read.
func (s *Store) endDelta(ctx context.Context, tx *sql.Tx, r *Reading) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET delta_at = ?, delta_may_follow = ? WHERE id = ?`, formatTime(s.now()), !r.unread, r.AccountID)
	return err
}

// sureAllNew returns ErrDeltaUntold unless all that was not claimed is known to be new: it has an
// id of its own, which nothing near it bears, and nothing of its day that is stored and did not come
// looks like it or is from a file.
func (m *matcher) sureAllNew(ctx context.Context, all []comer) error {
	var ids []string
	first := dayOf(m.reading.From)
	for i := range all {
		one := &all[i]
		if one.claimed {
			continue
		}
		if one.key == 0 || one.day.imported > 0 || one.day.withContent(one.content) != nil {
			return ErrDeltaUntold
		}
		ids = append(ids, one.ID)
		if on := dayOf(one.Date()); on != noDay {
			first = min(first, on)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	sought, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var known bool
	if err := m.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM entry WHERE account_id = ? AND pending = 0 AND id > ?
		AND transaction_id IN (SELECT value FROM json_each(?)))`, m.reading.AccountID, (first - movedDays).before(), string(sought)).Scan(&known); err != nil {
		return err
	}
	if known {
		return ErrDeltaUntold
	}
	return nil
}
