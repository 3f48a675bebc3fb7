package xs2a

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Country is one the directory knows banks of.
type Country struct {
	Code string // ISO 3166 alpha-2
	Name string
}

// City is one the directory knows banks in.
type City struct {
	ID          string
	Name        string
	CountryCode string
}

// ASPSP is a bank as the directory lists it.
type ASPSP struct {
	BIC     string
	Name    string
	LogoURL string // may be empty, and may lead nowhere
}

// ASPSPDetails is what the directory knows of one bank.
type ASPSPDetails struct {
	ASPSP
	City          string
	Country       string // a name, not a code
	PostalCode    string
	StreetAddress string
	CompanyNumber string
	Phone         string
	WebsiteURL    string
	Products      []string    // global payment products
	Methods       []SCAMethod // ways to authorise, OP's supportedAuthorizationMethods
	Affiliated    []AffiliatedASPSP
	Raw           json.RawMessage // as it came
}

// SCAMethod is a way in which a bank lets a person authorise.
type SCAMethod struct {
	Name string // such as "OAuth2" or "Decoupled"
	URI  string
}

// AffiliatedASPSP is one of several banks reached under a common BIC.
type AffiliatedASPSP struct {
	ID   string
	Name string
}

// DirectoryFilter narrows a list of banks. Countries and cities together give
// the union of both, so a question about one city names the city alone.
type DirectoryFilter struct {
	CountryCodes []string
	CityIDs      []string
}

func (f DirectoryFilter) query() url.Values {
	q := url.Values{}
	if len(f.CountryCodes) > 0 {
		q.Set("isoCountryCodes", strings.Join(f.CountryCodes, ","))
	}
	if len(f.CityIDs) > 0 {
		q.Set("cityIds", strings.Join(f.CityIDs, ","))
	}
	return q
}

// Countries lists the countries of the directory.
func (c *Client) Countries(ctx context.Context) ([]Country, error) {
	return directoryList(ctx, c, "/countries", "countries", nil, decodeCountry)
}

// Country returns one country by its code.
func (c *Client) Country(ctx context.Context, code string) (Country, error) {
	return directoryItem(ctx, c, "/countries/"+url.PathEscape(code), decodeCountry)
}

// Cities lists the cities of the directory.
func (c *Client) Cities(ctx context.Context, filter DirectoryFilter) ([]City, error) {
	return directoryList(ctx, c, "/cities", "cities", filter.query(), decodeCity)
}

// City returns one city by its id.
func (c *Client) City(ctx context.Context, id string) (City, error) {
	return directoryItem(ctx, c, "/cities/"+url.PathEscape(id), decodeCity)
}

// ASPSPs lists the banks of the directory.
func (c *Client) ASPSPs(ctx context.Context, filter DirectoryFilter) ([]ASPSP, error) {
	return directoryList(ctx, c, "/aspsps", "aspsps", filter.query(), decodeASPSP)
}

// ASPSP returns the details of one bank.
func (c *Client) ASPSP(ctx context.Context, bic string) (ASPSPDetails, error) {
	return directoryItem(ctx, c, "/aspsps/"+url.PathEscape(bic), DecodeASPSPDetails)
}

// directoryList reads a list that OP's definition shows bare and its service
// sends in an envelope.
func directoryList[T any](ctx context.Context, c *Client, path, name string, query url.Values, decode func(json.RawMessage) (T, error)) ([]T, error) {
	r := request{service: ASPSPInformation, method: http.MethodGet, path: path, query: query}
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	elements, err := list(a.body, name)
	if err != nil {
		return nil, unusable(r, a, err)
	}
	all, err := each(elements, name, decode)
	if err != nil {
		return nil, notUnderstood(r, a, err)
	}
	return all, nil
}

func directoryItem[T any](ctx context.Context, c *Client, path string, decode func(json.RawMessage) (T, error)) (T, error) {
	r := request{service: ASPSPInformation, method: http.MethodGet, path: path}
	a, err := c.do(ctx, r)
	if err != nil {
		var none T
		return none, err
	}
	item, err := decode(a.body)
	if err != nil {
		return item, notUnderstood(r, a, err)
	}
	return item, nil
}

func decodeCountry(raw json.RawMessage) (Country, error) {
	var w struct{ IsoCountryCode, Name text }
	err := json.Unmarshal(raw, &w)
	return Country{strings.ToUpper(string(w.IsoCountryCode)), string(w.Name)}, err
}

func decodeCity(raw json.RawMessage) (City, error) {
	var w struct{ CityID, Name, IsoCountryCode text }
	err := json.Unmarshal(raw, &w)
	return City{string(w.CityID), string(w.Name), strings.ToUpper(string(w.IsoCountryCode))}, err
}

type wireASPSP struct{ BicFi, Name, LogoURL text }

func (w wireASPSP) aspsp() ASPSP {
	return ASPSP{BIC: string(w.BicFi), Name: string(w.Name), LogoURL: string(w.LogoURL)}
}

func decodeASPSP(raw json.RawMessage) (ASPSP, error) {
	var w wireASPSP
	err := json.Unmarshal(raw, &w)
	return w.aspsp(), err
}

// DecodeASPSPDetails reads the details of a bank as the directory sends them;
// the raw object is kept, so that stored details can be read again.
func DecodeASPSPDetails(raw json.RawMessage) (ASPSPDetails, error) {
	var w struct {
		wireASPSP
		City, Country, PostalCode, StreetAddress text
		CompanyNumber, Phone, WebsiteURL         text
		GlobalPaymentProducts                    []text
		SupportedAuthorizationMethods            []struct{ Name, URI text }
		AffiliatedASPSPs                         []struct{ ID, Name text }
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return ASPSPDetails{}, err
	}
	d := ASPSPDetails{
		ASPSP: w.aspsp(),
		City:  string(w.City), Country: string(w.Country),
		PostalCode: string(w.PostalCode), StreetAddress: string(w.StreetAddress),
		CompanyNumber: string(w.CompanyNumber), Phone: string(w.Phone), WebsiteURL: string(w.WebsiteURL),
		Raw: raw,
	}
	for _, p := range w.GlobalPaymentProducts {
		d.Products = append(d.Products, string(p))
	}
	for _, m := range w.SupportedAuthorizationMethods {
		d.Methods = append(d.Methods, SCAMethod{string(m.Name), string(m.URI)})
	}
	for _, a := range w.AffiliatedASPSPs {
		d.Affiliated = append(d.Affiliated, AffiliatedASPSP{string(a.ID), string(a.Name)})
	}
	return d, nil
}
