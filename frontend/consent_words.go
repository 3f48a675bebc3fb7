package frontend

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// wording is what something is called: as a label or at the head of a list, and
// within a sentence.
type wording struct{ Label, Within words.Text }

// consentState is what a consent means to the person at this moment.
type consentState struct {
	Tone     ui.Tone
	Word     wording // within a sentence only of one that is over
	BankWord string  // in its place: a status the specification does not know
	Live     bool    // it may be used now
	Open     bool    // asked for and neither given nor refused yet
	Needs    bool    // the person has to act
	// Unconfirmed: it ended here, and the bank has not said that it ended there.
	Unconfirmed bool
}

// label is the state in a word or two.
func (state consentState) label(ctx context.Context) string {
	if state.BankWord != "" {
		return state.BankWord
	}
	return words.T(ctx, state.Word.Label)
}

// state reads a consent by the clock of its environment. Waiting tells that an
// authorisation of it has begun and not ended.
func (s *Server) state(c storage.Consent, waiting bool) consentState {
	return stateAt(c, waiting, s.app.Clock().NowAt(c.EnvironmentID))
}

// stateAt reads a consent as it stands at a moment. An end counts before what
// the bank said last, and so does a date that has passed.
func stateAt(c storage.Consent, waiting bool, now time.Time) consentState {
	switch {
	case c.AwaitsDeletion(now):
		return consentState{Tone: ui.Warn, Word: wording{"Not confirmed", "not confirmed"}, Needs: true, Unconfirmed: true}
	case neverApproved(c):
		return consentState{Tone: ui.Neutral, Word: wording{"Not approved", "not approved"}}
	case c.Ended():
		return consentState{Tone: endTone(c.End), Word: endWord(c.End)}
	case c.Status == xs2a.ConsentValid && c.RunOut(now) && c.Provisional():
		return consentState{Tone: ui.Warn, Word: wording{"Ended by the clock", "ended by the clock"}}
	case c.Status == xs2a.ConsentValid && c.RunOut(now):
		return consentState{Tone: ui.Neutral, Word: endWord(storage.EndExpired)}
	case c.Status == xs2a.ConsentValid && c.Recurring && daysLeft(lastDay(c), now) < 0:
		return consentState{Tone: ui.Warn, Word: wording{Label: "Renewal due"}, Live: true, Needs: true}
	case c.Status == xs2a.ConsentValid && c.Recurring && daysLeft(lastDay(c), now) <= soonDays:
		return consentState{Tone: ui.Warn, Word: wording{Label: "Ends soon"}, Live: true, Needs: c.SnoozedUntil <= now.Format(time.DateOnly)}
	case c.Status == xs2a.ConsentValid:
		return consentState{Tone: ui.Good, Word: wording{Label: "Active"}, Live: true}
	case waiting:
		return consentState{Tone: ui.Warn, Word: wording{Label: "Waiting for you"}, Open: true, Needs: true}
	case c.Status == xs2a.ConsentPartiallyAuthorised:
		return consentState{Tone: ui.Info, Word: wording{Label: "Waits for another person"}, Open: true, Needs: true}
	case c.Status == xs2a.ConsentReceived || c.Status == "":
		return consentState{Tone: ui.Neutral, Word: wording{Label: "Not approved"}, Open: true}
	}
	return consentState{Tone: ui.Info, BankWord: string(c.Status), Open: true}
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

// neverApproved reports whether a consent's time was over before anybody had approved
// it.
func neverApproved(c storage.Consent) bool { return app.NeverApproved(c) }

// endWord says in a word or two why a consent ended.
func endWord(end storage.End) wording {
	switch end {
	case storage.EndGivenUp:
		return wording{"Request cancelled", "request cancelled"}
	case storage.EndExpired:
		return wording{"Expired", "expired"}
	case storage.EndRejected:
		return wording{"Declined", "declined"}
	case storage.EndRevoked:
		return wording{"Revoked at the bank", "revoked at the bank"}
	case storage.EndReplaced:
		return wording{"Replaced", "replaced"}
	case storage.EndRefused:
		return wording{"No longer accepted", "no longer accepted"}
	case storage.EndUnknown:
		return wording{"Not known to the bank", "not known to the bank"}
	}
	return wording{"Withdrawn", "withdrawn"}
}

// endByWords says whose doing an end was.
func endByWords(end storage.End) words.Text {
	switch end {
	case storage.EndExpired:
		return "expired"
	case storage.EndRejected:
		return "declined at the bank"
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

// renewable reports whether a consent is one the person may want back.
func renewable(c storage.Consent) bool { return app.Renewable(c) }

// lastDay is until when a consent lasts, or would have: the day by which it has
// to be renewed, else the end of its validity.
func lastDay(c storage.Consent) time.Time {
	if c.RenewBy != "" {
		return day(c.RenewBy)
	}
	return day(c.ValidUntil)
}

// endsWords says until when a consent lasts, or what became of it.
func endsWords(ctx context.Context, c storage.Consent, state consentState, now time.Time) string {
	switch {
	case state.Live && state.Tone == ui.Warn:
		return words.T(ctx, "Renew by %s, %s", ui.DateWords(ctx, lastDay(c)), inDays(ctx, lastDay(c), now))
	case state.Live:
		return words.T(ctx, "until %s", ui.DateWords(ctx, lastDay(c)))
	case c.Ended() && endedHereAlone(c):
		return words.T(ctx, "ended here on %s", ui.DateWords(ctx, c.EndedOn()))
	case c.Ended():
		return words.T(ctx, "ended on %s", ui.DateWords(ctx, c.EndedOn()))
	case !state.Open:
		return words.T(ctx, "ended on %s", ui.DateWords(ctx, lastDay(c)))
	}
	return words.T(ctx, "asked for on %s", ui.DateWords(ctx, c.CreatedAt))
}

// readsWords says how often a consent may be used without the person.
func readsWords(ctx context.Context, recurring bool, perDay int) string {
	switch {
	case !recurring:
		return words.T(ctx, "Once, while you are here")
	case perDay == 0:
		return words.T(ctx, "Not said")
	}
	return words.T(ctx, "Up to %d a day", perDay)
}

// capital is a text that begins with a capital letter, behind the marks of our words if it has any.
func capital(text string) string {
	for at, r := range text {
		if !words.IsMark(r) {
			_, size := utf8.DecodeRuneInString(text[at:])
			return text[:at] + strings.ToTitle(text[at:at+size]) + text[at+size:]
		}
	}
	return text
}
