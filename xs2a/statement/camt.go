package statement

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"consentry/xs2a/field"
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
	Days struct{ FrDtTm, ToDtTm, FrDt, ToDt xmlText } `xml:"FrToDt"` // times until version 001.08
	Page struct{ PgNb, LastPgInd xmlText }            `xml:"StmtPgntn"`
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
	number, err := field.Number(string(a.Value))
	if err != nil {
		return Amount{}, field.Within("Amt", err)
	}
	signed := Amount{number, strings.ToUpper(strings.TrimSpace(a.Ccy))}
	switch {
	case signed.out():
		return Amount{}, field.Errorf("Amt", "%q has a sign, and the direction stands beside it", number)
	case direction == "CRDT":
		return signed, nil
	case direction == "DBIT":
		return signed.negated(), nil
	}
	return Amount{}, field.Errorf("CdtDbtInd", "%q is neither CRDT nor DBIT", direction)
}

// camtDate is a day, given as such or with a time.
type camtDate struct{ Dt, DtTm xmlText }

func (d camtDate) day(name string) (string, error) {
	if d.Dt != "" {
		return field.Day(name+".Dt", string(d.Dt))
	}
	return field.Day(name+".DtTm", string(d.DtTm))
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

// ReadCamt reads a report of one account.
func ReadCamt(ctx context.Context, document []byte, most Bounds) (Report, error) {
	var w camtDocument
	if err := most.unmarshal(ctx, document, &w); err != nil {
		return Report{}, err
	}
	switch {
	case w.Statement != nil:
		return camtReport(ctx, w.Statement.Stmt, "Document.BkToCstmrStmt.Stmt", "BOOK")
	case w.Report != nil:
		return camtReport(ctx, w.Report.Rpt, "Document.BkToCstmrAcctRpt.Rpt", "PDNG")
	}
	return Report{}, field.Errorf(elementPath(w.XMLName.Local), "is neither an account report (camt.052) nor a statement (camt.053)")
}

// camtReport puts the statements of an account together. An entry without a
// status has the one that is usual in the kind of report.
func camtReport(ctx context.Context, statements []camtStatement, path, usual string) (Report, error) {
	var report Report
	var account string
	for i, s := range statements {
		path := fmt.Sprintf("%s[%d]", path, i)
		switch id := s.Acct.ID.String(); {
		case account == "":
			account = id
		case id != "" && id != account:
			return Report{}, field.Errorf(path+".Acct.Id", "the report is about a second account")
		}
		if err := s.add(ctx, &report, path, usual); err != nil {
			return Report{}, err
		}
		report.Currency = cmp.Or(report.Currency, strings.ToUpper(string(s.Acct.Ccy)))
		if usual == "BOOK" { // of a report during the day more may come
			report.cover(s.days())
		}
	}
	report.Account = account
	return report, nil
}

// days are those a statement is about; empty where it does not say, or not as days, or where it
// is a page of several.
func (s camtStatement) days() (from, to string) {
	if s.Page.PgNb != "" && (s.Page.PgNb != "1" || s.Page.LastPgInd != "true" && s.Page.LastPgInd != "1") {
		return "", ""
	}
	from, errFrom := field.Day("FrDt", string(cmp.Or(s.Days.FrDt, s.Days.FrDtTm)))
	to, errTo := field.Day("ToDt", string(cmp.Or(s.Days.ToDt, s.Days.ToDtTm)))
	if errFrom != nil || errTo != nil {
		return "", ""
	}
	return from, to
}

func (s camtStatement) add(ctx context.Context, report *Report, path, usual string) error {
	for i, b := range s.Bal {
		balance, err := b.balance()
		if err != nil {
			report.leaveOut(fmt.Sprintf("%s.Bal[%d]", path, i), err, b.Raw)
			continue
		}
		report.Balances = append(report.Balances, balance)
	}
	for i, e := range s.Ntry {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		entry, err := e.entry(usual)
		if err != nil {
			report.leaveOut(fmt.Sprintf("%s.Ntry[%d]", path, i), err, e.Raw)
			continue
		}
		if entry.Amount.Currency == "" {
			entry.Amount.Currency = strings.ToUpper(string(s.Acct.Ccy))
		}
		report.Entries = append(report.Entries, entry)
	}
	return nil
}

// camtStatus reads the status of an entry. PDNG, FUTR and what is not known is
// forgotten with the next fetch.
func camtStatus(code string) Status {
	switch code {
	case "BOOK":
		return Booked
	case "INFO":
		return Information
	}
	return Pending
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
	balance := Balance{Amount: amount, Type: kind, Date: date, LastChange: string(b.Dt.DtTm), Raw: b.Raw}
	for _, included := range b.Included {
		balance.CreditLimitIncluded = balance.CreditLimitIncluded || included == "true" || included == "1"
	}
	return balance, nil
}
