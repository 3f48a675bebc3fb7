package export

import (
	"bufio"
	"encoding/json"
	"time"

	"consentry/storage"
)

// line is a transaction as an object in JSON, a line each (JSON Lines). It holds all that is known of
// it.
type line struct {
	Account        lineAccount     `json:"account"`
	Status         string          `json:"status"` // booked or pending
	BookingDate    string          `json:"bookingDate,omitempty"`
	ValueDate      string          `json:"valueDate,omitempty"`
	Amount         string          `json:"amount"` // exact, so it is a text
	Currency       string          `json:"currency"`
	SignInferred   bool            `json:"signInferred,omitempty"` // the bank sent none
	Creditor       string          `json:"creditorName,omitempty"`
	CreditorNumber string          `json:"creditorAccount,omitempty"`
	Debtor         string          `json:"debtorName,omitempty"`
	DebtorNumber   string          `json:"debtorAccount,omitempty"`
	Text           string          `json:"remittance,omitempty"`
	Additional     string          `json:"additional,omitempty"`
	BankCode       string          `json:"bankCode,omitempty"`
	ID             string          `json:"transactionId,omitempty"`
	EntryReference string          `json:"entryReference,omitempty"`
	EndToEndID     string          `json:"endToEndId,omitempty"`
	FirstSeen      string          `json:"firstSeen"`
	Changed        string          `json:"changed,omitempty"`        // when the bank said something else of it
	Dropped        string          `json:"noLongerListed,omitempty"` // since when the bank lists it no more
	Note           string          `json:"note,omitempty"`           // the person's own
	Tags           []string        `json:"tags,omitempty"`
	Raw            json.RawMessage `json:"raw,omitempty"` // as the bank sent it: JSON, or a text that holds another format
}

// lineAccount is the account of a transaction.
type lineAccount struct {
	IBAN      string `json:"iban,omitempty"`
	BBAN      string `json:"bban,omitempty"`
	MaskedPAN string `json:"maskedPan,omitempty"`
	Name      string `json:"name,omitempty"`
	Currency  string `json:"currency,omitempty"`
	Bank      string `json:"bank"`
	BIC       string `json:"bic,omitempty"`
}

// jsonLines writes transactions as lines of JSON in UTF-8.
type jsonLines struct {
	out      *json.Encoder
	accounts map[int64]lineAccount
}

func newJSONLines(to *bufio.Writer) encoder {
	e := &jsonLines{out: json.NewEncoder(to), accounts: map[int64]lineAccount{}}
	e.out.SetEscapeHTML(false) // it is saved, not shown
	return e
}

func (e *jsonLines) begin(of file) error {
	for id, a := range of.Accounts {
		e.accounts[id] = lineAccount{a.IBAN, a.BBAN, a.MaskedPAN, a.Name, a.Currency, a.BankName, a.BIC}
	}
	return nil
}

func (e *jsonLines) part(_ Part, all transactions) error {
	for t, err := range all {
		if err != nil {
			return err
		}
		if err := e.out.Encode(e.line(t)); err != nil {
			return err
		}
	}
	return nil
}

func (e *jsonLines) end() error { return nil }

func (e *jsonLines) line(t storage.Transaction) line {
	l := line{
		Account: e.accounts[t.AccountID], Status: "booked", BookingDate: t.BookingDate, ValueDate: t.ValueDate, Amount: t.Amount.Number, Currency: t.Amount.Currency,
		SignInferred: t.Inferred, Creditor: t.CreditorName, CreditorNumber: t.CreditorAccount, Debtor: t.DebtorName, DebtorNumber: t.DebtorAccount,
		Text: t.Remittance, Additional: t.Additional, BankCode: t.BankCode, ID: t.Transaction.ID, EntryReference: t.EntryReference, EndToEndID: t.EndToEndID,
		FirstSeen: moment(t.FirstSeenAt), Changed: moment(t.ChangedAt), Dropped: moment(t.DroppedAt), Note: t.Note.Text, Tags: t.Tags, Raw: t.Raw,
	}
	if t.Pending {
		l.Status = "pending"
	}
	if len(t.Raw) > 0 && !json.Valid(t.Raw) { // a part of a report that is no JSON
		l.Raw, _ = json.Marshal(string(t.Raw)) // a text always is
	}
	return l
}

// moment is a time in UTC (RFC 3339); empty for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
