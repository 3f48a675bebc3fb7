package xs2a

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"consentry/xs2a/httpsig"
)

// Profile is how a bank is spoken to: its dialect, where it lies, and what departs
// from the dialect. "{bank}" in a path, and in each address but that of the interface,
// stands for the bank's id, so that the banks of a platform have one profile. It holds
// no secret, and is comparable.
type Profile struct {
	Dialect string // name of a dialect, see Dialects

	APIURL    string      // base of the XS2A interface, without the services' prefixes
	AuthURL   string      // base of the authorisation server, without a path
	OAuth     OAuthServer // what the authorisation server does not tell itself
	MoreHosts string      // origins that belong to the bank beside those of the addresses here, between blanks
	Prefix    Prefixes

	Context    string // OAuth scope context, "private" or "corporate"; may be empty
	Login      Login  // what the bank wants before a consent is asked for
	ScopeBlank bool   // the bank wants "AIS: id" instead of "AIS:id" as the scope of an SCA

	Signing Signing // how requests are signed
	// KeyID is how HTTP signatures name the certificate; empty for what is usual
	// with the way of signing.
	KeyID httpsig.KeyIDForm
	MTLS  bool // the bank lets nobody connect without a certificate
	// PasswordKey is the bank's key for encrypted passwords: a certificate or
	// public key in PEM form, a JWK, or the address of a JWK set.
	PasswordKey string

	// WantsPSUID says that the bank takes no request for a consent or a payment without
	// the person's login (PSU-ID, BG 1.3.12 section 4.8).
	WantsPSUID bool
	// PSUIDType says which of several kinds of login a PSU-ID is, where the bank has
	// several (PSU-ID-Type, BG 1.3.12 section 4.8); in the bank's own words.
	PSUIDType string
	// NotificationURI is where the bank may tell that a status has changed, of a server of
	// the TPP that can be reached from outside (TPP-Notification-URI, BG 1.3.12 section
	// 4.12); empty: nowhere, its status is asked for.
	NotificationURI string

	Approaches string // in which ways the bank lets people approve, between blanks; for people
	Reports    string // in which forms it has transactions, between blanks, see Accept; empty: JSON
}

// The forms in which banks have transactions.
const (
	ReportJSON  = "json"
	ReportCamt  = "camt"
	ReportMT940 = "mt940"
)

// reportTypes are their media types (BG 1.3.12 section 6.4.4).
var reportTypes = map[string]string{ReportJSON: "application/json", ReportCamt: "application/xml", ReportMT940: "text/plain"}

// Accept returns the media types of the bank's reports, as a Call wants them; empty
// where JSON comes first.
func (p Profile) Accept() string {
	forms := strings.Fields(p.Reports)
	if len(forms) == 0 || forms[0] == ReportJSON {
		return ""
	}
	types := make([]string, len(forms))
	for i, form := range forms {
		types[i] = reportTypes[form]
	}
	return strings.Join(types, ", ")
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

// Within returns how many bytes of an address say that it leads to a bank's interface: those
// of the interface's address, and of the path before an operation where that stands there, too. 0: it
// leads elsewhere.
func (p Profile) Within(bank, address string) (longest int) {
	base := strings.TrimRight(forBank(p.APIURL, bank), "/")
	if base == "" {
		return 0
	}
	for _, service := range []Service{ASPSPInformation, ConsentService, AccountInformation, PaymentInitiation, ProductInformation} {
		prefix := cmp.Or(p.Prefix.in(service), Dialects[p.Dialect].Prefix.in(service))
		for _, begin := range []string{base, base + strings.TrimRight(strings.ReplaceAll(prefix, "{bank}", url.PathEscape(bank)), "/")} {
			rest, begins := strings.CutPrefix(address, begin)
			if begins && (rest == "" || strings.ContainsRune("/?", rune(rest[0]))) {
				longest = max(longest, len(begin))
			}
		}
	}
	return longest
}

// OAuthServer is what is known of a bank's authorisation server where it has no
// metadata, or leaves something out. Each may be empty; "{bank}" stands for the
// bank's id.
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

// addresses are all addresses a profile names, for a bank; "" stands for one that the
// bank's id cannot be filled into.
func (p Profile) addresses(bank string) []string {
	var filled []string
	for _, template := range append([]string{p.APIURL, p.AuthURL, p.OAuth.Authorization, p.OAuth.Token, p.OAuth.Issuer, p.PasswordKey}, strings.Fields(p.MoreHosts)...) {
		if strings.Contains(template, "://") {
			filled = append(filled, forBank(template, bank))
		}
	}
	return filled
}

// Leads reports whether a bank's id can be filled into each address.
func (p Profile) Leads(bank string) bool { return !slices.Contains(p.addresses(bank), "") }
