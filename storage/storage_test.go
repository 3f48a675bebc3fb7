package storage

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage/folder"
	"consentry/xs2a"
)

// empty are the files of a data folder in which nothing is stored yet, by their names, made once
// for all tests: the migrations took a third of their time. Other packages have consentry/app/fresh.
var empty = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "consentry-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	s, err := Open(context.Background(), dir, key, time.Now)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // which puts everything into the one file
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range []string{folder.Database, folder.Key} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// open returns a store in a temporary folder, sealed under a real key.
func open(t testing.TB) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	files, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return openIn(t, dir), dir
}

func openIn(t testing.TB, dir string) *Store {
	t.Helper()
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func addConsent(t testing.TB, s *Store) Consent {
	t.Helper()
	ctx := context.Background()
	if err := s.PutEnvironment(ctx, Environment{ID: "e", Name: "Test", Identity: xs2a.Identity{ClientSecret: "hush-hush-secret"}}); err != nil {
		t.Fatal(err)
	}
	c := Consent{ID: "c", EnvironmentID: "e", BIC: "NRSKSESS", BankName: "Norrsken Bank", RequestID: "r", ValidUntil: "2027-01-01"}
	if err := s.AddConsent(ctx, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDataAreClosedToOthers keeps other users of the machine out of all that the
// store makes, also in a folder that is open to them.
func TestDataAreClosedToOthers(t *testing.T) {
	top := t.TempDir()
	openDir := filepath.Join(top, "open")
	if err := errors.Join(os.Mkdir(openDir, 0o755), os.Chmod(openDir, 0o755)); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]os.FileMode{filepath.Join(top, "made"): 0o700, openDir: 0o755} {
		addConsent(t, openIn(t, dir)) // the write-ahead log and its index are there
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v; want %o", dir, info.Mode().Perm(), err, want)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) < 4 {
			t.Fatalf("found %v, %v", files, err)
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v, %v", file, info.Mode().Perm(), err)
			}
		}
	}
}

// TestOneProgramAtATime refuses a second program on the same data.
func TestOneProgramAtATime(t *testing.T) {
	s, dir := open(t)
	if _, err := Open(context.Background(), dir, s.seal, time.Now); !errors.Is(err, ErrInUse) {
		t.Fatalf("a second program: %v, want ErrInUse", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openIn(t, dir)
}

// TestSecretsAreSealed looks for every secret in the bytes of all files.
func TestSecretsAreSealed(t *testing.T) {
	s, dir := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	auth := Authorisation{ID: "a", Subject: ConsentSubject(c.ID), Step: "ask",
		Secret: Secret{State: "state-nobody-may-read", Verifier: "verifier-nobody-may-read"}}
	if err := s.AddAuthorisation(ctx, auth); err != nil {
		t.Fatal(err)
	}
	got, err := s.Authorisation(ctx, "a")
	if err != nil || got.Secret != auth.Secret {
		t.Fatalf("read back %+v, %v", got, err)
	}
	e, err := s.Environment(ctx, "e")
	if err != nil || e.ClientSecret != "hush-hush-secret" {
		t.Fatalf("read back %q, %v", e.ClientSecret, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, FileName+"*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"hush-hush-secret", auth.Secret.State, auth.Secret.Verifier} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q", filepath.Base(file), secret)
			}
		}
	}
}

// TestReturnCountsOnce: of many returns with one state exactly one is taken,
// and a state that was never given is unknown.
func TestReturnCountsOnce(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	state := xs2a.NewState()
	if err := s.AddAuthorisation(ctx, Authorisation{ID: "a", Subject: ConsentSubject(c.ID), Secret: Secret{State: state}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeReturn(ctx, state+"x"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown state: %v", err)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	taken, used := 0, 0
	for range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			a, err := s.TakeReturn(ctx, state)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case errors.Is(err, ErrStateUsed) && a.ID == "a":
				used++
			default:
				t.Errorf("got %v", err)
			}
		}()
	}
	wg.Wait()
	if taken != 1 || used != 15 {
		t.Errorf("taken %d times, refused %d times; want 1 and 15", taken, used)
	}
}

