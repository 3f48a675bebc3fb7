// Package conformance holds exchanges with banks to the official definitions
// of the interfaces, for tests: requests and answers alike, from outside, so
// that a mistake made on both sides is found all the same.
//
// The definitions are made strict first: their patterns, which match anywhere
// in a value as published, match whole values.
package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"go.yaml.in/yaml/v4"
)

// ErrAbsent is returned where the definition's file is not there.
var ErrAbsent = errors.New("the official definition is not beside the checkout")

// Definition is an official definition of an interface, made strict.
type Definition struct{ router routers.Router }

// Load reads a definition in OpenAPI 3, YAML or JSON. Prefix is what stands
// before the definition's paths in those of requests. The mistakes it is known to
// make are mended; it is an error if one of them is not there.
func Load(path, prefix string, mistakes ...Mistake) (*Definition, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrAbsent, path)
	}
	if err != nil {
		return nil, err
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(content, &tree); err != nil {
		return nil, err
	}
	if anchor(&tree) == 0 {
		return nil, errors.New("no pattern was anchored")
	}
	if content, err = yaml.Marshal(&tree); err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(content)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: prefix}}
	for _, mistake := range mistakes {
		if err := mistake.mend(doc); err != nil {
			return nil, err
		}
	}
	loosen(doc)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	return &Definition{router}, nil
}

// anchor puts ^ and $ around every pattern and counts them: an unanchored one
// lets "1,50" pass as an amount.
func anchor(n *yaml.Node) (count int) {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if value := n.Content[i+1]; n.Content[i].Value == "pattern" && value.Kind == yaml.ScalarNode {
				value.Value = "^(?:" + strings.TrimSuffix(strings.TrimPrefix(value.Value, "^"), "$") + ")$"
				value.Style = yaml.SingleQuotedStyle
				count++
			}
		}
	}
	for _, child := range n.Content {
		count += anchor(child)
	}
	return count
}

// loosen turns "exactly one of" into "at least one of" for whole bodies: the
// forms of the definitions overlap ({} matches everything, and an answer with
// links also has the form of one with a status alone), so that no filled body
// ever matches exactly one.
func loosen(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if body := operation.RequestBody; body != nil && body.Value != nil {
				loosenContent(body.Value.Content)
			}
			for _, response := range operation.Responses.Map() {
				loosenContent(response.Value.Content)
			}
		}
	}
}

func loosenContent(content openapi3.Content) {
	for _, media := range content {
		if media.Schema != nil && media.Schema.Value != nil && len(media.Schema.Value.OneOf) > 1 {
			media.Schema.Value.AnyOf, media.Schema.Value.OneOf = media.Schema.Value.OneOf, nil
		}
	}
}

// Watcher lets exchanges through and reports each that departs from the
// definition.
type Watcher struct {
	Definition *Definition
	Network    http.RoundTripper
	// Path returns a request's path as the definition has it; false: it is not
	// the definition's matter.
	Path func(path string) (string, bool)
	// Report is told what departs.
	Report func(format string, values ...any)
	// RequestsAlone leaves the answers out: of an interface that takes the
	// definition's requests and has words of its own.
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
	seen := map[string]int{}
	for operation, n := range w.seen {
		seen[operation] = n
	}
	return seen
}

// RoundTrip sends a request and holds it and its answer to the definition.
func (w *Watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	path, ours := w.Path(req.URL.Path)
	if !ours {
		return w.Network.RoundTrip(req)
	}
	defined := req.Clone(req.Context())
	defined.URL.Path, defined.URL.RawPath = path, ""
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		defined.Body = body
	}
	route, params, err := w.Definition.router.FindRoute(defined)
	if err != nil {
		w.Report("%s %s is no operation: %v", req.Method, req.URL.Path, err)
		return w.Network.RoundTrip(req)
	}
	input := &openapi3filter.RequestValidationInput{
		Request: defined, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true,
			ExcludeRequestBody: strings.Contains(req.Header.Get("Content-Type"), "xml"), // which has a schema of its own
		},
	}
	if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil {
		w.Report("request %s %s: %v", req.Method, req.URL.Path, err)
	}
	if typed := req.Header.Get("Content-Type") != "" && !w.RequestsAlone; route.Operation.RequestBody == nil && (req.ContentLength != 0 || typed) {
		w.Report("request %s %s: has a body, or the type of one, where none is defined", req.Method, req.URL.Path)
	}
	res, err := w.Network.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if w.Undefined != nil && w.Undefined(res) {
		return res, nil
	}
	return res, w.answer(input, route.Path, res)
}

func (w *Watcher) answer(input *openapi3filter.RequestValidationInput, path string, res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	output := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: res.StatusCode, Header: res.Header, Options: input.Options,
	}
	output.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(context.Background(), output); err != nil && !w.RequestsAlone {
		w.Report("answer %s %s %d: %v\n%s", input.Request.Method, input.Request.URL.Path, res.StatusCode, err, body[:min(len(body), 500)])
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen == nil {
		w.seen = map[string]int{}
	}
	w.seen[fmt.Sprintf("%s %s %d", input.Request.Method, path, res.StatusCode)]++
	return nil
}
