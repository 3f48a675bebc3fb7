package imports

import (
	"context"
	"errors"
	"iter"
	"regexp"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// formatTable is the format of a file of lines and columns.
const formatTable = "csv"

const (
	// mostTransactions bounds what is read of a file.
	mostTransactions = 250_000
	// unreadKept bounds what is told of what could not be read.
	unreadKept, rawKept = 100, 500
)

// reading is what a file says, for one account.
type reading struct {
	Format    string
	Table     *Table             // of a table alone
	Total     int                // transactions that can be read
	All       []storage.Imported // of a statement; those of a table are read again, day by day
	Covers    []storage.Span
	Unread    []storage.UnreadPlace
	UnreadAll int
	Skipped   int
	Named     string // an account it names of which nobody knows whether it is this one

	lines   []stretch
	account storage.Account // that they are read for
	others  string          // an account of which lines were left out
	tooMany bool
}

func (r *reading) unread(one storage.UnreadPlace) {
	if r.UnreadAll++; len(r.Unread) < unreadKept {
		one.Raw = strings.ToValidUTF8(one.Raw[:min(len(one.Raw), rawKept)], "")
		r.Unread = append(r.Unread, one)
	}
}

// skip leaves out a line, which may be of another account.
func (r *reading) skip(named string) {
	r.Skipped++
	if r.others == "" {
		r.others = named
	}
}

// stretch is a part of a table whose transactions are of one day. Many of them take as much room as their days
// and places alone.
type stretch struct {
	day      string
	from, to int // in the table's body
}

// addLine takes a transaction of a line, of an account whose name may tell nothing.
func (r *reading) addLine(t *Table, one row) {
	if r.Named == "" {
		r.Named = one.named
	}
	r.Total++
	r.account = one.account
	last := len(r.lines) - 1
	if last >= 0 && r.lines[last].day == one.Date() {
		r.lines[last].to = one.line.To
		return
	}
	r.lines = append(r.lines, stretch{strings.Clone(one.Date()), one.line.From, one.line.To})
}

// byDay goes through the transactions in the order of their days, those of one day at once.
func (r *reading) byDay() iter.Seq[[]storage.Imported] {
	if r.Table == nil {
		return byDay(r.All)
	}
	return func(yield func([]storage.Imported) bool) {
		for from, to := 0, 0; from < len(r.lines); from = to {
			var all []storage.Imported
			for to = from; to < len(r.lines) && r.lines[to].day == r.lines[from].day; to++ {
				all = r.Table.again(r.lines[to], r.account, all)
			}
			if !yield(all) {
				return
			}
		}
	}
}

// read reads a file for an account. Columns are what a person says of a table's; nil: nothing.
func (i *Imports) read(ctx context.Context, text []byte, account storage.Account, columns *Columns) (*reading, error) {
	if xs2a.FormatOf(text) == "" {
		return i.readTable(ctx, text, account, columns)
	}
	s, err := xs2a.ReadFile(ctx, text)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, failure.Invalid(map[string]storage.Reason{"file": {Code: failure.FileBroken, Text: err.Error()}})
	}
	r := &reading{Format: string(xs2a.FormatOf(text)), Skipped: s.Pending}
	for _, span := range s.Covers {
		r.Covers = append(r.Covers, storage.Span(span))
	}
	for _, left := range s.LeftOut {
		r.unread(storage.UnreadPlace{Place: placeOf(left.Reason), Reason: storage.TextReason(left.Reason), Raw: left.Raw})
	}
	for at, t := range s.Booked {
		if account.Currency != "" && t.Amount.Currency != account.Currency {
			if s.Currency != "" && s.Currency != account.Currency {
				return nil, failure.Invalid(map[string]storage.Reason{"file": {Code: failure.FileCurrency, Names: []string{s.Currency, account.Currency}}})
			}
			r.unread(storage.UnreadPlace{Line: at + 1, Reason: storage.Reason{Code: failure.RowOtherCurrency, Name: t.Amount.Currency}, Raw: string(t.Raw)})
			continue
		}
		r.Total++
		r.All = append(r.All, storage.Imported{Transaction: t})
	}
	switch whoseIs(s.Account, account) {
	case another:
		return nil, otherAccount(s.Account)
	case unsure:
		r.Named = s.Account
	}
	if r.UnreadAll > 0 { // then it has not all of its days here
		r.Covers = nil
	}
	return r, r.check()
}

