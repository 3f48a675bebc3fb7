package app_test

import (
	"errors"
	"testing"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// TestQuestions asks banks about single things, as a tester does from the
// screens: accounts and cards by the operations each has, transactions,
// authorisations.
func TestQuestions(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	for _, test := range []struct {
		bank             string
		cards            int  // accounts asked about as cards
		listed, inDetail bool // the bank lists authorisations; it has details of transactions
	}{
		{"mtkvari", 0, true, true},
		{"kortland", 1, true, true},
		{"saltsjon_se", 0, false, false},
	} {
		t.Run(test.bank, func(t *testing.T) {
			w := *w
			w.T = t
			consent := w.linkAt(test.bank)
			accounts, err := w.Holdings().ConsentAccounts(t.Context(), consent)
			w.must(err)
			cards := 0
			for _, account := range accounts {
				sent := len(w.network.sent)
				details, err := w.Reader().AccountDetails(t.Context(), account.ID, person)
				w.must(err)
				balances, err := w.Reader().AccountBalances(t.Context(), account.ID, person)
				w.must(err)
				if details.Key() != account.Key || len(balances) == 0 {
					t.Errorf("%s: %+v, %d balances", account.Name, details, len(balances))
				}
				if account.IBAN == "" {
					cards++
				}
				if got := len(w.network.sent) - sent; got != 2 {
					t.Errorf("%s: %d requests for two questions", account.Name, got)
				}
			}
			if cards != test.cards {
				t.Errorf("%d cards among %d accounts", cards, len(accounts))
			}
			w.asksForTransaction(accounts, test.inDetail)
			found, err := w.ConsentAuthorisations(t.Context(), consent, person)
			w.must(err)
			if (found.NotListed == nil) != test.listed || len(found.List) == 0 || found.List[0].Status != xs2a.SCAFinalised {
				t.Errorf("authorisations: %+v", found)
			}
			w.must(w.Withdraw(t.Context(), consent, false, person))
			var told *app.Error
			if _, err := w.Reader().AccountDetails(t.Context(), accounts[0].ID, person); !errors.As(err, &told) || told.Code != failure.NoConsentReaches {
				t.Errorf("after the end: %v", err)
			}
		})
	}
}

// linkAt links a practice bank and returns the consent, when all is fetched.
func (w *world) linkAt(bic string) (consentID string) {
	w.Helper()
	share := w.DefaultShare(bank.SandboxID)
	share.EnvironmentID, share.BIC, share.PSUID = bank.SandboxID, bic, w.psu.Login
	id, err := w.Ask(w.Context(), share, person)
	w.must(err)
	flow := w.walk(id)
	if job := w.fetched(flow.Consent.ID); flow.Outcome != storage.Succeeded || job.Err != nil {
		w.Fatalf("linking ended %q: %v", flow.Outcome, job.Err)
	}
	return flow.Consent.ID
}

// asksForTransaction asks for the details of a booked transaction of an account that is no
// card.
func (w *world) asksForTransaction(accounts []storage.Account, inDetail bool) {
	w.Helper()
	for _, account := range accounts {
		transactions, err := w.Holdings().Transactions(w.Context(), account.ID, holding.Place{})
		w.must(err)
		if account.IBAN == "" || len(transactions.Booked) == 0 {
			continue
		}
		transaction := transactions.Booked[0]
		details, err := w.Reader().TransactionDetails(w.Context(), transaction.ID, person)
		var told *app.Error
		switch {
		case inDetail && (err != nil || details.ID != transaction.Transaction.ID || details.Amount != transaction.Amount):
			w.Errorf("details %+v, %v of %+v", details, err, transaction.Transaction)
		case !inDetail && !errors.As(err, &told):
			w.Errorf("an interface without details gave %+v, %v", details, err)
		}
		return
	}
	w.Error("no account has entries")
}

// TestCatalogue reads products where there are some to read.
func TestCatalogue(t *testing.T) {
	w := newWorld(t)
	w.must(w.UseSandbox(t.Context(), bank.Practice(w.info)))
	if has, err := w.Banks().HasCatalogue(t.Context(), bank.SandboxID, "mtkvari"); err != nil || !has {
		t.Errorf("%v, %v", has, err)
	}
	if has, err := w.Banks().HasCatalogue(t.Context(), bank.SandboxID, w.banks[0].BIC); err != nil || has {
		t.Errorf("the directory's banks: %v, %v", has, err)
	}
	names := map[string]bool{}
	for _, kind := range []bank.ProductKind{bank.AllProducts, bank.Deposits, bank.PersonalLoans} {
		page, err := w.Banks().Products(t.Context(), bank.SandboxID, "mtkvari", kind, xs2a.ProductQuery{Locale: "en", Size: 100})
		w.must(err)
		if len(page.Products) == 0 || page.More {
			t.Errorf("%q: %d products, more: %v", kind, len(page.Products), page.More)
			continue
		}
		names[page.Products[len(page.Products)-1].Name] = true
	}
	if len(names) != 3 {
		t.Errorf("the parts of the catalogue end alike: %v", names)
	}
	if _, err := w.Banks().Products(t.Context(), bank.SandboxID, "nowhere", bank.AllProducts, xs2a.ProductQuery{Locale: "en"}); !app.NotFound(err) {
		t.Errorf("an unknown bank: %v", err)
	}
	all, err := w.Banks().Products(t.Context(), bank.SandboxID, "mtkvari", bank.AllProducts, xs2a.ProductQuery{Locale: "en", Size: 100})
	w.must(err)
	last, first := all.Products[len(all.Products)-1], all.Products[0]
	found, err := w.Banks().ProductsOf(t.Context(), bank.SandboxID, "mtkvari", "ge", []string{last.ID, "gone", first.ID})
	w.must(err)
	if len(found) != 2 || found[0].ID != last.ID || found[1].ID != first.ID || found[0].Name == last.Name || len(found[0].Terms) < 4 || found[0].Unread {
		t.Errorf("by their ids: %+v", found)
	}
	var told *app.Error
	if _, err := w.Banks().Products(t.Context(), bank.SandboxID, "mtkvari", bank.AllProducts, xs2a.ProductQuery{Locale: "sv"}); !errors.As(err, &told) {
		t.Errorf("an unknown language: %v", err)
	}
}
