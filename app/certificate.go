package app

import (
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"consentry/storage"
	"consentry/xs2a"
)

// ReadPKCS12 takes a certificate with its private key out of a PKCS#12 file
// (.p12, .pfx) and returns both in PEM form. A message for the person comes back
// where the password is wrong or the file is another kind.
func ReadPKCS12(file []byte, password string) (certificate, key string, err error) {
	private, cert, chain, err := pkcs12.DecodeChain(file, password)
	if err != nil {
		return "", "", &Error{Message: "The file could not be opened.", Do: "Check the password, and that it is a PKCS#12 file (.p12 or .pfx).", Detail: err.Error(), Cause: err}
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", &Error{Message: "The private key in the file is of a kind that is not supported.", Detail: err.Error(), Cause: err}
	}
	var b strings.Builder
	for _, c := range append([]*x509.Certificate{cert}, chain...) {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return b.String(), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})), nil
}

// signs reports whether requests to some bank of an environment are signed.
func signs(e *storage.Environment) bool {
	return e.Profile.Signing != xs2a.SignNothing ||
		slices.ContainsFunc(e.Banks, func(bank storage.Bank) bool { return bank.Profile.Signing != xs2a.SignNothing })
}

// checkCertificates returns a message for each field that holds no usable
// certificate or key.
func checkCertificates(e *storage.Environment) map[string]string {
	fields := map[string]string{}
	pair := func(certificate, key, field string, wanted bool) {
		if certificate == "" && key == "" {
			if wanted {
				fields[field] = "Signing needs a certificate with its private key."
			}
			return
		}
		if _, _, err := xs2a.KeyPair(certificate, key); err != nil {
			fields[field] = "This certificate cannot be used: " + err.Error() + "."
		}
	}
	pair(e.Certificate, e.Key, "certificate", signs(e))
	pair(e.TLSCertificate, e.TLSKey, "tls_certificate", false)
	for field, text := range map[string]string{"root_ca": e.RootCA} {
		if text == "" {
			continue
		}
		if _, err := xs2a.ParseCertificate(text); err != nil {
			fields[field] = "This is no certificate in PEM form."
		}
	}
	return fields
}
