package xs2a

import (
	"bytes"
	"context"
	"errors"

	"golang.org/x/text/encoding/unicode"

	"consentry/xs2a/statement"
)

// FileFormat is a form in which banks save an account's transactions for a person.
type FileFormat string

// The forms that are known by themselves. A table is none of them: what its columns mean has to
// be said.
const (
	FileCamt  FileFormat = "camt"
	FileSwift FileFormat = "mt940"
	FileOFX   FileFormat = "ofx"
)

// FormatOf tells the form of a file in UTF-8; empty: it may be a table.
func FormatOf(text []byte) FileFormat {
	text = bytes.TrimSpace(text)
	switch {
	case statement.IsOFX(text):
		return FileOFX
	case len(text) > 0 && text[0] == '<':
		return FileCamt
	case statement.IsSwift(text):
		return FileSwift
	}
	return ""
}

// Statement is what a file says of one account.
type Statement struct {
	Account  string // as the file names it; empty: it does not
	Currency string // of the account; empty: the file does not say
	Covers   []statement.Span
	Booked   []Transaction
	Pending  int // transactions that are left for the bank to book
	LeftOut  []LeftOut
}

// ErrNoStatement says that a file is in none of the forms that are known.
var ErrNoStatement = errors.New("the file holds no statement in a form that is known")

// ReadFile reads a file of one account in UTF-8. Entries that cannot be read are left out, and
// told; an error is about the file as a whole.
func ReadFile(ctx context.Context, text []byte) (Statement, error) {
	text = bytes.TrimSpace(text)
	var s Statement
	var read func(context.Context, []byte, statement.Bounds) (statement.Report, error)
	switch FormatOf(text) {
	case FileCamt:
		read = statement.ReadCamt
	case FileSwift:
		read = statement.ReadSwift
	case FileOFX:
		read = statement.ReadOFX
	default:
		return s, ErrNoStatement
	}
	report, err := read(ctx, text, fileBounds)
	if err != nil {
		return s, err
	}
	s.Account, s.Currency, s.Covers = report.Account, report.Currency, report.Covers
	for _, e := range report.Entries {
		switch e.Status {
		case statement.Booked:
			s.Booked = append(s.Booked, transactionOf(e))
		case statement.Pending:
			s.Pending++
		}
	}
	var page TransactionPage
	for _, left := range report.LeftOut {
		page.leaveOut("", left.Err, left.Raw)
	}
	s.LeftOut = page.LeftOut
	return s, nil
}

// FileText returns the text of a file in UTF-8. UTF-16 is known by its mark; what is no UTF-8 and
// says nothing of itself is taken for Windows-1252, as programs for Windows save it.
func FileText(file []byte) []byte {
	if bytes.HasPrefix(file, []byte("\xff\xfe")) || bytes.HasPrefix(file, []byte("\xfe\xff")) {
		if text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(file); err == nil {
			return text
		}
	}
	return toUTF8(file, "")
}
