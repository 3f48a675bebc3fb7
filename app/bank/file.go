package bank

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

const (
	// MaxFile is how many bytes a file of banks may have.
	MaxFile = 512 << 10

	// mostFiled is how many banks are read of one.
	mostFiled = 2000

	// mostFiledHosts is how many hosts a person can be asked to confirm at once.
	mostFiledHosts = 500

	// mostFaults is how many of its faults are named; the others are counted.
	mostFaults = 200
)

// FileFault is something in a file of banks that was not taken over.
type FileFault struct {
	Line    int
	Column  string // "" for a whole line
	Problem storage.Reason
}

// filedBank is a bank as a line of a file has it.
type filedBank struct {
	storage.Bank
	line int
}

// WriteFile writes banks as a file that ReadFile reads: a table with commas (RFC
// 4180), whose first line names the columns. There is no secret in it.
func WriteFile(w io.Writer, banks []storage.Bank) error {
	out := csv.NewWriter(w)
	names := make([]string, len(allColumns))
	for i, column := range allColumns {
		names[i] = column.name
	}
	if err := out.Write(names); err != nil {
		return err
	}
	for _, bank := range banks {
		cells := make([]string, len(allColumns))
		for i, column := range allColumns {
			cells[i] = column.get(bank)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// readFile reads the banks of a file, with the reason for each line and column that it
// could not read. A *failure.Error says why nothing of it can be read.
func readFile(file []byte) (read reader, err error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")) // as spreadsheets begin a file in UTF-8
	switch {
	case len(file) > MaxFile:
		return read, unreadable(storage.Reason{Code: failure.BankFileTooLarge})
	case !utf8.Valid(file):
		return read, unreadable(storage.Reason{Code: failure.BankFileNotUTF8})
	}
	in := csv.NewReader(bytes.NewReader(file))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = separator(file), -1, true
	header, err := in.Read()
	if err != nil {
		return read, unreadable(storage.Reason{Code: failure.BankFileNoColumns})
	}
	r := reader{columns: make([]int, len(header)), width: len(header), at: map[string]int{}}
	if err := r.header(header); err != nil {
		return read, err
	}
	for {
		cells, err := in.Read()
		var torn *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return r, nil
		case errors.As(err, &torn):
			r.fault(torn.StartLine, "", storage.Reason{Code: failure.LineTorn, Number: torn.Line})
			continue
		case err != nil:
			return read, err
		}
		line, _ := in.FieldPos(0)
		if r.row(line, cells); len(r.banks) > mostFiled {
			return read, unreadable(storage.Reason{Code: failure.BankFileTooMany, Of: mostFiled})
		}
	}
}

func unreadable(why storage.Reason) *failure.Error {
	return &failure.Error{Reason: storage.Reason{Code: failure.BankFileUnreadable, Because: &why}}
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

// reader reads a file of banks line by line.
type reader struct {
	columns []int // of allColumns, by place in a line; -1 for one that is not read
	width   int
	banks   []filedBank
	at      map[string]int // lines, by id
	faults  []FileFault
	more    int // faults that are counted only
}

func (r *reader) fault(line int, column string, problem storage.Reason) {
	if len(r.faults) == mostFaults {
		r.more++
		return
	}
	r.faults = append(r.faults, FileFault{line, column, problem})
}

// header takes the names of the columns.
func (r *reader) header(names []string) error {
	for i, name := range names {
		r.columns[i] = indexOfColumn(name)
		switch {
		case r.columns[i] < 0:
			r.fault(1, name, storage.Reason{Code: failure.ColumnUnknown})
		case slices.Contains(r.columns[:i], r.columns[i]):
			r.columns[i] = -1
			r.fault(1, name, storage.Reason{Code: failure.ColumnTwice})
		}
	}
	for _, needed := range neededColumns {
		if !slices.Contains(r.columns, indexOfColumn(needed)) {
			return unreadable(storage.Reason{Code: failure.BankFileLacks, Name: needed})
		}
	}
	return nil
}

// row takes a bank, or says what of its line cannot be read.
func (r *reader) row(line int, cells []string) {
	if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		return // a spreadsheet's empty line
	}
	if len(cells) != r.width {
		r.fault(line, "", storage.Reason{Code: failure.LineWidth, Number: len(cells), Of: r.width})
		return
	}
	given := map[string]string{} // by column
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" && r.columns[i] >= 0 {
			given[allColumns[r.columns[i]].name] = cell
		}
	}
	bank, problems := bankOf(given)
	if first, twice := r.at[bank.ID]; twice && !problems["id"].Given() {
		problems["id"] = storage.Reason{Code: failure.IDTwice, Number: first}
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
func bankOf(given map[string]string) (bank storage.Bank, problems map[string]storage.Reason) {
	problems = map[string]storage.Reason{}
	for _, column := range allColumns {
		if cell := given[column.name]; cell != "" {
			if problem := column.set(&bank, cell); problem.Given() {
				problems[column.name] = problem
			}
		}
	}
	for _, needed := range neededColumns {
		if given[needed] == "" {
			problems[needed] = storage.Reason{Code: failure.CellEmpty}
		}
	}
	switch {
	case problems["dialect"].Given(): // what else it says means nothing then
	case given["dialect"] != "":
		checkFiled(&bank, problems)
	case bank.Profile != (xs2a.Profile{}):
		problems["dialect"] = storage.Reason{Code: failure.DialectMissing}
	}
	return bank, problems
}

// checkFiled holds a bank's profile to what holds for all.
func checkFiled(bank *storage.Bank, problems map[string]storage.Reason) {
	for field, problem := range checkProfile(&bank.Profile) {
		column := cmp.Or(columnOf[field], field)
		if !problems[column].Given() {
			problems[column] = problem
		}
	}
	if !problems["id"].Given() && !bank.Profile.Leads(bank.ID) {
		problems["id"] = storage.Reason{Code: failure.IDInHost}
	}
}
