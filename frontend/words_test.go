package frontend

import (
	"net/http/httptest"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a"
)

func TestConsentState(t *testing.T) {
	consent := func(status xs2a.ConsentStatus, until string, recurring bool) storage.Consent {
		return storage.Consent{Status: status, ValidUntil: until, Recurring: recurring, GrantedAt: daysAgo(2)}
	}
	with := func(c storage.Consent, change func(*storage.Consent)) storage.Consent { change(&c); return c }
	valid := consent(xs2a.ConsentValid, "2027-05-01", true)
	ended := func(end storage.End) storage.Consent {
		return with(valid, func(c *storage.Consent) { c.End, c.EndedAt = end, daysAgo(1) })
	}
	for _, test := range []struct {
		name    string
		consent storage.Consent
		waiting bool
		word    string
		live    bool
		needs   bool
	}{
		{"in use", valid, false, "Active", true, false},
		{"ends in 31 days", consent(xs2a.ConsentValid, "2026-12-21", true), false, "Active", true, false},
		{"ends in 30 days", consent(xs2a.ConsentValid, "2026-12-20", true), false, "Ends soon", true, true},
		{"its last day", consent(xs2a.ConsentValid, "2026-11-20", true), false, "Ends soon", true, true},
		{"to be renewed long before its end", with(valid, func(c *storage.Consent) { c.RenewBy = "2026-11-26" }), false, "Ends soon", true, true},
		{"snoozed until tomorrow", with(valid, func(c *storage.Consent) { c.RenewBy, c.SnoozedUntil = "2026-11-26", "2026-11-21" }), false, "Ends soon", true, false},
		{"snoozed until today", with(valid, func(c *storage.Consent) { c.RenewBy, c.SnoozedUntil = "2026-11-26", "2026-11-20" }), false, "Ends soon", true, true},
		{"not renewed in time, still valid", with(valid, func(c *storage.Consent) { c.RenewBy = "2026-11-19" }), false, "Renewal due", true, true},
		{"run out, whatever the bank said last", consent(xs2a.ConsentValid, "2026-11-19", true), false, "Expired", false, false},
		{"once only has nothing to renew", consent(xs2a.ConsentValid, "2026-11-20", false), false, "Active", true, false},
		{"begun", consent(xs2a.ConsentReceived, "2027-05-01", true), true, "Waiting for you", false, true},
		{"begun, bank has not answered", consent("", "2027-05-01", true), true, "Waiting for you", false, true},
		{"one of two approved", consent(xs2a.ConsentPartiallyAuthorised, "2027-05-01", true), false, "Waits for another person", false, true},
		{"ended without approval", consent(xs2a.ConsentReceived, "2027-05-01", true), false, "Not approved", false, false},
		{"not in the list", consent("onHold", "2027-05-01", true), false, "onHold", false, false},
		{"withdrawn, though the bank calls it valid", ended(storage.EndWithdrawn), true, "Withdrawn", false, false},
		{"given up", ended(storage.EndGivenUp), false, "Request cancelled", false, false},
		{"expired", ended(storage.EndExpired), false, "Expired", false, false},
		{"refused", ended(storage.EndRejected), true, "Declined", false, false},
		{"revoked", ended(storage.EndRevoked), false, "Revoked at the bank", false, false},
		{"replaced", ended(storage.EndReplaced), false, "Replaced", false, false},
		{"accepted no more", ended(storage.EndRefused), false, "No longer accepted", false, false},
		{"not known", ended(storage.EndUnknown), false, "Not known to the bank", false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := stateAt(test.consent, test.waiting, now)
			if got.label(t.Context()) != test.word || got.Live != test.live || got.Needs != test.needs {
				t.Errorf("got %+v, want %q, live %t, needs %t", got, test.word, test.live, test.needs)
			}
		})
	}
}

