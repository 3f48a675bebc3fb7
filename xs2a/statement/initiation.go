package statement

import (
	"context"
	"encoding/xml"
	"maps"
	"math/big"
	"slices"
	"strconv"
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
		Header   initiationTotals    `xml:"GrpHdr"`
		Payments []initiationPayment `xml:"PmtInf"`
	} `xml:"CstmrCdtTrfInitn"`
}

// initiationTotals say what a part of the document holds.
type initiationTotals struct {
	Count xmlText `xml:"NbOfTxs"`
	Sum   xmlText `xml:"CtrlSum"`
}

// hold reports what of the totals does not fit the transfers they are of.
func (of initiationTotals) hold(transfers []initiationTransfer) error {
	if n, err := strconv.Atoi(string(of.Count)); of.Count != "" && (err != nil || n != len(transfers)) {
		return field.Errorf("NbOfTxs", "is %q, and there are %d transfers", string(of.Count), len(transfers))
	}
	said, known := new(big.Rat).SetString(string(of.Sum))
	if of.Sum == "" || !known {
		return nil // what is no number is told where it is looked for
	}
	sum := new(big.Rat)
	for _, t := range transfers {
		amount, known := new(big.Rat).SetString(string(t.Amount.Number))
		if !known {
			return nil
		}
		sum.Add(sum, amount)
	}
	if said.Cmp(sum) != 0 {
		return field.Errorf("CtrlSum", "is %s, and the transfers come to %s", string(of.Sum), sum.FloatString(2))
	}
	return nil
}

type initiationPayment struct {
	initiationTotals
	Method    xmlText              `xml:"PmtMtd"`
	On        initiationDay        `xml:"ReqdExctnDt"`
	Account   initiationAccount    `xml:"DbtrAcct>Id"`
	Charges   xmlText              `xml:"ChrgBr"`
	Kind      initiationKind       `xml:"PmtTpInf"`
	Transfers []initiationTransfer `xml:"CdtTrfTxInf"`
}

// element is one of which the name alone counts.
type element struct{ XMLName xml.Name }

// initiationKind is the kind of payment, which is chosen apart from the file.
type initiationKind struct {
	Priority xmlText   `xml:"InstrPrty"`
	Levels   []xmlText `xml:"SvcLvl>Cd"`
	Rest     []element `xml:",any"`
}

// plain reports whether it asks for nothing but a payment as banks make it.
func (k initiationKind) plain() bool {
	other := slices.ContainsFunc(k.Levels, func(level xmlText) bool { return level != "SEPA" && level != "NURG" })
	return !other && len(k.Rest) == 0 && (k.Priority == "" || k.Priority == "NORM")
}

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
	Kind      initiationKind    `xml:"PmtTpInf"`
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
	if w.Initiation == nil || w.XMLName.Space != "" && !strings.Contains(w.XMLName.Space, ":pain.001.") {
		return nil, nil, field.Errorf(elementPath(w.XMLName.Local), "is no credit transfer initiation (pain.001)")
	}
	lost, err := once(ctx, document)
	if err != nil {
		return nil, nil, err
	}
	rest := map[string]bool{}
	for _, name := range lost {
		rest[name] = true
	}
	var all []initiationTransfer
	for _, payment := range w.Initiation.Payments {
		if err := payment.hold(payment.Transfers); err != nil {
			return nil, nil, field.Within("PmtInf", err)
		}
		all = append(all, payment.Transfers...)
		if !payment.Kind.plain() {
			rest["PmtTpInf"] = true
		}
		for _, t := range payment.Transfers {
			list = append(list, payment.instruction(t))
			if !t.Kind.plain() {
				rest["PmtTpInf"] = true
			}
		}
	}
	return list, slices.Sorted(maps.Keys(rest)), w.Initiation.Header.hold(all)
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
