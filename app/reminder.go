package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"consentry/storage"
)

// reminderLevels are how many days before a consent has to be renewed the
// person is reminded, the earliest first.
var reminderLevels = []int{30, 7, 1}

// Reminder says that a consent in use has to be renewed soon.
type Reminder struct {
	Consent storage.Consent
	Days    int // left until the last day; 0 on that day, negative after it
	Level   int // the reminder that is due: 30, 7 or 1
}

// Reminders lists what the person is to be reminded of now, the most pressing
// first. What is snoozed is left out.
func (a *App) Reminders(ctx context.Context) ([]Reminder, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	var due []Reminder
	for _, one := range index.all {
		if reminder, ok := ReminderOf(one.Consent, a.NowAt(one.EnvironmentID)); ok && !a.snoozed(one.Consent) {
			due = append(due, reminder)
		}
	}
	slices.SortStableFunc(due, func(x, y Reminder) int { return cmp.Compare(x.Days, y.Days) })
	return due, nil
}

// ReminderOf returns the reminder of a consent that is due at a moment of its
// environment's clock, snoozed or not; ok is false where there is none.
func ReminderOf(c storage.Consent, now time.Time) (reminder Reminder, ok bool) {
	by, err := time.Parse(time.DateOnly, c.RenewBy)
	if err != nil || !c.Recurring || !c.Usable(now) {
		return Reminder{}, false
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	reminder = Reminder{Consent: c, Days: int(by.Sub(today).Hours() / 24)}
	for _, level := range reminderLevels {
		if reminder.Days <= level {
			reminder.Level, ok = level, true
		}
	}
	return reminder, ok
}

// By is the last day the consent can be used.
func (r Reminder) By() time.Time {
	return RenewBy(r.Consent)
}

// Left says in words how many days are left.
func (r Reminder) Left() string {
	switch {
	case r.Days < 0:
		return "the day has passed"
	case r.Days == 0:
		return "today is the last day"
	}
	return Count(r.Days, "day", "days") + " left"
}

// Snooze is for how long a person does not want to be reminded.
type Snooze string

// The ways to snooze.
const (
	SnoozeDay  Snooze = "day"
	SnoozeWeek Snooze = "week"
	SnoozeNext Snooze = "next" // until the next reminder is due
)

// Snoozes lists how the reminder can be put off: never past the last day.
func (r Reminder) Snoozes() []Snooze {
	var ways []Snooze
	if r.Days > 0 {
		ways = append(ways, SnoozeDay)
	}
	if r.Days > 7 {
		ways = append(ways, SnoozeWeek)
	}
	if r.nextLevel() > 0 {
		ways = append(ways, SnoozeNext)
	}
	return ways
}

// Until is the day on which a snoozed reminder comes again.
func (r Reminder) Until(how Snooze) time.Time {
	today := r.By().AddDate(0, 0, -r.Days)
	switch how {
	case SnoozeDay:
		return today.AddDate(0, 0, 1)
	case SnoozeWeek:
		return today.AddDate(0, 0, 7)
	}
	return r.By().AddDate(0, 0, -r.nextLevel())
}

// nextLevel is the reminder after this one; 0 after the last.
func (r Reminder) nextLevel() int {
	for _, level := range reminderLevels {
		if level < r.Level {
			return level
		}
	}
	return 0
}

// Snooze keeps the reminder of a consent silent for a while. It returns an *Error
// when there is none, or when it would come too late then.
func (a *App) Snooze(ctx context.Context, consentID string, how Snooze) error {
	c, err := a.store.Consent(ctx, consentID)
	if err != nil {
		return err
	}
	reminder, due := ReminderOf(c, a.NowAt(c.EnvironmentID))
	if !due {
		return &Error{Message: "There is nothing to be reminded of.", Lost: "Nothing was changed."}
	}
	if !slices.Contains(reminder.Snoozes(), how) {
		e := invalid(map[string]string{"for": "Choose one of the list."})
		e.Lost = "Nothing was changed."
		return e
	}
	return a.store.Snooze(ctx, consentID, reminder.Until(how).Format(time.DateOnly))
}

// remindEvery is how often the days are counted: they change at midnight, and
// when a practice bank's clock is moved.
const remindEvery = time.Minute

// manyReminders is from how many on they are told as one.
const manyReminders = 4

// KeepReminding shows a notification for each reminder that becomes due, once
// for each consent and level, until the App is closed. One that cannot be shown
// is not tried again: it stands on the overview.
func (a *App) KeepReminding(notify func(title, text string) error) {
	a.run(func(ctx context.Context) {
		for {
			if err := a.remind(ctx, notify); err != nil && ctx.Err() == nil {
				a.log.Error("reminders", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(remindEvery):
			}
		}
	})
}

// remind shows what was not shown yet. It is noted before it is shown, so that
// a crash between the two cannot bring it twice.
func (a *App) remind(ctx context.Context, notify func(title, text string) error) error {
	due, err := a.Reminders(ctx)
	if err != nil {
		return err
	}
	var fresh []Reminder
	for _, reminder := range due {
		first, err := a.storeAt(reminder.Consent.EnvironmentID).GiveReminder(ctx, reminder.Consent.ID, reminder.Level)
		if err != nil {
			return err
		}
		if first {
			fresh = append(fresh, reminder)
		}
	}
	for _, notice := range notices(fresh) {
		if err := notify(notice.title, notice.text); err != nil {
			a.log.Debug("a reminder was not shown on the desktop", "error", err)
		}
	}
	return nil
}

// notice is a notification. Its title begins with words of our own.
type notice struct{ title, text string }

// notices puts reminders into words; many become one.
func notices(due []Reminder) []notice {
	if len(due) >= manyReminders {
		first := due[0]
		return []notice{{
			Count(len(due), "permission has", "permissions have") + " to be renewed",
			"The first at " + first.Consent.BankName + ", by " + first.By().Format("2 January 2006") + ". Open Consentry to renew them.",
		}}
	}
	var all []notice
	for _, reminder := range due {
		all = append(all, notice{
			"Renew your permission at " + reminder.Consent.BankName,
			"Its last day is " + reminder.By().Format("2 January 2006") + ": " + reminder.Left() + ". Open Consentry to renew it or to be reminded later.",
		})
	}
	return all
}
