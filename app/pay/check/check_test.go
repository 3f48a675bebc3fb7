package check

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jacoelho/banking/iban"
)

// registry has an example of each country that the IBAN registry of SWIFT prints
// (release 97), in its electronic form.
var registry = strings.Fields(`AD1200012030200359100100 AE070331234567890123456 AL47212110090000000235698741 AT611904300234573201
	AZ21NABZ00000000137010001944 BA391290079401028494 BE68539007547034 BG80BNBG96611020345678 BH67BMAG00001299123456
	BR1800360305000010009795493C1 BY13NBRB3600900000002Z00AB00 CH9300762011623852957 CR05015202001026284066
	CY17002001280000001200527600 CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243 DO28BAGR00000001212453611324
	EE382200221020145685 ES9121000418450200051332 FI2112345600000785 FO6264600001631634 FR1420041010050500013M02606
	GB29NWBK60161331926819 GE29NB0000000101904917 GI75NWBK000000007099453 GL8964710001000206 GR1601101250000000012300695
	GT82TRAJ01020000001210029690 HR1210010051863000160 HU42117730161111101800000000 IE29AIBK93115212345678
	IL620108000000099999999 IQ98NBIQ850123456789012 IS140159260076545510730339 IT60X0542811101000000123456
	JO94CBJO0010000000000131000302 KW81CBKU0000000000001234560101 KZ86125KZT5004100100 LB62099900000001001901229114
	LI21088100002324013AA LT121000011101001000 LU280019400644750000 LV80BANK0000435195001 MC5811222000010123456789030
	MD24AG000225100013104168 ME25505000012345678951 MK07250120000058984 MR1300020001010000123456753
	MT84MALT011000012345MTLCAST001S MU17BOMM0101101030300200000MUR NL91ABNA0417164300 NO9386011117947
	PK36SCBL0000001123456702 PL61109010140000071219812874 PS92PALS000000000400123456702 PT50000201231234567890154
	QA58DOHB00001234567890ABCDEFG RO49AAAA1B31007593840000 RS35260005601001611379 SA0380000000608010167519
	SC18SSCB11010000000000001497USD SE4550000000058398257466 SI56263300012039086 SK3112000000198742637541
	SM86U0322509800000000270100 ST23000100010051845310146 SV62CENR00000000000000700025 TL380080012345678910157
	TN5910006035183598478831 TR330006100519786457841326 UA213223130000026007233566001 VA59001123000012345678
	VG96VPVG0000012345678901 XK051212012345678906`)

// Each example of the registry is taken, in either form, and none with one digit
// changed.
func TestIBANOfEveryCountry(t *testing.T) {
	for _, example := range registry {
		for _, form := range []string{example, iban.PaperFormat(example), strings.ToLower(example)} {
			if got, fault := IBAN(form); fault != nil || got != example {
				t.Errorf("%q: %q, %v", form, got, fault)
			}
		}
		for i, c := range example {
			if c < '0' || c > '9' {
				continue
			}
			changed := example[:i] + string('0'+(c-'0'+1)%10) + example[i+1:]
			if got, fault := IBAN(changed); fault == nil {
				t.Errorf("%s of %s was taken as %s", changed, example, got)
			}
		}
	}
}

