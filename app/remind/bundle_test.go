package remind_test

import (
	"strings"
	"testing"
	"time"

	"consentry/app/remind"
	"consentry/storage"
)

// TestBundled puts days within two weeks of the earliest together, and no others.
func TestBundled(t *testing.T) {
	today := time.Date(2028, 2, 20, 0, 0, 0, 0, time.UTC)
	of := func(name string, today time.Time, days, level int) remind.Reminder {
		return remind.Reminder{Consent: storage.Consent{ID: name, BankName: name, RenewBy: today.AddDate(0, 0, days).Format(time.DateOnly)}, Days: days, Level: level}
	}
	at := func(name string, days int) remind.Reminder { return of(name, today, days, 0) }
	tests := map[string]struct {
		reminders []remind.Reminder
		want      string
	}{
		"none":                                {nil, ""},
		"one":                                 {[]remind.Reminder{at("a", 3)}, "a"},
		"fourteen days apart":                 {[]remind.Reminder{at("b", 17), at("a", 3)}, "ab"},
		"fifteen":                             {[]remind.Reminder{at("b", 18), at("a", 3)}, "a|b"},
		"a row of them does not go on and on": {[]remind.Reminder{at("a", 3), at("b", 13), at("c", 23), at("d", 33)}, "ab|cd"},
		"over a leap day":                     {[]remind.Reminder{at("a", 9), at("b", 23)}, "ab"},
		"what has passed":                     {[]remind.Reminder{at("a", -10), at("b", 4), at("c", 5)}, "ab|c"},
		"the same day by name":                {[]remind.Reminder{at("b", 3), at("a", 3)}, "ab"},
		"by another clock":                    {[]remind.Reminder{at("a", 3), of("b", today.AddDate(0, 0, 30), 4, 7), at("c", 5)}, "ac|b"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, bundle := range remind.Bundled(test.reminders) {
				names := ""
				for _, r := range bundle {
					names += r.Consent.ID
				}
				got = append(got, names)
			}
			if all := strings.Join(got, "|"); all != test.want {
				t.Errorf("got %s, want %s", all, test.want)
			}
		})
	}
}
