package holding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"consentry/app/holding"
	"consentry/app/pay/check"
	"consentry/storage"
	"consentry/xs2a"
)

// TestRuns holds what is found among payments to one counterparty, a line for each way in which they come. A payment is
// written as its day, with an amount where it is another than the one before.
func TestRuns(t *testing.T) {
	t.Parallel()
	const read = "2026-06-10"
	for _, test := range []struct {
		name, paid string
		unread     string // days that were not read: from to
		want       string // cadence, how often it came, next day, amount; empty: nothing is found
	}{
		{"weekly", "05-01 -60, 05-08, 05-15, 05-22, 05-29, 06-05", "", "weekly 6 06-12 60"},
		{"weekly, four times alone", "05-15 -60, 05-22, 05-29, 06-05", "", ""},
		{"each second week, a salary", "04-10 2100, 04-24, 05-08, 05-22, 06-05", "", "fortnightly 5 06-19 2100"},
		{"every four weeks", "01-16 -30, 02-13, 03-13, 04-10, 05-08, 06-05", "", "four-weekly 6 07-03 30"},
		{"monthly, February among them, is not every four weeks", "02-05 -30, 03-05, 04-05, 05-05", "", "monthly 4 06-05 30"},
		{"monthly", "03-14 -99, 04-14, 05-14", "", "monthly 3 06-14 99"},
		{"monthly, twice alone", "04-14 -99, 05-14", "", ""},
		{"on the 31st, which is the last", "01-31 -99, 02-28, 03-31, 04-30, 05-31", "", "monthly 5 06-30 99"},
		{"on the 30th", "01-30 -99, 02-28, 03-30, 04-30, 05-30", "", "monthly 5 06-30 99"},
		{"on the 25th, or the bank day before", "01-23 31000, 02-25, 03-25, 04-24, 05-25", "", "monthly 5 06-25 31000"},
		{"the last bank day", "01-30 31000, 02-27, 03-31, 04-30, 05-29", "", "monthly 5 06-30 31000"},
		{"on the first, or the bank day after", "01-02 -8000, 02-02, 03-02, 04-01, 05-04, 06-01", "", "monthly 6 07-01 8000"},
		{"every second month", "2025-12-10 -200, 02-10, 04-10, 06-10", "", "two-monthly 4 08-10 200"},
		{"each quarter", "2025-09-02 -450, 2025-12-02, 03-03, 06-02", "", "quarterly 4 09-02 450"},
		{"each half year", "2025-03-15 -900, 2025-09-15, 03-15", "", "semi-annual 3 09-15 900"},
		{"yearly", "2024-06-04 -1200, 2025-06-03, 06-03", "", "yearly 3 2027-06-03 1200"},
		{"one month left out", "12-05 -99, 2026-01-05, 02-05, 04-05, 05-05", "", "monthly 5 06-05 99"},
		{"one left out of few", "02-05 -99, 04-05, 05-05", "", ""},
		{"a month that was not read", "02-05 -99, 04-05, 05-05", "02-20 03-20", "monthly 3 06-05 99"},
		{"two months left out", "2025-11-05 -99, 2025-12-05, 02-05, 03-05, 05-05", "", ""},
		{"another price", "01-14 -99, 02-14, 03-14, 04-14 -129, 05-14", "", "monthly 5 06-14 129"},
		{"a rise each time", "02-14 -100, 03-14 -104, 04-14 -108, 05-14 -112", "", "monthly 4 06-14 112 100..112"},
		{"a bonus in between", "01-25 31000, 02-25, 03-25 58000, 04-24 31000, 05-25", "", "monthly 5 06-25 31000"},
		{"a bonus at last", "01-25 31000, 02-25, 03-25, 04-24, 05-25 62000", "", "monthly 5 06-25 31000"},
		{"as much as was used, for long", "2025-12-28 -400, 01-28 -900, 02-28 -300, 03-28 -1200, 04-28 -700, 05-28 -350", "", "monthly 6 06-28 350 300..1200"},
		{"as much as was used, for a while", "02-28 -400, 03-28 -900, 04-28 -300, 05-28 -1200", "", ""},
		{"a shop", "04-02 -31, 04-09 -145, 04-17 -28, 05-01 -64, 05-03 -80, 05-19 -12, 06-02 -33", "", ""},
		{"one of", "05-14 -4999", "", ""},
		{"returned and paid again", "03-14 -99, 04-14, 04-16 99, 04-17 -99, 05-14", "", "monthly 3 06-14 99"},
		{"returned each time", "03-14 -99, 03-16 99, 04-14 -99, 04-16 99, 05-14 -99, 05-16 99", "", ""},
		{"refunds of part, now and then", "02-03 40, 02-27 12.50, 04-20 99", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHeld(t, time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC))
			account := h.account(everyday, "100")
			all := []xs2a.Transaction{h.paid("2023-05-01", "-1", "First", "")}
			amount := ""
			for one := range strings.SplitSeq(test.paid, ", ") {
				on, next, another := strings.Cut(one, " ")
				if another {
					amount = next
				}
				if len(on) == len("01-02") {
					year := "2026-"
					if on > "06-10" {
						year = "2025-"
					}
					on = year + on
				}
				all = append(all, h.paid(on, amount, "Them", ""))
			}
			if from, to, are := strings.Cut(test.unread, " "); are { // what was read last were those days, and not all came
				h.reads(account, "2023-05-01", read, "", all)
				span := storage.Span{From: "2026-" + from, To: "2026-" + to}
				r, err := h.store.BeginReading(t.Context(), "c", account, span, span, "")
				h.must(err)
				h.must(h.store.BreakReading(t.Context(), r, span, storage.GapStopped))
			} else {
				h.reads(account, "2023-05-01", read, "", all)
			}
			found, err := h.Regular(t.Context())
			h.must(err)
			got := ""
			for _, one := range found.All {
				got += fmt.Sprintf("%s %d %s %s", one.Cadence, one.Times, strings.TrimPrefix(one.Next, "2026-"), one.Amount.Number)
				if one.Varies() {
					got += " " + one.Least.Number + ".." + one.Most.Number
				}
			}
			if got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// TestRunsOnAnyDay has a payment come each month for half a year, on any day of the month, moved or not, from any
// month on: it is found, and the next is foretold as it comes.
func TestRunsOnAnyDay(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20, 26))
	calendar, _ := check.CalendarOf("SEK")
	for range 25 {
		start := time.Date(2020+r.IntN(12), time.Month(1+r.IntN(12)), 1, 0, 0, 0, 0, time.UTC)
		on, rule := 1+r.IntN(31), r.IntN(3)
		due := func(n int) time.Time {
			month := start.AddDate(0, n, 0)
			day := month.AddDate(0, 0, min(on, month.AddDate(0, 1, -1).Day())-1)
			switch rule {
			case 1:
				return calendar.Following(day)
			case 2:
				return calendar.Preceding(day)
			}
			return day
		}
		h := newHeld(t, due(6).AddDate(0, 0, 2))
		account := h.account(everyday, "100")
		all := []xs2a.Transaction{h.paid(due(0).AddDate(0, 0, -9).Format(time.DateOnly), "-1", "First", "")}
		for n := range 7 {
			all = append(all, h.paid(due(n).Format(time.DateOnly), "-750", "Them", ""))
		}
		h.reads(account, all[0].BookingDate, h.now.Format(time.DateOnly), "", all)
		found, err := h.Regular(t.Context())
		h.must(err)
		if len(found.All) != 1 || found.All[0].Cadence != holding.Monthly || found.All[0].Times != 7 {
			t.Fatalf("from %s on the %d, moved by %d: found %+v", start.Format("2006-01"), on, rule, found.All)
		}
		if next, want := found.All[0].Next, due(7).Format(time.DateOnly); daysApart(next, want) > 3 {
			t.Errorf("from %s on the %d, moved by %d: next %s, and it comes on %s", start.Format("2006-01"), on, rule, next, want)
		}
	}
}

