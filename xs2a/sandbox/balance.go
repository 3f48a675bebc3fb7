package sandbox

import (
	"time"

	"consentry/xs2a/sandbox/people"
)

// balance is one balance of an account, of one type (balance, Open Payments 1.3.3).
type balance struct {
	Amount        amount `json:"balanceAmount"`
	Type          string `json:"balanceType"`
	CreditLimit   *bool  `json:"creditLimitIncluded,omitempty"`
	LastChange    string `json:"lastChangeDateTime,omitempty"`
	ReferenceDate string `json:"referenceDate,omitempty"`
	LastCommitted string `json:"lastCommittedTransaction,omitempty"`
}

func (s *Sandbox) getBalances(c *call) (answer, error) {
	acc, err := s.sharedAccount(c)
	if err != nil {
		return answer{}, err
	}
	if !acc.serves().Balances {
		return answer{}, notGranted("balances")
	}
	if err := s.meter(c, "balances "+acc.id); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{
		"account":  accountReference{IBAN: acc.IBAN, Currency: acc.Currency},
		"balances": s.balances(acc),
	})
}

// balances returns the balances of the types that the bank sends. All of them are
// sums over the account's entries.
func (s *Sandbox) balances(acc shared) []balance {
	now := s.now()
	booked, pending := acc.Statement(now, true), acc.Statement(now, false)
	list := make([]balance, 0, len(acc.bank.Balances))
	for _, kind := range acc.bank.Balances {
		b := balance{Type: kind}
		minor := people.Sum(booked)
		switch kind {
		case "closingBooked": // the end of yesterday
			for _, e := range booked {
				if e.Booking == people.DayOf(now) {
					minor -= e.Minor
				}
			}
			b.ReferenceDate = (people.DayOf(now) - 1).String()
		case "expected":
			minor += people.Sum(pending)
		case "interimAvailable":
			for _, e := range pending {
				minor += min(e.Minor, 0)
			}
			if acc.Limit > 0 {
				included := true
				minor, b.CreditLimit = minor+acc.Limit, &included
			}
		}
		if kind != "closingBooked" && len(booked) > 0 {
			b.LastChange = booked[0].BookedAt(now).Format(time.RFC3339)
			b.LastCommitted = acc.reference(booked[0])
		}
		b.Amount = amountAt(acc.bank, minor, acc.Currency)
		list = append(list, b)
	}
	return list
}
