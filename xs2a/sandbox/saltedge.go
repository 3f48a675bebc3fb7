package sandbox

import (
	"net/http"
	"strings"

	"consentry/xs2a/sandbox/bank"
)

// Salt Edge's own statuses: taken in, not yet at the bank.
const accepted = "accepted"

// saltEdgeRoutes is the table of the dialect's services.
func (s *Sandbox) saltEdgeRoutes() {
	const root = "/saltedge/{bank}/api/berlingroup/v1"
	const consents, accounts = root + "/consents", root + "/accounts"
	find := checkBankInPath(bank.SaltEdge)
	base := []check{checkRequestID, checkChannel, checkAccept, notePSU}
	read := append(base[:len(base):len(base)], checkConsent, checkParty)
	for _, rt := range []route{
		{path: consents, checks: append(base[:len(base):len(base)], checkPreference), methods: methods{"POST": s.openSaltEdge}},
		{path: consents + "/{consent}", checks: base, methods: methods{"GET": s.taken("consentStatus", s.lookAtConsent), "DELETE": s.deleteConsent}},
		{path: consents + "/{consent}/status", checks: base, methods: methods{"GET": s.taken("consentStatus", s.getConsentStatus)}},
		{path: consents + "/{consent}/authorisations/{authorisation}", checks: base, methods: methods{"GET": s.taken("scaStatus", s.statusForConsent)}},

		{path: accounts + "/refresh", checks: read, methods: methods{"POST": s.postRefresh}},
		{path: accounts + "/refresh/status", checks: read, methods: methods{"GET": s.getRefresh}},
		{path: accounts, checks: read, methods: methods{"GET": s.getAccounts}},
		{path: accounts + "/{account}", checks: read, methods: methods{"GET": s.wrapped("account", s.getAccount)}},
		{path: accounts + "/{account}/balances", checks: read, methods: methods{"GET": s.getBalances}},
		{path: accounts + "/{account}/transactions", checks: read, methods: methods{"GET": s.getTransactions}},
	} {
		rt.find = find
		s.mux.Handle(rt.path, s.api(rt))
	}
	s.mux.Handle(root+"/", s.api(route{find: find, checks: []check{checkRequestID, refusePath}, methods: methods{
		"GET": nil, "POST": nil, "PUT": nil, "DELETE": nil,
	}}))
}

// checkPreference wants TPP-Redirect-Preferred, which Salt Edge requires.
func checkPreference(_ *Sandbox, c *call) error {
	switch c.request.Header.Get("TPP-Redirect-Preferred") {
	case "true", "false":
		return nil
	}
	return refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "TPP-Redirect-Preferred", "TPP-Redirect-Preferred has to be true or false")
}

// openSaltEdge answers POST /consents. What has not reached the bank yet is
// accepted, and has no link.
func (s *Sandbox) openSaltEdge(c *call) (answer, error) {
	a, err := s.openConsent(c)
	if err != nil {
		return a, err
	}
	fields := a.body.(map[string]any)
	if c.bank.Behaviour.Late {
		fields["consentStatus"] = accepted
		delete(fields["_links"].(map[string]link), "scaRedirect")
	}
	return a, nil
}

// taken says accepted instead of received until the TPP has looked once.
func (s *Sandbox) taken(field string, look func(*call) (answer, error)) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		made := s.state.Consents[c.request.PathValue("consent")]
		a, err := look(c)
		if err != nil || !c.bank.Behaviour.Late {
			return a, err
		}
		if field == "consentStatus" && strings.HasSuffix(c.request.URL.Path, "/status") {
			made.Looked++
			s.state.touch()
		}
		fields := a.body.(map[string]any)
		if made.Looked <= 1 && fields[field] == consentReceived {
			fields[field] = accepted
			delete(fields, "_links")
		}
		return a, nil
	}
}

// errorClasses are Salt Edge's names for the codes, with their statuses.
var errorClasses = map[string]struct {
	status int
	class  string
}{
	"FORMAT_ERROR":             {http.StatusBadRequest, "RequestFormatInvalid"},
	"PERIOD_INVALID":           {http.StatusBadRequest, "FormatError"},
	"PARAMETER_NOT_CONSISTENT": {http.StatusBadRequest, "BadRequest"},
	"PARAMETER_NOT_SUPPORTED":  {http.StatusBadRequest, "BadRequest"},
	"SESSIONS_NOT_SUPPORTED":   {http.StatusBadRequest, "BadRequest"},
	"TIMESTAMP_INVALID":        {http.StatusBadRequest, "BadRequest"},
	"CERTIFICATE_MISSING":      {http.StatusUnauthorized, "CertificateMissing"},
	"CERTIFICATE_INVALID":      {http.StatusUnauthorized, "CertificateInvalid"},
	"CERTIFICATE_EXPIRED":      {http.StatusUnauthorized, "CertificateInvalid"},
	"SIGNATURE_MISSING":        {http.StatusUnauthorized, "SignatureMissing"},
	"SIGNATURE_INVALID":        {http.StatusUnauthorized, "SignatureInvalid"},
	"CONSENT_UNKNOWN":          {http.StatusUnauthorized, "ConsentUnknown"},
	"CONSENT_EXPIRED":          {http.StatusUnauthorized, "ConsentExpired"},
	"CONSENT_INVALID":          {http.StatusUnauthorized, "ConsentInvalid"},
	"STATUS_INVALID":           {http.StatusUnauthorized, "ConsentInvalid"},
	"PSU_CREDENTIALS_INVALID":  {http.StatusForbidden, "AccessDenied"},
	"RESOURCE_UNKNOWN":         {http.StatusNotFound, "ResourceUnknown"},
	"ACCESS_EXCEEDED":          {http.StatusTooManyRequests, "AccessExceeded"},
}

// classed is a refusal in Salt Edge's words.
func (r *refusal) classed(c *call) (status int, body any) {
	known, is := errorClasses[r.code]
	if !is {
		known.status, known.class = http.StatusNotAcceptable, "ActionNotAllowed"
	}
	if r.code == "FORMAT_ERROR" && strings.HasSuffix(c.request.URL.Path, "/transactions") {
		known.class = "FormatError"
	}
	return known.status, map[string]string{"error_class": known.class, "error_message": r.text}
}
