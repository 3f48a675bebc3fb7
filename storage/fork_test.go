package storage

import (
	"context"
	"errors"
	"testing"
	"time"

	"consentry/xs2a/record"
)

// TestFork keeps where a flow was forked, once, never goes back in it, and drops one in
// which nothing was sent.
func TestFork(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := given(t, s)
	fork := Fork{FlowID: ForkID("1"), Origin: c.ID, Root: c.ID, ExchangeID: 7, Step: "createConsent", Done: 6, EnvironmentID: c.EnvironmentID, BIC: c.BIC}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.AddFork(ctx, fork))
	if err := s.AddFork(ctx, fork); !errors.Is(err, ErrForked) {
		t.Errorf("added twice: %v", err)
	}
	for _, pass := range []int64{7, 9, 8} {
		must(s.PassFork(ctx, fork.FlowID, pass, pass > 7))
	}
	if got, err := s.Fork(ctx, fork.FlowID); err != nil || got.Done != 9 || got.Skipped != 1 || got.BeganAt.IsZero() || !got.StoppedAt.IsZero() {
		t.Errorf("%+v %v", got, err)
	}
	e := exchange(fork.FlowID, "createConsent", 201, time.Now())
	e.Former = 7
	addExchange(t, s, e)
	must(s.DropFork(ctx, fork.FlowID))
	forks, err := s.ForksOf(ctx, c.ID)
	if err != nil || len(forks) != 1 {
		t.Errorf("one in which something was sent is gone: %v", err)
	}
	if formers, err := s.Formers(ctx, fork.FlowID); err != nil || len(formers) != 1 {
		t.Errorf("%v %v", formers, err)
	}
	empty := fork
	empty.FlowID = ForkID("2")
	must(s.AddFork(ctx, empty))
	must(s.DropFork(ctx, empty.FlowID))
	if _, err := s.Fork(ctx, empty.FlowID); !errors.Is(err, ErrNotFound) {
		t.Errorf("an empty one stays: %v", err)
	}
}

// TestForkIsErased takes what was exchanged in a fork along when the data of its consent are
// erased, and keeps nothing of what comes late.
func TestForkIsErased(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := given(t, s)
	fork := Fork{FlowID: ForkID("1"), Origin: c.ID, Root: c.ID, EnvironmentID: c.EnvironmentID, BIC: c.BIC}
	if err := s.AddFork(ctx, fork); err != nil {
		t.Fatal(err)
	}
	read := exchange(fork.FlowID, "getAccountList", 200, time.Now())
	read.Method = "GET"
	addExchange(t, s, read)
	if _, err := s.WithdrawConsent(ctx, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	left := func() []Exchange {
		all, err := s.Exchanges(ctx, ExchangeQuery{FlowID: &fork.FlowID}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := left(); len(all) != 0 {
		t.Errorf("%d exchanges are left", len(all))
	}
	addExchange(t, s, read)
	written := exchange(fork.FlowID, "createConsent", 201, time.Now())
	written.Method, written.Answer = "POST", record.Message{Body: `{"iban":"DE1"}`}
	addExchange(t, s, written)
	if all := left(); len(all) != 1 || all[0].Answer.Body != "" {
		t.Errorf("late: %+v", all)
	}
}

// TestHandmade counts reads under a consent made by hand by themselves, for each account, and
// keeps its environment until it is over.
func TestHandmade(t *testing.T) {
	s, _ := open(t)
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	s = s.At(func() time.Time { return now })
	ctx := context.Background()
	if err := s.PutEnvironment(ctx, Environment{ID: "other", Name: "Other"}); err != nil {
		t.Fatal(err)
	}
	made := Handmade{Kind: HandmadeConsent, FlowID: "f", EnvironmentID: "other", BIC: "B", BankID: "c1", Status: "received", PerDay: 2}
	for range 2 { // the bank says the same again
		if err := s.AddHandmade(ctx, made); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.HandmadeOpen(ctx)
	if err != nil || len(all) != 1 || all[0].Status != "received" {
		t.Fatalf("%+v %v", all, err)
	}
	read := func(account string, attended bool) error {
		return s.BeginHandmadeRead(ctx, all[0].ID, HandmadeRead{Endpoint: ReadBalances, Account: account, Attended: attended})
	}
	for i, one := range []struct {
		account  string
		attended bool
		after    time.Duration
		full     bool
	}{
		{account: "a"}, {account: "a"}, {account: "a", full: true}, {account: "b"}, {account: "a", attended: true}, {account: "a", after: QuotaWindow},
	} {
		now = now.Add(one.after)
		err := read(one.account, one.attended)
		if full := (*QuotaError)(nil); errors.As(err, &full) != one.full || err != nil && !one.full {
			t.Errorf("%d: %v", i, err)
		}
	}
	use, err := s.EnvironmentUse(ctx, "other", none)
	if err != nil || use.Free() || len(use.Made) != 1 {
		t.Errorf("%+v %v", use, err)
	}
	if err := s.NoteHandmade(ctx, all[0].ID, "terminatedByTpp", true); err != nil {
		t.Fatal(err)
	}
	if err := read("a", true); !errors.Is(err, ErrEnd) {
		t.Errorf("read after its end: %v", err)
	}
	if use, err = s.EnvironmentUse(ctx, "other", none); err != nil || !use.Free() {
		t.Errorf("%+v %v", use, err)
	}
}
