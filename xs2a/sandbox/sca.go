package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// The SCA of the Berlin Group's dialects: what a bank offers next, and what
// follows from what the person has done (BG 1.3.12, start and update of the
// authorisation process). Consents, payments and cancellations share it.

// offer is what an answer says about an authorisation.
type offer struct {
	links  map[string]link
	fields map[string]any
}

func newOffer() offer { return offer{links: map[string]link{}, fields: map[string]any{}} }

// begin opens an authorisation, for a person whom the request may name.
func (s *Sandbox) begin(c *call, auth *authorisation) error {
	h := c.bank.Behaviour
	auth.ID, auth.Created, auth.Linked, auth.Status = newID(), s.now(), s.now(), scaReceived
	auth.Approach, auth.Life = h.Approach, waitsFor(c.bank, h.Approach)
	s.state.Authorisations[auth.ID] = auth
	s.state.touch()
	if c.token != nil && c.token.PSU != "" { // OAuth2 as a pre-step has told who it is
		if err := s.identify(auth, c.token.PSU); err != nil {
			return err
		}
		auth.Known = true
		auth.reach(scaPSUAuthenticated)
	} else if named := c.request.Header.Get("PSU-ID"); named != "" {
		if err := s.identify(auth, named); err != nil {
			return err
		}
		auth.Known = h.Trusted
	}
	s.proceed(auth)
	return nil
}

