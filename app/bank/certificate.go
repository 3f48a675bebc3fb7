package bank

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// ReadPKCS12 takes a certificate with its private key out of a PKCS#12 file
// (.p12, .pfx) and returns both in PEM form, or a *failure.Error where the password is
// wrong or the file is another kind.
func ReadPKCS12(file []byte, password string) (certificate, key string, err error) {
	if err := checkRounds(file); err != nil {
		return "", "", failure.New(failure.CertificateNotOpened).By(err)
	}
	var private any
	var cert *x509.Certificate
	var chain []*x509.Certificate
	err = opened(func() (err error) {
		private, cert, chain, err = pkcs12.DecodeChain(file, password)
		return err
	})
	if err != nil {
		return "", "", failure.New(failure.CertificateNotOpened).By(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", failure.New(failure.KeyUnsupported).By(err)
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

// Certificates lists the certificates of the environments that are not for practice.
func (r *Registry) Certificates(ctx context.Context) ([]storage.EnvironmentCertificates, error) {
	all, err := r.store.EnvironmentCertificates(ctx)
	return slices.DeleteFunc(all, func(e storage.EnvironmentCertificates) bool { return r.IsPractice(e.EnvironmentID) }), err
}

// NeedsCertificate reports whether requests to some bank of an environment are signed, and
// it has nothing to sign them with yet.
func NeedsCertificate(e storage.Environment) bool { return e.Certificate == "" && signs(&e) }

// checkCertificates returns what is wrong with each field that holds no usable
// certificate or key. The one for signatures may be missing where it is to come later.
func checkCertificates(e *storage.Environment, later bool) map[string]storage.Reason {
	fields := map[string]storage.Reason{}
	pair := func(certificate, key, field string, wanted bool) {
		if certificate == "" && key == "" {
			if wanted {
				fields[field] = storage.Reason{Code: failure.NeedsCertificate}
			}
			return
		}
		if _, _, err := xs2a.KeyPair(certificate, key); err != nil {
			fields[field] = storage.Reason{Code: failure.BadCertificate, Text: err.Error()}
		}
	}
	pair(e.Certificate, e.Key, "certificate", signs(e) && !later)
	pair(e.TLSCertificate, e.TLSKey, "tls_certificate", false)
	for field, text := range map[string]string{"root_ca": e.RootCA} {
		if text == "" {
			continue
		}
		if _, err := xs2a.ParseCertificate(text); err != nil {
			fields[field] = storage.Reason{Code: failure.NotPEM}
		}
	}
	return fields
}
