package jws_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	other "github.com/lestrrat-go/jwx/v3/jws"

	"consentry/xs2a/httpsig"
	"consentry/xs2a/jws"
)

// profiles are all the ways this package can sign.
func profiles() map[string]jws.Profile {
	all := map[string]jws.Profile{"Bank of Georgia": jws.BankOfGeorgia()}
	old := jws.BankOfGeorgia()
	old.RSA, old.Certificate, old.Digest = jws.RS256, jws.Thumbprint, httpsig.SHA512
	all["RS256 and a thumbprint"] = old
	trailing := jws.BankOfGeorgia()
	trailing.TrailingLineFeed = true
	all["a line feed at the end"] = trailing
	return all
}

func each(t *testing.T, f func(t *testing.T, profile jws.Profile, id identity)) {
	t.Helper()
	for name, profile := range profiles() {
		for _, id := range []identity{rsaIdentity(), ecdsaIdentity()} {
			t.Run(fmt.Sprintf("%s %T", name, id.key), func(t *testing.T) { f(t, profile, id) })
		}
	}
}

func TestWhatIsSignedVerifies(t *testing.T) {
	each(t, func(t *testing.T, profile jws.Profile, id identity) {
		came := send(t, signer(t, profile, id), func(base string) *http.Request { return consentRequest(t, base) })
		if err := jws.Verify(came.request, came.body, id.certificate, profile, noon); err != nil {
			t.Error(err)
		}
		acceptedByAnother(t, came, profile, id)
	})
}

// acceptedByAnother asks github.com/lestrrat-go/jwx. The lines are written
// out here by hand, so that nothing of the package under test has a say.
func acceptedByAnother(t *testing.T, came arrived, profile jws.Profile, id identity) {
	t.Helper()
	sum := profile.Digest.Of(came.body)
	lines := strings.Join([]string{
		"(request-target): post /v1/consents?x=1",
		"host: " + came.request.Host,
		"x-request-id: " + requestID,
		"content-type: application/json",
		fmt.Sprintf("content-length: %d", len(came.body)),
		"digest: " + sum,
		"psu-id: anna",
		"psu-ip-address: 192.0.2.1",
	}, "\n")
	if profile.TrailingLineFeed {
		lines += "\n"
	}
	algorithm := jwa.ES256()
	if _, curve := id.key.(*ecdsa.PrivateKey); !curve {
		algorithm, _ = jwa.LookupSignatureAlgorithm(string(profile.RSA))
	}
	verify := func(payload string) error {
		_, err := other.Verify([]byte(came.request.Header.Get("X-Jws-Signature")),
			other.WithKey(algorithm, id.key.Public()), other.WithDetachedPayload([]byte(payload)),
			other.WithCritValidation(true), other.WithCritExtension("sigT", "sigD", "b64"))
		return err
	}
	if err := verify(lines); err != nil {
		t.Errorf("the other library: %v", err)
	}
	if verify(lines+"x") == nil {
		t.Error("the other library does not look at the payload, so its consent means nothing")
	}
}

