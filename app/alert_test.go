package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/alert"
	"consentry/app/failure"
	"consentry/storage"
)

// told lists what was told, the oldest first: the amount, "…" where it is pending.
func (b *smallBank) told() []string {
	b.Helper()
	all, err := b.Alerts().All(b.Context())
	b.must(err)
	texts := []string{}
	for _, one := range slices.Backward(all) {
		text := one.Amount.Number
		if one.Pending {
			text += "…"
		}
		texts = append(texts, text)
	}
	return texts
}

// tells holds what was told so far.
func (b *smallBank) tells(when string, want ...string) {
	b.Helper()
	if got := b.told(); strings.Join(got, " ") != strings.Join(want, " ") {
		b.Errorf("%s: told of %q, want %q", when, got, want)
	}
}

// lists has the bank list transactions from now on, and reads.
func (b *smallBank) lists(booked, pending []map[string]any) {
	b.Helper()
	b.answer(func(w http.ResponseWriter, r *http.Request) { page(w, r, booked, pending, -1) })
	if job := b.read(); job.Err != nil {
		b.Fatal(job.Err)
	}
}

func (b *smallBank) holds(amount string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.balances = func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"balances":[{"balanceType":"interimBooked","balanceAmount":{"amount":%q,"currency":"SEK"}}]}`, amount)
	}
}

func (b *smallBank) chooses(f alert.Form) {
	b.Helper()
	b.must(b.Alerts().Add(b.Context(), f))
}

// TestDebitAlert tells of each debit once: not of what was there before, nor again when it is booked, reworded or moved.
func TestDebitAlert(t *testing.T) {
	b := newSmallBank(t)
	b.chooses(alert.Form{Kind: storage.AlertDebit, Amount: "500", Currency: "SEK"})
	history := []map[string]any{bookedOn(day(-400), "h2", "-9000.00", "Car"), bookedOn(day(-1), "h1", "-8000.00", "Rent"), bookedOn(day(0), "h0", "-700.00", "Shoes")}
	b.lists(history, nil)
	b.tells("after linking")

	listed := func(more ...map[string]any) []map[string]any { return append(slices.Clone(more), history...) }
	hotel := func(id, text string) map[string]any { return bookedOn(day(0), id, "-900.00", text) }
	b.lists(listed(bookedOn(day(0), "s", "-500.00", "Just that")), nil)
	b.tells("as much as the bound is not more")
	history = listed(bookedOn(day(0), "s", "-500.00", "Just that"))
	b.lists(history, []map[string]any{hotel("", "HOTEL RESERVATION")})
	b.tells("pending", "-900.00…")
	b.lists(history, []map[string]any{hotel("", "HOTEL RESERVATION")})
	b.tells("read again", "-900.00…")
	b.lists(history, []map[string]any{hotel("", "HOTEL RESERVATION 2")})
	b.tells("pending in other words", "-900.00…")
	b.lists(listed(hotel("x1", "Hotel")), nil)
	b.tells("booked", "-900.00")
	b.lists(listed(hotel("x1", "Hotel, the bank says more")), nil)
	b.tells("reworded", "-900.00")
	moved := hotel("x1", "Hotel, the bank says more")
	moved["bookingDate"] = day(1)
	b.clock.pass(1)
	b.lists(listed(moved), nil)
	b.tells("moved to the next day", "-900.00")
	two := []map[string]any{moved, bookedOn(day(1), "x2", "-900.00", "Hotel"), bookedOn(day(1), "x3", "-900.00", "Hotel")}
	b.lists(listed(two...), nil)
	b.tells("two more of the same amount", "-900.00", "-900.00", "-900.00")
	b.lists(listed(append(two, bookedOn(day(-20), "old", "-1000.00", "Booked late"), bookedOn(day(0), "in", "2000.00", "In"))...), nil)
	b.tells("dated before, or the other way", "-900.00", "-900.00", "-900.00")
}

// TestDebitAlertsAtOnce tells one by one of a few, and of more how many.
func TestDebitAlertsAtOnce(t *testing.T) {
	b := newSmallBank(t)
	b.lists(nil, nil)
	b.chooses(alert.Form{Kind: storage.AlertDebit, Amount: "1", Currency: "SEK"})
	var many []map[string]any
	for i := range 30 {
		many = append(many, bookedOn(day(0), fmt.Sprint("m", i), fmt.Sprintf("-%d.00", i+10), fmt.Sprint("Purchase ", i)))
	}
	b.lists(many, nil)
	all, err := b.Alerts().All(t.Context())
	b.must(err)
	others := 0
	for _, one := range all {
		others += one.Others
	}
	if len(all) != 20 || others != 10 {
		t.Errorf("%d alerts and %d others of 30", len(all), others)
	}
}

// TestBalanceAlert tells of a balance each time it falls below, and of none that is not up to date.
func TestBalanceAlert(t *testing.T) {
	b := newSmallBank(t)
	b.holds("100.00")
	b.lists(nil, nil)
	account := fmt.Sprint(b.account(firstIBAN).ID)
	b.chooses(alert.Form{Kind: storage.AlertBalance, Account: account, Amount: "50,00"})
	b.chooses(alert.Form{Kind: storage.AlertBalance, Account: account, Amount: "1000"}) // below already
	for _, step := range []struct {
		amount string
		want   []string
	}{
		{"60.00", nil}, {"50.00", nil}, {"49.99", []string{"49.99"}}, {"-10.00", []string{"49.99"}}, {"50.00", []string{"49.99"}}, {"12", []string{"49.99", "12"}},
	} {
		b.holds(step.amount)
		b.lists(nil, nil)
		b.tells(step.amount, step.want...)
	}
	standing := func() (all []alert.Unjudged) {
		rules, err := b.Alerts().Rules(t.Context())
		b.must(err)
		for _, r := range rules {
			all = append(all, r.Standing.Unjudged)
		}
		return all
	}
	if got := standing(); !slices.Equal(got, []alert.Unjudged{"", ""}) {
		t.Errorf("fresh: %q", got)
	}
	b.must(b.Own().Arrange(t.Context(), b.account(firstIBAN).ID, storage.Arrangement{MainType: ""}))
	b.clock.pass(5)
	if got := standing(); !slices.Equal(got, []alert.Unjudged{alert.NotRead, alert.NotRead}) {
		t.Errorf("after five days: %q", got)
	}
	b.must(b.Withdraw(t.Context(), b.consent, false, person))
	if got := standing(); !slices.Equal(got, []alert.Unjudged{alert.NotReached, alert.NotReached}) {
		t.Errorf("without a consent: %q", got)
	}
}

// TestBalanceAlertOfAll judges what all accounts in a currency come to.
func TestBalanceAlertOfAll(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = append(b.accounts, "SE3550000000054910000003")
	b.holds("100.00")
	b.lists(nil, nil)
	b.chooses(alert.Form{Kind: storage.AlertBalance, Amount: "150", Currency: "SEK"})
	b.holds("80.00")
	b.lists(nil, nil)
	b.tells("160 in two accounts")
	b.holds("70.00")
	b.lists(nil, nil)
	b.tells("140 in two accounts", "140.00")
}

// TestIncomeAlert tells of a salary that was found in the history, and not of each payment of who pays it.
func TestIncomeAlert(t *testing.T) {
	b := newSmallBank(t)
	paid := func(on, id, amount string) map[string]any {
		t := bookedOn(on, id, amount, "Salary")
		t["debtorName"] = "Works Ltd"
		return t
	}
	var history []map[string]any
	for n := range 8 {
		history = append(history, paid(smallBankDay.AddDate(0, -n, -1).Format(time.DateOnly), fmt.Sprint("s", n), "30000.00"))
	}
	b.lists(history, nil)
	incomes, _, err := b.Alerts().Incomes(t.Context(), true)
	b.must(err)
	if len(incomes) != 1 {
		t.Fatalf("%d incomes found", len(incomes))
	}
	b.chooses(alert.Form{Kind: storage.AlertIncome, Income: alert.IncomeID(incomes[0])})
	b.lists(append([]map[string]any{paid(day(0), "e", "450.00")}, history...), nil)
	b.tells("what it cost to travel")
	b.clock.pass(30)
	b.lists(append([]map[string]any{paid(b.clock.Now().Format(time.DateOnly), "n", "31500.00"), paid(day(0), "e", "450.00")}, history...), nil)
	b.tells("the next salary", "31500.00")
}

// TestBankAlert tells of a bank that fails so many times in a row, once, and again after it did not.
func TestBankAlert(t *testing.T) {
	b := newSmallBank(t)
	b.lists(nil, nil)
	b.chooses(alert.Form{Kind: storage.AlertBank, Failures: "3"})
	failing := func(times int) {
		b.answer(func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "")
		})
		for range times {
			if job := b.read(); job.Err == nil {
				t.Fatal("the read did not fail")
			}
		}
	}
	holds := func(when string, want int) {
		t.Helper()
		if got := len(b.told()); got != want {
			t.Errorf("%s: told %d times, want %d", when, got, want)
		}
	}
	failing(2)
	holds("twice", 0)
	b.lists(nil, nil)
	failing(2)
	holds("twice, and twice", 0)
	failing(1)
	holds("three times", 1)
	failing(3)
	holds("six times", 1)
	b.lists(nil, nil)
	failing(3)
	holds("and three times anew", 2)
	needs, err := b.Needs(t.Context())
	b.must(err)
	if len(needs.All) != 1 || needs.All[0].Has(app.NeedAlert) == nil {
		t.Errorf("needs %+v: one of the consent, with the alert", needs.All)
	}
}

// TestBankAlertOfADay tells of a bank when reads fail that failed a day before.
func TestBankAlertOfADay(t *testing.T) {
	b := newSmallBank(t)
	b.chooses(alert.Form{Kind: storage.AlertBank, Failures: alert.FailuresDay})
	b.answer(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "")
	})
	for i, want := range []int{0, 0, 1, 1} {
		b.read()
		if got := len(b.told()); got != want {
			t.Errorf("read %d: told %d times, want %d", i+1, got, want)
		}
		b.clock.forward(13 * time.Hour)
	}
}

// TestAlertIsToldOnce shows each alert on the desktop once, and on the overview until the person has seen it.
func TestAlertIsToldOnce(t *testing.T) {
	b := newSmallBank(t)
	b.lists(nil, nil)
	shown := make(chan int, 10)
	b.Alerts().Keep(func(some []storage.Alert) error { shown <- len(some); return nil })
	b.chooses(alert.Form{Kind: storage.AlertDebit, Amount: "10", Currency: "SEK"})
	b.lists([]map[string]any{bookedOn(day(0), "a", "-11.00", "A"), bookedOn(day(0), "b", "-12.00", "B")}, nil)
	if n := <-shown; n != 2 {
		t.Errorf("%d were shown together, want 2", n)
	}
	b.must(b.Alerts().Judge(t.Context()))
	b.lists([]map[string]any{bookedOn(day(0), "a", "-11.00", "A"), bookedOn(day(0), "b", "-12.00", "B"), bookedOn(day(0), "c", "-13.00", "C")}, nil)
	if n := <-shown; n != 1 {
		t.Errorf("%d were shown then, want the new one", n)
	}
	needs, err := b.Needs(t.Context())
	b.must(err)
	if len(needs.All) != 1 || needs.All[0].Kind != app.NeedAlert || needs.All[0].Alerts != 3 {
		t.Fatalf("needs %+v: one of the rule, for three", needs.All)
	}
	b.must(b.Alerts().Seen(t.Context(), needs.All[0].Alert.ID))
	if needs, err = b.Needs(t.Context()); err != nil || len(needs.All) > 0 {
		t.Errorf("needs %+v (%v) after it was seen", needs.All, err)
	}
}

// TestAlertsGoWithTheirAccount are said to before, and nothing is left of them.
func TestAlertsGoWithTheirAccount(t *testing.T) {
	b := newSmallBank(t)
	b.lists(nil, nil)
	account := fmt.Sprint(b.account(firstIBAN).ID)
	b.chooses(alert.Form{Kind: storage.AlertBalance, Account: account, Amount: "5"})
	b.chooses(alert.Form{Kind: storage.AlertDebit, Amount: "10", Currency: "SEK"})
	b.lists([]map[string]any{bookedOn(day(0), "a", "-11.00", "A")}, nil)
	b.tells("before", "-11.00")
	b.must(b.Withdraw(t.Context(), b.consent, false, person))
	what, err := b.Erasure(t.Context(), b.consent)
	b.must(err)
	if what.Alerts != 1 {
		t.Errorf("erasing takes %d alerts, want the one about the account", what.Alerts)
	}
	b.must(b.EraseData(t.Context(), b.consent))
	b.tells("after")
	rules, err := b.Alerts().Rules(t.Context())
	b.must(err)
	if len(rules) != 1 || rules[0].Kind != storage.AlertDebit {
		t.Errorf("%+v is left, want the one about any account", rules)
	}
}

// TestAlertForm says at its field what cannot be taken.
func TestAlertForm(t *testing.T) {
	b := newSmallBank(t)
	b.lists(nil, nil)
	account := fmt.Sprint(b.account(firstIBAN).ID)
	b.chooses(alert.Form{Kind: storage.AlertDebit, Account: account, Amount: "100"})
	for _, test := range []struct {
		form        alert.Form
		field, code string // empty: it is taken
	}{
		{alert.Form{Kind: storage.AlertDebit, Account: account, Amount: "100.00"}, "amount", failure.AlertThere},
		{alert.Form{Kind: storage.AlertDebit, Account: account, Amount: "0"}, "amount", "notPositive"},
		{alert.Form{Kind: storage.AlertDebit, Account: account, Amount: "-5"}, "amount", "notPositive"},
		{alert.Form{Kind: storage.AlertDebit, Account: account, Amount: "1,234"}, "amount", "ambiguous"},
		{alert.Form{Kind: storage.AlertDebit, Account: account, Amount: "1.005"}, "amount", "ambiguous"},
		{alert.Form{Kind: storage.AlertDebit, Account: account, Amount: ""}, "amount", "missing"},
		{alert.Form{Kind: storage.AlertDebit, Account: "77", Amount: "5"}, "account", failure.ChooseFromList},
		{alert.Form{Kind: storage.AlertDebit, Amount: "5", Currency: "QQQ"}, "currency", failure.ChooseFromList},
		{alert.Form{Kind: storage.AlertBalance, Account: account, Amount: "0"}, "", ""},
		{alert.Form{Kind: storage.AlertBalance, Account: account, Amount: "-500"}, "", ""},
		{alert.Form{Kind: storage.AlertBalance, Account: account, Amount: "--5"}, "amount", "notPositive"},
		{alert.Form{Kind: storage.AlertBank, Failures: "0"}, "failures", failure.ChooseFromList},
		{alert.Form{Kind: storage.AlertBank, Failures: "3"}, "", ""},
		{alert.Form{Kind: storage.AlertBank, Failures: "5"}, "failures", failure.AlertThere},
		{alert.Form{Kind: storage.AlertIncome, Income: "x"}, "income", failure.ChooseFromList},
		{alert.Form{Kind: storage.AlertApproval}, "", ""},
	} {
		err := b.Alerts().Add(t.Context(), test.form)
		failed, _ := err.(*failure.Error)
		switch {
		case test.code == "" && err != nil, test.code != "" && (failed == nil || failed.Fields[test.field].Code != test.code):
			t.Errorf("%+v: %v, want %q at %q", test.form, err, test.code, test.field)
		}
	}
}
