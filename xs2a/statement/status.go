package statement

import (
	"context"
	"encoding/xml"

	"consentry/xs2a/field"
)

// PaymentStatus is what a pain.002 says about a payment (ISO 20022
// CustomerPaymentStatusReport; BG 1.3.12 section 5.4).
type PaymentStatus struct {
	Status string   // transaction status such as ACSC; PART where the parts differ
	Code   string   // why, ISO 20022 status reason such as AC04 or the bank's own; may be empty
	Text   []string // the bank's words; untrusted
}

// pain.002 gives a status for the file, for each order in it, or for each
// payment of an order.
type painDocument struct {
	XMLName xml.Name
	Report  *struct {
		Group  painStatus  `xml:"OrgnlGrpInfAndSts"`
		Orders []painOrder `xml:"OrgnlPmtInfAndSts"`
	} `xml:"CstmrPmtStsRpt"`
}

type painOrder struct {
	painStatus
	Payments []painStatus `xml:"TxInfAndSts"`
}

type painStatus struct {
	GrpSts, PmtInfSts, TxSts xmlText // one of them, by where it stands
	Reasons                  []struct {
		Rsn      camtCode
		AddtlInf []xmlText
	} `xml:"StsRsnInf"`
}

func (s painStatus) status() string { return string(s.GrpSts + s.PmtInfSts + s.TxSts) }

// ReadStatus reads a pain.002 about one payment. The status of the whole
// counts; where it has none, that of the parts.
func ReadStatus(ctx context.Context, document []byte, most Bounds) (PaymentStatus, error) {
	var w painDocument
	if err := most.unmarshal(ctx, document, &w); err != nil {
		return PaymentStatus{}, err
	}
	if w.Report == nil {
		return PaymentStatus{}, field.Errorf(elementPath(w.XMLName.Local), "is no payment status report (pain.002)")
	}
	var report PaymentStatus
	levels := [3][]painStatus{{w.Report.Group}}
	for _, order := range w.Report.Orders {
		levels[1] = append(levels[1], order.painStatus)
		levels[2] = append(levels[2], order.Payments...)
	}
	for _, level := range levels {
		if report.Status == "" {
			report.Status = common(level)
		}
		for _, part := range level {
			report.explain(part)
		}
	}
	if report.Status == "" {
		return PaymentStatus{}, field.Errorf("Document.CstmrPmtStsRpt", "holds no status")
	}
	return report, nil
}

// common is the status all parts share, and PART where they differ.
func common(parts []painStatus) string {
	var all string
	for _, p := range parts {
		switch s := p.status(); {
		case s == "" || s == all:
		case all == "":
			all = s
		default:
			return "PART"
		}
	}
	return all
}

func (r *PaymentStatus) explain(part painStatus) {
	for _, reason := range part.Reasons {
		if r.Code == "" {
			r.Code = reason.Rsn.String()
		}
		for _, text := range reason.AddtlInf {
			if text != "" {
				r.Text = append(r.Text, string(text))
			}
		}
	}
}
