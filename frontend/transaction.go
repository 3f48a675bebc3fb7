package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

func (s *Server) transaction(w http.ResponseWriter, r *http.Request) error {
	view, err := s.transactionOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), ui.At(s.app.Clock().NowAt(view.EnvironmentID), transactionScreen(view)))
}

// transactionOf is the transaction in the address.
func (s *Server) transactionOf(r *http.Request) (transactionView, error) {
	id, err := numberIn(r)
	if err != nil {
		return transactionView{}, err
	}
	view := transactionView{}
	if view.Transaction, err = s.app.Holdings().Transaction(r.Context(), id); err != nil {
		return view, err
	}
	if view.Pays, err = s.app.Payments().Pays(r.Context(), view.EnvironmentID, view.BIC); app.NotFound(err) {
		err = nil // its environment is gone, and nothing is paid from there
	}
	if err != nil {
		return view, err
	}
	if view.Payers, err = s.app.Payments().PayersOf(r.Context(), view.Transaction); err != nil {
		return view, err
	}
	with := storage.CounterpartyOf(view.Transaction.Transaction).Key
	if known, err := s.known(r.Context(), with); err != nil {
		return view, err
	} else if known {
		view.With = with
	}
	if view.Changes, err = s.app.Holdings().TransactionChanges(r.Context(), id); err != nil {
		return view, err
	}
	if view.Regular, err = s.app.Holdings().RegularWith(r.Context(), view.Transaction); err != nil {
		return view, err
	}
	view.Form, view.Back = noteForm{Text: view.Note.Text, Tags: view.Tags}, listBefore(r)
	if view.Imports, err = s.app.Imports().Of(r.Context(), id); err != nil {
		return view, err
	}
	if len(view.Imports) == 0 {
		if view.Delivery, err = s.app.Holdings().Delivery(r.Context(), view.Transaction); err != nil {
			return view, err
		}
	}
	view.Form.Offered, err = s.app.Own().OfferedTags(r.Context(), view.Tags)
	return view, err
}

// listBefore is the list from which a transaction was opened, with what was looked for: its form says it, else the
// browser. It is empty where that is no list of transactions.
func listBefore(r *http.Request) string {
	for _, address := range []string{r.FormValue("back"), r.Referer()} {
		u, err := url.Parse(address)
		if err != nil || u.Host != "" && u.Host != r.Host || withoutPlace(u.Path) != "/transactions" {
			continue
		}
		asked := u.Query()
		if _, err := placeOf(asked); err != nil {
			continue
		}
		list := transactionsView{Search: searchIn(asked)}
		return list.address("after", asked.Get("after"), "before", asked.Get("before"), "day", isoIn(asked.Get("day")))
	}
	return ""
}

// back leads to the list from which the transaction was opened, else to its account.
func (view transactionView) back(ctx context.Context) ui.Link {
	if view.Back == "" {
		return ui.Link{Label: words.T(ctx, "The account"), Href: accountPath(view.AccountID)}
	}
	return ui.Link{Label: words.T(ctx, "Transactions"), Href: view.Back}
}

func (view transactionView) page(ctx context.Context) Page {
	return Page{Title: counterparty(ctx, view.Transaction), Section: SectionAccounts}
}

// transactionDetails asks the bank what it says of the transaction now.
func (s *Server) transactionDetails(w http.ResponseWriter, r *http.Request) error {
	view, err := s.transactionOf(r)
	if err != nil {
		return err
	}
	details, err := s.app.Reader().TransactionDetails(r.Context(), view.ID, s.person(r))
	if view.Said, err = answered(words.T(r.Context(), "The bank’s details of the transaction"), details.Raw, err); err != nil {
		return err
	}
	return s.showAnswer(w, r, view.page(r.Context()), transactionTesters(view), ui.At(s.app.Clock().NowAt(view.EnvironmentID), transactionScreen(view)))
}

func transactionBadge(ctx context.Context, transaction storage.Transaction) templ.Component {
	switch {
	case transaction.Pending:
		return ui.Badge(ui.Info, words.T(ctx, "Pending"))
	case !transaction.DroppedAt.IsZero():
		return ui.Badge(ui.Warn, words.T(ctx, "No longer listed"))
	}
	return nil
}

func transactionDirection(transaction storage.Transaction) words.Text {
	if money(transaction.Amount).In() {
		return "Came in"
	}
	return "Paid"
}

// transactionFacts are all fields the bank filled.
func transactionFacts(ctx context.Context, e storage.Transaction) [][2]string {
	var facts [][2]string
	for _, fact := range [][2]string{
		{words.T(ctx, "Booked on"), dateWords(ctx, e.BookingDate)}, {words.T(ctx, "Value date"), dateWords(ctx, e.ValueDate)},
		{words.T(ctx, "From"), e.DebtorName}, {words.T(ctx, "From account"), ui.GroupIBAN(e.DebtorAccount)},
		{words.T(ctx, "To"), e.CreditorName}, {words.T(ctx, "To account"), ui.GroupIBAN(e.CreditorAccount)},
		{words.T(ctx, "Message"), e.Remittance}, {words.T(ctx, "Additional information"), e.Additional},
		{words.T(ctx, "Reference end to end"), e.EndToEndID}, {words.T(ctx, "Bank’s category"), codeWords(ctx, e.BankCode)},
		{words.T(ctx, "Bank’s transaction code"), e.BankCode},
		{words.T(ctx, "Entry reference"), e.EntryReference}, {words.T(ctx, "Bank’s id"), e.Transaction.ID},
	} {
		if fact[1] != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}

// saidBefore is what a bank said of a transaction before, as a person would read it.
func saidBefore(change storage.Change) string {
	return strings.Join(slices.DeleteFunc([]string{
		change.CreditorName, change.CreditorAccount, change.DebtorName, change.DebtorAccount, change.Remittance, change.Additional,
	}, func(text string) bool { return text == "" }), "\n")
}

// otherAccount is the account of the other side, where the bank names it.
func (view transactionView) otherAccount() string {
	if strings.HasPrefix(view.Amount.Number, "-") {
		return view.CreditorAccount
	}
	return view.DebtorAccount
}

// payLabel: what was paid is paid again, what came in is paid back.
func (view transactionView) payLabel() words.Text {
	if strings.HasPrefix(view.Amount.Number, "-") {
		return "Pay again"
	}
	return "Pay back"
}
