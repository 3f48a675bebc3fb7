package holding

import (
	"context"

	"consentry/storage"
	"consentry/xs2a"
)

// MostPrinted is how many transactions of all currencies a statement lists.
const MostPrinted = 2000

// AccountStatement is what is booked on an account over some days, of one moment.
type AccountStatement struct {
	Account    storage.Account
	Days       storage.Span // as asked for
	Currencies []CurrencyStatement
	Count      int  // of all transactions
	TooMany    bool // which are too many to be listed
}

// CurrencyStatement is what is booked in a currency.
type CurrencyStatement struct {
	Statement
	Currency string
	Entries  []StatementEntry // the oldest first
	Dropped  int              // that the bank does not list any more, and that are not among them
}

// StatementEntry is a transaction with the balance after it.
type StatementEntry struct {
	storage.Transaction
	Balance *xs2a.Amount // nil: it cannot be shown right
}

// AccountStatement returns what is booked on an account over some days, or storage.ErrNotFound.
func (h *Holdings) AccountStatement(ctx context.Context, id int64, days storage.Span) (AccountStatement, error) {
	s := AccountStatement{Days: days}
	err := h.store.Snapshot(ctx, func(at *storage.Store) error {
		then := h.At(at)
		var err error
		if s.Account, err = at.Account(ctx, id); err != nil {
			return err
		}
		currencies, err := at.Currencies(ctx, id)
		if err != nil {
			return err
		}
		if len(currencies) == 0 && currencyOf(s.Account) != "" {
			currencies = []string{currencyOf(s.Account)}
		}
		for _, currency := range currencies {
			one, err := then.Statement(ctx, s.Account, currency, days)
			if err != nil {
				return err
			}
			s.Count += one.Count
			s.Currencies = append(s.Currencies, CurrencyStatement{Statement: one, Currency: currency})
		}
		if s.TooMany = s.Count > MostPrinted; s.TooMany {
			return nil
		}
		for i := range s.Currencies {
			if err := s.Currencies[i].list(ctx, at, id); err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}

// currencyOf is an account's currency; empty for one of several, which banks write as XXX.
func currencyOf(account storage.Account) string {
	if account.Currency == "XXX" {
		return ""
	}
	return account.Currency
}

// list adds the transactions, each with the balance after it where the one before all is known.
func (s *CurrencyStatement) list(ctx context.Context, at *storage.Store, id int64) error {
	if s.Days.To == "" || s.Count == 0 {
		return nil
	}
	f := storage.Find{Accounts: []int64{id}, Currency: s.Currency, State: storage.StateBooked, Days: s.Days}
	balance := s.Opening
	for t, err := range at.All(ctx, f, storage.OldestFirst, false) {
		if err != nil {
			return err
		}
		if !t.DroppedAt.IsZero() {
			s.Dropped++
			continue
		}
		if balance != nil {
			after := balance.Decimal()
			if _, err := exact.Add(after, after, t.Amount.Decimal()); err != nil {
				return err
			}
			amount := amountOf(after, s.Currency)
			balance = &amount
		}
		s.Entries = append(s.Entries, StatementEntry{t, balance})
	}
	return nil
}
