package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
	"consentry/xs2a/sandbox/sign"
)

// signer signs as the rules of signing-and-oauth.md say.
type signer struct {
	t           *testing.T
	certificate []byte // DER
	key         *rsa.PrivateKey
	issuer      string
	clock       *clock
	before      string // members that stand first in the protected header
}

func newSigner(t *testing.T, s *Sandbox, c *clock) *signer {
	t.Helper()
	s.mu.Lock()
	v, err := s.practiceCertificates()
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(v.TPP))
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := pem.Decode([]byte(v.TPPKey))
	key, err := x509.ParsePKCS8PrivateKey(sealed.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{t: t, certificate: block.Bytes, key: key.(*rsa.PrivateKey), issuer: parsed.Issuer.String(), clock: c}
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

func (s *signer) sum(text string) string {
	s.t.Helper()
	sum := sha256.Sum256([]byte(text))
	raw, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		s.t.Fatal(err)
	}
	return string(raw)
}

// cavage signs the named headers.
func (s *signer) cavage(req *http.Request, body []byte, keyID, word string, asPEM bool, names ...string) {
	req.Header.Set("Digest", digestOf(body))
	lines := make([]string, len(names))
	for i, name := range names {
		lines[i] = name + ": " + req.Header.Get(name)
	}
	der := s.certificate
	if asPEM {
		der = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	req.Header.Set("TPP-Signature-Certificate", base64.StdEncoding.EncodeToString(der))
	req.Header.Set("Signature", fmt.Sprintf(`%skeyId="%s",algorithm="rsa-sha256",headers="%s",signature="%s"`,
		word, keyID, strings.Join(names, " "), base64.StdEncoding.EncodeToString([]byte(s.sum(strings.Join(lines, "\n"))))))
}

// keyID names the certificate: "CA" with commas, "DN" and "CA/" with slashes.
func (s *signer) keyID(form string) string {
	if form == "CA" {
		return "SN=9fa1,CA=" + s.issuer
	}
	return "SN=9fa1," + strings.TrimSuffix(form, "/") + "=/" + strings.ReplaceAll(s.issuer, ",", "/")
}

// due names the headers that have to be signed.
func due(req *http.Request, date bool) []string {
	names := []string{"digest", "x-request-id"}
	if date {
		names = append(names, "date")
	}
	for _, name := range []string{"psu-id", "psu-corporate-id", "tpp-redirect-uri"} {
		if req.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

func startSigned(t *testing.T) (*httptest.Server, *signer, *clock) {
	t.Helper()
	c := newClock()
	s, err := New(Config{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server, newSigner(t, s, c), c
}

func TestHTTPSignatures(t *testing.T) {
	server, s, c := startSigned(t)
	good := func(req *http.Request, body []byte) {
		req.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
		s.cavage(req, body, s.keyID("CA"), "", false, due(req, true)...)
	}
	other := *s
	var err error
	if other.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		sign   func(*http.Request, []byte)
		status int
		code   string
	}{
		{"as it should be", good, 201, ""},
		{"nothing", func(*http.Request, []byte) {}, 401, "SIGNATURE_MISSING"},
		{"no certificate", func(r *http.Request, b []byte) { good(r, b); r.Header.Del("TPP-Signature-Certificate") }, 401, "CERTIFICATE_MISSING"},
		{"no digest", func(r *http.Request, b []byte) { good(r, b); r.Header.Del("Digest") }, 401, "SIGNATURE_INVALID"},
		{"another body's digest", func(r *http.Request, b []byte) { good(r, append(b, ' ')) }, 401, "SIGNATURE_INVALID"},
		{"another key", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			other.cavage(r, b, s.keyID("CA"), "", false, due(r, true)...)
		}, 401, "SIGNATURE_INVALID"},
		{"a header changed afterwards", func(r *http.Request, b []byte) { good(r, b); r.Header.Set("X-Request-ID", newID()) }, 401, "SIGNATURE_INVALID"},
		{"PSU-ID is not signed", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			s.cavage(r, b, s.keyID("CA"), "", false, "digest", "x-request-id", "date", "tpp-redirect-uri")
		}, 401, "SIGNATURE_INVALID"},
		{"more than the rules name", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			s.cavage(r, b, s.keyID("CA"), "", false, append(due(r, true), "accept")...)
		}, 401, "SIGNATURE_INVALID"},
		{"no date", func(r *http.Request, b []byte) { s.cavage(r, b, s.keyID("CA"), "", false, due(r, false)...) }, 401, "SIGNATURE_INVALID"},
		{"an old date", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().Add(-6*time.Minute).UTC().Format(http.TimeFormat))
			s.cavage(r, b, s.keyID("CA"), "", false, due(r, true)...)
		}, 400, "TIMESTAMP_INVALID"},
		{"another serial number", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			s.cavage(r, b, "SN=1,CA="+s.issuer, "", false, due(r, true)...)
		}, 401, "SIGNATURE_INVALID"},
		{"another issuer", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			s.cavage(r, b, "SN=9FA1,CA=CN=Somebody", "", false, due(r, true)...)
		}, 401, "SIGNATURE_INVALID"},
		{"a certificate as PEM", func(r *http.Request, b []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			s.cavage(r, b, s.keyID("CA"), "", true, due(r, true)...)
		}, 401, "CERTIFICATE_INVALID"},
		{"a certificate of nobody", func(r *http.Request, b []byte) {
			good(r, b)
			r.Header.Set("TPP-Signature-Certificate", base64.StdEncoding.EncodeToString(selfSigned(t, s.key)))
		}, 401, "CERTIFICATE_INVALID"},
		{"two signatures", func(r *http.Request, b []byte) { good(r, b); r.Header.Add("Signature", r.Header.Get("Signature")) }, 401, "SIGNATURE_INVALID"},
		{"two certificates", func(r *http.Request, b []byte) {
			good(r, b)
			r.Header.Add("TPP-Signature-Certificate", r.Header.Get("TPP-Signature-Certificate"))
		}, 401, "SIGNATURE_INVALID"},
		{"two digests", func(r *http.Request, b []byte) { good(r, b); r.Header.Add("Digest", digestOf(nil)) }, 401, "SIGNATURE_INVALID"},
		{"two dates", func(r *http.Request, b []byte) { good(r, b); r.Header.Add("Date", r.Header.Get("Date")) }, 401, "SIGNATURE_INVALID"},
		{"two request ids", func(r *http.Request, b []byte) { good(r, b); r.Header.Add("X-Request-ID", newID()) }, 400, "FORMAT_ERROR"},
		{"two tokens", func(r *http.Request, b []byte) {
			good(r, b)
			r.Header["Authorization"] = []string{"Bearer a", "Bearer b"}
		}, 400, "FORMAT_ERROR"},
		{"a parameter of Signature twice", func(r *http.Request, b []byte) {
			good(r, b)
			r.Header.Set("Signature", `keyId="SN=1",`+r.Header.Get("Signature"))
		}, 401, "SIGNATURE_INVALID"},
	} {
		p := newBerlin(t, server.URL, "kanzleihof")
		p.psu, p.sign = "astrid", test.sign
		res := p.call("POST", "/consents", consentBody(chosenAtBank()), nil)
		if res.status != test.status || res.code() != test.code {
			t.Errorf("%s: %d %s, want %d %s (%s)", test.name, res.status, res.code(), test.status, test.code, res.raw)
		}
	}
	c.pass(sign.CertificateLife + time.Second)
	p := newBerlin(t, server.URL, "kanzleihof")
	p.psu, p.sign = "astrid", good
	if res := p.call("GET", "/consents/"+newID(), nil, nil); res.code() != "CERTIFICATE_EXPIRED" {
		t.Errorf("after two years: %d %s", res.status, res.raw)
	}
}

