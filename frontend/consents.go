package frontend

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/storage"
)

// consentLine is a consent with what it means now.
type consentLine struct {
	storage.Consent
	State consentState
	Flow  *app.Flow // the authorisation under way, if there is one
	Now   time.Time
}

func (s *Server) consents(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.consentLines(r.Context())
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: "Consents", Section: SectionConsents}, consentsScreen(consentsView{groupConsents(lines)}))
}

// consentLines are all consents, the newest first.
func (s *Server) consentLines(ctx context.Context) ([]consentLine, error) {
	consents, err := s.app.Consents(ctx)
	if err != nil {
		return nil, err
	}
	flows, err := s.unfinished(ctx)
	if err != nil {
		return nil, err
	}
	lines := make([]consentLine, len(consents))
	for i, c := range consents {
		lines[i] = s.line(c, flows[c.ID])
	}
	return lines, nil
}

func (s *Server) line(c storage.Consent, flow *app.Flow) consentLine {
	return consentLine{Consent: c, State: s.state(c, flow != nil), Flow: flow, Now: s.app.Now()}
}

// unfinished are the authorisations under way, by consent.
func (s *Server) unfinished(ctx context.Context) (map[string]*app.Flow, error) {
	flows, err := s.app.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	byConsent := map[string]*app.Flow{}
	for i := range flows {
		byConsent[flows[i].Consent.ID] = &flows[i]
	}
	return byConsent, nil
}

// groupConsents puts those first that need the person.
func groupConsents(lines []consentLine) []consentGroup {
	groups := []consentGroup{{ID: "need-you", Title: "Need you"}, {ID: "active", Title: "Active"}, {ID: "waiting", Title: "Not approved"}, {ID: "ended", Title: "Ended"}}
	for _, line := range lines {
		at := 3
		switch {
		case line.State.Needs:
			at = 0
		case line.State.Live:
			at = 1
		case line.State.Open:
			at = 2
		}
		groups[at].Consents = append(groups[at].Consents, line)
	}
	var filled []consentGroup
	for _, group := range groups {
		if len(group.Consents) > 0 {
			filled = append(filled, group)
		}
	}
	return filled
}

// unread tells whether the last fetch by a consent that works went wrong.
func (line consentLine) unread() bool { return line.State.Live && line.FetchError != "" }

func (line consentLine) sub() string {
	return accessWords(line.Asked.Access) + " · " + endsWords(line.Consent, line.State, line.Now)
}

func (line consentLine) logo(size ui.LogoSize) ui.Logo {
	return logoOf(line.EnvironmentID, line.BIC, line.BankName, size)
}

func consentPath(id string) string { return "/consents/" + url.PathEscape(id) }
