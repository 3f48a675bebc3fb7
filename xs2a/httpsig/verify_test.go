package httpsig_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	other "github.com/42wim/httpsig"

	"consentry/xs2a/httpsig"
)

// profiles are all the ways this package can sign.
func profiles() map[string]httpsig.Profile {
	all := map[string]httpsig.Profile{
		"Berlin Group": httpsig.BerlinGroup(), "Berlin Group with date": httpsig.BerlinGroup().WithDate(),
		"Salt Edge": httpsig.SaltEdge(),
	}
	pem := httpsig.SaltEdge()
	pem.Certificate, pem.Digest = httpsig.PEM, httpsig.SHA512
	all["PEM and SHA-512"] = pem
	// As the example of the guidelines spells them (BG 1.3.12 section 12.2).
	spelled := httpsig.BerlinGroup()
	spelled.Fields = append(httpsig.Always("Digest", "X-Request-ID"), httpsig.WhenSent("PSU-ID", "TPP-Redirect-URI")...)
	spelled.Fields = append(spelled.Fields, httpsig.Always("Date", "(request-target)", "host", "content-length")...)
	all["spelled as in the example"] = spelled
	return all
}

func TestWhatIsSignedVerifies(t *testing.T) {
	for name, profile := range profiles() {
		for _, id := range []identity{rsaIdentity(), ecdsaIdentity()} {
			t.Run(fmt.Sprintf("%s %T", name, id.key), func(t *testing.T) {
				came := send(t, signer(t, profile, id), func(base string) *http.Request { return consentRequest(t, base) })
				if err := httpsig.Verify(came.request, came.body, id.certificate, profile, noon); err != nil {
					t.Error(err)
				}
				acceptedByAnother(t, came, id)
			})
		}
	}
}

// acceptedByAnother asks github.com/42wim/httpsig.
func acceptedByAnother(t *testing.T, came arrived, id identity) {
	t.Helper()
	r := came.request.Clone(t.Context())
	r.Header.Set("Host", r.Host) // where that library looks for it
	if value := r.Header.Get("Signature"); strings.HasPrefix(value, "Signature ") {
		// It knows the word in the other header only.
		r.Header.Del("Signature")
		r.Header.Set("Authorization", value)
	}
	verifier, err := other.NewVerifier(r)
	if err != nil {
		t.Fatal(err)
	}
	algorithm := other.RSA_SHA256
	if _, curve := id.key.(*ecdsa.PrivateKey); curve {
		algorithm = other.ECDSA_SHA256
	}
	if err := verifier.Verify(id.key.Public(), algorithm); err != nil {
		t.Errorf("the other library: %v", err)
	}
	r.Header.Set("X-Request-ID", "another")
	if verifier.Verify(id.key.Public(), algorithm) == nil {
		t.Error("the other library does not look at the headers, so its consent means nothing")
	}
}

// What the other library signs, ours takes: the two agree in both directions.
func TestAnotherSignerIsAccepted(t *testing.T) {
	r, profile, id := consentRequest(t, "https://bank.example"), httpsig.BerlinGroup(), rsaIdentity()
	body := []byte("{}")
	if err := signer(t, profile, id).Sign(r, body); err != nil {
		t.Fatal(err)
	}
	ours, err := httpsig.Parse(r.Header.Get("Signature"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Del("Signature")
	r.Header.Del("Digest")
	theirs, _, err := other.NewSigner([]other.Algorithm{other.RSA_SHA256}, other.DigestSha256, ours.Headers, other.Signature, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.SignRequest(id.key, ours.KeyID, r, body); err != nil {
		t.Fatal(err)
	}
	// It hides the algorithm, as later drafts want; banks ask for its name.
	r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), "hs2019", "rsa-sha256", 1))
	if err := httpsig.Verify(r, body, id.certificate, profile, noon); err != nil {
		t.Error(err)
	}
}

