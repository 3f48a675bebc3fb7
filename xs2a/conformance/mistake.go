package conformance

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// Mistake is a place where a published definition contradicts itself, and what its
// publisher documents and does: the schema of a list has it bare, the example beside
// it in an envelope.
type Mistake struct {
	Path     string // of the GET that answers with the list, as the definition has it
	Envelope string // the member that holds the list
}

// OpenPayments are the known mistakes of Open Payments 1.3.3: its documentation,
// its samples and the examples in the definition have the directory's lists in
// envelopes.
var OpenPayments = []Mistake{
	{"/aspspinformation/v1/countries", "countries"},
	{"/aspspinformation/v1/cities", "cities"},
	{"/aspspinformation/v1/aspsps", "aspsps"},
}

// mend makes the schema what the example shows. It fails where there is nothing to
// mend, so that a mistake is taken off the list with the definition that has it.
func (m Mistake) mend(doc *openapi3.T) error {
	media := answerOf(doc, m.Path)
	if media == nil {
		return fmt.Errorf("known mistake: GET %s answers with no JSON", m.Path)
	}
	example, _ := media.Example.(map[string]any)
	if _, enveloped := example[m.Envelope].([]any); !enveloped || media.Schema == nil || !media.Schema.Value.Type.Is(openapi3.TypeArray) {
		return fmt.Errorf("known mistake: GET %s has no example in %q beside a bare list any more", m.Path, m.Envelope)
	}
	envelope := openapi3.NewObjectSchema().WithPropertyRef(m.Envelope, media.Schema).WithRequired([]string{m.Envelope})
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
