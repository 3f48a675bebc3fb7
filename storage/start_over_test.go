package storage

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/xs2a"
)

// TestStartOver forgets what was sealed under a key that is lost, and keeps everything else. A database that somebody has open
// is left.
func TestStartOver(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	old, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	next := anotherKey(t)
	store, err := Open(ctx, dir, old, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := StartOver(ctx, dir, next, time.Now); !errors.Is(err, ErrInUse) {
		t.Errorf("of an open database: %v", err)
	}
	consent := Consent{ID: "c1", EnvironmentID: "mine", BIC: "X", BankName: "A bank", CreatedAt: time.Now()}
	holder := Subject{SubjectConsent, "c1"}
	auth := Authorisation{ID: "a1", Subject: holder, Secret: Secret{State: "the-state"}, Step: xs2a.StepRedirect}
	err = errors.Join(
		store.PutEnvironment(ctx, Environment{ID: "mine", Name: "Mine", Identity: xs2a.Identity{ClientID: "we", ClientSecret: "hush"}}),
		store.AddConsent(ctx, consent), store.SetCredentials(ctx, holder, Credentials{AccessToken: "a-token"}), store.AddAuthorisation(ctx, auth),
		store.AddKeyPair(ctx, KeyPair{EnvironmentID: "mine", Purpose: "signatures", Application: []byte(`{}`), Request: []byte("x")}, "a key", false),
		store.SetSetting(ctx, "theme", "dark"),
	)
	_, failed := store.exec(ctx, `INSERT INTO arrangement_left (environment_id, bic, key_sealed, digest, place, hidden, main_type) VALUES ('mine', 'BANKSES1', x'01', x'02', 1, 0, '')`)
	err = errors.Join(err, failed, store.Close())
	if err != nil {
		t.Fatal(err)
	}
	if is, err := Belongs(ctx, dir, next); is || err != nil {
		t.Errorf("belongs to another key before: %v, %v", is, err)
	}
	if err := StartOver(ctx, dir, next, time.Now); err != nil {
		t.Fatal(err)
	}
	for seal, want := range map[Sealer]bool{old: false, next: true} {
		if is, err := Belongs(ctx, dir, seal); is != want || err != nil {
			t.Errorf("belongs: %v, want %v, %v", is, want, err)
		}
	}
	if store, err = Open(ctx, dir, next, time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if e, err := store.Environment(ctx, "mine"); err != nil || e.ClientID != "we" || e.ClientSecret != "" {
		t.Errorf("the environment is %v, %v", e, err)
	}
	if c, err := store.Credentials(ctx, holder); err != nil || c != (Credentials{}) {
		t.Errorf("the credentials are %v, %v", c, err)
	}
	if a, err := store.Authorisation(ctx, "a1"); err != nil || a.Outcome != GivenUp || a.Secret != (Secret{}) {
		t.Errorf("the attempt is %v, %v", a, err)
	}
	if _, err := store.TakeReturn(ctx, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("an empty state is taken: %v", err)
	}
	if pairs, err := store.KeyPairs(ctx, "mine"); err != nil || len(pairs) != 0 {
		t.Errorf("key pairs are left: %v, %v", pairs, err)
	}
	if left, err := collect(ctx, store.db, readText, `SELECT bic FROM arrangement_left`); err != nil || len(left) != 0 {
		t.Errorf("how erased accounts were shown is left, and nobody can tell which those are: %q, %v", left, err)
	}
	if c, err := store.Consent(ctx, "c1"); err != nil || c.BankName != "A bank" {
		t.Errorf("the consent is %v, %v", c, err)
	}
	if theme, err := store.Setting(ctx, "theme"); err != nil || theme != "dark" {
		t.Errorf("the theme is %q, %v", theme, err)
	}
	columns, err := collect(ctx, store.db, readText, `SELECT m.name || '.' || p.name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table' AND p.name LIKE '%sealed' ORDER BY 1`)
	if want := 7; err != nil || len(columns) != want {
		t.Errorf("%d columns are sealed, and %d are started over: %v, %v", len(columns), want, columns, err)
	}
}
