package xs2a

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// Product is one of a bank's offers, as the bank describes it.
type Product struct {
	Name     string
	Category string
	Raw      json.RawMessage // all the bank says; the forms differ by category
}

// ProductQuery selects a page of a bank's catalogue (Bank of Georgia).
type ProductQuery struct {
	Locale string // "ge" or "en"
	Page   int    // from 0
	Size   int    // 0 for the bank's own, which is 10
}

func (q ProductQuery) values() url.Values {
	values := url.Values{"page": {strconv.Itoa(q.Page)}}
	if q.Size > 0 {
		values.Set("page-size", strconv.Itoa(q.Size))
	}
	return values
}

// Products lists all products of a bank.
func (c *Client) Products(ctx context.Context, call Call, q ProductQuery) ([]Product, error) {
	return c.products(ctx, call, q, "")
}

// Deposits lists a bank's deposits.
func (c *Client) Deposits(ctx context.Context, call Call, q ProductQuery) ([]Product, error) {
	return c.products(ctx, call, q, "/deposits")
}

// PersonalLoans lists a bank's loans for persons.
func (c *Client) PersonalLoans(ctx context.Context, call Call, q ProductQuery) ([]Product, error) {
	return c.products(ctx, call, q, "/personal-loans")
}

func (c *Client) products(ctx context.Context, call Call, q ProductQuery, kind string) ([]Product, error) {
	r := request{
		service: ProductInformation, method: http.MethodGet,
		path: "/" + url.PathEscape(q.Locale) + kind, query: q.values(), call: call,
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, envelope := range []string{"products", "data", "content", "items"} {
		elements, err := list(a.body, envelope)
		if err != nil {
			return nil, notUnderstood(r, a, err)
		}
		if len(elements) == 0 {
			continue
		}
		products, err := each(elements, envelope, decodeProduct)
		if err != nil {
			return nil, notUnderstood(r, a, err)
		}
		return products, nil
	}
	return nil, nil
}

func decodeProduct(raw json.RawMessage) (Product, error) {
	var w struct{ Name, ProductName, ProductCategory, Category text }
	if err := json.Unmarshal(raw, &w); err != nil {
		return Product{}, err
	}
	p := Product{Name: string(w.Name), Category: string(w.ProductCategory), Raw: raw}
	if p.Name == "" {
		p.Name = string(w.ProductName)
	}
	if p.Category == "" {
		p.Category = string(w.Category)
	}
	return p, nil
}
