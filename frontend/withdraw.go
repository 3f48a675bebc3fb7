package frontend

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// askWithdraw asks before a consent is withdrawn: in a dialog over the present
// page, or as a page of its own.
func (s *Server) askWithdraw(w http.ResponseWriter, r *http.Request) error {
	view, err := s.endingOf(r)
	if err != nil {
		return err
	}
	if view.over() { // another window was quicker
		redirect(w, r, consentPath(view.ID))
		return nil
	}
	return s.askFirst(w, r, view, "withdraw-dialog", withdrawQuestion(view))
}

// withdraw ends the consent; the button that was pressed says what becomes of
// the data. The page that follows tells whether the bank took it.
func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) error {
	erase := r.PostFormValue("data") == "erase"
	return s.consentAfter(w, r, s.app.Withdraw(r.Context(), r.PathValue("id"), erase, s.person(r)))
}

// tell sends the bank once more the word of an end that it has not confirmed.
func (s *Server) tell(w http.ResponseWriter, r *http.Request) error {
	return s.consentAfter(w, r, s.app.TellBank(r.Context(), r.PathValue("id"), s.person(r)))
}

// askEnded asks the bank whether it has ended a consent by now that it was told
// to have ended.
func (s *Server) askEnded(w http.ResponseWriter, r *http.Request) error {
	return s.consentAfter(w, r, s.app.AskEnded(r.Context(), r.PathValue("id"), s.person(r)))
}

// askErase asks before what was read under an ended consent is erased.
func (s *Server) askErase(w http.ResponseWriter, r *http.Request) error {
	view, err := s.endingOf(r)
	if err != nil {
		return err
	}
	if !view.erasable() {
		redirect(w, r, consentPath(view.ID))
		return nil
	}
	return s.askFirst(w, r, view, "erase-dialog", eraseQuestion(view))
}

func (s *Server) erase(w http.ResponseWriter, r *http.Request) error {
	return s.consentAfter(w, r, s.app.EraseData(r.Context(), r.PathValue("id")))
}

// endingOf is the consent with what erasing its data would take.
func (s *Server) endingOf(r *http.Request) (consentView, error) {
	view, err := s.consentOf(r)
	if err != nil {
		return view, err
	}
	if !view.Ended() {
		view.Erasure, err = s.app.Erasure(r.Context(), view.ID)
	}
	return view, err
}

// askFirst shows a question over the present page, or as one of its own.
func (s *Server) askFirst(w http.ResponseWriter, r *http.Request, view consentView, id string, question templ.Component) error {
	if aimsAt(r, "dialogs") {
		return s.fragment(w, r, ui.At(view.Now, endingDialog(id, view.question(id), question)))
	}
	page := view.page(r.Context())
	page.Title = words.T(r.Context(), "%s %s", view.question(id), view.BankName)
	return s.page(w, r, page, ui.At(view.Now, endingScreen(view, view.question(id), question)))
}

// question is the title of a dialog.
func (view consentView) question(id string) words.Text {
	switch {
	case id == "erase-dialog":
		return "Erase what was read?"
	case view.State.Live:
		return "Withdraw the consent?"
	}
	return "Give this consent up?"
}

// toErase says what erasing takes, with the names of the accounts.
func (view consentView) toErase(ctx context.Context) string {
	gone := slices.DeleteFunc(slices.Clone(view.Accounts), func(account storage.Account) bool {
		return slices.ContainsFunc(view.Erasure.Kept, func(kept storage.Account) bool { return kept.ID == account.ID })
	})
	return words.T(ctx, "%s with %s (%s)", words.N(ctx, view.Erasure.Accounts, "%d account", "%d accounts"),
		words.N(ctx, view.Erasure.Transactions, "%d transaction", "%d transactions"), accountNames(ctx, gone))
}

// holdsData reports whether there is anything to erase.
func (view consentView) holdsData() bool { return view.Erasure.Accounts > 0 }

// keptWords names the accounts that stay whatever is chosen.
func (view consentView) keptWords(ctx context.Context) string {
	return words.N(ctx, len(view.Erasure.Kept), "%[2]s stays in any case: another consent reaches it.",
		"%[2]s stay in any case: another consent reaches them.", accountNames(ctx, view.Erasure.Kept))
}
