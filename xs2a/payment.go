package xs2a

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"consentry/xs2a/field"
	"consentry/xs2a/statement"
)

// PaymentService is a kind of payment (BG 1.3.12 section 5.1).
type PaymentService string

// The kinds of payments.
const (
	SinglePayment   PaymentService = "payments"
	BulkPayment     PaymentService = "bulk-payments"
	PeriodicPayment PaymentService = "periodic-payments"
)

// TransactionStatus is the state of a payment (ISO 20022, BG 1.3.12 section
// 14.13). A value outside the list is kept as it came.
type TransactionStatus string

// The states of a payment that decide something.
const (
	PaymentReceived  TransactionStatus = "RCVD"
	PaymentSettled   TransactionStatus = "ACSC"
	PaymentRejected  TransactionStatus = "RJCT"
	PaymentCancelled TransactionStatus = "CANC"
)

// Refused reports whether the payment will never be carried out.
func (s TransactionStatus) Refused() bool { return s == PaymentRejected || s == PaymentCancelled }

// Final reports whether nothing more is to come.
func (s TransactionStatus) Final() bool {
	return s.Refused() || s == PaymentSettled || s == "ACCC" || s == "ACWC"
}

// Payment is what a bank says of a payment.
type Payment struct {
	Status   TransactionStatus
	Fees     Fees
	Message  string   // the bank's words to the person; untrusted
	Warnings []string // and to the program; untrusted
	Raw      []byte   // as it came: JSON or XML
}

func paymentPath(service PaymentService, product string) string {
	return "/" + string(service) + "/" + url.PathEscape(product)
}

// InitiatePayment sends a payment and returns its id at the bank. The body is
// JSON as the product wants it. The answer says what comes next
// (BG 1.3.12 section 5.3).
func (c *Client) InitiatePayment(ctx context.Context, call Call, service PaymentService, product string, body json.RawMessage, back Return) (id string, next SCAAnswer, err error) {
	r := request{
		service: PaymentInitiation, method: http.MethodPost, path: paymentPath(service, product),
		header: c.sendBack(back), body: body, call: call,
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return "", SCAAnswer{}, err
	}
	var w struct{ PaymentID text }
	if err := decode(r, a, &w); err != nil {
		return "", SCAAnswer{}, err
	}
	if next, err = decodeSCA(r, a); err != nil {
		return "", SCAAnswer{}, err
	}
	next.OfResource = true
	if id = cmp.Or(string(w.PaymentID), a.named(next.Links, product)); id == "" { // in its address it stands after the product
		return "", SCAAnswer{}, notUnderstood(r, a, field.Missing("paymentId"))
	}
	return id, next, nil
}

// Payment reads a payment back (BG 1.3.12 section 5.5).
func (c *Client) Payment(ctx context.Context, call Call, of Resource) (Payment, error) {
	return c.payment(ctx, request{path: of.path, link: call.At.Self, call: call})
}

// PaymentStatus reads the state of a payment alone (BG 1.3.12 section 5.4).
func (c *Client) PaymentStatus(ctx context.Context, call Call, of Resource) (Payment, error) {
	return c.payment(ctx, request{path: of.path + "/status", link: call.At.Status, call: call})
}

func (c *Client) payment(ctx context.Context, r request) (Payment, error) {
	r.service, r.method = PaymentInitiation, http.MethodGet
	a, err := c.do(ctx, r)
	if err != nil {
		return Payment{}, err
	}
	// Banks that took the payment as XML say its status in a pain.002.
	if kind := a.header.Get("Content-Type"); strings.Contains(kind, "xml") {
		said, err := decodeStatus(ctx, kind, a.body)
		if err != nil {
			return Payment{}, notUnderstood(r, a, err)
		}
		return Payment{Status: TransactionStatus(said.Status), Raw: a.body}, nil
	}
	said, err := decodeSCA(r, a)
	if err != nil {
		return Payment{}, err
	}
	return Payment{Status: said.Transaction, Fees: said.Fees, Message: said.Message, Warnings: said.Warnings, Raw: a.body}, nil
}

// decodeStatus reads a pain.002; ErrPage is the error for HTML.
func decodeStatus(ctx context.Context, mediaType string, body []byte) (statement.PaymentStatus, error) {
	document := toUTF8(body, mediaType)
	if isPage(document) {
		return statement.PaymentStatus{}, ErrPage
	}
	return statement.ReadStatus(ctx, document, statementBounds)
}

// CancelPayment asks the bank to cancel a payment. An answer without links and
// status means that it is cancelled; else the answer says how to authorise the
// cancellation (BG 1.3.12 section 5.6).
func (c *Client) CancelPayment(ctx context.Context, call Call, of Resource) (SCAAnswer, error) {
	r := request{service: PaymentInitiation, method: http.MethodDelete, path: of.path, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	answer, err := decodeSCA(r, a)
	answer.OfResource = true
	return answer, err
}
