package xs2a

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// SCAStatus is the state of one authorisation (BG 1.3.12 section 14.14). A
// value outside the list is kept as it came.
type SCAStatus string

// The states of an authorisation that decide something. There are others on
// the way.
const (
	SCAReceived    SCAStatus = "received"
	SCAUnconfirmed SCAStatus = "unconfirmed"
	SCAFinalised   SCAStatus = "finalised"
	SCAFailed      SCAStatus = "failed"
	SCAExempted    SCAStatus = "exempted"
)

// Final reports whether the authorisation is over.
func (s SCAStatus) Final() bool { return s == SCAFinalised || s == SCAFailed || s == SCAExempted }

// AuthenticationMethod is one the person may choose for the SCA
// (BG 1.3.12 section 14.9).
type AuthenticationMethod struct {
	ID          string `json:"authenticationMethodId"`
	Type        string `json:"authenticationType"`
	Name        string `json:"name"`
	Explanation string `json:"explanation"`
}

// Challenge is what the person needs to answer the bank's challenge
// (BG 1.3.12 section 14.10). All of it is untrusted.
type Challenge struct {
	Data        []string `json:"data,omitempty"`
	Image       string   `json:"image,omitempty"`     // base64 of a picture
	ImageLink   string   `json:"imageLink,omitempty"` // address of a picture
	CodeLength  int      `json:"otpMaxLength,omitempty"`
	CodeFormat  string   `json:"otpFormat,omitempty"` // integer or characters
	Information string   `json:"additionalInformation,omitempty"`
}

