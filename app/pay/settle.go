package pay

import (
	"slices"

	"consentry/storage"
)

// answer is what was found for a place.
type answer struct {
	found []storage.Transaction
	sure  bool
}

// settle says for each place which transaction belongs there. A transaction is a place's for
// sure where more speaks for it than for any other that the place may have, and more for
// this place than for any other that may have it; or where the place may have no other, and
// no other place is in the same need. What belongs to one place belongs to no other. Where
// that leaves a choice, it is left to the person.
func settle(places []place, pool []entry) []answer {
	m := matching{byPlace: make([][]claim, len(places)), byEntry: make([][]claim, len(pool))}
	for i, at := range places {
		for j, e := range pool {
			if like := at.takes(e); like != unlike {
				one := claim{i, j, like}
				m.byPlace[i], m.byEntry[j] = append(m.byPlace[i], one), append(m.byEntry[j], one)
			}
		}
	}
	answers := make([]answer, len(places))
	for one, found := m.certain(); found; one, found = m.certain() {
		answers[one.place] = answer{[]storage.Transaction{pool[one.entry].Transaction}, true}
		m.remove(m.byPlace[one.place])
		m.remove(m.byEntry[one.entry])
	}
	for i, rest := range m.byPlace {
		if one, is := m.booked(rest, pool); is {
			answers[i] = answer{[]storage.Transaction{pool[one.entry].Transaction}, true}
			continue
		}
		for _, one := range rest {
			answers[i].found = append(answers[i].found, pool[one.entry].Transaction)
		}
	}
	return answers
}

// claim is that an entry may belong to a place.
type claim struct {
	place, entry int
	like         likeness
}

// matching is all claims that are open, by both of their sides.
type matching struct{ byPlace, byEntry [][]claim }

// remove takes claims away.
func (m *matching) remove(gone []claim) {
	for _, one := range slices.Clone(gone) {
		is := func(c claim) bool { return c == one }
		m.byPlace[one.place] = slices.DeleteFunc(m.byPlace[one.place], is)
		m.byEntry[one.entry] = slices.DeleteFunc(m.byEntry[one.entry], is)
	}
}

// certain finds a claim that is right for sure.
func (m *matching) certain() (claim, bool) {
	for _, list := range m.byPlace {
		if best, is := strongest(list); is && best.like > possible {
			if other, is := strongest(m.byEntry[best.entry]); is && other == best {
				return best, true
			}
		}
	}
	for _, list := range m.byPlace {
		if len(list) == 1 && list[0].like > possible && !slices.ContainsFunc(m.byEntry[list[0].entry], func(c claim) bool {
			return c != list[0] && (c.like > list[0].like || len(m.byPlace[c.place]) == 1)
		}) {
			return list[0], true
		}
	}
	return claim{}, false
}

// strongest returns the claim for which most speaks, if it is one alone.
func strongest(list []claim) (best claim, is bool) {
	for _, c := range list {
		switch {
		case c.like > best.like:
			best, is = c, true
		case c.like == best.like:
			is = false
		}
	}
	return best, is
}

// booked returns the one that is booked among a place's claims of which the rest are pending:
// for a moment banks tell a transaction as both. No other place claims any of them.
func (m *matching) booked(list []claim, pool []entry) (one claim, is bool) {
	n := 0
	for _, c := range list {
		if len(m.byEntry[c.entry]) > 1 {
			return claim{}, false
		}
		if !pool[c.entry].Pending {
			one, n = c, n+1
		}
	}
	return one, n == 1 && len(list) > 1 && one.like > possible
}
