package conformance

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"consentry/xs2a/record"
)

// held is what the exchanges of a dialect are held to.
type held struct {
	source   *Source
	ownWords bool                // the interface takes the definition's requests, and answers in words of its own
	path     func(string) string // a path as the definition has it; nil: as it is
}

// dialects are by the names of those of xs2a.
var dialects = map[string]held{
	"openpayments":  {source: &OpenPayments},
	"berlingroup":   {source: &BerlinGroup},
	"bankofgeorgia": {source: &BerlinGroup, path: georgian},
	"saltedge":      {source: &BerlinGroup, ownWords: true},
}

// georgianProduct has products of its own in the place of the definition's.
var georgianProduct = regexp.MustCompile(`(payments)/(?:aspsp|domestic|foreign)(/|$)`)

func georgian(path string) string {
	return georgianProduct.ReplaceAllString(path, "$1/sepa-credit-transfers$2")
}

// beyond are paths of operations that no official definition has, though they look like
// one: the catalogue of products (Bank of Georgia) and refreshing (Salt Edge).
var beyond = regexp.MustCompile(`/banking/products/|/accounts/refresh(/|$)|/\.well-known/`)

// Beyond reports whether a path is that of an operation that no official definition has.
func Beyond(path string) bool { return beyond.MatchString(path) }

// Holding says how much of an exchange an official definition has.
type Holding string

// How much it may be.
const (
	HoldsBoth     Holding = "both"     // request and answer
	HoldsRequests Holding = "requests" // the answers have words of their own
	HoldsNothing  Holding = "nothing"  // the operation is in none
)

// Holds returns how much of an operation of a dialect its official definition has.
func Holds(dialect, path string) Holding {
	switch to, known := dialects[dialect]; {
	case !known || Beyond(path):
		return HoldsNothing
	case to.ownWords:
		return HoldsRequests
	}
	return HoldsBoth
}

// most is how many violations a verdict names, and how many things that were not looked at.
const most = 40

// Judge holds an exchange with a bank of a dialect to the definition of its interface.
func Judge(e record.Exchange, dialect string) (Verdict, error) {
	to, known := dialects[dialect]
	if !known {
		return Verdict{}, nil
	}
	d, err := definitions.of(to.source)
	if err != nil {
		return Verdict{}, err
	}
	return d.judge(e, to), nil
}

// SourceOf returns the definition that the exchanges of a dialect are held to; nil: none.
func SourceOf(dialect string) *Source { return dialects[dialect].source }

// Operations lists the operations of the definition of a dialect, as verdicts name them.
func Operations(dialect string) ([]string, error) {
	to, known := dialects[dialect]
	if !known {
		return nil, nil
	}
	d, err := definitions.of(to.source)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(d.routes))
	for i, each := range d.routes {
		names[i] = each.name()
	}
	slices.Sort(names)
	return names, nil
}

// judgement is a verdict that is being found.
type judgement struct {
	Verdict
	of   *Definition
	body any // what is held to a schema, as it was read

	service string // the payment service that is asked, empty for all else
}

func (d *Definition) judge(e record.Exchange, to held) Verdict {
	j := &judgement{Verdict: Verdict{Source: d.Source}, of: d}
	address, err := url.Parse(e.URL)
	if err != nil || Beyond(address.Path) {
		return j.Verdict
	}
	path := address.Path
	if to.path != nil {
		path = to.path(path)
	}
	route, values, defined, pathDefined := d.route(e.Method, path)
	if !pathDefined {
		return j.Verdict
	}
	j.Operation, j.Clause, j.service = route.name(), route.place(), values["payment-service"]
	if !defined {
		j.Operation = shortText(e.Method) + " " + route.path
		j.violated(Violation{Place: Place{Request, InAddress, ""}, Rule: RuleMethod, Wants: strings.Join(sorted(route.item.Operations()), ", "), Value: shortText(e.Method), Clause: "#/paths/" + pointerText(route.path)})
		return j.Verdict
	}
	j.request(route, values, address.Query(), e.Request, to.ownWords)
	switch {
	case to.ownWords:
		j.unseen(Place{Answer, InBody, ""}, WhyOwnWords)
	case e.Status == 0:
		j.unseen(Place{Answer, InBody, ""}, WhyNoAnswer)
	default:
		j.answer(route, e.Status, e.Answer, e.Error != "")
	}
	return j.Verdict
}

