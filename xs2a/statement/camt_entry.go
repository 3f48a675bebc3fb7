package statement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"consentry/xs2a/field"
)

// camtEntry is one booking (ReportEntry of ISO 20022).
type camtEntry struct {
	Raw          []byte `xml:",innerxml"`
	NtryRef      xmlText
	Amt          camtAmount
	CdtDbtInd    xmlText
	RvslInd      xmlText
	Sts          camtCode
	BookgDt      camtDate
	ValDt        camtDate
	AcctSvcrRef  xmlText
	BkTxCd       camtTransactionCode
	Amounts      camtAmounts `xml:"AmtDtls"`
	Chrgs        []camtCharges
	AddtlNtryInf xmlText
	Details      []camtDetails `xml:"NtryDtls>TxDtls"`
}

// camtDetails is one of the payments an entry is made of. The parties stand
// bare up to version 001.07 and inside Pty since.
type camtDetails struct {
	Refs struct {
		Servicer xmlText `xml:"AcctSvcrRef"`
		EndToEnd xmlText `xml:"EndToEndId"`
		Mandate  xmlText `xml:"MndtId"`
	}
	BkTxCd  camtTransactionCode
	Amounts camtAmounts `xml:"AmtDtls"`
	Chrgs   []camtCharges
	Parties struct {
		Dbtr, UltmtDbtr, Cdtr, UltmtCdtr camtParty
		DbtrAcct, CdtrAcct               struct {
			ID camtAccount `xml:"Id"`
		}
	} `xml:"RltdPties"`
	Agents struct {
		Dbtr camtAgent `xml:"DbtrAgt>FinInstnId"`
		Cdtr camtAgent `xml:"CdtrAgt>FinInstnId"`
	} `xml:"RltdAgts"`
	Purpose camtCode `xml:"Purp"`
	Return  struct {
		Reason     camtCode  `xml:"Rsn"`
		Additional []xmlText `xml:"AddtlInf"`
	} `xml:"RtrInf"`
	Unstructured []xmlText `xml:"RmtInf>Ustrd"`
	Structured   []struct {
		Reference  xmlText   `xml:"CdtrRefInf>Ref"`
		Additional []xmlText `xml:"AddtlRmtInf"`
	} `xml:"RmtInf>Strd"`
	AddtlTxInf xmlText
}

type camtParty struct {
	Nm      xmlText
	Party   xmlText `xml:"Pty>Nm"`
	Agent   xmlText `xml:"Agt>FinInstnId>Nm"`
	Scheme  xmlText `xml:"Id>PrvtId>Othr>Id"` // of a creditor: the one who collects direct debits
	Scheme8 xmlText `xml:"Pty>Id>PrvtId>Othr>Id"`
}

func (p camtParty) name() string { return string(cmp.Or(p.Nm, p.Party, p.Agent)) }

// camtAgent is a bank, by the names its code has had.
type camtAgent struct {
	BICFI, BIC xmlText
	Member     xmlText `xml:"ClrSysMmbId>MmbId"`
}

func (a camtAgent) String() string { return string(cmp.Or(a.BICFI, a.BIC, a.Member)) }

// camtAmounts are where rates stand.
type camtAmounts struct {
	Instructed  camtExchange `xml:"InstdAmt>CcyXchg"`
	Transaction camtExchange `xml:"TxAmt>CcyXchg"`
	Counter     camtExchange `xml:"CntrValAmt>CcyXchg"`
}

type camtExchange struct {
	SrcCcy, TrgtCcy, UnitCcy, XchgRate, QtnDt xmlText
	Contract                                  xmlText `xml:"CtrctId"`
}

