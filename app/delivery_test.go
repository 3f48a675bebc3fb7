package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/holding"
	"consentry/storage"
)

// TestDelivery has a bank send transactions on pages whose borders go through days, newest first and oldest
// first, and others the day after: each leads to the exchange in whose answer it stands, until that is kept no more.
func TestDelivery(t *testing.T) {
	t.Parallel()
	var all []map[string]any // the newest first
	for i := range 14 {
		all = append(all, bookedOn(day(-i/4), fmt.Sprint("id-", i, "-"), "-30.00", fmt.Sprint("Coffee ", i)))
	}
	oldest := slices.Clone(all)
	slices.Reverse(oldest)
	for name, transactions := range map[string][]map[string]any{"newest first": all, "oldest first": oldest} {
		for _, perPage := range []int{1, 3, 5, 100} {
			t.Run(fmt.Sprint(name, " ", perPage), func(t *testing.T) {
				b := newSmallBank(t)
				b.answer(inPages(transactions, perPage))
				if job := b.read(); job.Err != nil || job.New != len(all) {
					t.Fatalf("%d new of %d, %v", job.New, len(all), job.Err)
				}
				before := b.delivered(len(all))
				b.clock.forward(24 * time.Hour)
				b.answer(inPages(append([]map[string]any{bookedOn(day(0), "later-", "-5.00", "Bun")}, all...), perPage))
				if job := b.read(); job.Err != nil || job.New != 1 {
					t.Fatalf("%d new, %v", job.New, job.Err)
				}
				for id, exchange := range b.delivered(len(all) + 1) {
					if was, known := before[id]; known && was != exchange {
						t.Errorf("transaction %d came with exchange %d, and now with %d", id, was, exchange)
					}
				}
				b.clock.forward(31 * 24 * time.Hour)
				b.must(b.store.DropOldExchanges(t.Context()))
				for _, one := range b.firstPage() {
					if found, err := b.Holdings().Delivery(t.Context(), one); err != nil || found.Exchange != 0 || len(found.Candidates) > 0 {
						t.Errorf("after its exchange is gone, %q came with %+v, %v", one.CreditorName, found, err)
					}
				}
			})
		}
	}
}

// firstPage are the booked transactions of the first account.
func (b *smallBank) firstPage() []storage.Transaction {
	b.Helper()
	page, err := b.Holdings().Transactions(b.Context(), b.account(firstIBAN).ID, holding.Place{})
	b.must(err)
	return page.Booked
}

// delivered holds that so many transactions lead each to an exchange that has it in its answer, and
// returns to which.
func (b *smallBank) delivered(n int) map[int64]int64 {
	b.Helper()
	b.waitRecorded()
	exchanges := map[int64]int64{}
	for _, one := range b.firstPage() {
		whole, err := b.Holdings().Transaction(b.Context(), one.ID)
		b.must(err)
		found, err := b.Holdings().Delivery(b.Context(), whole)
		b.must(err)
		exchange, err := b.Record().Exchange(b.Context(), found.Exchange)
		if err != nil || !strings.Contains(exchange.Answer.Body, whole.Transaction.ID) {
			b.Errorf("%s came with %+v: %v", whole.Transaction.ID, found, err)
		}
		exchanges[one.ID] = found.Exchange
	}
	if len(exchanges) != n {
		b.Errorf("%d transactions, want %d", len(exchanges), n)
	}
	return exchanges
}
