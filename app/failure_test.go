package app_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// TestEachFailureIsKept has the bank refuse one account's transactions, another's
// balances and nothing of a third: each says what it lacks, what could be read is
// there, and only the third counts as fetched.
func TestEachFailureIsKept(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = append(b.accounts, secondIBAN, thirdIBAN)
	broken := true
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if broken && strings.Contains(r.URL.Path, "/r1/") {
			refuse(w, http.StatusForbidden, "SERVICE_BLOCKED", "")
			return
		}
		page(w, r, []map[string]any{bookedOn(day(0), "", "-1.00", "Coffee")}, nil, -1)
	})
	b.balances = func(w http.ResponseWriter, r *http.Request) {
		if broken && strings.Contains(r.URL.Path, "/r2/") {
			fmt.Fprint(w, `{"balances":"many"}`)
			return
		}
		fmt.Fprint(w, `{"balances":[{"balanceType":"interimBooked","balanceAmount":{"amount":"100.00","currency":"SEK"}}]}`)
	}
	if job := b.read(); job.Err == nil || job.Done != 3 || job.New != 2 {
		t.Fatalf("%+v", job)
	}
	for _, want := range []struct {
		iban                   string
		failures               []string
		balances, transactions int
	}{
		{firstIBAN, []string{"transactions refused 403 SERVICE_BLOCKED"}, 1, 0},
		{secondIBAN, []string{"balances malformed 200 "}, 0, 1},
		{thirdIBAN, nil, 1, 1},
	} {
		account := b.account(want.iban)
		var got []string
		for _, f := range account.Failures {
			got = append(got, fmt.Sprintf("%s %s %d %s", f.Part, f.Kind, f.Status, f.Code))
			if told := failure.OfPart(account.BankName, f); told.Code == "" || told.Bank != "Small Bank" || f.Detail == "" {
				t.Errorf("%s: %+v, detail %q", want.iban, told, f.Detail)
			}
		}
		n, err := b.Holdings().CountTransactions(t.Context(), account.ID)
		b.must(err)
		if !slices.Equal(got, want.failures) || len(account.Balances) != want.balances || n != want.transactions || account.FetchedAt.IsZero() != (len(got) > 0) {
			t.Errorf("%s: failures %q, %d balances, %d transactions, fetched at %v", want.iban, got, len(account.Balances), n, account.FetchedAt)
		}
	}
	broken = false
	if job := b.read(); job.Err != nil {
		t.Fatal(job.Err)
	}
	for _, account := range b.world.accounts() {
		if len(account.Failures) != 0 || account.FetchedAt.IsZero() {
			t.Errorf("mended, and still %+v", account)
		}
	}
}

