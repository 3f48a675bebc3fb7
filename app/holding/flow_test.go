package holding_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/fresh"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// held is a store with accounts of one bank, as of a day.
type held struct {
	*testing.T
	*holding.Holdings
	store   *storage.Store
	consent storage.Consent
	now     time.Time
	number  int
	reached map[int64]bool // accounts that a consent in use reaches
}

var exactly = apd.BaseContext.WithPrecision(100)

func newHeld(t *testing.T, now time.Time) *held {
	h := &held{T: t, now: now, consent: storage.Consent{ID: "c", EnvironmentID: "e", BIC: "NRSKSESS", BankName: "Norrsken Bank", RequestID: "r", ValidUntil: "2027-12-01"}}
	nowAt := func(string) time.Time { return h.now }
	h.store = fresh.Store(t, func() time.Time { return h.now })
	h.must(h.store.PutEnvironment(t.Context(), storage.Environment{ID: "e", Name: "Test"}))
	h.must(h.store.AddConsent(t.Context(), h.consent))
	h.Holdings = holding.New(holding.Config{Store: h.store, NowAt: nowAt, BeingRead: func(int64) bool { return false },
		Updated:        func(context.Context) (map[int64]bool, error) { return h.reached, nil },
		SharesBalances: func(context.Context, storage.Account) (bool, error) { return true, nil }})
	return h
}

func (h *held) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// account adds an account with a balance that stands today.
func (h *held) account(number, balance string) int64 {
	a, err := h.store.PutAccount(h.Context(), h.consent, xs2a.Account{ResourceID: number, IBAN: number, Currency: "SEK", Name: number, Raw: []byte(`{}`)})
	h.must(err)
	h.must(h.store.PutBalances(h.Context(), "c", a.ID, []xs2a.Balance{{Type: "interimBooked", Amount: xs2a.Amount{Number: balance, Currency: "SEK"}}}))
	return a.ID
}

// reads reads transactions into an account for the days of a span, of which those to a day are
// missing still.
func (h *held) reads(account int64, from, to, missingTo string, all []xs2a.Transaction) {
	h.Helper()
	slices.SortStableFunc(all, func(a, b xs2a.Transaction) int { return strings.Compare(a.BookingDate, b.BookingDate) })
	span := storage.Span{From: from, To: to}
	r, err := h.store.BeginReading(h.Context(), "c", account, span, span, "")
	h.must(err)
	for page := range slices.Chunk(all, 211) {
		_, err := h.store.PutTransactions(h.Context(), r, false, page, r.Missing)
		h.must(err)
	}
	if missingTo != "" {
		h.must(h.store.BreakReading(h.Context(), r, storage.Span{From: from, To: missingTo}, storage.GapStopped))
		return
	}
	h.must(h.store.EndReading(h.Context(), r, storage.Answered{Booked: true}))
}

// paid is a transaction with somebody.
func (h *held) paid(on, amount, name, number string) xs2a.Transaction {
	h.number++
	one := xs2a.Transaction{ID: fmt.Sprint("T", h.number), BookingDate: on, ValueDate: on, Amount: xs2a.Amount{Number: amount, Currency: "SEK"}, Remittance: fmt.Sprint("No ", h.number), Raw: []byte(`{}`)}
	if one.Amount.Negative() {
		one.CreditorName, one.CreditorAccount = name, number
	} else {
		one.DebtorName, one.DebtorAccount = name, number
	}
	return one
}

func (h *held) scope(from, to string, of ...int64) holding.Scope {
	accounts, err := h.Accounts(h.Context())
	h.must(err)
	accounts = slices.DeleteFunc(accounts, func(a storage.Account) bool { return len(of) > 0 && !slices.Contains(of, a.ID) })
	return holding.Scope{Accounts: accounts, Currency: "SEK", Period: holding.Period{From: from, To: to}}
}

func (h *held) figures(from, to string, of ...int64) *holding.Figures {
	h.Helper()
	figures, err := h.Figures(h.Context(), h.scope(from, to, of...))
	h.must(err)
	return figures
}

