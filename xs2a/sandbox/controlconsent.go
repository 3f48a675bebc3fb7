package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"consentry/xs2a/sandbox/people"
)

// What the control shows of consents, and what a bank does with them of its own
// accord: a TPP learns of it only by asking.

// controlConsent is a consent as the control shows it.
type controlConsent struct {
	ID         string                 `json:"id"`
	Bank       string                 `json:"bank"` // BIC
	Client     string                 `json:"client"`
	PSU        string                 `json:"psu,omitempty"`
	Signed     []string               `json:"signed,omitempty"`
	Status     string                 `json:"status"` // in truth, whatever the bank tells
	Recurring  bool                   `json:"recurring"`
	Frequency  int                    `json:"frequencyPerDay"`
	ValidUntil string                 `json:"validUntil"`
	Created    time.Time              `json:"created"`
	Ended      time.Time              `json:"ended,omitzero"`
	Accounts   int                    `json:"accounts"`
	Grants     []grant                `json:"grants,omitempty"`
	Refused    []grant                `json:"refuses,omitempty"`         // of them, by the bank alone
	Reads      map[string][]time.Time `json:"unattendedReads,omitempty"` // those that count
	requests
	Deletion   deletion `json:"deletion,omitempty"`
	StuckValid bool     `json:"stuckValid,omitempty"`
	Forgotten  bool     `json:"forgotten,omitempty"`
}

// requests are the requests to the account services that came with a consent's id,
// attended or not, refused or not.
type requests struct {
	Count      int       `json:"reads"`
	AfterEnd   int       `json:"readsAfterEnd"` // when the consent had ended, or was forgotten
	Unattended int       `json:"readsUnattended"`
	Log        []reading `json:"readLog,omitempty"` // the last of them
}

// reading is one of them.
type reading struct {
	At       time.Time `json:"at"`
	Method   string    `json:"method"`
	Path     string    `json:"path"`
	Attended bool      `json:"attended"`
	AfterEnd bool      `json:"afterEnd,omitempty"`
}

// readLog is how many readings are kept of a consent.
const readLog = 100

// noteRead notes a request to an account service, if the consent it names is one
// of the TPP's at this bank. It goes into the state's file with the next change.
func (s *Sandbox) noteRead(c *call, named *consent) {
	if named == nil || named.Client != c.client.id || named.BIC != c.bank.BIC {
		return
	}
	one := reading{At: s.now(), Method: c.request.Method, Path: c.request.URL.Path, Attended: c.attended, AfterEnd: named.Forgotten || named.over(s.now())}
	r := &named.Requests
	r.Count++
	if one.AfterEnd {
		r.AfterEnd++
	}
	if !one.Attended {
		r.Unattended++
	}
	r.Log = append(r.Log[max(0, len(r.Log)-readLog+1):], one)
}

// over reports whether a consent has ended, in whatever way.
func (c *consent) over(now time.Time) bool {
	status := c.statusAt(now)
	return status != consentReceived && status != consentPartly && status != consentValid
}

// endedAt is when a consent ended; the zero time while it has not.
func (c *consent) endedAt(now time.Time) time.Time {
	switch {
	case !c.over(now) || !c.Ended.IsZero():
		return c.Ended
	case people.DayOf(now) > c.ValidUntil:
		y, m, d := c.ValidUntil.Time().Date()
		return time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())
	}
	return c.Authorised.Add(oneOffLife)
}

func (c *consent) shown(now time.Time) controlConsent {
	return controlConsent{
		ID: c.ID, Bank: c.BIC, Client: c.Client, PSU: c.PSU, Signed: c.Signed, Status: c.statusAt(now), Recurring: c.Recurring,
		Frequency: c.Frequency, ValidUntil: c.ValidUntil.String(), Created: c.Created, Ended: c.endedAt(now), Accounts: len(c.Grants), Grants: c.Grants, Refused: c.Refused,
		Reads: c.Reads, requests: c.Requests, Deletion: c.Deletion, StuckValid: c.Stuck, Forgotten: c.Forgotten,
	}
}

// controlled finds the consent of a control's path.
func (s *Sandbox) controlledConsent(r *http.Request) (*consent, error) {
	found := s.state.Consents[r.PathValue("id")]
	if found == nil {
		return nil, refuse(http.StatusNotFound, "", "no such consent")
	}
	return found, nil
}

// bending is what a bank may do with a consent by itself. What is left out stays
// as it is.
type bending struct {
	ValidUntil *string `json:"validUntil"`
	StuckValid *bool   `json:"stuckValid"`
	Accounts   *int    `json:"accounts"`
	Others     bool    `json:"others"`
	Forget     *bool   `json:"forget"`
	Deletion   *bool   `json:"authoriseDeletion"`

	// Refuses are reads that are refused though they are granted and the consent is
	// valid.
	Refuses *[]grant `json:"refuses"`
}

