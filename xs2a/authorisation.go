package xs2a

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"consentry/xs2a/field"
)

// PSUData is what the person gives in an authorisation. Passwords and codes are
// stored nowhere; memory holds them while their flow goes on, so that they are
// taken out of what is recorded of it.
type PSUData struct {
	Password         string
	MethodID         string
	Code             string // scaAuthenticationData
	ConfirmationCode string
}

// body puts what the person gave into the form the step wants
// (BG 1.3.12 section 7.2); nil where none is defined.
func (c *Client) body(ctx context.Context, call Call, of Resource, next Next, data PSUData) (any, error) {
	switch next.Step {
	case StepPassword:
		password, name := data.Password, "password"
		if next.Encrypted {
			var err error
			if password, err = c.encrypt(ctx, call, password); err != nil {
				return nil, err
			}
			name = "encryptedPassword"
		}
		if next.Additional {
			name = map[string]string{"password": "additionalPassword", "encryptedPassword": "additionalEncryptedPassword"}[name]
		}
		return map[string]any{"psuData": map[string]string{name: password}}, nil
	case StepChooseMethod:
		return map[string]string{"authenticationMethodId": data.MethodID}, nil
	case StepCode:
		return map[string]string{"scaAuthenticationData": data.Code}, nil
	case StepConfirm:
		return map[string]string{"confirmationCode": data.ConfirmationCode}, nil
	case StepStart, StepIdentify, StepAnother: // the person's id goes in a header
		if next.Start && of.below == cancellations && c.dialect.BareCancellation {
			return nil, nil
		}
		return struct{}{}, nil
	}
	return nil, fmt.Errorf("xs2a: nothing can be sent for the step %q", next.Step)
}

// Continue returns the bank what the step wants: it starts an authorisation
// (BG 1.3.12 section 7.1) or updates one (section 7.2). It goes to the bank's
// link where the bank gave one, once; the link's name alone says whether by POST
// or PUT. The person's id goes along where the call holds it.
func (c *Client) Continue(ctx context.Context, call Call, of Resource, authorisationID string, next Next, data PSUData, back Return) (SCAAnswer, error) {
	c.secrets.Add(data.Password, data.Code, data.ConfirmationCode)
	body, err := c.body(ctx, call, of, next, data)
	if err != nil {
		return SCAAnswer{}, err
	}
	r := request{service: of.service, header: c.sendBack(back), body: body, link: next.To, call: call}
	if r.method, r.path = http.MethodPut, of.authorisation(authorisationID); next.Start {
		r.method, r.path = http.MethodPost, of.authorisations()
		r.link = cmp.Or(r.link, call.At.Start)
	} else if next.Step == StepConfirm {
		r.link = cmp.Or(r.link, call.At.Confirmation)
	}
	if r.method == http.MethodPut && authorisationID == "" && r.link == "" {
		return SCAAnswer{}, notUnderstood(r, answer{}, field.Missing("authorisationId"))
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	answer, err := decodeSCA(r, a)
	if err == nil && next.Start && answer.AuthorisationID == "" && len(answer.Links) == 0 && !answer.SCAStatus.Final() {
		return answer, notUnderstood(r, a, field.Missing("authorisationId"))
	}
	return answer, err
}

// Authorisations lists the ids of a resource's authorisations
// (BG 1.3.12 section 7.4). Those of a cancellation come under a name of their own,
// or bare (Open Payments 1.3.3, cancellationList).
func (c *Client) Authorisations(ctx context.Context, call Call, of Resource) ([]string, error) {
	r := request{service: of.service, method: http.MethodGet, path: of.authorisations(), call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var ids []string
	known := map[string]bool{"": true}
	for _, name := range []string{"authorisationIds", "cancellationIds"} {
		elements, err := list(a.body, name)
		if err != nil && !errors.Is(err, errNoList) { // one of the two names is enough
			return nil, notUnderstood(r, a, err)
		}
		for _, raw := range elements {
			var id text
			if err := json.Unmarshal(raw, &id); err != nil {
				return nil, notUnderstood(r, a, err)
			}
			if !known[string(id)] { // a bare list is read for both names
				known[string(id)], ids = true, append(ids, string(id))
			}
		}
	}
	if len(ids) > maxFew { // each will be asked about
		return nil, notUnderstood(r, a, field.TooMuch("names more than %d authorisations", maxFew))
	}
	return ids, nil
}

// SCAStatus asks how far an authorisation is (BG 1.3.12 section 7.5).
func (c *Client) SCAStatus(ctx context.Context, call Call, of Resource, authorisationID string) (SCAAnswer, error) {
	r := request{service: of.service, method: http.MethodGet, path: of.authorisation(authorisationID), link: call.At.SCAStatus, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return SCAAnswer{}, err
	}
	answer, err := decodeSCA(r, a)
	if err == nil && answer.SCAStatus == "" {
		return answer, notUnderstood(r, a, field.Missing("scaStatus"))
	}
	return answer, err
}

// notUnderstood is the error for an answer whose content cannot be used.
func notUnderstood(r request, a answer, cause error) error {
	return &Error{
		Kind: Malformed, Status: a.status, Method: r.method, Path: r.place(),
		RequestID: r.call.RequestID, Cause: fieldError(cause),
		Body: a.secrets.Clean(string(a.body[:min(len(a.body), maxKept)])),
	}
}
