package app_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// approve asks for a share, approves it at the bank and waits for the data.
func (w *world) approve(share app.Share) (consentID string) {
	w.Helper()
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	w.returned(w.visit(id, false), sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
	flow := w.flow(id)
	w.fetched(flow.Consent.ID)
	return flow.Consent.ID
}

// renew renews a consent as it is.
func (w *world) renew(id string) (consentID string) {
	w.Helper()
	share, err := w.Renewal(w.Context(), id)
	w.must(err)
	return w.approve(share)
}

// TestRenew keeps the old consent working until the new one is valid, keeps
// the accounts, and tells both histories.
func TestRenew(t *testing.T) {
	w := newWorld(t)
	old := w.link().Consent.ID
	w.must(w.Reader().SetSchedule(t.Context(), old, 2))
	before, transactions := w.consent(old), w.countBooked()
	share, err := w.Renewal(t.Context(), old)
	w.must(err)
	if will, err := w.WillEnd(t.Context(), share); err != nil || len(will) != 1 || will[0].ID != old {
		t.Errorf("said beforehand: %v, %v", will, err)
	}
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	w.Reader().Fetch(old, person)
	if job := w.fetched(old); job.Err != nil {
		t.Errorf("the old one stopped working before the new one was valid: %v", job.Err)
	}
	w.returned(w.visit(id, false), sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
	renewed := w.flow(id).Consent.ID
	w.await("the old one is replaced", func() bool { return w.consent(old).ReplacedBy == renewed })
	if job := w.fetched(renewed); job.Err != nil {
		t.Fatal(job.Err)
	}
	after, fresh := w.consent(old), w.consent(renewed)
	if after.End != storage.EndReplaced || after.Status != xs2a.ConsentExpired || fresh.Renews != old || fresh.Series != before.Series || fresh.Schedule != 2 {
		t.Errorf("old %q %q; new %+v", after.End, after.Status, fresh)
	}
	series, err := w.Series(t.Context(), w.consent(renewed))
	w.must(err)
	accounts, err := w.Holdings().Accounts(t.Context())
	w.must(err)
	mine, err := w.Holdings().ConsentAccounts(t.Context(), renewed)
	w.must(err)
	if len(series) != 2 || series[0].ID != old || len(accounts) != len(mine) || w.countBooked() != transactions {
		t.Errorf("%d in the series, %d accounts for %d, %d transactions for %d", len(series), len(mine), len(accounts), w.countBooked(), transactions)
	}
}

// TestRenewalOfWhatTheBankKeeps ends the old consent at a bank that does not.
func TestRenewalOfWhatTheBankKeeps(t *testing.T) {
	w := newWorld(t)
	share := w.DefaultShare(bank.SandboxID)
	share.BIC, share.Recurring = w.link().Consent.BIC, false // which banks do not end
	old := w.approve(share)
	renewed := w.renew(old)
	w.await("the old one is replaced", func() bool { return w.consent(old).Acknowledgement == storage.AckConfirmed })
	if c := w.consent(old); c.End != storage.EndReplaced || c.ReplacedBy != renewed || w.network.count("DELETE", c.BankConsentID) != 1 {
		t.Errorf("ended %q, replaced by %q", c.End, c.ReplacedBy)
	}
}

// TestWithdrawnAsItBecameValid keeps the old consent when the one to take its
// place is withdrawn while the bank is asked about it.
func TestWithdrawnAsItBecameValid(t *testing.T) {
	w := newWorld(t)
	share := w.DefaultShare(bank.SandboxID)
	share.BIC, share.Recurring = w.link().Consent.BIC, false // which banks do not end
	old := w.approve(share)
	renewal, err := w.Renewal(t.Context(), old)
	w.must(err)
	id, err := w.Ask(t.Context(), renewal, person)
	w.must(err)
	was, newer := w.consent(old), w.flow(id).Consent
	var once sync.Once
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, was.BankConsentID+"/status") { // as the new one is valid
			once.Do(func() {
				if done, err := w.store.WithdrawConsent(w.Context(), newer.ID, false); err != nil || !done {
					w.Error(done, err)
				}
			})
		}
	})
	w.returned(w.visit(id, false), sca.ReturnTaken)
	w.outcome(id, storage.Succeeded)
	w.fetched(newer.ID)
	w.App.Close() // after all it does in the background
	c, err := w.store.Consent(t.Context(), old)
	w.must(err)
	if c.Ended() || w.network.count("DELETE", c.BankConsentID) != 0 {
		t.Errorf("ended %q, acknowledged %q", c.End, c.Acknowledgement)
	}
}

