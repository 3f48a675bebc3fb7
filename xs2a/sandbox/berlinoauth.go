package sandbox

import (
	"net/http"
	"net/url"
	"strings"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/page"
)

// The authorisation servers of banks with OAuth: as SCA (BG 1.3.12, scaOAuth) or
// as a pre-step.

// issuer is the name of a bank's authorisation server (RFC 8414 2, RFC 9207).
func (s *Sandbox) issuer(r *http.Request, b *bank.Bank) string { return s.pages(r) + b.Server() }

// metadata answers the well-known addresses (RFC 8414 3).
func (s *Sandbox) metadata(w http.ResponseWriter, r *http.Request) {
	b := s.serverOf(r)
	if b == nil {
		http.NotFound(w, r)
		return
	}
	issuer := s.issuer(r, b)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                         issuer,
		"authorization_endpoint":                         issuer + "/oauth/authorize",
		"token_endpoint":                                 issuer + "/oauth/token",
		"response_types_supported":                       []string{"code"},
		"grant_types_supported":                          []string{"authorization_code", "refresh_token", "client_credentials"},
		"code_challenge_methods_supported":               []string{"S256"},
		"scopes_supported":                               []string{"AIS", "PIS"},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_post", "client_secret_basic", "none"},
		"authorization_response_iss_parameter_supported": true,
	})
}

// serverOf finds the bank whose authorisation server a request addresses.
func (s *Sandbox) serverOf(r *http.Request) *bank.Bank {
	for _, b := range s.banks {
		if b.Behaviour != nil && b.Behaviour.OAuth.Link != "" && b.Server() != "" && (strings.HasPrefix(r.URL.Path, b.Server()+"/") || strings.HasSuffix(r.URL.Path, b.Server())) {
			return b
		}
	}
	return nil
}

// oauthLink is scaOAuth the way the bank writes it.
func (c *call) oauthLink(auth *authorisation, s *Sandbox) link {
	server := c.bank.Server()
	scope := url.QueryEscape(auth.scope(c.bank))
	switch c.bank.Behaviour.OAuth.Link {
	case "openid":
		return link{c.pages + server + "/.well-known/openid-configuration"}
	case "relative":
		return link{server + "/.well-known/oauth-authorization-server"}
	case "ready":
		return link{c.pages + server + "/oauth/authorize?response_type=code&client_id=" + c.client.organisation + "&scope=" + scope}
	case "camel":
		return link{c.pages + server + "/oauth/authorize?responseType=code&clientId=[CLIENT_ID]&redirectUri=[TPP_REDIRECT_URI]&state=[TPP_STATE]&scope=" + scope}
	}
	return link{c.pages + server + "/.well-known/oauth-authorization-server"}
}

// scope names what an authorisation is for, as the TPP has to ask for it.
func (a *authorisation) scope(b *bank.Bank) string {
	colon := ":"
	if b.Behaviour.OAuth.Blank {
		colon = ": "
	}
	if a.Payment != "" {
		return "PIS" + colon + a.Payment
	}
	return "AIS" + colon + a.Consent
}

// authorizeAtBank answers GET …/oauth/authorize.
func (s *Sandbox) authorizeAtBank(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, func() (*page.Answer, error) {
		b := s.serverOf(r)
		if b == nil {
			return page.Closed(nil, "There is nothing here", "The bank does not know this address."), nil
		}
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return page.Closed(b, "This link is broken", "The address is not understood.", "Nothing was shared."), nil
		}
		if b.Behaviour.OAuth.Link == "camel" {
			query = snake(query)
		}
		tpp, known := s.findClient(query.Get("client_id"))
		if !known {
			return page.Closed(b, "This link is broken", "The app that sent you here is not registered with the bank (client_id).", "Nothing was shared."), nil
		}
		redirect := query.Get("redirect_uri")
		if !registered(redirect) {
			return page.Closed(b, "This link is broken", "The address to return to is not registered with the bank (redirect_uri).", "Nothing was shared."), nil
		}
		request := &oauthRequest{Issuer: s.issuer(r, b), Client: tpp.id, RedirectURI: redirect, State: query.Get("state"), Challenge: query.Get("code_challenge")}
		if code, text := wrongRequest(query, true); code != "" {
			return page.GoTo(request.back("error", code, "error_description", text)), nil
		}
		auth := s.inScope(query.Get("scope"), b, tpp)
		if auth == nil {
			return page.GoTo(request.back("error", "invalid_scope", "error_description", "scope names nothing that waits for the person")), nil
		}
		auth.OAuth = request
		return s.open(auth), nil
	})
}

// snake gives parameters in camel case their registered names.
func snake(query url.Values) url.Values {
	names := map[string]string{
		"responseType": "response_type", "clientId": "client_id", "redirectUri": "redirect_uri",
		"codeChallenge": "code_challenge", "codeChallengeMethod": "code_challenge_method",
	}
	changed := url.Values{}
	for name, values := range query {
		if registered, camel := names[name]; camel {
			name = registered
		}
		changed[name] = append(changed[name], values...)
	}
	return changed
}