func daysApart(a, b string) int {
	x, _ := time.Parse(time.DateOnly, a)
	y, _ := time.Parse(time.DateOnly, b)
	return max(int(x.Sub(y).Hours()/24), int(y.Sub(x).Hours()/24))
}

// TestRunsAtTheEndOfTime: what a bank dates in the last months there are is read, and has no day after it.
func TestRunsAtTheEndOfTime(t *testing.T) {
	t.Parallel()
	h := newHeld(t, time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC))
	account := h.account(everyday, "100")
	var all []xs2a.Transaction
	for _, on := range []string{"9999-09-28", "9999-10-28", "9999-11-28", "9999-12-28"} {
		all = append(all, h.paid(on, "-99", "Them", ""))
	}
	h.reads(account, "2026-02-01", "2026-06-10", "", all)
	found, err := h.Regular(t.Context())
	h.must(err)
	for _, one := range found.All {
		if days := one.Days("9999-12-31"); len(days) > 0 {
			t.Errorf("after %s comes %s", one.Last, days)
		}
	}
}

// TestRegularDays are the days of one on which it is expected, and how it stands when the first of them is over.
func TestRegularDays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, today, read string
		late, unknown     bool
		stopped           bool
		days              string // up to 60 days from today
	}{
		{"before", "2026-06-10", "2026-06-10", false, false, false, "2026-06-14 2026-07-14"},
		{"on the day", "2026-06-14", "2026-06-14", false, false, false, "2026-06-14 2026-07-14"},
		{"the day after, read", "2026-06-15", "2026-06-15", true, false, false, "2026-06-14 2026-07-14 2026-08-14"},
		{"the day after, read on the day", "2026-06-15", "2026-06-14", false, true, false, "2026-06-14 2026-07-14 2026-08-14"},
		{"days after, not read", "2026-06-30", "2026-06-10", false, true, false, "2026-06-14 2026-07-14 2026-08-14"},
		{"too long after", "2026-06-23", "2026-06-23", false, false, true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			today, _ := time.Parse(time.DateOnly, test.today)
			h := newHeld(t, today.Add(12*time.Hour))
			account := h.account(everyday, "100")
			var all []xs2a.Transaction
			for _, on := range []string{"2026-02-14", "2026-03-14", "2026-04-14", "2026-05-14"} {
				all = append(all, h.paid(on, "-99", "Them", ""))
			}
			h.reads(account, "2026-02-01", test.read, "", all)
			found, err := h.Regular(t.Context())
			h.must(err)
			if len(found.All) != 1 {
				t.Fatalf("found %+v", found.All)
			}
			one := found.All[0]
			days := strings.Join(one.Days(today.AddDate(0, 0, 60).Format(time.DateOnly)), " ")
			if one.Late != test.late || one.Unknown != test.unknown || one.Stopped != test.stopped || days != test.days {
				t.Errorf("late %v, unknown %v, stopped %v, days %s", one.Late, one.Unknown, one.Stopped, days)
			}
		})
	}
}