func (j *judgement) request(route route, path map[string]string, query url.Values, m record.Message, ownWords bool) {
	if m.HeaderLetGo {
		j.unseen(Place{Request, InHeader, ""}, WhyLetGo)
	}
	for _, parameter := range parametersOf(route) {
		place := Place{Request, In(parameter.In), parameter.Name}
		var values []string
		switch place.In {
		case InPath:
			values = []string{path[parameter.Name]}
		case InQuery:
			values = query[parameter.Name]
		case InHeader:
			if implied(parameter.Name) || m.HeaderLetGo && parameter.Name != "X-Request-ID" {
				continue
			}
			values = valuesOf(m, parameter.Name)
		default:
			continue
		}
		j.values(place, parameter, values, route.place()+"/parameters/"+parameter.Name)
	}
	body := route.operation.RequestBody
	if body == nil || body.Value == nil {
		if m.Body != "" || m.Size > 0 {
			j.violated(Violation{Place: Place{Request, InBody, ""}, Rule: RuleNoBody, Value: shortText(m.Body), Clause: route.place()})
		} else if typed := valuesOf(m, "Content-Type"); len(typed) > 0 && !ownWords {
			j.violated(Violation{Place: Place{Request, InHeader, "Content-Type"}, Rule: RuleNoBody, Value: shortText(typed[0]), Clause: route.place()})
		}
		return
	}
	j.content(Request, m, body.Value.Content, body.Value.Required, route.place()+"/requestBody", false)
}

func (j *judgement) answer(route route, status int, m record.Message, broken bool) {
	response := route.operation.Responses.Status(status)
	if response == nil {
		response = route.operation.Responses.Default()
	}
	if response == nil || response.Value == nil {
		j.violated(Violation{Place: Place{Answer, InStatus, ""}, Rule: RuleStatus, Wants: strings.Join(sorted(route.operation.Responses.Map()), ", "), Value: strconv.Itoa(status), Clause: route.place() + "/responses"})
		return
	}
	clause := route.place() + "/responses/" + strconv.Itoa(status)
	if m.HeaderLetGo {
		j.unseen(Place{Answer, InHeader, ""}, WhyLetGo)
	} else {
		for _, name := range sorted(response.Value.Headers) {
			if header := response.Value.Headers[name].Value; header != nil && !implied(name) {
				j.values(Place{Answer, InHeader, name}, &header.Parameter, valuesOf(m, name), clause+"/headers/"+name)
			}
		}
	}
	if broken {
		j.unseen(Place{Answer, InBody, ""}, WhyNoAnswer)
		return
	}
	j.content(Answer, m, response.Value.Content, true, clause, status == http.StatusNoContent)
}

// parametersOf are those of an operation, and those of its path that it has no own of.
func parametersOf(route route) (all []*openapi3.Parameter) {
	for _, ref := range append(append(openapi3.Parameters{}, route.operation.Parameters...), route.item.Parameters...) {
		one := ref.Value
		if one != nil && !slices.ContainsFunc(all, func(other *openapi3.Parameter) bool { return other.In == one.In && other.Name == one.Name }) {
			all = append(all, one)
		}
	}
	return all
}

// implied are headers whose definition is to be ignored (OpenAPI 3.0.1, Parameter Object
// and Response Object).
func implied(name string) bool {
	return slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(name))
}

func valuesOf(m record.Message, name string) (values []string) {
	for _, field := range m.Header {
		if strings.EqualFold(field.Name, name) {
			values = append(values, field.Value)
		}
	}
	return values
}

func (j *judgement) violated(v Violation) {
	v.Name = shortText(v.Name) // a bank may have made it up
	if len(j.Violations) == most {
		j.More++
		return
	}
	j.Violations = append(j.Violations, v)
}

func (j *judgement) unseen(place Place, why Why) {
	place.Name = shortText(place.Name)
	if one := (Unseen{place, why}); len(j.Unseen) < most && !slices.Contains(j.Unseen, one) {
		j.Unseen = append(j.Unseen, one)
	}
}
