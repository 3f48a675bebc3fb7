package sandbox

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/page"
	"consentry/xs2a/sandbox/people"
)

// minor reads an amount back into minor units.
func minor(t *testing.T, text string) int64 {
	t.Helper()
	if !regexp.MustCompile(`^-?[0-9]{1,14}(\.[0-9]{1,2})?$`).MatchString(text) {
		t.Fatalf("amount %q", text)
	}
	whole, cents, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	var n int64
	if _, err := fmt.Sscan(whole+(cents + "00")[:2], &n); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(text, "-") {
		return -n
	}
	return n
}

// statement reads all pages of an account's list.
func statement(t *testing.T, p *tpp, a asked, account, from string) (booked, pending []map[string]any, pages int) {
	t.Helper()
	path := accountPath + "/" + account + "/transactions?bookingStatus=both&dateFrom=" + from
	for path != "" {
		res := p.read(a, path).want(http.StatusOK)
		booked = append(booked, res.list("transactions.booked")...)
		pending = append(pending, res.list("transactions.pending")...)
		path = res.text("transactions._links.next.href")
		pages++
	}
	return booked, pending, pages
}

func TestBalanceIsSum(t *testing.T) {
	// Early enough that the bank still serves everything since the accounts were opened.
	clock := &clock{at: time.Date(2024, time.December, 30, 10, 0, 0, 0, time.UTC)}
	server := startSandbox(t, Config{Now: clock.now})
	for _, bic := range []string{"NRSKSEP0", "HAMNSEG0", "ISBGSES0", "KLKHGET0", "SKGDSES0"} {
		p := newTPP(t, server.URL, bic)
		body := consentBody(chosenAtBank())
		body["validUntil"] = "2025-02-01"
		a := p.link("astrid", body)
		for _, acc := range p.read(a, accountPath+"?withBalance=true").want(http.StatusOK).list("accounts") {
			id := acc["resourceId"].(string)
			booked, pending, pages := statement(t, p, a, id, "2022-12-30")
			var onBooks, ahead, spoken, today int64
			for _, e := range booked {
				n := minor(t, e["transactionAmount"].(map[string]any)["amount"].(string))
				onBooks += n
				if e["bookingDate"] == "2024-12-30" {
					today += n
				}
			}
			for _, e := range pending {
				n := minor(t, e["transactionAmount"].(map[string]any)["amount"].(string))
				ahead += n
				spoken += min(n, 0)
			}
			for _, b := range acc["balances"].([]any) {
				b := b.(map[string]any)
				got := minor(t, b["balanceAmount"].(map[string]any)["amount"].(string))
				want := map[string]int64{"closingBooked": onBooks - today, "interimBooked": onBooks, "expected": onBooks + ahead, "interimAvailable": onBooks + spoken}[b["balanceType"].(string)]
				if b["creditLimitIncluded"] == true {
					want = got // includes a limit that is not on the list
				}
				if got != want {
					t.Errorf("%s %s: %s is %d, the %d entries on %d pages make %d", bic, acc["name"], b["balanceType"], got, len(booked), pages, want)
				}
			}
			if pages != (len(booked)+pageSize-1)/pageSize {
				t.Errorf("%s %s: %d entries on %d pages", bic, acc["name"], len(booked), pages)
			}
		}
	}
}

func TestHistoryIsStable(t *testing.T) {
	clock := newClock()
	one, two := startSandbox(t, Config{Seed: 3, Now: clock.now}), startSandbox(t, Config{Seed: 3, Now: clock.now})
	other := startSandbox(t, Config{Seed: 4, Now: clock.now})
	lines := func(server string) []string {
		p := newTPP(t, server, "FJRDNOB0")
		a := p.link("lukas", consentBody(chosenAtBank()))
		var list []string
		for _, acc := range p.read(a, accountPath).list("accounts") {
			booked, _, _ := statement(t, p, a, acc["resourceId"].(string), "2024-11-22")
			for _, e := range booked {
				delete(e, "_links")
				list = append(list, fmt.Sprint(acc["iban"], e))
			}
		}
		return list
	}
	today := lines(one.URL)
	if len(today) < 500 {
		t.Fatalf("%d entries", len(today))
	}
	if !slices.Equal(today, lines(two.URL)) {
		t.Error("the same seed tells another story")
	}
	if slices.Equal(today, lines(other.URL)) {
		t.Error("another seed tells the same story")
	}
	clock.pass(24 * time.Hour)
	tomorrow := lines(one.URL)
	fresh := startSandbox(t, Config{Seed: 3, Now: clock.now})
	if !slices.Equal(tomorrow, lines(fresh.URL)) {
		t.Error("a sandbox that ran overnight tells another story than one that was started today")
	}
	known := make(map[string]bool, len(tomorrow))
	for _, line := range tomorrow {
		known[line] = true
	}
	for _, line := range today {
		if !known[line] {
			t.Fatalf("booked yesterday, gone or changed today: %s", line)
		}
	}
}

