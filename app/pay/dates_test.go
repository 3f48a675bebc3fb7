package pay_test

import (
	"slices"
	"testing"
	"time"

	"consentry/app/pay"
	"consentry/xs2a"
)

// TestOccasions lists the days of standing orders. A day after which stands ? is no bank
// day, and where it goes is the bank's to say; one that was moved stands with where it came
// from.
func TestOccasions(t *testing.T) {
	for name, test := range map[string]struct {
		start, end, day, rule string
		every                 xs2a.Frequency
		currency              string // empty: EUR
		from                  string // empty: the start
		atMost                int    // 0: three
		want                  []string
		unknown               bool // weekends alone are known
	}{
		"daily":            {start: "2027-03-01", every: xs2a.Daily, want: []string{"2027-03-01", "2027-03-02", "2027-03-03"}},
		"weekly":           {start: "2027-03-01", every: xs2a.Weekly, want: []string{"2027-03-01", "2027-03-08", "2027-03-15"}},
		"every two weeks":  {start: "2027-03-01", every: xs2a.EveryTwoWeeks, want: []string{"2027-03-01", "2027-03-15", "2027-03-29?"}},
		"monthly":          {start: "2027-03-01", every: xs2a.Monthly, want: []string{"2027-03-01", "2027-04-01", "2027-05-01?"}},
		"every two months": {start: "2027-03-02", every: xs2a.EveryTwoMonths, want: []string{"2027-03-02", "2027-05-02?", "2027-07-02"}},
		"quarterly":        {start: "2027-03-01", every: xs2a.Quarterly, want: []string{"2027-03-01", "2027-06-01", "2027-09-01"}},
		"half a year":      {start: "2027-03-01", every: xs2a.SemiAnnual, want: []string{"2027-03-01", "2027-09-01", "2028-03-01"}},
		"yearly, on a day that three years do not have": {start: "2028-02-29", every: xs2a.Annual, atMost: 5, want: []string{"2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29?"}},
		"an unknown rhythm":                             {start: "2027-03-01", every: "MonthlyVariable"},
		"no start":                                      {every: xs2a.Monthly},

		"the 31st without a day":     {start: "2027-03-31", every: xs2a.Monthly, atMost: 4, want: []string{"2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"}},
		"31 is the last of a month":  {start: "2027-01-05", day: "31", every: xs2a.Monthly, rule: "preceding", want: []string{"2027-01-29 (2027-01-31)", "2027-02-26 (2027-02-28)", "2027-03-31"}},
		"30 in February":             {start: "2028-02-01", day: "30", every: xs2a.Monthly, atMost: 2, want: []string{"2028-02-29", "2028-03-30"}},
		"a day before the start's":   {start: "2027-03-20", day: "15", every: xs2a.Monthly, atMost: 2, want: []string{"2027-04-15", "2027-05-15?"}},
		"the same, each quarter":     {start: "2027-03-20", day: "15", every: xs2a.Quarterly, atMost: 2, want: []string{"2027-04-15", "2027-07-15"}},
		"a day of the start's":       {start: "2027-03-15", day: "15", every: xs2a.Monthly, atMost: 2, want: []string{"2027-03-15", "2027-04-15"}},
		"a day that is no number":    {start: "2027-03-15", day: "x", every: xs2a.Monthly, atMost: 1, want: []string{"2027-03-15"}},
		"over the end of a year":     {start: "2026-12-31", every: xs2a.Monthly, atMost: 2, want: []string{"2026-12-31", "2027-01-31?"}},
		"a Sunday, following":        {start: "2027-05-02", rule: "following", every: xs2a.Monthly, atMost: 1, want: []string{"2027-05-03 (2027-05-02)"}},
		"a Sunday, preceding":        {start: "2027-04-02", day: "2", rule: "preceding", every: xs2a.Monthly, atMost: 2, want: []string{"2027-04-02", "2027-04-30 (2027-05-02)"}},
		"over Easter, following":     {start: "2027-03-26", rule: "following", every: xs2a.Annual, atMost: 1, want: []string{"2027-03-30 (2027-03-26)"}},
		"over Easter, preceding":     {start: "2027-03-01", day: "29", rule: "preceding", every: xs2a.Monthly, atMost: 1, want: []string{"2027-03-25 (2027-03-29)"}},
		"back before the start":      {start: "2027-05-01", rule: "preceding", every: xs2a.Monthly, atMost: 2, want: []string{"2027-05-01?", "2027-06-01"}},
		"on beyond the end":          {start: "2027-04-01", end: "2027-05-01", rule: "following", every: xs2a.Monthly, want: []string{"2027-04-01", "2027-05-01?"}},
		"up to the end":              {start: "2027-03-01", end: "2027-04-01", every: xs2a.Monthly, want: []string{"2027-03-01", "2027-04-01"}},
		"an end before the next one": {start: "2027-03-01", end: "2027-03-31", every: xs2a.Monthly, want: []string{"2027-03-01"}},
		"all of it over":             {start: "2027-03-01", end: "2027-04-01", from: "2027-04-02", every: xs2a.Monthly},

		"from a day of its own":             {start: "2027-03-01", from: "2027-04-01", every: xs2a.Monthly, atMost: 1, want: []string{"2027-04-01"}},
		"from between":                      {start: "2027-03-01", from: "2027-04-02", every: xs2a.Monthly, rule: "following", atMost: 1, want: []string{"2027-05-03 (2027-05-01)"}},
		"due before, and moved on to it":    {start: "2027-02-01", from: "2027-05-03", every: xs2a.Monthly, rule: "following", atMost: 1, want: []string{"2027-05-03 (2027-05-01)"}},
		"due after it, and moved to before": {start: "2027-02-01", from: "2027-05-01", every: xs2a.Monthly, rule: "preceding", atMost: 1, want: []string{"2027-06-01"}},
		"long after the start":              {start: "2020-01-31", from: "2027-06-15", every: xs2a.Monthly, atMost: 2, want: []string{"2027-06-30", "2027-07-31?"}},
		"before the start":                  {start: "2027-03-01", from: "2026-01-01", every: xs2a.Monthly, atMost: 1, want: []string{"2027-03-01"}},

		"Sweden's midsummer":               {start: "2027-06-25", rule: "following", every: xs2a.Annual, currency: "SEK", atMost: 1, want: []string{"2027-06-28 (2027-06-25)"}},
		"which is a bank day in euro":      {start: "2027-06-25", rule: "following", every: xs2a.Annual, atMost: 1, want: []string{"2027-06-25"}},
		"a currency without a calendar":    {start: "2027-12-25", rule: "following", every: xs2a.Annual, currency: "GEL", atMost: 1, want: []string{"2027-12-27 (2027-12-25)"}, unknown: true},
		"New Year, of which none is known": {start: "2027-01-01", rule: "following", every: xs2a.Annual, currency: "GEL", atMost: 1, want: []string{"2027-01-01"}, unknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			if test.currency == "" {
				test.currency = "EUR"
			}
			if test.atMost == 0 {
				test.atMost = 3
			}
			from, _ := time.Parse(time.DateOnly, test.from)
			// Whatever the clock of who asks says, the day is that of its zone.
			from = time.Date(from.Year(), from.Month(), from.Day(), 23, 59, 0, 0, time.FixedZone("", -11*3600))
			list, known := pay.Occasions(xs2a.Standing{Start: test.start, End: test.end, Frequency: test.every, Rule: test.rule, Day: test.day}, test.currency, from, test.atMost)
			var got []string
			for _, one := range list {
				text := one.Day().Format(time.DateOnly)
				switch {
				case one.On.IsZero():
					text += "?"
				case !one.On.Equal(one.Due):
					text += " (" + one.Due.Format(time.DateOnly) + ")"
				}
				got = append(got, text)
			}
			if !slices.Equal(got, test.want) || known == test.unknown {
				t.Errorf("got %q (known: %v), want %q", got, known, test.want)
			}
		})
	}
}
