package frontend

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"html"
	"log/slog"
	"math/big"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
)

// exampleEnvironment has everything an environment can have.
func exampleEnvironment() environmentView {
	return environmentView{
		Environment: storage.Environment{ID: "e2", Name: hostile, DirectoryError: storage.TextReason(hostile), Identity: xs2a.Identity{ClientID: hostile, RootCA: hostile, ClientSecret: "hunter2", Key: "hunter3", TLSKey: "hunter4", Proxy: xs2a.Proxy{Address: hostile, User: "hunter5", Password: "hunter6"}},
			Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: hostile, AuthURL: hostile, Login: xs2a.LoginPerson, ScopeBlank: true, OAuth: xs2a.OAuthServer{Authorization: hostile, Token: hostile, Issuer: hostile}, MoreHosts: hostile, Signing: xs2a.SignHTTP, PasswordKey: hostile, Prefix: xs2a.Prefixes{Consents: hostile}}},
		HasSecret: true, HasProxyLogin: true, ProxyVariables: []string{"HTTPS_PROXY", "all_proxy"}, BankLines: hostile, Now: now,
		Hosts:     []storage.NamedHost{{BIC: hostile, Origin: "https://login.bank.example:8443", NamedAt: daysAgo(3)}},
		Signer:    &certificateView{Subject: hostile, Issuer: georgian, Serial: "9FA1", Organisation: hostile, Since: daysAgo(700), Until: daysAgo(-12)},
		Connector: &certificateView{Subject: arabic, Issuer: hostile, Serial: strings.Repeat("A", 40), Since: daysAgo(700), Until: daysAgo(1)},
		Check: &checkView{Findings: []bank.Finding{
			{Tried: bank.TriedCountries, Number: 3},
			{Tried: bank.TriedConsent, Name: hostile, Failure: &app.Error{Reason: storage.TextReason(hostile), Detail: hostile}},
		}},
	}
}

// exampleMistakes has a message at every field.
func exampleMistakes() environmentView {
	view := exampleEnvironment()
	view.Signer, view.Connector, view.Check, view.DirectoryError, view.Hosts = nil, nil, nil, storage.Reason{}, nil
	view.Failure = failure.Invalid(map[string]storage.Reason{})
	for _, name := range []string{
		"name", "dialect", "auth_url", "oauth_authorization", "oauth_token", "oauth_issuer", "more_hosts", "key_id", "api_url", "client_id", "context", "redirect_url", "certificate", "tls_certificate", "root_ca", "banks",
		"key", "certificate_file", "tls_key", "tls_certificate_file", "login", "signing", "password_key", "proxy", "proxy_user", "proxy_password",
	} {
		view.Failure.Fields[name] = storage.TextReason("Mind " + name + ".")
	}
	return view
}

func exampleSandbox() environmentView {
	return environmentView{
		Environment: storage.Environment{ID: "sandbox", Name: "Practice banks", Sandbox: true, DirectoryAt: now, Identity: xs2a.Identity{ClientID: "practice-tpp"},
			Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "http://127.0.0.1:1234", AuthURL: "http://127.0.0.1:1234"}},
		Signer: &certificateView{Subject: "Consentry, SE", Issuer: "Practice CA", Serial: "9FA1", Organisation: "PSDSE-FINA-12345", Since: daysAgo(1), Until: daysAgo(-700)},
		Logins: []Login{{georgian, "nino", "mandarini-9", "173205"}},
		Check:  &checkView{}, Now: now,
	}
}

// Every message names a field that is on the page, and its group is unfolded.
func TestEnvironmentMistakesAreInSight(t *testing.T) {
	view := exampleMistakes()
	page := string(render(t, t.Context(), environmentScreen(view)))
	for name, message := range view.Failure.Fields {
		if !strings.Contains(page, `id="`+name+`-error"`) || !strings.Contains(page, message.Text) {
			t.Errorf("the message for %s is not at its field", name)
		}
	}
	if folded := strings.Count(page, `<details class="more">`); folded > 0 {
		t.Errorf("%d groups with messages are folded", folded)
	}
}

