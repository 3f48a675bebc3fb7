package sandbox

import (
	"maps"
	"net/http"
	"slices"

	"consentry/xs2a/sandbox/bank"
)

// waitsForPerson reports whether an authorisation waits for what a person does.
func (s *Sandbox) waitsForPerson(auth *authorisation) bool {
	status := auth.statusAt(s.now())
	return status != scaFailed && status != scaFinalised && status != scaExempted && s.subjectOf(auth).waits(s.now())
}

// controlDecide answers POST /_control/authorisations/{id}/{word} for the person: approve
// on the telephone; deny, or let the time run out, wherever they were to approve.
func (s *Sandbox) controlDecide(r *http.Request) (any, error) {
	auth := s.state.Authorisations[r.PathValue("id")]
	if auth == nil {
		return nil, refuse(http.StatusNotFound, "", "no such authorisation")
	}
	word := r.PathValue("word")
	if !slices.Contains([]string{"approve", "deny", "expire"}, word) {
		return nil, refuse(http.StatusNotFound, "", "approve, deny or expire")
	}
	if !s.waitsForPerson(auth) {
		return nil, refuse(http.StatusConflict, "", "nothing waits for an answer to this: "+auth.statusAt(s.now()))
	}
	if word == "approve" {
		if auth.Approach != bank.ByDecoupled || auth.Status != scaStarted || s.flat[s.bankOf(auth).BIC] {
			return nil, refuse(http.StatusConflict, "", "no telephone waits for an answer to this: "+auth.statusAt(s.now()))
		}
		s.finalise(auth)
		return map[string]string{"status": auth.Status}, nil
	}
	auth.Status = scaFailed
	if word == "deny" {
		s.subjectOf(auth).refuse(s)
	}
	s.state.touch()
	return map[string]string{"status": auth.Status}, nil
}

// controlPhone answers POST /_control/authorisations/{id}/phone: does on the person's telephone what the
// body says, which may be nothing, and shows what stands there then, as a page that needs no other
// address of the banks. Over says that it has nothing more to ask.
func (s *Sandbox) controlPhone(r *http.Request) (any, error) {
	var did onPhone
	if err := controlBody(r, &did); err != nil {
		return nil, err
	}
	auth := s.state.Authorisations[r.PathValue("id")]
	if auth == nil || auth.Approach != bank.ByDecoupled {
		return nil, refuse(http.StatusNotFound, "", "no such authorisation on a telephone")
	}
	shown := s.phoneStops(auth)
	if shown == nil {
		shown = s.doOnPhone(auth, did)
	}
	html, style, err := shown.Alone(s.bankOf(auth), did.Language)
	return map[string]any{"page": html, "style": style, "over": !s.asksOnPhone(auth)}, err
}

// controlPhones answers POST /_control/phones: the telephones of a bank's customers are
// flat, so that nobody answers there, until they are charged again.
func (s *Sandbox) controlPhones(r *http.Request) (any, error) {
	var body struct {
		Bank string `json:"bank"`
		Flat bool   `json:"flat"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	b := s.bankNamed(body.Bank)
	if b == nil {
		return nil, formatError("bank", "bank has to be the BIC or the id of a practice bank")
	}
	if s.flat[b.BIC] = body.Flat; !body.Flat {
		delete(s.flat, b.BIC)
	}
	return map[string][]string{"flat": s.flatPhones()}, nil
}

// flatPhones are the banks, by BIC, whose customers' telephones are flat.
func (s *Sandbox) flatPhones() []string {
	return append([]string{}, slices.Sorted(maps.Keys(s.flat))...)
}
