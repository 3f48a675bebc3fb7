package frontend

import (
	"fmt"
	"net/http"
	"strings"

	"consentry/frontend/ui"
	"consentry/storage"
)

func (s *Server) accounts(w http.ResponseWriter, r *http.Request) error {
	accounts, err := s.app.Accounts(r.Context())
	if err != nil {
		return err
	}
	view := accountsView{Banks: byBank(accounts)}
	if view.Updated, err = s.app.Updated(r.Context()); err != nil {
		return err
	}
	for i := range view.Banks {
		view.Banks[i].Now = s.app.NowAt(view.Banks[i].EnvironmentID)
	}
	return s.page(w, r, Page{Title: "Accounts", Section: SectionAccounts}, accountsScreen(view))
}

// byBank groups accounts, which come sorted by bank.
func byBank(accounts []storage.Account) []accountBank {
	var banks []accountBank
	for _, account := range accounts {
		last := len(banks) - 1
		if last < 0 || banks[last].EnvironmentID != account.EnvironmentID || banks[last].BIC != account.BIC {
			banks = append(banks, accountBank{EnvironmentID: account.EnvironmentID, BIC: account.BIC, Name: account.BankName, Fetched: account.FetchedAt})
			last++
		}
		bank := &banks[last]
		bank.Accounts = append(bank.Accounts, account)
		if account.FetchedAt.Before(bank.Fetched) {
			bank.Fetched = account.FetchedAt
		}
	}
	return banks
}

func (view accountsView) size() string {
	n := 0
	for _, bank := range view.Banks {
		n += len(bank.Accounts)
	}
	if n == 0 {
		return ""
	}
	return plural(n, "account", "accounts") + " at " + plural(len(view.Banks), "bank", "banks")
}

// accountLine is the second line of an account: number, kind, state.
func accountLine(a storage.Account) string {
	parts := []string{ui.MaskIBAN(accountNumber(a))}
	if a.Product != "" && a.Product != accountName(a) {
		parts = append(parts, a.Product)
	}
	if a.OwnerName != "" {
		parts = append(parts, a.OwnerName)
	}
	if a.Status != "" && a.Status != "enabled" {
		parts = append(parts, a.Status)
	}
	return strings.Join(parts, " · ")
}

func accountPath(id int64) string { return fmt.Sprintf("/accounts/%d", id) }
