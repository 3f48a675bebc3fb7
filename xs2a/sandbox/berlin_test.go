package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"consentry/xs2a/sandbox/page"
	"consentry/xs2a/sandbox/people"
)

// berlin is a plain TPP of one bank of the Berlin Group's dialects. Where a
// definition is given, requests and answers have to keep to it.
type berlin struct {
	t      *testing.T
	tpp    *tpp
	root   string
	psu    string // PSU-ID, "" for none
	bearer string
	again  string // the refresh token
	router routers.Router
	header map[string]string // sent with every call
	sign   func(*http.Request, []byte)
	http   *http.Client
}

func newBerlin(t *testing.T, base, id string) *berlin {
	t.Helper()
	return &berlin{t: t, tpp: &tpp{t: t, base: base, client: practiceClient}, root: base + "/berlingroup/" + id + "/v1", http: http.DefaultClient}
}

// call sends a request to the bank; path may be a link's address.
func (p *berlin) call(method, path string, body any, change map[string]string) result {
	p.t.Helper()
	header := map[string]string{"X-Request-ID": newID(), "PSU-IP-Address": "192.0.2.7", "TPP-Redirect-URI": callback, "Accept": "application/json"}
	if p.psu != "" {
		header["PSU-ID"] = p.psu
	}
	if p.bearer != "" {
		header["Authorization"] = "Bearer " + p.bearer
	}
	var data []byte
	if body != nil {
		if text, is := body.(string); is {
			data = []byte(text)
		} else {
			var err error
			if data, err = json.Marshal(body); err != nil {
				p.t.Fatal(err)
			}
		}
		header["Content-Type"] = "application/json"
	}
	maps.Copy(header, p.header)
	maps.Copy(header, change)
	switch {
	case strings.HasPrefix(path, "http"):
	case strings.HasPrefix(path, "/berlingroup/") || strings.HasPrefix(path, "/bog/") || strings.HasPrefix(path, "/saltedge/"):
		path = p.tpp.base + path
	default:
		path = p.root + path
	}
	req, err := http.NewRequest(method, path, bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range header {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if p.sign != nil {
		p.sign(req, data)
	}
	return p.exchange(req, data)
}

func (p *berlin) exchange(req *http.Request, data []byte) result {
	p.t.Helper()
	res, err := p.http.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	r := result{t: p.t, status: res.StatusCode, header: res.Header}
	if r.raw, err = io.ReadAll(res.Body); err != nil {
		p.t.Fatal(err)
	}
	if strings.Contains(res.Header.Get("Content-Type"), "json") && len(r.raw) > 0 {
		if err := json.Unmarshal(r.raw, &r.body); err != nil {
			p.t.Fatalf("%s %s: %v in %s", req.Method, req.URL, err, r.raw)
		}
	}
	if p.router != nil {
		p.validate(req, data, r)
	}
	return r
}

// validate holds an exchange to the definition.
func (p *berlin) validate(req *http.Request, data []byte, r result) {
	p.t.Helper()
	below, is := strings.CutPrefix(req.URL.Scheme+"://"+req.URL.Host+req.URL.Path, p.root)
	if !is { // pages, keys and tokens are no part of the definition
		return
	}
	path := "/v1" + below
	seen, err := http.NewRequest(req.Method, "http://bank"+path+"?"+req.URL.RawQuery, bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	seen.Header = req.Header.Clone()
	route, params, err := p.router.FindRoute(seen)
	if err != nil {
		p.t.Errorf("%s %s is no operation: %v", req.Method, path, err)
		return
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true}
	input := &openapi3filter.RequestValidationInput{Request: seen, PathParams: params, Route: route, Options: options}
	if r.status < 400 {
		if err := openapi3filter.ValidateRequest(seen.Context(), input); err != nil {
			p.t.Errorf("%s %s was taken: %v", req.Method, path, err)
		}
	}
	answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: r.status, Header: r.header, Options: options}
	answer.SetBodyBytes(r.raw)
	if err := openapi3filter.ValidateResponse(seen.Context(), answer); err != nil {
		p.t.Errorf("%s %s answered %d: %v\n%s", req.Method, path, r.status, err, r.raw)
	}
}

// berlinDefinition is the official definition, its patterns anchored and its
// servers set aside.
func berlinDefinition(t *testing.T) routers.Router {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "reference", "openapi", "berlin-group-1.3.12.json")
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("the official definition is not beside the checkout (%s)", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(content, &tree); err != nil {
		t.Fatal(err)
	}
	if anchorPatterns(tree) == 0 {
		t.Fatal("no pattern was anchored")
	}
	if content, err = json.Marshal(tree); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(content)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = openapi3.Servers{{URL: "http://bank"}}
	loosenForms(doc)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

func anchorPatterns(node any) (count int) {
	switch n := node.(type) {
	case map[string]any:
		for name, value := range n {
			if pattern, is := value.(string); is && name == "pattern" {
				n[name] = "^(?:" + strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$") + ")$"
				count++
			}
			count += anchorPatterns(value)
		}
	case []any:
		for _, value := range n {
			count += anchorPatterns(value)
		}
	}
	return count
}

// loosenForms turns "exactly one of" into "at least one of" for whole bodies,
// since the definition's forms overlap.
func loosenForms(doc *openapi3.T) {
	loosen := func(content openapi3.Content) {
		for _, media := range content {
			if media.Schema != nil && media.Schema.Value != nil && len(media.Schema.Value.OneOf) > 1 {
				media.Schema.Value.AnyOf, media.Schema.Value.OneOf = media.Schema.Value.OneOf, nil
			}
		}
	}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody != nil && operation.RequestBody.Value != nil {
				loosen(operation.RequestBody.Value.Content)
			}
			for _, response := range operation.Responses.Map() {
				loosen(response.Value.Content)
			}
		}
	}
}

