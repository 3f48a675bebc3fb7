package frontend

import "net/http"

// presencePath is asked each minute by every page that is open: banks are told
// of a person only while there is one.
const presencePath = "/presence"

// present answers a page that says it is open; that it was seen is noted with
// every request of a session. A page that posts says that its person did something there.
func present(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// seen notes with every request that the person is there, and with those that only they
// make that they did something.
func (s *Server) seen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.app.Seen()
		if s.lock != nil && acted(r) {
			s.lock.Active()
		}
		next.ServeHTTP(w, r)
	})
}

// acted reports whether only the person can have made a request: they went to a page, sent a form, or touched something, of
// which a page tells by itself. What a page asks for because time has passed says nothing of them.
func acted(r *http.Request) bool {
	if r.URL.Path == presencePath {
		return r.Method == http.MethodPost
	}
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode == "navigate" || mode == "" && !wantsFragment(r)
}
