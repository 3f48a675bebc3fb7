package frontend

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// receiptView is a receipt as a page that prints well.
type receiptView struct {
	app.Receipt
	State  consentState
	Record Record // the same in the form that is saved: its numbers stand on the page
}

func (s *Server) receipt(w http.ResponseWriter, r *http.Request) error {
	receipt, err := s.app.Receipt(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	view := receiptView{Receipt: receipt, State: stateAt(receipt.Consent, false, receipt.MadeAt), Record: RecordOf(r.Context(), receipt)}
	page := Page{Title: words.T(r.Context(), "Receipt, %s", receipt.Consent.BankName), Section: SectionConsents}
	return s.page(w, r, page, ui.At(receipt.MadeAt, receiptScreen(view)))
}

// receiptRecord saves the receipt as a consent record of ISO/IEC TS 27560.
func (s *Server) receiptRecord(w http.ResponseWriter, r *http.Request) error {
	receipt, err := s.app.Receipt(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // it is saved, not shown
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(RecordOf(r.Context(), receipt)); err != nil {
		return err
	}
	name := "consent-receipt-" + fileWord(receipt.Consent.BankName) + "-" + receipt.MadeAt.Format(time.DateOnly) + ".json"
	return save(w, "application/json", name, text.Bytes())
}

// calendar saves the day by which a consent has to be renewed.
func (s *Server) calendar(w http.ResponseWriter, r *http.Request) error {
	c, err := s.app.Consent(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	file, err := s.app.Reminders().Calendar(r.Context(), c.ID, calendarWords(r.Context()))
	if err != nil {
		return err
	}
	return save(w, calendarType, "renew-"+fileWord(c.BankName)+".ics", file)
}

// calendars saves those of all consents in use.
func (s *Server) calendars(w http.ResponseWriter, r *http.Request) error {
	file, err := s.app.Reminders().Calendars(r.Context(), calendarWords(r.Context()))
	if err != nil {
		return err
	}
	return save(w, calendarType, "consentry.ics", file)
}

const calendarType = "text/calendar; charset=utf-8" // RFC 5545 8.1

// save answers with a file for the person to keep.
func save(w http.ResponseWriter, mediaType, name string, file []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write(file)
	return err
}

// fileWord makes of a bank's name a part of a file's name that every system
// takes: letters without their accents, figures and hyphens.
func fileWord(name string) string {
	var word strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			word.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent
		case word.Len() > 0 && !strings.HasSuffix(word.String(), "-"):
			word.WriteByte('-')
		}
		if word.Len() >= 40 {
			break
		}
	}
	if clean := strings.Trim(word.String(), "-"); clean != "" {
		return clean
	}
	return "bank"
}

const (
	notCovered words.Text = "No"
	notSaid    words.Text = "The bank has not said"
)

// termCell is what stands in the table: a word, or else lines such as accounts.
type termCell struct {
	Word  words.Text
	Lines []string
}

// termRow is a line of what was asked for and granted.
type termRow struct {
	Name           words.Text
	Asked, Granted termCell
}

func (view receiptView) terms(ctx context.Context) []termRow {
	granted := app.Terms{}
	if view.Granted != nil {
		granted = *view.Granted
	}
	var rows []termRow
	for _, kind := range []struct {
		access string
		name   words.Text
	}{
		{"accounts", "Accounts"}, {"balances", "Balances"}, {"transactions", "Transactions"},
		{"availableAccounts", "List of accounts"}, {"allPsd2", "All payment accounts"},
	} {
		row := termRow{kind.name, covered(view.Asked, kind.access), view.said(covered(granted, kind.access))}
		if kind.access == "balances" || kind.access == "transactions" {
			row.Asked, row.Granted = sameAccounts(rows[0].Asked, row.Asked), sameAccounts(rows[0].Granted, row.Granted)
		}
		if kind.access == "availableAccounts" || kind.access == "allPsd2" {
			if view.Asked.Access[kind.access] == nil && granted.Access[kind.access] == nil {
				continue
			}
		}
		rows = append(rows, row)
	}
	line := func(said string) termCell { return termCell{Lines: []string{said}} }
	return append(rows,
		termRow{"Last day", line(dateWords(ctx, view.Asked.ValidUntil)), view.said(line(dateWords(ctx, granted.ValidUntil)))},
		termRow{"How often a day", line(readsWords(ctx, view.Asked.Recurring, view.Asked.FrequencyPerDay)), view.said(line(readsWords(ctx, granted.Recurring, granted.FrequencyPerDay)))},
	)
}

// said replaces what a bank granted where it never said.
func (view receiptView) said(cell termCell) termCell {
	if view.Granted == nil {
		return termCell{Word: notSaid}
	}
	return cell
}

// sameAccounts says in a word that something is covered of the accounts that
// stand above.
func sameAccounts(above, cell termCell) termCell {
	if above.Word == cell.Word && slices.Equal(above.Lines, cell.Lines) && cell.Word != notCovered && cell.Word != notSaid {
		return termCell{Word: "Of the same accounts"}
	}
	return cell
}

// covered lists the accounts of which something is covered.
func covered(terms app.Terms, kind string) termCell {
	accounts, ok := terms.Access[kind]
	switch {
	case !ok:
		return termCell{Word: notCovered}
	case len(accounts) == 0:
		return termCell{Word: "Those you choose at the bank"}
	case kind == "availableAccounts" || kind == "allPsd2":
		return termCell{Word: "Yes"}
	}
	return termCell{Lines: accounts}
}

// used says what was read.
func (view receiptView) used(ctx context.Context) string {
	if view.Consent.ReadAt.IsZero() {
		return words.T(ctx, "Nothing was read.")
	}
	var reads []string
	if n := view.Reads.Attended; n > 0 {
		reads = append(reads, words.N(ctx, n, "%d read you asked for", "%d reads you asked for"))
	}
	if n := view.Reads.Unattended; n > 0 {
		reads = append(reads, words.N(ctx, n, "%d automatic read", "%d automatic reads"))
	}
	var last words.Text = "you asked for that one"
	if !view.Consent.ReadAttended {
		last = "automatically"
	}
	return words.T(ctx, "%s. The last on %s, %s.", words.Row(ctx, reads), ui.ExactText(ctx, view.Consent.ReadAt), last)
}

// ended says when and how it ended, and whether the bank knows.
func (view receiptView) ended(ctx context.Context) string {
	return sentences(words.T(ctx, "%s, %s.", endExact(ctx, view.Consent), endByWords(view.Consent.End)), view.bankKnows(ctx))
}

// bankKnows says whether the bank knows of an end that was made here.
func (view receiptView) bankKnows(ctx context.Context) string {
	stopped := words.T(ctx, "Nothing is read any more all the same.")
	switch view.Consent.Acknowledgement {
	case storage.AckConfirmed:
		return words.T(ctx, "The bank confirmed it.")
	case storage.AckPending:
		return sentences(words.T(ctx, "The bank has not confirmed it yet."), stopped)
	case storage.AckUnconfirmed:
		return sentences(words.T(ctx, "The bank has not confirmed it: %s", deletionWords(ctx, view.Consent)), stopped)
	case storage.AckRefused:
		return sentences(words.T(ctx, "The bank did not take it: %s", reasonWords(ctx, view.Consent.AckError)), stopped)
	}
	return ""
}

// noAccounts says why there is none to list.
func (view receiptView) noAccounts() words.Text {
	if !view.Consent.ErasedAt.IsZero() {
		return "What was read under this consent has been erased."
	}
	return "No account has been read through this consent."
}

// endExact is when a consent ended: a day where its time was over, else the
// moment.
func endExact(ctx context.Context, c storage.Consent) string {
	if on := c.EndedOn(); !on.Equal(c.EndedAt) {
		return ui.DateWords(ctx, on)
	}
	return ui.ExactText(ctx, c.EndedAt)
}
