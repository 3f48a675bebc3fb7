package xs2a

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
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
	CreditorName    string // the ultimate creditor where the bank names one
	CreditorAccount string
	CreditorAgent   string // BIC or national code of the creditor's bank
	CreditorID      string // of who collects direct debits
	DebtorName      string // the ultimate debtor where the bank names one
	DebtorAccount   string
	DebtorAgent     string
	MandateID       string
	PurposeCode     string // ISO 20022 external purpose
	Remittance      string // unstructured or, failing that, structured
	Additional      string // what else is said: by the bank, of a return, and who stood between
	ReturnCode      string // why a payment came back: ISO 20022 return reason or the bank's own
	ReturnText      string
	BankCode        string          // ISO 20022 or proprietary bank transaction code
	Exchange        []ExchangeRate  // of the amount, between its own currency and others
	Charges         []Amount        // contained in the amount or beside it, as the bank says; negative when paid
	Reversal        bool            // takes back an earlier entry; the amount's sign counts all the same
	Inferred        bool            // the bank sent no sign: the amount has that of the party named
	Raw             json.RawMessage // as it came: JSON, or the part of a camt or MT940 report it was read from

	signed bool // the bank said which way the money went
}

// ExchangeRate is a rate an amount was exchanged at (BG 1.3.12 section 14.26). All
// is as the bank sent it.
type ExchangeRate struct {
	SourceCurrency, TargetCurrency string
	UnitCurrency                   string // which the rate is for one unit of
	Rate                           string
	Date                           string
	Contract                       string
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

	// What is new alone, instead of days (BG 1.3.12 section 6.4.4): what came after the
	// transaction of an entry reference, or since the last report. One of them at most, and of
	// banks that have it: see Dialect.Deltas.
	EntryReferenceFrom string
	DeltaList          bool
}

func (q TransactionQuery) values() url.Values {
	values := url.Values{"bookingStatus": {string(q.Status)}}
	if q.DateFrom != "" {
		values.Set("dateFrom", q.DateFrom)
	}
	if q.DateTo != "" {
		values.Set("dateTo", q.DateTo)
	}
	if q.EntryReferenceFrom != "" {
		values.Set("entryReferenceFrom", q.EntryReferenceFrom)
	}
	if q.DeltaList {
		values.Set("deltaList", "true")
	}
	return values
}

// TransactionPage is one page of an account's transactions.
type TransactionPage struct {
	Booked      []Transaction
	Pending     []Transaction
	Information []json.RawMessage // standing orders (BG 1.3.12 section 6.4.4) and notes, which move no money; as they came
	Balances    []Balance         // where the report holds some
	LeftOut     []LeftOut         // what could not be read
	Next        string            // link to the next page; empty on the last
	Size        int               // of the answer it was read from, in bytes
	RequestID   string            // X-Request-ID of what asked for it
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
	return c.page(ctx, call, path, query, func(ctx context.Context, a answer) (TransactionPage, error) {
		return decodeReport(ctx, a.header.Get("Content-Type"), a.body)
	})
}

// page reads a page of a report.
func (c *Client) page(ctx context.Context, call Call, path string, query url.Values, decode func(context.Context, answer) (TransactionPage, error)) (TransactionPage, error) {
	r := request{service: AccountInformation, method: http.MethodGet, path: path, query: query, call: call}
	a, err := c.read(ctx, r)
	if err != nil || a.nothing() {
		return TransactionPage{}, err
	}
	page, err := decode(ctx, a)
	if err != nil {
		return TransactionPage{}, unusable(r, a, err)
	}
	page.RequestID = a.request
	if page.Size = len(a.body); c.same(r, page.Next) {
		page.Next = ""
	}
	return page, nil
}

// same reports whether a link leads where the request went: the last page of
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
	a, err := c.read(ctx, r)
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
