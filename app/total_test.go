package app_test

import (
	"net/http"
	"testing"

	"consentry/app/holding"
)

// oneTotal returns the only total there is.
func (b *smallBank) oneTotal() holding.Total {
	b.Helper()
	totals, err := b.Holdings().Totals(b.Context(), 30)
	b.must(err)
	if len(totals) != 1 {
		b.Fatalf("totals %+v", totals)
	}
	return totals[0]
}

// TestTotalSaysWhichAccountsItLeavesOut reads two accounts, the balances of
// neither, then of one: whatever has no balance is counted, and why.
func TestTotalSaysWhichAccountsItLeavesOut(t *testing.T) {
	b := newSmallBank(t)
	refuse := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	b.mu.Lock()
	b.balances = refuse
	b.mu.Unlock()
	b.read()
	if total := b.oneTotal(); total.Accounts != 0 || len(total.Days) != 0 || len(total.Without) != 1 || total.Without[0].Reason != holding.BalanceNotRead || total.Without[0].Account.IBAN != firstIBAN {
		t.Errorf("not read: %+v", total)
	}
	b.mu.Lock()
	b.balances = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"balances":[]}`)) }
	b.mu.Unlock()
	b.read()
	if total := b.oneTotal(); len(total.Without) != 1 || total.Without[0].Reason != holding.BalanceNotSent {
		t.Errorf("not sent: %+v", total)
	}
	b.mu.Lock()
	b.balances, b.accounts = nil, []string{secondIBAN}
	b.mu.Unlock()
	b.read()
	if total := b.oneTotal(); total.Accounts != 1 || len(total.Without) != 1 || total.Without[0].Account.IBAN != firstIBAN {
		t.Errorf("one of two: %+v", total)
	}
	b.must(b.Withdraw(t.Context(), b.consent, false, person))
	if total := b.oneTotal(); total.Accounts != 1 || total.Old.Accounts != 1 || total.Late.Accounts != 0 || len(total.Without) != 1 || total.Without[0].Reason != holding.BalanceOver {
		t.Errorf("withdrawn: %+v", total)
	}
}

// TestTotalSaysWhatIsNotUpdated lets days pass in which nothing is read: the sum
// stands, with since when, and no course over days that nobody knows.
func TestTotalSaysWhatIsNotUpdated(t *testing.T) {
	b := newSmallBank(t)
	b.clock.noon()
	b.read()
	read := b.account(firstIBAN).FetchedAt
	if total := b.oneTotal(); total.Old.Accounts+total.Late.Accounts != 0 || total.Missing || len(total.Days) != 30 {
		t.Fatalf("just read: %+v", total)
	}
	for _, old := range []bool{false, true} {
		b.clock.pass(2)
		total := b.oneTotal()
		if (total.Late.Accounts == 1) != old || total.Old.Accounts != 0 || total.Missing != old || (len(total.Days) < 2) != old || old && !total.Late.Since.Equal(read) {
			t.Errorf("old %v: %+v", old, total)
		}
	}
}
