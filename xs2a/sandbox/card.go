package sandbox

import (
	"slices"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// Card accounts have services of their own at banks that keep them apart
// (BG 1.3.12, /card-accounts).

type cardDetails struct {
	ResourceID string          `json:"resourceId"`
	MaskedPAN  string          `json:"maskedPan"`
	Currency   string          `json:"currency"`
	Owner      string          `json:"ownerName"`
	Name       string          `json:"name"`
	Product    string          `json:"product"`
	Debit      bool            `json:"debitAccounting"`
	Status     string          `json:"status"`
	Usage      string          `json:"usage"`
	Limit      amount          `json:"creditLimit"`
	Balances   []balance       `json:"balances,omitempty"`
	Links      map[string]link `json:"_links"`
}

type cardTransaction struct {
	ID          string           `json:"cardTransactionId"`
	Date        string           `json:"transactionDate"`
	BookingDate string           `json:"bookingDate,omitempty"`
	Amount      amount           `json:"transactionAmount"`
	Original    *amount          `json:"originalAmount,omitempty"`
	Exchange    []currencyChange `json:"currencyExchange,omitempty"`
	MaskedPAN   string           `json:"maskedPAN"`
	Details     string           `json:"transactionDetails"`
	Invoiced    bool             `json:"invoiced"`
	Proprietary string           `json:"proprietaryBankTransactionCode"`
}

// referenceAt names an account as the bank does.
func referenceAt(b *bank.Bank, acc *people.Account) accountReference {
	if b.CardApart(acc) {
		return accountReference{MaskedPAN: acc.MaskedPAN(), Currency: acc.Currency}
	}
	return accountReference{IBAN: acc.IBAN, Currency: acc.Currency}
}

// shownNumber is what people read.
func shownNumber(b *bank.Bank, acc *people.Account) string {
	if b.CardApart(acc) {
		return acc.MaskedPAN()
	}
	return acc.IBAN
}

// sharedOf lists what a consent gives, cards or all else.
func (s *Sandbox) sharedOf(c *call, cards bool) []shared {
	return slices.DeleteFunc(s.shared(c.consent), func(acc shared) bool { return c.bank.CardApart(acc.Account) != cards })
}

// sharedCard finds the card account of a path.
func (s *Sandbox) sharedCard(c *call) (shared, error) {
	for _, acc := range s.sharedOf(c, true) {
		if acc.id == c.request.PathValue("account") {
			return acc, nil
		}
	}
	return shared{}, unknownAccount()
}

// cardAmount turns debits positive at a bank with debit accounting.
func cardAmount(b *bank.Bank, minor int64, currency string) amount {
	if b.Behaviour.Debit {
		minor = -minor
	}
	return amountAt(b, minor, currency)
}

func (s *Sandbox) getCards(c *call) (answer, error) {
	if err := s.meter(c, "card-accounts"); err != nil {
		return answer{}, err
	}
	list := []cardDetails{}
	for _, acc := range s.sharedOf(c, true) {
		list = append(list, s.cardDetails(c, acc))
	}
	return ok(map[string]any{"cardAccounts": list})
}

func (s *Sandbox) getCard(c *call) (answer, error) {
	acc, err := s.sharedCard(c)
	if err != nil {
		return answer{}, err
	}
	if err := s.meter(c, "card-account "+acc.id); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"cardAccount": s.cardDetails(c, acc)})
}

func (s *Sandbox) cardDetails(c *call, acc shared) cardDetails {
	here := pathsOf(c.bank).cards + "/" + acc.id
	d := cardDetails{
		ResourceID: acc.id, MaskedPAN: acc.MaskedPAN(), Currency: acc.Currency, Owner: acc.of.Person.Name, Name: acc.Name, Product: acc.Product,
		Debit: c.bank.Behaviour.Debit, Status: "enabled", Usage: "PRIV", Limit: amountAt(c.bank, acc.Limit, acc.Currency), Links: map[string]link{},
	}
	if acc.grant.Balances {
		d.Links["balances"] = c.link(here + "/balances")
		if c.request.URL.Query().Get("withBalance") == "true" && acc.serves().Balances {
			d.Balances = s.cardBalances(acc)
		}
	}
	if acc.grant.Transactions {
		d.Links["transactions"] = c.link(here + "/transactions")
	}
	return d
}

func (s *Sandbox) cardBalances(acc shared) []balance {
	now := s.now()
	booked, pending := acc.Statement(now, true), acc.Statement(now, false)
	owed, included := people.Sum(booked), true
	b := acc.bank
	return []balance{
		{Type: "interimBooked", Amount: cardAmount(b, owed, acc.Currency), ReferenceDate: people.DayOf(now).String()},
		{Type: "nonInvoiced", Amount: cardAmount(b, people.Sum(pending), acc.Currency)},
		{Type: "interimAvailable", Amount: amountAt(b, owed+people.Sum(pending)+acc.Limit, acc.Currency), CreditLimit: &included},
	}
}

func (s *Sandbox) getCardBalances(c *call) (answer, error) {
	acc, err := s.sharedCard(c)
	if err != nil {
		return answer{}, err
	}
	if !acc.serves().Balances {
		return answer{}, notGranted("balances")
	}
	if err := s.meter(c, "card-balances "+acc.id); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"cardAccount": referenceAt(c.bank, acc.Account), "debitAccounting": c.bank.Behaviour.Debit, "balances": s.cardBalances(acc)})
}

func (s *Sandbox) getCardTransactions(c *call) (answer, error) {
	acc, err := s.sharedCard(c)
	if err != nil {
		return answer{}, err
	}
	if !acc.serves().Transactions {
		return answer{}, notGranted("transactions")
	}
	q, err := s.statementQuery(c, acc)
	if err != nil {
		return answer{}, err
	}
	if q.delta.habit != "" {
		return answer{}, noDeltas("deltaList")
	}
	if err := s.meter(c, "card-transactions "+acc.id); err != nil {
		return answer{}, err
	}
	report := map[string]any{"_links": map[string]link{"cardAccount": c.link(pathsOf(c.bank).cards + "/" + acc.id)}}
	for name, booked := range map[string]bool{"booked": true, "pending": false} {
		if q.status == "both" || q.status == name {
			list := []cardTransaction{}
			for _, e := range acc.Statement(s.now(), booked) {
				if e.Day >= q.from && e.Day <= q.to {
					list = append(list, acc.cardTransaction(e, booked))
				}
			}
			report[name] = list
		}
	}
	return ok(map[string]any{"cardAccount": referenceAt(c.bank, acc.Account), "debitAccounting": c.bank.Behaviour.Debit, "cardTransactions": report})
}

// cardTransaction is an entry as card services write it.
func (acc shared) cardTransaction(e *people.Entry, booked bool) cardTransaction {
	b := acc.bank
	t := cardTransaction{
		ID: acc.entryID(e, booked), Date: e.Day.String(), Amount: cardAmount(b, e.Minor, acc.Currency), MaskedPAN: acc.MaskedPAN(),
		Details: e.Name + ", " + e.Text, Invoiced: booked, Proprietary: codes[e.Use][1],
	}
	if booked {
		t.BookingDate = e.Booking.String()
	}
	if e.Foreign != nil {
		original := amountAt(b, e.Foreign.Minor, e.Foreign.Currency)
		t.Original, t.Exchange = &original, []currencyChange{acc.change(e)}
	}
	return t
}
