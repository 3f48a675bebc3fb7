package xs2a

import (
	"strings"
	"unicode/utf8"
)

// usualTransaction reads an entry that is as most are, in one go: texts under the names of the
// documents, an amount, and accounts. All else is read as encoding/json has it.
func usualTransaction(raw string) (w wireTransaction, usual bool) {
	s := scan{s: raw}
	usual = s.each(func(name string) bool { return w.take(&s, name) }) && s.ended() && w.TransactionAmount != nil
	return w, usual
}

// take takes a member of an entry. Of two with one name the latter counts, as for encoding/json.
func (w *wireTransaction) take(s *scan, name string) (usual bool) {
	if into := w.textOf(name); into != nil {
		return into.take(s)
	}
	switch name {
	case "transactionAmount":
		w.TransactionAmount, usual = usualAmount(s)
		return usual
	case "creditorAccount":
		return w.CreditorAccount.take(s)
	case "debtorAccount":
		return w.DebtorAccount.take(s)
	case "remittanceInformationUnstructured":
		return w.RemittanceInformationUnstructured.take(s)
	case "remittanceInformationStructured":
		return w.RemittanceInformationStructured.take(s)
	}
	return !entryNames[strings.ToLower(name)] && s.pass(maxDepth)
}

// textOf is where a member is kept that is a text; nil for others.
func (w *wireTransaction) textOf(name string) *text {
	switch name {
	case "transactionId":
		return &w.TransactionID
	case "entryReference":
		return &w.EntryReference
	case "endToEndId":
		return &w.EndToEndID
	case "bookingDate":
		return &w.BookingDate
	case "valueDate":
		return &w.ValueDate
	case "creditorName":
		return &w.CreditorName
	case "ultimateCreditor":
		return &w.UltimateCreditor
	case "debtorName":
		return &w.DebtorName
	case "ultimateDebtor":
		return &w.UltimateDebtor
	case "creditorAgent":
		return &w.CreditorAgent
	case "debtorAgent":
		return &w.DebtorAgent
	case "creditorId":
		return &w.CreditorID
	case "mandateId":
		return &w.MandateID
	case "purposeCode":
		return &w.PurposeCode
	case "additionalInformation":
		return &w.AdditionalInformation
	case "creditDebitIndicator":
		return &w.CreditDebitIndicator
	case "bankTransactionCode":
		return &w.BankTransactionCode
	case "proprietaryBankTransactionCode":
		return &w.ProprietaryBankTransactionCode
	}
	return nil
}

// The names of members in small letters, under which encoding/json finds them, too.
var (
	entryNames = lowerNames("transactionId", "entryReference", "endToEndId", "bookingDate", "valueDate", "transactionAmount",
		"creditorName", "ultimateCreditor", "debtorName", "ultimateDebtor", "creditorAccount", "debtorAccount", "creditorAgent", "debtorAgent",
		"creditorId", "mandateId", "purposeCode", "currencyExchange", "entryDetails", "remittanceInformationUnstructured",
		"remittanceInformationStructured", "remittanceInformationUnstructuredArray", "remittanceInformationStructuredArray",
		"additionalInformation", "creditDebitIndicator", "bankTransactionCode", "proprietaryBankTransactionCode")
	amountNames    = lowerNames("amount", "currency")
	referenceNames = lowerNames("iban", "bban", "maskedPan", "pan", "msisdn")
)

func lowerNames(names ...string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, name := range names {
		all[strings.ToLower(name)] = true
	}
	return all
}

// usualText reads a text of which nothing is escaped.
func usualText(s *scan) (read string, usual bool) {
	raw, plain, is := s.text()
	return raw, is && plain && utf8.ValidString(raw)
}

func (t *text) take(s *scan) bool {
	read, usual := usualText(s)
	*t = text(strings.TrimSpace(read))
	return usual
}

func (r *remittance) take(s *scan) bool {
	read, usual := usualText(s)
	*r = remittance(strings.TrimSpace(read))
	return usual
}

// usualAmount reads an amount that is a text.
func usualAmount(s *scan) (*Amount, bool) {
	var number, currency string
	usual := s.each(func(name string) (usual bool) {
		switch name {
		case "amount":
			number, usual = usualText(s)
		case "currency":
			currency, usual = usualText(s)
		default:
			usual = !amountNames[strings.ToLower(name)] && s.pass(maxDepth)
		}
		return usual
	})
	if !usual || !canonical(number) {
		return nil, false
	}
	return &Amount{number, strings.ToUpper(strings.TrimSpace(currency))}, true
}

// canonical reports whether a number is written as amounts are kept, such as -12.50, and is of no
// more digits than any honest amount has.
func canonical(number string) bool {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	if len(number) > 20 || whole == "" || whole[0] == '0' && len(whole) > 1 || point && fraction == "" {
		return false
	}
	nothing := true
	for _, digits := range []string{whole, fraction} {
		for i := range len(digits) {
			if !isDigit(digits[i]) {
				return false
			}
			nothing = nothing && digits[i] == '0'
		}
	}
	return !nothing || number[0] != '-'
}

// take reads an account by whichever of its identifiers is there first.
func (r *reference) take(s *scan) bool {
	var iban, bban, maskedPAN, pan, msisdn text
	usual := s.each(func(name string) bool {
		switch name {
		case "iban":
			return iban.take(s)
		case "bban":
			return bban.take(s)
		case "maskedPan":
			return maskedPAN.take(s)
		case "pan":
			return pan.take(s)
		case "msisdn":
			return msisdn.take(s)
		}
		return !referenceNames[strings.ToLower(name)] && s.pass(maxDepth)
	})
	for _, id := range []text{msisdn, pan, maskedPAN, bban, iban} { // the last that is there counts
		if id != "" {
			*r = reference(id)
		}
	}
	return usual
}
