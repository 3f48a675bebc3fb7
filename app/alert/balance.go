package alert

import (
	"context"
	"slices"

	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// Unjudged is why a rule about a balance cannot be judged; empty: it can.
type Unjudged string

// The reasons.
const (
	NoBalance   Unjudged = "no balance"   // none is known in the currency
	OtherType   Unjudged = "other type"   // the bank does not send the balance that the person chose
	NotReached  Unjudged = "not reached"  // no consent in use reaches an account any more
	NotRead     Unjudged = "not read"     // an account was not read in full for some days
	NotAllKnown Unjudged = "not complete" // of an account no balance is known
)

// Standing is how what a rule watches stands now.
type Standing struct {
	Unjudged Unjudged
	Amount   xs2a.Amount // the balance; none where it cannot be judged
	Below    bool        // it is below the bound: it is told again once it was not
	Hidden   int         // accounts that the person has hidden, which count in no sum
}

// standing tells how the balance of a rule stands.
func (a *Alerts) standing(ctx context.Context, rule storage.AlertRule) (s Standing, err error) {
	if rule.AccountID == 0 {
		s, err = a.total(ctx, rule.Amount.Currency)
	} else {
		s, err = a.balance(ctx, rule.AccountID, rule.Amount.Currency)
	}
	s.Below = err == nil && s.Unjudged == "" && storage.TallyOf(s.Amount).Cmp(storage.TallyOf(rule.Amount)) < 0
	return s, err
}

// balance is what stands for an account in a currency.
func (a *Alerts) balance(ctx context.Context, accountID int64, currency string) (Standing, error) {
	account, err := a.Holdings.Account(ctx, accountID)
	if err != nil {
		return Standing{}, err
	}
	ages, err := a.Holdings.AgesOf(ctx, account)
	if err != nil {
		return Standing{}, err
	}
	one, has := holding.StandingIn(account, currency)
	switch {
	case ages.Old.Accounts > 0:
		return Standing{Unjudged: NotReached}, nil
	case !has:
		return Standing{Unjudged: NoBalance}, nil
	case ages.Late.Accounts > 0:
		return Standing{Unjudged: NotRead}, nil
	case one.Wanted != "":
		return Standing{Unjudged: OtherType}, nil
	}
	return Standing{Amount: one.Amount}, nil
}

// total is what all accounts in a currency come to, but for hidden ones.
func (a *Alerts) total(ctx context.Context, currency string) (Standing, error) {
	all, err := a.Holdings.Totals(ctx, 1)
	if err != nil {
		return Standing{}, err
	}
	i := slices.IndexFunc(all, func(t holding.Total) bool { return t.Currency == currency })
	if i < 0 {
		return Standing{Unjudged: NoBalance}, nil
	}
	s := Standing{Hidden: all[i].Hidden}
	switch total := all[i]; {
	case total.Accounts == 0:
		s.Unjudged = NoBalance
	case len(total.Without) > 0:
		s.Unjudged = NotAllKnown
	case total.Old.Accounts > 0:
		s.Unjudged = NotReached
	case total.Late.Accounts > 0:
		s.Unjudged = NotRead
	case total.Wanted > 0:
		s.Unjudged = OtherType
	default:
		s.Amount = total.Sum
	}
	return s, nil
}

// judgeBalance tells of a balance that fell below its bound: not of one that was below when it was judged first, and again
// only after it was not.
func (a *Alerts) judgeBalance(ctx context.Context, rule storage.AlertRule) (Standing, error) {
	s, err := a.standing(ctx, rule)
	if err != nil || s.Unjudged != "" {
		return s, err
	}
	states, err := a.Store.AlertStates(ctx, rule.ID)
	if err != nil {
		return s, err
	}
	before, judged := states[""]
	if judged && before.Fired == s.Below {
		return s, nil
	}
	now := a.NowAt("")
	var told []storage.Alert
	if judged && s.Below {
		told = append(told, storage.Alert{Rule: rule, AccountID: rule.AccountID, At: now, Amount: s.Amount})
	}
	return s, a.Store.SetAlertState(ctx, storage.AlertState{RuleID: rule.ID, Since: now, Fired: s.Below}, told...)
}
