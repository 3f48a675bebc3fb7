package sandbox

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
)

// SCA statuses (scaStatus, Open Payments 1.3.3).
const (
	scaReceived         = "received"
	scaPSUIdentified    = "psuIdentified"
	scaPSUAuthenticated = "psuAuthenticated"
	scaMethodSelected   = "scaMethodSelected"
	scaFinalised        = "finalised"
	scaFailed           = "failed"
	scaStarted          = "started"     // the last three: BG 1.3.12
	scaUnconfirmed      = "unconfirmed" // waits for the confirmation code
	scaExempted         = "exempted"
)

// linkLife is how long a person may take from the link to the approval.
const linkLife = 10 * time.Minute

// maxTries is how often a password or a code may be wrong.
const maxTries = 3

// authorisation is one attempt of a person to authorise a consent.
type authorisation struct {
	ID          string
	Consent     string
	Payment     string // instead of a consent
	Cancelling  bool   // of the payment, not the payment itself
	Deleting    bool   // of the consent, not the consent itself
	Client, BIC string // of a login before there is a consent
	Scope       string // likewise
	Created     time.Time
	Status      string
	Approach    bank.Approach // "" at banks that are reached through Open Payments, and until a method decides
	Method      string
	RedirectURI string
	NokURI      string
	Linked      time.Time     // when the person was given a way to the bank
	Life        time.Duration // how long it stays open; 0 for linkLife
	Link        string        // hash of the secret in a scaRedirect link
	OAuth       *oauthRequest
	Approved    time.Time // the code went out; waiting for its exchange

	// The person at the bank's pages.
	Session string // hash of the session cookie
	PSU     string
	Step    string
	Tries   int
	Chosen  []grant // what of it they share; nil while they have not said

	Known        bool   // the person's first factor was right
	Polls        int    // how often the TPP asked for the status of a decoupled approval
	Confirmation string // hash of the confirmation code that the person took along
}

// oauthRequest is what an authorisation request says (RFC 6749 4.1.1, RFC 7636).
type oauthRequest struct {
	Issuer      string // the bank's address, for iss (RFC 9207)
	Client      string
	RedirectURI string
	State       string
	Challenge   string
}

func (a *authorisation) final() bool {
	return slices.Contains([]string{scaFinalised, scaFailed, scaExempted}, a.Status)
}

// statusAt is the status with what time alone has done to it: an expired link, or
// a code that was never exchanged.
func (a *authorisation) statusAt(now time.Time) string {
	switch {
	case a.final() || a.Linked.IsZero():
		return a.Status
	case !a.Approved.IsZero():
		if now.Sub(a.Approved) > codeLife {
			return scaFailed
		}
	case now.Sub(a.Linked) > cmp.Or(a.Life, linkLife):
		return scaFailed
	}
	return a.Status
}

// scaBody is what may be sent to start or update an authorisation. Redirect banks
// take a choice of method and nothing else.
type scaBody struct {
	Method string `json:"authenticationMethodId"`
}

func (s *Sandbox) postAuthorisation(c *call) (answer, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return answer{}, err
	}
	return s.openAuthorisation(c, found.authorisation())
}

// authorisation returns what is to be opened where the TPP starts one: of the
// deletion, once that was asked for.
func (c *consent) authorisation() *authorisation {
	return &authorisation{Consent: c.ID, Deleting: c.Deletion == deletionAsked, RedirectURI: c.RedirectURI, NokURI: c.NokURI}
}

