package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fault is what is to go wrong with the next requests that it fits. What it says fits
// together: a request has to fit all of it. Nothing of one that is set changes but how
// many are left.
type fault struct {
	ID        int    `json:"id"`
	Name      string `json:"name,omitempty"`      // what who set it calls it
	Bank      string `json:"bank,omitempty"`      // BIC; "" fits any, and what is no bank's
	Operation string `json:"operation,omitempty"` // its name or its group's; "" fits any
	Method    string `json:"method,omitempty"`    // "" fits any
	Path      string `json:"path,omitempty"`      // a part of the path; "" fits any
	Count     int    `json:"count"`               // of requests that are left; 1 when left out

	Delay      string  `json:"delay,omitempty"`      // before anything else, 1500ms
	Slow       string  `json:"slow,omitempty"`       // that the body takes, a little at a time
	Status     int     `json:"status,omitempty"`     // answered instead, without being done
	Code       string  `json:"code,omitempty"`       // the message code, beside the status
	RetryAfter int     `json:"retryAfter,omitempty"` // seconds, beside the status
	Drop       bool    `json:"drop,omitempty"`       // the line is cut without an answer
	Middle     bool    `json:"middle,omitempty"`     // the line is cut in the middle of the body
	Garbage    bool    `json:"garbage,omitempty"`    // 200 with a body that is no JSON
	Body       *string `json:"body,omitempty"`       // answered instead, without being done; 200 unless there is a status
	MediaType  string  `json:"mediaType,omitempty"`  // said of whatever body there is
	After      bool    `json:"after,omitempty"`      // of what is answered instead, and of drop: only once the request has been done

	delay, slow time.Duration
}

const (
	// longestDelay keeps an answer within what the server itself waits, with what it is slow.
	longestDelay = 20 * time.Second
	mostFaults   = 100
	mostRequests = 1_000_000
	slowPieces   = 20 // that a slow body comes in
)

// instead reports whether something is answered in the place of the bank's answer.
func (f *fault) instead() bool { return f.Drop || f.Garbage || f.Status != 0 || f.Body != nil }

// possible refuses a fault that there is not.
func (f *fault) possible() error {
	for _, each := range []struct {
		field, said string
		to          *time.Duration
	}{{"delay", f.Delay, &f.delay}, {"slow", f.Slow, &f.slow}} {
		took, err := time.ParseDuration(cmp.Or(each.said, "0"))
		if *each.to = took; err != nil || took < 0 || took > longestDelay || f.delay+f.slow > longestDelay {
			return formatError(each.field, "a time up to "+longestDelay.String()+", as 1500ms; delay and slow together take no longer")
		}
	}
	switch {
	case f.Count < 1 || f.Count > mostRequests:
		return formatError("count", "from 1 to "+strconv.Itoa(mostRequests))
	case f.Operation != "" && !operationNamed(f.Operation):
		return formatError("operation", "an operation, or a group of them, as GET /_control/operations lists them")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return formatError("status", "a status from 200 to 599")
	case f.Code != "" && f.Status < 400:
		return formatError("code", "a code goes with a status from 400")
	case f.RetryAfter < 0:
		return formatError("retryAfter", "seconds")
	case strings.ContainsAny(f.MediaType, "\r\n\x00"):
		return formatError("mediaType", "a media type, as text/html")
	case f.Body != nil && (f.Garbage || f.Drop || f.Code != ""):
		return formatError("body", "a body goes with a status, a media type, delay and slow alone")
	case f.Drop && (f.slow > 0 || f.Middle):
		return formatError("drop", "where nothing is answered, no body is slow or cut")
	case f.After && !f.instead():
		return formatError("after", "it goes with drop, status, garbage or body")
	case f.delay == 0 && f.slow == 0 && f.MediaType == "" && !f.Middle && !f.instead():
		return formatError("", "one of delay, slow, status, drop, middle, garbage, body and mediaType")
	}
	return nil
}

