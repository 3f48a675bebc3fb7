package storage

import (
	"context"
	"database/sql"
)

// GivenReminder is a reminder of one consent: the one that comes so many days before it has to be
// renewed.
type GivenReminder struct {
	ConsentID string
	Days      int
}

// GiveReminders notes that the person is given reminders that are due, and reports whether any of them
// is given for the first time. Then those also count as given that come along with them. Of several
// that ask at once exactly one is told so.
func (s *Store) GiveReminders(ctx context.Context, due, along []GivenReminder) (first bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		first = false
		give := func(one GivenReminder) error {
			result, err := tx.ExecContext(ctx, `INSERT INTO reminder (consent_id, days, given_at) VALUES (?, ?, ?)
				ON CONFLICT DO NOTHING`, one.ConsentID, one.Days, formatTime(s.now()))
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			first = first || n > 0
			return err
		}
		for _, one := range due {
			if err := give(one); err != nil {
				return err
			}
		}
		if !first {
			return nil
		}
		for _, one := range along {
			if err := give(one); err != nil {
				return err
			}
		}
		return nil
	})
	return first, err
}

// Snooze keeps reminders of consents silent up to a day (ISO date), on which
// they come again.
func (s *Store) Snooze(ctx context.Context, until string, consentIDs ...string) error {
	ids, err := textList(consentIDs)
	if err != nil {
		return err
	}
	return changed(s.exec(ctx, `UPDATE consent SET snoozed_until = ? WHERE id IN (SELECT value FROM json_each(?))`, until, ids))
}
