package frontend

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// What may be chosen of a catalogue: so many products stand side by side.
const (
	fewestCompared, mostCompared = 2, 4

	mostChosen       = 50 // that are carried from page to page
	longestProductID = 200
)

// product shows all a bank says of one of its products.
func (s *Server) product(w http.ResponseWriter, r *http.Request) error {
	view, err := s.comparedOf(r, []string{r.PathValue("product")})
	if err != nil {
		return err
	}
	if len(view.Products) == 0 && view.Failure == nil {
		return storage.ErrNotFound
	}
	return s.page(w, r, Page{Title: view.title(r.Context()), Section: SectionBanks}, productScreen(view))
}

// compareProducts shows what a bank says of some of its products side by side. Where too few or too many were chosen, the
// catalogue says so where one chooses.
func (s *Server) compareProducts(w http.ResponseWriter, r *http.Request) error {
	bank, err := s.offering(r)
	if err != nil {
		return err
	}
	list := productsOf(bank.ASPSP, r.URL.Query())
	switch n := len(list.Chosen); {
	case n < fewestCompared:
		list.Mistake = words.T(r.Context(), "Choose two to four products.")
	case n > mostCompared:
		list.Mistake = words.N(r.Context(), n, "You have chosen %d product. Choose two to four.", "You have chosen %d products. Choose two to four.")
	}
	if list.Mistake != "" {
		return s.showProducts(w, r, list)
	}
	view, err := s.comparedOf(r, list.Chosen)
	if err != nil {
		return err
	}
	view.List = list
	return s.page(w, r, Page{Title: words.T(r.Context(), "Products of %s compared", bank.Name), Section: SectionBanks}, comparedScreen(view))
}

// comparedOf reads products by their ids.
func (s *Server) comparedOf(r *http.Request, ids []string) (comparedView, error) {
	bank, err := s.offering(r)
	if err != nil {
		return comparedView{}, err
	}
	view := comparedView{List: productsOf(bank.ASPSP, r.URL.Query())}
	view.Products, err = s.app.Banks().ProductsOf(r.Context(), bank.EnvironmentID, bank.BIC, view.List.Query.Locale, ids)
	if err != nil && !errors.As(err, &view.Failure) {
		return view, err
	}
	view.Gone = len(ids) - len(view.Products)
	view.Lines = productLines(r.Context(), view.Products)
	return view, nil
}

// without is the address of the comparison without one of its products; of the catalogue, where too few would be left.
func (view comparedView) without(product xs2a.Product) string {
	list := view.List
	list.Chosen = slices.DeleteFunc(slices.Clone(list.Chosen), func(id string) bool { return id == product.ID })
	if len(list.Chosen) < fewestCompared {
		return list.address(list.Kind, list.Query.Locale, list.Query.Page)
	}
	query := url.Values{"product": list.Chosen, "locale": {list.Query.Locale}}
	return comparePath(list.Bank.EnvironmentID, list.Bank.BIC) + "?" + query.Encode()
}

// parts are the lines in their parts.
func (view comparedView) parts() (parts [][]productLine) {
	for i, line := range view.Lines {
		if i == 0 || line.Part != view.Lines[i-1].Part {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], line)
	}
	return parts
}

// elsewhere are the chosen products that are not on this page of the catalogue.
func (view productsView) elsewhere() []string {
	return slices.DeleteFunc(slices.Clone(view.Chosen), func(id string) bool {
		return slices.ContainsFunc(view.Found.Products, func(p xs2a.Product) bool { return p.ID == id })
	})
}

// comparable reports whether there is anything on the page to compare.
func (view productsView) comparable() bool {
	return len(view.Chosen) > 0 || slices.ContainsFunc(view.Found.Products, func(p xs2a.Product) bool { return p.ID != "" })
}

// leaf has a button of the form lead to another page of the catalogue.
func (view productsView) leaf(ctx context.Context) templ.Attributes {
	return templ.Attributes{"formaction": string(ui.To(ctx, productsPath(view.Bank.EnvironmentID, view.Bank.BIC)))}
}

// unchosen is the address of this page of the catalogue with nothing chosen.
func (view productsView) unchosen() string {
	view.Chosen = nil
	return view.address(view.Kind, view.Query.Locale, view.Query.Page)
}
