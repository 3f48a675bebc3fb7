package app_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/app/draft"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/app/verdict"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/visitor"
)

// forker is a person who forks flows at the practice banks.
type forker struct {
	*world
	fork string // the flow
}

// at forks a flow at the exchange of a step, with what a change makes of the form.
func (w *world) forks(flowID, step string, change func(*draft.Draft)) *forker {
	w.Helper()
	from, written, err := w.Drafts().OpenFork(w.Context(), w.exchangeOf(flowID, step).ID)
	w.must(err)
	change(&written)
	fork, err := w.Drafts().Fork(w.Context(), from, written, person)
	w.must(err)
	return &forker{w, fork}
}

// next is the next step, which is for something.
func (f *forker) next(step string) draft.Next {
	f.Helper()
	next, err := f.Drafts().Next(f.Context(), f.fork)
	f.must(err)
	if !next.Open || !strings.HasPrefix(next.From.Step, step) {
		f.Fatalf("next is %q, want %q", next.From.Step, step)
	}
	return next
}

// sends sends the next step, with what was taken out of the record typed in.
func (f *forker) sends(step string, typed ...string) storage.Exchange {
	f.Helper()
	next := f.next(step)
	f.must(f.Drafts().SendNext(f.Context(), next, f.typed(next.Draft, typed...), person))
	return f.recorded(f.fork)[0]
}

func (f *forker) typed(written draft.Draft, typed ...string) draft.Draft {
	written.Body = strings.NewReplacer(typed...).Replace(written.Body)
	return written
}

// again sends the latest exchange of the fork again, in the fork.
func (f *forker) again(typed ...string) storage.Exchange {
	f.Helper()
	from, written := f.open(f.recorded(f.fork)[0].ID)
	_, err := f.Drafts().Send(f.Context(), from, f.typed(written, typed...), person)
	f.must(err)
	return f.recorded(f.fork)[0]
}

func (f *forker) answered(e storage.Exchange, status int, says string) {
	f.Helper()
	if e.FlowID != f.fork || e.Status != status || !strings.Contains(e.Answer.Body, says) {
		f.Fatalf("%s in %s: %d %s, want %d %s", e.Step, e.FlowID, e.Status, e.Answer.Body, status, says)
	}
}

