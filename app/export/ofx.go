package export

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"

	"consentry/storage"
)

// ofx writes Open Financial Exchange 2.2: a statement of each account and currency, those of cards
// after those of accounts. Each has the latest booked balance that the bank told, with its day.
type ofx struct {
	xmlWriter
	made string
	of   file
	set  string // the message set that is open
	n    int
}

const (
	ofxHead = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>` + "\n" +
		`<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>` + "\n"
	ofxTime = "20060102150405.000[0:GMT]"
)

func newOFX(to *bufio.Writer) encoder { return &ofx{xmlWriter: xmlWriter{to: to}} }

func (e *ofx) begin(of file) error {
	e.of, e.made = of, of.Made.UTC().Format(ofxTime)
	e.to.WriteString(ofxHead)
	e.xmlWriter.begin("OFX")
	e.xmlWriter.begin("SIGNONMSGSRSV1")
	e.xmlWriter.begin("SONRS")
	e.status()
	e.text("DTSERVER", e.made)
	e.text("LANGUAGE", "ENG")
	e.xmlWriter.end(2)
	return nil
}

// status says that all is well, as each answer of a server does; this file asks none.
func (e *ofx) status() {
	e.xmlWriter.begin("STATUS")
	e.text("CODE", "0")
	e.text("SEVERITY", "INFO")
	e.xmlWriter.end(1)
}

// open opens the message set of accounts or cards.
func (e *ofx) openSet(set string) {
	if e.set == set {
		return
	}
	if e.set != "" {
		e.xmlWriter.end(1)
	}
	e.set = set
	e.xmlWriter.begin(set)
}

func (e *ofx) part(p Part, all transactions) error {
	prefix, set := "", "BANKMSGSRSV1"
	if p.card() {
		prefix, set = "CC", "CREDITCARDMSGSRSV1"
	}
	e.openSet(set)
	e.n++
	e.xmlWriter.begin(prefix + "STMTTRNRS")
	e.text("TRNUID", strconv.Itoa(e.n))
	e.status()
	e.xmlWriter.begin(prefix + "STMTRS")
	e.text("CURDEF", p.Currency)
	if p.card() {
		e.xmlWriter.begin("CCACCTFROM")
		e.text("ACCTID", short(oneLine(accountNumber(p.Account)), 22))
	} else {
		e.xmlWriter.begin("BANKACCTFROM")
		e.text("BANKID", bankID(p.Account))
		e.text("ACCTID", short(oneLine(accountNumber(p.Account)), 34)) // an IBAN is longer than the format knew when it set 22
		e.text("ACCTTYPE", "CHECKING")
	}
	e.xmlWriter.end(1)
	e.xmlWriter.begin("BANKTRANLIST")
	e.text("DTSTART", ofxDay(p.From))
	e.text("DTEND", ofxDay(p.To))
	for t, err := range all {
		if err != nil {
			return err
		}
		e.transaction(&t)
	}
	e.xmlWriter.end(1)
	e.xmlWriter.begin("LEDGERBAL")
	e.text("BALAMT", p.Balance.Amount.Number)
	if p.BalanceDay != "" {
		e.text("DTASOF", ofxDay(p.BalanceDay))
	} else {
		e.text("DTASOF", p.Account.FetchedAt.UTC().Format(ofxTime))
	}
	e.xmlWriter.end(3)
	return e.err()
}

func (e *ofx) transaction(t *storage.Transaction) {
	out, kind := t.Amount.Negative(), "CREDIT"
	if out {
		kind = "DEBIT"
	}
	name := oneLine(otherSide(t.CreditorName, t.DebtorName, out))
	memo := texts(t, out)
	if short(name, 32) != name {
		memo = slices.Insert(memo, 0, name)
	}
	e.xmlWriter.begin("STMTTRN")
	e.text("TRNTYPE", kind)
	e.text("DTPOSTED", ofxDay(t.Date()))
	e.text("TRNAMT", t.Amount.Number)
	e.text("FITID", fitID(t))
	e.text("NAME", short(name, 32))
	e.text("MEMO", short(oneLine(strings.Join(memo, " · ")), 255))
	e.xmlWriter.end(1)
	e.to.WriteByte('\n')
}

// fitID is what programs know a transaction by that they have read before. It is ours, as banks give ids
// that are empty, change or are the same for all: its place, which stays whatever the bank says of it later; and what it
// comes to, so that another in that place, after an erasure, is another.
func fitID(t *storage.Transaction) string {
	return fmt.Sprintf("%d-%08x", t.ID, crc32.ChecksumIEEE([]byte(t.Amount.Number+t.Amount.Currency+t.Date())))
}

// bankID is the bank as nine characters hold it: its BIC without the branch.
func bankID(a storage.Account) string {
	if a.BIC == "" {
		return short(a.BankName, 9)
	}
	return a.BIC[:min(len(a.BIC), 8)]
}

func ofxDay(date string) string { return strings.ReplaceAll(date, "-", "") }

func (e *ofx) end() error {
	if e.set != "" {
		e.xmlWriter.end(1)
	}
	e.xmlWriter.end(1)
	return e.err()
}
