package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"consentry/app/fresh"
	"consentry/app/quirk"
	"consentry/storage"
)

// askedFor are the queries with which transactions were asked for, in order.
func (b *smallBank) askedFor() (asked []string) {
	for _, request := range b.requests() {
		if _, query, is := strings.Cut(request, "/transactions?"); is {
			query, _, _ = strings.Cut(query, " ")
			asked = append(asked, query)
		}
	}
	return asked
}

// TestJourneyCorrectedPeriod reads at a bank that serves 180 days: what is known of that by hand is
// tried before the 89 days that every bank serves, and so the days between come, too.
func TestJourneyCorrectedPeriod(t *testing.T) {
	journey(t)
	for name, row := range map[string]struct {
		days string
		want []string
	}{
		"nothing said":   {"", []string{day(-729), day(-89)}},
		"what it serves": {"179", []string{day(-729), day(-179)}},
		"a day too many": {"180", []string{day(-729), day(-180), day(-89)}},
		"more than all":  {"3000", []string{day(-729), day(-89)}},
		"fewer":          {"30", []string{day(-729), day(-89)}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.answer(serving(b.clock.Now, 180))
			if row.days != "" {
				b.must(b.Quirks().Correct(t.Context(), "small", "small", quirk.Period, []string{row.days}, ""))
			}
			b.read()
			var from []string
			for _, query := range b.askedFor() {
				for _, part := range strings.Split(query, "&") {
					if day, is := strings.CutPrefix(part, "dateFrom="); is {
						from = append(from, day)
					}
				}
			}
			if !slices.Equal(from, row.want) {
				t.Errorf("asked from %q, want %q", from, row.want)
			}
		})
	}
}

// TestJourneyCorrectedStatus reads at a bank that gives booked and pending transactions together,
// though a person says apart: they are asked for apart, and once the person takes it back together
// again, since nothing else was shown. At a bank that refuses what the person says the other way is
// tried.
func TestJourneyCorrectedStatus(t *testing.T) {
	journey(t)
	b := newSmallBank(t)
	b.must(b.Quirks().Correct(t.Context(), "small", "small", quirk.BookingStatus, []string{"apart"}, ""))
	first := func() string {
		b.read()
		asked := b.askedFor()
		if len(asked) == 0 {
			t.Fatal("nothing was asked")
		}
		return asked[0]
	}
	if asked := first(); !strings.Contains(asked, "bookingStatus=booked") {
		t.Errorf("asked for %s", asked)
	}
	b.must(b.Quirks().TakeBack(t.Context(), "small", "small", quirk.BookingStatus, quirk.ByHand))
	if kept, err := b.store.ReportHabits(t.Context(), "small", "small"); err != nil || kept.Apart {
		t.Errorf("of what was taken back is left: %+v, %v", kept, err)
	}
	if asked := first(); !strings.Contains(asked, "bookingStatus=both") {
		t.Errorf("taken back, asked for %s", asked)
	}
	b.must(b.Quirks().Correct(t.Context(), "small", "small", quirk.ReportForm, []string{"xml"}, ""))
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "json") {
			refuse(w, 406, "REQUESTED_FORMATS_INVALID", "")
			return
		}
		serving(b.clock.Now, 900)(w, r)
	})
	if job := b.read(); job.Err != nil || b.countBooked() == 0 {
		t.Errorf("read nothing: %+v", job.Err)
	}
}

