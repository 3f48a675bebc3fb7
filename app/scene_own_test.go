package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"consentry/app/own"
	"consentry/app/stage"
	"consentry/storage"
)

// everything is a scene with an act of each kind that leaves something.
const everything = `title: Everything
link Rheintor Bank as lukas
link Norrsken Bank as astrid, without balances
draft 12.50 EUR at Rheintor Bank as lukas to DE89370400440532013000 Ausgedachte GmbH: Rechnung 17
send 13.50 EUR at Rheintor Bank as lukas to DE89370400440532013000 Ausgedachte GmbH
pay 14.50 EUR at Rheintor Bank as lukas by instant-sepa-credit-transfers to DE89370400440532013000 Ausgedachte GmbH: Rechnung 18
decline 15.50 EUR at Rheintor Bank as lukas to DE89370400440532013000 Ausgedachte GmbH
pay 666.66 EUR at Rheintor Bank as lukas to DE89370400440532013000 Ausgedachte GmbH
pay 20.00 EUR at Rheintor Bank as lukas every Monthly in 3 days to DE89370400440532013000 Ausgedachte GmbH: Miete
pay 120.00 SEK at Norrsken Bank as astrid to SE4550000000058398257466 Nils Holm
pay 9.00 EUR at Lindwurm Bank as lukas to DE89370400440532013000 Ausgedachte GmbH
book -412.50 at Norrsken Bank as astrid from Hökarens Livs: Kortköp
pass 2 days
book -412.50 at Norrsken Bank as astrid from Hökarens Livs: Kortköp
update
renew Norrsken Bank as astrid for 90 days
`

// TestJourneySceneOfWhatAPersonDid sets payments of each fate, a renewal and a booking; notes, tags and a name
// are added by hand. Saved as a scene and set again, all of it is there as it was, and nothing is said to
// be left out but what no act makes.
func TestJourneySceneOfWhatAPersonDid(t *testing.T) {
	journey(t)
	t.Parallel()
	p := newPractising(t)
	p.saves(t, "half-a-year", "taken-back", "renewed", "salary-day")
	p.sets(t, []byte(everything))
	alike := map[string][]storage.Transaction{}
	var two []storage.Transaction // of one amount and name
	var after storage.Cursor
	for two == nil {
		found, err := p.store.Find(t.Context(), storage.Find{Currency: "SEK"}, after, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range found.Transactions {
			key := one.Amount.Number + one.Named()
			if alike[key] = append(alike[key], one); len(alike[key]) == 2 && two == nil {
				two = alike[key]
			}
		}
		if after = found.Older; after == 0 {
			break
		}
	}
	if two == nil {
		t.Fatal("no two transactions are alike")
	}
	for i, one := range two {
		if err := p.Own().SetNote(t.Context(), one.ID, fmt.Sprintf("The %d. one\nof \"many\": #1 too", i), "food, #weekly"); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Own().GiveName(t.Context(), two[0].ID, "The same again", own.ByName, two[0].Named()); err != nil {
		t.Fatal(err)
	}
	was := p.did(t)
	for _, want := range []string{"composed false false", "taken false false", "taken true true", "taken false true"} {
		if !strings.Contains(was, want) {
			t.Errorf("no payment is %s: %s", want, was)
		}
	}
	saved, left, err := p.SceneNow(t.Context(), "Mine")
	if err != nil || len(left.Banks) > 0 || left.Payments != 0 || left.Notes != 0 || left.Names != 0 || left.Bookings != 0 || left.Faults != 0 {
		t.Fatalf("%v, left out: %+v of %s", err, left, saved.Write(nil))
	}
	p.sets(t, saved.Write(nil))
	if is := p.did(t); is != was {
		t.Errorf("it was\n%s\nis\n%s\nby\n%s", was, is, saved.Write(nil))
	}
}

// sets sets the scene of a file.
func (p *practising) sets(t testing.TB, file []byte) {
	t.Helper()
	s, err := stage.ParseScene(file)
	if err == nil {
		err = p.SetScene(t.Context(), s, person)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, file)
	}
}

// did is what a person did, in a few words.
func (p *practising) did(t testing.TB) string {
	t.Helper()
	all := []string{p.told(t)}
	payments, err := p.store.Payments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range payments {
		o := one.Order
		line := fmt.Sprint(one.BIC, o.Service, o.Product, o.Debtor, o.On, o.Transfers, " ", one.Fate, " ", one.Status.Refused(), " ", one.Checked() || one.Status.Final())
		if o.Standing != nil {
			line += fmt.Sprint(*o.Standing)
		}
		all = append(all, line)
	}
	noted, err := p.store.NotedTransactions(t.Context(), "sandbox", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range noted {
		all = append(all, fmt.Sprint(one.BookingDate, one.Amount, one.Named(), one.Note))
	}
	names, err := p.store.OwnNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range names {
		all = append(all, one.Name+one.Begins+one.Number)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
