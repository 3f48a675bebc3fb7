package words

import (
	"context"
	"strings"
	"time"
)

// Date returns a time in one of package time's layouts, with the names of months
// and days as the reader's language has them: "2 January 2006". The layout is an
// entry of the catalogue, so that a language orders day, month and year its own way.
func Date(ctx context.Context, t time.Time, layout Text) string {
	l := Of(ctx)
	return l.markWhole(l.date(t, layout))
}

func (l *Language) date(t time.Time, layout Text) string {
	if l.texts == nil {
		return t.Format(string(layout))
	}
	said := l.said(layout)
	for _, name := range names {
		if strings.Contains(said, name.token) {
			return namedDate(l, t, said)
		}
	}
	return t.Format(said)
}

// namedDate writes the parts of a layout between the names by package time, and
// the names by the catalogue: nothing that stands in a name is taken for a layout.
func namedDate(l *Language, t time.Time, layout string) string {
	var b strings.Builder
	for layout != "" {
		at, next := len(layout), -1
		for i, name := range names {
			if found := strings.Index(layout, name.token); found >= 0 && found < at {
				at, next = found, i
			}
		}
		b.WriteString(t.Format(layout[:at]))
		if next < 0 {
			break
		}
		b.WriteString(l.nth(names[next].all, names[next].place(t)))
		layout = layout[at+len(names[next].token):]
	}
	return b.String()
}

// nth is one of the names in a list of them.
func (l *Language) nth(list Text, at int) string {
	said := strings.Fields(l.said(list))
	if english := strings.Fields(string(list)); len(said) != len(english) { // build/words finds that
		said = english
	}
	return said[at]
}

// names are the tokens of a layout that stand for a name; the longer ones first.
var names = []struct {
	token string
	all   Text
	place func(time.Time) int
}{
	{"January", months, func(t time.Time) int { return int(t.Month()) - 1 }},
	{"Jan", shortMonths, func(t time.Time) int { return int(t.Month()) - 1 }},
	{"Monday", weekdays, func(t time.Time) int { return int(t.Weekday()) }},
	{"Mon", shortWeekdays, func(t time.Time) int { return int(t.Weekday()) }},
}

// The names of months and days, each list a single entry: "May" is a whole name in one and a short one in another,
// which other languages write differently. A name has no blanks; a language may put a point behind a short one.
const (
	months        Text = "January February March April May June July August September October November December"
	shortMonths   Text = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
	weekdays      Text = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
	shortWeekdays Text = "Sun Mon Tue Wed Thu Fri Sat"
)

// Kind is what a text is beside a sentence: it decides what a translation of it must keep.
type Kind int

// The kinds of texts.
const (
	Sentence Kind = iota
	Layout        // of a date: it keeps the parts that package time fills
	NameList      // of months or days: it keeps their number
	Alphabet      // see Order
)

// KindOf returns what a text is.
func KindOf(text Text) Kind {
	switch text {
	case months, shortMonths, weekdays, shortWeekdays:
		return NameList
	case alphabet:
		return Alphabet
	}
	rest := string(text)
	for _, part := range layoutParts {
		rest = strings.ReplaceAll(rest, part, "")
	}
	if rest != string(text) && strings.Trim(rest, " ,.") == "" {
		return Layout
	}
	return Sentence
}

// layoutParts are the parts of layouts that are used, the longer ones first.
var layoutParts = []string{"15:04:05", "15:04", "2006", "January", "Jan", "Monday", "Mon", "2"}

// LayoutParts returns which parts of a date a layout has.
func LayoutParts(layout string) (parts []string) {
	for _, part := range layoutParts {
		if without := strings.ReplaceAll(layout, part, ""); without != layout {
			parts, layout = append(parts, part), without
		}
	}
	return parts
}
