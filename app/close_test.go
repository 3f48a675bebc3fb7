package app_test

import (
	"net/http"
	"testing"
	"time"

	"consentry/app"
)

// silentNetwork is a network that answers to nobody, not even to the end of an exchange.
type silentNetwork struct{ asked, released chan struct{} }

func (n silentNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	close(n.asked)
	<-n.released
	return nil, http.ErrHandlerTimeout
}

// TestCloseDoesNotWaitForEver leaves work behind that does not end.
func TestCloseDoesNotWaitForEver(t *testing.T) {
	b := newSmallBank(t)
	silent := silentNetwork{make(chan struct{}), make(chan struct{})}
	a := app.New(app.Config{Store: b.store, Now: b.clock.Now, Grace: 10 * time.Millisecond,
		WrapTransport: func(http.RoundTripper) http.RoundTripper { return silent }})
	a.Reader().Fetch(b.consent, person)
	<-silent.asked
	a.Close() // returns
	close(silent.released)
}
