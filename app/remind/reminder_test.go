package remind_test

import (
	"slices"
	"testing"
	"time"

	"consentry/app/remind"
	"consentry/storage"
	"consentry/xs2a"
)

// TestReminderOf counts days as a calendar does.
func TestReminderOf(t *testing.T) {
	at := func(text string) time.Time {
		moment, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	inUse := storage.Consent{Status: xs2a.ConsentValid, Recurring: true, ValidUntil: "2027-06-30", RenewBy: "2027-05-20"}
	with := func(change func(*storage.Consent)) storage.Consent {
		c := inUse
		change(&c)
		return c
	}
	tests := map[string]struct {
		consent     storage.Consent
		now         time.Time
		days, level int // level 0: none
		snoozes     []remind.Snooze
	}{
		"31 days before":      {inUse, at("2027-04-19 23:59"), 0, 0, nil},
		"30 days before":      {inUse, at("2027-04-20 00:00"), 30, 30, []remind.Snooze{remind.SnoozeDay, remind.SnoozeWeek, remind.SnoozeNext}},
		"8 days before":       {inUse, at("2027-05-12 12:00"), 8, 30, []remind.Snooze{remind.SnoozeDay, remind.SnoozeWeek, remind.SnoozeNext}},
		"7 days before":       {inUse, at("2027-05-13 12:00"), 7, 7, []remind.Snooze{remind.SnoozeDay, remind.SnoozeNext}},
		"2 days before":       {inUse, at("2027-05-18 12:00"), 2, 7, []remind.Snooze{remind.SnoozeDay, remind.SnoozeNext}},
		"the day before":      {inUse, at("2027-05-19 23:59"), 1, 1, []remind.Snooze{remind.SnoozeDay}},
		"the last day":        {inUse, at("2027-05-20 00:00"), 0, 1, nil},
		"the day after":       {inUse, at("2027-05-21 09:00"), -1, 1, nil},
		"its end":             {inUse, at("2027-07-01 00:00"), 0, 0, nil},
		"one look only":       {with(func(c *storage.Consent) { c.Recurring = false }), at("2027-05-20 09:00"), 0, 0, nil},
		"not valid yet":       {with(func(c *storage.Consent) { c.Status = xs2a.ConsentReceived }), at("2027-05-20 09:00"), 0, 0, nil},
		"never granted":       {with(func(c *storage.Consent) { c.RenewBy = "" }), at("2027-05-20 09:00"), 0, 0, nil},
		"ended":               {with(func(c *storage.Consent) { c.EndedAt = at("2027-05-01 09:00") }), at("2027-05-20 09:00"), 0, 0, nil},
		"over a leap day":     {with(func(c *storage.Consent) { c.RenewBy, c.ValidUntil = "2028-03-07", "2028-03-07" }), at("2028-02-29 09:00"), 7, 7, []remind.Snooze{remind.SnoozeDay, remind.SnoozeNext}},
		"a snooze counts not": {with(func(c *storage.Consent) { c.SnoozedUntil = "2027-05-20" }), at("2027-05-19 09:00"), 1, 1, []remind.Snooze{remind.SnoozeDay}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, due := remind.Of(test.consent, test.now)
			if due != (test.level != 0) || due && (got.Days != test.days || got.Level != test.level) {
				t.Fatalf("%d days, level %d, %v; want %d, %d", got.Days, got.Level, due, test.days, test.level)
			}
			if due && !slices.Equal(got.Snoozes(), test.snoozes) {
				t.Errorf("it can be put off by %q, want %q", got.Snoozes(), test.snoozes)
			}
			for _, how := range got.Snoozes() {
				if until := got.Until(how); due && (!until.After(test.now.Truncate(24*time.Hour)) || until.After(got.By())) {
					t.Errorf("%s: it comes again on %v, today is %v and the last day %v", how, until, test.now, got.By())
				}
			}
		})
	}
}
