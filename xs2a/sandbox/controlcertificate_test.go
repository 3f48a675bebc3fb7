package sandbox

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/eidas"
	"consentry/xs2a/sandbox/sign"
)

// The practice authority takes what the client asks for, as code of its own reads it,
// registers whom it certified, and refuses what an authority has to.
func TestPracticeAuthority(t *testing.T) {
	c := newClock()
	s, err := New(Config{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := eidas.Application{Kind: eidas.QWAC, Identifier: "PSDDE-BAFIN-77", Organisation: "Beispiel GmbH", Country: "DE", CommonName: "tpp.example.de",
		Roles: []eidas.Role{eidas.AccountInformation, eidas.CardIssuing}, Authority: "Bundesanstalt für Finanzdienstleistungsaufsicht", Qualified: true}
	asks := func(a eidas.Application, key crypto.Signer) string {
		der, err := a.Request(key)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
	}
	ask := func(request string) (map[string]string, error) {
		body := `{"request":"` + strings.ReplaceAll(request, "\n", `\n`) + `"}`
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/_control/certificates", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		said, err := s.controlCertify(r)
		issued, _ := said.(map[string]string)
		return issued, err
	}

	other, plain := good, good
	other.Identifier, plain.Roles = "VATDE-1", nil
	torn := []byte(asks(good, key))
	torn[len(torn)/2]++
	for name, request := range map[string]string{"no authorisation number": asks(other, key), "no roles": asks(plain, key), "a key of another curve": asks(good, weak), "no request": "nothing", "torn": string(torn)} {
		if _, err := ask(request); err == nil {
			t.Errorf("%s: certified", name)
		}
	}
	if _, known := s.findClient("PSDDE-BAFIN-77"); known {
		t.Error("known before it is certified")
	}

	issued, err := ask(asks(good, key))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(issued["certificate"]))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	stated, err := eidas.StatementsOf(certificate)
	if err != nil || stated.Compliance || stated.AuthorityID != "DE-BAFIN" || len(stated.Roles) != 2 || stated.Kinds[0] != eidas.QWAC {
		t.Errorf("states %+v, %v", stated, err)
	}
	if !eidas.IsTest(certificate) || !eidas.Belongs(certificate.PublicKey, key) || len(certificate.ExtKeyUsage) != 2 || len(certificate.DNSNames) != 1 {
		t.Errorf("the certificate is %+v", certificate.Subject)
	}

	// The banks trust it, and know whose it is: by the identifier, and without a secret where one is wanted.
	trusted := sign.Verifier{Keys: s.practiceCertificates, Now: c.now(), Known: func(id string) bool { _, known := s.findClient(id); return known }}
	if err := trusted.Trusted(certificate); err != nil {
		t.Error(err)
	}
	trusted.Now = c.now().Add(2 * 365 * 24 * time.Hour)
	if err := trusted.Trusted(certificate); err == nil || !strings.Contains(err.Error(), "CERTIFICATE_EXPIRED") {
		t.Errorf("in two years: %v", err)
	}
	if tpp, known := s.findClient("PSDDE-BAFIN-77"); !known || tpp.name != "Beispiel GmbH" {
		t.Errorf("the banks know %+v, %t", tpp, known)
	}
	r, _ := http.NewRequest(http.MethodPost, "/connect/token", nil)
	r.SetBasicAuth("PSDDE-BAFIN-77", "")
	if _, err := s.authenticate(r, nil); err == nil {
		t.Error("it needs no secret where others need one")
	}
	if _, err := s.controlReset(nil); err != nil {
		t.Fatal(err)
	}
	if _, known := s.findClient("PSDDE-BAFIN-77"); !known {
		t.Error("a reset forgets whose certificate is trusted")
	}

	huge := withKey(t, asks(good, key), &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 20_000, 1), E: 65537})
	if _, err := ask(huge); err == nil || !strings.Contains(err.Error(), "16384 bits") {
		t.Errorf("a huge key: %v", err) // which is not reckoned with
	}
	for name, long := range map[string]*string{"number": &other.Identifier, "name": &other.Organisation} {
		other = good
		if *long += strings.Repeat("7", 64); name == "name" {
			*long = strings.Repeat("ü", 65)
		}
		if _, err := ask(asks(other, key)); err == nil {
			t.Errorf("a long %s was certified", name)
		}
	}

	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ask(asks(good, small)); err == nil {
		t.Error("a small key was certified")
	}
}

// withKey is a signing request with another key in it than the one that signed it.
func withKey(t *testing.T, request string, key *rsa.PublicKey) string {
	t.Helper()
	var form struct {
		Asked struct {
			Version                  int
			Subject, Key, Attributes asn1.RawValue
		}
		Algorithm, Signature asn1.RawValue
	}
	block, _ := pem.Decode([]byte(request))
	if _, err := asn1.Unmarshal(block.Bytes, &form); err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	form.Asked.Key = asn1.RawValue{FullBytes: der}
	if block.Bytes, err = asn1.Marshal(form); err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block))
}
