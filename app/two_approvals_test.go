package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/sca"
	"consentry/storage"
	"consentry/xs2a"
)

// twoUnderWay links a bank, and begins two more consents there in two windows: a
// renewal, and one beside it.
func (w *world) twoUnderWay() (linked string, beside, renewal app.Flow) {
	w.Helper()
	linked = w.link().Consent.ID
	share := w.DefaultShare(bank.SandboxID)
	share.BIC = w.consent(linked).BIC
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	renewed, err := w.Renewal(w.Context(), linked)
	w.must(err)
	other, err := w.Ask(w.Context(), renewed, person)
	w.must(err)
	return linked, w.flow(id), w.flow(other)
}

// approves approves at the bank's page in one window, to the end of what is learned.
func (w *world) approves(flow app.Flow) {
	w.Helper()
	w.returned(w.visit(flow.ID, false), sca.ReturnTaken)
	w.outcome(flow.ID, storage.Succeeded)
}

// standAlike reports how what is shown here differs from the banks' books: a consent
// counts as in use here if, and only if, the bank would serve it.
func (w *world) standAlike() (differ []string) {
	w.Helper()
	books := w.books()
	all, err := w.Consents(w.Context())
	w.must(err)
	for _, c := range all {
		at, there := books[c.BankConsentID], c.Usable(w.Clock().NowAt(c.EnvironmentID))
		if serves := at.Status == xs2a.ConsentValid && !at.Forgotten; serves != there {
			differ = append(differ, fmt.Sprintf("%s is %q here (ended %q) and %q at the bank", c.ID, c.Status, c.End, at.Status))
		}
		delete(books, c.BankConsentID)
	}
	for id, at := range books {
		differ = append(differ, fmt.Sprintf("the bank has %s, %q, which is not known here", id, at.Status))
	}
	return differ
}

// TestApprovedInAnyOrder approves two consents in two windows, one after the other
// in both orders and at once: the bank ends the former ones, and the program knows,
// whichever was asked for first.
func TestApprovedInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]func(w *world, beside, renewal app.Flow){
		"the older last":  func(w *world, beside, renewal app.Flow) { w.approves(renewal); w.approves(beside) },
		"the older first": func(w *world, beside, renewal app.Flow) { w.approves(beside); w.approves(renewal) },
		"at once": func(w *world, beside, renewal app.Flow) {
			var both sync.WaitGroup
			for _, flow := range []app.Flow{beside, renewal} {
				back := w.visit(flow.ID, false)
				both.Go(func() {
					if _, _, err := w.SCA().Returned(w.Context(), back, person); err != nil {
						w.Error(err)
					}
				})
			}
			both.Wait()
			w.await("both attempts end", func() bool { return w.flow(beside.ID).Ended() && w.flow(renewal.ID).Ended() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			linked, beside, renewal := w.twoUnderWay()
			order(w, beside, renewal)
			w.await("here it stands as at the bank", func() bool { return len(w.standAlike()) == 0 })
			w.must(w.LookAfter(t.Context())) // as each minute: the bank's word may have come before what explains it
			for _, id := range []string{linked, beside.Consent.ID, renewal.Consent.ID} {
				if c := w.consent(id); c.Ended() && c.End != storage.EndReplaced {
					t.Errorf("%s ended %q", id, c.End)
				}
			}
		})
	}
}

// TestGivenUpAsItWasApproved approves a consent at the bank and gives it up in the
// other window before that is known: the one that the bank ended for it is not shown
// as in use.
func TestGivenUpAsItWasApproved(t *testing.T) {
	w := newWorld(t)
	linked := w.link().Consent
	share := w.DefaultShare(bank.SandboxID)
	share.BIC = linked.BIC
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	w.control(http.MethodPost, "/consents/"+w.flow(id).Consent.BankConsentID+"/authorise", `{"psu":"`+w.psu.Login+`"}`)
	w.must(w.SCA().GiveUp(t.Context(), id, person))
	w.await("here it stands as at the bank", func() bool { return len(w.standAlike()) == 0 })
	if c := w.consent(linked.ID); c.End != storage.EndExpired { // the bank's word: nothing took its place
		t.Errorf("ended %q", c.End)
	}
}

// TestRevokedBeforeItWasKnown approves a consent at the bank and takes it back there
// before the program has looked: the one that the bank ended for it is not shown as in
// use.
func TestRevokedBeforeItWasKnown(t *testing.T) {
	w := newWorld(t)
	linked := w.link().Consent
	share := w.DefaultShare(bank.SandboxID)
	share.BIC = linked.BIC
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	path := "/consents/" + w.flow(id).Consent.BankConsentID
	w.control(http.MethodPost, path+"/authorise", `{"psu":"`+w.psu.Login+`"}`)
	w.control(http.MethodPost, path+"/revoke", "")
	w.must(w.SCA().Poll(t.Context(), id, person))
	w.must(w.LookAfter(t.Context()))
	if differ := w.standAlike(); len(differ) > 0 {
		t.Error(strings.Join(differ, "\n"))
	}
}

