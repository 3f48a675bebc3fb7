package frontend

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// mostBanks are listed at once: all practice banks fit. More than that nobody
// reads; the search and the chips narrow the list.
const mostBanks = 90

// bankGroup are banks of the list under what they have in common.
type bankGroup struct {
	Label string // empty: all are one
	Banks []bank.Match
}

// groups are the banks that are shown: those where the person looks come first.
func (view banksView) groups(ctx context.Context) []bankGroup {
	here := view.Found.Here[:min(len(view.Found.Here), mostBanks)]
	elsewhere := view.Found.Elsewhere[:min(len(view.Found.Elsewhere), mostBanks-len(here))]
	if len(view.Found.Elsewhere) == 0 {
		return []bankGroup{{Banks: here}}
	}
	groups := []bankGroup{{Label: words.T(ctx, "In %s", view.where()), Banks: here}}
	if len(here) == 0 {
		groups[0].Label = words.T(ctx, "None in %s", view.where())
	}
	if len(elsewhere) == 0 {
		return groups
	}
	return append(groups, bankGroup{words.T(ctx, "Elsewhere"), elsewhere})
}

// isNext reports whether a bank is the first of what was looked for, which is opened next.
func (view banksView) isNext(group, at int) bool {
	first := 0
	if len(view.Found.Here) == 0 {
		first = 1
	}
	return view.Query.Text != "" && group == first && at == 0
}

// more counts the banks that there is no room for.
func (view banksView) more() int { return max(0, len(view.Found.All())-mostBanks) }

// where is the name of the place in which the person looks.
func (view banksView) where() string {
	for _, city := range view.Cities {
		if city.ID == view.Query.CityID {
			return city.Name
		}
	}
	return view.country()
}

// mostPlaces are named of a bank; where it has more, they are counted.
const mostPlaces = 3

// places says where a bank is.
func (view banksView) places(ctx context.Context, found bank.Match) string {
	var countries, cities []string
	for _, place := range found.Places {
		if name := words.Country(ctx, place.CountryCode, place.Country); !slices.Contains(countries, name) {
			countries = append(countries, name)
		}
		if place.City != "" && !slices.Contains(cities, place.City) {
			cities = append(cities, place.City)
		}
	}
	in, at := words.Row(ctx, countries), words.Row(ctx, cities)
	if len(countries) > mostPlaces {
		in = words.N(ctx, len(countries), "%d country", "%d countries")
	}
	if len(cities) > mostPlaces {
		at = words.N(ctx, len(cities), "%d city", "%d cities")
	}
	if at == "" || in == "" {
		return at + in
	}
	return at + " · " + in
}

// notRead are the environments whose directories were never read, and of which no reading
// failed: their banks are not in the list, and may be the ones that are looked for.
func (view banksView) notRead(ctx context.Context) (names []string) {
	for _, environment := range view.Environments {
		if environment.DirectoryAt.IsZero() && !environment.DirectoryError.Given() {
			names = append(names, environmentName(ctx, environment.Name))
		}
	}
	return names
}

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
func (view banksView) reachedBy(ctx context.Context, one storage.ASPSP) string {
	way := func(b storage.ASPSP) string {
		if b.Sandbox {
			return xs2a.Dialects[b.Dialect].Title
		}
		return environmentName(ctx, b.EnvironmentName)
	}
	all := view.Found.All()
	differs := func(other bank.Match) bool {
		return other.EnvironmentID != all[0].EnvironmentID || way(other.ASPSP) != way(all[0].ASPSP)
	}
	if !slices.ContainsFunc(all, differs) {
		return ""
	}
	if one.Sandbox && slices.ContainsFunc(view.Environments, func(e storage.Environment) bool { return !e.Sandbox }) {
		return words.T(ctx, "Practice") + " · " + way(one)
	}
	return way(one)
}

