package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"consentry/xs2a/sandbox/people"
)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A Friday, the day of the week included since entries depend on it.
func newClock() *clock { return &clock{at: time.Date(2026, time.November, 20, 10, 0, 0, 0, time.UTC)} }

const callback = "http://127.0.0.1:39999/callback"

// tpp is a plain client of the sandbox.
type tpp struct {
	t      *testing.T
	base   string
	bic    string
	client client
	bearer string
}

func startSandbox(t *testing.T, cfg Config) *httptest.Server {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server
}

func newTPP(t *testing.T, base, bic string) *tpp {
	t.Helper()
	p := &tpp{t: t, base: base, bic: bic, client: practiceClient}
	p.bearer = p.token("accountinformation private")
	return p
}

func (p *tpp) token(scope string) string {
	p.t.Helper()
	res := p.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {p.client.id}, "client_secret": {p.client.secret}, "scope": {scope}}, nil)
	if res.status != http.StatusOK {
		p.t.Fatalf("token: %d %s", res.status, res.raw)
	}
	return res.text("access_token")
}

// result is an answer with its body decoded.
type result struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	body   any
}

// get walks into the body: names of fields, separated by dots.
func (r result) get(path string) any {
	value := r.body
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func (r result) text(path string) string {
	s, _ := r.get(path).(string)
	return s
}

func (r result) list(path string) []map[string]any {
	values, _ := r.get(path).([]any)
	list := make([]map[string]any, len(values))
	for i, v := range values {
		list[i], _ = v.(map[string]any)
	}
	return list
}

// code is the message code of a refusal, in either form of its body.
func (r result) code() string {
	messages, ok := r.body.([]any)
	if !ok {
		messages, _ = r.get("tppMessages").([]any)
	}
	if len(messages) == 0 {
		return ""
	}
	first, _ := messages[0].(map[string]any)
	code, _ := first["code"].(string)
	return code
}

func (p *tpp) do(req *http.Request) result {
	p.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	r := result{t: p.t, status: res.StatusCode, header: res.Header}
	if r.raw, err = io.ReadAll(res.Body); err != nil {
		p.t.Fatal(err)
	}
	if len(r.raw) > 0 && strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(r.raw, &r.body); err != nil {
			p.t.Fatalf("%s %s: %v in %s", req.Method, req.URL, err, r.raw)
		}
	}
	return r
}

func (p *tpp) form(values url.Values, header map[string]string) result {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodPost, p.base+"/connect/token", strings.NewReader(values.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	return p.do(req)
}

// call sends a request with the usual headers; change overrides them, and takes
// one away where it gives "".
func (p *tpp) call(method, path string, body any, change map[string]string) result {
	p.t.Helper()
	var reader io.Reader
	header := map[string]string{
		"Authorization": "Bearer " + p.bearer, "X-Request-ID": newID(), "X-BicFi": p.bic, "PSU-IP-Address": "192.0.2.7",
		"PSU-User-Agent": "test", "TPP-Redirect-URI": callback, "Accept": "application/json",
	}
	switch b := body.(type) {
	case nil:
	case string:
		reader, header["Content-Type"] = strings.NewReader(b), "application/json"
	default:
		data, err := json.Marshal(b)
		if err != nil {
			p.t.Fatal(err)
		}
		reader, header["Content-Type"] = bytes.NewReader(data), "application/json"
	}
	maps.Copy(header, change)
	if !strings.HasPrefix(path, "http") {
		path = p.base + path
	}
	req, err := http.NewRequest(method, path, reader)
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range header {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return p.do(req)
}

// want fails the test on another status.
func (r result) want(status int) result {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, not %d: %s", r.status, status, r.raw)
	}
	return r
}

func consentBody(access map[string]any) map[string]any {
	return map[string]any{"access": access, "recurringIndicator": true, "validUntil": "2027-02-01", "frequencyPerDay": 4, "combinedServiceIndicator": false}
}

func chosenAtBank() map[string]any {
	return map[string]any{"balances": []any{}, "transactions": []any{}}
}

// asked is a consent on its way.
type asked struct {
	consent, authorisation string
	link                   string // to the bank's pages
	verifier, state        string
	redirect               string
}

// ask creates a consent and starts its authorisation, choosing the first method
// where there are several.
func (p *tpp) ask(body map[string]any, change map[string]string) asked {
	p.t.Helper()
	made := p.call("POST", consentPath, body, change).want(http.StatusCreated)
	a := asked{consent: made.text("consentId"), state: "st-" + newID(), verifier: secret(), redirect: callback + "?flow=7"}
	started := p.call("POST", made.text("_links.startAuthorisation.href"), nil, map[string]string{"TPP-Redirect-URI": ""}).want(http.StatusCreated)
	a.authorisation = started.text("authorisationId")
	if choose := started.text("_links.selectAuthenticationMethod.href"); choose != "" {
		method := started.list("scaMethods")[0]["authenticationMethodId"]
		started = p.call("PUT", choose, map[string]any{"authenticationMethodId": method}, nil).want(http.StatusOK)
	}
	if got := started.header.Get("ASPSP-SCA-Approach"); got != "REDIRECT" {
		p.t.Fatalf("ASPSP-SCA-Approach %q", got)
	}
	a.link = started.text("_links.scaRedirect.href")
	if oauth := started.text("_links.scaOAuth.href"); oauth != "" {
		a.link = a.fill(p, oauth)
	}
	return a
}

// fill puts the values into an authorize URL and adds PKCE.
func (a asked) fill(p *tpp, template string) string {
	sum := sha256.Sum256([]byte(a.verifier))
	return strings.NewReplacer("[CLIENT_ID]", p.client.id, "[TPP_REDIRECT_URI]", url.QueryEscape(a.redirect), "[TPP_STATE]", url.QueryEscape(a.state)).Replace(template) +
		"&code_challenge=" + base64.RawURLEncoding.EncodeToString(sum[:]) + "&code_challenge_method=S256"
}

func (p *tpp) scaStatus(a asked) string {
	p.t.Helper()
	return p.call("GET", consentPath+"/"+a.consent+"/authorisations/"+a.authorisation, nil, nil).want(http.StatusOK).text("scaStatus")
}

func (p *tpp) consentStatus(a asked) string {
	p.t.Helper()
	return p.call("GET", consentPath+"/"+a.consent+"/status", nil, nil).want(http.StatusOK).text("consentStatus")
}

// exchange trades the code of an address that a person came back to.
func (p *tpp) exchange(a asked, back *url.URL, change url.Values, header map[string]string) result {
	p.t.Helper()
	values := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {p.client.id}, "client_secret": {p.client.secret},
		"code": {back.Query().Get("code")}, "redirect_uri": {a.redirect}, "code_verifier": {a.verifier},
	}
	maps.Copy(values, change)
	headers := map[string]string{"X-ConsentId": a.consent, "X-ConsentAuthorisationId": a.authorisation}
	maps.Copy(headers, header)
	return p.form(values, headers)
}

