package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/visitor"
)

// TestEveryApproach links every practice bank that has a way of its own, to
// the end of the first fetch: it goes where the bank's answers lead, as a
// person would who does what the screen asks.
//
// Meanwhile every exchange with a bank that keeps to its definition is held to it.
// The first bank of each dialect and one in four of the others are read to the end;
// TestJourneyEveryApproach reads them all.
func TestEveryApproach(t *testing.T) { everyApproach(t, 4) }

// TestJourneyEveryApproach is TestEveryApproach with nothing left out.
func TestJourneyEveryApproach(t *testing.T) {
	journey(t)
	everyApproach(t, 1)
}

func everyApproach(t *testing.T, each int) {
	w := newWorld(t)
	held := w.definitions()
	w.network.wrap = held.around
	kinds := 12
	if each > 1 { // how far the others get before they are withdrawn is chance
		kinds = 8
	}
	w.Cleanup(func() { held.atLeast(t, kinds) })
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	first, deletions := map[string]bool{}, []string{}
	defer func() {
		if want := []string{"elbufer", "isarfels", "lyktan", "moorland"}; !slices.Equal(deletions, want) {
			t.Errorf("deletions were approved at %v, want %v: one of each approach", deletions, want)
		}
	}()
	for i, at := range w.info.Banks {
		if at.ID == silentBank || at.Refuses != "" {
			continue // nobody answers there, see TestSilence; or a no, see TestRefusedCertificate
		}
		t.Run(at.Dialect+"/"+at.ID, func(t *testing.T) {
			w := *w
			w.T = t
			share := w.DefaultShare(bank.SandboxID)
			share.EnvironmentID, share.BIC = bank.SandboxID, at.ID
			share.PSUID = w.psu.Login
			id, err := w.Ask(t.Context(), share, person)
			w.must(err)
			flow := w.walk(id)
			if flow.Outcome != storage.Succeeded {
				t.Fatalf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
			}
			if i%each == 0 || !first[at.Dialect] {
				first[at.Dialect] = true
				w.hurry(flow.Consent.ID)
				if job := w.fetched(flow.Consent.ID); job.Err != nil || job.Done == 0 {
					t.Fatalf("fetch: %+v, %v", job, job.Err)
				}
			}
			w.must(w.Withdraw(t.Context(), flow.Consent.ID, false, person))
			if c := w.consent(flow.Consent.ID); c.Acknowledgement == storage.AckUnconfirmed && c.Deletion.Approve() {
				w.approvesDeletion(c.ID)
				deletions = append(deletions, at.ID)
			}
		})
	}
}

