package room

import (
	"net/netip"
	"slices"
	"time"
)

// Kind sorts what happens at a room's door.
type Kind string

// The kinds.
const (
	Looked    Kind = "looked"  // at the page that asks for the code
	Entered   Kind = "entered" // with the right code
	WrongCode Kind = "code"
	TooSoon   Kind = "soon"    // after a wrong code
	Other     Kind = "other"   // another phone, once one was let in
	Foreign   Kind = "foreign" // from another network
	TooMany   Kind = "many"    // connections or requests
	Refused   Kind = "refused" // asked for something else than the page
)

// Event is what somebody did, once or more often.
type Event struct {
	Kind Kind
	From netip.Addr
	Last time.Time
	Of   int // how often
}

// mostEvents bounds what is kept of a room: of all that came later than that from addresses
// not seen before, a room keeps how much it was.
const mostEvents = 40

// journal is what happened at a room, the oldest first.
type journal struct {
	events []Event
}

// add notes an event, and reports whether it is the first of its kind from there.
func (j *journal) add(kind Kind, from netip.Addr, at time.Time) (first bool) {
	find := func(from netip.Addr) int {
		return slices.IndexFunc(j.events, func(e Event) bool { return e.Kind == kind && e.From == from })
	}
	i := find(from)
	if i < 0 && len(j.events) >= mostEvents { // from anywhere
		from = netip.Addr{}
		i = find(from)
	}
	if i < 0 {
		j.events = append(j.events, Event{kind, from, at, 1})
		return true
	}
	j.events[i].Last, j.events[i].Of = at, j.events[i].Of+1
	return false
}

func (j *journal) all() []Event { return slices.Clone(j.events) }

// note tells the journal, and the log where it is new.
func (r *Room) note(from netip.Addr, kind Kind) {
	r.mu.Lock()
	first := r.journal.add(kind, from, r.Now())
	r.mu.Unlock()
	if first {
		r.Log.Info("at the practice phone in the room", "what", string(kind), "from", from.String())
	}
}