// link has a person at a bank approve everything, and returns the valid consent.
func (p *tpp) link(person string, body map[string]any) asked {
	p.t.Helper()
	a := p.ask(body, nil)
	back := newBrowser(p.t).approve(a.link, people.Find(person))
	if back.Query().Has("code") {
		p.exchange(a, back, nil, nil).want(http.StatusOK)
	}
	if got := p.consentStatus(a); got != consentValid {
		p.t.Fatalf("consent is %s", got)
	}
	return a
}

// read gets something of the account service.
func (p *tpp) read(a asked, path string) result {
	p.t.Helper()
	return p.call("GET", path, nil, map[string]string{"Consent-ID": a.consent})
}

// browser is a person's browser. It follows jumps until they leave the bank.
type browser struct {
	t      *testing.T
	client *http.Client
	at     *url.URL
	status int
	page   *html.Node
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if req.URL.Path == "/callback" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return b
}

func (b *browser) take(res *http.Response, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	b.at, b.status, b.page = res.Request.URL, res.StatusCode, nil
	if to := res.Header.Get("Location"); to != "" {
		if b.at, err = url.Parse(to); err != nil {
			b.t.Fatal(err)
		}
		return
	}
	if b.page, err = html.Parse(res.Body); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(link string) { b.t.Helper(); b.take(b.client.Get(link)) }

// submit sends the page's form as it stands, with some fields typed in and one
// button pressed.
func (b *browser) submit(action string, typed url.Values) {
	b.t.Helper()
	form := b.find("form")
	if form == nil {
		b.t.Fatalf("no form at %s (%d): %s", b.at, b.status, b.text())
	}
	values := url.Values{"action": {action}}
	for n := range form.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" {
			if _, checked := attribute(n, "checked"); value(n, "type") != "checkbox" || checked {
				values.Add(value(n, "name"), value(n, "value"))
			}
		}
	}
	maps.Copy(values, typed)
	to, err := b.at.Parse(value(form, "action"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.take(b.client.PostForm(to.String(), values))
}

func (b *browser) find(element string) *html.Node {
	if b.page == nil {
		return nil
	}
	for n := range b.page.Descendants() {
		if n.Type == html.ElementNode && n.Data == element {
			return n
		}
	}
	return nil
}

func (b *browser) text() string {
	var words strings.Builder
	if b.page != nil {
		for n := range b.page.Descendants() {
			if n.Type == html.TextNode {
				words.WriteString(n.Data)
			}
		}
	}
	return strings.Join(strings.Fields(words.String()), " ")
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, name string) string { v, _ := attribute(n, name); return v }

func (b *browser) logIn(link string, person *people.Person) {
	b.t.Helper()
	b.open(link)
	b.submit("next", url.Values{"login": {person.Login}, "password": {person.Password}})
}

// approve goes through all the pages and returns the address of the TPP.
func (b *browser) approve(link string, person *people.Person) *url.URL {
	b.t.Helper()
	b.logIn(link, person)
	b.submit("next", nil)
	b.submit("approve", url.Values{"code": {person.Code}})
	if b.at.Path != "/callback" {
		b.t.Fatalf("stayed at %s (%d): %s", b.at, b.status, b.text())
	}
	return b.at
}
