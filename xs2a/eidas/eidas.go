// Package eidas makes and reads what a payment service provider shows itself with under
// PSD2: private keys, signing requests, qcStatements, and certificates to test with.
//
// A QWAC is a certificate for connections, a QSealC one for signatures (ETSI TS 119 495).
// Qualified ones are issued by trust service providers alone: what is made here is a
// request for one, or a certificate that says of itself that it is for tests. The
// package knows no network, no store and no screen.
package eidas

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what a certificate is for.
type Kind int

const (
	QSealC Kind = iota // for signatures
	QWAC               // for connections
)

// Role is what a provider is authorised to do (TS 119 495 section 4.2).
type Role string

const (
	AccountServicing   Role = "PSP_AS"
	PaymentInitiation  Role = "PSP_PI"
	AccountInformation Role = "PSP_AI"
	CardIssuing        Role = "PSP_IC"
)

// Roles are all there are, in the order of their object identifiers.
var Roles = []Role{AccountServicing, PaymentInitiation, AccountInformation, CardIssuing}

// Application is what a certificate is asked for with.
type Application struct {
	Kind         Kind
	Identifier   string // organizationIdentifier: PSDSE-FINA-12345
	Organisation string // the legal name
	Country      string // ISO 3166 alpha-2, of the organisation
	CommonName   string // of a QWAC the host, where there is one
	Roles        []Role
	Authority    string // the name of the competent authority that authorised the provider
	Qualified    bool   // QcCompliance is asked for; a test certificate never says so
}

// What can be wrong with an application, by the name of its field.
const (
	FieldIdentifier   = "identifier"
	FieldOrganisation = "organisation"
	FieldCountry      = "country"
	FieldCommonName   = "common_name"
	FieldRoles        = "roles"
	FieldAuthority    = "authority"
)

// Mistake is why a field of an application cannot be used.
type Mistake int

const (
	Missing     Mistake = iota + 1
	TooLong             // longer than Longest
	WrongForm           // it is none of what the field takes
	NotShowable         // it holds control characters
)

// Longest is the most characters of a field (X.520 upper bounds, TS 119 495 section 5.1).
var Longest = map[string]int{FieldIdentifier: 64, FieldOrganisation: 64, FieldCommonName: 64, FieldAuthority: 256}

// identifier is an authorisation number of PSD2: the country and the letters of the
// authority, and its number of the provider (TS 119 495 section 5.2.1).
var identifier = regexp.MustCompile(`^PSD([A-Z]{2})-([A-Z]{2,8})-([!-~]+)$`)

// AuthorityID is how the qcStatement names the authority that an organizationIdentifier
// names, such as SE-FINA; empty where it is of another form.
func AuthorityID(organisation string) string {
	parts := identifier.FindStringSubmatch(organisation)
	if parts == nil {
		return ""
	}
	return parts[1] + "-" + parts[2]
}

var country = regexp.MustCompile(`^[A-Z]{2}$`)

// Check returns what is wrong with an application, by field.
func (a Application) Check() map[string]Mistake {
	wrong := map[string]Mistake{}
	for field, text := range map[string]string{
		FieldIdentifier: a.Identifier, FieldOrganisation: a.Organisation, FieldCommonName: a.CommonName, FieldAuthority: a.Authority,
	} {
		switch {
		case text == "":
			wrong[field] = Missing
		case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }):
			wrong[field] = NotShowable
		case len([]rune(text)) > Longest[field]:
			wrong[field] = TooLong
		}
	}
	if wrong[FieldIdentifier] == 0 && AuthorityID(a.Identifier) == "" {
		wrong[FieldIdentifier] = WrongForm
	}
	if !country.MatchString(a.Country) {
		wrong[FieldCountry] = WrongForm
	}
	if len(a.Roles) == 0 {
		wrong[FieldRoles] = Missing
	}
	if slices.ContainsFunc(a.Roles, func(role Role) bool { return !slices.Contains(Roles, role) }) {
		wrong[FieldRoles] = WrongForm
	}
	return wrong
}
