package conformance

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"consentry/xs2a/record"
)

// values holds what stands in an address or a header under a name to what is defined of it.
func (j *judgement) values(place Place, parameter *openapi3.Parameter, values []string, clause string) {
	if len(values) == 0 {
		if parameter.Required {
			j.violated(Violation{Place: place, Rule: RuleRequired, Clause: clause})
		}
		return
	}
	if parameter.Schema == nil || parameter.Schema.Value == nil {
		return
	}
	j.body = typed(parameter.Schema.Value, values)
	for _, found := range j.schema(parameter.Schema.Value, j.body, nil) {
		found.Place = place
		if secret(found.value) {
			j.unseen(place, WhySecret)
			continue
		}
		found.Value = shortText(values[0]) // a text, whatever it stands for
		j.violated(found.Violation)
	}
	if slices.ContainsFunc(values, func(value string) bool { return secret(value) }) {
		j.unseen(place, WhySecret)
	}
}

// typed are the values of a parameter as its schema has them. What cannot be read so
// stays a text, and the schema says what is wrong with it.
func typed(schema *openapi3.Schema, values []string) any {
	if schema.Type.Is(openapi3.TypeArray) {
		var list []any
		for _, value := range values {
			for one := range strings.SplitSeq(value, ",") {
				list = append(list, one)
			}
		}
		return list
	}
	value := values[0]
	switch {
	case schema.Type.Is(openapi3.TypeBoolean) && (value == "true" || value == "false"):
		return value == "true"
	case schema.Type.Is(openapi3.TypeInteger), schema.Type.Is(openapi3.TypeNumber):
		if _, err := strconv.ParseFloat(value, 64); err == nil {
			return json.Number(value)
		}
	}
	return value
}

// found is a violation with the value that stood there.
type found struct {
	Violation
	value   any
	pointer string // of what the rule is about, which for a missing member is what it is missing in
}

// formats are held beside those of the library: days, times and Base64.
var formats = openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{"uuid": openapi3.NewRegexpFormatValidator(uuid)})

const uuid = `^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`

// schema holds a value to a schema; path leads to the value. Where one of several forms
// will do and none fits, it says what is missing for the one that fits best.
func (j *judgement) schema(schema *openapi3.Schema, value any, path []string) []found {
	if len(schema.AnyOf) == 0 {
		return j.found(schema.VisitJSON(value, openapi3.MultiErrors(), formats), path)
	}
	var best []found
	for i, form := range j.forms(schema.AnyOf) {
		all := j.schema(form.Value, value, path)
		if len(all) == 0 {
			return nil
		}
		if i == 0 || nearer(all, best) {
			best = all
		}
	}
	return best
}

// forms are those of several that may be meant: of a payment those of its service, where the
// definition has some for it. A standing order would else pass as a single payment.
func (j *judgement) forms(all openapi3.SchemaRefs) openapi3.SchemaRefs {
	if j.service == "" {
		return all
	}
	kind, _, _ := strings.Cut(j.service, "payments") // "", "bulk-" or "periodic-"
	kind = strings.TrimSuffix(kind, "-")
	var own openapi3.SchemaRefs
	for _, form := range all {
		name := form.Ref[strings.LastIndex(form.Ref, "/")+1:]
		bulk, periodic := strings.HasPrefix(name, "bulk"), strings.HasPrefix(name, "periodic")
		if bulk == (kind == "bulk") && periodic == (kind == "periodic") {
			own = append(own, form)
		}
	}
	if len(own) == 0 {
		return all
	}
	return own
}

// nearer reports whether a form fits better than another: one of which less is missing is
// what was meant, and of two such the one of which less is wrong.
func nearer(a, b []found) bool {
	a, b = withoutSecrets(a), withoutSecrets(b)
	return cmp.Or(missing(a)-missing(b), len(a)-len(b)) < 0
}

func missing(all []found) (n int) {
	for _, one := range all {
		if one.Rule == RuleRequired {
			n++
		}
	}
	return n
}

func withoutSecrets(all []found) (rest []found) {
	for _, one := range all {
		if !secret(one.value) {
			rest = append(rest, one)
		}
	}
	return rest
}

// found returns the violations that the library tells of.
func (j *judgement) found(err error, path []string) (all []found) {
	switch err := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		for _, one := range err {
			all = append(all, j.found(one, path)...)
		}
		return distinct(all)
	case *openapi3.SchemaError:
		return j.violations(err, append(slices.Clone(path), err.JSONPointer()...))
	}
	return []found{{Violation: Violation{Place: Place{In: InBody, Name: pointer(path)}, Rule: RuleForm, Wants: shortText(err.Error())}, pointer: pointer(path)}}
}

