package statement

import (
	"strings"
	"testing"
)

// TestEveryVersion does not ask for the version: the parts that are read are
// the same.
func TestEveryVersion(t *testing.T) {
	for _, kind := range []string{"052", "053"} {
		for version := range 14 {
			document := strings.NewReplacer("053.001.02", kind+".001."+string(rune('0'+version/10))+string(rune('0'+version%10))).
				Replace(string(sample(t, "camt053v02.xml")))
			if report, err := ReadCamt(t.Context(), []byte(document), bounds); err != nil || len(report.Entries) != 4 {
				t.Errorf("camt.%s version %d: %d entries, %v", kind, version, len(report.Entries), err)
			}
		}
	}
}

// TestCamtLayout takes blanks wherever a printer of XML puts them.
func TestCamtLayout(t *testing.T) {
	document := `<Document> <BkToCstmrStmt> <Stmt> <Ntry> <Amt Ccy=" eur "> 1.50 </Amt> <CdtDbtInd> DBIT
		</CdtDbtInd> <Sts> <Cd> PDNG </Cd> </Sts> <BookgDt> <Dt> 2024-05-01 </Dt> </BookgDt> </Ntry> </Stmt> </BkToCstmrStmt> </Document>`
	compare(t, "entries", entries(t, ReadCamt, []byte(document)), []Entry{{Status: Pending, BookingDate: "2024-05-01", Amount: Amount{"-1.50", "EUR"}}})
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
		"nested":            {`<Document>` + strings.Repeat("<a>", bounds.Depth) + strings.Repeat("</a>", bounds.Depth) + `</Document>`, "deeper than 64"},
		"many elements":     {`<Document>` + strings.Repeat("<a/>", bounds.Elements) + `</Document>`, "more than 500000"},
		"many attributes":   {`<Document><a` + strings.Repeat(` b=""`, bounds.Elements) + `/></Document>`, "more than 500000"},
		"a very long text":  {`<Document>` + strings.Repeat("x", bounds.Text+1) + `</Document>`, "longer than"},
		"text after markup": {`<Document/>junk`, "neither"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			report, err := ReadCamt(t.Context(), []byte(test.document), bounds)
			if err = whole(report, err); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want it to say %q", err, test.says)
			}
		})
	}
}
