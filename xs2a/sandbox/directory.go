package sandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// The directory's answers. Lists stand in an envelope, as in Open Payments'
// documentation, in the definition's own examples and for its own client; the
// definition's schema (Open Payments 1.3.3, aspspList and its like) has them bare,
// which the control can ask for. Error bodies are bare lists in either case.

type countryItem struct {
	ID   string `json:"id"`
	Code string `json:"isoCountryCode"`
	Name string `json:"name"`
}

type cityItem struct {
	ID        string `json:"cityId"`
	Name      string `json:"name"`
	Country   string `json:"isoCountryCode"`
	CountryID string `json:"countryId"`
}

type aspspItem struct {
	ID      string `json:"id"`
	BIC     string `json:"bicFi"`
	Name    string `json:"name"`
	LogoURL string `json:"logoUrl,omitempty"`
}

type aspspDetails struct {
	aspspItem
	City       string             `json:"city"`
	Country    string             `json:"country"` // a name, not a code
	Postcode   string             `json:"postalCode"`
	Street     string             `json:"streetAddress"`
	Company    string             `json:"companyNumber"`
	Phone      string             `json:"phone"`
	Website    string             `json:"websiteUrl"`
	Products   []string           `json:"globalPaymentProducts"`
	Methods    []authorisationWay `json:"supportedAuthorizationMethods"`
	Affiliated []bank.Affiliate   `json:"affiliatedAspsps"`
}

type authorisationWay struct {
	Name string `json:"name"` // OAuth2 or Decoupled
	URI  string `json:"uri"`  // may be empty
}

var countryForm = regexp.MustCompile(`^[A-Za-z]{2}$`)

// filter is what a directory query asks for. Both lists together mean the union;
// with neither, everything is asked for.
type filter struct {
	countries, cities []string
}

func parseFilter(c *call) (filter, error) {
	var f filter
	for _, code := range csv(c, "isoCountryCodes") {
		if !countryForm.MatchString(code) {
			return f, formatError("isoCountryCodes", "two letters per country")
		}
		f.countries = append(f.countries, strings.ToUpper(code))
	}
	for _, id := range csv(c, "cityIds") {
		if !isUUID(id) {
			return f, formatError("cityIds", "a UUID per city")
		}
		f.cities = append(f.cities, strings.ToLower(id))
	}
	return f, nil
}

// csv reads a list parameter: comma separated, or given several times.
func csv(c *call, name string) []string {
	var list []string
	for _, value := range c.request.URL.Query()[name] {
		if value != "" {
			list = append(list, strings.Split(value, ",")...)
		}
	}
	return list
}

func (f filter) takes(country string, cities ...string) bool {
	if len(f.countries) == 0 && len(f.cities) == 0 {
		return true
	}
	return slices.Contains(f.countries, country) || slices.ContainsFunc(cities, func(city string) bool {
		return slices.Contains(f.cities, bank.CityID(country, city))
	})
}

func ok(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }

// listed is a list of the directory, in the envelope of that name.
func (s *Sandbox) listed(envelope string, list any) (answer, error) {
	if s.state.BareLists {
		return ok(list)
	}
	return ok(map[string]any{envelope: list})
}

// controlDirectory says how the directory sends its lists.
func (s *Sandbox) controlDirectory(r *http.Request) (any, error) {
	var body struct {
		BareLists bool `json:"bareLists"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	s.state.BareLists = body.BareLists
	s.state.touch()
	return body, nil
}

func unknownInDirectory(what string) error {
	return refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "the directory has no such "+what)
}

func (s *Sandbox) getCountries(c *call) (answer, error) {
	f, err := parseFilter(c)
	if err != nil {
		return answer{}, err
	}
	list := []countryItem{}
	for _, code := range bank.CountryOrder {
		if f.takes(code) {
			list = append(list, itemOf(bank.Countries[code]))
		}
	}
	return s.listed("countries", list)
}

func itemOf(c bank.Country) countryItem { return countryItem{ID: c.ID(), Code: c.Code, Name: c.Name} }

func (s *Sandbox) getCountry(c *call) (answer, error) {
	code := c.request.PathValue("country")
	if !countryForm.MatchString(code) {
		return answer{}, formatError("isoCountryCode", "a country is two letters")
	}
	found, known := bank.Countries[strings.ToUpper(code)]
	if !known {
		return answer{}, unknownInDirectory("country")
	}
	return ok(itemOf(found))
}

func (s *Sandbox) getCities(c *call) (answer, error) {
	f, err := parseFilter(c)
	if err != nil {
		return answer{}, err
	}
	list := []cityItem{}
	for _, item := range cityItems() {
		if f.takes(item.Country, item.Name) {
			list = append(list, item)
		}
	}
	return s.listed("cities", list)
}

func cityItems() []cityItem {
	var list []cityItem
	for _, code := range bank.CountryOrder {
		for _, name := range bank.Countries[code].Cities {
			list = append(list, cityItem{ID: bank.CityID(code, name), Name: name, Country: code, CountryID: bank.Countries[code].ID()})
		}
	}
	return list
}

func (s *Sandbox) getCity(c *call) (answer, error) {
	id := strings.ToLower(c.request.PathValue("city"))
	if !isUUID(id) {
		return answer{}, formatError("cityId", "a city's id is a UUID")
	}
	for _, item := range cityItems() {
		if item.ID == id {
			return ok(item)
		}
	}
	return answer{}, unknownInDirectory("city")
}

func (s *Sandbox) getASPSPs(c *call) (answer, error) {
	f, err := parseFilter(c)
	if err != nil {
		return answer{}, err
	}
	list := []aspspItem{}
	for _, b := range s.banks {
		if b.Dialect == bank.OpenPayments && f.takes(b.Country, b.Cities...) {
			list = append(list, c.item(b))
		}
	}
	return s.listed("aspsps", list)
}

func (c *call) item(b *bank.Bank) aspspItem {
	item := aspspItem{ID: people.FixedID("aspsp", b.BIC), BIC: b.BIC, Name: b.Name}
	if b.Logo != bank.NoLogo {
		item.LogoURL = c.address + "/logo/" + b.BIC + ".svg"
	}
	return item
}

func (s *Sandbox) getASPSP(c *call) (answer, error) {
	bic := c.request.PathValue("bic")
	if !isBIC(bic) {
		return answer{}, formatError("bicFi", "this is not the form of a BIC")
	}
	b := s.bank(bic)
	if b == nil || b.Dialect != bank.OpenPayments {
		return answer{}, unknownInDirectory("bank")
	}
	details := aspspDetails{
		aspspItem: c.item(b), City: b.Cities[0], Country: bank.Countries[b.Country].Name,
		Postcode: b.Postcode, Street: b.Street, Company: b.Company, Phone: b.Phone, Website: b.Website,
		Products: b.Products, Methods: c.ways(b), Affiliated: b.Affiliated,
	}
	if details.Affiliated == nil {
		details.Affiliated = []bank.Affiliate{}
	}
	return ok(details)
}

// ways lists how a person can authorise; banks with a page of their own leave the
// list's address empty.
func (c *call) ways(b *bank.Bank) []authorisationWay {
	if b.Redirect {
		return []authorisationWay{{Name: "OAuth2", URI: ""}}
	}
	ways := []authorisationWay{{Name: "OAuth2", URI: c.address + "/connect/authorize"}}
	if b.Elsewhere {
		ways = append(ways, authorisationWay{Name: "Decoupled", URI: ""})
	}
	return ways
}
