// Package check reads what people type and paste into the fields of a payment:
// accounts, references, amounts, days and texts. Each function returns the value
// as banks take it, or a [Fault] that says what is wrong with it. Nothing is
// asked of anybody, and nothing here is a word for the screen.
package check

// Code says what is wrong with a field.
type Code string

// The codes, with the members of a Fault that belong to each.
const (
	Missing       Code = "missing"
	ChooseAccount Code = "chooseAccount" // that is paid from
	SameAccount   Code = "sameAccount"   // the payee's is the one that is paid from

	IBANCountry   Code = "ibanCountry"   // Text: the country
	IBANLength    Code = "ibanLength"    // Text: the country; Number: the length given; Of: the country's
	IBANDigits    Code = "ibanDigits"    // the check digits are those of another number
	IBANStructure Code = "ibanStructure" // Text: the country

	NotABIC Code = "notABIC" // Text: as it was given

	PurposeForm Code = "purposeForm" // Text: as it was given

	GiroLength     Code = "giroLength"     // Number: the digits given
	GiroDigits     Code = "giroDigits"     // the check digit is that of another number
	ClearingNumber Code = "clearingNumber" // four digits from 1000 on, or five that begin with 8
	ClearingDigits Code = "clearingDigits" // the fifth digit is that of another number
	BBANForm       Code = "bbanForm"

	ReferenceLength Code = "referenceLength" // Number: the characters given; Of: the most
	ReferenceDigits Code = "referenceDigits" // the check digit is that of another number
	ReferenceForm   Code = "referenceForm"   // of an OCR reference: digits alone
	CreditorForm    Code = "creditorForm"    // RF, two digits, and letters and digits

	ReferenceOrInvoice Code = "referenceOrInvoice" // of a giro one of them is to be given
	TextAndReference   Code = "textAndReference"   // both are given, and there is room for one

	NotAnAmount Code = "notAnAmount"
	Ambiguous   Code = "ambiguous" // Text and Other: the two amounts it may be
	NotPositive Code = "notPositive"
	Decimals    Code = "decimals" // Text: the currency; Of: the decimals it has
	TooMuch     Code = "tooMuch"  // Of: the digits an amount can have

	UnknownCurrency Code = "unknownCurrency" // Text: as it was given

	NotADay   Code = "notADay"
	DayPast   Code = "dayPast"   // Text: the first day there can be
	DayBeyond Code = "dayBeyond" // Text: the last day there can be

	DayOfMonth Code = "dayOfMonth" // from 1 to 31

	TextLength Code = "textLength" // Number: the characters given; Of: the most
	// Text: those that banks do not take; Other: the text without them, cut where it is
	// too long; Number: its characters uncut; Of: the most.
	TextCharacters Code = "textCharacters"
	TextSlash      Code = "textSlash" // a slash at the beginning or the end, or two beside each other
)

// Codes lists all codes.
var Codes = []Code{
	Missing, ChooseAccount, SameAccount, IBANCountry, IBANLength, IBANDigits, IBANStructure, NotABIC, PurposeForm, GiroLength, GiroDigits, ClearingNumber, ClearingDigits, BBANForm, ReferenceLength, ReferenceDigits, ReferenceForm, CreditorForm, ReferenceOrInvoice, TextAndReference, NotAnAmount, Ambiguous, NotPositive, Decimals, TooMuch, UnknownCurrency, NotADay, DayPast, DayBeyond, DayOfMonth, TextLength, TextCharacters, TextSlash,
}

// Fault is what is wrong with a field. It is an error, for tests and logs; people
// are told by its code.
type Fault struct {
	Code        Code
	Text, Other string
	Number, Of  int
}

func (f *Fault) Error() string { return "check: " + string(f.Code) }

func fault(code Code) *Fault { return &Fault{Code: code} }
