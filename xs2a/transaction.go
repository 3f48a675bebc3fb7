package xs2a

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// BookingStatus selects booked entries, pending ones, or both.
type BookingStatus string

// The booking statuses every bank knows (BG 1.3.12 section 6.4.4).
const (
	Booked  BookingStatus = "booked"
	Pending BookingStatus = "pending"
	Both    BookingStatus = "both"
)

// Transaction is an entry of an account (BG 1.3.12 section 14.20).
type Transaction struct {
	ID              string // transactionId; may be empty or the same for all
	EntryReference  string
	EndToEndID      string
	BookingDate     string // ISO date; often empty while pending
	ValueDate       string // ISO date
	Amount          Amount // negative when money left the account
	CreditorName    string
	CreditorAccount string
	DebtorName      string
	DebtorAccount   string
	Remittance      string // unstructured or, failing that, structured
	Additional      string
	BankCode        string          // ISO 20022 or proprietary bank transaction code
	Charges         []Amount        // contained in the amount or beside it, as the bank says; negative when paid
	Reversal        bool            // takes back an earlier entry; the amount's sign counts all the same
	Inferred        bool            // the bank sent no sign: the amount has that of the party named
	Raw             json.RawMessage // as it came: JSON, or the part of a camt or MT940 report it was read from

	signed bool // the bank said which way the money went
}

// Date is the day the entry is listed under.
func (t Transaction) Date() string {
	if t.BookingDate != "" {
		return t.BookingDate
	}
	return t.ValueDate
}

// TransactionQuery selects transactions of an account.
type TransactionQuery struct {
	Status   BookingStatus
	DateFrom string // ISO date; required by banks unless they support deltas
	DateTo   string // ISO date; empty for today
}

func (q TransactionQuery) values() url.Values {
	values := url.Values{"bookingStatus": {string(q.Status)}}
	if q.DateFrom != "" {
		values.Set("dateFrom", q.DateFrom)
	}
	if q.DateTo != "" {
		values.Set("dateTo", q.DateTo)
	}
	return values
}

// TransactionPage is one page of an account's transactions.
type TransactionPage struct {
	Booked      []Transaction
	Pending     []Transaction
	Information []json.RawMessage // standing orders (BG 1.3.12 section 6.4.4) and notes, which move no money; as they came
	Balances    []Balance         // where the report holds some
	Next        string            // link to the next page; empty on the last
}

// Transactions reads the first page of an account's transactions
// (BG 1.3.12 section 6.4.4).
func (c *Client) Transactions(ctx context.Context, call Call, resourceID string, q TransactionQuery) (TransactionPage, error) {
	return c.transactionPage(ctx, call, accountPath(resourceID)+"/transactions", q.values())
}

// NextTransactions follows the link of a page.
func (c *Client) NextTransactions(ctx context.Context, call Call, link string) (TransactionPage, error) {
	return c.transactionPage(ctx, call, link, nil)
}

func (c *Client) transactionPage(ctx context.Context, call Call, path string, query url.Values) (TransactionPage, error) {
	r := request{service: AccountInformation, method: http.MethodGet, path: path, query: query, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return TransactionPage{}, err
	}
	if a.status == http.StatusNoContent {
		return TransactionPage{}, nil
	}
	page, err := DecodeReport(a.header.Get("Content-Type"), a.body)
	if err != nil {
		return TransactionPage{}, notUnderstood(r, a, err)
	}
	if c.same(r, page.Next) {
		page.Next = ""
	}
	return page, nil
}

// same tells whether a link leads where the request went: the last page of
// some banks names itself as the next, and reading it twice would double it.
func (c *Client) same(r request, link string) bool {
	if link == "" {
		return false
	}
	asked, err := c.address(r)
	if err != nil {
		return false
	}
	r.path, r.query = link, nil
	next, err := c.address(r)
	if err != nil {
		return false
	}
	a, _ := url.Parse(asked) // address made them
	b, _ := url.Parse(next)
	return a.Path == b.Path && a.Query().Encode() == b.Query().Encode()
}

