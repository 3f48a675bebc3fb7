package ui

import (
	"context"
	"slices"
	"time"

	"consentry/frontend/words"
)

// Timeline shows lives side by side on one scale, from the first thing that
// happened to the last that is due.
type Timeline struct {
	Now   time.Time
	Lanes []Lane
	Of    int // how many there are, when not all are drawn
}

// Lane is one life: a consent with those it renewed, one behind the other.
type Lane struct {
	Name   string
	About  string // what tells it from others of that name; empty for nothing
	Href   string
	Spells []Spell
}

// Spell is one consent of a life.
type Spell struct {
	From  time.Time // asked for
	Until time.Time // its last day, or when it ended
	Kind  SpellKind
	Due   time.Time // the last day to renew it; zero for none
	Words string    // all of it, for those who do not see the picture
}

// SpellKind is how a spell is drawn.
type SpellKind string

// The kinds of spells.
const (
	SpellLive    SpellKind = "live"
	SpellOver    SpellKind = "over"    // it was used and has ended
	SpellWaiting SpellKind = "waiting" // asked for and not approved yet
	SpellNever   SpellKind = "never"   // it ended before it was approved
)

const (
	// farthest is how far the picture reaches to either side of today. Banks
	// write 31 December 9999 for "no end".
	farthest = 400 * 24 * time.Hour

	// margin is what the picture shows at least on either side of today.
	margin = 21 * 24 * time.Hour
)

// span reaches from the first spell to the end of the last, as far as the
// picture goes.
func (line Timeline) span() span {
	from, until := line.Now.Add(-margin), line.Now.Add(margin)
	for _, lane := range line.Lanes {
		for _, spell := range lane.Spells {
			if spell.From.Before(from) {
				from = spell.From
			}
			if spell.Until.After(until) {
				until = spell.Until
			}
		}
	}
	if earliest := line.Now.Add(-farthest); from.Before(earliest) {
		from = earliest
	}
	if latest := line.Now.Add(farthest); until.After(latest) {
		until = latest
	}
	room := until.Sub(from) / 50 // so that nothing stands on the very edge
	return span{from.Add(-room), until.Add(room)}
}

// inSight are the lanes but for those of lives that ended before the picture
// begins.
func (line Timeline) inSight(scale span) []Lane {
	return slices.DeleteFunc(slices.Clone(line.Lanes), func(lane Lane) bool {
		return !slices.ContainsFunc(lane.Spells, func(spell Spell) bool { return !spell.Until.Before(scale.from) })
	})
}

// tick is a month on the axis.
type tick struct {
	at   time.Time
	word string
}

// ticks are the months on the axis. The year stands with the first of another
// year, and with the very first where there is no other.
func (s span) ticks(ctx context.Context) []tick {
	months := s.months(4)
	ticks := make([]tick, len(months))
	changed := false
	for i, first := range months {
		ticks[i] = tick{first, words.Date(ctx, first, "Jan")}
		if i > 0 && first.Year() != months[i-1].Year() {
			ticks[i].word, changed = words.Date(ctx, first, "Jan 2006"), true
		}
	}
	if len(ticks) > 0 && !changed {
		ticks[0].word = words.Date(ctx, months[0], "Jan 2006")
	}
	return ticks
}

// slimmest is the least width of a bar: what lasted a minute is seen, too.
const slimmest = 0.006

// piece is a stretch of a lane, in per cent of its width.
type piece struct{ x, width string }

// piece places a stretch of time; ok is false for one outside the picture.
func (s span) piece(from, until time.Time) (p piece, ok bool) {
	if until.Before(s.from) || from.After(s.until) {
		return p, false
	}
	start, end := s.share(from), s.share(until)
	if end-start < slimmest {
		end = min(start+slimmest, 1)
		start = end - slimmest
	}
	return piece{percent(start), percent(end - start)}, true
}

// earlier is the sooner of two moments.
func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
