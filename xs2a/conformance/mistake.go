package conformance

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Mistake is a place where a published definition contradicts itself, or the guidelines
// it belongs to, so that what it means is held in place of what it says.
type Mistake struct {
	ID    string // names the words for it
	Place string // where in the definition; empty: all over
	mend  func(*openapi3.T) error
}

// The known mistakes, by their ids.
const (
	BareList   = "bareList"   // a directory's list is bare in the schema, and in an envelope in the example beside it
	Unanchored = "unanchored" // patterns match anywhere in a value
	Overlap    = "overlap"    // a body is to have exactly one of several forms that overlap
	IPv4       = "ipv4"       // addresses of people are to be IPv4; the guidelines name no version
	Links      = "links"      // links are to be URIs, and the guidelines have paths as well
)

// envelopes are mistakes of Open Payments 1.3.3: its documentation, its samples and the
// examples in the definition have the directory's lists in envelopes.
var envelopes = []Mistake{
	enveloped("/aspspinformation/v1/countries", "countries"),
	enveloped("/aspspinformation/v1/cities", "cities"),
	enveloped("/aspspinformation/v1/aspsps", "aspsps"),
}

// common are mistakes of both definitions.
var common = []Mistake{
	{ID: Unanchored, mend: anchor},
	{ID: Overlap, mend: loosen},
	{ID: IPv4, mend: forgets("ipv4")},
	{ID: Links, mend: forgets("uri", "url")},
}

// Mistakes lists the known mistakes of a definition.
func (s *Source) Mistakes() []Mistake { return s.mistakes }

// enveloped is the mistake of a list that the schema has bare and the example in a member
// of that name.
func enveloped(path, member string) Mistake {
	return Mistake{ID: BareList, Place: "GET " + path, mend: func(doc *openapi3.T) error { return envelop(doc, path, member) }}
}

// envelop makes the schema what the example shows. It fails where there is nothing to
// mend, so that a mistake is taken off the list with the definition that has it.
func envelop(doc *openapi3.T, path, member string) error {
	media := answerOf(doc, path)
	if media == nil {
		return fmt.Errorf("GET %s answers with no JSON", path)
	}
	example, _ := media.Example.(map[string]any)
	if _, enveloped := example[member].([]any); !enveloped || media.Schema == nil || !media.Schema.Value.Type.Is(openapi3.TypeArray) {
		return fmt.Errorf("GET %s has no example in %q beside a bare list any more", path, member)
	}
	envelope := openapi3.NewObjectSchema().WithPropertyRef(member, media.Schema).WithRequired([]string{member})
	media.Schema = envelope.NewRef()
	return nil
}

// answerOf is the JSON that a GET answers with; nil where the definition has none.
func answerOf(doc *openapi3.T, path string) *openapi3.MediaType {
	item := doc.Paths.Value(path)
	if item == nil || item.Get == nil {
		return nil
	}
	response := item.Get.Responses.Status(200)
	if response == nil || response.Value == nil {
		return nil
	}
	return response.Value.Content.Get("application/json")
}

// anchor puts ^ and $ around every pattern: an unanchored one lets "1,50" pass as an
// amount.
func anchor(doc *openapi3.T) error {
	count := each(doc, func(schema *openapi3.Schema) bool {
		if schema.Pattern == "" {
			return false
		}
		schema.Pattern = "^(?:" + strings.TrimSuffix(strings.TrimPrefix(schema.Pattern, "^"), "$") + ")$"
		return true
	})
	return unless(count > 0, "no pattern was anchored")
}

// forgets does not hold values to formats.
func forgets(formats ...string) func(*openapi3.T) error {
	return func(doc *openapi3.T) error {
		count := each(doc, func(schema *openapi3.Schema) bool {
			for _, format := range formats {
				if schema.Format == format {
					schema.Format = ""
					return true
				}
			}
			return false
		})
		return unless(count > 0, "nothing has the format "+strings.Join(formats, " or "))
	}
}

// each visits every schema once, and counts those that were changed.
func each(doc *openapi3.T, change func(*openapi3.Schema) bool) (count int) {
	seen := map[*openapi3.Schema]bool{}
	walk(doc, func(_ string, schema *openapi3.Schema) bool {
		if seen[schema] {
			return false
		}
		seen[schema] = true
		if change(schema) {
			count++
		}
		return true
	})
	return count
}

// loosen turns "exactly one of" into "at least one of" for whole bodies: the forms of the
// definitions overlap ({} matches everything, and an answer with links also has the form
// of one with a status alone), so that no filled body ever matches exactly one.
func loosen(doc *openapi3.T) error {
	count := 0
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if body := operation.RequestBody; body != nil && body.Value != nil {
				count += loosenContent(body.Value.Content)
			}
			for _, response := range operation.Responses.Map() {
				count += loosenContent(response.Value.Content)
			}
		}
	}
	return unless(count > 0, "no body has several forms")
}

func loosenContent(content openapi3.Content) (count int) {
	for _, media := range content {
		if media.Schema != nil && media.Schema.Value != nil && len(media.Schema.Value.OneOf) > 1 {
			media.Schema.Value.AnyOf, media.Schema.Value.OneOf = media.Schema.Value.OneOf, nil
			count++
		}
	}
	return count
}

func unless(good bool, problem string) error {
	if good {
		return nil
	}
	return fmt.Errorf("%s", problem)
}
