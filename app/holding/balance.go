package holding

import (
	"cmp"
	"slices"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// manyCurrencies is what banks say instead of the currency of an account that has several (ISO 4217).
const manyCurrencies = "XXX"

// balanceOrder is the rule by which one balance stands for an account: booked
// before expected before available, today's before yesterday's.
var balanceOrder = []string{
	"interimBooked", "closingBooked", "expected", "openingBooked", "interimAvailable", "forwardAvailable", "authorised", "nonInvoiced",
}

// isBooked reports whether a balance of a type is of what is booked, and of nothing else.
func isBooked(kind string) bool {
	return kind == "interimBooked" || kind == "closingBooked" || kind == "openingBooked"
}

// Why is why a balance stands for an account.
type Why string

// Why a balance stands for an account.
const (
	ByChoice Why = "choice" // the person chose its type
	ByRule   Why = "rule"   // of what is booked it is the latest that the bank sends
	Unbooked Why = "unbooked"
	Alone    Why = "alone" // the bank sends no other
)

// Standing is the balance that stands for an account, and why.
type Standing struct {
	storage.Balance
	Why    Why
	Wanted string // the type that the person chose and the bank does not send; empty: it does, or none was chosen
}

// Booked reports whether it is of what is booked, without a credit line.
func (s Standing) Booked() bool { return isBooked(s.Type) && !s.CreditLimitIncl }

// MainBalance returns the balance that stands for an account: of the type the person chose, where the
// bank sends it, else the first by balanceOrder in the account's currency, else the first the bank sent.
// Of several of one type one without a credit line stands, and of these the newest, unless they look ahead.
func MainBalance(account storage.Account) (storage.Balance, bool) {
	standing, has := StandingOf(account)
	return standing.Balance, has
}

// StandingOf is MainBalance with why it is this one.
func StandingOf(account storage.Account) (Standing, bool) {
	return standingAmong(account, account.Balances)
}

// StandingIn is StandingOf of an account's balances in one currency.
func StandingIn(account storage.Account, currency string) (Standing, bool) {
	of := slices.DeleteFunc(slices.Clone(account.Balances), func(b storage.Balance) bool { return b.Amount.Currency != currency })
	return standingAmong(account, of)
}

func standingAmong(account storage.Account, balances []storage.Balance) (s Standing, has bool) {
	if len(balances) == 0 {
		return s, false
	}
	s.Balance = slices.MinFunc(balances, func(x, y storage.Balance) int {
		if by := rank(account, x) - rank(account, y); by != 0 || x.Type == "forwardAvailable" || x.Type != y.Type {
			return by
		}
		return cmp.Or(flagged(x.CreditLimitIncl)-flagged(y.CreditLimitIncl), cmp.Compare(dayOfBalance(y), dayOfBalance(x)))
	})
	switch wanted := account.MainType; {
	case wanted != "" && s.Type == wanted:
		s.Why = ByChoice
		return s, true
	default:
		s.Wanted = wanted
	}
	switch {
	case len(balances) == 1:
		s.Why = Alone
	case isBooked(s.Type):
		s.Why = ByRule
	default:
		s.Why = Unbooked
	}
	return s, true
}

func flagged(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// dayOfBalance is the day a balance says it is of, "" where it says none.
func dayOfBalance(b storage.Balance) string {
	day := cmp.Or(b.ReferenceDate, b.LastChange)
	return day[:min(len(day), len(time.DateOnly))]
}

// rank is the place of a balance among those that may stand for an account, the first 0. One that is of
// another currency stands where there is none of the account's, chosen or not.
func rank(account storage.Account, b storage.Balance) int {
	r := slices.Index(balanceOrder, b.Type) + 1
	switch {
	case account.MainType != "" && b.Type == account.MainType:
		r = 0
	case r == 0:
		r = len(balanceOrder) + 1
	}
	if b.Amount.Currency != account.Currency && !manifold(account) {
		r += 100
	}
	return r
}

// manifold reports whether the bank names no one currency of an account.
func manifold(account storage.Account) bool { return account.Currency == manyCurrencies }

// StandingsOf returns what stands for an account: one balance, or one in each of its currencies where the
// bank names no one of them, in the order in which it sends them.
func StandingsOf(account storage.Account) (all []Standing) {
	if !manifold(account) {
		if one, has := StandingOf(account); has {
			all = append(all, one)
		}
		return all
	}
	var of []string
	for _, b := range account.Balances {
		if slices.Contains(of, b.Amount.Currency) {
			continue
		}
		of = append(of, b.Amount.Currency)
		if one, has := StandingIn(account, b.Amount.Currency); has {
			all = append(all, one)
		}
	}
	return all
}

// firstBalances is the first day a balance may be of. Some systems write no date as one of the first years.
const firstBalances = "1900-01-01"

// endOfDay is the day at whose end a balance stands; "" for now. An opening
// balance is the closing one of the day before.
func endOfDay(b storage.Balance) string {
	if b.ReferenceDate < firstBalances {
		return ""
	}
	switch b.Type {
	case "closingBooked":
		return b.ReferenceDate
	case "openingBooked":
		if day, err := time.Parse(time.DateOnly, b.ReferenceDate); err == nil {
			return day.AddDate(0, 0, -1).Format(time.DateOnly)
		}
	}
	return ""
}

// BalanceTypes lists the types of balances of which one may stand for an account: those the bank sends,
// in its order, and the one that was chosen.
func BalanceTypes(account storage.Account) (types []string) {
	for _, b := range account.Balances {
		if b.Type != "" && !slices.Contains(types, b.Type) {
			types = append(types, b.Type)
		}
	}
	if chosen := account.MainType; chosen != "" && !slices.Contains(types, chosen) {
		types = append(types, chosen)
	}
	return types
}

// CreditLine is the line of a card or an account: what the bank says of it, and what follows from that.
type CreditLine struct {
	Limit     *xs2a.Amount // nil: the bank does not say
	Available *xs2a.Amount // of the balance that the bank says has the line in it; nil: it sends none
	Used      *xs2a.Amount // computed: the limit less what is available; nil: either is not said, or more is available than the limit
}

// CreditLineOf returns the line of an account, if the bank says that it has one.
func CreditLineOf(account storage.Account) (line CreditLine, has bool) {
	if account.CreditLimit.Number != "" {
		line.Limit = &account.CreditLimit
	}
	for _, b := range account.Balances {
		if b.CreditLimitIncl && b.Type == "interimAvailable" && (line.Limit == nil || line.Limit.Currency == b.Amount.Currency) {
			line.Available = &b.Amount
			break
		}
	}
	if line.Limit != nil && line.Available != nil {
		if used := storage.TallyOf(*line.Limit).Minus(storage.TallyOf(*line.Available)); used.Sign() >= 0 {
			amount := used.Amount(line.Limit.Currency)
			line.Used = &amount
		}
	}
	return line, line.Limit != nil || line.Available != nil
}
