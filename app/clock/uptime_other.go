//go:build !linux && !darwin

package clock

import "time"

// uptime returns a clock that passes evenly.
func uptime() func() time.Duration {
	started := time.Now()
	return func() time.Duration { return time.Since(started) }
}
