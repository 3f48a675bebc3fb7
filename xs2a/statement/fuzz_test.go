package statement

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"consentry/xs2a/field"
)

// longest bounds what reading any input may take: far more than an honest
// document of that size needs, also on a machine that is busy.
const longest = 5 * time.Second

// swiftly fails a test that takes too long.
func swiftly(t *testing.T, f func()) {
	t.Helper()
	begun := time.Now()
	if f(); time.Since(begun) > longest {
		t.Errorf("took %v", time.Since(begun))
	}
}

// utf8Of makes text of any bytes, as the client does before it has a document
// read: what is no UTF-8 is ISO 8859-1.
func utf8Of(document []byte) []byte {
	if utf8.Valid(document) {
		return document
	}
	var text []rune
	for _, b := range document {
		text = append(text, rune(b))
	}
	return []byte(string(text))
}

// usableAmount checks what every amount must be, whatever it was read from.
func usableAmount(t *testing.T, a Amount) {
	t.Helper()
	again, err := field.Number(a.Number)
	if err != nil || again != a.Number {
		t.Errorf("amount %q is not canonical: %q, %v", a.Number, again, err)
	}
	if field.Decimal(a.Number).IsZero() && a.out() {
		t.Errorf("%q is a negative nothing", a.Number)
	}
	if a.negated().negated() != a {
		t.Errorf("%q turned twice is %q", a.Number, a.negated().negated().Number)
	}
}

func usableDay(t *testing.T, days ...string) {
	t.Helper()
	for _, d := range days {
		if d != "" && !field.IsDay(d) {
			t.Errorf("%q is not a day", d)
		}
	}
}

func usableReport(t *testing.T, report Report, document []byte) {
	t.Helper()
	for _, entry := range report.Entries {
		usableAmount(t, entry.Amount)
		for _, charge := range entry.Charges {
			usableAmount(t, charge)
		}
		usableDay(t, entry.BookingDate, entry.ValueDate)
	}
	for _, left := range report.LeftOut {
		named(t, left.Err)
	}
	for _, b := range report.Balances {
		usableAmount(t, b.Amount)
		usableDay(t, b.Date)
	}
	if len(report.Entries)+len(report.Balances) > len(document) {
		t.Error("more was read than came")
	}
}

// named checks that an error says something, and that the path to a field has
// no hole.
func named(t *testing.T, err error) {
	t.Helper()
	var at *field.Error
	if err.Error() == "" {
		t.Error("the error says nothing")
	}
	if errors.As(err, &at) && (strings.Contains(at.Path, "..") || strings.HasPrefix(at.Path, ".") || strings.HasSuffix(at.Path, ".")) {
		t.Errorf("the path %q has a hole", at.Path)
	}
}

// FuzzCamt reads account reports and statements.
func FuzzCamt(f *testing.F) {
	f.Add(sample(f, "camt053v02.xml"))
	f.Add(sample(f, "camt052v08.xml"))
	f.Fuzz(func(t *testing.T, document []byte) {
		swiftly(t, func() {
			text := utf8Of(document)
			report, err := ReadCamt(t.Context(), text, bounds)
			if err != nil {
				named(t, err)
				return
			}
			usableReport(t, report, text)
			for _, entry := range report.Entries {
				if !bytes.Contains(unixLines(text), unixLines(entry.Raw)) { // lone carriage returns stay in what the decoder hands out raw
					t.Errorf("%s is not part of the document", entry.Raw)
				}
				var again camtEntry
				if err := xml.Unmarshal([]byte("<Ntry>"+string(entry.Raw)+"</Ntry>"), &again); err == nil && again.Amt.Value == "" {
					t.Errorf("%s has no amount", entry.Raw)
				}
			}
		})
	})
}

// unixLines has the line ends an XML document is read with.
func unixLines(text []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// FuzzSwift reads MT940 and MT942.
func FuzzSwift(f *testing.F) {
	f.Add(sample(f, "statement.mt940"))
	f.Add(sample(f, "interim.mt942"))
	cases, err := filepath.Glob("../testdata/cases/*.mt940")
	if err != nil || len(cases) == 0 {
		f.Fatal("no cases", err)
	}
	for _, name := range cases {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		swiftly(t, func() {
			utf := utf8Of(text)
			report, err := ReadSwift(t.Context(), utf, bounds)
			if err != nil {
				named(t, err)
				return
			}
			usableReport(t, report, utf)
			for _, entry := range report.Entries {
				line, err := ReadSwift(t.Context(), []byte(":20:A\n:60F:C240101"+entry.Amount.Currency+"1,00\n"+string(entry.Raw)), bounds)
				if err != nil || len(line.Entries) != 1 || line.Entries[0].Status != Booked || line.Entries[0].Amount != entry.Amount || line.Entries[0].ValueDate != entry.ValueDate {
					t.Errorf("%q reads differently the second time: %+v, %v", entry.Raw, line, err)
				}
			}
		})
	})
}

// FuzzStatus reads the status of a payment.
func FuzzStatus(f *testing.F) {
	f.Add(sample(f, "status.pain002.xml"))
	f.Fuzz(func(t *testing.T, document []byte) {
		swiftly(t, func() {
			said, err := ReadStatus(t.Context(), utf8Of(document), bounds)
			if err != nil {
				named(t, err)
				return
			}
			if said.Status == "" || said.Status != strings.TrimSpace(said.Status) {
				t.Errorf("status %q", said.Status)
			}
		})
	})
}

// FuzzInitiation reads the transfers of a file that a person chose.
func FuzzInitiation(f *testing.F) {
	f.Add(sample(f, "pain001v03.xml"))
	f.Add(sample(f, "pain001v09.xml"))
	f.Fuzz(func(t *testing.T, document []byte) {
		swiftly(t, func() {
			list, _, err := ReadInitiation(t.Context(), utf8Of(document), bounds)
			if err != nil {
				named(t, err)
				return
			}
			if len(list) > len(document) {
				t.Error("more was read than came")
			}
		})
	})
}
