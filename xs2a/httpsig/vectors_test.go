package httpsig

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"strings"
	"testing"
)

// vectors is testdata/cavage-appendix-c.json, which names its source.
type vectors struct {
	PrivateKey []string
	Request    struct {
		Method, URL, Body string
		Headers           map[string]string
	}
	Tests []struct {
		Name      string
		Lines     []string
		Signature string // the value of the header
	}
}

func readVectors(t *testing.T) (vectors, *rsa.PrivateKey) {
	t.Helper()
	raw, err := os.ReadFile("testdata/cavage-appendix-c.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(strings.Join(v.PrivateKey, "\n")))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return v, key
}

func TestPublishedVectors(t *testing.T) {
	v, key := readVectors(t)
	r, err := http.NewRequest(v.Request.Method, v.Request.URL, strings.NewReader(v.Request.Body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range v.Request.Headers {
		r.Header.Set(name, value)
	}
	m := Message{Request: r, Body: []byte(v.Request.Body)}
	if err := SHA256.Check(m); err != nil {
		t.Errorf("the published digest: %v", err)
	}
	for _, test := range v.Tests {
		t.Run(test.Name, func(t *testing.T) {
			published, err := Parse(test.Signature)
			if err != nil {
				t.Fatal(err)
			}
			if again := published.String(); again != test.Signature {
				t.Errorf("taken apart and put together:\n got %s\nwant %s", again, test.Signature)
			}
			lines, err := m.Lines(published.Signed())
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Join(test.Lines, "\n"); lines != want {
				t.Fatalf("lines:\n got %q\nwant %q", lines, want)
			}
			if err := verifyLines(key.Public(), lines, published.Value); err != nil {
				t.Errorf("the published signature: %v", err)
			}
			ours, err := signLines(key, lines)
			if err != nil {
				t.Fatal(err)
			}
			published.Value = ours
			if published.String() != test.Signature {
				t.Errorf("our signature is not the published one:\n%s", published)
			}
		})
	}
}

// The key of the vectors is one of 1024 bits: good for arithmetic only.
func TestShortKeysAreRefused(t *testing.T) {
	_, key := readVectors(t)
	if err := checkStrength(crypto.PublicKey(key.Public())); err == nil {
		t.Error("an RSA key of 1024 bits was accepted")
	}
}
