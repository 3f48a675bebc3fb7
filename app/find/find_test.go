package find

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

var accounts = []storage.Account{
	{ID: 1, Name: "Lönekonto", BankName: "Norrsken Bank", Currency: "SEK"},
	{ID: 2, Name: "Savings", BankName: "Norrsken Bank", Currency: "EUR", IBAN: "SE1150000000058398257466"},
	{ID: 3, Name: "მიმდინარე", BankName: "Bank of Georgia", Currency: "GEL"},
}

// in writes what is looked for in a line.
func in(f storage.Find) string {
	var all []string
	for _, term := range f.Terms {
		one := term.Word
		if term.Amount != nil {
			one += " $" + term.Amount.Text('f')
		}
		if term.Tag != "" {
			one += "#" + term.Tag
		}
		if term.Currency != "" {
			one += " " + term.Currency
		}
		if term.Accounts != nil {
			one += fmt.Sprint(" ", term.Accounts)
		}
		all = append(all, strings.TrimSpace(one))
	}
	if f.Days != (storage.Span{}) {
		all = append(all, f.Days.From+" to "+f.Days.To)
	}
	bound := func(name string, n *apd.Decimal) {
		if n != nil {
			all = append(all, name+n.Text('f'))
		}
	}
	bound(map[bool]string{false: "≥", true: ">"}[f.Above], f.Least)
	bound(map[bool]string{false: "≤", true: "<"}[f.Below], f.Most)
	return strings.Join(all, "; ")
}

