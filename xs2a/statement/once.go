package statement

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"consentry/xs2a/field"
)

// repeated are the elements of a pain.001 that may stand in another several times
// (pain.001.001.03 and .09, maxOccurs). Id does so in a line of an invoice alone.
var repeated = []string{
	"PmtInf", "CdtTrfTxInf", "SvcLvl", "Ustrd", "Strd", "AddtlRmtInf", "AdjstmntAmtAndRsn", "AdrLine", "Authstn", "DscntApldAmt", "Dtls", "Inf",
	"InstrForCdtrAgt", "LineDtls", "MemoFld", "Othr", "Rcrd", "RfrdDocInf", "RgltryRptg", "RltdRmtInf", "RmtLctnDtls", "Sgntr", "SplmtryData", "TaxAmt",
}

// readOf are the elements that are read of a pain.001, or say nothing of a transfer, by
// their ways from PmtInf: ids of the sender's program, what the kinds of references are,
// and the person's own name and bank.
var readOf = []string{
	"PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "PmtTpInf/*", "ReqdExctnDt", "ReqdExctnDt/Dt", "ReqdExctnDt/DtTm", "Dbtr/*", "DbtrAcct/*", "DbtrAgt/*", "ChrgBr",
	"CdtTrfTxInf/PmtId/*", "CdtTrfTxInf/PmtTpInf/*", "CdtTrfTxInf/Amt/InstdAmt", "CdtTrfTxInf/ChrgBr",
	"CdtTrfTxInf/CdtrAgt/FinInstnId/BIC", "CdtTrfTxInf/CdtrAgt/FinInstnId/BICFI", "CdtTrfTxInf/CdtrAgt/FinInstnId/Nm", "CdtTrfTxInf/Cdtr/Nm",
	"CdtTrfTxInf/Cdtr/PstlAdr/StrtNm", "CdtTrfTxInf/Cdtr/PstlAdr/BldgNb", "CdtTrfTxInf/Cdtr/PstlAdr/PstCd", "CdtTrfTxInf/Cdtr/PstlAdr/TwnNm", "CdtTrfTxInf/Cdtr/PstlAdr/Ctry",
	"CdtTrfTxInf/CdtrAcct/Id/*", "CdtTrfTxInf/Purp/Cd", "CdtTrfTxInf/RmtInf/Ustrd", "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/*",
}

// isRead reports whether what stands at the end of a way from PmtInf is read.
func isRead(way []string) bool {
	at := strings.Join(way, "/")
	return slices.ContainsFunc(readOf, func(read string) bool {
		above, all := strings.CutSuffix(read, "*")
		return at == read || all && strings.HasPrefix(at, above)
	})
}

// openElement is one that is being read.
type openElement struct {
	name     string
	children map[string]bool
	text     bool // whether it holds more than blanks
}

// once holds that nothing stands in a pain.001 twice that may stand there once, that no
// text stands among elements, and that it is one document: a reader would take a part, and
// lose the rest. unread are the names of the elements with a text that is not read, each
// with the one around it.
func once(ctx context.Context, document []byte) (unread []string, err error) {
	d := xmlDecoder(ctx, document)
	open := []openElement{{children: map[string]bool{}}}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return unread, nil
		}
		if err != nil {
			return nil, err
		}
		around := &open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			switch {
			case around.children[name] && !slices.Contains(repeated, name) && around.name != "LineDtls":
				return nil, field.Errorf(elementPath(name), "stands there twice")
			case len(open) == 1 && len(around.children) > 0:
				return nil, field.Errorf(elementPath(name), "stands after the document")
			}
			around.children[name] = true
			open = append(open, openElement{name: name, children: map[string]bool{}})
		case xml.CharData:
			around.text = around.text || len(bytes.TrimSpace(token)) > 0
		case xml.EndElement:
			if around.text && len(around.children) > 0 {
				return nil, field.Errorf(elementPath(around.name), "has a text and elements")
			}
			var way []string
			for _, one := range open[1:] {
				way = append(way, one.name)
			}
			if from := slices.Index(way, "PmtInf"); around.text && from >= 0 && !isRead(way[from+1:]) {
				unread = append(unread, strings.Join(way[len(way)-2:], "/"))
			}
			open = open[:len(open)-1]
		}
	}
}
