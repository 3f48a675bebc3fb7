package frontend

import (
	"context"
	"net/http"
	"strings"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

func (s *Server) accounts(w http.ResponseWriter, r *http.Request) error {
	accounts, err := s.app.Holdings().Accounts(r.Context())
	if err != nil {
		return err
	}
	updated, err := s.app.Updated(r.Context())
	if err != nil {
		return err
	}
	arrivals, err := s.app.Own().Arrivals(r.Context())
	if err != nil {
		return err
	}
	view := accountsView{Banks: byBank(accounts, updated), Updated: updated, New: arrivals}
	for i := range view.Banks {
		view.Banks[i].Now = s.app.Clock().NowAt(view.Banks[i].EnvironmentID)
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Accounts"), Section: SectionAccounts}, accountsScreen(view))
}

// byBank groups accounts, which come sorted by bank. Those that are not updated any more
// make no bank's other accounts look old.
func byBank(accounts []storage.Account, updated map[int64]bool) []accountBank {
	var banks []accountBank
	for _, account := range accounts {
		last := len(banks) - 1
		if last < 0 || banks[last].EnvironmentID != account.EnvironmentID || banks[last].BIC != account.BIC {
			banks = append(banks, accountBank{EnvironmentID: account.EnvironmentID, BIC: account.BIC, Name: account.BankName})
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
	return banks
}

func (view accountsView) size(ctx context.Context) string {
	n := 0
	for _, bank := range view.Banks {
		n += len(bank.Accounts)
	}
	if n == 0 {
		return ""
	}
	return accountsAtBanks(ctx, n, len(view.Banks))
}

// accountsAtBanks counts accounts and the banks they are at.
func accountsAtBanks(ctx context.Context, accounts, banks int) string {
	return words.T(ctx, "%s at %s", words.N(ctx, accounts, "%d account", "%d accounts"), words.N(ctx, banks, "%d bank", "%d banks"))
}

// accountLine is the second line of an account: number, kind, state.
func accountLine(ctx context.Context, a storage.Account) string {
	parts := []string{ui.MaskIBAN(ctx, accountNumber(a))}
	if a.Product != "" && a.Product != accountName(ctx, a) {
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
