package frontend

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app/failure"
	"consentry/app/imports"
	"consentry/storage"
	"consentry/xs2a"
)

// exampleFiles are the screens of transactions from files, with what is hardest to show.
func exampleFiles(account storage.Account) map[string]templ.Component {
	read := storage.Import{ID: 7, AccountID: account.ID, FileName: hostile + ".csv", Format: "csv", BeganAt: daysAgo(2), EndedAt: daysAgo(2), Total: 1200, Added: 1000, Known: 200,
		Covers: []storage.Span{{From: "2020-01-01", To: "2020-12-31"}}, UnreadAll: 120, Skipped: 1, Unread: []storage.UnreadPlace{
			{Line: 7, Reason: storage.Reason{Code: failure.RowNotADay, Name: hostile}, Raw: hostile}, {Place: "Stmt[0].Ntry[3].Amt", Reason: storage.TextReason(hostile)}}}
	broken, undone, statement := read, read, read
	broken.ID, broken.EndedAt, broken.FileName = 8, time.Time{}, "2020.sta"
	undone.ID, undone.Undoing = 9, true
	statement.Added, statement.Format, statement.Unread, statement.UnreadAll = 0, "camt", nil, 0
	table := &imports.Table{Headings: []string{"Buchungstag", hostile, "Betrag"}, Sample: [][]string{{"3.4.2026", hostile, "1,5"}, {"", arabic}},
		Columns: imports.Columns{Means: []imports.Meaning{imports.BookingDate, imports.Text, imports.Amount}, Dates: "2.1.2006", Decimal: imports.DecimalComma},
		Dates:   []string{"2.1.2006", "2/1/2006"}, Decimals: []string{imports.DecimalPoint, imports.DecimalComma}}
	lines := []imports.Line{
		{Imported: storage.Imported{Transaction: xs2a.Transaction{BookingDate: "2020-04-03", ValueDate: "2020-04-04", Amount: xs2a.Amount{Number: "-1.5", Currency: "SEK"}, CreditorName: georgian, Remittance: hostile}}, New: true},
		{Imported: storage.Imported{Transaction: xs2a.Transaction{BookingDate: "2020-05-03", Amount: xs2a.Amount{Number: "100", Currency: "SEK"}, DebtorName: arabic}}},
	}
	preview := imports.Preview{ID: "F", FileName: hostile + ".csv", Format: "csv", Table: table, Total: 2, New: 1, From: "2020-04-03", To: "2020-05-03", First: lines,
		Unread: read.Unread, UnreadAll: 2, Skipped: 3, Named: hostile, Before: read}
	asked, own := preview, preview
	asked.Total, asked.First, asked.Before, asked.Unread = 0, nil, storage.Import{}, nil
	ownTable := *table
	ownTable.Own = true
	own.Table, own.Named, own.Covers, own.New = &ownTable, "", read.Covers, 0
	noted := own
	noted.Brings, noted.NotesStay = storage.Brought{Notes: 1, Tags: 1234}, 2
	return map[string]templ.Component{
		"files":       filesScreen(filesView{Account: account, Imports: []storage.Import{undone, broken, read}}),
		"files-empty": filesScreen(filesView{Account: account, Failure: failure.Field("file", failure.FileNoStatement)}),
		"file":        fileScreen(fileView{Account: account, Preview: preview}),
		"file-asked":  fileScreen(fileView{Account: account, Preview: asked, Failure: failure.Field("columns", failure.ColumnsNeeded)}),
		"file-own":    fileScreen(fileView{Account: account, Preview: own}),
		"files-undone": filesScreen(filesView{Account: account, Imports: []storage.Import{undone, read}, Undone: map[int64]imports.Undone{
			1: {FileName: "2019.csv", Removed: storage.Brought{Transactions: 926, Notes: 1, Tags: 3}, Ended: true},
			2: {FileName: hostile, Removed: storage.Brought{Transactions: 1}, Rest: true, Ended: true},
			3: {FileName: "same.csv", Removed: storage.Brought{Tags: 1}, Ended: true},
			9: {FileName: hostile, Removed: storage.Brought{Transactions: 600}},
		}}),
		"file-own-notes":  fileScreen(fileView{Account: account, Preview: noted}),
		"imported":        importedScreen(importedView{Account: account, Import: read}),
		"imported-broken": importedScreen(importedView{Account: account, Import: broken}),
		"imported-undone": importedScreen(importedView{Account: account, Import: undone}),
		"imported-same":   importedScreen(importedView{Account: account, Import: statement, Notes: storage.Brought{Notes: 1, Tags: 3}}),
		"imported-runs":   importedScreen(importedView{Account: account, Import: broken, Running: true}),
	}
}

