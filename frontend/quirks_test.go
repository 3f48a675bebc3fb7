package frontend

import (
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app/failure"
	"consentry/app/quirk"
	"consentry/storage"
)

// exampleDeck has a card of each kind, and each value once.
func exampleDeck() quirk.Deck {
	deck := quirk.Deck{Environment: "sandbox", BIC: "kruemel", Bank: hostile, Exchanges: 14}
	for _, kind := range quirk.Kinds() {
		card := quirk.Card{Kind: kind, Use: quirk.Noted}
		for i, value := range kind.Values() {
			card.Learned = append(card.Learned, quirk.Finding{Value: value, Times: i + 1, First: daysAgo(3), Latest: now, Exchanges: []int64{int64(i + 1)}})
		}
		switch kind {
		case quirk.Period:
			card.Use = quirk.UsedPeriod
			card.Learned = []quirk.Finding{{Value: "89", Times: 2, Latest: now, Refused: 729, Exchanges: []int64{7, 6}}, {Value: "729", Times: 1, Latest: daysAgo(1), Exchanges: []int64{3}}}
			card.Hand = &quirk.Statement{Values: []string{"180"}, Note: hostile, At: now, ByHand: true}
			card.Profile = &quirk.Statement{Values: []string{"90"}, Note: hostile, File: hostile, At: now, Times: 3}
		case quirk.Quota:
			card.Use = quirk.UsedGrant
			card.Profile = &quirk.Statement{Values: []string{"4"}, File: "quirks.json", At: now, ByHand: true}
		case quirk.BookingStatus:
			card.Use = quirk.UsedReads
		case quirk.Latency:
			card.Learned = []quirk.Finding{{Value: "40", Times: 12}}
			card.Hours = []quirk.Hour{{Hour: 9, Times: 12, Median: 40 * time.Millisecond, Millis: 40}}
		}
		deck.Cards = append(deck.Cards, card)
	}
	return deck
}

// quirkScreens are the views with the data that is hardest on them.
func quirkScreens() map[string]templ.Component {
	deck := exampleDeck()
	older := quirk.Deck{Environment: "e1", BIC: "B", Bank: "B", Exchanges: quirk.MostLearned, Older: true}
	wrong := failure.Unchanged(map[string]storage.Reason{"value": {Code: failure.ChooseFromList}, "note": {Code: failure.NoteWithNumber}})
	beyond := failure.Unchanged(map[string]storage.Reason{"value": {Code: failure.NumberBetween, Number: 1, Of: 3660}, "note": {Code: failure.LongerThan, Of: 300}})
	environment := storage.Environment{ID: "sandbox", Name: hostile}
	of := func(kind quirk.Kind, values []string, note string) quirk.ImportedCard {
		card := quirk.ImportedCard{Card: deck.Card(kind)}
		card.Profile = &quirk.Statement{Values: values, Note: note}
		return card
	}
	same, former := of(quirk.Quota, []string{"4"}, ""), of(quirk.Quota, []string{"4"}, "")
	same.Same, former.Former = true, &quirk.Statement{Values: []string{"2"}}
	plan := quirk.Import{Banks: []quirk.ImportedBank{{BIC: "kruemel", Name: hostile, Cards: []quirk.ImportedCard{
		of(quirk.Period, []string{"90"}, hostile), of(quirk.Nulls, []string{"null"}, ""), of(quirk.Signs, []string{"unsigned"}, ""), same, former,
	}}}, More: 2, LeftOut: []quirk.LeftOut{
		{Bank: hostile, Why: storage.Reason{Code: failure.BankElsewhere}}, {Bank: hostile, Kind: quirk.Period, Why: storage.Reason{Code: failure.NoteWithSecret}},
		{Bank: hostile, Why: storage.Reason{Code: failure.KindUnknown, Name: hostile}},
	}}
	return map[string]templ.Component{
		"quirks":               quirksScreen(quirksView{deck}),
		"quirks-none":          quirksScreen(quirksView{older}),
		"quirks-seen":          quirksSeen([]quirk.Deck{deck}),
		"quirk":                quirkScreen(quirkView{Deck: deck, Card: deck.Card(quirk.Paging), Values: []string{"inside"}}),
		"quirk-one":            quirkScreen(quirkView{Deck: deck, Card: deck.Card(quirk.Signs), Note: hostile, Failure: wrong}),
		"quirk-number":         quirkScreen(quirkView{Deck: deck, Card: deck.Card(quirk.Period), Values: []string{hostile}, Failure: beyond}),
		"quirk-banks":          environmentQuirksScreen(environmentQuirksView{Environment: environment, Decks: []quirk.Deck{deck}}),
		"quirk-banks-none":     environmentQuirksScreen(environmentQuirksView{Environment: environment}),
		"quirk-import":         quirkImportScreen(quirkImportView{Environment: environment}),
		"quirk-import-mistake": quirkImportScreen(quirkImportView{Environment: environment, Failure: notTaken(storage.Reason{Code: failure.ProfileVersion, Number: 2, Of: 1})}),
		"quirk-import-preview": quirkImportScreen(quirkImportView{Environment: environment, Content: "{}", FileName: hostile, Import: plan}),
		"quirk-import-nothing": quirkImportScreen(quirkImportView{Environment: environment, Content: "{}"}),
	}
}

func TestQuirkScreens(t *testing.T) { golden(t, quirkScreens()) }

// TestQuirksHaveWords: each kind, value and use has its own, so that none is shown empty.
func TestQuirksHaveWords(t *testing.T) {
	for _, kind := range quirk.Kinds() {
		if kindWords[kind] == "" || (numberWords[kind] == nil) != (kind.Values() != nil) || len(valueWords[kind]) != len(kind.Values()) {
			t.Errorf("%s: %q, %d words of %d values", kind, kindWords[kind], len(valueWords[kind]), len(kind.Values()))
		}
		for _, value := range kind.Values() {
			if quirkValue(t.Context(), kind, value) == "" {
				t.Errorf("%s %s has no words", kind, value)
			}
		}
	}
	for _, card := range exampleDeck().Cards {
		if useWords[card.Use] == "" {
			t.Errorf("%s has no words", card.Use)
		}
	}
}
