package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/xs2a"
)

// given is a consent in use under which an account was fetched.
func given(t *testing.T, s *Store) Consent {
	t.Helper()
	ctx := context.Background()
	c := addConsent(t, s)
	if err := s.SetConsentStatus(ctx, c.ID, "", xs2a.ConsentValid); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutFetch(ctx, c, Fetch{ConsentID: c.ID, Account: salary}); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLateAnswers lets what was under way when a consent was withdrawn and its
// data were erased arrive afterwards: none of it is kept.
func TestLateAnswers(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := given(t, s)
	if done, err := s.WithdrawConsent(ctx, c.ID, true); err != nil || !done {
		t.Fatal(done, err)
	}
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}

	access := json.RawMessage(`{"access":{"accounts":[{"iban":"` + salary.IBAN + `"}]}}`)
	if err := s.SetGranted(ctx, c.ID, "", xs2a.ConsentInformation{Raw: access}, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Consent(ctx, c.ID); err != nil || strings.Contains(string(got.Granted), salary.IBAN) {
		t.Errorf("what was granted names the account again: %s, %v", got.Granted, err)
	}

	late := exchange(c.ID, "Read transactions of "+salary.IBAN, 200, time.Now())
	late.URL = "https://bank.example/v1/accounts/" + salary.IBAN + "/transactions"
	addExchange(t, s, late)
	ended := exchange(c.ID, "Withdraw the consent", 204, time.Now())
	ended.Method = "DELETE"
	addExchange(t, s, ended)
	kept, err := s.Exchanges(ctx, ExchangeQuery{FlowID: &c.ID}, 10)
	if err != nil || len(kept) != 1 || kept[0].Step != ended.Step {
		t.Errorf("recorded late: %+v, %v", kept, err)
	}
}

// TestTokenAfterTheEnd forgets an access token that arrives after a consent has
// ended, unless the bank is still to be told with it.
func TestTokenAfterTheEnd(t *testing.T) {
	tests := map[string]struct {
		ack  Acknowledgement
		kept bool
	}{
		"being told": {AckPending, true}, "not confirmed": {AckUnconfirmed, true}, "refused": {AckRefused, true}, "told": {AckConfirmed, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			ctx := context.Background()
			c := given(t, s)
			if err := s.SetBankConsent(ctx, c.ID, "at the bank"); err != nil {
				t.Fatal(err)
			}
			if done, err := s.WithdrawConsent(ctx, c.ID, false); err != nil || !done {
				t.Fatal(done, err)
			}
			if err := s.SetAcknowledgement(ctx, c.ID, test.ack, TextReason("why")); err != nil {
				t.Fatal(err)
			}
			if err := s.SetCredentials(ctx, ConsentSubject(c.ID), Credentials{AccessToken: "fresh"}); err != nil {
				t.Fatal(err)
			}
			if credentials, err := s.Credentials(ctx, ConsentSubject(c.ID)); err != nil || (credentials.AccessToken == "fresh") != test.kept {
				t.Errorf("kept %+v, %v", credentials, err)
			}
		})
	}
}

// TestGivenUpWhileAsking keeps the bank's id of a consent that was given up
// before the bank answered, has the bank told, and begins nothing more.
func TestGivenUpWhileAsking(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	if done, err := s.WithdrawConsent(ctx, c.ID, false); err != nil || !done {
		t.Fatal(done, err)
	}
	if err := s.SetBankConsent(ctx, c.ID, "at the bank"); !errors.Is(err, ErrEnd) {
		t.Errorf("got %v", err)
	}
	unsettled, err := s.UnsettledConsents(ctx)
	if err != nil || len(unsettled) != 1 || unsettled[0].BankConsentID != "at the bank" {
		t.Errorf("left to be done: %+v, %v", unsettled, err)
	}
	if err := s.AddAuthorisation(ctx, Authorisation{ID: "a", Subject: ConsentSubject(c.ID)}); !errors.Is(err, ErrEnd) {
		t.Errorf("a new attempt: %v", err)
	}
}

