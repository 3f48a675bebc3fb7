package own

import (
	"context"
	"slices"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/app/holding"
	"consentry/storage"
)

// Arrange has an account shown as a person wishes: under a name of their own, hidden or not, with a
// balance of a type standing for it. The fields of a failure are "name" and "balance".
func (o *Things) Arrange(ctx context.Context, accountID int64, a storage.Arrangement) error {
	account, err := o.store.Account(ctx, accountID)
	if err != nil {
		return err
	}
	wrong := map[string]storage.Reason{}
	a.Nickname = oneLine(a.Nickname)
	if n := utf8.RuneCountInString(a.Nickname); n > LongestName {
		wrong["name"] = storage.Reason{Code: failure.TextTooLong, Number: n, Of: LongestName}
	}
	if a.MainType != "" && !slices.Contains(holding.BalanceTypes(account), a.MainType) {
		wrong["balance"] = storage.Reason{Code: failure.ChooseFromList}
	}
	if len(wrong) > 0 {
		return failure.Unchanged(wrong)
	}
	return o.store.Arrange(ctx, accountID, a)
}

// Hide hides an account with its other parts, or shows them again.
func (o *Things) Hide(ctx context.Context, accountID int64, hidden bool) error {
	account, err := o.store.Account(ctx, accountID)
	if err != nil {
		return err
	}
	accounts, err := o.store.PlainAccounts(ctx)
	if err != nil {
		return err
	}
	ids := []int64{account.ID}
	for _, part := range holding.OtherParts(account, accounts) {
		ids = append(ids, part.ID)
	}
	return o.store.Hide(ctx, ids, hidden)
}

// Move is where something goes in its list.
type Move string

// Where things go.
const (
	MoveUp    Move = "up"   // before the one above
	MoveDown  Move = "down" // behind the one below
	MoveFirst Move = "first"
)

// MoveAccount moves an account, with its other parts, among those of its bank that are shown.
// Where there is nothing to pass it stays. The field of a failure is "move".
func (o *Things) MoveAccount(ctx context.Context, accountID int64, move Move) error {
	account, err := o.store.Account(ctx, accountID)
	if err != nil {
		return err
	}
	accounts, err := o.store.PlainAccounts(ctx)
	if err != nil {
		return err
	}
	accounts = slices.DeleteFunc(accounts, func(a storage.Account) bool { return a.Bank() != account.Bank() })
	shown := holding.Together(holding.Shown(accounts))
	if shown, err = moved(shown, slices.IndexFunc(shown, func(h holding.Held) bool { return h.Has(accountID) }), move); err != nil {
		return err
	}
	var ids []int64
	for _, one := range shown {
		ids = append(ids, one.IDs()...)
	}
	for _, a := range accounts {
		if a.Hidden {
			ids = append(ids, a.ID)
		}
	}
	return o.store.PlaceAccounts(ctx, ids)
}

// MoveBank moves a bank among those at which there are accounts. Where there is nothing to pass it
// stays. The field of a failure is "move".
func (o *Things) MoveBank(ctx context.Context, bank storage.BankID, move Move) error {
	accounts, err := o.store.PlainAccounts(ctx)
	if err != nil {
		return err
	}
	var banks []storage.BankID
	for _, account := range accounts { // which come sorted by bank
		if of := account.Bank(); len(banks) == 0 || banks[len(banks)-1] != of {
			banks = append(banks, of)
		}
	}
	at := slices.Index(banks, bank)
	if at < 0 {
		return storage.ErrNotFound
	}
	if banks, err = moved(banks, at, move); err != nil {
		return err
	}
	return o.store.PlaceBanks(ctx, banks)
}

// moved returns things with one moved; -1 is none of them.
func moved[T any](all []T, at int, move Move) ([]T, error) {
	to := at
	switch move {
	case MoveUp:
		to = max(at-1, 0)
	case MoveDown:
		to = min(at+1, len(all)-1)
	case MoveFirst:
		to = 0
	default:
		return nil, failure.Field("move", failure.ChooseFromList)
	}
	if at < 0 {
		return all, nil
	}
	one := all[at]
	return slices.Insert(slices.Delete(slices.Clone(all), at, at+1), to, one), nil
}
