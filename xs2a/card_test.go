package xs2a

import (
	"net/http"
	"testing"
)

// TestDebitAccounting takes what is owed on a card as negative, whichever way
// the bank quotes it.
func TestDebitAccounting(t *testing.T) {
	const entries = `{"debitAccounting":%,"cardTransactions":{"booked":[
		{"cardTransactionId":"1","transactionDate":"2024-05-01","transactionAmount":{"amount":"@12.50","currency":"EUR"}},
		{"cardTransactionId":"2","transactionDate":"2024-05-02","transactionAmount":{"amount":"#300","currency":"EUR"}}]}}`
	const owed = `{"debitAccounting":%,"balances":[{"balanceType":"interimBooked","balanceAmount":{"amount":"@12.50","currency":"EUR"}},
		{"balanceType":"interimAvailable","balanceAmount":{"amount":"900","currency":"EUR"}}]}`
	for name, with := range map[string]map[byte]string{
		"debits with a minus":    {'%': "false", '@': "-", '#': ""},
		"debits without a minus": {'%': "true", '@': "", '#': "-"},
		"a flag as text":         {'%': `"true"`, '@': "", '#': "-"},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := DecodeCardTransactions([]byte(filled(entries, with)))
			if err != nil {
				t.Fatal(err)
			}
			if got := page.Booked[0].Amount.Number + " " + page.Booked[1].Amount.Number; got != "-12.50 300" {
				t.Errorf("bought and paid: %s", got)
			}
			balances, err := sends(t, http.StatusOK, filled(owed, with)).CardBalances(t.Context(), Call{}, "1")
			if err != nil {
				t.Fatal(err)
			}
			if got := balances[0].Amount.Number + " " + balances[1].Amount.Number; got != "-12.50 900" {
				t.Errorf("owed and available: %s", got)
			}
		})
	}
}

// filled puts texts in the places of signs.
func filled(pattern string, with map[byte]string) (text string) {
	for i := range len(pattern) {
		if put, known := with[pattern[i]]; known {
			text += put
		} else {
			text += pattern[i : i+1]
		}
	}
	return text
}