// Transaction reads the details of one entry (BG 1.3.12 section 6.4.5).
func (c *Client) Transaction(ctx context.Context, call Call, resourceID, transactionID string) (Transaction, error) {
	path := accountPath(resourceID) + "/transactions/" + url.PathEscape(transactionID)
	r := request{service: AccountInformation, method: http.MethodGet, path: path, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return Transaction{}, err
	}
	body := a.body
	for _, wrapper := range []string{"transactionsDetails", "transactionDetails"} {
		body = unwrap(body, wrapper)
	}
	t, err := decodeTransaction(body)
	if err != nil {
		return Transaction{}, notUnderstood(r, a, err)
	}
	return t, nil
}

// decodeTransaction reads an entry in JSON (BG 1.3.12 section 14.20).
func decodeTransaction(raw json.RawMessage) (Transaction, error) {
	var w struct {
		TransactionID, EntryReference, EndToEndID                          text
		BookingDate, ValueDate                                             text
		TransactionAmount                                                  *Amount
		CreditorName, DebtorName                                           text
		CreditorAccount, DebtorAccount                                     reference
		RemittanceInformationUnstructured, RemittanceInformationStructured remittance
		RemittanceInformationUnstructuredArray                             remittance
		RemittanceInformationStructuredArray                               remittance
		AdditionalInformation, CreditDebitIndicator                        text
		BankTransactionCode, ProprietaryBankTransactionCode                text
	}
	if err := unmarshal(raw, &w); err != nil {
		return Transaction{}, err
	}
	if w.TransactionAmount == nil {
		return Transaction{}, missing("transactionAmount")
	}
	booking, err := day("bookingDate", string(w.BookingDate))
	if err != nil {
		return Transaction{}, err
	}
	value, err := day("valueDate", string(w.ValueDate))
	if err != nil {
		return Transaction{}, err
	}
	t := Transaction{
		ID: string(w.TransactionID), EntryReference: string(w.EntryReference), EndToEndID: string(w.EndToEndID),
		BookingDate: booking, ValueDate: value, Amount: *w.TransactionAmount,
		CreditorName: string(w.CreditorName), CreditorAccount: string(w.CreditorAccount),
		DebtorName: string(w.DebtorName), DebtorAccount: string(w.DebtorAccount),
		Additional: string(w.AdditionalInformation),
		BankCode:   string(w.BankTransactionCode), Raw: raw,
	}
	for _, r := range []remittance{
		w.RemittanceInformationUnstructured, w.RemittanceInformationUnstructuredArray,
		w.RemittanceInformationStructured, w.RemittanceInformationStructuredArray,
	} {
		if t.Remittance == "" {
			t.Remittance = string(r)
		}
	}
	if t.BankCode == "" {
		t.BankCode = string(w.ProprietaryBankTransactionCode)
	}
	t.directed(string(w.CreditDebitIndicator))
	return t, nil
}

// reference is the identifier of a counterparty's account, whichever is there.
type reference string

func (r *reference) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] != '{' { // a bare identifier, or null
		var t text
		if err := t.UnmarshalJSON(b); err != nil {
			return err
		}
		*r = reference(t)
		return nil
	}
	var w struct{ IBAN, BBAN, MaskedPAN, PAN, MSISDN text }
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	for _, id := range []text{w.IBAN, w.BBAN, w.MaskedPAN, w.PAN, w.MSISDN} {
		if id != "" {
			*r = reference(id)
			return nil
		}
	}
	return nil
}

// remittance is what a payment is for: text, a structured reference, or lines
// of either (BG 1.3.12 section 14.30).
type remittance string

func (r *remittance) UnmarshalJSON(b []byte) error {
	var elements []json.RawMessage
	if b[0] != '[' {
		elements = append(elements, b)
	} else if err := unmarshal(b, &elements); err != nil {
		return err
	}
	var lines []string
	for i, element := range elements {
		line, err := remittanceLine(element)
		if err != nil {
			return within(fmt.Sprintf("[%d]", i), err)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	*r = remittance(strings.Join(lines, "\n"))
	return nil
}

// remittanceLine is text, the reference in an object, or what else there is
// as it came.
func remittanceLine(raw json.RawMessage) (string, error) {
	var object struct{ Reference text }
	if raw[0] == '{' {
		if err := unmarshal(raw, &object); err != nil {
			return "", err
		}
	}
	if object.Reference != "" {
		return string(object.Reference), nil
	}
	var t text
	err := t.UnmarshalJSON(raw)
	return string(t), err
}
