package frontend

import (
	"net/http"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/storage"
)

func (s *Server) transaction(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	entry, err := s.app.Entry(r.Context(), id)
	if err != nil {
		return err
	}
	view := transactionView{Entry: entry}
	return s.page(w, r, view.page(), ui.At(s.app.NowAt(entry.EnvironmentID), transactionScreen(view)))
}

func (view transactionView) page() Page {
	return Page{Title: counterparty(view.Entry), Section: SectionAccounts}
}

// transactionDetails asks the bank what it says of the transaction now.
func (s *Server) transactionDetails(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	entry, err := s.app.Entry(r.Context(), id)
	if err != nil {
		return err
	}
	details, err := s.app.EntryDetails(r.Context(), id, s.person(r))
	view := transactionView{Entry: entry}
	if view.Said, err = answered("The bank’s details of the transaction", details.Raw, err); err != nil {
		return err
	}
	return s.showAnswer(w, r, view.page(), transactionTesters(view), ui.At(s.app.NowAt(entry.EnvironmentID), transactionScreen(view)))
}

func entryBadge(entry storage.Entry) templ.Component {
	if !entry.Pending {
		return nil
	}
	return ui.Badge(ui.Info, "Pending")
}

func entryDirection(entry storage.Entry) string {
	if money(entry.Amount).In() {
		return "Came in"
	}
	return "Went out"
}

// entryFacts are all fields the bank filled.
func entryFacts(e storage.Entry) [][2]string {
	var facts [][2]string
	for _, fact := range [][2]string{
		{"Booked on", dateWords(e.BookingDate)}, {"Value date", dateWords(e.ValueDate)},
		{"From", e.DebtorName}, {"From account", ui.GroupIBAN(e.DebtorAccount)},
		{"To", e.CreditorName}, {"To account", ui.GroupIBAN(e.CreditorAccount)},
		{"Message", e.Remittance}, {"More from the bank", e.Additional},
		{"Reference end to end", e.EndToEndID}, {"Bank’s transaction code", e.BankCode},
		{"Entry reference", e.EntryReference}, {"Bank’s id", e.Transaction.ID},
	} {
		if fact[1] != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}
