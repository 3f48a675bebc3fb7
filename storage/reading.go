package storage

import (
	"context"
	"database/sql"
	"errors"

	"consentry/xs2a"
)

// MostAtOnce is how many transactions are written in one go at most: those
// who wait for it wait some ten milliseconds.
const MostAtOnce = 500

// MostOfPages is MostAtOnce for transactions that come in a reading: a page of most banks, and what
// was held of a day before it.
const MostOfPages = 750

// ErrSuperseded is returned when an account's transactions are being read by
// somebody who began later.
var ErrSuperseded = errors.New("storage: a later reading of the account has begun")

// Reading is one reading of an account's transactions over some days, as its
// pages come. It is used by one goroutine, and no more after a write of it has failed but to
// end it.
type Reading struct {
	ConsentID string
	AccountID int64
	Span           // the days the bank was asked for
	Missing   Span // those of them that were never read; what breaks off leaves them as a gap

	// Exchanges are the X-Request-IDs of the answers with which came what is written next.
	Exchanges []string

	noted     Span               // what of it is missing still
	number    int64              // higher than that of any earlier reading of the account
	stored    map[day]*storedDay // what was stored before of the days that came; under pendingDay, what is pending
	known     known              // what was noted with them
	added     int                // that were new, pending ones among them
	sameID    int                // of what came again, so many bore the id they are stored with,
	otherIDs  []int64            // and these another; of more than mostUnlisted not all
	renamed   int                // so many another or one for the first time, and nothing else is like them
	renamings int                // in so many readings before there were such
	unread    bool               // something came that could not be read
	newSince  day                // what is booked of this day or later, and was not there, is new
	failed    bool               // a write of it was not carried out, so what is remembered is not what is stored
	fills     bool               // days that were left out before, and tells nothing of those after them
	delta     bool               // only what is new, and tells nothing of what else is stored
}

// Unread is a transaction a bank sent that could not be read.
type Unread struct {
	Reason string
	Raw    string // as it came, or its beginning
	Since  string // the first day it may belong to
}

// BeginReading begins to read days of an account. Of the days that were never
// read, those the bank was asked for count as not read until they are, so that
// a crash leaves them known. Those before them are a gap if the bank refused
// them, for a reason, or was not asked for them (GapStopped); empty: neither.
func (s *Store) BeginReading(ctx context.Context, consentID string, accountID int64, asked, missing Span, refused GapReason) (*Reading, error) {
	r := &Reading{ConsentID: consentID, AccountID: accountID, Span: asked}
	return r, s.write(ctx, func(tx *sql.Tx) error {
		c, read, err := s.number(ctx, tx, r)
		if err != nil {
			return err
		}
		missing.From = max(missing.From, read) // but for the gaps: maybe another's reading ended meanwhile
		r.Missing = Span{max(missing.From, asked.From), missing.To}
		r.noted = r.Missing
		if refused != "" {
			if err := setGapAt(ctx, tx, accountID, Span{missing.From, min(missing.To, dayBefore(asked.From))}, refused, c.GrantedAt); err != nil {
				return err
			}
		}
		if refused != "" && refused != GapStopped {
			if err := renameGaps(ctx, tx, accountID, asked.From, refused, c.GrantedAt); err != nil {
				return err
			}
		}
		return s.setGap(ctx, tx, accountID, r.Missing, GapStopped)
	})
}

