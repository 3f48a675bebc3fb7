package xs2a

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// SCAStatus is the state of one authorisation (BG 1.3.12 section 14.14). A
// value outside the list is kept as it came.
type SCAStatus string

// The states of an authorisation that end it. There are others on the way.
const (
	SCAReceived  SCAStatus = "received"
	SCAFinalised SCAStatus = "finalised"
	SCAFailed    SCAStatus = "failed"
	SCAExempted  SCAStatus = "exempted"
)

// Final tells whether the authorisation is over.
func (s SCAStatus) Final() bool { return s == SCAFinalised || s == SCAFailed || s == SCAExempted }

// AuthenticationMethod is one the person may choose for the SCA
// (BG 1.3.12 section 14.9).
type AuthenticationMethod struct {
	ID          string `json:"authenticationMethodId"`
	Type        string `json:"authenticationType"`
	Name        string `json:"name"`
	Explanation string `json:"explanation"`
}

// SCAAnswer is what a bank's answer says about the SCA, whatever is being
// authorised: the links decide, the rest explains.
type SCAAnswer struct {
	AuthorisationID string
	SCAStatus       SCAStatus     // empty before an authorisation exists
	ConsentStatus   ConsentStatus // empty where the answer is about the authorisation alone
	Approach        string        // header ASPSP-SCA-Approach; may be empty
	Links           Links
	Methods         []AuthenticationMethod
	Message         string // psuMessage, the bank's words to the person; untrusted
}

// Step is what has to happen next in an SCA process.
type Step string

// The steps of an SCA process.
const (
	StepStart        Step = "start"        // an authorisation is to be started at the bank
	StepChooseMethod Step = "chooseMethod" // the person chooses how to authorise
	StepRedirect     Step = "redirect"     // the person goes to a page of the bank
	StepOAuth        Step = "oauth"        // the person goes to a page of the bank and comes back with a code
	StepWait         Step = "wait"         // the bank is to be asked again in a while
	StepDone         Step = "done"         // the bank has what it needs
	StepFailed       Step = "failed"       // the SCA cannot succeed any more
	StepUnknown      Step = "unknown"      // the answer offers no way on that this program knows
)

// Next is a step with what it needs.
type Next struct {
	Step    Step
	Link    string // the page to open, or the path to start or choose at; may be empty for start
	Methods []AuthenticationMethod
}

// startLinks are the forms of an explicit start, the plainest first
// (BG 1.3.12 section 4.14.2).
var startLinks = []string{"startAuthorisation", "startAuthorisationWithAuthenticationMethodSelection"}

// NextStep reads from the bank's last answer what comes next. It is the only
// place where that is decided, for consents and payments alike.
func NextStep(a SCAAnswer) Next {
	switch {
	case a.SCAStatus == SCAFailed || a.ConsentStatus.Final():
		return Next{Step: StepFailed}
	case a.SCAStatus.Final() || a.ConsentStatus == ConsentValid:
		return Next{Step: StepDone}
	case a.Links["scaOAuth"] != "": // BG 1.3.12 section 5.1.3
		return Next{Step: StepOAuth, Link: a.Links["scaOAuth"]}
	case a.Links["scaRedirect"] != "":
		return Next{Step: StepRedirect, Link: a.Links["scaRedirect"]}
	case a.Links["selectAuthenticationMethod"] != "" && len(a.Methods) > 0:
		return Next{Step: StepChooseMethod, Link: a.Links["selectAuthenticationMethod"], Methods: a.Methods}
	}
	for _, name := range startLinks {
		if link := a.Links[name]; link != "" {
			return Next{Step: StepStart, Link: link}
		}
	}
	// A link to the status and nothing else: the bank is busy, or the person
	// is with it on another way.
	if a.Links["scaStatus"] != "" && !wantsMore(a.Links) {
		return Next{Step: StepWait}
	}
	return Next{Step: StepUnknown}
}

