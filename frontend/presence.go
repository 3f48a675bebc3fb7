package frontend

import "net/http"

// presencePath is asked each minute by every page that is open: banks are told
// of a person only while there is one.
const presencePath = "/presence"

// present answers a page that says it is open; that it was seen is noted with
// every request of a session.
func present(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// seen notes with every request that the person is there.
func (s *Server) seen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.app.Seen()
		next.ServeHTTP(w, r)
	})
}
