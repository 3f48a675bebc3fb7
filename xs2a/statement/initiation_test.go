package statement

import (
	"strings"
	"testing"
)

// TestInitiation reads the transfers of both families of versions.
func TestInitiation(t *testing.T) {
	got, unread, err := ReadInitiation(t.Context(), sample(t, "pain001v03.xml"), bounds)
	if err != nil || len(got) != 3 || len(unread) > 0 {
		t.Fatalf("%d transfers, without %q, %v", len(got), unread, err)
	}
	want := []Instruction{
		{
			Method: "TRF", On: "2027-03-01", Debtor: "DE97535700008337724498", EndToEnd: "R-1", Amount: "12.50", Currency: "EUR", Creditor: "Ausgedachte GmbH",
			To: "DE89370400440532013000", Agent: "COBADEFFXXX", Text: "Invoice 4711, second reminder", Charges: "SLEV",
			Street: "Lindenweg", Number: "3", PostCode: "50667", Town: "Köln", Country: "DE",
		},
		{Method: "TRF", On: "2027-03-01", Debtor: "DE97535700008337724498", Amount: "7", Currency: "EUR", Creditor: "Erfundene KG", To: "DE75512108001245126199", Reference: "RF18539007547034", Charges: "SLEV"},
		{Method: "CHK", On: "2027-03-02", Debtor: "8337724498", Amount: "1.00", Currency: "EUR", Creditor: "X", To: "12345"},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
	later, _, err := ReadInitiation(t.Context(), sample(t, "pain001v09.xml"), bounds)
	if err != nil || len(later) != 2 || later[0].Agent != "COBADEFFXXX" || later[0].On != "2027-03-01" || later[1].On != "2027-03-05" {
		t.Errorf("%+v, %v", later, err)
	}
}

// TestInitiationUnread names what of a pain.001 would be lost.
func TestInitiationUnread(t *testing.T) {
	body := strings.Replace(string(sample(t, "pain001v03.xml")), "<CdtTrfTxInf>", "<UltmtDbtr><Nm>A</Nm></UltmtDbtr><BtchBookg>true</BtchBookg><CdtTrfTxInf><UltmtCdtr><Nm>B</Nm></UltmtCdtr><PmtTpInf><InstrPrty>HIGH</InstrPrty></PmtTpInf>", 1)
	body = strings.Replace(body, "<PstlAdr>", "<PstlAdr><AdrLine>Third floor</AdrLine>", 1)
	if _, unread, err := ReadInitiation(t.Context(), []byte(body), bounds); err != nil || strings.Join(unread, " ") != "PmtInf/BtchBookg PmtTpInf PstlAdr/AdrLine UltmtCdtr/Nm UltmtDbtr/Nm" {
		t.Errorf("without %q, %v", unread, err)
	}
}

// TestInitiationThatContradictsItself is not read: of what is said twice nobody knows what is
// meant, and of what does not add up nobody knows what is missing.
func TestInitiationThatContradictsItself(t *testing.T) {
	whole := string(sample(t, "pain001v03.xml"))
	for says, change := range map[string][2]string{
		"InstdAmt: stands there twice":          {`<InstdAmt Ccy="EUR">12.50</InstdAmt>`, `<InstdAmt Ccy="EUR">12.50</InstdAmt><InstdAmt Ccy="EUR">200</InstdAmt>`},
		"CdtrAcct: stands there twice":          {`<CdtrAcct><Id><IBAN>DE75512108001245126199</IBAN></Id></CdtrAcct>`, `<CdtrAcct><Id><IBAN>DE75512108001245126199</IBAN></Id></CdtrAcct><CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>`},
		"NbOfTxs: is \"7\", and there are 3":    {"<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>7</NbOfTxs>"},
		"CtrlSum: is 999.00, and the transfers": {"<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>3</NbOfTxs><CtrlSum>999.00</CtrlSum>"},
		"PmtInf.NbOfTxs: is \"1\", and":         {"<PmtMtd>TRF</PmtMtd>", "<PmtMtd>TRF</PmtMtd><NbOfTxs>1</NbOfTxs>"},
		"Document: is no credit transfer":       {"pain.001.001.03", "pain.008.001.02"},
		"InstdAmt: has a text and elements":     {`<InstdAmt Ccy="EUR">12.50</InstdAmt>`, `<InstdAmt Ccy="EUR">1<x/>2.50</InstdAmt>`},
		"Document: stands there twice":          {"</Document>", "</Document><Document/>"},
		"Other: stands after the document":      {"</Document>", "</Document><Other/>"},
	} {
		body := strings.Replace(whole, change[0], change[1], 1)
		if _, _, err := ReadInitiation(t.Context(), []byte(body), bounds); body == whole || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	if _, _, err := ReadInitiation(t.Context(), []byte(strings.Replace(whole, "<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>3</NbOfTxs><CtrlSum>20.5</CtrlSum>", 1)), bounds); err != nil {
		t.Error(err)
	}
}

// TestInitiationRefused reads nothing of what is no pain.001.
func TestInitiationRefused(t *testing.T) {
	for body, says := range map[string]string{
		"": "EOF", "name;account": "EOF", "<Document><BkToCstmrStmt/></Document>": "Document: is no credit transfer initiation",
		`<!DOCTYPE x [<!ENTITY a "b">]><Document><CstmrCdtTrfInitn/></Document>`:                            "document type",
		"<Document><CstmrCdtTrfInitn>" + strings.Repeat("<PmtInf>", 200) + "</CstmrCdtTrfInitn></Document>": "deep",
	} {
		if _, _, err := ReadInitiation(t.Context(), []byte(body), bounds); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60q: %v", body, err)
		}
	}
}
