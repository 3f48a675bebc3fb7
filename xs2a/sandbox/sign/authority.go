package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"time"
	"unicode/utf8"
)

// Issued is what the practice authority made of a signing request.
type Issued struct {
	Certificate  string // PEM
	Organisation string // organizationIdentifier
	Name         string // of the organisation
}

var (
	qcStatements = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 3}
	psd2         = asn1.ObjectIdentifier{0, 4, 0, 19495, 2}
	qcCompliance = asn1.ObjectIdentifier{0, 4, 0, 1862, 1, 1}
	psd2Role     = asn1.ObjectIdentifier{0, 4, 0, 19495, 1}
	copied       = []asn1.ObjectIdentifier{{2, 5, 29, 15}, {2, 5, 29, 37}} // usage of the key, and extended

	authorisation = regexp.MustCompile(`^PSD([A-Z]{2}-[A-Z]{2,8})-[!-~]+$`) // TS 119 495 section 5.2.1
)

// statement is QCStatement (RFC 3739 section 3.2.6).
type statement struct {
	ID   asn1.ObjectIdentifier
	Info asn1.RawValue `asn1:"optional"`
}

// Issue signs what a signing request (PKCS#10, DER) asks for, as a provider's authority for
// tests does: the certificate says that it is for tests, and is valid from one time to
// another. An error says what of the request is wrong.
func (v *Vault) Issue(request []byte, from, until time.Time) (Issued, error) {
	asked, err := x509.ParseCertificateRequest(request)
	if err != nil {
		return Issued{}, fmt.Errorf("it is no signing request: %w", err)
	}
	if !strong(asked.PublicKey) {
		return Issued{}, errors.New("the key is neither RSA of 2048 to 16384 bits nor ECDSA on P-256")
	}
	if err := asked.CheckSignature(); err != nil {
		return Issued{}, fmt.Errorf("it is not signed with its own key: %w", err)
	}
	organisation := ""
	for _, name := range asked.Subject.Names {
		if name.Type.Equal(organizationIdentifier) {
			organisation, _ = name.Value.(string)
		}
	}
	parts := authorisation.FindStringSubmatch(organisation)
	if parts == nil || len(organisation) > longestName {
		return Issued{}, fmt.Errorf("organizationIdentifier %q is no authorisation number of PSD2", organisation)
	}
	name := organisation
	if len(asked.Subject.Organization) > 0 {
		name = asked.Subject.Organization[0]
	}
	if utf8.RuneCountInString(name) > longestName {
		return Issued{}, fmt.Errorf("the name of the organisation has more than %d characters", longestName)
	}
	extensions, err := granted(asked.Extensions, parts[1])
	if err != nil {
		return Issued{}, err
	}
	certificate, err := v.signFor(asked, organisation, extensions, from, until)
	return Issued{certificate, organisation, name}, err
}

// largestRSA bounds a modulus, in bits: reckoning with one that fills a request takes long.
const largestRSA = 16384

// longestName bounds what a certificate calls an organisation (X.520 upper bounds).
const longestName = 64

func strong(key crypto.PublicKey) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= 2048 && k.N.BitLen() <= largestRSA
	case *ecdsa.PublicKey:
		return k.Curve == elliptic.P256()
	}
	return false
}

// granted are the extensions that are copied from a request. That a certificate is
// qualified is not said of one for tests.
func granted(asked []pkix.Extension, authority string) (all []pkix.Extension, err error) {
	named := false
	for _, extension := range asked {
		for _, id := range copied {
			if extension.Id.Equal(id) {
				all = append(all, extension)
			}
		}
		if !extension.Id.Equal(qcStatements) {
			continue
		}
		var stated, kept []statement
		if rest, err := asn1.Unmarshal(extension.Value, &stated); err != nil || len(rest) > 0 {
			return nil, errors.New("its qcStatements cannot be read")
		}
		for _, one := range stated {
			if one.ID.Equal(psd2) {
				named = true
				if err := checkPSD2(one.Info.FullBytes, authority); err != nil {
					return nil, err
				}
			}
			if !one.ID.Equal(qcCompliance) {
				kept = append(kept, one)
			}
		}
		if extension.Value, err = asn1.Marshal(kept); err != nil {
			return nil, err
		}
		all = append(all, extension)
	}
	if !named {
		return nil, errors.New("it has no qcStatement of PSD2 (0.4.0.19495.2)")
	}
	return all, nil
}

// checkPSD2 wants roles by their identifiers with their names, and the authority of the
// authorisation number (TS 119 495 section 5.1).
func checkPSD2(der []byte, authority string) error {
	var info struct {
		Roles []struct {
			ID   asn1.ObjectIdentifier
			Name string `asn1:"utf8"`
		}
		Name string `asn1:"utf8"`
		ID   string `asn1:"utf8"`
	}
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 {
		return errors.New("its qcStatement of PSD2 cannot be read")
	}
	names := []string{"PSP_AS", "PSP_PI", "PSP_AI", "PSP_IC"}
	for _, role := range info.Roles {
		last := len(role.ID) - 1
		known := last == len(psd2Role) && role.ID[:last].Equal(psd2Role) && role.ID[last] >= 1 && role.ID[last] <= len(names)
		if !known || names[role.ID[last]-1] != role.Name {
			return fmt.Errorf("there is no role %s called %q", role.ID, role.Name)
		}
	}
	switch {
	case len(info.Roles) == 0:
		return errors.New("its qcStatement of PSD2 names no role")
	case info.Name == "" || info.ID != authority:
		return fmt.Errorf("its qcStatement of PSD2 names the authority %q (%s), its organizationIdentifier %s", info.Name, info.ID, authority)
	}
	return nil
}

func (v *Vault) signFor(asked *x509.CertificateRequest, organisation string, extensions []pkix.Extension, from, until time.Time) (string, error) {
	ca, err := readAuthority(v.CA, v.CAKey)
	if err != nil {
		return "", err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return "", err
	}
	if until.After(ca.certificate.NotAfter) {
		until = ca.certificate.NotAfter
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial.SetBit(serial, 126, 1), NotBefore: from, NotAfter: until, DNSNames: asked.DNSNames, BasicConstraintsValid: true,
		Subject: pkix.Name{
			Country: asked.Subject.Country, Organization: asked.Subject.Organization, OrganizationalUnit: []string{"TEST CERTIFICATE"},
			CommonName: asked.Subject.CommonName, ExtraNames: []pkix.AttributeTypeAndValue{{Type: organizationIdentifier, Value: organisation}},
		},
		ExtraExtensions: extensions,
	}, ca.certificate, asked.PublicKey, ca.key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
}

// authority is a certificate that signs others, with its key.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func readAuthority(certificate, key string) (a authority, err error) {
	damaged := errors.New("the practice authority's certificate is damaged")
	certificateBlock, _ := pem.Decode([]byte(certificate))
	keyBlock, _ := pem.Decode([]byte(key))
	if certificateBlock == nil || keyBlock == nil {
		return a, damaged
	}
	if a.certificate, err = x509.ParseCertificate(certificateBlock.Bytes); err != nil {
		return a, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return a, err
	}
	signer, is := parsed.(crypto.Signer)
	if !is {
		return a, damaged
	}
	a.key = signer
	return a, nil
}
