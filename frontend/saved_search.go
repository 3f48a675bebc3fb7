package frontend

import (
	"net/http"
	"slices"
	"strconv"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// savedPath is where the searches that are kept are renamed and removed.
const savedPath = "/searches"

// savedView are the searches that are kept.
type savedView struct {
	All     []storage.SavedSearch
	ID      int64 // of the one whose name cannot be taken
	Typed   string
	Failure *app.Error
}

// savedSearches lists the searches that are kept, to be renamed and removed.
func (s *Server) savedSearches(w http.ResponseWriter, r *http.Request) error {
	return s.showSaved(w, r, http.StatusOK, savedView{})
}

func (s *Server) showSaved(w http.ResponseWriter, r *http.Request, status int, view savedView) (err error) {
	if view.All, err = s.app.Own().SavedSearches(r.Context()); err != nil {
		return err
	}
	order := words.Order(r.Context())
	slices.SortStableFunc(view.All, func(a, b storage.SavedSearch) int { return order(a.Name, b.Name) })
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Kept searches"), Section: SectionAccounts}, savedScreen(view))
}

// saveSearch keeps a search under a name.
func (s *Server) saveSearch(w http.ResponseWriter, r *http.Request) error {
	name := r.PostFormValue("name")
	view, err := s.transactionsOf(r.Context(), r.PostForm)
	if err != nil {
		return err
	}
	if view.refused() {
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, Page{Title: view.title(r.Context()), Section: SectionAccounts}, transactionsScreen(view))
	}
	chosen := chosenBy(view.Search)
	delete(chosen, "account")
	err = s.app.Own().SaveSearch(r.Context(), storage.SavedSearch{Name: name, Chosen: chosen, AccountID: view.Search.AccountID})
	if failed, known := asFailure(err); known {
		view.SaveName, view.SaveFailure = name, failed
		return s.pageStatus(w, r, statusOfForm(failed), Page{Title: view.title(r.Context()), Section: SectionAccounts}, transactionsScreen(view))
	}
	if err != nil {
		return err
	}
	redirect(w, r, view.address())
	return nil
}

// renameSearch gives a search another name.
func (s *Server) renameSearch(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	name := r.PostFormValue("name")
	err = s.app.Own().RenameSearch(r.Context(), id, name)
	if failed, known := asFailure(err); known {
		return s.showSaved(w, r, statusOfForm(failed), savedView{ID: id, Typed: name, Failure: failed})
	}
	if err != nil {
		return err
	}
	redirect(w, r, savedPath)
	return nil
}

// removeSearch forgets a search.
func (s *Server) removeSearch(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Own().RemoveSearch(r.Context(), id); err != nil {
		return err
	}
	redirect(w, r, savedPath)
	return nil
}

// accountGone stands in the address of a search for an account that was erased: the page says so.
const accountGone = "erased"

// addressOfSaved is the list that a search which is kept leads to.
func addressOfSaved(one storage.SavedSearch) string {
	var changes []string
	if one.AccountID != 0 {
		changes = []string{"account", strconv.FormatInt(one.AccountID, 10)}
	}
	if one.AccountGone {
		changes = []string{"account", accountGone}
	}
	chosen := map[string]string{}
	for name, value := range one.Chosen {
		chosen[name] = value
	}
	return changedAddress("/transactions", chosen, changes)
}

// saved reports whether what is looked for is kept already.
func (view transactionsView) saved() bool {
	for _, one := range view.Saved {
		if addressOfSaved(one) == view.plainAddress() {
			return true
		}
	}
	return false
}

// plainAddress is the list by what is looked for alone.
func (view transactionsView) plainAddress() string { return view.address("filter", "") }

// savedChips lead to the searches that are kept.
func (view transactionsView) savedChips() (chips []ui.Chip) {
	for _, one := range view.Saved {
		address := addressOfSaved(one)
		chips = append(chips, ui.Chip{Label: one.Name, Href: address, Current: address == view.plainAddress()})
	}
	return chips
}
