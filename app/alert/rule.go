package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/app/holding"
	"consentry/app/pay/check"
	"consentry/storage"
	"consentry/xs2a"
)

// MostRules is how many rules there may be: all are judged after each fetch.
const MostRules = 100

// MostFailures is how many reads in a row may have to fail.
const MostFailures = 10

// Form is a rule as a person fills it in.
type Form struct {
	Kind     storage.AlertKind
	Account  string // an account's id; empty: any, of a balance all of them together
	Amount   string
	Currency string // where no account names one
	Income   string // see IncomeID
	Failures string // a number, or FailuresDay
}

// FailuresDay is chosen to be told of a bank that fails for a day.
const FailuresDay = "day"

// Rule is a rule with how what it watches stands.
type Rule struct {
	storage.AlertRule
	Account  *storage.Account // nil: any
	Standing Standing         // of a balance
	NotRead  bool             // no consent in use reaches the account any more
}

// Rules lists the rules, each with how it stands, the oldest first.
func (a *Alerts) Rules(ctx context.Context) ([]Rule, error) {
	all, err := a.Store.AlertRules(ctx)
	if err != nil {
		return nil, err
	}
	var rules []Rule
	for _, one := range all {
		rule := Rule{AlertRule: one}
		if one.AccountID != 0 {
			account, err := a.Holdings.Account(ctx, one.AccountID)
			if errors.Is(err, storage.ErrNotFound) {
				continue // it has just been erased, and the rule with it
			}
			if err != nil {
				return nil, err
			}
			ages, err := a.Holdings.AgesOf(ctx, account)
			if err != nil {
				return nil, err
			}
			rule.Account, rule.NotRead = &account, ages.Old.Accounts > 0
		}
		if one.Kind == storage.AlertBalance {
			if rule.Standing, err = a.standing(ctx, one); err != nil {
				return nil, err
			}
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// Add adds a rule, and notes how what it watches stands now: what is so already is not told. The fields of a failure are
// those of the form, "account", "amount", "currency", "income" and "failures".
func (a *Alerts) Add(ctx context.Context, f Form) error {
	rule := storage.AlertRule{Kind: f.Kind}
	var field string // that a second rule of the same would be refused at
	var wrong map[string]storage.Reason
	var err error
	switch f.Kind {
	case storage.AlertBalance, storage.AlertDebit:
		field = "amount"
		wrong, err = a.bound(ctx, f, &rule)
	case storage.AlertIncome:
		field = "income"
		wrong, err = a.income(ctx, f, &rule)
	case storage.AlertBank:
		field = "failures"
		wrong = f.failures(&rule)
	case storage.AlertApproval:
		field = "approval"
	default:
		return storage.ErrNotFound
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return failure.Unchanged(wrong)
	}
	all, err := a.Store.AlertRules(ctx)
	if err != nil {
		return err
	}
	if len(all) >= MostRules {
		return failure.Unchanged(map[string]storage.Reason{field: {Code: failure.TooManyAlerts, Of: MostRules}})
	}
	rule.Since = a.NowAt(environmentOf(ctx, a, rule.AccountID)).Format(time.DateOnly)
	rule.ID, err = a.Store.AddAlertRule(ctx, rule)
	if errors.Is(err, storage.ErrAlertThere) {
		return failure.Unchanged(map[string]storage.Reason{field: {Code: failure.AlertThere}})
	}
	if err != nil || rule.Kind != storage.AlertBalance {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	_, err = a.judgeBalance(ctx, rule)
	return err
}

// environmentOf is where an account is; "" for any.
func environmentOf(ctx context.Context, a *Alerts, accountID int64) string {
	account, err := a.Store.Account(ctx, accountID)
	if err != nil {
		return ""
	}
	return account.EnvironmentID
}

// Remove removes a rule, with what it told.
func (a *Alerts) Remove(ctx context.Context, id int64) error { return a.Store.RemoveAlertRule(ctx, id) }

// bound reads account, currency and amount. An account has its own currency, unless its bank names none.
func (a *Alerts) bound(ctx context.Context, f Form, rule *storage.AlertRule) (map[string]storage.Reason, error) {
	currency := f.Currency
	if f.Account != "" {
		id, err := strconv.ParseInt(f.Account, 10, 64)
		if err != nil {
			return map[string]storage.Reason{"account": {Code: failure.ChooseFromList}}, nil
		}
		account, err := a.Holdings.Account(ctx, id)
		if errors.Is(err, storage.ErrNotFound) {
			return map[string]storage.Reason{"account": {Code: failure.ChooseFromList}}, nil
		}
		if err != nil {
			return nil, err
		}
		rule.AccountID = account.ID
		if own := Currencies(account); len(own) == 1 {
			currency = own[0]
		} else if !slices.Contains(own, currency) {
			return map[string]storage.Reason{"currency": {Code: failure.ChooseFromList}}, nil
		}
	}
	code, fault := check.Currency(currency)
	if fault != nil {
		return map[string]storage.Reason{"currency": {Code: failure.ChooseFromList}}, nil
	}
	number, fault := amount(f, code)
	if fault != nil {
		return map[string]storage.Reason{"amount": {Code: string(fault.Code), Name: fault.Text, Text: fault.Other, Number: fault.Number, Of: fault.Of}}, nil
	}
	rule.Amount = xs2a.Amount{Number: number, Currency: code}
	return nil, nil
}

// amount reads the bound. A balance may fall below nothing, or below what is less.
func amount(f Form, currency string) (string, *check.Fault) {
	text := strings.TrimSpace(f.Amount)
	if f.Kind != storage.AlertBalance {
		return check.Amount(text, currency)
	}
	positive, negative := strings.CutPrefix(strings.Replace(text, "\u2212", "-", 1), "-")
	number, fault := check.Amount(positive, currency)
	switch {
	case fault != nil && fault.Code == check.NotPositive && !strings.Contains(positive, "-"):
		return "0", nil
	case fault == nil && negative:
		return "-" + number, nil
	}
	return number, fault
}

// Currencies are those in which an account may have a balance.
func Currencies(account storage.Account) (all []string) {
	if code, fault := check.Currency(account.Currency); fault == nil && code != "XXX" {
		return []string{code}
	}
	for _, b := range account.Balances {
		if !slices.Contains(all, b.Amount.Currency) {
			all = append(all, b.Amount.Currency)
		}
	}
	return all
}

// IncomeID names a regular income on a page: who it comes from stands nowhere in it.
func IncomeID(one holding.Regular) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", one.AccountID, one.Amount.Currency, one.Key))
	return hex.EncodeToString(sum[:8])
}

// Incomes lists the regular incomes that were found, one of each whom they come from; found is false where they were not
// looked for since transactions changed, and look is not wanted.
func (a *Alerts) Incomes(ctx context.Context, look bool) (all []holding.Regular, found bool, err error) {
	var regular holding.Regulars
	if look {
		regular, err = a.Holdings.Regular(ctx)
		found = err == nil
	} else {
		regular, found, err = a.Holdings.RegularFound(ctx)
	}
	seen := map[string]bool{}
	for _, one := range regular.Of(storage.MoneyIn) {
		if id := IncomeID(one); !one.Stopped && !seen[id] {
			seen[id] = true
			all = append(all, one)
		}
	}
	return all, found, err
}

func (a *Alerts) income(ctx context.Context, f Form, rule *storage.AlertRule) (map[string]storage.Reason, error) {
	all, _, err := a.Incomes(ctx, true)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(one holding.Regular) bool { return IncomeID(one) == f.Income })
	if i < 0 {
		return map[string]storage.Reason{"income": {Code: failure.ChooseFromList}}, nil
	}
	one := all[i]
	rule.AccountID, rule.Amount, rule.Counterparty, rule.Name = one.AccountID, one.Least, one.Key, one.Name
	return nil, nil
}

func (f Form) failures(rule *storage.AlertRule) map[string]storage.Reason {
	if f.Failures == FailuresDay {
		return nil
	}
	n, err := strconv.Atoi(f.Failures)
	if err != nil || n < 1 || n > MostFailures {
		return map[string]storage.Reason{"failures": {Code: failure.ChooseFromList}}
	}
	rule.Failures = n
	return nil
}
