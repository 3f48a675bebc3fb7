package export

import (
	"bufio"
	"cmp"
	"strings"
	"time"

	"consentry/app/sheet"
	"consentry/storage"
)

const csvType = "text/csv; charset=utf-8; header=present" // RFC 4180 section 3

// Columns are the headings of a table of transactions, in their order. Programs know them by these
// words, whatever the screens speak.
var Columns = []string{
	"Account", "Bank", "Status", "Booking date", "Value date", "Amount", "Currency", "Creditor", "Creditor account", "Debtor", "Debtor account",
	"Text", "Additional", "Bank code", "Transaction id", "Entry reference", "End-to-end id", "No longer listed since",
	"Note", "Tags",
}

// amountColumn is the place of the amount, the only cell that is a number.
const amountColumn = 5

// cellsOf writes the cells of a transaction.
func cellsOf(into *[20]string, t *storage.Transaction, account storage.Account) {
	status, dropped := "Booked", ""
	if t.Pending {
		status = "Pending"
	}
	if !t.DroppedAt.IsZero() {
		dropped = t.DroppedAt.Format(time.DateOnly)
	}
	*into = [20]string{
		accountNumber(account), t.BankName, status, t.BookingDate, t.ValueDate, t.Amount.Number, t.Amount.Currency, t.CreditorName, t.CreditorAccount,
		t.DebtorName, t.DebtorAccount, t.Remittance, t.Additional, t.BankCode, t.Transaction.ID, t.EntryReference, t.EndToEndID, dropped,
		t.Note.Text, strings.Join(t.Tags, " "),
	}
}

// accountNumber is what an account is told by in a file: its number, else its name.
func accountNumber(a storage.Account) string {
	return cmp.Or(a.IBAN, a.BBAN, a.Name, a.MaskedPAN, a.Product)
}

// csvEncoder writes a table as text (RFC 4180).
type csvEncoder struct {
	to          *bufio.Writer
	spreadsheet bool // which reads it by the person's own habits
	accounts    map[int64]storage.Account
	separator   byte
	comma       bool // in numbers
	line        []byte
}

func newCSV(to *bufio.Writer) encoder { return &csvEncoder{to: to, separator: ','} }

func newSpreadsheet(to *bufio.Writer) encoder {
	return &csvEncoder{to: to, separator: ',', spreadsheet: true}
}

func (e *csvEncoder) begin(of file) error {
	e.accounts = of.Accounts
	if e.spreadsheet {
		e.line = append(e.line, "\ufeff"...)
		if e.comma = of.Options.DecimalComma; e.comma {
			e.separator = ';'
		}
	}
	for _, name := range Columns {
		e.cell(name)
	}
	return e.endLine()
}

func (e *csvEncoder) part(_ Part, all transactions) error {
	var cells [20]string
	for t, err := range all {
		if err != nil {
			return err
		}
		cellsOf(&cells, &t, e.accounts[t.AccountID])
		for i, cell := range cells {
			switch {
			case i == amountColumn && e.comma:
				e.cell(strings.Replace(cell, ".", ",", 1))
			case i == amountColumn:
				e.cell(cell)
			default:
				e.cell(sheet.Neutral(cell))
			}
		}
		if err := e.endLine(); err != nil {
			return err
		}
	}
	return nil
}

func (e *csvEncoder) end() error { return nil }

// cell adds a cell to the line, between quotation marks where it has to be.
func (e *csvEncoder) cell(text string) {
	if e.quotes(text) {
		e.line = append(e.line, '"')
		for at := strings.IndexByte(text, '"'); at >= 0; at = strings.IndexByte(text, '"') {
			e.line = append(append(e.line, text[:at+1]...), '"')
			text = text[at+1:]
		}
		e.line = append(append(e.line, text...), '"')
	} else {
		e.line = append(e.line, text...)
	}
	e.line = append(e.line, e.separator)
}

// quotes reports whether a cell needs quotation marks; blanks at its ends do, as readers drop them.
func (e *csvEncoder) quotes(text string) bool {
	for i := range len(text) {
		if c := text[i]; c == e.separator || c == '"' || c < ' ' {
			return true
		}
	}
	return text != "" && (text[0] == ' ' || text[len(text)-1] == ' ')
}

func (e *csvEncoder) endLine() error {
	_, err := e.to.Write(append(e.line[:len(e.line)-1], "\r\n"...))
	e.line = e.line[:0]
	return err
}
