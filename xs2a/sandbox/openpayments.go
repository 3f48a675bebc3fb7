package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// The services' prefixes, on the one host that stands for auth and API alike.
const (
	directoryPath = "/psd2/aspspinformation/v1"
	consentPath   = "/psd2/consent/v1/consents"
	accountPath   = "/psd2/accountinformation/v1/accounts"
	paymentPath   = "/psd2/paymentinitiation/v1"
)

type methods = map[string]func(*call) (answer, error)

// openPaymentsRoutes is the table of the dialect's services.
func (s *Sandbox) openPaymentsRoutes() {
	directory := []check{checkRequestID, checkToken("aspspinformation"), checkAccept}
	consents := []check{checkRequestID, checkToken("accountinformation"), checkAccept, checkBank, checkPSUPresent}
	accounts := []check{checkRequestID, checkToken("accountinformation"), checkAccept, checkBank, notePSU, checkConsent}

	for _, rt := range []route{
		{path: directoryPath + "/countries", checks: directory, bareErrors: true, methods: methods{"GET": s.getCountries}},
		{path: directoryPath + "/countries/{country}", checks: directory, bareErrors: true, methods: methods{"GET": s.getCountry}},
		{path: directoryPath + "/cities", checks: directory, bareErrors: true, methods: methods{"GET": s.getCities}},
		{path: directoryPath + "/cities/{city}", checks: directory, bareErrors: true, methods: methods{"GET": s.getCity}},
		{path: directoryPath + "/aspsps", checks: directory, bareErrors: true, methods: methods{"GET": s.getASPSPs}},
		{path: directoryPath + "/aspsps/{bic}", checks: directory, bareErrors: true, methods: methods{"GET": s.getASPSP}},

		{path: consentPath, checks: consents, methods: methods{"POST": s.postConsent}},
		{path: consentPath + "/{consent}", checks: consents, methods: methods{"GET": s.getConsent, "DELETE": s.deleteConsent}},
		{path: consentPath + "/{consent}/status", checks: consents, methods: methods{"GET": s.getConsentStatus}},
		{path: consentPath + "/{consent}/authorisations", checks: consents, methods: methods{"POST": s.postAuthorisation, "GET": s.getAuthorisations}},
		{path: consentPath + "/{consent}/authorisations/{authorisation}", checks: consents, methods: methods{"GET": s.getAuthorisation, "PUT": s.putAuthorisation}},

		{path: accountPath, checks: accounts, methods: methods{"GET": s.getAccounts}},
		{path: accountPath + "/{account}", checks: accounts, methods: methods{"GET": s.getAccount}},
		{path: accountPath + "/{account}/balances", checks: accounts, methods: methods{"GET": s.getBalances}},
		{path: accountPath + "/{account}/transactions", checks: accounts, methods: methods{"GET": s.getTransactions}},
		{path: accountPath + "/{account}/transactions/{transaction}", checks: accounts, methods: methods{"GET": s.getTransaction}},
	} {
		s.mux.Handle(rt.path, s.api(rt))
	}
	payments := []check{checkRequestID, checkToken("paymentinitiation"), checkAccept, checkBank, checkPSUPresent}
	s.paymentRoutes(paymentPath, nil, payments, s.payOpenly)
	s.mux.Handle("/psd2/", s.api(route{checks: []check{checkRequestID, refusePath}, methods: methods{
		"GET": nil, "POST": nil, "PUT": nil, "DELETE": nil,
	}}))
	s.mux.HandleFunc("POST /connect/token", s.tokenEndpoint)
	s.mux.HandleFunc("GET /connect/authorize", s.authorize)
}

// refusePath answers what lies under no service.
func refusePath(*Sandbox, *call) error {
	return refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "there is nothing at this address")
}

// link is the form of an address in _links.
type link struct {
	Href string `json:"href"`
}

// link makes an address the way the bank writes it: absolute or host-relative.
func (c *call) link(path string) link {
	if c.bank.RelativeLinks {
		return link{path}
	}
	return link{c.address + path}
}

// MarshalJSON writes a link that is still to come as {"href": null}.
func (l link) MarshalJSON() ([]byte, error) {
	if l.Href == "" {
		return []byte(`{"href":null}`), nil
	}
	if asItIs(l.Href) { // as nearly all are, and a list has one for each entry
		return []byte(`{"href":"` + l.Href + `"}`), nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(map[string]string{"href": l.Href})
	return bytes.TrimSpace(b.Bytes()), err
}

// asItIs reports whether a text stands in JSON as it is.
func asItIs(text string) bool {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
