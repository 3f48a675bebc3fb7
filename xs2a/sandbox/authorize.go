package sandbox

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"consentry/xs2a/sandbox/page"
)

var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorize answers GET /connect/authorize: the person arrives with the TPP's
// authorisation request and goes on to the bank's pages. What cannot be trusted to
// lead back to the TPP (client, redirect_uri) ends on a page; everything else is
// told to the TPP (RFC 6749 4.1.2.1).
func (s *Sandbox) authorize(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, func() (*page.Answer, error) {
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return page.Closed(nil, "This link is broken", "The address is not understood.", "Nothing was shared."), nil
		}
		tpp, known := s.findClient(query.Get("client_id"))
		if !known {
			return page.Closed(nil, "This link is broken", "The app that sent you here is not registered with the bank (client_id).", "Nothing was shared."), nil
		}
		redirect := query.Get("redirect_uri")
		if !registered(redirect) {
			return page.Closed(nil, "This link is broken", "The address to return to is not registered with the bank (redirect_uri).", "Nothing was shared."), nil
		}
		request := &oauthRequest{Issuer: s.address(r), Client: tpp.id, RedirectURI: redirect, State: query.Get("state"), Challenge: query.Get("code_challenge")}
		if code, text := wrongRequest(query, false); code != "" {
			return page.GoTo(request.back("error", code, "error_description", text)), nil
		}
		auth := s.requested(query.Get("acr_values"), tpp)
		if auth == nil {
			return page.GoTo(request.back("error", "invalid_request", "error_description", "acr_values name no authorisation that waits for the person")), nil
		}
		auth.OAuth = request
		return s.open(auth), nil
	})
}

// wrongRequest says what is wrong with an authorisation request. Banks with a server
// of their own demand state and PKCE (BG 1.3.12 section 13.1); Open Payments names
// the one as a convenience and the other not at all, and takes PKCE seriously where
// a TPP begins with it.
func wrongRequest(query url.Values, demanding bool) (code, text string) {
	for name, values := range query {
		if len(values) > 1 {
			return "invalid_request", name + " is given twice"
		}
	}
	state := query.Get("state")
	switch {
	case query.Get("response_type") != "code":
		return "unsupported_response_type", "response_type has to be code"
	case demanding && state == "" || strings.HasPrefix(state, "["):
		return "invalid_request", "state is missing"
	case !demanding && !query.Has("code_challenge") && !query.Has("code_challenge_method"):
		return "", ""
	case query.Get("code_challenge_method") != "S256":
		return "invalid_request", "code_challenge_method has to be S256"
	case !challengeForm.MatchString(query.Get("code_challenge")):
		return "invalid_request", "code_challenge is missing or not of the form of S256"
	}
	return "", ""
}

// requested finds the authorisation that acr_values name:
// "idp:BIC consentId:… consentAuthorisationId:…", or the same with paymentId and
// paymentAuthorisationId.
func (s *Sandbox) requested(acr string, tpp client) *authorisation {
	values := make(map[string]string, 3)
	for _, word := range strings.Fields(acr) {
		name, value, _ := strings.Cut(word, ":")
		values[name] = value
	}
	auth := s.state.Authorisations[cmp.Or(values["consentAuthorisationId"], values["paymentAuthorisationId"])]
	if auth == nil || auth.Consent != values["consentId"] || auth.Payment != values["paymentId"] || auth.Linked.IsZero() || auth.Link != "" {
		return nil
	}
	if client, bic := s.subjectOf(auth).owner(); bic != values["idp"] || client != tpp.id {
		return nil
	}
	return auth
}

// withQuery adds a parameter to an address, leaving its own query as it is.
func withQuery(address, name, value string) string {
	u, err := url.Parse(address)
	if err != nil { // registered() has parsed it before
		return "/"
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += url.Values{name: {value}}.Encode()
	return u.String()
}

// back is the address that takes a person and an answer back to the TPP. Its own
// query is kept; state and iss (RFC 9207) are added.
func (o *oauthRequest) back(pairs ...string) string {
	u, err := url.Parse(o.RedirectURI)
	if err != nil { // registered() has parsed it before
		return "/"
	}
	query := url.Values{"iss": {o.Issuer}}
	if o.State != "" {
		query.Set("state", o.State)
	}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += query.Encode()
	return u.String()
}