// selfSigned is a certificate that no CA has signed.
func selfSigned(t *testing.T, key *rsa.PrivateKey) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(0x9FA1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<34, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestSaltEdge(t *testing.T) {
	server, s, c := startSigned(t)
	for _, test := range []struct {
		bank, word, form, others string
		pem                      bool
	}{{"salzhafen_de", "", "DN", "CA/", false}, {"saltsjon_se", "Signature ", "CA/", "DN", true}} {
		p := newBerlin(t, server.URL, "")
		p.root = server.URL + "/saltedge/" + test.bank + "/api/berlingroup/v1"
		p.header = map[string]string{"TPP-Redirect-Preferred": "true"}
		form := test.form
		p.sign = func(r *http.Request, body []byte) {
			r.Header.Set("Date", c.now().UTC().Format(http.TimeFormat))
			names := []string{"digest", "date", "x-request-id"}
			if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/consents") {
				names = append(names, "tpp-redirect-uri")
			}
			s.cavage(r, body, s.keyID(form), test.word, test.pem, names...)
		}
		body := consentBody(chosenAtBank())
		delete(body, "combinedServiceIndicator")
		made := p.call("POST", "/consents", body, nil).want(http.StatusCreated)
		seen := made
		if test.bank == "salzhafen_de" {
			if made.text("consentStatus") != accepted || made.get("_links.scaRedirect") != nil {
				t.Errorf("%s", made.raw)
			}
			path := "/consents/" + made.text("consentId")
			if first := p.call("GET", path, nil, nil).want(200); first.text("consentStatus") != accepted {
				t.Errorf("first look: %s", first.raw)
			}
			seen = p.call("GET", path, nil, nil).want(200)
		}
		newBrowser(t).approve(seen.follow("scaRedirect"), people.Find("lukas"))
		with := map[string]string{"Consent-ID": made.text("consentId")}
		accounts := p.call("GET", "/accounts", nil, with).want(200).list("accounts")
		path := "/accounts/" + accounts[0]["resourceId"].(string)
		p.call("GET", path, nil, with).want(200)
		p.call("GET", path+"/balances", nil, with).want(200)
		p.call("GET", path+"/transactions?bookingStatus=both&dateFrom=2026-10-01", nil, with).want(200)
		p.call("DELETE", "/consents/"+made.text("consentId"), nil, nil).want(204)

		for name, refused := range map[string]struct {
			res    result
			status int
			class  string
		}{
			"unknown consent":  {p.call("GET", "/consents/"+newID(), nil, nil), 401, "ConsentUnknown"},
			"ended consent":    {p.call("GET", "/accounts", nil, with), 401, "ConsentInvalid"},
			"no preference":    {p.call("POST", "/consents", body, map[string]string{"TPP-Redirect-Preferred": ""}), 400, "BadRequest"},
			"wrong format":     {p.call("POST", "/consents", map[string]any{"x": 1}, nil), 400, "RequestFormatInvalid"},
			"unknown resource": {p.call("GET", "/nothing", nil, nil), 404, "ResourceUnknown"},
			"wrong verb":       {p.call("PUT", "/accounts", nil, nil), 406, "ActionNotAllowed"},
		} {
			if refused.res.status != refused.status || refused.res.text("error_class") != refused.class {
				t.Errorf("%s: %d %s", name, refused.res.status, refused.res.raw)
			}
		}
		for _, form = range []string{test.others, "CA"} { // another way to name the certificate is another bank's
			if res := p.call("GET", "/accounts", nil, with); res.text("error_class") != "SignatureInvalid" {
				t.Errorf("named as %s: %s", form, res.raw)
			}
		}
		p.sign = nil
		if res := p.call("GET", "/accounts", nil, with); res.text("error_class") != "SignatureMissing" {
			t.Errorf("unsigned: %s", res.raw)
		}
	}
}

