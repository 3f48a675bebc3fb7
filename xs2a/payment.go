package xs2a

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

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
	PaymentReceived TransactionStatus = "RCVD"
	PaymentPending  TransactionStatus = "PDNG"
	PaymentSettled  TransactionStatus = "ACSC"

	// PaymentPartlyAuthorised: another person has to authorise, too.
	PaymentPartlyAuthorised TransactionStatus = "PATC"

	PaymentRejected  TransactionStatus = "RJCT"
	PaymentCancelled TransactionStatus = "CANC"
)

// Refused reports whether the payment will never be carried out.
func (s TransactionStatus) Refused() bool { return s == PaymentRejected || s == PaymentCancelled }

// Authorised reports whether the person has authorised the payment, as far as the status
// tells: the bank has checked it, or has gone further.
func (s TransactionStatus) Authorised() bool {
	switch s {
	case "ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "ACWP", "PART":
		return true
	}
	return s.Final() && !s.Refused()
}

// Known reports whether a status is one of those that banks of the framework give (BG
// 1.3.12 section 14.13). What another means, nobody can say.
func (s TransactionStatus) Known() bool {
	return s == PaymentReceived || s == PaymentPending || s == PaymentPartlyAuthorised || s.Authorised() || s.Refused()
}

// Final reports whether nothing more is to come.
func (s TransactionStatus) Final() bool {
	return s.Refused() || s == PaymentSettled || s == "ACCC"
}

// Payment is what a bank says of a payment.
type Payment struct {
	Status   TransactionStatus
	Fees     Fees
	Funds    *bool     // fundsAvailable: whether the account holds enough; nil where the bank does not say
	Amount   *Amount   // of a single payment, as the bank has it; nil where it does not say
	To       string    // the payee's IBAN, likewise; may be empty
	From     string    // the IBAN that it is paid from, likewise
	Message  string    // the bank's words to the person; untrusted
	Warnings []string  // and to the program; untrusted
	Next     SCAAnswer // how the bank wants it authorised, where it says so here; of XML nothing
	Raw      []byte    // as it came: JSON or XML
}

func paymentPath(service PaymentService, product string) string {
	return "/" + string(service) + "/" + url.PathEscape(product)
}

// NoFundsPreferred is the header by which a payment is to be rejected where the account does
// not hold enough, and not to wait for money (BG 1.3.12 section 5.3.1).
const NoFundsPreferred = "TPP-Rejection-NoFunds-Preferred"

// InitiatePayment sends a payment and returns its id at the bank. The order is in the
// form that the product wants, see [Dialect.Document]. The answer says what comes next
// (BG 1.3.12 section 5.3). Where it never left, the error is a *NotSentError; where it is
// not known whether the bank has taken it, [MayBeTaken] says so.
func (c *Client) InitiatePayment(ctx context.Context, call Call, service PaymentService, product string, order Document, back Return) (id string, next SCAAnswer, err error) {
	r := request{
		service: PaymentInitiation, method: http.MethodPost, path: paymentPath(service, product),
		header: c.sendBack(back), body: order, call: call, left: new(atomic.Bool),
	}
	maps.Copy(r.header, order.Header)
	a, err := c.do(ctx, r)
	if err != nil && !r.left.Load() {
		return "", SCAAnswer{}, &NotSentError{err}
	}
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
	if id == "." || id == ".." { // in a path they are steps (RFC 3986 section 3.3)
		return "", SCAAnswer{}, notUnderstood(r, a, field.Errorf("paymentId", "%q is no id", id))
	}
	return id, next, nil
}

// NotSentError says that a payment never left: the bank cannot have it.
type NotSentError struct{ Err error }

func (e *NotSentError) Error() string { return "xs2a: nothing was sent: " + e.Err.Error() }
func (e *NotSentError) Unwrap() error { return e.Err }

// MayBeTaken reports whether a bank may have taken a payment that InitiatePayment returned
// an error for. It has not where it never left, and where the bank refused it. A gateway
// that gives up waiting refuses nothing, and a conflict may be with the same payment, which
// something on the way has sent twice (RFC 9110 section 9.2.2).
func MayBeTaken(err error) bool {
	var unsent *NotSentError
	if err == nil || errors.As(err, &unsent) {
		return err == nil
	}
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != Refused || failed.Status < 400 || failed.Status > 499 {
		return true
	}
	switch failed.Status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly:
		return true
	}
	return false
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
	p := Payment{Status: said.Transaction, Fees: said.Fees, Message: said.Message, Warnings: said.Warnings, Next: said, Raw: a.body}
	p.besides(a.body)
	return p, nil
}

// besides reads what an answer about a payment says beside its status. What cannot be
// understood of it stands in the raw answer: it does not keep the status from being known.
func (p *Payment) besides(body []byte) {
	var w struct{ FundsAvailable, InstructedAmount, CreditorAccount, DebtorAccount json.RawMessage }
	if json.Unmarshal(body, &w) != nil {
		return
	}
	var funds bool
	var amount Amount
	var to, from struct{ IBAN text }
	if json.Unmarshal(w.FundsAvailable, &funds) == nil {
		p.Funds = &funds
	}
	if json.Unmarshal(w.InstructedAmount, &amount) == nil {
		p.Amount = &amount
	}
	if json.Unmarshal(w.CreditorAccount, &to) == nil {
		p.To = string(to.IBAN)
	}
	if json.Unmarshal(w.DebtorAccount, &from) == nil {
		p.From = string(from.IBAN)
	}
}

// decodeStatus reads a pain.002; ErrPage is the error for HTML.
func decodeStatus(ctx context.Context, mediaType string, body []byte) (statement.PaymentStatus, error) {
	document := toUTF8(body, mediaType)
	if isPage(document) {
		return statement.PaymentStatus{}, ErrPage
	}
	return statement.ReadStatus(ctx, document, statementBounds)
}

// CancelPayment asks the bank to cancel a payment. 204 means that it is cancelled, which
// Transaction says then; else the answer says how to authorise the cancellation
// (BG 1.3.12 section 5.6).
func (c *Client) CancelPayment(ctx context.Context, call Call, of Resource) (SCAAnswer, error) {
	r := request{service: PaymentInitiation, method: http.MethodDelete, path: of.path, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	answer, err := decodeSCA(r, a)
	if a.status == http.StatusNoContent {
		answer.Transaction = PaymentCancelled
	}
	answer.OfResource = true
	return answer, err
}
