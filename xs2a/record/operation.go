package record

import (
	"net/url"
	"regexp"
	"strings"
)

// Operation is what an exchange asks a bank for, read from its request.
type Operation struct {
	Words  string // as a person would say it, such as "Ask for the consent"
	Means  string // what it does in the flow, in a sentence
	Clause string // where it is laid down; operations by their id in the published definition
	Token  bool   // it is about an access token, whatever it is needed for
}

// operation is a row of the table: the operations of the method whose path
// ends in the pattern.
type operation struct {
	method string
	path   *regexp.Regexp
	Operation
}

func operationRow(method, path, words, means, clause string) operation {
	return operation{method, regexp.MustCompile(path + `$`), Operation{Words: words, Means: means, Clause: clause}}
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
	operationRow("POST", pathPayment+pathCancel, "Start the authorisation of the cancellation", "The bank is asked to let you confirm that the payment is cancelled.", "BG 1.3.12 startPaymentInitiationCancellationAuthorisation"),
	operationRow("GET", pathPayment+pathCancel, "List the authorisations of the cancellation", "Which attempts to confirm the cancellation the bank knows.", "BG 1.3.12 getPaymentInitiationCancellationAuthorisationInformation"),
	operationRow("GET", pathPayment+pathCancel+pathID, "Ask for the SCA status of the cancellation", "How far the confirmation of the cancellation is.", "BG 1.3.12 getPaymentCancellationScaStatus"),
	operationRow("PUT", pathPayment+pathCancel+pathID, "Go on with the authorisation of the cancellation", "What you entered or chose is handed to the bank.", "BG 1.3.12 updatePaymentCancellationPsuData"),
	operationRow("POST", pathPayment+pathApproval, "Start the authorisation of the payment", "The bank is asked to let you confirm the payment.", "BG 1.3.12 startPaymentAuthorisation"),
	operationRow("GET", pathPayment+pathApproval, "List the authorisations of the payment", "Which attempts to confirm the payment the bank knows.", "BG 1.3.12 getPaymentInitiationAuthorisation"),
	operationRow("GET", pathPayment+pathApproval+pathID, "Ask for the SCA status of the payment", "How far your confirmation at the bank is.", "BG 1.3.12 getPaymentInitiationScaStatus"),
	operationRow("PUT", pathPayment+pathApproval+pathID, "Go on with the authorisation of the payment", "What you entered or chose is handed to the bank.", "BG 1.3.12 updatePaymentPsuData"),
	operationRow("GET", pathPayment+`/status`, "Ask for the payment's status", "Whether the money is on its way.", "BG 1.3.12 getPaymentInitiationStatus"),
	operationRow("GET", pathPayment, "Read the payment back", "The payment as the bank has it.", "BG 1.3.12 getPaymentInformation"),
	operationRow("DELETE", pathPayment, "Cancel the payment", "The bank is asked not to carry out the payment. It may want that confirmed.", "BG 1.3.12 cancelPayment"),
	operationRow("POST", `/(bulk-|periodic-)?payments`+pathID, "Send the payment", "The payment is handed to the bank. It is carried out only after you confirmed it.", "BG 1.3.12 initiatePayment"),

	operationRow("POST", `/consents`+pathID+pathApproval, "Start the authorisation", "The bank is asked to let you approve the permission, and says in which ways you can.", "BG 1.3.12 startConsentAuthorisation, section 7.1"),
	operationRow("GET", `/consents`+pathID+pathApproval, "List the authorisations", "Which attempts to approve the permission the bank knows.", "BG 1.3.12 getConsentAuthorisation, section 7.4"),
	operationRow("GET", `/consents`+pathID+pathApproval+pathID, "Ask for the SCA status", "How far your approval at the bank is.", "BG 1.3.12 getConsentScaStatus, section 7.5"),
	operationRow("PUT", `/consents`+pathID+pathApproval+pathID, "Go on with the authorisation", "What you entered or chose is handed to the bank.", "BG 1.3.12 updateConsentsPsuData, section 7.2"),
	operationRow("GET", `/consents`+pathID+`/status`, "Ask for the consent's status", "Whether the permission can be used: received, valid, rejected, expired or ended.", "BG 1.3.12 getConsentStatus"),
	operationRow("GET", `/consents`+pathID, "Read the consent back", "What the bank granted, which can differ from what was asked for.", "BG 1.3.12 getConsentInformation"),
	operationRow("DELETE", `/consents`+pathID, "End the consent", "The bank is told that the permission is not to be used any more.", "BG 1.3.12 deleteConsent"),
	operationRow("POST", `/consents`, "Ask for the consent", "The bank is asked for permission to read. It answers with the ways in which you can approve it.", "BG 1.3.12 createConsent, section 6.3.1"),

	operationRow("POST", `/accounts/refresh`, "Ask for fresh data", "The bank is asked to read the accounts anew from where they are kept.", "Salt Edge, POST /accounts/refresh"),
	operationRow("GET", `/accounts/refresh/status`, "Ask how far the refresh is", "Whether fresh data is there to be read.", "Salt Edge, GET /accounts/refresh/status"),
	operationRow("GET", `/card-accounts`+pathID+`/transactions`, "Read card transactions", "What was paid with the card in a period.", "BG 1.3.12 getCardAccountTransactionList"),
	operationRow("GET", `/card-accounts`+pathID+`/balances`, "Read card balances", "What is owed on the card account.", "BG 1.3.12 getCardAccountBalances"),
	operationRow("GET", `/card-accounts`+pathID, "Read a card account", "One card account in detail.", "BG 1.3.12 readCardAccountDetails"),
	operationRow("GET", `/card-accounts`, "List the card accounts", "The card accounts the permission covers.", "BG 1.3.12 getCardAccountList"),
	operationRow("GET", `/accounts`+pathID+`/transactions`+pathID, "Read one transaction", "One entry in detail.", "BG 1.3.12 getTransactionDetails"),
	operationRow("GET", `/accounts`+pathID+`/transactions`, "Read transactions", "What came in and went out in a period, page by page.", "BG 1.3.12 getTransactionList"),
	operationRow("GET", `/accounts`+pathID+`/balances`, "Read balances", "What is on the account, by each kind of balance the bank keeps.", "BG 1.3.12 getBalances"),
	operationRow("GET", `/accounts`+pathID, "Read an account", "One account in detail.", "BG 1.3.12 readAccountDetails"),
	operationRow("GET", `/accounts`, "List the accounts", "The accounts the permission covers, by the names the bank gives them under it.", "BG 1.3.12 getAccountList"),
	operationRow("POST", `/funds-confirmations`, "Ask whether funds suffice", "The bank says yes or no, not how much there is.", "BG 1.3.12 checkAvailabilityOfFunds"),

	operationRow("GET", `/aspsps`+pathID, "Read a bank's details", "How the directory describes one bank and the ways to approve something there.", "OP 1.3.3 GET /aspsps/{bicFi}"),
	operationRow("GET", `/aspsps`, "List the banks", "The banks that can be reached, all of them or those of one country or city.", "OP 1.3.3 GET /aspsps"),
	operationRow("GET", `/cities(`+pathID+`)?`, "List the cities", "The cities of the directory.", "OP 1.3.3 GET /cities"),
	operationRow("GET", `/countries(`+pathID+`)?`, "List the countries", "The countries of the directory.", "OP 1.3.3 GET /countries"),
	operationRow("GET", `/products/[a-z]{2}(`+pathID+`)?`, "Read the product catalogue", "The products the bank offers to everybody.", "Bank of Georgia, product catalogue"),
	operationRow("GET", `/\.well-known`+pathID+`(`+pathID+`)*`, "Discover the authorisation server", "Where the bank's authorisation server says its page and its token endpoint are.", "RFC 8414 section 3"),
}

