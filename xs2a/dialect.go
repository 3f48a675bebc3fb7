package xs2a

import "net/http"

// Service is one of the groups of operations a bank offers. Dialects give
// each its own path prefix, and some its own OAuth scope.
type Service string

// The services of an XS2A interface.
const (
	ASPSPInformation   Service = "aspspinformation"
	ConsentService     Service = "consent"
	AccountInformation Service = "accountinformation"
	PaymentInitiation  Service = "paymentinitiation"
	ProductInformation Service = "productinformation"
)

// A Dialect says where one family of banks departs from the Berlin Group.
// It holds data and small functions of its input; it never branches a flow.
type Dialect struct {
	Name  string // as stored with an environment
	Title string // as people read it

	Directory bool     // the banks are listed by an interface of their own
	Prefix    Prefixes // the usual paths
	Signing   Signing  // the usual way to sign
	Login     Login    // the usual token

	CardAccounts bool // card accounts are listed apart from the others
	Refresh      bool // data are fetched from the bank on demand before they are read
	Catalogue    bool // the bank lists its products for everybody
	Deltas       bool // its definition has reports of what is new alone; each bank may have one or none

	// Code returns a message code in the Berlin Group's spelling; nil: it is in that.
	Code func(said string) string

	Attended bool // consents are spoken of with the person alone: PSU-IP-Address is demanded there

	// BareCancellation says that the authorisation of a cancellation is started
	// by a request without a body.
	BareCancellation bool

	// LinksFromRoot says that an SCA's links that begin with "/" are paths of the
	// host's (RFC 3986 section 4.2). Most banks mean paths below the prefix.
	LinksFromRoot bool

	// TokenPath and AuthorizePath are the endpoints on the authorisation
	// server, for dialects that do not tell them by metadata.
	TokenPath     string
	AuthorizePath string

	// Scope returns the OAuth scope of the TPP's own tokens.
	Scope func(service Service, context string) []string

	// SetHeader adds the headers that only this dialect knows. May be nil.
	SetHeader func(h http.Header, service Service, call Call)

	// ExchangeHeader returns the headers the token endpoint wants beside the
	// authorisation code. May be nil.
	ExchangeHeader func(grant Grant) http.Header

	// PaymentProducts are those its banks may have, the usual first; nil: they are not
	// paid from.
	PaymentProducts []string

	// PaymentCodes says that payments in JSON may tell who pays the costs, and what a
	// payment is for, by the codes of ISO 20022 (BG 1.3.11, chargeBearer and purposeCode).
	PaymentCodes bool

	// Address returns a payee's address as the dialect's payments have it; nil: as the
	// Berlin Group's.
	Address func(Address) any

	// PersonsToken says that after an OAuth SCA account calls carry the
	// person's token.
	PersonsToken bool
}

// Dialects lists what this program speaks, by name. A dialect's own file puts
// it there, see register.
var Dialects = map[string]Dialect{}

// register adds a dialect to the list: var X = register(Dialect{…}) is all a
// further one takes.
func register(d Dialect) Dialect {
	Dialects[d.Name] = d
	return d
}

// in returns the prefix of a service.
func (p Prefixes) in(service Service) string {
	switch service {
	case ASPSPInformation:
		return p.Directory
	case ConsentService:
		return p.Consents
	case AccountInformation:
		return p.Accounts
	case PaymentInitiation:
		return p.Payments
	}
	return p.Products
}

// everywhere is one prefix for all services.
func everywhere(prefix string) Prefixes {
	return Prefixes{Consents: prefix, Accounts: prefix, Payments: prefix, Products: prefix}
}