// Every byte of every signed part is changed, dropped and doubled.
func TestOneByteChanged(t *testing.T) {
	for name, profile := range profiles() {
		id := rsaIdentity()
		if name == "Berlin Group" {
			id = ecdsaIdentity()
		}
		t.Run(name, func(t *testing.T) {
			came := send(t, signer(t, profile, id), func(base string) *http.Request { return consentRequest(t, base) })
			verify := func(r *http.Request, body []byte) error {
				return httpsig.Verify(r, body, id.certificate, profile, noon)
			}
			if err := verify(came.request, came.body); err != nil {
				t.Fatal(err)
			}
			tried := 0
			for _, part := range signedParts(t, came, profile) {
				for _, changed := range changes(part.value) {
					r, body := came.request.Clone(t.Context()), came.body
					part.set(r, &body, changed)
					if verify(r, body) == nil {
						t.Fatalf("%s: accepted as %q instead of %q", part.name, changed, part.value)
					}
					tried++
				}
			}
			t.Logf("%d changes refused", tried)
		})
	}
}

type part struct {
	name, value string
	set         func(r *http.Request, body *[]byte, value string)
}

func signedParts(t *testing.T, came arrived, profile httpsig.Profile) []part {
	t.Helper()
	names, err := httpsig.Message{Request: came.request, Body: came.body}.Names(profile.Fields)
	if err != nil {
		t.Fatal(err)
	}
	parts := []part{{"body", string(came.body), func(_ *http.Request, body *[]byte, value string) { *body = []byte(value) }}}
	for _, name := range append(names, "Signature", "TPP-Signature-Certificate") {
		switch name {
		case "(request-target)":
			parts = append(parts,
				part{"method", came.request.Method, func(r *http.Request, _ *[]byte, value string) { r.Method = value }},
				part{"path", came.request.RequestURI, func(r *http.Request, _ *[]byte, value string) { r.RequestURI, r.URL = value, &url.URL{} }})
		case "host":
			parts = append(parts, part{"host", came.request.Host, func(r *http.Request, _ *[]byte, value string) { r.Host = value }})
		default:
			parts = append(parts, part{name, came.request.Header.Get(name),
				func(r *http.Request, _ *[]byte, value string) { r.Header.Set(name, value) }})
		}
	}
	return parts
}

func changes(value string) []string {
	all := []string{"", value + "\n", value + " ", " " + value, value + "\r\n " + value}
	for i := range len(value) {
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			all = append(all, value[:i]+string([]byte{value[i] ^ flip})+value[i+1:])
		}
		all = append(all, value[:i]+value[i+1:], value[:i+1]+value[i:], value[:i]+"\n"+value[i:])
	}
	return slices.DeleteFunc(all, func(each string) bool { return each == value })
}

