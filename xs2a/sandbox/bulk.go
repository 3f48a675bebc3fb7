package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// A practice account may be given a great many entries, as the account of a shop
// has them: drawn from the seed like everything else, and laid over what its
// household lives through.

// bulk is what the control adds to one account.
type bulk struct {
	Entries int
	Days    int // over which they are spread, the last of them Until
	Busiest int // how many of them fall on one day, in the middle
	Until   day
	Order   listOrder
	Page    int // entries on a page of the list
}

// The most that one account may be given, and the longest page.
const (
	mostEntries = 200_000
	mostDays    = 720 // all of them are served: historyMonths are never shorter
	longestPage = 5_000
)

// bulkNumbers is where the numbers of these entries begin, beyond all paid ones.
const bulkNumbers = 2 * paidNumbers

// listOrder is the order in which a bank lists entries.
type listOrder string

const (
	newestFirst listOrder = "newest"
	oldestFirst listOrder = "oldest"
	// inRuns goes over the whole period several times, newest first, with other
	// entries each time: whoever has left a day comes back to it.
	inRuns listOrder = "runs"
)

// runs is how often inRuns goes over the period.
const runs = 3

// arrange puts a list that runs backwards in time into the order.
func (o listOrder) arrange(list []*entry) []*entry {
	switch o {
	case oldestFirst:
		slices.Reverse(list)
	case inRuns:
		arranged := make([]*entry, 0, len(list))
		for run := range runs {
			for _, e := range list {
				if e.number%runs == run {
					arranged = append(arranged, e)
				}
			}
		}
		return arranged
	}
	return list
}

// bulkKey names an account in the state.
func bulkKey(bic, login string, number int) string {
	return bic + " " + login + " " + strconv.Itoa(number)
}

// heap lays what the control added over the household's accounts. It is drawn
// once: whatever is booked stays.
func (s *Sandbox) heap(h *household) {
	for _, acc := range h.accounts {
		b := s.state.Bulks[bulkKey(h.bank.bic, h.psu.login, acc.number)]
		if b != acc.added {
			acc.added, acc.bulk = b, h.drawBulk(acc, b)
		}
	}
}

// drawBulk gives the entries, newest first; none for nil.
func (h *household) drawBulk(acc *account, b *bulk) []*entry {
	if b == nil {
		return nil
	}
	d := newDice("bulk", h.seed, h.bank.bic, h.psu.login, strconv.Itoa(acc.number))
	customers := slices.Concat(h.words.friends, h.shops["grocery"], h.shops["online"])
	list := make([]*entry, b.Entries)
	for i := range list {
		on := b.dayOf(i)
		e := &entry{number: bulkNumbers + i, day: on, booking: on, minor: d.between(100, 250_000), use: transferIn, name: pick(d, customers)}
		if d.chance(40) {
			e.minor, e.use = -e.minor, transferOut
		}
		e.text = h.words.invoice + " " + strconv.Itoa(100_000+i)
		list[b.Entries-1-i] = e
	}
	return list
}

// dayOf is the day of the i-th entry, counted from the oldest: as many on each,
// but for the busiest.
func (b *bulk) dayOf(i int) day {
	first, middle, others := b.Until-day(b.Days)+1, b.Days/2, b.Entries-b.Busiest
	before := others / 2 // entries ahead of the busiest day's
	switch {
	case i >= before+b.Busiest:
		i -= b.Busiest
	case i >= before:
		return first + day(middle)
	}
	return first + day(i*b.Days/max(others, 1))
}

// merged is two lists, each newest first, as one.
func merged(a, b []*entry) []*entry {
	list := make([]*entry, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if laterFirst(a[0], b[0]) < 0 {
			list, a = append(list, a[0]), a[1:]
		} else {
			list, b = append(list, b[0]), b[1:]
		}
	}
	return append(append(list, a...), b...)
}

// controlBulk answers POST /_control/accounts.
func (s *Sandbox) controlBulk(r *http.Request) (any, error) {
	var body struct {
		Bank    string    `json:"bank"` // BIC, or the id of a bank without a directory
		PSU     string    `json:"psu"`
		Account int       `json:"account"`
		Entries int       `json:"entries"`
		Days    int       `json:"days"`
		Busiest int       `json:"busiest"`
		Order   listOrder `json:"order"`
		Page    int       `json:"page"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	b, person := s.bankNamed(body.Bank), findPSU(body.PSU)
	switch {
	case b == nil:
		return nil, formatError("bank", "bank has to be the BIC or the id of a practice bank")
	case person == nil:
		return nil, formatError("psu", "psu has to be the login of a person who is listed for practice")
	}
	made := &bulk{Entries: body.Entries, Days: body.Days, Busiest: body.Busiest, Order: body.Order, Page: body.Page, Until: dayOf(s.now()) - 1}
	if err := made.complete(); err != nil {
		return nil, err
	}
	h := s.household(b.bic, person.login)
	if body.Account < 0 || body.Account >= len(h.accounts) {
		return nil, formatError("account", fmt.Sprintf("account is a number from 0 to %d", len(h.accounts)-1))
	}
	s.putBulk(bulkKey(b.bic, person.login, body.Account), made)
	s.heap(h)
	return h.served(h.accounts[body.Account], s), nil
}

// complete fills in what was left out, and refuses what cannot be.
func (b *bulk) complete() error {
	if b.Days == 0 {
		b.Days = mostDays
	}
	if b.Page == 0 {
		b.Page = pageSize
	}
	if b.Order == "" {
		b.Order = newestFirst
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
	case !slices.Contains([]listOrder{newestFirst, oldestFirst, inRuns}, b.Order):
		return formatError("order", "order is newest, oldest or runs")
	}
	return nil
}

func (s *Sandbox) putBulk(key string, b *bulk) {
	if s.state.Bulks == nil { // a state file of before
		s.state.Bulks = map[string]*bulk{}
	}
	s.state.Bulks[key] = b
	if b.Entries == 0 {
		delete(s.state.Bulks, key)
	}
	s.state.touch()
}

// served says what a TPP gets of an account when it asks for all that there is.
func (h *household) served(acc *account, s *Sandbox) map[string]any {
	oldest := dayOf(s.now()).monthsAgo(historyMonths)
	list := slices.DeleteFunc(acc.statement(s.now(), true), func(e *entry) bool { return e.booking < oldest })
	said := map[string]any{"iban": acc.iban, "currency": acc.currency, "name": acc.name, "booked": len(list)}
	if len(list) > 0 {
		said["newest"], said["oldest"] = list[0].booking.String(), list[len(list)-1].booking.String()
	}
	return said
}

// bankNamed finds a bank by its BIC, or by the id in its addresses; nil when there
// is none.
func (s *Sandbox) bankNamed(name string) *bank {
	for _, b := range s.banks {
		if name != "" && (b.bic == name || b.id == name) {
			return b
		}
	}
	return nil
}
