package storage

import (
	"strings"
	"testing"
)

// TestLongMessagesAreCutAndSaySo gives messages of 50,000 characters to all that
// keeps messages for people.
func TestLongMessagesAreCutAndSaySo(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ctx := t.Context()
	long := strings.Repeat("å", 50_000)
	kept := func(where, words string) {
		t.Helper()
		if len(words) > mostWords+mostMark || !strings.HasSuffix(words, "it had 50000 characters)") {
			t.Errorf("%s keeps %d bytes: …%s", where, len(words), words[max(len(words)-60, 0):])
		}
	}
	c := addConsent(t, s)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.SetFetched(ctx, c.ID, TextReason(long)))
	must(s.AddConsentEventOnce(ctx, c.ID, FromBank, Event{Kind: EventNote, Text: long}))
	events, err := s.ConsentEvents(ctx, c.ID)
	must(err)
	kept("a history", events[0].Text)
	must(s.AddConsentEventOnce(ctx, c.ID, FromBank, Event{Kind: EventNote, Text: shortened(long)}))
	events, err = s.ConsentEvents(ctx, c.ID)
	must(err)
	kept("a second keeping", events[0].Text)
	must(s.AddAuthorisation(ctx, Authorisation{ID: "a-long", Subject: ConsentSubject(c.ID), Secret: Secret{State: "long"}}))
	a, err := s.Authorisation(ctx, "a-long")
	must(err)
	a.Message = long
	_, err = s.SetAnswer(ctx, a)
	must(err)
	a, err = s.Authorisation(ctx, "a-long")
	must(err)
	kept("a step", a.Message)
	must(s.EndAuthorisation(ctx, a.ID, Failed, TextReason(long)))
	a, err = s.Authorisation(ctx, "a-long")
	must(err)
	kept("an end", a.Reason.Text)
	c, err = s.Consent(ctx, c.ID)
	must(err)
	kept("a fetch", c.FetchError.Text)
}
