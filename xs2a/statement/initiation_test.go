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
	if _, unread, err := ReadInitiation(t.Context(), []byte(body), bounds); err != nil || strings.Join(unread, " ") != "BtchBookg UltmtCdtr UltmtDbtr" {
		t.Errorf("without %q, %v", unread, err)
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
