package app_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

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

// TestHalfAListLeavesNothingBehind ends the program after it has stored the first of two
// accounts that a renewal gives, and cannot reach the bank afterwards: what came is not
// the list.
func TestHalfAListLeavesNothingBehind(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = []string{firstIBAN, secondIBAN}
	b.read()
	second := b.account(secondIBAN).ID
	_, newer := b.renewed(firstIBAN, secondIBAN)
	store := b.store.At(b.clock.Now)
	b.must(store.SetTried(t.Context(), newer))
	_, err := store.PutAccount(t.Context(), b.world.consent(newer), xs2a.Account{ResourceID: "r1", IBAN: firstIBAN, Currency: "SEK", Name: "Account 1"})
	b.must(err)
	b.must(store.SetFetched(t.Context(), newer, storage.Reason{Code: "unreachable"}))

	updated, err := b.Updated(t.Context())
	b.must(err)
	lapse, err := b.LapseOf(t.Context(), second)
	b.must(err)
	if got := b.left(newer); len(got) != 0 || !updated[second] || !lapse.Awaited {
		t.Errorf("left behind %v, updated %v, %+v", got, updated, lapse)
	}
}

// TestLeftBehindWaitsForTheEnd looks while a second fetch reads the first of two accounts,
// after a first one that failed before the list.
func TestLeftBehindWaitsForTheEnd(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = []string{firstIBAN, secondIBAN}
	b.read()
	_, newer := b.renewed(firstIBAN, secondIBAN)
	store := b.store.At(b.clock.Now)
	b.must(store.SetTried(t.Context(), newer))
	b.must(store.SetFetched(t.Context(), newer, storage.Reason{Code: "unreachable"}))
	reading, goOn := make(chan struct{}, 8), make(chan struct{})
	b.answer(func(w http.ResponseWriter, _ *http.Request) {
		reading <- struct{}{}
		<-goOn
		fmt.Fprint(w, `{"transactions":{"booked":[],"pending":[]}}`)
	})
	b.Reader().Fetch(newer, person)
	<-reading
	if got := b.left(newer); len(got) != 0 {
		t.Errorf("left behind while it is read: %v", got)
	}
	close(goOn)
	b.fetched(newer)
	if got := b.left(newer); len(got) != 0 {
		t.Errorf("left behind afterwards: %v", got)
	}
}

// TestAnAccountThatFailsIsListed renews without one of two accounts, where the other's
// transactions are always refused: no fetch is ever complete, and which accounts the
// consent gives is known all the same.
func TestAnAccountThatFailsIsListed(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = []string{firstIBAN, secondIBAN}
	b.read()
	_, newer := b.renewed(firstIBAN)
	b.answer(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "SERVICE_BLOCKED", "")
	})
	b.Reader().Fetch(newer, person)
	if job := b.fetched(newer); job.Err == nil {
		t.Fatal("the fetch was complete")
	}
	if got := b.left(newer); len(got) != 1 || got[0] != secondIBAN {
		t.Errorf("left behind %v", got)
	}
}

// alsoReached has a consent of another series, an hour younger, give the account, too.
func (b *smallBank) alsoReached() (consentID string) {
	b.Helper()
	b.clock.forward(time.Hour)
	other := b.allow("x", "")
	b.Reader().Fetch(other, person)
	b.fetched(other)
	return other
}

// TestTwoSeriesOfAnAccount has two consents reach an account: the newer one was withdrawn,
// the older one went on and was renewed afterwards. Whether the account goes on is told
// alike everywhere, and since when it does not by the one that ended last.
func TestTwoSeriesOfAnAccount(t *testing.T) {
	b := newSmallBank(t)
	b.read()
	id := b.account(firstIBAN).ID
	other := b.alsoReached()
	b.clock.forward(time.Hour)
	_, err := b.store.At(b.clock.Now).WithdrawConsent(t.Context(), other, false)
	b.must(err)
	b.clock.forward(48 * time.Hour)
	former, newer := b.renewed()

	updated, err := b.Updated(t.Context())
	b.must(err)
	lapse, err := b.LapseOf(t.Context(), id)
	b.must(err)
	if !updated[id] || !lapse.Awaited || lapse.Instead == nil || lapse.Instead.ID != newer || lapse.Last.ID != former {
		t.Errorf("before it is read: updated %v, %+v", updated, lapse)
	}
	b.Reader().Fetch(newer, person)
	b.fetched(newer)
	if updated, err = b.Updated(t.Context()); err != nil || updated[id] {
		t.Errorf("updated %v, %v", updated, err)
	}
	lapse, err = b.LapseOf(t.Context(), id)
	if err != nil || lapse.Awaited || lapse.Instead == nil || lapse.Instead.ID != newer || !lapse.Since().Equal(b.world.consent(former).EndedAt) {
		t.Errorf("%+v, %v", lapse, err)
	}
}

