package xs2a

import (
	"fmt"
	"strings"
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
	}
	BkTxCd  camtTransactionCode
	Chrgs   []camtCharges
	Parties struct {
		Dbtr, UltmtDbtr, Cdtr, UltmtCdtr camtParty
		DbtrAcct, CdtrAcct               struct {
			ID camtAccount `xml:"Id"`
		}
	} `xml:"RltdPties"`
	Unstructured []xmlText `xml:"RmtInf>Ustrd"`
	Structured   []struct {
		Reference  xmlText   `xml:"CdtrRefInf>Ref"`
		Additional []xmlText `xml:"AddtlRmtInf"`
	} `xml:"RmtInf>Strd"`
	AddtlTxInf xmlText
}

type camtParty struct {
	Nm    xmlText
	Party xmlText `xml:"Pty>Nm"`
	Agent xmlText `xml:"Agt>FinInstnId>Nm"`
}

func nameOf(parties ...camtParty) string {
	for _, p := range parties {
		for _, name := range []xmlText{p.Nm, p.Party, p.Agent} {
			if name != "" {
				return string(name)
			}
		}
	}
	return ""
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

// transaction reads an entry. An entry of several payments stays one, as it
// is on the account; what the payments say stands together in the remittance,
// and the rest in Raw.
func (e camtEntry) transaction() (t Transaction, err error) {
	// The indicator is about the entry itself, also where that takes back an
	// earlier one (ISO 20022, ReversalIndicator).
	if t.Amount, err = e.Amt.amount(e.CdtDbtInd); err != nil {
		return Transaction{}, err
	}
	if t.BookingDate, err = e.BookgDt.day("BookgDt"); err != nil {
		return Transaction{}, err
	}
	if t.ValueDate, err = e.ValDt.day("ValDt"); err != nil {
		return Transaction{}, err
	}
	if t.Charges, err = chargesOf(e.Chrgs); err != nil {
		return Transaction{}, err
	}
	t.ID, t.EntryReference = string(e.AcctSvcrRef), string(e.NtryRef)
	t.BankCode, t.Additional = e.BkTxCd.String(), string(e.AddtlNtryInf)
	t.Reversal = e.RvslInd == "true" || e.RvslInd == "1"
	t.Raw, t.signed = e.Raw, true
	if len(e.Details) == 1 {
		err = e.Details[0].describe(&t)
	} else {
		t.Remittance = summary(e.Details)
	}
	return t, err
}

// describe adds what the only payment of an entry says.
func (d camtDetails) describe(t *Transaction) error {
	if t.ID == "" {
		t.ID = string(d.Refs.Servicer)
	}
	if t.BankCode == "" {
		t.BankCode = d.BkTxCd.String()
	}
	if t.Additional == "" {
		t.Additional = string(d.AddtlTxInf)
	}
	if len(t.Charges) == 0 {
		charges, err := chargesOf(d.Chrgs)
		if err != nil {
			return within("NtryDtls.TxDtls[0]", err)
		}
		t.Charges = charges
	}
	t.EndToEndID = string(d.Refs.EndToEnd)
	t.CreditorName, t.CreditorAccount = nameOf(d.Parties.Cdtr, d.Parties.UltmtCdtr), d.Parties.CdtrAcct.ID.String()
	t.DebtorName, t.DebtorAccount = nameOf(d.Parties.Dbtr, d.Parties.UltmtDbtr), d.Parties.DbtrAcct.ID.String()
	t.Remittance = d.remittance()
	return nil
}

func (d camtDetails) remittance() string {
	lines := append([]xmlText(nil), d.Unstructured...)
	for _, s := range d.Structured {
		lines = append(append(lines, s.Reference), s.Additional...)
	}
	var filled []string
	for _, line := range lines {
		if line != "" {
			filled = append(filled, string(line))
		}
	}
	return strings.Join(filled, "\n")
}

// summary says of several payments who and what for, one line each; of very
// many only the first.
func summary(payments []camtDetails) string {
	const most = 50
	var lines []string
	for i, d := range payments {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(payments)-most))
			break
		}
		who := nameOf(d.Parties.Cdtr, d.Parties.UltmtCdtr, d.Parties.Dbtr, d.Parties.UltmtDbtr)
		what := strings.ReplaceAll(d.remittance(), "\n", " ")
		if line := strings.Trim(who+": "+what, ": "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// chargesOf gives the charges of an entry. One without a direction was paid.
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
				return nil, within(fmt.Sprintf("Chrgs[%d]", i), err)
			}
			charges = append(charges, charge)
		}
	}
	return charges, nil
}
