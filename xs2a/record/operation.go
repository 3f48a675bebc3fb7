package record

import (
	"net/url"
	"regexp"
	"strings"
)

// Operation is what an exchange asks a bank for, read from its request.
type Operation struct {
	// ID names it: its operationId in the definition it is from, or a name in the
	// manner of those. One the table does not know is its method and path.
	ID     string
	Clause string // where it is laid down
	Token  bool   // it is about an access token, whatever it is needed for
}

// operation is a row of the table: the operations of the method whose path
// ends in the pattern.
type operation struct {
	method string
	path   *regexp.Regexp
	Operation
}

func operationRow(method, path, id, clause string) operation {
	return operation{method, regexp.MustCompile(path + `$`), Operation{ID: id, Clause: clause}}
}

// Parts of the patterns.
const (
	pathID       = `/[^/]+`
	pathPayment  = `/(bulk-|periodic-)?payments` + pathID + pathID
	pathApproval = `/authori[sz]ations`
	pathCancel   = `/cancellation-authori[sz]ations`
)

// operations are tried in order: the longer path first.
var operations = []operation{
	operationRow("POST", pathPayment+pathCancel, "startPaymentInitiationCancellationAuthorisation", "BG 1.3.12 startPaymentInitiationCancellationAuthorisation"),
	operationRow("GET", pathPayment+pathCancel, "getPaymentInitiationCancellationAuthorisationInformation", "BG 1.3.12 getPaymentInitiationCancellationAuthorisationInformation"),
	operationRow("GET", pathPayment+pathCancel+pathID, "getPaymentCancellationScaStatus", "BG 1.3.12 getPaymentCancellationScaStatus"),
	operationRow("PUT", pathPayment+pathCancel+pathID, "updatePaymentCancellationPsuData", "BG 1.3.12 updatePaymentCancellationPsuData"),
	operationRow("POST", pathPayment+pathApproval, "startPaymentAuthorisation", "BG 1.3.12 startPaymentAuthorisation"),
	operationRow("GET", pathPayment+pathApproval, "getPaymentInitiationAuthorisation", "BG 1.3.12 getPaymentInitiationAuthorisation"),
	operationRow("GET", pathPayment+pathApproval+pathID, "getPaymentInitiationScaStatus", "BG 1.3.12 getPaymentInitiationScaStatus"),
	operationRow("PUT", pathPayment+pathApproval+pathID, "updatePaymentPsuData", "BG 1.3.12 updatePaymentPsuData"),
	operationRow("GET", pathPayment+`/status`, "getPaymentInitiationStatus", "BG 1.3.12 getPaymentInitiationStatus"),
	operationRow("GET", pathPayment, "getPaymentInformation", "BG 1.3.12 getPaymentInformation"),
	operationRow("DELETE", pathPayment, "cancelPayment", "BG 1.3.12 cancelPayment"),
	operationRow("POST", `/(bulk-|periodic-)?payments`+pathID, "initiatePayment", "BG 1.3.12 initiatePayment"),

	operationRow("POST", `/consents`+pathID+pathApproval, "startConsentAuthorisation", "BG 1.3.12 startConsentAuthorisation, section 7.1"),
	operationRow("GET", `/consents`+pathID+pathApproval, "getConsentAuthorisation", "BG 1.3.12 getConsentAuthorisation, section 7.4"),
	operationRow("GET", `/consents`+pathID+pathApproval+pathID, "getConsentScaStatus", "BG 1.3.12 getConsentScaStatus, section 7.5"),
	operationRow("PUT", `/consents`+pathID+pathApproval+pathID, "updateConsentsPsuData", "BG 1.3.12 updateConsentsPsuData, section 7.2"),
	operationRow("GET", `/consents`+pathID+`/status`, "getConsentStatus", "BG 1.3.12 getConsentStatus"),
	operationRow("GET", `/consents`+pathID, "getConsentInformation", "BG 1.3.12 getConsentInformation"),
	operationRow("DELETE", `/consents`+pathID, "deleteConsent", "BG 1.3.12 deleteConsent"),
	operationRow("POST", `/consents`, "createConsent", "BG 1.3.12 createConsent, section 6.3.1"),

	operationRow("POST", `/accounts/refresh`, "refreshAccounts", "Salt Edge, POST /accounts/refresh"),
	operationRow("GET", `/accounts/refresh/status`, "getRefreshStatus", "Salt Edge, GET /accounts/refresh/status"),
	operationRow("GET", `/card-accounts`+pathID+`/transactions`, "getCardAccountTransactionList", "BG 1.3.12 getCardAccountTransactionList"),
	operationRow("GET", `/card-accounts`+pathID+`/balances`, "getCardAccountBalances", "BG 1.3.12 getCardAccountBalances"),
	operationRow("GET", `/card-accounts`+pathID, "readCardAccountDetails", "BG 1.3.12 readCardAccountDetails"),
	operationRow("GET", `/card-accounts`, "getCardAccountList", "BG 1.3.12 getCardAccountList"),
	operationRow("GET", `/accounts`+pathID+`/transactions`+pathID, "getTransactionDetails", "BG 1.3.12 getTransactionDetails"),
	operationRow("GET", `/accounts`+pathID+`/transactions`, "getTransactionList", "BG 1.3.12 getTransactionList"),
	operationRow("GET", `/accounts`+pathID+`/balances`, "getBalances", "BG 1.3.12 getBalances"),
	operationRow("GET", `/accounts`+pathID, "readAccountDetails", "BG 1.3.12 readAccountDetails"),
	operationRow("GET", `/accounts`, "getAccountList", "BG 1.3.12 getAccountList"),
	operationRow("POST", `/funds-confirmations`, "checkAvailabilityOfFunds", "BG 1.3.12 checkAvailabilityOfFunds"),

	operationRow("GET", `/aspsps`+pathID, "getASPSP", "OP 1.3.3 GET /aspsps/{bicFi}"),
	operationRow("GET", `/aspsps`, "getASPSPs", "OP 1.3.3 GET /aspsps"),
	operationRow("GET", `/cities(`+pathID+`)?`, "getCities", "OP 1.3.3 GET /cities"),
	operationRow("GET", `/countries(`+pathID+`)?`, "getCountries", "OP 1.3.3 GET /countries"),
	operationRow("GET", `/products/[a-z]{2}(`+pathID+`)?`, "getProducts", "Bank of Georgia, product catalogue"),
	operationRow("GET", `/\.well-known`+pathID+`(`+pathID+`)*`, "getServerMetadata", "RFC 8414 section 3"),
}

