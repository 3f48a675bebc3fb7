package conformance

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"consentry/xs2a/record"
)

// Watcher lets exchanges through and reports each that departs from the definition. It
// sees them whole, and is for tests.
type Watcher struct {
	Dialect string
	Network http.RoundTripper
	// Ours reports whether a path is one of the dialect's.
	Ours func(path string) bool
	// Report is told what departs.
	Report func(format string, values ...any)
	// Definition is held in place of the dialect's; nil: that is.
	Definition *Definition
	// RequestsAlone leaves the answers out.
	RequestsAlone bool
	// Undefined reports whether an answer is one that banks are known to give beyond
	// the definition; nil: none is.
	Undefined func(*http.Response) bool

	mu   sync.Mutex
	seen map[string]int
}

// Seen returns how often each operation was exchanged, by method, path of the
// definition and status, as in "GET /v1/accounts 200".
func (w *Watcher) Seen() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.seen)
}

// RoundTrip sends a request and holds it and its answer to the definition.
func (w *Watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	if !w.Ours(req.URL.Path) {
		return w.Network.RoundTrip(req)
	}
	e := record.Exchange{Method: req.Method, URL: req.URL.String()}
	var err error
	if e.Request, err = requestOf(req); err != nil {
		return nil, err
	}
	res, err := w.Network.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	e.Status, e.Answer = res.StatusCode, messageOf(res.Header, body)
	verdict, err := w.judge(e)
	if err != nil {
		return nil, err
	}
	w.report(e, verdict, w.RequestsAlone || w.Undefined != nil && w.Undefined(res))
	return res, nil
}

func (w *Watcher) judge(e record.Exchange) (Verdict, error) {
	if w.Definition != nil {
		return w.Definition.judge(e, dialects[w.Dialect]), nil
	}
	return Judge(e, w.Dialect)
}

func (w *Watcher) report(e record.Exchange, verdict Verdict, requestAlone bool) {
	if verdict.Operation == "" {
		w.Report("%s %s is no operation", e.Method, e.URL)
		return
	}
	for _, each := range verdict.Violations {
		if each.Side == Request || !requestAlone {
			w.Report("%s %s %d: %s\n%s", e.Method, e.URL, e.Status, each, shortText(e.Answer.Body))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen == nil {
		w.seen = map[string]int{}
	}
	w.seen[fmt.Sprintf("%s %d", verdict.Operation, e.Status)]++
}

// requestOf is a request as a record would have it if nothing were secret.
func requestOf(req *http.Request) (record.Message, error) {
	if req.GetBody == nil {
		return messageOf(req.Header, nil), nil
	}
	body, err := req.GetBody()
	if err != nil {
		return record.Message{}, err
	}
	content, err := io.ReadAll(body)
	return messageOf(req.Header, content), err
}

func messageOf(header http.Header, body []byte) record.Message {
	m := record.Message{Body: string(body), Size: int64(len(body))}
	for name, values := range header {
		for _, value := range values {
			m.Header = append(m.Header, record.HeaderField{Name: name, Value: value})
		}
	}
	return m
}

// Interface is an interface of the practice banks that an official definition is of.
type Interface struct {
	Dialect string
	Ours    func(path string) bool
}

var (
	berlinPath   = regexp.MustCompile(`^/berlingroup/([^/]+)/v1/`)
	saltEdgePath = regexp.MustCompile(`^/saltedge/[^/]+/api/berlingroup/v1/`)
)

// Interfaces are those of the practice banks: Open Payments' own, and of the Berlin
// Group's dialects all but the banks that depart from it on purpose.
func Interfaces(departs func(bank string) bool) []Interface {
	return []Interface{
		{"openpayments", func(path string) bool { return strings.HasPrefix(path, "/psd2/") }},
		{"berlingroup", func(path string) bool {
			found := berlinPath.FindStringSubmatch(path)
			return found != nil && !departs(found[1])
		}},
		{"bankofgeorgia", func(path string) bool { return strings.HasPrefix(path, "/bog/v1/") && !Beyond(path) }},
		{"saltedge", func(path string) bool { return saltEdgePath.MatchString(path) && !Beyond(path) }},
	}
}

// ToApprove reports whether a bank answers that the person has to approve the deletion of
// a consent, which no definition has.
func ToApprove(res *http.Response) bool {
	return res.Request.Method == http.MethodDelete && strings.Contains(res.Request.URL.Path, "/consents/") && res.StatusCode == http.StatusAccepted
}
