package pay

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/app/pay/check"
	"consentry/app/sheet"
	"consentry/storage"
	"consentry/xs2a"
)

const (
	// MaxListFile is how many bytes a file of payments may have.
	MaxListFile = 512 << 10

	// mostRows is how many payments are read of one.
	mostRows = 500
)

// listColumn is a column of a table of payments: the field of the form that it fills.
type listColumn struct {
	name string
	of   func(*Form) *string
}

// listColumns are all columns, in the order in which they are written.
var listColumns = []listColumn{
	{"name", func(f *Form) *string { return &f.Creditor }},
	{"account", func(f *Form) *string { return &f.To }},
	{"amount", func(f *Form) *string { return &f.Amount }},
	{"currency", func(f *Form) *string { return &f.Currency }},
	{"text", func(f *Form) *string { return &f.Text }},
	{"date", func(f *Form) *string { return &f.On }},
	{"own_reference", func(f *Form) *string { return &f.EndToEnd }},
	{"ocr", func(f *Form) *string { return &f.Reference }},
	{"invoice", func(f *Form) *string { return &f.Invoice }},
	{"clearing", func(f *Form) *string { return &f.Clearing }},
	{"bic", func(f *Form) *string { return &f.Agent }},
	{"bank", func(f *Form) *string { return &f.AgentName }},
	{"street", func(f *Form) *string { return &f.Address.Street }},
	{"house_number", func(f *Form) *string { return &f.Address.Number }},
	{"post_code", func(f *Form) *string { return &f.Address.PostCode }},
	{"town", func(f *Form) *string { return &f.Address.Town }},
	{"country", func(f *Form) *string { return &f.Address.Country }},
	{"costs", func(f *Form) *string { return &f.Charges }},
	{"purpose", func(f *Form) *string { return &f.Purpose }},
	{"own_statement", func(f *Form) *string { return &f.ToSelf }},
	{"payee_statement", func(f *Form) *string { return &f.ToCreditor }},
}

// neededListColumns are those without which there is no payment.
var neededListColumns = []string{"name", "account", "amount"}

// ListColumns returns the names of the columns that a table of payments may have, those
// first without which nothing is read.
func ListColumns() (names []string) {
	for _, column := range listColumns {
		names = append(names, column.name)
	}
	return names
}

// readRows reads the payments of a file, each with what holds for all.
func readRows(ctx context.Context, f Form, file []byte) (rows []Row, unread []string, err error) {
	if len(file) > MaxListFile {
		return nil, nil, badFile(storage.Reason{Code: failure.FileLarger, Of: MaxListFile >> 10})
	}
	if text := bytes.TrimSpace(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))); bytes.HasPrefix(text, []byte("<")) {
		rows, unread, err = readInitiation(ctx, f, file)
	} else {
		rows, unread, err = readTable(f, file)
	}
	switch {
	case err != nil:
		return nil, nil, err
	case len(rows) == 0:
		return nil, nil, badFile(storage.Reason{Code: failure.NoTransfers})
	case len(rows) > mostRows:
		return nil, nil, badFile(storage.Reason{Code: failure.TooManyTransfers, Of: mostRows})
	}
	return rows, unread, nil
}

func badFile(why storage.Reason) error { return failure.Invalid(Fields{"file": why}) }

// readTable reads a table whose first line names the columns.
func readTable(f Form, file []byte) (rows []Row, unread []string, err error) {
	table, err := sheet.Open(file)
	switch {
	case errors.Is(err, sheet.ErrNotUTF8):
		return nil, nil, badFile(storage.Reason{Code: failure.FileNotUTF8})
	case err != nil:
		return nil, nil, badFile(storage.Reason{Code: failure.FileNoColumns})
	}
	columns := make([]*listColumn, len(table.Columns)) // by their place in a line; nil: not read
	for i, name := range table.Columns {
		at := slices.IndexFunc(listColumns, func(c listColumn) bool { return strings.EqualFold(c.name, strings.TrimSpace(name)) })
		if at < 0 || slices.Contains(columns[:i], &listColumns[at]) {
			unread = append(unread, name)
			continue
		}
		columns[i] = &listColumns[at]
	}
	for _, needed := range neededListColumns {
		if !slices.ContainsFunc(columns, func(c *listColumn) bool { return c != nil && c.name == needed }) {
			return nil, nil, badFile(storage.Reason{Code: failure.FileLacks, Name: needed})
		}
	}
	for line := range table.Lines() {
		if row, empty := readLine(f, columns, line); !empty {
			rows = append(rows, row)
		}
		if len(rows) > mostRows {
			break
		}
	}
	return rows, unread, nil
}