// grants are the requests for access tokens, by grant_type.
var grants = map[string]Operation{
	"client_credentials": {ID: "getClientToken", Clause: "RFC 6749 section 4.4"},
	"authorization_code": {ID: "exchangeCode", Clause: "RFC 6749 section 4.1.3, RFC 7636 section 4.5"},
	"refresh_token":      {ID: "refreshToken", Clause: "RFC 6749 section 6"},
}

// OperationOf names what a request is for. One the table does not know is
// named after its method and path.
func OperationOf(method, address, body string) Operation {
	if method == "POST" && strings.Contains(body, "grant_type=") {
		if form, err := url.ParseQuery(strings.ReplaceAll(body, ";", "%3B")); err == nil {
			if named, known := grants[form.Get("grant_type")]; known {
				named.Token = true
				return named
			}
		}
	}
	path := address
	if u, err := url.Parse(address); err == nil {
		path = u.EscapedPath()
	}
	path = strings.TrimRight(path, "/")
	for _, each := range operations {
		if each.method == method && each.path.MatchString(path) {
			return each.Operation.refined(method, body)
		}
	}
	return Operation{ID: method + " " + path}
}

// refined returns the operation as what is handed over makes it: one address serves
// several steps (BG 1.3.12 section 7.2).
func (o Operation) refined(method, body string) Operation {
	if method != "PUT" {
		return o
	}
	for _, part := range []struct{ field, id string }{
		{`"scaAuthenticationData"`, "sendCode"},
		{`"confirmationCode"`, "sendConfirmationCode"},
		{`"authenticationMethodId"`, "selectMethod"},
		{`"encryptedPassword"`, "sendEncryptedPassword"},
		{`"password"`, "sendPassword"},
		{`"psuData"`, "sendPSUID"},
	} {
		if strings.Contains(body, part.field) {
			o.ID = part.id
			break
		}
	}
	return o
}