// exchange returns the rates, each once.
func (a camtAmounts) exchange() []ExchangeRate {
	var all []ExchangeRate
	for _, x := range []camtExchange{a.Instructed, a.Transaction, a.Counter} {
		one := ExchangeRate{string(x.SrcCcy), string(x.TrgtCcy), string(x.UnitCcy), string(x.XchgRate), string(x.QtnDt), string(x.Contract)}
		if one != (ExchangeRate{}) && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

type camtTransactionCode struct {
	Domain      xmlText `xml:"Domn>Cd"`
	Family      xmlText `xml:"Domn>Fmly>Cd"`
	SubFamily   xmlText `xml:"Domn>Fmly>SubFmlyCd"`
	Proprietary xmlText `xml:"Prtry>Cd"`
}

// String is in the form of BG 1.3.12 section 14.28, such as PMNT-RCDT-ESCT.
func (c camtTransactionCode) String() string {
	if c.Domain == "" {
		return string(c.Proprietary)
	}
	return string(c.Domain + "-" + c.Family + "-" + c.SubFamily)
}

// camtCharges stand bare in version 001.02 and in records since.
type camtCharges struct {
	camtCharge
	Rcrd []camtCharge
}

type camtCharge struct {
	Amt       camtAmount
	CdtDbtInd xmlText
}

// entry reads an entry. One of several payments stays one, as it is on the
// account; what the payments say stands beside it, and the rest in Raw.
func (e camtEntry) entry(usual string) (t Entry, err error) {
	// The indicator is about the entry itself, also where that takes back an
	// earlier one (ISO 20022, ReversalIndicator).
	if t.Amount, err = e.Amt.amount(e.CdtDbtInd); err != nil {
		return Entry{}, err
	}
	if t.BookingDate, err = e.BookgDt.day("BookgDt"); err != nil {
		return Entry{}, err
	}
	if t.ValueDate, err = e.ValDt.day("ValDt"); err != nil {
		return Entry{}, err
	}
	if t.Charges, err = chargesOf(e.Chrgs); err != nil {
		return Entry{}, err
	}
	t.Status = camtStatus(cmp.Or(e.Sts.String(), usual))
	t.BankReference, t.Reference = string(e.AcctSvcrRef), string(e.NtryRef)
	t.BankCode, t.Additional = e.BkTxCd.String(), string(e.AddtlNtryInf)
	t.Reversal = e.RvslInd == "true" || e.RvslInd == "1"
	t.Raw, t.Exchange = e.Raw, e.Amounts.exchange()
	if len(e.Details) == 1 {
		err = e.Details[0].describe(&t)
	} else {
		t.Payments = paymentsOf(e.Details)
	}
	return t, err
}

// describe adds what the only payment of an entry says.
func (d camtDetails) describe(t *Entry) error {
	t.BankReference = cmp.Or(t.BankReference, string(d.Refs.Servicer))
	t.BankCode = cmp.Or(t.BankCode, d.BkTxCd.String())
	t.Additional = cmp.Or(t.Additional, string(d.AddtlTxInf))
	if len(t.Charges) == 0 {
		charges, err := chargesOf(d.Chrgs)
		if err != nil {
			return field.Within("NtryDtls.TxDtls[0]", err)
		}
		t.Charges = charges
	}
	if len(t.Exchange) == 0 {
		t.Exchange = d.Amounts.exchange()
	}
	t.EndToEndID, t.MandateID, t.PurposeCode = string(d.Refs.EndToEnd), string(d.Refs.Mandate), d.Purpose.String()
	p := d.Parties
	t.Creditor = Party{p.Cdtr.name(), p.UltmtCdtr.name(), p.CdtrAcct.ID.String(), d.Agents.Cdtr.String()}
	t.Debtor = Party{p.Dbtr.name(), p.UltmtDbtr.name(), p.DbtrAcct.ID.String(), d.Agents.Dbtr.String()}
	t.CreditorID = string(cmp.Or(p.Cdtr.Scheme, p.Cdtr.Scheme8))
	t.Remittance = d.remittance()
	t.ReturnCode, t.ReturnText = d.Return.Reason.String(), joined(d.Return.Additional, " ")
	return nil
}

func (d camtDetails) remittance() string {
	lines := append([]xmlText(nil), d.Unstructured...)
	for _, s := range d.Structured {
		lines = append(append(lines, s.Reference), s.Additional...)
	}
	return joined(lines, "\n")
}

func joined(lines []xmlText, by string) string {
	var filled []string
	for _, line := range lines {
		if line != "" {
			filled = append(filled, string(line))
		}
	}
	return strings.Join(filled, by)
}

// paymentsOf returns whom payments went to, and came from, and what for.
func paymentsOf(details []camtDetails) []Payment {
	var all []Payment
	for _, d := range details {
		p := d.Parties
		all = append(all, Payment{cmp.Or(p.UltmtCdtr.name(), p.Cdtr.name()), cmp.Or(p.UltmtDbtr.name(), p.Dbtr.name()), d.remittance()})
	}
	return all
}

// chargesOf returns the charges of an entry. One without a direction was paid.
func chargesOf(all []camtCharges) ([]Amount, error) {
	var charges []Amount
	for i, c := range all {
		for _, one := range append(c.Rcrd, c.camtCharge) {
			if one.Amt.Value == "" {
				continue
			}
			if one.CdtDbtInd == "" {
				one.CdtDbtInd = "DBIT"
			}
			charge, err := one.Amt.amount(one.CdtDbtInd)
			if err != nil {
				return nil, field.Within(fmt.Sprintf("Chrgs[%d]", i), err)
			}
			charges = append(charges, charge)
		}
	}
	return charges, nil
}
