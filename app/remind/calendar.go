package remind

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"consentry/app/failure"
	"consentry/storage"
)

// RenewalWords say in a calendar that a consent at a bank has to be renewed.
type RenewalWords func(bank string) (summary, description string)

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

// Calendars returns one file with the days of all consents in use, or an *Error
// where there is none.
func (r *Reminders) Calendars(ctx context.Context, say RenewalWords) ([]byte, error) {
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
	if len(inUse) == 0 { // RFC 5545 3.6: a calendar holds at least one component
		return nil, failure.New(failure.NoRenewals)
	}
	slices.SortStableFunc(inUse, func(x, y storage.Consent) int { return cmp.Compare(x.RenewBy, y.RenewBy) })
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
	for _, c := range newestOfSeries(consents) {
		if err := addRenewal(file, c, r.clock.Now(), say); err != nil {
			return nil, err
		}
	}
	return []byte(file.Serialize(ics.WithNewLine("\r\n"))), nil // RFC 5545 3.1
}

// newestOfSeries leaves out consents that a newer one in the list renews: while
// the bank ends the old one, both are in use.
func newestOfSeries(consents []storage.Consent) []storage.Consent {
	newest := map[string]storage.Consent{}
	for _, c := range consents {
		if other, known := newest[c.Series]; !known || other.CreatedAt.Before(c.CreatedAt) {
			newest[c.Series] = c
		}
	}
	var all []storage.Consent
	for _, c := range consents {
		if newest[c.Series].ID == c.ID {
			all = append(all, c)
		}
	}
	return all
}

// addRenewal adds the last day of a consent. Calendars travel: it names the
// bank and no account. The id is that of the series, so that the file of a
// renewed consent moves the old day instead of adding one (RFC 5545 3.8.4.7).
func addRenewal(file *ics.Calendar, c storage.Consent, now time.Time, say RenewalWords) error {
	by, err := time.Parse(time.DateOnly, c.RenewBy)
	if err != nil {
		return fmt.Errorf("calendar: the last day of %s: %w", c.ID, err)
	}
	summary, description := say(oneLine(c.BankName))
	event := file.AddEvent(c.Series + "@consentry")
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
	return nil
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
