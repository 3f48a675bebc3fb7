package export

import (
	"context"

	"consentry/app/holding"
	"consentry/storage"
)

// Need is what a format asks of balances.
type Need string

// What formats ask. The zero value is nothing.
const (
	NeedsLatest Need = "latest" // the booked balance of an account as of some day
	NeedsCourse Need = "course" // the booked balances before and after a period
)

// Part is a part of a file: all transactions, or those of an account in a currency.
type Part struct {
	Account  storage.Account
	Currency string

	find storage.Find
}

// firstDay is before any day that a bank tells of: with it as the first, what bears no date is not
// looked for.
const firstDay = "0001-01-02"

// statements are the parts that are a statement each: of each account and currency what is booked on
// a day. Where more is looked for than an account and days, those with nothing in them are left out.
func (e *Exports) statements(ctx context.Context, at *storage.Store, accounts []storage.Account, search holding.Search, find storage.Find) ([]Part, error) {
	var parts []Part
	whole := search == holding.Search{AccountID: search.AccountID, Days: search.Days}
	if find.State == storage.StatePending {
		return nil, nil
	}
	find.State = storage.StateBooked
	find.Days.From = max(find.Days.From, firstDay)
	for _, account := range accounts {
		if search.AccountID != 0 && search.AccountID != account.ID {
			continue
		}
		currencies, err := at.Currencies(ctx, account.ID)
		if err != nil {
			return nil, err
		}
		for _, currency := range currencies {
			part := Part{Account: account, Currency: currency, find: find}
			part.find.Accounts, part.find.Currency = []int64{account.ID}, currency
			if has, err := hasAny(at.All(ctx, part.find, storage.NewestFirst, false)); err != nil {
				return nil, err
			} else if has || whole {
				parts = append(parts, part)
			}
		}
	}
	return parts, nil
}

// hasAny reports whether there is any transaction.
func hasAny(all transactions) (bool, error) {
	for _, err := range all {
		return err == nil, err
	}
	return false, nil
}