func otherAccount(named string) error {
	return failure.Invalid(map[string]storage.Reason{"file": {Code: failure.FileOtherAccount, Name: named}})
}

// placeOf is where in a file something stands, as its reader tells it: what comes before the
// colon.
func placeOf(reason string) string {
	place, _, _ := strings.Cut(reason, ": ")
	return place
}

// readTable reads a table by what its columns mean: as a person says now, as they said before, or
// as the headings let guess. Where that does not do, nothing is read, and the table alone is told.
func (i *Imports) readTable(ctx context.Context, text []byte, account storage.Account, columns *Columns) (*reading, error) {
	t, err := openTable(text)
	if err != nil {
		return nil, err
	}
	r := &reading{Format: formatTable, Table: t}
	if !t.Own {
		if kept, err := i.store.ImportForm(ctx, t.form); err == nil {
			if c, fits := remembered(kept, t.Headings); fits {
				t.Columns, t.Known = c, true
			}
		} else if !errors.Is(err, storage.ErrNotFound) {
			return nil, err
		}
		if columns != nil && len(columns.Means) == len(t.Headings) {
			t.Columns = columns.known()
		}
	}
	t.lookThrough()
	switch {
	case len(t.Sample) == 0 && !t.usable():
		return nil, failure.Field("file", failure.FileNoStatement)
	case t.twice() != Unread:
		return r, failure.Field("columns", failure.ColumnsTwice)
	case !t.usable():
		return r, failure.Field("columns", failure.ColumnsNeeded)
	}
	t.read(account, r)
	return r, r.check()
}

// check says why nothing of a file can be read.
func (r *reading) check() error {
	switch {
	case r.tooMany:
		return failure.Invalid(map[string]storage.Reason{"file": {Code: failure.FileTooManyBooked, Of: mostTransactions}})
	case r.Total == 0 && r.others != "":
		return otherAccount(r.others)
	case r.Total == 0 && r.UnreadAll == 0:
		return failure.Field("file", failure.FileNothing)
	}
	slices.SortStableFunc(r.All, func(x, y storage.Imported) int { return strings.Compare(x.Date(), y.Date()) })
	slices.SortStableFunc(r.lines, func(x, y stretch) int { return strings.Compare(x.day, y.day) })
	return nil
}

// whose says whether an account that a file names is the one it is read into.
type whose int

const (
	this whose = iota
	another
	unsure
)

var ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`)

// whoseIs compares an account as a file names it. Statements name it by number, some by the parts
// of it; tables by a name, too.
func whoseIs(named string, account storage.Account) whose {
	number := compact(named)
	if number == "" {
		return this
	}
	for _, one := range []string{account.IBAN, account.BBAN, account.MaskedPAN, account.Name, account.Product} {
		if one != "" && compact(one) == number {
			return this
		}
	}
	iban := compact(account.IBAN)
	if ibanForm.MatchString(number) && iban != "" {
		return another
	}
	if iban != "" && strings.ContainsAny(number, "0123456789") && holdsParts(iban, named) {
		return this
	}
	return unsure
}

// holdsParts reports whether the parts of a number stand in an IBAN, in their order.
func holdsParts(iban, named string) bool {
	length := 0
	for _, part := range strings.FieldsFunc(strings.ToUpper(named), func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
		part = strings.TrimLeft(part, "0")
		at := strings.Index(iban, part)
		if at < 0 {
			return false
		}
		iban, length = iban[at+len(part):], length+len(part)
	}
	const told = 6
	return length >= told
}

func compact(number string) string { return strings.ToUpper(strings.Join(strings.Fields(number), "")) }
