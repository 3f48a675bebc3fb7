package frontend

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/export"
	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// exportView is a page to choose the kind of file in.
type exportView struct {
	Search   holding.Search
	Accounts []storage.Account
	Contents export.Contents
	Ages     holding.Ages // of the accounts of which anything is taken out
	Comma    bool         // the person writes decimals after a comma

	Presenting app.Presenting
}

// export shows what can be taken out of what is looked for, and in which files.
func (s *Server) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	search, accounts, err := s.exported(r)
	if err != nil {
		return err
	}
	settings, err := s.app.Settings(ctx)
	if err != nil {
		return err
	}
	view := exportView{Search: search, Accounts: accounts, Presenting: settings.Presenting}
	if !turned(search.Days) {
		if view.Contents, err = s.app.Exports().Contents(ctx, search); err != nil {
			return err
		}
		if view.Ages, err = s.app.Holdings().AgesOf(ctx, view.Contents.Accounts...); err != nil {
			return err
		}
	}
	if view.Comma, err = s.decimalComma(r); err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(ctx, "Take out transactions"), Section: SectionAccounts}, exportScreen(view))
}

// exported is what an address looks for, and the accounts there are.
func (s *Server) exported(r *http.Request) (holding.Search, []storage.Account, error) {
	search := searchIn(r.URL.Query())
	accounts, err := s.app.Holdings().Accounts(r.Context())
	if err == nil && search.AccountID != 0 && !slices.ContainsFunc(accounts, func(a storage.Account) bool { return a.ID == search.AccountID }) {
		err = storage.ErrNotFound // and not all others
	}
	return search, accounts, err
}

func (s *Server) decimalComma(r *http.Request) (bool, error) {
	settings, err := s.app.Settings(r.Context())
	return ui.DecimalComma(locale(settings.Locale, r)), err
}

// exportFile hands out a file as it is written.
func (s *Server) exportFile(w http.ResponseWriter, r *http.Request) error {
	format, known := export.FormatNamed(r.PathValue("format"))
	if !known {
		return storage.ErrNotFound
	}
	search, accounts, err := s.exported(r)
	if err != nil {
		return err
	}
	if turned(search.Days) { // the page says why there is no file
		redirect(w, r, exportPath(search))
		return nil
	}
	comma, err := s.decimalComma(r)
	if err != nil {
		return err
	}
	settings, err := s.app.Settings(r.Context())
	if err != nil {
		return err
	}
	if settings.Presenting.HideAmounts { // the page says why there is no file
		redirect(w, r, exportPath(search))
		return nil
	}
	options, word, masked := export.Options{DecimalComma: comma}, exportWord(search, accounts), ""
	if settings.Presenting.On {
		m, err := s.app.Mask(r.Context())
		if err != nil {
			return err
		}
		options.Mask, word, masked = presentation{Mask: m}, fileWord(m.Text(word)), "masked-"
	}
	name := masked + export.FileName(format, word, search.Days, s.app.Clock().Now())
	err = s.stream(w, r, format.MediaType, name, func(to *download) error {
		letThrough(w)
		return s.app.Exports().Write(r.Context(), to, format, search, options)
	})
	if errors.Is(err, export.ErrNoPlace) { // as an address that was kept may ask for: the page says why
		redirect(w, r, exportPath(search))
		return nil
	}
	return err
}

// exportWord is what a file's name says of what it holds: the account, else what was typed.
func exportWord(search holding.Search, accounts []storage.Account) string {
	for _, account := range accounts {
		if account.ID == search.AccountID {
			return fileWord(strings.Join([]string{account.Name, account.Currency}, " "))
		}
	}
	if search.Typed == "" {
		return ""
	}
	return fileWord(search.Typed)
}

// address is the page with a change to what the person chose.
func (view exportView) address(format string) string {
	return changedAddress("/transactions/export/"+format, chosenBy(view.Search), nil)
}

func (view exportView) heading(ctx context.Context) ui.Heading {
	back := changedAddress("/transactions", chosenBy(view.Search), nil)
	h := ui.Heading{Title: words.T(ctx, "Take out transactions"), Sub: words.T(ctx, "As a file for a spreadsheet, another program or your records"), Back: ui.Link{Label: words.T(ctx, "Transactions"), Href: back}}
	if account, one := view.account(); one {
		h.Sub = words.T(ctx, "Of %s", accountChoice(ctx, account))
	}
	return h
}

// unnarrowed is what is looked for without words and kinds.
func (view exportView) unnarrowed() holding.Search {
	return holding.Search{AccountID: view.Search.AccountID, Days: view.Search.Days}
}

