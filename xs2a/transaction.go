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
	Raw             json.RawMessage // as it came
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

// TransactionPage is one page of an account's transactions.
type TransactionPage struct {
	Booked  []Transaction
	Pending []Transaction
	Next    string // link to the next page; empty on the last
}

// Transactions reads the first page of an account's transactions
// (BG 1.3.12 section 6.4.4).
func (c *Client) Transactions(ctx context.Context, call Call, resourceID string, q TransactionQuery) (TransactionPage, error) {
	query := url.Values{"bookingStatus": {string(q.Status)}}
	if q.DateFrom != "" {
		query.Set("dateFrom", q.DateFrom)
	}
	if q.DateTo != "" {
		query.Set("dateTo", q.DateTo)
	}
	return c.transactionPage(ctx, call, accountPath(resourceID)+"/transactions", query)
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
	page, err := DecodeTransactions(a.body)
	if err != nil {
		return TransactionPage{}, notUnderstood(r, a, err)
	}
	return page, nil
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

// DecodeTransactions reads a page of transactions.
func DecodeTransactions(body []byte) (TransactionPage, error) {
	var w struct {
		Transactions struct {
			Booked, Pending []json.RawMessage
			Links           Links `json:"_links"`
		}
		Links Links `json:"_links"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return TransactionPage{}, fieldError(err)
	}
	booked, err := each(w.Transactions.Booked, "transactions.booked", decodeTransaction)
	if err != nil {
		return TransactionPage{}, err
	}
	pending, err := each(w.Transactions.Pending, "transactions.pending", decodeTransaction)
	if err != nil {
		return TransactionPage{}, err
	}
	next := w.Transactions.Links["next"]
	if next == "" {
		next = w.Links["next"]
	}
	return TransactionPage{booked, pending, next}, nil
}

func decodeTransaction(raw json.RawMessage) (Transaction, error) {
	var w struct {
		TransactionID, EntryReference, EndToEndID                          text
		BookingDate, ValueDate                                             text
		TransactionAmount                                                  *Amount
		CreditorName, DebtorName                                           text
		CreditorAccount, DebtorAccount                                     reference
		RemittanceInformationUnstructured, RemittanceInformationStructured text
		RemittanceInformationUnstructuredArray                             []text
		AdditionalInformation                                              text
		BankTransactionCode, ProprietaryBankTransactionCode                text
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return Transaction{}, err
	}
	if w.TransactionAmount == nil {
		return Transaction{}, errMissing("transactionAmount")
	}
	t := Transaction{
		ID: string(w.TransactionID), EntryReference: string(w.EntryReference), EndToEndID: string(w.EndToEndID),
		BookingDate: dateOf(string(w.BookingDate)), ValueDate: dateOf(string(w.ValueDate)), Amount: *w.TransactionAmount,
		CreditorName: string(w.CreditorName), CreditorAccount: string(w.CreditorAccount),
		DebtorName: string(w.DebtorName), DebtorAccount: string(w.DebtorAccount),
		Remittance: string(w.RemittanceInformationUnstructured), Additional: string(w.AdditionalInformation),
		BankCode: string(w.BankTransactionCode), Raw: raw,
	}
	if t.Remittance == "" {
		lines := make([]string, len(w.RemittanceInformationUnstructuredArray))
		for i, line := range w.RemittanceInformationUnstructuredArray {
			lines[i] = string(line)
		}
		t.Remittance = strings.Join(lines, "\n")
	}
	if t.Remittance == "" {
		t.Remittance = string(w.RemittanceInformationStructured)
	}
	if t.BankCode == "" {
		t.BankCode = string(w.ProprietaryBankTransactionCode)
	}
	for field, date := range map[string]string{"bookingDate": t.BookingDate, "valueDate": t.ValueDate} {
		if date != "" && !isDate(date) {
			return Transaction{}, fmt.Errorf("%s: %q is not a date", field, date)
		}
	}
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
	if err := json.Unmarshal(b, &w); err != nil {
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