// TestCompareOutlivesACrash ends the program before it could ask the bank what became
// of the others: it asks after the next start.
func TestCompareOutlivesACrash(t *testing.T) {
	w := newWorld(t)
	_, beside, renewal := w.twoUnderWay()
	w.approves(renewal)
	var once sync.Once
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, beside.Consent.BankConsentID+"/status") {
			once.Do(func() { w.network.cut.Store(true) }) // whatever is asked from here on finds no network
		}
	})
	w.control(http.MethodPost, "/consents/"+beside.Consent.BankConsentID+"/authorise", `{"psu":"`+w.psu.Login+`"}`)
	_ = w.SCA().Poll(t.Context(), beside.ID, person)
	w.network.then(nil)
	w.restart(here)
	w.network.cut.Store(false)
	w.must(w.UseSandbox(t.Context()))
	w.must(w.SCA().Poll(t.Context(), beside.ID, person))
	w.must(w.LookAfter(t.Context()))
	if differ := w.standAlike(); len(differ) > 0 {
		t.Error(strings.Join(differ, "\n"))
	}
}

// TestOnePersonsApprovalEndsNoOthers leaves another person's consent at the same
// bank alone: it is asked about, and stays.
func TestOnePersonsApprovalEndsNoOthers(t *testing.T) {
	w := newWorld(t)
	first := w.link().Consent
	share := w.DefaultShare(bank.SandboxID)
	share.BIC = first.BIC
	id, err := w.Ask(t.Context(), share, person)
	w.must(err)
	asked := func() int { return w.network.count("GET", first.BankConsentID+"/status") }
	before := asked()
	w.control(http.MethodPost, "/consents/"+w.flow(id).Consent.BankConsentID+"/authorise", `{"psu":"`+w.info.PSUs[1].Login+`"}`)
	w.must(w.SCA().Poll(t.Context(), id, person))
	w.await("the bank is asked about the first", func() bool { return asked() > before })
	w.must(w.LookAfter(t.Context()))
	if c := w.consent(first.ID); c.Ended() || len(w.standAlike()) > 0 {
		t.Errorf("ended %q; %v", c.End, w.standAlike())
	}
}

// asks sends a form, and returns what it led to.
func (w *world) asks(share app.Share) (authorisationID string, underWay *storage.Consent) {
	w.Helper()
	id, err := w.Ask(w.Context(), share, person)
	var begun *app.UnderWayError
	if errors.As(err, &begun) {
		return "", &begun.Consent
	}
	w.must(err)
	return id, nil
}

// TestFormSentTwice sends one form twice, as by a second click, from a copy of its tab,
// or after going back: at once, one after the other, when what it led to was given up,
// and after a restart. It leads to the same consent.
func TestFormSentTwice(t *testing.T) {
	w := newWorld(t)
	share := w.DefaultShare(bank.SandboxID)
	share.BIC, share.FormID = w.banks[0].BIC, app.NewFormID()
	var both sync.WaitGroup
	ids := make([]string, 3)
	for i := range ids {
		both.Go(func() { ids[i], _ = w.asks(share) })
	}
	both.Wait()
	w.must(w.SCA().GiveUp(t.Context(), ids[0], person))
	again, _ := w.asks(share)
	w.restart(here)
	w.must(w.UseSandbox(t.Context()))
	restarted, _ := w.asks(share)
	for _, id := range append(ids, again, restarted) {
		if id == "" || id != ids[0] {
			t.Errorf("led to %q and %q", ids[0], id)
		}
	}
	if n := w.network.count("POST", "/consents"); n != 1 {
		t.Errorf("the bank was asked %d times", n)
	}
}

// TestUnderWayIsOffered asks for the same in another window while the first is not
// finished: it is offered, whether the person approves it or begins anew. Renewing four
// times makes one.
func TestUnderWayIsOffered(t *testing.T) {
	t.Parallel()
	for name, share := range map[string]func(w *world) app.Share{
		"asking":  func(w *world) app.Share { s := w.DefaultShare(bank.SandboxID); s.BIC = w.banks[0].BIC; return s },
		"renewal": func(w *world) app.Share { s, err := w.Renewal(w.Context(), w.link().Consent.ID); w.must(err); return s },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := share(w)
			before := w.network.count("POST", "/consents")
			s.FormID = app.NewFormID()
			first, _ := w.asks(s)
			for range 3 {
				s.FormID = app.NewFormID()
				if id, begun := w.asks(s); begun == nil || begun.ID != w.flow(first).Consent.ID {
					t.Fatalf("led to %q, %+v", id, begun)
				}
			}
			if n := w.network.count("POST", "/consents") - before; n != 1 {
				t.Fatalf("the bank was asked %d times", n)
			}
			other := s // which is of another kind
			if other.Recurring = false; s.Recurring {
				other.FrequencyPerDay, other.FormID = 1, app.NewFormID()
				if id, begun := w.asks(other); begun != nil {
					t.Errorf("a single look led to %q, %+v", id, begun)
				}
			}
			renewal, err := w.Renewal(t.Context(), w.flow(first).Consent.ID) // of what nobody has approved
			w.must(err)
			if _, begun := w.asks(renewal); begun == nil || begun.ID != w.flow(first).Consent.ID {
				t.Errorf("renewing what is under way led to %+v", begun)
			}
			s.Anew = w.flow(first).Consent.ID
			second, begun := w.asks(s)
			if begun != nil || second == first {
				t.Fatalf("begun anew: %q, %+v", second, begun)
			}
			former := w.flow(first)
			if former.Outcome != storage.GivenUp || former.Consent.Acknowledgement != storage.AckConfirmed {
				t.Errorf("the former ended %q, the bank is told: %q", former.Outcome, former.Consent.Acknowledgement)
			}
			s.FormID = app.NewFormID() // from a window that knows the first only
			if _, begun := w.asks(s); begun == nil || begun.ID != w.flow(second).Consent.ID {
				t.Errorf("the second is not offered: %+v", begun)
			}
		})
	}
}

