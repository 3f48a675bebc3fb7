package frontend

import (
	"context"
	"sync"
	"time"

	"consentry/app"
	"consentry/storage"
)

// quotaFresh is for how long a count of reads is shown before it is made anew:
// reads of a day ago stop counting as time passes.
const quotaFresh = time.Minute

// quotas remembers how the quotas of consents stood, since a list shows many.
// A read, which changes the consent's last access, makes it count anew.
type quotas struct {
	mu    sync.Mutex
	known map[string]knownQuota // by consent
}

type knownQuota struct {
	app.Quota
	readAt, at time.Time
	perDay     int
}

func (q *quotas) of(ctx context.Context, a *app.App, c storage.Consent, now time.Time) (app.Quota, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	known, found := q.known[c.ID]
	if age := now.Sub(known.at); found && known.readAt.Equal(c.ReadAt) && known.perDay == c.FrequencyPerDay && age >= 0 && age < quotaFresh {
		return known.Quota, nil
	}
	quota, err := a.Quota(ctx, c)
	if err != nil {
		return quota, err
	}
	if q.known == nil {
		q.known = map[string]knownQuota{}
	}
	q.known[c.ID] = knownQuota{quota, c.ReadAt, now, c.FrequencyPerDay}
	return quota, nil
}
