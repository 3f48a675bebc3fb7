package sandbox

import (
	"strconv"

	"consentry/xs2a/sandbox/people"
)

// household draws what a person has at a bank and lets it live until today.
func (s *Sandbox) household(bic, login string) *people.Household {
	key := bic + " " + login
	h := s.households[key]
	if h == nil {
		h = people.NewHousehold(strconv.FormatInt(s.seed, 10), s.bank(bic).holder(), people.Find(login))
		s.households[key] = h
	}
	h.LiveUntil(people.DayOf(s.now()))
	s.overlay(bic, h)
	s.heap(bic, h)
	return h
}

// holder is the bank as its people's households know it.
func (b *bank) holder() people.Holder {
	return people.Holder{BIC: b.bic, Name: b.display(), Country: b.country, City: b.cities[0], Cards: b.habit != nil && b.habit.cards}
}
