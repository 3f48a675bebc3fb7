package sandbox

import (
	"errors"
	"net/http"

	"consentry/xs2a/sandbox/sign"
)

// certificateWords are what a bank says of a certificate that it does not take.
var certificateWords = map[string]string{
	"CERTIFICATE_BLOCKED": "the bank has blocked your certificate",
	"CERTIFICATE_REVOKE":  "the authority has revoked your certificate",
	"ROLE_INVALID":        "your certificate does not name the role of a payment initiation service",
}

func unsigned(code, path, text string) *refusal {
	return refuseField(http.StatusUnauthorized, code, path, text)
}

// checkChannel looks at what a request is protected with: the line, its digest and
// its signature.
func checkChannel(s *Sandbox, c *call) error {
	h := c.bank.Behaviour
	if code := h.Refuses(c.service); code != "" {
		return unsigned(code, "TPP-Signature-Certificate", certificateWords[code])
	}
	if h.MTLS {
		if c.request.TLS == nil || len(c.request.TLS.PeerCertificates) == 0 {
			return unsigned("CERTIFICATE_MISSING", "", "this bank answers with a client certificate alone, at another address")
		}
		if err := s.verifier(c).Trusted(c.request.TLS.PeerCertificates[0]); err != nil {
			return refused(err)
		}
	}
	if h.Signing != nil || h.JWS {
		if err := checkSignedOnce(c); err != nil {
			return err
		}
	}
	switch digest := c.request.Header.Get("Digest"); {
	case h.Signing != nil:
		return refused(s.verifier(c).HTTP(c.request, c.body, h.Signing))
	case h.JWS:
		return refused(s.verifier(c).JWS(c.request, c.body))
	case digest != "" && !sign.DigestFits(digest, c.body):
		return formatError("Digest", "Digest is not the body's")
	}
	return nil
}

// verifier holds a call to what the bank knows of keys and of TPPs. The one whose
// certificate is trusted is the one that asks.
func (s *Sandbox) verifier(c *call) sign.Verifier {
	return sign.Verifier{
		Keys: s.practiceCertificates, Now: s.now(), RealTime: s.realTime(),
		Known: func(organisation string) bool {
			tpp, known := s.findClient(organisation)
			if known {
				c.client = tpp
			}
			return known
		},
	}
}

// refused turns what is wrong with a signature into the bank's refusal.
func refused(err error) error {
	var fault *sign.Fault
	if errors.As(err, &fault) {
		return refuseField(fault.Status, fault.Code, fault.Field, fault.Text)
	}
	return err
}
