package xs2a

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// TestAmount takes amounts in the forms banks send, exactly.
func TestAmount(t *testing.T) {
	good := map[string]string{
		`{"amount":"123.50","currency":"SEK"}`:             "123.50",
		`{"amount":123.5,"currency":"SEK"}`:                "123.5",
		`{"amount":"5166","currency":"sek"}`:               "5166",
		`{"amount":" 692.0 ","currency":"SEK"}`:            "692.0",
		`{"amount":"-0.01","currency":"SEK"}`:              "-0.01",
		`{"amount":1e3,"currency":"SEK"}`:                  "1000",
		`{"amount":0.1,"currency":"SEK"}`:                  "0.1",
		`{"amount":"99999999999999.999","currency":"SEK"}`: "99999999999999.999",
		`{"amount":9007199254740993.1,"currency":"SEK"}`:   "9007199254740993.1",
	}
	for wire, want := range good {
		var a Amount
		if err := json.Unmarshal([]byte(wire), &a); err != nil || a.Number != want || a.Currency != "SEK" {
			t.Errorf("%s: got %+v, %v, want %s SEK", wire, a, err, want)
		}
	}
	for _, wire := range []string{
		`{"amount":"1,50","currency":"SEK"}`, `{"amount":"","currency":"SEK"}`, `{"amount":null,"currency":"SEK"}`,
		`{"currency":"SEK"}`, `{"amount":"NaN","currency":"SEK"}`, `{"amount":"Infinity","currency":"SEK"}`,
		`{"amount":"1e999999","currency":"SEK"}`, `{"amount":{},"currency":"SEK"}`, `{"amount":"12 34","currency":"SEK"}`,
	} {
		var a Amount
		if err := json.Unmarshal([]byte(wire), &a); err == nil {
			t.Errorf("%s: taken as %+v", wire, a)
		}
	}
}

// TestLinks takes links as objects, as bare text, and not at all.
func TestLinks(t *testing.T) {
	var links Links
	wire := `{"self":{"href":"/c/1"},"account":"/a/1","scaOAuth":{"href":null},"next":null,"odd":7,"empty":{}}`
	if err := json.Unmarshal([]byte(wire), &links); err != nil {
		t.Fatal(err)
	}
	if want := (Links{"self": "/c/1", "account": "/a/1"}); !maps.Equal(links, want) {
		t.Errorf("got %v, want %v", links, want)
	}
}

// TestErrorNamesTheField says which part of an answer could not be understood.
func TestErrorNamesTheField(t *testing.T) {
	tests := map[string]string{
		`{"transactions":{"booked":[{"transactionAmount":{"amount":"1.00","currency":"SEK"}},{"transactionAmount":{"amount":"abc","currency":"SEK"}}]}}`: `transactions.booked[1].transactionAmount.amount`,
		`{"transactions":{"pending":[{}]}}`: "transactions.pending[0].transactionAmount",
		`{"transactions":{"booked":[{"bookingDate":"yesterday","transactionAmount":{"amount":"1","currency":"SEK"}}]}}`: "transactions.booked[0].bookingDate",
	}
	for wire, field := range tests {
		page, err := DecodeTransactions([]byte(wire))
		if err = whole(page, err); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v does not name %s", wire, err, field)
		}
	}
}

// TestListForms takes lists in an envelope and bare, and null as an empty one.
func TestListForms(t *testing.T) {
	for wire, want := range map[string]int{
		`{"aspsps":[{},{}]}`: 2, ` [{},{},{}]`: 3, `{"aspsps":null}`: 0, `{"aspsps":[]}`: 0,
	} {
		elements, err := list([]byte(wire), "aspsps")
		if err != nil || len(elements) != want {
			t.Errorf("%s: %d elements, %v", wire, len(elements), err)
		}
	}
	for _, wire := range []string{`{}`, `{"_links":{}}`, `{"aspsps":"none"}`, `"none"`, ``, `{"aspsps":{}}`} {
		if _, err := list([]byte(wire), "aspsps"); err == nil {
			t.Errorf("%s was taken as a list", wire)
		}
	}
}

// TestTransactionForms takes an entry with everything in its odd form.
func TestTransactionForms(t *testing.T) {
	page, err := DecodeTransactions([]byte(`{"transactions":{"booked":[{
		"transactionId":" ","entryReference":null,"bookingDate":"2024-05-01T09:00:00","valueDate":null,
		"transactionAmount":{"amount":-12.5,"currency":"SEK"},"creditorName":"  ICA ","creditorAccount":"SE4550000000058398257466",
		"debtorAccount":{"iban":null,"bban":"123"},"remittanceInformationUnstructuredArray":["a","b"],
		"somethingNew":{"kept":true}}],"_links":{"account":"/a"}},"_links":{"next":{"href":"/n"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := page.Booked[0]
	if got.ID != "" || got.BookingDate != "2024-05-01" || got.Amount.Number != "-12.5" || got.CreditorName != "ICA" ||
		got.CreditorAccount != "SE4550000000058398257466" || got.DebtorAccount != "123" || got.Remittance != "a\nb" || page.Next != "/n" {
		t.Errorf("got %+v, next %q", got, page.Next)
	}
	if !strings.Contains(string(got.Raw), "somethingNew") {
		t.Error("what was not understood is not kept")
	}
}