// TestDenialCounts keeps a person's no, whichever of the bank's words and theirs comes
// first, where the bank cannot tell a no from a failure, and else the first outcome.
func TestDenialCounts(t *testing.T) {
	for name, test := range map[string]struct {
		before     Outcome
		overFailed bool
		want       Outcome
	}{
		"first":                   {"", false, Denied},
		"first, where untold":     {"", true, Denied},
		"after a failure":         {Failed, false, Failed},
		"after a failure, untold": {Failed, true, Denied},
		"after a success":         {Succeeded, true, Succeeded},
		"after it was given up":   {GivenUp, true, GivenUp},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			ctx := t.Context()
			a := Authorisation{ID: "a", Subject: ConsentSubject(addConsent(t, s).ID), Secret: Secret{State: "s"}}
			end := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			end(s.AddAuthorisation(ctx, a))
			if test.before != "" {
				end(s.EndAuthorisation(ctx, a.ID, test.before, Reason{}))
			}
			before, err := s.Authorisation(ctx, a.ID)
			end(err)
			end(s.EndDenied(ctx, a.ID, test.overFailed))
			now, err := s.Authorisation(ctx, a.ID)
			end(err)
			if now.Outcome != test.want || now.EndedAt.IsZero() {
				t.Errorf("ended with %q at %v", now.Outcome, now.EndedAt)
			}
			if test.before != "" && now.EndedAt != before.EndedAt {
				t.Errorf("ended at %v, and before at %v", now.EndedAt, before.EndedAt)
			}
		})
	}
}

// TestOvertakenAnswer has two questions about a consent answered in the other order: what was asked
// for before the approval is no news after it, but where it is final.
func TestOvertakenAnswer(t *testing.T) {
	for late, want := range map[xs2a.ConsentStatus]xs2a.ConsentStatus{
		xs2a.ConsentReceived: xs2a.ConsentValid, xs2a.ConsentPartiallyAuthorised: xs2a.ConsentValid, xs2a.ConsentValid: xs2a.ConsentValid, xs2a.ConsentRejected: xs2a.ConsentRejected,
	} {
		s, _ := open(t)
		c := addConsent(t, s)
		said := func(status xs2a.ConsentStatus) error {
			info := xs2a.ConsentInformation{Raw: []byte(`{"consentStatus":"` + string(status) + `"}`)}
			info.Status = status
			return errors.Join(s.SetGranted(t.Context(), c.ID, xs2a.ConsentReceived, info, nil), s.SetConsentStatus(t.Context(), c.ID, xs2a.ConsentReceived, status))
		}
		if err := errors.Join(s.SetConsentStatus(t.Context(), c.ID, c.Status, xs2a.ConsentReceived), said(xs2a.ConsentValid), said(late)); err != nil {
			t.Fatal(err)
		}
		got, err := s.Consent(t.Context(), c.ID)
		if err != nil || got.Status != want || !strings.Contains(string(got.Granted), string(want)) {
			t.Errorf("%s late: %s, granted %s, %v, want %s", late, got.Status, got.Granted, err, want)
		}
	}
}

