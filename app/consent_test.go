package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
)

// TestCheckShare says at the field what cannot be asked for.
func TestCheckShare(t *testing.T) {
	w := newWorld(t)
	w.clock.noon()
	day := func(days int) string { return w.Clock().Now().AddDate(0, 0, days).Format(time.DateOnly) }
	tests := map[string]struct {
		change func(*app.Share)
		field  string // empty: all is well
	}{
		"defaults":            {func(*app.Share) {}, ""},
		"today":               {func(s *app.Share) { s.ValidUntil = day(0) }, ""},
		"yesterday":           {func(s *app.Share) { s.ValidUntil = day(-1) }, "valid_until"},
		"no date":             {func(s *app.Share) { s.ValidUntil = "soon" }, "valid_until"},
		"a date that is none": {func(s *app.Share) { s.ValidUntil = "2027-02-30" }, "valid_until"},
		"in twenty years":     {func(s *app.Share) { s.ValidUntil = day(7300) }, "valid_until"},
		"never":               {func(s *app.Share) { s.FrequencyPerDay = 0 }, "frequency"},
		"all the time":        {func(s *app.Share) { s.FrequencyPerDay = 1000 }, "frequency"},
		"once, never":         {func(s *app.Share) { s.Recurring, s.FrequencyPerDay = false, 0 }, ""},
		"an IBAN":             {func(s *app.Share) { s.IBANs = []string{"SE4550000000058398257466"} }, ""},
		"a mistyped IBAN":     {func(s *app.Share) { s.IBANs = []string{"SE4550000000058398257467"} }, "ibans"},
		"words":               {func(s *app.Share) { s.IBANs = []string{"MINKONTO"} }, "ibans"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			share := w.DefaultShare(bank.SandboxID)
			test.change(&share)
			fields := w.CheckShare(share)
			if test.field == "" && len(fields) > 0 || test.field != "" && (len(fields) != 1 || !fields[test.field].Given()) {
				t.Errorf("got %v, want a message at %q", fields, test.field)
			}
		})
	}
}

// TestNormaliseIBANs reads what people paste.
func TestNormaliseIBANs(t *testing.T) {
	got := app.NormaliseIBANs(" se45 5000 0000 0583 9825 7466,\n\nDE89370400440532013000 ; ")
	if want := []string{"SE4550000000058398257466", "DE89370400440532013000"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestAskedOnce asks for one look at named accounts and gets just those.
func TestNamedAccounts(t *testing.T) {
	w := newWorld(t)
	first := w.link()
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), first.Consent.ID)
	w.must(err)
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = first.Consent.EnvironmentID, first.Consent.BIC
	share.Recurring, share.Transactions, share.IBANs = false, false, []string{accounts[0].IBAN}
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	w.returned(w.visit(id, false), sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
	flow := w.flow(id)
	if job := w.fetched(flow.Consent.ID); job.Err != nil {
		t.Fatal(job.Err)
	}
	got, err := w.Holdings().ConsentAccounts(t.Context(), flow.Consent.ID)
	w.must(err)
	for _, a := range got {
		if a.IBAN != accounts[0].IBAN {
			t.Errorf("account %s was not asked for", a.IBAN)
		}
	}
	all, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	if len(got) == 0 || len(all) != len(accounts) {
		t.Errorf("%d accounts of the second consent, %d in all, %d before", len(got), len(all), len(accounts))
	}
}

// TestRefusedConsent leaves nothing behind of a consent the bank refused.
func TestRefusedConsent(t *testing.T) {
	w := newWorld(t)
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = w.banks[0].EnvironmentID, w.banks[0].BIC
	e, err := w.Banks().Environment(t.Context(), bank.SandboxID)
	w.must(err)
	e.ClientSecret = "wrong"
	w.must(w.UseSandbox(t.Context(), e))
	var told *app.Error
	if _, err := w.Ask(t.Context(), share, person); !errors.As(err, &told) || told.Detail == "" {
		t.Fatalf("got %v", err)
	}
	consents, err := w.Consents(t.Context())
	w.must(err)
	if len(consents) != 0 {
		t.Errorf("%d consents were left behind", len(consents))
	}
}

// TestDirectoryWithoutNetwork goes on with the stored list, and says why.
func TestDirectoryWithoutNetwork(t *testing.T) {
	w := newWorld(t)
	bic := w.banks[0].BIC
	known, err := w.Banks().Bank(t.Context(), bank.SandboxID, bic)
	w.must(err)
	if known.Details == nil || known.Stale != nil {
		t.Fatalf("got %+v", known)
	}
	w.network.cut.Store(true)
	w.clock.forward(48 * time.Hour)
	if known, err = w.Banks().Bank(t.Context(), bank.SandboxID, bic); err != nil || known.Details == nil || known.Stale == nil {
		t.Errorf("got %+v, %v", known, err)
	}
	if err := w.Banks().Refresh(t.Context(), bank.SandboxID); err == nil {
		t.Error("a refresh without a network succeeded")
	}
	banks, err := w.Banks().List(t.Context(), storage.ASPSPQuery{CountryCode: "SE"})
	w.must(err)
	e, err := w.Banks().Environment(t.Context(), bank.SandboxID)
	w.must(err)
	if len(banks) == 0 || !e.DirectoryError.Given() || e.DirectoryAt.IsZero() {
		t.Errorf("%d banks; %+v", len(banks), e)
	}
}
