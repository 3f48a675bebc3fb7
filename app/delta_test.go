package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/storage"
)

// deltaBank is a bank whose books are kept, which tells what is new in a way.
type deltaBank struct {
	*bookkeeper
	mu    sync.Mutex
	asked []url.Values // of first pages, since the last fetch began
}

func newDeltaBank(t *testing.T, deltas string) *deltaBank {
	d := &deltaBank{bookkeeper: &bookkeeper{world: newWorld(t), bank: "rheintor", ids: "own", changed: map[int]bool{}}}
	d.clock.noon()
	d.must(d.UseSandbox(t.Context(), bank.Practice(d.info)))
	d.choose()
	d.tells(deltas, "own")
	yesterday := d.clock.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	d.book(map[string]any{"date": yesterday}, map[string]any{"date": yesterday})
	d.consent = d.linkAt(d.bank)
	var said struct{ ResourceID string }
	d.must(json.Unmarshal(d.account().Raw, &said))
	d.network.before(func(r *http.Request) {
		if query := r.URL.Query(); strings.HasSuffix(r.URL.Path, "/"+said.ResourceID+"/transactions") && query.Get("page") == "" {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.asked = append(d.asked, query)
		}
	})
	return d
}

// choose keeps the books of an account on which nothing is pending.
func (d *deltaBank) choose() {
	d.Helper()
	for d.first = range 10 {
		if _, _, entries := d.books(); !slices.ContainsFunc(entries, func(o onBooks) bool { return o.Status == "pending" }) {
			return
		}
	}
	d.Fatal("something is pending everywhere")
}

// tells has the bank tell of the account in another way.
func (d *deltaBank) tells(deltas, ids string) {
	d.Helper()
	d.tellsDeltas(deltas)
	d.keep(map[string]any{"conduct": map[string]any{"ids": ids, "order": "newest", "page": 5, "deltas": deltas}})
}

// book books purchases, all alike but for their days.
func (d *deltaBank) book(changes ...map[string]any) []int {
	d.Helper()
	all := make([]map[string]any, len(changes))
	for i, change := range changes {
		all[i] = map[string]any{"amount": "-3.50", "name": "Café", "text": "Coffee", "date": d.clock.Now().Format(time.DateOnly)}
		if change["number"] != nil {
			clear(all[i])
		}
		for name, value := range change {
			all[i][name] = value
		}
	}
	return d.keep(map[string]any{"entries": all})
}

// reads has the account read and says how: each request by the parameters that tell.
func (d *deltaBank) reads(attended bool) string {
	d.Helper()
	d.mu.Lock()
	d.asked = nil
	d.mu.Unlock()
	if attended {
		d.Reader().Fetch(d.consent, person)
		if job := d.fetched(d.consent); job.Err != nil {
			d.Fatalf("the fetch: %v", job.Err)
		}
	} else if done := d.Reader().Begin(d.consent, nil); done != nil {
		<-done
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var said []string
	for _, query := range d.asked {
		for _, one := range []string{"entryReferenceFrom", "deltaList", "dateFrom"} {
			if query.Has(one) {
				said = append(said, query.Get("bookingStatus")+" "+one)
			}
		}
	}
	slices.Sort(said)
	return strings.Join(slices.Compact(said), ", ")
}

// TestDelta reads what is new alone at banks that have it, and all days again where that does not
// tell all there is to know. What is stored is what is on the books, whichever way was gone.
func TestDelta(t *testing.T) {
	t.Parallel()
	const whole, byReference, byReport = "both dateFrom", "booked entryReferenceFrom, pending dateFrom", "both deltaList"
	for _, test := range []struct{ deltas, then string }{
		{"reference", byReference},
		{"dated", byReference},
		{"list", byReport},
		{"none", whole},
	} {
		t.Run(test.deltas, func(t *testing.T) {
			d := newDeltaBank(t, test.deltas)
			step := func(what, want string) {
				t.Helper()
				if got := d.reads(true); got != want {
					t.Errorf("%s: asked for %q, want %q", what, got, want)
				}
				d.compare()
			}
			step("before ids were seen to stay", whole)
			d.reads(true) // and is refused what the bank has not, once
			step("again", test.then)
			d.book(map[string]any{"text": "another"}, map[string]any{"text": "of that kind"})
			step("with what is new", test.then)
			step("with nothing new", test.then)
			d.clock.pass(1)
			step("the next day", whole)
		})
	}
}

// TestDeltaDoubted holds what is new to what is stored: where it cannot be told, all days are read at once.
func TestDeltaDoubted(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(d *deltaBank){
		"an equal purchase": func(d *deltaBank) {
			d.book(map[string]any{"date": d.clock.Now().AddDate(0, 0, -1).Format(time.DateOnly)})
		},
		"ids that are others": func(d *deltaBank) { d.tells("reference", "anew"); d.book(map[string]any{"text": "new"}) },
		"no ids":              func(d *deltaBank) { d.tells("reference", "none"); d.book(map[string]any{"text": "new"}) },
		"a reference that is gone": func(d *deltaBank) {
			d.book(map[string]any{"number": 3_000_000, "dropped": true}, map[string]any{"number": 3_000_001, "dropped": true})
		},
		"deltas that are there no more": func(d *deltaBank) { d.tells("none", "own"); d.book(map[string]any{"text": "new"}) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeltaBank(t, "reference")
			d.book(map[string]any{})
			d.reads(true)
			if got := d.reads(true); !strings.Contains(got, "entryReferenceFrom") {
				t.Fatalf("asked for %q", got)
			}
			change(d)
			if got := d.reads(true); !strings.Contains(got, "both dateFrom") {
				t.Errorf("asked for %q", got)
			}
			d.reads(true) // what the bank lists no more is known after two readings of all days
			d.compare()
		})
	}
}

