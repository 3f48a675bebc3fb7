package statement

import (
	"strings"
	"testing"
)

// TestStatusReport finds the status on each of the three levels.
func TestStatusReport(t *testing.T) {
	order := func(status string, payments ...string) string {
		for _, p := range payments {
			status += "<TxInfAndSts><TxSts>" + p + "</TxSts></TxInfAndSts>"
		}
		return "<OrgnlPmtInfAndSts>" + status + "</OrgnlPmtInfAndSts>"
	}
	for inner, want := range map[string]string{
		"<OrgnlGrpInfAndSts><GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts>" + order("", "RJCT"): "ACSC",
		order("<PmtInfSts>ACCP</PmtInfSts>", "RCVD"):                                       "ACCP",
		order("", "ACSC", "ACSC") + order("", "ACSC"):                                      "ACSC",
		order("", "ACSC", "RJCT"):                                                          "PART",
		order("", "NEWS"):                                                                  "NEWS",
	} {
		got, err := ReadStatus(t.Context(), []byte("<Document><CstmrPmtStsRpt>"+inner+"</CstmrPmtStsRpt></Document>"), bounds)
		if err != nil || got.Status != want {
			t.Errorf("%s: %q, %v, want %q", inner, got.Status, err, want)
		}
	}
	got, err := ReadStatus(t.Context(), sample(t, "status.pain002.xml"), bounds)
	if err != nil || got.Status != "RJCT" || got.Code != "AC04" || strings.Join(got.Text, "") != "Account closed" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestStatusReportRefused takes nothing for a status that is none.
func TestStatusReportRefused(t *testing.T) {
	for body, says := range map[string]string{
		"": "EOF", "{}": "EOF", "<Document><CstmrPmtStsRpt/></Document>": "Document.CstmrPmtStsRpt: holds no status",
		"<Document><BkToCstmrStmt/></Document>": "Document: is no payment status report",
	} {
		if _, err := ReadStatus(t.Context(), []byte(body), bounds); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", body, err)
		}
	}
}
