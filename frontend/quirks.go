package frontend

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/app/quirk"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// quirksView is what is known of a bank, as cards.
type quirksView struct {
	quirk.Deck
}

// quirks shows what the program learned of a bank.
func (s *Server) quirks(w http.ResponseWriter, r *http.Request) error {
	deck, err := s.deck(r)
	if err != nil {
		return err
	}
	view := quirksView{deck}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Quirks of %s", deck.Bank), Section: SectionBanks}, quirksScreen(view))
}

// deck is that of the bank in an address; of one that is listed by its name.
func (s *Server) deck(r *http.Request) (quirk.Deck, error) {
	deck, err := s.app.Quirks().Bank(r.Context(), r.PathValue("env"), r.PathValue("bic"))
	if err != nil || deck.Bank != deck.BIC {
		return deck, err
	}
	bank, err := s.app.Banks().Bank(r.Context(), deck.Environment, deck.BIC)
	deck.Bank = bank.Name
	return deck, err
}

// badge is from where what a card says is; none where it was learned and nothing speaks against it.
func quirkBadge(ctx context.Context, card quirk.Card) (tone ui.Tone, word string) {
	switch _, from := card.Says(); {
	case from == quirk.ByHand:
		return ui.Info, words.T(ctx, "Corrected")
	case from == quirk.ByProfile:
		return ui.Neutral, words.T(ctx, "From a profile")
	case !card.Kind.Several() && len(card.Against()) > 0:
		return ui.Warn, words.T(ctx, "Contradicted")
	}
	return ui.Neutral, ""
}

// findingWords say how sure a finding is; where it is not the only one, or another than the card
// says, which it is.
func findingWords(ctx context.Context, card quirk.Card, of quirk.Finding) string {
	seen := words.N(ctx, of.Times, "Seen %d time", "Seen %d times")
	if !of.Latest.IsZero() {
		seen = words.T(ctx, "%s, last on %s", seen, ui.DateWords(ctx, of.Latest))
	}
	if len(card.Learned) == 1 && card.Hand == nil {
		return seen
	}
	return words.T(ctx, "%s: %s", quirkValue(ctx, card.Kind, of.Value), seen)
}

// exchangeWord names an exchange among several.
func exchangeWord(ctx context.Context, id int64) string {
	return words.T(ctx, "Exchange %s", strconv.FormatInt(id, 10))
}

// hourWord is an hour of the day.
func hourWord(hour int) string { return strconv.Itoa(hour) + ":00" }

// quirkView is what a person says of a bank in one kind.
type quirkView struct {
	quirk.Deck
	Card    quirk.Card
	Values  []string
	Note    string
	Failure *app.Error
}

// quirk asks what a person says instead.
func (s *Server) quirk(w http.ResponseWriter, r *http.Request) error {
	view, err := s.quirkOf(r)
	if err != nil {
		return err
	}
	view.Values, _ = view.Card.Says()
	if view.Card.Hand != nil {
		view.Note = view.Card.Hand.Note
	}
	return s.page(w, r, view.page(r.Context()), quirkScreen(view))
}

// correctQuirk keeps it.
func (s *Server) correctQuirk(w http.ResponseWriter, r *http.Request) error {
	view, err := s.quirkOf(r)
	if err != nil {
		return err
	}
	view.Values, view.Note = r.PostForm["value"], r.PostFormValue("note")
	err = s.app.Quirks().Correct(r.Context(), view.Environment, view.BIC, view.Card.Kind, view.Values, view.Note)
	if failed, known := asFailure(err); known {
		view.Failure = failed
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(r.Context()), quirkScreen(view))
	}
	if err != nil {
		return err
	}
	redirect(w, r, quirksPath(view.Environment, view.BIC)+"#"+string(view.Card.Kind))
	return nil
}

// takeQuirkBack takes back what a person, or a profile, said.
func (s *Server) takeQuirkBack(w http.ResponseWriter, r *http.Request) error {
	view, err := s.quirkOf(r)
	if err != nil {
		return err
	}
	if err := s.app.Quirks().TakeBack(r.Context(), view.Environment, view.BIC, view.Card.Kind, quirk.Source(r.PostFormValue("from"))); err != nil {
		return err
	}
	redirect(w, r, quirksPath(view.Environment, view.BIC)+"#"+string(view.Card.Kind))
	return nil
}

func (s *Server) quirkOf(r *http.Request) (quirkView, error) {
	kind := quirk.Kind(r.PathValue("kind"))
	if kindWords[kind] == "" {
		return quirkView{}, storage.ErrNotFound
	}
	deck, err := s.deck(r)
	if err != nil {
		return quirkView{}, err
	}
	if err := r.ParseForm(); err != nil {
		return quirkView{}, storage.ErrNotFound
	}
	return quirkView{Deck: deck, Card: deck.Card(kind)}, nil
}

func (view quirkView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Correct: %s", words.T(ctx, kindWords[view.Card.Kind])), Section: SectionBanks}
}

// options are the values to choose from.
func (view quirkView) options(ctx context.Context) (all []ui.Option) {
	for _, value := range view.Card.Kind.Values() {
		chosen := false
		for _, each := range view.Values {
			chosen = chosen || each == value
		}
		all = append(all, ui.Option{Value: value, Label: quirkValue(ctx, view.Card.Kind, value), Chosen: chosen})
	}
	return all
}

// valueField asks for the value.
func (view quirkView) valueField(ctx context.Context) ui.Field {
	field := fields{view.Failure}.field(ctx, "value", "What the bank does", "", strings.Join(view.Values, " "))
	field.Attrs = nil
	if view.Card.Kind.Values() == nil {
		field = fields{view.Failure}.number(ctx, "value", "What the bank does", "", strings.Join(view.Values, " "))
		least, most := view.Card.Kind.Bounds()
		field.Hint = words.T(ctx, "A number from %s to %s", strconv.Itoa(least), strconv.Itoa(most))
	}
	return field
}

func (view quirkView) noteField(ctx context.Context) ui.Field {
	return fields{view.Failure}.field(ctx, "note", "Note", "How you know it; at most 300 characters, without names, account numbers and secrets, since it goes into profiles", view.Note)
}

// speaksAgainst reports whether a finding is among those.
func speaksAgainst(against []quirk.Finding, one quirk.Finding) bool {
	for _, each := range against {
		if each.Value == one.Value {
			return true
		}
	}
	return false
}

// unknownKinds are those a deck has no card of.
func unknownKinds(deck quirk.Deck) (kinds []quirk.Kind) {
	for _, kind := range quirk.Kinds() {
		if says, _ := deck.Card(kind).Says(); says == nil {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// quirks leads from a flow to what is known of its bank; empty where the bank is not known.
func (view flowView) quirks() string {
	switch {
	case view.Fork != nil:
		return quirksPath(view.Fork.EnvironmentID, view.Fork.BIC)
	case view.Consent != nil:
		return quirksPath(view.Consent.EnvironmentID, view.Consent.BIC)
	case view.Payment != nil:
		return quirksPath(view.Payment.EnvironmentID, view.Payment.BIC)
	case view.BIC != "":
		return quirksPath(view.EnvironmentID, view.BIC)
	}
	return ""
}
