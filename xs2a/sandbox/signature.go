package sandbox

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// signing is what a bank demands of HTTP signatures (BG 1.3.12, Signature;
// draft-cavage-http-signatures-12).
type signing struct {
	date        bool   // Date has to be there and signed
	issuer      string // the word before the issuer's name in keyId: CA or DN
	slashed     bool   // after CA the name is on one line with slashes, as after DN: /CN=…/O=…
	word        bool   // the value begins with the word Signature
	pem         bool   // the certificate is sent as base64 of PEM rather than of DER
	openingOnly bool   // of tpp-redirect-uri and psu-id, only the first is signed, and only with POST /consents
}

// clockSkew is how far Date may be from the bank's clock.
const clockSkew = 5 * time.Minute

var signatureField = regexp.MustCompile(`([A-Za-z]+)="([^"]*)"`)

// signed looks at digest, certificate and signature, in this order.
func (s *Sandbox) signed(c *call, rules *signing) error {
	header := c.request.Header
	switch {
	case header.Get("Signature") == "":
		return unsigned("SIGNATURE_MISSING", "Signature", "this bank wants signed requests")
	case header.Get("TPP-Signature-Certificate") == "":
		return unsigned("CERTIFICATE_MISSING", "TPP-Signature-Certificate", "TPP-Signature-Certificate is missing")
	case header.Get("Digest") == "":
		return unsigned("SIGNATURE_INVALID", "Digest", "Digest is missing")
	}
	certificate, err := sentCertificate(header.Get("TPP-Signature-Certificate"), rules.pem)
	if err != nil {
		return unsigned("CERTIFICATE_INVALID", "TPP-Signature-Certificate", err.Error())
	}
	if err := s.trust(c, certificate); err != nil {
		return err
	}
	if !digestFits(header.Get("Digest"), c.body) {
		return unsigned("SIGNATURE_INVALID", "Digest", "Digest is not the body's")
	}
	if rules.date {
		sent, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			return unsigned("SIGNATURE_INVALID", "Date", "Date is missing or has no form of HTTP's")
		}
		if age := s.wall().Sub(sent).Abs(); age > clockSkew {
			return refuseField(http.StatusBadRequest, "TIMESTAMP_INVALID", "Date", "Date is more than five minutes off")
		}
	}
	if err := rules.verify(c, certificate); err != nil {
		return unsigned("SIGNATURE_INVALID", "Signature", err.Error())
	}
	return nil
}

// certificateWords are what a bank says of a certificate that it does not take.
var certificateWords = map[string]string{
	"CERTIFICATE_BLOCKED": "the bank has blocked your certificate",
	"CERTIFICATE_REVOKE":  "the authority has revoked your certificate",
	"ROLE_INVALID":        "your certificate does not name the role of a payment initiation service",
}

// refuses is the code with which a bank turns down the TPP's certificate, for a
// payment service or, with "", for all else; "" where it takes it.
func (h *habit) refuses(service string) string {
	if service != "" && h.noPayments != "" {
		return h.noPayments
	}
	return h.turnsDown
}

func unsigned(code, path, text string) *refusal {
	return refuseField(http.StatusUnauthorized, code, path, text)
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

// trust wants a certificate of the practice CA that is valid now, of a TPP that is
// registered.
func (s *Sandbox) trust(c *call, certificate *x509.Certificate) error {
	v, err := s.practiceCertificates()
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(v.CA))
	now := s.now()
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
			id, _ := name.Value.(string)
			if tpp, known := findClient(id); known {
				c.client = tpp
				return nil
			}
		}
	}
	return unsigned("CERTIFICATE_INVALID", "TPP-Signature-Certificate", "the certificate names no registered TPP (organizationIdentifier)")
}

// digestFits compares Digest with the body: SHA-256 or SHA-512 (RFC 3230).
func digestFits(sent string, body []byte) bool {
	name, value, _ := strings.Cut(sent, "=")
	var sum []byte
	switch strings.ToUpper(name) {
	case "SHA-256":
		h := sha256.Sum256(body)
		sum = h[:]
	case "SHA-512":
		h := sha512.Sum512(body)
		sum = h[:]
	}
	given, err := base64.StdEncoding.DecodeString(value)
	return err == nil && len(sum) > 0 && subtle.ConstantTimeCompare(sum, given) == 1
}

// verify checks the value of Signature.
func (rules *signing) verify(c *call, certificate *x509.Certificate) error {
	value := c.request.Header.Get("Signature")
	bare, word := strings.CutPrefix(value, "Signature ")
	if word != rules.word {
		return errors.New("the word Signature is missing before the value, or should not be there")
	}
	fields := map[string]string{}
	for _, m := range signatureField.FindAllStringSubmatch(bare, -1) {
		if _, repeated := fields[m[1]]; repeated { // draft-cavage-http-signatures-12 section 2.2
			return errors.New("Signature has a parameter twice: " + m[1])
		}
		fields[m[1]] = m[2]
	}
	if err := rules.checkKeyID(fields["keyId"], certificate); err != nil {
		return err
	}
	names := strings.Fields(strings.ToLower(fields["headers"]))
	if err := rules.checkNames(c, names); err != nil {
		return err
	}
	lines := make([]string, len(names))
	for i, name := range names {
		values := c.request.Header.Values(name)
		if len(values) == 0 {
			return errors.New("signed but not sent: " + name)
		}
		lines[i] = name + ": " + strings.TrimSpace(strings.Join(values, ", "))
	}
	signature, err := base64.StdEncoding.DecodeString(fields["signature"])
	if err != nil {
		return errors.New("signature is not base64")
	}
	return verifySignature(fields["algorithm"], certificate.PublicKey, []byte(strings.Join(lines, "\n")), signature)
}

