package frontend

import (
	"slices"
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// TestAccountsThatDoNotGoOn says of each account of a consent that was replaced whether
// it goes on, by name, on both consents' pages and on its own.
func TestAccountsThatDoNotGoOn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	first, second := storage.Account{ID: 1, Name: "Everyday"}, storage.Account{ID: 2, Name: "Savings"}
	replaced := consentView{consentLine: consentLine{Consent: storage.Consent{End: storage.EndReplaced, EndedAt: daysAgo(1)}}, Accounts: []storage.Account{first, second}}
	for said, view := range map[string]consentView{
		"Your accounts go on with it, with all that was read before.":     {Updated: map[int64]bool{1: true, 2: true}},
		"Savings does not: what was read of it stays on this machine":     {Updated: map[int64]bool{1: true}},
		"What was read under it stays on this machine and is not updated": {},
		"Which of your accounts go on with it shows when":                 {Updated: map[int64]bool{1: true, 2: true}, Awaited: true},
	} {
		view.consentLine, view.Accounts = replaced.consentLine, replaced.Accounts
		if got := view.dataWords(ctx); !strings.Contains(got, said) {
			t.Errorf("%q is not said: %s", said, got)
		}
	}
	withdrawn := replaced
	withdrawn.End, withdrawn.Updated = storage.EndWithdrawn, map[int64]bool{1: true, 2: true}
	if got := withdrawn.dataWords(ctx); !strings.Contains(got, "go on under another consent") {
		t.Errorf("another consent reaches them: %s", got)
	}
	left := []app.LeftBehind{{Account: second}}
	live := exampleLive()
	live.Left = left
	flow := linkingView{Left: left, Flow: flowOf(storage.Authorisation{Outcome: storage.Succeeded}, storage.Consent{ID: "c2", Renews: "c1", Status: xs2a.ConsentValid})}
	for name, html := range map[string]string{"the consent": string(render(t, ctx, consentScreen(live))), "the end of the approval": string(render(t, ctx, flow.content()))} {
		if !strings.Contains(html, "Savings does not go on") {
			t.Errorf("%s does not say what does not go on", name)
		}
	}
	account := accountView{Account: second, First: true, Lapse: app.Lapse{Last: storage.Consent{ID: "c1", EndedAt: daysAgo(3)}, Instead: &storage.Consent{ID: "c2"}, Erasable: "c1"}}
	html := string(render(t, ctx, accountScreen(account)))
	for _, want := range []string{"does not give this account", "17 Nov 2026", "until you erase it", "/consents/c1/erase", "/consents/c2"} {
		if !strings.Contains(html, want) {
			t.Errorf("the account's page does not say %q: %s", want, html)
		}
	}
}

// TestErasingSaysWhatStays names what goes and what stays, before and after.
func TestErasingSaysWhatStays(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	gone, kept := storage.Account{ID: 1, Name: "Everyday"}, storage.Account{ID: 2, Name: "Joint"}
	view := exampleEnded(storage.EndWithdrawn, storage.AckConfirmed)
	view.Accounts, view.Left = []storage.Account{gone, kept}, []app.LeftBehind{{Account: storage.Account{ID: 3, Name: "Savings"}}}
	view.Erasure = storage.Erasure{Accounts: 1, Transactions: 12, Kept: []storage.Account{kept}}
	html := string(render(t, ctx, eraseQuestion(view)))
	for _, want := range []string{"1 account with 12 transactions (Everyday)", "Joint stays in any case", "Savings stays: an earlier consent gave it", "/accounts/3"} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not said: %s", want, html)
		}
	}
	view.ErasedAt, view.Accounts = daysAgo(0), []storage.Account{kept}
	if got := view.dataWords(ctx); !strings.Contains(got, "Joint stayed") || !strings.Contains(got, "Savings stays") {
		t.Errorf("after it: %s", got)
	}
	former := exampleEnded(storage.EndReplaced, "")
	former.Accounts, former.Events = former.Accounts[:1], []storage.ConsentEvent{{Event: storage.Event{Kind: storage.EventErasedWith, Accounts: 2}}}
	if got := former.usedAccounts(ctx); got != "3 accounts read, 2 of them erased since" {
		t.Errorf("of the former: %s", got)
	}
}

// TestOldAccountsMakeNoBankOld takes the time a bank was updated from the accounts that
// are updated.
func TestOldAccountsMakeNoBankOld(t *testing.T) {
	t.Parallel()
	accounts := []storage.Account{{ID: 1, BIC: "A", FetchedAt: daysAgo(1)}, {ID: 2, BIC: "A", FetchedAt: daysAgo(90)}, {ID: 3, BIC: "A", FetchedAt: daysAgo(2)}, {ID: 4, BIC: "B", FetchedAt: daysAgo(50)}}
	banks := byBank(accounts, map[int64]bool{1: true, 3: true})
	if len(banks) != 2 || !banks[0].Updated || !banks[0].Fetched.Equal(daysAgo(2)) || banks[1].Updated || !banks[1].Last.Equal(daysAgo(50)) {
		t.Errorf("%+v", banks)
	}
	html := string(render(t, t.Context(), accountsScreen(accountsView{Banks: banks})))
	if !strings.Contains(html, "Not updated any more") {
		t.Errorf("a bank that nothing is read at looks updated: %s", html)
	}
}

// TestLateIsNotOver tells accounts that were not read of late from those that no consent
// reaches.
func TestLateIsNotOver(t *testing.T) {
	t.Parallel()
	total := holding.Total{Accounts: 3, Ages: holding.Ages{Old: holding.Aged{Accounts: 1, Since: daysAgo(100), Last: daysAgo(100)}, Late: holding.Aged{Accounts: 1, Since: daysAgo(5), Last: daysAgo(5)}}}
	want := []string{"Includes 1 account not updated any more, last read on 12 Aug 2026.", "Includes 1 account not updated since 15 Nov 2026."}
	if got := sumNotes(t.Context(), total); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