const (
	everyday = "SE4550000000058398257466"
	savings  = "SE3550000000054910000003"
)

// lived are two accounts over two years, drawn.
func lived(t *testing.T) (*held, int64, int64, []xs2a.Transaction, []xs2a.Transaction) {
	h := newHeld(t, time.Date(2026, 2, 17, 12, 0, 0, 0, time.UTC))
	one, two := h.account(everyday, "10000.10"), h.account(savings, "500.05")
	r := rand.New(rand.NewPCG(4, 12))
	var mine, saved []xs2a.Transaction
	for range 900 {
		on := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(718)).Format(time.DateOnly)
		amount := fmt.Sprintf("%d.%02d", 1+r.IntN(900), r.IntN(100))
		switch r.IntN(8) {
		case 0: // to the savings, told by both banks
			mine, saved = append(mine, h.paid(on, "-"+amount, "Savings", savings)), append(saved, h.paid(on, amount, "Me", everyday))
		case 1:
			mine = append(mine, h.paid(on, amount, "Employer", ""))
		case 2: // a bank that puts the account's own number there
			mine = append(mine, h.paid(on, "-"+amount, "Kiosk", everyday))
		case 3:
			mine = append(mine, h.paid(on, "-"+amount, "", ""))
		default:
			mine = append(mine, h.paid(on, "-"+amount, fmt.Sprint("Shop ", string(rune('A'+r.IntN(12)))), ""))
		}
	}
	mine = append(mine, h.paid("2024-03-01", "-1", "Kiosk", ""))
	saved = append(saved, h.paid("2024-03-01", "1", "Bank", ""))
	h.reads(one, "2024-03-01", "2026-02-17", "", mine)
	h.reads(two, "2024-03-01", "2026-02-17", "", saved)
	return h, one, two, mine, saved
}

// figure is a sum that a test adds up.
func figure(all []xs2a.Transaction, of func(xs2a.Transaction) bool) string {
	sum := new(apd.Decimal)
	for _, one := range all {
		if of(one) {
			n := one.Amount.Decimal()
			n.Negative = false
			_, _ = exactly.Add(sum, sum, n)
		}
	}
	return reduced(sum.Text('f'))
}

func reduced(number string) string {
	n, _, err := apd.NewFromString(number)
	if err != nil {
		return number
	}
	n.Reduce(n)
	return n.Text('f')
}

// TestFlows holds what went in and out per month to the transactions, with what went between own
// accounts apart, and the course of the balance to what the transactions leave.
func TestFlows(t *testing.T) {
	h, one, _, mine, saved := lived(t)
	own := func(x xs2a.Transaction) bool {
		return x.Amount.Negative() && x.CreditorAccount == savings || !x.Amount.Negative() && x.DebtorAccount == everyday && x.DebtorName == "Me"
	}
	for name, test := range map[string]struct {
		scope holding.Scope
		all   []xs2a.Transaction
	}{
		"one account": {h.scope("2024-11", "2025-10", one), mine},
		"both":        {h.scope("2024-03", "2026-02"), slices.Concat(mine, saved)},
		"a month":     {h.scope("2026-02", "2026-02"), slices.Concat(mine, saved)},
	} {
		t.Run(name, func(t *testing.T) {
			figures, err := h.Figures(t.Context(), test.scope)
			h.must(err)
			flows := figures.Flows()
			if len(flows) != len(test.scope.Months()) {
				t.Fatalf("%d months", len(flows))
			}
			for _, f := range flows {
				in := func(out, between bool) string {
					return figure(test.all, func(x xs2a.Transaction) bool {
						return x.BookingDate[:7] == f.Month && x.Amount.Negative() == out && own(x) == between
					})
				}
				got := []string{reduced(f.In.Number), reduced(f.Out.Number), reduced(f.OwnIn.Number), reduced(f.OwnOut.Number)}
				if want := []string{in(false, false), in(true, false), in(false, true), in(true, true)}; !slices.Equal(got, want) {
					t.Errorf("%s: got %v, want %v", f.Month, got, want)
				}
				if f.Missing || f.Unread {
					t.Errorf("%s is not whole", f.Month)
				}
			}
			foundAddsUp(t, h, test.scope, flows)
			to, from, err := figures.Top(t.Context(), flows)
			h.must(err)
			topAddsUp(t, to, test.scope, storage.MoneyOut, flows, test.all)
			topAddsUp(t, from, test.scope, storage.MoneyIn, flows, test.all)
			course := figures.Course()
			if course.Cut || len(course.Without) > 0 || len(course.Points) < 17 {
				t.Fatalf("%d points, cut %v, without %v", len(course.Points), course.Cut, course.Without)
			}
			now := "10000.10"
			if len(test.scope.Accounts) == 2 {
				now = "10500.15"
			}
			for _, p := range course.Points {
				sum, _, _ := apd.NewFromString(now)
				for _, x := range test.all {
					if x.BookingDate > p.Date {
						_, _ = exactly.Sub(sum, sum, x.Amount.Decimal())
					}
				}
				if reduced(p.Amount.Number) != reduced(sum.Text('f')) {
					t.Fatalf("on %s %s, want %s", p.Date, p.Amount.Number, sum)
				}
			}
		})
	}
}

