package frontend

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
)

// consentState is what a consent means to the person at this moment.
type consentState struct {
	Tone  ui.Tone
	Word  string
	Live  bool // it may be used now
	Open  bool // asked for and neither given nor refused yet
	Needs bool // the person has to act
}

// state reads a consent. Waiting tells that an authorisation of it has begun
// and not ended.
func (s *Server) state(c storage.Consent, waiting bool) consentState {
	switch {
	case s.app.RunOut(c):
		return consentState{Tone: ui.Neutral, Word: "Expired"}
	case s.app.EndsSoon(c):
		return consentState{Tone: ui.Warn, Word: "Ends soon", Live: true, Needs: true}
	case c.Status == xs2a.ConsentValid:
		return consentState{Tone: ui.Good, Word: "Active", Live: true}
	case c.Status.Final():
		return consentState{Tone: endTone(c.Status), Word: endWord(c.Status)}
	case waiting:
		return consentState{Tone: ui.Warn, Word: "Waiting for you", Open: true, Needs: true}
	case c.Status == xs2a.ConsentPartiallyAuthorised:
		return consentState{Tone: ui.Info, Word: "Waits for another person", Open: true, Needs: true}
	case c.Status == xs2a.ConsentReceived || c.Status == "":
		return consentState{Tone: ui.Neutral, Word: "Not approved", Open: true}
	}
	return consentState{Tone: ui.Info, Word: string(c.Status), Open: true}
}

func endTone(status xs2a.ConsentStatus) ui.Tone {
	if status == xs2a.ConsentRejected {
		return ui.Bad
	}
	return ui.Neutral
}

func endWord(status xs2a.ConsentStatus) string {
	switch status {
	case xs2a.ConsentRejected:
		return "Refused"
	case xs2a.ConsentRevokedByPSU:
		return "Revoked at the bank"
	case xs2a.ConsentExpired:
		return "Expired"
	}
	return "Withdrawn"
}

// lastDay is until when a consent lasts, or would have.
func lastDay(c storage.Consent) time.Time {
	if renew := app.RenewBy(c); !renew.IsZero() {
		return renew
	}
	return day(c.ValidUntil)
}

// inDays puts the days until a date into words.
func inDays(last, now time.Time) string {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch days := int(last.Sub(today).Hours() / 24); {
	case days <= 0:
		return "today is the last day"
	case days == 1:
		return "1 day left"
	default:
		return fmt.Sprintf("%d days left", days)
	}
}

// endsWords says until when a consent lasts, or what became of it.
func endsWords(c storage.Consent, state consentState, now time.Time) string {
	switch {
	case state.Live && state.Needs:
		return "Renew by " + ui.DateText(lastDay(c)) + ", " + inDays(lastDay(c), now)
	case state.Live:
		return "until " + ui.DateText(lastDay(c))
	}
	return "asked for on " + ui.DateText(c.CreatedAt)
}

// accessWords names what an access covers, as in "Accounts, balances,
// transactions".
func accessWords(access xs2a.Access) string {
	if access.AllPSD2 != "" {
		return "All payment accounts, balances, transactions"
	}
	var parts []string
	for _, part := range []struct {
		word string
		list *[]xs2a.AccountReference
	}{{"accounts", access.Accounts}, {"balances", access.Balances}, {"transactions", access.Transactions}} {
		if part.list != nil {
			parts = append(parts, part.word)
		}
	}
	if access.AvailableAccounts != "" {
		parts = append(parts, "list of accounts")
	}
	if len(parts) == 0 {
		return "Not said"
	}
	return capital(strings.Join(parts, ", "))
}

// accessAccounts lists the accounts an access names; none means that the
// person chooses at the bank.
func accessAccounts(access xs2a.Access) []xs2a.AccountReference {
	var all []xs2a.AccountReference
	seen := map[xs2a.AccountReference]bool{}
	for _, list := range []*[]xs2a.AccountReference{access.Accounts, access.Balances, access.Transactions} {
		if list == nil {
			continue
		}
		for _, reference := range *list {
			if !seen[reference] {
				seen[reference] = true
				all = append(all, reference)
			}
		}
	}
	return all
}

// granted reads the access from the consent as the bank sent it back; ok is
// false where the bank said nothing that is understood.
func granted(c storage.Consent) (access xs2a.Access, ok bool) {
	var answer struct{ Access *xs2a.Access }
	if json.Unmarshal(c.Granted, &answer) != nil || answer.Access == nil {
		return xs2a.Access{}, false
	}
	return *answer.Access, true
}

// readsWords says how often a consent may be used without the person.
func readsWords(recurring bool, perDay int) string {
	switch {
	case !recurring:
		return "Once, while you are here"
	case perDay == 0:
		return "Not said"
	}
	return fmt.Sprintf("%d without you", perDay)
}

// day reads an ISO date; what is none gives the zero time.
func day(date string) time.Time {
	if len(date) > len(time.DateOnly) {
		date = date[:len(time.DateOnly)]
	}
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return t
}

func capital(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// plural writes a count with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
