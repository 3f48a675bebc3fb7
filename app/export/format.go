package export

import (
	"bufio"
	"slices"

	"consentry/storage"
)

// Format is a kind of file.
type Format struct {
	Name       string // in addresses
	Extension  string // of the file's name, without a point
	MediaType  string
	Statements bool // it holds a statement per account and currency, of what is booked on a day
	Balances   Need // what it asks of balances
	Whole      bool // it holds what the bank said as it came

	currencies bool // it takes codes of ISO 4217 alone
	encoder    func(to *bufio.Writer) encoder
}

// Formats lists the kinds of files, the most used first.
func Formats() []Format { return slices.Clone(formats) }

// FormatNamed returns the format of a name.
func FormatNamed(name string) (Format, bool) {
	at := slices.IndexFunc(formats, func(f Format) bool { return f.Name == name })
	if at < 0 {
		return Format{}, false
	}
	return formats[at], true
}

var formats = []Format{
	{Name: "spreadsheet", Extension: "csv", MediaType: csvType, encoder: newSpreadsheet},
	{Name: "xlsx", Extension: "xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", encoder: newXLSX},
	{Name: "csv", Extension: "csv", MediaType: csvType, encoder: newCSV},
	{Name: "ofx", Extension: "ofx", MediaType: "application/x-ofx", Statements: true, Balances: NeedsLatest, encoder: newOFX},
	{Name: "qif", Extension: "qif", MediaType: "application/x-qif; charset=utf-8", Statements: true, encoder: newQIF},
	{Name: "camt053", Extension: "camt053.xml", MediaType: "application/xml", Statements: true, Balances: NeedsCourse, encoder: newStatement},
	{Name: "camt052", Extension: "camt052.xml", MediaType: "application/xml", Statements: true, currencies: true, encoder: newReport},
	{Name: "jsonl", Extension: "jsonl", MediaType: "application/jsonl", Whole: true, encoder: newJSONLines},
}

// order is how a format lists transactions: statements tell what happened, lists begin with the newest.
func (f Format) order() storage.Order {
	if f.Statements {
		return storage.OldestFirst
	}
	return storage.NewestFirst
}
