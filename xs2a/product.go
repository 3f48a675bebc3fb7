package xs2a

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
)

// Product is one of a bank's offers, as the bank describes it.
type Product struct {
	ID          string // may be empty
	Name        string
	Description string
	Category    string
	Brand       string
	Since       string // when it came to be offered so, as the bank writes it
	Tailored    string // whether it is made to measure: "true" or "false"
	Terms       []ProductTerm
	Unread      bool            // some of its terms could not be read
	Raw         json.RawMessage // all the bank says; the forms differ by category
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

// ProductPage is one page of a bank's catalogue.
type ProductPage struct {
	Products []Product
	More     bool // there is another page
}

// usualSize is how many products a page holds unless asked for another number.
const usualSize = 10

// Products reads a page of all products of a bank.
func (c *Client) Products(ctx context.Context, call Call, q ProductQuery) (ProductPage, error) {
	return c.products(ctx, call, q, "")
}

// Deposits reads a page of a bank's deposits.
func (c *Client) Deposits(ctx context.Context, call Call, q ProductQuery) (ProductPage, error) {
	return c.products(ctx, call, q, "/deposits")
}

// PersonalLoans reads a page of a bank's loans for persons.
func (c *Client) PersonalLoans(ctx context.Context, call Call, q ProductQuery) (ProductPage, error) {
	return c.products(ctx, call, q, "/personal-loans")
}

func (c *Client) products(ctx context.Context, call Call, q ProductQuery, kind string) (ProductPage, error) {
	r := request{
		service: ProductInformation, method: http.MethodGet,
		path: "/" + url.PathEscape(q.Locale) + kind, query: q.values(), call: call,
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return ProductPage{}, err
	}
	products, err := decodeProducts(a.body)
	if err != nil {
		return ProductPage{}, notUnderstood(r, a, err)
	}
	return ProductPage{products, moreProducts(a.body, len(products), q)}, nil
}

// decodeProducts reads a list that stands bare or under one of the names such
// lists have: the published description shows no envelope.
func decodeProducts(body []byte) ([]Product, error) {
	for _, envelope := range []string{"products", "data", "content", "items"} {
		elements, err := list(body, envelope)
		if err != nil && !errors.Is(err, errNoList) {
			return nil, err
		}
		if len(elements) > 0 {
			return each(elements, envelope, decodeProduct)
		}
	}
	return nil, nil
}

// moreProducts goes by the link to the next page or, where there are no links,
// by whether this one is full.
func moreProducts(body []byte, found int, q ProductQuery) bool {
	var w struct {
		Links Links `json:"_links"`
	}
	if json.Unmarshal(body, &w) == nil && w.Links != nil {
		return w.Links["next"] != ""
	}
	size := q.Size
	if size == 0 {
		size = usualSize
	}
	return found >= size
}

func decodeProduct(raw json.RawMessage) (Product, error) {
	var w struct {
		ProductID, Name, ProductName, Description, ProductCategory, Category, Brand, BrandName, EffectiveFrom, IsTailored text
	}
	if err := unmarshal(raw, &w); err != nil {
		return Product{}, err
	}
	p := Product{
		ID: string(w.ProductID), Name: string(w.Name), Description: string(w.Description), Category: string(w.ProductCategory),
		Brand: string(w.BrandName), Since: string(w.EffectiveFrom), Tailored: string(w.IsTailored), Raw: raw,
	}
	var whole bool
	p.Terms, whole = decodeTerms(raw)
	p.Unread = !whole
	if p.Brand == "" {
		p.Brand = string(w.Brand)
	}
	if p.Name == "" {
		p.Name = string(w.ProductName)
	}
	if p.Category == "" {
		p.Category = string(w.Category)
	}
	return p, nil
}