// BeginFilling begins to read days of an account that an earlier reading left out. They stay known
// as not read until they are; the bank is asked for some more of them, before or after.
func (s *Store) BeginFilling(ctx context.Context, consentID string, accountID int64, asked, gap Span) (*Reading, error) {
	r := &Reading{ConsentID: consentID, AccountID: accountID, Span: asked, fills: true}
	return r, s.write(ctx, func(tx *sql.Tx) error {
		if _, _, err := s.number(ctx, tx, r); err != nil {
			return err
		}
		var still Span // maybe another's reading ended meanwhile
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(min(since), ''), coalesce(max(until), '') FROM gap WHERE account_id = ? AND since <= ? AND until >= ?`,
			accountID, gap.To, gap.From).Scan(&still.From, &still.To); err != nil {
			return err
		}
		r.Missing = Span{max(gap.From, still.From), min(gap.To, still.To)}
		r.noted = r.Missing
		return nil
	})
}

// number gives a reading that begins its number. It returns its consent, and the day up to
// which the account is read, but for its gaps.
func (s *Store) number(ctx context.Context, tx *sql.Tx, r *Reading) (c Consent, read string, err error) {
	if c, err = consentIn(ctx, tx, r.ConsentID); err != nil {
		return c, "", err
	}
	if c.Ended() {
		return c, "", ErrEnd
	}
	err = tx.QueryRowContext(ctx, `UPDATE account SET reading = reading + 1, delta_may_follow = 0 WHERE id = ? RETURNING reading, booked_to, renamed_readings`, r.AccountID).Scan(&r.number, &read, &r.renamings)
	r.newSince = arriving(read)
	return c, read, err
}

// Noted returns the days that are noted as not read.
func (r *Reading) Noted() Span { return r.noted }

// current returns ErrEnd or ErrSuperseded for a reading that may write no more.
func (r *Reading) current(ctx context.Context, tx rower) error {
	if err := notEnded(ctx, tx, r.ConsentID); err != nil {
		return err
	}
	var latest int64
	if err := tx.QueryRowContext(ctx, `SELECT reading FROM account WHERE id = ?`, r.AccountID).Scan(&latest); err != nil {
		return err
	}
	if latest != r.number {
		return ErrSuperseded
	}
	return nil
}

// PutTransactions keeps transactions of a reading, MostOfPages at most and in the order
// they happened, and counts those that are new. What is missing after them is a
// part of what was missing at the beginning. Transactions of one day may come in
// several parts.
func (s *Store) PutTransactions(ctx context.Context, r *Reading, pending bool, transactions []xs2a.Transaction, missing Span) (added int, err error) {
	if r.failed {
		return 0, errReadingFailed
	}
	defer s.said.Add(1)
	err = s.writeBulk(ctx, func(tx *sql.Tx) error {
		ctx := context.WithoutCancel(ctx) // a page is short: see readers.QueryContext
		page := preparedTx{tx, s.writer.prepared}
		if err := r.current(ctx, page); err != nil {
			return err
		}
		w, err := newPageWriter(ctx, page, s.now(), &r.known)
		if err != nil {
			return err
		}
		defer w.close()
		w.newSince = r.newSince
		if r.newSince < lastDay { // else it is the account's first reading, and nothing of it is news
			if w.watched, err = watchedOf(ctx, page, r.AccountID); err != nil {
				return err
			}
		}
		m := matcher{w, r, pending}
		if added, err = m.put(ctx, transactions); err != nil {
			return err
		}
		if err := writeArrivals(ctx, page, r.AccountID, w.arrived); err != nil {
			return err
		}
		if added > 0 {
			if err := deliver(ctx, page, r.AccountID, w.now, r.Exchanges); err != nil {
				return err
			}
		}
		if missing != r.noted {
			if err := s.narrow(ctx, page, r, missing, GapStopped); err != nil {
				return err
			}
		}
		if err := r.much(ctx, page, added); err != nil {
			return err
		}
		return w.end(ctx)
	})
	if r.failed = err != nil; err != nil {
		return 0, err
	}
	s.checkpoints.follow(added)
	r.noted = missing
	return added, nil
}

// much notes how many transactions were new, and has their words put together later where they are
// very many.
func (r *Reading) much(ctx context.Context, tx writeTx, added int) error {
	before := r.added
	if r.added += added; before >= muchAtOnce || r.added < muchAtOnce {
		return nil
	}
	return mergeWhenAlike(ctx, tx, manyAlike)
}

// PutUnread notes transactions of a reading that could not be read.
func (s *Store) PutUnread(ctx context.Context, r *Reading, unread []Unread) error {
	r.unread = r.unread || len(unread) > 0
	return s.writeBulk(ctx, func(tx *sql.Tx) error {
		if err := r.current(ctx, tx); err != nil {
			return err
		}
		for _, part := range unread {
			if err := addLeftOut(ctx, tx, r, part); err != nil {
				return err
			}
		}
		return nil
	})
}

// Answered says which transactions a reading that came to its end was about.
type Answered struct{ Booked, Pending bool }

// EndReading notes that a reading came to its end. Booked transactions of its days
// are complete then, and those the bank no longer lists are noted as dropped; pending ones
// it no longer sends are gone.
func (s *Store) EndReading(ctx context.Context, r *Reading, of Answered) error {
	if of.Booked && !r.delta {
		if err := s.putTogether(ctx, r); err != nil {
			return err
		}
	}
	heirs, err := s.bookedHeirs(ctx, r, of)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := r.current(ctx, tx); err != nil {
			return err
		}
		if err := s.removePending(ctx, tx, r, of, heirs); err != nil {
			return err
		}
		if !of.Booked {
			return nil
		}
		if r.delta {
			return s.endDelta(ctx, tx, r)
		}
		if err := cutGaps(ctx, tx, r.AccountID, r.Span); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM left_out WHERE account_id = ? AND seen < ? AND since BETWEEN ? AND ?`,
			r.AccountID, r.number, r.From, r.To); err != nil {
			return err
		}
		if err := s.noteWhole(ctx, tx, r); err != nil {
			return err
		}
		return r.readTo(ctx, tx, r.To)
	})
}

