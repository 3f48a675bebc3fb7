package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// hit is a request that went wrong because it was told to.
type hit struct {
	Fault     fault     `json:"fault"`          // as it was then, without what its body was
	At        time.Time `json:"at"`             // by this machine's clock, as exchanges are recorded
	Bank      string    `json:"bank,omitempty"` // BIC
	Operation string    `json:"operation,omitempty"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	RequestID string    `json:"requestId,omitempty"` // X-Request-ID
}

// hitLog is how many hits are kept.
const hitLog = 100

// noteHit notes what a fault is used up by.
func (s *Sandbox) noteHit(f *fault, of purpose, r *http.Request) {
	one := hit{Fault: *f, At: s.realTime(), Bank: of.bank, Operation: of.Name, Method: r.Method, Path: r.URL.Path}
	if f.Body != nil {
		one.Fault.Body = new(string)
	}
	if sent := r.Header.Get("X-Request-ID"); isUUID(sent) {
		one.RequestID = sent
	}
	s.hits = append(s.hits[max(0, len(s.hits)-hitLog+1):len(s.hits):len(s.hits)], one)
}

// controlFaults answers GET /_control/faults: those that are still to come.
func (s *Sandbox) controlFaults(*http.Request) (any, error) { return s.faults, nil }

// controlHits answers GET /_control/hits: what went wrong, the newest first.
func (s *Sandbox) controlHits(*http.Request) (any, error) {
	newest := slices.Clone(s.hits)
	slices.Reverse(newest)
	return append([]hit{}, newest...), nil
}

// controlOperations answers GET /_control/operations: the names that a fault may have.
func (s *Sandbox) controlOperations(*http.Request) (any, error) { return operations, nil }

// controlAddFault answers POST /_control/faults.
func (s *Sandbox) controlAddFault(r *http.Request) (any, error) {
	f := &fault{Count: 1}
	if err := controlBody(r, f); err != nil {
		return nil, err
	}
	if f.Bank != "" {
		b := s.bankNamed(f.Bank)
		if b == nil {
			return nil, formatError("bank", "bank has to be the BIC or the id of a practice bank")
		}
		f.Bank = b.BIC
	}
	if err := f.possible(); err != nil {
		return nil, err
	}
	if len(s.faults) == mostFaults {
		return nil, refuse(http.StatusConflict, "", "so many are set already: "+strconv.Itoa(mostFaults))
	}
	s.faultsSet++
	f.ID = s.faultsSet
	s.faults = append(s.faults, f)
	return s.faults, nil
}

// controlRemoveFault answers DELETE /_control/faults/{id}. One that is used up or was
// removed is not there; that is no error.
func (s *Sandbox) controlRemoveFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		return nil, formatError("id", "the number of a fault")
	}
	s.faults = slices.DeleteFunc(slices.Clone(s.faults), func(f *fault) bool { return f.ID == id })
	return s.faults, nil
}

// controlClearFaults answers DELETE /_control/faults.
func (s *Sandbox) controlClearFaults(*http.Request) (any, error) {
	s.faults = []*fault{}
	return s.faults, nil
}