// bankNote returns what tells a bank from others: what is to be practised there, else
// its BIC. Practices are for testers.
func bankNote(ctx context.Context, bank storage.ASPSP) string {
	if bank.Note != "" && (!bank.Sandbox || forTesting(ctx)) {
		return capital(practiceNote(ctx, bank.Note))
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

// found counts what was found, or says that it is only near.
func (view banksView) found(ctx context.Context) string {
	switch n := len(view.Found.All()); {
	case view.Query.Text == "":
		return words.N(ctx, n, "%d bank", "%d banks")
	case view.Found.Near:
		return words.N(ctx, n, "No bank is called “%[2]s”. Did you mean this one?", "No bank is called “%[2]s”. Did you mean one of these %[1]d?", view.Query.Text)
	default:
		return words.N(ctx, n, "%d bank for “%s”", "%d banks for “%s”", view.Query.Text)
	}
}

// noneFound says what to do where nothing was found.
func (view banksView) noneFound() words.Text {
	if view.Query.Text == "" {
		return "No bank is listed here. Look in another place."
	}
	return "No bank in any country is called so, or nearly so. Check the spelling, or type its BIC or its city."
}

func (view banksView) countryChips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{{Label: words.T(ctx, "All"), Href: banksAddress(anyCountry, "", view.Query.Text), Current: view.Query.CountryCode == ""}}
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

// anyCountry stands in an address for all countries, where none in it means the last one.
const anyCountry = "all"

// placeInAddress is the chosen country as it stands in an address.
func (view banksView) placeInAddress() string { return cmp.Or(view.Query.CountryCode, anyCountry) }

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
	view := banksView{Query: bank.Search{Text: strings.TrimSpace(asked.Get("q")), CountryName: func(code, name string) string { return words.Country(ctx, code, name) }}}
	view.Query.CityID = asked.Get("city")
	var err error
	practice := false
	if view.Environments, practice, err = s.environments(ctx); err != nil {
		return view, err
	}
	view.Query.Practice = storage.Practice(!practice)
	if view.Countries, err = s.countries(ctx, view.Query.Practice); err != nil {
		return view, err
	}
	if view.Query.CountryCode, err = s.countryIn(ctx, asked, view.Countries); err != nil {
		return view, err
	}
	if view.Query.CountryCode != "" {
		if view.Cities, err = s.app.Banks().Cities(ctx, view.Query.CountryCode, view.Query.Practice); err != nil {
			return view, err
		}
		order := words.Order(ctx)
		slices.SortStableFunc(view.Cities, func(a, b storage.PlaceCount) int { return order(a.Name, b.Name) })
	}
	view.News = map[string]bank.DirectoryNews{}
	for _, environment := range view.Environments {
		if view.News[environment.ID], err = s.app.Banks().News(ctx, environment.ID); err != nil {
			return view, err
		}
	}
	view.Found, err = s.app.Banks().Find(ctx, view.Query)
	return view, err
}

// countryIn is the country that an address names, which is the last one from then on; where it
// names none, the last one, if there are banks in it still.
func (s *Server) countryIn(ctx context.Context, asked url.Values, known []storage.PlaceCount) (string, error) {
	is := func(code string) bool {
		return slices.ContainsFunc(known, func(country storage.PlaceCount) bool { return country.ID == code })
	}
	switch chosen := asked.Get("country"); {
	case chosen == "":
		last, err := s.app.Country(ctx)
		if err != nil || !is(last) {
			return "", err
		}
		return last, nil
	case chosen == anyCountry:
		s.remember(ctx, "")
		return "", nil
	default:
		if is(chosen) {
			s.remember(ctx, chosen)
		}
		return chosen, nil
	}
}

// remember keeps the country for the next time. That it is not kept is no reason to show no banks.
func (s *Server) remember(ctx context.Context, country string) {
	if err := s.app.SetCountry(ctx, country); err != nil && ctx.Err() == nil {
		s.log.Warn("the last country was not kept", "error", err)
	}
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
