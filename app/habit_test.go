package app_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestOnceADayInTheBanksForm reads without the person, once a day, at a bank that
// refuses the form asked for first: what it showed is known the next day, and
// after a restart.
func TestOnceADayInTheBanksForm(t *testing.T) {
	for name, refuses := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"not both at once": func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("bookingStatus") != "both" {
				return false
			}
			refuse(w, 400, "PARAMETER_NOT_SUPPORTED", "")
			return true
		},
		"no JSON": func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.Header.Get("Accept"), "text/plain") {
				refuse(w, 406, "REQUESTED_FORMATS_INVALID", "")
				return true
			}
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte(":20:A\n:25:1\n:60F:C260301SEK1,00\n:61:260301C1,00NMSC\n:86:free\n:62F:C260301SEK2,00\n-\n"))
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			id := b.allowOnceADay()
			serve := serving(b.clock.Now, 90)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if !refuses(w, r) {
					serve(w, r)
				}
			})
			for range 3 {
				b.clock.pass(2)
				b.FetchAlone(id)
				b.fetched(id)
				b.restart(here)
			}
			if b.entries() == 0 {
				t.Error("nothing was ever read")
			}
		})
	}
}
