package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"consentry/xs2a/sandbox/people"
)

// TestManyEntriesArePagedAsTheBankPages: each entry once, in the order that was
// asked for, and the same ones in another sandbox.
func TestManyEntriesArePagedAsTheBankPages(t *testing.T) {
	const entries, busiest, size = 20_000, 3_000, 1_000
	for _, test := range []struct {
		bank, order string
		sorted      func(dates []string) bool
	}{
		{"rheintor", "newest", func(dates []string) bool { slices.Reverse(dates); return slices.IsSorted(dates) }},
		{"rheintor", "oldest", slices.IsSorted[[]string]},
		{"rheintor", "runs", func(dates []string) bool { return !slices.IsSorted(dates) }},
		{"blaetterwald", "newest", func(dates []string) bool { slices.Reverse(dates); return slices.IsSorted(dates) }}, // by offset
	} {
		t.Run(test.bank+" "+test.order, func(t *testing.T) {
			t.Parallel()
			server := startSandbox(t, Config{Now: newClock().now})
			p, with := linked(t, server, test.bank, "lukas")
			said := p.control("POST", "accounts", map[string]any{
				"bank": test.bank, "psu": "lukas", "entries": entries, "busiest": busiest, "order": test.order, "page": size,
			}).want(200)

			dates, ids := p.listed(with)
			if len(dates) != int(said.get("booked").(float64)) || len(dates) < entries || len(ids) != len(dates) {
				t.Errorf("%d entries with %d ids, %v were promised", len(dates), len(ids), said.get("booked"))
			}
			perDay := map[string]int{}
			for _, date := range dates {
				perDay[date]++
			}
			if most := slices.Max(slices.Collect(maps.Values(perDay))); most < busiest || most > busiest+200 {
				t.Errorf("%d entries on the busiest day", most)
			}
			if slices.Max(dates) != said.text("newest") || slices.Min(dates) != said.text("oldest") {
				t.Errorf("from %s to %s: %s", slices.Min(dates), slices.Max(dates), said.raw)
			}
			if !test.sorted(dates) {
				t.Error("the list runs another way")
			}

			p.control("POST", "accounts", map[string]any{"bank": test.bank, "psu": "lukas"}).want(200)
			if left, _ := p.listed(with); len(left) != len(dates)-entries {
				t.Errorf("%d entries are left without them", len(left))
			}
		})
	}
}

// listed reads all pages of the first account's list: booking dates as they came,
// and the ids.
func (p *berlin) listed(with map[string]string) (dates []string, ids map[string]bool) {
	p.t.Helper()
	ids = map[string]bool{}
	account := p.call("GET", "/accounts", nil, with).want(200).list("accounts")[0]["resourceId"].(string)
	path := "/accounts/" + account + "/transactions?bookingStatus=booked&dateFrom=2024-11-20"
	for path != "" {
		res := p.call("GET", path, nil, with).want(200)
		for _, e := range res.list("transactions.booked") {
			dates = append(dates, e["bookingDate"].(string))
			ids[e["transactionId"].(string)] = true
		}
		path = res.text("transactions._links.next.href")
	}
	return dates, ids
}

// TestManyEntriesAreTheSameEveryTime: drawn from the seed alone, also after a
// restart, and the balance is their sum.
func TestManyEntriesAreTheSameEveryTime(t *testing.T) {
	t.Parallel()
	drawn := func() []string {
		s, err := New(Config{Now: newClock().now})
		if err != nil {
			t.Fatal(err)
		}
		s.putBulk(bulkKey("NRSKSEP0", "nino", 0), &people.Bulk{Entries: 60_000, Days: mostDays, Busiest: 5_000, Until: people.DayOf(s.now()) - 1, Order: people.NewestFirst, Page: pageSize})
		var list []string
		for _, e := range s.household("NRSKSEP0", "nino").Accounts[0].Statement(s.now(), true) {
			list = append(list, fmt.Sprint(e.Number, e.Booking, e.Minor, e.Name, e.Text))
		}
		return list
	}
	if one, two := drawn(), drawn(); len(one) < 60_000 || !slices.Equal(one, two) {
		t.Errorf("%d entries, and another %d the second time", len(one), len(two))
	}
}

// TestManyEntriesAreRefused where they cannot be.
func TestManyEntriesAreRefused(t *testing.T) {
	t.Parallel()
	p := newBerlin(t, startSandbox(t, Config{Now: newClock().now}).URL, "rheintor")
	right := map[string]any{"bank": "RHTRDEB0", "psu": "lukas", "entries": 10}
	for _, wrong := range []map[string]any{
		{"bank": ""}, {"bank": "nowhere"}, {"psu": "nobody"}, {"account": 7}, {"account": -1}, {"entries": -1},
		{"entries": mostEntries + 1}, {"days": mostDays + 1}, {"busiest": 11}, {"page": longestPage + 1}, {"order": "any"}, {"colour": "red"},
	} {
		asked := maps.Clone(right)
		maps.Copy(asked, wrong)
		if res := p.control("POST", "accounts", asked); res.status != 400 {
			t.Errorf("%v: %d %s", wrong, res.status, res.raw)
		}
	}
	p.control("POST", "accounts", right).want(200)
}
