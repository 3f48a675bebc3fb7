package storage

import (
	"context"
	"encoding/json"
	"time"
)

// RefusedSince returns when a bank began to refuse the list of accounts under a
// consent with one of the codes, and every other read that it answered since:
// the time of the first such refusal after the last read that it answered
// otherwise. It is zero where there is none. Fetches begin with that list, and
// nothing is read of an account without it. Reads of cards do not count: some
// banks call a consent invalid for them that has none.
func (s *Store) RefusedSince(ctx context.Context, consentID string, codes ...string) (time.Time, error) {
	wanted, err := json.Marshal(codes)
	if err != nil {
		return time.Time{}, err
	}
	var since time.Time
	err = s.db.QueryRowContext(ctx, `SELECT coalesce(min(at), '') FROM consent_read
		WHERE consent_id = ?1 AND endpoint IN (?3, ?4) AND outcome IN (SELECT value FROM json_each(?2)) AND id > (
			SELECT coalesce(max(id), 0) FROM consent_read WHERE consent_id = ?1 AND endpoint NOT IN (?5, ?6)
				AND outcome NOT IN ('', ?7, ?8) AND outcome NOT IN (SELECT value FROM json_each(?2)))`,
		consentID, string(wanted), ReadAccounts, RefreshAccounts, ReadConsent, ReadCards, ReadUnreachable, ReadFailed).Scan(stamp{&since})
	return since, err
}
