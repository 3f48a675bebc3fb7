package pay

import (
	"context"
	"slices"
	"strings"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Number is how a product names the account that is paid to.
type Number int

// The ways to name it.
const (
	ByIBAN       Number = iota
	ByGiro              // a Swedish bankgiro or plusgiro number
	ByIBANOrBBAN        // an IBAN, or the number of the country's own
)

// Product is a payment product, with what it asks of an order.
type Product struct {
	Name     string // as it stands in the path
	To       Number
	Currency string // the only one it is in; empty: any
	Longest  int    // characters of the text to the payee
	Abroad   bool   // the payee's bank and address may be asked for
	Costs    bool   // it may be said who pays the costs
	Agent    bool   // the payee's bank may be named in words
	Purpose  bool   // it may be said by a code what it is for
	Instant  bool   // it arrives within seconds of its approval, so that no day is named
	Extended bool   // its texts may hold any letters
}

// longestText is how many characters the text to a payee has at most
// (BG 1.3.12 section 14.18, EPC125-05).
const longestText = 140

// products are those of all dialects (BG 1.3.12 section 5.3; Open Payments 1.3.3,
// payment-product; Bank of Georgia 1.3.9).
var products = map[string]Product{
	"sepa-credit-transfers":         {Currency: "EUR"},
	"instant-sepa-credit-transfers": {Currency: "EUR", Instant: true},
	"target-2-payments":             {Currency: "EUR"},
	"cross-border-credit-transfers": {Abroad: true},
	"domestic":                      {To: ByIBANOrBBAN, Extended: true},
	"swedish-giro":                  {To: ByGiro, Currency: "SEK", Extended: true},
	"international":                 {Abroad: true},
	"aspsp":                         {Extended: true},
	"foreign":                       {Abroad: true},
}

// ProductNamed returns a product by its name. What is not known takes what every product
// takes.
func ProductNamed(name string) Product {
	product := products[strings.TrimPrefix(strings.ToLower(name), "pain.001-")]
	product.Name, product.Longest = name, longestText
	if xs2a.XML(name) {
		product.To, product.Extended = ByIBAN, false
	}
	return product
}

// at returns a product as the banks of a dialect have it: in JSON the codes of ISO 20022
// have a place at some alone, in XML everywhere.
func (p Product) at(d xs2a.Dialect) Product {
	codes := d.PaymentCodes || xs2a.XML(p.Name)
	p.Agent, p.Costs, p.Purpose = p.Abroad, p.Abroad && codes, codes && p.To != ByGiro
	return p
}

// By returns a product as a service asks for it: a standing order has no place for who pays
// the costs, nor for a bank in words (BG 1.3.11, periodicPaymentInitiation_json).
func (p Product) By(service xs2a.PaymentService) Product {
	if service == xs2a.PeriodicPayment {
		p.Agent, p.Costs = false, false
	}
	return p
}

// Services lists the services a product goes by. A standing order has no form in XML, and
// to a giro the definition knows single payments alone (Open Payments 1.3.3,
// paymentInitiationSwedishGiro_json).
func (p Product) Services() []xs2a.PaymentService {
	switch {
	case p.To == ByGiro:
		return []xs2a.PaymentService{xs2a.SinglePayment}
	case xs2a.XML(p.Name):
		return []xs2a.PaymentService{xs2a.SinglePayment, xs2a.BulkPayment}
	}
	return []xs2a.PaymentService{xs2a.SinglePayment, xs2a.PeriodicPayment, xs2a.BulkPayment}
}

// Offer is what a bank can be paid from with.
type Offer struct {
	Bank     bank.Bank
	Products []Product
	// Listed says that the products are those that the bank's directory, or its
	// environment, lists; else they are those of its dialect, and which of them it has,
	// the bank says when it is asked.
	Listed bool
}

// Offer returns what a bank can be paid from with.
func (p *Payments) Offer(ctx context.Context, environmentID, bic string) (Offer, error) {
	one, err := p.bank(ctx, environmentID, bic)
	if err != nil {
		return Offer{}, err
	}
	e, err := p.store.Environment(ctx, environmentID)
	if err != nil {
		return Offer{}, err
	}
	offer := Offer{Bank: one}
	dialect := xs2a.Dialects[one.Dialect]
	names := dialect.PaymentProducts
	if own, _ := e.Bank(bic); len(own.Products) > 0 && len(names) > 0 {
		offer.Listed, names = true, own.Products
	} else if one.Details != nil && len(one.Details.Products) > 0 && len(names) > 0 {
		offer.Listed = true
		names = listed(names, one.Details.Products, countryOf(bic))
	}
	for _, name := range names {
		offer.Products = append(offer.Products, ProductNamed(name).at(dialect))
	}
	return offer, nil
}

// Pays reports whether a bank of an environment may be paid from: its dialect has payments.
func (p *Payments) Pays(ctx context.Context, environmentID, bic string) (bool, error) {
	profile, err := p.store.ProfileOf(ctx, environmentID, bic)
	return err == nil && len(xs2a.Dialects[profile.Dialect].PaymentProducts) > 0, err
}

// listed are the products of a dialect that a directory lists for a bank, in the dialect's
// order, and those it lists beside them. A directory lists what is the same in every
// country: the giro of Swedish banks is not among it (Open Payments 1.3.3,
// globalPaymentProducts).
func listed(dialect, directory []string, country string) []string {
	var names []string
	for _, name := range dialect {
		if slices.ContainsFunc(directory, func(other string) bool { return strings.EqualFold(other, name) }) ||
			name == "swedish-giro" && country == "SE" {
			names = append(names, name)
		}
	}
	for _, name := range directory {
		if !slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(other, name) }) {
			names = append(names, strings.ToLower(name))
		}
	}
	return names
}

// countryOf is the country that a BIC names (ISO 9362), which a directory may name in words.
func countryOf(bic string) string {
	if len(bic) < 6 {
		return ""
	}
	return bic[4:6]
}

// Affiliated lists the banks behind an entry that stands for several; nil for one that
// stands for itself.
func (o Offer) Affiliated() []xs2a.AffiliatedASPSP {
	if o.Bank.Details == nil {
		return nil
	}
	return o.Bank.Details.Affiliated
}

// checkAffiliated wants one of the banks behind an entry that stands for several.
func (o Offer) checkAffiliated(f Form, wrong Fields) {
	banks := o.Affiliated()
	if len(banks) > 0 && !slices.ContainsFunc(banks, func(b xs2a.AffiliatedASPSP) bool { return b.ID == f.AffiliatedASPSPID }) {
		wrong["affiliated"] = storage.Reason{Code: failure.ChooseFromList}
	}
}

// Has returns a product of an offer by its name.
func (o Offer) Has(name string) (Product, bool) {
	at := slices.IndexFunc(o.Products, func(p Product) bool { return p.Name == name })
	if at < 0 {
		return Product{}, false
	}
	return o.Products[at], true
}
