package frontend

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"consentry/app"
	"consentry/app/holding"
	"consentry/app/own"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// arrangePath is where accounts and banks are put into an order, and hidden.
const arrangePath = "/accounts/arrange"

// shownPath leads to how an account is shown.
func shownPath(id int64) string { return accountPath(id) + "/shown" }

// arrange shows all accounts with what moves and hides them.
func (s *Server) arrange(w http.ResponseWriter, r *http.Request) error {
	accounts, err := s.app.Holdings().PlainAccounts(r.Context())
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Arrange accounts"), Section: SectionAccounts}, arrangeScreen(byBank(accounts, nil)))
}

// moveBank moves a bank with its accounts.
func (s *Server) moveBank(w http.ResponseWriter, r *http.Request) error {
	bank := storage.BankID{EnvironmentID: r.PostFormValue("env"), BIC: r.PostFormValue("bic")}
	if err := s.app.Own().MoveBank(r.Context(), bank, own.Move(r.PostFormValue("move"))); err != nil {
		return err
	}
	return arranged(w, r, bankPlace(bank))
}

// moveAccount moves an account among those of its bank.
func (s *Server) moveAccount(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Own().MoveAccount(r.Context(), id, own.Move(r.PostFormValue("move"))); err != nil {
		return err
	}
	return arranged(w, r, accountPlace(id))
}

// arranged goes back to the list, to what was moved. With script only its content is replaced, and the focus stays on
// the button: the browser follows there by itself.
func arranged(w http.ResponseWriter, r *http.Request, place string) error {
	http.Redirect(w, r, ui.To(r.Context(), arrangePath)+"#"+place, http.StatusSeeOther)
	return nil
}

// hideAccount hides an account, or shows it again.
func (s *Server) hideAccount(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Own().Hide(r.Context(), id, r.PostFormValue("hidden") == "yes"); err != nil {
		return err
	}
	if r.PostFormValue("at") == "list" {
		return arranged(w, r, accountPlace(id))
	}
	redirect(w, r, accountPath(id))
	return nil
}

// shownView is how an account is shown, to be changed.
type shownView struct {
	storage.Account
	Chosen  storage.Arrangement
	Failure *app.Error
}

// askShown asks how an account is to be shown.
func (s *Server) askShown(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	account, err := s.app.Holdings().Account(r.Context(), id)
	if err != nil {
		return err
	}
	return s.showShown(w, r, http.StatusOK, shownView{Account: account, Chosen: account.Arrangement})
}

// setShown has an account shown as the person wishes.
func (s *Server) setShown(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	account, err := s.app.Holdings().Account(r.Context(), id)
	if err != nil {
		return err
	}
	chosen := storage.Arrangement{Nickname: r.PostFormValue("name"), MainType: r.PostFormValue("balance"), Hidden: r.PostFormValue("hidden") == "yes"}
	err = s.app.Own().Arrange(r.Context(), id, chosen)
	if failed, known := asFailure(err); known {
		return s.showShown(w, r, statusOfForm(failed), shownView{Account: account, Chosen: chosen, Failure: failed})
	}
	if err != nil {
		return err
	}
	redirect(w, r, accountPath(id))
	return nil
}

func (s *Server) showShown(w http.ResponseWriter, r *http.Request, status int, view shownView) error {
	page := Page{Title: words.T(r.Context(), "How it is shown"), Section: SectionAccounts}
	return s.pageStatus(w, r, status, page, ui.At(s.app.Clock().NowAt(view.EnvironmentID), shownScreen(view)))
}

// balanceOptions are the balances of which one may stand for the account.
func (view shownView) balanceOptions(ctx context.Context) []ui.Option {
	rule := view.Account
	rule.MainType = ""
	label := words.T(ctx, "By the rule")
	if standing, has := holding.StandingOf(rule); has {
		label = words.T(ctx, "By the rule, now: %s", balanceWord(ctx, standing.Type))
	}
	options := []ui.Option{{Label: label, Chosen: view.Chosen.MainType == ""}}
	for _, kind := range holding.BalanceTypes(view.Account) {
		option := ui.Option{Value: kind, Label: balanceWord(ctx, kind), Chosen: kind == view.Chosen.MainType}
		if !sends(view.Account, kind) {
			option.Label = words.T(ctx, "%s (not sent at present)", option.Label)
		}
		options = append(options, option)
	}
	return options
}

// sends reports whether the bank sends a balance of a type.
func sends(account storage.Account, kind string) bool {
	for _, b := range account.Balances {
		if b.Type == kind {
			return true
		}
	}
	return false
}

// called is what the account is called where the person gives it no name.
func (view shownView) called(ctx context.Context) string {
	plain := view.Account
	plain.Nickname = ""
	return accountName(ctx, plain)
}

// heldName is what an account with all of its parts is called.
func heldName(ctx context.Context, held holding.Held) string { return accountName(ctx, held.Parts[0]) }

// heldLine is the second line of it.
func heldLine(ctx context.Context, held holding.Held) string {
	if len(held.Parts) == 1 {
		return words.Row(ctx, []string{ui.MaskIBAN(ctx, accountNumber(held.Parts[0])), held.Parts[0].Currency})
	}
	return words.Row(ctx, []string{ui.MaskIBAN(ctx, accountNumber(held.Parts[0])), currencyCount(ctx, held)})
}

// accountPlace and bankPlace name where something stands on the page.
func accountPlace(id int64) string { return fmt.Sprintf("account-%d", id) }

func bankPlace(bank storage.BankID) string { return "bank-" + bank.EnvironmentID + "-" + bank.BIC }

// moves are the ways in which something is moved, each as a button says it and in whole.
var moves = []struct {
	own.Move
	icon         ui.Icon
	short, whole words.Text
}{
	{own.MoveFirst, "", "First place", "Move %s to the first place"},
	{own.MoveUp, ui.IconUp, "Up", "Move %s up"},
	{own.MoveDown, ui.IconDown, "Down", "Move %s down"},
}

// bankTitle is what a bank is called in the list; its code where it has no name.
func bankTitle(bank accountBank) string { return cmp.Or(bank.Name, bank.BIC) }
