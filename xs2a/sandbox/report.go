package sandbox

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// Transaction reports in the forms of ISO 20022 and SWIFT, for a TPP whose Accept
// asks for them (BG 1.3.12, GET …/transactions).

// otherForm reports whether the bank has this form of an answer besides JSON.
func (c *call) otherForm(kind string) bool {
	h := c.bank.Behaviour
	switch {
	case kind == h.Report && strings.HasSuffix(c.request.URL.Path, "/transactions"):
		return true
	case kind != bank.Camt053 || c.service == "":
		return false
	}
	return h.Pain002 && strings.HasSuffix(c.request.URL.Path, "/status") || strings.HasPrefix(c.request.PathValue("product"), "pain.001-")
}

// wants reports whether the TPP would rather have this than JSON.
func (c *call) wants(kind string) bool {
	accept := strings.Join(c.request.Header.Values("Accept"), ",")
	at, json := strings.Index(accept, kind), strings.Index(accept, "application/json")
	return kind != "" && at >= 0 && (json < 0 || at < json)
}

// reported is the list of entries in the bank's other form, where it is asked for.
func (s *Sandbox) reported(get func(*call) (answer, error)) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		kind := c.bank.Behaviour.Report
		if !c.wants(kind) {
			return get(c)
		}
		acc, err := s.sharedAccount(c)
		if err != nil {
			return answer{}, err
		}
		if !acc.grant.Transactions {
			return answer{}, notGranted("transactions")
		}
		q, err := s.statementQuery(c, acc)
		if err != nil {
			return answer{}, err
		}
		if q.delta.habit != "" {
			return answer{}, noDeltas("deltaList")
		}
		if err := s.meter(c, "transactions "+acc.id); err != nil {
			return answer{}, err
		}
		st := s.bankStatement(acc, q)
		if kind == bank.MT940 {
			return answer{status: 200, kind: bank.MT940 + "; charset=utf-8", body: []byte(st.mt940())}, nil
		}
		body, err := st.camt()
		return answer{status: 200, kind: bank.Camt053, body: body}, err
	}
}

// bankStatement is a period of an account with the balances at its ends, oldest
// entry first.
type bankStatement struct {
	acc           shared
	from, to      people.Day
	opens, closes int64
	entries       []*people.Entry
}

func (s *Sandbox) bankStatement(acc shared, q statementQuery) bankStatement {
	st := bankStatement{acc: acc, from: q.from, to: q.to}
	all := acc.Statement(s.now(), true)
	slices.Reverse(all)
	for _, e := range all {
		switch {
		case e.Booking < q.from:
			st.opens += e.Minor
		case e.Booking <= q.to:
			st.entries = append(st.entries, e)
		}
	}
	st.closes = st.opens + people.Sum(st.entries)
	return st
}

// mark is the direction of money: credit or debit.
func mark(minor int64, credit, debit string) (direction string, abs int64) {
	if minor < 0 {
		return debit, -minor
	}
	return credit, minor
}

// comma writes minor units the way SWIFT does.
func comma(minor int64) string { return strings.Replace(people.Decimal(minor), ".", ",", 1) }

func six(on people.Day) string { return on.Time().Format("060102") }

// mt940 is the customer statement message of SWIFT.
func (st bankStatement) mt940() string {
	var b strings.Builder
	balance := func(tag string, on people.Day, minor int64) {
		direction, abs := mark(minor, "C", "D")
		fmt.Fprintf(&b, ":%s:%s%s%s%s\r\n", tag, direction, six(on), st.acc.Currency, comma(abs))
	}
	fmt.Fprintf(&b, ":20:STARTUMSE\r\n:25:%s\r\n:28C:00001/001\r\n", st.acc.IBAN)
	balance("60F", st.from-1, st.opens)
	for _, e := range st.entries {
		direction, abs := mark(e.Minor, "C", "D")
		fmt.Fprintf(&b, ":61:%s%s%s%sNTRF%s\r\n", six(e.Day), e.Booking.Time().Format("0102"), direction, comma(abs), swift(st.acc.reference(e), 16))
		fmt.Fprintf(&b, ":86:166?00%s?20%s?32%s", swift(codes[e.Use][1], 27), swift(e.Text, 27), swift(e.Name, 27))
		if e.IBAN != "" {
			fmt.Fprintf(&b, "?31%s", e.IBAN)
		}
		b.WriteString("\r\n")
	}
	balance("62F", st.to, st.closes)
	b.WriteString("-\r\n")
	return b.String()
}