func TestFieldsSayWhatIsWrong(t *testing.T) {
	amount := func(currency string) func(string) (string, *Fault) {
		return func(s string) (string, *Fault) { return Amount(s, currency) }
	}
	text := func(extended bool) func(string) (string, *Fault) {
		return func(s string) (string, *Fault) { return Text(s, 20, extended) }
	}
	today := time.Date(2026, 11, 28, 23, 50, 0, 0, time.UTC)
	day := func(s string) (string, *Fault) {
		d, fault := Day(s, today, today.AddDate(1, 0, 0))
		return strings.TrimSuffix(d.Format(time.DateOnly), "0001-01-01"), fault
	}
	for _, each := range []struct {
		name        string
		read        func(string) (string, *Fault)
		given, want string
		wrong       Code
	}{
		{"iban", IBAN, "", "", Missing},
		{"iban", IBAN, "SE45 5000 0000 0583 9825 746", "", IBANLength},
		{"iban", IBAN, "SE45 5000 0000 0583 9825 7467", "", IBANDigits},
		{"iban", IBAN, "ZZ45 5000 0000 0583 9825 7466", "", IBANCountry},
		{"iban", IBAN, "ქართული", "", IBANStructure},
		{"iban", IBAN, "S", "", IBANStructure},
		{"iban", IBAN, "GE29 1B00 0000 0101 9049 17", "", IBANStructure},

		{"bic", BIC, "nrsk sep0", "NRSKSEP0", ""},
		{"bic", BIC, "NRSKSEP", "", NotABIC},
		{"bic", BIC, "NRSKZZP0", "", NotABIC},

		{"bankgiro", Bankgiro, "5050-1055", "5050-1055", ""},
		{"bankgiro", Bankgiro, "991 2346", "991-2346", ""},
		{"bankgiro", Bankgiro, "5050-1056", "", GiroDigits},
		{"bankgiro", Bankgiro, "505010", "", GiroLength},
		{"bankgiro", Bankgiro, "5050-105X", "", GiroLength},
		{"plusgiro", Plusgiro, "28 65 43-4", "286543-4", ""},
		{"plusgiro", Plusgiro, "28 65 43-5", "", GiroDigits},
		{"clearing", Clearing, "5000", "5000", ""},
		{"clearing", Clearing, "8214-9", "82149", ""},
		{"clearing", Clearing, "8214-8", "", ClearingDigits},
		{"clearing", Clearing, "50001", "", ClearingNumber},
		{"clearing", Clearing, "0500", "", ClearingNumber},
		{"bban", BBAN, "5839 8257 466", "58398257466", ""},
		{"bban", BBAN, "58398257466 €", "", BBANForm},

		{"ocr", OCR, "1234 5674", "12345674", ""},
		{"ocr", OCR, "12345675", "", ReferenceDigits},
		{"ocr", OCR, "1234567A", "", ReferenceForm},
		{"ocr", OCR, strings.Repeat("0", 26), "", ReferenceLength},
		{"reference", CreditorReference, "RF18 5390 0754 7034", "RF18539007547034", ""},
		{"reference", CreditorReference, "RF19 5390 0754 7034", "", ReferenceDigits},
		{"reference", CreditorReference, "5390 0754 7034", "", CreditorForm},

		{"amount", amount("EUR"), "12", "12", ""},
		{"amount", amount("EUR"), "12,5", "12.5", ""},
		{"amount", amount("EUR"), "0012.50", "12.50", ""},
		{"amount", amount("EUR"), "1.234,50", "1234.50", ""},
		{"amount", amount("EUR"), "1,234.50", "1234.50", ""},
		{"amount", amount("EUR"), "1 234,50", "1234.50", ""},
		{"amount", amount("EUR"), "1\u00a0234\u202f567,50", "1234567.50", ""},
		{"amount", amount("CHF"), "1'234.50", "1234.50", ""},
		{"amount", amount("EUR"), "1.234.567", "1234567", ""},
		{"amount", amount("EUR"), "1234.500", "1234.50", ""},
		{"amount", amount("EUR"), "0.500", "0.50", ""},
		{"amount", amount("KWD"), "1234.567", "1234.567", ""},
		{"amount", amount("KWD"), "12.345", "12.345", ""},
		{"amount", amount("KWD"), "12,345", "", Ambiguous},
		{"amount", amount("EUR"), "1.234", "", Ambiguous},
		{"amount", amount("JPY"), "1,234", "", Ambiguous},
		{"amount", amount("EUR"), "0.125", "", Decimals},
		{"amount", amount("EUR"), "1234.567", "", Decimals},
		{"amount", amount("JPY"), "12.5", "", Decimals},
		{"amount", amount("JPY"), "12.00", "12", ""},
		{"amount", amount("EUR"), "0", "", NotPositive},
		{"amount", amount("EUR"), "0,00", "", NotPositive},
		{"amount", amount("EUR"), "-5", "", NotPositive},
		{"amount", amount("EUR"), "\u22125", "", NotPositive},
		{"amount", amount("EUR"), "1e9", "", NotAnAmount},
		{"amount", amount("EUR"), "12 34", "", NotAnAmount},
		{"amount", amount("EUR"), "1.23.456", "", NotAnAmount},
		{"amount", amount("EUR"), "1,2,3.4", "", NotAnAmount},
		{"amount", amount("EUR"), ".", "", NotAnAmount},
		{"amount", amount("EUR"), "12.", "", NotAnAmount},
		{"amount", amount("EUR"), "'", "", NotAnAmount},
		{"amount", amount("EUR"), "1234567890123", "", TooMuch},
		{"amount", amount("EUR"), "123456789012.99", "123456789012.99", ""},
		{"amount", amount("EUR"), "", "", Missing},
		{"amount", amount("XYZ"), "5", "", UnknownCurrency},
		{"currency", Currency, "sek", "SEK", ""},
		{"currency", Currency, "", "", Missing},
		{"currency", Currency, "EURO", "", UnknownCurrency},

		{"text", text(false), "  Hyra   maj ", "Hyra maj", ""},
		{"text", text(false), "Räkning 12", "", TextCharacters},
		{"text", text(true), "Räkning 12", "Räkning 12", ""},
		{"text", text(true), "a\u202eb", "", TextCharacters},
		{"text", text(false), strings.Repeat("a", 21), "", TextLength},
		{"text", text(false), "/INV/1", "", TextSlash},
		{"text", text(false), "1//2", "", TextSlash},
		{"text", text(false), "", "", ""},

		{"day", day, "2026-11-28", "2026-11-28", ""},
		{"day", day, "2026-11-27", "", DayPast},
		{"day", day, "2027-11-28", "2027-11-28", ""},
		{"day", day, "2027-11-29", "", DayBeyond},
		{"day", day, "2027-02-29", "", NotADay},
		{"day", day, "28.11.2026", "", NotADay},
		{"day", day, "", "", Missing},
	} {
		t.Run(fmt.Sprintf("%s %q", each.name, each.given), func(t *testing.T) {
			got, fault := each.read(each.given)
			switch {
			case each.wrong == "" && (fault != nil || got != each.want):
				t.Errorf("%q, %v, want %q", got, fault, each.want)
			case each.wrong != "" && (fault == nil || fault.Code != each.wrong):
				t.Errorf("%q, %v, want %s", got, fault, each.wrong)
			}
		})
	}
}