// books are the banks' own consents of this program, by their ids.
func (w *world) books() map[string]consentAtBank {
	w.Helper()
	return (&model{world: w}).consentsAtBanks()
}

// TestTwoWindows lets two windows do all a person can do with a consent at one bank,
// in every order and at once. When that is done, what is shown is what the bank has.
func TestTwoWindows(t *testing.T) {
	t.Parallel()
	acts := map[string]func(w *world, f app.Flow){
		"approve":  func(w *world, f app.Flow) { w.tryVisit(f) },
		"withdraw": func(w *world, f app.Flow) { _ = w.Withdraw(w.Context(), f.Consent.ID, false, person) },
		"give up":  func(w *world, f app.Flow) { _ = w.SCA().GiveUp(w.Context(), f.ID, person) },
		"resume": func(w *world, f app.Flow) {
			_, _ = w.SCA().Resume(w.Context(), storage.ConsentSubject(f.Consent.ID), person)
		},
		"renew": func(w *world, f app.Flow) {
			if share, err := w.Renewal(w.Context(), f.Consent.ID); err == nil {
				if id, err := w.Ask(w.Context(), share, person); err == nil {
					w.tryVisit(w.flow(id))
				}
			}
		},
	}
	names := []string{"approve", "withdraw", "give up", "resume", "renew"}
	for _, one := range names {
		t.Run(one, func(t *testing.T) {
			w := newWorld(t)
			for _, other := range names {
				for _, atOnce := range []bool{false, true} {
					w.windows(one, other, atOnce, acts[one], acts[other])
				}
			}
		})
	}
}

// windows lets two windows act on two consents under way at one bank.
func (w *world) windows(one, other string, atOnce bool, first, second func(*world, app.Flow)) {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.BIC, share.Transactions = w.banks[0].BIC, false
	linked := w.newest(func(c storage.Consent) bool { return c.Usable(w.Clock().Now()) })
	if linked == "" {
		linked = w.approve(share)
	}
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	renewal, err := w.Renewal(w.Context(), linked)
	w.must(err)
	next, err := w.Ask(w.Context(), renewal, person)
	w.must(err)
	a, b := w.flow(id), w.flow(next)
	var both sync.WaitGroup
	both.Go(func() { first(w, a) })
	if !atOnce {
		both.Wait()
	}
	both.Go(func() { second(w, b) })
	both.Wait()
	w.awaitAlike(fmt.Sprintf("%s and %s, at once %v", one, other, atOnce))
	for _, flow := range []app.Flow{a, b} { // the next two begin with none under way
		_ = w.SCA().GiveUp(w.Context(), flow.ID, person)
	}
	open, err := w.SCA().Unfinished(w.Context(), storage.SubjectConsent)
	w.must(err)
	for _, flow := range open {
		w.must(w.SCA().GiveUp(w.Context(), flow.ID, person))
	}
	w.awaitAlike(fmt.Sprintf("%s and %s, at once %v, given up", one, other, atOnce))
}

func (w *world) awaitAlike(after string) {
	w.Helper()
	w.must(w.LookAfter(w.Context()))
	w.await("after "+after+" it stands here as at the bank", func() bool { return len(w.standAlike()) == 0 })
}

// newest returns the id of the newest consent that fits; empty for none.
func (w *world) newest(fits func(storage.Consent) bool) string {
	w.Helper()
	all, err := w.Consents(w.Context())
	w.must(err)
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i].ID
	}
	return ""
}

// tryVisit approves at the bank's page if there is one by now.
func (w *world) tryVisit(f app.Flow) {
	page, err := w.SCA().Redirect(w.Context(), f.ID, person)
	if err != nil {
		return
	}
	if back, err := visitorOf(w).Visit(page); err == nil {
		_, _, _ = w.SCA().Returned(w.Context(), back.Query(), person)
	}
}
