package frontend

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// TestOneIsNotSeveral: whatever counts goes through words.N, which knows that one is not
// several and parts thousands.
func TestOneIsNotSeveral(t *testing.T) {
	t.Parallel()
	several := regexp.MustCompile(`%d [a-z]+s\b|(Sprint|Itoa)\([^)]*\) \+ " [a-z]+s\b`)
	forms := regexp.MustCompile(`words\.N\([^"]*"[^"]*",\s*"[^"]*"`) // one and several, side by side
	for _, dir := range []string{".", "ui", "../app"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no source in %s: %v", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if found := several.FindString(forms.ReplaceAllString(string(text), "")); found != "" {
				t.Errorf("%s writes a count by hand: %q", file, found)
			}
		}
	}
	for n, want := range map[int]string{0: "0 days left", 1: "1 day left", 1488: "1,488 days left"} {
		if got := words.N(t.Context(), n, "%d day left", "%d days left"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	one := linkingView{Flow: app.Flow{Job: &fetch.Job{Done: 1, Progress: fetch.Progress{New: 1}, Total: 1}}}
	if got := one.fetched(t.Context()); got != "Read: 1 account. New: 1 transaction." {
		t.Error(got)
	}
	if got := jobProgress(t.Context(), &fetch.Job{Total: 1}).Unit; got != "account" {
		t.Error(got)
	}
	if got := (Page{NeedYou: 1}).needYou(t.Context()); got != "1 needs you" {
		t.Error(got)
	}
	if got := eventWords(t.Context(), storage.ConsentEvent{Event: storage.Event{Kind: storage.EventFrequency, Former: 4, Number: 1}}); !strings.HasSuffix(got, "from 4 to 1 time a day") {
		t.Error(got)
	}
}

// TestTotalTellsWhatItLeavesOut puts the accounts into words that a sum is
// without, and those it holds that are not updated.
func TestTotalTellsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	named := func(name string, reason holding.UnsummedReason) holding.Unsummed {
		return holding.Unsummed{Account: storage.Account{Name: name}, Reason: reason}
	}
	total := holding.Total{Currency: "SEK", Accounts: 4, Sum: xs2a.Amount{Number: "1", Currency: "SEK"}, Ages: holding.Ages{Old: holding.Aged{Accounts: 2, Since: daysAgo(100), Last: daysAgo(9)}},
		Without: []holding.Unsummed{named("Savings", holding.BalanceNotShared), named("Card", holding.BalanceNotRead), named("A", holding.BalanceNotShared), named("B", holding.BalanceNotShared), named("C", holding.BalanceNotShared)}}
	html := string(render(t, ui.WithReader(t.Context(), ui.Reader{Now: now}), totalCard(total)))
	for _, want := range []string{"4 of 9 accounts", "Without Savings, A, B, 1 more: balance not shared.", "Without Card: balance not read.", "Includes 2 accounts not updated any more, the one read longest ago on 12 Aug 2026."} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing: %s", want, html)
		}
	}
	total.Old.Last = total.Old.Since
	if got := agesWords(t.Context(), total.Ages); got[0] != "Includes 2 accounts not updated any more, last read on 12 Aug 2026." {
		t.Error(got)
	}
	unknown := string(render(t, t.Context(), totalCard(holding.Total{Currency: "SEK", Without: total.Without[:1]})))
	if !strings.Contains(unknown, "0 of 1 account") || !strings.Contains(unknown, "No balance is known.") || strings.Contains(unknown, "amount-large") {
		t.Error(unknown)
	}
}

// TestDayHeadingsGoByTheBanksClock: half a year ahead at the practice banks, the
// day that is today there is headed so.
func TestDayHeadingsGoByTheBanksClock(t *testing.T) {
	t.Parallel()
	transaction := func(environment string) storage.Transaction {
		return storage.Transaction{EnvironmentID: environment, Transaction: xs2a.Transaction{BookingDate: "2027-05-20"}, AccountName: "Savings"}
	}
	ahead := now.AddDate(0, 6, 0)
	view := overviewView{Accounts: 1, Transactions: []storage.Transaction{transaction("sandbox")}}
	view.Nows = map[string]time.Time{"sandbox": ahead, "live": now}
	ctx := ui.WithReader(t.Context(), ui.Reader{Now: now})
	if html := string(render(t, ctx, latestTransactions(view))); !strings.Contains(html, ">Today<") {
		t.Errorf("the day is not today there: %s", html)
	}
	view.Transactions = append(view.Transactions, transaction("live"))
	if html := string(render(t, ctx, latestTransactions(view))); strings.Contains(html, ">Today<") || !strings.Contains(html, "20 May 2027") {
		t.Errorf("today there, and not here: %s", html)
	}
}

// TestWhatALinkDoesNotShareIsSaid on the page that says the bank is linked.
func TestWhatALinkDoesNotShareIsSaid(t *testing.T) {
	t.Parallel()
	all := &[]xs2a.AccountReference{}
	whole := xs2a.ConsentRequest{Access: xs2a.Access{Accounts: all, Balances: all, Transactions: all}}
	for name, test := range map[string]struct {
		asked   xs2a.ConsentRequest
		granted string
		want    string
	}{
		"all of it":         {whole, `{"access":{"accounts":[{"iban":"A"}],"balances":[{"iban":"A"}],"transactions":[{"iban":"A"}]}}`, ""},
		"nothing said":      {whole, ``, ""},
		"left out here":     {xs2a.ConsentRequest{Access: xs2a.Access{Accounts: all, Balances: all}}, ``, "You did not ask for transactions."},
		"left out there":    {whole, `{"access":{"accounts":[{"iban":"A"}],"transactions":[{"iban":"A"}]}}`, "The bank gives no balances: you left them out there, or it did not grant them."},
		"for some accounts": {whole, `{"access":{"accounts":[{"iban":"A"},{"iban":"B"}],"balances":[{"iban":"A"}],"transactions":[]}}`, "The bank gives balances of 1 of 2 accounts."},
	} {
		c := storage.Consent{BankName: "Hamnbanken", Status: xs2a.ConsentValid, Asked: test.asked, Granted: []byte(test.granted)}
		if got := strings.Join(notShared(t.Context(), c), " "); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		view := linkingView{Flow: flowOf(storage.Authorisation{Outcome: storage.Succeeded}, c)}
		if html := string(render(t, t.Context(), view.content())); !strings.Contains(html, test.want) || strings.Contains(html, "Not everything is shared.") != (test.want != "") {
			t.Errorf("%s: not on the page: %s", name, html)
		}
	}
}