// A dialect unfolds what it needs.
func TestGroupsFollowTheDialect(t *testing.T) {
	for dialect, want := range map[string]struct{ banks, credentials, signatures bool }{
		xs2a.OpenPayments.Name:  {false, true, false},
		xs2a.BerlinGroup.Name:   {true, true, true},
		xs2a.BankOfGeorgia.Name: {true, true, true},
		xs2a.SaltEdge.Name:      {true, false, true},
	} {
		view := environmentView{Environment: storage.Environment{Profile: xs2a.Profile{Dialect: dialect}}}
		if view.wantsBanks() != want.banks || view.wantsCredentials() != want.credentials || view.wantsSignatures() != want.signatures {
			t.Errorf("%s unfolds banks %t, credentials %t, signatures %t", dialect, view.wantsBanks(), view.wantsCredentials(), view.wantsSignatures())
		}
		if view.wantsConnector() || view.spoken().wantsHabits() || view.wantsTrust() || view.spoken().wantsPasswordKey() {
			t.Errorf("%s unfolds what it does not need", dialect)
		}
	}
}

func TestCertificateState(t *testing.T) {
	for _, test := range []struct {
		since, until time.Time
		tone         ui.Tone
		word         string
	}{
		{daysAgo(1), daysAgo(-31), ui.Good, ""},
		{daysAgo(1), daysAgo(-30), ui.Warn, "Ends in 30 days"},
		{daysAgo(1), daysAgo(-1), ui.Warn, "Ends in 1 day"},
		{daysAgo(1), now.Add(time.Hour), ui.Warn, "Ends within a day"},
		{daysAgo(9), now.Add(-time.Second), ui.Bad, "Expired"},
		{daysAgo(-1), daysAgo(-90), ui.Bad, "Not valid yet"},
	} {
		tone, word := certificateView{Since: test.since, Until: test.until}.state(t.Context(), now)
		if tone != test.tone || word != test.word {
			t.Errorf("until %s: %s %q, want %s %q", test.until, tone, word, test.tone, test.word)
		}
	}
}

// issued is a certificate with its key, in every form a person may hold it.
type issued struct {
	certificate, key string
	file             []byte // PKCS#12, password "open"
}

func issue(t *testing.T, name string) issued {
	t.Helper()
	return issueBetween(t, name, daysAgo(1), daysAgo(-12))
}

// issueBetween issues one that is valid between two times.
func issueBetween(t *testing.T, name string, from, until time.Time) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x9FA1), NotBefore: from, NotAfter: until,
		Subject: pkix.Name{CommonName: name, ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "PSDSE-FINA-1"}}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	file, err := pkcs12.Modern.Encode(key, certificate, nil, "open")
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return issued{
		certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		key:         string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})), file: file,
	}
}

// desk is the environments' screens over a real store.
type desk struct {
	*testing.T
	app *app.App
	mux *http.ServeMux
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	clock := func() time.Time { return now }
	store := fresh.Store(t, clock)
	program := app.New(app.Config{Store: store, Log: log, Now: clock})
	t.Cleanup(program.Close)
	s := &Server{app: program, log: log}
	mux := http.NewServeMux()
	for pattern, handler := range s.routes() {
		if strings.Contains(pattern, "/environments") || strings.Contains(pattern, "{bic}") || strings.HasSuffix(pattern, " /banks") || strings.Contains(pattern, "/activity") {
			mux.Handle(pattern, s.adapt(handler))
		}
	}
	return &desk{t, program, mux}
}

// post sends a form, with a file where there is one, and returns the answer.
func (d *desk) post(address string, fields map[string]string, fileName string, file []byte) *httptest.ResponseRecorder {
	d.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if _, given := fields["shown"]; !given {
		form.WriteField("shown", d.shown(address))
	}
	for name, value := range fields {
		form.WriteField(name, value)
	}
	if fileName != "" {
		part, err := form.CreateFormFile(fileName, "certificate.p12")
		if err != nil {
			d.Fatal(err)
		}
		part.Write(file)
	}
	form.Close()
	r, w := httptest.NewRequest(http.MethodPost, address, &body), httptest.NewRecorder()
	r.Header.Set("Content-Type", form.FormDataContentType())
	d.mux.ServeHTTP(w, r)
	return w
}

