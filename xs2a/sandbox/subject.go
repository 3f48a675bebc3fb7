package sandbox

import (
	"time"

	"consentry/xs2a/sandbox/bank"
)

// subject is what a person is asked to authorise: a consent, the deletion of one, a
// payment, the cancellation of one, or nothing but who they are. The SCA is the same for all.
type subject interface {
	// owner is the TPP that asked, and the BIC of the bank.
	owner() (client, bic string)
	// waits says whether an authorisation is still of use.
	waits(now time.Time) bool
	// signed lists the people who have authorised it so far.
	signed() []string
	// path is where its authorisations lie, at its bank.
	path(p paths) string
	// refuse is what becomes of it when the person says no.
	refuse(s *Sandbox)
	// authorise is what becomes of it when an authorisation has ended well.
	authorise(s *Sandbox, auth *authorisation)
}

var (
	_ subject = (*consent)(nil)
	_ subject = login{}
)

// subjectOf finds what an authorisation is for.
func (s *Sandbox) subjectOf(auth *authorisation) subject {
	if found := s.state.Consents[auth.Consent]; auth.Deleting {
		return removal{found}
	} else if auth.Consent != "" {
		return found
	}
	if p := s.state.Payments[auth.Payment]; p != nil {
		if auth.Cancelling {
			return cancellation{p}
		}
		return p
	}
	return login{client: auth.Client, bic: auth.BIC}
}

// bankOf is the bank at which a person authorises.
func (s *Sandbox) bankOf(auth *authorisation) *bank.Bank {
	_, bic := s.subjectOf(auth).owner()
	return s.bank(bic)
}

func (c *consent) owner() (client, bic string) { return c.Client, c.BIC }
func (c *consent) signed() []string            { return c.Signed }
func (c *consent) path(p paths) string         { return p.consents + "/" + c.ID + "/authorisations" }
func (c *consent) refuse(s *Sandbox)           { s.setConsent(c, consentRejected) }

func (c *consent) waits(now time.Time) bool {
	status := c.statusAt(now)
	return status == consentReceived || status == consentPartly
}

// login is an authorisation before there is anything to authorise: the person
// says who they are, and the TPP gets a token for that (OAuth2 as a pre-step).
type login struct{ client, bic string }

func (l login) owner() (client, bic string)      { return l.client, l.bic }
func (login) signed() []string                   { return nil }
func (login) path(paths) string                  { return "" }
func (login) waits(time.Time) bool               { return true }
func (login) refuse(*Sandbox)                    {}
func (login) authorise(*Sandbox, *authorisation) {}

// paths are where a bank's services lie.
type paths struct {
	root, consents, accounts, cards, payments string
}

// pathsOf follow from the dialect; where it has no prefix per service, all lie
// under one.
func pathsOf(b *bank.Bank) paths {
	if b.Dialect == bank.OpenPayments {
		return paths{consents: consentPath, accounts: accountPath, payments: paymentPath}
	}
	root := b.Prefix()
	return paths{root: root, consents: root + "/consents", accounts: root + "/accounts", cards: root + "/card-accounts", payments: root}
}