// TestReplacedByWhatEnded leaves a consent alone when the one that was to take
// its place has ended.
func TestReplacedByWhatEnded(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	former := given(t, s)
	newer := former
	newer.ID, newer.Renews = "newer", former.ID
	if err := s.AddConsent(ctx, newer); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		what  string
		after func() error
		want  bool
	}{
		{"not valid yet", func() error { return nil }, false},
		{"valid and withdrawn", func() error {
			_, err := s.WithdrawConsent(ctx, newer.ID, false)
			return errors.Join(err, s.SetConsentStatus(ctx, newer.ID, "", xs2a.ConsentValid))
		}, false},
	} {
		if err := test.after(); err != nil {
			t.Fatal(err)
		}
		replaced, err := s.ReplaceConsent(ctx, former.ID, newer.ID, "", AckPending)
		c, failed := s.Consent(ctx, former.ID)
		if err != nil || failed != nil || replaced != test.want || c.Ended() != test.want {
			t.Errorf("%s: replaced %v, ended %q, %v, %v", test.what, replaced, c.End, err, failed)
		}
	}
}

// TestFetchAcrossErasing lets the data of a consent be erased before a newer
// one reads the same account: it counts as never read.
func TestFetchAcrossErasing(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	former := given(t, s)
	newer := former
	newer.ID = "newer"
	if err := s.AddConsent(ctx, newer); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutFetch(ctx, former, Fetch{ConsentID: former.ID, Account: salary, HasTransactions: true, To: "2026-11-20"}); err != nil {
		t.Fatal(err)
	}
	if a, err := s.PutAccount(ctx, former, salary); err != nil || a.BookedTo != "2026-11-20" {
		t.Fatalf("complete up to %q, %v", a.BookedTo, err)
	}
	if _, err := s.WithdrawConsent(ctx, former.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, former.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	if a, err := s.PutAccount(ctx, newer, salary); err != nil || a.BookedTo != "" {
		t.Errorf("after the erasure complete up to %q, %v", a.BookedTo, err)
	}
	if _, err := s.PutAccount(ctx, former, salary); !errors.Is(err, ErrEnd) {
		t.Errorf("under the one that ended: %v", err)
	}
}

// TestScheduleIsNotedOnce writes one line into the history, however many say
// the same at once, and none for what has ended.
func TestScheduleIsNotedOnce(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := given(t, s)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := s.SetSchedule(ctx, c.ID, 3); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	events, err := s.ConsentEvents(ctx, c.ID)
	if err != nil || len(events) != 3 || events[0].Event != (Event{Kind: EventSchedule, Number: 3}) { // asked for, approved, and this
		t.Errorf("history %+v, %v", events, err)
	}
	if _, err := s.WithdrawConsent(ctx, c.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSchedule(ctx, c.ID, 2); !errors.Is(err, ErrEnd) {
		t.Errorf("after the end: %v", err)
	}
}

// TestEraseElsewhere takes a number out of what else names it: a consent that
// never reached the account, and one that the bank refused to give.
func TestEraseElsewhere(t *testing.T) {
	s, dir := open(t)
	ctx := context.Background()
	c := given(t, s)
	named := c
	named.ID = "named"
	accounts := []xs2a.AccountReference{{IBAN: salary.IBAN}}
	named.Asked.Access.Accounts = &accounts
	if err := s.AddConsent(ctx, named); err != nil {
		t.Fatal(err)
	}
	refused := exchange("never came to be", "Ask for the consent", 400, time.Now())
	refused.Request.Body = `{"access":{"accounts":[{"iban":"` + salary.IBAN + `"}]}}`
	addExchange(t, s, refused)
	for _, id := range []string{named.ID, c.ID} {
		if _, err := s.WithdrawConsent(ctx, id, id == c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, FileName+"*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err != nil || bytes.Contains(content, []byte(salary.IBAN)) {
			t.Errorf("%s holds the number, %v", filepath.Base(file), err)
		}
	}
}

// TestErasedOnce writes one line into the history, however many erase at once.
func TestErasedOnce(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := given(t, s)
	if _, err := s.WithdrawConsent(ctx, c.ID, true); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	events, err := s.ConsentEvents(ctx, c.ID)
	if err != nil || len(events) != 4 { // asked for, approved, withdrawn, erased
		t.Errorf("history %+v, %v", events, err)
	}
}

// TestErasedWithWhoApproved forgets whose login approved a consent, and keeps what a late
// return needs.
func TestErasedWithWhoApproved(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	c := given(t, s)
	a := Authorisation{ID: "a", Subject: ConsentSubject(c.ID), Secret: Secret{State: "state", Verifier: "v", SignedBy: "astrid"}}
	if err := s.AddAuthorisation(ctx, a); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WithdrawConsent(ctx, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	kept, err := s.Authorisation(ctx, "a")
	if err != nil || kept.Secret.SignedBy != "" || kept.Secret.State != "state" || kept.Secret.Verifier != "v" {
		t.Errorf("kept is %+v, %v", kept.Secret, err)
	}
}
