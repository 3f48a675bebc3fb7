package frontend

import (
	"net/http"
	"sync/atomic"
	"time"
)

// gate is before a server whose time ends while it answers: another goes on at the same address. What is asked in between
// is asked again there, so nothing is shown any more.
type gate struct{ closed atomic.Bool }

func (g *gate) close() { g.closed.Store(true) }

// open lets requests in again, of a server that comes back.
func (g *gate) open() { g.closed.Store(false) }

// gatePause is how long who asks at a closed gate waits before they ask again.
const gatePause = 100 * time.Millisecond

func (g *gate) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.closed.Load() {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case <-time.After(gatePause):
		case <-r.Context().Done():
		}
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusSeeOther) // a form is not sent again: it comes back as the page
	})
}
