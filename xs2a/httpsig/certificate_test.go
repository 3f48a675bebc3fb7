package httpsig

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
)

const maxCertificate = 16 << 10 // base64 of a certificate, or of its PEM

// Certificate returns the certificate a request was sent with, to look at. That
// it is there says nothing of who sent it: [Verify] is told whose it must be.
func Certificate(r *http.Request, form CertificateForm) (*x509.Certificate, error) {
	values := Message{Request: r}.Values(certificateHeader)
	if len(values) != 1 {
		return nil, refuse("certificate", "is not there exactly once")
	}
	return form.parse(values[0])
}

func (form CertificateForm) parse(value string) (*x509.Certificate, error) {
	if len(value) > maxCertificate {
		return nil, refuse("certificate", "is too long")
	}
	raw, err := unbase64(value)
	if err != nil {
		return nil, refuse("certificate", "is not base64 on one line")
	}
	if form == PEM {
		block, rest := pem.Decode(raw)
		// Written again it must be the same: PEM forgives much, and what it
		// forgives could be changed unseen.
		if block == nil || len(rest) > 0 || !bytes.Equal(raw, armoured(block.Bytes)) {
			return nil, refuse("certificate", "is not the base64 of a PEM certificate")
		}
		raw = block.Bytes
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, refuse("certificate", "cannot be read")
	}
	return cert, nil
}

// unbase64 takes canonical base64 only. The standard decoder skips line
// breaks, and takes trailing bits that mean nothing.
func unbase64(value string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(value)
	if err == nil && base64.StdEncoding.EncodeToString(raw) != value {
		return nil, base64.CorruptInputError(0)
	}
	return raw, err
}