// approvesDeletion approves the deletion of a consent as a person would who does what
// the screen asks: then the bank has ended it.
func (w *world) approvesDeletion(consentID string) {
	w.Helper()
	id, err := w.ApproveDeletion(w.Context(), consentID, person)
	w.must(err)
	if flow := w.walk(id); flow.Outcome != storage.Succeeded {
		w.Fatalf("the deletion ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
	if c := w.consent(consentID); c.Acknowledgement != storage.AckConfirmed || c.Status != xs2a.ConsentTerminatedByTPP || c.End != storage.EndWithdrawn {
		w.Fatalf("ended %q, acknowledged %q, status %q", c.End, c.Acknowledgement, c.Status)
	}
}

// silentBank asks on a telephone that never answers.
const silentBank = "tystnad"

// TestSilence waits for an approval on another device that never comes: the
// bank ends it, and so does the program.
func TestSilence(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, silentBank, w.psu.Login
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	if flow := w.flow(id); flow.Step != xs2a.StepDecoupled || flow.Message == "" {
		t.Fatalf("got step %q, message %q", flow.Step, flow.Message)
	}
	w.clock.forward(time.Minute)
	w.must(w.SCA().Poll(t.Context(), id, person))
	w.outcome(id, storage.Failed)
	if w.countBooked() != 0 {
		t.Error("something was fetched")
	}
}

// TestRefusedCertificate asks banks that take no request with our certificate: they
// are told apart from those that refuse the person, and nothing is left behind.
func TestRefusedCertificate(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	asked := 0
	for _, at := range w.info.Banks {
		if at.Refuses == "" {
			continue
		}
		asked++
		share := w.DefaultShare(bank.SandboxID)
		share.EnvironmentID, share.BIC = bank.SandboxID, at.ID
		_, err := w.Ask(t.Context(), share, person)
		var told *app.Error
		if !errors.As(err, &told) || told.Code != failure.WrongCertificate || told.Bank != at.Name || !strings.Contains(told.Detail, at.Refuses) {
			t.Errorf("%s: %v", at.Name, err)
		}
	}
	if asked < 2 {
		t.Errorf("%d banks refuse our certificate", asked)
	}
}

// TestWrongTooOften enters a wrong password here until the bank has had enough:
// each time but the last the field says so, then the attempt has ended, and
// what was typed is in no file.
func TestWrongTooOften(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "einhafen", w.psu.Login
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	const typed = "never-to-be-stored-4711"
	for attempt := 1; !w.flow(id).Ended(); attempt++ {
		if attempt > 5 {
			t.Fatal("the bank lets anybody try for ever")
		}
		err := w.SCA().Update(t.Context(), id, xs2a.StepPassword, sca.Given{PSUData: xs2a.PSUData{Password: typed}}, person)
		var told *app.Error
		if ended := w.flow(id).Ended(); !ended && (!errors.As(err, &told) || !told.Fields["password"].Given()) || ended && err != nil {
			t.Errorf("attempt %d: %v", attempt, err)
		}
	}
	w.outcome(id, storage.Failed)
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	w.must(err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		w.must(err)
		if strings.Contains(string(content), typed) {
			t.Errorf("%s holds the password", filepath.Base(file))
		}
	}
}

// TestStartWithData goes on, after an attempt that took too long, at a bank
// that wants the password along with the start of an authorisation.
func TestStartWithData(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, "riegelfest", w.psu.Login
	first, err := w.Ask(t.Context(), share, person)
	w.must(err)
	w.clock.forward(31 * time.Minute)
	w.must(w.SCA().Poll(t.Context(), first, person))
	w.outcome(first, storage.Expired)
	again, err := w.SCA().Resume(t.Context(), storage.ConsentSubject(w.flow(first).Consent.ID), person)
	w.must(err)
	if again == first {
		t.Fatal("the attempt that had ended was gone on with")
	}
	if flow := w.walk(again); flow.Outcome != storage.Succeeded {
		t.Errorf("ended %q at step %q: %s", flow.Outcome, flow.Step, flow.Message)
	}
}

// TestSamePersonTwice signs first, claims to be the second signatory, too, and
// leaves after the bank's refusal. The login the bank refused is not kept: on
// going on, the bank asks who it is, and another person signs.
func TestSamePersonTwice(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = bank.SandboxID, "doppelhof"
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	for w.flow(id).Outcome != storage.Partial {
		w.act(w.flow(id))
	}
	consent := w.flow(id).Consent.ID
	id, err = w.SCA().Resume(t.Context(), storage.ConsentSubject(consent), person)
	w.must(err)
	flow := w.flow(id)
	if flow.Step != xs2a.StepIdentify {
		t.Fatalf("the second signatory meets %q", flow.Step)
	}
	if err := w.SCA().Update(t.Context(), id, flow.Step, sca.Given{PSUID: w.psu.Login}, person); err == nil {
		t.Fatal("one person signed twice")
	}
	w.restart(strings.Replace(here, "8999", "8996", 1))
	id, err = w.SCA().Resume(t.Context(), storage.ConsentSubject(consent), person)
	w.must(err)
	w.psu = w.info.PSUs[1]
	if flow := w.walk(id); flow.Outcome != storage.Succeeded {
		t.Errorf("ended %q", flow.Outcome)
	}
	attempts, err := w.SCA().Attempts(t.Context(), storage.ConsentSubject(consent))
	w.must(err)
	var signed []string
	for _, attempt := range attempts {
		if attempt.Outcome == storage.Succeeded || attempt.Outcome == storage.Partial {
			signed = append(signed, attempt.Secret.SignedBy)
		}
	}
	if want := []string{w.info.PSUs[1].Login, w.info.PSUs[0].Login}; !slices.Equal(signed, want) {
		t.Errorf("approved, the latest first, by %q, want %q", signed, want)
	}
}

// TestRefusedCodeIsForgotten comes back with a wrong confirmation code, then enters the
// right one: what the bank said of the first is not told of what follows.
func TestRefusedCodeIsForgotten(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	flow := w.ask(storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "siegelhaus"}, EnvironmentID: bank.SandboxID})
	page, err := w.SCA().Redirect(t.Context(), flow.ID, person)
	w.must(err)
	back, err := visitor.Person{Login: w.psu.Login, Password: w.psu.Password, Code: w.psu.Code}.Visit(page)
	w.must(err)
	right, wrong := back.Query(), back.Query()
	wrong.Set("confirmationCode", "0123456789abcdef")
	w.returned(wrong, sca.ReturnTaken)
	w.await("word that the code is wrong", func() bool { return w.flow(flow.ID).Reason.Code == failure.CodeNotAccepted })

	entered := sca.Given{PSUData: xs2a.PSUData{ConfirmationCode: right.Get("confirmationCode")}}
	w.must(w.SCA().Update(t.Context(), flow.ID, xs2a.StepConfirm, entered, person))
	w.outcome(flow.ID, storage.Succeeded)
	if reason := w.flow(flow.ID).Reason; reason.Code != "" || reason.Text != "" {
		t.Errorf("it is still said: %+v", reason)
	}
}