// TestJourneyQuirkProfileTravels saves what is known of a bank, learned and by hand, and imports it in
// a second data folder: there it is marked as a profile's, gives way to what is learned then, and is
// not passed on.
func TestJourneyQuirkProfileTravels(t *testing.T) {
	journey(t)
	there := newSmallBank(t)
	there.answer(serving(there.clock.Now, 100))
	there.read()
	quirks := there.Quirks()
	there.must(quirks.Correct(t.Context(), "small", "small", quirk.Quota, []string{"2"}, "Told by their help desk"))
	made, err := quirks.Profile(t.Context(), "small", "small")
	there.must(err)
	for _, secret := range []string{firstIBAN, "bank-c1", "http://", "Account 1"} {
		if strings.Contains(string(made.File), secret) {
			t.Errorf("the profile has %s in it:\n%s", secret, made.File)
		}
	}

	was, err := quirks.Bank(t.Context(), "small", "small")
	there.must(err)
	environment, err := there.store.Environment(t.Context(), "small")
	there.must(err)
	other := there // with another folder
	other.dir, other.key = fresh.Folder(t)
	other.restart(here)
	other.must(other.UseSandbox(t.Context(), environment))
	other.consent = other.allow("c2", "")
	plan, err := other.Quirks().PlanImport(t.Context(), "small", made.File)
	other.must(err)
	changed, same, conflicts := plan.Count()
	if changed == 0 || same > 0 || conflicts > 0 || len(plan.LeftOut) > 0 {
		t.Errorf("the plan: %+v", plan)
	}
	if taken, err := other.Quirks().Import(t.Context(), "small", "colleague.json", made.File); err != nil || taken != changed {
		t.Errorf("taken: %d of %d, %v", taken, changed, err)
	}
	deck, err := other.Quirks().Bank(t.Context(), "small", "small")
	other.must(err)
	if a, b := says(deck), says(was); len(a) != len(b) || a[quirk.Period] != "89" || a[quirk.Quota] != "2" {
		t.Errorf("here %v, there %v", a, b)
	}
	for _, card := range deck.Cards {
		if _, from := card.Says(); from != quirk.ByProfile || card.Profile.File != "colleague.json" {
			t.Errorf("%s is not marked as the profile's: %+v", card.Kind, card)
		}
	}
	if quota := deck.Card(quirk.Quota).Profile; !quota.ByHand || quota.Note != "Told by their help desk" {
		t.Errorf("the note: %+v", quota)
	}
	if again, err := other.Quirks().Profile(t.Context(), "small", ""); err != nil || strings.Contains(string(again.File), `"kind"`) {
		t.Errorf("passed on what nobody saw here: %s, %v", again.File, err)
	}
	plan, err = other.Quirks().PlanImport(t.Context(), "small", made.File)
	other.must(err)
	if changed, same, _ := plan.Count(); changed > 0 || same == 0 {
		t.Errorf("once more: %+v", plan)
	}

	other.must(other.Quirks().Correct(t.Context(), "small", "small", quirk.Quota, []string{"6"}, ""))
	other.answer(func(w http.ResponseWriter, r *http.Request) { // another form of days than there
		_, _ = w.Write([]byte(`{"transactions":{"booked":[{"transactionId":"1","bookingDate":"2026-03-01T00:00:00","transactionAmount":{"amount":"-1.00","currency":"SEK"}}]}}`))
	})
	other.read()
	deck, err = other.Quirks().Bank(t.Context(), "small", "small")
	other.must(err)
	plan, err = other.Quirks().PlanImport(t.Context(), "small", made.File)
	other.must(err)
	for kind, want := range map[quirk.Kind]quirk.Source{quirk.Dates: quirk.ByTraffic, quirk.Quota: quirk.ByHand} {
		if _, from := deck.Card(kind).Says(); from != want || !deck.Card(kind).ProfileDiffers() {
			t.Errorf("%s: %+v", kind, deck.Card(kind))
		}
	}
	if _, _, conflicts := plan.Count(); conflicts < 2 {
		t.Errorf("%d conflicts: %+v", conflicts, plan)
	}
	other.must(other.Quirks().TakeBack(t.Context(), "small", "small", quirk.Quota, quirk.ByHand))
	other.restart(here)
	if kept, err := other.store.Quirks(t.Context(), "small", "small"); err != nil || len(kept) != len(was.Cards) || slices.ContainsFunc(kept, func(q storage.Quirk) bool { return q.Source == storage.QuirkByHand }) {
		t.Errorf("after a restart: %+v, %v", kept, err)
	}
}
