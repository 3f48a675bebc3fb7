package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/fresh"
	"consentry/app/secret"
	scenes "consentry/app/stage"
	"consentry/storage"
	"consentry/xs2a"
)

// linkedFolder is a data folder in which practice banks are linked, which go on where they ended.
func linkedFolder(t *testing.T, scene string) string {
	t.Helper()
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir, key := fresh.Folder(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.DiscardHandler)
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	must(err)
	practice, err := startPractice(t.Context(), options{data: dir, sandbox: true, seed: 1}, store, log)
	must(err)
	banks := app.New(app.Config{Store: store, Log: log, Control: practice.control(), Pause: 20 * time.Millisecond, CallbackURL: "http://127.0.0.1:1/callback"})
	_, err = begin(t.Context(), banks, practice, "")
	must(err)
	must(banks.Banks().Refresh(t.Context(), "sandbox"))
	read, err := scenes.ParseScene([]byte(scene))
	must(err)
	must(banks.SetScene(t.Context(), read, app.Person{IPAddress: "127.0.0.1"}))
	banks.Close()
	must(errors.Join(practice.Close(), store.Close()))
	return dir
}

// ran runs a command, and returns the code by which it ends and all that it said.
func ran(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, &out, &bytes.Buffer{})
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0, out.String()
	}
	return exitCode(err), out.String() + err.Error()
}

// TestJourneyUpdate reads from the practice banks what is new, from the command line alone, until the quota is used.
func TestJourneyUpdate(t *testing.T) {
	journey(t)
	dir := linkedFolder(t, "title: Two\nlink Rheintor Bank as lukas\nlink Dalabanken as johan\n")
	for range 4 {
		code, said := ran(t, "update", "-data", dir, "dalbsef0")
		if code != 0 || !strings.HasPrefix(said, "Dalabanken: already up to date, 3 accounts") || strings.Contains(said, "Rheintor") {
			t.Fatalf("ended with %d\n%s", code, said)
		}
	}
	if code, said := ran(t, "update", "-data", dir); code != 0 || !strings.Contains(said, "Dalabanken: not read: what the bank allows in 24 hours without you was") || !strings.Contains(said, "Rheintor Bank: already up to date") {
		t.Errorf("ended with %d\n%s", code, said)
	}
	if code, said := ran(t, "update", "-data", dir, "-sandbox=false", "Rheintor Bank"); code != updateNotRead || !strings.Contains(said, "Rheintor Bank could not be reached") {
		t.Errorf("without the banks: ended with %d\n%s", code, said)
	}
}

// oneAccountBank is a bank with one account and as many transactions as it was asked for them; it answers 503 while it is down.
type oneAccountBank struct {
	*httptest.Server
	down   atomic.Bool
	reads  atomic.Int64
	person atomic.Bool // a request named one
}

func newOneAccountBank(t *testing.T) *oneAccountBank {
	t.Helper()
	bank := &oneAccountBank{}
	bank.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bank.person.CompareAndSwap(false, r.Header.Get("PSU-IP-Address") != "")
		w.Header().Set("Content-Type", "application/json")
		switch {
		case bank.down.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		case strings.HasSuffix(r.URL.Path, "/status"):
			fmt.Fprint(w, `{"consentStatus":"valid"}`)
		case strings.Contains(r.URL.Path, "card"):
			w.WriteHeader(http.StatusNotFound)
		case strings.HasSuffix(r.URL.Path, "/accounts"):
			fmt.Fprint(w, `{"accounts":[{"resourceId":"1","iban":"SE4550000000058398257466","currency":"SEK","name":"Astrids Sparkonto"}]}`)
		case strings.HasSuffix(r.URL.Path, "/balances"):
			fmt.Fprint(w, `{"balances":[]}`)
		default:
			var booked []string
			for i := range bank.reads.Add(1) {
				booked = append(booked, fmt.Sprintf(`{"transactionId":"%d","bookingDate":%q,"transactionAmount":{"amount":"-1","currency":"SEK"},"creditorName":"Karin Överby"}`, i, time.Now().UTC().Format(time.DateOnly)))
			}
			fmt.Fprintf(w, `{"transactions":{"booked":[%s],"pending":[]}}`, strings.Join(booked, ","))
		}
	}))
	t.Cleanup(bank.Close)
	return bank
}

