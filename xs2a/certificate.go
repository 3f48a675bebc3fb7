package xs2a

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
)

// Transport returns the network a reach's exchanges go over, within the
// limits of Limit: with the certificate banks want to see (mTLS), and the
// authority its own sandbox is certified by. It connects to public addresses, and
// to those the profile names; to other machines through the reach's proxy, where
// there is one, and through no other, whatever the system's variables say.
func Transport(reach Reach) (http.RoundTripper, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes, transport.Proxy = maxHeader, nil
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if reach.MTLS && reach.TLSCertificate == "" {
		return nil, errors.New("the bank wants a certificate for connections, and there is none")
	}
	if reach.TLSCertificate != "" {
		pair, err := tls.X509KeyPair([]byte(reach.TLSCertificate), []byte(reach.TLSKey))
		if err != nil {
			return nil, fmt.Errorf("the certificate for connections: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if reach.RootCA != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM([]byte(reach.RootCA)) {
			return nil, errors.New("the additional authority is no certificate in PEM form")
		}
		config.RootCAs = pool
	}
	transport.TLSClientConfig = config
	direct := transport.Clone()
	dialling(direct, reach.Profile, nil)
	if reach.Proxy == (Proxy{}) {
		return Limit(direct), nil
	}
	proxied, err := through(reach.Proxy, transport)
	if err != nil {
		return nil, err
	}
	return Limit(routed{direct, proxied}), nil
}

// ParseCertificate reads the first certificate of a PEM text.
func ParseCertificate(text string) (*x509.Certificate, error) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, errors.New("no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
		}
		if block.Type == "CERTIFICATE" {
			return x509.ParseCertificate(block.Bytes)
		}
	}
}

// longestKey bounds a private key in DER form, in bytes; RSA of largestKey bits has some 9 KB. A key is reckoned with
// where it is read, which takes minutes where it is as long as a form may be.
const longestKey = 16 << 10

// ParseKey reads a private key in PEM form (PKCS#8, PKCS#1 or SEC 1).
func ParseKey(text string) (crypto.Signer, error) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, errors.New("no private key in PEM form (-----BEGIN PRIVATE KEY-----)")
		}
		if len(block.Bytes) > longestKey {
			return nil, fmt.Errorf("a private key of %d bytes, more than %d", len(block.Bytes), longestKey)
		}
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if signer, ok := key.(crypto.Signer); ok {
				return signer, nil
			}
		}
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key, nil
		}
		if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return key, nil
		}
	}
}

// KeyPair reads a certificate with its private key and refuses a key that
// belongs to another.
func KeyPair(certificate, key string) (*x509.Certificate, crypto.Signer, error) {
	cert, err := ParseCertificate(certificate)
	if err != nil {
		return nil, nil, err
	}
	signer, err := ParseKey(key)
	if err != nil {
		return nil, nil, err
	}
	public, comparable := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !comparable || !public.Equal(cert.PublicKey) {
		return nil, nil, errors.New("the private key does not belong to the certificate")
	}
	return cert, signer, nil
}
