package sandbox

import "net/http"

// deletion is how far the deletion of a consent by the TPP is, at a bank that
// wants the person to approve it.
type deletion string

const (
	deletionFree    deletion = ""        // a DELETE ends the consent
	deletionGuarded deletion = "guarded" // the person has to approve it
	deletionAsked   deletion = "asked"   // and the TPP has asked for it
)

// deletionAsked answers a DELETE as a German savings bank was recorded to: the
// consent goes on being valid until the person has approved its deletion.
func (s *Sandbox) deletionAsked(c *call, found *consent) answer {
	found.Deletion = deletionAsked
	s.state.touch()
	self := pathsOf(c.bank).consents + "/" + found.ID
	return answer{status: http.StatusAccepted, body: map[string]any{
		"consentStatus": found.Status,
		"psuMessage":    "Please approve the deletion.",
		"_links": map[string]link{
			"startAuthorisation": c.link(self + "/authorisations"),
			"status":             c.link(self + "/status"),
		},
	}}
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
