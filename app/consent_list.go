package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"consentry/app/remind"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// Group sorts consents by what the person has to do about them.
type Group string

// The groups, in the order in which they concern the person.
const (
	NeedsPerson Group = "needs"   // begun and not finished, waiting for another person, to be renewed soon, or withdrawn and still in force at the bank
	Active      Group = "active"  // may be used
	Waiting     Group = "waiting" // asked for, and nobody is approving it
	Ended       Group = "ended"
)

// Groups are all groups in their order.
var Groups = []Group{NeedsPerson, Active, Waiting, Ended}

// ConsentSort is an order within a group.
type ConsentSort string

// The orders. Of equals the newer comes first.
const (
	ByNeed   ConsentSort = ""     // by what is due first; of ended ones those that ended last
	ByEnd    ConsentSort = "end"  // by last day
	ByBank   ConsentSort = "bank" // by the bank's name
	Newest   ConsentSort = "new"  // by when they were asked for
	LastRead ConsentSort = "read" // by last access
)

// ConsentQuery chooses consents. Empty fields choose all.
type ConsentQuery struct {
	Text          string // words of a bank's name or BIC, of the purpose, or of an account's name or number
	UsualPurpose  string // how the usual purpose is said, which a consent keeps as nothing
	EnvironmentID string
	BIC           string
	AccountID     int64
	Group         Group
	Sort          ConsentSort
	Offset, Limit int
}

// ConsentLine is a consent in a list.
type ConsentLine struct {
	storage.Consent
	Group Group
	Flow  *sca.Flow // the authorisation under way, if there is one
}

// ConsentList is a part of the consents.
type ConsentList struct {
	Counts map[Group]int // of all that fit the query but for its group
	Lines  []ConsentLine // group by group
}

// endedAtFirst is how many ended consents stand in a list of all groups: of what is over a
// person wants the latest, and gets it each time they look at what is not.
const endedAtFirst = 10

// ConsentList lists consents: a page of the query's group, or the first of
// each group, but a few of those that ended.
func (a *App) ConsentList(ctx context.Context, q ConsentQuery) (ConsentList, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return ConsentList{}, err
	}
	groups := map[Group][]*indexedConsent{}
	words := strings.Fields(strings.ToLower(q.Text))
	q.UsualPurpose = strings.ToLower(q.UsualPurpose)
	for _, one := range index.all {
		if one.fits(q, words) {
			group := a.groupOf(one)
			groups[group] = append(groups[group], one)
		}
	}
	list := ConsentList{Counts: map[Group]int{}}
	for _, group := range Groups {
		list.Counts[group] = len(groups[group])
		if q.Group != "" && q.Group != group {
			continue
		}
		sortConsents(groups[group], q.Sort)
		from, most := min(max(q.Offset, 0), len(groups[group])), q.Limit
		if q.Group == "" && group == Ended {
			most = min(most, endedAtFirst)
		}
		for _, one := range groups[group][from:min(from+most, len(groups[group]))] {
			list.Lines = append(list.Lines, ConsentLine{Consent: one.Consent, Group: group, Flow: one.flow})
		}
	}
	return list, nil
}

// isOver reports whether a consent is of those that ended, and no time changes that.
func isOver(c storage.Consent) bool {
	return c.Ended() && c.Acknowledgement != storage.AckUnconfirmed
}

func (a *App) groupOf(one *indexedConsent) Group {
	if one.over {
		return Ended
	}
	return a.group(one.Consent, one.flow != nil)
}

// group returns what a consent means to the person at this moment. Begun says that an
// authorisation of it has begun and not ended.
func (a *App) group(c storage.Consent, begun bool) Group {
	now := a.clock.NowAt(c.EnvironmentID)
	switch {
	case c.AwaitsDeletion(now):
		return NeedsPerson
	case c.Ended() || c.Status == xs2a.ConsentValid && c.RunOut(now):
		return Ended
	case begun || c.Status == xs2a.ConsentPartiallyAuthorised || endsSoon(c, now) && !remind.Snoozed(c, now):
		return NeedsPerson
	case c.Status == xs2a.ConsentValid:
		return Active
	}
	return Waiting
}

// EndsSoon reports whether a consent in use has to be renewed within 30 days.
func (a *App) EndsSoon(c storage.Consent) bool { return endsSoon(c, a.clock.NowAt(c.EnvironmentID)) }

func endsSoon(c storage.Consent, now time.Time) bool {
	_, due := remind.Of(c, now)
	return due
}

// RenewalDue reports whether the last day without a new approval has passed.
func (a *App) RenewalDue(c storage.Consent) bool {
	return c.RenewBy != "" && c.RenewBy < a.clock.NowAt(c.EnvironmentID).Format(time.DateOnly)
}

// RunOut reports whether a consent's last day has passed.
func (a *App) RunOut(c storage.Consent) bool { return c.RunOut(a.clock.NowAt(c.EnvironmentID)) }

// due is the day by which a consent needs something.
func (c *indexedConsent) due() string { return cmp.Or(c.RenewBy, c.ValidUntil) }

func sortConsents(all []*indexedConsent, by ConsentSort) {
	slices.SortStableFunc(all, func(x, y *indexedConsent) int {
		switch by {
		case ByEnd:
			return cmp.Compare(x.due(), y.due())
		case ByBank:
			return cmp.Compare(strings.ToLower(x.BankName), strings.ToLower(y.BankName))
		case LastRead:
			return y.ReadAt.Compare(x.ReadAt)
		case Newest:
			return 0 // as they come
		}
		return cmp.Or(y.EndedAt.Compare(x.EndedAt), cmp.Compare(x.due(), y.due()))
	})
}

// ConsentedBank is a bank that was ever asked for a consent.
type ConsentedBank struct{ EnvironmentID, BIC, Name string }

// ConsentedBanks returns the banks of all consents, each once, by the name it
// was asked under last.
func (a *App) ConsentedBanks(ctx context.Context) ([]ConsentedBank, error) {
	index, err := a.consentIndex(ctx)
	if err != nil {
		return nil, err
	}
	var banks []ConsentedBank
	known := map[[2]string]bool{}
	for _, one := range index.all {
		if id := [2]string{one.EnvironmentID, one.BIC}; !known[id] {
			known[id] = true
			banks = append(banks, ConsentedBank{one.EnvironmentID, one.BIC, one.BankName})
		}
	}
	return banks, nil
}