func TestShareSentence(t *testing.T) {
	bank := bank.Bank{ASPSP: storage.ASPSP{ASPSP: xs2a.ASPSP{Name: "Hamnbanken"}}}
	for _, test := range []struct{ form, want string }{
		{"share=balances&share=transactions&which=all&recurring=yes&valid_until=2027-05-19&frequency=4",
			"Consentry will ask Hamnbanken to show you the balances and transactions of your accounts there until 19 May 2027, whenever you are here and automatically up to 4 times a day."},
		{"share=balances&which=named&ibans=SE45+5000+0000+0583+9825+7466&recurring=yes&valid_until=2027-05-19&frequency=1",
			"Consentry will ask Hamnbanken to show you the balances of 1 account (SE45\u00a0····\u00a07466) until 19 May 2027, whenever you are here and automatically up to 1 time a day."},
		{"share=transactions&which=all&recurring=no&valid_until=2027-05-19&frequency=4",
			"Consentry will ask Hamnbanken to show you the transactions of your accounts there, once."},
		{"which=all&recurring=yes&valid_until=never&frequency=often",
			"Consentry will ask Hamnbanken to show you the names and numbers, nothing else, of your accounts there."},
	} {
		r := httptest.NewRequest("GET", "/?"+test.form, nil)
		view := shareView{Bank: bank}
		view.read(t.Context(), r.URL.Query())
		if got := view.sentence(t.Context()); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.form, got, test.want)
		}
	}
}

// "Only these accounts" without a number must not become "all accounts".
func TestNamedWithoutNumberIsRefused(t *testing.T) {
	view := shareView{Share: app.Share{ValidUntil: "2026-12-01", Recurring: true, FrequencyPerDay: 4}, Named: true}
	a := app.New(app.Config{Now: func() time.Time { return now }})
	if message := a.CheckShare(view.asked())["ibans"]; !message.Given() {
		t.Error("an empty list of accounts would be asked for as all accounts")
	}
}

func TestWebAddress(t *testing.T) {
	for given, want := range map[string]string{
		"https://bank.example/se": "https://bank.example/se", "bank.example": "https://bank.example", "http://bank.example": "http://bank.example",
		"": "", "javascript:alert(1)": "", "javascript://bank.example/%0aalert(1)": "", "ftp://bank.example": "", `https://bank.example/"><script>`: "",
	} {
		if got := webAddress(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func TestCameFromLeadsNowhereElse(t *testing.T) {
	for referer, want := range map[string]string{
		"http://127.0.0.1:1234/banks?country=SE": "/banks?country=SE", "http://evil.example/banks": "/settings",
		"http://127.0.0.1:1234//evil.example": "/settings", "": "/settings", "::": "/settings",
	} {
		r := httptest.NewRequest("POST", "http://127.0.0.1:1234/settings/theme", nil)
		r.Header.Set("Referer", referer)
		if got := cameFrom(r); got != want {
			t.Errorf("%q: got %q, want %q", referer, got, want)
		}
	}
}

// TestSharedOfSomeAccountsIsSaid counts the accounts for which a kind of data is
// shared where that is not all of them, in what was granted and in what was used.
func TestSharedOfSomeAccountsIsSaid(t *testing.T) {
	one, two := xs2a.AccountReference{IBAN: "DE1"}, xs2a.AccountReference{IBAN: "DE2", Currency: "EUR"}
	bare := xs2a.AccountReference{IBAN: "DE2"}
	list := func(refs ...xs2a.AccountReference) *[]xs2a.AccountReference { return &refs }
	for want, access := range map[string]xs2a.Access{
		"Accounts, balances, transactions":                    {Accounts: list(one, two), Balances: list(one, bare), Transactions: list(one, two)},
		"Accounts, balances of 1 of 2 accounts, transactions": {Accounts: list(one, two), Balances: list(bare), Transactions: list(one, two)},
		"Balances, transactions of 1 of 2 accounts":           {Balances: list(one, two), Transactions: list(two)},
		"Accounts, balances":                                  {Accounts: list(), Balances: list()},
	} {
		if got := accessWords(t.Context(), access); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	view := consentView{consentLine: consentLine{Consent: storage.Consent{ReadAt: now}}, Accounts: []storage.Account{{Balances: []storage.Balance{{}}, BookedTo: "2026-11-20"}, {BookedTo: "2026-11-20"}}}
	if got := view.usedKinds(t.Context()); got != "Accounts, balances of 1 of 2 accounts, transactions" {
		t.Errorf("%q", got)
	}
}
