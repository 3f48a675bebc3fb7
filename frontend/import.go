package frontend

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/app/imports"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// filesSuffix ends the address to which a file of transactions is sent.
const filesSuffix = "/files"

func filesPath(account int64) string { return accountPath(account) + filesSuffix }

func filePath(account int64, file string) string { return filesPath(account) + "/" + file }

func importedPath(id int64) string { return "/imports/" + strconv.FormatInt(id, 10) }

// filesView is the files that transactions of an account were read from, and asks for one more.
type filesView struct {
	storage.Account
	Imports []storage.Import
	Running map[int64]bool
	Undone  map[int64]imports.Undone // being undone, or undone a while ago
	Failure *failure.Error
}

// fileView is a file before anything of it is stored.
type fileView struct {
	storage.Account
	imports.Preview
	Sure    bool // a person says that it is about this account
	Failure *failure.Error
}

// importedView is a file that was read.
type importedView struct {
	storage.Account
	storage.Import
	Running bool
	Notes   storage.Brought // that came with it, and stand as they came
}

// files lists what was read from files, and asks for one more.
func (s *Server) files(w http.ResponseWriter, r *http.Request) error {
	return s.showFiles(w, r, http.StatusOK, nil)
}

func (s *Server) showFiles(w http.ResponseWriter, r *http.Request, status int, failed *failure.Error) error {
	account, err := s.accountIn(r)
	if err != nil {
		return err
	}
	view := filesView{Account: account, Failure: failed, Running: map[int64]bool{}, Undone: s.app.Imports().UndoneOf(account.ID)}
	if view.Imports, err = s.app.Imports().All(r.Context(), account.ID); err != nil {
		return err
	}
	for _, one := range view.Imports {
		view.Running[one.ID] = s.app.Imports().Running(one.ID)
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Transactions from files"), Section: SectionAccounts},
		ui.At(s.app.Clock().NowAt(account.EnvironmentID), filesScreen(view)))
}

// accountIn is the account in the address.
func (s *Server) accountIn(r *http.Request) (storage.Account, error) {
	id, err := numberIn(r)
	if err != nil {
		return storage.Account{}, err
	}
	return s.app.Holdings().Account(r.Context(), id)
}

// takeFile takes a file that was chosen, and leads to what it would bring.
func (s *Server) takeFile(w http.ResponseWriter, r *http.Request) error {
	account, err := s.accountIn(r)
	if err != nil {
		return err
	}
	name, content, err := sentFile(r)
	if failed, known := asFailure(err); known {
		return s.showFiles(w, r, statusOfForm(failed), failed)
	}
	if err != nil {
		return err
	}
	redirect(w, r, filePath(account.ID, s.app.Imports().Take(account.ID, name, content)))
	return nil
}

// sentFile reads the file of a form into memory: nothing of it is put on disk.
func sentFile(r *http.Request) (name string, content []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, failure.Field("file", failure.ChooseFile)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, failure.Field("file", failure.ChooseFile)
		}
		if err != nil {
			return "", nil, notSent(err)
		}
		if part.FormName() != "file" {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(part, imports.MaxFile+1))
		switch {
		case err != nil:
			return "", nil, notSent(err)
		case len(content) > imports.MaxFile:
			return "", nil, tooLarge()
		case part.FileName() == "":
			return "", nil, failure.Field("file", failure.ChooseFile)
		case len(content) == 0:
			return "", nil, failure.Field("file", failure.FileEmpty)
		}
		return shortName(part.FileName()), content, nil
	}
}

func tooLarge() error {
	return failure.Invalid(map[string]storage.Reason{"file": {Code: failure.FileLarger, Of: imports.MaxFile >> 10}})
}

// notSent says why a file did not come.
func notSent(err error) error {
	if errors.As(err, new(*http.MaxBytesError)) {
		return tooLarge()
	}
	return failure.Field("file", failure.FileNotRead).By(err)
}

// shortName is a file's name as it is kept.
func shortName(name string) string {
	const most = 120
	if decoded, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
		name = decoded
	}
	name = strings.ToValidUTF8(name, "")
	if letters := []rune(name); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return name
}

// lookAtFile shows what a file would bring.
func (s *Server) lookAtFile(w http.ResponseWriter, r *http.Request) error {
	account, err := s.accountIn(r)
	if err != nil {
		return err
	}
	return s.showFile(w, r, fileView{Account: account}, nil, nil)
}