// account is the one that is taken out, if it is one.
func (view exportView) account() (storage.Account, bool) {
	at := slices.IndexFunc(view.Accounts, func(a storage.Account) bool { return a.ID == view.Search.AccountID })
	if at < 0 {
		return storage.Account{}, false
	}
	return view.Accounts[at], true
}

// count says how many there are.
func (view exportView) count(ctx context.Context) string {
	if view.Contents.More {
		return words.N(ctx, export.MostCounted, "More than %d transaction", "More than %d transactions")
	}
	return words.N(ctx, view.Contents.Count, "%d transaction", "%d transactions")
}

// narrowed says what the person looks for besides an account and days.
func (view exportView) narrowed(ctx context.Context) string {
	var said []string
	if view.Search.Typed != "" {
		said = append(said, words.T(ctx, "Only what was found by “%s”", view.Search.Typed))
	}
	switch view.Search.Way {
	case storage.MoneyIn:
		said = append(said, words.T(ctx, "Money in"))
	case storage.MoneyOut:
		said = append(said, words.T(ctx, "Money out"))
	}
	switch view.Search.State {
	case storage.StateBooked:
		said = append(said, words.T(ctx, "Booked"))
	case storage.StatePending:
		said = append(said, words.T(ctx, "Pending"))
	}
	return words.Row(ctx, said)
}

// accountsNotes say which of the accounts in the files are hidden, and which are not up to date.
func (view exportView) accountsNotes(ctx context.Context) (notes []string) {
	if hidden := len(view.Contents.Accounts) - len(holding.Shown(view.Contents.Accounts)); hidden > 0 {
		notes = append(notes, words.N(ctx, hidden, "The files have %d account that you have hidden, too.", "The files have %d accounts that you have hidden, too."))
	}
	return append(notes, agesWords(ctx, view.Ages)...)
}

// unread says which days of which accounts were not read, so that no file holds them.
func (view exportView) unread(ctx context.Context) (lines []string) {
	for _, account := range view.Contents.Accounts {
		spans := export.Unread(account, view.Search.Days)
		if len(spans) == 0 && account.LeftOut.Count == 0 {
			continue
		}
		var said []string
		for _, span := range spans {
			said = append(said, daysWords(ctx, span))
		}
		if n := account.LeftOut.Count; n > 0 {
			said = append(said, words.N(ctx, n, "%d that could not be read", "%d that could not be read"))
		}
		lines = append(lines, words.T(ctx, "%s: %s", accountChoice(ctx, account), strings.Join(said, ", ")))
	}
	return lines
}

// exportWords say what a kind of file is called and what it is for.
var exportWords = map[string]struct{ title, use words.Text }{
	"spreadsheet": {"CSV for a spreadsheet", "Opens in Excel, LibreOffice or Numbers by a double click."},
	"xlsx":        {"Excel workbook (XLSX)", "Days and amounts are numbers that Excel, LibreOffice or Numbers can calculate with."},
	"csv":         {"CSV for programs", "A plain table (RFC 4180): UTF-8, commas between cells, a point before decimals."},
	"jsonl":       {"JSON Lines", "Everything that is known of each transaction, with what the bank sent, as one object on each line. For programs and for keeping."},
	"ofx":         {"OFX 2.2", "For money programs such as GnuCash, Banktivity or Quicken. They know transactions again that they have read before."},
	"qif":         {"QIF", "For older money programs. Days stand as month/day/year, and the currency in the account’s name."},
	"camt053":     {"camt.053 statement", "ISO 20022, for bookkeeping: each account’s statement with its balances before and after."},
	"camt052":     {"camt.052 report", "ISO 20022, for bookkeeping: entries without balances, of any search."},
}

// details say what is particular about a kind of file, and what of what was found it holds.
func (view exportView) details(ctx context.Context, format export.Format) (lines []string) {
	switch {
	case format.Name == "spreadsheet" && view.Comma:
		lines = append(lines, words.T(ctx, "Semicolons between cells and a comma before decimals, as you write amounts."))
	case format.Name == "spreadsheet":
		lines = append(lines, words.T(ctx, "Commas between cells and a point before decimals, as you write amounts."))
	}
	if format.Extension == "csv" {
		lines = append(lines, words.T(ctx, "A text that a spreadsheet would carry out as a formula begins with an apostrophe."))
	}
	if !format.Statements {
		return append(lines, words.T(ctx, "Holds all of them: pending ones are marked, and so are those that the bank no longer lists."))
	}
	return append(lines, view.leftOut(ctx, format)...)
}

