package bank

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"time"

	"consentry/app/failure"
	"consentry/xs2a"
)

// Issuer is who signs a test certificate.
type Issuer string

const (
	BySelf     Issuer = "self"     // the key it is for
	ByPractice Issuer = "practice" // the authority of the practice banks, which know its owner from then on
)

// HasPracticeAuthority reports whether the practice banks, and so their authority, are there.
func (r *Registry) HasPracticeAuthority() bool { return r.control != "" }

// MakeTestCertificate makes a certificate for tests for a key pair and keeps it with that;
// where it is to be used, the environment uses it from then on, in the place of another.
func (r *Registry) MakeTestCertificate(ctx context.Context, environmentID string, purpose Purpose, by Issuer, use bool) error {
	pair, key, err := r.keyPair(ctx, environmentID, purpose)
	if err != nil {
		return err
	}
	var certificate string
	switch by {
	case BySelf:
		certificate, err = r.selfSigned(pair, key)
	case ByPractice:
		certificate, err = r.practiceSigned(ctx, pair.Request)
	default:
		return failure.Unchanged(oneField("by", failure.ChooseFromList))
	}
	if err != nil {
		return err
	}
	if _, _, err := xs2a.KeyPair(certificate, key); err != nil {
		return failure.New(failure.NotCertified).By(err)
	}
	if err := r.store.SetTestCertificate(ctx, environmentID, string(purpose), certificate); err != nil || !use {
		return err
	}
	return r.use(ctx, environmentID, purpose, certificate, key)
}

func (r *Registry) selfSigned(pair KeyPair, key string) (string, error) {
	signer, err := xs2a.ParseKey(key)
	if err != nil {
		return "", err
	}
	der, err := pair.Application.TestCertificate(signer, r.now())
	return certificatePEM(der), err
}

// The practice banks' control is on this machine.
const (
	authorityTimeout = 5 * time.Second
	longestIssued    = 64 << 10
)

// practiceSigned has the authority of the practice banks sign a request. It gets what any
// authority gets, and no key.
func (r *Registry) practiceSigned(ctx context.Context, request []byte) (string, error) {
	if r.control == "" {
		return "", failure.New(failure.PracticeStopped)
	}
	ctx, cancel := context.WithTimeout(ctx, authorityTimeout)
	defer cancel()
	sent, err := json.Marshal(map[string]string{"request": RequestPEM(request)})
	if err != nil {
		return "", err
	}
	asked, err := http.NewRequestWithContext(ctx, http.MethodPost, r.control+"/certificates", bytes.NewReader(sent))
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(asked)
	if err != nil {
		return "", failure.New(failure.NotCertified).By(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, longestIssued))
	if err != nil {
		return "", failure.New(failure.NotCertified).By(err)
	}
	var said struct{ Certificate, Authority string }
	if err := json.Unmarshal(body, &said); answer.StatusCode != http.StatusOK || err != nil {
		return "", failure.New(failure.NotCertified).By(fmt.Errorf("%s %.300s", answer.Status, body))
	}
	return said.Certificate + said.Authority, nil
}

// RequestPEM writes a signing request in PEM form.
func RequestPEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}