// shown is the version that the form at an address was made of; "" where it has none.
func (d *desk) shown(address string) string {
	if _, value, there := strings.Cut(d.get(address), `name="shown" value="`); there {
		return value[:strings.Index(value, `"`)]
	}
	return ""
}

func (d *desk) get(address string) string {
	d.Helper()
	w := httptest.NewRecorder()
	d.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return html.UnescapeString(w.Body.String())
}

// only is the one environment there is.
func (d *desk) only() storage.Environment {
	d.Helper()
	all, err := d.app.Banks().Environments(d.Context())
	if err != nil || len(all) != 1 {
		d.Fatalf("%d environments, %v", len(all), err)
	}
	return all[0]
}

// berlin is a form that can be saved, but for what is replaced.
func berlin(replaced map[string]string) map[string]string {
	fields := map[string]string{
		"name": "My bank", "dialect": xs2a.BerlinGroup.Name, "api_url": "https://bank.example/", "signing": "httpsig", "client_id": "PSDSE-FINA-1",
		"login": "none", "scope_blank": "yes", "prefix_consents": "/xs2a/v1", "banks": "HAMNSEG0; Hamnbanken; se; Göteborg\nRIONGE22; Rioni; GE",
	}
	for name, value := range replaced {
		fields[name] = value
	}
	return fields
}

