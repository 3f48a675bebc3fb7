package clock

import "golang.org/x/sys/unix"

const evenClock = unix.CLOCK_MONOTONIC
