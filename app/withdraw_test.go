package app_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/holding"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

func (w *world) consent(id string) storage.Consent {
	w.Helper()
	c, err := w.Consent(w.Context(), id)
	w.must(err)
	return c
}

// fault lets the next fitting request to the practice banks go wrong.
func (w *world) fault(body string) {
	w.Helper()
	w.control(http.MethodPost, "/faults", body)
}

// control plays a bank's or the clock's part.
func (w *world) control(method, path, body string) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.Context(), method, w.info.Control+path, strings.NewReader(body))
	w.must(err)
	req.Close = true // a connection that idles may be closed in the moment in which it is used
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		w.Fatalf("%s %s: %s", method, path, res.Status)
	}
}

// TestWithdraw ends a consent here and at the bank; data stays.
func TestWithdraw(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	before := w.countBooked()
	w.must(w.Withdraw(t.Context(), flow.Consent.ID, false, person))
	c := w.consent(flow.Consent.ID)
	if c.End != storage.EndWithdrawn || c.Acknowledgement != storage.AckConfirmed || c.Status != xs2a.ConsentTerminatedByTPP || c.EndedAt.IsZero() {
		t.Errorf("the consent is %q, ended %q, acknowledged %q", c.Status, c.End, c.Acknowledgement)
	}
	if credentials, err := w.store.Credentials(t.Context(), storage.ConsentSubject(c.ID)); err != nil || credentials != (storage.Credentials{}) {
		t.Errorf("how the bank knows the person was kept: %v", err)
	}
	reads := w.network.count("GET", "/accounts")
	w.Reader().Fetch(c.ID, person)
	if job := w.fetched(c.ID); job.Err == nil || w.network.count("GET", "/accounts") != reads {
		t.Error("a withdrawn consent was used")
	}
	if w.countBooked() != before {
		t.Error("data went with the consent")
	}
}

// TestWithdrawRefused stops the use here whatever the bank answers, says that
// the bank does not know, and tells it again.
func TestWithdrawRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault string // empty: the network is down
		ack   storage.Acknowledgement
	}{
		"forbidden":     {`{"method":"DELETE","path":"/consents/","status":403}`, storage.AckRefused},
		"not allowed":   {`{"method":"DELETE","path":"/consents/","status":405}`, storage.AckRefused},
		"bank failing":  {`{"method":"DELETE","path":"/consents/","status":500}`, storage.AckRefused},
		"cut off after": {`{"method":"DELETE","path":"/consents/","drop":true,"after":true}`, storage.AckPending},
		"no network":    {"", storage.AckPending},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.link().Consent.ID
			w.network.cut.Store(test.fault == "")
			if test.fault != "" {
				w.fault(test.fault)
			}
			var said *app.Error
			if err := w.Withdraw(t.Context(), id, false, person); !errors.As(err, &said) || said.Code != failure.NotConfirmed && said.Code != failure.NotConfirmedYet {
				t.Fatalf("got %v", err)
			}
			c := w.consent(id)
			if c.End != storage.EndWithdrawn || c.Acknowledgement != test.ack || !c.AckError.Given() {
				t.Errorf("ended %q, acknowledged %q (%s)", c.End, c.Acknowledgement, c.AckError.Code)
			}
			w.network.cut.Store(false)
			if test.ack == storage.AckPending {
				w.must(w.Settle(t.Context())) // by itself, as soon as it can
			} else {
				w.must(w.TellBank(t.Context(), id, person))
			}
			if c = w.consent(id); c.Acknowledgement != storage.AckConfirmed || c.AckError.Given() {
				t.Errorf("acknowledged %q (%s) in the end", c.Acknowledgement, c.AckError.Code)
			}
		})
	}
}

// TestWithdrawTwice lets two windows withdraw at once: the bank is told once.
func TestWithdrawTwice(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := w.Withdraw(t.Context(), id, true, person); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if n := w.network.count("DELETE", w.consent(id).BankConsentID); n != 1 {
		t.Errorf("the bank was told %d times", n)
	}
}

