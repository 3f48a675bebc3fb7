package app_test

import (
	"testing"
	"time"

	"consentry/storage"
)

// TestRefusedReadEndsNothing keeps a consent that the bank calls valid when it
// refuses a single read with a code that says that the consent is over: the rest
// is read, and the next fetch finds everything in order.
func TestRefusedReadEndsNothing(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"CONSENT_INVALID", "CONSENT_EXPIRED", "CONSENT_UNKNOWN"} {
		t.Run(code, func(t *testing.T) {
			w := newWorld(t)
			id := w.link().Consent.ID
			w.fault(`{"method":"GET","path":"/transactions","status":401,"code":"` + code + `"}`)
			w.Reader().Fetch(id, person)
			job := w.fetched(id)
			if c := w.consent(id); c.Ended() || job.Err == nil || !c.FetchError.Given() {
				t.Fatalf("ended %q; the fetch says %v", c.End, job.Err)
			}
			if job.Done != job.Total {
				t.Errorf("%d of %d accounts were asked for", job.Done, job.Total)
			}
			w.Reader().Fetch(id, person)
			if job := w.fetched(id); job.Err != nil {
				t.Error(job.Err)
			}
		})
	}
}

// TestRefusedForGood ends a consent whose bank refuses everything in two whole
// fetches at different times, though it says valid when asked; not sooner, and
// not where it served something in between.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	const refusal = `{"method":"GET","path":"/accounts","status":401,"code":"CONSENT_INVALID"}`
	tests := map[string]struct {
		apart  time.Duration
		served bool
		want   storage.End
	}{
		"twice at different times": {2 * time.Hour, false, storage.EndRefused},
		"twice at once":            {time.Minute, false, ""},
		"served in between":        {2 * time.Hour, true, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.link().Consent.ID
			fetch := func(refused bool) {
				if refused {
					w.fault(refusal)
				}
				w.Reader().Fetch(id, person)
				if job := w.fetched(id); (job.Err != nil) != refused {
					t.Fatalf("the fetch says %v", job.Err)
				}
			}
			fetch(true)
			if c := w.consent(id); c.Ended() {
				t.Fatalf("ended %q at the first refusal", c.End)
			}
			if test.served {
				fetch(false)
			}
			w.clock.forward(test.apart)
			fetch(true)
			if c := w.consent(id); c.End != test.want {
				t.Errorf("ended %q, want %q", c.End, test.want)
			}
		})
	}
}