// jws signs a request in the Bank of Georgia's way; change alters the protected
// header.
func (s *signer) jws(req *http.Request, body []byte, change map[string]any) {
	s.t.Helper()
	req.Header.Set("Digest", digestOf(body))
	names := []string{"(request-target)", "host", "x-request-id", "digest"}
	lines := []string{"(request-target): " + strings.ToLower(req.Method) + " " + req.URL.RequestURI(), "host: " + req.URL.Host, "x-request-id: " + req.Header.Get("X-Request-ID"), "digest: " + digestOf(body)}
	for name := range req.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "psu-") || lower == "content-type" {
			names, lines = append(names, lower), append(lines, lower+": "+req.Header.Get(name))
		}
	}
	if len(body) > 0 {
		names, lines = append(names, "content-length"), append(lines, fmt.Sprintf("content-length: %d", len(body)))
	}
	header := map[string]any{
		"alg": "RS256", "b64": false, "crit": []string{"sigT", "sigD", "b64"}, "sigT": s.clock.now().UTC().Format("2006-01-02T15:04:05Z"),
		"x5c": []string{base64.StdEncoding.EncodeToString(s.certificate)}, "sigD": map[string]any{"pars": names, "mId": "http://uri.etsi.org/19182/HttpHeaders"},
	}
	maps.Copy(header, change)
	protected, err := json.Marshal(header)
	if err != nil {
		s.t.Fatal(err)
	}
	first := base64.RawURLEncoding.EncodeToString(append([]byte("{"+s.before), protected[1:]...))
	req.Header.Set("x-jws-signature", first+".."+base64.RawURLEncoding.EncodeToString([]byte(s.sum(first+"."+strings.Join(lines, "\n")))))
}

