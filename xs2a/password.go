package xs2a

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwe"
	"github.com/lestrrat-go/jwx/v3/jwk"
)

// ErrNoPasswordKey is returned where a bank wants a password encrypted and the
// environment does not say for whom.
var ErrNoPasswordKey = errors.New("the bank's key for passwords is not set")

// encrypt encrypts a password for the bank alone, as a compact JWE (RFC 7516).
// The framework leaves the form to the bank's documentation (BG 1.3.12 section
// 14.16); this is the one banks publish keys for.
func (c *Client) encrypt(ctx context.Context, call Call, password string) (string, error) {
	key, err := c.passwordKey(ctx, call)
	if err != nil {
		return "", fmt.Errorf("the bank's key for passwords: %w", err)
	}
	sealed, err := jwe.Encrypt([]byte(password), jwe.WithKey(jwa.RSA_OAEP_256(), key), jwe.WithContentEncryption(jwa.A256GCM()))
	return string(sealed), err
}

func (c *Client) passwordKey(ctx context.Context, call Call) (jwk.Key, error) {
	text := strings.TrimSpace(c.reach.PasswordKey)
	switch {
	case text == "":
		return nil, ErrNoPasswordKey
	case strings.HasPrefix(text, "http"):
		body, err := c.fetchKeys(c.reach.Hosts(call.BIC).limit(ctx), forBank(text, call.BIC))
		if err != nil {
			return nil, err
		}
		return keyIn(body)
	}
	return keyIn([]byte(text))
}

// keyIn reads a key in any of the forms banks publish one in: a JWK or the first
// of a set, a certificate or public key in PEM form, or a certificate in DER form.
func keyIn(published []byte) (jwk.Key, error) {
	switch text := bytes.TrimSpace(published); {
	case bytes.HasPrefix(text, []byte("{")):
		return firstKey(text)
	case bytes.Contains(text, []byte("-----BEGIN ")):
		return jwk.ParseKey(text, jwk.WithPEM(true))
	}
	certificate, err := x509.ParseCertificate(published)
	if err != nil {
		return nil, errors.New("it is neither a JWK, nor PEM, nor a certificate in DER form")
	}
	return jwk.Import(certificate.PublicKey)
}

// firstKey reads a JWK, or the first of a set.
func firstKey(body []byte) (jwk.Key, error) {
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, err
	}
	key, found := set.Key(0)
	if !found {
		return nil, errors.New("the set of keys is empty")
	}
	return key, nil
}

const maxKeys = 64 << 10

func (c *Client) fetchKeys(ctx context.Context, address string) ([]byte, error) {
	if err := CheckURL(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(err, req)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, maxKeys))
}
