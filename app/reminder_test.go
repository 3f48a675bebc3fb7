package app_test

import (
	"errors"
	"fmt"
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

// shown collects what was shown: what became due at once, together.
type shown [][]remind.Reminder

func (s *shown) notify(due []remind.Reminder) error {
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
	w.must(w.Reminders().Remind(t.Context(), got.notify))
	if len(got) != 1 || len(got[0]) != 5 || got[0][0].Consent.BankName != "Bank 4" {
		t.Errorf("shown: %+v", got)
	}
	reminders, err := w.Reminders().Due(t.Context())
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
