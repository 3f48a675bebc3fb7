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
	if l.marked {
		plain := *l
		plain.marked = false
		return l.mark(plain.date(t, layout))
	}
	return l.date(t, layout)
}

func (l *Language) date(t time.Time, layout Text) string {
	if l.catalogue == nil {
		return t.Format(string(layout))
	}
	said := l.find(layout)
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
		b.WriteString(l.find(names[next].of(t)))
		layout = layout[at+len(names[next].token):]
	}
	return b.String()
}

// names are the tokens of a layout that stand for a name; the longer ones first.
var names = []struct {
	token string
	of    func(time.Time) Text
}{
	{"January", func(t time.Time) Text { return months[t.Month()-1] }},
	{"Jan", func(t time.Time) Text { return shortMonths[t.Month()-1] }},
	{"Monday", func(t time.Time) Text { return weekdays[t.Weekday()] }},
	{"Mon", func(t time.Time) Text { return shortWeekdays[t.Weekday()] }},
}

var (
	months = [...]Text{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
		"November", "December"}
	shortMonths   = [...]Text{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	weekdays      = [...]Text{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	shortWeekdays = [...]Text{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
)