func TestEnvironmentIsAddedAndEdited(t *testing.T) {
	d := newDesk(t)
	first, second, third := issue(t, "First"), issue(t, "Second"), issue(t, "Third")

	// A key pasted together with its certificate is told apart from it.
	answer := d.post("/environments", berlin(map[string]string{"certificate": first.key + first.certificate, "client_secret": "hunter2"}), "", nil)
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("not saved: %d %s", answer.Code, answer.Body)
	}
	stored := d.only()
	want := storage.Environment{ID: stored.ID, Name: "My bank", DirectoryAt: stored.DirectoryAt,
		Banks:    []storage.Bank{{ID: "HAMNSEG0", Name: "Hamnbanken", CountryCode: "SE", Cities: []string{"Göteborg"}}, {ID: "RIONGE22", Name: "Rioni", CountryCode: "GE"}},
		Identity: xs2a.Identity{ClientID: "PSDSE-FINA-1", ClientSecret: "hunter2", Certificate: first.certificate, Key: first.key},
		Profile:  xs2a.Profile{Dialect: "berlingroup", APIURL: "https://bank.example", Signing: xs2a.SignHTTP, Login: xs2a.LoginNone, ScopeBlank: true, Prefix: xs2a.Prefixes{Consents: "/xs2a/v1"}}}
	same(t, stored, want)

	page := "/environments/" + stored.ID
	shown := d.get(page)
	for _, words := range []string{"First", "PSDSE-FINA-1", "9FA1", "2 Dec 2026", "Ends in 12 days", "HAMNSEG0; Hamnbanken; SE; Göteborg", "/xs2a/v1", "One is stored."} {
		if !strings.Contains(shown, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	for _, hidden := range []string{"hunter2", "PRIVATE KEY-----\n", strings.Split(first.key, "\n")[1]} {
		if strings.Contains(shown, hidden) {
			t.Errorf("the page holds %q", hidden)
		}
	}

	// Left empty, secret, certificate and key stay.
	d.post(page, berlin(map[string]string{"name": "Renamed", "scope_blank": ""}), "", nil)
	want.Name, want.Profile.ScopeBlank = "Renamed", false
	same(t, d.only(), want)

	// What an authorisation server does not say, the environment does.
	d.post(page, berlin(map[string]string{
		"name": "Renamed", "scope_blank": "", "key_id": "SN,CA/", "oauth_authorization": " https://login.example/{bank}/page ",
		"oauth_token": "https://login.example/token", "oauth_issuer": "https://login.example/a/",
	}), "", nil)
	told := want
	told.Profile.OAuth = xs2a.OAuthServer{Authorization: "https://login.example/{bank}/page", Token: "https://login.example/token", Issuer: "https://login.example/a/"}
	told.Profile.KeyID = httpsig.IssuerCASlashed
	same(t, d.only(), told)

	// A file replaces both; so do two texts, for connections too.
	d.post(page, berlin(map[string]string{"certificate_password": "open"}), "certificate_file", second.file)
	if got := d.only(); got.Certificate != second.certificate || got.Key == first.key || got.Key == "" {
		t.Errorf("the file was not taken: %s", got.Certificate)
	}
	d.post(page, berlin(map[string]string{"tls_certificate": third.certificate, "tls_key": third.key}), "", nil)
	if got := d.only(); got.TLSCertificate != third.certificate || got.TLSKey != third.key || got.Certificate != second.certificate {
		t.Errorf("the certificate for connections was not taken: %+v", got)
	}
	d.post(page, berlin(map[string]string{"signing": "", "certificate_remove": "yes", "tls_certificate_remove": "yes"}), "", nil)
	if got := d.only(); got.Certificate+got.Key+got.TLSCertificate+got.TLSKey != "" {
		t.Errorf("the certificates were not removed: %+v", got)
	}
}

func same(t *testing.T, got, want storage.Environment) {
	t.Helper()
	got.DirectoryAt, want.DirectoryAt = time.Time{}, time.Time{} // the list is read in the background
	a, _ := json.MarshalIndent(got, "", " ")
	b, _ := json.MarshalIndent(want, "", " ")
	if !bytes.Equal(a, b) {
		t.Errorf("stored is %s\nwant %s", a, b)
	}
}

func TestEnvironmentMistakes(t *testing.T) {
	d := newDesk(t)
	own, other := issue(t, "Own"), issue(t, "Other")
	encrypted := string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("sealed")}))
	pair := func(more ...string) map[string]string {
		fields := map[string]string{"certificate": own.certificate, "key": own.key}
		for i := 0; i < len(more); i += 2 {
			fields[more[i]] = more[i+1]
		}
		return berlin(fields)
	}
	for _, test := range []struct {
		name   string
		fields map[string]string
		file   []byte
		field  string // the one that is marked
		says   string
	}{
		{"no name", pair("name", " "), nil, "name", "Give the environment a name."},
		{"an unknown dialect", pair("dialect", hostile), nil, "dialect", "Choose one of the list."},
		{"an unknown signature", pair("signing", "rot13"), nil, "signing", "Choose one of the list."},
		{"an unknown form of the key id", pair("key_id", "SN"), nil, "key_id", "Choose one of the list."},
		{"a page of approval that is none", pair("oauth_authorization", "/page"), nil, "oauth_authorization", "https://"},
		{"a token endpoint in the clear", pair("oauth_token", "http://bank.example/token"), nil, "oauth_token", "https://"},
		{"an issuer that is no address", pair("oauth_issuer", "bank"), nil, "oauth_issuer", "https://"},
		{"an unknown login", pair("login", "bribe"), nil, "login", "Choose one of the list."},
		{"an address that is none", pair("api_url", hostile), nil, "api_url", "https://"},
		{"a plain address elsewhere", pair("api_url", "http://bank.example"), nil, "api_url", "https://"},
		{"a return address that is none", pair("redirect_url", "javascript:alert(1)"), nil, "redirect_url", "http://127.0.0.1:8765/callback"},
		{"a return address with a fragment", pair("redirect_url", "https://ours.example/back#here"), nil, "redirect_url", "http://127.0.0.1:8765/callback"},
		{"a path with a place that nothing fills", pair("prefix_consents", "/xs2a/{bnk}/v1"), nil, "prefix_consents", "{bank}"},
		{"one id for two banks", pair("banks", "A; B; SE\nA; C; SE"), nil, "banks", "Line 2 cannot be kept. The id stands in line 1 already."},
		{"no banks", pair("banks", ""), nil, "banks", "name at least one"},
		{"half a bank", pair("banks", "A; B; SE\nA; B"), nil, "banks", "Line 2: write id; name; country code; city."},
		{"a bank with a formula for a name", pair("banks", "A; =B; SE"), nil, "banks", "Line 1 cannot be kept. It begins with “=”"},
		{"a bank with a formula for an id", pair("banks", "=A; B; SE"), nil, "banks", "Line 1 cannot be kept. It begins with “=”"},
		{"a bank whose name turns the rest", pair("banks", "A; B; SE\nC; D\u202e; SE"), nil, "banks", "Line 2 cannot be kept. It has characters"},
		{"a bank of no country", pair("banks", "A; B; SU"), nil, "banks", "Line 1 cannot be kept. “SU” is no country"},
		{"no certificate", berlin(nil), nil, "certificate", "Signing needs a certificate"},
		{"a certificate without its key", pair("key", ""), nil, "certificate", "no private key"},
		{"a key of another", pair("key", other.key), nil, "certificate", "does not belong to the certificate"},
		{"a certificate that is none", pair("certificate", hostile), nil, "certificate", "no certificate in PEM form"},
		{"a key that is none", pair("key", hostile), nil, "key", "no private key in PEM form"},
		{"a key under a password", pair("key", encrypted), nil, "key", "is encrypted"},
		{"a file with another password", berlin(map[string]string{"certificate_password": "shut"}), own.file, "certificate_file", "Check the password"},
		{"an empty file", berlin(nil), []byte{}, "certificate_file", "The file is empty."},
		{"a file that is none", berlin(nil), []byte(hostile), "certificate_file", "could not be opened"},
		{"a file too large", berlin(nil), make([]byte, maxKeyFile+1), "certificate_file", "larger than 256 KB"},
		{"a key among the authorities", pair("root_ca", own.certificate+own.key), nil, "root_ca", "private key"},
		{"an authority that is none", pair("root_ca", hostile), nil, "root_ca", "no certificate in PEM form"},
		{"a private key for passwords", pair("password_key", own.key), nil, "password_key", "private key"},
		{"a private JWK for passwords", pair("password_key", `{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}`), nil, "password_key", "private key"},
		{"a key for passwords that is none", pair("password_key", own.certificate), nil, "password_key", "RSA"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d.T = t
			fileName := ""
			if test.file != nil {
				fileName = "certificate_file"
			}
			answer := d.post("/environments", test.fields, fileName, test.file)
			page := answer.Body.String()
			_, at, marked := strings.Cut(page, `id="`+test.field+`-error"`)
			if answer.Code != http.StatusUnprocessableEntity || !marked {
				t.Fatalf("%s is not marked: %d %s", test.field, answer.Code, page)
			}
			if message, _, _ := strings.Cut(at, "</span>"); !strings.Contains(html.UnescapeString(message), test.says) {
				t.Errorf("%s says %s", test.field, message)
			}
			if strings.Contains(page, "<script>alert") {
				t.Error("what was typed became markup")
			}
			for _, key := range []string{own.key, other.key, `"d":"AQ"`} {
				if strings.Contains(html.UnescapeString(page), strings.Split(strings.TrimPrefix(key, "-----BEGIN PRIVATE KEY-----\n"), "\n")[0]) {
					t.Error("a key came back to the page")
				}
			}
			if all, err := d.app.Banks().Environments(t.Context()); err != nil || len(all) > 0 {
				t.Errorf("it was stored all the same: %v %v", all, err)
			}
		})
	}
}