// readLine reads a line of a table; empty is one that a spreadsheet leaves there.
func readLine(f Form, columns []*listColumn, line sheet.Line) (row Row, empty bool) {
	row = Row{Line: line.Number, Form: f, Wrong: Fields{}}
	switch {
	case line.Torn > 0:
		row.Wrong["line"] = storage.Reason{Code: failure.LineTorn, Number: line.Torn}
		return row, false
	case !slices.ContainsFunc(line.Cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }):
		return row, true
	case len(line.Cells) != len(columns):
		row.Wrong["line"] = storage.Reason{Code: failure.LineWidth, Number: len(line.Cells), Of: len(columns)}
	}
	for i, cell := range line.Cells {
		if cell = strings.TrimSpace(cell); i < len(columns) && columns[i] != nil && cell != "" {
			*columns[i].of(&row.Form) = cell
			if columns[i].name == "currency" {
				row.Currency = cell
			}
		}
	}
	if ProductNamed(f.Product).To != ByGiro {
		row.takeReference()
	}
	return row, false
}

// takeReference puts the reference of an invoice where a product has one field for all
// words: into the text.
func (r *Row) takeReference() {
	for _, word := range []*string{&r.Form.Reference, &r.Form.Invoice} {
		switch {
		case *word == "":
		case r.Form.Text == "":
			r.Form.Text = *word
		default:
			r.Wrong["text"] = storage.Reason{Code: string(check.TextAndReference)}
		}
		*word = ""
	}
}

// readInitiation reads a pain.001.
func readInitiation(ctx context.Context, f Form, file []byte) (rows []Row, unread []string, err error) {
	transfers, unread, err := xs2a.ReadInitiation(ctx, file)
	if err != nil {
		return nil, nil, badFile(storage.Reason{Code: failure.NotInitiation, Text: err.Error()})
	}
	for i, t := range transfers {
		row := Row{Line: i + 1, Form: f, Currency: t.Currency, Wrong: Fields{}}
		if t.Method != "TRF" {
			row.Wrong["line"] = storage.Reason{Code: failure.NotATransfer, Name: t.Method}
		}
		to := &row.Form
		to.Creditor, to.To, to.Agent, to.AgentName, to.Amount, to.Currency = t.Creditor, t.To, t.Agent, t.AgentName, t.Amount, t.Currency
		to.Text, to.EndToEnd, to.Purpose, to.On = t.Text, t.EndToEnd, t.Purpose, t.On
		if to.Reference = t.Reference; ProductNamed(f.Product).To != ByGiro {
			row.takeReference()
		}
		if t.Charges != "SLEV" { // of a scheme that knows no other, nothing is said
			to.Charges = t.Charges
		}
		to.Address = xs2a.Address{Street: t.Street, Number: t.Number, PostCode: t.PostCode, Town: t.Town, Country: t.Country}
		if t.Debtor != "" {
			to.From = t.Debtor
		}
		rows = append(rows, row)
	}
	return rows, unread, nil
}

// ListOf returns the table from which the transfers of an order can be paid again.
func ListOf(o xs2a.Order) (file []byte, err error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	if err := out.Write(ListColumns()); err != nil {
		return nil, err
	}
	for _, transfer := range o.Transfers {
		f := FormOf(storage.Payment{Order: xs2a.Order{Product: o.Product, Transfers: []xs2a.Transfer{transfer}}})
		var cells []string
		for _, column := range listColumns {
			cells = append(cells, *column.of(&f))
		}
		if err := out.Write(cells); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}