// checkNames wants the headers that have to be signed, if and only if they are
// sent, and no others.
func (rules *signing) checkNames(c *call, names []string) error {
	want := []string{"digest", "x-request-id"}
	if rules.date {
		want = append(want, "date")
	}
	opening := c.request.Method == http.MethodPost && strings.HasSuffix(c.request.URL.Path, "/consents")
	for _, name := range []string{"psu-id", "psu-corporate-id", "tpp-redirect-uri"} {
		sent := c.request.Header.Get(name) != ""
		if rules.openingOnly && (name != "tpp-redirect-uri" || !opening) {
			continue
		}
		if sent {
			want = append(want, name)
		}
	}
	for _, name := range want {
		if !slices.Contains(names, name) {
			return errors.New("not signed: " + name)
		}
	}
	for i, name := range names {
		if !slices.Contains(want, name) && (name != "date" || c.request.Header.Get("Date") == "") || slices.Contains(names[:i], name) {
			return errors.New("not to be signed, or twice: " + name)
		}
	}
	return nil
}

// checkKeyID compares keyId with the certificate: its serial number in hex, and
// its issuer's name.
func (rules *signing) checkKeyID(id string, certificate *x509.Certificate) error {
	serial, issuer, both := strings.Cut(strings.TrimPrefix(id, "SN="), ","+rules.issuer+"=")
	number, isHex := new(big.Int).SetString(serial, 16)
	switch {
	case !strings.HasPrefix(id, "SN=") || !both || !isHex:
		return errors.New(`keyId has to be SN=…,` + rules.issuer + `=` + rules.nameForm())
	case strings.HasPrefix(issuer, "/") != (rules.slashed || rules.issuer == "DN"):
		return errors.New("the issuer's name in keyId is in another form than " + rules.nameForm())
	case number.Cmp(certificate.SerialNumber) != 0:
		return errors.New("keyId has another serial number than the certificate")
	case !slices.Equal(nameParts(issuer), nameParts(certificate.Issuer.String())):
		return errors.New("keyId has another issuer than the certificate: " + certificate.Issuer.String())
	}
	return nil
}

// nameForm shows how the issuer's name is written in keyId.
func (rules *signing) nameForm() string {
	switch {
	case rules.slashed:
		return "/CN=…/O=…"
	case rules.issuer == "DN":
		return "/O=…/CN=…"
	}
	return "CN=…,O=…"
}

// nameParts are the attributes of a distinguished name in any of its written
// forms and orders.
func nameParts(name string) []string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == ',' || r == '/' || r == '+' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	slices.Sort(parts)
	return parts
}

// verifySignature checks a signature of a registered algorithm.
func verifySignature(algorithm string, key crypto.PublicKey, input, signature []byte) error {
	sum256, sum512 := sha256.Sum256(input), sha512.Sum512(input)
	wrong := errors.New("the signature does not fit what was sent")
	switch k := key.(type) {
	case *rsa.PublicKey:
		if algorithm == "rsa-sha256" && rsa.VerifyPKCS1v15(k, crypto.SHA256, sum256[:], signature) == nil {
			return nil
		}
		if algorithm == "rsa-sha512" && rsa.VerifyPKCS1v15(k, crypto.SHA512, sum512[:], signature) == nil {
			return nil
		}
	case *ecdsa.PublicKey:
		if algorithm == "ecdsa-sha256" && ecdsa.VerifyASN1(k, sum256[:], signature) {
			return nil
		}
	}
	return wrong
}

// checkChannel looks at what a request is protected with: the line, its digest and
// its signature.
func checkChannel(s *Sandbox, c *call) error {
	h := c.bank.habit
	if code := h.refuses(c.service); code != "" {
		return unsigned(code, "TPP-Signature-Certificate", certificateWords[code])
	}
	if h.mtls {
		if c.request.TLS == nil || len(c.request.TLS.PeerCertificates) == 0 {
			return unsigned("CERTIFICATE_MISSING", "", "this bank answers with a client certificate alone, at another address")
		}
		if err := s.trust(c, c.request.TLS.PeerCertificates[0]); err != nil {
			return err
		}
	}
	if h.signing != nil || h.jws {
		if err := checkSignedOnce(c); err != nil {
			return err
		}
	}
	switch digest := c.request.Header.Get("Digest"); {
	case h.signing != nil:
		return s.signed(c, h.signing)
	case h.jws:
		return s.signedJWS(c)
	case digest != "" && !digestFits(digest, c.body):
		return formatError("Digest", "Digest is not the body's")
	}
	return nil
}
