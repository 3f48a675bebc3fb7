package bank

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"consentry/storage"
	"consentry/storage/fold"
)

// Search is what a person types to find a bank among all that are known, and the place they
// have chosen, whose banks come first.
type Search struct {
	storage.ASPSPQuery
	Text string
	// CountryName returns what the person calls a country that a directory calls so.
	CountryName func(code, name string) string
}

// Found are banks that a search found, those that it fits best first.
type Found struct {
	Here      []Match // in the place that was chosen; all of them where none was
	Elsewhere []Match
	// Near says that no bank is called so, and that these are those whose names differ from
	// it by the fewest typing mistakes.
	Near bool
}

// All are the banks of both.
func (f Found) All() []Match { return slices.Concat(f.Here, f.Elsewhere) }

// Match is a bank with where it is.
type Match struct {
	storage.ASPSP
	Places []storage.Place
}

// Find finds banks by their names, BICs, notes and places, in all directories that were read.
func (r *Registry) Find(ctx context.Context, q Search) (Found, error) {
	all, err := r.store.ASPSPs(ctx, q.ASPSPQuery)
	if err != nil {
		return Found{}, err
	}
	places, err := r.store.Places(ctx)
	if err != nil {
		return Found{}, err
	}
	wanted := wantedIn(q.Text)
	if len(wanted.words) == 0 {
		return Found{Here: atPlaces(all, places)}, nil
	}
	here := map[storage.Listing]bool{}
	if q.CountryCode != "" || q.CityID != "" {
		for _, bank := range all {
			here[bank.Listing()] = true
		}
		if all, err = r.store.ASPSPs(ctx, storage.ASPSPQuery{Practice: q.Practice}); err != nil {
			return Found{}, err
		}
	}
	found, isNear := best(wanted, atPlaces(all, places), q.CountryName)
	result := Found{Near: isNear}
	for _, match := range found {
		if len(here) == 0 && q.CountryCode == "" && q.CityID == "" || here[match.Listing()] {
			result.Here = append(result.Here, match)
		} else {
			result.Elsewhere = append(result.Elsewhere, match)
		}
	}
	return result, nil
}

func atPlaces(banks []storage.ASPSP, places map[storage.Listing][]storage.Place) []Match {
	matches := make([]Match, len(banks))
	for i, bank := range banks {
		matches[i] = Match{bank, places[bank.Listing()]}
	}
	return matches
}

// wanted is what was typed, folded.
type wanted struct {
	words  []string
	joined string // without what separates them, as who types without blanks has it
}

func wantedIn(text string) wanted {
	words := fold.Words(text)
	return wanted{words, joined(words)}
}

func joined(words []string) string {
	one := strings.Join(words, "")
	return one[:min(len(one), fold.Longest)]
}

// name is what a bank is found by, folded.
type name struct {
	words  []string // of its name, and its codes
	joined string
	codes  []string
	around []string // of its note, its cities and countries
}

func nameOf(m Match, country func(code, name string) string) name {
	words := fold.Words(m.Name)
	n := name{words: words, joined: joined(words), around: fold.Words(m.Note)}
	for _, code := range []string{m.BIC, m.Code} {
		if code := joined(fold.Words(code)); code != "" {
			n.codes = append(n.codes, code)
		}
	}
	n.words = append(n.words, n.codes...)
	for _, place := range m.Places {
		n.around = append(n.around, fold.Words(place.City)...)
		n.around = append(n.around, fold.Words(place.Country)...)
		if country != nil {
			n.around = append(n.around, fold.Words(country(place.CountryCode, place.Country))...)
		}
	}
	return n
}

// fit says how well a bank fits what was typed: the less, the better.
type fit int

// The fits, from the best on.
const (
	called     fit = iota // it is called so, or has that code
	begins                // its name begins so, or its code
	ofWords               // words of its name begin so
	containing            // something in its name does, or its note, or its place
	unfit
)

// best returns the banks that fit, the best first and otherwise in their order; where none
// does, those with the fewest typing mistakes.
func best(w wanted, all []Match, country func(code, name string) string) (found []Match, isNear bool) {
	names := make([]name, len(all))
	fits := map[storage.Listing]fit{}
	for i, m := range all {
		names[i] = nameOf(m, country)
		if as := names[i].fit(w); as < unfit {
			fits[m.Listing()], found = as, append(found, m)
		}
	}
	if len(found) == 0 {
		found = nearestOf(w, all, names)
		return found, len(found) > 0
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(fits[a.Listing()], fits[b.Listing()]) })
	return found, false
}

// nearestOf returns the banks with the fewest typing mistakes.
func nearestOf(w wanted, all []Match, names []name) (found []Match) {
	least := -1
	for i, m := range all {
		n, few := names[i].near(w)
		switch {
		case !few || least >= 0 && n > least:
		case n == least:
			found = append(found, m)
		default:
			least, found = n, []Match{m}
		}
	}
	return found
}

// fit returns how a bank's name fits what was typed as it stands.
func (n name) fit(w wanted) fit {
	switch {
	case n.joined == w.joined || slices.Contains(n.codes, w.joined):
		return called
	case strings.HasPrefix(n.joined, w.joined) || slices.ContainsFunc(n.codes, func(code string) bool { return strings.HasPrefix(code, w.joined) }):
		return begins
	}
	as := ofWords
	for _, word := range w.words {
		begun := func(other string) bool { return strings.HasPrefix(other, word) }
		holds := func(other string) bool { return strings.Contains(other, word) }
		switch {
		case slices.ContainsFunc(n.words, begun):
		case slices.ContainsFunc(n.words, holds), slices.ContainsFunc(n.around, begun):
			as = containing
		default:
			return unfit
		}
	}
	return as
}

// near returns how many typing mistakes lie between what was typed and a bank's name, and
// whether they are few enough.
func (n name) near(w wanted) (mistaken int, few bool) {
	few = true
	for _, word := range w.words {
		least := nearest(word, n.words, n.around)
		mistaken += least
		few = few && least <= mistakes(word)
	}
	if whole := nearest(w.joined, []string{n.joined}); whole <= mistakes(w.joined) && (!few || whole < mistaken) {
		return whole, true
	}
	return mistaken, few
}

// nearest returns the fewest mistakes by which one of the words differs from what was typed.
func nearest(typed string, among ...[]string) int {
	most := mistakes(typed)
	least := most + 1
	for _, words := range among {
		for _, word := range words {
			if strings.HasPrefix(word, typed) {
				return 0
			}
			if most > 0 && least > 1 {
				least = min(least, near(typed, word, most))
			}
		}
	}
	return least
}
