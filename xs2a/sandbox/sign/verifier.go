// Package sign holds requests to their signatures as a bank does: HTTP signatures,
// detached JWS and the certificates behind them. It opens passwords that were sealed
// as JWE, and makes the keys and certificates to practise with. All of it are
// functions of a request and of keys.
//
// The client signs with code of its own (xs2a/httpsig, xs2a/jws): a mistake that both
// made would never show.
package sign

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Verifier is what a bank holds requests to.
type Verifier struct {
	Keys     func() (*Vault, error)         // the practice keys; asked for no sooner than they are needed
	Known    func(organisation string) bool // reports whether a TPP is registered, by its organizationIdentifier
	Now      time.Time                      // by which certificates are valid
	RealTime time.Time                      // by which requests are signed
}

// Fault is what is wrong with a signed request, as a bank tells it: an HTTP status
// with a message code, the header that is to blame, and words for the TPP's developer.
type Fault struct {
	Status            int
	Code, Field, Text string
}

func (f *Fault) Error() string { return fmt.Sprintf("%d %s: %s", f.Status, f.Code, f.Text) }

func unsigned(code, field, text string) *Fault {
	return &Fault{http.StatusUnauthorized, code, field, text}
}

// sentCertificate reads a certificate in base64, on one line.
func sentCertificate(sent string, asPEM bool) (*x509.Certificate, error) {
	data, err := base64.StdEncoding.DecodeString(sent)
	if err != nil {
		return nil, errors.New("the certificate is not base64 on one line")
	}
	block, _ := pem.Decode(data)
	switch {
	case asPEM && block == nil:
		return nil, errors.New("the certificate has to be base64 of its PEM form")
	case !asPEM && block != nil:
		return nil, errors.New("the certificate has to be base64 of its DER form")
	case asPEM:
		data = block.Bytes
	}
	return x509.ParseCertificate(data)
}

// Trusted wants a certificate of the practice CA that is valid now, of a TPP that is
// registered.
func (v Verifier) Trusted(certificate *x509.Certificate) error {
	keys, err := v.Keys()
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(keys.CA))
	now := v.Now
	within := now
	if now.After(certificate.NotAfter) {
		within = certificate.NotAfter // tells expired from untrusted
	}
	_, err = certificate.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: within, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	switch {
	case err != nil:
		return unsigned("CERTIFICATE_INVALID", "TPP-Signature-Certificate", "the certificate is not of the practice CA, or not yet valid")
	case now.After(certificate.NotAfter):
		return unsigned("CERTIFICATE_EXPIRED", "TPP-Signature-Certificate", "the certificate has expired")
	}
	for _, name := range certificate.Subject.Names {
		if name.Type.Equal(organizationIdentifier) {
			if id, _ := name.Value.(string); v.Known(id) {
				return nil
			}
		}
	}
	return unsigned("CERTIFICATE_INVALID", "TPP-Signature-Certificate", "the certificate names no registered TPP (organizationIdentifier)")
}