// TestLoginWantedFirst asks for the login before anything is sent, at a bank whose profile says that it wants it,
// and at one that refused a request once because there was none.
func TestLoginWantedFirst(t *testing.T) {
	w := newWorld(t)
	practice := bank.Practice(w.info)
	w.must(w.UseSandbox(t.Context(), practice))
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC = bank.SandboxID, "einhafen"
	refused := func(what, code, field string) {
		t.Helper()
		var told *app.Error
		if _, err := w.Ask(t.Context(), share, person); !errors.As(err, &told) || told.Code != code || told.Fields["psu_id"].Code != field {
			t.Errorf("%s: %v", what, err)
		}
	}
	wants := func(what string, want bool) {
		t.Helper()
		if one, err := w.Banks().Bank(t.Context(), share.EnvironmentID, share.BIC); err != nil || one.Login != want {
			t.Errorf("%s, the form asks for the login: %v, %v", what, one.Login, err)
		}
	}
	asked := func() int {
		w.waitRecorded()
		all, err := w.Record().Exchanges(t.Context(), storage.ExchangeQuery{}, 1000)
		w.must(err)
		return len(all)
	}
	before := asked()
	wants("by the profile", true)
	refused("without a login", failure.CheckFields, failure.EnterLogin)
	if now := asked(); now != before {
		t.Errorf("the bank was asked all the same, %d times", now-before)
	}
	share.PSUID = "nobody-we-know"
	refused("a login the bank does not know", failure.WrongLogin, failure.WrongLogin)

	for i := range practice.Banks {
		practice.Banks[i].Profile.WantsPSUID = false
	}
	w.must(w.UseSandbox(t.Context(), practice))
	wants("where nothing says so", false)
	refused("a login the bank does not know", failure.WrongLogin, failure.WrongLogin)
	wants("where a login was refused", false)
	share.PSUID = ""
	refused("without a login", failure.LoginFirst, failure.EnterLogin)
	wants("after the refusal", true)
	before = asked()
	refused("without a login once more", failure.CheckFields, failure.EnterLogin)
	if now := asked(); now != before {
		t.Errorf("the bank was asked all the same, %d times", now-before)
	}
	w.restart(here)
	w.must(w.UseSandbox(t.Context(), practice))
	wants("after a start", true)

	share.BIC = "moorland"
	wants("at another bank", false)
	payer := w.from(share.BIC)
	form := payer.form(xs2a.SinglePayment, payer.offer.Products[0].Name)
	form.PSUID = ""
	if _, err := payer.sent(payer.composed(form)); !failedWith(err, failure.LoginWithPayment) {
		t.Errorf("a payment without a login: %v", err)
	}
	wants("after it refused a payment", true)
	var told *failure.Error
	if _, err := payer.Payments().Compose(t.Context(), form); !errors.As(err, &told) || told.Fields["psu_id"].Code != failure.EnterLogin {
		t.Errorf("the next payment without a login: %v", err)
	}
}

