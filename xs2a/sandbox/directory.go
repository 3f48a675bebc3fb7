package sandbox

import (
	"cmp"
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

// directoryChanges are what the directory says otherwise than its banks are. They change what
// it lists, and nothing at the banks.
type directoryChanges struct {
	Empty    bool                `json:"empty,omitempty"`    // it lists no bank
	Without  []string            `json:"without,omitempty"`  // BICs of banks it does not list
	Names    map[string]string   `json:"names,omitempty"`    // by BIC
	Products map[string][]string `json:"products,omitempty"` // likewise
	Ways     map[string][]string `json:"ways,omitempty"`     // names of the ways to authorise
}

// directoryBody is what the control is told of the directory, and tells of it.
type directoryBody struct {
	BareLists bool `json:"bareLists"`
	directoryChanges
}

func (s *Sandbox) directoryNow() directoryBody {
	return directoryBody{s.state.BareLists, s.state.Directory}
}

// controlDirectory says how the directory sends its lists, and what it lists. What is left out is as it was at first.
func (s *Sandbox) controlDirectory(r *http.Request) (any, error) {
	var body directoryBody
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	s.state.BareLists, s.state.Directory = body.BareLists, body.directoryChanges
	s.state.touch()
	return body, nil
}

// inDirectory reports whether the directory lists a bank.
func (s *Sandbox) inDirectory(b *bank.Bank) bool {
	return b.Dialect == bank.OpenPayments && !s.state.Directory.Empty && !slices.Contains(s.state.Directory.Without, b.BIC)
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
		if s.inDirectory(b) && f.takes(b.Country, b.Cities...) {
			list = append(list, s.item(c, b))
		}
	}
	return s.listed("aspsps", list)
}

func (s *Sandbox) item(c *call, b *bank.Bank) aspspItem {
	item := aspspItem{ID: people.FixedID("aspsp", b.BIC), BIC: b.BIC, Name: cmp.Or(s.state.Directory.Names[b.BIC], b.Name)}
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
	if b == nil || !s.inDirectory(b) {
		return answer{}, unknownInDirectory("bank")
	}
	details := aspspDetails{
		aspspItem: s.item(c, b), City: b.Cities[0], Country: bank.Countries[b.Country].Name,
		Postcode: b.Postcode, Street: b.Street, Company: b.Company, Phone: b.Phone, Website: b.Website,
		Products: b.Products, Methods: s.ways(c, b), Affiliated: b.Affiliated,
	}
	if products, other := s.state.Directory.Products[b.BIC]; other {
		details.Products = products
	}
	if details.Affiliated == nil {
		details.Affiliated = []bank.Affiliate{}
	}
	return ok(details)
}

// ways lists how a person can authorise; banks with a page of their own leave the
// list's address empty.
func (s *Sandbox) ways(c *call, b *bank.Bank) []authorisationWay {
	if names, other := s.state.Directory.Ways[b.BIC]; other {
		ways := []authorisationWay{}
		for _, name := range names {
			ways = append(ways, authorisationWay{Name: name})
		}
		return ways
	}
	if b.Redirect {
		return []authorisationWay{{Name: "OAuth2", URI: ""}}
	}
	ways := []authorisationWay{{Name: "OAuth2", URI: c.address + "/connect/authorize"}}
	if b.Elsewhere {
		ways = append(ways, authorisationWay{Name: "Decoupled", URI: ""})
	}
	return ways
}
