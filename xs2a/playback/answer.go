package playback

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"consentry/xs2a/record"
)

// maxRequest bounds the body of a request.
const maxRequest = 4 << 20

// handler answers in the place of a recorded host. A page of another name that leads to this
// machine gets nothing (DNS rebinding).
func (s *Server) handler(h *host) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.answer(h, w, r) })
	mux.HandleFunc("GET "+returnPath, s.lead)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "http://"+r.Host != h.address {
			http.Error(w, "This is a recording, played on this machine alone.", http.StatusMisdirectedRequest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// answer gives the recorded answer to a request, or says that there is none.
func (s *Server) answer(h *host, w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.page(w, r) // a browser gets no page of a recording's: what is in it is nobody's word
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(w, r, http.StatusRequestEntityTooLarge, "The request is longer than any that can have been recorded.")
		return
	}
	u, err := url.Parse(h.origin + r.URL.RequestURI())
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "The address cannot be read.")
		return
	}
	a := newAsked(r.Method, u, r.Header.Get, string(body))
	one, made := s.decide(a, r)
	switch {
	case made != "":
		answerJSON(w, r, http.StatusOK, made)
	case one != nil:
		s.give(w, r, one)
	case a.method == http.MethodDelete && strings.Contains(u.Path, "/consents/"):
		s.letGo(u.Path)
		echo(w, r)
		w.WriteHeader(http.StatusNoContent)
	case a.operation.Token:
		answerJSON(w, r, http.StatusOK, `{"access_token":"`+s.invent()+`","token_type":"Bearer","expires_in":3600}`)
	default:
		s.note(a.method, u.Path, false)
		refuse(w, r, http.StatusNotImplemented, "Not in the recording: "+a.method+" "+u.Path)
	}
}

// decide returns the step that answers a request, or what is made up in its place.
func (s *Server) decide(a asked, r *http.Request) (one *step, made string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if back := r.Header.Get("TPP-Redirect-URI"); back != "" {
		s.back, s.backNo = back, r.Header.Get("TPP-Nok-Redirect-URI")
	}
	path := "/" + strings.Join(a.path, "/")
	if s.ended[strings.TrimSuffix(path, "/status")] && a.operation.ID == "getConsentStatus" {
		return nil, `{"consentStatus":"terminatedByTpp"}`
	}
	if s.early(a) {
		return nil, interim(a.operation.ID)
	}
	if one = s.choose(a); one != nil && leadsToPage(one.Answer.Body) {
		s.open[one.FlowID] = true
	}
	return one, ""
}

// interim is how far an approval is that waits for its person (BG 1.3.12 sections 14.16 to
// 14.18).
func interim(operation string) string {
	switch {
	case strings.HasSuffix(operation, "ScaStatus"):
		return `{"scaStatus":"started"}`
	case strings.HasPrefix(operation, "getConsent"):
		return `{"consentStatus":"received"}`
	}
	return `{"transactionStatus":"RCVD"}`
}

// letGo notes that a consent was ended: its end is nothing a recording needs to hold.
func (s *Server) letGo(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ended) < mostSent {
		s.ended[strings.TrimRight(path, "/")] = true
	}
}

// give answers with a step.
func (s *Server) give(w http.ResponseWriter, r *http.Request, one *step) {
	m := one.Answer
	switch {
	case one.Status == 0: // the connection ended before an answer
		panic(http.ErrAbortHandler) // what net/http has for this
	case m.Binary || m.BodyLetGo || m.Cut:
		s.note(one.method, r.URL.Path, true)
		refuse(w, r, http.StatusNotImplemented, "The recording holds only a part of this answer: "+one.method+" "+r.URL.Path)
		return
	}
	body := s.rewritten(m.Body)
	for _, field := range m.Header {
		if value, sent := s.header(field); sent {
			w.Header().Add(field.Name, value)
		}
	}
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	raw := encoded(w.Header(), body)
	echo(w, r)
	if one.Error != "" { // the answer broke off
		w.Header().Set("Content-Length", strconv.Itoa(len(raw)+1))
		w.WriteHeader(one.Status)
		cut(w, raw)
		return
	}
	w.WriteHeader(one.Status)
	_, _ = w.Write(raw) // whoever asked may have gone
}

// cut ends the connection within an answer.
func cut(w http.ResponseWriter, part []byte) {
	_, _ = w.Write(part)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// notAgain are fields that belong to the recorded connection, or to a body as it was.
var notAgain = map[string]bool{
	"Alt-Svc": true, "Connection": true, "Content-Encoding": true, "Content-Length": true, "Content-Md5": true, "Content-Digest": true, "Date": true, "Digest": true, "Keep-Alive": true,
	"Repr-Digest": true, "Set-Cookie": true, "Signature": true, "Signature-Input": true, "Strict-Transport-Security": true, "Trailer": true, "Transfer-Encoding": true,
	"Upgrade": true, "X-Jws-Signature": true, "X-Request-Id": true,
}

// header returns a field as it is sent again, and whether it is.
func (s *Server) header(field record.HeaderField) (value string, sent bool) {
	if notAgain[field.Name] || strings.Contains(field.Value, record.Redacted) && field.Name != "Location" || strings.HasPrefix(field.Value, "«certificate") {
		return "", false
	}
	if at, err := http.ParseTime(field.Value); err == nil {
		return at.AddDate(0, 0, s.moved).UTC().Format(http.TimeFormat), true
	}
	return s.rewritten(field.Value), true
}

// echo answers with the request's number (BG 1.3.12 section 4.1).
func echo(w http.ResponseWriter, r *http.Request) {
	if id := r.Header.Get("X-Request-ID"); id != "" {
		w.Header().Set("X-Request-ID", id)
	}
}

// refuse says in the form of banks' errors why there is no answer (BG 1.3.12 section 4.13).
func refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	body, err := json.Marshal(map[string]any{"tppMessages": []map[string]string{{"category": "ERROR", "code": "SERVICE_INVALID", "text": why}}})
	if err != nil { // texts always can be
		body = nil
	}
	answerJSON(w, r, status, string(body))
}

func answerJSON(w http.ResponseWriter, r *http.Request, status int, body string) {
	echo(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // whoever asked may have gone
}

// encoded returns a body in the character set it is said to have: recordings hold it as
// UTF-8, whatever it was.
func encoded(header http.Header, body string) []byte {
	kind := strings.ToLower(header.Get("Content-Type"))
	begin := strings.ToLower(body[:min(len(body), 100)])
	if !strings.Contains(kind, "8859-1") && !strings.Contains(kind, "1252") && !strings.Contains(begin, `encoding="iso-8859-1"`) {
		return []byte(body)
	}
	raw := make([]byte, 0, len(body))
	for _, r := range body {
		if r > 0xff || r == utf8.RuneError {
			return []byte(body)
		}
		raw = append(raw, byte(r))
	}
	return raw
}

// local reports whether an address leads to this machine, where the program waits for its
// person to come back.
func local(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return (u.Scheme == "http" || u.Scheme == "https") && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// movedBy returns how many days lie between a recording and today.
func movedBy(exchanges []record.Exchange, now time.Time) int {
	for _, e := range exchanges {
		at := e.Started
		if said, err := http.ParseTime(e.Answer.Get("Date")); at.IsZero() && err == nil {
			at = said
		}
		if !at.IsZero() {
			return int(dayOf(now).Sub(dayOf(at)).Hours() / 24)
		}
	}
	return 0
}

func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
