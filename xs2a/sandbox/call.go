package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
)

// maxBody bounds what a TPP may send in one request, in bytes.
const maxBody = 64 << 10

// call is one request to a service of a bank, as far as it has been understood.
type call struct {
	request  *http.Request
	body     []byte
	id       string     // X-Request-ID, or one of ours where the TPP sent none
	client   client     // the TPP that asks
	token    *token     // what it may ask for; nil where a bank knows TPPs by their certificate alone
	bank     *bank.Bank // the one addressed; nil for the directory
	attended bool       // PSU-IP-Address was sent: the person asked for it
	address  string     // what absolute links start with
	pages    string     // the same for the banks' pages
	service  string     // payments, periodic-payments or bulk-payments
	consent  *consent   // account services only

	thinks time.Duration // before the answer goes out
	lost   bool          // the line is cut instead
}

// answer is what goes back: a status, headers and a value to be written as JSON
// (nil for none).
type answer struct {
	status int
	header http.Header
	kind   string // media type; "" for application/json
	body   any    // []byte goes out as it is
}

// check looks at one aspect of a call, in the order in which a bank would.
type check func(*Sandbox, *call) error

// route is one path of a dialect.
type route struct {
	path    string
	find    check // finds the bank, where the address says it; nil elsewhere
	checks  []check
	methods map[string]func(*call) (answer, error)
	// bareErrors sends messages as a bare array, as the directory's definition has it.
	bareErrors bool
	service    string // of payments
}

// api serves a route: one call at a time, saved before it is answered.
func (s *Sandbox) api(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{request: r, id: newID(), address: s.address(r), pages: s.pages(r), service: rt.service}
		if sent := r.Header.Get("X-Request-ID"); isUUID(sent) {
			c.id = sent
		}
		var err error
		c.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			rt.write(w, c, answer{}, formatError("", "the body is longer than the bank takes, or broke off"))
			return
		}
		a, err := s.locked(func() (answer, error) { return s.perform(rt, c) })
		if err != nil {
			s.log.Info("sandbox refuses", "method", r.Method, "path", r.URL.Path, "error", err)
		}
		if !pause(r, c.thinks) {
			return
		}
		if c.lost {
			cut(w)
			return
		}
		rt.write(w, c, a, err)
	})
}

// pause waits before an answer. It reports whether the TPP still waits for one.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}

// cut ends the line without an answer.
func cut(w http.ResponseWriter) {
	line, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2, which the sandbox does not speak
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = line.Close() // cut off, one way or another
}

// locked runs do alone and saves what it changed, so that no answer leaves before
// its effect is kept.
func (s *Sandbox) locked(do func() (answer, error)) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attendWaiting()
	a, err := do()
	if saveErr := s.state.save(s.now()); saveErr != nil {
		s.log.Error("the practice banks could not save", "error", saveErr)
		return answer{}, refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "this practice bank could not be saved on your machine: "+saveErr.Error())
	}
	return a, err
}