func TestLivesArePlausible(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Now: newClock().now})
	if err != nil {
		t.Fatal(err)
	}
	uses := map[people.Use]int{}
	for _, b := range s.banks {
		for _, p := range people.All {
			h := s.household(b.BIC, p.Login)
			if n := len(h.Accounts); n < 2 || n > 5 {
				t.Errorf("%s %s: %d accounts", b.Name, p.Login, n)
			}
			for _, acc := range h.Accounts {
				if !people.ValidIBAN(acc.IBAN) || acc.IBAN[:2] != b.Country || len(acc.IBAN) != people.IBANLengths[b.Country] {
					t.Errorf("%s %s: IBAN %s", b.Name, p.Login, acc.IBAN)
				}
				if utf8.RuneCountInString(acc.Name) > 35 || utf8.RuneCountInString(acc.Product) > 35 {
					t.Errorf("%s: name %q, product %q", b.Name, acc.Name, acc.Product)
				}
				var balance, lowest, highest int64
				for _, e := range acc.Entries {
					uses[e.Use]++
					balance += e.Minor
					lowest, highest = min(lowest, balance), max(highest, balance)
					if utf8.RuneCountInString(e.Text)+utf8.RuneCountInString(e.Name) > 138 || e.Minor == 0 {
						t.Errorf("%s: entry %+v", b.Name, e)
					}
				}
				if balance != acc.Balance || lowest < -h.Salary || highest > 10*h.Salary {
					t.Errorf("%s %s %s: from %s to %s, now %s, salary %s", b.Name, p.Login, acc.Name, people.Decimal(lowest), people.Decimal(highest), people.Decimal(acc.Balance), people.Decimal(h.Salary))
				}
			}
		}
	}
	for u := people.CardPayment; u <= people.Opening; u++ {
		if uses[u] < 100 {
			t.Errorf("use %d: %d entries", u, uses[u])
		}
	}
}

func TestBanksAreWellFormed(t *testing.T) {
	bics, names := map[string]bool{}, map[string]bool{}
	redirect, several := 0, 0
	for _, b := range bank.OpenBanks() {
		if !isBIC(b.BIC) || b.BIC[4:6] != b.Country || bics[b.BIC] || names[b.Display()] {
			t.Errorf("%s %q", b.BIC, b.Name)
		}
		bics[b.BIC], names[b.Display()] = true, true
		for _, city := range b.Cities {
			if !slices.Contains(bank.Countries[b.Country].Cities, city) {
				t.Errorf("%s is in %s, which %s does not have", b.Name, city, b.Country)
			}
		}
		if b.Redirect {
			redirect++
		}
		if len(b.Methods) > 1 {
			several++
		}
		for ground, colour := range map[string]string{"#ffffff": b.Look.Ink, "#fffdf8": b.Look.Ink, "#f4f1ea": b.Look.Ink, "#212326": b.Look.Glow, "#17181a": b.Look.Glow, "#14161a": b.Look.Glow} {
			if c := contrast(t, ground, colour); c < 4.5 {
				t.Errorf("%s: contrast %.1f of %s on %s", b.Name, c, colour, ground)
			}
		}
		if page.Motifs[b.Look.Motif] == "" {
			t.Errorf("%s: motif %q", b.Name, b.Look.Motif)
		}
	}
	if redirect < 3 || several < 3 {
		t.Errorf("%d redirect banks, %d with several methods", redirect, several)
	}
}
