package app_test

import (
	"net/http"
	"testing"
	"time"

	"consentry/app"
)

// deaf is a network that answers to nobody, not even to the end of an exchange.
type deaf struct{ asked, over chan struct{} }

func (d deaf) RoundTrip(*http.Request) (*http.Response, error) {
	close(d.asked)
	<-d.over
	return nil, http.ErrHandlerTimeout
}

// TestCloseDoesNotWaitForEver leaves work behind that does not end.
func TestCloseDoesNotWaitForEver(t *testing.T) {
	b := newSmallBank(t)
	network := deaf{make(chan struct{}), make(chan struct{})}
	a := app.New(app.Config{Store: b.store, Now: b.clock.Now, Grace: 10 * time.Millisecond,
		Over: func(http.RoundTripper) http.RoundTripper { return network }})
	a.Fetch(b.consent, person)
	<-network.asked
	a.Close() // returns
	close(network.over)
}
