package xs2a

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwe"
	"github.com/lestrrat-go/jwx/v3/jwk"
)

// TestPasswordKeyInEveryForm encrypts for a key in each form banks publish one in,
// at an address and in the environment, and sends nothing for what is no key.
func TestPasswordKeyInEveryForm(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Fachwerk Bank"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	one, err := jwk.Import(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	single, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	armoured := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	for name, test := range map[string]struct {
		published string
		onlyAt    bool // an address: it is no text
		bad       bool
	}{
		"JWK":                     {published: string(single)},
		"JWK set":                 {published: `{"keys":[` + string(single) + `]}`},
		"certificate as PEM":      {published: armoured("CERTIFICATE", der)},
		"words before the PEM":    {published: "subject=CN = Fachwerk Bank\n" + armoured("CERTIFICATE", der)},
		"lines of Windows":        {published: "\r\n" + armoured("CERTIFICATE", der)},
		"public key as PEM":       {published: armoured("PUBLIC KEY", public)},
		"certificate as DER":      {published: string(der), onlyAt: true},
		"half a certificate":      {published: string(der[:len(der)/2]), onlyAt: true, bad: true},
		"a page":                  {published: "<html>", onlyAt: true, bad: true},
		"nothing":                 {onlyAt: true, bad: true},
		"an older public key":     {published: armoured("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey))},
		"a key of an ellipse":     {published: `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`, bad: true},
		"a private key":           {published: armoured("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), bad: true},
		"a key without end":       {published: `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("_", 1<<12) + `"}`, bad: true},
		"an exponent without end": {published: `{"kty":"RSA","e":"` + strings.Repeat("_", 1<<7) + `","n":"` + strings.Repeat("_", 342) + `"}`, bad: true},
		"an empty set":            {published: `{"keys":[]}`, bad: true},
		"a certificate of air":    {published: armoured("CERTIFICATE", nil), bad: true},
		"a beginning without end": {published: "-----BEGIN CERTIFICATE-----", bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			bank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/FCHWDEB0/key" {
					_, _ = io.WriteString(w, test.published)
				}
			}))
			t.Cleanup(bank.Close)
			given := []string{bank.URL + "/{bank}/key"}
			if !test.onlyAt {
				given = append(given, test.published)
			}
			for _, from := range given {
				client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: bank.URL, PasswordKey: from}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				sealed, err := client.encrypt(t.Context(), Call{BIC: "FCHWDEB0"}, "Ebbe-und-Flut")
				if test.bad {
					if err == nil || sealed != "" {
						t.Errorf("%q was taken for a key", test.published)
					}
					continue
				}
				if err != nil {
					t.Error(err)
					continue
				}
				opened, err := jwe.Decrypt([]byte(sealed), jwe.WithKey(jwa.RSA_OAEP_256(), key))
				if err != nil || string(opened) != "Ebbe-und-Flut" {
					t.Errorf("opened as %q, %v", opened, err)
				}
			}
		})
	}
}

// TestSealedNamesItsKey says which of its keys a bank has to open a password with.
func TestSealedNamesItsKey(t *testing.T) {
	t.Parallel()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "2026-\"7\""} {
		published, err := jwk.Import(private.Public())
		if err != nil {
			t.Fatal(err)
		}
		if id != "" {
			if err := published.Set(jwk.KeyIDKey, id); err != nil {
				t.Fatal(err)
			}
		}
		text, err := json.Marshal(published)
		if err != nil {
			t.Fatal(err)
		}
		key, err := keyIn(text)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := key.seal([]byte("Ebbe-und-Flut"))
		if err != nil {
			t.Fatal(err)
		}
		message, err := jwe.Parse([]byte(sealed))
		if err != nil {
			t.Fatal(err)
		}
		headers := message.ProtectedHeaders()
		algorithm, _ := headers.Algorithm()
		encryption, _ := headers.ContentEncryption()
		if named, _ := headers.KeyID(); named != id || algorithm != jwa.RSA_OAEP_256() || encryption != jwa.A256GCM() {
			t.Errorf("%q, %v, %v; the key is %q", named, algorithm, encryption, id)
		}
	}
}

// TestNoBodyWhereNoneIsDefined starts the authorisation of a cancellation: Open
// Payments defines no body of it, the Berlin Group one that may be empty.
func TestNoBodyWhereNoneIsDefined(t *testing.T) {
	t.Parallel()
	for dialect, want := range map[string]struct{ body, kind string }{
		OpenPayments.Name: {"", ""}, BerlinGroup.Name: {"{}", "application/json"},
	} {
		var body, kind string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent, _ := io.ReadAll(r.Body)
			body, kind = string(sent), r.Header.Get("Content-Type")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"authorisationId":"1","scaStatus":"received"}`)
		}))
		t.Cleanup(server.Close)
		client, err := New(Reach{Profile: Profile{Dialect: dialect, APIURL: server.URL, AuthURL: server.URL, Login: LoginNone}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for of, want := range map[Resource]struct{ body, kind string }{
			PaymentResource(SinglePayment, "domestic", "7").Cancellation(): want,
			PaymentResource(SinglePayment, "domestic", "7"):                {"{}", "application/json"},
		} {
			_, err := client.Continue(t.Context(), Call{}, of, "", Next{Step: StepStart, Start: true}, PSUData{}, Return{})
			if err != nil || body != want.body || kind != want.kind {
				t.Errorf("%s, %s: sent %q as %q, %v", dialect, of.authorisations(), body, kind, err)
			}
		}
	}
}

// FuzzPasswordKey takes nothing for a key that cannot encrypt.
func FuzzPasswordKey(f *testing.F) {
	for _, seed := range []string{
		`{"kty":"RSA","n":"AQ","e":"AQAB"}`, `{"keys":[]}`, `{"keys":[{"kty":"oct","k":"AA"}]}`, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN PUBLIC KEY-----\n", "\x30\x03\x02\x01\x07", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, published []byte) {
		swiftly(t, func() {
			if key, err := keyIn(published); err == nil && key == nil {
				t.Error("no key, and no error")
			}
		})
	})
}
