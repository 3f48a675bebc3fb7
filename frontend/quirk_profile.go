package frontend

import (
	"context"
	"errors"
	"net/http"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/quirk"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// environmentQuirksView are the banks of an environment of which there are cards.
type environmentQuirksView struct {
	Environment storage.Environment
	Decks       []quirk.Deck
}

// environmentQuirks lists the banks of an environment of which there are cards.
func (s *Server) environmentQuirks(w http.ResponseWriter, r *http.Request) error {
	view := environmentQuirksView{}
	e, err := s.app.Banks().Environment(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	view.Environment = e.WithoutSecrets()
	if view.Decks, err = s.app.Quirks().Environment(r.Context(), e.ID); err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Quirks of %s", environmentName(r.Context(), e.Name)), Section: SectionSettings}, environmentQuirksScreen(view))
}

// deckWords say in a line what is known of a bank.
func deckWords(ctx context.Context, deck quirk.Deck) string {
	corrected, contradicted := 0, 0
	for _, card := range deck.Cards {
		if card.Hand != nil {
			corrected++
		} else if !card.Kind.Several() && len(card.Against()) > 0 {
			contradicted++
		}
	}
	said := words.N(ctx, len(deck.Cards), "%d card", "%d cards")
	if corrected > 0 {
		said += " · " + words.N(ctx, corrected, "%d corrected", "%d corrected")
	}
	if contradicted > 0 {
		said += " · " + words.N(ctx, contradicted, "%d contradicted", "%d contradicted")
	}
	return said
}

// quirkProfile answers with the cards of an environment, or of one of its banks, as a file.
func (s *Server) quirkProfile(w http.ResponseWriter, r *http.Request) error {
	made, err := s.app.Quirks().Profile(r.Context(), r.PathValue("id"), r.URL.Query().Get("bank"))
	if err != nil {
		return err
	}
	return save(w, "application/json", "quirks-"+fileWord(made.Name)+".json", made.File)
}

// quirkImportView is a profile before it is taken over: what it would change.
type quirkImportView struct {
	quirk.Import
	Environment storage.Environment
	Content     string // of the file; empty before there is one
	FileName    string
	Failure     *app.Error
}

// askQuirkImport asks for a profile.
func (s *Server) askQuirkImport(w http.ResponseWriter, r *http.Request) error {
	view, err := s.quirkImportOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), quirkImportScreen(view))
}

// importQuirks shows what a profile would change or, when that was looked at, takes it over. The
// file travels with the form: nothing of it is kept before.
func (s *Server) importQuirks(w http.ResponseWriter, r *http.Request) error {
	view, err := s.quirkImportOf(r)
	if err != nil {
		return err
	}
	if err = view.read(r); err == nil {
		if r.PostFormValue("take") != "" {
			if _, err = s.app.Quirks().Import(r.Context(), view.Environment.ID, view.FileName, []byte(view.Content)); err == nil {
				redirect(w, r, environmentQuirksPath(view.Environment.ID))
				return nil
			}
		} else {
			view.Import, err = s.app.Quirks().PlanImport(r.Context(), view.Environment.ID, []byte(view.Content))
		}
	}
	if err == nil {
		return s.page(w, r, view.page(r.Context()), quirkImportScreen(view))
	}
	if !errors.As(err, &view.Failure) {
		return err
	}
	view.Content = ""
	return s.pageStatus(w, r, http.StatusUnprocessableEntity, view.page(r.Context()), quirkImportScreen(view))
}

func (s *Server) quirkImportOf(r *http.Request) (quirkImportView, error) {
	e, err := s.app.Banks().Environment(r.Context(), r.PathValue("id"))
	return quirkImportView{Environment: e.WithoutSecrets()}, err
}

// read takes the file out of the form: as it was chosen, or as the page brings it back.
func (view *quirkImportView) read(r *http.Request) error {
	file, err := readFile(r, "file", quirk.MaxProfile)
	if failed, known := asFailure(err); known {
		return notTaken(failed.Reason)
	}
	if err != nil {
		return err
	}
	if view.Content = string(file); view.Content == "" {
		view.Content, view.FileName = r.PostFormValue("content"), r.PostFormValue("name")
	} else if chosen := r.MultipartForm.File["file"]; len(chosen) > 0 {
		view.FileName = chosen[0].Filename
	}
	if view.Content == "" {
		return notTaken(storage.Reason{Code: failure.ChooseFile})
	}
	return nil
}

func (view quirkImportView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Import a quirk profile"), Section: SectionSettings}
}

func (view quirkImportView) field(ctx context.Context) ui.Field {
	field := fields{view.Failure}.field(ctx, "file", "File", "A quirk profile (JSON) of 900 KB at most, as Consentry saves one", "")
	field.Type, field.Attrs["accept"] = "file", ".json,application/json"
	return field
}

// counts say in a line what would change.
func (view quirkImportView) counts(ctx context.Context) string {
	changed, same, conflicts := view.Count()
	return words.T(ctx, "%s · %s · %s", words.N(ctx, changed, "%d card to take over", "%d cards to take over"),
		words.N(ctx, same, "%d there already", "%d there already"), words.N(ctx, conflicts, "%d conflict", "%d conflicts"))
}

// changing reports whether there is anything to take over.
func (view quirkImportView) changing() bool {
	changed, _, _ := view.Count()
	return changed > 0
}

// besides says what the card here says already, and what comes of it.
func besides(ctx context.Context, card quirk.ImportedCard) string {
	says, from := card.Says()
	switch {
	case card.Conflicts() && from == quirk.ByHand:
		return words.T(ctx, "You said: %s. That stays and counts.", quirkValues(ctx, card.Kind, says))
	case card.Conflicts():
		return words.T(ctx, "Learned here: %s. That stays and counts.", quirkValues(ctx, card.Kind, says))
	case card.Same:
		return words.T(ctx, "It is there already.")
	case card.Former != nil:
		return words.T(ctx, "It replaces what a profile said before: %s.", quirkValues(ctx, card.Kind, card.Former.Values))
	case from == quirk.ByProfile:
		return words.T(ctx, "Nothing was known of it here.")
	}
	return words.T(ctx, "The same is known here.")
}

// quirkLeftWords name a part of a profile that is not taken.
func quirkLeftWords(ctx context.Context, left quirk.LeftOut) string {
	if word := kindWords[left.Kind]; word != "" {
		return left.Bank + ", " + words.T(ctx, word)
	}
	return left.Bank
}
