package xs2a

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
)

// camt.052 (account report) and camt.053 (statement) of ISO 20022 have the
// same parts under other names. What is read here has been in every version
// since 001.02, where it moved in both places; the namespace tells nothing
// that is needed.
type camtDocument struct {
	XMLName   xml.Name
	Report    *struct{ Rpt []camtStatement }  `xml:"BkToCstmrAcctRpt"`
	Statement *struct{ Stmt []camtStatement } `xml:"BkToCstmrStmt"`
}

type camtStatement struct {
	Acct struct {
		ID  camtAccount `xml:"Id"`
		Ccy xmlText
	}
	Bal  []camtBalance
	Ntry []camtEntry
}

// camtAccount is the identification of an account, by IBAN or otherwise.
type camtAccount struct {
	IBAN  xmlText
	Other xmlText `xml:"Othr>Id"`
	BBAN  xmlText // Prtry and BBAN: versions before 001.02, still met
	Prtry xmlText `xml:"PrtryAcct>Id"`
}

func (a camtAccount) String() string {
	for _, id := range []xmlText{a.IBAN, a.Other, a.BBAN, a.Prtry} {
		if id != "" {
			return strings.ReplaceAll(string(id), " ", "")
		}
	}
	return ""
}

type camtAmount struct {
	Value xmlText `xml:",chardata"`
	Ccy   string  `xml:",attr"`
}

// amount gives the value its sign: in ISO 20022 it has none of its own.
func (a camtAmount) amount(direction xmlText) (Amount, error) {
	number, err := canonicalDecimal(string(a.Value))
	if err != nil {
		return Amount{}, within("Amt", err)
	}
	signed := Amount{number, strings.ToUpper(strings.TrimSpace(a.Ccy))}
	switch {
	case signed.Negative():
		return Amount{}, &FieldError{"Amt", fmt.Sprintf("%q has a sign, and the direction stands beside it", number)}
	case direction == "CRDT":
		return signed, nil
	case direction == "DBIT":
		return signed.negated(), nil
	}
	return Amount{}, &FieldError{"CdtDbtInd", fmt.Sprintf("%q is neither CRDT nor DBIT", direction)}
}

// camtDate is a day, given as such or with a time.
type camtDate struct{ Dt, DtTm xmlText }

func (d camtDate) day(field string) (string, error) {
	if d.Dt != "" {
		return day(field+".Dt", string(d.Dt))
	}
	return day(field+".DtTm", string(d.DtTm))
}

// camtCode is a code of a published list or of the bank's own; in older
// versions the bare text.
type camtCode struct {
	Text      xmlText `xml:",chardata"`
	Cd, Prtry xmlText
}

func (c camtCode) String() string {
	for _, code := range []xmlText{c.Cd, c.Prtry, c.Text} {
		if code != "" {
			return string(code)
		}
	}
	return ""
}

// decodeCamt reads a report of one account.
func decodeCamt(ctx context.Context, document []byte) (TransactionPage, error) {
	var w camtDocument
	if err := unmarshalXML(ctx, document, &w); err != nil {
		return TransactionPage{}, err
	}
	switch {
	case w.Statement != nil:
		return camtPage(ctx, w.Statement.Stmt, "Document.BkToCstmrStmt.Stmt", "BOOK")
	case w.Report != nil:
		return camtPage(ctx, w.Report.Rpt, "Document.BkToCstmrAcctRpt.Rpt", "PDNG")
	}
	return TransactionPage{}, &FieldError{w.XMLName.Local, "is neither an account report (camt.052) nor a statement (camt.053)"}
}

// camtPage puts the statements of an account together. An entry without a
// status has the one that is usual in the kind of report.
func camtPage(ctx context.Context, statements []camtStatement, path, usual string) (TransactionPage, error) {
	var page TransactionPage
	var account string
	for i, s := range statements {
		path := fmt.Sprintf("%s[%d]", path, i)
		switch id := s.Acct.ID.String(); {
		case account == "":
			account = id
		case id != "" && id != account:
			return TransactionPage{}, &FieldError{path + ".Acct.Id", "the report is about a second account"}
		}
		if err := s.add(ctx, &page, path, usual); err != nil {
			return TransactionPage{}, err
		}
	}
	return page, nil
}

func (s camtStatement) add(ctx context.Context, page *TransactionPage, path, usual string) error {
	for i, b := range s.Bal {
		balance, err := b.balance()
		if err != nil {
			page.leaveOut(fmt.Sprintf("%s.Bal[%d]", path, i), err, b.Raw)
			continue
		}
		page.Balances = append(page.Balances, balance)
	}
	for i, e := range s.Ntry {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := e.transaction()
		if err != nil {
			page.leaveOut(fmt.Sprintf("%s.Ntry[%d]", path, i), err, e.Raw)
			continue
		}
		if t.Amount.Currency == "" {
			t.Amount.Currency = strings.ToUpper(string(s.Acct.Ccy))
		}
		status := e.Sts.String()
		if status == "" {
			status = usual
		}
		switch status {
		case "BOOK":
			page.Booked = append(page.Booked, t)
		case "INFO": // moves no money
			page.Information = append(page.Information, t.Raw)
		default: // PDNG, FUTR and what is not known: forgotten with the next fetch
			page.Pending = append(page.Pending, t)
		}
	}
	return nil
}

type camtBalance struct {
	Raw       []byte   `xml:",innerxml"`
	Type      camtCode `xml:"Tp>CdOrPrtry"`
	Amt       camtAmount
	CdtDbtInd xmlText
	Dt        camtDate
	Included  []xmlText `xml:"CdtLine>Incl"`
}

// balanceTypes are the Berlin Group's names for ISO 20022's codes; the Berlin
// Group has none for the last four (BG 1.3.12 section 14.13).
var balanceTypes = map[string]string{
	"CLBD": "closingBooked", "XPCD": "expected", "OPBD": "openingBooked", "ITAV": "interimAvailable",
	"ITBD": "interimBooked", "FWAV": "forwardAvailable",
	"CLAV": "closingAvailable", "OPAV": "openingAvailable", "PRCD": "previouslyClosedBooked", "INFO": "information",
}

func (b camtBalance) balance() (Balance, error) {
	amount, err := b.Amt.amount(b.CdtDbtInd)
	if err != nil {
		return Balance{}, err
	}
	date, err := b.Dt.day("Dt")
	if err != nil {
		return Balance{}, err
	}
	kind := b.Type.String()
	if known := balanceTypes[kind]; known != "" {
		kind = known
	}
	balance := Balance{Amount: amount, Type: kind, ReferenceDate: date, LastChange: string(b.Dt.DtTm), Raw: b.Raw}
	for _, included := range b.Included {
		balance.CreditLimitIncl = balance.CreditLimitIncl || included == "true" || included == "1"
	}
	return balance, nil
}
