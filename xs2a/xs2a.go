// Package xs2a speaks to banks through their PSD2 XS2A interfaces.
//
// A [Client] performs single exchanges with the banks of one [Reach], which is
// who asks ([Identity]) and how they are spoken to ([Profile]): it sets the
// headers that apply, authenticates, signs, sends, and turns the answer into a
// typed value or an [*Error]. It keeps no state but access
// tokens and decides nothing about the order of calls; what comes next in an
// SCA process is told by the pure function [NextStep].
//
// Banks differ. A [Dialect] is a value that says where one family of banks
// departs from the Berlin Group's NextGenPSD2 framework; a bank's profile names
// its dialect and what departs from that, so a further bank of a known dialect
// needs no code.
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
)

// Call is what goes along with a request beyond its body: which bank it is
// for, under which consent, and whether the person is present.
type Call struct {
	BIC               string // the ASPSP addressed, by BIC or the environment's own id for it
	AffiliatedASPSPID string // one of several banks behind the BIC (OP: X-AffiliatedASPSP-ID)
	ConsentID         string // the bank's id of the consent; set on account calls only
	Token             string // the person's access token, where OAuth gave one; secret
	// Renew returns the person's access token as it stands now, instead of Token; for
	// one that the bank refused it returns another, or the same where there is
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
