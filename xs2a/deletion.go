package xs2a

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
)

// Deletion is what a bank answered that was asked to end a consent.
type Deletion struct {
	Status ConsentStatus   // as the answer tells it; empty where it tells none
	Wants  SCAAnswer       // how the person is to approve the deletion, where the bank wants that
	Step   Step            // what it asks for; empty where it asks for nothing
	Raw    json.RawMessage // as it came; nil where that was nothing, or no JSON
}

// Ended reports whether the answer says that the consent has ended. One that
// says neither that nor otherwise is no confirmation: the status is to be asked
// for.
func (d Deletion) Ended() bool { return d.Status.Final() }

// DeleteConsent asks the bank to end a consent (BG 1.3.12 section 6.3.4). The
// framework knows a 204 without a body, which says that it has ended. Some banks
// answer with a body: the status as it is then, and links by which the person
// is to approve the deletion first.
func (c *Client) DeleteConsent(ctx context.Context, call Call, id string) (Deletion, error) {
	r := request{service: ConsentService, method: http.MethodDelete, path: ConsentResource(id).path, call: call}
	a, err := c.do(ctx, r)
	if err != nil {
		return Deletion{}, err
	}
	return decodeDeletion(r, a), nil
}

// decodeDeletion reads the answer to a deletion. The bank took the request; what
// cannot be understood of its answer says nothing.
func decodeDeletion(r request, a answer) Deletion {
	empty := len(bytes.TrimSpace(a.body)) == 0
	if empty && (a.status == http.StatusNoContent || a.status == http.StatusOK) {
		return Deletion{Status: ConsentTerminatedByTPP}
	}
	if !json.Valid(a.body) {
		a.body = nil
	}
	said, err := decodeSCA(r, a)
	if err != nil {
		return Deletion{Raw: a.body}
	}
	d := Deletion{Status: said.ConsentStatus, Wants: said, Raw: a.body}
	d.Wants.ConsentStatus = "" // valid means here that it is not done
	switch next := NextStep(d.Wants); next.Step {
	case StepWait, StepUnknown, StepDone, StepFailed:
	default:
		d.Step = next.Step
	}
	return d
}
