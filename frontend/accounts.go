package frontend

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

func (s *Server) accounts(w http.ResponseWriter, r *http.Request) error {
	view, err := s.accountsOf(r.Context())
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Accounts"), Section: SectionAccounts}, accountsScreen(view))
}

func (s *Server) accountsOf(ctx context.Context) (view accountsView, err error) {
	accounts, err := s.app.Holdings().Accounts(ctx)
	if err != nil {
		return view, err
	}
	updated, err := s.app.Updated(ctx)
	if err != nil {
		return view, err
	}
	if view.New, err = s.app.Own().Arrivals(ctx); err != nil {
		return view, err
	}
	if view.Ages, err = s.app.Holdings().EachAge(ctx, accounts); err != nil {
		return view, err
	}
	all, of, err := s.app.Holdings().TotalsByBank(ctx)
	if err != nil {
		return view, err
	}
	view.Banks, view.Totals = byBank(accounts, updated), all
	for i := range view.Banks {
		bank := &view.Banks[i]
		bank.Now, bank.Totals = s.app.Clock().NowAt(bank.EnvironmentID), of[bank.BankID]
	}
	return view, nil
}

// byBank groups accounts, which come sorted by bank. Those that are not updated any more
// make no bank's other accounts look old.
func byBank(accounts []storage.Account, updated map[int64]bool) []accountBank {
	var banks []accountBank
	for _, account := range accounts {
		last := len(banks) - 1
		if last < 0 || banks[last].BankID != account.Bank() {
			banks = append(banks, accountBank{BankID: account.Bank(), Name: account.BankName})
			last++
		}
		bank := &banks[last]
		bank.Accounts = append(bank.Accounts, account)
		switch {
		case !updated[account.ID]:
			if account.FetchedAt.After(bank.Last) {
				bank.Last = account.FetchedAt
			}
		case !bank.Updated || account.FetchedAt.Before(bank.Fetched):
			bank.Updated, bank.Fetched = true, account.FetchedAt
		}
	}
	for i := range banks {
		hidden := slices.DeleteFunc(slices.Clone(banks[i].Accounts), func(a storage.Account) bool { return !a.Hidden })
		banks[i].Shown, banks[i].Hidden = holding.Together(holding.Shown(banks[i].Accounts)), holding.Together(hidden)
	}
	return banks
}

// severals are the sums of more than one account: one alone is its own.
func (bank accountBank) severals() (all []holding.Total) {
	for _, total := range bank.Totals {
		if total.Accounts+total.Hidden+len(total.Without) > 1 {
			all = append(all, total)
		}
	}
	return all
}

// line is the second line of an account among the others at the bank: whose it is, where they are of several.
func (bank accountBank) line(ctx context.Context, a storage.Account) string {
	if !slices.ContainsFunc(bank.Accounts, func(other storage.Account) bool { return other.OwnerName != a.OwnerName }) {
		a.OwnerName = ""
	}
	return accountLine(ctx, a)
}

func (view accountsView) size(ctx context.Context) string {
	n, hidden := 0, 0
	for _, bank := range view.Banks {
		n, hidden = n+len(bank.Shown)+len(bank.Hidden), hidden+len(bank.Hidden)
	}
	if n == 0 {
		return ""
	}
	size := []string{accountsAtBanks(ctx, n, len(view.Banks))}
	if hidden > 0 {
		size = append(size, words.N(ctx, hidden, "%d hidden account", "%d hidden accounts"))
	}
	return words.Row(ctx, size)
}

// accountsAtBanks counts accounts and the banks they are at.
func accountsAtBanks(ctx context.Context, accounts, banks int) string {
	return words.T(ctx, "%s at %s", words.N(ctx, accounts, "%d account", "%d accounts"), words.N(ctx, banks, "%d bank", "%d banks"))
}

// accountLine is the second line of an account: number, kind, state.
func accountLine(ctx context.Context, a storage.Account) string {
	parts := []string{ui.MaskIBAN(ctx, accountNumber(a))}
	if named := bankAccountName(a); a.Nickname != "" && named != "" {
		parts = append(parts, named)
	}
	if a.Product != "" && a.Product != bankAccountName(a) {
		parts = append(parts, a.Product)
	}
	if a.OwnerName != "" {
		parts = append(parts, a.OwnerName)
	}
	if status, known := accountStatuses[a.Status]; known {
		parts = append(parts, words.T(ctx, status.inLine))
	} else if a.Status != "" && a.Status != "enabled" {
		parts = append(parts, a.Status)
	}
	return strings.Join(parts, " · ")
}

// currencyCount says of how many currencies an account is; a part more that the bank keeps for all of them is none.
func currencyCount(ctx context.Context, held holding.Held) string {
	return words.N(ctx, len(holding.Currencies(held.Parts)), "%d currency", "%d currencies")
}

// partName is what a part of an account is called: its currency.
func partName(ctx context.Context, part storage.Account) string {
	if part.Currency == "XXX" {
		return words.T(ctx, "All its currencies")
	}
	return currencyName(ctx, part.Currency)
}

// partSub is what a part is called beside that, where it is another name than that of the first.
func partSub(ctx context.Context, part, first storage.Account) string {
	if name := accountName(ctx, part); name != accountName(ctx, first) {
		return words.Row(ctx, []string{part.Currency, name})
	}
	return part.Currency
}
