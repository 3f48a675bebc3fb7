package sandbox

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"sort"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// The control lets a tester or a presenter look at the banks and play their part.
// It is no bank's interface: no TPP may use it, and a web page cannot.

// controlRoutes is the table of the control.
func (s *Sandbox) controlRoutes() {
	guard := http.NewCrossOriginProtection()
	s.mux.Handle("POST /_control/visit", guard.Handler(http.HandlerFunc(s.controlVisit)))
	s.mux.Handle("POST /_control/page", guard.Handler(http.HandlerFunc(s.controlPage)))
	for pattern, do := range map[string]func(*http.Request) (any, error){
		"GET /_control/state":                       s.controlState,
		"GET /_control/clock":                       s.controlTime,
		"POST /_control/clock":                      s.controlClock,
		"GET /_control/faults":                      s.controlFaults,
		"POST /_control/faults":                     s.controlAddFault,
		"DELETE /_control/faults":                   s.controlClearFaults,
		"DELETE /_control/faults/{id}":              s.controlRemoveFault,
		"GET /_control/hits":                        s.controlHits,
		"GET /_control/operations":                  s.controlOperations,
		"POST /_control/phones":                     s.controlPhones,
		"GET /_control/accounts":                    s.controlAccounts,
		"GET /_control/payments":                    s.controlPayments,
		"POST /_control/accounts":                   s.controlBulk,
		"GET /_control/books":                       s.controlBooks,
		"POST /_control/books":                      s.controlBook,
		"POST /_control/directory":                  s.controlDirectory,
		"POST /_control/certificates":               s.controlCertify,
		"POST /_control/consents/{id}":              s.controlBend,
		"POST /_control/consents/{id}/authorise":    s.controlAuthorise,
		"POST /_control/consents/{id}/revoke":       s.controlRevoke,
		"POST /_control/consents/{id}/delete":       s.controlDelete,
		"POST /_control/authorisations/{id}/phone":  s.controlPhone,
		"POST /_control/authorisations/{id}/{word}": s.controlDecide,
		"POST /_control/payments/{id}/authorise":    s.controlAuthorisePayment,
		"POST /_control/reset":                      s.controlReset,
	} {
		s.mux.Handle(pattern, guard.Handler(s.controlled(do)))
	}
}

// controlled performs do alone, saves, and writes what it gave.
func (s *Sandbox) controlled(do func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		a, err := s.locked(func() (answer, error) {
			body, err := do(r)
			if err != nil {
				return answer{}, err
			}
			data, err := json.Marshal(body) // while nothing changes
			return answer{status: http.StatusOK, body: json.RawMessage(data)}, err
		})
		var wrong *refusal
		switch {
		case err == nil:
			writeJSON(w, a.status, a.body)
		case errors.As(err, &wrong):
			writeJSON(w, wrong.status, map[string]string{"error": wrong.text})
		default:
			s.log.Error("sandbox control", "error", err)
			writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "internal error"})
		}
	})
}

// controlBody reads a body strictly; it may be empty.
func controlBody(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return formatError("", "the body is not understood: "+err.Error())
	}
	return nil
}

// controlPayment and controlAuthorisation, as controlConsent, are what the control
// shows of the state: nothing that is secret.
type controlPayment struct {
	ID      string    `json:"id"`
	Bank    string    `json:"bank"`
	Client  string    `json:"client"`
	Service string    `json:"service"`
	Product string    `json:"product"`
	PSU     string    `json:"psu,omitempty"`
	Status  string    `json:"status"`
	Reason  string    `json:"reason,omitempty"`
	Orders  []order   `json:"orders"`
	Due     string    `json:"due"`
	Created time.Time `json:"created"`
}

type controlAuthorisation struct {
	ID       string        `json:"id"`
	Of       string        `json:"of"` // the consent's or the payment's id
	Cancel   bool          `json:"cancellation,omitempty"`
	Bank     string        `json:"bank"`
	Approach bank.Approach `json:"approach,omitempty"`
	Method   string        `json:"method,omitempty"`
	PSU      string        `json:"psu,omitempty"`
	Status   string        `json:"status"`
	Tries    int           `json:"wrongAttempts,omitempty"`
	Polls    int           `json:"polls,omitempty"`
	Phone    string        `json:"phone,omitempty"` // the page of the person's telephone
	Waits    bool          `json:"waits,omitempty"` // for the person
	Created  time.Time     `json:"created"`
}

func (s *Sandbox) controlState(r *http.Request) (any, error) {
	now := s.now()
	consents, payments, authorisations := []controlConsent{}, []controlPayment{}, []controlAuthorisation{}
	for _, c := range s.state.Consents {
		consents = append(consents, c.shown(now))
	}
	for _, p := range s.state.Payments {
		payments = append(payments, controlPayment{p.ID, p.BIC, p.Client, p.Service, p.Product, p.PSU, p.statusAt(now), p.Reason, p.Orders, p.On.String(), p.Created})
	}
	for _, a := range s.state.Authorisations {
		b := s.bankOf(a)
		shown := controlAuthorisation{a.ID, cmp.Or(a.Consent, a.Payment), a.Cancelling, b.BIC, a.Approach, a.Method, a.PSU, a.statusAt(now), a.Tries, a.Polls, "", s.waitsForPerson(a), a.Created}
		if a.Approach == bank.ByDecoupled && shown.Status == scaStarted {
			shown.Phone = s.pages(r) + "/bank/phone/" + s.derivedSecret("phone", a.ID)
		}
		authorisations = append(authorisations, shown)
	}
	sort.Slice(consents, func(i, j int) bool { return consents[i].Created.After(consents[j].Created) })
	sort.Slice(payments, func(i, j int) bool { return payments[i].Created.After(payments[j].Created) })
	sort.Slice(authorisations, func(i, j int) bool { return authorisations[i].Created.After(authorisations[j].Created) })
	return map[string]any{
		"now": now, "ahead": s.state.Ahead.String(), "seed": s.seed, "consents": consents, "payments": payments,
		"authorisations": authorisations, "tokens": len(s.state.Tokens), "faults": s.faults, "flatPhones": s.flatPhones(),
		"directory": s.directoryNow(),
	}, nil
}

// controlTime answers with the banks' time, for those who look often.
func (s *Sandbox) controlTime(*http.Request) (any, error) {
	return map[string]any{"now": s.now(), "ahead": s.state.Ahead.String()}, nil
}

func (s *Sandbox) controlClock(r *http.Request) (any, error) {
	var body struct {
		Advance string `json:"advance"`
	}
	if err := controlBody(r, &body); err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(body.Advance)
	if err != nil || by < 0 || s.state.Ahead+by > 10*365*24*time.Hour {
		return nil, formatError("advance", "a time from 0 to ten years in all, as 24h or 90s: what was booked cannot be taken back")
	}
	s.state.Ahead += by
	s.state.touch()
	return s.controlTime(r)
}

// controlReset forgets all that was done, but neither the data nor the practice
// certificates.
func (s *Sandbox) controlReset(*http.Request) (any, error) {
	fresh := newState(s.seed)
	fresh.file, fresh.Vault, fresh.Registered = s.state.file, s.state.Vault, s.state.Registered
	s.state, s.faults, s.hits, s.flat = fresh, []*fault{}, nil, map[string]bool{}
	maps.DeleteFunc(s.households, func(string, *people.Household) bool { return true }) // the clock may have gone back
	s.state.touch()
	return map[string]any{"now": s.now()}, nil
}
