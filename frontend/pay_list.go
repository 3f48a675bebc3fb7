package frontend

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/app/pay/check"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/xs2a"
)

// payListView is several payments at once: the file they stand in, and what is read of it.
type payListView struct {
	payView
	List    pay.List
	Content string // of the file; empty before there is one
	Single  bool   // each is to be approved by itself
	LeftOut bool   // the person leaves out what cannot be sent
}

// askPayList asks for a file, empty or with the payments of one that is repeated.
func (s *Server) askPayList(w http.ResponseWriter, r *http.Request) error {
	view, err := s.payListAt(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	switch {
	case query.Has("service"):
		view.read(query)
	case query.Has("repeat"):
		if err := s.repeatList(r, &view, query.Get("repeat")); err != nil {
			return err
		}
	default:
		view.start(query)
	}
	view.Form.ID = pay.NewFormID()
	if aimsAt(r, "pay-fields") {
		return s.fragment(w, r, payListFields(view))
	}
	return s.page(w, r, view.page(r.Context()), payListScreen(view))
}

// repeatList fills in the payments that were sent as one, to be looked at again.
func (s *Server) repeatList(r *http.Request, view *payListView, id string) error {
	one, err := s.app.Payments().Payment(r.Context(), id)
	if err != nil {
		return err
	}
	view.fill(pay.FormOf(one))
	file, err := pay.ListOf(one.Order)
	view.Content = string(file)
	return err
}

// composePayList shows what a file asks for or, when that was looked at, keeps it to be
// sent. The file travels with the form: nothing of it is kept before.
func (s *Server) composePayList(w http.ResponseWriter, r *http.Request) error {
	view, err := s.payListAt(r)
	if err != nil {
		return err
	}
	if err := view.take(r); err != nil {
		return s.showPayList(w, r, view, err)
	}
	if r.PostForm.Get("take") == "" {
		view.List, err = s.app.Payments().ReadList(r.Context(), view.Form.Form, []byte(view.Content))
		return s.showPayList(w, r, view, err)
	}
	made, err := s.app.Payments().ComposeList(r.Context(), view.Form.Form, []byte(view.Content), !view.Single, view.LeftOut)
	if err != nil {
		var read error
		if view.List, read = s.app.Payments().ReadList(r.Context(), view.Form.Form, []byte(view.Content)); read != nil {
			err = read
		}
		return s.showPayList(w, r, view, err)
	}
	if made.ListID != "" {
		redirect(w, r, paymentListPath(made.ListID))
	} else {
		redirect(w, r, paymentPath(made.PaymentID))
	}
	return nil
}

// showPayList shows what was read, or asks for a file once more where nothing was.
func (s *Server) showPayList(w http.ResponseWriter, r *http.Request, view payListView, err error) error {
	status := http.StatusOK
	if err != nil {
		if !errors.As(err, &view.Failure) {
			return err
		}
		status = statusOfForm(view.Failure)
	}
	if len(view.List.Rows) == 0 && view.mistake(r.Context(), "file") != "" {
		view.Content = ""
	}
	return s.pageStatus(w, r, status, view.page(r.Context()), payListScreen(view))
}

func (s *Server) payListAt(r *http.Request) (payListView, error) {
	view, err := s.payAt(r, r.PathValue("env"), r.PathValue("bic"))
	return payListView{payView: view}, err
}

// take takes over what stands in the form, and the file: as it was chosen or pasted, or as
// the page brings it back.
func (view *payListView) take(r *http.Request) error {
	file, err := readFile(r, "file", pay.MaxListFile)
	if failed, known := asFailure(err); known {
		return failure.Invalid(pay.Fields{"file": failed.Reason})
	}
	if err != nil {
		return err
	}
	view.read(r.PostForm)
	if view.Content = string(file); view.Content == "" {
		view.Content = r.PostForm.Get("content")
	}
	view.Form.Batch = r.PostForm.Get("batch")
	view.Single, view.LeftOut = r.PostForm.Get("together") == "single", r.PostForm.Get("leave_out") == "yes"
	if strings.TrimSpace(view.Content) == "" {
		return failure.Invalid(pay.Fields{"file": {Code: failure.ChooseFile}})
	}
	return nil
}

func (view payListView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Pay several at once from %s", view.Offer.Bank.Name), Section: SectionPayments}
}

func (view payListView) path() string {
	return payListPath(view.Form.EnvironmentID, view.Form.BIC)
}

// readable reports whether a file was read, so that it is looked at next.
func (view payListView) readable() bool { return len(view.List.Rows) > 0 }

func (view payListView) fileField(ctx context.Context) ui.Field {
	return ui.Field{
		Name: "file", Type: "file", Label: words.T(ctx, "File"), Hint: words.T(ctx, "A table (CSV) or a pain.001, of 512 KB and 500 payments at most"),
		Error: view.mistake(ctx, "file"), Attrs: map[string]any{"accept": ".csv,.xml,text/csv,text/xml,application/xml"},
	}
}

// togetherOptions are the ways in which they can be sent.
func (view payListView) togetherOptions(ctx context.Context) []ui.Option {
	single := ui.Option{Value: "single", Label: words.T(ctx, "One by one"), Hint: words.T(ctx, "You approve each at the bank."), Chosen: view.Single}
	if !view.List.Bulk() {
		single.Chosen = true
		return []ui.Option{single}
	}
	return []ui.Option{{Value: "bulk", Label: words.T(ctx, "All as one"), Hint: words.T(ctx, "You approve once (bulk payment)."), Chosen: !view.Single}, single}
}

func (view payListView) batchOptions(ctx context.Context) []ui.Option {
	return said(ctx, chosenOf([]wordedOption{{Value: "", Label: "As the bank does"}, {Value: "one", Label: batchWords[true]}, {Value: "each", Label: batchWords[false]}}, view.Form.Batch))
}

// notTogether says why they cannot be sent as one; empty where they can.
func (view payListView) notTogether(ctx context.Context) string {
	switch {
	case view.List.Bulk():
		return ""
	case !view.List.OneDay():
		return words.T(ctx, "They are for different days, so they are sent one by one.")
	}
	return words.T(ctx, "This kind of payment is sent one by one.")
}

// rowState says in a word what becomes of a row.
func rowState(row pay.Row) (ui.Tone, words.Text) {
	switch {
	case len(row.Wrong) > 0:
		return ui.Bad, "Cannot be sent"
	case row.Twice > 0:
		return ui.Warn, "Twice?"
	}
	return ui.Good, "Can be sent"
}

// rowFields name the fields of a row.
var rowFields = map[string]words.Text{
	"creditor": "Name", "to": "Account", "clearing": "Clearing number", "agent": "BIC", "amount": "Amount", "currency": "Currency", "text": "Text",
	"reference": "Reference (OCR)", "invoice": "Invoice", "end_to_end": "Your own reference", "on": "Day", "from": "From",
	"agent_name": "Payee’s bank (name)", "street": "Payee’s street", "number": "House number", "post_code": "Post code", "town": "Town", "country": "Country (two letters)",
	"charges": "Who pays the costs", "purpose": "Purpose (code)", "to_self": "Text on your own statement", "to_creditor": "Text on the payee’s statement",
}

// rowNotes say what is wrong with a row, or odd.
func rowNotes(ctx context.Context, row pay.Row) (notes []string) {
	for _, field := range slices.Sorted(maps.Keys(row.Wrong)) {
		note := reasonWords(ctx, row.Wrong[field])
		if why := row.Wrong[field]; why.Code == string(check.TextCharacters) && why.Text != "" {
			note += " " + offerWords(ctx, why) + " " + why.Text
		}
		if label, named := rowFields[field]; named {
			note = words.T(ctx, "%s: %s", words.T(ctx, label), note)
		}
		notes = append(notes, note)
	}
	if row.Twice > 0 && len(row.Wrong) == 0 {
		notes = append(notes, words.T(ctx, "The same stands in line %d.", row.Twice))
	}
	return notes
}

// rowPayee and rowAmount are as they were read or, where that is not possible, as they stand
// there.
func rowPayee(row pay.Row) string { return cmp.Or(row.Transfer.Creditor, row.Form.Creditor) }

func rowAccount(row pay.Row) string {
	return ui.GroupIBAN(cmp.Or(accountText(row.Transfer.To), row.Form.To))
}

// sumsText is what several amounts come to, in each currency.
func sumsText(ctx context.Context, sums []xs2a.Amount) string {
	var parts []string
	for _, sum := range sums {
		parts = append(parts, amountText(ctx, sum))
	}
	return strings.Join(parts, " + ")
}

// counts say how many can be sent and what they come to, in a line.
func (view payListView) counts(ctx context.Context) string {
	text := words.N(ctx, len(view.List.Fit()), "%d payment can be sent", "%d payments can be sent")
	if sums := view.List.Sums(); len(sums) > 0 {
		text += " · " + sumsText(ctx, sums)
	}
	if left := view.List.Left(); left > 0 {
		text += " · " + words.N(ctx, left, "%d cannot", "%d cannot")
	}
	return text
}

type carriedField struct{ name, value string }

// carried is what the check list brings back of the form before it.
func (view payListView) carried() []carriedField {
	f := view.Form
	return []carriedField{
		{"form", f.ID}, {"content", view.Content}, {"service", "payments"}, {"product", f.Product}, {"from", cmp.Or(view.From, "other")}, {"from_number", f.From},
		{"currency", f.Currency}, {"psu_id", f.PSUID}, {"affiliated", f.AffiliatedASPSPID},
	}
}
