// Package sheet reads the tables that people keep in spreadsheets and save as text: lines
// of cells between commas, semicolons or tabs, the first of which names the columns
// (RFC 4180).
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"iter"
	"unicode/utf8"
)

// What keeps a file from being read as a table.
var (
	ErrNotUTF8   = errors.New("sheet: the file is not written in UTF-8")
	ErrNoColumns = errors.New("sheet: the file has no first line that names columns")
)

// Sheet is a table that is being read.
type Sheet struct {
	Columns   []string // as the first line names them
	Separator rune     // between cells
	in        *csv.Reader
	begins    int // in the file, in bytes
}

// Line is a line of a table.
type Line struct {
	Number int      // in the file, from 1 on; of one with line breaks in its cells, the first
	Cells  []string // as many as there are, whatever the first line has
	From   int      // where it begins in the file, in bytes, and where the next one does
	To     int
	Torn   int // its quotation marks do not match: nothing is read up to this line; else 0
}

// Open reads the first line of a file.
func Open(file []byte) (*Sheet, error) {
	whole := len(file)
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")) // as spreadsheets begin a file in UTF-8
	if !utf8.Valid(file) {
		return nil, ErrNotUTF8
	}
	in := reader(file, separator(file))
	columns, err := in.Read()
	if err != nil {
		return nil, ErrNoColumns
	}
	return &Sheet{Columns: columns, Separator: in.Comma, in: in, begins: whole - len(file)}, nil
}

// Part is some lines of a table, without those that name its columns.
func Part(lines []byte, separator rune) *Sheet {
	return &Sheet{Separator: separator, in: reader(lines, separator)}
}

func reader(file []byte, separator rune) *csv.Reader {
	in := csv.NewReader(bytes.NewReader(file))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = separator, -1, true
	return in
}

// Lines returns the lines after the first, once. A spreadsheet's empty lines are among
// them.
func (s *Sheet) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for {
			var torn *csv.ParseError
			line := Line{From: s.begins + int(s.in.InputOffset())}
			cells, err := s.in.Read()
			line.To = s.begins + int(s.in.InputOffset())
			switch {
			case err == nil:
				line.Cells = cells
				line.Number, _ = s.in.FieldPos(0)
			case errors.As(err, &torn):
				line.Number, line.Torn = torn.StartLine, torn.Line
			default:
				return // the end: a file in memory has no other
			}
			if !yield(line) {
				return
			}
		}
	}
}

// separator is what stands between cells: spreadsheets write a semicolon in countries
// that write a comma in numbers, and a tab into what is copied.
func separator(file []byte) rune {
	first, _, _ := bytes.Cut(file, []byte("\n"))
	most, count := ',', bytes.Count(first, []byte(","))
	for _, other := range ";\t" {
		if n := bytes.Count(first, []byte(string(other))); n > count {
			most, count = other, n
		}
	}
	return most
}
