package app_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestPagesMakeNoDifference has a bank send the same transactions on pages of any
// size and in any order, equal ones, ones without ids and with ids that repeat
// among them: the same is stored, and another fetch adds nothing.
func TestPagesMakeNoDifference(t *testing.T) {
	t.Parallel()
	var all []map[string]any // the newest first
	for i := range 12 {
		date := day(-i / 2)
		all = append(all,
			bookedOn(date, fmt.Sprint("id-", i), "-30.00", "Coffee"), // equal to the others of its day but for the id
			bookedOn(date, "", "-4.00", "Bun"), bookedOn(date, "", "-4.00", "Bun"),
			bookedOn(date, "SAME", "-7.00", fmt.Sprint("Tram ", i)), bookedOn(date, "NOTPROVIDED", "-8.00", "Bus"))
	}
	oldest := slices.Clone(all)
	slices.Reverse(oldest)
	mixed := slices.Clone(all)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	for name, transactions := range map[string][]map[string]any{"newest first": all, "oldest first": oldest, "in no order": mixed} {
		for _, perPage := range []int{1, 2, 7, 100} {
			t.Run(fmt.Sprint(name, " ", perPage), func(t *testing.T) {
				b := newSmallBank(t)
				b.answer(inPages(transactions, perPage))
				if job := b.read(); job.Err != nil || job.New != len(all) {
					t.Fatalf("%d new of %d, %v", job.New, len(all), job.Err)
				}
				if got := b.texts(); name != "in no order" && !slices.Equal(got, textsOf(all)) {
					t.Errorf("listed as %v", got)
				}
				for _, again := range []int{3, perPage} {
					b.answer(inPages(transactions, again))
					if job := b.read(); job.Err != nil || job.New != 0 {
						t.Errorf("again on pages of %d: %d new, %v", again, job.New, job.Err)
					}
				}
			})
		}
	}
}

// TestPendingBecomesBooked lists a transaction once, wherever on the pages it stands.
func TestPendingBecomesBooked(t *testing.T) {
	b := newSmallBank(t)
	coffee, bun := bookedOn(day(0), "", "-30.00", "Coffee"), bookedOn(day(0), "", "-4.00", "Bun")
	for i, step := range []struct {
		booked, pending []map[string]any
		want            string
	}{
		{nil, []map[string]any{coffee, bun, bun}, "0 booked, 3 pending"},
		{[]map[string]any{coffee}, []map[string]any{bun, bun}, "1 booked, 2 pending"},
		{[]map[string]any{coffee, bun}, []map[string]any{bun}, "2 booked, 1 pending"},
		{[]map[string]any{coffee, bun, bun}, nil, "3 booked, 0 pending"},
	} {
		b.answer(func(w http.ResponseWriter, r *http.Request) { // pending ones on the second page
			if pageOf(r.URL.Query()) == 0 {
				page(w, r, step.booked, nil, 1)
				return
			}
			page(w, r, nil, step.pending, -1)
		})
		if job := b.read(); job.Err != nil {
			t.Fatal(job.Err)
		}
		pending, err := b.store.PendingTransactions(t.Context(), b.account(firstIBAN).ID)
		b.must(err)
		if got := fmt.Sprintf("%d booked, %d pending", b.countBooked(), len(pending)); got != step.want {
			t.Errorf("fetch %d: %s, want %s", i+1, got, step.want)
		}
	}
}

// inPages answers with transactions in pages.
func inPages(transactions []map[string]any, perPage int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := pageOf(r.URL.Query())
		next := n + 1
		if next*perPage >= len(transactions) {
			next = -1
		}
		page(w, r, transactions[n*perPage:min((n+1)*perPage, len(transactions))], nil, next)
	}
}

// texts are the first account's booked transactions as they are listed, each with
// its day; those of ids of their own are told apart by them.
func (b *smallBank) texts() (all []string) {
	b.Helper()
	transactions, err := b.store.BookedTransactions(b.Context(), b.account(firstIBAN).ID, 0, 1_000)
	b.must(err)
	for _, e := range transactions {
		all = append(all, e.Date()+" "+e.Transaction.ID+" "+e.Remittance)
	}
	return all
}

func textsOf(transactions []map[string]any) (all []string) {
	for _, e := range transactions {
		all = append(all, strings.Join([]string{e["bookingDate"].(string), e["transactionId"].(string), e["remittanceInformationUnstructured"].(string)}, " "))
	}
	return all
}
