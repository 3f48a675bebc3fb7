package export

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// Need is what a format asks of balances.
type Need string

// What formats ask. The zero value is nothing.
const (
	NeedsLatest Need = "latest" // a booked balance of each account as of some day; accounts without are left out
	NeedsCourse Need = "course" // the booked balances of all accounts before and after the days
)

// Part is a part of a file: all transactions, or those of an account in a currency.
type Part struct {
	Account          storage.Account
	Currency         string
	From, To         string          // the days it tells of, ISO dates: those looked for, or the first and the last that are known
	Balance          storage.Balance // the latest of what is booked; without an amount where the bank told none
	BalanceDay       string          // at whose end it stands; empty for when it was read
	Opening, Closing *xs2a.Amount    // before and after the days; nil: they cannot be shown right
	Unknown          holding.Unknown // why, where either is nil
	Ages             holding.Ages    // whether the account is not up to date

	narrowed bool // more is looked for than an account and days
	find     storage.Find
}

// firstDay is before any day that a bank tells of: with it as the first, what bears no date is not
// looked for.
const firstDay = "0001-01-02"

// statements are the parts that are a statement each: of each account and currency what is booked on
// a day. Where more is looked for than an account and days, those with nothing in them are left out.
func (e *Exports) statements(ctx context.Context, at *storage.Store, accounts []storage.Account, search holding.Search, find storage.Find) ([]Part, error) {
	if find.State == storage.StatePending {
		return nil, nil
	}
	narrowed := search != holding.Search{AccountID: search.AccountID, Days: search.Days, Shown: search.Shown}
	find.State, find.Days.From = storage.StateBooked, max(find.Days.From, firstDay)
	var parts []Part
	for _, account := range accounts {
		if search.AccountID != 0 && search.AccountID != account.ID || search.Shown && search.AccountID == 0 && account.Hidden {
			continue
		}
		currencies, err := at.Currencies(ctx, account.ID)
		if err != nil {
			return nil, err
		}
		for _, currency := range currencies {
			part := Part{Account: account, Currency: currency, narrowed: narrowed, find: find}
			part.find.Accounts, part.find.Currency = []int64{account.ID}, currency
			if narrowed {
				if has, err := hasAny(at.All(ctx, part.find, storage.NewestFirst, false)); err != nil {
					return nil, err
				} else if !has {
					continue
				}
			}
			if err := part.complete(ctx, e.holdings.At(at), at, search.Days); err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
	}
	return parts, nil
}

// complete adds the days and the balances.
func (p *Part) complete(ctx context.Context, holdings *holding.Holdings, at *storage.Store, days storage.Span) error {
	first, last, err := at.BookedDays(ctx, p.Account.ID)
	if err != nil {
		return err
	}
	p.From, p.To = cmp.Or(days.From, first), cmp.Or(days.To, max(last, p.Account.BookedTo))
	p.Balance, p.BalanceDay, _ = holding.Booked(p.Account, p.Currency)
	if p.Ages, err = holdings.AgesOf(ctx, p.Account); err != nil {
		return err
	}
	statement, err := holdings.Statement(ctx, p.Account, p.Currency, storage.Span{From: p.From, To: p.To})
	if err != nil {
		return err
	}
	if p.Unknown = statement.Unknown; p.Unknown == "" && statement.Days.To != p.To {
		p.Unknown = holding.NotRead
	}
	if p.Unknown == "" {
		p.Opening, p.Closing = statement.Opening, statement.Closing
	}
	return nil
}

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// Taken reports whether a format has a place for a part.
func (f Format) Taken(p Part) bool {
	switch {
	case f.Balances == NeedsLatest:
		return currencyForm.MatchString(p.Currency) && p.Balance.Amount.Number != ""
	case f.Balances == NeedsCourse:
		return currencyForm.MatchString(p.Currency) && !p.narrowed && p.Opening != nil && p.Closing != nil
	case f.currencies:
		return currencyForm.MatchString(p.Currency)
	}
	return true
}

// taken are the parts that a format has a place for, those of accounts before those of cards; none, where it
// has to have all.
func (f Format) taken(parts []Part) []Part {
	all := slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return !f.Taken(p) })
	if f.Balances == NeedsCourse && len(all) < len(parts) {
		return nil
	}
	slices.SortStableFunc(all, func(a, b Part) int { return kind(a) - kind(b) })
	return all
}

func kind(p Part) int {
	if p.card() {
		return 1
	}
	return 0
}

// card reports whether it is of a card.
func (p Part) card() bool {
	return p.Account.MaskedPAN != "" && p.Account.IBAN == "" && p.Account.BBAN == ""
}

// name is what an account is called, with its currency.
func (p Part) name() string {
	name := accountNumber(p.Account)
	if p.Account.Name != "" && p.Account.Name != name {
		name = p.Account.Name + " " + name
	}
	return name + " " + p.Currency
}

// notes say in a file what it does not hold.
func (p Part) notes() string {
	notes := []string{"Pending entries, entries without a date and entries that the bank no longer lists are left out."}
	if p.narrowed {
		notes = append(notes, "Only entries that were searched for are in it.")
	}
	var days []string
	for _, span := range Unread(p.Account, storage.Span{From: p.From, To: p.To}) {
		days = append(days, span.From+" to "+span.To)
	}
	if len(days) > 0 {
		notes = append(notes, "Not read from the bank: "+strings.Join(days, ", ")+".")
	}
	if p.Account.LeftOut.Count > 0 {
		notes = append(notes, "Some of what the bank sent could not be read.")
	}
	if old := p.age(); old != "" {
		notes = append(notes, old)
	}
	return short(strings.Join(notes, " "), 500)
}

// age says that the account is not up to date; empty where it is.
func (p Part) age() string {
	switch old, late := p.Ages.Old, p.Ages.Late; {
	case old.Accounts > 0 && old.Since.IsZero():
		return "The account is not updated any more, and was never read in full."
	case old.Accounts > 0:
		return "The account is not updated any more. It was last read on " + old.Since.Format(time.DateOnly) + "."
	case late.Accounts > 0 && late.Since.IsZero():
		return "The account was not read in full yet."
	case late.Accounts > 0:
		return "The account was last read on " + late.Since.Format(time.DateOnly) + "."
	}
	return ""
}

// hasAny reports whether there is any transaction.
func hasAny(all transactions) (bool, error) {
	for _, err := range all {
		return err == nil, err
	}
	return false, nil
}
