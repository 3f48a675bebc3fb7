package sandbox

import (
	"time"

	"consentry/xs2a/sandbox/sign"
)

// approach is how a person authorises (ASPSP-SCA-Approach, BG 1.3.12).
type approach string

const (
	byMethod    approach = "" // the method that is chosen decides
	byRedirect  approach = "REDIRECT"
	byOAuth     approach = "OAUTH" // integrated OAuth SCA; the header calls it REDIRECT
	byDecoupled approach = "DECOUPLED"
	byEmbedded  approach = "EMBEDDED"
)

// header is the value of ASPSP-SCA-Approach; "" while it is open.
func (a approach) header() string {
	if a == byOAuth {
		return string(byRedirect)
	}
	return string(a)
}

// habit is what a bank of the Berlin Group's dialects does in a way of its own.
// The zero value is a bank that does everything the plainest way.
type habit struct {
	words string // for people: what is to be practised here

	approach approach
	ways     map[string]approach // the approach of each method, where the method decides
	explicit bool                // the TPP starts the authorisation, whatever it prefers
	needPSU  bool                // PSU-ID is demanded with the first request
	identify bool                // PSU-ID comes in a step of its own
	startBy  string              // the first step goes into the start: the link's name
	trusted  bool                // PSU-ID is enough before the code: no password
	startAll bool                // and a start without it is refused

	encrypted    bool // takes the password encrypted only
	confirmation bool // wants a confirmation code after the redirect
	signatories  int  // how many people have to authorise; 0 means one
	exempt       bool // asks for no SCA at all
	late         bool // leaves the link to the bank's pages to a later GET
	forgetful    bool // has forgotten an authorisation once it is final

	turnsDown  string // the code with which the TPP's certificate is refused; "" at a bank that takes it
	noPayments string // likewise, for payments alone

	signing *sign.Rules // HTTP signatures are demanded
	jws     bool        // detached JWS is demanded
	mtls    bool        // answers at the address that demands a client certificate alone

	oauth   oauthHabit
	preStep string // the grant by which a token is got before anything else; "" for none
	push    pushHabit

	cancel  cancelHabit
	pain002 bool // tells a payment's status as XML too

	cards   bool   // keeps card accounts apart
	debit   bool   // and writes debits on them without a minus
	report  string // another media type for transactions
	history int    // days served without a fresh SCA; 0 for all that there is
	today   bool   // counts today among them, so that the oldest is refused
	offset  bool   // pages by offset and limit, until one is empty

	quirks []quirk // how answers depart from the definition; none at a bank that keeps to it
	errors errorForm
}

// oauthHabit is how a bank leads to its authorisation server.
type oauthHabit struct {
	link      string // metadata, openid, relative, ready or camel
	blank     bool   // a blank after the colon of the scope
	noRefresh bool   // gives no refresh token
}

// pushHabit is what a decoupled bank shows and how long it waits.
type pushHabit struct {
	challenge string        // data, image or "" for none
	polls     int           // the person approves by the time of this many polls; 0 for a real one
	life      time.Duration // of the request on the telephone; 0 for linkLife
	deaf      bool          // the telephone never answers
}

// freshSCA is how long an authorisation counts as fresh (RTS article 10).
const freshSCA = time.Hour

// freshOnly is how many days back a bank serves once the authorisation is no longer
// fresh; 0 for no such limit.
func (b *bank) freshOnly(c *consent, now time.Time) int {
	if b.habit == nil || now.Sub(c.Authorised) < freshSCA {
		return 0
	}
	if b.habit.today {
		return b.habit.history - 1
	}
	return b.habit.history
}

// signatures is how many people have to authorise.
func (h *habit) signatures() int { return max(1, h.signatories) }

// waitsFor is how long an authorisation at this bank stays open.
func (b *bank) waitsFor(a approach) time.Duration {
	if b.habit != nil && a == byDecoupled && b.habit.push.life > 0 {
		return b.habit.push.life
	}
	return linkLife
}
