package bank

import (
	"time"

	"consentry/xs2a/sandbox/people"
	"consentry/xs2a/sandbox/sign"
)

// Approach is how a person authorises (ASPSP-SCA-Approach, BG 1.3.12).
type Approach string

const (
	ByMethod    Approach = "" // the method that is chosen decides
	ByRedirect  Approach = "REDIRECT"
	ByOAuth     Approach = "OAUTH" // integrated OAuth SCA; the header calls it REDIRECT
	ByDecoupled Approach = "DECOUPLED"
	ByEmbedded  Approach = "EMBEDDED"
)

// Header returns the value of ASPSP-SCA-Approach; "" while it is open.
func (a Approach) Header() string {
	if a == ByOAuth {
		return string(ByRedirect)
	}
	return string(a)
}

// Behaviour is what a bank of the Berlin Group's dialects does in a way of its own.
// The zero value is a bank that does everything the plainest way.
type Behaviour struct {
	Words string // for people: what is to be practised here

	Approach Approach
	Ways     map[string]Approach // the approach of each method, where the method decides
	Explicit bool                // the TPP starts the authorisation, whatever it prefers
	NeedPSU  bool                // PSU-ID is demanded with the first request
	Identify bool                // PSU-ID comes in a step of its own
	StartBy  string              // the first step goes into the start: the link's name
	Trusted  bool                // PSU-ID is enough before the code: no password
	StartAll bool                // and a start without it is refused

	Encrypted    bool // takes the password encrypted only
	Confirmation bool // wants a confirmation code after the redirect
	Signatories  int  // how many people have to authorise; 0 means one
	Exempt       bool // asks for no SCA at all
	Late         bool // leaves the link to the bank's pages to a later GET
	Forgetful    bool // has forgotten an authorisation once it is final
	Guarded      bool // wants the person to approve that the TPP ends a consent

	TurnsDown  string // the code with which the TPP's certificate is refused; "" at a bank that takes it
	NoPayments string // likewise, for payments alone

	Signing *sign.Rules // HTTP signatures are demanded
	JWS     bool        // detached JWS is demanded
	MTLS    bool        // answers at the address that demands a client certificate alone

	OAuth   OAuth
	PreStep string // the grant by which a token is got before anything else; "" for none
	Push    Push

	Cancel    Cancelling
	Pain002   bool          // tells a payment's status as XML too
	XMLOnly   bool          // takes payments as pain.001 alone
	Fees      bool          // charges for payments, and says so before they are approved
	NameCheck bool          // says whether the payee's account is the payee's, and whether the person trusts them
	Loses     bool          // takes payments, and cuts the line before it has answered
	Slow      time.Duration // before it answers to a payment, or to the wish to cancel one
	Patience  time.Duration // how long a payment waits for money; 0: it is rejected at once
	Pace      Pace          // how long payments take; zero: UsualPace
	Lasting   bool          // standing orders are in process until they are over, not until they were made once

	Cards   bool              // keeps card accounts apart
	Debit   bool              // and writes debits on them without a minus
	Report  string            // another media type for transactions
	History int               // days served without a fresh SCA; 0 for all that there is
	Today   bool              // counts today among them, so that the oldest is refused
	Offset  bool              // pages by offset and limit, until one is empty
	Deltas  people.DeltaHabit // how what is new is told alone; empty: not at all

	Quirks []Quirk // how answers depart from the definition; none at a bank that keeps to it
	Errors ErrorForm
}

// OAuth is how a bank leads to its authorisation server.
type OAuth struct {
	Link      string // metadata, openid, relative, ready or camel
	Blank     bool   // a blank after the colon of the scope
	NoRefresh bool   // gives no refresh token
}

// Pace is how long a payment takes, from its authorisation or its day on, until it has a
// status (ISO 20022). One without a time is left out.
type Pace struct {
	Profile time.Duration // ACCP
	Process time.Duration // ACSP
	Settle  time.Duration // ACSC
}

// UsualPace is that of most banks, so that nobody who practises has to wait.
var UsualPace = Pace{Process: 2 * time.Second, Settle: 5 * time.Second}

// PaceOf returns how long payments take at a bank.
func (b *Bank) PaceOf() Pace {
	if b.Behaviour != nil && b.Behaviour.Pace != (Pace{}) {
		return b.Behaviour.Pace
	}
	return UsualPace
}

// Thinks returns how long a bank takes to answer to a payment.
func (b *Bank) Thinks() time.Duration {
	if b.Behaviour == nil {
		return 0
	}
	return b.Behaviour.Slow
}

// Push is what a decoupled bank shows and how long it waits.
type Push struct {
	Challenge        string        // data, image or "" for none
	Polls            int           // the person approves by the time of this many polls; 0 for a real one
	Life             time.Duration // of the request on the telephone; 0 for as long as a link
	UnreachablePhone bool          // the telephone never answers
}

// Signatures returns how many people have to authorise.
func (h *Behaviour) Signatures() int { return max(1, h.Signatories) }

// Refuses returns the code with which a bank turns down the TPP's certificate, for a
// payment service or, with "", for all else; "" where it takes it.
func (h *Behaviour) Refuses(service string) string {
	if service != "" && h.NoPayments != "" {
		return h.NoPayments
	}
	return h.TurnsDown
}

// Cancelling is how a bank cancels payments.
type Cancelling int

const (
	CancelBySCA Cancelling = iota
	CancelAtOnce
	CancelNever
	CancelTooLate // it says of each that it is too late
)

// Cancels returns how payments are cancelled here.
func (b *Bank) Cancels() Cancelling {
	switch {
	case b.Behaviour != nil:
		return b.Behaviour.Cancel
	case b.Redirect:
		return CancelNever
	}
	return CancelBySCA
}

// ErrorForm is the shape of a bank's error bodies.
type ErrorForm int

const (
	TPPMessages     ErrorForm = iota // {"tppMessages": […]}, as the definition has it
	TPPMessageOne                    // {"tppMessage": […]}
	BareMessages                     // […]
	ProblemDocument                  // RFC 7807
	HTMLPage                         // of a gateway
	NoBody
	ErrorClass // Salt Edge's {"error_class", "error_message"}
)

// The other media types of transactions.
const (
	Camt053 = "application/xml" // camt.053.001.02
	MT940   = "text/plain"
)

// PagesByOffset reports whether the TPP counts what it has.
func (b *Bank) PagesByOffset() bool { return b.Behaviour != nil && b.Behaviour.Offset }
