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
		h = people.NewHousehold(strconv.FormatInt(s.seed, 10), s.bank(bic).Holder(), people.Find(login), s.since)
		s.households[key] = h
	}
	h.LiveUntil(people.DayOf(s.now()))
	s.overlay(bic, h)
	s.heap(bic, h)
	return h
}