// TestDeltaPending reads pending transactions beside what is new: what is booked is pending no
// more. Without the person, whose requests do not count, all days are read for it.
func TestDeltaPending(t *testing.T) {
	t.Parallel()
	for _, deltas := range []string{"reference", "list"} {
		t.Run(deltas, func(t *testing.T) {
			d := newDeltaBank(t, deltas)
			for range 3 {
				d.reads(true)
			}
			waiting := d.book(map[string]any{"pending": true, "text": "reserved"})[0]
			for _, attended := range []bool{true, false} {
				got := d.reads(attended)
				if delta := strings.Contains(got, deltas); !attended && delta || attended && deltas == "reference" && !strings.Contains(got, "entryReferenceFrom") {
					t.Errorf("attended %v: asked for %q", attended, got)
				}
				d.compare()
			}
			d.book(map[string]any{"number": waiting, "pending": false})
			d.reads(true)
			d.compare()
			d.clock.pass(1)
			d.reads(false)
			d.compare()
		})
	}
}

// TestDeltaBroken has what is new not arrive: it is not asked for as new again, which some banks
// would take for told.
func TestDeltaBroken(t *testing.T) {
	d := newDeltaBank(t, "list")
	for range 3 {
		d.reads(true)
	}
	for i := range 12 { // so many that there are several pages
		d.book(map[string]any{"text": fmt.Sprint("new ", i)})
	}
	d.network.before(func(r *http.Request) {
		if r.URL.Query().Get("page") != "" {
			d.network.cut.Store(true)
		}
	})
	d.Reader().Fetch(d.consent, person)
	d.fetched(d.consent)
	d.network.before(nil)
	d.network.cut.Store(false)
	for _, account := range d.accounts() {
		if iban, _, _ := d.books(); account.IBAN == iban && account.MayDelta {
			t.Error("what is new may be asked for again")
		}
	}
	d.reads(true)
	d.compare()
}

// TestDeltaLeavesDays holds what is known of the days of an account: only those read as days count.
func TestDeltaLeavesDays(t *testing.T) {
	d := newDeltaBank(t, "reference")
	for range 3 {
		d.reads(true)
	}
	before := d.account()
	if before.DeltaAt.IsZero() || before.WholeAt.IsZero() {
		t.Fatalf("read whole %v, what is new %v", before.WholeAt, before.DeltaAt)
	}
	late := d.clock.Now().AddDate(0, 0, -30).Format(time.DateOnly)
	d.book(map[string]any{"date": late, "text": "late"})
	d.reads(true)
	d.compare() // also of days that a reading of all days does not ask for
	if after := d.account(); after.BookedTo != before.BookedTo || len(after.Gaps) != 0 {
		t.Errorf("read to %s, before %s, gaps %v", after.BookedTo, before.BookedTo, after.Gaps)
	}
	if err := d.store.Doubt(t.Context(), before.ID, storage.Span{From: late, To: late}); err != nil {
		t.Fatal(err)
	}
	if got := d.reads(true); strings.Contains(got, "entryReferenceFrom") {
		t.Errorf("with days that are missing: asked for %q", got)
	}
}
