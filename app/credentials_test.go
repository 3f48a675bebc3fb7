package app_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/storage"
)

// tokenBank links a bank that gives a refresh token.
func (w *world) tokenBank() (consentID string) {
	w.Helper()
	w.must(w.UseSandbox(w.Context(), bank.Practice(w.info)))
	for _, bank := range w.info.Banks {
		if bank.PreStep != "authorization_code" {
			continue
		}
		id := w.linkAt(bank.ID)
		credentials, err := w.store.Credentials(w.Context(), storage.ConsentSubject(id))
		w.must(err)
		if credentials.RefreshToken != "" && !credentials.Expiry.IsZero() {
			return id
		}
	}
	w.Fatal("no practice bank gives a refresh token")
	return ""
}

// TestTokenIsRenewedOnce lets several reads begin with an access token that has
// run out: banks trade a refresh token in once (RFC 9700 section 4.14.2).
func TestTokenIsRenewedOnce(t *testing.T) {
	w := newWorld(t)
	id := w.tokenBank()
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), id)
	w.must(err)
	w.must(w.Clock().Move(t.Context(), 1))
	traded := 0
	var mu sync.Mutex
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/token") {
			mu.Lock()
			defer mu.Unlock()
			traded++
		}
	})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := w.Reader().AccountBalances(t.Context(), accounts[0].ID, person); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if traded != 1 {
		t.Errorf("the token was renewed %d times", traded)
	}
}

// TestEndedWhileAsked asks a bank how a consent stands that ends elsewhere before the
// question is sent: that it has ended is the answer, and no failure.
func TestEndedWhileAsked(t *testing.T) {
	w := newWorld(t)
	id := w.tokenBank()
	w.must(w.Clock().Move(t.Context(), 1))
	var once sync.Once
	w.network.then(func(r *http.Request, _ *http.Response) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/token") {
			once.Do(func() {
				if _, err := w.store.EndConsent(t.Context(), id, storage.EndRevoked, storage.FromBank, storage.Event{Kind: storage.EventStatus}); err != nil {
					t.Error(err)
				}
			})
		}
	})
	if err := w.RefreshConsent(t.Context(), id, person); err != nil {
		t.Error(err)
	}
	if c := w.consent(id); !c.Ended() {
		t.Error("it did not end")
	}
}

// TestUnreachableForToken tells a bank of a withdrawal as soon as it can, also
// when the token with which it is told could not be renewed at first.
func TestUnreachableForToken(t *testing.T) {
	w := newWorld(t)
	id := w.tokenBank()
	w.must(w.Clock().Move(t.Context(), 1))
	w.network.cut.Store(true)
	if err := w.Withdraw(t.Context(), id, false, person); err == nil {
		t.Fatal("the bank was told without a network")
	}
	if c := w.consent(id); c.Acknowledgement != storage.AckPending {
		t.Errorf("acknowledged %q (%s)", c.Acknowledgement, c.AckError.Code)
	}
	w.network.cut.Store(false)
	w.must(w.Settle(t.Context()))
	if c := w.consent(id); c.Acknowledgement != storage.AckConfirmed {
		t.Errorf("acknowledged %q (%s) in the end", c.Acknowledgement, c.AckError.Code)
	}
}

// TestBankSaysTokenExpired renews a person's token that only the bank knows to
// have run out, once for several reads, and keeps the new one.
func TestBankSaysTokenExpired(t *testing.T) {
	w := newWorld(t)
	id := w.tokenBank()
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), id)
	w.must(err)
	before, err := w.store.Credentials(t.Context(), storage.ConsentSubject(id))
	w.must(err)
	untold := before
	untold.Expiry = time.Time{} // as of a bank that gives no expires_in
	w.must(w.store.SetCredentials(t.Context(), storage.ConsentSubject(id), untold))
	w.must(w.Clock().Move(t.Context(), 1))
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if _, err := w.Reader().AccountBalances(t.Context(), accounts[0].ID, person); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	after, err := w.store.Credentials(t.Context(), storage.ConsentSubject(id))
	w.must(err)
	if after.AccessToken == before.AccessToken || after.RefreshToken == before.RefreshToken {
		t.Error("the new token was not kept")
	}
}
