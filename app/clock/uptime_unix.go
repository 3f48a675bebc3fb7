//go:build linux || darwin

package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// uptime returns a clock that passes evenly and goes on while the machine sleeps, which
// Go's own does not do here.
func uptime() func() time.Duration {
	started := time.Now()
	return func() time.Duration {
		var at unix.Timespec
		if err := unix.ClockGettime(evenClock, &at); err != nil {
			return time.Since(started)
		}
		return time.Duration(at.Nano())
	}
}