// TestAllMistakesAtOnce: what cannot be read and what cannot be used are told together,
// each at its field, and nothing of a certificate that could not be read is told twice.
func TestAllMistakesAtOnce(t *testing.T) {
	d := newDesk(t)
	answer := d.post("/environments", berlin(map[string]string{"name": "", "api_url": "bank", "login": "bribe", "key": "none", "root_ca": hostile, "banks": "A"}), "", nil)
	page := answer.Body.String()
	for _, field := range []string{"name", "api_url", "login", "key", "root_ca", "banks"} {
		if !strings.Contains(page, `id="`+field+`-error"`) {
			t.Errorf("%s is not marked", field)
		}
	}
	if strings.Contains(page, `id="certificate-error"`) || !strings.Contains(page, "Nothing was saved.") {
		t.Error("more is said than is so")
	}
	if all, err := d.app.Banks().Environments(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("it was stored: %v %v", all, err)
	}
}

// TestAllMistakesOfAProfile likewise.
func TestAllMistakesOfAProfile(t *testing.T) {
	d, page := newDeskWithBanks(t)
	answer := d.post(page+"/banks/HAMNSEG0", map[string]string{"dialect": "berlingroup", "login": "bribe", "api_url": "bank", "prefix_consents": "x"}, "", nil)
	for _, field := range []string{"login", "api_url", "prefix_consents"} {
		if !strings.Contains(answer.Body.String(), `id="`+field+`-error"`) {
			t.Errorf("%s is not marked", field)
		}
	}
}

