package sandbox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/xs2a/sandbox/people"
)

// What payments are sent as: JSON of the three services, and pain.001.

// paymentBody holds the fields of all services and products; which have to be
// there is for read to say.
type paymentBody struct {
	orderBody
	Debtor    *accountBody    `json:"debtorAccount"`
	Execution string          `json:"requestedExecutionDate"`
	At        string          `json:"requestedExecutionTime"`
	Start     string          `json:"startDate"`
	End       string          `json:"endDate"`
	Rule      string          `json:"executionRule"`
	Frequency frequency       `json:"frequency"`
	Day       string          `json:"dayOfExecution"`
	Months    json.RawMessage `json:"monthsOfExecution"`
	Batch     *bool           `json:"batchBookingPreferred"`
	Payments  []orderBody     `json:"payments"`
}

type orderBody struct {
	EndToEnd  string          `json:"endToEndIdentification"`
	Amount    *amount         `json:"instructedAmount"`
	Creditor  *accountBody    `json:"creditorAccount"`
	Giro      *giroBody       `json:"creditorGiro"`
	Agent     string          `json:"creditorAgent"`
	AgentName string          `json:"creditorAgentName"`
	Name      string          `json:"creditorName"`
	Address   json.RawMessage `json:"creditorAddress"`
	Text      string          `json:"remittanceInformationUnstructured"`
	Invoice   string          `json:"invoiceRef"`
	OCR       string          `json:"ocrRef"`
	ToSelf    string          `json:"debtorAccountMessage"`
	ToOther   string          `json:"creditorAccountMessage"`
	Purpose   string          `json:"purposeCode"`
	Charges   string          `json:"chargeBearer"`
}

type accountBody struct {
	accountReference
	Clearing string `json:"clearingNumber,omitempty"`
}

type giroBody struct {
	Number string `json:"giroNumber"`
	Type   string `json:"giroType"`
}

var (
	paidForm = regexp.MustCompile(`^[0-9]{1,14}(\.[0-9]{1,2})?$`)
	bbanForm = regexp.MustCompile(`^[A-Za-z0-9]{1,30}$`)
	giroForm = regexp.MustCompile(`^[0-9-]{5,35}$`)
	ocrForm  = regexp.MustCompile(`^[0-9]{5,140}$`)

	purposeForm = regexp.MustCompile(`^[A-Z0-9]{4}$`)
)

// minorOf reads an amount that is to be paid: more than nothing.
func minorOf(text string) (int64, bool) {
	if !paidForm.MatchString(text) {
		return 0, false
	}
	whole, cents, _ := strings.Cut(text, ".")
	minor, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
	return minor, err == nil && minor > 0
}

// readJSON takes a payment of a JSON product.
func (p *payment) readJSON(c *call) error {
	var body paymentBody
	if err := c.decode(&body); err != nil {
		return err
	}
	p.Sent = bytes.Clone(c.body)
	if body.Debtor == nil {
		return formatError("debtorAccount", "debtorAccount is missing")
	}
	p.Debtor = body.Debtor.accountReference
	list := []orderBody{body.orderBody}
	if p.Service == "bulk-payments" {
		if list = body.Payments; len(list) == 0 {
			return formatError("payments", "payments is missing")
		}
	} else if body.Payments != nil {
		return formatError("payments", "several payments are for bulk-payments")
	}
	for i, sent := range list {
		where := ""
		if p.Service == "bulk-payments" {
			where = fmt.Sprintf("payments[%d].", i)
		}
		o, err := sent.order(where, p.Product == "swedish-giro", c.takesBBAN())
		if err != nil {
			return err
		}
		p.Orders = append(p.Orders, o)
	}
	return p.readDays(body)
}

// readDays takes the dates, as far as the service has them.
func (p *payment) readDays(body paymentBody) (err error) {
	begins, name := body.Execution, "requestedExecutionDate"
	if p.Service == "periodic-payments" {
		if begins, name = body.Start, "startDate"; begins == "" {
			return formatError(name, "startDate is missing")
		}
		if p.Every = body.Frequency; !p.Every.known() {
			return formatError("frequency", "frequency is missing or unknown")
		}
		if err := p.readRule(body); err != nil {
			return err
		}
	} else if body.Start != "" || body.Frequency != "" {
		return formatError("startDate", "dates in a row are for periodic-payments")
	}
	if begins != "" {
		if p.On, err = people.ParseDay(begins); err != nil {
			return formatError(name, "a date, 2027-01-31")
		}
	}
	if body.End != "" {
		if p.Until, err = people.ParseDay(body.End); err != nil || p.Until < p.On {
			return formatError("endDate", "a date after startDate")
		}
	}
	return nil
}

