package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// deletion is how far the deletion of a consent by the TPP is, at a bank that
// wants the person to approve it.
type deletion string

const (
	deletionFree    deletion = ""        // a DELETE ends the consent
	deletionGuarded deletion = "guarded" // the person has to approve it
	deletionAsked   deletion = "asked"   // and the TPP has asked for it
)

// removal is the deletion of a consent as a person authorises it, whom the TPP has
// asked: it is done by the one who gave the consent, or one of those who did.
type removal struct{ *consent }

var _ subject = removal{}

func (r removal) signed() []string { return nil }
func (r removal) waits(now time.Time) bool {
	return r.Deletion == deletionAsked && r.statusAt(now) == consentValid
}

// refuse leaves the consent as it is: the TPP has to ask anew.
func (r removal) refuse(s *Sandbox) {
	r.Deletion = deletionGuarded
	s.state.touch()
}

func (r removal) authorise(s *Sandbox, auth *authorisation) {
	if !slices.Contains(r.Signed, auth.PSU) {
		auth.Status = scaFailed
		r.refuse(s)
		return
	}
	s.setConsent(r.consent, consentTerminated)
}

// deletionAsked answers a DELETE as a German savings bank was recorded to: the
// consent goes on being valid until the person has approved its deletion.
func (s *Sandbox) deletionAsked(c *call, found *consent) answer {
	found.Deletion = deletionAsked
	s.state.touch()
	self := pathsOf(c.bank).consents + "/" + found.ID
	o := newOffer()
	o.links["status"] = c.link(self + "/status")
	o.fields["psuMessage"] = "Please approve the deletion."
	if c.bank.Behaviour != nil {
		c.startLinks(o, self+"/authorisations")
	} else {
		o.links["startAuthorisation"] = c.link(self + "/authorisations")
	}
	o.fields["consentStatus"], o.fields["_links"] = found.Status, o.links
	return answer{status: http.StatusAccepted, body: o.fields}
}

// controlDelete lets the person approve the deletion the TPP has asked for.
func (s *Sandbox) controlDelete(r *http.Request) (any, error) {
	found, err := s.controlledConsent(r)
	switch {
	case err != nil:
		return nil, err
	case found.Deletion != deletionAsked || found.over(s.now()):
		return nil, refuse(http.StatusConflict, "", "no deletion of the consent waits for anybody")
	}
	s.setConsent(found, consentTerminated)
	return found.shown(s.now()), nil
}
