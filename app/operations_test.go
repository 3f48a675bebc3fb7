package app_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"consentry/app/verdict"
)

var update = flag.Bool("update", false, "write docs/operations.md")

// document is a group of operations, with the practice bank at which they are driven.
type document struct {
	verdict.Group
	bank string
}

// documents are all of them.
func documents() (all []document) {
	for _, group := range verdict.Groups {
		at := map[string]string{
			"openpayments": "Hamnbanken", "bankofgeorgia": "Mtkvari Bank (Bank of Georgia)",
			"berlingroup": "Kortland Sparekasse (Berlin Group)", "saltedge": "Saltsjöns Bank (Salt Edge)",
		}[group.Dialect]
		if group.Name == "000 directory" {
			at = "Open Payments"
		}
		all = append(all, document{group, at})
	}
	return all
}

// use is what stands behind an operation: the client's method, and where in
// the screens a person gets it done.
type use struct {
	method string // of xs2a.Client
	where  string
	route  string // of frontend/routes.go; empty while there is no screen
}

var uses = map[string]use{
	"GET /aspsps":                     {"ASPSPs", "Banks", "GET /banks"},
	"GET /aspsps/{bicFi}":             {"ASPSP", "A bank", "GET /banks/{env}/{bic}"},
	"GET /cities":                     {"Cities", "Banks, Refresh the list", "POST /banks/refresh"},
	"GET /cities/{cityId}":            {"City", "Settings, an environment, Check connection", "POST /environments/{id}/check"},
	"GET /countries":                  {"Countries", "Banks, Refresh the list", "POST /banks/refresh"},
	"GET /countries/{isoCountryCode}": {"Country", "Settings, an environment, Check connection", "POST /environments/{id}/check"},

	"POST /consents":                         {"CreateConsent", "A bank, Link this bank, Continue to the bank", "POST /banks/{env}/{bic}/share"},
	"GET /consents/{id}":                     {"Consent", "A consent, Ask the bank now", "POST /consents/{id}/refresh"},
	"DELETE /consents/{id}":                  {"DeleteConsent", "A consent, Withdraw", "POST /consents/{id}/withdraw"},
	"GET /consents/{id}/status":              {"ConsentStatus", "Linking, on coming back from the bank", "POST /authorisations/{id}/check"},
	"POST /consents/{id}/authorisations":     {"Continue", "Linking, where the bank leaves the start to Consentry", "POST /banks/{env}/{bic}/share"},
	"GET /consents/{id}/authorisations":      {"Authorisations", "A consent, For testers, Authorisations at the bank", "POST /consents/{id}/authorisations"},
	"GET /consents/{id}/authorisations/{id}": {"SCAStatus", "A consent, For testers, Authorisations at the bank; linking, on coming back", "POST /consents/{id}/authorisations"},
	"PUT /consents/{id}/authorisations/{id}": {"Continue", "Linking, where a name, password, method or code is given", "POST /authorisations/{id}/give"},

	"GET /accounts":                                   {"Accounts", "A consent or an account, Update now", "POST /consents/{id}/fetch"},
	"GET /accounts/{id}":                              {"Account", "An account, For testers, Ask for its details", "POST /accounts/{id}/details"},
	"GET /accounts/{id}/balances":                     {"Balances", "An account, For testers, Ask for its balances", "POST /accounts/{id}/balances"},
	"GET /accounts/{id}/transactions":                 {"Transactions", "A consent or an account, Update now", "POST /accounts/{id}/fetch"},
	"GET /accounts/{id}/transactions/{transactionId}": {"Transaction", "A transaction, For testers, Ask for its details", "POST /transactions/{id}/details"},

	"GET /card-accounts":                   {"CardAccounts", "A consent or an account, Update now", "POST /consents/{id}/fetch"},
	"GET /card-accounts/{id}":              {"CardAccount", "A card account, For testers, Ask for its details", "POST /accounts/{id}/details"},
	"GET /card-accounts/{id}/balances":     {"CardBalances", "A card account, For testers, Ask for its balances", "POST /accounts/{id}/balances"},
	"GET /card-accounts/{id}/transactions": {"CardTransactions", "A consent or a card account, Update now", "POST /accounts/{id}/fetch"},

	"GET /banking/products/{locale}":                {"Products", "A bank, Products", "GET /banks/{env}/{bic}/products"},
	"GET /banking/products/{locale}/deposits":       {"Deposits", "A bank, Products, Deposits", "GET /banks/{env}/{bic}/products"},
	"GET /banking/products/{locale}/personal-loans": {"PersonalLoans", "A bank, Products, Personal loans", "GET /banks/{env}/{bic}/products"},

	"POST /accounts/refresh":       {"Refresh", "A consent or an account, Update now", "POST /consents/{id}/fetch"},
	"GET /accounts/refresh/status": {"RefreshStatus", "A consent or an account, while Update now waits", "POST /consents/{id}/fetch"},

	"POST /{service}/{product}":                                      {"InitiatePayment", "A payment, Send", "POST /payments/{id}/send"},
	"GET /{service}/{product}/{id}":                                  {"Payment", "On sending, to compare what the bank has; a payment, For testers, As the bank has it", "POST /payments/{id}/look"},
	"DELETE /{service}/{product}/{id}":                               {"CancelPayment", "A payment, Cancel the payment", "POST /payments/{id}/cancel"},
	"GET /{service}/{product}/{id}/status":                           {"PaymentStatus", "A payment, Check now; and while it is followed", "POST /payments/{id}/check"},
	"POST /{service}/{product}/{id}/authorisations":                  {"Continue", "A payment, Send, where the bank leaves the start to Consentry", "POST /payments/{id}/send"},
	"GET /{service}/{product}/{id}/authorisations":                   {"Authorisations", "A payment, For testers, Authorisations at the bank", "POST /payments/{id}/authorisations"},
	"GET /{service}/{product}/{id}/authorisations/{id}":              {"SCAStatus", "A payment, For testers, Authorisations at the bank; on coming back from the bank", "POST /payments/{id}/authorisations"},
	"PUT /{service}/{product}/{id}/authorisations/{id}":              {"Continue", "Approving a payment, where a name, password, method or code is given", "POST /authorisations/{id}/give"},
	"POST /{service}/{product}/{id}/cancellation-authorisations":     {"Continue", "A payment, Cancel the payment, where the bank wants that approved", "POST /payments/{id}/cancel"},
	"GET /{service}/{product}/{id}/cancellation-authorisations":      {"Authorisations", "A payment, For testers, Those of its cancellation", "POST /payments/{id}/cancellations"},
	"GET /{service}/{product}/{id}/cancellation-authorisations/{id}": {"SCAStatus", "A payment, For testers, Those of its cancellation; on coming back from the bank", "POST /payments/{id}/cancellations"},
	"PUT /{service}/{product}/{id}/cancellation-authorisations/{id}": {"Continue", "Approving a cancellation, where a name, password, method or code is given", "POST /authorisations/{id}/give"},
}