// readRule takes the day of the month, and what is done where a day is no bank day.
func (p *payment) readRule(body paymentBody) error {
	if p.Rule = body.Rule; p.Rule != "" && p.Rule != ruleFollowing && p.Rule != rulePreceding {
		return formatError("executionRule", "following or preceding")
	}
	if body.Day == "" {
		return nil
	}
	var err error
	if p.Day, err = strconv.Atoi(body.Day); err != nil || p.Day < 1 || p.Day > 31 || strconv.Itoa(p.Day) != body.Day {
		return formatError("dayOfExecution", "a day of the month, 1 to 31 without a leading zero")
	}
	return nil
}

// takesBBAN reports whether a payment may name accounts as its country does. Open
// Payments takes either (Open Payments 1.3.3, accountReference); the other banks
// have an IBAN for each account, which is then the only name.
func (c *call) takesBBAN() bool { return c.bank.Behaviour == nil }

// payable reports whether a reference is of a form that a payment can go to or from.
func (ref accountReference) payable(bban bool) bool {
	return people.ValidIBAN(ref.IBAN) || bban && ref.IBAN == "" && bbanForm.MatchString(ref.BBAN)
}

// order checks one transfer.
func (sent orderBody) order(where string, giro, bban bool) (order, error) {
	o := order{Name: strings.TrimSpace(sent.Name), Text: sent.Text, EndToEnd: sent.EndToEnd}
	if sent.Amount == nil {
		return o, formatError(where+"instructedAmount", "instructedAmount is missing")
	}
	var good bool
	o.Currency = sent.Amount.Currency
	o.Minor, good = minorOf(sent.Amount.Amount)
	switch {
	case !good:
		return o, formatError(where+"instructedAmount.amount", "an amount above zero, 123.50")
	case !people.KnownCurrency(o.Currency):
		return o, formatError(where+"instructedAmount.currency", "the bank does not deal in this currency")
	case o.Name == "" || len([]rune(o.Name)) > 70:
		return o, formatError(where+"creditorName", "creditorName is missing or longer than 70")
	case len([]rune(o.Text)) > 140:
		return o, formatError(where+"remittanceInformationUnstructured", "longer than 140")
	case len(o.EndToEnd) > 35:
		return o, formatError(where+"endToEndIdentification", "longer than 35")
	case sent.Agent != "" && !isBIC(sent.Agent):
		return o, formatError(where+"creditorAgent", "this is not the form of a BIC")
	}
	if giro {
		return o, sent.giroOrder(&o)
	}
	switch {
	case sent.ToSelf+sent.ToOther != "":
		return o, formatError(where+"debtorAccountMessage", "messages on statements are for giro")
	case sent.Purpose != "" && !purposeForm.MatchString(sent.Purpose):
		return o, formatError(where+"purposeCode", "a code of four characters")
	case sent.Charges != "" && !slices.Contains([]string{"DEBT", "CRED", "SHAR", "SLEV"}, sent.Charges):
		return o, formatError(where+"chargeBearer", "DEBT, CRED, SHAR or SLEV")
	case sent.Purpose+sent.Charges != "" && bban: // Open Payments 1.3.3 defines neither
		return o, formatError(where+"purposeCode", "the bank takes neither purposeCode nor chargeBearer")
	}
	o.Purpose = sent.Purpose
	if sent.Creditor == nil || !sent.Creditor.payable(bban) {
		return o, formatError(where+"creditorAccount", "creditorAccount has to have an IBAN")
	}
	if o.IBAN = sent.Creditor.IBAN; o.IBAN == "" {
		o.BBAN = sent.Creditor.BBAN
	}
	return o, nil
}

// giroOrder adds what Swedish giro has instead of an account and a text.
func (sent orderBody) giroOrder(o *order) error {
	g := sent.Giro
	switch {
	case g == nil || !giroForm.MatchString(g.Number) || g.Type != "BANKGIRO" && g.Type != "PLUSGIRO":
		return formatError("creditorGiro", "giroNumber and giroType, BANKGIRO or PLUSGIRO")
	case (sent.Invoice == "") == (sent.OCR == ""):
		return formatError("ocrRef", "either invoiceRef or ocrRef")
	case len([]rune(sent.ToSelf)) > 140 || len([]rune(sent.ToOther)) > 140:
		return formatError("debtorAccountMessage", "longer than 140")
	case sent.Purpose+sent.Charges != "":
		return formatError("purposeCode", "giro has neither purposeCode nor chargeBearer")
	case sent.OCR != "" && !ocrForm.MatchString(sent.OCR):
		return formatError("ocrRef", "five digits or more")
	case o.Currency != "SEK":
		return refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "instructedAmount.currency", "giro is in SEK")
	}
	o.Giro, o.OCR, o.Text, o.ToSelf, o.ToOther = g.Number, sent.OCR, sent.Invoice, sent.ToSelf, sent.ToOther
	return nil
}

