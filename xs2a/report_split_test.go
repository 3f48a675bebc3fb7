package xs2a

import (
	"reflect"
	"strings"
	"testing"
)

// usual are reports as most are, and unusual ones beside them.
var splitSeeds = []string{
	`{"transactions":{"booked":[{"transactionId":"1","bookingDate":"2026-01-02","transactionAmount":{"amount":"-1.00","currency":"SEK"}}],"pending":[],"_links":{"next":{"href":"/n"}}}}`,
	`{"booked":[],"_links":{"next":{"href":"/n"}}}`,
	`{"account":{"iban":"x"},"transactions":{"booked":[{"a":1},null,{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorName":"C"}],"_links":{"account":{"href":"/a"}}},"_links":{"next":{"href":"/m"}},"balances":[{"balanceType":"expected","balanceAmount":{"amount":"1","currency":"SEK"}}]}`,
	`{"transactions":{}}`, `{"transactions":null,"booked":[]}`, `{"transactions":[],"x":1}`, `{"transactions":{"booked":null}}`, `{"transactions":{"booked":{}}}`,
	`{"transactions":{"booked":[1,2],"Booked":[]}}`, `{"Transactions":{"BOOKED":[]}}`, `{"transactions":{"booked":[]}} x`, `{"transactions":{"booked":[]}`, `{"booked":[],"transactions":{"pending":[]}}`,
	`{"transactions":{"booked":[],"_links":[{"rel":"next","href":"/l"}]}}`, `{"transactions":{"booked":[]},"balances":null}`, `{"transactions":{"booked":[]},"balances":{}}`,
	`{"transactions":{"bookeſd":[],"booKed":[]}}`, `{"tranſactions":{"booked":[]}}`, `{"transactions":{"information":[{"a":1}]}}`, `{"transactions":{"boo\u006bed":[]}}`,
	`{"transactions":{"booked":[{"transactionAmount":{"amount":"1","currency":"EUR"},"remittanceInformationUnstructured":"` + strings.Repeat("x", 300) + `"}]}}`,
}

// sameAsUnusual holds that a report that is taken apart in one go is read as it is when it is looked
// at several times.
func sameAsUnusual(t *testing.T, body string) (usual bool) {
	t.Helper()
	report, err := split([]byte(body))
	if err != nil {
		return false
	}
	got, gotErr := report.page(t.Context())
	want, wantErr := decodeUnusual(t.Context(), []byte(body))
	if (gotErr == nil) != (wantErr == nil) || gotErr != nil && gotErr.Error() != wantErr.Error() {
		t.Errorf("%s: %v, want %v", body, gotErr, wantErr)
	}
	for _, page := range []*TransactionPage{&got, &want} { // that nothing is there may be said in two ways
		for _, list := range []*[]Transaction{&page.Booked, &page.Pending} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if len(page.Information) == 0 {
			page.Information = nil
		}
		if len(page.Balances) == 0 {
			page.Balances = nil
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\nis read as %+v\nwant %+v", body, got, want)
	}
	return true
}

func TestSplit(t *testing.T) {
	usual := 0
	for _, body := range splitSeeds {
		if sameAsUnusual(t, body) {
			usual++
		}
	}
	if usual < 6 {
		t.Errorf("only %d are taken apart in one go", usual)
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range splitSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) { sameAsUnusual(t, body) })
}