func TestBankOfGeorgia(t *testing.T) {
	server, s, c := startSigned(t)
	p := newBerlin(t, server.URL, "")
	p.root = server.URL + "/bog/v1"
	with := func(change map[string]any) func(*http.Request, []byte) {
		return func(r *http.Request, body []byte) { s.jws(r, body, change) }
	}
	at := func(d time.Duration) map[string]any {
		return map[string]any{"sigT": c.now().Add(d).UTC().Format("2006-01-02T15:04:05Z")}
	}
	thumb := sha256.Sum256(s.certificate)
	repeating := func(members string) func(*http.Request, []byte) { // before those that are right
		return func(r *http.Request, body []byte) { s.before = members; s.jws(r, body, nil); s.before = "" }
	}
	for _, test := range []struct {
		name string
		sign func(*http.Request, []byte)
		code string
	}{
		{"as it should be", with(nil), ""},
		{"59 seconds old", with(at(-59 * time.Second)), ""},
		{"a second ahead", with(at(time.Second)), ""},
		{"a thumbprint", with(map[string]any{"x5c": nil, "x5t#S256": base64.RawURLEncoding.EncodeToString(thumb[:])}), ""},
		{"nothing", func(*http.Request, []byte) {}, "SIGNATURE_MISSING"},
		{"61 seconds old", with(at(-61 * time.Second)), "SIGNATURE_INVALID"},
		{"three seconds ahead", with(at(3 * time.Second)), "SIGNATURE_INVALID"},
		{"an unknown crit", with(map[string]any{"crit": []string{"sigT", "sigD", "b64", "exp"}}), "SIGNATURE_INVALID"},
		{"no crit", with(map[string]any{"crit": []string{}}), "SIGNATURE_INVALID"},
		{"encoded", with(map[string]any{"b64": true}), "SIGNATURE_INVALID"},
		{"another mechanism", with(map[string]any{"sigD": map[string]any{"pars": []string{}, "mId": "x"}}), "SIGNATURE_INVALID"},
		{"no certificate", with(map[string]any{"x5c": nil}), "CERTIFICATE_MISSING"},
		{"a certificate of nobody", with(map[string]any{"x5c": []string{base64.StdEncoding.EncodeToString(selfSigned(t, s.key))}}), "CERTIFICATE_INVALID"},
		{"none for an algorithm", with(map[string]any{"alg": "none"}), "SIGNATURE_INVALID"},
		{"a body changed afterwards", func(r *http.Request, body []byte) { s.jws(r, append(body, ' '), nil) }, "SIGNATURE_INVALID"},
		{"a header more", func(r *http.Request, body []byte) { s.jws(r, body, nil); r.Header.Set("PSU-Device-ID", newID()) }, "SIGNATURE_INVALID"},
		{"a member twice", repeating(`"alg":"RS256",`), "SIGNATURE_INVALID"},
		{"a member in another case", repeating(`"ALG":"none",`), "SIGNATURE_INVALID"},
		{"a member within a member twice", repeating(`"a":[{"b":1,"c":{},"b":2}],`), "SIGNATURE_INVALID"},
		{"a member of another name", repeating(`"a":[{"b":["b","b"],"c":{"b":"c"}}],`), ""},
		{"a second signature", func(r *http.Request, body []byte) { s.jws(r, body, nil); r.Header.Add("x-jws-signature", "a..b") }, "SIGNATURE_INVALID"},
		{"a second digest", func(r *http.Request, body []byte) { s.jws(r, body, nil); r.Header.Add("Digest", digestOf(nil)) }, "SIGNATURE_INVALID"},
		{"a second token", func(r *http.Request, body []byte) {
			s.jws(r, body, nil)
			r.Header["Authorization"] = []string{"Bearer a", "Bearer b"}
		}, "FORMAT_ERROR"},
		{"a second request id", func(r *http.Request, body []byte) {
			r.Header.Add("X-Request-ID", newID())
			s.jws(r, body, nil)
		}, "FORMAT_ERROR"},
	} {
		p.sign = test.sign
		if res := p.call("POST", "/consents", consentBody(chosenAtBank()), nil); res.code() != test.code || test.code == "" && res.status != 201 {
			t.Errorf("%s: %d %s", test.name, res.status, res.raw)
		}
	}
	p.sign = with(nil)
	chosen := func(made result) result {
		begun := started(p, made)
		return p.call("PUT", begun.follow("selectAuthenticationMethod"), map[string]any{"authenticationMethodId": bank.ByText.ID}, nil).want(200)
	}
	made := p.asks(nil)
	p.oauth(chosen(made).follow("scaOAuth"), "AIS:"+made.text("consentId"), "nino")
	accounts := p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": made.text("consentId")}).want(200)
	list, read := accounts.list("accounts"), p.bearer
	if len(list) < 3 {
		t.Fatalf("%s", accounts.raw)
	}
	for status, field := range map[string]string{"all": "booked", "information": "information", "both": "pending"} {
		path := "/accounts/" + list[0]["resourceId"].(string) + "/transactions?dateFrom=2026-10-01&bookingStatus=" + status
		if res := p.call("GET", path, nil, map[string]string{"Consent-ID": made.text("consentId")}).want(200); res.get("transactions."+field) == nil {
			t.Errorf("%s: %s", status, res.raw)
		}
	}
	order := paymentOrder(list[0]["iban"].(string), "20.00")
	order["instructedAmount"] = map[string]any{"currency": "GEL", "amount": "20.00"}
	for _, product := range bank.GeorgianProducts {
		paid := p.call("POST", "/payments/"+product, order, nil)
		if paid.status != 401 || paid.code() != "TOKEN_INVALID" {
			t.Errorf("paid with the token for accounts: %d %s", paid.status, paid.raw)
		}
		p.bearer = ""
		paid = p.call("POST", "/payments/"+product, order, nil).want(201)
		p.oauth(chosen(paid).follow("scaOAuth"), "PIS:"+paid.text("paymentId"), "nino")
		c.pass(bank.UsualPace.Settle)
		if got := p.status(paid); got != paymentSettled {
			t.Errorf("%s: %s", product, got)
		}
		p.bearer = read
	}
}