func TestRefused(t *testing.T) {
	profile, id := httpsig.BerlinGroup().WithDate(), ecdsaIdentity()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, part string
		change     func(r *http.Request)
	}{
		{"a header left out", "x-request-id", func(r *http.Request) { r.Header.Del("X-Request-ID") }},
		{"an optional header left out", "signature", func(r *http.Request) { r.Header.Del("PSU-ID") }},
		{"an optional header put in", "signature", func(r *http.Request) { r.Header.Set("PSU-Corporate-ID", "x") }},
		{"no signature", "signature", func(r *http.Request) { r.Header.Del("Signature") }},
		{"two signatures", "signature", func(r *http.Request) { r.Header.Add("Signature", r.Header.Get("Signature")) }},
		{"no certificate", "certificate", func(r *http.Request) { r.Header.Del("TPP-Signature-Certificate") }},
		{"two certificates", "certificate", func(r *http.Request) {
			r.Header.Add("TPP-Signature-Certificate", r.Header.Get("TPP-Signature-Certificate"))
		}},
		{"another certificate", "certificate", func(r *http.Request) {
			signAs(t, r, profile, certify(stranger, nil, issuer))
		}},
		{"no digest", "digest", func(r *http.Request) { r.Header.Del("Digest") }},
		{"two digests in one", "digest", func(r *http.Request) {
			r.Header.Set("Digest", r.Header.Get("Digest")+",SHA-512=AAAA")
		}},
		{"a signed header twice", "x-request-id", func(r *http.Request) { r.Header.Add("X-Request-ID", requestID) }},
		{"a signed header twice in two spellings", "psu-id", func(r *http.Request) { r.Header["psu-id"] = []string{"anna"} }},
		{"a folded header", "psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "an\r\n na") }},
		{"a header beyond ASCII", "psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "änna") }},
		{"the word before the value", "signature", func(r *http.Request) {
			r.Header.Set("Signature", "Signature "+r.Header.Get("Signature"))
		}},
		{"an unknown parameter", "signature", func(r *http.Request) {
			r.Header.Set("Signature", r.Header.Get("Signature")+`,created="1"`)
		}},
		{"a parameter twice", "signature", func(r *http.Request) {
			r.Header.Set("Signature", r.Header.Get("Signature")+`,keyId="SN=1"`)
		}},
		{"another algorithm", "signature", func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), "ecdsa-sha256", "hs2019", 1))
		}},
		{"a list without the digest", "signature", func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), `headers="digest `, `headers="`, 1))
		}},
		{"very long for blanks that are allowed", "signature", func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), ",algorithm", ","+strings.Repeat(" ", 1<<20)+"algorithm", 1))
		}},
		{"a very long certificate", "certificate", func(r *http.Request) {
			r.Header.Set("TPP-Signature-Certificate", strings.Repeat("AAAA", 1<<20))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := consentRequest(t, "https://bank.example")
			r.Header.Del("PSU-Corporate-ID")
			body := []byte("{}")
			if err := signer(t, profile, id).Sign(r, body); err != nil {
				t.Fatal(err)
			}
			if err := httpsig.Verify(r, body, id.certificate, profile, noon); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			test.change(r)
			refusedFor(t, test.part, httpsig.Verify(r, body, id.certificate, profile, noon))
		})
	}
}

func signAs(t *testing.T, r *http.Request, profile httpsig.Profile, id identity) {
	t.Helper()
	r.Header.Del("Signature")
	r.Header.Del("TPP-Signature-Certificate")
	if err := signer(t, profile, id).Sign(r, []byte("{}")); err != nil {
		t.Fatal(err)
	}
}

func refusedFor(t *testing.T, part string, err error) {
	t.Helper()
	var refusal *httpsig.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal for %s", err, part)
	}
	if refusal.Part != part {
		t.Errorf("refused for %q, want for %q", err, part)
	}
}

func TestDateMustBeNear(t *testing.T) {
	profile, id := httpsig.SaltEdge(), ecdsaIdentity()
	r := consentRequest(t, "https://bank.example")
	if err := signer(t, profile, id).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		later time.Duration
		good  bool
	}{
		{0, true}, {60 * time.Second, true}, {60*time.Second + 1, false},
		{-2 * time.Second, true}, {-2*time.Second - 1, false},
	} {
		err := httpsig.Verify(r, nil, id.certificate, profile, noon.Add(test.later))
		if (err == nil) != test.good {
			t.Errorf("read %s after it was signed: %v", test.later, err)
		}
	}
}

// Names of days and months are written in one way only (RFC 9110 section 5.6.7).
func TestDateMustBeWellFormed(t *testing.T) {
	profile, id := httpsig.SaltEdge(), ecdsaIdentity()
	for _, date := range []string{
		"Thu, 04 Mar 2026 12:00:00 GMT", "wed, 04 mar 2026 12:00:00 GMT", "Wed, 04 Mar 2026 12:00:00.0 GMT",
		"Wednesday, 04-Mar-26 12:00:00 GMT", "2026-03-04T12:00:00Z", "noon", "",
	} {
		r := consentRequest(t, "https://bank.example")
		r.Header.Set("Date", date)
		if err := signer(t, profile, id).Sign(r, nil); err != nil {
			t.Fatal(err)
		}
		refusedFor(t, "date", httpsig.Verify(r, nil, id.certificate, profile, noon))
	}
}

