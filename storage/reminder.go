package storage

import "context"

// GiveReminder notes that the person is given the reminder that comes so many
// days before a consent has to be renewed, and reports whether it is the first
// time. Of several that ask at once exactly one is told so.
func (s *Store) GiveReminder(ctx context.Context, consentID string, days int) (first bool, err error) {
	result, err := s.exec(ctx, `INSERT INTO reminder (consent_id, days, given_at) VALUES (?, ?, ?)
		ON CONFLICT DO NOTHING`, consentID, days, formatTime(s.now()))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Snooze keeps reminders of a consent silent up to a day (ISO date), on which
// they come again.
func (s *Store) Snooze(ctx context.Context, consentID, until string) error {
	return changed(s.exec(ctx, `UPDATE consent SET snoozed_until = ? WHERE id = ?`, until, consentID))
}
