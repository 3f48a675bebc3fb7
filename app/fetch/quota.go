package fetch

import (
	"context"
	"errors"
	"slices"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// MostPerDay is the most reads a day without the person that are planned, whatever a
// bank would grant.
const MostPerDay = 24

// Quota is how often a consent may be used without the person, and was
// (RTS article 36(5)): at most frequencyPerDay reads of each account's
// endpoints in a rolling day. The person's own reads do not count.
type Quota struct {
	Used    int         // of the account and endpoint read most often
	Limit   int         // frequencyPerDay
	NextAt  time.Time   // when a read without the person is possible again; zero: now
	Planned []time.Time // fetches the program begins by itself in the next 24 hours
}

// Quota returns how the quota of a consent stands.
func (r *Reader) Quota(ctx context.Context, c storage.Consent) (Quota, error) {
	reads, err := r.unattended(ctx, c)
	if err != nil {
		return Quota{}, err
	}
	now := r.clock.NowAt(c.EnvironmentID)
	q, most := count(c, reads, now)
	if c.Usable(now) {
		q.Planned = plan(c, q, most, now)
	}
	return q, nil
}

// count counts the reads of a consent's last day; most are those of the account
// and endpoint read most often.
func count(c storage.Consent, reads []storage.UnattendedRead, now time.Time) (q Quota, most []time.Time) {
	q.Limit = c.FrequencyPerDay
	type place struct {
		endpoint storage.Endpoint
		account  string
	}
	at := map[place][]time.Time{}
	for _, read := range reads {
		if now.Sub(read.At) < storage.QuotaWindow {
			here := place{read.Endpoint, read.Account}
			at[here] = append(at[here], read.At)
		}
	}
	for _, times := range at {
		if len(times) > len(most) {
			most = times
		}
		if over := len(times) - max(q.Limit, 1); over >= 0 {
			if free := times[over].Add(storage.QuotaWindow); free.After(q.NextAt) {
				q.NextAt = free
			}
		}
	}
	q.Used = len(most)
	return q, most
}

// plan foretells the fetches of a consent's schedule in the next 24 hours, as
// far as the quota lets them.
func plan(c storage.Consent, q Quota, reads []time.Time, now time.Time) []time.Time {
	if c.Schedule < 1 || q.Limit < 1 {
		return nil
	}
	reads = slices.Clone(reads)
	next := DueAt(c)
	if next.Before(now) {
		next = now
	}
	if next.Before(q.NextAt) {
		next = q.NextAt
	}
	var planned []time.Time
	for horizon := now.Add(24 * time.Hour); ; next = next.Add(interval(c)) {
		if recent := len(reads) - q.Limit; recent >= 0 {
			if free := reads[recent].Add(storage.QuotaWindow); next.Before(free) {
				next = free
			}
		}
		if !next.Before(horizon) {
			return planned
		}
		planned, reads = append(planned, next), append(reads, next)
	}
}

// interval is the time between two fetches of a schedule.
func interval(c storage.Consent) time.Duration { return 24 * time.Hour / time.Duration(c.Schedule) }

// DueAt is when the next fetch of a schedule is to begin. What the person
// fetched themself need not be fetched again so soon.
func DueAt(c storage.Consent) time.Time {
	return c.TriedAt.Add(interval(c))
}

// SetSchedule says how often a day the program fetches by itself; 0 is never.
func (r *Reader) SetSchedule(ctx context.Context, id string, perDay int) error {
	c, err := r.store.Consent(ctx, id)
	if err != nil {
		return err
	}
	if most := min(c.FrequencyPerDay, MostPerDay); !c.Recurring || perDay < 0 || perDay > most {
		return failure.Unchanged(map[string]storage.Reason{"schedule": {Code: failure.ReadsPerDay, Bank: c.BankName, Of: most}})
	}
	err = r.clock.StoreAt(c.EnvironmentID).SetSchedule(ctx, id, perDay)
	if errors.Is(err, storage.ErrEnd) {
		return r.explain(failure.By(c.BankName), err)
	}
	return err
}

// Reads lists reads under a consent, the newest first: those before a line of
// the ledger, or from the newest on when that is 0.
func (r *Reader) Reads(ctx context.Context, consentID string, before int64, limit int) ([]storage.ConsentRead, error) {
	return r.store.ConsentReads(ctx, consentID, before, limit)
}
