package export

import (
	"bufio"
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"consentry/storage"
	"consentry/xs2a"
)

// camt writes ISO 20022's statement (camt.053.001.08) where the balances before and after the days are
// known of each account, or its report (camt.052.001.08), which does without.
type camt struct {
	xmlWriter
	statement bool
	made      string
	n         int
}

const camtTime = "2006-01-02T15:04:05Z"

func newStatement(to *bufio.Writer) encoder {
	return &camt{xmlWriter: xmlWriter{to: to}, statement: true}
}

func newReport(to *bufio.Writer) encoder { return &camt{xmlWriter: xmlWriter{to: to}} }

// pick is what something is called in a statement or a report.
func (e *camt) pick(statement, report string) string {
	if e.statement {
		return statement
	}
	return report
}

func (e *camt) begin(of file) error {
	e.made = of.Made.UTC().Format(camtTime)
	e.to.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	e.xmlWriter.begin("Document", "xmlns", "urn:iso:std:iso:20022:tech:xsd:"+e.pick("camt.053.001.08", "camt.052.001.08"))
	e.xmlWriter.begin(e.pick("BkToCstmrStmt", "BkToCstmrAcctRpt"))
	e.xmlWriter.begin("GrpHdr")
	e.text("MsgId", "CONSENTRY-"+of.Made.UTC().Format("20060102150405"))
	e.text("CreDtTm", e.made)
	e.text("AddtlInf", "Made by Consentry of what it read from the bank. It is no document of the bank.")
	e.xmlWriter.end(1)
	return e.err()
}

func (e *camt) part(p Part, all transactions) error {
	e.n++
	e.xmlWriter.begin(e.pick("Stmt", "Rpt"))
	e.text("Id", strconv.Itoa(e.n))
	e.text("CreDtTm", e.made)
	if p.From != "" && p.To != "" && p.From <= p.To {
		e.xmlWriter.begin("FrToDt")
		e.text("FrDtTm", p.From+"T00:00:00")
		e.text("ToDtTm", p.To+"T23:59:59")
		e.xmlWriter.end(1)
	}
	e.account(p)
	if e.statement {
		e.balance("OPBD", *p.Opening, p.From)
		e.balance("CLBD", *p.Closing, p.To)
	}
	for t, err := range all {
		if err != nil {
			return err
		}
		if !fitsISO(t.Amount.Number) {
			return ErrLongAmount
		}
		e.entry(&t)
	}
	e.text(e.pick("AddtlStmtInf", "AddtlRptInf"), p.notes())
	e.xmlWriter.end(1)
	return e.err()
}

func (e *camt) account(p Part) {
	e.xmlWriter.begin("Acct")
	e.number(cmp.Or(p.Account.IBAN, accountNumber(p.Account)))
	e.text("Ccy", p.Currency)
	e.text("Nm", short(p.Account.Name, 70))
	e.within("Ownr", [2]string{"Nm", short(p.Account.OwnerName, 140)})
	e.xmlWriter.begin("Svcr")
	e.xmlWriter.begin("FinInstnId")
	if bicForm.MatchString(p.Account.BIC) {
		e.text("BICFI", p.Account.BIC)
	}
	e.text("Nm", short(p.Account.BankName, 140))
	e.xmlWriter.end(3)
}

