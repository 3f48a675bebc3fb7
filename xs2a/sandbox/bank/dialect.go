package bank

// OpenPayments is the name under which Info lists the addresses of banks
// that are reached through Open Payments Europe.
const OpenPayments = "openpayments"

// BerlinGroup is the name under which Info lists the addresses of banks
// that speak NextGenPSD2 (BG 1.3.12) themselves.
const BerlinGroup = "berlingroup"

// BankOfGeorgia is the name under which Info lists the addresses of the
// bank that speaks the Bank of Georgia's form of NextGenPSD2 1.3.9: OAuth as SCA,
// detached JWS, its own payment products and a catalogue.
const BankOfGeorgia = "bankofgeorgia"

// SaltEdge is the name under which Info lists the addresses of banks that
// are reached through Salt Edge PSD2 Compliance: Berlin Group account information
// with signed headers, its own classes of errors, and a refresh of accounts.
const SaltEdge = "saltedge"

// GeorgianRoot is where the services of its bank lie.
const GeorgianRoot = "/bog/v1"

// Prefix returns where a bank's services lie on the sandbox's host.
func (b *Bank) Prefix() string {
	switch b.Dialect {
	case BankOfGeorgia:
		return GeorgianRoot
	case SaltEdge:
		return "/saltedge/" + b.ID + "/api/berlingroup/v1"
	}
	return "/berlingroup/" + b.ID + "/v1"
}

// Server returns where a bank's authorisation server lies, and the end of its issuer.
func (b *Bank) Server() string {
	if b.Dialect == BankOfGeorgia {
		return "/bog"
	}
	return "/berlingroup/" + b.ID
}
