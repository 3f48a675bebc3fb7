package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	tokenLife = time.Hour
	codeLife  = time.Minute
)

// client is a TPP that is registered with the banks.
type client struct {
	id, secret, name string
	organisation     string // organizationIdentifier of its certificate: a client_id that needs no secret
}

// The credentials are for practice and no secret at all. The second client is
// there so that one TPP's consents can be shown to be no business of another.
var (
	practiceClient = client{id: "practice-tpp", secret: "practice-secret-not-for-real-banks", name: "Consentry", organisation: practiceOrganisation}
	otherClient    = client{id: "practice-other-tpp", secret: "practice-secret-of-another-tpp", name: "Another practice TPP", organisation: "PSDSE-FINA-54321"}
)

// findClient finds a TPP by its client_id or its organizationIdentifier. One that the practice
// authority has certified has no other client_id, and no secret. The caller holds the lock.
func (s *Sandbox) findClient(id string) (client, bool) {
	for _, c := range []client{practiceClient, otherClient} {
		if c.id == id || c.organisation == id {
			return c, true
		}
	}
	name, certified := s.state.Registered[id]
	return client{id: id, name: name, organisation: id}, certified
}

// token is a bearer token, kept under its hash.
type token struct {
	Client  string
	Scope   string // as it was asked for
	Service string // the word of the scope that names the service
	Context string // private, corporate or ""
	Expires time.Time

	// Of banks with an authorisation server of their own.
	BIC       string
	Consent   string // the only one it is good for; "" for any
	PSU       string // the person it stands for
	Refreshes bool   // it is a refresh token
}

// code is an authorisation code, kept under its hash.
type code struct {
	Authorisation string
	Client        string
	RedirectURI   string
	Challenge     string
	Expires       time.Time
	Used          bool
	Token         string // hash of the token it was exchanged for
}

// oauthError is an error answer of the token endpoint (RFC 6749 5.2).
type oauthError struct {
	status int
	code   string
	text   string
}

func (e *oauthError) Error() string { return e.code + ": " + e.text }

func oauthRefuse(code, text string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, code: code, text: text}
}

// tokenEndpoint answers POST /connect/token.
func (s *Sandbox) tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	s.answerToken(w, r, func() (answer, error) { return s.grant(r) })
}

