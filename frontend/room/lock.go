package room

import (
	"crypto/subtle"
	"time"
)

// mostWrong is how many wrong codes end a room.
const mostWrong = 5

// lock is what the code opens. After each wrong code it takes longer until the next one is
// looked at: 2, 4, 8 and 16 seconds.
type lock struct {
	code      string
	wrong     int
	notBefore time.Time
}

// verdict is what became of a code.
type verdict int

const (
	right verdict = iota
	wrong
	soon
	broken // with this one there were too many
	late   // the room has ended meanwhile
)

// try looks at a code. One that comes too soon is not looked at.
func (l *lock) try(typed string, now time.Time) verdict {
	switch {
	case l.wrong >= mostWrong:
		return broken
	case now.Before(l.notBefore):
		return soon
	case subtle.ConstantTimeCompare([]byte(typed), []byte(l.code)) == 1:
		return right
	}
	l.wrong++
	l.notBefore = now.Add(time.Second << l.wrong)
	if l.wrong >= mostWrong {
		return broken
	}
	return wrong
}

// waits is how long no code is looked at, in whole seconds.
func (l *lock) waits(now time.Time) int {
	left := l.notBefore.Sub(now)
	return max(0, int((left+time.Second-1)/time.Second))
}

// left is how many codes may still be wrong.
func (l *lock) left() int { return mostWrong - l.wrong }

// pace lets so many requests a second through, and a few more at once.
type pace struct {
	have float64
	last time.Time
}

const (
	paceEach = 5
	paceMost = 20
)

// takes reports whether one more may come now.
func (p *pace) takes(now time.Time) bool {
	if p.last.IsZero() {
		p.have = paceMost
	} else {
		p.have = min(paceMost, p.have+max(0, now.Sub(p.last).Seconds())*paceEach)
	}
	p.last = now
	if p.have < 1 {
		return false
	}
	p.have--
	return true
}
