package jws_test

import (
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"consentry/xs2a/httpsig"
	"consentry/xs2a/jws"
)

func TestSigningRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		part   string
		change func(r *http.Request)
	}{
		"no request id":        {"x-request-id", func(r *http.Request) { r.Header.Del("X-Request-ID") }},
		"beyond ASCII":         {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "änna") }},
		"folded":               {"psu-id", func(r *http.Request) { r.Header.Set("PSU-ID", "an\n na") }},
		"twice":                {"psu-id", func(r *http.Request) { r.Header.Add("PSU-ID", "otto") }},
		"signed already":       {"signature", func(r *http.Request) { r.Header.Set("X-JWS-Signature", "x") }},
		"signed twice already": {"signature", func(r *http.Request) { r.Header["X-Jws-Signature"] = []string{"x", "y"} }},
		"a small method":       {"(request-target)", func(r *http.Request) { r.Method = "post" }},
	} {
		t.Run(name, func(t *testing.T) {
			r := consentRequest(t, "https://bank.example")
			test.change(r)
			refusedFor(t, test.part, signer(t, jws.BankOfGeorgia(), ecdsaIdentity()).Sign(r, nil))
		})
	}
}

func TestProfilesThatMakeNoSense(t *testing.T) {
	for name, change := range map[string]func(p *jws.Profile){
		"empty":               func(p *jws.Profile) { *p = jws.Profile{} },
		"body not signed":     func(p *jws.Profile) { p.Fields = httpsig.Always("host") },
		"capitals":            func(p *jws.Profile) { p.Fields = httpsig.Always("Digest") },
		"unknown certificate": func(p *jws.Profile) { p.Certificate = "x" },
		"unknown digest":      func(p *jws.Profile) { p.Digest = "MD5" },
		"unknown algorithm":   func(p *jws.Profile) { p.RSA = "none" },
	} {
		profile := jws.BankOfGeorgia()
		change(&profile)
		_, err := jws.NewSigner(profile, ecdsaIdentity().key, ecdsaIdentity().certificate)
		refusedFor(t, "profile", err)
		err = jws.Verify(consentRequest(t, "https://x"), nil, ecdsaIdentity().certificate, profile, noon)
		if err == nil {
			t.Errorf("%s: accepted for verifying", name)
		}
	}
}

func TestKeyIsNeverPrinted(t *testing.T) {
	s := signer(t, jws.BankOfGeorgia(), rsaIdentity())
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
	if !strings.Contains(out.String(), "PS256") {
		t.Errorf("a signer prints as %s", out.String())
	}
}