// TestFileScreens shows what files hold, however hostile.
func TestFileScreens(t *testing.T) { golden(t, exampleFiles(exampleAccounts()[0])) }

// TestSentFile takes a file as a form sends it, and says at the field why there is none.
func TestSentFile(t *testing.T) {
	for name, test := range map[string]struct {
		field, name, content string
		times                int
		want                 string // code
	}{
		"a file":     {"file", "a.csv", "Date", 1, ""},
		"none":       {"file", "", "", 1, failure.ChooseFile},
		"another":    {"other", "a.csv", "Date", 1, failure.ChooseFile},
		"an empty":   {"file", "a.csv", "", 1, failure.FileEmpty},
		"the most":   {"file", "a.csv", "0123456789abcdef", imports.MaxFile / 16, ""},
		"one beyond": {"file", "a.csv", "0123456789abcdef", imports.MaxFile/16 + 1, failure.FileLarger},
	} {
		t.Run(name, func(t *testing.T) {
			body, in := io.Pipe()
			blocks := bufio.NewWriterSize(in, 64<<10) // a pipe hands over each write by itself
			form := multipart.NewWriter(blocks)
			go func() {
				part, err := form.CreateFormFile(test.field, test.name)
				for range test.times {
					if err == nil {
						_, err = io.WriteString(part, test.content)
					}
				}
				if err == nil {
					err = form.Close()
				}
				if err == nil {
					err = blocks.Flush()
				}
				in.CloseWithError(err)
			}()
			r := httptest.NewRequest(http.MethodPost, "/accounts/1/files", body)
			r.Header.Set("Content-Type", form.FormDataContentType())
			r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, mostOf(r))
			sent, content, err := sentFile(r)
			body.Close()
			if failed, known := asFailure(err); known && failed.Fields["file"].Code == test.want {
				return
			}
			if err != nil || test.want != "" || sent != test.name || len(content) != test.times*len(test.content) {
				t.Errorf("%q of %d bytes, %v", sent, len(content), err)
			}
		})
	}
	r := httptest.NewRequest(http.MethodPost, "/accounts/1/files", bytes.NewReader(nil))
	if _, _, err := sentFile(r); err == nil {
		t.Error("a form without a file is taken")
	}
	if most := mostOf(httptest.NewRequest(http.MethodPost, "/accounts/1/fetch", nil)); most != maxForm {
		t.Errorf("another form may send %d", most)
	}
}

// TestReadFromFiles names the days that the bank has not told and a file has all of.
func TestReadFromFiles(t *testing.T) {
	gaps := []storage.Gap{{Span: storage.Span{From: "2020-03-01", To: "2020-06-30"}}}
	read := storage.Import{EndedAt: now, Covers: []storage.Span{{From: "2020-01-01", To: "2020-03-31"}, {From: "2020-07-01", To: "2020-07-31"}}}
	broken, undone := read, read
	broken.EndedAt, undone.Undoing = time.Time{}, true
	if got := readFromFiles(gaps, []storage.Import{broken, undone, read}); len(got) != 1 || got[0] != (storage.Span{From: "2020-03-01", To: "2020-03-31"}) {
		t.Errorf("%v", got)
	}
}
