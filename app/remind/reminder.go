package remind

import (
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
	Level   int // the reminder that is due: 30, 7 or 1; 0 before the first
}

// Due lists what the person is to be reminded of now, the most pressing first: consents whose last
// days lie within two weeks of each other as one. What is snoozed is left out.
func (r *Reminders) Due(ctx context.Context) ([]Bundle, error) {
	all, err := r.bundles(ctx)
	return slices.DeleteFunc(all, func(b Bundle) bool { return !b.Due() }), err
}

// bundles lists the reminders of all consents in use, due or still to come, but for what is snoozed.
func (r *Reminders) bundles(ctx context.Context) ([]Bundle, error) {
	inUse, err := r.inUse(ctx)
	if err != nil {
		return nil, err
	}
	var reminders []Reminder
	for _, c := range inUse {
		now := r.clock.NowAt(c.EnvironmentID)
		if reminder, ok := dated(c, now); ok && !Snoozed(c, now) {
			reminders = append(reminders, reminder)
		}
	}
	return Bundled(reminders), nil
}

// inUse lists the consents in use that have a day to be renewed by, of each series the newest.
func (r *Reminders) inUse(ctx context.Context) ([]storage.Consent, error) {
	all, err := r.consents(ctx)
	if err != nil {
		return nil, err
	}
	var inUse []storage.Consent
	for c := range all {
		if r.renewable(c) {
			inUse = append(inUse, c)
		}
	}
	return newestOfSeries(inUse), nil
}

// Of returns the reminder of a consent that is due at a moment of its
// environment's clock, snoozed or not; ok is false where there is none.
func Of(c storage.Consent, now time.Time) (reminder Reminder, ok bool) {
	reminder, ok = dated(c, now)
	return reminder, ok && reminder.Level > 0
}

// dated returns the reminder of a consent in use, due or still to come (level 0); ok is false for one
// that has no day to be renewed by.
func dated(c storage.Consent, now time.Time) (reminder Reminder, ok bool) {
	by, err := time.Parse(time.DateOnly, c.RenewBy)
	if err != nil || !c.Recurring || !c.Usable(now) {
		return Reminder{}, false
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	reminder = Reminder{Consent: c, Days: int(by.Sub(today).Hours() / 24)}
	for _, level := range reminderLevels {
		if reminder.Days <= level {
			reminder.Level = level
		}
	}
	return reminder, true
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
	return r.store.Snooze(ctx, reminder.Until(how).Format(time.DateOnly), consentID)
}

// SnoozeTogether keeps the whole reminder silent for a while that a consent is named in; the earliest day
// decides for how long that may be. It fails as Snooze does.
func (r *Reminders) SnoozeTogether(ctx context.Context, consentID string, how Snooze) error {
	if _, err := r.store.Consent(ctx, consentID); err != nil {
		return err
	}
	due, err := r.Due(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(due, func(b Bundle) bool { return b.Has(consentID) })
	if i < 0 {
		return failure.New(failure.NothingToRemind)
	}
	first := due[i].First()
	if !slices.Contains(first.Snoozes(), how) {
		return failure.Unchanged(map[string]storage.Reason{"for": {Code: failure.ChooseFromList}})
	}
	return r.store.Snooze(ctx, first.Until(how).Format(time.DateOnly), due[i].ids()...)
}

// remindEvery is how often the days are counted: they change at midnight, and
// when a practice bank's clock is moved.
const remindEvery = time.Minute

// Keep has the reminders shown that become due, each consent and level
// once, until the program ends. What cannot be shown is not tried again: it stands
// on the overview.
func (r *Reminders) Keep(notify func([]Bundle) error) {
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
func (r *Reminders) Remind(ctx context.Context, notify func([]Bundle) error) error {
	all, err := r.bundles(ctx)
	if err != nil {
		return err
	}
	var fresh []Bundle
	for _, bundle := range all {
		due, along := bundle.given()
		if len(due) == 0 {
			continue
		}
		first, err := r.clock.StoreAt(bundle.First().Consent.EnvironmentID).GiveReminders(ctx, due, along)
		if err != nil {
			return err
		}
		if first {
			fresh = append(fresh, bundle)
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