// A check digit tells each digit that was mistyped.
func TestOneDigitChanged(t *testing.T) {
	for name, each := range map[string]struct {
		read    func(string) (string, *Fault)
		numbers []string
	}{
		"bankgiro": {Bankgiro, []string{"50501055", "9912346"}},
		"plusgiro": {Plusgiro, []string{"2865434"}},
		"OCR":      {OCR, []string{"12345674"}},
		"RF":       {CreditorReference, []string{"RF18539007547034"}},
	} {
		for _, number := range each.numbers {
			if _, fault := each.read(number); fault != nil {
				t.Errorf("%s %s: %v", name, number, fault)
			}
			for i, c := range number {
				if c < '0' || c > '9' {
					continue
				}
				for d := '0'; d <= '9'; d++ {
					if d == c {
						continue
					}
					if got, fault := each.read(number[:i] + string(d) + number[i+1:]); fault == nil {
						t.Errorf("%s %s, digit %d as %c, was taken as %s", name, number, i, d, got)
					}
				}
			}
		}
	}
}

// What is offered for a text can be sent.
func TestTransliterate(t *testing.T) {
	for given, want := range map[string]string{
		"ნინო ბერიძე":          "nino beridze",
		"გამარჯობა":            "gamarjoba",
		"Räksmörgås":           "Raeksmoergaas",
		"ÅKERLUND":             "AAKERLUND",
		"Ångström":             "Aangstroem",
		"Straße 5 & Söhne":     "Strasse 5 + Soehne",
		"Петров Иван":          "Petrov Ivan",
		"naïve café":           "naive cafe",
		"5 € // 6":             "5 EUR / 6",
		"“quoted” – dash":      "quoted - dash",
		"\u202eturned":         "turned",
		"😀":                    "",
		"Nyrölä, 'as it is' +": "Nyroelae, 'as it is' +",
	} {
		got := Transliterate(given)
		if got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
		if sent, fault := Text(got, 1000, false); fault != nil || sent != got {
			t.Errorf("%q, offered for %q, cannot be sent: %v", got, given, fault)
		}
	}
	if _, fault := Text("Räkning", 7, false); fault == nil || fault.Other != "Raeknin" || fault.Number != 8 || fault.Of != 7 {
		t.Errorf("of what is shortened, the fault is %+v", fault)
	}
	_, fault := Text("ნინო & Ärla", 100, false)
	if fault == nil || fault.Other != "nino + Aerla" || !strings.Contains(fault.Text, "&") || strings.Contains(fault.Text, "l") {
		t.Errorf("the fault is %+v", fault)
	}
}

