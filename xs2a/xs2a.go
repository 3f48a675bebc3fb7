// Package xs2a speaks to banks through their PSD2 XS2A interfaces.
//
// A [Client] performs single exchanges with the banks of one [Environment]:
// it sets the headers that apply, authenticates, signs, sends, and turns the
// answer into a typed value or an [*Error]. It keeps no state but access
// tokens and decides nothing about the order of calls; what comes next in an
// SCA process is told by the pure function [NextStep].
//
// Banks differ. A [Dialect] is a value that says where one family of banks
// departs from the Berlin Group's NextGenPSD2 framework; an environment names
// its dialect, so a further bank of a known dialect needs no code.
//
// What banks send is hostile until shown otherwise: answers are bounded in
// size, decoded field by field, and kept raw beside the fields understood.
// What goes over the wire is kept by package record, which is told the secrets
// of each flow and nothing else of the client.
// Clauses are cited as "BG" (NextGenPSD2 Implementation Guidelines 1.3.x) and
// "OP" (Open Payments Europe 1.3.3).
package xs2a

import (
	"context"
	"net/http"

	"consentry/xs2a/httpsig"
)

// Environment is the set of hosts, credentials and rules with which a group
// of banks is reached. The zero value reaches nothing. It is comparable, so
// that a changed environment is another one.
type Environment struct {
	Dialect      string // name of a dialect, see Dialects
	AuthURL      string // base of the authorisation server, without a path
	APIURL       string // base of the XS2A interface, without the services' prefixes
	Prefix       Prefixes
	ClientID     string // OAuth client, or the organisation identifier of the certificate
	ClientSecret string
	Context      string      // OAuth scope context, "private" or "corporate"; may be empty
	Login        Login       // what the bank wants before a consent is asked for
	ScopeBlank   bool        // the bank wants "AIS: id" instead of "AIS:id" as the scope of an SCA
	OAuth        OAuthServer // what the banks' authorisation servers do not tell themselves
	MoreHosts    string      // origins that belong to the banks beside those of the addresses here, between blanks

	Signing     Signing // how requests are signed
	Certificate string  // PEM, for signatures (QSealC)
	Key         string  // PEM, of that certificate
	// KeyID is how HTTP signatures name the certificate; empty for what is usual
	// with the way of signing.
	KeyID httpsig.KeyIDForm

	TLSCertificate string // PEM, shown when connecting (QWAC); empty for none
	TLSKey         string // PEM
	RootCA         string // PEM of an authority trusted beside the system's; for banks' sandboxes
	// PasswordKey is the bank's key for encrypted passwords: a certificate or
	// public key in PEM form, a JWK, or the address of a JWK set, in which
	// "{bank}" stands for the bank's id.
	PasswordKey string
}

// Prefixes are the paths between host and operation, per service. An empty one
// means the dialect's own. "{bank}" stands for the bank's id.
type Prefixes struct {
	Directory string
	Consents  string
	Accounts  string
	Payments  string
	Products  string
}

// OAuthServer is what an environment knows of its banks' authorisation servers,
// where these have no metadata, or leave something out. Each may be empty;
// "{bank}" stands for the bank's id.
type OAuthServer struct {
	Authorization string // address of the page at which a person approves
	Token         string // address at which codes and tokens are exchanged
	Issuer        string // the name the server gives itself (RFC 8414 section 2); it counts before what metadata say
}

// Login says which access token a bank wants with the request for a consent.
type Login string

// What banks want before a consent is asked for.
const (
	LoginDefault Login = ""       // as the dialect does
	LoginNone    Login = "none"   // nothing but the certificate
	LoginClient  Login = "client" // a token of the TPP's own (RFC 6749 section 4.4)
	LoginPerson  Login = "person" // a token of the person's (BG 1.3.12 section 5.1: OAuth2 as a pre-step)
)

// Signing names a way to sign requests.
type Signing string

// The ways to sign requests.
const (
	SignNothing      Signing = ""
	SignHTTP         Signing = "httpsig"       // Digest, Signature, TPP-Signature-Certificate (BG 1.3.12 section 12)
	SignHTTPDate     Signing = "httpsig-date"  // the same with Date
	SignSaltEdge     Signing = "saltedge"      // the same with Date and Salt Edge's key id
	SignSaltEdgeWord Signing = "saltedge-word" // the same with the word Signature before the value, and the certificate as PEM
	SignDetached     Signing = "jws"           // x-jws-signature (ETSI TS 119 182-1)
)

// Call is what goes along with a request beyond its body: which bank it is
// for, under which consent, and whether the person is present.
type Call struct {
	BIC               string // the ASPSP addressed, by BIC or the environment's own id for it
	AffiliatedASPSPID string // one of several banks behind the BIC (OP: X-AffiliatedASPSP-ID)
	ConsentID         string // the bank's id of the consent; set on account calls only
	Token             string // the person's access token, where OAuth gave one; secret
	// Renew gives the person's access token as it stands now, instead of Token; of
	// one that the bank refused, it gives another, or the same where there is
	// none. Nil: Token is all there is.
	Renew       func(ctx context.Context, refused string) (string, error)
	PSU         *PSU   // nil when the person did not ask for this call
	PSUID       string // how the bank knows the person, where it wants to be told
	CorporateID string // the same for a company
	Decoupled   bool   // the person approves on another device (OP: said on every call)
	Accept      string // the media types asked for; empty: JSON
	// At is where the bank says that what the call is about lies.
	At Addresses
	// RequestID is the X-Request-ID, a UUID. The repeat of a request carries
	// the id of the original (BG 1.3.12 section 4.9); empty draws a new one.
	RequestID string
}

// PSU describes the person's side of an attended call: what their browser said
// to the program (BG 1.3.12 section 4.8). Its presence tells the bank that the
// person asked for the call. Fields that are not known stay empty and are not
// sent; where the person is, the program never knows.
type PSU struct {
	IPAddress      string // required, textual IPv4 or IPv6 address
	IPPort         string
	Accept         string
	AcceptCharset  string
	AcceptEncoding string
	AcceptLanguage string
	UserAgent      string
	HTTPMethod     string
	DeviceID       string // UUID of this installation
}

// setHeader forwards what is known of the person.
func (p PSU) setHeader(h http.Header) {
	for _, field := range []struct{ name, value string }{
		{"PSU-IP-Address", p.IPAddress}, {"PSU-IP-Port", p.IPPort}, {"PSU-Accept", p.Accept},
		{"PSU-Accept-Charset", p.AcceptCharset}, {"PSU-Accept-Encoding", p.AcceptEncoding},
		{"PSU-Accept-Language", p.AcceptLanguage}, {"PSU-User-Agent", p.UserAgent},
		{"PSU-Http-Method", p.HTTPMethod}, {"PSU-Device-ID", p.DeviceID},
	} {
		if field.value != "" {
			h.Set(field.name, field.value)
		}
	}
}