// TestFinalStatusStays: a consent that has ended does not come back to life,
// and its history tells each change once.
func TestFinalStatusStays(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	c := addConsent(t, s)
	var was xs2a.ConsentStatus
	for _, status := range []xs2a.ConsentStatus{xs2a.ConsentReceived, xs2a.ConsentReceived, xs2a.ConsentValid, xs2a.ConsentRevokedByPSU, xs2a.ConsentValid} {
		if err := s.SetConsentStatus(ctx, c.ID, was, status); err != nil {
			t.Fatal(err)
		}
		was = status
	}
	got, err := s.Consent(ctx, c.ID)
	if err != nil || got.Status != xs2a.ConsentRevokedByPSU || got.GrantedAt.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
	events, err := s.ConsentEvents(ctx, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, e := range events {
		notes = append(notes, string(e.Kind)+" "+string(e.Status))
	}
	if want := "status revokedByPsu, status valid, status received, asked "; strings.Join(notes, ", ") != want {
		t.Errorf("history %q, want %q", strings.Join(notes, ", "), want)
	}
}

// Environments list the same city by ids of their own, and name their banks
// with a note: a person finds both by the words alone.
func TestCitiesAndNotes(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	addConsent(t, s)
	own := Environment{ID: "own", Name: "Own", Banks: []Bank{
		{ID: "einhafen", Name: "Einhafen Bank", CountryCode: "SE", Cities: []string{"Stockholm", "Falun"}, Note: "embedded: one METHOD"},
	}}
	if err := s.PutEnvironment(ctx, own); err != nil {
		t.Fatal(err)
	}
	read := Directory{Cities: []xs2a.City{{ID: "1", Name: "Stockholm", CountryCode: "SE"}}, ASPSPs: []xs2a.ASPSP{{BIC: "NRSKSESS", Name: "Norrsken Bank"}}, InCity: map[string][]string{"1": {"NRSKSESS"}}}
	if err := s.ReplaceDirectory(ctx, "e", read); err != nil {
		t.Fatal(err)
	}
	if err := s.ListBanks(ctx, own.ID, func(code string) string { return code }); err != nil {
		t.Fatal(err)
	}
	cities, err := s.Cities(ctx, "SE", WithPractice)
	if want := []PlaceCount{{"SE-falun", "Falun", 1}, {"1", "Stockholm", 2}}; err != nil || !slices.Equal(cities, want) {
		t.Errorf("cities %v, %v; want %v", cities, err, want)
	}
	for q, want := range map[ASPSPQuery]int{{}: 2, {CityID: "1"}: 2, {CityID: "SE-stockholm"}: 2, {CityID: "SE-falun"}: 1} {
		if banks, err := s.ASPSPs(ctx, q); err != nil || len(banks) != want {
			t.Errorf("%+v: %v, %v; want %d", q, banks, err, want)
		}
	}
	places, err := s.Places(ctx)
	if want := []Place{{"SE", "SE", "Falun"}, {"SE", "SE", "Stockholm"}}; err != nil || !slices.Equal(places[Listing{"own", "einhafen"}], want) {
		t.Errorf("%v, %v; want %v", places, err, want)
	}
	if bank, err := s.ASPSP(ctx, "own", "einhafen"); err != nil || bank.Note != "embedded: one METHOD" {
		t.Errorf("%+v, %v", bank, err)
	}
}

// TestDirectoryRefresh keeps details of banks that stay and forgets the others.
func TestDirectoryRefresh(t *testing.T) {
	s, _ := open(t)
	ctx := context.Background()
	addConsent(t, s)
	bank := func(bic, name string) xs2a.ASPSP { return xs2a.ASPSP{BIC: bic, Name: name} }
	first := Directory{
		Countries: []xs2a.Country{{Code: "SE", Name: "Sweden"}, {Code: "NO", Name: "Norway"}},
		Cities:    []xs2a.City{{ID: "1", Name: "Stockholm", CountryCode: "SE"}},
		ASPSPs:    []xs2a.ASPSP{bank("NRSKSESS", "Norrsken Bank"), bank("SKARSESS", "Skärgårdsbanken"), bank("FJORNOKK", "Fjordbanken")},
		InCountry: map[string][]string{"SE": {"NRSKSESS", "SKARSESS"}, "NO": {"FJORNOKK"}},
		InCity:    map[string][]string{"1": {"NRSKSESS"}},
	}
	if err := s.ReplaceDirectory(ctx, "e", first); err != nil {
		t.Fatal(err)
	}
	if err := s.PutASPSPDetails(ctx, "e", "NRSKSESS", xs2a.ASPSPDetails{Raw: []byte(`{"city":"Stockholm"}`)}); err != nil {
		t.Fatal(err)
	}
	names := func(q ASPSPQuery) string {
		banks, err := s.ASPSPs(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, b := range banks {
			names = append(names, b.Name)
		}
		return strings.Join(names, ", ")
	}
	for _, test := range []struct {
		q    ASPSPQuery
		want string
	}{
		{ASPSPQuery{}, "Fjordbanken, Norrsken Bank, Skärgårdsbanken"},
		{ASPSPQuery{CountryCode: "SE"}, "Norrsken Bank, Skärgårdsbanken"},
		{ASPSPQuery{CountryCode: "SE", CityID: "1"}, "Norrsken Bank"},
		{ASPSPQuery{CountryCode: "NO"}, "Fjordbanken"},
	} {
		if got := names(test.q); got != test.want {
			t.Errorf("%+v: %q, want %q", test.q, got, test.want)
		}
	}
	second := first
	second.ASPSPs = first.ASPSPs[:2]
	second.InCountry = map[string][]string{"SE": {"NRSKSESS", "SKARSESS"}}
	if err := s.ReplaceDirectory(ctx, "e", second); err != nil {
		t.Fatal(err)
	}
	if got := names(ASPSPQuery{}); got != "Norrsken Bank, Skärgårdsbanken" {
		t.Errorf("after the refresh: %q", got)
	}
	if d, _, err := s.ASPSPDetails(ctx, "e", "NRSKSESS"); err != nil || d.City != "Stockholm" {
		t.Errorf("details after the refresh: %+v, %v", d, err)
	}
	countries, err := s.Countries(ctx, WithPractice)
	if err != nil || len(countries) != 2 || countries[1].Banks != 2 {
		t.Errorf("countries %+v, %v", countries, err)
	}
}
