package sandbox

import (
	"net/http"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// Consent statuses (consentStatus, Open Payments 1.3.3).
const (
	consentReceived   = "received"
	consentRejected   = "rejected"
	consentValid      = "valid"
	consentExpired    = "expired"
	consentPartly     = "partiallyAuthorised" // BG 1.3.12: some signatures are still to come
	consentRevoked    = "revokedByPsu"
	consentTerminated = "terminatedByTpp"
)

const (
	// consentDays is the longest a consent lasts without a new SCA (RTS article 10a).
	consentDays = 180
	// dailyReads is the most reads a day without the person that a bank grants
	// (frequencyPerDay, BG 1.3.12).
	dailyReads = 4
	// oneOffLife is how long a consent for one access may be used.
	oneOffLife = time.Hour
)

// consent is what a TPP asked for and a person granted.
type consent struct {
	ID          string
	Client      string
	BIC         string
	Asked       access
	Recurring   bool
	ValidUntil  people.Day
	Frequency   int
	Status      string
	LastAction  people.Day
	Created     time.Time
	RedirectURI string
	NokURI      string
	Elsewhere   bool // the TPP prefers no redirect, and has to say so with every call

	PSU        string    // login of the person who authorised it
	Signed     []string  // logins of all who did
	Refreshed  time.Time // Salt Edge: when a refresh was asked for
	Looked     int       // how often the TPP asked for it, at a bank whose links come late
	Grants     []grant
	Authorised time.Time
	Reads      map[string][]time.Time // unattended reads by what was read
	Ended      time.Time              // when it was ended, otherwise than by its date
	Requests   requests               // all that came with its Consent-ID

	// What the control made of it.
	Deletion  deletion // whether the person has to approve its deletion by the TPP
	Stuck     bool     // the bank goes on calling it valid when its time is over
	Forgotten bool     // the bank knows nothing of it any more
	Refused   []grant  // reads that are refused all the same
}

// statusAt is the status with what time alone has done to it.
func (c *consent) statusAt(now time.Time) string {
	if c.Status != consentValid {
		return c.Status
	}
	if people.DayOf(now) > c.ValidUntil || (!c.Recurring && now.Sub(c.Authorised) > oneOffLife) {
		return consentExpired
	}
	return consentValid
}

// toldAt is the status as the bank tells it.
func (c *consent) toldAt(now time.Time) string {
	if c.Stuck && c.Status == consentValid {
		return consentValid
	}
	return c.statusAt(now)
}

// consentRequest is the body of POST /consents. Pointers tell what is missing.
type consentRequest struct {
	Access    *access `json:"access"`
	Recurring *bool   `json:"recurringIndicator"`
	Until     *string `json:"validUntil"`
	Frequency *int    `json:"frequencyPerDay"`
	Combined  *bool   `json:"combinedServiceIndicator"`
}

// check looks at the body of a consent request (BG 1.3.12, POST /consents).
func (r *consentRequest) check(today people.Day, b *bank.Bank) (until people.Day, err error) {
	for _, field := range []struct {
		name    string
		missing bool
	}{
		{"access", r.Access == nil}, {"recurringIndicator", r.Recurring == nil}, {"validUntil", r.Until == nil},
		{"frequencyPerDay", r.Frequency == nil}, {"combinedServiceIndicator", r.Combined == nil && b.Dialect != bank.SaltEdge},
	} {
		if field.missing {
			return 0, formatError(field.name, field.name+" is missing")
		}
	}
	if err := r.Access.check(b.Behaviour != nil); err != nil {
		return 0, err
	}
	until, err = people.ParseDay(*r.Until)
	switch {
	case err != nil:
		return 0, formatError("validUntil", "validUntil has to be a date, 2027-01-31")
	case until < today:
		return 0, refuseField(http.StatusBadRequest, "PERIOD_INVALID", "validUntil", "validUntil is in the past")
	case *r.Frequency < 1:
		return 0, formatError("frequencyPerDay", "frequencyPerDay has to be 1 or more")
	case !*r.Recurring && *r.Frequency > 1:
		return 0, refuseField(http.StatusBadRequest, "PARAMETER_NOT_CONSISTENT", "frequencyPerDay", "a consent for one access has a frequency of 1")
	case r.Combined != nil && *r.Combined:
		return 0, refuseField(http.StatusBadRequest, "SESSIONS_NOT_SUPPORTED", "combinedServiceIndicator", "the bank does not combine services")
	}
	return min(until, today+consentDays), nil
}

func (s *Sandbox) postConsent(c *call) (answer, error) {
	if c.token.Context == "corporate" && c.request.Header.Get("PSU-Corporate-ID") == "" {
		return answer{}, refuseField(http.StatusUnauthorized, "CORPORATE_ID_INVALID", "PSU-Corporate-ID", "a corporate token needs PSU-Corporate-ID")
	}
	redirect, nok, err := openRedirectURIs(c)
	if err != nil {
		return answer{}, err
	}
	var body consentRequest
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	today := people.DayOf(s.now())
	until, err := body.check(today, c.bank)
	if err != nil {
		return answer{}, err
	}
	made := &consent{
		ID: newID(), Client: c.client.id, BIC: c.bank.BIC, Asked: body.Access.orEverything(), Recurring: *body.Recurring, ValidUntil: until,
		Frequency: min(*body.Frequency, dailyReads), Status: consentReceived, LastAction: today, Created: s.now(),
		RedirectURI: redirect, NokURI: nok, Elsewhere: c.staysAway(),
	}
	s.state.Consents[made.ID] = made
	s.state.touch()
	return c.created(made), nil
}

// created is the answer to a new consent. The SCA approach is known at once where
// there is but one method.
func (c *call) created(made *consent) answer {
	self := consentPath + "/" + made.ID
	header := http.Header{"Location": {c.address + self}}
	if len(c.bank.Methods) == 1 && !made.Elsewhere {
		header.Set("ASPSP-SCA-Approach", "REDIRECT")
	}
	return answer{status: http.StatusCreated, header: header, body: map[string]any{
		"consentStatus": made.Status,
		"consentId":     made.ID,
		"scaMethods":    c.bank.Methods,
		"_links": map[string]link{
			"self":               c.link(self),
			"status":             c.link(self + "/status"),
			"startAuthorisation": c.link(self + "/authorisations"),
		},
	}}
}

// consentOf finds the consent of a path; one of another TPP or another bank is as
// good as unknown.
func (s *Sandbox) consentOf(c *call, id string) (*consent, error) {
	found := s.state.Consents[id]
	if found == nil || found.Client != c.client.id || found.BIC != c.bank.BIC || found.Forgotten {
		return nil, refuse(http.StatusForbidden, "CONSENT_UNKNOWN", "the bank knows no such consent of yours")
	}
	return found, c.checkStaysAway(found.Elsewhere)
}

func (s *Sandbox) getConsent(c *call) (answer, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{
		"access":             s.granted(found),
		"recurringIndicator": found.Recurring,
		"validUntil":         found.ValidUntil.String(),
		"frequencyPerDay":    found.Frequency,
		"lastActionDate":     found.LastAction.String(),
		"consentStatus":      found.toldAt(s.now()),
		"_links":             map[string]link{"account": c.link(pathsOf(c.bank).accounts)},
	})
}

