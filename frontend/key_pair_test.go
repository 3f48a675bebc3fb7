package frontend

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/eidas"
)

// exampleKeys are a key that waits for its certificate, with what was put in, and none.
func exampleKeys() keysView {
	application := eidas.Application{Identifier: "PSDSE-FINA-12345", Organisation: hostile, Country: "SE", CommonName: georgian, Roles: []eidas.Role{eidas.AccountInformation, eidas.PaymentInitiation}, Authority: arabic}
	test := &certificateView{Subject: hostile, Issuer: hostile, Serial: "40A1", Organisation: "PSDSE-FINA-12345", Since: daysAgo(1), Until: daysAgo(-12), Test: true,
		States: eidas.Statements{Compliance: true, Kinds: []eidas.Kind{eidas.QSealC}, Roles: []eidas.Role{eidas.AccountInformation, "PSP_XX"}, Authority: hostile, AuthorityID: "SE-FINA"}}
	return keysView{Environment: storage.Environment{ID: "e2", Name: hostile}, Practice: true, Now: now, Parts: []keyPart{
		{EnvironmentID: "e2", Purpose: bank.ForSignatures, InUse: test, HasKey: true, Test: test, Form: keyForm{eidas.RSA2048, application}, Given: hostile,
			Pair:   &bank.KeyPair{Purpose: bank.ForSignatures, Application: application, Key: "RSA 2048", MadeAt: daysAgo(2)},
			Issued: &bank.Issued{Certificate: &x509.Certificate{NotBefore: daysAgo(-3), NotAfter: daysAgo(-300)}, Asked: &application, NotYet: true}},
		{EnvironmentID: "e2", Purpose: bank.ForConnections, Form: keyForm{eidas.P256, application}, fields: fields{failure.Invalid(map[string]storage.Reason{
			"identifier": {Code: failure.NotAnIdentifier, Name: hostile}, "country": {Code: failure.NotACountry, Name: hostile}, "roles": {Code: failure.ChooseRole}, "authority": {Code: failure.EnterAuthority}})}},
	}}
}

// sends posts a form without a file.
func (d *desk) sends(address string, fields url.Values) (status int, page string) {
	d.Helper()
	answer := d.do(http.MethodPost, address, fields)
	return answer.Code, answer.Body.String()
}

