package xs2a

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"consentry/xs2a/field"
)

// ConsentStatus is the state of a consent at the bank (BG 1.3.12 section 14.15).
// A value outside the list is kept as it came.
type ConsentStatus string

// The states of a consent. All but accepted, received,
// partiallyAuthorised and valid are final.
const (
	ConsentAccepted            ConsentStatus = "accepted" // Salt Edge: taken in, not yet at the bank
	ConsentReceived            ConsentStatus = "received"
	ConsentRejected            ConsentStatus = "rejected"
	ConsentPartiallyAuthorised ConsentStatus = "partiallyAuthorised"
	ConsentValid               ConsentStatus = "valid"
	ConsentRevokedByPSU        ConsentStatus = "revokedByPsu"
	ConsentExpired             ConsentStatus = "expired"
	ConsentTerminatedByTPP     ConsentStatus = "terminatedByTpp"
)

// Final reports whether the consent can never be used again.
func (s ConsentStatus) Final() bool {
	switch s {
	case ConsentRejected, ConsentRevokedByPSU, ConsentExpired, ConsentTerminatedByTPP:
		return true
	}
	return false
}

// AccountReference names an account in the way the bank understands it
// (BG 1.3.12 section 14.3). One of the identifiers is set.
type AccountReference struct {
	IBAN      string `json:"iban,omitempty"`
	BBAN      string `json:"bban,omitempty"`
	MaskedPAN string `json:"maskedPan,omitempty"`
	Currency  string `json:"currency,omitempty"`
}

// Access is what a consent gives access to (BG 1.3.12 section 14.5): either
// one of the global forms, or lists of accounts. A list that is present but
// empty leaves the choice of accounts to the person at the bank.
type Access struct {
	Accounts          *[]AccountReference `json:"accounts,omitempty"`
	Balances          *[]AccountReference `json:"balances,omitempty"`
	Transactions      *[]AccountReference `json:"transactions,omitempty"`
	AvailableAccounts string              `json:"availableAccounts,omitempty"`
	AllPSD2           string              `json:"allPsd2,omitempty"`
}

// ConsentRequest is what a bank is asked for (BG 1.3.12 section 6.3.1).
type ConsentRequest struct {
	Access          Access `json:"access"`
	Recurring       bool   `json:"recurringIndicator"`
	ValidUntil      string `json:"validUntil"`      // ISO date, the last day included
	FrequencyPerDay int    `json:"frequencyPerDay"` // reads without the person; 1 when not recurring
	CombinedService bool   `json:"combinedServiceIndicator"`
}

// Return is where the person comes back to from the bank.
type Return struct {
	URI       string // TPP-Redirect-URI
	NokURI    string // TPP-Nok-Redirect-URI; may be empty
	Decoupled bool   // the person would rather not leave for a page of the bank
}

// sendBack returns the header that says where the person comes back to. The state
// in it is a secret of the flow.
func (c *Client) sendBack(to Return) http.Header {
	if u, err := url.Parse(to.URI); err == nil {
		c.secrets.Add(u.Query().Get("state"))
	}
	h := to.header()
	if address := c.reach.NotificationURI; address != "" && to.URI != "" {
		h.Set("TPP-Notification-URI", address)
	}
	return h
}

func (r Return) header() http.Header {
	h := http.Header{}
	if r.URI == "" {
		return h
	}
	h.Set("TPP-Redirect-Preferred", strconv.FormatBool(!r.Decoupled))
	h.Set("TPP-Redirect-URI", r.URI)
	if r.NokURI != "" {
		h.Set("TPP-Nok-Redirect-URI", r.NokURI)
	}
	return h
}

// ConsentInformation is a consent as the bank has it (BG 1.3.12 section 6.3.3).
type ConsentInformation struct {
	Status          ConsentStatus
	Access          Access
	Recurring       bool
	ValidUntil      string          // ISO date; empty where the bank says none
	FrequencyPerDay int             // 0 where the bank says none
	Next            SCAAnswer       // some banks say here, and only later, how to go on
	Raw             json.RawMessage // as it came
}

// CreateConsent asks the bank for a consent and returns its id there. The
// answer says what comes next.
func (c *Client) CreateConsent(ctx context.Context, call Call, consent ConsentRequest, back Return) (id string, next SCAAnswer, err error) {
	r := request{
		service: ConsentService, method: http.MethodPost, path: "/consents",
		header: c.sendBack(back), body: consent, call: call,
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return "", SCAAnswer{}, err
	}
	var w struct {
		ConsentID text
	}
	if err := decode(r, a, &w); err != nil {
		return "", SCAAnswer{}, err
	}
	if next, err = decodeSCA(r, a); err != nil {
		return "", SCAAnswer{}, err
	}
	next.OfResource = true
	if id = cmp.Or(string(w.ConsentID), a.named(next.Links, "consents")); id == "" {
		return "", SCAAnswer{}, notUnderstood(r, a, field.Missing("consentId"))
	}
	return id, next, nil
}

// Consent reads a consent back.
func (c *Client) Consent(ctx context.Context, call Call, id string) (ConsentInformation, error) {
	r := request{service: ConsentService, method: http.MethodGet, path: ConsentResource(id).path, link: call.At.Self, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return ConsentInformation{}, err
	}
	var w struct {
		ConsentStatus      text
		Access             Access
		RecurringIndicator flag
		ValidUntil         text
		FrequencyPerDay    count
	}
	if err := decode(r, a, &w); err != nil {
		return ConsentInformation{}, err
	}
	next, err := decodeSCA(r, a)
	if err != nil {
		return ConsentInformation{}, err
	}
	next.OfResource = true
	until, _ := field.Day("validUntil", string(w.ValidUntil)) // what is no day is none
	return ConsentInformation{
		Status: ConsentStatus(w.ConsentStatus), Access: w.Access, Recurring: bool(w.RecurringIndicator),
		ValidUntil: until, FrequencyPerDay: max(int(w.FrequencyPerDay), 0),
		Next: next, Raw: a.body,
	}, nil
}

// ConsentStatus reads the state of a consent alone.
func (c *Client) ConsentStatus(ctx context.Context, call Call, id string) (ConsentStatus, error) {
	r := request{service: ConsentService, method: http.MethodGet, path: ConsentResource(id).path + "/status", link: call.At.Status, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return "", err
	}
	var w struct{ ConsentStatus text }
	if err := decode(r, a, &w); err != nil {
		return "", err
	}
	if w.ConsentStatus == "" {
		return "", notUnderstood(r, a, field.Missing("consentStatus"))
	}
	return ConsentStatus(w.ConsentStatus), nil
}
