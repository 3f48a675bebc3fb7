package bank

import (
	"context"
	"slices"

	"consentry/app/failure"
	"consentry/xs2a"
)

// ProductKind selects a part of a bank's catalogue.
type ProductKind string

// The parts of a catalogue.
const (
	AllProducts   ProductKind = ""
	Deposits      ProductKind = "deposits"
	PersonalLoans ProductKind = "personal-loans"
)

// mostPages bounds the pages of a catalogue in which products are looked for.
const mostPages = 20

// HasCatalogue reports whether a bank lists its products.
func (r *Registry) HasCatalogue(ctx context.Context, environmentID, bic string) (bool, error) {
	e, err := r.store.Environment(ctx, environmentID)
	return xs2a.Dialects[e.ProfileOf(bic).Dialect].Catalogue, err
}

// Products reads a page of a bank's catalogue. Nobody's consent is needed
// and nothing is stored.
func (r *Registry) Products(ctx context.Context, environmentID, bic string, kind ProductKind, q xs2a.ProductQuery) (xs2a.ProductPage, error) {
	bank, err := r.store.ASPSP(ctx, environmentID, bic)
	if err != nil {
		return xs2a.ProductPage{}, err
	}
	_, client, err := r.Reach(ctx, environmentID, bic)
	if err != nil {
		return xs2a.ProductPage{}, err
	}
	read := client.Products
	switch kind {
	case Deposits:
		read = client.Deposits
	case PersonalLoans:
		read = client.PersonalLoans
	}
	page, err := read(ctx, xs2a.Call{BIC: bic}, q)
	if err != nil {
		return page, r.explain(failure.By(bank.Name), err)
	}
	return page, nil
}

// ProductsOf reads products of a bank's catalogue by their ids, in that order. Those the bank does not list any
// more, or not among as many as are looked through, are missing in what is returned.
func (r *Registry) ProductsOf(ctx context.Context, environmentID, bic, locale string, ids []string) ([]xs2a.Product, error) {
	found := map[string]xs2a.Product{}
	for q := (xs2a.ProductQuery{Locale: locale, Size: 100}); len(found) < len(ids) && q.Page < mostPages; q.Page++ {
		page, err := r.Products(ctx, environmentID, bic, AllProducts, q)
		if err != nil {
			return nil, err
		}
		for _, product := range page.Products {
			if slices.Contains(ids, product.ID) {
				found[product.ID] = product
			}
		}
		if !page.More {
			break
		}
	}
	var products []xs2a.Product
	for _, id := range ids {
		if product, is := found[id]; is {
			products = append(products, product)
		}
	}
	return products, nil
}
