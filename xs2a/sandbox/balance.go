package sandbox

import "time"

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
		"account":  accountReference{IBAN: acc.iban, Currency: acc.currency},
		"balances": s.balances(acc),
	})
}

// balances gives the balances of the types that the bank sends. All of them are
// sums over the account's entries.
func (s *Sandbox) balances(acc shared) []balance {
	now := s.now()
	booked, pending := acc.statement(now, true), acc.statement(now, false)
	list := make([]balance, 0, len(acc.of.bank.balances))
	for _, kind := range acc.of.bank.balances {
		b := balance{Type: kind}
		minor := sum(booked)
		switch kind {
		case "closingBooked": // the end of yesterday
			for _, e := range booked {
				if e.booking == dayOf(now) {
					minor -= e.minor
				}
			}
			b.ReferenceDate = (dayOf(now) - 1).String()
		case "expected":
			minor += sum(pending)
		case "interimAvailable":
			for _, e := range pending {
				minor += min(e.minor, 0)
			}
			if acc.limit > 0 {
				included := true
				minor, b.CreditLimit = minor+acc.limit, &included
			}
		}
		if kind != "closingBooked" && len(booked) > 0 {
			b.LastChange = booked[0].bookedAt(now.Location()).Format(time.RFC3339)
			b.LastCommitted = acc.reference(booked[0])
		}
		b.Amount = acc.of.bank.amount(minor, acc.currency)
		list = append(list, b)
	}
	return list
}

// bookedAt is the moment at which an entry goes onto the books.
func (e *entry) bookedAt(zone *time.Location) time.Time {
	y, m, d := e.booking.time().Date()
	return time.Date(y, m, d, bookingHour, 0, 0, 0, zone)
}