// TestDays holds that the days of two months add up to what went in and out in them, and each to its transactions.
func TestDays(t *testing.T) {
	h, one, _, mine, _ := lived(t)
	figures := h.figures("2025-10", "2025-11", one)
	days, err := figures.Days(t.Context())
	h.must(err)
	if len(days) != 61 || days[0].Day != "2025-10-01" || days[60].Day != "2025-11-30" {
		t.Fatalf("%d days", len(days))
	}
	foundAddsUp(t, h, h.scope("2025-10", "2025-11", one), days)
	sums := map[string][4]storage.Tally{}
	for _, d := range days {
		want := figure(mine, func(x xs2a.Transaction) bool {
			return x.BookingDate == d.Day && x.Amount.Negative() && x.CreditorAccount == savings
		})
		if reduced(d.OwnOut.Number) != want || d.Missing {
			t.Errorf("%s: %+v, want %s to the savings", d.Day, d, want)
		}
		sum := sums[d.Month]
		for i, amount := range []xs2a.Amount{d.In, d.Out, d.OwnIn, d.OwnOut} {
			sum[i] = sum[i].Plus(storage.TallyOf(amount))
		}
		sums[d.Month] = sum
	}
	for _, f := range figures.Flows() {
		for i, amount := range []xs2a.Amount{f.In, f.Out, f.OwnIn, f.OwnOut} {
			if sums[f.Month][i].Cmp(storage.TallyOf(amount)) != 0 {
				t.Errorf("%s: its days come to %s, it to %s", f.Month, sums[f.Month][i], amount.Number)
			}
		}
	}
	if days, err = h.figures("2025-09", "2025-11", one).Days(t.Context()); err != nil || days != nil {
		t.Errorf("%d days of three months (%v)", len(days), err)
	}
	turned := h.figures("2026-02", "2025-11", one)
	if days, err = turned.Days(t.Context()); err != nil || len(days)+len(turned.Flows())+len(turned.Course().Points) > 0 {
		t.Errorf("a period that ends before it begins has %d days (%v)", len(days), err)
	}
	if days, err = h.figures("2026-02", "2026-02", one).Days(t.Context()); err != nil || len(days) != 17 {
		t.Errorf("%d days of this month (%v)", len(days), err)
	}
}

