package app

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"consentry/storage"
	"consentry/xs2a"
)

const (
	// MaxBankFile is how many bytes a file of banks may have.
	MaxBankFile = 512 << 10

	// maxFiledBanks is how many banks are read of one.
	maxFiledBanks = 2000
)

// FileFault is something in a file of banks that was not taken over.
type FileFault struct {
	Line    int
	Column  string // "" for a whole line
	Problem string
}

// filedBank is a bank as a line of a file has it.
type filedBank struct {
	storage.Bank
	line int
}

// WriteBanks writes banks as a file that ReadBanks reads: a table with commas (RFC
// 4180), whose first line names the columns. There is no secret in it.
func WriteBanks(w io.Writer, banks []storage.Bank) error {
	out := csv.NewWriter(w)
	names := make([]string, len(bankColumns))
	for i, column := range bankColumns {
		names[i] = column.name
	}
	if err := out.Write(names); err != nil {
		return err
	}
	for _, bank := range banks {
		cells := make([]string, len(bankColumns))
		for i, column := range bankColumns {
			cells[i] = column.get(bank)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// readBanks reads the banks of a file, and says of each line and column that it could
// not read why. An *Error says why nothing of it can be read.
func readBanks(file []byte) ([]filedBank, []FileFault, error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")) // as spreadsheets begin a file in UTF-8
	switch {
	case len(file) > MaxBankFile:
		return nil, nil, unreadable("It is larger than 512 KB.")
	case !utf8.Valid(file):
		return nil, nil, unreadable("It is not written in UTF-8.")
	}
	in := csv.NewReader(bytes.NewReader(file))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = separator(file), -1, true
	header, err := in.Read()
	if err != nil {
		return nil, nil, unreadable("It has no first line that names columns.")
	}
	r := bankReader{columns: make([]int, len(header)), width: len(header), at: map[string]int{}}
	if err := r.header(header); err != nil {
		return nil, nil, err
	}
	for {
		cells, err := in.Read()
		var torn *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return r.banks, r.faults, nil
		case errors.As(err, &torn):
			r.fault(torn.StartLine, "", "Its quotation marks do not match.")
			continue
		case err != nil:
			return nil, nil, err
		}
		line, _ := in.FieldPos(0)
		if r.row(line, cells); len(r.banks) > maxFiledBanks {
			return nil, nil, unreadable("It has more than " + Count(maxFiledBanks, "bank", "banks") + ".")
		}
	}
}

func unreadable(why string) *Error {
	return &Error{Message: "The file cannot be read as a list of banks.", Lost: "Nothing was taken over.", Do: why}
}

// separator is what stands between cells: spreadsheets write a semicolon in countries
// that write a comma in numbers.
func separator(file []byte) rune {
	first, _, _ := bytes.Cut(file, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		return ';'
	}
	return ','
}

// bankReader reads a file of banks line by line.
type bankReader struct {
	columns []int // of bankColumns, by place in a line; -1 for one that is not read
	width   int
	banks   []filedBank
	at      map[string]int // lines, by id
	faults  []FileFault
}

func (r *bankReader) fault(line int, column, problem string) {
	r.faults = append(r.faults, FileFault{line, column, problem})
}

// header takes the names of the columns.
func (r *bankReader) header(names []string) error {
	for i, name := range names {
		r.columns[i] = indexOfColumn(name)
		switch {
		case r.columns[i] < 0:
			r.fault(1, name, "No column has this name; nothing of it is read.")
		case slices.Contains(r.columns[:i], r.columns[i]):
			r.columns[i] = -1
			r.fault(1, name, "This column stands there twice; the first is read.")
		}
	}
	for _, needed := range neededColumns {
		if !slices.Contains(r.columns, indexOfColumn(needed)) {
			return unreadable("It has no column “" + needed + "”.")
		}
	}
	return nil
}

// row takes a bank, or says what of its line cannot be read.
func (r *bankReader) row(line int, cells []string) {
	if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		return // a spreadsheet's empty line
	}
	if len(cells) != r.width {
		r.fault(line, "", fmt.Sprintf("It has %s, and the first line %d.", Count(len(cells), "cell", "cells"), r.width))
		return
	}
	given := map[string]string{} // by column
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" && r.columns[i] >= 0 {
			given[bankColumns[r.columns[i]].name] = cell
		}
	}
	bank, problems := bankOf(given)
	if first, twice := r.at[bank.ID]; twice && problems["id"] == "" {
		problems["id"] = fmt.Sprintf("The id stands in line %d already.", first)
	}
	for _, column := range slices.Sorted(maps.Keys(problems)) {
		r.fault(line, column, problems[column])
	}
	if len(problems) == 0 {
		r.at[bank.ID] = line
		r.banks = append(r.banks, filedBank{bank, line})
	}
}

// bankOf makes a bank of the cells of a line, and says by column what is wrong with
// them. A line without a dialect has no profile: the bank is spoken to as its
// environment says.
func bankOf(given map[string]string) (bank storage.Bank, problems map[string]string) {
	problems = map[string]string{}
	for _, column := range bankColumns {
		if cell := given[column.name]; cell != "" {
			if problem := column.set(&bank, cell); problem != "" {
				problems[column.name] = problem
			}
		}
	}
	for _, needed := range neededColumns {
		if given[needed] == "" {
			problems[needed] = "It is empty."
		}
	}
	switch {
	case problems["dialect"] != "": // what else it says means nothing then
	case given["dialect"] != "":
		checkFiled(&bank, problems)
	case bank.Profile != (xs2a.Profile{}):
		problems["dialect"] = "It is empty, and other columns say how the bank is spoken to. Name the dialect, or leave them empty, too."
	}
	return bank, problems
}

// checkFiled holds a bank's profile to what holds for all.
func checkFiled(bank *storage.Bank, problems map[string]string) {
	for field, problem := range checkProfile(&bank.Profile) {
		column := cmp.Or(columnOf[field], field)
		problems[column] = cmp.Or(problems[column], problem)
	}
	if problems["id"] == "" && !bank.Profile.Leads(bank.ID) {
		problems["id"] = "It cannot stand in the name of a host, as the addresses want it."
	}
}