// controlBend lets the bank change a consent. Either all that is said is done, or
// nothing.
func (s *Sandbox) controlBend(r *http.Request) (any, error) {
	found, err := s.controlledConsent(r)
	if err != nil {
		return nil, err
	}
	var body bending
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	until, grants := found.ValidUntil, found.Grants
	if body.ValidUntil != nil {
		if until, err = people.ParseDay(*body.ValidUntil); err != nil {
			return nil, formatError("validUntil", "validUntil has to be a date, 2027-01-31")
		}
	}
	if body.Accounts != nil || body.Others {
		if grants, err = s.bentGrants(found, body); err != nil {
			return nil, err
		}
	}
	if body.Refuses != nil && len(*body.Refuses) > 0 {
		if err := checkGrants(*body.Refuses, grants); err != nil {
			return nil, err
		}
	}
	if body.Refuses != nil {
		found.Refused = *body.Refuses
	}
	found.ValidUntil, found.Grants = until, grants
	if body.StuckValid != nil {
		found.Stuck = *body.StuckValid
	}
	if body.Deletion != nil {
		found.Deletion = deletionFree
		if *body.Deletion {
			found.Deletion = deletionGuarded
		}
	}
	if body.Forget != nil {
		found.Forgotten = *body.Forget
	}
	s.state.touch()
	return found.shown(s.now()), nil
}

// bentGrants are the first so many of the granted accounts, then those of the
// person that were not granted.
func (s *Sandbox) bentGrants(c *consent, body bending) ([]grant, error) {
	if c.PSU == "" {
		return nil, refuse(http.StatusConflict, "", "nobody has granted any account yet")
	}
	kept := slices.Clone(c.Grants)
	if n := body.Accounts; n != nil {
		if *n < 0 || *n > len(kept) {
			return nil, formatError("accounts", "between none and all of the accounts that are granted")
		}
		kept = kept[:*n]
	}
	if !body.Others {
		return kept, nil
	}
	others := access{}.grants(s.household(c.BIC, c.PSU))
	others = slices.DeleteFunc(others, func(g grant) bool {
		_, had := grantOf(c.Grants, g.Account)
		return had
	})
	if len(others) == 0 {
		return nil, refuse(http.StatusConflict, "", "the person has no account here that is not granted already")
	}
	for _, g := range others {
		kept = append(kept, grant{g.Account, c.Asked.wantsBalances(), c.Asked.wantsTransactions()})
	}
	return kept, nil
}

// controlAuthorise lets a person approve a consent elsewhere: with all that it asks
// for, or with the part of it that is said. Where several have to sign, it is one of
// them, and the first says what is shared.
func (s *Sandbox) controlAuthorise(r *http.Request) (any, error) {
	found, err := s.controlledConsent(r)
	if err != nil {
		return nil, err
	}
	var body struct {
		PSU    string   `json:"psu"`
		Grants *[]grant `json:"grants"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	person := people.Find(body.PSU)
	switch {
	case person == nil:
		return nil, formatError("psu", "the login of a person who is listed for practice")
	case !found.waits(s.now()):
		return nil, refuse(http.StatusConflict, "", "the consent waits for nobody: "+found.statusAt(s.now()))
	case slices.Contains(found.Signed, person.Login):
		return nil, refuse(http.StatusConflict, "", "this person has signed already")
	case body.Grants != nil && len(found.Signed) > 0:
		return nil, refuse(http.StatusConflict, "", "what is shared was said by who signed first")
	}
	h := s.household(found.BIC, person.Login)
	if len(found.Asked.missing(h)) > 0 {
		return nil, refuse(http.StatusConflict, "", "the consent names accounts that are not theirs")
	}
	var chosen []grant
	if body.Grants != nil {
		chosen = slices.SortedFunc(slices.Values(*body.Grants), func(a, b grant) int { return cmp.Compare(a.Account, b.Account) })
		if err := checkGrants(chosen, found.Asked.grants(h)); err != nil {
			return nil, err
		}
	}
	auth := s.openFor(authorisation{Consent: found.ID, RedirectURI: found.RedirectURI, NokURI: found.NokURI})
	auth.PSU, auth.Chosen = person.Login, chosen
	s.finalise(auth)
	return found.shown(s.now()), nil
}

// openFor is the newest authorisation of the same consent or payment that still waits, or a new one.
func (s *Sandbox) openFor(made authorisation) *authorisation {
	ids := s.sorted(func(auth *authorisation) bool {
		return auth.Consent == made.Consent && auth.Payment == made.Payment && !auth.Cancelling && !auth.final() && auth.statusAt(s.now()) != scaFailed
	})
	if len(ids) > 0 {
		return s.state.Authorisations[ids[len(ids)-1]]
	}
	made.ID, made.Created, made.Linked, made.Status = newID(), s.now(), s.now(), scaReceived
	s.state.Authorisations[made.ID] = &made
	return &made
}

// controlRevoke lets the person take a consent back at the bank.
func (s *Sandbox) controlRevoke(r *http.Request) (any, error) {
	found, err := s.controlledConsent(r)
	if err != nil {
		return nil, err
	}
	if found.over(s.now()) {
		return nil, refuse(http.StatusConflict, "", "the consent has ended already: "+found.statusAt(s.now()))
	}
	s.setConsent(found, consentRevoked)
	return map[string]string{"status": found.Status}, nil
}