// storeFile shows what a file would bring by what a person says of its columns or, when that was
// looked at, stores it.
func (s *Server) storeFile(w http.ResponseWriter, r *http.Request) error {
	account, err := s.accountIn(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	view := fileView{Account: account, Sure: r.PostForm.Get("sure") == "yes"}
	columns := columnsIn(r)
	if r.PostForm.Get("take") == "" {
		return s.showFile(w, r, view, columns, nil)
	}
	noted, err := s.app.Imports().Begin(r.Context(), account, r.PathValue("file"), columns, view.Sure)
	if err != nil {
		return s.showFile(w, r, view, columns, err)
	}
	redirect(w, r, importedPath(noted.ID))
	return nil
}

// columnsIn are what a form says that columns mean; nil: it asks for none.
func columnsIn(r *http.Request) *imports.Columns {
	c := imports.Columns{Dates: r.PostForm.Get("dates"), Decimal: r.PostForm.Get("decimal")}
	for i := 0; r.PostForm.Has(columnField(i)); i++ {
		c.Means = append(c.Means, imports.Meaning(r.PostForm.Get(columnField(i))))
	}
	if c.Means == nil {
		return nil
	}
	return &c
}

func columnField(i int) string { return "column" + strconv.Itoa(i) }

// showFile shows a file, and why it was not stored. One of which nothing can be shown is asked for
// once more.
func (s *Server) showFile(w http.ResponseWriter, r *http.Request, view fileView, columns *imports.Columns, refused error) error {
	var err error
	view.Preview, err = s.app.Imports().Look(r.Context(), view.Account, r.PathValue("file"), columns)
	if refused == nil {
		refused = err
	}
	status := http.StatusOK
	if refused != nil {
		failed, known := asFailure(refused)
		if !known {
			return refused
		}
		if view.Failure, status = failed, statusOfForm(failed); failed.Fields["file"].Given() {
			return s.showFiles(w, r, status, failed)
		}
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Add from %s", view.FileName), Section: SectionAccounts},
		ui.At(s.app.Clock().NowAt(view.EnvironmentID), fileScreen(view)))
}

// discardFile forgets a file that was looked at.
func (s *Server) discardFile(w http.ResponseWriter, r *http.Request) error {
	account, err := s.accountIn(r)
	if err != nil {
		return err
	}
	s.app.Imports().Discard(r.PathValue("file"))
	redirect(w, r, accountPath(account.ID))
	return nil
}

// imported shows a file that was read, or how far that is.
func (s *Server) imported(w http.ResponseWriter, r *http.Request) error {
	view, err := s.importedIn(r)
	if undone, known := s.app.Imports().Undone(view.Import.ID); known && errors.Is(err, storage.ErrNotFound) {
		redirect(w, r, filesPath(undone.AccountID)) // where it stands what was removed
		return nil
	}
	if err != nil {
		return err
	}
	if aimsAt(r, "reading") {
		if view.Running {
			return s.fragment(w, r, importedProgress(view))
		}
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.page(w, r, Page{Title: view.FileName, Section: SectionAccounts}, ui.At(s.app.Clock().NowAt(view.EnvironmentID), importedScreen(view)))
}

func (s *Server) importedIn(r *http.Request) (importedView, error) {
	id, err := numberIn(r)
	if err != nil {
		return importedView{}, err
	}
	view := importedView{Running: s.app.Imports().Running(id)} // before what it may have changed
	if view.Import, err = s.app.Imports().Import(r.Context(), id); err != nil {
		view.Import.ID = id
		return view, err
	}
	if view.Notes, err = s.app.Imports().NotesFrom(r.Context(), id); err != nil {
		return view, err
	}
	view.Account, err = s.app.Holdings().Account(r.Context(), view.Import.AccountID)
	return view, err
}

// undoImport removes what only a file brought.
func (s *Server) undoImport(w http.ResponseWriter, r *http.Request) error {
	view, err := s.importedIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Imports().Undo(r.Context(), view.Import.ID); err != nil {
		return err
	}
	redirect(w, r, filesPath(view.Account.ID))
	return nil
}

// formatWord names the form of a file.
func formatWord(ctx context.Context, format string) string {
	switch format {
	case "camt":
		return words.T(ctx, "Statement (camt, ISO 20022)")
	case "mt940":
		return words.T(ctx, "Statement (MT940)")
	case "ofx":
		return words.T(ctx, "Statement (OFX)")
	}
	return words.T(ctx, "Table (CSV)")
}

// meaningWords name what columns mean.
var meaningWords = map[imports.Meaning]words.Text{
	imports.Unread: "Not read", imports.BookingDate: "Day it was booked", imports.ValueDate: "Value date", imports.Amount: "Amount with a sign",
	imports.MoneyIn: "Money in", imports.MoneyOut: "Money out", imports.Direction: "In or out (credit, debit)", imports.Currency: "Currency",
	imports.Other: "Name of the other side", imports.OtherAccount: "Account of the other side", imports.Creditor: "Name of who was paid",
	imports.CreditorAccount: "Account of who was paid", imports.Debtor: "Name of who paid", imports.DebtorAccount: "Account of who paid",
	imports.Text: "Message", imports.Additional: "Additional information", imports.BankCode: "Bank’s transaction code", imports.TransactionID: "Bank’s id",
	imports.EntryReference: "Entry reference", imports.EndToEndID: "Reference end to end", imports.OwnAccount: "Your account", imports.Status: "Booked or pending",
	imports.Dropped: "No longer listed since",
}

func (view fileView) meanings(ctx context.Context, chosen imports.Meaning) []ui.Option {
	var all []ui.Option
	for _, m := range imports.Meanings() {
		all = append(all, ui.Option{Value: string(m), Label: words.T(ctx, meaningWords[m]), Chosen: m == chosen})
	}
	return all
}

// dateOptions are the ways in which the days can be read, each with a day as it would stand there.
func (view fileView) dateOptions() []ui.Option {
	var all []ui.Option
	for _, form := range view.Table.Dates {
		sample := time.Date(2026, time.March, 14, 0, 0, 0, 0, time.UTC).Format(form)
		all = append(all, ui.Option{Value: form, Label: sample, Chosen: form == view.Table.Columns.Dates})
	}
	return all
}

func (view fileView) decimalOptions() []ui.Option {
	samples := map[string]string{imports.DecimalPoint: "1,234.50", imports.DecimalComma: "1.234,50"}
	var all []ui.Option
	for _, decimal := range view.Table.Decimals {
		all = append(all, ui.Option{Value: decimal, Label: samples[decimal], Chosen: decimal == view.Table.Decimal})
	}
	return all
}

// sample is what the first lines have in a column.
func (view fileView) sample(column int) string {
	var cells []string
	for _, line := range view.Table.Sample {
		if column < len(line) && line[column] != "" && len(cells) < 3 {
			cells = append(cells, shortened(line[column]))
		}
	}
	return strings.Join(cells, " · ")
}

// shortened is a text that fits beside others.
func shortened(text string) string {
	const most = 40
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// mistake is what has to be corrected at a field.
func (view fileView) mistake(ctx context.Context, name string) string {
	return fieldWords(ctx, view.Failure, name)
}

// counts say what a file would bring, in a line.
func (view fileView) counts(ctx context.Context) string {
	parts := []string{words.N(ctx, view.New, "%d new", "%d new"), words.N(ctx, view.Known(), "%d already there", "%d already there")}
	return words.T(ctx, "%s: %s.", words.N(ctx, view.Total, "%d booked transaction", "%d booked transactions"), strings.Join(parts, ", "))
}

// spanWords name some days.
func spanWords(ctx context.Context, from, to string) string {
	switch {
	case from == "" || from == to:
		return dateWords(ctx, to)
	}
	return words.T(ctx, "%s to %s", dateWords(ctx, from), dateWords(ctx, to))
}

// spansWords name the days of which a file has all; the first of many.
func spansWords(ctx context.Context, spans []storage.Span) string {
	var all []string
	for i, span := range spans {
		if i == 3 {
			all = append(all, words.T(ctx, "and more"))
			break
		}
		all = append(all, spanWords(ctx, span.From, span.To))
	}
	return strings.Join(all, ", ")
}

// lineFacts are what else is understood of a transaction.
func lineFacts(ctx context.Context, one imports.Line) string {
	t := storage.Transaction{Transaction: one.Transaction}
	var facts []string
	if t.ValueDate != "" && t.ValueDate != t.BookingDate {
		facts = append(facts, words.T(ctx, "Value date %s", dateWords(ctx, t.ValueDate)))
	}
	for _, fact := range []string{transactionNote(t), t.CreditorAccount, t.DebtorAccount, t.BankCode, t.EndToEndID, t.EntryReference, t.Transaction.ID} {
		if fact != "" {
			facts = append(facts, shortened(fact))
		}
	}
	return strings.Join(facts, " · ")
}

// outcome says what became of a file that was read.
func outcome(ctx context.Context, i storage.Import, running bool) string {
	counts := words.T(ctx, "%s, %s", words.N(ctx, i.Added, "%d new", "%d new"), words.N(ctx, i.Known, "%d already there", "%d already there"))
	switch {
	case i.Undoing:
		return words.T(ctx, "Being undone")
	case i.EndedAt.IsZero() && running:
		return words.T(ctx, "Being read: %s", counts)
	case i.EndedAt.IsZero():
		return words.T(ctx, "Broken off: %s", counts)
	}
	return counts
}

// again says that this very file was read before.
func (view fileView) again(ctx context.Context) ui.Notice {
	n := ui.Notice{Tone: ui.Info, Title: words.T(ctx, "You read this file in on %s.", ui.DateWords(ctx, view.Before.BeganAt))}
	if view.New == 0 && view.Total > 0 {
		n.Next = words.T(ctx, "No transaction in it is new.")
	}
	return n
}

// filesWords name the files that transactions of a gap may be known from: days that the bank has
// not told, and of which a file says that it has all.
func readFromFiles(gaps []storage.Gap, all []storage.Import) (spans []storage.Span) {
	for _, gap := range gaps {
		for _, one := range all {
			if one.EndedAt.IsZero() || one.Undoing {
				continue
			}
			for _, span := range one.Covers {
				both := storage.Span{From: max(span.From, gap.From), To: min(span.To, gap.To)}
				if !both.Empty() {
					spans = append(spans, both)
				}
			}
		}
	}
	return spans
}

// importLine is the second line of a file in a list.
func importLine(ctx context.Context, i storage.Import, running bool) string {
	return words.T(ctx, "%s · %s", ui.DateWords(ctx, i.BeganAt), outcome(ctx, i, running))
}

// form names the form of a file, and whether it is Consentry's own.
func (view fileView) form(ctx context.Context) string {
	word := formatWord(ctx, view.Format)
	if view.Table != nil && view.Table.Own {
		return words.Row(ctx, []string{word, words.T(ctx, "as Consentry saves it")})
	}
	return word
}

// addLabel is the button that stores a file.
func (view fileView) addLabel(ctx context.Context) string {
	switch brings := notesWords(ctx, view.Brings); {
	case view.New > 0:
		return words.N(ctx, view.New, "Add %d transaction", "Add %d transactions")
	case brings != "":
		return words.T(ctx, "Add %s", brings)
	}
	return words.T(ctx, "List the file anyway")
}

// addHint says what the button does where it adds no transaction.
func (view fileView) addHint(ctx context.Context) string {
	switch {
	case view.Total == 0 || view.New > 0:
		return ""
	case view.Brings != storage.Brought{}:
		return words.T(ctx, "They are put on transactions that are there already; no transaction is added.")
	}
	return words.T(ctx, "It is listed among the files that were read; nothing is added.")
}

// notesWords count notes and tags; empty for none.
func notesWords(ctx context.Context, b storage.Brought) string {
	var said []string
	if b.Notes > 0 {
		said = append(said, words.N(ctx, b.Notes, "%d note", "%d notes"))
	}
	if b.Tags > 0 {
		said = append(said, words.N(ctx, b.Tags, "%d tag", "%d tags"))
	}
	return words.List(ctx, said)
}

// busy reports whether a file is being read or undone.
func (view filesView) busy() bool {
	return slices.ContainsFunc(view.Imports, func(i storage.Import) bool { return i.Undoing || view.Running[i.ID] })
}

// undoing is how far the undo of a file is. How much it is in all is not known of the rest of one.
func (view filesView) undoing(ctx context.Context, id int64) ui.Progress {
	one := view.Undone[id]
	p := ui.Progress{What: words.T(ctx, "Removing what %s brought", one.FileName), Done: one.Removed.Transactions, Unit: words.T(ctx, "transactions")}
	if at := slices.IndexFunc(view.Imports, func(i storage.Import) bool { return i.ID == id }); at >= 0 && !one.Rest {
		p.Total = view.Imports[at].Added
	}
	return p
}

// undoneNotice says what an undo removed.
func undoneNotice(ctx context.Context, u imports.Undone) ui.Notice {
	n := ui.Notice{Tone: ui.Good, Title: words.N(ctx, u.Removed.Transactions, "%d transaction was removed.", "%d transactions were removed."), Lost: words.T(ctx, "%s is undone.", u.FileName)}
	if u.Removed.Transactions == 0 {
		n.Title = words.T(ctx, "No transaction was removed.")
	}
	if notes := notesWords(ctx, u.Removed); notes != "" {
		n.Lost += " " + words.T(ctx, "Notes and tags that went with it: %s.", notes)
	}
	if u.Rest {
		n.Next = words.T(ctx, "The program was ended on the way: what was removed before is not counted.")
	}
	return n
}
