package bank

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"slices"
	"time"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/eidas"
)

// Purpose is what an environment uses a certificate with its key for.
type Purpose string

const (
	ForSignatures  Purpose = "signatures"
	ForConnections Purpose = "connections"
)

// Purposes are both.
var Purposes = []Purpose{ForSignatures, ForConnections}

// Kind is the kind of certificate that a purpose wants.
func (p Purpose) Kind() eidas.Kind {
	if p == ForConnections {
		return eidas.QWAC
	}
	return eidas.QSealC
}

// of are the certificate and the key of an environment for the purpose.
func (p Purpose) of(e *storage.Environment) (certificate, key *string) {
	if p == ForConnections {
		return &e.TLSCertificate, &e.TLSKey
	}
	return &e.Certificate, &e.Key
}

// KeyPair is a private key that was made for an environment, without the key itself.
type KeyPair struct {
	Purpose     Purpose
	Application eidas.Application // what a certificate for it is asked for with
	Key         string            // what it is, as RSA 2048
	Request     []byte            // PKCS#10, DER
	Certificate string            // one for tests, PEM, with its authority's; empty without one
	InUse       bool              // the environment uses the key
	MadeAt      time.Time
}

// KeyPairs returns the key pairs that were made for an environment and wait for a
// certificate, by purpose.
func (r *Registry) KeyPairs(ctx context.Context, e storage.Environment) (map[Purpose]KeyPair, error) {
	stored, err := r.store.KeyPairs(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	pairs := map[Purpose]KeyPair{}
	for _, one := range stored {
		pair := KeyPair{Purpose: Purpose(one.Purpose), Request: one.Request, Certificate: one.Certificate, MadeAt: one.MadeAt}
		if err := json.Unmarshal(one.Application, &pair.Application); err != nil {
			return nil, err
		}
		request, err := x509.ParseCertificateRequest(one.Request)
		if err != nil {
			return nil, err
		}
		pair.Key = eidas.KeyName(request.PublicKey)
		certificate, _ := pair.Purpose.of(&e)
		if used, err := xs2a.ParseCertificate(*certificate); err == nil {
			pair.InUse = bytes.Equal(used.RawSubjectPublicKeyInfo, request.RawSubjectPublicKeyInfo)
		}
		pairs[pair.Purpose] = pair
	}
	return pairs, nil
}

// MakeKeyPair makes a private key for an environment, and the signing request for its
// certificate. One that was made before is replaced only where that is said; the key in
// use stays in use.
func (r *Registry) MakeKeyPair(ctx context.Context, environmentID string, purpose Purpose, algorithm eidas.Algorithm, a eidas.Application, replace bool) error {
	if _, err := r.own(ctx, environmentID); err != nil {
		return err
	}
	a.Kind = purpose.Kind()
	fields := checkApplication(a)
	if !slices.Contains(eidas.Algorithms, algorithm) {
		fields["algorithm"] = storage.Reason{Code: failure.ChooseFromList}
	}
	if err := notSaved(fields); err != nil {
		return err
	}
	key, err := eidas.MakeKey(algorithm)
	if err != nil {
		return err
	}
	signer, err := xs2a.ParseKey(key)
	if err != nil {
		return err
	}
	request, err := a.Request(signer)
	if err != nil {
		return err
	}
	application, err := json.Marshal(a)
	if err != nil {
		return err
	}
	err = r.store.AddKeyPair(ctx, storage.KeyPair{EnvironmentID: environmentID, Purpose: string(purpose), Application: application, Request: request}, key, replace)
	if errors.Is(err, storage.ErrKeyPairThere) {
		return notSaved(map[string]storage.Reason{"replace": {Code: failure.KeyThere}})
	}
	return err
}

// own returns an environment that a person may change.
func (r *Registry) own(ctx context.Context, environmentID string) (storage.Environment, error) {
	e, err := r.store.Environment(ctx, environmentID)
	if err == nil && (e.ID == SandboxID || r.IsPractice(e.ID)) {
		err = practiceStays
	}
	return e, err
}

// checkApplication returns what is wrong with each field of an application.
func checkApplication(a eidas.Application) map[string]storage.Reason {
	fields := map[string]storage.Reason{}
	missing := map[string]string{eidas.FieldIdentifier: failure.EnterIdentifier, eidas.FieldOrganisation: failure.EnterOrganisation,
		eidas.FieldCommonName: failure.EnterCommonName, eidas.FieldRoles: failure.ChooseRole, eidas.FieldAuthority: failure.EnterAuthority}
	wrong := map[string]storage.Reason{
		eidas.FieldIdentifier: {Code: failure.NotAnIdentifier, Name: a.Identifier}, eidas.FieldCountry: {Code: failure.NotACountry, Name: a.Country},
		eidas.FieldRoles: {Code: failure.ChooseFromList},
	}
	lengths := map[string]string{eidas.FieldIdentifier: a.Identifier, eidas.FieldOrganisation: a.Organisation, eidas.FieldCommonName: a.CommonName, eidas.FieldAuthority: a.Authority}
	for field, mistake := range a.Check() {
		switch mistake {
		case eidas.Missing:
			fields[field] = storage.Reason{Code: missing[field]}
		case eidas.TooLong:
			fields[field] = storage.Reason{Code: failure.TextTooLong, Number: len([]rune(lengths[field])), Of: eidas.Longest[field]}
		case eidas.NotShowable:
			fields[field] = storage.Reason{Code: failure.NotShowable}
		default:
			fields[field] = wrong[field]
		}
	}
	return fields
}

// RemoveKeyPair removes a key pair for which a certificate was to come. What the
// environment uses stays.
func (r *Registry) RemoveKeyPair(ctx context.Context, environmentID string, purpose Purpose) error {
	return r.store.RemoveKeyPair(ctx, environmentID, string(purpose))
}

// keyPair returns a key pair that was made for an environment, or ErrNotFound.
func (r *Registry) keyPair(ctx context.Context, environmentID string, purpose Purpose) (pair KeyPair, key string, err error) {
	e, err := r.own(ctx, environmentID)
	if err != nil {
		return pair, "", err
	}
	pairs, err := r.KeyPairs(ctx, e)
	if err != nil {
		return pair, "", err
	}
	pair, there := pairs[purpose]
	if !there {
		return pair, "", storage.ErrNotFound
	}
	key, err = r.store.PrivateKey(ctx, environmentID, string(purpose))
	return pair, key, err
}

// use has an environment use a certificate with its key from now on.
func (r *Registry) use(ctx context.Context, environmentID string, purpose Purpose, certificate, key string) error {
	return r.store.ChangeEnvironment(ctx, environmentID, xs2a.CountryName, func(e *storage.Environment) error {
		inUse, its := purpose.of(e)
		*inUse, *its = certificate, key
		return nil
	})
}

// certificatePEM writes a certificate in PEM form.
func certificatePEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