// putTogether notes what became of the booked transactions that did not come: those that moved to
// another day are there, and the others may be dropped.
func (s *Store) putTogether(ctx context.Context, r *Reading) error {
	moves, err := s.moved(ctx, r)
	if err != nil {
		return err
	}
	if err := s.setMoved(ctx, r, moves); err != nil || r.unread {
		return err
	}
	missed, err := s.missed(ctx, r)
	if err != nil {
		return err
	}
	return s.setMissed(ctx, r, missed)
}

// removePending removes what was pending and did not come, if what is pending was asked for. Notes
// on it, and such as were left before, go to what it became, which heirs may be.
func (s *Store) removePending(ctx context.Context, tx *sql.Tx, r *Reading, of Answered, heirs []Transaction) error {
	var going []Transaction
	if of.Pending {
		pending, err := r.storedDay(ctx, tx, pendingDay)
		if err != nil {
			return err
		}
		for _, row := range pending.unclaimed() {
			t, err := transactionIn(ctx, tx, row.id)
			if err != nil {
				return err
			}
			going = append(going, t)
		}
	}
	if err := s.follow(ctx, tx, r, going, heirs); err != nil {
		return err
	}
	return removeEntries(ctx, tx, going, leaving{at: s.now()})
}

// errReadingFailed is that a reading is to write more of which a write has failed.
var errReadingFailed = errors.New("storage: a write of this reading has failed")

// BreakReading notes that a reading did not come to its end, what is missing
// after it, and why. What it read to the last day asked for is complete.
func (s *Store) BreakReading(ctx context.Context, r *Reading, missing Span, reason GapReason) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := r.current(ctx, tx); err != nil {
			return err
		}
		return s.narrow(ctx, tx, r, missing, reason)
	})
}

// narrow notes which of the days that were missing are missing still, and so up to where
// the account is read: whatever breaks a reading off, another begins there.
func (s *Store) narrow(ctx context.Context, tx writeTx, r *Reading, missing Span, reason GapReason) error {
	if err := cutGaps(ctx, tx, r.AccountID, r.Missing); err != nil {
		return err
	}
	if err := s.setGap(ctx, tx, r.AccountID, missing, reason); err != nil {
		return err
	}
	switch {
	case missing.To < r.To:
		return r.readTo(ctx, tx, r.To)
	case missing.From > r.Missing.From:
		return r.readTo(ctx, tx, dayBefore(missing.From))
	}
	return nil
}

// readTo notes the day up to which an account is read, but for its gaps.
func (r *Reading) readTo(ctx context.Context, tx writeTx, day string) error {
	if r.fills || r.delta {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE account SET booked_to = max(booked_to, ?) WHERE id = ?`, day, r.AccountID)
	return err
}
