package sandbox

import (
	"net/http"
	"strings"
)

var paymentServices = []string{"payments", "periodic-payments", "bulk-payments"}

// paymentRoutes lays out the payment services under a root.
func (s *Sandbox) paymentRoutes(root string, find check, checks []check, open func(*call) (answer, error)) {
	checks = append(checks[:len(checks):len(checks)], checkProduct, checkPaymentToken)
	for _, service := range paymentServices {
		here := root + "/" + service + "/{product}"
		routes := []route{
			{path: here, methods: methods{"POST": open}},
			{path: here + "/{payment}", methods: methods{"GET": s.getPayment, "DELETE": s.deletePayment}},
			{path: here + "/{payment}/status", methods: methods{"GET": s.getPaymentStatus}},
		}
		for name, cancelling := range map[string]bool{"authorisations": false, "cancellation-authorisations": true} {
			routes = append(routes,
				route{path: here + "/{payment}/" + name, methods: methods{"POST": s.startForPayment(cancelling), "GET": s.listForPayment(cancelling)}},
				route{path: here + "/{payment}/" + name + "/{authorisation}", methods: methods{"GET": s.statusForPayment(cancelling), "PUT": s.updateForPayment(cancelling)}})
		}
		for _, rt := range routes {
			rt.find, rt.checks, rt.service = find, checks, service
			s.mux.Handle(rt.path, s.api(rt))
		}
	}
}

// checkPaymentToken refuses a token that is for accounts.
func checkPaymentToken(_ *Sandbox, c *call) error {
	if c.token != nil && strings.HasPrefix(c.token.Scope, "AIS") {
		return unauthorised("TOKEN_INVALID", "the token is for account information")
	}
	return nil
}

// startForPayment opens an authorisation of a payment or of its cancellation.
func (s *Sandbox) startForPayment(cancelling bool) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		p, err := s.paymentOf(c)
		if err != nil {
			return answer{}, err
		}
		auth := &authorisation{Payment: p.ID, Cancelling: cancelling, RedirectURI: p.RedirectURI, NokURI: p.NokURI}
		if c.bank.Behaviour == nil {
			return s.openAuthorisation(c, auth)
		}
		return s.startAuthorisation(c, auth)
	}
}

func (s *Sandbox) listForPayment(cancelling bool) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		p, err := s.paymentOf(c)
		if err != nil {
			return answer{}, err
		}
		ids := s.sorted(func(auth *authorisation) bool { return auth.Payment == p.ID && auth.Cancelling == cancelling })
		if cancelling && c.bank.Behaviour == nil { // a bare list (Open Payments 1.3.3, cancellationList)
			return ok(ids)
		}
		return ok(map[string]any{"authorisationIds": ids})
	}
}

// ofPayment finds the authorisation of a path.
func (s *Sandbox) ofPayment(c *call, cancelling bool) (*authorisation, error) {
	p, err := s.paymentOf(c)
	if err != nil {
		return nil, err
	}
	auth := s.state.Authorisations[c.request.PathValue("authorisation")]
	if auth == nil || auth.Payment != p.ID || auth.Cancelling != cancelling {
		return nil, refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "the payment has no such authorisation")
	}
	return auth, nil
}

func (s *Sandbox) statusForPayment(cancelling bool) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		auth, err := s.ofPayment(c, cancelling)
		if err != nil {
			return answer{}, err
		}
		if c.bank.Behaviour == nil {
			return s.openStatus(c, auth)
		}
		return s.scaStatus(c, auth)
	}
}

func (s *Sandbox) updateForPayment(cancelling bool) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		auth, err := s.ofPayment(c, cancelling)
		if err != nil {
			return answer{}, err
		}
		if c.bank.Behaviour == nil {
			return s.chooseAuthorisation(c, auth)
		}
		return s.updateAuthorisation(c, auth)
	}
}

// payOpenly answers POST /{service}/{product} of Open Payments.
func (s *Sandbox) payOpenly(c *call) (answer, error) {
	redirect, nok, err := openRedirectURIs(c)
	if err != nil {
		return answer{}, err
	}
	p, err := s.newPayment(c, redirect, nok)
	if err != nil {
		return answer{}, err
	}
	self := p.self(pathsOf(c.bank))
	return answer{status: http.StatusCreated, header: http.Header{"Location": {c.address + self}}, body: map[string]any{
		"transactionStatus": p.statusAt(s.now()),
		"paymentId":         p.ID,
		"scaMethods":        c.bank.Methods,
		"_links": map[string]link{
			"self": c.link(self), "status": c.link(self + "/status"), "startAuthorisation": c.link(self + "/authorisations"),
		},
	}}, nil
}
