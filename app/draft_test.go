package app_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"consentry/app/bank"
	"consentry/app/draft"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// exchangeOf is the newest exchange of a flow whose step begins so.
func (w *world) exchangeOf(flowID, step string) storage.Exchange {
	w.Helper()
	for _, e := range w.recorded(flowID) {
		if strings.HasPrefix(e.Step, step) {
			return e
		}
	}
	w.Fatalf("no %s is recorded of %s", step, flowID)
	return storage.Exchange{}
}

// open returns what is written from an exchange.
func (w *world) open(exchange int64) (draft.From, draft.Draft) {
	w.Helper()
	from, written, err := w.Drafts().Open(w.Context(), exchange)
	w.must(err)
	return from, written
}

// TestSentAgain sends a read again as it was, and changed: it is numbered anew, in the
// ledger, of the same flow, and known to be another one's.
func TestSentAgain(t *testing.T) {
	w := newWorld(t)
	consent := w.link().Consent
	former := w.exchangeOf(consent.ID, "getTransactionListOf ")
	before, err := w.Reader().Reads(t.Context(), consent.ID, 0, 1000)
	w.must(err)
	from, written := w.open(former.ID)
	if from.Bank != consent.BankName || from.Consent == nil || !from.Practice || !strings.Contains(written.Header, "Authorization: Bearer "+record.Token) {
		t.Errorf("%s, practice %v, header\n%s", from.Bank, from.Practice, written.Header)
	}
	if strings.Contains(strings.ToLower(written.Header), "x-request-id") || strings.Contains(written.Header, "Signature:") {
		t.Errorf("what each request has anew stands in\n%s", written.Header)
	}
	sent, err := w.Drafts().Send(t.Context(), from, written, person)
	w.must(err)
	got, err := w.Record().Exchange(t.Context(), sent)
	w.must(err)
	if got.Former != former.ID || got.FlowID != consent.ID || got.Step != record.StepSentAgain || got.Status != http.StatusOK || got.RequestID() == former.RequestID() {
		t.Errorf("%+v", got.Exchange)
	}
	for _, d := range record.Differences(former.Exchange, got.Exchange) {
		if !d.Usual {
			t.Errorf("what was sent again unchanged differs: %+v", d)
		}
	}
	after, err := w.Reader().Reads(t.Context(), consent.ID, 0, 1000)
	w.must(err)
	if len(after) != len(before)+1 || after[0].Endpoint != storage.ReadTransactions || after[0].Account == "" || !after[0].Attended || after[0].Outcome != storage.ReadOK || after[0].RequestID != got.RequestID() {
		t.Errorf("the ledger begins %+v", after[0])
	}
	again, err := w.Drafts().Send(t.Context(), from, written, person)
	w.must(err)
	if again != sent {
		t.Errorf("one form led to the exchanges %d and %d", sent, again)
	}
	_, changed := w.open(former.ID)
	changed.Address = strings.Replace(changed.Address, "/transactions", "/nothing", 1)
	changed.Header += "X-Tried: " + `"<>` + "\n"
	if d := from.Changes(changed); len(d) != 2 || d[0].Part != record.PartAddress || d[1].Place != "X-Tried" {
		t.Errorf("changed: %+v", d)
	}
	id, err := w.Drafts().Send(t.Context(), from, changed, person)
	w.must(err)
	if got, err = w.Record().Exchange(t.Context(), id); err != nil || got.Status < 400 || got.Request.Get("X-Tried") == "" {
		t.Errorf("%d %v", got.Status, err)
	}
	if reads, err := w.Reader().Reads(t.Context(), consent.ID, 0, 1); err != nil || reads[0].RequestID != got.RequestID() || reads[0].Outcome == storage.ReadOK {
		t.Errorf("%+v %v", reads, err)
	}
	if now := w.flow(w.flowOf(consent.ID).ID).Consent; now.Status != xs2a.ConsentValid || now.Ended() {
		t.Errorf("the answer changed the consent: %+v", now)
	}
}

// flowOf is the newest flow of a consent.
func (w *world) flowOf(consentID string) storage.Authorisation {
	w.Helper()
	attempts, err := w.store.Authorisations(w.Context(), storage.ConsentSubject(consentID))
	w.must(err)
	return attempts[0]
}

