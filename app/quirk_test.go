package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/quirk"
	"consentry/storage"
)

// says are what the cards of a bank say, by kind.
func says(deck quirk.Deck) map[quirk.Kind]string {
	all := map[quirk.Kind]string{}
	for _, card := range deck.Cards {
		values, _ := card.Says()
		all[card.Kind] = strings.Join(values, " ")
	}
	return all
}

// known is what the cards of a practice bank are expected to say, beside what any bank's do:
// the habits it has on purpose.
var known = map[string]map[quirk.Kind]string{
	"kruemel":      {quirk.Links: "text", quirk.Location: "json", quirk.SCAStatus: "forgotten", quirk.Errors: "empty"},
	"zahlenwirr":   {quirk.Amounts: "number", quirk.Flags: "text", quirk.Nulls: "null", quirk.Balances: "double"},
	"huellenlos":   {quirk.Envelopes: "bare", quirk.CreatedStatus: "200", quirk.Approach: "embedded"},
	"datumsfroh":   {quirk.Dates: "time", quirk.Times: "time", quirk.EntryIDs: "blank", quirk.Remittance: "list", quirk.Balances: "untyped"},
	"pfadlos":      {quirk.Links: "relative", quirk.Signs: "unsigned"},
	"ringlauf":     {quirk.Paging: "self"},
	"umleiter":     {quirk.CreatedStatus: "302", quirk.EndStatus: "202", quirk.Approach: "redirect"},
	"blaetterwald": {quirk.Paging: "offset"},
	"senebro":      {quirk.Nulls: "null"},
	"vielweg":      {quirk.Approach: "decoupled"},
	"lindwurm":     {quirk.Approach: "embedded"},
	"havtorv":      {quirk.Approach: "oauth"},
	"SKGDSES0":     {quirk.EntryIDs: "missing"},
	"VDDANOT0":     {quirk.EntryIDs: "placeholder"},
	"salzhafen_de": {quirk.Errors: "errorClass"},
	"patzerhof":    {quirk.Times: "other", quirk.Dates: "time", quirk.Balances: "untyped"},
}

// usual is what the cards of every other bank say.
var usual = map[quirk.Kind]string{
	quirk.CreatedStatus: "201", quirk.EntryIDs: "own", quirk.Links: "absolute object", quirk.Flags: "plain", quirk.Signs: "signed", quirk.Times: "zone",
	quirk.Dates: "day", quirk.Balances: "typed", quirk.Envelopes: "object", quirk.Quota: "4", quirk.ReportForm: "json", quirk.SCAStatus: "kept",
}

// quirksOf has all asked of a bank that is only read, withdraws, and holds the cards to its habits.
func (w *world) quirksOf(at string) {
	w.Helper()
	c := w.linked(at)
	// What is known of an approval that is over is asked then: while it was waited for, the bank may have been asked before it
	// was over alone. Not every bank lists its authorisations.
	_, _ = w.ConsentAuthorisations(w.Context(), c.ID, person)
	report := w.checked(at)
	var junit strings.Builder
	w.must(report.WriteJUnit(&junit))
	if len(report.Quirks) != 1 || says(report.Quirks[0])[quirk.Amounts] == "" || !strings.Contains(junit.String(), `<property name="quirk.`+at+`.amounts" value="`) {
		w.Errorf("the report's quirks: %+v", report.Quirks)
	}
	w.must(w.Withdraw(w.Context(), c.ID, false, person))
	deck, err := w.Quirks().Bank(w.Context(), bank.SandboxID, at)
	w.must(err)
	said := says(deck)
	for kind, want := range known[at] {
		if !slices.Contains(strings.Fields(said[kind]), want) {
			w.Errorf("%s: %q, want %q among it", kind, said[kind], want)
		}
	}
	if known[at] == nil {
		for kind, want := range usual {
			if got := said[kind]; got != want && !slices.Contains(strings.Fields(got), "relative") { // links of some directories' banks
				w.Errorf("%s: %q, want %q", kind, got, want)
			}
		}
	}
	for _, card := range deck.Cards {
		for _, each := range card.Learned {
			if card.Kind == quirk.Latency {
				continue
			}
			if each.Times == 0 || len(each.Exchanges) == 0 || each.Latest.Before(each.First) {
				w.Errorf("%s %q has nothing that showed it: %+v", card.Kind, each.Value, each)
			}
			for _, id := range each.Exchanges {
				if e, err := w.store.Exchange(w.Context(), id); err != nil || e.Status == 0 {
					w.Errorf("%s %q: exchange %d: %+v, %v", card.Kind, each.Value, id, e.Status, err)
				}
			}
		}
	}
}

// TestJourneyQuirksOfEveryBank holds the cards of all practice banks to their habits.
func TestJourneyQuirksOfEveryBank(t *testing.T) {
	journey(t)
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	all, err := w.Banks().List(t.Context(), storage.ASPSPQuery{})
	w.must(err)
	refuses := map[string]bool{silentBank: true}
	for _, at := range w.info.Banks {
		refuses[at.ID] = refuses[at.ID] || at.Refuses != ""
	}
	for _, at := range all {
		if refuses[at.BIC] {
			continue
		}
		t.Run(at.BIC, func(t *testing.T) {
			w := *w
			w.T = t
			w.quirksOf(at.BIC)
		})
	}
}

// TestJourneyQuirkOfPeriod reads all there is at a bank that serves 90 days alone once an hour has
// passed: the card says how many it served and refused, and, where it served more just after the
// approval, that as well, against it.
func TestJourneyQuirkOfPeriod(t *testing.T) {
	journey(t)
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	c := w.linked("kurzblick")
	w.clock.forward(2 * time.Hour)
	w.Reader().Fetch(c.ID, person)
	w.fetched(c.ID)
	deck, err := w.Quirks().Bank(t.Context(), bank.SandboxID, "kurzblick")
	w.must(err)
	card := deck.Card(quirk.Period)
	if len(card.Learned) == 0 || card.Learned[0].Value != "89" || card.Learned[0].Refused != 729 {
		t.Errorf("the card: %+v", card)
	}
}
