package verdict

import (
	"context"
	"errors"
	"time"

	"consentry/app/fetch"
	"consentry/storage"
	"consentry/xs2a"
)

// question is one request of a run. It may lead to others.
type question struct {
	bank string // whom it is to; empty for the directory
	step string // the id of the operation
	ask  func(ctx context.Context) (more []question, err error)
}

// errAlone says that a bank speaks of something with the person alone.
var errAlone = errors.New("verdict: the bank speaks of this with the person alone")

const (
	// daysAsked are how far back transactions are asked for.
	daysAsked = 30

	// paymentsAsked bounds the payments that are asked about at one bank.
	paymentsAsked = 3
)

// questions are what can be asked of an environment: its directory, the newest consent in
// force at each bank, and the latest payments there.
func (v *Verdicts) questions(ctx context.Context, e storage.Environment, person *xs2a.PSU) ([]question, error) {
	var all []question
	if e.HasDirectory() {
		client, err := v.Directory(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		all = directory(client)
	}
	consents, err := v.Store.Consents(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, c := range consents {
		if c.EnvironmentID != e.ID || seen[c.BIC] || c.BankConsentID == "" || !c.Usable(v.NowAt(e.ID)) {
			continue
		}
		seen[c.BIC] = true
		of, err := v.Consent(ctx, c, person)
		if err != nil {
			all = append(all, failed(c.BankName, "getConsentStatus", err))
			continue
		}
		all = append(all, consentAsked{c, of, v.NowAt(e.ID)}.questions()...)
	}
	payments, err := v.Store.Payments(ctx)
	if err != nil {
		return nil, err
	}
	asked := map[string]int{}
	for _, p := range payments {
		if p.EnvironmentID != e.ID || p.BankID == "" || asked[p.BIC] == paymentsAsked {
			continue
		}
		asked[p.BIC]++
		of, err := v.Payment(ctx, p, person)
		if err != nil {
			all = append(all, failed(p.BankName, "getPaymentInitiationStatus", err))
			continue
		}
		all = append(all, paymentQuestions(p.BankName, of)...)
	}
	return all, nil
}

// plain is a question that leads to nothing more.
func plain[T any](bank, step string, ask func(ctx context.Context) (T, error)) question {
	return question{bank, step, func(ctx context.Context) ([]question, error) {
		_, err := ask(ctx)
		return nil, err
	}}
}

// failed is a question that cannot be asked.
func failed(bank, step string, err error) question {
	return question{bank, step, func(context.Context) ([]question, error) { return nil, err }}
}

// directory asks for each list, and for the first thing in it.
func directory(client *xs2a.Client) []question {
	return []question{
		{"", "getCountries", func(ctx context.Context) ([]question, error) {
			countries, err := client.Countries(ctx)
			if err != nil || len(countries) == 0 {
				return nil, err
			}
			return []question{plain("", "getCountries", func(ctx context.Context) (xs2a.Country, error) { return client.Country(ctx, countries[0].Code) })}, nil
		}},
		{"", "getCities", func(ctx context.Context) ([]question, error) {
			cities, err := client.Cities(ctx, xs2a.DirectoryFilter{})
			if err != nil || len(cities) == 0 {
				return nil, err
			}
			return []question{plain("", "getCities", func(ctx context.Context) (xs2a.City, error) { return client.City(ctx, cities[0].ID) })}, nil
		}},
		{"", "getASPSPs", func(ctx context.Context) ([]question, error) {
			banks, err := client.ASPSPs(ctx, xs2a.DirectoryFilter{})
			if err != nil || len(banks) == 0 {
				return nil, err
			}
			return []question{plain("", "getASPSP", func(ctx context.Context) (xs2a.ASPSPDetails, error) { return client.ASPSP(ctx, banks[0].BIC) })}, nil
		}},
	}
}

// consentAsked is a consent in force with how it is asked about.
type consentAsked struct {
	storage.Consent
	Questions
	now time.Time
}

func (c consentAsked) questions() []question {
	about := []question{
		plain(c.BankName, "getConsentStatus", func(ctx context.Context) (xs2a.ConsentStatus, error) {
			return c.Client.ConsentStatus(ctx, c.Call, c.BankConsentID)
		}),
		{c.BankName, "getConsentInformation", func(ctx context.Context) ([]question, error) {
			return nil, c.Ledgered(ctx, storage.ConsentRead{Endpoint: storage.ReadConsent}, func(call xs2a.Call) error {
				_, err := c.Client.Consent(ctx, call, c.BankConsentID)
				return err
			})
		}},
		authorisations(c.BankName, c.Questions, "getConsentAuthorisation", "getConsentScaStatus"),
	}
	if c.Call.PSU == nil && c.Client.Dialect().Attended {
		for i := range about {
			about[i].ask = func(context.Context) ([]question, error) { return nil, errAlone }
		}
	}
	all := append(about, question{c.BankName, "getAccountList", c.accounts})
	if c.Client.Dialect().CardAccounts {
		all = append(all, question{c.BankName, "getCardAccountList", c.cards})
	}
	if c.Client.Dialect().Refresh {
		all = append(all, question{c.BankName, "getRefreshStatus", func(ctx context.Context) ([]question, error) {
			call := c.Call
			call.ConsentID = c.BankConsentID
			_, err := c.Client.RefreshStatus(ctx, call)
			return nil, err
		}})
	}
	return all
}

// authorisations asks for the list of authorisations, and how far the first of it is.
func authorisations(bank string, of Questions, list, one string) question {
	return question{bank, list, func(ctx context.Context) ([]question, error) {
		ids, err := of.Client.Authorisations(ctx, of.Call, of.Resource)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		return []question{plain(bank, one, func(ctx context.Context) (xs2a.SCAAnswer, error) {
			return of.Client.SCAStatus(ctx, of.Call, of.Resource, ids[0])
		})}, nil
	}}
}

// asked reads under the consent.
func asked[T any](ctx context.Context, c consentAsked, what storage.ConsentRead, do func(xs2a.Call) (T, error)) (got T, err error) {
	err = c.Ledgered(ctx, what, func(call xs2a.Call) error {
		var failed error
		call.ConsentID = c.BankConsentID
		got, failed = do(call)
		return failed
	})
	return got, err
}

func (c consentAsked) accounts(ctx context.Context) ([]question, error) {
	accounts, err := asked(ctx, c, storage.ConsentRead{Endpoint: storage.ReadAccounts}, func(call xs2a.Call) ([]xs2a.Account, error) {
		return c.Client.Accounts(ctx, call, false)
	})
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	one := accounts[0]
	return []question{
		c.reads("readAccountDetails", fetch.About(storage.ReadDetails, one), func(ctx context.Context, call xs2a.Call) error {
			_, err := c.Client.Account(ctx, call, one.ResourceID)
			return err
		}),
		c.reads("getBalances", fetch.About(storage.ReadBalances, one), func(ctx context.Context, call xs2a.Call) error {
			_, err := c.Client.Balances(ctx, call, one.ResourceID)
			return err
		}),
		{c.BankName, "getTransactionList", func(ctx context.Context) ([]question, error) { return c.transactions(ctx, one) }},
	}, nil
}

// reads is a question under the consent that leads to nothing more.
func (c consentAsked) reads(step string, what storage.ConsentRead, do func(context.Context, xs2a.Call) error) question {
	return question{c.BankName, step, func(ctx context.Context) ([]question, error) {
		_, err := asked(ctx, c, what, func(call xs2a.Call) (struct{}, error) { return struct{}{}, do(ctx, call) })
		return nil, err
	}}
}

func (c consentAsked) query() xs2a.TransactionQuery {
	return xs2a.TransactionQuery{Status: xs2a.Booked, DateFrom: c.now.AddDate(0, 0, -daysAsked).Format(time.DateOnly)}
}

// transactions asks for the booked ones of the last days, and for the first of them by itself.
func (c consentAsked) transactions(ctx context.Context, of xs2a.Account) ([]question, error) {
	page, err := asked(ctx, c, fetch.About(storage.ReadTransactions, of), func(call xs2a.Call) (xs2a.TransactionPage, error) {
		return c.Client.Transactions(ctx, call, of.ResourceID, c.query())
	})
	if err != nil {
		return nil, err
	}
	for _, each := range page.Booked {
		if each.ID != "" && each.ID != "NOTPROVIDED" {
			return []question{c.reads("getTransactionDetails", fetch.About(storage.ReadTransaction, of), func(ctx context.Context, call xs2a.Call) error {
				_, err := c.Client.Transaction(ctx, call, of.ResourceID, each.ID)
				return err
			})}, nil
		}
	}
	return nil, nil
}

func (c consentAsked) cards(ctx context.Context) ([]question, error) {
	cards, err := asked(ctx, c, storage.ConsentRead{Endpoint: storage.ReadCards}, func(call xs2a.Call) ([]xs2a.Account, error) {
		return c.Client.CardAccounts(ctx, call)
	})
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	one := cards[0]
	return []question{
		c.reads("readCardAccountDetails", fetch.About(storage.ReadDetails, one), func(ctx context.Context, call xs2a.Call) error {
			_, err := c.Client.CardAccount(ctx, call, one.ResourceID)
			return err
		}),
		c.reads("getCardAccountBalances", fetch.About(storage.ReadBalances, one), func(ctx context.Context, call xs2a.Call) error {
			_, err := c.Client.CardBalances(ctx, call, one.ResourceID)
			return err
		}),
		c.reads("getCardAccountTransactionList", fetch.About(storage.ReadTransactions, one), func(ctx context.Context, call xs2a.Call) error {
			_, err := c.Client.CardTransactions(ctx, call, one.ResourceID, c.query())
			return err
		}),
	}, nil
}

func paymentQuestions(bank string, of Questions) []question {
	return []question{
		plain(bank, "getPaymentInitiationStatus", func(ctx context.Context) (xs2a.Payment, error) {
			return of.Client.PaymentStatus(ctx, of.Call, of.Resource)
		}),
		plain(bank, "getPaymentInformation", func(ctx context.Context) (xs2a.Payment, error) {
			return of.Client.Payment(ctx, of.Call, of.Resource)
		}),
		authorisations(bank, of, "getPaymentInitiationAuthorisation", "getPaymentInitiationScaStatus"),
	}
}
