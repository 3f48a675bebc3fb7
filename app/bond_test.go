package app_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"consentry/app"
)

// TestTokenIsRenewedOnce lets several reads begin with an access token that has
// run out: banks trade a refresh token in once (RFC 9700 section 4.14.2).
func TestTokenIsRenewedOnce(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), app.Practice(w.info)...))
	for _, bank := range w.info.Banks {
		if bank.PreStep != "authorization_code" {
			continue
		}
		id := w.linkAt(bank.ID)
		bond, err := w.store.Bond(t.Context(), id)
		w.must(err)
		if bond.RefreshToken == "" || bond.Expiry.IsZero() {
			continue
		}
		accounts, err := w.ConsentAccounts(t.Context(), id)
		w.must(err)
		w.must(w.MoveClock(t.Context(), 1))
		traded := 0
		var mu sync.Mutex
		w.line.after = func(r *http.Request, _ *http.Response) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/token") {
				mu.Lock()
				defer mu.Unlock()
				traded++
			}
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := w.AccountBalances(t.Context(), accounts[0].ID, person); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if traded != 1 {
			t.Errorf("%s: the token was renewed %d times", bank.ID, traded)
		}
		return
	}
	t.Fatal("no practice bank gives a refresh token")
}
