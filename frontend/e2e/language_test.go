package e2e

import (
	"io"
	"net/http"
	"testing"
)

// What LC_ALL says reaches the program, or the tests on another day, in another
// language, would be the same ones again.
func TestBrowserAsksInTheMachinesLanguage(t *testing.T) {
	t.Parallel()
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		_, _ = io.WriteString(w, "Asked in "+r.Header.Get("Accept-Language")+".") // nobody is left to tell
	}))
	p := somebody(t)
	p.visit(address)
	p.see("Asked in " + language())
}
