package bank

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/eidas"
)

// Issued is a certificate that somebody issued for a key of an environment. It belongs to
// the key, and its time is not over; what else is odd about it stands here.
type Issued struct {
	PEM         string // with those behind it
	Certificate *x509.Certificate
	Statements  eidas.Statements
	Unreadable  error              // why its statements could not be read; nil where they could
	Asked       *eidas.Application // what it was asked for with; nil for the key in use, of which that is not known
	Kind        eidas.Kind         // what it is to be used for
	NotYet      bool               // its time has not begun
	made        bool               // it is of the key that was made for it, and not of the one in use
	key         string
}

// MissingRoles are those that were asked for and are not stated.
func (i Issued) MissingRoles() []eidas.Role {
	if i.Asked == nil {
		return nil
	}
	var missing []eidas.Role
	for _, role := range i.Asked.Roles {
		if !slices.Contains(i.Statements.Roles, role) {
			missing = append(missing, role)
		}
	}
	return missing
}

// OtherOwner reports whether it names another organisation than was asked for.
func (i Issued) OtherOwner() bool {
	return i.Asked != nil && eidas.Organisation(i.Certificate.Subject) != i.Asked.Identifier
}

// OtherKind reports whether it says that it is for something else.
func (i Issued) OtherKind() bool {
	return len(i.Statements.Kinds) > 0 && !slices.Contains(i.Statements.Kinds, i.Kind)
}

// Look reads a certificate that was issued for an environment, in PEM or DER form, and
// holds it to the key that was made for it, or else to the one in use.
func (r *Registry) Look(ctx context.Context, environmentID string, purpose Purpose, given []byte) (Issued, error) {
	e, err := r.own(ctx, environmentID)
	if err != nil {
		return Issued{}, err
	}
	all, err := certificatesIn(given)
	if err != nil {
		return Issued{}, failure.Unchanged(oneField("certificate", err.Error()))
	}
	issued := Issued{Kind: purpose.Kind()}
	if err := r.findKey(ctx, e, purpose, all, &issued); err != nil {
		return Issued{}, err
	}
	if issued.Certificate == nil {
		return Issued{}, failure.Unchanged(oneField("certificate", failure.OtherKey))
	}
	now := r.now()
	if now.After(issued.Certificate.NotAfter) {
		return Issued{}, failure.Unchanged(oneField("certificate", failure.CertificateOver))
	}
	issued.NotYet = now.Before(issued.Certificate.NotBefore)
	issued.Statements, issued.Unreadable = eidas.StatementsOf(issued.Certificate)
	return issued, nil
}

// findKey finds which certificate is of a key of the environment. It comes first then:
// providers send chains in any order.
func (r *Registry) findKey(ctx context.Context, e storage.Environment, purpose Purpose, all []*x509.Certificate, issued *Issued) error {
	keys := map[bool]string{} // the one that was made, and the one in use
	pair, made, err := r.keyPair(ctx, e.ID, purpose)
	switch {
	case err == nil:
		keys[true] = made
	case !errors.Is(err, storage.ErrNotFound):
		return err
	}
	_, inUse := purpose.of(&e)
	keys[false] = *inUse
	for _, isMade := range []bool{true, false} {
		signer, err := xs2a.ParseKey(keys[isMade])
		if err != nil {
			continue // there is none
		}
		at := slices.IndexFunc(all, func(c *x509.Certificate) bool { return eidas.Belongs(c.PublicKey, signer) })
		if at < 0 {
			continue
		}
		issued.Certificate, issued.made, issued.key = all[at], isMade, keys[isMade]
		if isMade {
			issued.Asked = &pair.Application
		}
		text := certificatePEM(all[at].Raw)
		for i, other := range all {
			if i != at {
				text += certificatePEM(other.Raw)
			}
		}
		issued.PEM = text
		return nil
	}
	return nil
}

// UseIssued has an environment use an issued certificate with its key from now on. A key
// that was made for it waits for nothing more, and is kept with the environment alone.
func (r *Registry) UseIssued(ctx context.Context, environmentID string, purpose Purpose, given []byte) error {
	issued, err := r.Look(ctx, environmentID, purpose, given)
	if err != nil {
		return err
	}
	if err := r.use(ctx, environmentID, purpose, issued.PEM, issued.key); err != nil || !issued.made {
		return err
	}
	return r.RemoveKeyPair(ctx, environmentID, purpose)
}

// mostChained bounds the certificates of a file.
const mostChained = 20

// certificatesIn reads certificates in PEM form, or one in DER form. The error is the code
// of a failure.
func certificatesIn(given []byte) (all []*x509.Certificate, err error) {
	if HoldsPrivateKey(string(given)) {
		return nil, errors.New(failure.KeyMisplaced)
	}
	if !bytes.Contains(given, []byte("-----BEGIN ")) {
		certificate, err := x509.ParseCertificate(given)
		if err != nil {
			return nil, errors.New(failure.NoCertificateThere)
		}
		return []*x509.Certificate{certificate}, nil
	}
	for rest := given; len(all) < mostChained; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New(failure.NoCertificateThere)
		}
		all = append(all, certificate)
	}
	if len(all) == 0 {
		return nil, errors.New(failure.NoCertificateThere)
	}
	return all, nil
}

// ShortestPassphrase is how many characters seal a key at least.
const ShortestPassphrase = 12

// sealing derives the key from the passphrase in so many rounds; a file is made at the
// wish of a person, and may take the tenth of a second.
var sealing = pkcs12.Modern2023.WithIterations(200_000)

// SaveKey returns the key of an environment with its certificate as a PKCS#12 file, sealed
// with a passphrase: the one in use, or else the one that was made, with its certificate
// for tests.
func (r *Registry) SaveKey(ctx context.Context, environmentID string, purpose Purpose, passphrase string) ([]byte, error) {
	if len([]rune(strings.TrimSpace(passphrase))) < ShortestPassphrase {
		return nil, failure.Unchanged(map[string]storage.Reason{"passphrase": {Code: failure.PassphraseShort, Of: ShortestPassphrase}})
	}
	e, err := r.own(ctx, environmentID)
	if err != nil {
		return nil, err
	}
	certificate, key := purpose.of(&e)
	if *key == "" {
		pair, made, err := r.keyPair(ctx, environmentID, purpose)
		if err != nil {
			return nil, err
		}
		*certificate, *key = pair.Certificate, made
	}
	all, err := certificatesIn([]byte(*certificate))
	if err != nil {
		return nil, storage.ErrNotFound
	}
	signer, err := xs2a.ParseKey(*key)
	if err != nil {
		return nil, err
	}
	return sealing.Encode(signer, all[0], all[1:], passphrase)
}

// oneField is what is wrong with one field.
func oneField(name, code string) map[string]storage.Reason {
	return map[string]storage.Reason{name: {Code: code}}
}
