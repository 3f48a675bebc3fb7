package frontend

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestSecurityHeaders holds the whole set under which every page is shown, by the
// names that browsers know.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	secureHeaders(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	for field, want := range map[string]string{
		"Content-Security-Policy":      contentPolicy,
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
		"Cache-Control":                "no-store",
	} {
		if got := w.Header().Get(field); got != want {
			t.Errorf("%s is %q, not %q", field, got, want)
		}
	}
}