// TestGivenUpWhileAsking gives a consent up in another window while the bank is
// asked for it: it is told as soon as there is something to tell.
func TestGivenUpWhileAsking(t *testing.T) {
	w := newWorld(t)
	share := w.DefaultShare(bank.SandboxID)
	first := w.begin(xs2a.StepOAuth)
	w.must(w.SCA().GiveUp(t.Context(), first.ID, person))
	share.BIC = first.Consent.BIC
	var once sync.Once
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/consents") {
			return
		}
		once.Do(func() {
			begun, err := w.SCA().Unfinished(t.Context(), storage.SubjectConsent)
			if err != nil || len(begun) == 0 {
				t.Error(len(begun), err)
				return
			}
			if err := w.SCA().GiveUp(t.Context(), begun[0].ID, person); err != nil {
				t.Error(err)
			}
		})
	})
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	w.outcome(id, storage.GivenUp)
	w.must(w.Settle(t.Context()))
	c := w.flow(id).Consent
	if c.End != storage.EndGivenUp || c.Acknowledgement != storage.AckConfirmed || w.network.count("DELETE", c.BankConsentID) != 1 {
		t.Errorf("ended %q, acknowledged %q (%s), the bank's id is %q", c.End, c.Acknowledgement, c.AckError.Code, c.BankConsentID)
	}
}

// TestRefusedWhileSettling lets the bank refuse a withdrawal while the program
// is about to finish what others left: it does not ask again by itself.
func TestRefusedWhileSettling(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	left := storage.Consent{ID: "left", EnvironmentID: flow.Consent.EnvironmentID, BIC: flow.Consent.BIC, BankName: "A", ValidUntil: w.Clock().Now().AddDate(0, 0, 90).Format(time.DateOnly)}
	w.must(w.store.AddConsent(t.Context(), left))
	w.must(w.store.SetBankConsent(t.Context(), left.ID, "left-at-the-bank"))
	for _, id := range []string{left.ID, flow.Consent.ID} {
		if done, err := w.store.WithdrawConsent(t.Context(), id, false); err != nil || !done {
			t.Fatal(done, err) // as far as two windows had come
		}
	}
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method == http.MethodDelete { // of the one; the other window hears of its own
			w.network.then(nil)
			for _, id := range []string{left.ID, flow.Consent.ID} {
				if !strings.HasSuffix(r.URL.Path, w.consent(id).BankConsentID) {
					w.must(w.store.SetAcknowledgement(t.Context(), id, storage.AckRefused, storage.TextReason("no")))
				}
			}
		}
	})
	w.must(w.Settle(t.Context()))
	if n := w.network.count("DELETE", ""); n != 1 {
		t.Errorf("banks were told %d times", n)
	}
}

// TestKilledWhileWithdrawing ends the program between the bank's answer and
// the store: the next start finds out.
func TestKilledWhileWithdrawing(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	if done, err := w.store.WithdrawConsent(t.Context(), id, true); err != nil || !done {
		t.Fatal(done, err) // as far as the program had come
	}
	w.restart(here)
	w.must(w.UseSandbox(t.Context()))
	w.must(w.Settle(t.Context()))
	if c := w.consent(id); c.Acknowledgement != storage.AckConfirmed || c.ErasedAt.IsZero() {
		t.Errorf("acknowledged %q, erased %v", c.Acknowledgement, c.ErasedAt)
	}
}

// TestEndsBetweenPages ends a consent while the pages of an account are read:
// the rest is not asked for, and a bank's refusal of a page is an end like any.
func TestEndsBetweenPages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end     func(w *world, c storage.Consent)
		want    storage.End
		further int // requests for pages from then on
	}{
		"withdrawn here": {func(w *world, c storage.Consent) {
			if done, err := w.store.WithdrawConsent(w.Context(), c.ID, false); err != nil || !done {
				w.Error(done, err)
			}
		}, storage.EndWithdrawn, 0},
		"revoked there": {func(w *world, c storage.Consent) {
			w.control(http.MethodPost, "/consents/"+c.BankConsentID+"/revoke", "")
		}, storage.EndRevoked, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			flow := w.begin(xs2a.StepOAuth)
			var once sync.Once
			sent, last := 0, ""
			w.network.then(func(r *http.Request, _ *http.Response) {
				if !strings.HasSuffix(r.URL.Path, "/transactions") {
					return
				}
				sent++
				if r.URL.Path == last { // a page after the first
					once.Do(func() {
						sent = 0
						test.end(w, w.consent(flow.Consent.ID))
					})
				}
				last = r.URL.Path
			})
			w.returned(w.visit(flow.ID, false), sca.ReturnTaken)
			w.fetched(flow.Consent.ID)
			if c := w.consent(flow.Consent.ID); c.End != test.want || sent != test.further {
				t.Errorf("ended %q, want %q; pages asked for afterwards: %d, want %d", c.End, test.want, sent, test.further)
			}
		})
	}
}

