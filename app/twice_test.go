package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"consentry/storage"
)

// listed writes the first account's booked transactions as they count: day, amount and text,
// without those that the bank dropped.
func (b *smallBank) listed() (all []string) {
	b.Helper()
	transactions, err := b.store.BookedTransactions(b.Context(), b.account(firstIBAN).ID, 0, 1_000)
	b.must(err)
	for _, e := range slices.DeleteFunc(transactions, func(e storage.Transaction) bool { return !e.DroppedAt.IsZero() }) {
		all = append(all, e.Date()+" "+e.Amount.Number+" "+e.Remittance)
	}
	return all
}

// TestOnTwoPages has a bank book between two pages, of which the second begins with what the first
// ended with then: it is one where ids tell, and two equal purchases where they do not.
func TestOnTwoPages(t *testing.T) {
	t.Parallel()
	coffee := func(id string) map[string]any { return bookedOn(day(-3), id, "-4.00", "Coffee") }
	for _, test := range []struct {
		name          string
		first, second []map[string]any
		want          int
	}{
		{"their own", []map[string]any{bookedOn(day(-1), "b", "-9.00", "Bun"), coffee("a")}, []map[string]any{coffee("a"), bookedOn(day(-5), "c", "-7.00", "Tram")}, 3},
		{"two of their own", []map[string]any{bookedOn(day(-1), "b", "-9.00", "Bun"), coffee("a"), coffee("z")}, []map[string]any{coffee("a"), coffee("z")}, 3},
		{"of two purchases", []map[string]any{bookedOn(day(-1), "b", "-9.00", "Bun"), coffee("a")}, []map[string]any{coffee("z")}, 3},
		{"none", []map[string]any{bookedOn(day(-1), "", "-9.00", "Bun"), coffee("")}, []map[string]any{coffee("")}, 3},
		{"one for all", []map[string]any{bookedOn(day(-1), "1", "-9.00", "Bun"), coffee("1")}, []map[string]any{coffee("1")}, 3},
		{"places", []map[string]any{coffee("0")}, []map[string]any{coffee("0")}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newSmallBank(t)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if pageOf(r.URL.Query()) == 0 {
					page(w, r, test.first, nil, 1)
					return
				}
				page(w, r, test.second, nil, -1)
			})
			b.read()
			if got := b.listed(); len(got) != test.want {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestBookedUnderAnotherDay has a bank book a transaction under another day than before, wherever both
// lie in what is read: it counts once, on its day, and what recurs under one id counts each time.
func TestBookedUnderAnotherDay(t *testing.T) {
	t.Parallel()
	valued := func(on, id, amount, valueDay string) map[string]any {
		e := bookedOn(on, id, amount, "Shop "+id)
		e["valueDate"] = valueDay
		return e
	}
	anchor := bookedOn(day(0), "anchor", "-1.00", "Anchor")
	for _, test := range []struct {
		name          string
		before, after []map[string]any
		want          []string
	}{
		{"in between", []map[string]any{bookedOn(day(-1), "a", "-5.00", "Shop")}, []map[string]any{bookedOn(day(-2), "a", "-5.00", "Shop")}, []string{day(-2) + " -5.00 Shop"}},
		{"and with other words", []map[string]any{bookedOn(day(-1), "a", "-5.00", "Shop")}, []map[string]any{bookedOn(day(-2), "a", "-5.00", "Shop of Berlin")}, []string{day(-2) + " -5.00 Shop of Berlin"}},
		{"from one of the first days", []map[string]any{valued(day(-8), "a", "-5.00", day(-9))}, []map[string]any{valued(day(-3), "a", "-5.00", day(-9))}, []string{day(-3) + " -5.00 Shop a"}},
		{"from before them", []map[string]any{valued(day(-14), "a", "-5.00", day(-14))}, []map[string]any{valued(day(-9), "a", "-5.00", day(-14))}, []string{day(-9) + " -5.00 Shop a"}},
		{"no move: it recurs", []map[string]any{valued(day(-14), "a", "-5.00", day(-14))}, []map[string]any{valued(day(-1), "a", "-5.00", day(-1))}, []string{day(-1) + " -5.00 Shop a", day(-14) + " -5.00 Shop a"}},
		{"no move: another amount", []map[string]any{bookedOn(day(-1), "a", "-5.00", "Shop")}, []map[string]any{bookedOn(day(-2), "a", "-6.00", "Shop")}, []string{day(-1) + " -5.00 Shop", day(-2) + " -6.00 Shop"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newSmallBank(t)
			for _, told := range [][]map[string]any{test.before, test.after} {
				b.answer(func(w http.ResponseWriter, r *http.Request) {
					page(w, r, slices.DeleteFunc(append([]map[string]any{anchor}, told...), func(e map[string]any) bool {
						return e["bookingDate"].(string) < r.URL.Query().Get("dateFrom")
					}), nil, -1)
				})
				b.read()
			}
			if got, want := b.listed(), append([]string{day(0) + " -1.00 Anchor"}, test.want...); !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
			points, err := b.Holdings().History(t.Context(), b.account(firstIBAN), 20)
			if err != nil || len(points) == 0 {
				t.Fatalf("%v, %v", points, err)
			}
		})
	}
}

// TestAllMoneyCameInOnOnePage keeps the sign of one's own deposit on a page that shows no minus: others of
// the report do, or what was read before did.
func TestAllMoneyCameInOnOnePage(t *testing.T) {
	t.Parallel()
	deposit := bookedOn(day(-2), "d", "1800.00", "Deposit")
	deposit["creditorName"] = "Shop" // alone, as that of money out is
	for name, pages := range map[string][][]map[string]any{
		"the page before shows it": {{bookedOn(day(-1), "a", "-5.00", "Shop")}, {deposit}},
		"the page after shows it":  {{deposit}, {bookedOn(day(-3), "a", "-5.00", "Shop")}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				n := pageOf(r.URL.Query())
				next := n + 1
				if next == len(pages) {
					next = -1
				}
				page(w, r, pages[n], nil, next)
			})
			for range 2 {
				b.read()
				b.answer(func(w http.ResponseWriter, r *http.Request) { page(w, r, []map[string]any{deposit}, nil, -1) })
			}
			if got := b.listed(); len(got) != 2 || !slices.Contains(got, day(-2)+" 1800.00 Deposit") {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestPendingForLong keeps what has been pending for weeks, of which a bank tells only when it is asked
// for days that far back.
func TestPendingForLong(t *testing.T) {
	b := newSmallBank(t)
	hotel := bookedOn(day(0), "h", "-90.00", "Hotel")
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		var pending []map[string]any
		if r.URL.Query().Get("dateFrom") <= day(0) {
			pending = append(pending, hotel)
		}
		page(w, r, nil, pending, -1)
	})
	for range 4 {
		b.read()
		pending, err := b.store.PendingTransactions(t.Context(), b.account(firstIBAN).ID)
		if err != nil || len(pending) != 1 {
			t.Fatalf("%s: %d pending (%v)", b.clock.Now(), len(pending), err)
		}
		b.clock.pass(12)
	}
}

// TestLateBeforeAGap breaks off a fetch, after which a transaction is read that was booked late, on a day
// before those that the fetch left open.
func TestLateBeforeAGap(t *testing.T) {
	b := newSmallBank(t)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		page(w, r, []map[string]any{bookedOn(day(0), "a", "-5.00", "Shop")}, nil, -1)
	})
	b.read()
	b.clock.pass(15)
	broken := true
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		switch n := pageOf(r.URL.Query()); {
		case n == 0:
			page(w, r, []map[string]any{bookedOn(day(15), "c", "-6.00", "Shop"), bookedOn(day(14), "b", "-7.00", "Shop"), bookedOn(day(13), "d", "-8.00", "Shop")}, nil, 1)
		case broken:
			refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "")
		default:
			var rest []map[string]any
			for i, on := range []int{0, -5} {
				if day(on) >= r.URL.Query().Get("dateFrom") {
					rest = append(rest, bookedOn(day(on), []string{"a", "late"}[i], fmt.Sprintf("-%d.00", 5+3*i), "Shop"))
				}
			}
			page(w, r, rest, nil, -1)
		}
	})
	b.read()
	broken = false
	b.read()
	if got := b.listed(); len(got) != 5 {
		t.Errorf("%q", got)
	}
}