// openAuthorisation opens one for a consent or a payment of Open Payments.
func (s *Sandbox) openAuthorisation(c *call, auth *authorisation) (answer, error) {
	redirect, nok, err := redirectURIs(c)
	if err != nil {
		return answer{}, err
	}
	var body scaBody
	if len(strings.TrimSpace(string(c.body))) > 0 {
		if err := c.decode(&body); err != nil {
			return answer{}, err
		}
	}
	if !s.subjectOf(auth).waits(s.now()) {
		return answer{}, refuse(http.StatusConflict, "STATUS_INVALID", "there is nothing that waits for authorisation")
	}
	auth.ID, auth.Created, auth.Status = newID(), s.now(), scaReceived
	if redirect != "" {
		auth.RedirectURI, auth.NokURI = redirect, nok
	}
	if body.Method == "" && len(c.bank.Methods) == 1 {
		body.Method = c.bank.Methods[0].ID
	}
	links := map[string]link{}
	a := answer{status: http.StatusCreated, header: http.Header{}}
	reply := map[string]any{"authorisationId": auth.ID, "scaMethods": c.bank.Methods, "_links": links}
	if body.Method == "" {
		links["selectAuthenticationMethod"] = c.link(auth.path(pathsOf(c.bank), s))
	} else if err := s.choose(c, auth, body.Method, links, reply); err != nil {
		return answer{}, err
	} else {
		a.header.Set("ASPSP-SCA-Approach", approachOf(auth))
	}
	links["scaStatus"] = c.link(auth.path(pathsOf(c.bank), s))
	reply["scaStatus"] = auth.Status
	a.body = reply
	s.state.Authorisations[auth.ID] = auth
	s.state.touch()
	return a, nil
}

// choose settles the method and adds the link to the bank's page to an answer.
func (s *Sandbox) choose(c *call, auth *authorisation, methodID string, links map[string]link, reply map[string]any) error {
	for _, m := range c.bank.Methods {
		if m.ID != methodID {
			continue
		}
		auth.Method, auth.Linked = m.ID, s.now()
		reply["chosenScaMethod"] = m
		if s.elsewhere(auth) {
			if err := s.push(c, auth); err != nil {
				return err
			}
			maps.Copy(reply, s.pushed(c, auth))
		} else if c.bank.Redirect {
			opener := secret()
			auth.Link = hash(opener)
			links["scaRedirect"] = link{c.address + "/bank/open/" + opener}
		} else {
			links["scaOAuth"] = link{authorizeURL(c, auth)}
		}
		return nil
	}
	return refuseField(http.StatusBadRequest, "SCA_METHOD_UNKNOWN", "authenticationMethodId", "the bank has no such method")
}

// authorizeURL has the placeholders that the TPP fills in.
func authorizeURL(c *call, auth *authorisation) string {
	service, what, id := "accountinformation", "consent", auth.Consent
	if auth.Payment != "" {
		service, what, id = "paymentinitiation", "payment", auth.Payment
	}
	acr := "idp:" + c.bank.BIC + " " + what + "Id:" + id + " " + what + "AuthorisationId:" + auth.ID
	return c.address + "/connect/authorize?client_id=[CLIENT_ID]&scope=openid%20" + service + "&response_type=code" +
		"&redirect_uri=[TPP_REDIRECT_URI]&state=[TPP_STATE]&acr_values=" + url.PathEscape(acr)
}

// authorisationOf finds the consent and authorisation of a path.
func (s *Sandbox) authorisationOf(c *call) (*authorisation, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return nil, err
	}
	auth := s.state.Authorisations[c.request.PathValue("authorisation")]
	if auth == nil || auth.Consent != found.ID {
		return nil, refuse(http.StatusForbidden, "RESOURCE_UNKNOWN", "the consent has no such authorisation")
	}
	return auth, nil
}

func (s *Sandbox) putAuthorisation(c *call) (answer, error) {
	auth, err := s.authorisationOf(c)
	if err != nil {
		return answer{}, err
	}
	return s.chooseAuthorisation(c, auth)
}

