package sandbox

import (
	"net/http"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// openConsent answers POST /consents of the Berlin Group's dialects.
func (s *Sandbox) openConsent(c *call) (answer, error) {
	redirect, nok, err := c.parties()
	if err != nil {
		return answer{}, err
	}
	var body consentRequest
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	today := people.DayOf(s.now())
	until, err := body.check(today, c.bank)
	if err != nil {
		return answer{}, err
	}
	made := &consent{
		ID: newID(), Client: c.client.id, BIC: c.bank.BIC, Asked: *body.Access, Recurring: *body.Recurring, ValidUntil: until,
		Frequency: min(*body.Frequency, dailyReads), Status: consentReceived, LastAction: today, Created: s.now(),
		RedirectURI: redirect, NokURI: nok,
	}
	s.state.Consents[made.ID] = made
	s.state.touch()
	self := pathsOf(c.bank).consents + "/" + made.ID
	a, err := s.opened(c, made, self, &authorisation{Consent: made.ID, RedirectURI: redirect, NokURI: nok})
	if err != nil {
		delete(s.state.Consents, made.ID)
		return answer{}, err
	}
	fields := a.body.(map[string]any)
	fields["consentStatus"], fields["consentId"] = made.statusAt(s.now()), made.ID
	return a, nil
}

// parties reads who the request is about and where they come back to: the headers
// that a bank demands with a new consent or payment.
func (c *call) parties() (redirect, nok string, err error) {
	h := c.bank.Behaviour
	if !c.attended { // BG 1.3.12: required with POST /consents and payments
		return "", "", formatError("PSU-IP-Address", "PSU-IP-Address is missing")
	}
	if redirect, nok, err = redirectURIs(c); err != nil {
		return "", "", err
	}
	if redirect == "" && h.Approach != bank.ByDecoupled && h.Approach != bank.ByEmbedded {
		return "", "", formatError("TPP-Redirect-URI", "TPP-Redirect-URI is missing")
	}
	if h.NeedPSU && c.request.Header.Get("PSU-ID") == "" {
		return "", "", formatError("PSU-ID", "this bank wants PSU-ID")
	}
	return redirect, nok, nil
}

// opened is the answer to a new consent or payment, with an authorisation or with
// the way to one.
func (s *Sandbox) opened(c *call, of subject, self string, auth *authorisation) (answer, error) {
	o := newOffer()
	a := answer{status: http.StatusCreated, header: http.Header{"Location": {c.address + self}}, body: o.fields}
	o.links["self"], o.links["status"] = c.link(self), c.link(self+"/status")
	o.fields["_links"] = o.links
	if c.explicit() {
		c.startLinks(o, of.path(pathsOf(c.bank)))
		auth.Approach = c.bank.Behaviour.Approach
		auth.approachHeader(a.header)
		return a, nil
	}
	if err := s.begin(c, auth); err != nil {
		delete(s.state.Authorisations, auth.ID)
		return answer{}, err
	}
	s.describe(c, auth, o)
	if c.bank.Behaviour.Late {
		for _, name := range []string{"scaOAuth", "scaRedirect"} {
			if _, there := o.links[name]; there {
				o.links[name] = link{} // to come with a GET
			}
		}
	}
	auth.approachHeader(a.header)
	return a, nil
}

// lookAtConsent answers GET /consents/{consent}. A bank whose link comes late has
// it here.
func (s *Sandbox) lookAtConsent(c *call) (answer, error) {
	a, err := s.getConsent(c)
	if err != nil || !c.bank.Behaviour.Late {
		return a, err
	}
	made := s.state.Consents[c.request.PathValue("consent")]
	made.Looked++
	s.state.touch()
	if o, waits := s.laterOffer(c, made, func(auth *authorisation) bool { return auth.Consent == made.ID }); waits {
		o.links["account"] = c.link(pathsOf(c.bank).accounts)
		a.body.(map[string]any)["_links"] = o.links
	}
	return a, nil
}

// laterOffer is what a bank offers late of what waits to be authorised, and whether anything
// does.
func (s *Sandbox) laterOffer(c *call, of subject, its func(*authorisation) bool) (offer, bool) {
	ids := s.sorted(func(auth *authorisation) bool { return its(auth) && !auth.final() })
	o := newOffer()
	if len(ids) == 0 || !of.waits(s.now()) {
		return o, false
	}
	s.describe(c, s.state.Authorisations[ids[len(ids)-1]], o)
	return o, true
}

// startForConsent, statusForConsent and updateForConsent find the consent's
// authorisation and leave the rest to the SCA.

func (s *Sandbox) startForConsent(c *call) (answer, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return answer{}, err
	}
	return s.startAuthorisation(c, found.authorisation())
}

func (s *Sandbox) statusForConsent(c *call) (answer, error) {
	auth, err := s.authorisationOf(c)
	if err != nil {
		return answer{}, err
	}
	return s.scaStatus(c, auth)
}

func (s *Sandbox) updateForConsent(c *call) (answer, error) {
	auth, err := s.authorisationOf(c)
	if err != nil {
		return answer{}, err
	}
	return s.updateAuthorisation(c, auth)
}
