// Package bank has the practice banks as data: who they are, how they look, and the
// behaviours and quirks by which their answers differ from one another. What a bank
// does with a request is the sandbox's.
package bank

import (
	"slices"
	"strings"

	"consentry/xs2a/sandbox/people"
)

// Bank is one invented bank: what the directory says of it, how it looks, how a
// person authorises there, and the behaviour by which its answers differ from those
// of its neighbours.
type Bank struct {
	Dialect   string
	ID        string     // in addresses, where the dialect names banks there
	Behaviour *Behaviour // nil at banks that are reached through Open Payments

	BIC, Name, Country string
	Cities             []string
	Street, Postcode   string
	Company, Phone     string
	Website            string
	Products           []string
	Affiliated         []Affiliate

	Look Look
	Logo LogoKind

	Redirect       bool // sends people to its page (scaRedirect) rather than through OAuth
	Elsewhere      bool // approves in an app where the TPP prefers no redirect (decoupled)
	Methods        []Method
	WantsUserAgent bool // refuses consents without PSU-User-Agent
	Selective      bool // lets people leave balances or transactions out, account by account

	RelativeLinks bool
	NoRetryAfter  bool // says 429 without when to come back
	BareAmounts   bool // "692.5" and "5166" where others write "692.50" and "5166.00"
	NamesInText   bool // puts the other party's name into the text only
	IDs           IDs
	Balances      []string // the balance types it sends, in order
}

// Affiliate is a member of a union of savings banks that share one BIC.
type Affiliate struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// IDs is what a bank does with transactionId.
type IDs int

const (
	OwnIDs    IDs = iota // a stable one each
	NoIDs                // none at all
	SameIDs              // the same for every entry
	BookedIDs            // another once the entry is booked
)

// Method is a way to authenticate, as scaMethods lists it.
type Method struct {
	Type        string `json:"authenticationType"`
	ID          string `json:"authenticationMethodId"`
	Name        string `json:"name"`
	Explanation string `json:"explanation,omitempty"`
}

// The ways to authenticate that several banks have.
var (
	ByApp    = Method{"PUSH_OTP", "code_app", "Code in the bank's app", "The app shows a code to type in."}
	ByText   = Method{"SMS_OTP", "code_sms", "Code by text message", "A code is sent to your telephone."}
	ByReader = Method{"CHIP_OTP", "code_card", "Card reader", "Put your card into the reader."}
	ByToken  = Method{"PUSH_OTP", "mbid_animated_qr_token", "BankID on another device", "You scan a code with the BankID app."}
	ByImage  = Method{"PHOTO_OTP", "mbid_animated_qr_image", "BankID, with the bank's own picture", "You scan the bank's picture with the BankID app."}
)

// settle gives a bank its head office, in the form of its country.
func (b *Bank) settle(n int) {
	d := people.NewDice("office", b.BIC)
	place := Countries[b.Country]
	b.Street = place.street(d)
	b.Postcode = place.postcode(d)
	b.Company = place.company(d, n)
	b.Phone = place.dial + " " + d.Digits(3) + " " + d.Digits(6)
}

// Display returns the bank's name as its own pages write it.
func (b *Bank) Display() string { return strings.TrimSpace(b.Name) }

// Method returns a method of the bank; its zero value where there is none.
func (b *Bank) Method(id string) Method {
	for _, m := range b.Methods {
		if m.ID == id {
			return m
		}
	}
	return Method{}
}

// Holder returns the bank as its people's households know it.
func (b *Bank) Holder() people.Holder {
	return people.Holder{BIC: b.BIC, Name: b.Display(), Country: b.Country, City: b.Cities[0], Cards: b.Behaviour != nil && b.Behaviour.Cards}
}

// CardApart reports whether an account is served as a card account.
func (b *Bank) CardApart(acc *people.Account) bool {
	return b.Behaviour != nil && b.Behaviour.Cards && acc.Kind == people.Card
}

// The payment products of the dialects.
var (
	berlinProducts   = []string{"sepa-credit-transfers", "instant-sepa-credit-transfers", "target-2-payments", "cross-border-credit-transfers"}
	GeorgianProducts = []string{"aspsp", "domestic", "foreign"}
	openProducts     = []string{"domestic", "swedish-giro", "sepa-credit-transfers", "international"}

	// AllProducts are those that some bank has.
	AllProducts = slices.Concat(berlinProducts, painProducts(), GeorgianProducts, openProducts)
)

func painProducts() []string {
	list := make([]string, len(berlinProducts))
	for i, name := range berlinProducts {
		list[i] = "pain.001-" + name
	}
	return list
}

// Payable returns the products of a bank.
func (b *Bank) Payable() []string {
	switch {
	case b.Dialect == BankOfGeorgia:
		return GeorgianProducts
	case b.Behaviour != nil && b.Behaviour.XMLOnly:
		return painProducts()
	case b.Dialect == BerlinGroup:
		return slices.Concat(berlinProducts, painProducts())
	case b.Dialect == OpenPayments && b.Country == "SE":
		return append([]string{"swedish-giro"}, b.Products...)
	}
	return b.Products
}
