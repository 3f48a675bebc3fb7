package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// The most that one account may be given, and the longest page.
const (
	mostEntries = 1_000_000
	mostBooked  = 10_000 // by the control, one by one
	mostDays    = 720    // all of them are served: historyMonths are never shorter
	longestPage = 5_000
)

// bulkKey names an account in the state.
func bulkKey(bic, login string, number int) string {
	return bic + " " + login + " " + strconv.Itoa(number)
}

// heap lays what the control added over the household's accounts.
func (s *Sandbox) heap(bic string, h *people.Household) {
	for _, acc := range h.Accounts {
		key := bulkKey(bic, h.Person.Login, acc.Number)
		h.AddBulk(acc, s.state.Bulks[key])
		acc.Keep(s.state.Books[key])
	}
}

// controlAccount is an account as the control shows it, with what it can bear now.
type controlAccount struct {
	Number    int    `json:"number"`
	IBAN      string `json:"iban"`
	BBAN      string `json:"bban,omitempty"`
	Currency  string `json:"currency"`
	Name      string `json:"name"`
	Available string `json:"available"`
	Closed    bool   `json:"closed,omitempty"`
}

// controlAccounts answers GET /_control/accounts?bank=&psu=: what a person has at a bank, so
// that it can be paid from without a consent.
func (s *Sandbox) controlAccounts(r *http.Request) (any, error) {
	b, person, err := s.personAt(r.FormValue("bank"), r.FormValue("psu"))
	if err != nil {
		return nil, err
	}
	return s.accountsShown(b, s.household(b.BIC, person.Login)), nil
}

func (s *Sandbox) accountsShown(b *bank.Bank, h *people.Household) []controlAccount {
	list := []controlAccount{}
	for _, acc := range h.Accounts {
		if !b.CardApart(acc) {
			list = append(list, controlAccount{
				acc.Number, acc.IBAN, acc.BBAN, acc.Currency, acc.Name, people.Decimal(s.available(acc)), s.hasClosed(b.BIC, h.Person.Login, acc),
			})
		}
	}
	return list
}

// close closes an account of a person, or opens it again.
func (s *Sandbox) close(bic, login string, number int, closed bool) {
	if s.state.Closed == nil { // a state file of before
		s.state.Closed = map[string]bool{}
	}
	key := bulkKey(bic, login, number)
	s.state.Closed[key] = closed
	if !closed {
		delete(s.state.Closed, key)
	}
	s.state.touch()
}

// hasClosed reports whether an account of a person is closed: it is shown as it was, and
// nothing can be paid from it.
func (s *Sandbox) hasClosed(bic, login string, acc *people.Account) bool {
	return s.state.Closed[bulkKey(bic, login, acc.Number)]
}

// personAt finds a bank and a person who is listed for practice.
func (s *Sandbox) personAt(bic, login string) (*bank.Bank, *people.Person, error) {
	b, person := s.bankNamed(bic), people.Find(login)
	switch {
	case b == nil:
		return nil, nil, formatError("bank", "bank has to be the BIC or the id of a practice bank")
	case person == nil:
		return nil, nil, formatError("psu", "psu has to be the login of a person who is listed for practice")
	}
	return b, person, nil
}

// controlBulk answers POST /_control/accounts.
func (s *Sandbox) controlBulk(r *http.Request) (any, error) {
	var body struct {
		Bank    string           `json:"bank"` // BIC, or the id of a bank without a directory
		PSU     string           `json:"psu"`
		Account int              `json:"account"`
		Entries int              `json:"entries"`
		Days    int              `json:"days"`
		Busiest int              `json:"busiest"`
		Order   people.ListOrder `json:"order"`
		Page    int              `json:"page"`
		Closed  *bool            `json:"closed"` // and nothing else of the account is changed
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	b, person, err := s.personAt(body.Bank, body.PSU)
	if err != nil {
		return nil, err
	}
	h := s.household(b.BIC, person.Login)
	if body.Account < 0 || body.Account >= len(h.Accounts) {
		return nil, formatError("account", fmt.Sprintf("account is a number from 0 to %d", len(h.Accounts)-1))
	}
	if body.Closed != nil {
		s.close(b.BIC, person.Login, body.Account, *body.Closed)
		return s.accountsShown(b, h), nil
	}
	made := &people.Bulk{Entries: body.Entries, Days: body.Days, Busiest: body.Busiest, Order: body.Order, Page: body.Page, Until: people.DayOf(s.now()) - 1}
	if err := complete(made); err != nil {
		return nil, err
	}
	s.putBulk(bulkKey(b.BIC, person.Login, body.Account), made)
	s.heap(b.BIC, h)
	return s.served(h.Accounts[body.Account]), nil
}

// complete fills in what was left out, and refuses what cannot be.
func complete(b *people.Bulk) error {
	if b.Days == 0 {
		b.Days = mostDays
	}
	if b.Page == 0 {
		b.Page = pageSize
	}
	if b.Order == "" {
		b.Order = people.NewestFirst
	}
	switch {
	case b.Entries < 0 || b.Entries > mostEntries:
		return formatError("entries", fmt.Sprintf("entries is a number up to %d", mostEntries))
	case b.Days < 1 || b.Days > mostDays:
		return formatError("days", fmt.Sprintf("days is a number from 1 to %d", mostDays))
	case b.Busiest < 0 || b.Busiest > b.Entries:
		return formatError("busiest", "busiest is how many of the entries fall on one day")
	case b.Page < 1 || b.Page > longestPage:
		return formatError("page", fmt.Sprintf("page is a number from 1 to %d", longestPage))
	case !slices.Contains([]people.ListOrder{people.NewestFirst, people.OldestFirst, people.InRuns}, b.Order):
		return formatError("order", "order is newest, oldest or runs")
	}
	return nil
}

func (s *Sandbox) putBulk(key string, b *people.Bulk) {
	if s.state.Bulks == nil { // a state file of before
		s.state.Bulks = map[string]*people.Bulk{}
	}
	s.state.Bulks[key] = b
	if b.Entries == 0 {
		delete(s.state.Bulks, key)
	}
	s.state.touch()
}

// served says what a TPP gets of an account when it asks for all that there is.
func (s *Sandbox) served(acc *people.Account) map[string]any {
	oldest := people.DayOf(s.now()).MonthsAgo(historyMonths)
	list := slices.DeleteFunc(acc.Statement(s.now(), true), func(e *people.Entry) bool { return e.Booking < oldest })
	said := map[string]any{"iban": acc.IBAN, "currency": acc.Currency, "name": acc.Name, "booked": len(list)}
	if len(list) > 0 {
		said["newest"], said["oldest"] = list[0].Booking.String(), list[len(list)-1].Booking.String()
	}
	return said
}

// bankNamed finds a bank by its BIC, or by the id in its addresses; nil when there
// is none.
func (s *Sandbox) bankNamed(name string) *bank.Bank {
	for _, b := range s.banks {
		if name != "" && (b.BIC == name || b.ID == name) {
			return b
		}
	}
	return nil
}
