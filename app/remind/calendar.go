package remind

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"consentry/app/failure"
	"consentry/storage"
)

// RenewalWords say in a calendar that consents have to be renewed, the first of them on the day they stand at.
type RenewalWords func([]Renewal) (summary, description string)

// Renewal is a consent as a calendar names it: calendars travel, so it is the bank and no account.
type Renewal struct {
	Bank string
	By   time.Time
}

// Calendar returns an iCalendar file (RFC 5545) with the day by which a consent
// has to be renewed. It returns an *Error for one that is not to be renewed.
func (r *Reminders) Calendar(ctx context.Context, consentID string, say RenewalWords) ([]byte, error) {
	c, err := r.store.Consent(ctx, consentID)
	if err != nil {
		return nil, err
	}
	if !r.renewable(c) {
		return nil, failure.New(failure.NoRenewal)
	}
	return r.calendarOf([]storage.Consent{c}, say)
}

// Calendars returns one file with the days of all consents in use, those that lie within two weeks of
// each other as one, on the earliest; or an *Error where there is none.
func (r *Reminders) Calendars(ctx context.Context, say RenewalWords) ([]byte, error) {
	inUse, err := r.inUse(ctx)
	if err != nil {
		return nil, err
	}
	if len(inUse) == 0 { // RFC 5545 3.6: a calendar holds at least one component
		return nil, failure.New(failure.NoRenewals)
	}
	return r.calendarOf(inUse, say)
}

// renewable reports whether a consent in use has a day to renew it by.
func (r *Reminders) renewable(c storage.Consent) bool {
	return c.Recurring && c.RenewBy != "" && c.Usable(r.clock.NowAt(c.EnvironmentID))
}

func (r *Reminders) calendarOf(consents []storage.Consent, say RenewalWords) ([]byte, error) {
	file := ics.NewCalendar()
	file.SetProductId("-//Consentry//Permissions//EN")
	file.SetMethod(ics.MethodPublish)
	var reminders []Reminder
	for _, c := range consents {
		reminder, ok := dated(c, r.clock.NowAt(c.EnvironmentID))
		if !ok {
			return nil, fmt.Errorf("calendar: the last day of %s: %q", c.ID, c.RenewBy)
		}
		reminders = append(reminders, reminder)
	}
	for _, bundle := range Bundled(reminders) {
		addRenewal(file, bundle, r.clock.Now(), say)
	}
	return []byte(file.Serialize(ics.WithNewLine("\r\n"))), nil // RFC 5545 3.1
}

// addRenewal adds the earliest of the last days of some consents. The id is that of the series which has
// it, so that the file of a renewed consent moves the old day instead of adding one (RFC 5545 3.8.4.7).
func addRenewal(file *ics.Calendar, bundle Bundle, now time.Time, say RenewalWords) {
	renewals := make([]Renewal, len(bundle))
	for i, r := range bundle {
		renewals[i] = Renewal{oneLine(r.Consent.BankName), r.By()}
	}
	by := bundle.First().By()
	summary, description := say(renewals)
	event := file.AddEvent(bundle.First().Consent.Series + "@consentry")
	event.SetDtStampTime(now)
	event.SetAllDayStartAt(by)
	event.SetAllDayEndAt(by.AddDate(0, 0, 1)) // the end is the first moment after it
	event.SetTimeTransparency(ics.TransparencyTransparent)
	event.SetSummary(summary)
	event.SetDescription(description)
	for _, days := range reminderLevels {
		alarm := event.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger(alarmBefore(days))
		alarm.SetDescription(summary)
	}
}

// oneLine takes out of a text what would end the line it stands in.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// alarmHour is when an alarm sounds on its day: nobody wants to hear it at
// midnight, with which the last day begins and from which is counted back.
const alarmHour = 9

// alarmBefore is how long before the last day an alarm sounds that comes so
// many days before it (RFC 5545 3.3.6): for 30 days, 29 days and 15 hours.
func alarmBefore(days int) string {
	if days == 1 {
		return fmt.Sprintf("-PT%dH", 24-alarmHour)
	}
	return fmt.Sprintf("-P%dDT%dH", days-1, 24-alarmHour)
}
