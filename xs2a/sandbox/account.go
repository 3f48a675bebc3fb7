package sandbox

import (
	"net/http"
	"strconv"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

type accountDetails struct {
	ResourceID string          `json:"resourceId"`
	IBAN       string          `json:"iban"`
	BBAN       string          `json:"bban,omitempty"`
	Currency   string          `json:"currency"`
	Name       string          `json:"name"`
	Product    string          `json:"product"`
	CashType   string          `json:"cashAccountType"`
	Status     string          `json:"status"`
	BIC        string          `json:"bic"`
	Usage      string          `json:"usage"`
	Owner      string          `json:"ownerName"`
	Balances   []balance       `json:"balances,omitempty"`
	Links      map[string]link `json:"_links"`
}

// cashTypes are ExternalCashAccountType1Code (ISO 20022).
var cashTypes = map[people.Kind]string{people.Current: "CACC", people.Savings: "SVGS", people.Foreign: "CACC", people.Card: "CARD", people.Bills: "CACC"}

// resourceID names an account within one consent; another consent has other names
// for it.
func resourceID(consent string, number int) string {
	return people.FixedID("resource", consent, strconv.Itoa(number))
}

// shared is an account that a consent gives access to.
type shared struct {
	*people.Account
	grant
	refused grant // of what is granted
	id      string
	of      *people.Household
	bank    *bank.Bank
}

// serves says what of an account can be read.
func (acc shared) serves() grant {
	return grant{acc.grant.Account, acc.grant.Balances && !acc.refused.Balances, acc.grant.Transactions && !acc.refused.Transactions}
}

func (s *Sandbox) shared(c *consent) []shared {
	h, b := s.household(c.BIC, c.PSU), s.bank(c.BIC)
	list := make([]shared, len(c.Grants))
	for i, g := range c.Grants {
		refused, _ := grantOf(c.Refused, g.Account)
		list[i] = shared{Account: h.Accounts[g.Account], grant: g, refused: refused, id: resourceID(c.ID, g.Account), of: h, bank: b}
	}
	return list
}

// sharedAccount finds the account of a path; one outside the consent is unknown.
func (s *Sandbox) sharedAccount(c *call) (shared, error) {
	for _, acc := range s.sharedOf(c, false) {
		if acc.id == c.request.PathValue("account") {
			return acc, nil
		}
	}
	return shared{}, unknownAccount()
}

func unknownAccount() error {
	return refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "the consent gives access to no such account")
}

// withBalance reads the parameter of that name.
func (c *call) withBalance() (bool, error) {
	switch c.request.URL.Query().Get("withBalance") {
	case "":
		return false, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, formatError("withBalance", "true or false")
}

func (s *Sandbox) getAccounts(c *call) (answer, error) {
	balances, err := c.withBalance()
	if err != nil {
		return answer{}, err
	}
	if err := s.meter(c, "accounts"); err != nil {
		return answer{}, err
	}
	list := []accountDetails{}
	for _, acc := range s.sharedOf(c, false) {
		list = append(list, s.details(c, acc, balances))
	}
	return ok(map[string]any{"accounts": list})
}

func (s *Sandbox) getAccount(c *call) (answer, error) {
	acc, err := s.sharedAccount(c)
	if err != nil {
		return answer{}, err
	}
	balances, err := c.withBalance()
	if err != nil {
		return answer{}, err
	}
	if err := s.meter(c, "account "+acc.id); err != nil {
		return answer{}, err
	}
	return ok(s.details(c, acc, balances))
}

// details describes an account. Balances come along where they are asked for and
// granted; links lead only to what is granted.
func (s *Sandbox) details(c *call, acc shared, withBalances bool) accountDetails {
	d := accountDetails{
		ResourceID: acc.id, IBAN: acc.IBAN, Currency: acc.Currency, Name: acc.Name, Product: acc.Product,
		CashType: cashTypes[acc.Kind], Status: "enabled", BIC: c.bank.BIC, Usage: "PRIV", Owner: acc.of.Person.Name,
		Links: map[string]link{},
	}
	if s.hasClosed(c.bank.BIC, acc.of.Person.Login, acc.Account) {
		d.Status = "deleted"
	}
	if c.bank.Country == "SE" || c.bank.Country == "NO" {
		d.BBAN = acc.BBAN
	}
	if acc.grant.Balances {
		d.Links["balances"] = c.link(pathsOf(c.bank).accounts + "/" + acc.id + "/balances")
		if withBalances && acc.serves().Balances {
			d.Balances = s.balances(acc)
		}
	}
	if acc.grant.Transactions {
		d.Links["transactions"] = c.link(pathsOf(c.bank).accounts + "/" + acc.id + "/transactions")
	}
	return d
}

func notGranted(what string) error {
	return refuseField(http.StatusUnauthorized, "CONSENT_INVALID", "Consent-ID", "the consent does not give the "+what+" of this account")
}
