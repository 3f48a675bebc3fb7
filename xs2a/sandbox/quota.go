package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// readWindow is what "a day" means to frequencyPerDay.
const readWindow = 24 * time.Hour

// meter counts a read without the person, per account and endpoint in a rolling
// day, and refuses the one that is too much. With the person
// there, nothing is counted.
func (s *Sandbox) meter(c *call, what string) error {
	if c.attended {
		return nil
	}
	now := s.now()
	var recent []time.Time
	for _, at := range c.consent.Reads[what] {
		if now.Sub(at) < readWindow {
			recent = append(recent, at)
		}
	}
	if len(recent) >= c.consent.Frequency {
		r := refuse(http.StatusTooManyRequests, "ACCESS_EXCEEDED", "read "+strconv.Itoa(len(recent))+" times in a day without the person")
		if !c.bank.NoRetryAfter {
			wait := recent[len(recent)-c.consent.Frequency].Add(readWindow).Sub(now)
			r.header = http.Header{"Retry-After": {strconv.Itoa(int(wait.Seconds()) + 1)}}
		}
		return r
	}
	if c.consent.Reads == nil {
		c.consent.Reads = make(map[string][]time.Time)
	}
	c.consent.Reads[what] = append(recent, now)
	s.state.touch()
	return nil
}
