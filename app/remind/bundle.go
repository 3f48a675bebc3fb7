package remind

import (
	"cmp"
	"slices"
	"time"

	"consentry/storage"
)

// together is how many days after the earliest the last day of a consent may lie that is told of in the
// same reminder.
const together = 14

// Bundle is one reminder of all consents whose last days lie within two weeks of the earliest, which
// stands first and decides when it is due. It holds one at least.
type Bundle []Reminder

// First is the reminder of the consent that has to be renewed first.
func (b Bundle) First() Reminder { return b[0] }

// Due reports whether the person is to be reminded now.
func (b Bundle) Due() bool { return b.First().Level > 0 }

// Has reports whether a consent is one of those the reminder is of.
func (b Bundle) Has(consentID string) bool {
	return slices.ContainsFunc(b, func(r Reminder) bool { return r.Consent.ID == consentID })
}

// ids are the ids of its consents.
func (b Bundle) ids() []string {
	ids := make([]string, len(b))
	for i, r := range b {
		ids[i] = r.Consent.ID
	}
	return ids
}

// given returns what is noted when the reminder is given: the reminders that are due by the consents' own
// days, and those that come along with them. A consent's last one comes along with none: what is told
// two weeks before the last day is no word on the day before it.
func (b Bundle) given() (due, along []storage.GivenReminder) {
	last := reminderLevels[len(reminderLevels)-1]
	for _, r := range b {
		if r.Level > 0 {
			due = append(due, storage.GivenReminder{ConsentID: r.Consent.ID, Days: r.Level})
		}
		for _, level := range reminderLevels {
			if level > last && (b.Due() && level >= b.First().Level || r.Level > 0 && level > r.Level) {
				along = append(along, storage.GivenReminder{ConsentID: r.Consent.ID, Days: level})
			}
		}
	}
	return due, along
}

// Near reports whether the last day of a consent in use is near enough to be told of in a reminder that
// is due, be it another's.
func Near(c storage.Consent, now time.Time) bool {
	r, ok := dated(c, now)
	return ok && r.Days <= reminderLevels[0]+together
}

// Bundled puts what has a day into reminders, the most pressing first. What goes by different clocks is
// told apart: its days cannot be compared.
func Bundled(reminders []Reminder) []Bundle {
	reminders = slices.Clone(reminders)
	slices.SortStableFunc(reminders, func(x, y Reminder) int {
		return cmp.Or(cmp.Compare(x.Days, y.Days), cmp.Compare(x.Consent.BankName, y.Consent.BankName))
	})
	var all []Bundle
	open := map[time.Time]int{} // by the day it is: the last bundle
	for _, r := range reminders {
		i, begun := open[r.today()]
		if !begun || r.Days-all[i].First().Days > together {
			i = len(all)
			all, open[r.today()] = append(all, nil), i
		}
		all[i] = append(all[i], r)
	}
	return all
}

// today is the day it is by the consent's clock.
func (r Reminder) today() time.Time { return r.By().AddDate(0, 0, -r.Days) }

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