// grants are the requests for access tokens, by grant_type.
var grants = map[string]Operation{
	"client_credentials": {Words: "Get an access token", Means: "Consentry shows who it is and gets a token for the next calls. You are not involved.", Clause: "RFC 6749 section 4.4"},
	"authorization_code": {Words: "Exchange the code", Means: "The code you came back from the bank with is redeemed. It works once, and only together with the verifier that never left this machine.", Clause: "RFC 6749 section 4.1.3, RFC 7636 section 4.5"},
	"refresh_token":      {Words: "Refresh the access token", Means: "A token that has run out is replaced without you.", Clause: "RFC 6749 section 6"},
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
	return Operation{Words: method + " " + path}
}

// refined tells apart what one operation does by what is handed over
// (BG 1.3.12 section 7.2).
func (o Operation) refined(method, body string) Operation {
	if method != "PUT" {
		return o
	}
	for _, part := range []struct{ field, words, means string }{
		{`"scaAuthenticationData"`, "Send the code", "The code you entered proves to the bank that it is you."},
		{`"confirmationCode"`, "Send the confirmation code", "The bank finishes the authorisation once it knows that you came back here."},
		{`"authenticationMethodId"`, "Choose the method", "The bank is told in which way you want to confirm."},
		{`"encryptedPassword"`, "Log in at the bank", "Your password is handed to the bank, encrypted for it alone. It is not kept."},
		{`"password"`, "Log in at the bank", "Your password is handed to the bank. It is not kept."},
		{`"psuData"`, "Say who you are", "The bank is told by which name it knows you."},
	} {
		if strings.Contains(body, part.field) {
			o.Words, o.Means = part.words, part.means
			break
		}
	}
	return o
}
