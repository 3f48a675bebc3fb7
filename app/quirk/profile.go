package quirk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/storage"
)

// A profile is a file with what is known of banks, for others. docs/testing.md describes it.
const (
	profileFormat  = "consentry-quirk-profile"
	profileVersion = 1

	// MaxProfile is how many bytes a profile may have: a bank takes four thousand.
	MaxProfile = 900 << 10

	mostProfiled = 2000 // banks of one
	mostName     = 100  // characters of a bank's name, its id and that of a file
	mostNamed    = 50   // parts that were left out and are named; the others are counted
	mostTimes    = 1_000_000
)

type (
	profile struct {
		Format   string         `json:"format"`
		Version  int            `json:"version"`
		MadeOn   string         `json:"madeOn"`
		NotesOut int            `json:"notesLeftOut,omitempty"` // since a person is named in them
		Banks    []profiledBank `json:"banks"`
	}
	profiledBank struct {
		ID      string         `json:"id"`  // as its environment names it
		BIC     string         `json:"bic"` // empty where none is known
		Name    string         `json:"name"`
		Dialect string         `json:"dialect"`
		Cards   []profiledCard `json:"cards"`
	}
	profiledCard struct {
		Kind    Kind            `json:"kind"`
		Values  []string        `json:"values"`
		ByHand  bool            `json:"byHand"`
		Note    string          `json:"note,omitempty"`
		Times   int             `json:"times"`
		Latest  string          `json:"lastSeen,omitempty"` // a day
		Refused int             `json:"refusedDays,omitempty"`
		Against []profiledValue `json:"against,omitempty"`
		Hours   []Hour          `json:"hours,omitempty"`
	}
	profiledValue struct {
		Value string `json:"value"`
		Times int    `json:"times"`
	}
)

// Profile is a profile that was made.
type Profile struct {
	Name string // of what it is about: a bank or an environment
	File []byte
}