// chooseAuthorisation takes the choice of a method, of Open Payments.
func (s *Sandbox) chooseAuthorisation(c *call, auth *authorisation) (answer, error) {
	var body scaBody
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if body.Method == "" {
		return answer{}, formatError("authenticationMethodId", "authenticationMethodId is missing")
	}
	// The only method there is has been chosen at the start, and may be once more.
	chosen := auth.Method != "" && auth.Method != body.Method
	if chosen || auth.statusAt(s.now()) != scaReceived || !s.subjectOf(auth).waits(s.now()) {
		return answer{}, refuse(http.StatusConflict, "STATUS_INVALID", "there is no method to choose any more")
	}
	links := map[string]link{"scaStatus": c.link(auth.path(pathsOf(c.bank), s))}
	reply := map[string]any{"_links": links}
	if err := s.choose(c, auth, body.Method, links, reply); err != nil {
		return answer{}, err
	}
	if auth.Status != scaStarted {
		auth.reach(scaMethodSelected)
	}
	reply["scaStatus"] = auth.Status
	s.state.touch()
	return answer{status: http.StatusOK, header: http.Header{"ASPSP-SCA-Approach": {approachOf(auth)}}, body: reply}, nil
}

// approachOf is what ASPSP-SCA-Approach says once the method is known.
func approachOf(auth *authorisation) string {
	if auth.Approach == bank.ByDecoupled {
		return string(bank.ByDecoupled)
	}
	return string(bank.ByRedirect)
}

func (s *Sandbox) getAuthorisations(c *call) (answer, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return answer{}, err
	}
	ids := s.sorted(func(auth *authorisation) bool { return auth.Consent == found.ID })
	return ok(map[string]any{"authorisationIds": ids})
}

func (s *Sandbox) getAuthorisation(c *call) (answer, error) {
	auth, err := s.authorisationOf(c)
	if err != nil {
		return answer{}, err
	}
	return s.openStatus(c, auth)
}

// redirectURIs reads where the person is to come back to; "" where nothing is sent.
func redirectURIs(c *call) (redirect, nok string, err error) {
	redirect = c.request.Header.Get("TPP-Redirect-URI")
	nok = c.request.Header.Get("TPP-Nok-Redirect-URI")
	if redirect != "" && !registered(redirect) {
		return "", "", formatError("TPP-Redirect-URI", "this address is not registered")
	}
	if nok != "" && !registered(nok) {
		return "", "", formatError("TPP-Nok-Redirect-URI", "this address is not registered")
	}
	return redirect, nok, nil
}

// openRedirectURIs reads them for Open Payments, which wants one of a TPP that
// prefers a redirect alone (Open Payments 1.3.3, TPP-Redirect-URI): where OAuth
// leads to the bank, the authorisation request has its own.
func openRedirectURIs(c *call) (redirect, nok string, err error) {
	redirect, nok, err = redirectURIs(c)
	if err == nil && redirect == "" && strings.EqualFold(c.request.Header.Get("TPP-Redirect-Preferred"), "true") {
		err = formatError("TPP-Redirect-URI", "TPP-Redirect-URI is missing, though a redirect is preferred")
	}
	return redirect, nok, err
}

// ownReturn is the practice TPP's address with https, as live banks want one.
// Nobody answers there: people bring it back by hand (RFC 6761 6.3 keeps it on
// their machine).
const ownReturn = "https://consentry.localhost/callback"

// registered reports whether people may be sent to an address: ownReturn, or
// /callback on loopback, any port (RFC 8252 7.3); any query, no fragment.
func registered(address string) bool {
	if bare, _, _ := strings.Cut(address, "?"); bare == ownReturn {
		return !strings.Contains(address, "#")
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Path != "/callback" || strings.Contains(address, "#") {
		return false
	}
	return u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost"
}

// waitsFor is how long an authorisation at this bank stays open.
func waitsFor(b *bank.Bank, a bank.Approach) time.Duration {
	if b.Behaviour != nil && a == bank.ByDecoupled && b.Behaviour.Push.Life > 0 {
		return b.Behaviour.Push.Life
	}
	return linkLife
}
