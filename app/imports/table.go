package imports

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/app/own"
	"consentry/app/sheet"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/field"
)

// Table is a file of lines and columns, and what is known of it.
type Table struct {
	Columns
	Headings []string
	Own      bool     // it is one that Consentry saved
	Known    bool     // what its columns mean was said before
	Dates    []string // the forms in which all its days can be read
	Decimals []string // likewise of its amounts
	Sample   [][]string

	form  string // see formOf
	split rune   // what stands between cells
	body  []byte // from the line of headings on
	above int    // lines before it
}

// mostAbove is how many lines may stand above the headings: some banks name the account and the
// period there.
const mostAbove = 40

// sampled is how many lines of a table are shown as they stand there.
const sampled = 5

// openTable finds the headings of a table.
func openTable(text []byte) (*Table, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // as spreadsheets begin a file in UTF-8
	var first *Table
	for above, rest := 0, text; above < mostAbove && len(rest) > 0; above++ {
		if s, err := sheet.Open(rest); err == nil && len(s.Columns) > 1 {
			t := &Table{Headings: s.Columns, form: formOf(s.Columns, s.Separator), split: s.Separator, body: rest, above: above}
			if t.Columns, t.Own = ownColumns(s.Columns); !t.Own {
				t.Columns = guess(s.Columns)
				t.lines(func(line sheet.Line) bool {
					t.settle(t.Headings, line.Cells)
					return false
				})
			}
			if t.usable() {
				return t, nil
			}
			if first == nil {
				first = t
			}
		}
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	if first == nil || len(first.Headings) > mostColumns {
		return nil, failure.Field("file", failure.FileNoStatement)
	}
	return first, nil
}

// mostColumns bounds the columns a person is asked about.
const mostColumns = 60

// lines calls a function with each line below the headings that has something in it.
func (t *Table) lines(each func(sheet.Line) bool) {
	if s, err := sheet.Open(t.body); err == nil {
		t.linesOf(s, each)
	}
}

// linesOf calls a function with each line of a sheet that has something in it.
func (t *Table) linesOf(s *sheet.Sheet, each func(sheet.Line) bool) {
	for line := range s.Lines() {
		line.Number += t.above
		if line.Torn > 0 {
			line.Torn += t.above
		}
		for i := range line.Cells {
			if line.Cells[i] = sheet.Plain(line.Cells[i]); !t.Own {
				line.Cells[i] = strings.TrimSpace(line.Cells[i])
			}
		}
		if line.Torn == 0 && !slices.ContainsFunc(line.Cells, func(cell string) bool { return cell != "" }) {
			continue
		}
		if !each(line) {
			return
		}
	}
}

// lookThrough finds out how days and amounts are written, as far as a person has not said it.
func (t *Table) lookThrough() {
	dates, decimals := make([]int, len(dateForms)), map[string]int{}
	t.Sample = nil
	t.lines(func(line sheet.Line) bool {
		if len(t.Sample) < sampled {
			t.Sample = append(t.Sample, line.Cells)
		}
		for i, cell := range line.Cells[:min(len(line.Cells), len(t.Means))] {
			switch t.Means[i] {
			case BookingDate, ValueDate:
				for at, form := range dateForms {
					if _, fits := dayOf(cell, form); fits {
						dates[at]++
					}
				}
			case Amount, MoneyIn, MoneyOut:
				for _, decimal := range []string{DecimalPoint, DecimalComma} {
					if _, fits := numberOf(cell, decimal); fits {
						decimals[decimal]++
					}
				}
			}
		}
		return true
	})
	t.Dates, t.Decimals = nil, nil
	most := slices.Max(dates)
	for at, n := range dates {
		if n == most && n > 0 {
			t.Dates = append(t.Dates, dateForms[at])
		}
	}
	most = max(decimals[DecimalPoint], decimals[DecimalComma])
	for _, decimal := range []string{DecimalPoint, DecimalComma} {
		if decimals[decimal] == most && most > 0 {
			t.Decimals = append(t.Decimals, decimal)
		}
	}
	if t.Columns.Dates == "" && len(t.Dates) > 0 {
		t.Columns.Dates = t.Dates[0]
	}
	if t.Decimal == "" && len(t.Decimals) > 0 {
		t.Decimal = t.Decimals[0]
	}
}

// read reads the lines into a statement. One that cannot be read is told, and costs itself.
func (t *Table) read(of storage.Account, into *reading) {
	t.lines(func(line sheet.Line) bool {
		one := row{table: t, line: line, account: of}
		if into.Total >= mostTransactions {
			into.tooMany = true
			return false
		}
		switch why := one.read(); {
		case one.skipped:
			into.skip(one.named)
		case why.Given():
			into.unread(storage.UnreadPlace{Line: line.Number, Reason: why, Raw: one.text()})
		default:
			into.addLine(t, one)
		}
		return true
	})
}

// again reads the lines of a stretch once more, and adds them to others.
func (t *Table) again(at stretch, of storage.Account, to []storage.Imported) []storage.Imported {
	t.linesOf(sheet.Part(t.body[at.from:at.to], t.split), func(line sheet.Line) bool {
		one := row{table: t, line: line, account: of}
		if why := one.read(); !why.Given() && !one.skipped {
			to = append(to, one.Imported)
		}
		return true
	})
	return to
}

// row is a line that is being read.
type row struct {
	storage.Imported
	table   *Table
	line    sheet.Line
	account storage.Account
	named   string // the account it is of, where that is not this one or nobody knows
	skipped bool   // it is of another account, or pending
}

// cell is what the line has in the column of a meaning; of several columns, all.
func (r *row) cell(m Meaning) string {
	var all []string
	for _, at := range r.table.at(m) {
		if at < len(r.line.Cells) && r.line.Cells[at] != "" {
			all = append(all, r.line.Cells[at])
		}
	}
	return strings.Join(all, "\n")
}

func (r *row) read() storage.Reason {
	if r.line.Torn > 0 {
		return storage.Reason{Code: failure.LineTorn, Number: r.line.Torn}
	}
	if r.table.Own && len(r.line.Cells) != len(r.table.Headings) {
		return storage.Reason{Code: failure.LineWidth, Number: len(r.line.Cells), Of: len(r.table.Headings)}
	}
	if pending(r.cell(Status)) {
		r.skipped = true
		return storage.Reason{}
	}
	named := r.cell(OwnAccount)
	switch whoseIs(named, r.account) {
	case another:
		r.skipped, r.named = true, named
		return storage.Reason{}
	case unsure:
		r.named = named
	}
	for _, part := range []func() storage.Reason{r.days, r.amount, r.note} {
		if why := part(); why.Given() {
			return why
		}
	}
	r.words()
	r.Raw = r.raw()
	return storage.Reason{}
}

// pending reports whether a status says that a transaction is not booked yet.
func pending(status string) bool {
	switch strings.ToLower(status) {
	case "pending", "pdng", "vorgemerkt", "reserverad", "reserverat", "authorised", "authorized":
		return true
	}
	return false
}

func (r *row) days() storage.Reason {
	for _, one := range []struct {
		means Meaning
		into  *string
	}{{BookingDate, &r.BookingDate}, {ValueDate, &r.ValueDate}} {
		cell := r.cell(one.means)
		if cell == "" {
			continue
		}
		day, is := dayOf(cell, r.table.Columns.Dates)
		if !is {
			return storage.Reason{Code: failure.RowNotADay, Name: field.Excerpt([]byte(cell))}
		}
		*one.into = day
	}
	if r.Date() == "" && !r.table.Own {
		return storage.Reason{Code: failure.RowNoDay}
	}
	if dropped := r.cell(Dropped); dropped != "" {
		day, err := time.ParseInLocation(time.DateOnly, dropped, time.Local)
		if err != nil {
			return storage.Reason{Code: failure.RowNotADay, Name: field.Excerpt([]byte(dropped))}
		}
		r.DroppedAt = day
	}
	return storage.Reason{}
}

func (r *row) amount() storage.Reason {
	number := ""
	for _, one := range []struct {
		means Meaning
		sign  func(string) string
	}{{Amount, r.directed}, {MoneyIn, unsigned}, {MoneyOut, func(n string) string { return field.Negated(unsigned(n)) }}} {
		cell := r.cell(one.means)
		if cell == "" || number != "" && field.Decimal(number).Sign() != 0 {
			continue
		}
		read, is := numberOf(cell, r.table.Decimal)
		if !is {
			return storage.Reason{Code: failure.RowNotAnAmount, Name: field.Excerpt([]byte(cell))}
		}
		number = one.sign(read)
	}
	if number == "" {
		return storage.Reason{Code: failure.RowNoAmount}
	}
	if way := r.cell(Direction); way != "" && r.table.has(Amount) {
		if _, known := directions[strings.ToLower(way)]; !known {
			return storage.Reason{Code: failure.RowNoDirection, Name: field.Excerpt([]byte(way))}
		}
	}
	currency := strings.ToUpper(r.cell(Currency))
	if currency == "" {
		currency = r.account.Currency
	}
	if len(currency) != 3 {
		return storage.Reason{Code: failure.RowNoCurrency, Name: field.Excerpt([]byte(currency))}
	}
	r.Amount = xs2a.Amount{Number: number, Currency: currency}
	return storage.Reason{}
}

// directed gives an amount the sign of the direction beside it.
func (r *row) directed(number string) string {
	in, known := directions[strings.ToLower(r.cell(Direction))]
	switch {
	case !known:
		return number
	case in:
		return unsigned(number)
	}
	return field.Negated(unsigned(number))
}

func unsigned(number string) string { return strings.TrimPrefix(number, "-") }

// words takes over whom the money went to or came from, and what is said of it.
func (r *row) words() {
	r.CreditorName, r.CreditorAccount = r.cell(Creditor), r.cell(CreditorAccount)
	r.DebtorName, r.DebtorAccount = r.cell(Debtor), r.cell(DebtorAccount)
	name, account := &r.DebtorName, &r.DebtorAccount
	if r.Amount.Negative() {
		name, account = &r.CreditorName, &r.CreditorAccount
	}
	if other := r.cell(Other); other != "" {
		*name = other
	}
	if other := r.cell(OtherAccount); other != "" {
		*account = strings.ReplaceAll(other, " ", "")
	}
	r.Remittance, r.Additional, r.BankCode = r.cell(Text), r.cell(Additional), r.cell(BankCode)
	r.Transaction.ID, r.EntryReference, r.EndToEndID = r.cell(TransactionID), r.cell(EntryReference), r.cell(EndToEndID)
}

// note takes over what a person had written.
func (r *row) note() storage.Reason {
	note, wrong := own.NoteIn(r.cell(OwnNote), r.cell(OwnTags))
	r.Note = note
	if why := wrong["note"]; why.Given() {
		return why
	}
	return wrong["tags"]
}

// text is the line for a person.
func (r *row) text() string {
	return strings.Join(slices.DeleteFunc(slices.Clone(r.line.Cells), func(cell string) bool { return cell == "" }), " · ")
}

// raw is the line as it stood there: what each heading has below it.
func (r *row) raw() []byte {
	b := []byte{'{'}
	for i, cell := range r.line.Cells {
		if cell == "" {
			continue
		}
		heading := ""
		if i < len(r.table.Headings) {
			heading = r.table.Headings[i]
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, quoted(heading)...), ':'), quoted(cell)...)
	}
	return append(b, '}')
}

// quoted is a text in JSON.
func quoted(text string) []byte {
	b, _ := json.Marshal(text) // errs of no text
	return b
}
