package export_test

import (
	"strings"
	"testing"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// TestFilesSayHowOldAnAccountIs writes into a report that nothing reads its account any more, and leaves hidden accounts out of it
// where a sum did.
func TestFilesSayHowOldAnAccountIs(t *testing.T) {
	b := newBank(t)
	entry := []xs2a.Transaction{{ID: "1", BookingDate: days(40), Amount: amount("-1", "SEK"), Remittance: "Entry", Raw: []byte(`{}`)}}
	b.read(xs2a.Account{ResourceID: "a", IBAN: "SE4550000000058398257466", Currency: "SEK", Name: "a"}, closing("1", days(57)), "2026-09-01", entry, nil)
	hidden := b.read(xs2a.Account{ResourceID: "b", IBAN: "SE3550000000054910000003", Currency: "SEK", Name: "b"}, closing("1", days(57)), "2026-09-01", entry, nil)
	b.must(b.store.Hide(t.Context(), []int64{hidden}, true))
	const old = "The account is not updated any more"
	for _, test := range []struct {
		name   string
		search holding.Search
		over   bool
		parts  int
	}{
		{"hidden accounts are in files", holding.Search{}, false, 2},
		{"old ones say so", holding.Search{}, true, 2},
		{"without hidden ones", holding.Search{Shown: true}, true, 1},
		{"a hidden one alone", holding.Search{Shown: true, AccountID: hidden, Days: storage.Span{}}, false, 1},
	} {
		b.over = test.over
		file := string(b.write("camt052", test.search, export.Options{}))
		said := 0
		if test.over {
			said = test.parts
		}
		if parts, olds := strings.Count(file, "<Rpt>"), strings.Count(file, old); parts != test.parts || olds != said {
			t.Errorf("%s: %d reports, %d of them old", test.name, parts, olds)
		}
	}
}
