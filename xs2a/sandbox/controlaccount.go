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
	mostEntries = 200_000
	mostDays    = 720 // all of them are served: historyMonths are never shorter
	longestPage = 5_000
)

// bulkKey names an account in the state.
func bulkKey(bic, login string, number int) string {
	return bic + " " + login + " " + strconv.Itoa(number)
}

// heap lays what the control added over the household's accounts.
func (s *Sandbox) heap(bic string, h *people.Household) {
	for _, acc := range h.Accounts {
		h.AddBulk(acc, s.state.Bulks[bulkKey(bic, h.Person.Login, acc.Number)])
	}
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
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	b, person := s.bankNamed(body.Bank), people.Find(body.PSU)
	switch {
	case b == nil:
		return nil, formatError("bank", "bank has to be the BIC or the id of a practice bank")
	case person == nil:
		return nil, formatError("psu", "psu has to be the login of a person who is listed for practice")
	}
	made := &people.Bulk{Entries: body.Entries, Days: body.Days, Busiest: body.Busiest, Order: body.Order, Page: body.Page, Until: people.DayOf(s.now()) - 1}
	if err := complete(made); err != nil {
		return nil, err
	}
	h := s.household(b.BIC, person.Login)
	if body.Account < 0 || body.Account >= len(h.Accounts) {
		return nil, formatError("account", fmt.Sprintf("account is a number from 0 to %d", len(h.Accounts)-1))
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