func (j *judgement) violations(err *openapi3.SchemaError, path []string) []found {
	switch err.SchemaField {
	case "oneOf", "anyOf":
		if best := j.bestForm(err, path); best != nil {
			return best
		}
	case "allOf":
		var parts openapi3.MultiError
		if errors.As(err.Origin, &parts) {
			return j.found(parts, path)
		}
	}
	value := err.Value
	if _, rounded := value.(float64); rounded { // as the library counts with it, and not as it was written
		value = at(j.body, path)
	}
	one := found{value: value, pointer: pointer(path), Violation: Violation{
		Place: Place{In: InBody, Name: pointer(path)}, Rule: Rule(err.SchemaField), Wants: wants(err), Value: short(value), Clause: j.clause(err),
	}}
	switch {
	case err.SchemaField == "required":
		one.value, one.Value = nil, ""
		one.pointer = pointer(path[:max(len(path)-1, 0)])
	case !slices.Contains(Rules, one.Rule):
		one.Rule = RuleForm
	}
	return []found{one}
}

// bestForm is what fails of the form that fits best; nil where that is not known.
func (j *judgement) bestForm(err *openapi3.SchemaError, path []string) (best []found) {
	var forms openapi3.MultiError
	if !errors.As(err.Origin, &forms) {
		return nil
	}
	for _, form := range forms {
		if all := j.found(form, path); best == nil || nearer(all, best) {
			best = all
		}
	}
	return best
}

// at is what stands in a body at a path; nil where nothing does.
func at(body any, path []string) any {
	for _, one := range path {
		switch inner := body.(type) {
		case map[string]any:
			body = inner[one]
		case []any:
			i, err := strconv.Atoi(one)
			if err != nil || i < 0 || i >= len(inner) {
				return nil
			}
			body = inner[i]
		default:
			return nil
		}
	}
	return body
}

// distinct are violations, each once. A bank may make tens of thousands.
func distinct(all []found) (once []found) {
	known := map[Violation]bool{}
	for _, one := range all {
		if !known[one.Violation] {
			known[one.Violation] = true
			once = append(once, one)
		}
	}
	return once
}

// clause is where the rule of an error stands in the definition.
func (j *judgement) clause(err *openapi3.SchemaError) string {
	place := j.of.places[err.Schema]
	if place == "" {
		return j.Clause
	}
	if err.SchemaField == "nullable" {
		return place
	}
	return place + "/" + err.SchemaField
}

// wants is what the rule of an error asks for.
func wants(err *openapi3.SchemaError) string {
	schema := err.Schema
	switch Rule(err.SchemaField) {
	case RulePattern:
		return strings.TrimSuffix(strings.TrimPrefix(schema.Pattern, "^(?:"), ")$")
	case RuleFormat:
		return schema.Format
	case RuleType:
		return strings.Join(schema.Type.Slice(), ", ")
	case RuleEnum:
		return list(schema.Enum)
	case RuleShort:
		return strconv.FormatUint(schema.MinLength, 10)
	case RuleLong:
		return number(schema.MaxLength)
	case RuleFew:
		return strconv.FormatUint(schema.MinItems, 10)
	case RuleMany:
		return number(schema.MaxItems)
	case RuleLow:
		return number(schema.Min)
	}
	return ""
}

func number[N uint64 | float64](n *N) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

func list(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return shortText(strings.Join(texts, ", "))
}

// takenOut is what stands in a record for what is not kept.
var takenOut = regexp.MustCompile(regexp.QuoteMeta(record.Redacted) + `|«certificate, SHA-256 [0-9a-f]{64}»`)

// secret reports whether something was taken out of a value.
func secret(value any) bool {
	switch value := value.(type) {
	case string:
		return strings.Contains(value, "«") && takenOut.MatchString(value)
	case []any:
		return slices.ContainsFunc(value, secret)
	case map[string]any:
		for _, each := range value {
			if secret(each) {
				return true
			}
		}
	}
	return false
}

// short is a value as JSON has it, as far as a line shows it.
func short(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return ""
	}
	return shortText(strings.TrimSuffix(text.String(), "\n"))
}

// longest is how many letters of a value are shown.
const longest = 120

func shortText(text string) string {
	n := 0
	for at := range text {
		if n++; n > longest {
			return text[:at] + "…"
		}
	}
	return text
}

func pointer(path []string) string {
	var b strings.Builder
	for _, one := range path {
		b.WriteString("/" + pointerText(one))
	}
	return b.String()
}
