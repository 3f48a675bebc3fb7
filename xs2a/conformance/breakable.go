package conformance

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Breakable returns the rules that a good answer (200) to an operation can break, by the
// definition of a dialect: those of its status, headers and kind of content, and those that
// any part of its JSON has. None are returned where the definition has no such operation. It
// is for tests: a bank that is to break each rule is held to it.
func Breakable(dialect, operation string) ([]Rule, error) {
	to, known := dialects[dialect]
	if !known {
		return nil, nil
	}
	d, err := definitions.of(to.source)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(d.routes, func(one route) bool { return one.name() == operation })
	if at < 0 {
		return nil, nil
	}
	response := d.routes[at].operation.Responses.Status(http.StatusOK)
	if response == nil {
		return nil, nil
	}
	found := map[Rule]bool{RuleStatus: true}
	for name, header := range response.Value.Headers {
		if !implied(name) {
			found[RuleRequired] = found[RuleRequired] || header.Value.Required
			rulesOf(header.Value.Schema, found)
		}
	}
	for kind, media := range response.Value.Content {
		found[RuleMediaType], found[RuleBody] = true, true
		if strings.Contains(kind, "json") {
			found[RuleJSON] = true
			rulesOf(media.Schema, found)
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// rulesOf notes the rules of a schema and of all within it.
func rulesOf(ref *openapi3.SchemaRef, found map[Rule]bool) {
	seen := map[*openapi3.Schema]bool{}
	visit("", ref, func(_ string, schema *openapi3.Schema) bool {
		if seen[schema] {
			return false
		}
		seen[schema] = true
		for rule, has := range map[Rule]bool{
			RuleType:     schema.Type != nil,
			RuleNull:     schema.Type != nil && !schema.Nullable,
			RuleRequired: len(schema.Required) > 0,
			RuleEnum:     len(schema.Enum) > 0,
			RulePattern:  schema.Pattern != "",
			RuleFormat:   schema.Format != "",
			RuleShort:    schema.MinLength > 0,
			RuleLong:     schema.MaxLength != nil,
			RuleFew:      schema.MinItems > 0,
			RuleMany:     schema.MaxItems != nil,
			RuleLow:      schema.Min != nil,
			RuleForm:     len(schema.OneOf) > 0 || beyondWords(schema),
		} {
			if has {
				found[rule] = true
			}
		}
		return true
	})
}

// beyondWords reports whether a schema has a rule that is told of as one of form, as it has
// no name of its own here.
func beyondWords(s *openapi3.Schema) bool {
	return s.Max != nil || s.MultipleOf != nil || s.UniqueItems || s.MinProps > 0 || s.MaxProps != nil || s.Not != nil || s.Discriminator != nil ||
		s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
}
