package statement

import (
	"context"
	"encoding/xml"
	"maps"
	"slices"
	"strings"

	"consentry/xs2a/field"
)

// Instruction is a transfer that a pain.001 asks for, as it is written there: nothing of
// it has been checked (ISO 20022 CustomerCreditTransferInitiation, versions 03 to 09).
type Instruction struct {
	Method    string // TRF for a transfer
	On        string // the day of execution
	Debtor    string // account paid from: an IBAN, or another number
	EndToEnd  string // empty where it is NOTPROVIDED
	Amount    string
	Currency  string
	Creditor  string // name
	To        string // account paid to: an IBAN, or another number
	Agent     string // BIC of its bank
	AgentName string
	Text      string // unstructured remittance information
	Reference string // the creditor's, with structured remittance information
	Charges   string // chargeBearer
	Purpose   string // code

	Street, Number, PostCode, Town, Country string // of the creditor
}

type initiationDocument struct {
	XMLName    xml.Name
	Initiation *struct {
		Payments []initiationPayment `xml:"PmtInf"`
	} `xml:"CstmrCdtTrfInitn"`
}

type initiationPayment struct {
	Method    xmlText              `xml:"PmtMtd"`
	On        initiationDay        `xml:"ReqdExctnDt"`
	Account   initiationAccount    `xml:"DbtrAcct>Id"`
	Charges   xmlText              `xml:"ChrgBr"`
	Transfers []initiationTransfer `xml:"CdtTrfTxInf"`
	Rest      []element            `xml:",any"`
}

// element is one that is not read.
type element struct{ XMLName xml.Name }

// beside are the parts of a PmtInf that say nothing of a transfer: names and sums of the
// whole, the kind of payment, which is chosen apart from the file, and the person's own
// name and bank.
var beside = []string{"PmtInfId", "NbOfTxs", "CtrlSum", "PmtTpInf", "Dbtr", "DbtrAgt"}

type initiationTransfer struct {
	EndToEnd xmlText `xml:"PmtId>EndToEndId"`
	Amount   struct {
		Currency string  `xml:"Ccy,attr"`
		Number   xmlText `xml:",chardata"`
	} `xml:"Amt>InstdAmt"`
	Charges   xmlText `xml:"ChrgBr"`
	BIC       xmlText `xml:"CdtrAgt>FinInstnId>BIC"`   // to version 03
	BICFI     xmlText `xml:"CdtrAgt>FinInstnId>BICFI"` // after it
	AgentName xmlText `xml:"CdtrAgt>FinInstnId>Nm"`
	Purpose   xmlText `xml:"Purp>Cd"`
	Creditor  struct {
		Name    xmlText `xml:"Nm"`
		Address struct {
			Street   xmlText `xml:"StrtNm"`
			Number   xmlText `xml:"BldgNb"`
			PostCode xmlText `xml:"PstCd"`
			Town     xmlText `xml:"TwnNm"`
			Country  xmlText `xml:"Ctry"`
		} `xml:"PstlAdr"`
	} `xml:"Cdtr"`
	Account   initiationAccount `xml:"CdtrAcct>Id"`
	Text      []xmlText         `xml:"RmtInf>Ustrd"`
	Reference xmlText           `xml:"RmtInf>Strd>CdtrRefInf>Ref"`
	Kind      struct{}          `xml:"PmtTpInf"` // which is chosen apart from the file
	Rest      []element         `xml:",any"`
}

type initiationAccount struct {
	IBAN  xmlText `xml:"IBAN"`
	Other xmlText `xml:"Othr>Id"`
}

func (a initiationAccount) number() string {
	if a.IBAN != "" {
		return string(a.IBAN)
	}
	return string(a.Other)
}

// initiationDay is a day, which later versions wrap.
type initiationDay struct {
	Text   xmlText `xml:",chardata"`
	Day    xmlText `xml:"Dt"`
	Moment xmlText `xml:"DtTm"`
}

func (d initiationDay) day() string {
	switch {
	case d.Day != "":
		return string(d.Day)
	case len(d.Moment) > len("2006-01-02"):
		return string(d.Moment[:len("2006-01-02")])
	}
	return string(d.Text)
}

// ReadInitiation reads the transfers of a pain.001, in its order. unread names the elements
// that say something of a transfer and are not read, each once.
func ReadInitiation(ctx context.Context, document []byte, most Bounds) (list []Instruction, unread []string, err error) {
	var w initiationDocument
	if err := most.unmarshal(ctx, document, &w); err != nil {
		return nil, nil, err
	}
	if w.Initiation == nil {
		return nil, nil, field.Errorf(elementPath(w.XMLName.Local), "is no credit transfer initiation (pain.001)")
	}
	rest := map[string]bool{}
	for _, payment := range w.Initiation.Payments {
		for _, one := range payment.Rest {
			if !slices.Contains(beside, one.XMLName.Local) {
				rest[one.XMLName.Local] = true
			}
		}
		for _, t := range payment.Transfers {
			list = append(list, payment.instruction(t))
			for _, one := range t.Rest {
				rest[one.XMLName.Local] = true
			}
		}
	}
	return list, slices.Sorted(maps.Keys(rest)), nil
}

func (p initiationPayment) instruction(t initiationTransfer) Instruction {
	i := Instruction{
		Method: string(p.Method), On: p.On.day(), Debtor: p.Account.number(), EndToEnd: string(t.EndToEnd),
		Amount: string(t.Amount.Number), Currency: t.Amount.Currency, Creditor: string(t.Creditor.Name), To: t.Account.number(),
		Agent: string(t.BIC + t.BICFI), AgentName: string(t.AgentName), Purpose: string(t.Purpose), Reference: string(t.Reference), Charges: string(t.Charges),
		Street: string(t.Creditor.Address.Street), Number: string(t.Creditor.Address.Number), PostCode: string(t.Creditor.Address.PostCode),
		Town: string(t.Creditor.Address.Town), Country: string(t.Creditor.Address.Country),
	}
	if i.Charges == "" {
		i.Charges = string(p.Charges)
	}
	if i.EndToEnd == "NOTPROVIDED" {
		i.EndToEnd = ""
	}
	for _, line := range t.Text {
		i.Text = strings.TrimSpace(i.Text + " " + string(line))
	}
	return i
}
