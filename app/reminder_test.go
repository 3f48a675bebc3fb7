package app_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/remind"
	"consentry/storage"
	"consentry/xs2a"
)

// valid puts a consent in use into the store, as a bank that grants it would.
func (w *world) valid(id, name, until string) storage.Consent {
	w.Helper()
	c := storage.Consent{
		ID: id, EnvironmentID: bank.SandboxID, BIC: "TESTSE00", BankName: name, Recurring: true, FrequencyPerDay: 4, ValidUntil: until,
		Purpose: "See all my accounts", Asked: xs2a.ConsentRequest{Recurring: true, ValidUntil: until, FrequencyPerDay: 4},
	}
	w.must(w.store.AddConsent(w.Context(), c))
	w.must(w.store.SetConsentStatus(w.Context(), id, "", xs2a.ConsentValid))
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

// days returns what the days to come are called, counted from noon of the day on whose noon the clock goes
// on now.
func (w *world) days() func(n int) string {
	w.clock.noon()
	now := w.Clock().Now()
	return func(n int) string { return now.AddDate(0, 0, n).Format(time.DateOnly) }
}

// shown collects what was shown, each reminder once.
type shown []remind.Bundle

func (s *shown) notify(due []remind.Bundle) error {
	*s = append(*s, due...)
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
		w.must(w.Reminders().Remind(t.Context(), got.notify))
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
	if second := got[1].First(); second.Consent.BankName != "Norrsken Bank" || second.Days != 7 || second.Level != 7 {
		t.Errorf("the second reminder is %+v", second)
	}
}

// TestRemindOfMany tells them as one.
func TestRemindOfMany(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	for i := range 5 {
		w.valid(fmt.Sprint("c", i), fmt.Sprint("Bank ", i), in(20-i))
	}
	var got shown
	w.must(w.Reminders().Remind(t.Context(), got.notify))
	if len(got) != 1 || len(got[0]) != 5 || got[0].First().Consent.BankName != "Bank 4" {
		t.Errorf("%d shown", len(got))
	}
	reminders, err := w.Reminders().Due(t.Context())
	w.must(err)
	if len(reminders) != 1 || reminders[0].First().Consent.ID != "c4" || reminders[0].First().Days != 16 {
		t.Errorf("%d reminders", len(reminders))
	}
}

// TestRemindTogether lets time pass day by day: what is due within two weeks is told as one, by the
// earliest day; nothing is told twice, and nothing too late.
func TestRemindTogether(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	w.valid("a", "A", in(60))
	w.valid("b", "B", in(70))
	w.valid("c", "C", in(75)) // more than two weeks after the first
	var told []string
	for day := range 76 {
		var got shown
		w.must(w.Reminders().Remind(t.Context(), got.notify))
		w.must(w.Reminders().Remind(t.Context(), got.notify)) // and never again
		for _, bundle := range got {
			names := ""
			for _, r := range bundle {
				names += r.Consent.BankName
			}
			told = append(told, fmt.Sprintf("%d %s", day, names))
		}
		w.clock.pass(1)
	}
	// A's three days, with B; C's first two days with what is left of the others, and each one's last.
	want := []string{"30 AB", "45 C", "53 AB", "59 AB", "68 BC", "69 BC", "74 C"}
	if !slices.Equal(told, want) {
		t.Errorf("told on days %q, want %q", told, want)
	}
}

// TestSnoozeTogether puts off all that a reminder names, and not past the earliest day.
func TestSnoozeTogether(t *testing.T) {
	w := newWorld(t)
	in := w.days()
	w.valid("a", "A", in(5))
	w.valid("b", "B", in(19))
	w.valid("c", "C", in(29))
	due := func() (all []string) {
		t.Helper()
		reminders, err := w.Reminders().Due(t.Context())
		w.must(err)
		for _, bundle := range reminders {
			for _, r := range bundle {
				all = append(all, r.Consent.ID)
			}
		}
		return all
	}
	var told *app.Error
	if err := w.Reminders().SnoozeTogether(t.Context(), "b", remind.SnoozeWeek); !errors.As(err, &told) || len(due()) != 3 {
		t.Errorf("a week, where the first has five days: %v, %q", err, due())
	}
	w.must(w.Reminders().SnoozeTogether(t.Context(), "b", remind.SnoozeDay))
	if got := due(); !slices.Equal(got, []string{"c"}) {
		t.Errorf("due after that: %q", got)
	}
	if err := w.Reminders().SnoozeTogether(t.Context(), "a", remind.SnoozeDay); !errors.As(err, &told) {
		t.Errorf("what is put off already: %v", err)
	}
	if err := w.Reminders().SnoozeTogether(t.Context(), "no such", remind.SnoozeDay); !app.NotFound(err) {
		t.Errorf("no such consent: %v", err)
	}
	w.clock.pass(1)
	if got := due(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("due the day after: %q", got)
	}
}

// TestSnooze keeps a reminder silent up to a day, and no longer than it helps.
func TestSnooze(t *testing.T) {
	w := newWorld(t)
	w.valid("c1", "Norrsken Bank", w.inDays(30))
	due := func() int {
		t.Helper()
		reminders, err := w.Reminders().Due(t.Context())
		w.must(err)
		return len(reminders)
	}
	forward := func(days int) { w.clock.pass(days) }
	if due() != 1 {
		t.Fatal("no reminder at 30 days")
	}
	w.must(w.Reminders().Snooze(t.Context(), "c1", remind.SnoozeDay))
	if due() != 0 {
		t.Error("it goes on")
	}
	if forward(1); due() != 1 {
		t.Error("it does not come again the day after")
	}
	w.must(w.Reminders().Snooze(t.Context(), "c1", remind.SnoozeNext))
	if forward(21); due() != 0 {
		t.Error("it comes 8 days before, not 7")
	}
	if forward(1); due() != 1 {
		t.Error("it does not come 7 days before")
	}
	var told *app.Error
	if err := w.Reminders().Snooze(t.Context(), "c1", remind.SnoozeWeek); !errors.As(err, &told) || !told.Fields["for"].Given() {
		t.Errorf("a week that ends on the last day: %v", err)
	}
	if err := w.Reminders().Snooze(t.Context(), "c1", "for ever"); !errors.As(err, &told) || due() != 1 {
		t.Errorf("for ever: %v", err)
	}
	if err := w.Reminders().Snooze(t.Context(), "no such", remind.SnoozeDay); !app.NotFound(err) {
		t.Errorf("no such consent: %v", err)
	}
	forward(8)
	if err := w.Reminders().Snooze(t.Context(), "c1", remind.SnoozeDay); !errors.As(err, &told) || due() != 0 {
		t.Errorf("after its end: %v", err)
	}
}