// identify takes a name for the person. One that nobody has, or that has signed
// before, is refused.
func (s *Sandbox) identify(auth *authorisation, name string) error {
	person := people.Find(name)
	switch {
	case person == nil:
		return refuseField(http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", "PSU-ID", "the bank knows no such person")
	case slices.Contains(s.subjectOf(auth).signed(), person.Login):
		return refuseField(http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", "PSU-ID", "this person has signed already; another one has to")
	}
	auth.PSU = person.Login
	auth.reach(scaPSUIdentified)
	return nil
}

// proceed moves an authorisation on as far as it goes without the person.
func (s *Sandbox) proceed(auth *authorisation) {
	b := s.bankOf(auth)
	switch {
	case b.Behaviour.Exempt && auth.PSU != "":
		auth.Status = scaExempted
		s.subjectOf(auth).authorise(s, auth)
	case auth.Approach == bank.ByDecoupled && auth.PSU != "" && auth.Status != scaStarted:
		auth.Status, auth.Linked = scaStarted, s.now()
		auth.Method = first(auth.Method, b.Methods)
	case auth.Approach == bank.ByEmbedded && auth.Known && len(b.Methods) == 0:
		s.finalise(auth)
	case auth.Approach == bank.ByEmbedded && auth.Known && (len(b.Methods) == 1 || auth.Method != ""):
		auth.Method = first(auth.Method, b.Methods)
		auth.reach(scaMethodSelected)
	}
	s.state.touch()
}

// first is the chosen method, or the first there is.
func first(chosen string, methods []bank.Method) string {
	if chosen == "" && len(methods) > 0 {
		return methods[0].ID
	}
	return chosen
}

// describe says what can be done next about an authorisation, by links and by
// what a TPP has to show.
func (s *Sandbox) describe(c *call, auth *authorisation, o offer) {
	here := auth.path(pathsOf(c.bank), s)
	o.links["scaStatus"] = c.link(here)
	if auth.final() {
		return
	}
	switch auth.Approach {
	case bank.ByMethod:
		o.fields["scaMethods"] = c.bank.Methods
		o.links["selectAuthenticationMethod"] = c.link(here)
	case bank.ByRedirect:
		o.links["scaRedirect"] = s.pageLink(c, auth)
		if c.bank.Behaviour.Confirmation {
			o.links["confirmation"] = c.link(here)
		}
	case bank.ByOAuth:
		if len(c.bank.Methods) > 1 && auth.Method == "" {
			o.fields["scaMethods"] = c.bank.Methods
			o.links["selectAuthenticationMethod"] = c.link(here)
			return
		}
		o.links["scaOAuth"] = c.oauthLink(auth, s)
	case bank.ByDecoupled:
		s.describePush(c, auth, o)
	case bank.ByEmbedded:
		s.describeEmbedded(c, auth, o)
	}
}

// codeHint ends the bank's words about a code. They do not hold it: what a person
// types stands in nothing that is kept.
const codeHint = " For practice, the code stands with your login in the settings."

// describeEmbedded asks for what is missing: the name, the password, the method,
// the code.
func (s *Sandbox) describeEmbedded(c *call, auth *authorisation, o offer) {
	here := c.link(auth.path(pathsOf(c.bank), s))
	switch {
	case auth.PSU == "" && c.bank.Behaviour.Identify:
		o.links["updatePsuIdentification"] = here
	case !auth.Known && c.bank.Behaviour.Encrypted:
		o.links["updateEncryptedPsuAuthentication"] = here
		o.links["jwks"] = link{c.address + c.bank.Server() + "/.well-known/jwks.json"}
	case !auth.Known:
		o.links["updatePsuAuthentication"] = here
	case auth.Method == "":
		o.fields["scaMethods"] = c.bank.Methods
		o.links["selectAuthenticationMethod"] = here
	default:
		m := c.bank.Method(auth.Method)
		o.fields["chosenScaMethod"] = m
		o.fields["challengeData"] = challenge(m, auth)
		o.fields["psuMessage"] = m.Explanation + codeHint
		o.links["authoriseTransaction"] = here
	}
}

// startLinks says how the TPP opens an authorisation itself, on the subject's own
// answer.
func (c *call) startLinks(o offer, authorisations string) {
	h, name := c.bank.Behaviour, "startAuthorisation"
	switch {
	case h.StartBy != "":
		name = h.StartBy
		if h.Trusted { // the code is wanted now, so that the person has to know of what
			m := c.bank.Methods[0]
			o.fields["chosenScaMethod"] = m
			o.fields["challengeData"] = map[string]any{"otpMaxLength": 6, "otpFormat": "integer", "additionalInformation": m.Explanation}
			o.fields["psuMessage"] = m.Explanation + codeHint
		}
		if h.Encrypted {
			o.links["jwks"] = link{c.address + c.bank.Server() + "/.well-known/jwks.json"}
		}
	case h.Approach == bank.ByMethod:
		name = "startAuthorisationWithAuthenticationMethodSelection"
		o.fields["scaMethods"] = c.bank.Methods
	case h.Identify && c.request.Header.Get("PSU-ID") == "":
		name = "startAuthorisationWithPsuIdentification"
	}
	o.links[name] = c.link(authorisations)
}

// explicit reports whether the TPP has to open the authorisation itself: by the
// bank's behaviour, because several have to sign (BG 1.3.12, multilevel SCA), or
// because the TPP prefers it.
func (c *call) explicit() bool {
	h := c.bank.Behaviour
	prefers := strings.EqualFold(c.request.Header.Get("TPP-Explicit-Authorisation-Preferred"), "true")
	return h.Explicit || h.Approach == bank.ByMethod && !h.Exempt || h.Signatures() > 1 || prefers && !h.Exempt
}

// pageLink leads to the bank's pages. The same authorisation always has the same
// one, so that it can be told again.
func (s *Sandbox) pageLink(c *call, auth *authorisation) link {
	opener := s.derivedSecret("open", auth.ID)
	auth.Link = hash(opener)
	return link{c.pages + "/bank/open/" + opener}
}

// derivedSecret returns a secret that follows from the sandbox's own.
func (s *Sandbox) derivedSecret(words ...string) string {
	return hash(append([]string{s.state.Key}, words...)...)[:43]
}

// path is where an authorisation lies at its bank.
func (a *authorisation) path(p paths, s *Sandbox) string {
	return s.subjectOf(a).path(p) + "/" + a.ID
}

// approachHeader sets the header that names the approach, as soon as there is one.
func (a *authorisation) approachHeader(header http.Header) {
	if a.Approach != bank.ByMethod {
		header["Aspsp-Sca-Approach"] = []string{a.Approach.Header()}
	}
}

// startAuthorisation answers POST …/authorisations. It may carry the first step.
func (s *Sandbox) startAuthorisation(c *call, auth *authorisation) (answer, error) {
	body, err := c.update()
	if err != nil {
		return answer{}, err
	}
	if !s.subjectOf(auth).waits(s.now()) {
		return answer{}, refuse(http.StatusConflict, "STATUS_INVALID", "there is nothing to authorise any more")
	}
	redirect, nok, err := redirectURIs(c)
	if err != nil {
		return answer{}, err
	}
	if redirect != "" {
		auth.RedirectURI, auth.NokURI = redirect, nok
	}
	err = s.begin(c, auth)
	if err == nil && c.bank.Behaviour.StartAll && body.kind() == stepNothing && !auth.Known {
		err = formatError("", "the start has to carry what "+c.bank.Behaviour.StartBy+" says")
	}
	if err == nil && body.kind() != stepNothing {
		err = s.apply(c, auth, body)
	}
	if err != nil {
		delete(s.state.Authorisations, auth.ID)
		return answer{}, err
	}
	a := s.progress(c, auth, http.StatusCreated)
	a.header.Set("Location", c.address+auth.path(pathsOf(c.bank), s))
	return a, nil
}

// progress is the answer that tells where an authorisation stands.
func (s *Sandbox) progress(c *call, auth *authorisation, status int) answer {
	o := newOffer()
	s.describe(c, auth, o)
	o.fields["scaStatus"], o.fields["_links"] = auth.Status, o.links
	if status == http.StatusCreated {
		o.fields["authorisationId"] = auth.ID
	}
	header := http.Header{}
	auth.approachHeader(header)
	return answer{status: status, header: header, body: o.fields}
}

// scaStatus answers GET …/authorisations/{authorisation}.
func (s *Sandbox) scaStatus(c *call, auth *authorisation) (answer, error) {
	s.poll(c, auth)
	status := auth.statusAt(s.now())
	if c.bank.Behaviour.Forgetful && (status == scaFinalised || status == scaFailed) {
		return answer{}, refuse(http.StatusNotFound, "RESOURCE_UNKNOWN", "there is no such authorisation any more")
	}
	reply := map[string]any{"scaStatus": status}
	if status == scaUnconfirmed {
		reply["_links"] = map[string]link{"confirmation": c.link(auth.path(pathsOf(c.bank), s))}
	}
	if p, is := s.subjectOf(auth).(*payment); is && c.bank.Behaviour.NameCheck && status == scaFinalised {
		reply["trustedBeneficiaryFlag"] = s.trusted(p)
	}
	return ok(reply)
}
