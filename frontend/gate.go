package frontend

import (
	"net/http"
	"sync/atomic"
	"time"
)

// gate is before what gives way to something else while it answers. What is asked in between is asked again there, so nothing
// is shown any more.
type gate struct{ closed atomic.Bool }

func (g *gate) close() { g.closed.Store(true) }

// open lets requests in again, of what comes back.
func (g *gate) open() { g.closed.Store(false) }

// gatePause is how long at most who asks at a closed gate waits before they ask again.
const gatePause = time.Second

func (g *gate) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.closed.Load() {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case <-givesWay(r.Context()):
		case <-time.After(gatePause):
		case <-r.Context().Done():
		}
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusSeeOther) // a form is not sent again: it comes back as the page
	})
}