// TestBalancesStayWithoutReadsLeft has read transactions without the person as
// often as it may: balances that were read are kept, and the next fetch of the
// person's is complete.
func TestBalancesStayWithoutReadsLeft(t *testing.T) {
	b := newSmallBank(t)
	b.read()
	for range 4 {
		id, err := b.store.At(b.clock.Now).BeginRead(t.Context(), storage.ConsentRead{ConsentID: b.consent, Endpoint: storage.ReadTransactions, AccountKey: b.account(firstIBAN).Key})
		b.must(err)
		b.must(b.store.EndRead(t.Context(), id, storage.ReadOK))
	}
	b.balances = func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"balances":[{"balanceType":"interimBooked","balanceAmount":{"amount":"77.00","currency":"SEK"}}]}`)
	}
	before := b.account(firstIBAN).FetchedAt
	b.clock.forward(time.Minute)
	b.FetchAlone(b.consent)
	b.fetched(b.consent)
	account := b.account(firstIBAN)
	if len(account.Failures) != 1 || account.Failures[0].Part != storage.PartTransactions || account.Failures[0].Kind != storage.FailedQuota {
		t.Errorf("failures %+v", account.Failures)
	}
	if account.Balances[0].Amount.Number != "77.00" || !account.FetchedAt.Equal(before) {
		t.Errorf("balance %+v, fetched at %v", account.Balances, account.FetchedAt)
	}
	if c := b.world.consent(b.consent); c.FetchError.Given() {
		t.Errorf("that it may not be read now is a failure: %s", c.FetchError.Code)
	}
	if job := b.read(); job.Err != nil || len(b.account(firstIBAN).Failures) != 0 {
		t.Errorf("%+v", job)
	}
}

// TestUnreachableBankIsLeftAlone asks no further account of a bank that gave no
// answer, and says of each that it was not come to.
func TestUnreachableBankIsLeftAlone(t *testing.T) {
	b := newSmallBank(t)
	b.accounts = append(b.accounts, secondIBAN)
	b.balances = func(w http.ResponseWriter, r *http.Request) {
		b.network.cut.Store(true)
		panic(http.ErrAbortHandler)
	}
	b.read()
	for iban, want := range map[string][]storage.FailureKind{firstIBAN: {storage.FailedUnreachable, storage.FailedSkipped}, secondIBAN: {storage.FailedSkipped}} {
		var got []storage.FailureKind
		for _, f := range b.account(iban).Failures {
			got = append(got, f.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", iban, got, want)
		}
	}
}

// TestWhatWasNotGivenIsNotAsked fetches by what the bank says was granted.
func TestWhatWasNotGivenIsNotAsked(t *testing.T) {
	t.Parallel()
	ref := func(iban string) string { return fmt.Sprintf(`{"iban":%q,"currency":"SEK"}`, iban) }
	for name, test := range map[string]struct {
		granted string
		want    []string
	}{
		"nothing said":                 {"", []string{"r1/balances", "r1/transactions", "r2/balances", "r2/transactions"}},
		"an empty access":              {`{"access":{}}`, []string{"r1/balances", "r1/transactions", "r2/balances", "r2/transactions"}},
		"lists left open":              {`{"access":{"accounts":[]}}`, []string{"r1/balances", "r1/transactions", "r2/balances", "r2/transactions"}},
		"all accounts":                 {`{"access":{"allPsd2":"allAccounts"}}`, []string{"r1/balances", "r1/transactions", "r2/balances", "r2/transactions"}},
		"one's balances alone":         {`{"access":{"balances":[` + ref(firstIBAN) + `],"transactions":[` + ref(firstIBAN) + `,` + ref(secondIBAN) + `]}}`, []string{"r1/balances", "r1/transactions", "r2/transactions"}},
		"no balances":                  {`{"access":{"accounts":[` + ref(firstIBAN) + `,` + ref(secondIBAN) + `],"transactions":[` + ref(firstIBAN) + `,` + ref(secondIBAN) + `]}}`, []string{"r1/transactions", "r2/transactions"}},
		"no details of one":            {`{"access":{"accounts":[` + ref(firstIBAN) + `,` + ref(secondIBAN) + `],"balances":[` + ref(secondIBAN) + `],"transactions":[` + ref(secondIBAN) + `]}}`, []string{"r2/balances", "r2/transactions"}},
		"an account of another number": {`{"access":{"accounts":[` + ref(firstIBAN) + `],"balances":[` + ref(firstIBAN) + `],"transactions":[` + ref(firstIBAN) + `]}}`, []string{"r1/balances", "r1/transactions", "r2/balances", "r2/transactions"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.accounts = append(b.accounts, secondIBAN)
			b.must(b.store.SetGranted(t.Context(), b.consent, "", xs2a.ConsentInformation{Status: xs2a.ConsentValid, Raw: []byte(test.granted)}, nil))
			if job := b.read(); job.Err != nil {
				t.Fatal(job.Err)
			}
			var got []string
			for _, asked := range b.requests() {
				path, _, _ := strings.Cut(strings.TrimPrefix(asked, "/accounts/"), "?")
				path, _, _ = strings.Cut(path, " ")
				if strings.Contains(path, "/r") || strings.HasPrefix(path, "r") {
					got = append(got, path)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("asked for %v, want %v", got, test.want)
			}
		})
	}
}

// caseBodies returns the bodies of the answers in a case, in order.
func caseBodies(t *testing.T, name string) (bodies []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "cases", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(text), "-> HTTP/1.1 ")[1:] {
		_, body, _ := strings.Cut(part, "\n\n")
		body, _, _ = strings.Cut(body, "\n\n")
		bodies = append(bodies, strings.TrimSpace(body))
	}
	return bodies
}

// TestReportInAnotherForm asks a bank that has no JSON for what it has, once for
// all accounts, and each request stands in the ledger.
func TestReportInAnotherForm(t *testing.T) {
	bodies := caseBodies(t, "09-sparkasse-only-xml.http")
	b := newSmallBank(t)
	b.accounts = append(b.accounts, secondIBAN)
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "application/xml") {
			w.WriteHeader(http.StatusNotAcceptable)
			fmt.Fprint(w, bodies[0])
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprint(w, bodies[1])
	})
	if job := b.read(); job.Err != nil || job.New != 2 {
		t.Fatalf("%+v, %v", job, job.Err)
	}
	b.readsInLedger(3)
	if n := count(b.requests(), "/transactions?"); n != 3 {
		t.Errorf("asked %d times", n)
	}
}

// TestBookedAndPendingApart asks a bank that refuses both at once for one after
// the other; where it has no pending transactions, those that are known stay.
func TestBookedAndPendingApart(t *testing.T) {
	t.Parallel()
	refusal := caseBodies(t, "10-both-not-supported.http")[0]
	coffee, bun := bookedOn(day(0), "", "-30.00", "Coffee"), bookedOn(day(0), "", "-4.00", "Bun")
	for name, test := range map[string]struct {
		offers  []string
		pending int // afterwards, of two that are known
		reads   int
	}{
		"both, one after the other": {[]string{"booked", "pending"}, 1, 3},
		"booked ones alone":         {[]string{"booked"}, 2, 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSmallBank(t)
			b.answer(func(w http.ResponseWriter, r *http.Request) { page(w, r, nil, []map[string]any{bun, coffee}, -1) })
			b.read()
			b.requests()
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				status := r.URL.Query().Get("bookingStatus")
				if !slices.Contains(test.offers, status) {
					w.WriteHeader(http.StatusBadRequest)
					fmt.Fprint(w, refusal)
					return
				}
				if status == "booked" {
					fmt.Fprintf(w, `{"transactions":{"booked":[%s]}}`, jsonOf(coffee))
					return
				}
				fmt.Fprintf(w, `{"transactions":{"pending":[%s]}}`, jsonOf(bun))
			})
			if job := b.read(); job.Err != nil || job.New != 1 {
				t.Fatalf("%+v, %v", job, job.Err)
			}
			pending, err := b.store.PendingTransactions(t.Context(), b.account(firstIBAN).ID)
			b.must(err)
			if len(pending) != test.pending {
				t.Errorf("%d pending, want %d", len(pending), test.pending)
			}
			b.readsInLedger(1 + test.reads)
		})
	}
}

// readsInLedger counts what the ledger has of transactions.
func (b *smallBank) readsInLedger(want int) {
	b.Helper()
	reads, err := b.store.ConsentReads(b.Context(), b.consent, 0, 100)
	b.must(err)
	reads = slices.DeleteFunc(reads, func(r storage.ConsentRead) bool { return r.Endpoint != storage.ReadTransactions })
	if len(reads) != want {
		b.Errorf("%d reads of transactions in the ledger, want %d", len(reads), want)
	}
}

// TestTransactionsLeftOutAreCounted takes a transaction without its amount for itself,
// once however often it comes, until the bank sends it whole.
func TestTransactionsLeftOutAreCounted(t *testing.T) {
	b := newSmallBank(t)
	whole, broken := bookedOn(day(0), "1", "-30.00", "Coffee"), bookedOn(day(0), "2", "-4.00", "Bun")
	delete(broken, "transactionAmount")
	for fetch, test := range []struct {
		sent       []map[string]any
		left, kept int
	}{{[]map[string]any{whole, broken}, 1, 1}, {[]map[string]any{broken, whole}, 1, 1}, {[]map[string]any{whole, bookedOn(day(0), "2", "-4.00", "Bun")}, 0, 2}} {
		b.answer(func(w http.ResponseWriter, r *http.Request) { page(w, r, test.sent, nil, -1) })
		if job := b.read(); job.Err != nil {
			t.Fatal(job.Err)
		}
		account := b.account(firstIBAN)
		parts, err := b.Holdings().UnreadParts(t.Context(), account.ID, 10)
		b.must(err)
		if account.LeftOut.Count != test.left || b.countBooked() != test.kept || len(parts) != test.left {
			t.Errorf("fetch %d: %+v left out, %d kept", fetch, account.LeftOut, b.countBooked())
		}
		if len(parts) > 0 && (!strings.Contains(parts[0].Reason, "transactionAmount") || !strings.Contains(parts[0].Raw, "Bun")) {
			t.Errorf("%+v", parts[0])
		}
	}
}
