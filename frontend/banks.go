package frontend

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// mostBanks are listed at once: all practice banks fit. More than that nobody
// reads; the search and the chips narrow the list.
const mostBanks = 90

func (view banksView) shown() []storage.ASPSP { return view.Banks[:min(len(view.Banks), mostBanks)] }

// unread reports whether no directory was ever read and none has failed either.
func (view banksView) unread() bool {
	for _, environment := range view.Environments {
		if !environment.DirectoryAt.IsZero() || environment.DirectoryError.Given() {
			return false
		}
	}
	return len(view.Countries) == 0
}

// reachedBy says how a bank is reached, where those listed are not all reached alike:
// a practice bank by its dialect, another by its environment.
func (view banksView) reachedBy(ctx context.Context, bank storage.ASPSP) string {
	way := func(b storage.ASPSP) string {
		if b.Sandbox {
			return xs2a.Dialects[b.Dialect].Title
		}
		return b.EnvironmentName
	}
	differs := func(other storage.ASPSP) bool {
		return other.EnvironmentID != view.Banks[0].EnvironmentID || way(other) != way(view.Banks[0])
	}
	if !slices.ContainsFunc(view.Banks, differs) {
		return ""
	}
	if bank.Sandbox && slices.ContainsFunc(view.Environments, func(e storage.Environment) bool { return !e.Sandbox }) {
		return words.T(ctx, "Practice") + " · " + way(bank)
	}
	return way(bank)
}

// bankNote returns what tells a bank from others: what is to be practised there, else
// its BIC. Practices are for testers.
func bankNote(ctx context.Context, bank storage.ASPSP) string {
	if bank.Note != "" && (!bank.Sandbox || forTesting(ctx)) {
		return capital(bank.Note)
	}
	return bank.BIC
}

// practice is something to try at a practice bank: what finds such banks by
// their notes, and what it is called.
type practice struct {
	search string
	word   words.Text
}

// practices are those testers look for.
var practices = []practice{
	{"redirect", "redirect"}, {"OAuth", "OAuth"}, {"decoupled", "decoupled"}, {"embedded", "embedded"}, {"code", "code"},
	{"two people", "two people"}, {"card", "card"}, {"signed", "signed"}, {"quirks", "quirks"},
}

// practised are the practices that a bank is there for.
func (view banksView) practised() []practice {
	var found []practice
	for _, one := range practices {
		noted := func(b storage.Bank) bool {
			return strings.Contains(strings.ToLower(b.Note), strings.ToLower(one.search))
		}
		if slices.ContainsFunc(view.Environments, func(e storage.Environment) bool { return slices.ContainsFunc(e.Banks, noted) }) {
			found = append(found, one)
		}
	}
	return found
}

func (view banksView) size(ctx context.Context) string {
	if len(view.Environments) == 0 {
		return ""
	}
	size := words.N(ctx, len(view.Countries), "Banks in %d country", "Banks in %d countries")
	if oldest := view.oldest(); !oldest.IsZero() {
		return size + " · " + words.T(ctx, "list of %s", ui.DateWords(ctx, oldest))
	}
	return size
}

// oldest is the age of the list: of several, the one read longest ago.
func (view banksView) oldest() time.Time {
	var oldest time.Time
	for _, environment := range view.Environments {
		if at := environment.DirectoryAt; !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	return oldest
}

func (view banksView) found(ctx context.Context) string {
	if view.Query.Text == "" {
		return words.N(ctx, len(view.Banks), "%d bank", "%d banks")
	}
	return words.N(ctx, len(view.Banks), "%d bank for “%s”", "%d banks for “%s”", view.Query.Text)
}

func (view banksView) countryChips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{{Label: words.T(ctx, "All"), Href: banksAddress("", "", view.Query.Text), Current: view.Query.CountryCode == ""}}
	for _, country := range view.Countries {
		chips = append(chips, ui.Chip{
			Label: country.Name, Href: banksAddress(country.ID, "", view.Query.Text),
			Current: country.ID == view.Query.CountryCode, Picture: ui.Flag(country.ID),
		})
	}
	return chips
}