// fits reports whether a fault is for a request.
func (f *fault) fits(r *http.Request, of purpose) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) && strings.Contains(r.URL.Path, f.Path) &&
		(f.Bank == "" || f.Bank == of.bank) && (f.Operation == "" || f.Operation == of.Name || f.Operation == of.Group)
}

// purpose is what a request is for.
type purpose struct {
	operation
	bank string // BIC
}

// purposeOf finds out what a request is for.
func (s *Sandbox) purposeOf(r *http.Request) purpose {
	of := purpose{operation: s.operationOf(r)}
	if b := s.bankAsked(r); b != nil {
		of.bank = b.BIC
	}
	return of
}

// faulty finds and uses up a fault for a request; nil for none.
func (s *Sandbox) faulty(r *http.Request) *fault {
	if strings.HasPrefix(r.URL.Path, "/_control/") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return nil
	}
	of := s.purposeOf(r)
	for i, f := range s.faults {
		if f.fits(r, of) {
			f.Count--
			s.noteHit(f, of, r)
			if f.Count == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
			return f
		}
	}
	return nil
}

// misled answers a request that a fault fits, if the fault answers it. The time that a fault
// takes ends with the server.
func (s *Sandbox) misled(w http.ResponseWriter, r *http.Request) (answered bool) {
	f := s.faulty(r)
	if f == nil {
		return false
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	defer context.AfterFunc(s.ending, stop)()
	return f.apply(w, r.WithContext(ctx), s.mux)
}

// apply lets a request go wrong. It reports whether the request has been answered.
func (f *fault) apply(w http.ResponseWriter, r *http.Request, handle http.Handler) (answered bool) {
	if !pause(r, f.delay) {
		return true
	}
	if f.After {
		handle.ServeHTTP(nowhere{header: http.Header{}}, r)
	}
	switch {
	case f.Drop:
		cut(w)
	case f.slow > 0 || f.MediaType != "" || f.Middle:
		held := &heldAnswer{header: w.Header()}
		if f.instead() {
			f.answer(held)
		} else {
			handle.ServeHTTP(held, r)
		}
		held.send(w, r, f)
	case f.instead():
		f.answer(w)
	default:
		return false
	}
	return true
}

// answer answers in the place of the bank.
func (f *fault) answer(w http.ResponseWriter) {
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	status := cmp.Or(f.Status, http.StatusOK)
	if f.Garbage || f.Body != nil || f.Code != "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	switch { // the only error left is a TPP that hung up
	case f.Garbage:
		_, _ = io.WriteString(w, "{\"accounts\":[{\x00\xff<<< not JSON")
	case f.Body != nil:
		_, _ = io.WriteString(w, *f.Body)
	case f.Code != "":
		_ = json.NewEncoder(w).Encode(map[string]any{"tppMessages": refuse(status, f.Code, "").messages()}) // the form of most banks
	}
}

// nowhere takes an answer that nobody will see.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}

// heldAnswer holds an answer until it is sent in another way than it was made.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *heldAnswer) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

// send sends what was held: with another media type, in pieces with time between them.
// It ends when the time is over, or the TPP or the server hangs up.
func (h *heldAnswer) send(w http.ResponseWriter, r *http.Request, f *fault) {
	if f.MediaType != "" {
		w.Header().Set("Content-Type", f.MediaType)
	}
	body := h.body.Bytes()
	if f.Middle {
		body = body[:len(body)/2]
		defer cut(w)
	}
	w.WriteHeader(cmp.Or(h.status, http.StatusOK))
	line := http.NewResponseController(w)
	if f.slow == 0 {
		_, _ = w.Write(body) // the only errors left are of a TPP that hung up
		_ = line.Flush()
		return
	}
	size := max(1, (len(body)+slowPieces-1)/slowPieces)
	for range slowPieces {
		if line.Flush() != nil || !pause(r, f.slow/slowPieces) {
			cut(w) // a body that ends here would pass for a whole one
			return
		}
		piece := body[:min(size, len(body))]
		if _, err := w.Write(piece); err != nil {
			return
		}
		body = body[len(piece):]
	}
}
