package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"

	"consentry/xs2a/sandbox/people"
)

// bookedEntry is an entry as the control shows the books.
type bookedEntry struct {
	Number int    `json:"number"`
	Date   string `json:"date"` // under which it is booked, or will be
	Amount string `json:"amount"`
	Name   string `json:"name"`
	Text   string `json:"text"`
	Status string `json:"status"`         // booked, pending or dropped
	Made   bool   `json:"made,omitempty"` // by the control
}

// bookOrder is what the control is to book, or to change of what it booked.
type bookOrder struct {
	Number  int     `json:"number"` // 0: a new one
	Date    string  `json:"date"`   // "" for today, or as it is
	Amount  string  `json:"amount"`
	Name    *string `json:"name"`
	Text    *string `json:"text"`
	Pending *bool   `json:"pending"`
	Dropped *bool   `json:"dropped"`
}

// controlBooks answers GET /_control/books?bank=&psu=&account=: all that is on the books, the newest first.
func (s *Sandbox) controlBooks(r *http.Request) (any, error) {
	number, err := strconv.Atoi(r.FormValue("account"))
	if err != nil {
		return nil, formatError("account", "account is a number")
	}
	acc, _, err := s.accountAt(r.FormValue("bank"), r.FormValue("psu"), number)
	if err != nil {
		return nil, err
	}
	list, books := []bookedEntry{}, acc.Books()
	for status, entries := range map[string][]*people.Entry{"booked": acc.Statement(s.now(), true), "pending": acc.Statement(s.now(), false), "dropped": dropped(acc)} {
		for _, e := range entries {
			list = append(list, bookedEntry{e.Number, e.Booking.String(), people.Decimal(e.Minor), e.Name, e.Text, status, books.Entry(e.Number) != nil})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Number > list[j].Number })
	return map[string]any{"iban": acc.IBAN, "currency": acc.Currency, "entries": list}, nil
}

// dropped are the entries that were booked and are listed no more.
func dropped(acc *people.Account) (list []*people.Entry) {
	for _, e := range acc.Books().Entries {
		if e.Dropped {
			list = append(list, e)
		}
	}
	return list
}

// accountAt finds an account of a person, and the name it has in the state.
func (s *Sandbox) accountAt(bic, login string, number int) (acc *people.Account, key string, err error) {
	b, person, err := s.personAt(bic, login)
	if err != nil {
		return nil, "", err
	}
	h := s.household(b.BIC, person.Login)
	if number < 0 || number >= len(h.Accounts) {
		return nil, "", formatError("account", fmt.Sprintf("account is a number from 0 to %d", len(h.Accounts)-1))
	}
	return h.Accounts[number], bulkKey(b.BIC, person.Login, number), nil
}

// controlBook answers POST /_control/books, with the numbers of the entries that are new.
func (s *Sandbox) controlBook(r *http.Request) (any, error) {
	var body struct {
		Bank    string          `json:"bank"`
		PSU     string          `json:"psu"`
		Account int             `json:"account"`
		Conduct *people.Conduct `json:"conduct"`
		Entries []bookOrder     `json:"entries"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	acc, key, err := s.accountAt(body.Bank, body.PSU, body.Account)
	if err != nil {
		return nil, err
	}
	books := acc.Books().Copy()
	if body.Conduct != nil {
		if err := possible(*body.Conduct); err != nil {
			return nil, err
		}
		books.Conduct = *body.Conduct
	}
	numbers := []int{}
	for _, order := range body.Entries {
		e, err := s.entryOf(books, key, order)
		if err == nil {
			err = s.carryOut(order, e)
		}
		if order.Number == 0 || order.Pending != nil || order.Dropped != nil {
			books.Post(e, people.DayOf(s.now()))
		}
		if err != nil {
			return nil, err
		}
		if order.Number == 0 {
			numbers = append(numbers, e.Number)
		}
	}
	if s.state.Books == nil { // a state file of before
		s.state.Books = map[string]*people.Books{}
	}
	s.state.Books[key] = books
	s.state.touch()
	acc.Keep(books)
	return map[string]any{"numbers": numbers}, nil
}

// possible refuses a conduct that there is not.
func possible(c people.Conduct) error {
	switch {
	case !slices.Contains([]people.IDHabit{people.UsualIDs, people.StableIDs, people.NoIDs, people.SameID, people.NewIDs, people.PlaceIDs}, c.IDs):
		return formatError("ids", "ids is own, none, same, anew or places")
	case !slices.Contains([]people.ListOrder{"", people.NewestFirst, people.OldestFirst, people.InRuns}, c.Order):
		return formatError("order", "order is newest, oldest or runs")
	case !slices.Contains([]people.DeltaHabit{people.UsualDeltas, people.NoDeltas, people.ByReference, people.ByBookingDay, people.ByReport}, c.Deltas):
		return formatError("deltas", "deltas is none, reference, dated or list")
	case c.Page < 0 || c.Page > longestPage:
		return formatError("page", fmt.Sprintf("page is a number from 1 to %d", longestPage))
	}
	return nil
}

// entryOf finds the entry that an order is about, or books a new one.
func (s *Sandbox) entryOf(books *people.Books, key string, order bookOrder) (*people.Entry, error) {
	if order.Number != 0 {
		if e := books.Entry(order.Number); e != nil {
			return e, nil
		}
		return nil, formatError("number", "number is that of an entry that the control has booked")
	}
	if len(books.Entries) == mostBooked {
		return nil, formatError("entries", fmt.Sprintf("%d entries of an account at most", mostBooked))
	}
	return books.Book(key, people.DayOf(s.now())), nil
}

// carryOut changes an entry as an order says.
func (s *Sandbox) carryOut(order bookOrder, e *people.Entry) error {
	if order.Date != "" {
		on, err := people.ParseDay(order.Date)
		if err != nil || on > people.DayOf(s.now()) {
			return formatError("date", "date is a day up to today, 2026-01-31")
		}
		if e.Booking = on; order.Number == 0 || e.Pending {
			e.Day = on
		}
	}
	if order.Amount != "" || order.Number == 0 {
		abs, out := strings.CutPrefix(order.Amount, "-")
		minor, ok := minorOf(abs)
		if !ok {
			return formatError("amount", "amount is what moves, as -12.50")
		}
		e.Minor, e.Use = minor, people.TransferIn
		if out {
			e.Minor, e.Use = -minor, people.TransferOut
		}
	}
	for to, said := range map[*string]*string{&e.Name: order.Name, &e.Text: order.Text} {
		if said != nil {
			*to = *said
		}
	}
	for to, said := range map[*bool]*bool{&e.Pending: order.Pending, &e.Dropped: order.Dropped} {
		if said != nil {
			*to = *said
		}
	}
	return nil
}
