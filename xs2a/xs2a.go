// Package xs2a speaks to banks through their PSD2 XS2A interfaces.
//
// A [Client] performs single exchanges with the banks of one [Environment]:
// it sets the headers that apply, authenticates, sends, and turns the answer
// into a typed value or an [*Error]. It keeps no state but access tokens and
// decides nothing about the order of calls; what comes next in an SCA process
// is told by the pure function [NextStep].
//
// Banks differ. A [Dialect] is a value that says where one family of banks
// departs from the Berlin Group's NextGenPSD2 framework; an environment names
// its dialect, so a further bank of a known dialect needs no code.
//
// What banks send is hostile until shown otherwise: answers are bounded in
// size, decoded field by field, and kept raw beside the fields understood.
// Clauses are cited as "BG" (NextGenPSD2 Implementation Guidelines 1.3.x) and
// "OP" (Open Payments Europe 1.3.3).
package xs2a

// Environment is the set of hosts, credentials and rules with which a group
// of banks is reached. The zero value reaches nothing.
type Environment struct {
	Dialect      string // name of a dialect, see Dialects
	AuthURL      string // base of the authorisation server, without a path
	APIURL       string // base of the XS2A interface, without the services' prefixes
	ClientID     string
	ClientSecret string
	Context      string // OAuth scope context, "private" or "corporate"; may be empty
}

// Call is what goes along with a request beyond its body: which bank it is
// for, under which consent, and whether the person is present.
type Call struct {
	BIC               string // the ASPSP addressed (OP: X-BicFi)
	AffiliatedASPSPID string // one of several banks behind the BIC (OP: X-AffiliatedASPSP-ID)
	ConsentID         string // the bank's id of the consent; set on account calls only
	PSU               *PSU   // nil when the person did not ask for this call
	// RequestID is the X-Request-ID, a UUID. The repeat of a request carries
	// the id of the original (BG 1.3.12 section 4.9); empty draws a new one.
	RequestID string
}

// PSU describes the person's side of an attended call (BG 1.3.12 section 4.8).
// Its presence tells the bank that the person asked for the call.
type PSU struct {
	IPAddress string // required, textual IPv4 or IPv6 address
	UserAgent string
}
