// Package conformance holds exchanges with banks to the official definitions of their
// interfaces: requests and answers alike, from outside, so that a mistake made on both
// sides is found all the same.
//
// [Judge] gives the verdict on an exchange as it was recorded. What was taken out of a
// record, because it was secret or too long, is no violation: the verdict says that it
// was not looked at. Where a definition contradicts itself or the guidelines it belongs
// to, what it means is held; [Mistakes] lists those places.
//
// The definitions are part of the program, packed. They are read when somebody first
// asks for a verdict, which takes some 100 ms and 2 MB each, and let go when nobody has for a while.
package conformance

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the definitions
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// Source is a published definition of an interface.
type Source struct {
	Name      string // as people know it
	Version   string
	Publisher string
	File      string // as it is published
	packed    []byte // as gzip, unchanged
	mistakes  []Mistake
}

var (
	//go:embed definitions/berlin-group-1.3.12.json.gz
	berlinGroup []byte
	//go:embed definitions/open-payments-1.3.3.yaml.gz
	openPayments []byte
)

// The definitions that are part of the program. Both are CC BY 4.0, see NOTICE.
var (
	BerlinGroup  = Source{"NextGenPSD2 XS2A Framework", "1.3.12", "The Berlin Group", "berlin-group-1.3.12.json", berlinGroup, common}
	OpenPayments = Source{"NextGenPSD2 API of Open Payments", "1.3.3", "Open Payments Europe AB", "open-payments-1.3.3.yaml", openPayments, append(envelopes, common...)}
)

// Sources are the definitions exchanges are held to.
var Sources = []*Source{&BerlinGroup, &OpenPayments}

// Content returns the definition as its publisher has it.
func (s *Source) Content() ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(s.packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

// Definition is an official definition of an interface, made strict and rid of its
// mistakes.
type Definition struct {
	Source *Source
	routes []route
	places map[*openapi3.Schema]string // where in the definition each schema stands
}

// idle is how long a definition that nobody needs is kept.
const idle = 5 * time.Minute

// shelf holds the definitions that were read.
type shelf struct {
	mu   sync.Mutex
	read map[*Source]*Definition
	used time.Time
	wait *time.Timer // nil while nothing is held
}

var definitions shelf

// of returns a definition, which it reads where it is not held.
func (s *shelf) of(source *Source) (*Definition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
	if held := s.read[source]; held != nil {
		return held, nil
	}
	content, err := source.Content()
	if err != nil {
		return nil, err
	}
	one, err := Read(content, source.mistakes...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.File, err)
	}
	one.Source = source
	if s.read == nil {
		s.read = map[*Source]*Definition{}
	}
	s.read[source] = one
	if s.wait == nil {
		s.wait = time.AfterFunc(idle, s.letGo)
	}
	return one, nil
}

// letGo forgets the definitions once nobody has asked for one for a while.
func (s *shelf) letGo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if left := idle - time.Since(s.used); left > 0 {
		s.wait.Reset(left)
		return
	}
	s.read, s.wait = nil, nil
	debug.FreeOSMemory() // reading them leaves some 20 MB behind
}

// Read reads a definition in OpenAPI 3, YAML or JSON. The mistakes it is known to make
// are mended; it is an error if one of them is not there.
func Read(content []byte, mistakes ...Mistake) (*Definition, error) {
	doc, err := openapi3.NewLoader().LoadFromData(content)
	if err != nil {
		return nil, err
	}
	for _, mistake := range mistakes {
		if err := mistake.mend(doc); err != nil {
			return nil, fmt.Errorf("known mistake %s: %w", mistake.ID, err)
		}
	}
	d := &Definition{places: places(doc)}
	if d.routes = routesOf(doc); len(d.routes) == 0 {
		return nil, errors.New("it defines no operation")
	}
	return d, nil
}

// places says where in a definition each schema stands: under its name where it has one,
// and else where it is first met.
func places(doc *openapi3.T) map[*openapi3.Schema]string {
	found := map[*openapi3.Schema]string{}
	walk(doc, func(place string, schema *openapi3.Schema) bool {
		_, known := found[schema]
		if !known {
			found[schema] = place
		}
		return !known
	})
	return found
}

// walk visits the schemas of a definition, those with a name first; enter reports
// whether to go on within one.
func walk(doc *openapi3.T, enter func(place string, schema *openapi3.Schema) bool) {
	if doc.Components != nil {
		for _, name := range sorted(doc.Components.Schemas) {
			visit("#/components/schemas/"+name, doc.Components.Schemas[name], enter)
		}
		for _, name := range sorted(doc.Components.Parameters) {
			if parameter := doc.Components.Parameters[name]; parameter.Value != nil {
				visit("#/components/parameters/"+name, parameter.Value.Schema, enter)
			}
		}
		for _, name := range sorted(doc.Components.Headers) {
			if header := doc.Components.Headers[name]; header.Value != nil {
				visit("#/components/headers/"+name, header.Value.Schema, enter)
			}
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			visitOperation("#/paths/"+pointerText(path)+"/"+strings.ToLower(method), item, operation, enter)
		}
	}
}

func visitOperation(place string, item *openapi3.PathItem, operation *openapi3.Operation, enter func(string, *openapi3.Schema) bool) {
	for _, parameter := range append(append(openapi3.Parameters{}, item.Parameters...), operation.Parameters...) {
		if parameter.Value != nil {
			visit(place+"/parameters/"+parameter.Value.Name, parameter.Value.Schema, enter)
		}
	}
	if body := operation.RequestBody; body != nil && body.Value != nil {
		visitContent(place+"/requestBody", body.Value.Content, enter)
	}
	for status, response := range operation.Responses.Map() {
		if response.Value == nil {
			continue
		}
		visitContent(place+"/responses/"+status, response.Value.Content, enter)
		for name, header := range response.Value.Headers {
			if header.Value != nil {
				visit(place+"/responses/"+status+"/headers/"+name, header.Value.Schema, enter)
			}
		}
	}
}

func visitContent(place string, content openapi3.Content, enter func(string, *openapi3.Schema) bool) {
	for mediaType, media := range content {
		visit(place+"/content/"+pointerText(mediaType), media.Schema, enter)
	}
}

func visit(place string, ref *openapi3.SchemaRef, enter func(string, *openapi3.Schema) bool) {
	if ref == nil || ref.Value == nil {
		return
	}
	if named := ref.Ref; strings.HasPrefix(named, "#/components/") {
		place = named
	}
	schema := ref.Value
	if !enter(place, schema) {
		return
	}
	for _, name := range sorted(schema.Properties) {
		visit(place+"/properties/"+name, schema.Properties[name], enter)
	}
	visit(place+"/items", schema.Items, enter)
	visit(place+"/additionalProperties", schema.AdditionalProperties.Schema, enter)
	visit(place+"/not", schema.Not, enter)
	for word, several := range map[string]openapi3.SchemaRefs{"oneOf": schema.OneOf, "anyOf": schema.AnyOf, "allOf": schema.AllOf} {
		for i, one := range several {
			visit(fmt.Sprintf("%s/%s/%d", place, word, i), one, enter)
		}
	}
}