// foundAddsUp holds that the search a bar leads to finds what the bar is made of.
func foundAddsUp(t *testing.T, h *held, scope holding.Scope, flows []holding.Flow) {
	t.Helper()
	for _, f := range flows {
		search := holding.Search{Currency: "SEK", Days: f.Span(), State: storage.StateBooked, Apart: true}
		if len(scope.Accounts) == 1 {
			search.AccountID = scope.Accounts[0].ID
		}
		sum, err := h.Sum(t.Context(), search, false)
		h.must(err)
		in, out := new(apd.Decimal), new(apd.Decimal)
		for _, one := range sum.Sums {
			in, out = &one.In, &one.Out
		}
		if in.Cmp(f.In.Decimal()) != 0 || out.Cmp(f.Out.Decimal()) != 0 {
			t.Errorf("%s%s: in %s and out %s are found where the bars say %s and %s", f.Month, f.Day, in, out, f.In.Number, f.Out.Number)
		}
		found, err := h.Find(t.Context(), search, holding.Place{})
		h.must(err)
		for _, one := range found.Transactions {
			if one.CreditorAccount == savings || one.DebtorName == "Me" {
				t.Errorf("%s: a transfer is found: %+v", f.Month, one.Transaction)
			}
		}
	}
}

// topAddsUp holds the counterparties of a scope to the transactions, and that none of the person's
// own accounts is among them, and that they and all others add up to all.
func topAddsUp(t *testing.T, top holding.Counterparties, scope holding.Scope, way storage.Way, flows []holding.Flow, all []xs2a.Transaction) {
	t.Helper()
	sum, want := top.Others.Decimal(), new(apd.Decimal)
	for _, f := range flows {
		side := f.In
		if way == storage.MoneyOut {
			side = f.Out
		}
		_, _ = exactly.Add(want, want, side.Decimal())
	}
	for _, c := range top.Top {
		n, of := c.In, func(x xs2a.Transaction) bool {
			return storage.CounterpartyOf(x).Key == c.Key && x.Amount.Negative() == (way == storage.MoneyOut) && x.BookingDate[:7] >= scope.From && x.BookingDate[:7] <= scope.To
		}
		if way == storage.MoneyOut {
			n = c.Out
		}
		if strings.HasPrefix(c.Key, "#") || c.Key == "" || reduced(n.String()) != figure(all, of) {
			t.Errorf("%s: %+v, want %s", way, c, figure(all, of))
		}
		_, _ = exactly.Add(sum, sum, n.Decimal())
	}
	if sum.Cmp(want) != 0 || top.Others.Decimal().Negative {
		t.Errorf("%s: they add up to %s, all is %s, the others %s", way, sum, want, top.Others.Number)
	}
}

// TestFlowsSayWhatIsMissing reads some days and not others: months are marked, one of which something is known as not whole, and the course of the
// balance begins after them.
func TestFlowsSayWhatIsMissing(t *testing.T) {
	h := newHeld(t, time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC))
	one := h.account(everyday, "100")
	h.reads(one, "2026-01-01", "2026-05-20", "2026-03-10", []xs2a.Transaction{h.paid("2026-01-01", "-1", "Kiosk", ""), h.paid("2026-03-20", "-2", "Kiosk", ""), h.paid("2026-05-02", "-4", "Kiosk", "")})
	flows := h.figures("2025-12", "2026-05").Flows()
	var got []string
	for _, f := range flows {
		got = append(got, fmt.Sprint(f.Month[5:], f.Missing, f.Unread))
	}
	if want := []string{"12 true true", "01 true false", "02 true true", "03 true false", "04 false false", "05 false false"}; strings.Join(got, ",") != strings.ReplaceAll(strings.Join(want, ","), " ", "") {
		if strings.ReplaceAll(strings.Join(got, ","), " ", "") != strings.ReplaceAll(strings.Join(want, ","), " ", "") {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	course := h.figures("2025-12", "2026-05").Course()
	if !course.Cut || len(course.Points) == 0 || course.Points[0].Date != "2026-03-10" || course.Points[0].Amount.Number != "106" {
		t.Errorf("cut %v, it begins with %+v", course.Cut, course.Points[:min(1, len(course.Points))])
	}
	h.now = h.now.AddDate(0, 0, 20) // nothing is read meanwhile
	flows = h.figures("2026-05", "2026-06").Flows()
	if !flows[0].Missing || !flows[1].Unread {
		t.Errorf("what was not read since is not marked: %+v", flows)
	}
}

// TestDealingsOfHiddenAccounts leaves what is on an account that the person has hidden out of every figure, and says so.
func TestDealingsOfHiddenAccounts(t *testing.T) {
	h, one, two, _, saved := lived(t)
	of := func(key string) holding.Dealings {
		t.Helper()
		all, err := h.Dealings(t.Context(), key, h.scope("", "").Accounts)
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v (%v)", all, err)
		}
		return all[0]
	}
	key := storage.NumberKey(everyday)
	both := of(key)
	if !slices.Equal(both.Accounts, []int64{one, two}) || both.Hidden != 0 {
		t.Fatalf("before: %+v", both)
	}
	if err := h.store.Arrange(t.Context(), one, storage.Arrangement{Hidden: true}); err != nil {
		t.Fatal(err)
	}
	from := func(x xs2a.Transaction) bool { return x.DebtorName == "Me" || x.CreditorName == "Me" }
	if d := of(key); d.Hidden != 1 || !slices.Equal(d.Accounts, []int64{two}) || d.Outs != 0 || reduced(d.In.Number) != figure(saved, from) {
		t.Errorf("one is hidden: %+v, want %s in", d, figure(saved, from))
	}
	if d := of("shop c"); d.Hidden != 1 || d.Ins+d.Outs != 0 || len(d.Accounts)+len(d.Months) != 0 || d.UsualOut != nil {
		t.Errorf("all is hidden: %+v", d)
	}
}