func TestClientCertificate(t *testing.T) {
	server, err := Start("127.0.0.1:0", Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	info := server.Info()
	pair, err := tls.X509KeyPair([]byte(info.TPPCertificate), []byte(info.TPPKey))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(info.CA))
	over := func(certificates ...tls.Certificate) *http.Client {
		return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certificates}}}
	}
	p := newBerlin(t, info.Addresses[bank.BerlinGroup]["mtls"], "tresorwald")
	if _, err := over().Get(p.root + "/accounts"); err == nil {
		t.Error("answered without a certificate")
	}
	p.http = over(pair)
	made := p.call("POST", "/consents", func() map[string]any {
		body := consentBody(chosenAtBank())
		body["validUntil"] = time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
		return body
	}(), nil).want(http.StatusCreated)
	if page := made.follow("scaRedirect"); !strings.HasPrefix(page, info.Addresses[bank.BerlinGroup]["api"]) {
		t.Errorf("a browser has no certificate: %s", page)
	}
	if self := made.follow("self"); !strings.HasPrefix(self, info.Addresses[bank.BerlinGroup]["mtls"]) {
		t.Errorf("self %s", self)
	}
	newBrowser(t).approve(made.follow("scaRedirect"), people.Find("lukas"))
	p.call("GET", "/accounts", nil, map[string]string{"Consent-ID": made.text("consentId")}).want(200)
	open := newBerlin(t, info.Addresses[bank.BerlinGroup]["api"], "tresorwald")
	if res := open.call("GET", "/accounts", nil, nil); res.code() != "CERTIFICATE_MISSING" {
		t.Errorf("over the open address: %d %s", res.status, res.raw)
	}
}