// asks creates a consent and returns the answer.
func (p *berlin) asks(change map[string]string) result {
	p.t.Helper()
	return p.call("POST", "/consents", consentBody(chosenAtBank()), change).want(http.StatusCreated)
}

// follow returns the address of a link, which has to be there.
func (r result) follow(name string) string {
	r.t.Helper()
	href := r.text("_links." + name + ".href")
	if href == "" {
		r.t.Fatalf("no link %s: %s", name, r.raw)
	}
	return href
}

// oauth has a person go through a bank's authorisation server, and keeps the token.
func (p *berlin) oauth(start, scope, person string) {
	p.t.Helper()
	a := asked{state: "st-" + newID(), verifier: secret(), redirect: callback}
	values, err := url.Parse(a.fill(p.tpp, "http://x/?"))
	if err != nil {
		p.t.Fatal(err)
	}
	query := values.Query()
	to, tokens := start, ""
	if strings.Contains(start, "/.well-known/") {
		if strings.HasPrefix(start, "/") {
			start = p.tpp.base + start
		}
		found := p.call("GET", start, nil, nil).want(http.StatusOK)
		to, tokens = found.text("authorization_endpoint")+"?", found.text("token_endpoint")
		query.Set("response_type", "code")
		query.Set("client_id", practiceOrganisation)
		query.Set("scope", scope)
	} else {
		tokens, _, _ = strings.Cut(start, "/oauth/authorize")
		tokens += "/oauth/token"
	}
	if strings.Contains(to, "[TPP_STATE]") {
		to = strings.NewReplacer("[CLIENT_ID]", practiceOrganisation, "[TPP_REDIRECT_URI]", url.QueryEscape(a.redirect), "[TPP_STATE]", a.state).Replace(to)
	} else {
		query.Set("state", a.state)
		query.Set("redirect_uri", a.redirect)
	}
	b := newBrowser(p.t)
	b.logIn(to+"&"+query.Encode(), people.Find(person))
	if strings.HasSuffix(b.at.Path, page.StepAccounts) || strings.HasSuffix(b.at.Path, page.StepPayment) {
		b.submit("next", nil)
	}
	b.submit("approve", url.Values{"code": {people.Find(person).Code}})
	back := b.at.Query()
	if back.Get("code") == "" || back.Get("state") != a.state || back.Get("iss") == "" {
		p.t.Fatalf("came back to %s: %s", b.at, b.text())
	}
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {practiceOrganisation}, "code": {back.Get("code")}, "redirect_uri": {a.redirect}, "code_verifier": {a.verifier}}
	req, err := http.NewRequest("POST", tokens, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := p.tpp.do(req).want(http.StatusOK)
	p.bearer, p.again = got.text("access_token"), got.text("refresh_token")
}

// refresh trades the refresh token.
func (p *berlin) refresh(tokens, token string) result {
	p.t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {practiceOrganisation}, "refresh_token": {token}}
	req, err := http.NewRequest("POST", tokens, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.tpp.do(req)
}
