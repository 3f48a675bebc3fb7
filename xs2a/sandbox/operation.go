package sandbox

import (
	"net/http"
	"strings"

	"consentry/xs2a/sandbox/bank"
)

// operation is a request that a bank's interface knows, by its name in the definition
// it is from, or one in the manner of those.
type operation struct {
	Name   string `json:"name"`
	Group  string `json:"group"` // what it has to do with, see the table
	Method string `json:"method"`
	Path   string `json:"path"` // the end of its route
}

// operations is the table of them. A route that ends in a path is the operation's; no path
// is the end of another.
var operations = []operation{
	{"getAccountList", "reads", "GET", "/accounts"},
	{"readAccountDetails", "reads", "GET", "/accounts/{account}"},
	{"getBalances", "reads", "GET", "/accounts/{account}/balances"},
	{"getTransactionList", "reads", "GET", "/accounts/{account}/transactions"},
	{"getTransactionDetails", "reads", "GET", "/accounts/{account}/transactions/{transaction}"},
	{"getCardAccountList", "reads", "GET", "/card-accounts"},
	{"readCardAccountDetails", "reads", "GET", "/card-accounts/{account}"},
	{"getCardAccountBalances", "reads", "GET", "/card-accounts/{account}/balances"},
	{"getCardAccountTransactionList", "reads", "GET", "/card-accounts/{account}/transactions"},
	{"refreshAccounts", "reads", "POST", "/accounts/refresh"},
	{"getRefreshStatus", "reads", "GET", "/accounts/refresh/status"},

	{"createConsent", "consents", "POST", "/consents"},
	{"getConsentInformation", "consents", "GET", "/consents/{consent}"},
	{"getConsentStatus", "consents", "GET", "/consents/{consent}/status"},
	{"deleteConsent", "consents", "DELETE", "/consents/{consent}"},

	{"startConsentAuthorisation", "approvals", "POST", "/consents/{consent}/authorisations"},
	{"getConsentAuthorisation", "approvals", "GET", "/consents/{consent}/authorisations"},
	{"getConsentScaStatus", "approvals", "GET", "/consents/{consent}/authorisations/{authorisation}"},
	{"updateConsentsPsuData", "approvals", "PUT", "/consents/{consent}/authorisations/{authorisation}"},
	{"startPaymentAuthorisation", "approvals", "POST", "payments/{product}/{payment}/authorisations"},
	{"getPaymentInitiationAuthorisation", "approvals", "GET", "payments/{product}/{payment}/authorisations"},
	{"getPaymentInitiationScaStatus", "approvals", "GET", "payments/{product}/{payment}/authorisations/{authorisation}"},
	{"updatePaymentPsuData", "approvals", "PUT", "payments/{product}/{payment}/authorisations/{authorisation}"},
	{"startPaymentInitiationCancellationAuthorisation", "approvals", "POST", "payments/{product}/{payment}/cancellation-authorisations"},
	{"getPaymentInitiationCancellationAuthorisationInformation", "approvals", "GET", "payments/{product}/{payment}/cancellation-authorisations"},
	{"getPaymentCancellationScaStatus", "approvals", "GET", "payments/{product}/{payment}/cancellation-authorisations/{authorisation}"},
	{"updatePaymentCancellationPsuData", "approvals", "PUT", "payments/{product}/{payment}/cancellation-authorisations/{authorisation}"},

	{"initiatePayment", "payments", "POST", "payments/{product}"},
	{"getPaymentInformation", "payments", "GET", "payments/{product}/{payment}"},
	{"getPaymentInitiationStatus", "payments", "GET", "payments/{product}/{payment}/status"},
	{"cancelPayment", "payments", "DELETE", "payments/{product}/{payment}"},

	{"getToken", "tokens", "POST", "/token"},
	{"getServerMetadata", "tokens", "GET", "/.well-known/{document}"},

	{"getASPSPs", "directory", "GET", "/aspsps"},
	{"getASPSP", "directory", "GET", "/aspsps/{bic}"},
	{"getCities", "directory", "GET", "/cities"},
	{"getCity", "directory", "GET", "/cities/{city}"},
	{"getCountries", "directory", "GET", "/countries"},
	{"getCountry", "directory", "GET", "/countries/{country}"},
	{"getProducts", "products", "GET", "/products/{locale}"},
	{"getDeposits", "products", "GET", "/products/{locale}/deposits"},
	{"getPersonalLoans", "products", "GET", "/products/{locale}/personal-loans"},
}

// operationNamed reports whether a fault may name an operation, or a group of them, so.
func operationNamed(name string) bool {
	for _, o := range operations {
		if name == o.Name || name == o.Group {
			return true
		}
	}
	return false
}

// operationOf finds the operation of a request by its route; the zero value where it is
// none: a page, or an address that nobody knows.
func (s *Sandbox) operationOf(r *http.Request) operation {
	_, pattern := s.mux.Handler(r)
	_, route, methodNamed := strings.Cut(pattern, " ")
	if !methodNamed {
		route = pattern
	}
	if strings.Contains(route, "/.well-known/") {
		route = "/.well-known/{document}"
	}
	for _, o := range operations {
		if o.Method == r.Method && strings.HasSuffix(route, o.Path) {
			return o
		}
	}
	return operation{}
}

// bankAsked finds the bank whose interface a request is for; nil where it is for all of
// them or none: the directory, the common token endpoint, a page.
func (s *Sandbox) bankAsked(r *http.Request) *bank.Bank {
	if strings.HasPrefix(r.URL.Path, "/psd2/") {
		return s.bank(r.Header.Get("X-BicFi"))
	}
	path := strings.TrimPrefix(r.URL.Path, "/.well-known/oauth-authorization-server")
	path = strings.TrimPrefix(path, "/.well-known/openid-configuration")
	for _, b := range s.banks {
		if b.Behaviour != nil && (strings.HasPrefix(path+"/", b.Prefix()+"/") || b.Dialect != bank.SaltEdge && strings.HasPrefix(path+"/", b.Server()+"/")) {
			return b
		}
	}
	return nil
}
