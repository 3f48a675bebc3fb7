// Package quirk has cards of what the program learned of banks from what went over the wire: how
// a bank has people approve, what its ids are worth, how its lists go on, how far back they go, in
// which forms it writes. Each says what showed it, how often and when last, and what speaks
// against it.
//
// Cards are learned when somebody looks, from the record of exchanges; nothing is done on the way
// of a request. A person can say something else, which counts then until they take it back. What
// is known of banks goes to others, and comes from them, as a profile: a file in which values are
// words of a fixed list or numbers, so that nothing a bank wrote of a person can stand in it.
package quirk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// MostLearned is how many exchanges with a bank are looked at, the newest; fewer where what was
// sent in them is long.
const MostLearned = 1000

// step is how many exchanges are read at once: each may have bodies of 64 KB.
const step = 50

// Config is what Quirks are made of.
type Config struct {
	Store *storage.Store
	Now   func() time.Time

	// Flush waits until every exchange that has ended has its row in the record.
	Flush func(ctx context.Context) error
}

// Quirks are what is known of banks. They are safe for concurrent use.
type Quirks struct{ Config }

// New returns Quirks.
func New(c Config) *Quirks { return &Quirks{c} }

// Deck is what is known of a bank.
type Deck struct {
	Environment string `json:"environment"`
	BIC         string `json:"bic"`
	Bank        string `json:"bank"` // its name
	Cards       []Card `json:"cards"`
	Exchanges   int    `json:"exchanges"` // that were looked at
	Older       bool   `json:"older"`     // there are older ones that were not looked at
}

// Card returns the card of a kind; one that says nothing where there is none.
func (d Deck) Card(k Kind) Card {
	at := slices.IndexFunc(d.Cards, func(c Card) bool { return c.Kind == k })
	if at < 0 {
		return Card{Kind: k, Use: useOf(k)}
	}
	return d.Cards[at]
}

// Bank returns what is known of a bank of an environment.
func (q *Quirks) Bank(ctx context.Context, environmentID, bic string) (Deck, error) {
	environment, err := q.Store.Environment(ctx, environmentID)
	if err != nil {
		return Deck{}, err
	}
	places, err := q.places(ctx, environment)
	if err != nil {
		return Deck{}, err
	}
	one, known := places[bic]
	if !known {
		one = &place{}
		if one.name, err = q.nameOf(ctx, environment, bic); err != nil {
			return Deck{}, err
		}
	}
	if err := q.Flush(ctx); err != nil {
		return Deck{}, err
	}
	return q.deck(ctx, environment, bic, *one)
}

// Environment returns what is known of each bank of an environment with which there was an
// exchange, or of which somebody said something, by name.
func (q *Quirks) Environment(ctx context.Context, environmentID string) ([]Deck, error) {
	environment, err := q.Store.Environment(ctx, environmentID)
	if err != nil {
		return nil, err
	}
	places, err := q.places(ctx, environment)
	if err != nil {
		return nil, err
	}
	if err := q.Flush(ctx); err != nil {
		return nil, err
	}
	decks := []Deck{}
	for bic, one := range places {
		deck, err := q.deck(ctx, environment, bic, *one)
		if err != nil {
			return nil, err
		}
		if len(deck.Cards) > 0 {
			decks = append(decks, deck)
		}
	}
	slices.SortFunc(decks, func(a, b Deck) int { return strings.Compare(a.Bank+" "+a.BIC, b.Bank+" "+b.BIC) })
	return decks, nil
}

// place is a bank with the flows in which there may be exchanges with it.
type place struct {
	name     string
	flows    []string
	consents []string // those of them that are consents
}

// nameOf is the name of a bank that the environment names or its directory lists; else its id.
func (q *Quirks) nameOf(ctx context.Context, e storage.Environment, bic string) (string, error) {
	if listed, named := e.Bank(bic); named {
		return listed.Name, nil
	}
	listed, err := q.Store.ASPSP(ctx, e.ID, bic)
	if errors.Is(err, storage.ErrNotFound) {
		return bic, nil
	}
	return listed.Name, err
}

