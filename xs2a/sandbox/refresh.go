package sandbox

import (
	"net/http"
	"time"
)

// Refresh statuses (Salt Edge).
const (
	refreshNone     = "notInitiated"
	refreshQueued   = "processing"
	refreshFetching = "fetching"
	refreshFinished = "fetchingFinished"
)

// What a refresh takes, and how soon another may be asked for without the person.
const (
	refreshQueue = 2 * time.Second
	refreshTime  = 6 * time.Second
	refreshPause = time.Hour
)

// refreshStatus follows from the time since it was asked for.
func (c *consent) refreshStatus(now time.Time) string {
	switch age := now.Sub(c.Refreshed); {
	case c.Refreshed.IsZero():
		return refreshNone
	case age < refreshQueue:
		return refreshQueued
	case age < refreshTime:
		return refreshFetching
	}
	return refreshFinished
}

// postRefresh answers POST /accounts/refresh.
func (s *Sandbox) postRefresh(c *call) (answer, error) {
	var body struct {
		ByCustomer *bool `json:"initiatedByCustomer"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	now := s.now()
	status := c.consent.refreshStatus(now)
	switch {
	case body.ByCustomer == nil:
		return answer{}, formatError("initiatedByCustomer", "initiatedByCustomer is missing")
	case status == refreshQueued || status == refreshFetching:
		return answer{}, refuse(http.StatusNotAcceptable, "REQUESTED_FORMATS_INVALID", "a refresh is under way")
	case !*body.ByCustomer && status != refreshNone && now.Sub(c.consent.Refreshed) < refreshPause:
		return answer{}, refuse(http.StatusTooManyRequests, "ACCESS_EXCEEDED", "one refresh an hour without the person")
	}
	c.consent.Refreshed = now
	s.state.touch()
	return ok(map[string]any{"status": c.consent.refreshStatus(now)})
}

// getRefresh answers GET /accounts/refresh/status.
func (s *Sandbox) getRefresh(c *call) (answer, error) {
	return ok(map[string]any{"status": c.consent.refreshStatus(s.now())})
}
