package httpsig_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/httpsig"
)

const emptyDigest = "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

func TestOptionalHeadersAreSignedIfAndOnlyIfSent(t *testing.T) {
	optional := []string{"psu-id", "psu-corporate-id", "tpp-redirect-uri"}
	for choice := range 1 << len(optional) {
		r, want := consentRequest(t, "https://bank.example"), "digest x-request-id"
		for i, name := range optional {
			if choice>>i&1 == 0 {
				r.Header.Del(name)
			} else {
				want += " " + name
			}
		}
		if err := signer(t, httpsig.BerlinGroup(), ecdsaIdentity()).Sign(r, nil); err != nil {
			t.Fatal(err)
		}
		signature, err := httpsig.Parse(r.Header.Get("Signature"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(signature.Headers, " "); got != want {
			t.Errorf("signed %q, want %q", got, want)
		}
	}
}

// The seed of Salt Edge shows these values for a request without a body.
func TestSaltEdgeOnTheWire(t *testing.T) {
	r := consentRequest(t, "https://bank.example")
	r.Header.Del("TPP-Redirect-URI")
	s := signer(t, httpsig.SaltEdge(), rsaIdentity())
	s.Now = func() time.Time { return noon.Add(time.Minute) }
	if err := s.Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Digest"); got != emptyDigest {
		t.Errorf("Digest: %s, want %s", got, emptyDigest)
	}
	if got, want := r.Header.Get("Date"), "Wed, 04 Mar 2026 12:01:00 GMT"; got != want {
		t.Errorf("Date: %s, want %s", got, want)
	}
	start := `Signature keyId="SN=9FA1,DN=/C=DE/O=D-Trust GmbH/CN=D-TRUST CA 2-1 2015",algorithm="rsa-sha256",headers="digest date x-request-id",signature="`
	if got := r.Header.Get("Signature"); !strings.HasPrefix(got, start) {
		t.Errorf("Signature: %s\nwant %s…", got, start)
	}
	if got := r.Header.Get("TPP-Signature-Certificate"); got != base64.StdEncoding.EncodeToString(rsaIdentity().certificate.Raw) {
		t.Errorf("TPP-Signature-Certificate: %s", got)
	}
}

// A Date that the caller has set is signed as it is.
func TestDateOfTheCallerStays(t *testing.T) {
	r := consentRequest(t, "https://bank.example")
	r.Header.Set("Date", "Wed, 04 Mar 2026 11:59:59 GMT")
	if err := signer(t, httpsig.SaltEdge(), ecdsaIdentity()).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Values("Date"); len(got) != 1 || got[0] != "Wed, 04 Mar 2026 11:59:59 GMT" {
		t.Errorf("Date: %q", got)
	}
}

func TestCertificateForms(t *testing.T) {
	for _, form := range []httpsig.CertificateForm{httpsig.DER, httpsig.PEM} {
		profile := httpsig.BerlinGroup()
		profile.Certificate = form
		r := consentRequest(t, "https://bank.example")
		if err := signer(t, profile, rsaIdentity()).Sign(r, nil); err != nil {
			t.Fatal(err)
		}
		raw, err := base64.StdEncoding.DecodeString(r.Header.Get("TPP-Signature-Certificate"))
		if err != nil {
			t.Fatal(err)
		}
		if form == httpsig.PEM {
			block, _ := pem.Decode(raw)
			raw = block.Bytes
		}
		if !bytes.Equal(raw, rsaIdentity().certificate.Raw) {
			t.Errorf("%s: not the certificate", form)
		}
		sent, err := httpsig.Certificate(r, form)
		if err != nil || !sent.Equal(rsaIdentity().certificate) {
			t.Errorf("%s read back: %v", form, err)
		}
	}
}

func TestKeyID(t *testing.T) {
	awkward := pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
		{Type: []int{2, 5, 4, 6}, Value: "CZ"},
		{Type: []int{2, 5, 4, 10}, Value: ` Spořitelna, "a+b"\`},
		organization("PSDCZ-CNB-1"),
		{Type: []int{1, 2, 3}, Value: "#x"},
	}}
	for _, test := range []struct {
		name pkix.Name
		form httpsig.KeyIDForm
		want string
	}{
		// The example of BG 1.3.12 section 12.2.
		{issuer, httpsig.IssuerCA, `SN=9FA1,CA=CN=D-TRUST CA 2-1 2015,O=D-Trust GmbH,C=DE`},
		{issuer, httpsig.IssuerDN, `SN=9FA1,DN=/C=DE/O=D-Trust GmbH/CN=D-TRUST CA 2-1 2015`},
		{issuer, httpsig.IssuerCASlashed, `SN=9FA1,CA=/CN=D-TRUST CA 2-1 2015/O=D-Trust GmbH/C=DE`},
		{awkward, httpsig.IssuerCASlashed, `SN=9FA1,CA=/1.2.3=#x/organizationIdentifier=PSDCZ-CNB-1/O= Spo\xC5\x99itelna, "a+b"\/C=CZ`},
		{awkward, httpsig.IssuerCA, `SN=9FA1,CA=1.2.3=\#x,organizationIdentifier=PSDCZ-CNB-1,O=\ Spo\C5\99itelna\, \"a\+b\"\\,C=CZ`},
		{awkward, httpsig.IssuerDN, `SN=9FA1,DN=/C=CZ/O= Spo\xC5\x99itelna, "a+b"\/organizationIdentifier=PSDCZ-CNB-1/1.2.3=#x`},
	} {
		profile := httpsig.BerlinGroup()
		profile.KeyID = test.form
		id := certify(ecdsaIdentity().key, nil, test.name)
		r := consentRequest(t, "https://bank.example")
		if err := signer(t, profile, id).Sign(r, nil); err != nil {
			t.Fatal(err)
		}
		signature, err := httpsig.Parse(r.Header.Get("Signature"))
		if err != nil {
			t.Fatal(err)
		}
		if signature.KeyID != test.want {
			t.Errorf("got  %s\nwant %s", signature.KeyID, test.want)
		}
		if err := httpsig.Verify(r, nil, id.certificate, profile, noon); err != nil {
			t.Error(err)
		}
	}
}

// The examples of the seeds. That of the Berlin Group has a blank after
// commas, and its signature stands for one.
func TestSeedsAreRead(t *testing.T) {
	for _, test := range []struct{ value, keyID, headers string }{
		{
			`keyId="SN=9FA1,CA=CN=D-TRUST CA 2-1 2015,O=D-Trust GmbH,C=DE",algorithm="rsa-sha256", headers="Digest X-Request-ID PSU-ID TPP-Redirect-URI Date", signature="AAAA"`,
			"SN=9FA1,CA=CN=D-TRUST CA 2-1 2015,O=D-Trust GmbH,C=DE", "Digest X-Request-ID PSU-ID TPP-Redirect-URI Date",
		}, {
			`keyId="SN=0,DN=/organizationIdentifier=TppSaltTest000/CN=certSIGNSALTTEST Web CA/O=SaltTest/C=RO",algorithm="rsa-sha256",headers="digest date x-request-id",signature="Fys106OY/uMk1Tnh4MEvHg=="`,
			"SN=0,DN=/organizationIdentifier=TppSaltTest000/CN=certSIGNSALTTEST Web CA/O=SaltTest/C=RO", "digest date x-request-id",
		},
	} {
		signature, err := httpsig.Parse(test.value)
		if err != nil {
			t.Error(err)
			continue
		}
		if signature.KeyID != test.keyID || strings.Join(signature.Headers, " ") != test.headers {
			t.Errorf("read %+v", signature)
		}
	}
}

func TestSigningRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		part   string
		change func(r *http.Request)
	}{
		"no request id":       {"x-request-id", func(r *http.Request) { r.Header.Del("X-Request-ID") }},
		"two request ids":     {"x-request-id", func(r *http.Request) { r.Header.Add("X-Request-ID", "2") }},
		"beyond ASCII":        {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "änna") }},
		"folded":              {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "an\n na") }},
		"blank at the end":    {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "anna ") }},
		"a tab":               {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "an\tna") }},
		"too long":            {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", strings.Repeat("a", 1<<20)) }},
		"signed already":      {"signature", func(r *http.Request) { r.Header.Set("Signature", "x") }},
		"certificate already": {"signature", func(r *http.Request) { r.Header["tpp-signature-certificate"] = []string{"x"} }},
		"a second digest":     {"digest", func(r *http.Request) { r.Header["digest"] = []string{"x"} }},
	} {
		t.Run(name, func(t *testing.T) {
			r := consentRequest(t, "https://bank.example")
			test.change(r)
			err := signer(t, httpsig.BerlinGroup(), ecdsaIdentity()).Sign(r, nil)
			refusedFor(t, test.part, err)
			if strings.Contains(err.Error(), "anna") {
				t.Errorf("the error gives away the header's value: %v", err)
			}
		})
	}
}

