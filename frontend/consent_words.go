package frontend

import (
	"cmp"
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
	// Unconfirmed: it ended here, and the bank has not said that it ended there.
	Unconfirmed bool
}

// state reads a consent by the clock of its environment. Waiting tells that an
// authorisation of it has begun and not ended.
func (s *Server) state(c storage.Consent, waiting bool) consentState {
	return stateAt(c, waiting, s.app.NowAt(c.EnvironmentID))
}

// stateAt reads a consent as it stands at a moment. An end counts before what
// the bank said last, and so does a date that has passed.
func stateAt(c storage.Consent, waiting bool, now time.Time) consentState {
	switch {
	case c.AwaitsDeletion(now):
		return consentState{Tone: ui.Warn, Word: "Not confirmed", Needs: true, Unconfirmed: true}
	case neverApproved(c):
		return consentState{Tone: ui.Neutral, Word: "Not approved"}
	case c.Ended():
		return consentState{Tone: endTone(c.End), Word: endWord(c.End)}
	case c.Status == xs2a.ConsentValid && c.RunOut(now) && c.Provisional():
		return consentState{Tone: ui.Warn, Word: "Ended by the clock"}
	case c.Status == xs2a.ConsentValid && c.RunOut(now):
		return consentState{Tone: ui.Neutral, Word: endWord(storage.EndExpired)}
	case c.Status == xs2a.ConsentValid && c.Recurring && daysLeft(lastDay(c), now) < 0:
		return consentState{Tone: ui.Warn, Word: "Renewal due", Live: true, Needs: true}
	case c.Status == xs2a.ConsentValid && c.Recurring && daysLeft(lastDay(c), now) <= soonDays:
		return consentState{Tone: ui.Warn, Word: "Ends soon", Live: true, Needs: c.SnoozedUntil <= now.Format(time.DateOnly)}
	case c.Status == xs2a.ConsentValid:
		return consentState{Tone: ui.Good, Word: "Active", Live: true}
	case waiting:
		return consentState{Tone: ui.Warn, Word: "Waiting for you", Open: true, Needs: true}
	case c.Status == xs2a.ConsentPartiallyAuthorised:
		return consentState{Tone: ui.Info, Word: "Waits for another person", Open: true, Needs: true}
	case c.Status == xs2a.ConsentReceived || c.Status == "":
		return consentState{Tone: ui.Neutral, Word: "Not approved", Open: true}
	}
	return consentState{Tone: ui.Info, Word: string(c.Status), Open: true}
}

// soonDays is when a consent that ends begins to need the person.
const soonDays = 30

// endTone: what ended against the person's will stands out.
func endTone(end storage.End) ui.Tone {
	switch end {
	case storage.EndRejected, storage.EndRefused, storage.EndUnknown:
		return ui.Bad
	}
	return ui.Neutral
}

// neverApproved tells of one that ended that its time was over before anybody had
// approved it.
func neverApproved(c storage.Consent) bool {
	return c.End == storage.EndExpired && c.GrantedAt.IsZero()
}

// endWord says in a word or two why a consent ended.
func endWord(end storage.End) string {
	switch end {
	case storage.EndGivenUp:
		return "Given up"
	case storage.EndExpired:
		return "Expired"
	case storage.EndRejected:
		return "Refused"
	case storage.EndRevoked:
		return "Revoked at the bank"
	case storage.EndReplaced:
		return "Replaced"
	case storage.EndRefused:
		return "No longer accepted"
	case storage.EndUnknown:
		return "Not known to the bank"
	}
	return "Withdrawn"
}

// endByWords says whose doing an end was.
func endByWords(end storage.End) string {
	switch end {
	case storage.EndExpired:
		return "its time was over"
	case storage.EndRejected:
		return "refused at the bank"
	case storage.EndRevoked:
		return "by you, at the bank"
	case storage.EndReplaced:
		return "a newer one took its place"
	case storage.EndRefused:
		return "the bank accepts it no more"
	case storage.EndUnknown:
		return "the bank does not know it"
	}
	return "by you"
}

// renewable reports whether a consent is one the person may want back: it ended,
// nothing took its place, and it was not them who ended it here.
func renewable(c storage.Consent) bool {
	if neverApproved(c) {
		return false
	}
	switch c.End {
	case storage.EndExpired, storage.EndRevoked, storage.EndRefused, storage.EndUnknown:
		return c.ReplacedBy == ""
	}
	return false
}

// lastDay is until when a consent lasts, or would have: the day by which it has
// to be renewed, else the end of its validity.
func lastDay(c storage.Consent) time.Time {
	if c.RenewBy != "" {
		return day(c.RenewBy)
	}
	return day(c.ValidUntil)
}

// daysLeft counts the days from today to a date; 0 is today.
func daysLeft(last, now time.Time) int {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return int(last.Sub(today).Hours() / 24)
}

// inDays puts the days until a date into words.
func inDays(last, now time.Time) string {
	switch days := daysLeft(last, now); {
	case days < 0:
		return "that day has passed"
	case days == 0:
		return "today is the last day"
	default:
		return plural(days, "day", "days") + " left"
	}
}

// endsWords says until when a consent lasts, or what became of it.
func endsWords(c storage.Consent, state consentState, now time.Time) string {
	switch {
	case state.Live && state.Tone == ui.Warn:
		return "Renew by " + ui.DateText(lastDay(c)) + ", " + inDays(lastDay(c), now)
	case state.Live:
		return "until " + ui.DateText(lastDay(c))
	case c.Ended() && (c.Told == storage.BankUnconfirmed || c.Told == storage.BankRefused || c.Told == storage.TellingBank):
		return "ended here on " + ui.DateText(c.EndedOn())
	case c.Ended():
		return "ended on " + ui.DateText(c.EndedOn())
	case !state.Open:
		return "ended on " + ui.DateText(lastDay(c))
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
	all := numbersOf(accessAccounts(access))
	for _, part := range []struct {
		word string
		list *[]xs2a.AccountReference
	}{{"accounts", access.Accounts}, {"balances", access.Balances}, {"transactions", access.Transactions}} {
		switch {
		case part.list == nil:
		case part.word == "accounts" || len(*part.list) == 0:
			parts = append(parts, part.word)
		default:
			parts = append(parts, ofSome(part.word, numbersOf(*part.list), all))
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

// numbersOf counts accounts by their numbers: one may come with its currency in one
// list and without it in another.
func numbersOf(list []xs2a.AccountReference) int {
	seen := map[string]bool{}
	for _, reference := range list {
		seen[cmp.Or(reference.IBAN, reference.BBAN, reference.MaskedPAN)] = true
	}
	return len(seen)
}

// ofSome says of how many accounts something is shared, where it is not of all.
func ofSome(word string, some, all int) string {
	if some >= all {
		return word
	}
	return fmt.Sprintf("%s of %d of %s", word, some, plural(all, "account", "accounts"))
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

// plural writes a count with its noun, see app.Count.
func plural(n int, one, many string) string { return app.Count(n, one, many) }