// leftOut says what a kind of file leaves out of what was found.
func (view exportView) leftOut(ctx context.Context, format export.Format) (lines []string) {
	c := view.Contents
	if c.More {
		lines = append(lines, words.T(ctx, "Leaves out what is pending, has no date or is no longer listed by the bank. Long texts are shortened."))
	} else {
		var kinds []string
		if c.Pending > 0 {
			kinds = append(kinds, words.N(ctx, c.Pending, "%d pending", "%d pending"))
		}
		if c.Undated > 0 {
			kinds = append(kinds, words.N(ctx, c.Undated, "%d without a date", "%d without a date"))
		}
		if c.Dropped > 0 {
			kinds = append(kinds, words.N(ctx, c.Dropped, "%d that the bank no longer lists", "%d that the bank no longer lists"))
		}
		if len(kinds) > 0 {
			lines = append(lines, words.T(ctx, "Leaves out %s. Long texts are shortened.", strings.Join(kinds, ", ")))
		} else {
			lines = append(lines, words.T(ctx, "Holds all of them. Long texts are shortened."))
		}
	}
	switch {
	case c.More:
		lines = append(lines, words.T(ctx, "Leaves out your notes and tags, too."))
	case c.Noted > 0:
		lines = append(lines, words.N(ctx, c.Noted, "Leaves out what you wrote on %d of them: its note and tags.", "Leaves out what you wrote on %d of them: notes and tags."))
	}
	var without []string
	for _, part := range c.Parts {
		if !format.Taken(part) {
			without = append(without, words.T(ctx, "%s in %s", accountName(ctx, part.Account), part.Currency))
		}
	}
	if len(without) > 0 && view.refused(ctx, format) == "" {
		lines = append(lines, words.T(ctx, "Leaves out accounts of which the bank told no booked balance, as the format needs one: %s.", strings.Join(without, ", ")))
	}
	return lines
}

// refused says why a kind of file cannot hold what was found; empty where it can.
func (view exportView) refused(ctx context.Context, format export.Format) string {
	if !format.Statements {
		return ""
	}
	iso := format.Name == "camt052" || format.Name == "camt053"
	taken := 0
	for _, part := range view.Contents.Parts {
		switch {
		case format.Taken(part):
			taken++
		case format.Balances == export.NeedsCourse && part.Unknown != "":
			return words.T(ctx, "Not for this choice. %s in %s: %s", accountName(ctx, part.Account), part.Currency, words.T(ctx, unknownWords[part.Unknown]))
		case format.Balances == export.NeedsCourse:
			return words.T(ctx, "Not for this choice. A statement holds all of its days: choose an account and days alone.")
		}
	}
	switch {
	case iso && view.Contents.Long > 0:
		return words.T(ctx, "Not for this choice. An amount has more digits than the format takes.")
	case taken == 0 && format.Balances == export.NeedsLatest && len(view.Contents.Parts) > 0:
		return words.T(ctx, "Not for this choice. The bank told no booked balance, and the format needs one.")
	case taken == 0:
		return words.T(ctx, "Not for this choice. Nothing in it is booked on a day.")
	}
	return ""
}

// unknownWords say why a balance cannot be shown right.
var unknownWords = map[holding.Unknown]words.Text{
	holding.NoBookedBalance: "The bank told no balance of what is booked.",
	holding.NotRead:         "Days that lie between were not read.",
	holding.BeforeFirst:     "The balance before the first day that was read is not known. Choose a later first day.",
	holding.NoDates:         "Some transactions were booked without a date.",
	holding.LeftOut:         "Some transactions could not be read.",
	holding.NeverRead:       "Its transactions were not read to their end yet.",
	holding.NoDays:          "No day of the period was read.",
}

// download is a file on its way to the person. Nothing is sent before the first part of it is made,
// so that what fails at once is shown as any failure.
type download struct {
	w               http.ResponseWriter
	mediaType, name string
	begun           bool
}

// patience is how long a part of a file may take to be taken.
const patience = time.Minute

func (d *download) Write(part []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", d.mediaType)
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	}
	// As long as the parts are taken, the whole may take what it takes.
	if err := http.NewResponseController(d.w).SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return d.w.Write(part)
}

// stream hands out a file while it is written. Where that fails on the way, the connection is cut, so
// that the browser tells of a failed download and keeps no part of it as the whole.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, mediaType, name string, write func(to *download) error) error {
	to := &download{w: w, mediaType: mediaType, name: name}
	err := write(to)
	switch {
	case errors.Is(err, export.ErrNothing):
		return storage.ErrNotFound
	case err == nil && !to.begun: // it is empty
		_, err = to.Write(nil)
		return err
	case err == nil || !to.begun:
		return err
	case r.Context().Err() == nil:
		s.log.Error("a file was not written to its end", "path", withoutPlace(r.URL.Path), "error", err)
	}
	panic(http.ErrAbortHandler) // as net/http has a handler say it
}