var (
	ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$`)
	bicForm  = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	codeForm = regexp.MustCompile(`^([A-Z]{4})-([A-Z]{4})-([A-Z]{4})$`)
)

// number writes the identification of an account.
func (e *camt) number(number string) {
	e.xmlWriter.begin("Id")
	if plain := strings.ReplaceAll(number, " ", ""); ibanForm.MatchString(plain) {
		e.text("IBAN", plain)
	} else {
		e.within("Othr", [2]string{"Id", cmp.Or(short(number, 34), "?")})
	}
	e.xmlWriter.end(1)
}

func (e *camt) balance(kind string, amount xs2a.Amount, day string) {
	e.xmlWriter.begin("Bal")
	e.xmlWriter.begin("Tp")
	e.within("CdOrPrtry", [2]string{"Cd", kind})
	e.xmlWriter.end(1)
	e.amount(amount)
	e.within("Dt", [2]string{"Dt", day})
	e.xmlWriter.end(1)
}

// amount writes how much it is and which way it went.
func (e *camt) amount(a xs2a.Amount) {
	number, out := strings.CutPrefix(a.Number, "-")
	e.text("Amt", number, "Ccy", a.Currency)
	if out {
		e.text("CdtDbtInd", "DBIT")
	} else {
		e.text("CdtDbtInd", "CRDT")
	}
}

// fitsISO reports whether ISO 20022 has a place for an amount: 18 digits, 5 of them after the point.
func fitsISO(number string) bool {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	return len(fraction) <= 5 && len(whole)+len(fraction) <= 18
}

func (e *camt) entry(t *storage.Transaction) {
	e.xmlWriter.begin("Ntry")
	e.text("NtryRef", fits(t.EntryReference, 35))
	e.amount(t.Amount)
	e.within("Sts", [2]string{"Cd", "BOOK"})
	e.within("BookgDt", [2]string{"Dt", isoDay(t.BookingDate)})
	e.within("ValDt", [2]string{"Dt", isoDay(t.ValueDate)})
	e.text("AcctSvcrRef", fits(t.Transaction.ID, 35))
	e.code(t.BankCode)
	e.xmlWriter.begin("NtryDtls")
	e.xmlWriter.begin("TxDtls")
	e.within("Refs", [2]string{"EndToEndId", fits(t.EndToEndID, 35)})
	e.amount(t.Amount)
	e.parties(t)
	e.remittance(t.Remittance)
	e.xmlWriter.end(2)
	e.text("AddtlNtryInf", short(t.Additional, 500))
	e.xmlWriter.end(1)
	e.to.WriteByte('\n')
}

// isoDay is a date as the format takes it; empty for what is none.
func isoDay(date string) string {
	if len(date) < len("2006-01-02") {
		return ""
	}
	return date[:len("2006-01-02")]
}

// code writes the bank transaction code, ISO 20022's in its three parts.
func (e *camt) code(code string) {
	e.xmlWriter.begin("BkTxCd")
	if parts := codeForm.FindStringSubmatch(code); parts != nil {
		e.xmlWriter.begin("Domn")
		e.text("Cd", parts[1])
		e.within("Fmly", [2]string{"Cd", parts[2]}, [2]string{"SubFmlyCd", parts[3]})
		e.xmlWriter.end(1)
	} else {
		e.within("Prtry", [2]string{"Cd", short(code, 35)})
	}
	e.xmlWriter.end(1)
}

func (e *camt) parties(t *storage.Transaction) {
	if t.DebtorName+t.DebtorAccount+t.CreditorName+t.CreditorAccount == "" {
		return
	}
	e.xmlWriter.begin("RltdPties")
	for _, one := range []struct{ party, name, account, number string }{
		{"Dbtr", t.DebtorName, "DbtrAcct", t.DebtorAccount}, {"Cdtr", t.CreditorName, "CdtrAcct", t.CreditorAccount},
	} {
		if name := short(one.name, 140); name != "" {
			e.xmlWriter.begin(one.party)
			e.within("Pty", [2]string{"Nm", name})
			e.xmlWriter.end(1)
		}
		if fits(one.number, 34) != "" {
			e.xmlWriter.begin(one.account)
			e.number(one.number)
			e.xmlWriter.end(1)
		}
	}
	e.xmlWriter.end(1)
}

// remittance writes a text in as many pieces as it needs.
func (e *camt) remittance(text string) {
	letters := []rune(strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd")))
	if len(letters) == 0 {
		return
	}
	e.xmlWriter.begin("RmtInf")
	for len(letters) > 0 {
		n := min(len(letters), 140)
		e.text("Ustrd", string(letters[:n]))
		letters = letters[n:]
	}
	e.xmlWriter.end(1)
}

func (e *camt) end() error {
	e.xmlWriter.end(2)
	return e.err()
}
