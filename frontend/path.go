package frontend

import (
	"fmt"
	"net/url"
	"strconv"

	"consentry/app"
	"consentry/storage"
)

// The addresses of the screens, within the session.

func consentPath(id string) string { return "/consents/" + url.PathEscape(id) }

func renewPath(id string) string { return consentPath(id) + "/renew" }

func readsPath(id string) string { return consentPath(id) + "/reads" }

// readPath leads to the exchange of a read.
func readPath(read storage.ConsentRead) string {
	return "/activity/requests/" + url.PathEscape(read.RequestID)
}

func accountPath(id int64) string { return fmt.Sprintf("/accounts/%d", id) }

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

func flowPath(id string) string {
	if id == "" {
		id = noFlow
	}
	return "/activity/flows/" + url.PathEscape(id)
}

func exchangePath(id int64) string { return "/activity/exchanges/" + strconv.FormatInt(id, 10) }

// requestPath leads to the exchange behind a failure; it is empty where none is known.
func requestPath(failure *app.Error) string {
	if id := failure.RequestID(); id != "" {
		return "/activity/requests/" + url.PathEscape(id)
	}
	return ""
}

func environmentPath(id string) string { return "/environments/" + url.PathEscape(id) }

func importPath(environmentID string) string { return environmentPath(environmentID) + "/import" }

func bankProfilePath(environmentID, bank string) string {
	return environmentPath(environmentID) + "/banks/" + url.PathEscape(bank)
}
