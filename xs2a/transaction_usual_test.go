package xs2a

import (
	"encoding/json"
	"reflect"
	"testing"
)

// usualSeeds are entries as most are, and unusual ones beside them.
var usualSeeds = []string{
	`{"transactionId":"1","bookingDate":"2026-01-02","valueDate":"2026-01-03","transactionAmount":{"currency":"SEK","amount":"-1.50"},"creditorName":" Café  ","creditorAccount":{"iban":"SE1","currency":"SEK"},"remittanceInformationUnstructured":"Köp","_links":{"x":{"href":"/a"}}}`,
	`{"transactionAmount":{"amount":"0.00","currency":"sek"},"debtorName":"D","debtorAccount":{"bban":"1","iban":""},"creditDebitIndicator":"DBIT"}`,
	`{"transactionAmount":{"amount":"-0.00","currency":"EUR"}}`, `{"transactionAmount":{"amount":"-0.50","currency":"EUR"}}`, `{"transactionAmount":{"amount":"007","currency":"EUR"}}`,
	`{"transactionAmount":{"amount":" 1","currency":" eur "}}`, `{"transactionAmount":{"amount":1.5,"currency":"EUR"}}`, `{"transactionAmount":{"amount":"1.","currency":"EUR"}}`, `{"transactionAmount":{"amount":"","currency":"EUR"}}`,
	`{"transactionAmount":{"amount":"1","Amount":"2","currency":"EUR"}}`, `{"transactionAmount":{"amount":"1","amount":"2","currency":"EUR"}}`, `{"transactionAmount":null}`, `{"transactionAmount":{"amount":"1"}}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorName":null,"debtorName":12}`, `{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorName":"a","CreditorName":"b"}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorName":"a","creditorName":"b"}`, `{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorName":"\u00e9\"x"}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorAccount":"SE1"}`, `{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorAccount":{"pan":"1","msisdn":"2"},"creditorAccount":{}}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"remittanceInformationUnstructuredArray":["a","b"],"remittanceInformationStructured":{"reference":"R"}}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"entryDetails":[{"creditorName":"x"}],"currencyExchange":[{"sourceCurrency":"USD"}]}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"bookingDate":"2026-02-30"}`, `{"transactionAmount":{"amount":"1","currency":"EUR"},"bookingDate":"2026-01-02T10:00:00Z"}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"tranſactionId":"1","maſkedPan":[1e5,-0.1,true,{"a":[]}]}`, `{"transactionAmount":{"amount":"1","currency":"EUR"},"x":01}`, `{"transactionAmount":{"amount":"1","currency":"EUR"},"x":"` + "\x01" + `"}`,
	`{"transactionAmount":{"amount":"1","currency":"EUR"},"creditorName":"` + "\xff" + `"}`, `{"transactionAmount":{"amount":"1","currency":"EUR"}} x`, ` { "transactionAmount" : { "amount" : "1" , "currency" : "EUR" } } `, `[]`, `null`, ``,
}

// sameAsUnusualTransaction holds that an entry that is read in one go is read as encoding/json has it.
func sameAsUnusualTransaction(t *testing.T, raw string) (usual bool) {
	t.Helper()
	w, usual := usualTransaction(raw)
	if !usual {
		return false
	}
	got, gotErr := w.transaction(json.RawMessage(raw))
	want, wantErr := decodeUnusualTransaction(json.RawMessage(raw))
	if (gotErr == nil) != (wantErr == nil) || gotErr != nil && gotErr.Error() != wantErr.Error() || !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nis read as %+v, %v\nwant %+v, %v", raw, got, gotErr, want, wantErr)
	}
	return true
}

func TestUsualTransaction(t *testing.T) {
	usual := 0
	for _, raw := range usualSeeds {
		if sameAsUnusualTransaction(t, raw) {
			usual++
		}
	}
	if usual < 10 {
		t.Errorf("only %d are read in one go", usual)
	}
}

func FuzzUsualTransaction(f *testing.F) {
	for _, seed := range usualSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) { sameAsUnusualTransaction(t, raw) })
}
