package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"consentry/app/failure"
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
		if reminder, ok := ReminderOf(one.Consent, a.clock.NowAt(one.EnvironmentID)); ok && !a.snoozed(one.Consent) {
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
	reminder, due := ReminderOf(c, a.clock.NowAt(c.EnvironmentID))
	if !due {
		return failure.New(failure.NothingToRemind)
	}
	if !slices.Contains(reminder.Snoozes(), how) {
		return failure.Unchanged(map[string]storage.Reason{"for": {Code: failure.ChooseFromList}})
	}
	return a.store.Snooze(ctx, consentID, reminder.Until(how).Format(time.DateOnly))
}

// remindEvery is how often the days are counted: they change at midnight, and
// when a practice bank's clock is moved.
const remindEvery = time.Minute

// KeepReminding has the reminders shown that become due, each consent and level
// once, until the App is closed. What cannot be shown is not tried again: it stands
// on the overview.
func (a *App) KeepReminding(notify func([]Reminder) error) {
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
func (a *App) remind(ctx context.Context, notify func([]Reminder) error) error {
	due, err := a.Reminders(ctx)
	if err != nil {
		return err
	}
	var fresh []Reminder
	for _, reminder := range due {
		first, err := a.clock.StoreAt(reminder.Consent.EnvironmentID).GiveReminder(ctx, reminder.Consent.ID, reminder.Level)
		if err != nil {
			return err
		}
		if first {
			fresh = append(fresh, reminder)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := notify(fresh); err != nil {
		a.log.Debug("a reminder was not shown on the desktop", "error", err)
	}
	return nil
}