// TestOperations drives every operation the four interfaces describe through
// the client, over HTTP, at a practice bank of each, and so those of Open Payments
// that no list has. All requests and answers are held to the official definitions.
// docs/operations.md holds what came back; -update writes it anew.
func TestOperations(t *testing.T) {
	d := &drive{world: newWorld(t), came: map[string]string{}}
	d.held = d.definitions()
	d.directory()
	d.openPayments()
	d.georgian()
	d.berlin()
	d.saltEdge()

	count, wanted := 0, 0
	for _, document := range documents() {
		for _, operation := range document.Operations {
			if count++; !document.Further {
				wanted++
			}
			if d.came[document.Name+" "+operation] == "" {
				t.Errorf("%s: %s was not driven", document.Name, operation)
			}
		}
	}
	if wanted != 62 || len(d.came) != count {
		t.Errorf("%d operations are listed, %d of all %d were driven, the interfaces have 62", wanted, len(d.came), count)
	}
	d.held.atLeast(t, 60)
	d.routes()
	table := d.table()
	t.Log("\n" + table)
	file := filepath.Join("..", "docs", "operations.md")
	if *update && !t.Failed() {
		d.must(os.WriteFile(file, []byte(table), 0o644))
	}
	if stored, err := os.ReadFile(file); err != nil || string(stored) != table {
		t.Errorf("docs/operations.md is stale (%v): run go test ./app -run Operations -update, and look at the difference", err)
	}
}

// routes holds the table against the program's own map.
func (d *drive) routes() {
	d.Helper()
	source, err := os.ReadFile(filepath.Join("..", "frontend", "routes.go"))
	d.must(err)
	for operation, use := range uses {
		if use.route != "" && !strings.Contains(string(source), `"`+use.route+`":`) {
			d.Errorf("%s is to be reached at %s, which is no route", operation, use.route)
		}
	}
}

func (d *drive) table() string {
	var b strings.Builder
	b.WriteString("# Every operation, and where it is reached\n\n" +
		"What the descriptions of the four interfaces list (62 operations) and the services of Open Payments, driven by a test\n" +
		"through the client against the practice banks, over HTTP. All requests and answers are held to the official definitions of\n" +
		"the Berlin Group (1.3.12) and of Open Payments (1.3.3), but for products and refreshing, which these do not have, and Salt\n" +
		"Edge's answers, which have words of their own. Do not edit this file: `go test ./app -run Operations -update` writes it.\n\n" +
		"The column “Came back” holds the HTTP status and what was understood of the answer. Addresses in the last column are those\n" +
		"of [the program's map](../frontend/routes.go).\n")
	for _, document := range documents() {
		fmt.Fprintf(&b, "\n## %s\n\nAt %s, %d operations.\n\n| Operation | `xs2a.Client` | Came back | Where in the screens |\n| --- | --- | --- | --- |\n",
			document.Name, document.bank, len(document.Operations))
		for _, operation := range document.Operations {
			use := uses[operation]
			where := use.where
			if use.route != "" {
				where += " (`" + use.route + "`)"
			}
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", operation, use.method, d.came[document.Name+" "+operation], where)
		}
	}
	return b.String()
}