// wantsMore tells whether the bank waits for data the person has to give here.
func wantsMore(links Links) bool {
	for name := range links {
		if strings.HasPrefix(name, "update") || strings.HasPrefix(name, "startAuthorisation") ||
			slices.Contains([]string{"authoriseTransaction", "selectAuthenticationMethod"}, name) {
			return true
		}
	}
	return false
}

// StartAuthorisation starts an authorisation of a consent
// (BG 1.3.12 section 7.1).
func (c *Client) StartAuthorisation(ctx context.Context, call Call, consentID string, back Return) (SCAAnswer, error) {
	r := request{
		service: ConsentService, method: http.MethodPost, path: consentPath(consentID) + "/authorisations",
		header: back.header(), body: struct{}{}, call: call,
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	answer, err := decodeSCA(r, a)
	if err == nil && answer.AuthorisationID == "" {
		return answer, notUnderstood(r, a, errMissing("authorisationId"))
	}
	return answer, err
}

// SelectMethod tells the bank how the person wants to authorise
// (BG 1.3.12 section 7.2.3).
func (c *Client) SelectMethod(ctx context.Context, call Call, consentID, authorisationID, methodID string) (SCAAnswer, error) {
	r := request{
		service: ConsentService, method: http.MethodPut, path: authorisationPath(consentID, authorisationID),
		body: map[string]string{"authenticationMethodId": methodID}, call: call,
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	return decodeSCA(r, a)
}

// Authorisations lists the ids of a consent's authorisations
// (BG 1.3.12 section 7.4).
func (c *Client) Authorisations(ctx context.Context, call Call, consentID string) ([]string, error) {
	var w struct{ AuthorisationIDs []text }
	if err := c.get(ctx, ConsentService, consentPath(consentID)+"/authorisations", nil, call, &w); err != nil {
		return nil, err
	}
	ids := make([]string, len(w.AuthorisationIDs))
	for i, id := range w.AuthorisationIDs {
		ids[i] = string(id)
	}
	return ids, nil
}

// SCAStatus asks how far an authorisation is (BG 1.3.12 section 7.5).
func (c *Client) SCAStatus(ctx context.Context, call Call, consentID, authorisationID string) (SCAAnswer, error) {
	r := request{service: ConsentService, method: http.MethodGet, path: authorisationPath(consentID, authorisationID), call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	answer, err := decodeSCA(r, a)
	if err == nil && answer.SCAStatus == "" {
		return answer, notUnderstood(r, a, errMissing("scaStatus"))
	}
	return answer, err
}

func authorisationPath(consentID, authorisationID string) string {
	return consentPath(consentID) + "/authorisations/" + url.PathEscape(authorisationID)
}

func decodeSCA(r request, a answer) (SCAAnswer, error) {
	var w struct {
		AuthorisationID text
		SCAStatus       text
		ConsentStatus   text
		SCAMethods      []AuthenticationMethod
		Links           Links `json:"_links"`
		PSUMessage      text
	}
	if err := decode(r, a, &w); err != nil {
		return SCAAnswer{}, err
	}
	return SCAAnswer{
		AuthorisationID: string(w.AuthorisationID),
		SCAStatus:       SCAStatus(w.SCAStatus),
		ConsentStatus:   ConsentStatus(w.ConsentStatus),
		Approach:        strings.ToUpper(a.header.Get("ASPSP-SCA-Approach")),
		Links:           w.Links,
		Methods:         w.SCAMethods,
		Message:         string(w.PSUMessage),
	}, nil
}

func errMissing(field string) error { return fmt.Errorf("%s is missing", field) }

// notUnderstood is the error for an answer whose content cannot be used.
func notUnderstood(r request, a answer, cause error) error {
	return &Error{
		Kind: Malformed, Status: a.status, Method: r.method, Path: r.path,
		RequestID: r.call.RequestID, Cause: fieldError(cause),
		Body: string(a.body[:min(len(a.body), maxKept)]),
	}
}
