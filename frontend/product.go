package frontend

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// productKinds and productLocales are the tabs of a catalogue.
var (
	productKinds = []struct {
		kind bank.ProductKind
		word words.Text
	}{{bank.AllProducts, "All"}, {bank.Deposits, "Deposits"}, {bank.PersonalLoans, "Personal loans"}}

	// The bank's names of the languages, their own, and those of BCP 47.
	productLocales = []struct{ locale, name, lang string }{{"en", "English", "en"}, {"ge", "ქართული", "ka"}}
)

// products shows a page of what a bank offers to everybody.
func (s *Server) products(w http.ResponseWriter, r *http.Request) error {
	bank, err := s.offering(r)
	if err != nil {
		return err
	}
	return s.showProducts(w, r, productsOf(bank.ASPSP, r.URL.Query()))
}

// showProducts answers with a page of the catalogue, on which something may have been wrong with what was chosen.
func (s *Server) showProducts(w http.ResponseWriter, r *http.Request, view productsView) error {
	status := http.StatusOK
	if view.Mistake != "" {
		status = http.StatusUnprocessableEntity
	}
	var err error
	view.Found, err = s.app.Banks().Products(r.Context(), view.Bank.EnvironmentID, view.Bank.BIC, view.Kind, view.Query)
	if err != nil && !errors.As(err, &view.Failure) {
		return err
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Products of %s", view.Bank.Name), Section: SectionBanks}, productsScreen(view))
}

// offering is the bank in the address, which lists its products.
func (s *Server) offering(r *http.Request) (bank.Bank, error) {
	environment, bic := r.PathValue("env"), r.PathValue("bic")
	if listed, err := s.app.Banks().HasCatalogue(r.Context(), environment, bic); err != nil || !listed {
		return bank.Bank{}, errors.Join(err, storage.ErrNotFound)
	}
	return s.app.Banks().Bank(r.Context(), environment, bic)
}

// productsOf reads the state of the tabs from the address; what it does not
// know is the first of them.
func productsOf(bank storage.ASPSP, query url.Values) productsView {
	view := productsView{Bank: bank, Query: xs2a.ProductQuery{Locale: productLocales[0].locale}}
	for _, each := range productKinds {
		if string(each.kind) == query.Get("kind") {
			view.Kind = each.kind
		}
	}
	for _, each := range productLocales {
		if each.locale == query.Get("locale") {
			view.Query.Locale = each.locale
		}
	}
	if page, err := strconv.Atoi(query.Get("page")); err == nil && page > 0 {
		view.Query.Page = page
	}
	for _, id := range query["product"] {
		if id != "" && len(id) <= longestProductID && !slices.Contains(view.Chosen, id) && len(view.Chosen) < mostChosen {
			view.Chosen = append(view.Chosen, id)
		}
	}
	return view
}

func (view productsView) address(kind bank.ProductKind, locale string, page int) string {
	query := url.Values{}
	if kind != bank.AllProducts {
		query.Set("kind", string(kind))
	}
	if locale != productLocales[0].locale {
		query.Set("locale", locale)
	}
	if page > 0 {
		query.Set("page", strconv.Itoa(page))
	}
	address := productsPath(view.Bank.EnvironmentID, view.Bank.BIC)
	if len(view.Chosen) > 0 {
		query["product"] = view.Chosen
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}

func (view productsView) kinds(ctx context.Context) []ui.Chip {
	var chips []ui.Chip
	for _, each := range productKinds {
		chips = append(chips, ui.Chip{Label: words.T(ctx, each.word), Href: view.address(each.kind, view.Query.Locale, 0), Current: each.kind == view.Kind})
	}
	return chips
}

func (view productsView) locales() []ui.Chip {
	var chips []ui.Chip
	for _, each := range productLocales {
		chips = append(chips, ui.Chip{Label: each.name, Href: view.address(view.Kind, each.locale, view.Query.Page), Current: each.locale == view.Query.Locale})
	}
	return chips
}

func (view productsView) title() words.Text {
	for _, each := range productKinds {
		if each.kind == view.Kind && view.Kind != bank.AllProducts {
			return each.word
		}
	}
	return "All products"
}

// lang is the language of what the bank writes.
func (view productsView) lang() string {
	for _, each := range productLocales {
		if each.locale == view.Query.Locale {
			return each.lang
		}
	}
	return ""
}

func productName(ctx context.Context, product xs2a.Product) string {
	if product.Name == "" {
		return words.T(ctx, "Without a name")
	}
	return product.Name
}

// categoryWords put a category such as TERM_DEPOSITS into words; one that is
// not known is shown as the bank writes it.
func categoryWords(ctx context.Context, category string) string {
	known := map[string]words.Text{
		"TERM_DEPOSITS": "Term deposit", "PERS_LOANS": "Personal loan", "CRED_CARDS": "Credit card",
	}
	if word := known[strings.ToUpper(category)]; word != "" {
		return words.T(ctx, "%s (%s)", word, category)
	}
	return category
}