// places are the banks of an environment with which something was done, or of which somebody said
// something.
func (q *Quirks) places(ctx context.Context, e storage.Environment) (map[string]*place, error) {
	places := map[string]*place{}
	at := func(bic, name string) *place {
		if places[bic] == nil {
			places[bic] = &place{name: name}
		}
		return places[bic]
	}
	consents, err := q.Store.Consents(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range consents {
		if c.EnvironmentID == e.ID {
			one := at(c.BIC, c.BankName)
			one.flows, one.consents = append(one.flows, c.ID), append(one.consents, c.ID)
		}
	}
	payments, err := q.Store.Payments(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range payments {
		if p.EnvironmentID == e.ID {
			one := at(p.BIC, p.BankName)
			one.flows = append(one.flows, p.ID)
		}
	}
	said, err := q.Store.Quirks(ctx, e.ID, "")
	for _, each := range said {
		if places[each.BIC] != nil {
			continue
		}
		name, err := q.nameOf(ctx, e, each.BIC)
		if err != nil {
			return nil, err
		}
		at(each.BIC, name)
	}
	return places, err
}

// deck learns of a bank, and puts beside it what was said of it.
func (q *Quirks) deck(ctx context.Context, e storage.Environment, bic string, at place) (Deck, error) {
	deck := Deck{Environment: e.ID, BIC: bic, Bank: at.name, Cards: []Card{}}
	moments, err := q.Store.ReadMoments(ctx, at.consents)
	if err != nil {
		return deck, err
	}
	l := newLearner(moments)
	for before := int64(0); len(at.flows) > 0 && !deck.Older; {
		page, err := q.Store.Exchanges(ctx, storage.ExchangeQuery{FlowIDs: at.flows, Before: before}, step)
		if err != nil {
			return deck, err
		}
		for _, one := range page {
			before = one.ID
			if deck.Older = deck.Exchanges == MostLearned || l.full(); deck.Older {
				break
			}
			deck.Exchanges++
			l.add(one)
		}
		if len(page) < step {
			break
		}
	}
	deck.Cards, err = q.withSaid(ctx, e.ID, bic, l.cards())
	return deck, err
}

// withSaid puts beside what was learned what a person or a profile said.
func (q *Quirks) withSaid(ctx context.Context, environmentID, bic string, learned []Card) ([]Card, error) {
	said, err := q.Store.Quirks(ctx, environmentID, bic)
	if err != nil {
		return nil, err
	}
	byKind := map[Kind]Card{}
	for _, card := range learned {
		byKind[card.Kind] = card
	}
	for _, one := range said {
		k, is := Kind(one.Kind).known()
		if _, ok := k.joined(strings.Fields(one.Value)); !is || !ok {
			continue // of a version that knew other words
		}
		card := byKind[k.Kind]
		card.Kind, card.Use = k.Kind, useOf(k.Kind)
		statement := &Statement{Values: strings.Fields(one.Value), Note: one.Note, File: one.File, At: one.At, Times: one.Times, ByHand: one.ByHand}
		if one.Source == storage.QuirkByHand {
			card.Hand = statement
		} else {
			card.Profile = statement
		}
		byKind[k.Kind] = card
	}
	cards := []Card{}
	for _, k := range kinds {
		if card, there := byKind[k.Kind]; there {
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// Learning learns of the banks of an environment from exchanges that somebody else reads, the
// newest first.
type Learning struct {
	quirks  *Quirks
	names   map[string]string
	moments map[string]map[string]time.Time // by flow
	banks   map[string]*learner
}

// Learn begins a learning.
func (q *Quirks) Learn() *Learning {
	return &Learning{q, map[string]string{}, map[string]map[string]time.Time{}, map[string]*learner{}}
}

// Add learns of a bank from an exchange with it.
func (l *Learning) Add(ctx context.Context, bic, name string, e storage.Exchange) error {
	one := l.banks[bic]
	if one == nil {
		one = newLearner(map[string]time.Time{})
		l.banks[bic], l.names[bic] = one, name
	}
	if l.moments[e.FlowID] == nil {
		moments, err := l.quirks.Store.ReadMoments(ctx, []string{e.FlowID})
		if err != nil {
			return err
		}
		l.moments[e.FlowID] = moments
		for id, at := range moments {
			one.moments[id] = at
		}
	}
	one.add(e)
	return nil
}

// Decks returns what was learned, with what was said of those banks, by name.
func (l *Learning) Decks(ctx context.Context, environmentID string) ([]Deck, error) {
	var decks []Deck
	for bic, one := range l.banks {
		cards, err := l.quirks.withSaid(ctx, environmentID, bic, one.cards())
		if err != nil {
			return nil, err
		}
		decks = append(decks, Deck{Environment: environmentID, BIC: bic, Bank: l.names[bic], Cards: cards, Older: one.full()})
	}
	slices.SortFunc(decks, func(a, b Deck) int { return strings.Compare(a.Bank+" "+a.BIC, b.Bank+" "+b.BIC) })
	return decks, nil
}

// Correct keeps what a person says of a bank in a kind, instead of what was learned.
func (q *Quirks) Correct(ctx context.Context, environmentID, bic string, k Kind, values []string, note string) error {
	of, known := k.known()
	if !known {
		return storage.ErrNotFound
	}
	if _, err := q.Store.Environment(ctx, environmentID); err != nil {
		return err
	}
	wrong := map[string]storage.Reason{}
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	value, ok := of.joined(values)
	if !ok && of.values == nil {
		wrong["value"] = storage.Reason{Code: failure.NumberBetween, Number: of.least, Of: of.most}
	} else if !ok {
		wrong["value"] = storage.Reason{Code: failure.ChooseFromList}
	}
	note = strings.Join(strings.Fields(note), " ")
	if why := unfit(note, nil); why != "" {
		wrong["note"] = storage.Reason{Code: why, Of: mostNote}
	}
	if len(wrong) > 0 {
		return failure.Unchanged(wrong)
	}
	return q.Store.PutQuirks(ctx, environmentID, []storage.Quirk{{BIC: bic, Kind: string(k), Source: storage.QuirkByHand, Value: value, Note: note, ByHand: true}})
}

// TakeBack takes back what a person, or a profile, said of a bank in a kind.
func (q *Quirks) TakeBack(ctx context.Context, environmentID, bic string, k Kind, from Source) error {
	source := storage.QuirkByHand
	if from == ByProfile {
		source = storage.QuirkByProfile
	}
	return q.Store.RemoveQuirk(ctx, environmentID, bic, string(k), source)
}

// Corrected returns what a person said of a bank, by kind. What was learned or came with a profile
// is not among it: nobody here has looked at that.
func (q *Quirks) Corrected(ctx context.Context, environmentID, bic string) (map[Kind][]string, error) {
	said, err := q.Store.Quirks(ctx, environmentID, bic)
	corrected := map[Kind][]string{}
	for _, one := range said {
		if k, known := Kind(one.Kind).known(); known && one.Source == storage.QuirkByHand {
			if _, ok := k.joined(strings.Fields(one.Value)); ok {
				corrected[k.Kind] = strings.Fields(one.Value)
			}
		}
	}
	return corrected, err
}