// consentsOf is a data folder with consents at a bank: one of each kind that there is to read or not.
func consentsOf(t *testing.T, bank *oneAccountBank) string {
	t.Helper()
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir, key := fresh.Folder(t)
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, today := t.Context(), time.Now()
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	e := storage.Environment{ID: "quick", Name: "Quick ones", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: bank.URL, Login: xs2a.LoginNone}}
	bare := storage.Environment{ID: "bare", Name: "Bare one", Profile: e.Profile}
	for _, id := range []string{"valid", "waiting", "ended"} {
		e.Banks = append(e.Banks, storage.Bank{ID: id, Name: strings.ToUpper(id) + " Bank", CountryCode: "SE"})
	}
	must(store.PutEnvironment(ctx, e), store.PutEnvironment(ctx, bare), store.ListBanks(ctx, e.ID, xs2a.CountryName))
	all := &[]xs2a.AccountReference{}
	for _, one := range e.Banks {
		c := storage.Consent{
			ID: one.ID, EnvironmentID: e.ID, BIC: one.ID, BankName: one.Name, RequestID: one.ID, FrequencyPerDay: 4, Recurring: true, CreatedAt: today,
			Status: xs2a.ConsentReceived, ValidUntil: today.AddDate(0, 0, 90).Format(time.DateOnly),
			Asked: xs2a.ConsentRequest{Access: xs2a.Access{Accounts: all, Balances: all, Transactions: all}, Recurring: true, ValidUntil: today.AddDate(0, 0, 90).Format(time.DateOnly), FrequencyPerDay: 4},
		}
		must(store.AddConsent(ctx, c), store.SetBankConsent(ctx, c.ID, "at-bank-"+c.ID))
		if c.ID != "waiting" {
			must(store.SetConsentStatus(ctx, c.ID, "", xs2a.ConsentValid))
		}
	}
	_, err = store.EndConsent(ctx, "ended", storage.EndRevoked, storage.FromBank, storage.Event{Kind: storage.EventStatus})
	must(err, store.Close())
	return dir
}

// TestUpdateLineIsOneLine prints one line for each consent, whatever a bank says, and nothing that acts on a terminal.
func TestUpdateLineIsOneLine(t *testing.T) {
	t.Parallel()
	var printed bytes.Buffer
	fmt.Fprintln(&shownOutput{Writer: &printed}, updateLine{
		Bank: "A\x1b]0;title\a Bank\r\nOther Bank", Outcome: app.UpdateFailed, Why: "\x1b[2Jno\nOther Bank: already up to date\u202e\u2028now",
	})
	if got, want := printed.String(), "A]0;title Bank Other Bank: not read: [2Jno Other Bank: already up to date now\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestUpdate reads what is new from the command line, without naming a person, and holds the codes with which the command ends.
func TestUpdate(t *testing.T) {
	bank := newOneAccountBank(t)
	dir, files := consentsOf(t, bank), t.TempDir()
	asJSON, absent := filepath.Join(files, "came.json"), filepath.Join(files, "absent")
	inOut := func(args ...string) []string {
		return append([]string{"update", "-data", dir, "-sandbox=false"}, args...)
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"one bank, by its name", inOut("valid bank"), 0, "VALID Bank: 1 new transaction, 1 account\n"},
		{"all, and a person is needed", inOut("-json", asJSON), updateNeedsYou, "VALID Bank: 1 new transaction, 1 account\n"},
		{"one that waits", inOut("waiting"), updateNeedsYou, "WAITING Bank: not read: the consent waits for your approval"},
		{"one that ended", inOut("ended"), updateNeedsYou, "ENDED Bank: the consent ended on "},
		{"nothing linked there", inOut("bare"), commandFailed, "no bank is linked there"},
		{"no such bank", inOut("other"), commandMisused, "valid (VALID Bank)"},
		{"one word too many", inOut("valid", "other"), commandMisused, `"other" is not understood`},
		{"no such option", inOut("-what"), commandMisused, "-what"},
		{"no such folder", []string{"update", "-data", absent}, commandMisused, "absent"},
		{"a file nobody can write", inOut("-json", filepath.Join(absent, "x.json"), "valid"), commandFailed, "x.json"},
		{"a name that is empty", inOut(""), commandMisused, "is empty"},
		{"an empty name first", []string{"update", "", "-data", dir}, commandMisused, "is empty"},
		{"help", []string{"update", "-h"}, 0, ""},
	} {
		if code, said := ran(t, test.args...); code != test.code || !strings.Contains(said, test.says) {
			t.Errorf("%s: ended with %d, want %d and %q:\n%s", test.name, code, test.code, test.says, said)
		}
	}
	bank.down.Store(true)
	if code, said := ran(t, inOut("valid")...); code != updateNotRead || !strings.Contains(said, "VALID Bank: not read: ") {
		t.Errorf("down: ended with %d\n%s", code, said)
	}
	if code, said := ran(t, inOut("valid")...); code != 0 || !strings.Contains(said, "again from 20") {
		t.Errorf("a fifth time: ended with %d\n%s", code, said)
	}
	if bank.person.Load() {
		t.Error("a person was named, though nobody was there")
	}
	var report updateReport
	content, err := os.ReadFile(asJSON)
	if err != nil || json.Unmarshal(content, &report) != nil || len(report.Updates) != 3 {
		t.Fatalf("%v: %s", err, content)
	}
	for i, want := range []app.UpdateOutcome{app.UpdateEnded, app.UpdateDone, app.UpdateWaiting} {
		if got := report.Updates[i]; got.Outcome != want || (got.EndedOn != "") != (want == app.UpdateEnded) || (got.New == 1) != (want == app.UpdateDone) {
			t.Errorf("%+v is not %s", got, want)
		}
	}
	key, err := secret.Load(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if code, said := ran(t, inOut()...); code != commandInUse || !strings.Contains(said, "running already") {
		t.Errorf("beside a running program: ended with %d\n%s", code, said)
	}
}