// TestRegularKept finds anew what has changed, and nothing where nothing has; what stays with the person is marked.
func TestRegularKept(t *testing.T) {
	t.Parallel()
	h := newHeld(t, time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC))
	account := h.account(everyday, "100")
	h.account(savings, "1")
	var all []xs2a.Transaction
	for month := 2; month <= 5; month++ {
		all = append(all, h.paid(fmt.Sprintf("2026-%02d-05", month), "-99", "Them", ""), h.paid(fmt.Sprintf("2026-%02d-15", month), "-500", "Savings", savings))
	}
	h.reads(account, "2026-02-01", "2026-05-31", "", all)
	if _, is, err := h.RegularFound(t.Context()); err != nil || is {
		t.Errorf("found before it was looked for (%v)", err)
	}
	found, err := h.Regular(t.Context())
	h.must(err)
	if len(found.All) != 2 || len(found.Of(storage.MoneyOut)) != 1 {
		t.Errorf("found %+v", found.All)
	}
	if _, is, err := h.RegularFound(t.Context()); err != nil || !is {
		t.Errorf("not found though it was looked for (%v)", err)
	}
	h.must(h.store.SetSetting(t.Context(), "theme", "dark"))
	if _, is, err := h.RegularFound(t.Context()); err != nil || !is {
		t.Errorf("it is looked for again though no transaction came (%v)", err)
	}
	h.reads(account, "2026-05-31", "2026-06-10", "", []xs2a.Transaction{h.paid("2026-06-05", "-99", "Them", "")})
	if _, is, err := h.RegularFound(t.Context()); err != nil || is {
		t.Errorf("what was found stands though a transaction came (%v)", err)
	}
	found, err = h.Regular(t.Context())
	h.must(err)
	paid := found.Of(storage.MoneyOut)
	if len(paid) != 1 || paid[0].Times != 5 || paid[0].Next != "2026-07-05" {
		t.Errorf("found %+v", paid)
	}
	booked, err := h.store.BookedTransactions(t.Context(), account, 0, 1)
	h.must(err)
	if with, err := h.RegularWith(t.Context(), booked[0]); err != nil || with == nil || with.Name != "Them" || with.Times != 5 {
		t.Errorf("%+v is of %+v (%v)", booked[0], with, err)
	}
}
