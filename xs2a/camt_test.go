package xs2a

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// withoutRaw compares what was understood; raw is looked at apart.
func withoutRaw(entries []Transaction) []Transaction {
	var all []Transaction
	for _, t := range entries {
		t.Raw, t.signed = nil, false
		all = append(all, t)
	}
	return all
}

func compare(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}

// TestStatement reads a camt.053 of the oldest version in use.
func TestStatement(t *testing.T) {
	page, err := DecodeReport("application/xml", sample(t, "camt053v02.xml"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "booked", withoutRaw(page.Booked), []Transaction{{
		ID: "BANK-1", EntryReference: "17", EndToEndID: "E2E-1", BookingDate: "2024-05-03", ValueDate: "2024-05-02",
		Amount: Amount{"-250.50", "SEK"}, DebtorName: "Anna Lind", CreditorName: "Elnät & Söner", CreditorAccount: "5050-1055",
		Remittance: "April\ninvoice 7\nRF18539007547034", Additional: "Bankgiro", BankCode: "PMNT-ICDT-ESCT",
		Charges: []Amount{{"-2.00", "SEK"}},
	}, {
		BookingDate: "2024-05-03", Amount: Amount{"99", "SEK"}, BankCode: "NTRF", Reversal: true,
	}, {
		BookingDate: "2024-05-03", Amount: Amount{"-300.00", "SEK"}, Remittance: "Bo: rent\nCia",
	}})
	if len(page.Pending) != 0 || len(page.Information) != 1 || page.Next != "" {
		t.Errorf("pending %v, information %s, next %q", page.Pending, page.Information, page.Next)
	}
	if raw := string(page.Booked[2].Raw); !strings.Contains(raw, "<NbOfTxs>2</NbOfTxs>") {
		t.Errorf("raw is %s", raw)
	}
	for i := range page.Balances {
		page.Balances[i].Raw = nil
	}
	compare(t, "balances", page.Balances, []Balance{
		{Amount: Amount{"1000.00", "SEK"}, Type: "openingBooked", ReferenceDate: "2024-05-02"},
		{Amount: Amount{"-12.5", "SEK"}, Type: "closingBooked", ReferenceDate: "2024-05-03", LastChange: "2024-05-03T17:59:59+02:00", CreditLimitIncl: true},
		{Amount: Amount{"0.00", "SEK"}, Type: "HOUSE", ReferenceDate: "2024-05-03"},
	})
}

// TestAccountReport reads a camt.052 of the version in use since 2025, with a
// namespace prefix and in ISO 8859-1, whatever its media type says.
func TestAccountReport(t *testing.T) {
	for _, mediaType := range []string{"application/xml", "text/xml;charset=UTF-8", "application/json", ""} {
		page, err := DecodeReport(mediaType, sample(t, "camt052v08.xml"))
		if err != nil {
			t.Fatalf("%s: %v", mediaType, err)
		}
		compare(t, "pending", withoutRaw(page.Pending), []Transaction{{
			ID: "S-9", EndToEndID: "NOTPROVIDED", ValueDate: "2026-11-21", Amount: Amount{"-19.90", "EUR"},
			CreditorName: "Müller", CreditorAccount: "AT611904300234573201", Charges: []Amount{{"-0.10", "EUR"}, {"0.20", "EUR"}},
		}, {Amount: Amount{"6.00", "EUR"}}})
		compare(t, "booked", withoutRaw(page.Booked), []Transaction{{
			BookingDate: "2026-11-20", Amount: Amount{"5.00", "EUR"}, DebtorName: "Eva",
		}})
		if len(page.Balances) != 1 || page.Balances[0].Type != "interimAvailable" {
			t.Errorf("balances %+v", page.Balances)
		}
	}
}

// TestEveryVersion does not ask for the version: the parts that are read are
// the same.
func TestEveryVersion(t *testing.T) {
	for _, kind := range []string{"052", "053"} {
		for version := range 14 {
			document := strings.NewReplacer("053.001.02", kind+".001."+string(rune('0'+version/10))+string(rune('0'+version%10))).
				Replace(string(sample(t, "camt053v02.xml")))
			if page, err := DecodeReport("text/xml", []byte(document)); err != nil || len(page.Booked) != 3 {
				t.Errorf("camt.%s version %d: %d entries, %v", kind, version, len(page.Booked), err)
			}
		}
	}
}

// TestCamtLayout takes blanks wherever a printer of XML puts them.
func TestCamtLayout(t *testing.T) {
	document := `<Document> <BkToCstmrStmt> <Stmt> <Ntry> <Amt Ccy=" eur "> 1.50 </Amt> <CdtDbtInd> DBIT
		</CdtDbtInd> <Sts> <Cd> PDNG </Cd> </Sts> <BookgDt> <Dt> 2024-05-01 </Dt> </BookgDt> </Ntry> </Stmt> </BkToCstmrStmt> </Document>`
	page, err := DecodeReport("text/xml", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "pending", withoutRaw(page.Pending), []Transaction{{BookingDate: "2024-05-01", Amount: Amount{"-1.50", "EUR"}}})
}

// TestCamtRefused names the element that would make the data wrong.
func TestCamtRefused(t *testing.T) {
	entry := func(inner string) string {
		return `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry><Ntry>` + inner + `</Ntry></Stmt></BkToCstmrStmt></Document>`
	}
	tests := map[string]struct{ document, says string }{
		"no amount":         {entry(`<CdtDbtInd>CRDT</CdtDbtInd>`), "Document.BkToCstmrStmt.Stmt[0].Ntry[1].Amt: "},
		"a comma":           {entry(`<Amt Ccy="EUR">1,50</Amt><CdtDbtInd>CRDT</CdtDbtInd>`), "Ntry[1].Amt: "},
		"two signs":         {entry(`<Amt Ccy="EUR">-1</Amt><CdtDbtInd>DBIT</CdtDbtInd>`), "Ntry[1].Amt: "},
		"no direction":      {entry(`<Amt Ccy="EUR">1</Amt>`), "Ntry[1].CdtDbtInd: "},
		"no day":            {entry(`<Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2024-02-30</Dt></BookgDt>`), "Ntry[1].BookgDt.Dt: "},
		"a wrong charge":    {entry(`<Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd><Chrgs><Amt>x</Amt></Chrgs>`), "Ntry[1].Chrgs[0].Amt: "},
		"a wrong balance":   {`<Document><BkToCstmrAcctRpt><Rpt><Bal><Amt Ccy="EUR">1</Amt></Bal></Rpt></BkToCstmrAcctRpt></Document>`, "Document.BkToCstmrAcctRpt.Rpt[0].Bal[0].CdtDbtInd: "},
		"two accounts":      {`<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>A</IBAN></Id></Acct></Stmt><Stmt><Acct><Id><IBAN>B</IBAN></Id></Acct></Stmt></BkToCstmrStmt></Document>`, "Stmt[1].Acct.Id: "},
		"another message":   {`<Document><CstmrPmtStsRpt/></Document>`, "Document: is neither"},
		"a document type":   {`<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>`, "a document type is not accepted"},
		"an entity":         {`<Document>&x;</Document>`, "entity"},
		"cut off":           {`<Document><BkToCstmrStmt>`, "unexpected EOF"},
		"nested":            {`<Document>` + strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth) + `</Document>`, "deeper than 64"},
		"many elements":     {`<Document>` + strings.Repeat("<a/>", maxElements) + `</Document>`, "more than 500000"},
		"many attributes":   {`<Document><a` + strings.Repeat(` b=""`, maxElements) + `/></Document>`, "more than 500000"},
		"a very long text":  {`<Document>` + strings.Repeat("x", maxText+1) + `</Document>`, "longer than"},
		"a page":            {"<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>", ErrPage.Error()},
		"text after markup": {`<Document/>junk`, "neither"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			page, err := DecodeReport("application/xml", []byte(test.document))
			if err = whole(page, err); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want it to say %q", err, test.says)
			}
		})
	}
}