func TestRead(t *testing.T) {
	for typed, want := range map[string]string{
		"":                                "",
		"   ":                             "",
		"Västerlånggatan":                 "vasterlanggatan",
		"ica malmö":                       "ica; malmo",
		"ica ICA":                         "ica",
		"löne":                            "lone [1]",
		"norr":                            "norr [1 2]",
		"mimd":                            "mimd [3]",
		"georgia":                         "georgia [3]",
		"500":                             "500 $500",
		"12,90":                           "$12.90",
		"12.90":                           "$12.90",
		"-12.90":                          "$12.90",
		"1.234,50":                        "$1234.50",
		"1,234.50":                        "$1234.50",
		"1'234":                           "$1234",
		"1.234":                           "$1234",
		"1,100":                           "$1100",
		">1,000":                          ">1000",
		"1.2345":                          "$1.2345",
		"44 344.67":                       "$44344.67",
		"> 500":                           ">500",
		"100 .. 200":                      "≥100; ≤200",
		"200..100":                        "≥100; ≤200",
		">=500 >500":                      ">500",
		"€300":                            "$300; EUR",
		"300eur":                          "$300; EUR",
		"12,90kr":                         "$12.90",
		"ab300":                           "ab300",
		"INV12345":                        "inv12345",
		"12345xyz":                        "12345xyz",
		"29.11.2026":                      "2026-11-29 to 2026-11-29",
		"11/29/2026":                      "2026-11-29 to 2026-11-29",
		"3-4-2026":                        "2026-04-03 to 2026-04-03",
		"2026/11":                         "2026-11-01 to 2026-11-30",
		"märz 2026":                       "2026-03-01 to 2026-03-31",
		"14 mars":                         "2026-03-14 to 2026-03-14",
		"მარტი 2026":                      "2026-03-01 to 2026-03-31",
		"nov. 2025":                       "2025-11-01 to 2025-11-30",
		"2000":                            "2000 $2000",
		"2024 kr":                         "2024 $2024",
		"2026 march":                      "2026-03-01 to 2026-03-31",
		"1\u00a0234,50":                   "$1234.50",
		"500€":                            "$500; EUR",
		"100,-":                           "100 $100",
		">500kr":                          ">500",
		"€":                               "",
		"->":                              "",
		"#gift":                           "#gift",
		"#Summer-House ica #":             "#summerhouse; ica",
		`"#gift"`:                         "gift",
		"se11":                            "se11 [2]",
		"500 sek":                         "500 $500; sek SEK",
		">500":                            ">500",
		">=500":                           "≥500",
		"<12,90":                          "<12.90",
		"<=12,90":                         "≤12.90",
		"100..200":                        "≥100; ≤200",
		"100..":                           "≥100",
		"..200":                           "≤200",
		">100 <200":                       ">100; <200",
		"2026":                            "2026-01-01 to 2026-12-31",
		"1789":                            "1789 $1789",
		"2026-03":                         "2026-03-01 to 2026-03-31",
		"2026-02-28":                      "2026-02-28 to 2026-02-28",
		"2026-02-30":                      "2026; 02; 30",
		"march 2026":                      "2026-03-01 to 2026-03-31",
		"Mar 2026":                        "2026-03-01 to 2026-03-31",
		"14 march 2026":                   "2026-03-14 to 2026-03-14",
		"31. Dez. 2025":                   "2025-12-31 to 2025-12-31", // as German screens write it
		"5 maj":                           "2026-05-05 to 2026-05-05",
		"5 მარტს":                         "2026-03-05 to 2026-03-05",
		"12 აგვისტოს 2026":                "2026-08-12 to 2026-08-12",
		"3 იანვ. 2026":                    "2026-01-03 to 2026-01-03",
		"სექტემბრის":                      "2026-09-01 to 2026-09-30",
		"14.3.26":                         "2026-03-14 to 2026-03-14",
		"14/3/26":                         "2026-03-14 to 2026-03-14",
		"31.12.":                          "2025-12-31 to 2025-12-31", // the latest there was
		"24.12.":                          "2025-12-24 to 2025-12-24",
		"31.13.":                          "31; 13",
		"heute":                           "2026-11-29 to 2026-11-29",
		"igår":                            "2026-11-28 to 2026-11-28",
		"გუშინ":                           "2026-11-28 to 2026-11-28",
		"1 234 567,50":                    "$1234567.50",
		"12\u00a0345\u00a0678 ica":        "12345678 $12345678; ica",
		"1.234,50 €":                      "$1234.50",
		"14. march":                       "2026-03-14 to 2026-03-14",
		"30 february 2026":                "30 $30; 2026-02-01 to 2026-02-28",
		"march":                           "2026-03-01 to 2026-03-31",
		"december":                        "2025-12-01 to 2025-12-31",
		"mar":                             "mar",
		"today":                           "2026-11-29 to 2026-11-29",
		"yesterday":                       "2026-11-28 to 2026-11-28",
		"2025-06..":                       "2025-06-01 to ",
		"..2025-06":                       " to 2025-06-30",
		"2025-06..2026-02":                "2025-06-01 to 2026-02-28",
		"2025..2026":                      "2025-01-01 to 2026-12-31",
		"2025-06.. ..2025-08":             "2025-06-01 to 2025-08-31",
		"..":                              "",
		"ica >500 march 2026 norrsken":    "ica; norrsken [1 2]; 2026-03-01 to 2026-03-31; >500",
		`"2026"`:                          "2026",
		`"march 2026" >5`:                 "march; 2026; >5",
		`ica "12,90"`:                     "ica; 12; 90",
		`"open`:                           "open",
		strings.Repeat("x", 2*Longest):    strings.Repeat("x", 64),
		"a b c d e f g h i j k l m n o p": "a; b [1 2 3]; c; d; e; f; g [3]; h; i; j; k; l [1]",
	} {
		if got := in(Read(typed, accounts, now)); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestMarks(t *testing.T) {
	of := Read("vasterl ica tbilisi", nil, now)
	for text, want := range map[string]string{
		"":                               "",
		"Nothing":                        "Nothing",
		"Café Västerlånggatan 12":        "Café [Västerlånggatan] 12",
		"ICA, ica – Icarus; erica":       "[ICA], [ica] – [Icarus]; erica",
		"კაფე თბილისი":                   "კაფე [თბილისი]",
		`<script>ica</script>`:           "<script>[ica]</script>",
		"Va\u0308sterla\u030anggatan ok": "[Va\u0308sterla\u030anggatan] ok",
	} {
		var got string
		for piece, marked := range Marks(of)(text) {
			if marked {
				piece = "[" + piece + "]"
			}
			got += piece
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"ica >500 march 2026", `"`, "..", "1.234,50", "\xff 2026-13", "१२"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		found := Read(typed, accounts, now)
		for _, term := range found.Terms {
			if term.Word == "" && term.Amount == nil && term.Currency == "" && term.Tag == "" {
				t.Errorf("%q looks for nothing", typed)
			}
		}
	})
}

// TestAsWords says of what looks like a day or an amount and is none that it is words, and of nothing else.
func TestAsWords(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for typed, want := range map[string][]string{
		"":                                   nil,
		"ica malmö":                          nil,
		"13.13.2026":                         {"13.13.2026"},
		"ica 12,9,0 2026-13":                 {"12,9,0", "2026-13"},
		"2026-02-30":                         {"2026-02-30"},
		">abc <=5":                           {">abc"},
		"100..abc":                           {"100..abc"},
		"12,90 1.234,50 >500 100..200":       nil,
		"14.3.2026 2026-03 2025-06.. ..2026": nil,
		"\"13.13.2026\"":                     nil,
		"1234-5678 08-123456 nothing-like":   nil,
		"€12,90 300sek > 500":                nil,
	} {
		if got := AsWords(typed, now); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}
