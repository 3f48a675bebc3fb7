package xs2a

import "net/http"

// Service is one of the groups of operations a bank offers. Open Payments
// gives each its own path prefix and OAuth scope.
type Service string

// The services of an XS2A interface.
const (
	ASPSPInformation   Service = "aspspinformation"
	ConsentService     Service = "consent"
	AccountInformation Service = "accountinformation"
)

// A Dialect says where one family of banks departs from the Berlin Group.
// It holds data and small functions of its input; it never branches a flow.
type Dialect struct {
	Name  string // as stored with an environment
	Title string // as people read it

	// Prefix is the path between the host and the operation, per service.
	Prefix map[Service]string

	// TokenPath is the token endpoint on the authorisation server, for
	// dialects that want an access token before the first call.
	TokenPath string

	// Scope gives the OAuth scope for a service in a context that may be empty.
	Scope func(service Service, context string) []string

	// SetHeader adds the headers that only this dialect knows.
	SetHeader func(h http.Header, service Service, call Call)

	// ExchangeHeader gives the headers the token endpoint wants beside the
	// authorisation code.
	ExchangeHeader func(grant Grant) http.Header
}

// Dialects lists what this program speaks, by name.
var Dialects = map[string]Dialect{
	OpenPayments.Name: OpenPayments,
}
