package frontend

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"consentry/app"
	"consentry/app/own"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// namesPath is where the names that were given are seen, changed and taken back.
const namesPath = "/names"

// namesView are the names that were given.
type namesView struct {
	All     []own.Named
	ID      int64 // of the one that cannot be taken
	Typed   string
	Failure *app.Error
}

// nameForm gives a name to the other end of a transaction.
type nameForm struct {
	storage.Transaction
	Name, Begins string
	By           own.NameBy
	Failure      *app.Error
}

func (s *Server) names(w http.ResponseWriter, r *http.Request) error {
	return s.showNames(w, r, http.StatusOK, namesView{})
}

func (s *Server) showNames(w http.ResponseWriter, r *http.Request, status int, view namesView) (err error) {
	if view.All, err = s.app.Own().Names(r.Context()); err != nil {
		return err
	}
	order := words.Order(r.Context())
	slices.SortStableFunc(view.All, func(a, b own.Named) int { return order(a.Name, b.Name) })
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Your own names"), Section: SectionAccounts}, namesScreen(view))
}

// askName asks how the person calls the other end of a transaction.
func (s *Server) askName(w http.ResponseWriter, r *http.Request) error {
	t, err := s.app.Holdings().Transaction(r.Context(), placeIn(r.URL.Query().Get("transaction")))
	if err != nil {
		return err
	}
	form := nameForm{Transaction: t, Name: t.OwnName, Begins: t.Named(), By: own.ByName}
	if form.number() != "" {
		form.By = own.ByNumber
	}
	return s.page(w, r, form.page(r.Context()), nameScreen(form))
}

// giveName gives a name.
func (s *Server) giveName(w http.ResponseWriter, r *http.Request) error {
	t, err := s.app.Holdings().Transaction(r.Context(), placeIn(r.PostFormValue("transaction")))
	if err != nil {
		return err
	}
	form := nameForm{Transaction: t, Name: r.PostFormValue("name"), Begins: r.PostFormValue("begins"), By: own.NameBy(r.PostFormValue("by"))}
	err = s.app.Own().GiveName(r.Context(), t.ID, form.Name, form.By, form.Begins)
	if failed, known := asFailure(err); known {
		form.Failure = failed
		return s.pageStatus(w, r, statusOfForm(failed), form.page(r.Context()), nameScreen(form))
	}
	if err != nil {
		return err
	}
	redirect(w, r, transactionPath(t.ID))
	return nil
}

// changeName changes a name.
func (s *Server) changeName(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	name := r.PostFormValue("name")
	err = s.app.Own().ChangeName(r.Context(), id, name)
	if failed, known := asFailure(err); known {
		return s.showNames(w, r, statusOfForm(failed), namesView{ID: id, Typed: name, Failure: failed})
	}
	if err != nil {
		return err
	}
	redirect(w, r, namesPath)
	return nil
}

// takeNameBack has the bank's name shown again.
func (s *Server) takeNameBack(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Own().TakeNameBack(r.Context(), id); err != nil {
		return err
	}
	redirect(w, r, namesPath)
	return nil
}

func (form nameForm) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Show as"), Section: SectionAccounts}
}

// number is the account at the other end, as the bank writes it.
func (form nameForm) number() string {
	_, number := form.OtherSide()
	return number
}

// byOptions are by what the name may be given: by the account, where the bank names it.
func (form nameForm) byOptions(ctx context.Context) (options []ui.Option) {
	if number := form.number(); number != "" {
		options = append(options, ui.Option{Value: string(own.ByNumber), Label: words.T(ctx, "With the account %s", ui.GroupIBAN(number)), Chosen: form.By == own.ByNumber})
	}
	return append(options, ui.Option{Value: string(own.ByName), Label: words.T(ctx, "Whose name at the bank begins with the words below"), Chosen: form.By == own.ByName})
}

// saysOf is by what a name was given, as a bank says it.
func saysOf(ctx context.Context, n own.Named) string {
	by := words.T(ctx, "Names that begin with “%s”", n.Begins)
	if n.Number != "" {
		by = words.T(ctx, "Account %s", ui.GroupIBAN(n.Number))
	}
	if n.More {
		return words.Row(ctx, []string{by, words.N(ctx, n.Count, "%d transaction or more", "%d transactions or more")})
	}
	return words.Row(ctx, []string{by, words.N(ctx, n.Count, "%d transaction", "%d transactions")})
}

// namePath leads to how the other end of a transaction is called.
func namePath(transaction int64) string {
	return fmt.Sprintf("%s/new?transaction=%d", namesPath, transaction)
}

// belowName is what a list says below a name: how the bank calls it where the person does otherwise,
// and what it is for.
func belowName(e storage.Transaction) (parts []string) {
	if e.OwnName != "" {
		parts = append(parts, cmp.Or(e.Named(), "–"))
	}
	if note := transactionNote(e); note != "" {
		parts = append(parts, note)
	}
	return parts
}