// UnmarshalJSON takes data as a text and as a list, and numbers as text.
func (c *Challenge) UnmarshalJSON(b []byte) error {
	var w struct {
		Data                                               json.RawMessage
		Image, ImageLink, OTPFormat, AdditionalInformation text
		OTPMaxLength                                       count
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*c = Challenge{
		Image: string(w.Image), ImageLink: string(w.ImageLink), CodeLength: int(w.OTPMaxLength),
		CodeFormat: string(w.OTPFormat), Information: string(w.AdditionalInformation),
	}
	var several []text
	if json.Unmarshal(w.Data, &several) != nil {
		var one text
		if len(w.Data) > 0 && json.Unmarshal(w.Data, &one) == nil && one != "" {
			several = []text{one}
		}
	}
	for _, d := range several {
		c.Data = append(c.Data, string(d))
	}
	return nil
}

// Shown reports whether there is anything to show to the person.
func (c Challenge) Shown() bool {
	return len(c.Data) > 0 || c.Image != "" || c.ImageLink != "" || c.Information != ""
}

// SCAAnswer is what a bank's answer says about the SCA, whatever is being
// authorised: the links decide, the rest explains.
type SCAAnswer struct {
	AuthorisationID string
	SCAStatus       SCAStatus         // empty before an authorisation exists
	ConsentStatus   ConsentStatus     // empty where the answer is not about a consent
	Transaction     TransactionStatus // empty where the answer is not about a payment
	Approach        string            // header ASPSP-SCA-Approach in capitals; may be empty
	Links           Links
	Methods         []AuthenticationMethod
	Chosen          *AuthenticationMethod // nil where the bank does not say
	Challenge       Challenge
	Message         string // psuMessage, the bank's words to the person; untrusted
	Fees            Fees
	Trusted         *bool    // whether the payee is one the person trusts; nil where the bank does not say
	NameMatch       string   // what the bank says of the payee's name; untrusted
	Warnings        []string // tppMessages, the bank's words to the program; untrusted
	OfResource      bool     // the answer is the consent's or payment's own, not an authorisation's
	Raw             []byte   // the beginning of what came, without secrets; untrusted
}

// Step is what has to happen next in an SCA process.
type Step string

// The steps of an SCA process.
const (
	StepStart        Step = "start"        // an authorisation is to be started at the bank
	StepIdentify     Step = "identify"     // the person says who they are at the bank
	StepPassword     Step = "password"     // the person enters their password for the bank
	StepChooseMethod Step = "chooseMethod" // the person chooses how to authorise
	StepCode         Step = "code"         // the person enters the code of the chosen method
	StepRedirect     Step = "redirect"     // the person goes to a page of the bank
	StepOAuth        Step = "oauth"        // the person goes to a page of the bank and comes back with a code
	StepDecoupled    Step = "decoupled"    // the person approves on another device; the bank is asked again and again
	StepConfirm      Step = "confirm"      // the bank wants the confirmation code the person came back with
	StepAnother      Step = "another"      // another person has to authorise, too
	StepWait         Step = "wait"         // the bank is to be asked again in a while
	StepDone         Step = "done"         // the bank has what it needs
	StepFailed       Step = "failed"       // the SCA cannot succeed any more
	StepUnknown      Step = "unknown"      // the answer offers no way on that this program knows
)

// Next is a step with what it needs.
type Next struct {
	Step       Step
	Link       string // the page to open, or empty
	To         string // the bank's link to which what the person gives goes; empty where it gave none
	Start      bool   // what the person gives goes along with the start of an authorisation
	Encrypted  bool   // the password is to be encrypted
	Additional bool   // the password is one beside another
	Methods    []AuthenticationMethod
}

// wanted lists the links by which a bank asks for something, in the order in
// which it is given; those of the redirect come before any of the embedded
// approach, and a plain start after the forms that bring data along
// (BG 1.3.12 sections 4.10 and 4.14.2).
var wanted = []struct {
	link string
	next Next
}{
	{"scaOAuth", Next{Step: StepOAuth}},
	{"scaRedirect", Next{Step: StepRedirect}},
	{"updatePsuIdentification", Next{Step: StepIdentify}},
	{"updatePsuAuthentication", Next{Step: StepPassword}},
	{"updateEncryptedPsuAuthentication", Next{Step: StepPassword, Encrypted: true}},
	{"updateAdditionalPsuAuthentication", Next{Step: StepPassword, Additional: true}},
	{"updateAdditionalEncryptedPsuAuthentication", Next{Step: StepPassword, Additional: true, Encrypted: true}},
	{"selectAuthenticationMethod", Next{Step: StepChooseMethod}},
	{"authoriseTransaction", Next{Step: StepCode}},
	{"startAuthorisationWithPsuIdentification", Next{Step: StepIdentify, Start: true}},
	{"startAuthorisationWithPsuAuthentication", Next{Step: StepPassword, Start: true}},
	{"startAuthorisationWithEncryptedPsuAuthentication", Next{Step: StepPassword, Start: true, Encrypted: true}},
	{"startAuthorisationWithAuthenticationMethodSelection", Next{Step: StepChooseMethod, Start: true}},
	{"startAuthorisationWithTransactionAuthorisation", Next{Step: StepCode, Start: true}},
	{"startAuthorisation", Next{Step: StepStart, Start: true}},
}

// NextStep reads from the bank's last answer what comes next. It is the only
// place where that is decided, for consents, payments and cancellations alike.
func NextStep(a SCAAnswer) Next {
	switch {
	case a.SCAStatus == SCAFailed || a.ConsentStatus.Final() || a.Transaction.Refused():
		return Next{Step: StepFailed}
	case a.ConsentStatus == ConsentPartiallyAuthorised || a.Transaction == "PATC":
		// One of several has authorised (BG 1.3.12 section 5.3). Whether this
		// authorisation is over decides whether the next one may begin.
		if a.SCAStatus == "" || a.SCAStatus.Final() {
			return Next{Step: StepAnother, Start: true, To: a.Links["startAuthorisation"]}
		}
	case a.SCAStatus.Final() || a.ConsentStatus == ConsentValid:
		return Next{Step: StepDone}
	}
	// The link to the confirmation may be there from the start; it is due now.
	if a.SCAStatus == SCAUnconfirmed {
		return Next{Step: StepConfirm, To: a.Links["confirmation"]}
	}
	for _, w := range wanted {
		link := a.Links[w.link]
		if link == "" || w.next.Step == StepChooseMethod && len(a.Methods) == 0 {
			continue
		}
		next := w.next
		if next.Step == StepOAuth || next.Step == StepRedirect {
			next.Link = link
		} else {
			next.To = link
		}
		if next.Step == StepChooseMethod {
			next.Methods = a.Methods
		}
		return next
	}
	switch {
	case a.Approach == "DECOUPLED" || a.Challenge.Shown():
		return Next{Step: StepDecoupled}
	case a.Transaction.Authorised(): // exempted: it asks for nothing, and goes on
		return Next{Step: StepDone}
	case a.waits():
		return Next{Step: StepWait}
	}
	return Next{Step: StepUnknown}
}

// waits reports whether the bank is busy: it names the resource's state and asks
// for nothing. Some banks add the redirect link to the consent only later.
func (a SCAAnswer) waits() bool {
	for name := range a.Links {
		if strings.HasPrefix(name, "update") || strings.HasPrefix(name, "start") || name == "selectAuthenticationMethod" {
			return false // it wants something this program does not know how to give
		}
	}
	return a.Links["scaStatus"] != "" || a.Links["status"] != "" || a.Links["self"] != "" ||
		a.ConsentStatus == ConsentAccepted || a.SCAStatus != ""
}

// decodeSCA reads what an answer says about the SCA.
func decodeSCA(r request, a answer) (SCAAnswer, error) {
	var w struct {
		AuthorisationID      text
		SCAStatus            text
		SCATransactionStatus text // seen for scaStatus
		ConsentStatus        text
		TransactionStatus    text
		SCAMethods           few[AuthenticationMethod]
		ChosenSCAMethod      *AuthenticationMethod
		ChallengeData        Challenge
		Links                Links `json:"_links"`
		PSUMessage           text
		besides
	}
	if len(a.body) > 0 && (!a.leadsOn(r.method) || json.Valid(a.body)) { // a redirect may come with a page
		if err := decode(r, a, &w); err != nil {
			return SCAAnswer{}, err
		}
	}
	if w.SCAStatus == "" {
		w.SCAStatus = w.SCATransactionStatus
	}
	answer := SCAAnswer{
		AuthorisationID: string(w.AuthorisationID),
		SCAStatus:       SCAStatus(w.SCAStatus),
		ConsentStatus:   ConsentStatus(w.ConsentStatus),
		Transaction:     TransactionStatus(w.TransactionStatus),
		Approach:        strings.ToUpper(a.header.Get("ASPSP-SCA-Approach")),
		Links:           w.Links,
		Methods:         w.SCAMethods,
		Chosen:          w.ChosenSCAMethod,
		Challenge:       w.ChallengeData,
		Message:         a.secrets.Clean(string(w.PSUMessage)),
		Raw:             keptRaw(a),
	}
	w.besides.into(&answer)
	if answer.AuthorisationID == "" {
		answer.AuthorisationID = a.named(answer.Links, "authorisations", "cancellation-authorisations")
	}
	if page := a.page(r, answer); page != "" {
		if answer.Links == nil {
			answer.Links = Links{}
		}
		answer.Links["scaRedirect"] = page
	}
	return answer, nil
}

// page is the bank's page where an answer names it by its Location alone,
// which otherwise is the address of what was made (RFC 9110 section 15.3.2).
func (a answer) page(r request, said SCAAnswer) string {
	if a.location == "" || said.Approach != "" && said.Approach != "REDIRECT" || said.Challenge.Shown() {
		return ""
	}
	for _, w := range wanted {
		if said.Links[w.link] != "" {
			return ""
		}
	}
	if a.leadsOn(r.method) {
		return a.location
	}
	if a.status != http.StatusCreated && a.status != http.StatusAccepted || made.MatchString(a.location) {
		return ""
	}
	return a.location
}

// made matches the address of something made in an SCA.
var made = regexp.MustCompile(`/(?:consents|payments|bulk-payments|periodic-payments|authorisations|cancellation-authorisations)/`)

// named finds an id that the answer names by its address alone: the part after
// one of the collections, in any of the links or in the Location header. What
// speaks of itself goes before what leads elsewhere.
func (a answer) named(links Links, collections ...string) string {
	first := []string{"scaStatus", "self", "status"}
	last := []string{"scaRedirect", "scaOAuth"}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(links)), func(name string) bool {
		return slices.Contains(first, name) || slices.Contains(last, name)
	})
	for _, name := range slices.Concat(first, names) {
		if id := idIn(links[name], collections); id != "" {
			return id
		}
	}
	if id := idIn(a.location, collections); id != "" {
		return id
	}
	for _, name := range last {
		if id := idIn(links[name], collections); id != "" {
			return id
		}
	}
	return ""
}

// idIn returns the part of an address's path after one of the collections.
func idIn(link string, collections []string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	parts := strings.Split(u.EscapedPath(), "/")
	for i := len(parts) - 2; i >= 0; i-- {
		if slices.Contains(collections, parts[i]) && parts[i+1] != "" {
			id, err := url.PathUnescape(parts[i+1])
			if err != nil {
				return ""
			}
			return id
		}
	}
	return ""
}