func (s *Sandbox) perform(rt route, c *call) (answer, error) {
	if rt.find != nil {
		if err := rt.find(s, c); err != nil {
			return answer{}, err
		}
	}
	handle, ok := rt.methods[c.request.Method]
	if !ok {
		return answer{}, &refusal{
			status: http.StatusMethodNotAllowed, code: "SERVICE_INVALID", text: "this address does not know the method",
			header: http.Header{"Allow": {strings.Join(slices.Sorted(keys(rt.methods)), ", ")}},
		}
	}
	if err := checkOnce(c); err != nil {
		return answer{}, err
	}
	for _, look := range rt.checks {
		if err := look(s, c); err != nil {
			return answer{}, err
		}
	}
	if c.request.Method == http.MethodGet {
		return s.read(c, handle)
	}
	return s.once(c, handle)
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// write sends an answer or a refusal; any other error is the sandbox's own fault.
func (rt route) write(w http.ResponseWriter, c *call, a answer, err error) {
	if err != nil {
		var r *refusal
		if !errors.As(err, &r) {
			a = answer{status: http.StatusInternalServerError}
		} else {
			a = c.refusal(r)
			if rt.bareErrors {
				a.body = r.messages()
			}
		}
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("X-Request-ID", c.id)
	if c.bank != nil && c.bank.Behaviour != nil {
		c.write(w, a)
		return
	}
	writeJSON(w, a.status, a.body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Cache-Control", "no-store")
	if body == nil {
		w.WriteHeader(status)
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	// The only error left is a TPP that hung up.
	_ = encoder.Encode(body)
}

// checkRequestID wants an X-Request-ID that is a UUID (BG 1.3.12, header X-Request-ID).
func checkRequestID(_ *Sandbox, c *call) error {
	if sent := c.request.Header.Get("X-Request-ID"); !isUUID(sent) {
		return formatError("X-Request-ID", "X-Request-ID has to be a UUID")
	}
	return nil
}

// checkAccept refuses a TPP that takes no JSON.
func checkAccept(_ *Sandbox, c *call) error {
	accept := c.request.Header.Values("Accept")
	if len(accept) == 0 {
		return nil
	}
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		switch kind, _, _ := mime.ParseMediaType(part); kind {
		case "application/json", "application/*", "*/*":
			return nil
		case bank.Camt053, bank.MT940:
			if c.bank != nil && c.bank.Behaviour != nil && c.otherForm(kind) {
				return nil
			}
		}
	}
	return refuseField(http.StatusNotAcceptable, "REQUESTED_FORMATS_INVALID", "Accept", "the bank answers in application/json")
}

// checkBank wants an X-BicFi of a bank that speaks the dialect.
func checkBank(s *Sandbox, c *call) error {
	bic := c.request.Header.Get("X-BicFi")
	if !isBIC(bic) {
		return formatError("X-BicFi", "X-BicFi has to be a BIC")
	}
	c.bank = s.bank(bic)
	if c.bank == nil || c.bank.Dialect != bank.OpenPayments {
		return refuseField(http.StatusBadRequest, "RESOURCE_UNKNOWN", "X-BicFi", "no bank with this BIC")
	}
	id := c.request.Header.Get("X-AffiliatedASPSP-ID")
	if id != "" && !slices.ContainsFunc(c.bank.Affiliated, func(a bank.Affiliate) bool { return a.ID == id }) {
		return formatError("X-AffiliatedASPSP-ID", "the bank has no such affiliated bank")
	}
	return nil
}

// checkPSUPresent wants the address of the person who is at the TPP's screen.
func checkPSUPresent(s *Sandbox, c *call) error {
	if err := notePSU(s, c); err != nil {
		return err
	}
	if !c.attended {
		return formatError("PSU-IP-Address", "PSU-IP-Address is missing")
	}
	if c.bank.WantsUserAgent && c.request.Header.Get("PSU-User-Agent") == "" {
		return formatError("PSU-User-Agent", "this bank wants PSU-User-Agent")
	}
	return nil
}

// notePSU notes whether the person is there: PSU-IP-Address is sent if and only
// if the request was asked for by the person (BG 1.3.12, PSU-IP-Address).
func notePSU(_ *Sandbox, c *call) error {
	sent := c.request.Header.Get("PSU-IP-Address")
	if sent == "" {
		return nil
	}
	if ip, err := netip.ParseAddr(sent); err != nil || !ip.Is4() {
		return formatError("PSU-IP-Address", "PSU-IP-Address has to be an IPv4 address")
	}
	c.attended = true
	return nil
}

// decode reads a JSON body strictly: the right media type, one value, no unknown
// fields, no wrong types.
func (c *call) decode(into any) error {
	kind, params, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || kind != "application/json" || (charset != "" && charset != "utf-8") {
		return refuseField(http.StatusUnsupportedMediaType, "FORMAT_ERROR", "Content-Type", "the bank takes application/json")
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return formatError(wrong.Field, "wrong type: "+wrong.Value)
		}
		return formatError("", "the body is not understood: "+strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return formatError("", "there is more after the JSON value")
	}
	return nil
}