// inScope finds the authorisation that a scope names, or opens one for a login
// before there is anything to authorise; nil where it names nothing.
func (s *Sandbox) inScope(scope string, b *bank.Bank, tpp client) *authorisation {
	if (scope == "AIS" || scope == "PIS") && b.Behaviour.PreStep == "authorization_code" {
		auth := &authorisation{ID: newID(), Client: tpp.id, BIC: b.BIC, Created: s.now(), Linked: s.now(), Status: scaReceived, Scope: scope}
		s.state.Authorisations[auth.ID] = auth
		s.state.touch()
		return auth
	}
	ids := s.sorted(func(auth *authorisation) bool {
		if auth.Approach != bank.ByOAuth || auth.final() || auth.scope(b) != scope {
			return false
		}
		client, bic := s.subjectOf(auth).owner()
		return client == tpp.id && bic == b.BIC
	})
	if len(ids) == 0 {
		return nil
	}
	return s.state.Authorisations[ids[len(ids)-1]]
}

// tokenAtBank answers POST …/oauth/token.
func (s *Sandbox) tokenAtBank(w http.ResponseWriter, r *http.Request) {
	b := s.serverOf(r)
	if b == nil {
		http.NotFound(w, r)
		return
	}
	s.answerToken(w, r, func() (answer, error) { return s.grantAtBank(b, r) })
}

func (s *Sandbox) grantAtBank(b *bank.Bank, r *http.Request) (answer, error) {
	form, err := tokenForm(r)
	if err != nil {
		return answer{}, err
	}
	tpp, err := s.authenticate(r, form)
	if err != nil {
		return answer{}, err
	}
	switch grant := form.Get("grant_type"); {
	case grant == "":
		return answer{}, oauthRefuse("invalid_request", "grant_type is missing")
	case grant == "client_credentials" && b.Behaviour.PreStep == grant:
		if scope := form.Get("scope"); scope != "AIS" && scope != "PIS" {
			return answer{}, oauthRefuse("invalid_scope", "AIS or PIS")
		}
		t := &token{Client: tpp.id, BIC: b.BIC, Scope: form.Get("scope")}
		return tokenAnswer(s.issue(t), t.Scope), nil
	case grant == "authorization_code":
		return s.exchangeAtBank(b, tpp, form)
	case grant == "refresh_token" && !b.Behaviour.OAuth.NoRefresh:
		return s.refreshAtBank(b, tpp, form)
	}
	return answer{}, oauthRefuse("unsupported_grant_type", "this bank does not know the grant")
}

// exchangeAtBank trades a code for a token, which ends the authorisation.
func (s *Sandbox) exchangeAtBank(b *bank.Bank, tpp client, form url.Values) (answer, error) {
	for _, name := range []string{"code", "redirect_uri", "code_verifier"} {
		if form.Get(name) == "" {
			return answer{}, oauthRefuse("invalid_request", name+" is missing")
		}
	}
	auth, c, err := s.redeem(tpp, form)
	if err != nil {
		return answer{}, err
	}
	of := s.subjectOf(auth)
	if _, bic := of.owner(); bic != b.BIC || !of.waits(s.now()) {
		return answer{}, oauthRefuse("invalid_grant", "there is nothing to authorise any more")
	}
	c.Used = true
	t := &token{Client: tpp.id, BIC: b.BIC, Consent: auth.Consent, PSU: auth.PSU, Scope: auth.Scope}
	if auth.Scope == "" {
		t.Scope = auth.scope(b)
	}
	bearer := s.issue(t)
	c.Token = hash(bearer)
	s.finalise(auth)
	return s.withRefresh(b, t, tokenAnswer(bearer, t.Scope)), nil
}

// withRefresh adds a refresh token, at banks that give one.
func (s *Sandbox) withRefresh(b *bank.Bank, t *token, a answer) answer {
	if !b.Behaviour.OAuth.NoRefresh {
		again := *t
		again.Refreshes = true
		a.body.(map[string]any)["refresh_token"] = s.issue(&again)
		again.Expires = s.now().AddDate(0, 0, consentDays)
	}
	return a
}

// refreshAtBank trades a refresh token for new tokens, once (RFC 9700 4.14.2).
func (s *Sandbox) refreshAtBank(b *bank.Bank, tpp client, form url.Values) (answer, error) {
	key := hash(form.Get("refresh_token"))
	old := s.state.Tokens[key]
	if old == nil || !old.Refreshes || old.BIC != b.BIC || old.Client != tpp.id || s.now().After(old.Expires) {
		return answer{}, oauthRefuse("invalid_grant", "unknown refresh token")
	}
	delete(s.state.Tokens, key)
	t := *old
	t.Refreshes = false
	return s.withRefresh(b, &t, tokenAnswer(s.issue(&t), t.Scope)), nil
}