// TestNothingToEraseUnderAProvisionalEnd has an account reached by a consent that was
// withdrawn and one whose last day is over by this machine's clock alone: erasing would
// take nothing as long as that one may go on.
func TestNothingToEraseUnderAProvisionalEnd(t *testing.T) {
	b := newSmallBank(t)
	b.read()
	id := b.account(firstIBAN).ID
	other := b.alsoReached()
	_, err := b.store.At(b.clock.Now).WithdrawConsent(t.Context(), b.consent, false)
	b.must(err)
	b.clock.forward(3 * 365 * 24 * time.Hour)

	lapse, err := b.LapseOf(t.Context(), id)
	if err != nil || lapse.Erasable != "" {
		t.Errorf("erasable by %q, %v", lapse.Erasable, err)
	}
	if on := lapse.Since().Format(time.DateOnly); lapse.Last.ID != other || on != "2028-01-01" {
		t.Errorf("through %s until %s", lapse.Last.ID, on)
	}
	_, err = b.store.At(b.clock.Now).EndConsent(t.Context(), other, storage.EndExpired, storage.FromBank, storage.Event{Kind: storage.EventStatus})
	b.must(err)
	lapse, err = b.LapseOf(t.Context(), id)
	b.must(err)
	what, err := b.Erasure(t.Context(), lapse.Erasable)
	if err != nil || what.Accounts != 1 {
		t.Errorf("once it has ended erasing by %q takes %+v, %v", lapse.Erasable, what, err)
	}
}

// TestCardsThatCannotBeListed has a bank refuse the list of card accounts after a renewal.
// Only where it says that it has none there a card is left behind; elsewhere the rest is
// read, the failure is said, and what becomes of the card is not known.
func TestCardsThatCannotBeListed(t *testing.T) {
	t.Parallel()
	for code, of := range map[string]struct {
		status int
		none   bool
	}{
		"INTERNAL_SERVER_ERROR": {http.StatusInternalServerError, false},
		"SERVICE_UNAVAILABLE":   {http.StatusServiceUnavailable, false},
		"ACCESS_EXCEEDED":       {http.StatusTooManyRequests, false},
		"RESOURCE_UNKNOWN":      {http.StatusNotFound, true},
		"SERVICE_INVALID":       {http.StatusMethodNotAllowed, true},
		"CONSENT_INVALID":       {http.StatusUnauthorized, true},
	} {
		t.Run(code, func(t *testing.T) {
			b := newSmallBank(t)
			b.cards = func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, `{"cardAccounts":[{"resourceId":"k1","maskedPan":"525412******3241","currency":"SEK","name":"Card"}]}`)
			}
			b.read()
			_, newer := b.renewed(firstIBAN, secondIBAN)
			b.mu.Lock()
			b.cards = func(w http.ResponseWriter, _ *http.Request) { refuse(w, of.status, code, "") }
			b.mu.Unlock()
			b.Reader().Fetch(newer, person)
			job := b.fetched(newer)
			c := b.world.consent(newer)
			if (job.Err == nil) != of.none || c.FetchError.Given() == of.none || c.FetchedAt.IsZero() == of.none {
				t.Errorf("the fetch ended with %v, noted %q, complete at %v", job.Err, c.FetchError.Code, c.FetchedAt)
			}
			if got := b.left(newer); (len(got) == 1) != of.none {
				t.Errorf("left behind %q", got)
			}
			if account := b.account(secondIBAN); account.FetchedAt.IsZero() {
				t.Error("the other accounts were not read")
			}
		})
	}
}

// TestALongLineOfRenewals has each of many consents renew the one before: what takes the
// place of each is found without going through all of them for each.
func TestALongLineOfRenewals(t *testing.T) {
	b := newSmallBank(t)
	b.read()
	id := b.account(firstIBAN).ID
	const many = 60
	store, last := b.store.At(b.clock.Now), b.consent
	for i := range many {
		b.clock.forward(time.Second)
		newer := b.allow(fmt.Sprintf("n%d", i), last)
		if !b.world.consent(last).Ended() {
			_, err := store.ReplaceConsent(t.Context(), last, newer, xs2a.ConsentTerminatedByTPP, "")
			b.must(err)
		}
		last = newer
	}
	before := b.clock.looks.Load()
	updated, err := b.Updated(t.Context())
	b.must(err)
	if looks := b.clock.looks.Load() - before; looks > many {
		t.Errorf("%d looks at the clock for a line of %d", looks, many)
	}
	lapse, err := b.LapseOf(t.Context(), id)
	if err != nil || !updated[id] || lapse.Instead == nil || lapse.Instead.ID != last {
		t.Errorf("updated %v, %+v, %v", updated, lapse, err)
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