// TestReplacement notices that a bank ended the former consent because of a
// newer one, though nobody said that it was a renewal.
func TestReplacement(t *testing.T) {
	w := newWorld(t)
	old := w.link().Consent
	share := w.DefaultShare(bank.SandboxID)
	share.BIC = old.BIC
	newer := w.approve(share)
	w.await("the old one is replaced", func() bool { return w.consent(old.ID).End == storage.EndReplaced })
	if c := w.consent(old.ID); c.ReplacedBy != newer {
		t.Errorf("replaced by %q", c.ReplacedBy)
	}
}

// TestKilledWhileRenewing finishes at the next start what a crash left.
func TestKilledWhileRenewing(t *testing.T) {
	w := newWorld(t)
	old := w.link().Consent.ID
	renewed := w.renew(old)
	w.await("the old one is replaced", func() bool { return w.consent(old).Ended() })
	w.sql(`UPDATE consent SET ended_at = '', end_reason = '', replaced_by = '', status = 'valid' WHERE id = ?`, old) // as it was before the crash
	w.must(w.Settle(t.Context()))
	if c := w.consent(old); c.End != storage.EndReplaced || c.ReplacedBy != renewed {
		t.Errorf("ended %q, replaced by %q", c.End, c.ReplacedBy)
	}
}

// sql changes the database behind the program's back.
func (w *world) sql(statement string, args ...any) {
	w.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.dir, storage.FileName)+"?_pragma=busy_timeout(5000)")
	w.must(err)
	defer db.Close()
	_, err = db.ExecContext(w.Context(), statement, args...)
	w.must(err)
}

// TestTime ends what is over without asking anybody, and stops fetching what
// has to be renewed.
func TestTime(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	sent := w.network.count("GET", "")
	w.must(w.Clock().Move(t.Context(), 181))
	c := w.consent(id)
	events, err := w.ConsentEvents(t.Context(), id)
	w.must(err)
	if c.End != storage.EndExpired || events[0].Source != storage.FromTime || c.Status != xs2a.ConsentValid || w.network.count("GET", "") != sent {
		t.Errorf("ended %q by %q; the bank says %q", c.End, events[0].Source, c.Status)
	}
	if words, err := w.Differences(t.Context(), c); err != nil || len(words) == 0 || words[0].Kind != app.TimeOver {
		t.Errorf("said of the bank's word: %+v, %v", words, err)
	}
	if summary, err := w.Summary(t.Context()); err != nil || summary.FetchedNow.Sub(summary.FetchedAt) < 180*24*time.Hour || !summary.FetchedAt.Equal(c.FetchedAt) {
		t.Errorf("updated at %v, where it is %v; %v", summary.FetchedAt, summary.FetchedNow, err)
	}
	if now := w.Clock().NowAt(bank.SandboxID); now.Sub(w.Clock().Now()) < 180*24*time.Hour || w.Clock().NowAt("live") != w.Clock().NowAt("another") && w.Clock().NowAt("live").After(w.Clock().Now().Add(time.Hour)) {
		t.Error("a live environment sees the practice banks' clock")
	}
}