func TestPaste(t *testing.T) {
	code := "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1.5\nCHAR\n\nUrgency fund\nSample EPC QR code"
	for name, each := range map[string]struct {
		text   string
		want   Pasted
		faults []string
	}{
		"code": {text: code, want: Pasted{IBAN: "BE72000000001616", BIC: "BPOTBEB1", Name: "Red Cross of Belgium", Amount: "1.5", Currency: "EUR",
			Purpose: "CHAR", Text: "Urgency fund"}},
		"code with other line ends": {text: strings.ReplaceAll(code, "\n", "\r\n"), want: Pasted{IBAN: "BE72000000001616", BIC: "BPOTBEB1",
			Name: "Red Cross of Belgium", Amount: "1.5", Currency: "EUR", Purpose: "CHAR", Text: "Urgency fund"}},
		"code with a reference": {text: "BCD\n002\n1\nSCT\n\nA\nDE89370400440532013000\nEUR999999999.99\n\nRF18539007547034",
			want: Pasted{IBAN: "DE89370400440532013000", Name: "A", Amount: "999999999.99", Currency: "EUR", Reference: "RF18539007547034"}},
		"code with a wrong number": {text: strings.Replace(code, "1616", "1617", 1), faults: []string{"iban"},
			want: Pasted{BIC: "BPOTBEB1", Name: "Red Cross of Belgium", Amount: "1.5", Currency: "EUR", Purpose: "CHAR", Text: "Urgency fund"}},
		"code with a wrong purpose": {text: strings.Replace(code, "CHAR", "GIFTS", 1), faults: []string{"purpose"},
			want: Pasted{IBAN: "BE72000000001616", BIC: "BPOTBEB1", Name: "Red Cross of Belgium", Amount: "1.5", Currency: "EUR", Text: "Urgency fund"}},
		"text":                    {text: "Please pay to DE89 3704 0044 0532 0130 00 within 30 days", want: Pasted{IBAN: "DE89370400440532013000"}},
		"twice the same":          {text: "DE89370400440532013000 / DE89 3704 0044 0532 0130 00", want: Pasted{IBAN: "DE89370400440532013000"}},
		"number in small letters": {text: "iban: ge29nb0000000101904917.", want: Pasted{IBAN: "GE29NB0000000101904917"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, faults, err := Paste(each.text)
			if err != nil || got != each.want || len(faults) != len(each.faults) {
				t.Errorf("%+v, %v, %v", got, faults, err)
			}
			for _, member := range each.faults {
				if faults[member] == nil {
					t.Errorf("nothing is wrong with %s", member)
				}
			}
		})
	}
	for _, nothing := range []string{"", "hello", "BCD\n002\n1\nSDD\n", "DE89370400440532013001", "DE89370400440532013000 FI2112345600000785", strings.Repeat("DE89 ", 10000)} {
		if got, _, err := Paste(nothing); err == nil {
			t.Errorf("%.40q holds %+v", nothing, got)
		}
	}
}

func TestBankDays(t *testing.T) {
	on := func(text string) time.Time {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for _, each := range []struct{ currency, day, following string }{
		{"EUR", "2026-11-28", "2026-11-30"}, // a Saturday
		{"EUR", "2026-12-25", "2026-12-28"},
		{"EUR", "2027-03-26", "2027-03-30"}, // Good Friday to Easter Monday
		{"EUR", "2026-12-24", "2026-12-24"},
		{"SEK", "2026-12-24", "2026-12-28"},
		{"SEK", "2026-06-19", "2026-06-22"}, // Midsummer Eve
		{"SEK", "2026-12-31", "2027-01-04"},
		{"GEL", "2026-11-29", "2026-11-30"},
	} {
		calendar, _ := CalendarOf(each.currency)
		if got := calendar.Following(on(each.day)).Format(time.DateOnly); got != each.following {
			t.Errorf("%s %s: %s, want %s", each.currency, each.day, got, each.following)
		}
	}
}