func (s *Sandbox) getConsentStatus(c *call) (answer, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"consentStatus": found.toldAt(s.now())})
}

// deleteConsent ends a consent for the TPP. What has ended cannot be ended again.
func (s *Sandbox) deleteConsent(c *call) (answer, error) {
	found, err := s.consentOf(c, c.request.PathValue("consent"))
	if err != nil {
		return answer{}, err
	}
	if status := found.toldAt(s.now()); status != consentReceived && status != consentPartly && status != consentValid {
		return answer{}, refuse(http.StatusConflict, "STATUS_INVALID", "the consent has ended already: "+status)
	}
	if found.Deletion != deletionFree && found.Status == consentValid {
		return s.deletionAsked(c, found), nil
	}
	s.setConsent(found, consentTerminated)
	return answer{status: http.StatusNoContent}, nil
}

func (s *Sandbox) setConsent(c *consent, status string) {
	c.Status, c.LastAction = status, people.DayOf(s.now())
	if c.over(s.now()) {
		c.Ended = s.now()
	}
	s.state.touch()
}

// authorise makes a consent valid, with what the person granted, once as many have
// signed as the bank demands. A former recurring consent of the same person at the same bank
// "automatically expires as soon as the new consent request is authorised by the
// PSU" (BG 1.3.12, POST /consents, side effects); its status is therefore
// "expired".
func (c *consent) authorise(s *Sandbox, auth *authorisation) {
	now := s.now()
	c.Signed = append(c.Signed, auth.PSU)
	if len(c.Signed) == 1 {
		c.PSU = auth.PSU
		if c.Grants = auth.Chosen; c.Grants == nil {
			c.Grants = c.Asked.grants(s.household(c.BIC, auth.PSU))
		}
	}
	if h := s.bank(c.BIC).Behaviour; h != nil && len(c.Signed) < h.Signatures() {
		s.setConsent(c, consentPartly)
		return
	}
	for _, former := range s.state.Consents {
		if c.Recurring && former.Recurring && former.Status == consentValid && former != c &&
			former.PSU == c.PSU && former.BIC == c.BIC && former.Client == c.Client {
			s.setConsent(former, consentExpired)
		}
	}
	c.Authorised = now
	if h := s.bank(c.BIC).Behaviour; h != nil && h.Guarded {
		c.Deletion = deletionGuarded
	}
	s.setConsent(c, consentValid)
}

// finalise ends an authorisation well.
func (s *Sandbox) finalise(auth *authorisation) {
	auth.Status, auth.Session = scaFinalised, ""
	s.subjectOf(auth).authorise(s, auth)
	s.state.touch()
}

// checkConsent wants a Consent-ID of a valid consent at this bank.
func checkConsent(s *Sandbox, c *call) error {
	id := c.request.Header.Get("Consent-ID")
	if id == "" {
		return formatError("Consent-ID", "Consent-ID is missing")
	}
	s.noteRead(c, s.state.Consents[id])
	found, err := s.consentOf(c, id)
	if err != nil {
		return err
	}
	switch found.statusAt(s.now()) {
	case consentValid:
		c.consent = found
		return nil
	case consentExpired:
		return refuseField(http.StatusUnauthorized, "CONSENT_EXPIRED", "Consent-ID", "the consent has expired")
	}
	return refuseField(http.StatusUnauthorized, "CONSENT_INVALID", "Consent-ID", "the consent is not valid: "+found.Status)
}