// TestEndsEverywhere ends a consent everywhere when a bank's answer to anything
// says so, and not on a bare 404.
func TestEndsEverywhere(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		bank func(w *world, c storage.Consent)
		end  storage.End
	}{
		"revoked there": {func(w *world, c storage.Consent) {
			w.control(http.MethodPost, "/consents/"+c.BankConsentID+"/revoke", "")
		}, storage.EndRevoked},
		"forgotten there": {func(w *world, c storage.Consent) {
			w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"forget":true}`)
		}, storage.EndUnknown},
		"expired there": {func(w *world, c storage.Consent) {
			w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"validUntil":"2020-01-01"}`)
		}, storage.EndExpired},
		"valid there, though over": {func(w *world, c storage.Consent) {
			w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"validUntil":"2020-01-01","stuckValid":true}`)
		}, storage.EndExpired},
		"a wrong address": {func(w *world, c storage.Consent) {
			w.fault(`{"path":"/accounts","status":404,"count":5}`)
		}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := w.link().Consent
			accounts, err := w.Holdings().ConsentAccounts(t.Context(), c.ID)
			w.must(err)
			test.bank(w, c)
			if _, err := w.Reader().AccountBalances(t.Context(), accounts[0].ID, person); err == nil {
				t.Fatal("the bank answered")
			}
			if got := w.consent(c.ID); got.End != test.end {
				t.Errorf("ended %q, want %q", got.End, test.end)
			}
			list, err := w.ConsentList(t.Context(), app.ConsentQuery{Limit: 10})
			w.must(err)
			if ended := list.Counts[app.Ended] == 1; ended != (test.end != "") {
				t.Errorf("listed as %v", list.Counts)
			}
		})
	}
}

// TestBankChangesItsMind shows new terms in the history and as differences.
func TestBankChangesItsMind(t *testing.T) {
	w := newWorld(t)
	c := w.link().Consent
	until := w.Clock().Now().AddDate(0, 0, 20).Format(time.DateOnly)
	w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"validUntil":"`+until+`","accounts":1}`)
	w.must(w.RefreshConsent(t.Context(), c.ID, person))
	got := w.consent(c.ID)
	events, err := w.ConsentEvents(t.Context(), c.ID)
	w.must(err)
	if got.ValidUntil != until || got.RenewBy != until || events[0].Source != storage.FromBank || events[0].Day != w.Clock().Now().AddDate(0, 0, 20).Format(time.DateOnly) {
		t.Errorf("until %s, renew by %s, history %+v", got.ValidUntil, got.RenewBy, events[0])
	}
	if words, err := w.Differences(t.Context(), got); err != nil || len(words) == 0 {
		t.Errorf("differences %+v, %v", words, err)
	}
	list, err := w.ConsentList(t.Context(), app.ConsentQuery{Limit: 10})
	w.must(err)
	if list.Counts[app.NeedsPerson] != 1 {
		t.Errorf("what ends within 30 days does not need the person: %v", list.Counts)
	}
}

// TestOthersThanAsked keeps no account the person did not name.
func TestOthersThanAsked(t *testing.T) {
	w := newWorld(t)
	first := w.link().Consent
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), first.ID)
	w.must(err)
	share := w.DefaultShare(bank.SandboxID)
	share.BIC, share.IBANs = first.BIC, []string{accounts[0].IBAN}
	c := w.consent(w.approve(share))
	w.control(http.MethodPost, "/consents/"+c.BankConsentID, `{"others":true}`)
	w.Reader().Fetch(c.ID, person)
	if job := w.fetched(c.ID); job.Err != nil {
		t.Fatal(job.Err)
	}
	got, err := w.Holdings().ConsentAccounts(t.Context(), c.ID)
	w.must(err)
	events, err := w.ConsentEvents(t.Context(), c.ID)
	w.must(err)
	if len(got) != 1 || events[0].Kind != storage.EventLeftOut || events[0].Number == 0 {
		t.Errorf("%d accounts kept; history %+v", len(got), events[0])
	}
}

// TestRenewAfterItsTime keeps what the person had chosen, however the former
// consent ended, and shows nothing pending of what was not read meanwhile.
func TestRenewAfterItsTime(t *testing.T) {
	w := newWorld(t)
	old := w.link().Consent.ID
	w.must(w.Reader().SetSchedule(t.Context(), old, 3))
	pending := func() (n int) {
		latest, err := w.Holdings().LatestTransactions(t.Context(), 50)
		w.must(err)
		for _, transaction := range latest {
			if transaction.Pending {
				n++
			}
		}
		return n
	}
	if pending() == 0 {
		t.Fatal("nothing is pending, which proves nothing")
	}
	w.must(w.Clock().Move(t.Context(), 181))
	if n := pending(); n != 0 {
		t.Errorf("%d transactions are pending for half a year", n)
	}
	renewed := w.renew(old)
	if c := w.consent(renewed); c.Schedule != 3 || c.Series != old {
		t.Errorf("fetched %d times a day, of series %s", c.Schedule, c.Series)
	}
	if c := w.consent(old); c.End != storage.EndExpired || c.ReplacedBy != renewed {
		t.Errorf("the former ended %q, replaced by %q", c.End, c.ReplacedBy)
	}
}
