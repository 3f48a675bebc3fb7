package frontend

import (
	"context"
	"slices"

	"consentry/app/remind"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// Notification is a reminder as the desktop shows it.
type Notification struct{ Title, Text string }

// Notifications puts reminders into words, each into one.
func Notifications(ctx context.Context, due []remind.Bundle) []Notification {
	var all []Notification
	for _, bundle := range due {
		first := bundle.First()
		last := words.Date(ctx, first.By(), "2 January 2006")
		if len(bundle) == 1 {
			all = append(all, Notification{
				words.T(ctx, "Renew your consent at %s", first.Consent.BankName),
				words.T(ctx, "Its last day is %s: %s. Open Consentry to renew it or to be reminded later.", last, leftWords(ctx, first)),
			})
			continue
		}
		all = append(all, Notification{
			words.N(ctx, len(bundle), "%d consent has to be renewed", "%d consents have to be renewed"),
			words.T(ctx, "They are at %s. The first has to be renewed by %s: %s. Open Consentry to renew them or to be reminded later.", banksOf(ctx, bundle), last, leftWords(ctx, first)),
		})
	}
	return all
}

// banksNamed are named one by one where consents of many are told of together.
const banksNamed = 5

// banksOf names the banks of a reminder, each once, that of the earliest day first.
func banksOf(ctx context.Context, bundle remind.Bundle) string {
	var names []string
	for _, r := range bundle {
		names = append(names, r.Consent.BankName)
	}
	return bankNames(ctx, names)
}

// bankNames names banks, each once and as many as one reads.
func bankNames(ctx context.Context, all []string) string {
	var names []string
	for _, name := range all {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if rest := len(names) - banksNamed; rest > 1 { // leaving out one saves no room
		names = append(names[:banksNamed], words.N(ctx, rest, "%d other bank", "%d other banks"))
	}
	return words.List(ctx, names)
}

// renewalsDue says what has to be renewed, in a sentence.
func renewalsDue(ctx context.Context, bundle remind.Bundle) string {
	first := bundle.First()
	last := ui.DateWords(ctx, first.By())
	switch {
	case len(bundle) == 1 && first.Days < 0:
		return words.T(ctx, "Your consent at %s was to be renewed by %s.", first.Consent.BankName, last)
	case len(bundle) == 1:
		return words.T(ctx, "Renew your consent at %s by %s.", first.Consent.BankName, last)
	case first.Days < 0:
		return words.N(ctx, len(bundle), "%[1]d consent has to be renewed, the first since %[2]s: %[3]s.", "%[1]d consents have to be renewed, the first since %[2]s: %[3]s.", last, banksOf(ctx, bundle))
	case bundle[len(bundle)-1].Days == first.Days:
		return words.N(ctx, len(bundle), "%[1]d consent has to be renewed by %[2]s: %[3]s.", "%[1]d consents have to be renewed by %[2]s: %[3]s.", last, banksOf(ctx, bundle))
	}
	return words.N(ctx, len(bundle), "%[1]d consent has to be renewed, the first by %[2]s: %[3]s.", "%[1]d consents have to be renewed, the first by %[2]s: %[3]s.", last, banksOf(ctx, bundle))
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

// calendarWords say in a calendar that consents have to be renewed.
func calendarWords(ctx context.Context) remind.RenewalWords {
	return func(renewals []remind.Renewal) (summary, description string) {
		bank := renewals[0].Bank
		if len(renewals) == 1 {
			return words.T(ctx, "Renew the consent at %s", bank),
				words.T(ctx, "This is the last day on which Consentry can read your accounts at %s without asking you. Renew the consent in Consentry, or let it end.", bank)
		}
		var names, days []string
		for _, renewal := range renewals {
			names = append(names, renewal.Bank)
			days = append(days, words.T(ctx, "%s: %s", renewal.Bank, words.Date(ctx, renewal.By, "2 January 2006")))
		}
		return words.N(ctx, len(renewals), "Renew %[1]d consent: %[2]s", "Renew %[1]d consents: %[2]s", bankNames(ctx, names)),
			words.T(ctx, "This is the first of the last days on which Consentry can read your accounts without asking you. Renew the consents in Consentry, or let them end. Their last days: %s.", words.Row(ctx, days))
	}
}
