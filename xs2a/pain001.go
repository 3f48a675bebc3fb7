package xs2a

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"

	"github.com/cockroachdb/apd/v3"
)

// pain001Space is the version that banks of the framework take (ISO 20022
// pain.001.001.03, as the European Payments Council uses it in its rulebooks to 2023,
// and banks beyond).
const pain001Space = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"

// pain001XML is as much of a customer credit transfer initiation as an order fills.
// The order of the members is the schema's.
type pain001XML struct {
	XMLName xml.Name `xml:"Document"`
	Space   string   `xml:"xmlns,attr"`
	Header  struct {
		Message   string `xml:"MsgId"`
		Created   string `xml:"CreDtTm"`
		Count     string `xml:"NbOfTxs"`
		Sum       string `xml:"CtrlSum"`
		Initiator string `xml:"InitgPty>Nm"`
	} `xml:"CstmrCdtTrfInitn>GrpHdr"`
	Payment struct {
		ID        string        `xml:"PmtInfId"`
		Method    string        `xml:"PmtMtd"`
		Batch     *bool         `xml:"BtchBookg"`
		Count     string        `xml:"NbOfTxs"`
		Sum       string        `xml:"CtrlSum"`
		Kind      *kindXML      `xml:"PmtTpInf"`
		On        string        `xml:"ReqdExctnDt"`
		Debtor    string        `xml:"Dbtr>Nm"`
		Account   string        `xml:"DbtrAcct>Id>IBAN"`
		Currency  string        `xml:"DbtrAcct>Ccy,omitempty"`
		Agent     string        `xml:"DbtrAgt>FinInstnId>Othr>Id"`
		Charges   string        `xml:"ChrgBr,omitempty"`
		Transfers []transferXML `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

type transferXML struct {
	EndToEnd string `xml:"PmtId>EndToEndId"`
	Amount   struct {
		Currency string `xml:"Ccy,attr"`
		Number   string `xml:",chardata"`
	} `xml:"Amt>InstdAmt"`
	Charges  string      `xml:"ChrgBr,omitempty"`
	Agent    *agentXML   `xml:"CdtrAgt>FinInstnId"`
	Creditor string      `xml:"Cdtr>Nm"`
	Address  *addressXML `xml:"Cdtr>PstlAdr"`
	IBAN     string      `xml:"CdtrAcct>Id>IBAN"`
	Purpose  *purposeXML `xml:"Purp"`
	Text     *textXML    `xml:"RmtInf"`
}

// What may be absent is a type of its own: a path would leave its first part there.
type (
	kindXML struct {
		Level string    `xml:"SvcLvl>Cd"`
		Local *localXML `xml:"LclInstrm"`
	}
	localXML struct {
		Code string `xml:"Cd"`
	}
	purposeXML struct {
		Code string `xml:"Cd"`
	}
	textXML struct {
		Free string `xml:"Ustrd"`
	}
)

type agentXML struct {
	BIC  string `xml:"BIC,omitempty"`
	Name string `xml:"Nm,omitempty"`
}

type addressXML struct {
	Street   string `xml:"StrtNm,omitempty"`
	Number   string `xml:"BldgNb,omitempty"`
	PostCode string `xml:"PstCd,omitempty"`
	Town     string `xml:"TwnNm,omitempty"`
	Country  string `xml:"Ctry,omitempty"`
}

// notProvided stands where the schema wants something that nobody gave (EPC132-08,
// SEPA credit transfer customer-to-bank implementation guidelines).
const notProvided = "NOTPROVIDED"

// pain001 returns an order as a customer credit transfer initiation.
func (o Order) pain001(messageID, created string) ([]byte, error) {
	if o.Standing != nil {
		return nil, errors.New("xs2a: a periodic payment is sent as JSON") // the rest of it has no place in a pain.001
	}
	var doc pain001XML
	doc.Space = pain001Space
	sum := new(apd.Decimal)
	for _, t := range o.Transfers {
		if t.To.IBAN == "" {
			return nil, errors.New("xs2a: a pain.001 of this program goes to an IBAN")
		}
		number, _, err := apd.NewFromString(t.Amount.Number)
		if err != nil {
			return nil, fmt.Errorf("xs2a: %q is no amount", t.Amount.Number)
		}
		if _, err := apd.BaseContext.WithPrecision(40).Add(sum, sum, number); err != nil {
			return nil, err
		}
		wire := transferXML{EndToEnd: t.EndToEnd, Creditor: t.Creditor, IBAN: t.To.IBAN}
		if wire.EndToEnd == "" {
			wire.EndToEnd = notProvided
		}
		wire.Amount.Currency, wire.Amount.Number = t.Amount.Currency, t.Amount.Number
		if t.Purpose != "" {
			wire.Purpose = &purposeXML{t.Purpose}
		}
		if t.Text != "" {
			wire.Text = &textXML{t.Text}
		}
		if t.Agent+t.AgentName != "" {
			wire.Agent = &agentXML{t.Agent, t.AgentName}
		}
		if a := t.Address; a != nil {
			wire.Address = &addressXML{a.Street, a.Number, a.PostCode, a.Town, a.Country}
		}
		doc.Payment.Transfers = append(doc.Payment.Transfers, wire)
	}
	doc.Header.Message, doc.Header.Created, doc.Header.Initiator = messageID, created, notProvided
	doc.Header.Count, doc.Header.Sum = strconv.Itoa(len(o.Transfers)), sum.Text('f')
	p := &doc.Payment
	p.ID, p.Method, p.Batch, p.Count, p.Sum = messageID, "TRF", o.Batch, doc.Header.Count, doc.Header.Sum
	p.On, p.Debtor, p.Account, p.Currency, p.Agent = o.On, notProvided, o.Debtor.IBAN, o.Debtor.Currency, notProvided
	switch o.Product {
	case "pain.001-sepa-credit-transfers":
		p.Kind = &kindXML{Level: "SEPA"}
	case "pain.001-instant-sepa-credit-transfers":
		p.Kind = &kindXML{"SEPA", &localXML{"INST"}} // EPC121-16
	}
	if p.Kind != nil {
		p.Charges = "SLEV" // the schemes know no other
	} else {
		for i := range p.Transfers {
			p.Transfers[i].Charges = o.Transfers[i].Charges
		}
	}
	if p.On == "" {
		p.On = created[:len("2006-01-02")]
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	return append([]byte(xml.Header), body...), err
}
