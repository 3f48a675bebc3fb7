package frontend

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// fewAffiliated can be looked over without a search.
const fewAffiliated = 8

// matching are the affiliated banks whose name has what was typed.
func (view bankView) matching() []xs2a.AffiliatedASPSP {
	var found []xs2a.AffiliatedASPSP
	for _, bank := range view.Bank.Details.Affiliated {
		if strings.Contains(strings.ToLower(bank.Name), strings.ToLower(strings.TrimSpace(view.Search))) {
			found = append(found, bank)
		}
	}
	return found
}

// severalBanks reports whether the BIC leads to several banks: then the person
// names theirs, and there is nothing to link before.
func (view bankView) severalBanks() bool {
	return view.Bank.Details != nil && len(view.Bank.Details.Affiliated) > 0
}

func (view bankView) badge(ctx context.Context) templ.Component {
	if !view.Bank.Linked {
		return nil
	}
	return ui.Badge(ui.Good, words.T(ctx, "Linked"))
}

func (view bankView) linkLabel() words.Text {
	if view.Bank.Linked {
		return "Link it again"
	}
	return "Link this bank"
}

// age says how old what is shown is, when it could not be read anew.
func (view bankView) age(ctx context.Context) string {
	if view.Bank.Details == nil {
		return ""
	}
	return words.T(ctx, "What you see is of %s.", ui.DateWords(ctx, view.Bank.DetailsAt))
}

func addressLines(details xs2a.ASPSPDetails) []string {
	var lines []string
	for _, line := range []string{details.StreetAddress, strings.TrimSpace(details.PostalCode + " " + details.City), details.Country} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// methodWords put the directory's names of SCA methods (OP 1.3.3
// supportedAuthorizationMethods) into words; the name stays for testers.
func methodWords(ctx context.Context, methods []xs2a.SCAMethod) []string {
	var named []string
	for _, method := range methods {
		switch strings.ToLower(method.Name) {
		case "oauth2":
			named = append(named, words.T(ctx, "The bank’s own page in your browser (OAuth2)"))
		case "decoupled":
			named = append(named, words.T(ctx, "An app on your phone (Decoupled)"))
		default:
			named = append(named, method.Name)
		}
	}
	return named
}

// paymentProducts are the payment products of directories in words.
var paymentProducts = map[string]words.Text{
	"domestic":                      "Within the country",
	"swedish-giro":                  "Swedish giro",
	"sepa-credit-transfers":         "SEPA transfers",
	"instant-sepa-credit-transfers": "Instant SEPA transfers",
	"international":                 "To other countries",
	"target-2-payments":             "Urgent transfers (TARGET)",
	"cross-border-credit-transfers": "To other countries",
	"aspsp":                         "Within the bank",
	"foreign":                       "To other countries",
}

// productWords are payment products in words; an unknown one is shown as the
// directory names it.
func productWords(ctx context.Context, products []string) []string {
	var named []string
	for _, product := range products {
		if word := paymentProducts[strings.ToLower(product)]; word != "" {
			product = words.T(ctx, word)
		}
		named = append(named, product)
	}
	return named
}

// webAddress lets a bank's site through if it is one; "bank.example" is
// completed, anything else is dropped.
func webAddress(address string) string {
	if address != "" && !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.ContainsAny(address, " \"<>") {
		return ""
	}
	return u.String()
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(u.Host, "www.")
}

func (s *Server) bank(w http.ResponseWriter, r *http.Request) error {
	bank, err := s.app.Banks().Bank(r.Context(), r.PathValue("env"), r.PathValue("bic"))
	if err != nil {
		return err
	}
	view := bankView{Bank: bank, Search: r.URL.Query().Get("q")}
	if view.Own, err = s.ownBank(r.Context(), bank); err != nil {
		return err
	}
	if view.Catalogue, err = s.app.Banks().HasCatalogue(r.Context(), bank.EnvironmentID, bank.BIC); err != nil {
		return err
	}
	if view.Faults, err = s.bankFaults(r.Context(), bank.ASPSP); err != nil {
		return err
	}
	settings, err := s.app.Settings(r.Context())
	if err != nil {
		return err
	}
	view.AskAudience = bank.Sandbox && settings.Audience == app.AudienceUnasked
	if aimsAt(r, "affiliates") && bank.Details != nil {
		return s.fragment(w, r, affiliates(view))
	}
	return s.page(w, r, Page{Title: bank.Name, Section: SectionBanks}, bankScreen(view))
}

// ownBank is what a bank's environment says of it where it names the bank itself; nil
// where a directory lists it.
func (s *Server) ownBank(ctx context.Context, bank bank.Bank) (*ownBank, error) {
	environment, err := s.app.Banks().Environment(ctx, bank.EnvironmentID)
	if err != nil {
		return nil, err
	}
	listed, named := environment.Bank(bank.BIC)
	if !named && environment.HasDirectory() {
		return nil, nil
	}
	countries, err := s.countries(ctx, storage.WithPractice)
	if err != nil {
		return nil, err
	}
	own := &ownBank{Environment: environment.ID, BIC: listed.BIC, Approaches: approachWords(ctx, environment.ProfileOf(bank.BIC).Approaches), Interface: spokenTo(ctx, environment.ProfileOf(bank.BIC)), Practice: environment.Sandbox}
	for _, country := range countries {
		if country.ID == listed.CountryCode {
			own.Places = places(listed.Cities, country.Name)
		}
	}
	return own, nil
}

// approachWords puts a profile's approaches into words.
func approachWords(ctx context.Context, approaches string) []string {
	known := map[string]words.Text{
		"redirect": "The bank’s own page in your browser", "oauth": "The bank’s own page in your browser (OAuth2)",
		"decoupled": "An app on your phone (Decoupled)", "embedded": "Login and code typed in Consentry",
	}
	var said []string
	for _, approach := range strings.Fields(approaches) {
		said = append(said, words.T(ctx, known[approach]))
	}
	return said
}

// places says where a bank is: in its country, or in cities there.
func places(cities []string, country string) []string {
	if len(cities) == 0 {
		return []string{country}
	}
	var words []string
	for _, city := range cities {
		words = append(words, city+", "+country)
	}
	return words
}
