package frontend

import (
	"context"

	"consentry/app/remind"
	"consentry/frontend/words"
)

// Notification is a reminder as the desktop shows it.
type Notification struct{ Title, Text string }

// manyReminders is from how many on they are told as one.
const manyReminders = 4

// Notifications puts reminders into words; many become one.
func Notifications(ctx context.Context, due []remind.Reminder) []Notification {
	if len(due) >= manyReminders {
		first := due[0]
		return []Notification{{
			words.N(ctx, len(due), "%d consent has to be renewed", "%d consents have to be renewed"),
			words.T(ctx, "The first at %s, by %s. Open Consentry to renew them.", first.Consent.BankName, words.Date(ctx, first.By(), "2 January 2006")),
		}}
	}
	var all []Notification
	for _, reminder := range due {
		all = append(all, Notification{
			words.T(ctx, "Renew your consent at %s", reminder.Consent.BankName),
			words.T(ctx, "Its last day is %s: %s. Open Consentry to renew it or to be reminded later.",
				words.Date(ctx, reminder.By(), "2 January 2006"), leftWords(ctx, reminder)),
		})
	}
	return all
}

// HiddenNotification tells of reminders while the program is locked: how many, and nothing of them.
func HiddenNotification(ctx context.Context, due int) Notification {
	return Notification{words.T(ctx, "Consentry is locked"), words.N(ctx, due, "%d reminder waits for you. Unlock to see it.", "%d reminders wait for you. Unlock to see them.")}
}

// leftWords say how many days are left.
func leftWords(ctx context.Context, r remind.Reminder) string {
	switch {
	case r.Days < 0:
		return words.T(ctx, "the day has passed")
	case r.Days == 0:
		return words.T(ctx, "today is the last day")
	}
	return words.N(ctx, r.Days, "%d day left", "%d days left")
}

// calendarWords say in a calendar that a consent has to be renewed.
func calendarWords(ctx context.Context) remind.RenewalWords {
	return func(bank string) (summary, description string) {
		return words.T(ctx, "Renew the consent at %s", bank),
			words.T(ctx, "This is the last day on which Consentry can read your accounts at %s without asking you. Renew the consent in Consentry, or let it end.", bank)
	}
}
