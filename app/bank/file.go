package bank

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/app/sheet"
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
func WriteFile(w io.Writer, banks []storage.Bank) error { return writeFile(w, banks, "") }

// writeFile is WriteFile for an environment with a proxy, whose address stands in each line.
func writeFile(w io.Writer, banks []storage.Bank, proxy string) error {
	out := csv.NewWriter(w)
	names := make([]string, len(allColumns))
	for i, column := range allColumns {
		names[i] = column.name
	}
	if proxy != "" {
		names = append(names, proxyColumn)
	}
	if err := out.Write(names); err != nil {
		return err
	}
	for _, bank := range banks {
		cells := make([]string, len(allColumns))
		for i, column := range allColumns {
			cells[i] = column.get(bank)
		}
		if proxy != "" {
			cells = append(cells, proxy)
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
	if len(file) > MaxFile {
		return read, unreadable(storage.Reason{Code: failure.BankFileTooLarge})
	}
	table, err := sheet.Open(file)
	switch {
	case errors.Is(err, sheet.ErrNotUTF8):
		return read, unreadable(storage.Reason{Code: failure.FileNotUTF8})
	case err != nil:
		return read, unreadable(storage.Reason{Code: failure.FileNoColumns})
	}
	r := reader{columns: make([]int, len(table.Columns)), width: len(table.Columns), at: map[string]int{}, proxyAt: -1}
	if err := r.header(table.Columns); err != nil {
		return read, err
	}
	for line := range table.Lines() {
		if line.Torn > 0 {
			r.fault(line.Number, "", storage.Reason{Code: failure.LineTorn, Number: line.Torn})
			continue
		}
		if r.row(line.Number, line.Cells); len(r.banks) > mostFiled {
			return read, unreadable(storage.Reason{Code: failure.BankFileTooMany, Of: mostFiled})
		}
	}
	return r, nil
}

func unreadable(why storage.Reason) *failure.Error {
	return &failure.Error{Reason: storage.Reason{Code: failure.BankFileUnreadable, Because: &why}}
}

// reader reads a file of banks line by line.
type reader struct {
	columns []int // of allColumns, by place in a line; -1 for one that is not read
	width   int
	banks   []filedBank
	at      map[string]int // lines, by id
	faults  []FileFault
	more    int // faults that are counted only

	proxy   string // that the file names for its environment; empty for none
	proxyAt int    // the place of its column in a line; -1: there is none
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
		case strings.EqualFold(strings.TrimSpace(name), proxyColumn) && r.proxyAt < 0:
			r.proxyAt = i
		case r.columns[i] < 0:
			r.fault(1, name, storage.Reason{Code: failure.ColumnUnknown})
		case slices.Contains(r.columns[:i], r.columns[i]):
			r.columns[i] = -1
			r.fault(1, name, storage.Reason{Code: failure.ColumnTwice})
		}
	}
	for _, needed := range neededColumns {
		if !slices.Contains(r.columns, indexOfColumn(needed)) {
			return unreadable(storage.Reason{Code: failure.FileLacks, Name: needed})
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
	if r.proxyAt >= 0 {
		r.takeProxy(line, cells[r.proxyAt])
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
