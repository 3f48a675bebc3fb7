package export

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"consentry/storage"
)

// xlsx writes a workbook of Office Open XML (ECMA-376) as a stream: what a spreadsheet needs to show a
// table, and nothing else. Days and amounts are numbers; all else is text, which is never carried out.
type xlsx struct {
	xmlWriter
	file     *zip.Writer
	accounts map[int64]storage.Account
	made     time.Time
	most     int // rows on a sheet
	sheets   int
	row      int // on the sheet that is open
}

// mostRows is how many rows a sheet has, its headings included.
const mostRows = 1 << 20

// mostLetters is how many a cell takes.
const mostLetters = 32_767

// The styles of cells, as they are numbered in styles.xml.
const (
	styleHeading = "1"
	styleDay     = "2"
	styleAmount  = "3"
)

func newXLSX(to *bufio.Writer) encoder { return &xlsx{file: zip.NewWriter(to), most: mostRows} }

func (e *xlsx) begin(of file) error {
	e.accounts, e.made = of.Accounts, of.Made
	return e.openSheet()
}

// create begins a part of the workbook.
func (e *xlsx) create(name string) error {
	to, err := e.file.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: e.made})
	if err != nil {
		return err
	}
	e.to = bufio.NewWriterSize(to, buffered)
	e.to.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	return nil
}

const spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

func (e *xlsx) openSheet() error {
	e.sheets, e.row = e.sheets+1, 0
	if err := e.create(fmt.Sprintf("xl/worksheets/sheet%d.xml", e.sheets)); err != nil {
		return err
	}
	e.xmlWriter.begin("worksheet", "xmlns", spreadsheetML)
	// The headings stay where they are while the rest is scrolled.
	e.to.WriteString(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	e.to.WriteString(`<cols><col min="1" max="2" width="26" customWidth="1"/><col min="3" max="7" width="12" customWidth="1"/><col min="8" max="18" width="26" customWidth="1"/></cols>`)
	e.xmlWriter.begin("sheetData")
	e.openRow()
	for _, name := range Columns {
		e.textCell(name, styleHeading)
	}
	e.xmlWriter.end(1)
	return e.err()
}

func (e *xlsx) openRow() {
	e.row++
	e.xmlWriter.begin("row")
}

func (e *xlsx) closeSheet() error {
	e.xmlWriter.end(2)
	return e.to.Flush()
}

func (e *xlsx) part(_ Part, all transactions) error {
	var cells [20]string
	for t, err := range all {
		if err != nil {
			return err
		}
		if e.row == e.most {
			if err := e.closeSheet(); err != nil {
				return err
			}
			if err := e.openSheet(); err != nil {
				return err
			}
		}
		cellsOf(&cells, &t, e.accounts[t.AccountID])
		e.openRow()
		for i, cell := range cells {
			serial, isDay := "", false
			if i == 3 || i == 4 || i == len(cells)-1 {
				serial, isDay = daySerial(cell)
			}
			switch {
			case isDay:
				e.numberCell(serial, styleDay)
			case i == amountColumn && keptAsNumber(cell):
				e.numberCell(cell, styleAmount)
			default:
				e.textCell(cell, "")
			}
		}
		e.xmlWriter.end(1)
		if err := e.err(); err != nil {
			return err
		}
	}
	return nil
}

// daySerial is an ISO date as spreadsheets count days; those before March 1900 they count otherwise.
func daySerial(date string) (string, bool) {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil || on.Year() < 1901 || on.Year() > 9999 {
		return "", false
	}
	return strconv.Itoa(int(on.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)), true
}

// keptAsNumber reports whether spreadsheets keep an amount as it is: they count in binary, with 15 digits.
func keptAsNumber(number string) bool {
	return len(strings.Trim(strings.Replace(strings.TrimPrefix(number, "-"), ".", "", 1), "0")) <= 15 && len(number) <= 20
}

func (e *xlsx) numberCell(number, style string) {
	e.xmlWriter.begin("c", "s", style)
	e.text("v", number)
	e.xmlWriter.end(1)
}

// textCell writes a text within its cell. An empty cell keeps the place of those after it.
func (e *xlsx) textCell(text, style string) {
	if text == "" {
		e.to.WriteString("<c/>")
		return
	}
	attributes := []string{"t", "inlineStr", "s", style}
	if style == "" {
		attributes = attributes[:2]
	}
	e.xmlWriter.begin("c", attributes...)
	e.xmlWriter.begin("is")
	e.text("t", spreadsheetText(text), "xml:space", "preserve")
	e.xmlWriter.end(2)
}

// escaped is how the format writes a character by its number (ECMA-376 part 1, 22.9.2.19).
var escaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// spreadsheetText is a text as a cell takes it. What would be read as the number of a character is
// written with the number of its first.
func spreadsheetText(text string) string {
	if strings.Contains(text, "_x") {
		text = escaped.ReplaceAllString(text, "_x005F_$1")
	}
	if len(text) > mostLetters {
		text = string([]rune(text)[:min(mostLetters, len([]rune(text)))])
	}
	return text
}

// workbookParts are what a workbook consists of besides its sheets.
var workbookParts = []struct{ name, text string }{
	{"xl/styles.xml", `<styleSheet xmlns="` + spreadsheetML + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
		`<cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="0"/></cellXfs></styleSheet>`},
	{"_rels/.rels", `<Relationships xmlns="` + packageRelations + `"><Relationship Id="rId1" Type="` + documentRelations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
}

const (
	packageRelations  = "http://schemas.openxmlformats.org/package/2006/relationships"
	documentRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	contentTypes      = "http://schemas.openxmlformats.org/package/2006/content-types"
	sheetType         = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

func (e *xlsx) end() error {
	if err := e.closeSheet(); err != nil {
		return err
	}
	var sheets, relations, types strings.Builder
	for i := range e.sheets {
		name := "Transactions"
		if i > 0 {
			name = fmt.Sprint("Transactions ", i+1)
		}
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, documentRelations, i+1)
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, sheetType)
	}
	fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, e.sheets+1, documentRelations)
	for _, part := range append(workbookParts,
		struct{ name, text string }{"xl/workbook.xml", `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + documentRelations + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		struct{ name, text string }{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageRelations + `">` + relations.String() + `</Relationships>`},
		struct{ name, text string }{"[Content_Types].xml", `<Types xmlns="` + contentTypes + `"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + sheetType + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + sheetType + `styles+xml"/>` + types.String() + `</Types>`},
	) {
		if err := e.create(part.name); err != nil {
			return err
		}
		if _, err := io.WriteString(e.to, part.text); err != nil {
			return err
		}
		if err := e.to.Flush(); err != nil {
			return err
		}
	}
	return e.file.Close()
}
