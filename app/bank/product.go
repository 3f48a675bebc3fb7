package bank

import (
	"context"

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