// TestErase looks for every account number and text of an erased consent in
// the bytes of the database's files.
func TestErase(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	renewed := w.renew(flow.Consent.ID) // both name the same accounts
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), renewed)
	w.must(err)
	var secrets []string
	for _, account := range accounts {
		secrets = append(secrets, account.IBAN, account.OwnerName)
		transactions, err := w.Holdings().Transactions(t.Context(), account.ID, holding.Place{})
		w.must(err)
		for _, transaction := range transactions.Booked {
			secrets = append(secrets, transaction.Remittance, transaction.CreditorAccount, transaction.DebtorAccount)
		}
	}
	if found := w.found(secrets); len(found) < 10 {
		t.Fatalf("only %d of %d are in the files before: the search finds nothing", len(found), len(secrets))
	}
	what, err := w.Erasure(t.Context(), renewed)
	w.must(err)
	if what.Accounts != len(accounts) || what.Transactions == 0 || len(what.Kept) != 0 {
		t.Errorf("erasing would take %+v", what)
	}
	w.must(w.Withdraw(t.Context(), renewed, true, person))
	if found := w.found(secrets); len(found) > 0 {
		t.Errorf("still in the files: %q", found)
	}
	c := w.consent(renewed)
	events, err := w.ConsentEvents(t.Context(), renewed)
	w.must(err)
	if c.ErasedAt.IsZero() || events[0].Kind != storage.EventErased || events[0].Accounts != len(accounts) || events[0].Transactions == 0 {
		t.Errorf("erased %v; history %+v", c.ErasedAt, events[0])
	}
	if left, err := w.Holdings().Accounts(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("%d accounts are left, %v", len(left), err)
	}
}

// TestKilledWhileErasing ends the program after the data went and before the
// file was swept: the next start finishes that, and tells no wrong number.
func TestKilledWhileErasing(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	if done, err := w.store.WithdrawConsent(t.Context(), id, true); err != nil || !done {
		t.Fatal(done, err)
	}
	w.sql(`INSERT INTO erasing SELECT id FROM account`)
	for _, table := range []string{"consent_account", "balance", "account"} { // as far as the program had come
		w.sql(`DELETE FROM ` + table)
	}
	w.restart(here)
	w.must(w.Settle(t.Context()))
	events, err := w.ConsentEvents(t.Context(), id)
	w.must(err)
	at := slices.IndexFunc(events, func(e storage.ConsentEvent) bool { return e.Kind == storage.EventErased })
	if at < 0 || events[at].Accounts > 0 || events[at].Transactions > 0 || w.consent(id).ErasedAt.IsZero() {
		t.Errorf("history %+v", events)
	}
}

// found returns those of some texts that stand in the database's files.
func (w *world) found(texts []string) (found []string) {
	w.Helper()
	w.waitRecorded()
	files, err := filepath.Glob(filepath.Join(w.dir, storage.FileName+"*"))
	w.must(err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		w.must(err)
		for _, text := range texts {
			if len(text) > 5 && bytes.Contains(content, []byte(text)) {
				found = append(found, text)
			}
		}
	}
	return found
}

// TestEraseKeepsWhatAnotherReaches leaves accounts that a consent in use reaches.
func TestEraseKeepsWhatAnotherReaches(t *testing.T) {
	w := newWorld(t)
	first := w.link()
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), first.Consent.ID)
	w.must(err)
	share := w.DefaultShare(first.Consent.EnvironmentID)
	share.BIC, share.Recurring, share.IBANs = first.Consent.BIC, false, []string{accounts[0].IBAN}
	second := w.approve(share)
	what, err := w.Erasure(t.Context(), first.Consent.ID)
	w.must(err)
	if len(what.Kept) != 1 || what.Kept[0].ID != accounts[0].ID || what.Accounts != len(accounts)-1 {
		t.Fatalf("erasing would take %+v", what)
	}
	w.must(w.Withdraw(t.Context(), first.Consent.ID, true, person))
	left, err := w.Holdings().ConsentAccounts(t.Context(), second)
	w.must(err)
	all, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	if len(left) != 1 || len(all) != 1 {
		t.Errorf("%d accounts of the other consent, %d in all", len(left), len(all))
	}
}