// A certificate issued anew for the same key is another certificate.
func TestRenewedCertificateIsAnother(t *testing.T) {
	profile, id := httpsig.BerlinGroup(), ecdsaIdentity()
	renewed := certify(id.key, nil, issuer)
	r := consentRequest(t, "https://bank.example")
	if err := signer(t, profile, id).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, "certificate", httpsig.Verify(r, nil, renewed.certificate, profile, noon))
}

func TestLongCertificateIsNotRead(t *testing.T) {
	r := consentRequest(t, "https://bank.example")
	name := pkix.Name{CommonName: strings.Repeat("x", 16<<10)}
	raw := certify(ecdsaIdentity().key, nil, name).certificate.Raw
	r.Header.Set("TPP-Signature-Certificate", base64.StdEncoding.EncodeToString(raw))
	_, err := httpsig.Certificate(r, httpsig.DER)
	refusedFor(t, "certificate", err)
}

func TestParseRefuses(t *testing.T) {
	const good = `keyId="a",algorithm="rsa-sha256",headers="digest date",signature="AAAA"`
	if _, err := httpsig.Parse(good); err != nil {
		t.Fatal(err)
	}
	for old, news := range map[string][]string{
		`keyId="a"`:     {``, `keyId="a",keyId="a"`, `keyId=""`, `keyId=a`, `keyId="a`, `keyId="a\"`, `keyId="\x"`, `keyid="a"`, `keyId ="a"`, `keyId= "a"`, ` keyId="a"`, `keyId="ä"`, "keyId=\"\t\""},
		`,headers`:      {`headers`, `;headers`, `,,headers`, ` ,headers`, ",\theaders"},
		`"digest date"`: {`""`, `" digest"`, `"digest  date"`, `"digest date "`, `"digest,date"`, `"digest Digest"`, `"digest digest"`, `"(created)"`},
		`"AAAA"`:        {`""`, `"AAA"`, `"AAAA="`, `"AAB="`, `"AA-_"`, `"AAAA`, `"AAAA",`, `"AAAA" `, `"AAAA"\`, `"AAAA\`},
	} {
		for _, each := range news {
			value := strings.Replace(good, old, each, 1)
			if signature, err := httpsig.Parse(value); err == nil {
				t.Errorf("%s was read as %+v", value, signature)
			}
		}
	}
}

func TestCertificateMustBeInForce(t *testing.T) {
	profile, id := httpsig.BerlinGroup(), rsaIdentity()
	for _, now := range []time.Time{id.certificate.NotBefore.Add(-1), id.certificate.NotAfter.Add(time.Second)} {
		s := signer(t, profile, id)
		s.Now = func() time.Time { return now }
		refusedFor(t, "certificate", s.Sign(consentRequest(t, "https://bank.example"), nil))

		r := consentRequest(t, "https://bank.example")
		if err := signer(t, profile, id).Sign(r, nil); err != nil {
			t.Fatal(err)
		}
		refusedFor(t, "certificate", httpsig.Verify(r, nil, id.certificate, profile, now))
	}
	refusedFor(t, "certificate", httpsig.Verify(consentRequest(t, "https://bank.example"), nil, nil, profile, noon))
}

func TestKeyMustFit(t *testing.T) {
	for _, key := range []crypto.Signer{ecdsaIdentity().key, nil} {
		_, err := httpsig.NewSigner(httpsig.BerlinGroup(), key, rsaIdentity().certificate)
		refusedFor(t, "certificate", err)
	}
	weak, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	id := certify(weak, err, issuer)
	_, err = httpsig.NewSigner(httpsig.BerlinGroup(), id.key, id.certificate)
	refusedFor(t, "certificate", err)
}