func TestPasswordKey(t *testing.T) {
	for text, want := range map[string]bool{
		`{"kty":"RSA","n":"AQ","e":"AQAB"}`:                     true,
		`{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}`:          true,
		`{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}]}`: false,
		`{"kty":"EC"}`:                 false,
		`{}`:                           false,
		`{`:                            false,
		"https://bank.example/keys":    true,
		"http://bank.example/keys":     false,
		"-----BEGIN PUBLIC KEY-----\n": false,
	} {
		if got := bank.IsPasswordKey(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// What a new environment begins with comes from the address; anything else is
// an empty form.
func TestStart(t *testing.T) {
	for asked, want := range map[string]int{"": fromNothing, "0": 0, "3": 3, "99": fromNothing, "-1": fromNothing, "x": fromNothing} {
		if got := startOf(asked); got != want {
			t.Errorf("%q begins with %d, want %d", asked, got, want)
		}
	}
	page := newDesk(t).get("/environments/new?from=0")
	if !strings.Contains(page, bank.Known[0].Profile.APIURL) || !strings.Contains(page, `value="Open Payments sandbox"`) {
		t.Error("the form is not prefilled")
	}
}

// Practice banks cannot be changed, whoever asks.
func TestSandboxIsReadOnly(t *testing.T) {
	d := newDesk(t)
	sandbox := storage.Environment{ID: "sandbox", Name: "Practice banks", Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: "http://127.0.0.1:1"},
		Banks: []storage.Bank{{ID: "HAMNSEG0", Name: "Hamnbanken", CountryCode: "SE", Cities: []string{"Göteborg"}}}}
	if err := d.app.UseSandbox(t.Context(), sandbox); err != nil {
		t.Fatal(err)
	}
	page := "/environments/" + sandbox.ID
	if strings.Contains(d.get(page), `name="api_url"`) {
		t.Error("there is a form")
	}
	if answer := d.post(page, berlin(nil), "", nil); answer.Code != http.StatusUnprocessableEntity || d.only().Name != "Practice banks" {
		t.Errorf("it was changed: %d", answer.Code)
	}
	// Nothing answers there: the check says so, and is no failure of the page.
	answer := d.post(page+"/check", nil, "", nil)
	if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "could not be reached") {
		t.Errorf("the check says %d %s", answer.Code, answer.Body)
	}
	// A bank without a directory is shown by what its environment says.
	shown := d.get("/banks/" + sandbox.ID + "/HAMNSEG0")
	if !strings.Contains(shown, "Göteborg, Sweden") || strings.Contains(shown, "could not be read") {
		t.Errorf("the bank's page says %s", shown)
	}
}

func TestShareReadsWhereToApprove(t *testing.T) {
	for form, want := range map[string]app.Share{
		"psu_id=+nino+&approve=elsewhere": {PSUID: "nino", Decoupled: true},
		"psu_id=&approve=page":            {},
		"approve=nowhere":                 {},
	} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		var view shareView
		view.read(t.Context(), values)
		if view.Share.PSUID != want.PSUID || view.Share.Decoupled != want.Decoupled {
			t.Errorf("%s: %+v", form, view.Share)
		}
		if view.unfolded() != (want.Decoupled || want.PSUID != "") {
			t.Errorf("%s: unfolded %t", form, view.unfolded())
		}
	}
}