// A person makes a key, asks for a certificate, makes one for tests, uses it, and puts in
// the one that was issued. What does not fit is told at its field and changes nothing.
func TestKeysFromTheFirstToTheIssued(t *testing.T) {
	d := newDesk(t)
	first := issue(t, "First")
	d.post("/environments", berlin(map[string]string{"certificate": first.certificate, "key": first.key}), "", nil)
	environment := d.only()
	keys := "/environments/" + environment.ID + "/keys"
	signatures := keys + "/signatures"
	form := url.Values{"algorithm": {"ecdsa-p256"}, "identifier": {"psdse-1"}, "organisation": {"Exempel AB"}, "country": {"se"}, "common_name": {"Exempel"}, "authority": {"Finansinspektionen"}, "roles": {"PSP_AI"}}

	if status, page := d.sends(signatures, form); status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="signatures-identifier-error"`) || !strings.Contains(page, `value="Exempel AB"`) {
		t.Fatalf("a wrong identifier: %d %s", status, page)
	}
	form.Set("identifier", "PSDSE-FINA-12345")
	if status, page := d.sends(signatures, form); status != http.StatusSeeOther {
		t.Fatalf("not made: %d %s", status, page)
	}
	if status, page := d.sends(signatures, form); status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="signatures-replace-error"`) {
		t.Errorf("a second key in the place of the first, unasked: %d", status)
	}
	same(t, d.only(), environment) // nothing of it is used yet

	block, _ := pem.Decode([]byte(d.get(signatures + "/request.pem")))
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || request.CheckSignature() != nil || eidas.Organisation(request.Subject) != "PSDSE-FINA-12345" || request.Subject.Country[0] != "SE" {
		t.Fatalf("the request is %v, %v", request, err)
	}
	if der := d.do(http.MethodGet, signatures+"/request.der", nil); der.Body.String() != string(block.Bytes) || !strings.Contains(der.Header().Get("Content-Disposition"), ".p10") {
		t.Errorf("in DER form: %v", der.Header())
	}

	if status, page := d.sends(signatures+"/test", url.Values{"by": {"practice"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "practice banks") {
		t.Errorf("signed by an authority that is not there: %d", status)
	}
	if status, page := d.sends(signatures+"/test", url.Values{"by": {"self"}, "use": {"yes"}}); status != http.StatusSeeOther {
		t.Fatalf("no test certificate: %d %s", status, page)
	}
	used := d.only()
	certificate, key, err := xs2a.KeyPair(used.Certificate, used.Key)
	if err != nil || !eidas.IsTest(certificate) || !eidas.Belongs(request.PublicKey, key) {
		t.Fatalf("used is %v, %v", certificate, err)
	}
	shown := d.get(keys)
	for _, words := range []string{"Test certificate", "Account information (PSP_AI)", "Finansinspektionen (SE-FINA)", "Signatures (QSealC)", "ECDSA P-256"} {
		if !strings.Contains(shown, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if strings.Contains(shown, "PRIVATE KEY-----\n") || strings.Contains(shown, strings.Split(used.Key, "\n")[1]) {
		t.Error("the page holds the private key")
	}

	put := signatures + "/certificate"
	keyBlock, _ := pem.Decode([]byte(issue(t, "Other").key))
	bare, misnamed := base64.StdEncoding.EncodeToString(keyBlock.Bytes), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: keyBlock.Bytes}))
	for name, test := range map[string]struct{ certificate, says string }{
		"of another key":      {issue(t, "Other").certificate, "belongs to another key"},
		"a private key":       {issue(t, "Other").key, "This is a private key"},
		"one in DER form":     {string(keyBlock.Bytes), "This is a private key"},
		"one in base64":       {bare[:40] + "\r\n" + bare[40:], "This is a private key"},
		"one by a wrong name": {misnamed, "This is a private key"},
		"a request":           {string(pem.EncodeToMemory(block)), "This is no certificate"},
		"nothing":             {"", "This is no certificate"},
		"a certificate torn":  {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "This is no certificate"},
	} {
		status, page := d.sends(put, url.Values{"certificate": {test.certificate}, "do": {"use"}})
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, test.says) || strings.Contains(page, "PRIVATE KEY-----\n") || strings.Contains(page, bare[:40]) || strings.Contains(page, bare[64:104]) || strings.Contains(page, string(keyBlock.Bytes[:20])) {
			t.Errorf("%s: %d, without %q", name, status, test.says)
		}
	}
	issued := issuedFor(t, request.PublicKey)
	if status, page := d.sends(put, url.Values{"certificate": {first.certificate + issued}, "do": {"check"}}); status != http.StatusOK || !strings.Contains(page, "It belongs to the key that was made here.") || !strings.Contains(page, "It names no roles and no authority.") {
		t.Errorf("looked at: %d %s", status, page)
	}
	same(t, d.only(), used)
	if status, page := d.sends(put, url.Values{"certificate": {first.certificate + issued}, "do": {"use"}}); status != http.StatusSeeOther {
		t.Fatalf("not used: %d %s", status, page)
	}
	live := d.only()
	if live.Certificate != issued+first.certificate || live.Key != used.Key {
		t.Error("the issued certificate is not used with its key")
	}
	if left, err := d.app.Banks().KeyPairs(t.Context(), live); err != nil || len(left) != 0 {
		t.Errorf("%d keys wait for a certificate, %v", len(left), err)
	}

	// Sealed, the key is taken out.
	if status, page := d.sends(signatures+"/save", url.Values{"passphrase": {"short"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="signatures-passphrase-error"`) {
		t.Errorf("a short passphrase: %d", status)
	}
	file := d.do(http.MethodPost, signatures+"/save", url.Values{"passphrase": {"correct horse battery"}})
	private, leaf, chain, err := pkcs12.DecodeChain(file.Body.Bytes(), "correct horse battery")
	if err != nil || len(chain) != 1 || !leaf.Equal(mustParse(t, issued)) || private == nil {
		t.Errorf("the file holds %v, %d behind it, %v", leaf, len(chain), err)
	}
}

func TestKeyIsRemovedOnlyWhenSure(t *testing.T) {
	d := newDesk(t)
	first := issue(t, "First")
	d.post("/environments", berlin(map[string]string{"certificate": first.certificate, "key": first.key}), "", nil)
	connections := "/environments/" + d.only().ID + "/keys/connections"
	form := url.Values{"algorithm": {"ecdsa-p256"}, "identifier": {"PSDSE-FINA-12345"}, "organisation": {"Exempel AB"}, "country": {"SE"}, "common_name": {"tpp.example.se"}, "authority": {"Finansinspektionen"}, "roles": {"PSP_AI", "PSP_PI"}}
	d.sends(connections, form)
	if status, page := d.sends(connections+"/remove", nil); status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="connections-sure-error"`) {
		t.Errorf("removed unasked: %d", status)
	}
	if status, _ := d.sends(connections+"/remove", url.Values{"sure": {"yes"}}); status != http.StatusSeeOther {
		t.Errorf("not removed: %d", status)
	}
	for _, gone := range []string{connections + "/request.pem", connections + "/test.pem", "/environments/" + d.only().ID + "/keys/other/request.pem"} {
		if answer := d.do(http.MethodGet, gone, nil); answer.Code == http.StatusOK {
			t.Errorf("%s: %d", gone, answer.Code)
		}
	}
}

// Each guide names fields that the settings have, in their words.
func TestGuidesNameFields(t *testing.T) {
	for _, dialect := range []xs2a.Dialect{xs2a.OpenPayments, xs2a.BankOfGeorgia, xs2a.BerlinGroup, xs2a.SaltEdge} {
		if len(guides[dialect.Name]) < 4 {
			t.Errorf("%s has a guide of %d steps", dialect.Name, len(guides[dialect.Name]))
		}
	}
	view := exampleEnvironment()
	view.Profile.Dialect = xs2a.BerlinGroup.Name
	form := string(render(t, t.Context(), environmentScreen(view))) + string(render(t, t.Context(), keysScreen(exampleKeys())))
	for _, field := range []string{"Client id", "Client secret", "Credentials (OAuth)", "Return address", "Interface of the banks", "Authorisation server", "How requests are signed",
		"How an HTTP signature names the certificate (keyId)", "Paths and habits of the banks", "Banks of this environment", "Check connection", "Certificate for signatures (QSealC)", "Certificate for connections (QWAC)"} {
		named := false
		for _, steps := range guides {
			for _, step := range steps {
				for _, text := range step.Text {
					named = named || strings.Contains(string(text), "“"+field+"”")
				}
			}
		}
		if !strings.Contains(form, field) || !named {
			t.Errorf("%q is a field: %t, and named by a guide: %t", field, strings.Contains(form, field), named)
		}
	}
}

// do asks for an address, with a form where there is one.
func (d *desk) do(method, address string, form url.Values) *httptest.ResponseRecorder {
	d.Helper()
	r, w := httptest.NewRequest(method, address, strings.NewReader(form.Encode())), httptest.NewRecorder()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.mux.ServeHTTP(w, r)
	return w
}

// issuedFor is a certificate for a key by somebody who states nothing of PSD2.
func issuedFor(t *testing.T, public crypto.PublicKey) string {
	t.Helper()
	authority, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "Issuer"}}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Exempel"}, NotBefore: daysAgo(1), NotAfter: daysAgo(-300),
	}, issuer, public, authority)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func mustParse(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	certificate, err := xs2a.ParseCertificate(text)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// The overview names a certificate that ends, from 30 days before.
func TestOverviewNamesEndingCertificates(t *testing.T) {
	d := newDesk(t)
	soon, later := issueBetween(t, "Soon", daysAgo(300), daysAgo(-12)), issueBetween(t, "Later", daysAgo(1), daysAgo(-31))
	d.post("/environments", berlin(map[string]string{"certificate": soon.certificate, "key": soon.key, "tls_certificate": later.certificate, "tls_key": later.key}), "", nil)
	needs, err := (&Server{app: d.app}).needs(t.Context())
	if err != nil || len(needs.Lines) != 1 || needs.Lines[0].Kind != app.NeedCertificate || needs.Lines[0].Certificate.ForConnections || needs.Lines[0].title(t.Context()) != "My bank" {
		t.Fatalf("%+v, %v", needs, err)
	}
	page := string(render(t, t.Context(), overviewScreen(overviewView{Accounts: 1, Banks: 1, Needs: needs})))
	if !strings.Contains(page, "Ends in 12 days: the certificate for signatures.") || !strings.Contains(page, "/environments/"+d.only().ID+"/keys") {
		t.Error("the overview does not say so")
	}
}
