package eidas

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
)

// Object identifiers of the extension (RFC 3739) and of what it states (ETSI EN 319 412-5
// section 4, TS 119 495 section 5.1).
var (
	qcStatementsID = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 3}
	qcCompliance   = asn1.ObjectIdentifier{0, 4, 0, 1862, 1, 1}
	qcType         = asn1.ObjectIdentifier{0, 4, 0, 1862, 1, 6}
	qcTypeSeal     = asn1.ObjectIdentifier{0, 4, 0, 1862, 1, 6, 2}
	qcTypeWeb      = asn1.ObjectIdentifier{0, 4, 0, 1862, 1, 6, 3}
	psd2           = asn1.ObjectIdentifier{0, 4, 0, 19495, 2}
	roleIDs        = asn1.ObjectIdentifier{0, 4, 0, 19495, 1}
)

// Statements are what a certificate states of its owner, and of itself (qcStatements).
type Statements struct {
	Compliance  bool   // it is a qualified one
	Kinds       []Kind // what it is for; none: it does not say
	Roles       []Role // of PSD2; a role of none of the known identifiers goes by its name
	Authority   string // the competent authority, by its name
	AuthorityID string // and by its identifier
}

// PSD2 reports whether they name the provider's roles and authority.
func (s Statements) PSD2() bool { return len(s.Roles) > 0 || s.AuthorityID != "" }

// qcStatement is QCStatement of RFC 3739 section 3.2.6.
type qcStatement struct {
	ID   asn1.ObjectIdentifier
	Info asn1.RawValue `asn1:"optional"`
}

// psd2Info is PSD2QcType of TS 119 495 annex A.
type psd2Info struct {
	Roles       []psd2Role
	Authority   string `asn1:"utf8"`
	AuthorityID string `asn1:"utf8"`
}

type psd2Role struct {
	ID   asn1.ObjectIdentifier
	Name string `asn1:"utf8"`
}

// statements are those of an application.
func (a Application) statements(qualified bool) Statements {
	return Statements{
		Compliance: qualified, Kinds: []Kind{a.Kind}, Roles: a.Roles, Authority: a.Authority, AuthorityID: AuthorityID(a.Identifier),
	}
}

// extension writes statements as an extension of a certificate or of a request for one.
func (s Statements) extension() (pkix.Extension, error) {
	var all []qcStatement
	if s.Compliance {
		all = append(all, qcStatement{ID: qcCompliance})
	}
	kinds := make([]asn1.ObjectIdentifier, len(s.Kinds))
	for i, kind := range s.Kinds {
		kinds[i] = map[Kind]asn1.ObjectIdentifier{QSealC: qcTypeSeal, QWAC: qcTypeWeb}[kind]
	}
	info := psd2Info{Authority: s.Authority, AuthorityID: s.AuthorityID}
	for _, role := range s.Roles {
		info.Roles = append(info.Roles, psd2Role{roleID(role), string(role)})
	}
	for _, one := range []struct {
		id   asn1.ObjectIdentifier
		info any
	}{{qcType, kinds}, {psd2, info}} {
		der, err := asn1.Marshal(one.info)
		if err != nil {
			return pkix.Extension{}, err
		}
		all = append(all, qcStatement{one.id, asn1.RawValue{FullBytes: der}})
	}
	value, err := asn1.Marshal(all)
	return pkix.Extension{Id: qcStatementsID, Value: value}, err
}

// roleID is a role's object identifier: they are numbered from 1.
func roleID(role Role) asn1.ObjectIdentifier {
	return append(slices.Clone(roleIDs), slices.Index(Roles, role)+1)
}

// StatementsOf reads what a certificate states; a zero value where it states nothing.
func StatementsOf(certificate *x509.Certificate) (Statements, error) {
	return statementsIn(certificate.Extensions)
}

func statementsIn(extensions []pkix.Extension) (Statements, error) {
	for _, extension := range extensions {
		if extension.Id.Equal(qcStatementsID) {
			return ParseStatements(extension.Value)
		}
	}
	return Statements{}, nil
}

// ParseStatements reads the value of the extension. Statements of other kinds are passed
// over; one of these kinds that cannot be read is an error.
func ParseStatements(der []byte) (s Statements, err error) {
	var all []qcStatement
	if err := unmarshal(der, &all); err != nil {
		return s, fmt.Errorf("qcStatements: %w", err)
	}
	for _, one := range all {
		switch {
		case one.ID.Equal(qcCompliance):
			s.Compliance = true
		case one.ID.Equal(qcType):
			err = s.readKinds(one.Info.FullBytes)
		case one.ID.Equal(psd2):
			err = s.readPSD2(one.Info.FullBytes)
		}
		if err != nil {
			return Statements{}, err
		}
	}
	return s, nil
}

func (s *Statements) readKinds(der []byte) error {
	var kinds []asn1.ObjectIdentifier
	if err := unmarshal(der, &kinds); err != nil {
		return fmt.Errorf("QcType: %w", err)
	}
	for _, id := range kinds {
		switch {
		case id.Equal(qcTypeSeal):
			s.Kinds = append(s.Kinds, QSealC)
		case id.Equal(qcTypeWeb):
			s.Kinds = append(s.Kinds, QWAC)
		}
	}
	return nil
}

func (s *Statements) readPSD2(der []byte) error {
	var info psd2Info
	if err := unmarshal(der, &info); err != nil {
		return fmt.Errorf("the statement of PSD2: %w", err)
	}
	s.Authority, s.AuthorityID = info.Authority, info.AuthorityID
	for _, role := range info.Roles {
		known := slices.IndexFunc(Roles, func(r Role) bool { return roleID(r).Equal(role.ID) })
		if known < 0 {
			s.Roles = append(s.Roles, Role(role.Name))
			continue
		}
		s.Roles = append(s.Roles, Roles[known])
	}
	return nil
}

// unmarshal reads DER with nothing after it.
func unmarshal(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err == nil && len(rest) > 0 {
		err = errors.New("something stands behind it")
	}
	return err
}