// answerToken writes what a grant gives, or why there is none.
func (s *Sandbox) answerToken(w http.ResponseWriter, r *http.Request, grant func() (answer, error)) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	a, err := s.locked(grant)
	var wrong *oauthError
	switch {
	case err == nil:
		writeJSON(w, a.status, a.body)
	case errors.As(err, &wrong):
		if wrong.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="sandbox"`)
		}
		s.log.Info("sandbox refuses a token", "error", err)
		writeJSON(w, wrong.status, map[string]string{"error": wrong.code, "error_description": wrong.text})
	default:
		s.log.Error("sandbox token", "error", err)
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
	}
}

func (s *Sandbox) grant(r *http.Request) (answer, error) {
	form, err := tokenForm(r)
	if err != nil {
		return answer{}, err
	}
	tpp, err := s.authenticate(r, form)
	if err != nil {
		return answer{}, err
	}
	switch form.Get("grant_type") {
	case "client_credentials":
		return s.grantCredentials(tpp, form)
	case "authorization_code":
		return s.grantCode(tpp, r, form)
	case "":
		return answer{}, oauthRefuse("invalid_request", "grant_type is missing")
	}
	return answer{}, oauthRefuse("unsupported_grant_type", "client_credentials or authorization_code")
}

// tokenForm takes parameters from the body alone, each of them once: secrets in an
// address end up in logs.
func tokenForm(r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return nil, oauthRefuse("invalid_request", "the body has to be form encoded")
	}
	if err := r.ParseForm(); err != nil {
		return nil, oauthRefuse("invalid_request", "the form is not understood")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			return nil, oauthRefuse("invalid_request", name+" is given twice")
		}
	}
	return r.PostForm, nil
}

// authenticate takes the credentials in the body or as HTTP Basic, not both.
func (s *Sandbox) authenticate(r *http.Request, form url.Values) (client, error) {
	id, password, basic := r.BasicAuth()
	switch {
	case twice(r.Header, []string{"Authorization"}) != "":
		return client{}, oauthRefuse("invalid_request", "Authorization is sent twice")
	case basic && form.Has("client_secret"):
		return client{}, oauthRefuse("invalid_request", "credentials are given twice")
	case basic:
		id, _ = url.QueryUnescape(id) // RFC 6749 2.3.1
		password, _ = url.QueryUnescape(password)
	default:
		id, password = form.Get("client_id"), form.Get("client_secret")
	}
	tpp, known := s.findClient(id)
	if known && id == tpp.organisation && password == "" && strings.HasSuffix(r.URL.Path, "/oauth/token") {
		return tpp, nil // the certificate would have said who it is
	}
	if !known || tpp.secret == "" || subtle.ConstantTimeCompare([]byte(tpp.secret), []byte(password)) != 1 {
		return client{}, &oauthError{status: http.StatusUnauthorized, code: "invalid_client", text: "unknown client or wrong secret"}
	}
	return tpp, nil
}

func (s *Sandbox) grantCredentials(tpp client, form url.Values) (answer, error) {
	t, ok := parseScope(form.Get("scope"))
	if !ok {
		return answer{}, oauthRefuse("invalid_scope", "one of aspspinformation, accountinformation, paymentinitiation, with private or corporate if need be")
	}
	t.Client = tpp.id
	bearer := s.issue(t)
	return tokenAnswer(bearer, t.Scope), nil
}

// parseScope takes one service word and at most one context word, in either order.
func parseScope(scope string) (*token, bool) {
	t := &token{Scope: scope}
	for _, word := range strings.Fields(scope) {
		switch word {
		case "aspspinformation", "accountinformation", "paymentinitiation":
			if t.Service != "" {
				return nil, false
			}
			t.Service = word
		case "private", "corporate":
			if t.Context != "" {
				return nil, false
			}
			t.Context = word
		default:
			return nil, false
		}
	}
	return t, t.Service != ""
}

func (s *Sandbox) issue(t *token) (bearer string) {
	bearer = secret()
	t.Expires = s.now().Add(tokenLife)
	s.state.Tokens[hash(bearer)] = t
	s.state.touch()
	return bearer
}

func tokenAnswer(bearer, scope string) answer {
	return answer{status: http.StatusOK, body: map[string]any{
		"access_token": bearer, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "scope": scope,
	}}
}

// grantCode exchanges a code, which ends the authorisation: only now the consent
// becomes valid.
func (s *Sandbox) grantCode(tpp client, r *http.Request, form url.Values) (answer, error) {
	what, service := "Consent", "accountinformation"
	if r.Header.Get("X-PaymentId") != "" {
		what, service = "Payment", "paymentinitiation"
	}
	subjectID, authorisationID := r.Header.Get("X-"+what+"Id"), r.Header.Get("X-"+what+"AuthorisationId")
	for name, value := range map[string]string{
		"code": form.Get("code"), "redirect_uri": form.Get("redirect_uri"),
		"X-" + what + "Id": subjectID, "X-" + what + "AuthorisationId": authorisationID,
	} {
		if value == "" {
			return answer{}, oauthRefuse("invalid_request", name+" is missing")
		}
	}
	auth, c, err := s.redeem(tpp, form)
	if err != nil {
		return answer{}, err
	}
	switch {
	case auth.ID != authorisationID || auth.Consent+auth.Payment != subjectID:
		return answer{}, oauthRefuse("invalid_grant", "the code belongs to another consent, payment or authorisation")
	case !s.subjectOf(auth).waits(s.now()):
		return answer{}, oauthRefuse("invalid_grant", "there is nothing that waits for authorisation")
	}
	c.Used = true
	t := &token{Client: tpp.id, Scope: service, Service: service}
	bearer := s.issue(t)
	c.Token = hash(bearer)
	s.finalise(auth)
	return tokenAnswer(bearer, t.Scope), nil
}

// redeem finds the authorisation that a code stands for, if the code is good.
func (s *Sandbox) redeem(tpp client, form url.Values) (*authorisation, *code, error) {
	c := s.state.Codes[hash(form.Get("code"))]
	if c == nil || c.Client != tpp.id {
		return nil, nil, oauthRefuse("invalid_grant", "unknown code")
	}
	if c.Used {
		delete(s.state.Tokens, c.Token) // RFC 6749 4.1.2: a second use takes the first one's token back
		s.state.touch()
		return nil, nil, oauthRefuse("invalid_grant", "the code was used before")
	}
	switch {
	case s.now().After(c.Expires):
		return nil, nil, oauthRefuse("invalid_grant", "the code is too old")
	case c.RedirectURI != form.Get("redirect_uri"):
		return nil, nil, oauthRefuse("invalid_grant", "redirect_uri is not the one of the authorisation request")
	case !verifierFits(form.Get("code_verifier"), c.Challenge):
		return nil, nil, oauthRefuse("invalid_grant", "code_verifier does not fit code_challenge")
	}
	return s.state.Authorisations[c.Authorisation], c, nil
}

// verifierFits is PKCE with S256 (RFC 7636 4.6). A verifier without a challenge
// betrays a request that somebody took the challenge out of (RFC 9700 2.1.1).
func verifierFits(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// checkToken wants a bearer token for one of the services.
func checkToken(services ...string) check {
	return func(s *Sandbox, c *call) error {
		bearer, ok := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
		t := s.state.Tokens[hash(bearer)]
		switch {
		case !ok || t == nil:
			return unauthorised("TOKEN_UNKNOWN", "no bearer token, or one that the bank does not know")
		case s.now().After(t.Expires):
			return unauthorised("TOKEN_EXPIRED", "the token has expired")
		case !slices.Contains(services, t.Service):
			return unauthorised("TOKEN_INVALID", "the token is not for this service")
		}
		c.token = t
		c.client, _ = s.findClient(t.Client)
		return nil
	}
}

func unauthorised(code, text string) *refusal {
	return &refusal{
		status: http.StatusUnauthorized, code: code, path: "Authorization", text: text,
		header: http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}},
	}
}
