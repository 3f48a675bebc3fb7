package app_test

import (
	"testing"

	"consentry/app/bank"
	"consentry/app/pay"
	"consentry/storage"
)

// TestBoardOfPayments puts payments of each fate, status, cancellation and doubt on the board, where
// the store finds them in the group that they are of, each once, however many there are.
func TestBoardOfPayments(t *testing.T) {
	w := newPayer(t)
	w.sql(`WITH fates (fate) AS (VALUES ('composed'), ('confirmed'), ('sending'), ('unknown'), ('taken'), ('refused'), ('dropped')),
		statuses (status) AS (VALUES (''), ('RCVD'), ('PDNG'), ('PATC'), ('ACTC'), ('ACCP'), ('ACFC'), ('ACSP'), ('ACWC'), ('ACWP'), ('ACSC'), ('ACCC'), ('PART'), ('RJCT'), ('CANC'), ('XYZZ')),
		cancellations (cancellation) AS (VALUES (''), ('pending'), ('refused'), ('done')), ends (ended_at) AS (VALUES (''), ('2027-03-03T12:00:00.000Z')),
		doubts (doubted) AS (VALUES (0), (1))
		INSERT INTO payment (id, environment_id, bic, bank_name, request_id, payment_order, fate, status, cancellation, created_at, ended_at, doubted)
		SELECT fate || status || cancellation || ended_at || doubted, ?, 'rheintor', 'Rheintor Bank', fate || status || cancellation || ended_at || doubted,
			'{"Transfers":[{"Amount":{"amount":"1","currency":"EUR"}}]}', fate, status, cancellation, '2027-03-03T12:00:00.000Z', ended_at, doubted
		FROM fates, statuses, cancellations, ends, doubts`, bank.SandboxID)
	all, err := w.Payments().All(t.Context())
	w.must(err)
	board, err := w.Payments().Board(t.Context())
	w.must(err)
	if len(board) != len(pay.Groups) {
		t.Fatalf("%d groups", len(board))
	}
	seen := map[string]bool{}
	for i, part := range board {
		if part.Group != pay.Groups[i] {
			t.Errorf("group %d is %q", i, part.Group)
		}
		n := 0
		for {
			for _, p := range part.Payments {
				if pay.GroupOf(p) != part.Group || seen[p.ID] {
					t.Errorf("%s is listed under %q, and is %q (seen before: %v)", p.ID, part.Group, pay.GroupOf(p), seen[p.ID])
				}
				seen[p.ID], n = true, n+1
			}
			if part.Older == nil {
				break
			}
			if part, err = w.Payments().Part(t.Context(), part.Group, *part.Older); err != nil {
				t.Fatal(err)
			}
		}
		if n != part.Count {
			t.Errorf("%q: %d are listed, %d counted", part.Group, n, part.Count)
		}
	}
	if len(seen) != len(all) || len(all) != 7*16*4*2*2 {
		t.Errorf("%d of %d are on the board", len(seen), len(all))
	}
	if none, err := w.Payments().Part(t.Context(), "nonsense", storage.PaymentCursor{}); err != nil || len(none.Payments) != 0 {
		t.Errorf("a group that there is not: %+v (%v)", none, err)
	}
}
