package people

import "strconv"

// What the control books on an account is laid over what is drawn, as payments are, and
// unlike them it may be changed: words, days, whether it is booked yet, and whether the bank
// lists it at all.

// Books are what the control has booked on an account, and how the bank tells of it.
type Books struct {
	Conduct Conduct
	Entries []*Entry
}

// Conduct is how a bank tells of an account. What is empty is as it is with the bank's others.
type Conduct struct {
	IDs    IDHabit    `json:"ids"`
	Order  ListOrder  `json:"order"`
	Page   int        `json:"page"`   // entries on a page
	Offset bool       `json:"offset"` // pages are told apart by how many entries went before
	Deltas DeltaHabit `json:"deltas"` // how what is new is told alone
}

// IDHabit is what a bank does with the ids of what it lists.
type IDHabit string

const (
	UsualIDs  IDHabit = ""       // as in the bank's table
	StableIDs IDHabit = "own"    // a stable one each
	NoIDs     IDHabit = "none"   //
	SameID    IDHabit = "same"   // one for all
	NewIDs    IDHabit = "anew"   // others in each answer
	PlaceIDs  IDHabit = "places" // the place in the answer
)

// bookNumbers is where the numbers of these entries begin, beyond those of any bulk.
const bookNumbers = 3 * paidNumbers

// Keep lays books over an account, in the place of what lay there; nil takes them away.
func (acc *Account) Keep(b *Books) { acc.books = b }

// Books returns what lies over an account; none for nothing.
func (acc *Account) Books() Books {
	if acc.books == nil {
		return Books{}
	}
	return *acc.books
}

// Copy returns books that may be changed without these.
func (b Books) Copy() *Books {
	entries := make([]*Entry, len(b.Entries))
	for i, e := range b.Entries {
		own := *e
		entries[i] = &own
	}
	return &Books{b.Conduct, entries}
}

// Book adds an entry of a day to the books of an account, and returns it.
func (b *Books) Book(account string, on Day) *Entry {
	e := &Entry{Number: bookNumbers + len(b.Entries), Day: on, Booking: on}
	e.ID = FixedID("booked", account, strconv.Itoa(e.Number))
	b.Entries = append(b.Entries, e)
	return e
}

// ValueDay is the day from which on an entry counts for interest. It stays where the bank books
// the entry under another day.
func (e *Entry) ValueDay() Day {
	if e.Number >= bookNumbers {
		return e.Day
	}
	return e.Booking
}

// Entry returns the entry of a number; nil where there is none.
func (b *Books) Entry(number int) *Entry {
	if i := number - bookNumbers; i >= 0 && i < len(b.Entries) {
		return b.Entries[i]
	}
	return nil
}