// Profile makes a profile of an environment or, where bic is not empty, of one of its banks. What
// came with another profile and was not seen here is not passed on: nobody here can vouch for it.
func (q *Quirks) Profile(ctx context.Context, environmentID, bic string) (Profile, error) {
	environment, err := q.Store.Environment(ctx, environmentID)
	if err != nil {
		return Profile{}, err
	}
	made := Profile{Name: environment.Name}
	var decks []Deck
	if bic == "" {
		decks, err = q.Environment(ctx, environmentID)
	} else {
		var deck Deck
		deck, err = q.Bank(ctx, environmentID, bic)
		decks, made.Name = []Deck{deck}, deck.Bank
	}
	if err != nil {
		return Profile{}, err
	}
	names, err := q.names(ctx)
	if err != nil {
		return Profile{}, err
	}
	file := profile{Format: profileFormat, Version: profileVersion, MadeOn: q.Now().UTC().Format(time.DateOnly), Banks: []profiledBank{}}
	for _, deck := range decks {
		one := profiledBank{ID: deck.BIC, BIC: bicOf(environment, deck.BIC), Name: deck.Bank, Dialect: environment.ProfileOf(deck.BIC).Dialect, Cards: []profiledCard{}}
		for _, card := range deck.Cards {
			if profiled, is := profiledOf(card); is {
				if unfit(profiled.Note, names) != "" {
					profiled.Note = ""
					file.NotesOut++
				}
				one.Cards = append(one.Cards, profiled)
			}
		}
		file.Banks = append(file.Banks, one)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(file)
	made.File = text.Bytes()
	return made, err
}

func profiledOf(c Card) (profiledCard, bool) {
	values, from := c.Says()
	if from != ByHand && from != ByTraffic {
		return profiledCard{}, false
	}
	one := profiledCard{Kind: c.Kind, Values: values, ByHand: from == ByHand, Times: c.Times(), Hours: c.Hours}
	if latest := c.Latest(); !latest.IsZero() {
		one.Latest = latest.UTC().Format(time.DateOnly)
	}
	if c.Hand != nil {
		one.Note = c.Hand.Note
	} else if len(c.Learned) > 0 {
		one.Refused = c.Learned[0].Refused
	}
	for _, each := range c.Against() {
		one.Against = append(one.Against, profiledValue{each.Value, each.Times})
	}
	return one, true
}

// names are those of the people whose accounts are here, whole and in words.
func (q *Quirks) names(ctx context.Context) (names []string, err error) {
	accounts, err := q.Store.Accounts(ctx)
	for _, each := range accounts {
		names = append(names, each.OwnerName)
		for _, word := range strings.Fields(each.OwnerName) {
			if utf8.RuneCountInString(word) > 3 {
				names = append(names, word)
			}
		}
	}
	return names, err
}

// Import is what a profile would change.
type Import struct {
	Banks   []ImportedBank
	LeftOut []LeftOut // what is not taken, at most mostNamed
	More    int       // that are not named
}

// ImportedBank is a bank of a profile that the environment has.
type ImportedBank struct {
	BIC, Name string
	Cards     []ImportedCard
}

// ImportedCard is a card of a profile, beside what the card here says.
type ImportedCard struct {
	Card              // as it would be
	Former *Statement // what an earlier profile said, which this one replaces
	Same   bool       // that said the same
}

// Conflicts reports whether the card here says something else than the profile.
func (c ImportedCard) Conflicts() bool { return c.ProfileDiffers() }

// LeftOut is something of a profile that is not taken.
type LeftOut struct {
	Bank string
	Kind Kind // empty: the bank as a whole
	Why  storage.Reason
}

// Count returns how many cards would be new or changed, how many stay, and how many of all
// conflict with what was learned or corrected.
func (i Import) Count() (changed, same, conflicts int) {
	for _, one := range i.Banks {
		for _, card := range one.Cards {
			if card.Same {
				same++
			} else {
				changed++
			}
			if card.Conflicts() {
				conflicts++
			}
		}
	}
	return changed, same, conflicts
}

// PlanImport says what a profile would change at an environment. It is a *failure.Error where the
// file is no profile.
func (q *Quirks) PlanImport(ctx context.Context, environmentID string, file []byte) (Import, error) {
	plan, _, err := q.plan(ctx, environmentID, "", file)
	return plan, err
}

// Import takes over what a profile says, and returns how many cards that changed. What was learned
// or corrected stays, and counts before it.
func (q *Quirks) Import(ctx context.Context, environmentID, name string, file []byte) (int, error) {
	plan, said, err := q.plan(ctx, environmentID, name, file)
	if err != nil {
		return 0, err
	}
	changed, _, _ := plan.Count()
	return changed, q.Store.PutQuirks(ctx, environmentID, said)
}

func (q *Quirks) plan(ctx context.Context, environmentID, fileName string, file []byte) (plan Import, said []storage.Quirk, err error) {
	read, err := readProfile(file)
	if err != nil {
		return plan, nil, err
	}
	environment, err := q.Store.Environment(ctx, environmentID)
	if err != nil {
		return plan, nil, err
	}
	places, err := q.places(ctx, environment)
	if err != nil {
		return plan, nil, err
	}
	if err := q.Flush(ctx); err != nil {
		return plan, nil, err
	}
	at := map[string]bool{}
	for _, one := range read.Banks {
		id, err := q.bankIn(ctx, environment, one)
		if err != nil {
			return plan, nil, err
		}
		name := cmp.Or(shown(one.Name), shown(one.BIC), shown(one.ID))
		switch {
		case id == "":
			plan.leave(LeftOut{Bank: name, Why: storage.Reason{Code: failure.BankElsewhere}})
			continue
		case at[id]:
			plan.leave(LeftOut{Bank: name, Why: storage.Reason{Code: failure.BankTwice}})
			continue
		}
		at[id] = true
		there := places[id]
		if there == nil {
			there = &place{}
			if there.name, err = q.nameOf(ctx, environment, id); err != nil {
				return plan, nil, err
			}
		}
		deck, err := q.deck(ctx, environment, id, *there)
		if err != nil {
			return plan, nil, err
		}
		imported := plan.bank(deck, one.Cards)
		for _, card := range imported.Cards {
			said = append(said, storage.Quirk{
				BIC: id, Kind: string(card.Kind), Source: storage.QuirkByProfile, Value: strings.Join(card.Profile.Values, " "),
				Note: card.Profile.Note, File: shown(fileName), Times: card.Profile.Times, ByHand: card.Profile.ByHand,
			})
		}
		plan.Banks = append(plan.Banks, imported)
	}
	return plan, said, nil
}

// bank returns what would become of the cards of a bank; those that are not taken it notes.
func (i *Import) bank(deck Deck, cards []profiledCard) ImportedBank {
	imported := ImportedBank{BIC: deck.BIC, Name: deck.Bank}
	for _, card := range cards {
		if slices.ContainsFunc(imported.Cards, func(c ImportedCard) bool { return c.Kind == card.Kind }) {
			i.leave(LeftOut{deck.Bank, card.Kind, storage.Reason{Code: failure.KindTwice}})
			continue
		}
		taken, why := i.card(deck, card)
		if why.Given() {
			i.leave(LeftOut{deck.Bank, "", why})
			continue
		}
		imported.Cards = append(imported.Cards, taken)
	}
	return imported
}

// card returns what would become of a card, or why it is not taken. A note that may not stand on
// one is left out alone.
func (i *Import) card(deck Deck, of profiledCard) (ImportedCard, storage.Reason) {
	k, known := of.Kind.known()
	if !known {
		return ImportedCard{}, storage.Reason{Code: failure.KindUnknown, Name: shown(string(of.Kind))}
	}
	value, ok := "", len(of.Values) <= len(k.values)+1
	if ok {
		value, ok = k.joined(of.Values)
	}
	if !ok {
		return ImportedCard{}, storage.Reason{Code: failure.ValueUnknown, Name: string(k.Kind)}
	}
	if why := unfit(of.Note, nil); why != "" {
		i.leave(LeftOut{deck.Bank, k.Kind, storage.Reason{Code: why, Of: mostNote}})
		of.Note = ""
	}
	card := ImportedCard{Card: deck.Card(k.Kind)}
	card.Former = card.Profile
	card.Profile = &Statement{Values: strings.Fields(value), Note: of.Note, Times: min(max(of.Times, 0), mostTimes), ByHand: of.ByHand}
	card.Same = card.Former != nil && slices.Equal(card.Former.Values, card.Profile.Values) && card.Former.Note == card.Profile.Note
	return card, storage.Reason{}
}

func (i *Import) leave(one LeftOut) {
	if len(i.LeftOut) == mostNamed {
		i.More++
		return
	}
	i.LeftOut = append(i.LeftOut, one)
}

// bankIn returns the id by which an environment has a bank of a profile; empty where it has none.
func (q *Quirks) bankIn(ctx context.Context, e storage.Environment, of profiledBank) (id string, err error) {
	for _, listed := range e.Banks {
		if listed.ID == of.ID || of.BIC != "" && listed.BIC == of.BIC {
			return listed.ID, nil
		}
	}
	for _, id := range []string{of.ID, of.BIC} {
		if id == "" {
			continue
		}
		_, err := q.Store.ASPSP(ctx, e.ID, id)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return "", err
		}
	}
	return "", nil
}