// TestWhatWasWrongIsSaid tells wrong credentials and a wrong code apart, though banks
// have one message code for both.
func TestWhatWasWrongIsSaid(t *testing.T) {
	t.Parallel()
	for step, test := range map[xs2a.Step]struct {
		given sca.Given
		field string
		code  string
	}{
		xs2a.StepPassword: {sca.Given{PSUData: xs2a.PSUData{Password: "wrong"}}, "password", failure.WrongCredentials},
		xs2a.StepCode:     {sca.Given{PSUData: xs2a.PSUData{Code: "000000"}}, "code", failure.WrongCode},
	} {
		t.Run(string(step), func(t *testing.T) {
			w := newWorld(t)
			var told *app.Error
			if err := w.SCA().Update(t.Context(), w.embedded(step), step, test.given, person); !errors.As(err, &told) || told.Code != test.code || told.Fields[test.field].Code != test.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestALoginMayBeWrong has a bank refuse a password: that it is the password is said only
// where the bank took the login in a step of its own. One that went along with the request
// may have gone unchecked.
func TestALoginMayBeWrong(t *testing.T) {
	t.Parallel()
	const at = "/v1/consents/k1/authorisations"
	for name, test := range map[string]struct {
		asked, link, href string // the login in the request, and what the bank answers it with
		code              string
	}{
		"named in the request": {"nobody", "updatePsuAuthentication", at + "/a1", failure.WrongCredentials},
		"taken in a step":      {"", "startAuthorisationWithPsuIdentification", at, failure.WrongPassword},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.mu.Lock()
			b.consents = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusCreated)
				fmt.Fprintf(w, `{"consentStatus":"received","consentId":"k1","_links":{%q:{"href":%q}}}`, test.link, test.href)
			}
			b.standing = func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodPut:
					refuse(w, http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", "")
				case r.Method == http.MethodPost:
					w.WriteHeader(http.StatusCreated)
					fmt.Fprintf(w, `{"authorisationId":"a1","scaStatus":"psuIdentified","_links":{"updatePsuAuthentication":{"href":%q}}}`, at+"/a1")
				case strings.Contains(r.URL.Path, "authorisations"):
					fmt.Fprint(w, `{"scaStatus":"psuIdentified"}`)
				default:
					fmt.Fprint(w, `{"consentStatus":"received"}`)
				}
			}
			b.mu.Unlock()
			share := b.DefaultShare("small")
			share.BIC, share.PSUID = "small", test.asked
			id, err := b.Ask(t.Context(), share, person)
			b.must(err)
			if test.asked == "" {
				b.must(b.SCA().Update(t.Context(), id, xs2a.StepIdentify, sca.Given{PSUID: "astrid"}, person))
			}
			var told *app.Error
			err = b.SCA().Update(t.Context(), id, xs2a.StepPassword, sca.Given{PSUData: xs2a.PSUData{Password: "typed"}}, person)
			if !errors.As(err, &told) || told.Code != test.code || told.Fields["password"].Code != test.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestRefusedPeriod says what to change by where the last day lies: long from now, or
// so near that it may be over at the bank.
func TestRefusedPeriod(t *testing.T) {
	b := newSmallBank(t)
	b.clock.noon()
	b.mu.Lock()
	b.consents = func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusBadRequest, "PERIOD_INVALID", "validUntil")
	}
	b.mu.Unlock()
	for days, want := range map[int]string{0: failure.EndOver, 300: failure.EndTooFar, 20: failure.EndNotTaken} {
		share := b.DefaultShare("small")
		share.BIC, share.ValidUntil = "small", b.clock.Now().AddDate(0, 0, days).Format(time.DateOnly)
		var told *app.Error
		if _, err := b.Ask(t.Context(), share, person); !errors.As(err, &told) || told.Code != want || told.Fields["valid_until"].Code != want {
			t.Errorf("%d days from now: %v", days, err)
		}
	}
}

// hurry moves the banks' clock on while they fetch data from elsewhere first.
func (w *world) hurry(consentID string) {
	w.Helper()
	w.await("the bank has the data", func() bool {
		j := w.Reader().Job(consentID)
		if j != nil && j.Running() && j.Total == 0 {
			w.control(http.MethodPost, "/clock", `{"advance":"1s"}`) // which leaves alone the time by which requests are signed
		}
		return j != nil && (j.Total > 0 || !j.Running())
	})
}

// walk does what the screens ask for until the flow has ended, with other
// people where more than one has to sign.
func (w *world) walk(id string) app.Flow {
	w.Helper()
	person2 := 0
	for range 40 {
		flow := w.flow(id)
		switch {
		case flow.Outcome == storage.Replaced:
			latest, err := w.SCA().Latest(w.Context(), flow.Flow)
			w.must(err)
			id = latest
		case flow.Outcome == storage.Partial:
			person2++
			w.psu = w.info.PSUs[person2]
			next, err := w.SCA().Resume(w.Context(), flow.Subject, person)
			w.must(err)
			id = next
		case flow.Ended():
			return flow
		default:
			w.act(flow)
		}
	}
	w.Fatalf("the bank asks on and on: %+v", w.flow(id).Authorisation)
	return app.Flow{}
}

// act does what one step asks for.
func (w *world) act(flow app.Flow) {
	w.Helper()
	ctx := w.Context()
	given := sca.Given{PSUID: w.psu.Login, PSUData: xs2a.PSUData{Password: w.psu.Password, Code: w.psu.Code, ConfirmationCode: w.psu.Code}}
	if flow.Confirming() {
		w.settle(flow)
		return
	}
	switch flow.Step {
	case xs2a.StepOAuth, xs2a.StepRedirect:
		if !flow.ReturnedAt.IsZero() {
			w.settle(flow)
			return
		}
		page, err := w.SCA().Redirect(ctx, flow.ID, person)
		w.must(err)
		back, err := visitor.Person{Login: w.psu.Login, Password: w.psu.Password, Code: w.psu.Code}.Visit(page)
		w.must(err)
		w.returned(back.Query(), sca.ReturnTaken)
		w.settle(flow)
	case xs2a.StepDecoupled:
		w.approveDecoupled(flow)
		w.settle(flow)
	case xs2a.StepChooseMethod:
		given.MethodID = flow.Asks.Methods[0].ID
		w.must(w.SCA().Update(ctx, flow.ID, flow.Step, given, person))
	case xs2a.StepIdentify, xs2a.StepPassword, xs2a.StepCode, xs2a.StepConfirm:
		w.must(w.SCA().Update(ctx, flow.ID, flow.Step, given, person))
	default:
		w.settle(flow)
	}
}

// settle waits until the program has learned something new about a flow.
func (w *world) settle(before app.Flow) {
	w.Helper()
	w.await("news after step "+string(before.Step), func() bool {
		now := w.flow(before.ID)
		return now.Ended() || now.Step != before.Step || before.Confirming() && !now.Confirming() || now.SCAStatus != before.SCAStatus && now.Step != xs2a.StepDecoupled
	})
}

// approveDecoupled answers on the telephone the bank's message leads to.
func (w *world) approveDecoupled(flow app.Flow) {
	w.Helper()
	address := regexp.MustCompile(`http://\S+`).FindString(flow.Message)
	if address == "" {
		w.Fatalf("no telephone in %q", flow.Message)
	}
	who := visitor.Person{Login: w.psu.Login, Password: w.psu.Password}
	if err := who.Answer(address); err != nil {
		w.Fatal(err)
	}
}
