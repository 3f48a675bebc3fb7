package verdict

import (
	"net/url"
	"slices"
	"strings"

	"consentry/xs2a"
	"consentry/xs2a/conformance"
)

// Group is a group of operations as the description of an interface lists them. The four
// descriptions have 62, which people asked for; the further ones are in nobody's list but the
// official definitions.
type Group struct {
	Name       string
	Dialect    string
	Operations []string // method and path, with {parameters}
	Further    bool
}

var (
	consentOperations = []string{
		"POST /consents", "GET /consents/{id}", "DELETE /consents/{id}", "GET /consents/{id}/status",
		"POST /consents/{id}/authorisations", "GET /consents/{id}/authorisations",
		"GET /consents/{id}/authorisations/{id}", "PUT /consents/{id}/authorisations/{id}",
	}
	accountOperations = []string{
		"GET /accounts", "GET /accounts/{id}", "GET /accounts/{id}/balances", "GET /accounts/{id}/transactions",
		"GET /accounts/{id}/transactions/{transactionId}",
	}
	paymentOperations = []string{
		"POST /{service}/{product}", "GET /{service}/{product}/{id}", "DELETE /{service}/{product}/{id}", "GET /{service}/{product}/{id}/status",
		"POST /{service}/{product}/{id}/authorisations", "GET /{service}/{product}/{id}/authorisations",
		"GET /{service}/{product}/{id}/authorisations/{id}", "PUT /{service}/{product}/{id}/authorisations/{id}",
		"POST /{service}/{product}/{id}/cancellation-authorisations", "GET /{service}/{product}/{id}/cancellation-authorisations",
		"GET /{service}/{product}/{id}/cancellation-authorisations/{id}", "PUT /{service}/{product}/{id}/cancellation-authorisations/{id}",
	}
)

// Groups are all of them; docs/operations.md says how each is reached.
var Groups = []Group{
	{"000 directory", xs2a.OpenPayments.Name, []string{
		"GET /aspsps", "GET /aspsps/{bicFi}", "GET /cities", "GET /cities/{cityId}", "GET /countries", "GET /countries/{isoCountryCode}",
	}, false},
	{"001 payments", xs2a.BankOfGeorgia.Name, paymentOperations, false},
	{"001 accounts", xs2a.BankOfGeorgia.Name, accountOperations, false},
	{"001 consents", xs2a.BankOfGeorgia.Name, consentOperations, false},
	{"001 products", xs2a.BankOfGeorgia.Name, []string{
		"GET /banking/products/{locale}", "GET /banking/products/{locale}/deposits", "GET /banking/products/{locale}/personal-loans",
	}, false},
	{"002 accounts", xs2a.BerlinGroup.Name, accountOperations, false},
	{"002 card accounts", xs2a.BerlinGroup.Name, []string{
		"GET /card-accounts", "GET /card-accounts/{id}", "GET /card-accounts/{id}/balances", "GET /card-accounts/{id}/transactions",
	}, false},
	{"002 consents", xs2a.BerlinGroup.Name, consentOperations, false},
	{"003 consents", xs2a.SaltEdge.Name, slices.Concat(consentOperations[:4], consentOperations[6:7]), false},
	{"003 accounts", xs2a.SaltEdge.Name, accountOperations[:4], false},
	{"003 refresh", xs2a.SaltEdge.Name, []string{"POST /accounts/refresh", "GET /accounts/refresh/status"}, false},

	{"Berlin Group payments", xs2a.BerlinGroup.Name, paymentOperations, true},
	{"Open Payments consents", xs2a.OpenPayments.Name, consentOperations, true},
	{"Open Payments accounts", xs2a.OpenPayments.Name, accountOperations, true},
	{"Open Payments payments", xs2a.OpenPayments.Name, paymentOperations, true},
}

// Interface is the description of an interface, with what was seen of it.
type Interface struct {
	Dialect    string      `json:"dialect"`
	Name       string      `json:"name"`
	Spoken     bool        `json:"spoken"` // by the bank, or one of the environment's; of all others nothing can be seen
	Operations []Described `json:"operations"`
}

// Described is an operation that a description lists.
type Described struct {
	Name    string              `json:"name"`
	Seen    int                 `json:"seen"`
	Held    conformance.Holding `json:"held"`              // what of it an official definition has
	Further bool                `json:"further,omitempty"` // not among the 62
}

// Of counts the operations among the 62, or those beyond, and how many of them were seen.
func (i Interface) Of(further bool) (seen, all int) {
	for _, one := range i.Operations {
		if one.Further != further {
			continue
		}
		if all++; one.Seen > 0 {
			seen++
		}
	}
	return seen, all
}

// described counts what was seen of each operation, by dialect and name.
type described map[[2]string]int

func (d described) count(dialect, method, address string) {
	if name := describedAs(dialect, method, address); name != "" {
		d[[2]string{dialect, name}]++
	}
}

// describedAs is the name that the description of a dialect has for a request; empty: none.
func describedAs(dialect, method, address string) string {
	asked, err := url.Parse(address)
	if err != nil {
		return ""
	}
	segments := strings.Split(strings.Trim(asked.Path, "/"), "/")
	for _, group := range Groups {
		if group.Dialect != dialect {
			continue
		}
		for _, name := range group.Operations {
			if of, path, _ := strings.Cut(name, " "); of == method && ends(segments, strings.Split(path[1:], "/")) {
				return name
			}
		}
	}
	return ""
}

// ends reports whether a path ends in parts such as {id} and accounts.
func ends(segments, parts []string) bool {
	from := len(segments) - len(parts)
	if from < 0 {
		return false
	}
	for i, part := range parts {
		switch said := segments[from+i]; {
		case part == "{service}":
			if !slices.Contains([]string{"payments", "bulk-payments", "periodic-payments"}, said) {
				return false
			}
		case part[0] != '{' && part != strings.Replace(said, "authorizations", "authorisations", 1):
			return false
		}
	}
	return true
}

// interfaces sums up what was seen, by the dialects that are spoken; those come first.
func (d described) interfaces(spoken func(dialect string) bool) (all []Interface) {
	for _, dialect := range []xs2a.Dialect{xs2a.OpenPayments, xs2a.BerlinGroup, xs2a.BankOfGeorgia, xs2a.SaltEdge} {
		one := Interface{Dialect: dialect.Name, Name: dialect.Title, Spoken: spoken(dialect.Name)}
		for _, group := range Groups {
			if group.Dialect != dialect.Name {
				continue
			}
			for _, name := range group.Operations {
				_, path, _ := strings.Cut(name, " ")
				one.Operations = append(one.Operations, Described{Name: name, Seen: d[[2]string{dialect.Name, name}], Held: conformance.Holds(dialect.Name, path), Further: group.Further})
			}
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b Interface) int {
		switch {
		case a.Spoken == b.Spoken:
			return 0
		case a.Spoken:
			return -1
		}
		return 1
	})
	return all
}
