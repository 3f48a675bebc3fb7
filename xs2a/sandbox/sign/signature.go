package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Rules are what a bank demands of HTTP signatures (BG 1.3.12, Signature;
// draft-cavage-http-signatures-12).
type Rules struct {
	Date        bool   // Date has to be there and signed
	Issuer      string // the word before the issuer's name in keyId: CA or DN
	Slashed     bool   // after CA the name is on one line with slashes, as after DN: /CN=…/O=…
	Word        bool   // the value begins with the word Signature
	PEM         bool   // the certificate is sent as base64 of PEM rather than of DER
	OpeningOnly bool   // of tpp-redirect-uri and psu-id, only the first is signed, and only with POST /consents
}

// clockSkew is how far Date may be from the bank's clock.
const clockSkew = 5 * time.Minute

var signatureField = regexp.MustCompile(`([A-Za-z]+)="([^"]*)"`)

// HTTP looks at digest, certificate and signature of a request, in this order.
func (v Verifier) HTTP(r *http.Request, body []byte, rules *Rules) error {
	header := r.Header
	switch {
	case header.Get("Signature") == "":
		return unsigned("SIGNATURE_MISSING", "Signature", "this bank wants signed requests")
	case header.Get("TPP-Signature-Certificate") == "":
		return unsigned("CERTIFICATE_MISSING", "TPP-Signature-Certificate", "TPP-Signature-Certificate is missing")
	case header.Get("Digest") == "":
		return unsigned("SIGNATURE_INVALID", "Digest", "Digest is missing")
	}
	certificate, err := sentCertificate(header.Get("TPP-Signature-Certificate"), rules.PEM)
	if err != nil {
		return unsigned("CERTIFICATE_INVALID", "TPP-Signature-Certificate", err.Error())
	}
	if err := v.Trusted(certificate); err != nil {
		return err
	}
	if !DigestFits(header.Get("Digest"), body) {
		return unsigned("SIGNATURE_INVALID", "Digest", "Digest is not the body's")
	}
	if rules.Date {
		sent, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			return unsigned("SIGNATURE_INVALID", "Date", "Date is missing or has no form of HTTP's")
		}
		if age := v.RealTime.Sub(sent).Abs(); age > clockSkew {
			return &Fault{http.StatusBadRequest, "TIMESTAMP_INVALID", "Date", "Date is more than five minutes off"}
		}
	}
	if err := rules.verify(r, certificate); err != nil {
		return unsigned("SIGNATURE_INVALID", "Signature", err.Error())
	}
	return nil
}

// DigestFits reports whether Digest is the body's, by SHA-256 or SHA-512 (RFC 3230).
func DigestFits(sent string, body []byte) bool {
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
func (rules *Rules) verify(r *http.Request, certificate *x509.Certificate) error {
	value := r.Header.Get("Signature")
	bare, word := strings.CutPrefix(value, "Signature ")
	if word != rules.Word {
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
	if err := rules.checkNames(r, names); err != nil {
		return err
	}
	lines := make([]string, len(names))
	for i, name := range names {
		values := r.Header.Values(name)
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
func (rules *Rules) checkNames(r *http.Request, names []string) error {
	want := []string{"digest", "x-request-id"}
	if rules.Date {
		want = append(want, "date")
	}
	opening := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/consents")
	for _, name := range []string{"psu-id", "psu-corporate-id", "tpp-redirect-uri"} {
		sent := r.Header.Get(name) != ""
		if rules.OpeningOnly && (name != "tpp-redirect-uri" || !opening) {
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
		if !slices.Contains(want, name) && (name != "date" || r.Header.Get("Date") == "") || slices.Contains(names[:i], name) {
			return errors.New("not to be signed, or twice: " + name)
		}
	}
	return nil
}

// checkKeyID compares keyId with the certificate: its serial number in hex, and
// its issuer's name.
func (rules *Rules) checkKeyID(id string, certificate *x509.Certificate) error {
	serial, issuer, both := strings.Cut(strings.TrimPrefix(id, "SN="), ","+rules.Issuer+"=")
	number, isHex := new(big.Int).SetString(serial, 16)
	switch {
	case !strings.HasPrefix(id, "SN=") || !both || !isHex:
		return errors.New(`keyId has to be SN=…,` + rules.Issuer + `=` + rules.nameForm())
	case strings.HasPrefix(issuer, "/") != (rules.Slashed || rules.Issuer == "DN"):
		return errors.New("the issuer's name in keyId is in another form than " + rules.nameForm())
	case number.Cmp(certificate.SerialNumber) != 0:
		return errors.New("keyId has another serial number than the certificate")
	case !slices.Equal(nameParts(issuer), nameParts(certificate.Issuer.String())):
		return errors.New("keyId has another issuer than the certificate: " + certificate.Issuer.String())
	}
	return nil
}

// nameForm shows how the issuer's name is written in keyId.
func (rules *Rules) nameForm() string {
	switch {
	case rules.Slashed:
		return "/CN=…/O=…"
	case rules.Issuer == "DN":
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
