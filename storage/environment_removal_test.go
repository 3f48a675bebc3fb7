package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/xs2a"
)

// none is that no ended consent keeps its environment.
func none(Consent) bool { return false }

// agreed is that the person was told of so many records.
func agreed(records int) func(Environment, EnvironmentUse) error {
	return func(_ Environment, use EnvironmentUse) error {
		if use.Records != records {
			return errors.New("other records than were seen")
		}
		return nil
	}
}

// TestRemoveEnvironment refuses while a consent is in force, data that were read are
// here, or more would go than the person saw; then everything of it goes, its sealed
// secrets out of the bytes of the file, too. Another environment keeps all it has.
func TestRemoveEnvironment(t *testing.T) {
	s, dir := open(t)
	s = s.At(func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) })
	ctx := context.Background()
	c := given(t, s) // until 1 January 2027
	if err := s.PutEnvironment(ctx, Environment{ID: "other", Name: "Other"}); err != nil {
		t.Fatal(err)
	}
	kept := Consent{ID: "kept", EnvironmentID: "other", BIC: "B", BankName: "Other Bank", RequestID: "r2", ValidUntil: "2999-01-01"}
	if err := s.AddConsent(ctx, kept); err != nil {
		t.Fatal(err)
	}
	addExchange(t, s, exchange(c.ID, "Withdraw the consent", 204, time.Now()))
	var sealed []byte
	if err := s.db.QueryRowContext(t.Context(), `SELECT secrets_sealed FROM environment WHERE id = 'e'`).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	refused := func(when string, records int, fits func(EnvironmentUse) bool) {
		t.Helper()
		use, err := s.EnvironmentUse(ctx, "e", Consent.Unconfirmed)
		if err != nil || !fits(use) {
			t.Errorf("%s: %+v, %v", when, use, err)
		}
		if err := s.RemoveEnvironment(ctx, "e", Consent.Unconfirmed, agreed(records)); err == nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	refused("in force", 0, func(u EnvironmentUse) bool { return len(u.InUse) == 1 && !u.Free() })
	if _, err := s.WithdrawConsent(ctx, c.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := s.SetAcknowledgement(ctx, c.ID, AckRefused, Reason{}); err != nil {
		t.Fatal(err)
	}
	refused("the bank has not confirmed", 1, func(u EnvironmentUse) bool { return len(u.InUse) == 1 })
	if use, err := s.EnvironmentUse(ctx, "e", none); err != nil || len(use.InUse) > 0 || use.Free() {
		t.Errorf("it keeps nothing any more: %+v, %v", use, err)
	}
	if err := s.SetAcknowledgement(ctx, c.ID, AckConfirmed, Reason{}); err != nil {
		t.Fatal(err)
	}
	refused("data are here", 1, func(u EnvironmentUse) bool { return len(u.InUse) == 0 && len(u.Holding) == 1 && u.Accounts == 1 })
	if err := s.Erase(ctx, c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	refused("more would go than was seen", 0, func(u EnvironmentUse) bool { return u.Free() && u.Records == 1 })

	if err := s.RemoveEnvironment(ctx, "e", Consent.Unconfirmed, agreed(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Environment(ctx, "e"); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	if _, err := s.Consent(ctx, c.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("its consent is there: %v", err)
	}
	for _, table := range []string{"exchange", "authorisation", "account"} {
		var n int
		if err := s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil || n > 0 {
			t.Errorf("%d left of %s, %v", n, table, err)
		}
	}
	if _, err := s.Consent(ctx, kept.ID); err != nil {
		t.Errorf("another's consent: %v", err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil && strings.Contains(string(content), string(sealed)) {
			t.Errorf("%s holds the sealed secrets", filepath.Base(file))
		}
	}
	if err := s.RemoveEnvironment(ctx, "e", none, agreed(0)); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
}

// TestAskedWhileRemoved keeps no consent whose environment was removed a moment before,
// and says that it is gone.
func TestAskedWhileRemoved(t *testing.T) {
	s, _ := open(t)
	if err := s.AddConsent(t.Context(), Consent{ID: "c", EnvironmentID: "removed", RequestID: "r"}); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestScrubIsOwed lets a reader keep the log from being emptied while an environment is
// removed: that has come about, and its secrets go out of the files with the next Scrub.
func TestScrubIsOwed(t *testing.T) {
	s, dir := open(t)
	s.scrubFor = time.Millisecond // the reader does not end before
	ctx := context.Background()
	if err := s.PutEnvironment(ctx, Environment{ID: "e", Name: "E", Identity: xs2a.Identity{ClientSecret: strings.Repeat("hush", 500)}}); err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	if err := s.db.QueryRowContext(t.Context(), `SELECT secrets_sealed FROM environment WHERE id = 'e'`).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	reader, err := s.db.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback()
	var n int
	if err := reader.QueryRow(`SELECT count(*) FROM environment`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveEnvironment(ctx, "e", none, agreed(0)); err != nil {
		t.Errorf("told to have failed: %v", err)
	}
	if owed, err := s.Setting(ctx, scrubOwed); err != nil || owed == "" {
		t.Errorf("nothing is owed: %v", err)
	}
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if owed, err := s.Setting(ctx, scrubOwed); err != nil || owed != "" {
		t.Errorf("still owed: %q, %v", owed, err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil && strings.Contains(string(content), string(sealed[:200])) {
			t.Errorf("%s holds the sealed secrets", filepath.Base(file))
		}
	}
}

// TestLateExchangeOfRemoved records an exchange after its consent went with its
// environment: it is not kept. One of a flow that never had a consent is.
func TestLateExchangeOfRemoved(t *testing.T) {
	s, _ := open(t)
	c := addConsent(t, s)
	if _, err := s.WithdrawConsent(t.Context(), c.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(t.Context(), c.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveEnvironment(t.Context(), "e", none, agreed(1)); err != nil {
		t.Fatal(err)
	}
	addExchange(t, s, exchange(c.ID, "Read transactions", 200, time.Now()))
	addExchange(t, s, exchange("refused", "Ask for a consent", 400, time.Now()))
	all, err := s.Exchanges(t.Context(), ExchangeQuery{}, 10)
	if err != nil || len(all) != 1 || all[0].FlowID != "refused" {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestHoldingCanBeErased names of two consents that gave an account the one at which it
// can be erased: at the other that was done while this one was in force.
func TestHoldingCanBeErased(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	a := given(t, s)
	b := a
	b.ID, b.RequestID, b.FormID = "b", "rb", "fb"
	if err := s.AddConsent(ctx, b); err != nil {
		t.Fatal(err)
	}
	if err := s.SetConsentStatus(ctx, b.ID, "", xs2a.ConsentValid); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutFetch(ctx, b, Fetch{ConsentID: b.ID, Account: salary}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WithdrawConsent(ctx, a.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, a.ID, Erasure{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WithdrawConsent(ctx, b.ID, false); err != nil {
		t.Fatal(err)
	}
	use, err := s.EnvironmentUse(ctx, "e", none)
	if err != nil || use.Free() || len(use.Holding) != 1 || use.Holding[0].ID != b.ID {
		t.Errorf("%+v, %v", use, err)
	}
}