// TestDealings tells of a counterparty what the transactions with them say.
func TestDealings(t *testing.T) {
	h, one, _, mine, _ := lived(t)
	all, err := h.Dealings(t.Context(), "shop c", h.scope("", "").Accounts)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v (%v)", all, err)
	}
	with := func(x xs2a.Transaction) bool { return x.CreditorName == "Shop C" }
	of := slices.DeleteFunc(slices.Clone(mine), func(x xs2a.Transaction) bool { return !with(x) })
	d := all[0]
	if reduced(d.Out.Number) != figure(of, with) || d.Outs != len(of) || d.Ins != 0 || d.First != of[0].BookingDate || d.Last != of[len(of)-1].BookingDate || !slices.Equal(d.Accounts, []int64{one}) || d.UsualIn != nil {
		t.Errorf("got %+v", d)
	}
	var amounts []*apd.Decimal
	for _, x := range of[len(of)-25:] {
		n := x.Amount.Decimal()
		n.Negative = false
		amounts = append(amounts, n)
	}
	slices.SortFunc(amounts, func(a, b *apd.Decimal) int { return a.Cmp(b) })
	if d.UsualOut == nil || d.UsualOut.Decimal().Cmp(amounts[12]) != 0 {
		t.Errorf("usually %v, want %s", d.UsualOut, amounts[12])
	}
	for _, f := range d.Months {
		if want := figure(of, func(x xs2a.Transaction) bool { return x.BookingDate[:7] == f.Month }); reduced(f.Out.Number) != want {
			t.Errorf("%s: %s, want %s", f.Month, f.Out.Number, want)
		}
	}
}

