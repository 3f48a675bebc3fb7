package app_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
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
		snoozes     []app.Snooze
	}{
		"31 days before":      {inUse, at("2027-04-19 23:59"), 0, 0, nil},
		"30 days before":      {inUse, at("2027-04-20 00:00"), 30, 30, []app.Snooze{app.SnoozeDay, app.SnoozeWeek, app.SnoozeNext}},
		"8 days before":       {inUse, at("2027-05-12 12:00"), 8, 30, []app.Snooze{app.SnoozeDay, app.SnoozeWeek, app.SnoozeNext}},
		"7 days before":       {inUse, at("2027-05-13 12:00"), 7, 7, []app.Snooze{app.SnoozeDay, app.SnoozeNext}},
		"2 days before":       {inUse, at("2027-05-18 12:00"), 2, 7, []app.Snooze{app.SnoozeDay, app.SnoozeNext}},
		"the day before":      {inUse, at("2027-05-19 23:59"), 1, 1, []app.Snooze{app.SnoozeDay}},
		"the last day":        {inUse, at("2027-05-20 00:00"), 0, 1, nil},
		"the day after":       {inUse, at("2027-05-21 09:00"), -1, 1, nil},
		"its end":             {inUse, at("2027-07-01 00:00"), 0, 0, nil},
		"one look only":       {with(func(c *storage.Consent) { c.Recurring = false }), at("2027-05-20 09:00"), 0, 0, nil},
		"not valid yet":       {with(func(c *storage.Consent) { c.Status = xs2a.ConsentReceived }), at("2027-05-20 09:00"), 0, 0, nil},
		"never granted":       {with(func(c *storage.Consent) { c.RenewBy = "" }), at("2027-05-20 09:00"), 0, 0, nil},
		"ended":               {with(func(c *storage.Consent) { c.EndedAt = at("2027-05-01 09:00") }), at("2027-05-20 09:00"), 0, 0, nil},
		"over a leap day":     {with(func(c *storage.Consent) { c.RenewBy, c.ValidUntil = "2028-03-07", "2028-03-07" }), at("2028-02-29 09:00"), 7, 7, []app.Snooze{app.SnoozeDay, app.SnoozeNext}},
		"a snooze counts not": {with(func(c *storage.Consent) { c.SnoozedUntil = "2027-05-20" }), at("2027-05-19 09:00"), 1, 1, []app.Snooze{app.SnoozeDay}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, due := app.ReminderOf(test.consent, test.now)
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

// valid puts a consent in use into the store, as a bank that grants it would.
func (w *world) valid(id, name, until string) storage.Consent {
	w.Helper()
	c := storage.Consent{
		ID: id, EnvironmentID: bank.SandboxID, BIC: "TESTSE00", BankName: name, Recurring: true, FrequencyPerDay: 4, ValidUntil: until,
		Purpose: "See all my accounts", Asked: xs2a.ConsentRequest{Recurring: true, ValidUntil: until, FrequencyPerDay: 4},
	}
	w.must(w.store.AddConsent(w.Context(), c))
	w.must(w.store.SetConsentStatus(w.Context(), id, xs2a.ConsentValid))
	c, err := w.store.Consent(w.Context(), id)
	w.must(err)
	return c
}

// inDays returns the day that many days after today's, from whose noon on the
// clock goes.
func (w *world) inDays(n int) string {
	w.clock.noon()
	return w.Clock().Now().AddDate(0, 0, n).Format(time.DateOnly)
}

// shown collects what was shown: what became due at once, together.
type shown [][]app.Reminder

func (s *shown) notify(due []app.Reminder) error {
	*s = append(*s, due)
	return errors.New("nobody is there to see it") // which must not matter
}

// TestRemind shows each reminder once for each level, also across a restart.
func TestRemind(t *testing.T) {
	w := newWorld(t)
	w.valid("c1", "Norrsken Bank", w.inDays(40))
	var got shown
	remind := func(days, want int) {
		t.Helper()
		w.clock.pass(days)
		before := len(got)
		w.must(app.Remind(w.App, t.Context(), got.notify))
		if len(got)-before != want {
			t.Fatalf("%d shown: %+v", len(got)-before, got[before:])
		}
	}
	remind(9, 0)  // 31 days left
	remind(1, 1)  // 30
	remind(0, 0)  // and never again
	remind(20, 0) // 10
	w.restart(here)
	remind(0, 0)
	remind(3, 1) // 7
	w.restart(here)
	remind(0, 0)
	remind(6, 1) // 1
	remind(1, 0) // the last day
	remind(1, 0) // it is over
	if second := got[1][0]; second.Consent.BankName != "Norrsken Bank" || second.Days != 7 || second.Level != 7 {
		t.Errorf("the second reminder is %+v", second)
	}
}

// TestRemindOfMany tells them as one.
func TestRemindOfMany(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.valid(fmt.Sprint("c", i), fmt.Sprint("Bank ", i), w.inDays(20-i))
	}
	var got shown
	w.must(app.Remind(w.App, t.Context(), got.notify))
	if len(got) != 1 || len(got[0]) != 5 || got[0][0].Consent.BankName != "Bank 4" {
		t.Errorf("shown: %+v", got)
	}
	reminders, err := w.Reminders(t.Context())
	w.must(err)
	if len(reminders) != 5 || reminders[0].Consent.ID != "c4" || reminders[0].Days != 16 {
		t.Errorf("got %+v", reminders)
	}
}

// TestSnooze keeps a reminder silent up to a day, and no longer than it helps.
func TestSnooze(t *testing.T) {
	w := newWorld(t)
	w.valid("c1", "Norrsken Bank", w.inDays(30))
	due := func() int {
		t.Helper()
		reminders, err := w.Reminders(t.Context())
		w.must(err)
		return len(reminders)
	}
	forward := func(days int) { w.clock.pass(days) }
	if due() != 1 {
		t.Fatal("no reminder at 30 days")
	}
	w.must(w.Snooze(t.Context(), "c1", app.SnoozeDay))
	if due() != 0 {
		t.Error("it goes on")
	}
	if forward(1); due() != 1 {
		t.Error("it does not come again the day after")
	}
	w.must(w.Snooze(t.Context(), "c1", app.SnoozeNext))
	if forward(21); due() != 0 {
		t.Error("it comes 8 days before, not 7")
	}
	if forward(1); due() != 1 {
		t.Error("it does not come 7 days before")
	}
	var told *app.Error
	if err := w.Snooze(t.Context(), "c1", app.SnoozeWeek); !errors.As(err, &told) || !told.Fields["for"].Given() {
		t.Errorf("a week that ends on the last day: %v", err)
	}
	if err := w.Snooze(t.Context(), "c1", "for ever"); !errors.As(err, &told) || due() != 1 {
		t.Errorf("for ever: %v", err)
	}
	if err := w.Snooze(t.Context(), "no such", app.SnoozeDay); !app.NotFound(err) {
		t.Errorf("no such consent: %v", err)
	}
	forward(8)
	if err := w.Snooze(t.Context(), "c1", app.SnoozeDay); !errors.As(err, &told) || due() != 0 {
		t.Errorf("after its end: %v", err)
	}
}
