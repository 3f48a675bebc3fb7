package app_test

import (
	"testing"

	"consentry/storage"
	"consentry/xs2a"
)

// renewed renews the consent of a small bank, which then gives so many accounts, and
// waits until the former one has ended.
func (b *smallBank) renewed(accounts ...string) (former, newer string) {
	b.Helper()
	former = b.consent
	b.mu.Lock()
	b.accounts = accounts
	b.mu.Unlock()
	newer = b.allow("c2", former)
	if c := b.world.consent(former); !c.Ended() {
		replaced, err := b.store.At(b.clock.Now).ReplaceConsent(b.Context(), former, newer, xs2a.ConsentTerminatedByTPP, "")
		if b.must(err); !replaced {
			b.Fatalf("the former is not replaced: %+v", c)
		}
	}
	return former, newer
}

// left returns the numbers of the accounts that a consent leaves behind.
func (b *smallBank) left(id string) (numbers []string) {
	b.Helper()
	left, err := b.LeftBehind(b.Context(), b.world.consent(id))
	b.must(err)
	for _, one := range left {
		numbers = append(numbers, one.IBAN)
	}
	return numbers
}

// TestRenewalLeavesAnAccountBehind renews without one of two accounts: which one is
// known once the new consent was read, and not before.
func TestRenewalLeavesAnAccountBehind(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = []string{firstIBAN, secondIBAN}
	b.read()
	first, second := b.account(firstIBAN).ID, b.account(secondIBAN).ID
	former, newer := b.renewed(firstIBAN)

	updated, err := b.Updated(t.Context())
	b.must(err)
	lapse, err := b.LapseOf(t.Context(), second)
	b.must(err)
	if awaited, err := b.Awaited(t.Context(), b.world.consent(former)); err != nil || !awaited {
		t.Errorf("the new one counts as read: %v", err)
	}
	if got := b.left(newer); len(got) != 0 || !updated[first] || !updated[second] || !lapse.Awaited || lapse.Instead == nil {
		t.Errorf("before it is read: left behind %v, updated %v, %+v", got, updated, lapse)
	}
	b.Reader().Fetch(newer, person)
	b.fetched(newer)
	if updated, err = b.Updated(t.Context()); err != nil || !updated[first] || updated[second] {
		t.Errorf("updated %v, %v", updated, err)
	}
	if got := b.left(newer); len(got) != 1 || got[0] != secondIBAN {
		t.Errorf("left behind %v", got)
	}
	lapse, err = b.LapseOf(t.Context(), second)
	if err != nil || lapse.Last.ID != former || lapse.Erasable != former || lapse.Instead == nil || lapse.Instead.ID != newer || lapse.Awaited {
		t.Errorf("%+v, %v", lapse, err)
	}
	if total := b.oneTotal(); total.Accounts != 2 || total.Old.Accounts != 1 || total.Late.Accounts != 0 {
		t.Errorf("total %+v", total)
	}
}

// TestErasingTellsOfBothConsents erases what a renewal gave: the account it left behind
// stays, can be erased by the consent that gave it, and that one's history says what
// went of its own.
func TestErasingTellsOfBothConsents(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = []string{firstIBAN, secondIBAN}
	b.read()
	former, newer := b.renewed(firstIBAN)
	b.Reader().Fetch(newer, person)
	b.fetched(newer)
	_ = b.Withdraw(t.Context(), newer, true, person) // which this bank does not take
	if c := b.world.consent(newer); c.ErasedAt.IsZero() {
		t.Fatalf("not erased: %+v", c)
	}
	if got := b.left(newer); len(got) != 1 || got[0] != secondIBAN {
		t.Errorf("left behind %v", got)
	}
	events, err := b.ConsentEvents(t.Context(), former)
	b.must(err)
	if events[0].Kind != storage.EventErasedWith || events[0].Accounts != 1 {
		t.Errorf("history of the former: %+v", events[0])
	}
	what, err := b.Erasure(t.Context(), former)
	b.must(err)
	if what.Accounts != 1 || len(what.Kept) != 0 {
		t.Errorf("erasing would take %+v", what)
	}
	b.must(b.EraseData(t.Context(), former))
	accounts, err := b.Holdings().Accounts(t.Context())
	b.must(err)
	if len(accounts) != 0 || len(b.left(newer)) != 0 {
		t.Errorf("still there: %d accounts", len(accounts))
	}
	if lapse, err := b.LapseOf(t.Context(), 1); err != nil || lapse.Last.ID != "" || lapse.Instead != nil {
		t.Errorf("of an account that is gone: %+v, %v", lapse, err)
	}
}