// swift shortens text and takes out what would end a field.
func swift(text string, length int) string {
	text = strings.NewReplacer("?", " ", ":", " ", "\n", " ", "\r", " ").Replace(text)
	if runes := []rune(text); len(runes) > length {
		return string(runes[:length])
	}
	return text
}

type camtAmount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

type camtBalance struct {
	Code      string     `xml:"Tp>CdOrPrtry>Cd"`
	Amount    camtAmount `xml:"Amt"`
	Direction string     `xml:"CdtDbtInd"`
	Date      string     `xml:"Dt>Dt"`
}

type camtEntry struct {
	Reference string     `xml:"NtryRef,omitempty"`
	Amount    camtAmount `xml:"Amt"`
	Direction string     `xml:"CdtDbtInd"`
	Status    string     `xml:"Sts"`
	Booking   string     `xml:"BookgDt>Dt"`
	Value     string     `xml:"ValDt>Dt"`
	Servicer  string     `xml:"AcctSvcrRef,omitempty"`
	Code      string     `xml:"BkTxCd>Prtry>Cd"`
	Details   camtDetail `xml:"NtryDtls>TxDtls"`
}

type camtDetail struct {
	EndToEnd string       `xml:"Refs>EndToEndId"`
	Parties  *camtParties `xml:"RltdPties,omitempty"`
	Text     string       `xml:"RmtInf>Ustrd,omitempty"`
}

type camtParties struct {
	Debtor      *camtName `xml:"Dbtr,omitempty"`
	DebtorAcc   *camtIBAN `xml:"DbtrAcct,omitempty"`
	Creditor    *camtName `xml:"Cdtr,omitempty"`
	CreditorAcc *camtIBAN `xml:"CdtrAcct,omitempty"`
}

type camtName struct {
	Name string `xml:"Nm"`
}

type camtIBAN struct {
	IBAN string `xml:"Id>IBAN"`
}

type camtDocument struct {
	XMLName  xml.Name      `xml:"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02 Document"`
	Message  string        `xml:"BkToCstmrStmt>GrpHdr>MsgId"`
	Created  string        `xml:"BkToCstmrStmt>GrpHdr>CreDtTm"`
	ID       string        `xml:"BkToCstmrStmt>Stmt>Id"`
	At       string        `xml:"BkToCstmrStmt>Stmt>CreDtTm"`
	IBAN     string        `xml:"BkToCstmrStmt>Stmt>Acct>Id>IBAN"`
	Currency string        `xml:"BkToCstmrStmt>Stmt>Acct>Ccy"`
	Balances []camtBalance `xml:"BkToCstmrStmt>Stmt>Bal"`
	Entries  []camtEntry   `xml:"BkToCstmrStmt>Stmt>Ntry"`
}

// camt is the bank to customer statement of ISO 20022.
func (st bankStatement) camt() ([]byte, error) {
	at := st.to.String() + "T06:00:00"
	doc := camtDocument{
		Message: "STMT-" + st.acc.id[:8], Created: at, ID: st.acc.id[:8] + "-" + six(st.to), At: at, IBAN: st.acc.IBAN, Currency: st.acc.Currency,
		Balances: []camtBalance{st.camtBalance("OPBD", st.from, st.opens), st.camtBalance("CLBD", st.to, st.closes)},
	}
	for _, e := range st.entries {
		direction, abs := mark(e.Minor, "CRDT", "DBIT")
		doc.Entries = append(doc.Entries, camtEntry{
			Reference: st.acc.reference(e), Amount: camtAmount{st.acc.Currency, people.Decimal(abs)}, Direction: direction, Status: "BOOK",
			Booking: e.Booking.String(), Value: e.Day.String(), Servicer: st.acc.entryID(e, true), Code: codes[e.Use][1],
			Details: camtDetail{EndToEnd: "NOTPROVIDED", Parties: parties(e), Text: e.Text},
		})
	}
	body, err := xml.MarshalIndent(doc, "", " ")
	return append([]byte(xml.Header), body...), err
}

func (st bankStatement) camtBalance(code string, on people.Day, minor int64) camtBalance {
	direction, abs := mark(minor, "CRDT", "DBIT")
	return camtBalance{Code: code, Amount: camtAmount{st.acc.Currency, people.Decimal(abs)}, Direction: direction, Date: on.String()}
}

func parties(e *people.Entry) *camtParties {
	name := &camtName{e.Name}
	var iban *camtIBAN
	if e.IBAN != "" {
		iban = &camtIBAN{e.IBAN}
	}
	if e.Minor < 0 {
		return &camtParties{Creditor: name, CreditorAcc: iban}
	}
	return &camtParties{Debtor: name, DebtorAcc: iban}
}
