package httpsig_test

import (
	"net/http"
	"reflect"
	"testing"

	"consentry/xs2a/httpsig"
)

// Whatever stands in a request, it is refused before anything is signed, or
// signed so that a strict bank accepts it.
func FuzzSign(f *testing.F) {
	f.Add("anna", "https://tpp.example/back?a=b", "/v1/consents?x=1", []byte(`{}`))
	f.Add(" anna\r\nX-Evil: 1", "", "/", []byte(nil))
	profile, id := httpsig.BerlinGroup(), ecdsaIdentity()
	profile.Fields = append(profile.Fields, httpsig.Always("(request-target)", "content-length")...)
	s := signer(f, profile, id)
	f.Fuzz(func(t *testing.T, psu, redirect, path string, body []byte) {
		r, err := http.NewRequest(http.MethodPost, "https://bank.example"+path, nil)
		if err != nil {
			return
		}
		r.Header = http.Header{"X-Request-Id": {requestID}, "Psu-Id": {psu}, "Tpp-Redirect-Uri": {redirect}}
		if err := s.Sign(r, body); err != nil {
			if r.Header.Get("Signature") != "" {
				t.Errorf("it was refused and signed: %v", err)
			}
			return
		}
		if err := httpsig.Verify(r, body, id.certificate, profile, noon); err != nil {
			t.Errorf("what was signed is refused: %v", err)
		}
	})
}

// The others look at the verifier, on which the tests rely.

// What can be read can be written, and reads the same again.
func FuzzParse(f *testing.F) {
	f.Add(`keyId="a\\\"b",algorithm="rsa-sha256",headers="digest (request-target)",signature="AAAA"`)
	f.Fuzz(func(t *testing.T, value string) {
		signature, err := httpsig.Parse(value)
		if err != nil {
			return
		}
		again, err := httpsig.Parse(signature.String())
		if err != nil || !reflect.DeepEqual(signature, again) {
			t.Errorf("%+v was written as %s and read as %+v, %v", signature, signature, again, err)
		}
	})
}

func FuzzCertificate(f *testing.F) {
	f.Add("AAAA", true)
	f.Fuzz(func(t *testing.T, value string, armoured bool) {
		form := httpsig.DER
		if armoured {
			form = httpsig.PEM
		}
		r := &http.Request{Header: http.Header{"Tpp-Signature-Certificate": {value}}}
		certificate, err := httpsig.Certificate(r, form)
		if (certificate == nil) == (err == nil) {
			t.Errorf("certificate %v, error %v", certificate, err)
		}
	})
}

// Whatever stands in the headers of a request that nobody has signed, it is
// refused.
func FuzzVerify(f *testing.F) {
	profile, id := httpsig.SaltEdge(), ecdsaIdentity()
	r := consentRequest(f, "https://bank.example")
	if err := signer(f, profile, id).Sign(r, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(r.Header.Get("Signature"), r.Header.Get("Digest"), r.Header.Get("Date"), "another request", []byte(nil))
	f.Fuzz(func(t *testing.T, signature, digest, date, request string, body []byte) {
		if request == requestID {
			return
		}
		forged := &http.Request{Method: http.MethodGet, Header: r.Header.Clone()}
		forged.Header["Signature"] = []string{signature}
		forged.Header["Digest"] = []string{digest}
		forged.Header["Date"] = []string{date}
		forged.Header["X-Request-Id"] = []string{request}
		if httpsig.Verify(forged, body, id.certificate, profile, noon) == nil {
			t.Error("a forged request was accepted")
		}
	})
}
