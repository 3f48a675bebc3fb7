package xs2a

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"consentry/xs2a/field"
)

// wireTransaction is an entry in JSON (BG 1.3.12 section 14.20).
type wireTransaction struct {
	TransactionID, EntryReference, EndToEndID                          text
	BookingDate, ValueDate                                             text
	TransactionAmount                                                  *Amount
	CreditorName, UltimateCreditor, DebtorName, UltimateDebtor         text
	CreditorAccount, DebtorAccount                                     reference
	CreditorAgent, DebtorAgent, CreditorID, MandateID, PurposeCode     text
	CurrencyExchange                                                   exchanges
	EntryDetails                                                       batch
	RemittanceInformationUnstructured, RemittanceInformationStructured remittance
	RemittanceInformationUnstructuredArray                             remittance
	RemittanceInformationStructuredArray                               remittance
	AdditionalInformation, CreditDebitIndicator                        text
	BankTransactionCode, ProprietaryBankTransactionCode                text
}

// decodeTransaction reads an entry in JSON.
func decodeTransaction(raw json.RawMessage) (Transaction, error) {
	if w, usual := usualTransaction(string(raw)); usual {
		return w.transaction(raw)
	}
	return decodeUnusualTransaction(raw)
}

// decodeUnusualTransaction reads an entry that is not as most are, and tells what is wrong with it.
func decodeUnusualTransaction(raw json.RawMessage) (Transaction, error) {
	var w wireTransaction
	if err := unmarshal(raw, &w); err != nil {
		return Transaction{}, err
	}
	return w.transaction(raw)
}

// transaction is what an entry says that was read from raw.
func (w *wireTransaction) transaction(raw json.RawMessage) (Transaction, error) {
	if w.TransactionAmount == nil {
		return Transaction{}, field.Missing("transactionAmount")
	}
	booking, err := field.Day("bookingDate", string(w.BookingDate))
	if err != nil {
		return Transaction{}, err
	}
	value, err := field.Day("valueDate", string(w.ValueDate))
	if err != nil {
		return Transaction{}, err
	}
	t := Transaction{
		ID: string(w.TransactionID), EntryReference: string(w.EntryReference), EndToEndID: string(w.EndToEndID),
		BookingDate: booking, ValueDate: value, Amount: *w.TransactionAmount,
		CreditorAccount: string(w.CreditorAccount), CreditorAgent: string(w.CreditorAgent), CreditorID: string(w.CreditorID),
		DebtorAccount: string(w.DebtorAccount), DebtorAgent: string(w.DebtorAgent),
		MandateID: string(w.MandateID), PurposeCode: string(w.PurposeCode), Exchange: w.CurrencyExchange,
		Additional: string(w.AdditionalInformation), BankCode: string(w.BankTransactionCode), Raw: raw,
	}
	t.nameCreditor(string(w.CreditorName), string(w.UltimateCreditor))
	t.nameDebtor(string(w.DebtorName), string(w.UltimateDebtor))
	for _, r := range []remittance{
		w.RemittanceInformationUnstructured, w.RemittanceInformationUnstructuredArray,
		w.RemittanceInformationStructured, w.RemittanceInformationStructuredArray,
	} {
		if t.Remittance == "" {
			t.Remittance = string(r)
		}
	}
	if t.Remittance == "" {
		t.Remittance = summary(w.EntryDetails.of(t.Amount.Negative()))
	}
	if t.BankCode == "" {
		t.BankCode = string(w.ProprietaryBankTransactionCode)
	}
	t.directed(string(w.CreditDebitIndicator))
	return t, nil
}

// reference is the identifier of a counterparty's account, whichever is there.
type reference string

func (r *reference) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] != '{' { // a bare identifier, or null
		var t text
		if err := t.UnmarshalJSON(b); err != nil {
			return err
		}
		*r = reference(t)
		return nil
	}
	var w struct{ IBAN, BBAN, MaskedPAN, PAN, MSISDN text }
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	for _, id := range []text{w.IBAN, w.BBAN, w.MaskedPAN, w.PAN, w.MSISDN} {
		if id != "" {
			*r = reference(id)
			return nil
		}
	}
	return nil
}

// remittance is what a payment is for: text, a structured reference, or lines
// of either (BG 1.3.12 section 14.30).
type remittance string

func (r *remittance) UnmarshalJSON(b []byte) error {
	var elements []json.RawMessage
	if b[0] != '[' {
		elements = append(elements, b)
	} else if err := unmarshal(b, &elements); err != nil {
		return err
	}
	var lines []string
	for i, element := range elements {
		line, err := remittanceLine(element)
		if err != nil {
			return field.Within(fmt.Sprintf("[%d]", i), err)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	*r = remittance(strings.Join(lines, "\n"))
	return nil
}

// remittanceLine is text, the reference in an object, or what else there is
// as it came.
func remittanceLine(raw json.RawMessage) (string, error) {
	var object struct{ Reference text }
	if raw[0] == '{' {
		if err := unmarshal(raw, &object); err != nil {
			return "", err
		}
	}
	if object.Reference != "" {
		return string(object.Reference), nil
	}
	var t text
	err := t.UnmarshalJSON(raw)
	return string(t), err
}

// exchanges are rates in a list or, at some banks, a single one, under the
// names of today or those of BG 1.3.3 and before. What is none is passed over.
type exchanges []ExchangeRate

func (e *exchanges) UnmarshalJSON(b []byte) error {
	for _, raw := range oneOrMany(b) {
		var w struct {
			SourceCurrency, TargetCurrency, UnitCurrency        text
			ExchangeRate, QuotationDate, ContractIdentification text
			CurrencyFrom, CurrencyTo, RateFrom, RateDate        text
		}
		if json.Unmarshal(raw, &w) != nil {
			continue
		}
		one := ExchangeRate{
			string(cmp.Or(w.SourceCurrency, w.CurrencyFrom)), string(cmp.Or(w.TargetCurrency, w.CurrencyTo)), string(w.UnitCurrency),
			string(cmp.Or(w.ExchangeRate, w.RateFrom)), string(cmp.Or(w.QuotationDate, w.RateDate)), string(w.ContractIdentification),
		}
		if one != (ExchangeRate{}) {
			*e = append(*e, one)
		}
	}
	return nil
}

// batch are the payments an entry is made of (BG 1.3.12 section 14.17). What
// is none is passed over: the entry's amount does not come from here.
type batch []batchPayment

type batchPayment struct {
	CreditorName, UltimateCreditor, DebtorName, UltimateDebtor         text
	RemittanceInformationUnstructured, RemittanceInformationStructured remittance
}

func (p *batch) UnmarshalJSON(b []byte) error {
	for _, raw := range oneOrMany(b) {
		var one batchPayment
		if json.Unmarshal(raw, &one) == nil {
			*p = append(*p, one)
		}
	}
	return nil
}

// of returns whom the payments went to, or came from, and what for.
func (p batch) of(out bool) []payment {
	var all []payment
	for _, one := range p {
		creditor, debtor := string(cmp.Or(one.UltimateCreditor, one.CreditorName)), string(cmp.Or(one.UltimateDebtor, one.DebtorName))
		what := cmp.Or(one.RemittanceInformationUnstructured, one.RemittanceInformationStructured)
		all = append(all, payment{other(out, creditor, debtor), string(what)})
	}
	return all
}

// oneOrMany returns the elements of a list, or what stands in its place.
func oneOrMany(b []byte) []json.RawMessage {
	var elements []json.RawMessage
	if json.Unmarshal(b, &elements) != nil {
		elements = []json.RawMessage{b}
	}
	return elements
}