// bicOf is the BIC of a bank, as far as it is known.
func bicOf(e storage.Environment, id string) string {
	if listed, named := e.Bank(id); named {
		return listed.BIC
	}
	return id // directories list banks by it
}

// readProfile reads a file as a profile. All of it is hostile until shown otherwise: a value that is
// none of its kind's goes no further, and what is text is held to notes and names.
func readProfile(file []byte) (profile, error) {
	var read profile
	if len(file) > MaxProfile {
		return read, noProfile(storage.Reason{Code: failure.FileLarger, Of: MaxProfile >> 10})
	}
	if err := json.Unmarshal(bytes.TrimPrefix(file, []byte("\ufeff")), &read); err != nil || read.Format != profileFormat {
		return read, noProfile(storage.Reason{Code: failure.NotAProfile})
	}
	switch {
	case read.Version < 1 || read.Version > profileVersion:
		return read, noProfile(storage.Reason{Code: failure.ProfileVersion, Number: read.Version, Of: profileVersion})
	case len(read.Banks) == 0:
		return read, noProfile(storage.Reason{Code: failure.ProfileEmpty})
	case len(read.Banks) > mostProfiled:
		return read, noProfile(storage.Reason{Code: failure.ProfileTooMany, Of: mostProfiled})
	}
	return read, nil
}

// noProfile says at its field why a file is not taken.
func noProfile(why storage.Reason) *failure.Error {
	refused := failure.Invalid(map[string]storage.Reason{"file": why})
	refused.Effect = failure.NothingTaken
	return refused
}

// shown is a name of somebody else's as it may be shown and kept.
func shown(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d { // letters are joined by these two
			return -1
		}
		return r
	}, name)
	if runes := []rune(strings.TrimSpace(name)); len(runes) > mostName {
		return string(runes[:mostName]) + "…"
	}
	return strings.TrimSpace(name)
}