// check looks at what the forms have in common.
func (p *payment) check(today people.Day, bban bool) error {
	if !p.Debtor.payable(bban) {
		return formatError("debtorAccount", "debtorAccount has to have an IBAN")
	}
	if p.On < today {
		return refuseField(http.StatusBadRequest, "EXECUTION_DATE_INVALID", "requestedExecutionDate", "the date is in the past")
	}
	for _, o := range p.Orders {
		if strings.Contains(p.Product, "sepa") && o.Currency != "EUR" {
			return refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "instructedAmount.currency", "SEPA is in EUR")
		}
	}
	return nil
}

// pain001 is as much of the customer credit transfer initiation as the bank reads.
type pain001 struct {
	XMLName xml.Name `xml:"Document"`
	Batches []struct {
		Method  string `xml:"PmtMtd"`
		On      string `xml:"ReqdExctnDt"`
		Debtor  string `xml:"DbtrAcct>Id>IBAN"`
		Credits []struct {
			EndToEnd string `xml:"PmtId>EndToEndId"`
			Amount   struct {
				Currency string `xml:"Ccy,attr"`
				Value    string `xml:",chardata"`
			} `xml:"Amt>InstdAmt"`
			Name    string `xml:"Cdtr>Nm"`
			IBAN    string `xml:"CdtrAcct>Id>IBAN"`
			Text    string `xml:"RmtInf>Ustrd"`
			Purpose string `xml:"Purp>Cd"`
		} `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

// readXML takes a payment of a pain.001 product.
func (p *payment) readXML(c *call) error {
	if kind, _, _ := mime.ParseMediaType(c.request.Header.Get("Content-Type")); kind != "application/xml" && kind != "text/xml" {
		return refuseField(http.StatusUnsupportedMediaType, "FORMAT_ERROR", "Content-Type", "the product takes application/xml")
	}
	if p.Service == "periodic-payments" {
		return refuseField(http.StatusBadRequest, "SERVICE_INVALID", "payment-service", "the bank takes standing orders as JSON")
	}
	var document pain001
	if err := xml.Unmarshal(c.body, &document); err != nil {
		return formatError("", "the document is not understood: "+err.Error())
	}
	if !strings.HasPrefix(document.XMLName.Space, "urn:iso:std:iso:20022:tech:xsd:pain.001.001.") {
		return formatError("Document", "this is no pain.001")
	}
	if len(document.Batches) != 1 || p.Service == "payments" && len(document.Batches[0].Credits) != 1 || len(document.Batches[0].Credits) == 0 {
		return formatError("PmtInf", "one PmtInf, with one CdtTrfTxInf unless it is for bulk-payments")
	}
	batch := document.Batches[0]
	p.XML, p.Debtor = true, accountReference{IBAN: strings.TrimSpace(batch.Debtor)}
	for i, credit := range batch.Credits {
		o, err := orderBody{
			EndToEnd: credit.EndToEnd, Amount: &amount{credit.Amount.Currency, credit.Amount.Value}, Name: credit.Name, Text: credit.Text, Purpose: credit.Purpose,
			Creditor: &accountBody{accountReference: accountReference{IBAN: credit.IBAN}},
		}.order(fmt.Sprintf("CdtTrfTxInf[%d].", i), false, false)
		if err != nil {
			return err
		}
		p.Orders = append(p.Orders, o)
	}
	if batch.On != "" {
		on, err := people.ParseDay(batch.On)
		if err != nil {
			return formatError("ReqdExctnDt", "a date, 2027-01-31")
		}
		p.On = on
	}
	sent, err := json.Marshal(string(c.body))
	p.Sent = sent
	return err
}

type pain002Document struct {
	XMLName xml.Name `xml:"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03 Document"`
	Message string   `xml:"CstmrPmtStsRpt>GrpHdr>MsgId"`
	Created string   `xml:"CstmrPmtStsRpt>GrpHdr>CreDtTm"`
	Of      string   `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>OrgnlMsgId"`
	Form    string   `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>OrgnlMsgNmId"`
	Status  string   `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>GrpSts"`
	Reason  string   `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>StsRsnInf>AddtlInf,omitempty"`
}

// pain002 is the status as a customer payment status report.
func (p *payment) pain002(now time.Time) ([]byte, error) {
	body, err := xml.MarshalIndent(pain002Document{
		Message: "STS-" + p.ID[:8], Created: now.Format("2006-01-02T15:04:05"), Of: p.ID, Form: "pain.001.001.03",
		Status: p.statusAt(now), Reason: p.Reason,
	}, "", " ")
	return append([]byte(xml.Header), body...), err
}
