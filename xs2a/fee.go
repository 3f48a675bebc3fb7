package xs2a

import (
	"encoding/json"
	"slices"
	"strings"
)

// Fees are what a payment costs, as the bank says before it is authorised
// (BG 1.3.12 sections 5.3.1 and 7.2). What it does not say is nil: that is not
// the same as nothing to pay.
type Fees struct {
	Transaction        *Amount // transactionFees
	Conversion         *Amount // currencyConversionFee, currencyConversionFees
	EstimatedTotal     *Amount // what the account will be charged
	EstimatedInterbank *Amount // what will arrive between the banks
	Charged            *bool   // transactionFeeIndicator: whether there is a fee
}

// besides is what an answer about an SCA says beside the SCA. What cannot be
// understood of it stands in the raw answer: it does not stop an approval.
type besides struct {
	TransactionFees                    fee
	CurrencyConversionFee              fee
	CurrencyConversionFees             fee
	EstimatedTotalAmount               fee
	EstimatedInterbankSettlementAmount fee
	TransactionFeeIndicator            maybe
	TrustedBeneficiaryFlag             maybe
	NameMatch                          text
	PayeeNameMatch                     text
	CreditorNameMatch                  text
	TPPMessages                        warnings
	TPPMessage                         warnings
}

func (b besides) into(answer *SCAAnswer) {
	answer.Fees = Fees{
		Transaction: b.TransactionFees.amount, Conversion: b.CurrencyConversionFee.amount,
		EstimatedTotal: b.EstimatedTotalAmount.amount, EstimatedInterbank: b.EstimatedInterbankSettlementAmount.amount,
		Charged: b.TransactionFeeIndicator.flag,
	}
	if answer.Fees.Conversion == nil { // the plural in answers to updates
		answer.Fees.Conversion = b.CurrencyConversionFees.amount
	}
	answer.Trusted = b.TrustedBeneficiaryFlag.flag
	for _, match := range []text{b.NameMatch, b.PayeeNameMatch, b.CreditorNameMatch} {
		if answer.NameMatch == "" {
			answer.NameMatch = string(match)
		}
	}
	answer.Warnings = slices.Concat(b.TPPMessages, b.TPPMessage)
}

// fee is an amount, or what is none.
type fee struct{ amount *Amount }

func (f *fee) UnmarshalJSON(b []byte) error {
	var a Amount
	if json.Unmarshal(b, &a) == nil {
		f.amount = &a
	}
	return nil
}

// maybe is a flag, or what is none.
type maybe struct{ flag *bool }

func (m *maybe) UnmarshalJSON(b []byte) error {
	var f flag
	if s := bare(b); s != "" && s != "null" && f.UnmarshalJSON(b) == nil {
		is := bool(f)
		m.flag = &is
	}
	return nil
}

// warnings are messages to the program: each its code and its text.
type warnings []string

func (w *warnings) UnmarshalJSON(b []byte) error {
	var messages tppMessages
	_ = messages.UnmarshalJSON(b) // what is no list of messages says nothing
	for _, m := range messages {
		if said := strings.TrimSpace(strings.TrimSpace(string(m.Code) + " " + string(m.Text))); said != "" {
			*w = append(*w, said)
		}
	}
	return nil
}

// keptRaw is what is kept of an answer as it came: its beginning, without what
// is as good as a password.
func keptRaw(a answer) []byte {
	return []byte(a.secrets.Kept(string(a.body[:min(len(a.body), maxRawRead)]), a.header.Get("Content-Type"), maxKept))
}

// maxRawRead bounds the part of an answer in which secrets are looked for.
const maxRawRead = 4 * maxKept
