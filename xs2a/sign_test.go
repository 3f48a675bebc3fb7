package xs2a

import "testing"

// TestSigns gives unsigned amounts the direction of the party named, and
// changes nothing where the bank signs.
func TestSigns(t *testing.T) {
	const (
		out, in = `"creditorName":"Shop"`, `"debtorName":"Employer"`
		amount  = `"transactionAmount":{"currency":"SEK","amount":`
	)
	tests := map[string]struct {
		booked, pending string
		want            []string // booked, then pending
		inferred        int
	}{
		"nothing signed":                  {`{` + amount + `"5"},` + out + `},{` + amount + `"7"},` + in + `}`, ``, []string{"-5", "7"}, 1},
		"one signed":                      {`{` + amount + `"5"},` + out + `},{` + amount + `"-7"},` + out + `}`, ``, []string{"5", "-7"}, 0},
		"both parties or none":            {`{` + amount + `"5"},` + out + `,` + in + `},{` + amount + `"7"}}`, ``, []string{"5", "7"}, 0},
		"pending alone unsigned":          {`{` + amount + `"-5"},` + out + `}`, `{` + amount + `"7.10"},` + out + `}`, []string{"-5", "-7.10"}, 1},
		"zero":                            {`{` + amount + `"0.00"},` + out + `}`, ``, []string{"0.00"}, 0},
		"the creditor's account":          {`{` + amount + `"5"},"creditorAccount":{"iban":"SE1"}}`, ``, []string{"-5"}, 1},
		"the own account beside the name": {`{` + amount + `"5"},` + out + `,"debtorAccount":{"iban":"SE1"}}`, ``, []string{"-5"}, 1},
		"an indicator":                    {`{` + amount + `"5"},"creditDebitIndicator":"DBIT"},{` + amount + `"7"},` + out + `,"creditDebitIndicator":"CRDT"}`, ``, []string{"-5", "7"}, 0},
		"an indicator and a sign":         {`{` + amount + `"-5"},"creditDebitIndicator":"DBIT"}`, ``, []string{"-5"}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			page, err := DecodeTransactions([]byte(`{"transactions":{"booked":[` + test.booked + `],"pending":[` + test.pending + `]}}`))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			inferred := 0
			for _, entry := range append(page.Booked, page.Pending...) {
				got = append(got, entry.Amount.Number)
				if entry.Inferred {
					inferred++
				}
			}
			compare(t, "amounts", got, test.want)
			compare(t, "inferred", inferred, test.inferred)
		})
	}
}
