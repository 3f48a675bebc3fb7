package sandbox

import (
	"encoding/pem"
	"net/http"
	"time"
)

// testCertificateLife is how long a certificate for tests is valid.
const testCertificateLife = 365 * 24 * time.Hour

// mostRegistered bounds how many organisations are registered by a certificate.
const mostRegistered = 1000

// controlCertify signs a certificate for a signing request, as the authority for tests of
// a provider does, and registers the organisation with the banks: from then on they know
// it as a TPP.
func (s *Sandbox) controlCertify(r *http.Request) (any, error) {
	var body struct {
		Request string `json:"request"` // PKCS#10 in PEM form
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(body.Request))
	if block == nil {
		return nil, formatError("request", "request has to be a signing request in PEM form")
	}
	vault, err := s.practiceCertificates()
	if err != nil {
		return nil, err
	}
	// The certificate is shown by the real time, and held to the banks', which may be ahead.
	issued, err := vault.Issue(block.Bytes, s.realTime().Add(-time.Hour), s.now().Add(testCertificateLife))
	if err != nil {
		return nil, formatError("request", err.Error())
	}
	if _, known := s.findClient(issued.Organisation); !known {
		if len(s.state.Registered) == mostRegistered {
			return nil, formatError("request", "no more organisations are registered")
		}
		if s.state.Registered == nil {
			s.state.Registered = map[string]string{}
		}
		s.state.Registered[issued.Organisation] = issued.Name
		s.state.touch()
	}
	return map[string]string{"certificate": issued.Certificate, "authority": vault.CA}, nil
}
