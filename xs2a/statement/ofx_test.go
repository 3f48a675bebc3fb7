package statement

import (
	"slices"
	"strings"
	"testing"
)

// TestOFX reads both forms, of an account and of a card.
func TestOFX(t *testing.T) {
	one, err := ReadOFX(t.Context(), sample(t, "statement1.ofx"), bounds)
	if err != nil || one.Account != "DE02120300000000202051" || one.Currency != "EUR" || !slices.Equal(one.Covers, []Span{{"2024-05-01", "2024-05-31"}}) {
		t.Fatalf("%+v, %v", one, err)
	}
	want := []Entry{
		{BankReference: "F-1", Reference: "77", BookingDate: "2024-05-03", ValueDate: "2024-05-04", Amount: Amount{"-1250.05", "EUR"},
			Creditor: Party{Name: "Müller & Söhne"}, Remittance: "Rechnung", BankCode: "POS"},
		{BankReference: "F-2", BookingDate: "2024-05-10", Amount: Amount{"20.5", "EUR"}, BankCode: "CREDIT",
			Debtor: Party{Name: "Bo", Account: "DE89370400440532013000", Agent: "COBADEFF"}},
	}
	same(t, one, want)
	if len(one.LeftOut) != 2 || !strings.Contains(one.LeftOut[0].Err.Error(), "STMTTRN[2].DTPOSTED") || !strings.Contains(one.LeftOut[1].Err.Error(), "STMTTRN[3].TRNAMT") {
		t.Errorf("left out is %v", one.LeftOut)
	}
	two, err := ReadOFX(t.Context(), sample(t, "statement2.ofx"), bounds)
	if err != nil || two.Account != "4111111111111111" || len(two.Covers) != 0 {
		t.Fatalf("%+v, %v", two, err)
	}
	same(t, two, []Entry{
		{BankReference: "1", BookingDate: "2024-01-01", Amount: Amount{"-9.99", "EUR"}, Creditor: Party{Name: "Shop"}, Remittance: "a < b & c", BankCode: "DEBIT"},
		{Status: Pending, BookingDate: "2024-01-02", Amount: Amount{"-5", "USD"}, Creditor: Party{Name: "Later"}, BankCode: "DEBIT"},
	})
}

func same(t *testing.T, got Report, want []Entry) {
	t.Helper()
	if len(got.Entries) != len(want) {
		t.Fatalf("%d entries, want %d", len(got.Entries), len(want))
	}
	for i, one := range got.Entries {
		one.Raw = nil
		if !equalEntries(one, want[i]) {
			t.Errorf("got  %+v\nwant %+v", one, want[i])
		}
	}
}

func equalEntries(x, y Entry) bool {
	return x.BankReference == y.BankReference && x.Reference == y.Reference && x.BookingDate == y.BookingDate && x.ValueDate == y.ValueDate &&
		x.Amount == y.Amount && x.Creditor == y.Creditor && x.Debtor == y.Debtor && x.Remittance == y.Remittance && x.BankCode == y.BankCode && x.Status == y.Status
}

// TestOFXRefused reads nothing of what is no statement of one account, or too much.
func TestOFXRefused(t *testing.T) {
	few := bounds
	few.Listed, few.Elements, few.Text = 1, 100, 20
	for text, says := range map[string]string{
		"<OFX></OFX>":  "no statement",
		"<OFX><STMTRS": "a tag does not end",
		"<OFX><BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKACCTFROM><ACCTID>2</BANKACCTFROM>": "a second account",
		"<OFX>" + strings.Repeat("<STMTTRN></STMTTRN>", 2):                                  "more than 1 elements",
		"<OFX>" + strings.Repeat("<A>", 101):                                                "more than 100 elements",
		"<OFX><STMTTRN><MEMO>" + strings.Repeat("a", 30) + "</STMTTRN>":                     "longer than",
		"<OFX>" + strings.Repeat("<STMTTRN>", bounds.Depth+1):                               "nested deeper",
	} {
		if _, err := ReadOFX(t.Context(), []byte(text), few); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// TestCovered tells the days of which documents say that they have all.
func TestCovered(t *testing.T) {
	camt := string(sample(t, "camt053v02.xml"))
	const days = "<FrToDt><FrDtTm>2024-05-01T00:00:00</FrDtTm><ToDtTm>2024-05-03T23:59:59</ToDtTm></FrToDt>"
	for page, want := range map[string]int{
		"": 1, "<StmtPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>": 1, "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>": 0,
	} {
		got, err := ReadCamt(t.Context(), []byte(strings.Replace(camt, "<Acct>", page+days+"<Acct>", 1)), bounds)
		if err != nil || len(got.Covers) != want || want > 0 && got.Covers[0] != (Span{"2024-05-01", "2024-05-03"}) || got.Account != "SE4550000000058398257466" || got.Currency != "SEK" {
			t.Errorf("covers %v of %s %s, %v", got.Covers, got.Account, got.Currency, err)
		}
	}
	got, err := ReadSwift(t.Context(), []byte(":20:A\n:25:1/2\n:60F:C240430EUR1,\n:61:240502C1,NMSC\n:62F:C240531EUR2,\n"), bounds)
	if err != nil || !slices.Equal(got.Covers, []Span{{"2024-05-01", "2024-05-31"}}) || got.Account != "1/2" || got.Currency != "EUR" {
		t.Errorf("%+v, %v", got, err)
	}
}

// FuzzOFX reads both forms of OFX.
func FuzzOFX(f *testing.F) {
	f.Add(sample(f, "statement1.ofx"))
	f.Add(sample(f, "statement2.ofx"))
	f.Fuzz(func(t *testing.T, document []byte) {
		swiftly(t, func() {
			text := utf8Of(document)
			report, err := ReadOFX(t.Context(), text, bounds)
			if err != nil {
				named(t, err)
				return
			}
			usableReport(t, report, text)
			for _, entry := range report.Entries {
				if !strings.Contains(string(text), string(entry.Raw)) {
					t.Errorf("%s is not part of the document", entry.Raw)
				}
			}
		})
	})
}
