package xs2a

import (
	"context"
	"errors"
	"testing"

	"consentry/xs2a/field"
)

// TestDecodersEndWithTheirContext has every decoder of reports stop between two
// entries when nobody waits for them any more.
func TestDecodersEndWithTheirContext(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for name, report := range map[string]string{
		"JSON":            `{"transactions":{"booked":[{"transactionAmount":{"amount":"1","currency":"EUR"}}]}}`,
		"JSON, undivided": `[{"transactionAmount":{"amount":"1","currency":"EUR"}}]`,
		"JSON, balances":  `{"transactions":{"booked":[]},"balances":[{"balanceAmount":{"amount":"1","currency":"EUR"}}]}`,
		"camt":            string(sample(t, "../statement/testdata/camt053v02.xml")),
		"MT940":           string(sample(t, "../statement/testdata/statement.mt940")),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := decodeReport(t.Context(), "", []byte(report)); err != nil {
				t.Fatal(err)
			}
			if _, err := decodeReport(ended, "", []byte(report)); !errors.Is(err, context.Canceled) {
				t.Errorf("went on: %v", err)
			}
		})
	}
	if _, err := decodeCardTransactions(ended, []byte(`{"cardTransactions":{"booked":[{"transactionAmount":{"amount":"1","currency":"EUR"}}]}}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("cards: %v", err)
	}
}

// TestFewLinksAndMethods takes as many as a person can be shown, and no more.
func TestFewLinksAndMethods(t *testing.T) {
	decode := func(n int) (links Links, methods few[AuthenticationMethod], errs [2]error) {
		object, list := []byte{'{'}, []byte{'['}
		for i := range n {
			if i > 0 {
				object, list = append(object, ','), append(list, ',')
			}
			object = append(object, '"', byte('a'+i%26), byte('a'+i/26), '"', ':', '"', '/', '"')
			list = append(list, '{', '}')
		}
		errs[0] = links.UnmarshalJSON(append(object, '}'))
		errs[1] = methods.UnmarshalJSON(append(list, ']'))
		return links, methods, errs
	}
	if links, methods, errs := decode(maxFew); len(links) != maxFew || len(methods) != maxFew || errs != [2]error{} {
		t.Errorf("%d links, %d methods, %v", len(links), len(methods), errs)
	}
	var limit *field.LimitError
	for _, err := range func() []error { _, _, errs := decode(maxFew + 1); return errs[:] }() {
		if !errors.As(err, &limit) {
			t.Errorf("one more: %v", err)
		}
	}
}
