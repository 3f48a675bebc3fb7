package ui

import (
	"cmp"
	"slices"
	"time"
)

// Life is a consent on a timeline.
type Life struct {
	From  time.Time // asked for or granted
	Until time.Time // valid until, or when it ended
	Now   time.Time
	Ended bool
	Marks []Mark
}

// Mark is something that happened, or is due.
type Mark struct {
	At   time.Time
	Word string
	Due  bool // the person has to act by then
}

// span reaches from the beginning to the last thing that has a date.
func (life Life) span() span {
	last := life.Until
	for _, mark := range life.Marks {
		if mark.At.After(last) {
			last = mark.At
		}
	}
	return span{life.From, last}
}

// used is how much of the line lies behind.
func (life Life) used() float64 {
	at := life.Now
	if life.Ended || at.After(life.Until) {
		at = life.Until
	}
	return life.span().share(at)
}

// placed is a mark with the line of words it stands on, counted from the bar.
type placed struct {
	Mark
	share float64
	row   int
}

// placed puts each mark's words on the first line where they do not run into
// the ones before; due ones stand above the bar by themselves.
func (life Life) placed() (marks []placed, rows int) {
	sorted := slices.SortedStableFunc(slices.Values(life.Marks), func(a, b Mark) int {
		return cmp.Compare(a.At.Unix(), b.At.Unix())
	})
	var taken []float64
	for _, mark := range sorted {
		spot := placed{Mark: mark, share: life.span().share(mark.At)}
		if !mark.Due {
			spot.row = firstFree(taken, spot.share)
			if spot.row == len(taken) {
				taken = append(taken, 0)
			}
			taken[spot.row] = spot.share
		}
		marks = append(marks, spot)
	}
	return marks, len(taken)
}

// roomForWords is the part of the width that "28 Aug 2026 · renewed" needs.
const roomForWords = 0.24

func firstFree(taken []float64, share float64) int {
	for row, last := range taken {
		if share-last >= roomForWords {
			return row
		}
	}
	return len(taken)
}