func TestProfilesThatMakeNoSense(t *testing.T) {
	for name, change := range map[string]func(p *httpsig.Profile){
		"empty":               func(p *httpsig.Profile) { *p = httpsig.Profile{} },
		"body not signed":     func(p *httpsig.Profile) { p.Fields = httpsig.Always("date") },
		"body perhaps signed": func(p *httpsig.Profile) { p.Fields = httpsig.WhenSent("digest") },
		"a header twice":      func(p *httpsig.Profile) { p.Fields = httpsig.Always("digest", "date", "Date") },
		"not a header":        func(p *httpsig.Profile) { p.Fields = httpsig.Always("digest", "psu id") },
		"no name":             func(p *httpsig.Profile) { p.Fields = httpsig.Always("digest", "") },
		"unknown keyId":       func(p *httpsig.Profile) { p.KeyID = "x" },
		"unknown certificate": func(p *httpsig.Profile) { p.Certificate = "x" },
		"unknown digest":      func(p *httpsig.Profile) { p.Digest = "MD5" },
	} {
		profile := httpsig.BerlinGroup()
		change(&profile)
		if _, err := httpsig.NewSigner(profile, ecdsaIdentity().key, ecdsaIdentity().certificate); err == nil {
			t.Errorf("%s: accepted for signing", name)
		}
		refusedFor(t, "profile", httpsig.Verify(consentRequest(t, "https://x"), nil, ecdsaIdentity().certificate, profile, noon))
	}
}

func TestKeyIsNeverPrinted(t *testing.T) {
	s := signer(t, httpsig.BerlinGroup(), rsaIdentity())
	secret := rsaIdentity().key.(*rsa.PrivateKey).D
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		fmt.Fprintf(&out, verb+"\n"+verb+"\n", s, *s)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "pointer", s, "value", *s)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "pointer", s, "value", *s)
	for _, form := range []string{secret.String(), secret.Text(16)} {
		if strings.Contains(out.String(), form[:20]) {
			t.Error("the private key was printed")
		}
	}
	if !strings.Contains(out.String(), "SN=9FA1") {
		t.Errorf("a signer prints as %s", out.String())
	}
}
