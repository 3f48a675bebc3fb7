package sandbox

import (
	"net/http"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// berlinGroupRoutes is the table of the dialect's services.
func (s *Sandbox) berlinGroupRoutes() {
	const root = "/berlingroup/{bank}/v1"
	s.servicesUnder(root, checkBankInPath(bank.BerlinGroup))
	s.mux.HandleFunc("GET /berlingroup/{bank}/.well-known/jwks.json", s.keySet)
	s.authorisationServer("/berlingroup/{bank}")
}

// authorisationServer lays out a bank's own OAuth.
func (s *Sandbox) authorisationServer(root string) {
	for _, name := range []string{"oauth-authorization-server", "openid-configuration"} {
		s.mux.HandleFunc("GET "+root+"/.well-known/"+name, s.metadata)
		s.mux.HandleFunc("GET /.well-known/"+name+root, s.metadata) // RFC 8414 3.1
	}
	s.mux.HandleFunc("GET "+root+"/oauth/authorize", s.authorizeAtBank)
	s.mux.HandleFunc("POST "+root+"/oauth/token", s.tokenAtBank)
}

// servicesUnder lays out the services that the Berlin Group's dialects have in
// common. find is the check that finds the bank.
func (s *Sandbox) servicesUnder(root string, find check) {
	base := []check{checkRequestID, checkChannel, checkBearer, checkAccept, notePSU}
	consents, accounts := root+"/consents", root+"/accounts"
	read := append(base[:len(base):len(base)], checkConsent, checkParty)

	for _, rt := range []route{
		{path: consents, checks: base, methods: methods{"POST": s.openConsent}},
		{path: consents + "/{consent}", checks: base, methods: methods{"GET": s.lookAtConsent, "DELETE": s.deleteConsent}},
		{path: consents + "/{consent}/status", checks: base, methods: methods{"GET": s.getConsentStatus}},
		{path: consents + "/{consent}/authorisations", checks: base, methods: methods{"POST": s.startForConsent, "GET": s.getAuthorisations}},
		{path: consents + "/{consent}/authorisations/{authorisation}", checks: base, methods: methods{"GET": s.statusForConsent, "PUT": s.updateForConsent}},

		{path: accounts, checks: read, methods: methods{"GET": s.getAccounts}},
		{path: accounts + "/{account}", checks: read, methods: methods{"GET": s.wrapped("account", s.getAccount)}},
		{path: accounts + "/{account}/balances", checks: read, methods: methods{"GET": s.getBalances}},
		{path: accounts + "/{account}/transactions", checks: read, methods: methods{"GET": s.reported(s.getTransactions)}},
		{path: accounts + "/{account}/transactions/{transaction}", checks: read, methods: methods{"GET": s.wrapped("transactionsDetails", s.wrapped("transactionDetails", s.getTransaction))}},

		{path: root + "/card-accounts", checks: read, methods: methods{"GET": s.getCards}},
		{path: root + "/card-accounts/{account}", checks: read, methods: methods{"GET": s.getCard}},
		{path: root + "/card-accounts/{account}/balances", checks: read, methods: methods{"GET": s.getCardBalances}},
		{path: root + "/card-accounts/{account}/transactions", checks: read, methods: methods{"GET": s.getCardTransactions}},
	} {
		rt.find = find
		s.mux.Handle(rt.path, s.api(rt))
	}
	s.paymentRoutes(root, find, base, s.openPayment)
	s.mux.Handle(root+"/", s.api(route{find: find, checks: []check{checkRequestID, refusePath}, methods: methods{
		"GET": nil, "POST": nil, "PUT": nil, "DELETE": nil,
	}}))
}

// wrapped puts an answer inside an object, as BG 1.3.12 has it for single things.
func (s *Sandbox) wrapped(name string, get func(*call) (answer, error)) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		a, err := get(c)
		a.body = map[string]any{name: a.body}
		return a, err
	}
}

// checkBankInPath finds the bank that the address names.
func checkBankInPath(dialect string) check {
	return func(s *Sandbox, c *call) error {
		c.bank = s.bankByID(dialect, c.request.PathValue("bank"))
		if c.bank == nil {
			return refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "there is no such bank")
		}
		c.client = practiceClient // until a certificate or a token says otherwise
		return nil
	}
}

// checkBearer takes a token of the bank's own. It has to be there before anything
// else where OAuth2 is a pre-step, and for accounts where OAuth was the SCA.
func checkBearer(s *Sandbox, c *call) error {
	if c.request.Header.Get("Authorization") == "" && c.bank.Behaviour.PreStep == "" {
		return nil
	}
	bearer, there := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	t := s.state.Tokens[hash(bearer)]
	switch {
	case !there || t == nil || t.BIC != c.bank.BIC || t.Refreshes:
		return unauthorised("TOKEN_UNKNOWN", "no bearer token, or one that the bank does not know")
	case s.now().After(t.Expires):
		return unauthorised("TOKEN_EXPIRED", "the token has expired")
	}
	c.token = t
	c.client, _ = s.findClient(t.Client)
	return nil
}

// checkParty compares a valid consent with who asks: the token's and the person's.
func checkParty(_ *Sandbox, c *call) error {
	named := c.request.Header.Get("PSU-ID")
	switch {
	case named != "" && people.Find(named) != people.Find(c.consent.PSU):
		return refuseField(http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", "PSU-ID", "the consent was given by another person")
	case c.token != nil && c.token.Consent != "" && c.token.Consent != c.consent.ID,
		c.token != nil && c.token.PSU != "" && c.token.PSU != c.consent.PSU:
		return refuseField(http.StatusUnauthorized, "CONSENT_INVALID", "Consent-ID", "the token belongs to another consent")
	case c.token == nil && c.bank.Behaviour.Approach == bank.ByOAuth:
		return unauthorised("TOKEN_UNKNOWN", "accounts are read with the token that the authorisation gave")
	}
	return nil
}