// TestAgainstUsual compares this month so far with the same days of the months before.
func TestAgainstUsual(t *testing.T) {
	h := newHeld(t, time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC))
	one, two := h.account(everyday, "100"), h.account(savings, "100")
	all := []xs2a.Transaction{h.paid("2025-12-01", "-1", "Kiosk", "")}
	for i, amount := range []string{"-10", "-30", "-20", "-50", "-40", "-7"} { // January to June
		month := fmt.Sprintf("2026-%02d-", i+1)
		all = append(all, h.paid(month+"10", amount, "Kiosk", ""), h.paid(month+"03", "5", "Employer", ""), h.paid(month+"05", "-1000", "Savings", savings))
		if i < 5 {
			all = append(all, h.paid(month+"11", "-900", "Rent", ""))
		}
	}
	h.reads(one, "2025-12-01", "2026-06-10", "", all)
	h.reads(two, "2025-12-01", "2026-06-10", "", []xs2a.Transaction{h.paid("2025-12-01", "1", "Bank", "")})
	usual, err := h.figures("2026-06", "2026-06").AgainstUsual(t.Context())
	h.must(err)
	if usual == nil || usual.Out.Now.Number != "7" || usual.Out.Usual.Number != "30" || usual.In.Now.Number != "5" || usual.In.Usual.Number != "5" || usual.Day != 10 || len(usual.Months) != 5 || usual.Missing || len(usual.Left) > 0 {
		t.Fatalf("got %+v", usual)
	}
	h.now = h.now.AddDate(0, 1, 5) // nothing was read since
	usual, err = h.figures("2026-07", "2026-07").AgainstUsual(t.Context())
	h.must(err)
	if !usual.Missing || !slices.Contains(usual.Left, "2026-06") || slices.Contains(usual.Months, "2026-06") {
		t.Errorf("what was not read is compared: %+v", usual)
	}
}

// adds adds transactions to an account from a file that says of which days it has all.
func (h *held) adds(account int64, covers []storage.Span, all ...xs2a.Transaction) {
	h.Helper()
	of, err := h.store.BeginImport(h.Context(), storage.Import{AccountID: account, FileName: "f", Format: "camt", Covers: covers, Total: len(all)})
	h.must(err)
	var fresh []storage.Imported
	for _, one := range all {
		fresh = append(fresh, storage.Imported{Transaction: one})
	}
	h.must(h.store.PutImported(h.Context(), of, fresh, nil))
	h.must(h.store.EndImport(h.Context(), of.ID))
}

// marks are months with what is known of them, and what went out of them.
func marks(flows []holding.Flow) string {
	var all []string
	for _, f := range flows {
		mark := "whole"
		switch {
		case f.Unread:
			mark = "unread"
		case f.Filed:
			mark = "filed"
		case f.Missing:
			mark = "part"
		}
		all = append(all, fmt.Sprint(f.Month[2:], " ", mark, " ", reduced(f.Out.Number)))
	}
	return strings.Join(all, ", ")
}

// TestMonthsOfAFile adds months from files before those that were read: they are known from there, wholly or in
// part, a month of which nothing is known stays unread, and the balance begins where the bank does.
func TestMonthsOfAFile(t *testing.T) {
	h := newHeld(t, time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC))
	one := h.account(everyday, "100")
	h.reads(one, "2026-04-10", "2026-05-20", "", []xs2a.Transaction{h.paid("2026-04-10", "-4", "Kiosk", ""), h.paid("2026-05-02", "-5", "Kiosk", "")})
	unread := "25-10 unread 0, 25-11 unread 0, 25-12 unread 0, 26-01 unread 0, 26-02 unread 0, 26-03 unread 0, 26-04 part 4, 26-05 whole 5"
	if got := marks(h.figures("2025-10", "2026-05").Flows()); got != unread {
		t.Errorf("without a file: %s", got)
	}
	h.adds(one, nil, h.paid("2025-11-07", "-11", "Bakery", "")) // a table, which says nothing of its days
	h.adds(one, []storage.Span{{From: "2026-01-01", To: "2026-02-15"}, {From: "2026-03-01", To: "2026-03-20"}}, h.paid("2026-01-31", "-1", "Kiosk", ""), h.paid("2026-02-03", "-2", "Bakery", ""))
	h.adds(one, []storage.Span{{From: "2026-03-15", To: "2026-04-09"}})
	want := "25-10 unread 0, 25-11 part 11, 25-12 unread 0, 26-01 filed 1, 26-02 part 2, 26-03 filed 0, 26-04 filed 4, 26-05 whole 5"
	if got := marks(h.figures("2025-10", "2026-05").Flows()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	course := h.figures("2025-10", "2026-05").Course()
	if !course.Cut || len(course.Points) == 0 || course.Points[0].Date != "2026-04-10" || course.Points[0].Amount.Number != "105" {
		t.Errorf("cut %v, it begins with %+v", course.Cut, course.Points[:min(1, len(course.Points))])
	}
	all, err := h.Dealings(t.Context(), "bakery", h.scope("", "").Accounts)
	h.must(err)
	want = "25-11 part 11, 25-12 unread 0, 26-01 filed 0, 26-02 part 2, 26-03 filed 0, 26-04 filed 0, 26-05 whole 0"
	if len(all) != 1 || marks(all[0].Months) != want {
		t.Errorf("of a counterparty: %+v", all)
	}
	days, err := h.figures("2026-02", "2026-03").Days(t.Context())
	h.must(err)
	if days[2].Unread || !days[2].Filed || days[2].Out.Number != "2" || !days[15].Unread || days[15].Filed {
		t.Errorf("got %+v and %+v", days[2], days[15])
	}
}