// TestFork forks a linked bank where the consent was asked for, types a wrong password and
// then the right one, and goes on to the accounts: with the new ids in each request, and
// without a word of it in what the program holds of the linked bank.
func TestFork(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	id := w.linkAt("lindwurm")
	before, reads := w.status(id), w.countReads(id)
	f := w.forks(id, "createConsent", func(d *draft.Draft) {
		d.Body = strings.Replace(d.Body, `"frequencyPerDay":4`, `"frequencyPerDay":1`, 1)
	})
	made := f.recorded(f.fork)[0]
	f.answered(made, http.StatusCreated, "consentId")
	if made.Step != "createConsent" || strings.Contains(made.Request.Get("Tpp-Redirect-Uri"), "«state»") {
		t.Errorf("%s %v", made.Step, made.Request.Header)
	}
	all, err := w.Drafts().Handmade(t.Context(), "")
	w.must(err)
	if len(all) != 1 || all[0].Kind != storage.HandmadeConsent || all[0].FlowID != f.fork || all[0].PerDay != 1 || all[0].Status != string(xs2a.ConsentReceived) {
		t.Fatalf("made: %+v", all)
	}
	old, _ := w.store.Consent(t.Context(), id)
	next := f.next("sendPassword")
	if len(next.Given) != 2 || next.Given[0].Was != old.BankConsentID || next.Given[0].Now != all[0].BankID || strings.Contains(next.Draft.Address, old.BankConsentID) {
		t.Errorf("%s with %+v", next.Draft.Address, next.Given)
	}
	if err := w.Drafts().SendNext(t.Context(), next, next.Draft, person); !failedIn(err, "body", failure.PlaceholderLeft) {
		t.Errorf("sent without a password: %v", err)
	}
	f.answered(f.sends("sendPassword", "«password»", "wrong"), http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID")
	f.answered(f.again("«password»", w.psu.Password), http.StatusOK, "scaMethods")
	f.answered(f.sends("selectMethod"), http.StatusOK, "challengeData")
	f.answered(f.sends("sendCode", "«scaAuthenticationData»", w.psu.Code), http.StatusOK, "finalised")
	w.must(w.Drafts().Skip(t.Context(), f.next("getConsentScaStatus")))
	f.answered(f.sends("getConsentStatus"), http.StatusOK, "valid")
	f.sends("getConsentInformation")
	read := f.sends("getAccountList")
	f.answered(read, http.StatusOK, "resourceId")
	if read.Request.Get("Consent-Id") != all[0].BankID {
		t.Errorf("read under %s", read.Request.Get("Consent-Id"))
	}
	if all, _ = w.Drafts().Handmade(t.Context(), f.fork); all[0].Status != string(xs2a.ConsentValid) || all[0].Over() {
		t.Errorf("made: %+v", all)
	}
	if after := w.countReads(id); after != reads || w.status(id) != before {
		t.Errorf("the linked bank has %d reads, had %d", after, reads)
	}
	from, end, err := w.Drafts().OpenAct(t.Context(), made.ID, draft.EndAtBank)
	w.must(err)
	_, err = w.Drafts().Send(t.Context(), from, end, person)
	w.must(err)
	if all, _ = w.Drafts().Handmade(t.Context(), f.fork); !all[0].Over() {
		t.Errorf("after its end: %+v", all)
	}
	report, err := w.Verdicts().Report(t.Context(), verdict.Scope{Flow: f.fork})
	if err != nil || report.BankName != "Lindwurm Bank" || report.Exchanges != len(f.recorded(f.fork)) {
		t.Errorf("reported: %q, %d exchanges, %v", report.BankName, report.Exchanges, err)
	}
	taking, err := w.Record().Take(t.Context(), activity.Choice{Query: storage.ExchangeQuery{FlowID: &f.fork}})
	if err != nil || taking.Word != "lindwurm" {
		t.Errorf("taken along as %q: %v", taking.Word, err)
	}
	w.must(w.Drafts().Stop(t.Context(), f.fork))
	if next, err := w.Drafts().Next(t.Context(), f.fork); err != nil || next.Open {
		t.Errorf("stopped: %+v %v", next, err)
	}
}

// TestDraftSentOnce sends a form and a step of a fork once: also after another start of the program,
// and from two windows at the same time.
func TestDraftSentOnce(t *testing.T) {
	w := newWorld(t)
	id := w.link().Consent.ID
	from, written := w.open(w.exchangeOf(id, "getTransactionListOf ").ID)
	sent, err := w.Drafts().Send(t.Context(), from, written, person)
	w.must(err)
	f := w.forks(id, "createConsent", func(*draft.Draft) {})
	w.restart(here)
	if again, err := w.Drafts().Send(t.Context(), from, written, person); err != nil || again != sent {
		t.Errorf("after another start one form led to the exchanges %d and %d: %v", sent, again, err)
	}
	next, err := w.Drafts().Next(t.Context(), f.fork)
	w.must(err)
	var windows sync.WaitGroup
	for range 4 {
		window := next.Draft
		window.FormID = uuid.NewString()
		windows.Go(func() {
			if err := w.Drafts().SendNext(t.Context(), next, window, person); err != nil {
				t.Error(err)
			}
		})
	}
	windows.Wait()
	times := 0
	for _, e := range f.recorded(f.fork) {
		if e.Step == next.From.Step {
			times++
		}
	}
	if times != 1 {
		t.Errorf("%s was sent %d times", next.From.Step, times)
	}
}

// forksAtAuthorisation forks a flow in which a wrong password was typed where it was, with
// the right one: the bank goes on with the very authorisation, as nothing before is sent again.
func (w *world) forksAtAuthorisation(t *testing.T) {
	id := w.embedded(xs2a.StepPassword)
	if err := w.SCA().Update(t.Context(), id, xs2a.StepPassword, sca.Given{PSUData: xs2a.PSUData{Password: "wrong"}}, person); err == nil {
		t.Fatal("a wrong password was taken")
	}
	consent := w.flow(id).Consent
	sent := w.updates()
	f := w.forks(consent.ID, "sendPassword", func(d *draft.Draft) {
		d.Body = strings.Replace(d.Body, "«password»", w.psu.Password, 1)
	})
	got := f.recorded(f.fork)[0]
	f.answered(got, http.StatusOK, "scaStatus")
	if sent.Load() != 1 || !strings.Contains(got.URL, consent.BankConsentID) {
		t.Errorf("%d requests to %s", sent.Load(), got.URL)
	}
	if made, err := w.Drafts().Handmade(t.Context(), ""); err != nil || len(made) != 0 {
		t.Errorf("made: %+v %v", made, err)
	}
}

// countReads counts the reads in the ledger of a consent.
func (w *world) countReads(id string) int {
	w.Helper()
	reads, err := w.Reader().Reads(w.Context(), id, 0, 1000)
	w.must(err)
	return len(reads)
}

// failedIn reports whether an error is a failure with a code at a field.
func failedIn(err error, field, code string) bool {
	failed := (*failure.Error)(nil)
	return errors.As(err, &failed) && failed.Fields[field].Code == code
}

// TestForkAwaits goes on with an authorisation that failed, and says what the bank waits for in a fork: on its page, from which the person
// comes back with the fork's own state, or by OAuth, which no fork can have. Requests for
// tokens are passed over, and a form leads to one fork.
func TestForkAwaits(t *testing.T) {
	w := newWorld(t)
	w.forksAtAuthorisation(t)
	same := func(*draft.Draft) {}
	redirect := w.ask(storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "rheintor"}, EnvironmentID: bank.SandboxID})
	f := w.forks(redirect.Consent.ID, "createConsent", same)
	awaited, err := w.Drafts().Awaited(t.Context(), f.fork)
	w.must(err)
	if awaited.What != draft.AwaitsPage || awaited.Link == "" {
		t.Fatalf("awaited: %+v", awaited)
	}
	back, err := visitor.Person{Login: w.psu.Login, Password: w.psu.Password, Code: w.psu.Code}.Visit(awaited.Link)
	w.must(err)
	if back.Query().Get("state") != f.fork {
		t.Errorf("the person comes back to %s", back)
	}
	w.returned(back.Query(), sca.ReturnUnknown) // and nothing is done with it

	f = w.forks(w.linkAt("oststern"), "createConsent", same)
	if awaited, err = w.Drafts().Awaited(t.Context(), f.fork); err != nil || awaited.What != draft.AwaitsOAuth {
		t.Errorf("awaited: %+v %v", awaited, err)
	}
	passed := map[string]draft.PassedFor{}
	for range 4 { // a code is redeemed among them
		next := f.next("get")
		for _, one := range next.Passed {
			passed[one.Step] = one.Why
		}
		w.must(w.Drafts().Skip(t.Context(), next))
	}
	if passed["exchangeCode"] != draft.PassedToken {
		t.Errorf("passed: %v", passed)
	}
	from, written, err := w.Drafts().OpenFork(t.Context(), f.recorded(f.fork)[0].ID)
	w.must(err)
	sent := w.network.count("POST", "/consents")
	for range 2 {
		again, err := w.Drafts().Fork(t.Context(), from, written, person)
		fork, failed := w.Drafts().ForkOf(t.Context(), again)
		if err != nil || failed != nil || fork.Origin != f.fork || storage.IsFork(fork.Root) {
			t.Errorf("a fork of a fork: %+v %v %v", fork, err, failed)
		}
	}
	if now := w.network.count("POST", "/consents"); now != sent+1 {
		t.Errorf("one form was sent %d times", now-sent)
	}
	written.Address, written.FormID = "https://elsewhere.example/", "other"
	if _, err := w.Drafts().Fork(t.Context(), from, written, person); !failedIn(err, "address", failure.NotAHostOf) {
		t.Errorf("sent elsewhere: %v", err)
	}
	for flow, code := range map[string]string{storage.RecordingID("1") + ".1": failure.RecordingNotForked, "": failure.NoFlowToFork, bank.DirectoryFlow: failure.NoFlowToFork} {
		if err := draft.Forkable(flow); !failedWith(err, code) {
			t.Errorf("%q: %v", flow, err)
		}
	}
}