func (view banksView) cityChips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{{
		Label: words.T(ctx, "All of %s", view.country()), Href: banksAddress(view.Query.CountryCode, "", view.Query.Text), Current: view.Query.CityID == "",
	}}
	for _, city := range view.Cities {
		chips = append(chips, ui.Chip{
			Label: city.Name, Href: banksAddress(view.Query.CountryCode, city.ID, view.Query.Text), Current: city.ID == view.Query.CityID,
		})
	}
	return chips
}

// country is the name of the chosen one.
func (view banksView) country() string {
	for _, country := range view.Countries {
		if country.ID == view.Query.CountryCode {
			return country.Name
		}
	}
	return view.Query.CountryCode
}

func banksAddress(country, city, text string) string {
	query := url.Values{}
	for name, value := range map[string]string{"country": country, "city": city, "q": text} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return "/banks"
	}
	return "/banks?" + query.Encode()
}

// listedLogo asks for a picture only where the directory names one.
func listedLogo(bank storage.ASPSP, size ui.LogoSize) ui.Logo {
	if bank.LogoURL == "" {
		return ui.Logo{Name: bank.Name, Size: size}
	}
	return logoOf(bank.EnvironmentID, bank.BIC, bank.Name, size)
}

func (s *Server) banks(w http.ResponseWriter, r *http.Request) error {
	view, err := s.directory(r)
	if err != nil {
		return err
	}
	if aimsAt(r, "found") {
		return s.fragment(w, r, foundBanks(view))
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Link a bank"), Section: SectionBanks}, banksScreen(view))
}

func (s *Server) directory(r *http.Request) (banksView, error) {
	ctx, asked := r.Context(), r.URL.Query()
	view := banksView{Query: storage.ASPSPQuery{
		CountryCode: asked.Get("country"), CityID: asked.Get("city"), Text: strings.TrimSpace(asked.Get("q")),
	}}
	var err error
	practice := false
	if view.Environments, practice, err = s.environments(ctx); err != nil {
		return view, err
	}
	view.Query.Practice = storage.Practice(!practice)
	if view.Countries, err = s.countries(ctx, view.Query.Practice); err != nil {
		return view, err
	}
	if view.Query.CountryCode != "" {
		if view.Cities, err = s.app.Banks().Cities(ctx, view.Query.CountryCode, view.Query.Practice); err != nil {
			return view, err
		}
		order := words.Order(ctx)
		slices.SortStableFunc(view.Cities, func(a, b storage.PlaceCount) int { return order(a.Name, b.Name) })
	}
	view.Banks, err = s.app.Banks().List(ctx, view.Query)
	return view, err
}

// countries are those banks are reached in, called and ordered as the reader's
// language does.
func (s *Server) countries(ctx context.Context, of storage.Practice) ([]storage.PlaceCount, error) {
	countries, err := s.app.Banks().Countries(ctx, of)
	for i, country := range countries {
		countries[i].Name = words.Country(ctx, country.ID, country.Name)
	}
	order := words.Order(ctx)
	slices.SortStableFunc(countries, func(a, b storage.PlaceCount) int { return order(a.Name, b.Name) })
	return countries, err
}

// refreshBanks reads all directories anew. One that fails is shown with its
// reason beside the list that stays.
func (s *Server) refreshBanks(w http.ResponseWriter, r *http.Request) error {
	environments, err := s.app.Banks().Environments(r.Context())
	if err != nil {
		return err
	}
	for _, environment := range environments {
		var told *app.Error
		if err := s.app.Banks().Refresh(r.Context(), environment.ID); err != nil && !errors.As(err, &told) {
			return err
		}
	}
	redirect(w, r, "/banks")
	return nil
}
