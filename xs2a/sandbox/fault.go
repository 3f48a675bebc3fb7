package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fault is what is to go wrong with the next requests that it fits.
type fault struct {
	Method     string `json:"method,omitempty"`     // "" fits any
	Path       string `json:"path,omitempty"`       // a part of the path; "" fits any
	Count      int    `json:"count"`                // of requests; 1 when left out
	Delay      string `json:"delay,omitempty"`      // before anything else, 1500ms
	Status     int    `json:"status,omitempty"`     // answered instead, without being done
	Code       string `json:"code,omitempty"`       // the message code, beside the status
	RetryAfter int    `json:"retryAfter,omitempty"` // seconds, beside the status
	Drop       bool   `json:"drop,omitempty"`       // the line is cut without an answer
	After      bool   `json:"after,omitempty"`      // of drop: only once the request has been done
	Garbage    bool   `json:"garbage,omitempty"`    // 200 with a body that is no JSON

	delay time.Duration
}

// longestDelay keeps an answer within what the server itself waits.
const longestDelay = 20 * time.Second

func (s *Sandbox) controlFaults(*http.Request) (any, error) { return s.faults, nil }

func (s *Sandbox) controlClearFaults(*http.Request) (any, error) {
	s.faults = []*fault{}
	return s.faults, nil
}

func (s *Sandbox) controlAddFault(r *http.Request) (any, error) {
	f := &fault{Count: 1}
	if err := controlBody(r, f); err != nil {
		return nil, err
	}
	var err error
	if f.Delay != "" {
		f.delay, err = time.ParseDuration(f.Delay)
	}
	switch {
	case err != nil || f.delay < 0 || f.delay > longestDelay:
		return nil, formatError("delay", "a time up to "+longestDelay.String())
	case f.Count < 1:
		return nil, formatError("count", "1 or more")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return nil, formatError("status", "a status from 200 to 599")
	case f.Code != "" && f.Status < 400:
		return nil, formatError("code", "a code goes with a status from 400")
	case f.delay == 0 && f.Status == 0 && !f.Drop && !f.Garbage:
		return nil, formatError("", "one of delay, status, drop and garbage")
	}
	s.faults = append(s.faults, f)
	return s.faults, nil
}

// faulty finds and uses up a fault for a request; nil for none.
func (s *Sandbox) faulty(r *http.Request) *fault {
	if strings.HasPrefix(r.URL.Path, "/_control/") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if (f.Method == "" || strings.EqualFold(f.Method, r.Method)) && strings.Contains(r.URL.Path, f.Path) {
			f.Count--
			if f.Count == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
			return f
		}
	}
	return nil
}

// apply lets a request go wrong. It reports whether the request has been answered.
func (f *fault) apply(w http.ResponseWriter, r *http.Request, handle http.Handler) (answered bool) {
	if !pause(r, f.delay) {
		return true
	}
	switch {
	case f.Drop:
		if f.After {
			handle.ServeHTTP(nowhere{header: http.Header{}}, r)
		}
		cut(w)
	case f.Garbage:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{\"accounts\":[{\x00\xff<<< not JSON"))
	case f.Status != 0:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		}
		if f.Code == "" {
			w.WriteHeader(f.Status)
			return true
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(f.Status)
		_ = json.NewEncoder(w).Encode(map[string]any{"tppMessages": refuse(f.Status, f.Code, "").messages()}) // the form of most banks
	default:
		return false
	}
	return true
}

// nowhere takes an answer that nobody will see.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}