// TestMonthsOfAnotherAccountsFile shows two accounts together: a month that is known of one alone is known in part.
func TestMonthsOfAnotherAccountsFile(t *testing.T) {
	h := newHeld(t, time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC))
	one, two := h.account(everyday, "100"), h.account(savings, "100")
	h.reads(one, "2026-04-01", "2026-05-20", "", []xs2a.Transaction{h.paid("2026-04-01", "-4", "Kiosk", "")})
	h.adds(two, []storage.Span{{From: "2026-03-01", To: "2026-04-30"}}, h.paid("2026-03-02", "-3", "Shop", ""), h.paid("2026-04-02", "-30", "Shop", ""), h.paid("2026-02-02", "-20", "Kiosk", ""))
	if got, want := marks(h.figures("2026-01", "2026-05").Flows()), "26-01 unread 0, 26-02 part 20, 26-03 part 3, 26-04 filed 34, 26-05 part 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	account, err := h.Account(t.Context(), two) // which the bank never listed anything of
	h.must(err)
	charts, err := h.Charts(t.Context(), account, 90, 4)
	h.must(err)
	for i, unread := range []bool{false, false, false, true} {
		if month := charts.Months[i]; !month.Missing || month.Unread != unread {
			t.Errorf("got %+v", month)
		}
	}
	all, err := h.Dealings(t.Context(), "shop", h.scope("", "").Accounts)
	h.must(err)
	if len(all) != 1 || marks(all[0].Months) != "26-03 filed 3, 26-04 filed 30, 26-05 unread 0" {
		t.Errorf("of a counterparty: %+v", all)
	}
	all, err = h.Dealings(t.Context(), "kiosk", h.scope("", "").Accounts)
	h.must(err)
	if len(all) != 1 || marks(all[0].Months) != "26-02 part 20, 26-03 part 0, 26-04 filed 4, 26-05 part 0" {
		t.Errorf("of a counterparty: %+v", all)
	}
}

// TestBalanceOfNoDay has a bank give its balance a day that is none.
func TestBalanceOfNoDay(t *testing.T) {
	for _, on := range []string{"0001-01-01", "1733-01-01", "1901-01-01"} {
		h := newHeld(t, time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC))
		account := h.account("SE4550000000058398257466", "1000.00")
		h.must(h.store.PutBalances(h.Context(), "c", account, []xs2a.Balance{{Type: "closingBooked", ReferenceDate: on, Amount: xs2a.Amount{Number: "1000.00", Currency: "SEK"}}}))
		h.reads(account, "2026-09-01", "2026-11-29", "", []xs2a.Transaction{h.paid("2026-10-02", "-300.00", "Shop", ""), h.paid("2026-11-03", "700.00", "Work", "")})
		f := h.figures("2026-10", "2026-11", account)
		if flows := f.Flows(); len(flows) != 2 || flows[0].Out.Number != "300.00" || flows[1].In.Number != "700.00" {
			t.Errorf("%s: %+v", on, flows)
		}
		f.Course() // ends
	}
}
