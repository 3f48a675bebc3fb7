package remind

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

// Due lists what the person is to be reminded of now, the most pressing
// first. What is snoozed is left out.
func (r *Reminders) Due(ctx context.Context) ([]Reminder, error) {
	all, err := r.consents(ctx)
	if err != nil {
		return nil, err
	}
	var due []Reminder
	for c := range all {
		now := r.clock.NowAt(c.EnvironmentID)
		if reminder, ok := Of(c, now); ok && !Snoozed(c, now) {
			due = append(due, reminder)
		}
	}
	slices.SortStableFunc(due, func(x, y Reminder) int { return cmp.Compare(x.Days, y.Days) })
	return due, nil
}

// Of returns the reminder of a consent that is due at a moment of its
// environment's clock, snoozed or not; ok is false where there is none.
func Of(c storage.Consent, now time.Time) (reminder Reminder, ok bool) {
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
	return renewBy(r.Consent)
}

// renewBy is the last day a consent can be used: the earlier of its end and
// 180 days after it was granted (RTS article 10a). It is zero for a consent
// that was never granted.
func renewBy(c storage.Consent) time.Time {
	by, err := time.Parse(time.DateOnly, c.RenewBy)
	if err != nil {
		return time.Time{}
	}
	return by
}

// Snoozed reports whether the person does not want to be reminded of a consent yet, by
// its environment's clock.
func Snoozed(c storage.Consent, now time.Time) bool {
	return c.SnoozedUntil > now.Format(time.DateOnly)
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
func (r *Reminders) Snooze(ctx context.Context, consentID string, how Snooze) error {
	c, err := r.store.Consent(ctx, consentID)
	if err != nil {
		return err
	}
	reminder, due := Of(c, r.clock.NowAt(c.EnvironmentID))
	if !due {
		return failure.New(failure.NothingToRemind)
	}
	if !slices.Contains(reminder.Snoozes(), how) {
		return failure.Unchanged(map[string]storage.Reason{"for": {Code: failure.ChooseFromList}})
	}
	return r.store.Snooze(ctx, consentID, reminder.Until(how).Format(time.DateOnly))
}

// remindEvery is how often the days are counted: they change at midnight, and
// when a practice bank's clock is moved.
const remindEvery = time.Minute

// Keep has the reminders shown that become due, each consent and level
// once, until the program ends. What cannot be shown is not tried again: it stands
// on the overview.
func (r *Reminders) Keep(notify func([]Reminder) error) {
	r.run(func(ctx context.Context) {
		for {
			if err := r.Remind(ctx, notify); err != nil && ctx.Err() == nil {
				r.log.Error("reminders", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(remindEvery):
			}
		}
	})
}

// Remind shows what was not shown yet. It is noted before it is shown, so that
// a crash between the two cannot bring it twice.
func (r *Reminders) Remind(ctx context.Context, notify func([]Reminder) error) error {
	due, err := r.Due(ctx)
	if err != nil {
		return err
	}
	var fresh []Reminder
	for _, reminder := range due {
		first, err := r.clock.StoreAt(reminder.Consent.EnvironmentID).GiveReminder(ctx, reminder.Consent.ID, reminder.Level)
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
		r.log.Debug("a reminder was not shown on the desktop", "error", err)
	}
	return nil
}