// TestNotSentAgain refuses what would let a secret go elsewhere, go out without the ledger,
// or take the person for somebody who knows what is not kept. Nothing goes over the wire.
func TestNotSentAgain(t *testing.T) {
	w := newWorld(t)
	consent := w.link().Consent
	e, err := w.Banks().Environment(t.Context(), bank.SandboxID)
	w.must(err)
	e.Profile.MoreHosts = "http://127.0.0.1:9" // which nobody listens at
	w.must(w.UseSandbox(t.Context(), e))
	from, usual := w.open(w.exchangeOf(consent.ID, "getTransactionListOf ").ID)
	elsewhere, other := "https://elsewhere.example/accounts", e.Profile.MoreHosts+"/accounts"
	sent := w.network.count("", "")
	for _, test := range []struct {
		name        string
		change      func(*draft.Draft)
		field, code string
	}{
		{"a host that is not the bank's", func(d *draft.Draft) { d.Address = elsewhere }, "address", failure.NotAHostOf},
		{"a host of this machine", func(d *draft.Draft) { d.Address = "http://127.0.0.1:10/" }, "address", failure.NotAHostOf},
		{"a user before the host", func(d *draft.Draft) { d.Address = strings.Replace(from.Home, "://", "://x@", 1) }, "address", failure.CompleteAddress},
		{"the token on another host of the bank", func(d *draft.Draft) { d.Address = other }, "address", failure.TokenElsewhere},
		{"the token in the address", func(d *draft.Draft) { d.Address += "?to=" + record.Token }, "address", failure.PlaceholderLeft},
		{"the token in the address, escaped", func(d *draft.Draft) { d.Address += "?to=%C2%ABtoken%C2%BB" }, "address", failure.PlaceholderLeft},
		{"the token in another header", func(d *draft.Draft) { d.Header += "X-To: Bearer " + record.Token }, "header", failure.PlaceholderLeft},
		{"the token in the body", func(d *draft.Draft) { d.Body = record.Token }, "body", failure.PlaceholderLeft},
		{"what stands for any secret", func(d *draft.Draft) { d.Body = `{"password":"` + record.Redacted + `"}` }, "body", failure.PlaceholderLeft},
		{"no header", func(d *draft.Draft) { d.Header = "Accept: */*\nnothing" }, "header", failure.NotAHeader},
		{"two lines in one", func(d *draft.Draft) { d.Header = "Accept: a\rHost: b" }, "header", failure.NotAHeader},
		{"a signature of one's own", func(d *draft.Draft) { d.Header += "signature: x" }, "header", failure.HeaderMade},
		{"another host by header", func(d *draft.Draft) { d.Header += "Host: x" }, "header", failure.HeaderMade},
		{"a method that is none", func(d *draft.Draft) { d.Method = "CONNECT" }, "method", failure.ChooseFromList},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := usual
			changed.FormID = test.name
			test.change(&changed)
			_, err := w.Drafts().Send(t.Context(), from, changed, person)
			failed := (*failure.Error)(nil)
			if !errors.As(err, &failed) || failed.Fields[test.field].Code != test.code {
				t.Errorf("%v", err)
			}
		})
	}
	if now := w.network.count("", ""); now != sent {
		t.Errorf("%d requests went out", now-sent)
	}
	token := w.exchangeOf(consent.ID, "exchangeCode")
	if _, _, err := w.Drafts().Open(t.Context(), token.ID); !failedWith(err, failure.TokensNotSentAgain) {
		t.Errorf("a code is redeemed again: %v", err)
	}
}

// failedWith reports whether an error is a failure of a code.
func failedWith(err error, code string) bool {
	failed := (*failure.Error)(nil)
	return errors.As(err, &failed) && failed.Code == code
}

// TestSentAgainCounts holds reads without the person to what the consent allows, whoever
// wrote them, and lets nothing be read under a consent that has ended.
func TestSentAgainCounts(t *testing.T) {
	w := newWorld(t)
	consent := w.link().Consent
	from, usual := w.open(w.exchangeOf(consent.ID, "getTransactionListOf ").ID)
	var without []string
	for _, line := range strings.Split(usual.Header, "\n") {
		if !strings.HasPrefix(strings.ToLower(line), "psu-") {
			without = append(without, line)
		}
	}
	usual.Header = strings.Join(without, "\n")
	refused := 0
	for range consent.FrequencyPerDay + 1 {
		usual.FormID += "+"
		_, err := w.Drafts().Send(t.Context(), from, usual, person)
		if failedWith(err, failure.QuotaUsed) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if q := w.quota(consent.ID); refused != 1 || q.Used != consent.FrequencyPerDay {
		t.Errorf("%d refused, quota %+v", refused, q)
	}
	w.must(w.Withdraw(t.Context(), consent.ID, false, person))
	sent := w.network.count("GET", "/transactions")
	usual.FormID = "after the end"
	if _, err := w.Drafts().Send(t.Context(), from, usual, person); !failedWith(err, failure.NotInForce) || w.network.count("GET", "/transactions") != sent {
		t.Errorf("read after the end: %v", err)
	}
}

// TestSentAgainWithoutAnswer leads to what was tried, also where nobody answers.
func TestSentAgainWithoutAnswer(t *testing.T) {
	w := newWorld(t)
	consent := w.link().Consent
	from, usual := w.open(w.exchangeOf(consent.ID, "getTransactionListOf ").ID)
	w.network.cut.Store(true)
	id, err := w.Drafts().Send(t.Context(), from, usual, person)
	w.must(err)
	if got, err := w.Record().Exchange(t.Context(), id); err != nil || got.Status != 0 || got.Error == "" || got.Former != from.ID {
		t.Errorf("%+v %v", got, err)
	}
}

// TestStakes asks twice before what is no question goes to a live bank.
func TestStakes(t *testing.T) {
	for _, test := range []struct {
		practice        bool
		method, address string
		want            draft.Stakes
	}{
		{false, "GET", "/v1/accounts", draft.NoStakes}, {true, "POST", "/v1/payments/sepa-credit-transfers", draft.NoStakes},
		{false, "POST", "/v1/payments/sepa-credit-transfers", draft.MayPay}, {false, "PUT", "/v1/bulk-Payments/x/1/authorisations/2", draft.MayPay},
		{false, "DELETE", "/v1/payments/x/1", draft.MayPay}, {false, "DELETE", "/v1/consents/1", draft.MayEnd},
		{false, "POST", "/v1/consents", draft.MayConsent}, {false, "POST", "/v1/funds-confirmations", draft.MayChange}, {false, "get", "/v1/consents", draft.NoStakes},
	} {
		if got := (draft.From{Practice: test.practice}).Stakes(draft.Draft{Method: test.method, Address: "https://b.example" + test.address}); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.method, test.address, got, test.want)
		}
	}
}