func TestOnTheWire(t *testing.T) {
	r := consentRequest(t, "https://bank.example")
	r.Header.Del("Content-Type")
	r.Method = http.MethodGet
	if err := signer(t, jws.BankOfGeorgia(), rsaIdentity()).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := r.Header.Get("Digest"), "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; got != want {
		t.Errorf("Digest: %s, want that of zero bytes", got)
	}
	parts := strings.Split(r.Header.Get("X-Jws-Signature"), ".")
	if len(parts) != 3 || parts[1] != "" {
		t.Fatalf("%d parts, %q in the middle", len(parts), parts[1])
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"alg":"PS256","x5c":["` + base64.StdEncoding.EncodeToString(rsaIdentity().certificate.Raw) + `"],` +
		`"crit":["sigT","sigD","b64"],"sigT":"2026-03-04T12:00:00Z",` +
		`"sigD":{"pars":["(request-target)","host","x-request-id","digest","psu-id","psu-ip-address"],` +
		`"mId":"http://uri.etsi.org/19182/HttpHeaders"},"b64":false}`
	if string(raw) != want {
		t.Errorf("protected header:\n got %s\nwant %s", raw, want)
	}
}

func TestThumbprintOnTheWire(t *testing.T) {
	profile := jws.BankOfGeorgia()
	profile.Certificate = jws.Thumbprint
	r := consentRequest(t, "https://bank.example")
	if err := signer(t, profile, rsaIdentity()).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	signature, err := jws.Parse(r.Header.Get("X-Jws-Signature"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(rsaIdentity().certificate.Raw)
	if !bytes.Equal(signature.Header.Thumbprint, sum[:]) || signature.Header.Certificates != nil {
		t.Errorf("%+v", signature.Header)
	}
}

func TestChainIsSent(t *testing.T) {
	id, above := ecdsaIdentity(), rsaIdentity().certificate
	s, err := jws.NewSigner(jws.BankOfGeorgia(), id.key, id.certificate, above)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return noon }
	r := consentRequest(t, "https://bank.example")
	if err := s.Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	signature, err := jws.Parse(r.Header.Get("X-Jws-Signature"))
	if err != nil {
		t.Fatal(err)
	}
	if got := signature.Header.Certificates; len(got) != 2 || !bytes.Equal(got[1], above.Raw) {
		t.Errorf("%d certificates", len(got))
	}
	if err := jws.Verify(r, nil, id.certificate, jws.BankOfGeorgia(), noon); err != nil {
		t.Error(err)
	}
}

// Every byte of every signed part is changed, dropped and doubled.
func TestOneByteChanged(t *testing.T) {
	each(t, func(t *testing.T, profile jws.Profile, id identity) {
		came := send(t, signer(t, profile, id), func(base string) *http.Request { return consentRequest(t, base) })
		verify := func(r *http.Request, body []byte) error {
			return jws.Verify(r, body, id.certificate, profile, noon)
		}
		if err := verify(came.request, came.body); err != nil {
			t.Fatal(err)
		}
		tried := 0
		for _, part := range signedParts(came) {
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

type part struct {
	name, value string
	set         func(r *http.Request, body *[]byte, value string)
}

func signedParts(came arrived) []part {
	parts := []part{
		{"body", string(came.body), func(_ *http.Request, body *[]byte, value string) { *body = []byte(value) }},
		{"method", came.request.Method, func(r *http.Request, _ *[]byte, value string) { r.Method = value }},
		{"path", came.request.RequestURI, func(r *http.Request, _ *[]byte, value string) { r.RequestURI, r.URL = value, &url.URL{} }},
		{"host", came.request.Host, func(r *http.Request, _ *[]byte, value string) { r.Host = value }},
	}
	for _, name := range []string{"X-Jws-Signature", "Digest", "X-Request-Id", "Content-Type", "Content-Length", "Psu-Id", "Psu-Ip-Address"} {
		parts = append(parts, part{name, came.request.Header.Get(name),
			func(r *http.Request, _ *[]byte, value string) { r.Header.Set(name, value) }})
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

// Each form of the signed lines is accepted under its own profile only.
func TestTrailingLineFeed(t *testing.T) {
	id := ecdsaIdentity()
	for _, signed := range []bool{false, true} {
		for _, wanted := range []bool{false, true} {
			signing, verifying := jws.BankOfGeorgia(), jws.BankOfGeorgia()
			signing.TrailingLineFeed, verifying.TrailingLineFeed = signed, wanted
			r := consentRequest(t, "https://bank.example")
			if err := signer(t, signing, id).Sign(r, nil); err != nil {
				t.Fatal(err)
			}
			err := jws.Verify(r, nil, id.certificate, verifying, noon)
			if (err == nil) != (signed == wanted) {
				t.Errorf("signed with it: %t, wanted: %t: %v", signed, wanted, err)
			}
		}
	}
}

func TestSigningTimeMustBeNear(t *testing.T) {
	profile, id := jws.BankOfGeorgia(), ecdsaIdentity()
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
		err := jws.Verify(r, nil, id.certificate, profile, noon.Add(test.later))
		if (err == nil) != test.good {
			t.Errorf("read %s after it was signed: %v", test.later, err)
		}
		if err != nil {
			refusedFor(t, "sigT", err)
		}
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

// forge signs the sample's lines properly under a protected header that is
// changed by hand: only the header is wrong.
func forge(t *testing.T, r *http.Request, id identity, change func(header string) string) {
	t.Helper()
	parts := strings.Split(r.Header.Get("X-Jws-Signature"), ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	header := change(string(raw))
	protected := base64.RawURLEncoding.EncodeToString([]byte(header))
	names := []string{"(request-target)", "host", "x-request-id", "content-type", "content-length", "digest", "psu-id", "psu-ip-address"}
	var claimed struct{ SigD struct{ Pars []string } }
	if json.Unmarshal([]byte(header), &claimed) == nil && len(claimed.SigD.Pars) > 0 {
		names = claimed.SigD.Pars
	}
	lines, err := httpsig.Message{Request: r}.Lines(names)
	if err != nil {
		lines = "cannot be written"
	}
	sum := sha256.Sum256([]byte(protected + "." + lines))
	signature, err := id.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Jws-Signature", protected+".."+base64.RawURLEncoding.EncodeToString(signature))
}

func TestProtectedHeaderIsReadStrictly(t *testing.T) {
	profile, id := jws.BankOfGeorgia(), rsaIdentity()
	profile.RSA = jws.RS256
	replace := func(old, new string) func(string) string {
		return func(header string) string {
			if !strings.Contains(header, old) {
				t.Errorf("%s is not in %s", old, header)
			}
			return strings.Replace(header, old, new, 1)
		}
	}
	for _, test := range []struct {
		name, part string // no part: accepted
		change     func(header string) string
	}{
		{"as it was", "", func(header string) string { return header }},
		{"another order", "", replace(`"crit":["sigT","sigD","b64"]`, `"crit":["b64","sigD","sigT"]`)},
		{"blanks in the JSON", "", replace(`{"alg":`, "{ \n\"alg\" : ")},
		{"an unknown member that is not critical", "", replace(`{"alg"`, `{"kid":"k","alg"`)},
		{"an unknown critical member", "crit", replace(`"b64"]`, `"b64","exp"],"exp":1`)},
		{"only an unknown critical member", "crit", replace(`["sigT","sigD","b64"]`, `["sigT","sigD","exp"],"exp":1`)},
		{"a critical member twice", "crit", replace(`"b64"]`, `"b64","b64"]`)},
		{"a critical member twice instead of another", "crit", replace(`"sigD","b64"]`, `"sigD","sigD"]`)},
		{"a critical member too few", "crit", replace(`,"b64"]`, `]`)},
		{"no critical member", "crit", replace(`["sigT","sigD","b64"]`, `[]`)},
		{"no crit", "crit", replace(`"crit"`, `"krit"`)},
		{"crit is null", "crit", replace(`["sigT","sigD","b64"]`, `null`)},
		{"crit of another type", "crit", replace(`["sigT","sigD","b64"]`, `"b64"`)},
		{"crit in capitals", "crit", replace(`"crit"`, `"Crit"`)},
		{"a member twice", "signature", replace(`"b64":false`, `"b64":false,"b64":false`)},
		{"a member twice, once escaped", "signature", replace(`"b64":false`, `"b64":false,"\u00624":true,"b6\u0034":false`)},
		{"b64 true", "b64", replace(`"b64":false`, `"b64":true`)},
		{"b64 missing", "b64", replace(`,"b64":false`, ``)},
		{"b64 null", "b64", replace(`"b64":false`, `"b64":null`)},
		{"b64 a string", "b64", replace(`"b64":false`, `"b64":"false"`)},
		{"no algorithm", "alg", replace(`"RS256"`, `"none"`)},
		{"another algorithm of the key", "alg", replace(`"RS256"`, `"PS256"`)},
		{"a symmetric algorithm", "alg", replace(`"RS256"`, `"HS256"`)},
		{"alg missing", "alg", replace(`"alg"`, `"algo"`)},
		{"sigT missing", "sigT", replace(`"sigT":"`, `"sigt":"`)},
		{"sigT with an offset", "sigT", replace(`12:00:00Z`, `12:00:00+00:00`)},
		{"sigT with fractions", "sigT", replace(`12:00:00Z`, `12:00:00.5Z`)},
		{"sigT a minute and a second old", "sigT", replace(`12:00:00Z`, `11:58:59Z`)},
		{"sigT three seconds ahead", "sigT", replace(`12:00:00Z`, `12:00:03Z`)},
		{"sigT a number", "sigT", replace(`"2026-03-04T12:00:00Z"`, `1772625600`)},
		{"sigD missing", "sigD", replace(`"sigD":{`, `"sigd":{`)},
		{"another mechanism", "sigD", replace(`HttpHeaders"`, `ObjectIdByURI"`)},
		{"sigD with something more", "sigD", replace(`"mId":`, `"hashM":"S256","mId":`)},
		{"pars without the digest", "sigD", replace(`"digest",`, ``)},
		{"pars without psu-id", "sigD", replace(`"psu-id",`, ``)},
		{"pars with a header twice", "sigD", replace(`"digest",`, `"digest","digest",`)},
		{"pars with a capital", "sigD", replace(`"digest"`, `"Digest"`)},
		{"pars with a header that is not sent", "sigD", replace(`"digest",`, `"digest","psu-date",`)},
		{"pars with a header that is not in the profile", "sigD", replace(`"digest",`, `"digest","tpp-redirect-uri",`)},
		{"pars empty", "sigD", replace(`"pars":["(request-target)"`, `"pars":[],"pats":["(request-target)"`)},
		{"no certificate", "x5c", replace(`"x5c"`, `"x5d"`)},
		{"a certificate that is none", "x5c", replace(`"x5c":["MII`, `"x5c":["MIJ`)},
		{"a line feed in the certificate", "x5c", replace(`"x5c":["MII`, `"x5c":["\nMII`)},
		{"a thumbprint besides", "x5c", replace(`{"alg"`, `{"x5t#S256":"`+strings.Repeat("A", 43)+`","alg"`)},
		{"too many certificates", "x5c", replace(`"x5c":[`, `"x5c":[`+strings.Repeat(`"AAAA",`, 5))},
		{"an array", "signature", func(header string) string { return "[" + header + "]" }},
		{"two objects", "signature", func(header string) string { return header + header }},
		{"nothing", "signature", func(string) string { return "" }},
		{"not UTF-8", "signature", replace(`{"alg"`, "{\"k\xff\":1,\"alg\"")},
		{"very long", "signature", replace(`{"alg"`, `{"k":"`+strings.Repeat("x", 1<<20)+`","alg"`)},
		{"very deep", "signature", replace(`{"alg"`, `{"k":`+strings.Repeat("[", 20000)+`,"alg"`)},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := consentRequest(t, "https://bank.example")
			if err := signer(t, profile, id).Sign(r, nil); err != nil {
				t.Fatal(err)
			}
			forge(t, r, id, test.change)
			err := jws.Verify(r, nil, id.certificate, profile, noon)
			if test.part == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refusedFor(t, test.part, err)
		})
	}
}

func TestRefused(t *testing.T) {
	profile, id := jws.BankOfGeorgia(), ecdsaIdentity()
	for _, test := range []struct {
		name, part string
		change     func(r *http.Request)
	}{
		{"no signature", "signature", func(r *http.Request) { r.Header.Del("X-Jws-Signature") }},
		{"two signatures", "signature", func(r *http.Request) { r.Header.Add("X-Jws-Signature", r.Header.Get("X-Jws-Signature")) }},
		{"the payload put in", "signature", func(r *http.Request) {
			r.Header.Set("X-Jws-Signature", strings.Replace(r.Header.Get("X-Jws-Signature"), "..", ".AAAA.", 1))
		}},
		{"no digest", "digest", func(r *http.Request) { r.Header.Del("Digest") }},
		{"a psu header left out", "sigD", func(r *http.Request) { r.Header.Del("PSU-ID") }},
		{"a psu header put in", "sigD", func(r *http.Request) { r.Header.Set("PSU-Geo-Location", "GEO:1;1") }},
		{"content-type left out", "sigD", func(r *http.Request) { r.Header.Del("Content-Type") }},
		{"a signed header twice", "psu-id", func(r *http.Request) { r.Header.Add("PSU-ID", "anna") }},
		{"a signed header twice in two spellings", "psu-id", func(r *http.Request) { r.Header["psu-id"] = []string{"anna"} }},
		{"a folded header", "psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "an\r\n na") }},
		{"a header beyond ASCII", "psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "änna") }},
		{"no request id", "x-request-id", func(r *http.Request) { r.Header.Del("X-Request-ID") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := consentRequest(t, "https://bank.example")
			if err := signer(t, profile, id).Sign(r, nil); err != nil {
				t.Fatal(err)
			}
			if err := jws.Verify(r, nil, id.certificate, profile, noon); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			test.change(r)
			refusedFor(t, test.part, jws.Verify(r, nil, id.certificate, profile, noon))
		})
	}
}

func TestCertificateMustFitAndBeInForce(t *testing.T) {
	profile, id := jws.BankOfGeorgia(), rsaIdentity()
	r := consentRequest(t, "https://bank.example")
	if err := signer(t, profile, id).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{id.certificate.NotBefore.Add(-1), id.certificate.NotAfter.Add(time.Second)} {
		refusedFor(t, "certificate", jws.Verify(r, nil, id.certificate, profile, now))
		s := signer(t, profile, id)
		s.Now = func() time.Time { return now }
		refusedFor(t, "certificate", s.Sign(consentRequest(t, "https://bank.example"), nil))
	}
	refusedFor(t, "certificate", jws.Verify(r, nil, nil, profile, noon))
	refusedFor(t, "x5c", jws.Verify(r, nil, ecdsaIdentity().certificate, profile, noon))

	// A certificate issued anew for the same key is another certificate.
	renewed := certify(id.key, nil)
	refusedFor(t, "x5c", jws.Verify(r, nil, renewed.certificate, profile, noon))
	byThumbprint := profile
	byThumbprint.Certificate = jws.Thumbprint
	refusedFor(t, "x5t#S256", jws.Verify(r, nil, id.certificate, byThumbprint, noon))
	r = consentRequest(t, "https://bank.example")
	if err := signer(t, byThumbprint, id).Sign(r, nil); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, "x5t#S256", jws.Verify(r, nil, renewed.certificate, byThumbprint, noon))
	refusedFor(t, "x5c", jws.Verify(r, nil, id.certificate, profile, noon))

	_, err := jws.NewSigner(profile, ecdsaIdentity().key, id.certificate)
	refusedFor(t, "certificate", err)
	weak, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	p384 := certify(weak, err)
	_, err = jws.NewSigner(profile, p384.key, p384.certificate)
	refusedFor(t, "certificate", err)
}
