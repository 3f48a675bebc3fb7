package holding

import (
	"context"
	"slices"

	"consentry/app/find"
	"consentry/storage"
)

// Search is what a person looks for among their transactions: what they typed, and what they
// chose beside it. The zero value is all of them.
type Search struct {
	Typed     string
	AccountID int64        // zero: all accounts
	Days      storage.Span // empty dates leave that side open
	Way       storage.Way
	State     storage.State

	Currency     string // empty: any
	Counterparty string // the key of the one they are with, see [storage.CounterpartyOf]; empty: anybody
	Apart        bool   // without transfers between the person's own accounts
	Shown        bool   // without accounts that the person has hidden, unless one of them was chosen
	Tag          string // as it is written; empty: any, or none
	BankCode     string // as the bank writes it; empty: any
}

// Found is a page of the transactions that a person looks for.
type Found struct {
	storage.Found
	Read storage.Find // how what they typed was read
	// AsWords is what of it looks like a day or an amount, is none, and is looked for as words.
	AsWords []string
	// Nothing says that what they typed names nothing that can be looked for, such as
	// signs alone. Nothing is found then.
	Nothing bool
}

// Find lists the transactions that a person looks for, on all accounts, from a place on.
func (h *Holdings) Find(ctx context.Context, search Search, at Place) (Found, error) {
	accounts, err := h.store.PlainAccounts(ctx)
	if err != nil {
		return Found{}, err
	}
	return h.FindAmong(ctx, accounts, search, at)
}

// FindAmong is Find for who knows all accounts: nothing but what they are called is asked of them.
func (h *Holdings) FindAmong(ctx context.Context, accounts []storage.Account, search Search, at Place) (found Found, err error) {
	if found.Read, found.Nothing, err = h.Read(ctx, search, accounts); err != nil || found.Nothing {
		return found, err
	}
	if at.Before != 0 {
		found.Found, err = h.store.FindNewer(ctx, found.Read, at.Before, pageSize)
	} else {
		found.Found, err = h.store.Find(ctx, found.Read, at.After, pageSize)
	}
	found.AsWords = find.AsWords(search.Typed, h.nowAt(search.environment(accounts)))
	if err != nil {
		return found, err
	}
	return found, h.name(ctx, found.Transactions)
}

// FindSome is Find for what is done to all that is found: so many in one go.
func (h *Holdings) FindSome(ctx context.Context, search Search, after storage.Cursor, limit int) (storage.Found, error) {
	accounts, err := h.store.PlainAccounts(ctx)
	if err != nil {
		return storage.Found{}, err
	}
	f, nothing, err := h.Read(ctx, search, accounts)
	if err != nil || nothing {
		return storage.Found{}, err
	}
	return h.store.Find(ctx, f, after, limit)
}

// Read is what is looked for, with these accounts and the person's own names. Nothing is, where
// what they typed names nothing that can be looked for.
func (h *Holdings) Read(ctx context.Context, search Search, accounts []storage.Account) (f storage.Find, nothing bool, err error) {
	typed := find.Read(search.Typed, accounts, h.nowAt(search.environment(accounts)))
	if search.Typed != "" && find.Empty(typed) {
		return f, true, nil
	}
	names, err := h.store.OwnNames(ctx)
	if err != nil {
		return f, false, err
	}
	f = find.WithNames(search.with(typed), names)
	if search.Shown && search.AccountID == 0 {
		f.Accounts = shownAmong(accounts)
	}
	if search.Apart {
		f.Apart, err = h.ownKeys(ctx)
	}
	return f, false, err
}

// shownAmong names accounts that are not hidden; nil where none is.
func shownAmong(accounts []storage.Account) []int64 {
	shown := Shown(accounts)
	if len(shown) == len(accounts) {
		return nil
	}
	return append([]int64{}, Held{shown}.IDs()...)
}

// environment is the one whose day is today: that of the account that was chosen; empty for this
// machine's.
func (search Search) environment(accounts []storage.Account) string {
	for _, account := range accounts {
		if account.ID == search.AccountID {
			return account.EnvironmentID
		}
	}
	return ""
}

// with adds to what was typed what was chosen beside it.
func (search Search) with(f storage.Find) storage.Find {
	f.Days = find.Within(f.Days, search.Days)
	f.Way, f.State, f.BankCode = search.Way, search.State, search.BankCode
	if search.Counterparty != "" {
		f.Counterparties = []string{search.Counterparty}
	}
	if search.Currency != "" {
		f.Currency = search.Currency
	}
	if tag := storage.FoldTag(search.Tag); tag != "" {
		f.Terms = append(f.Terms, storage.Term{Tag: tag})
	}
	if search.AccountID != 0 {
		f.Accounts = []int64{search.AccountID}
	}
	return f
}

// BankCodes lists the codes by which banks sort the transactions of an account, or of all where it is zero:
// each once, with how many have it, those first that most have.
func (h *Holdings) BankCodes(ctx context.Context, accountID int64) ([]storage.BankCode, error) {
	all, err := h.store.BankCodes(ctx)
	if err != nil {
		return nil, err
	}
	at, codes := map[string]int{}, []storage.BankCode{}
	for _, one := range all {
		if accountID != 0 && one.AccountID != accountID {
			continue
		}
		i, known := at[one.Code]
		if !known {
			i, at[one.Code] = len(codes), len(codes)
			codes = append(codes, storage.BankCode{AccountID: accountID, Code: one.Code})
		}
		codes[i].Entries += one.Entries
	}
	slices.SortStableFunc(codes, func(a, b storage.BankCode) int { return b.Entries - a.Entries })
	return codes, nil
}

// Sum adds up all transactions that a person looks for; very many only where they asked for all.
func (h *Holdings) Sum(ctx context.Context, search Search, all bool) (storage.FoundSum, error) {
	accounts, err := h.store.PlainAccounts(ctx)
	if err != nil {
		return storage.FoundSum{}, err
	}
	f, nothing, err := h.Read(ctx, search, accounts)
	if err != nil || nothing {
		return storage.FoundSum{}, err
	}
	if all {
		return h.store.SumAllFound(ctx, f)
	}
	return h.store.SumFound(ctx, f)
}
