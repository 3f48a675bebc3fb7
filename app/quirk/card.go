package quirk

import (
	"slices"
	"strings"
	"time"
)

// Card is what is known of a bank in one kind.
type Card struct {
	Kind    Kind       `json:"kind"`
	Learned []Finding  `json:"learned,omitempty"` // the surest first
	Hours   []Hour     `json:"hours,omitempty"`   // of Latency, those in which there was an answer
	Hand    *Statement `json:"byHand,omitempty"`  // what a person says instead
	Profile *Statement `json:"profile,omitempty"` // what a profile says that was imported
	Use     Use        `json:"use"`               // what the program does with it
}

// Finding is a value with what showed it.
type Finding struct {
	Value     string    `json:"value"`
	Times     int       `json:"times"` // how often it was seen
	First     time.Time `json:"first,omitzero"`
	Latest    time.Time `json:"latest,omitzero"`
	Refused   int       `json:"refusedDays,omitempty"` // of Period: the fewest days that were refused
	Exchanges []int64   `json:"exchanges,omitempty"`   // the latest that showed it, at most mostShown

	last int64 // exchange that was counted
}

// mostShown is how many exchanges are kept of those that showed a value.
const mostShown = 3

// Hour is how long answers took in an hour of the day, by UTC.
type Hour struct {
	Hour   int           `json:"hour"`
	Times  int           `json:"times"`
	Median time.Duration `json:"-"`
	Millis int64         `json:"medianMs"`
}

// Statement is what was not learned here.
type Statement struct {
	Values []string  `json:"values"`
	Note   string    `json:"note,omitempty"`
	File   string    `json:"file,omitempty"` // the profile it came with
	At     time.Time `json:"at,omitzero"`
	Times  int       `json:"times,omitempty"`  // how often it was seen where the profile was made
	ByHand bool      `json:"byHand,omitempty"` // a person said it there
}

// Source is where what a card says comes from.
type Source string

// The sources, the one that counts first.
const (
	ByHand      Source = "hand"
	ByTraffic   Source = "traffic"
	ByProfile   Source = "profile"
	FromNowhere Source = ""
)

// Says returns what the card says, and from where that is: what a person said, else what was
// learned, else what a profile says.
func (c Card) Says() (values []string, from Source) {
	switch {
	case c.Hand != nil:
		return c.Hand.Values, ByHand
	case len(c.Learned) > 0:
		return c.learnedValues(), ByTraffic
	case c.Profile != nil:
		return c.Profile.Values, ByProfile
	}
	return nil, FromNowhere
}

// learnedValues are those that were learned: of a kind with one alone, the surest.
func (c Card) learnedValues() (values []string) {
	for _, each := range c.Learned {
		if values = append(values, each.Value); !c.Kind.Several() {
			break
		}
	}
	return values
}

// Against returns the findings that speak against what the card says.
func (c Card) Against() (against []Finding) {
	says, from := c.Says()
	if from == ByProfile || c.Kind == Latency {
		return nil
	}
	for _, each := range c.Learned {
		if !slices.Contains(says, each.Value) {
			against = append(against, each)
		}
	}
	return against
}

// ProfileDiffers reports whether a profile says something else than the card does.
func (c Card) ProfileDiffers() bool {
	says, from := c.Says()
	return c.Profile != nil && from != ByProfile && c.Kind != Latency && strings.Join(says, " ") != strings.Join(c.Profile.Values, " ")
}

// Times is how often what the card says was seen.
func (c Card) Times() (n int) {
	says, _ := c.Says()
	for _, each := range c.Learned {
		if slices.Contains(says, each.Value) {
			n += each.Times
		}
	}
	return n
}

// Latest is when that was last.
func (c Card) Latest() (latest time.Time) {
	says, _ := c.Says()
	for _, each := range c.Learned {
		if slices.Contains(says, each.Value) && each.Latest.After(latest) {
			latest = each.Latest
		}
	}
	return latest
}

// Use is what the program does with a card.
type Use string

// The uses.
const (
	Noted      Use = "noted"  // nothing: it is for people
	UsedReads  Use = "reads"  // reads without the person begin as reads have shown; a correction goes before it for all reads
	UsedPeriod Use = "period" // a correction is tried where a bank refuses more days
	UsedGrant  Use = "grant"  // the number a bank grants with a consent counts; the card is noted
)

var uses = map[Kind]Use{BookingStatus: UsedReads, ReportForm: UsedReads, Period: UsedPeriod, Quota: UsedGrant}

func useOf(k Kind) Use {
	if use, is := uses[k]; is {
		return use
	}
	return Noted
}
