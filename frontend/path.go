package frontend

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/holding"
	"consentry/app/quirk"
	"consentry/app/verdict"
	"consentry/storage"
)

// The addresses of the screens, within the session.

func consentPath(id string) string { return "/consents/" + url.PathEscape(id) }

func renewPath(id string) string { return consentPath(id) + "/renew" }

// roundPath leads to a round of renewals.
func roundPath(id string) string { return "/renewals/" + url.PathEscape(id) }

func readsPath(id string) string { return consentPath(id) + "/reads" }

// readPath leads to the exchange of a read.
func readPath(read storage.ConsentRead) string {
	return "/activity/requests/" + url.PathEscape(read.RequestID)
}

func paymentPath(id string) string { return "/payments/" + url.PathEscape(id) }

// payPath leads to the form of a payment from a bank.
func payPath(environmentID, bic string) string { return bankPath(environmentID, bic) + "/pay" }

// payProductPath leads to the form of a product.
func payProductPath(environmentID, bic, product string) string {
	return payPath(environmentID, bic) + "?product=" + url.QueryEscape(strings.ToLower(product))
}

// payListPath leads to several payments at once from a bank.
func payListPath(environmentID, bic string) string { return payPath(environmentID, bic) + "/several" }

func paymentListPath(id string) string { return "/payment-lists/" + url.PathEscape(id) }

// payFromPath leads to it with an account chosen.
func payFromPath(account storage.Account) string {
	return payPath(account.EnvironmentID, account.BIC) + "?from=" + strconv.FormatInt(account.ID, 10)
}

func accountPath(id int64) string { return fmt.Sprintf("/accounts/%d", id) }

// exportPath leads to taking out what is looked for.
func exportPath(search holding.Search) string {
	return changedAddress("/transactions/export", chosenBy(search), nil)
}

func transactionPath(id int64) string { return fmt.Sprintf("/transactions/%d", id) }

// bankPath is the address of a bank's page, and the root of what is below it.
func bankPath(environmentID, bic string) string {
	return "/banks/" + url.PathEscape(environmentID) + "/" + url.PathEscape(bic)
}

func sharePath(environmentID, bic, affiliated string) string {
	address := bankPath(environmentID, bic) + "/share"
	if affiliated != "" {
		address += "?affiliated=" + url.QueryEscape(affiliated)
	}
	return address
}

func productsPath(environmentID, bic string) string {
	return bankPath(environmentID, bic) + "/products"
}

// quirksPath leads to the quirk cards of a bank; quirkPath to what a person says of one kind.
func quirksPath(environmentID, bic string) string { return bankPath(environmentID, bic) + "/quirks" }

func quirkPath(environmentID, bic string, k quirk.Kind) string {
	return quirksPath(environmentID, bic) + "/" + url.PathEscape(string(k))
}

// environmentQuirksPath leads to the banks of an environment of which there are cards.
func environmentQuirksPath(id string) string { return environmentPath(id) + "/quirks" }

// quirkProfilePath is the file with the cards of an environment or, where bic is not empty, a bank.
func quirkProfilePath(environmentID, bic string) string {
	address := environmentPath(environmentID) + "/quirks.json"
	if bic != "" {
		address += "?bank=" + url.QueryEscape(bic)
	}
	return address
}

// productPath leads to one product, in a language of the bank's.
func productPath(bank storage.ASPSP, id, locale string) string {
	address := productsPath(bank.EnvironmentID, bank.BIC) + "/" + url.PathEscape(id)
	if locale != productLocales[0].locale {
		address += "?" + url.Values{"locale": {locale}}.Encode()
	}
	return address
}

func comparePath(environmentID, bic string) string {
	return bankPath(environmentID, bic) + "/compare"
}

func flowPath(id string) string {
	if id == "" {
		id = noFlow
	}
	return "/activity/flows/" + url.PathEscape(id)
}

func exchangePath(id int64) string { return "/activity/exchanges/" + strconv.FormatInt(id, 10) }

// reportPath leads to the report on what a scope kept to of the official definitions.
func reportPath(scope verdict.Scope) string { return reportFilePath("", scope) }

// reportFilePath leads to the same as a file.
func reportFilePath(format string, scope verdict.Scope) string {
	chosen := map[string]string{"flow": scope.Flow}
	if scope.Flow == "" {
		chosen = map[string]string{"environment": scope.Environment, "bank": scope.BIC}
	}
	if scope.After > 0 {
		chosen["after"] = strconv.FormatInt(scope.After, 10)
	}
	return changedAddress(strings.TrimSuffix("/activity/report/"+format, "/"), chosen, nil)
}

func runPath(environmentID string) string { return environmentPath(environmentID) + "/run" }

// requestPath leads to the exchange behind a failure; it is empty where none is known.
func requestPath(failure *app.Error) string {
	if id := failure.RequestID(); id != "" {
		return "/activity/requests/" + url.PathEscape(id)
	}
	return ""
}

func environmentPath(id string) string { return "/environments/" + url.PathEscape(id) }

// directoryPath leads to what changed in an environment's directory.
func directoryPath(environmentID string) string { return environmentPath(environmentID) + "/directory" }

// keysPath leads to the keys and certificates of an environment, and keyPath to an action on one of its key pairs.
func keysPath(environmentID string) string { return environmentPath(environmentID) + "/keys" }

func keyPath(environmentID string, purpose bank.Purpose, action string) string {
	return keysPath(environmentID) + "/" + string(purpose) + action
}

func guidePath(environmentID string) string { return environmentPath(environmentID) + "/guide" }

func importPath(environmentID string) string { return environmentPath(environmentID) + "/import" }

func bankProfilePath(environmentID, bank string) string {
	return environmentPath(environmentID) + "/banks/" + url.PathEscape(bank)
}
