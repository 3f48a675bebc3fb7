package playback

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"consentry/xs2a/record"
)

// asked is what tells one request from another.
type asked struct {
	origin    string
	method    string
	path      []string
	operation record.Operation
	query     url.Values
	leaves    map[string]string // of a body: what stands at each place
	consent   string            // Consent-ID
	bank      string            // X-BicFi
	requestID string
}

// step is a recorded exchange.
type step struct {
	asked
	record.Exchange
	number   int
	deed     bool // it may have changed something at the bank
	played   bool
	repeated int // how often, since nothing later was to be told yet
}

func newAsked(method string, u *url.URL, header func(string) string, body string) asked {
	operation := record.OperationOf(method, u.String(), body)
	return asked{
		origin: u.Scheme + "://" + strings.ToLower(u.Host), method: method, path: strings.Split(strings.Trim(u.Path, "/"), "/"), operation: operation,
		query: u.Query(), leaves: leavesOf(body), consent: header("Consent-ID"), bank: header("X-BicFi"), requestID: header("X-Request-ID"),
	}
}

// newSteps returns the exchanges that can be answered again.
func newSteps(exchanges []record.Exchange) (steps []*step) {
	for _, e := range exchanges {
		u, err := url.Parse(e.URL)
		if err != nil || e.Status != 0 && (e.Status < 200 || e.Status > 599) || e.Status == 0 && e.Error == "" {
			continue
		}
		one := &step{asked: newAsked(e.Method, u, func(name string) string { return e.Request.Get(name) }, e.Request.Body), Exchange: e, number: len(steps)}
		one.deed = !one.safe()
		if before := lastLike(steps, one); before != nil && !one.deed && before.Status == one.Status && before.Answer.Body == one.Answer.Body {
			continue // it was asked whether there is anything new, and there was not
		}
		steps = append(steps, one)
	}
	return steps
}

// lastLike is the last step that was asked for by the same request.
func lastLike(steps []*step, one *step) *step {
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].Method == one.Method && steps[i].URL == one.URL && steps[i].consent == one.consent && steps[i].FlowID == one.FlowID {
			return steps[i]
		}
	}
	return nil
}

// safe reports whether a request can be made as often as one likes: a token of the
// client's own is asked for whenever there is none.
func (a asked) safe() bool {
	return a.method == http.MethodGet || a.method == http.MethodHead || a.operation.ID == "getClientToken" || a.operation.ID == "refreshToken"
}

// creates reports whether a request begins something new.
func (a asked) creates() bool {
	return a.operation.ID == "createConsent" || a.operation.ID == "initiatePayment"
}

// tells reports whether an answer tells how far an approval is.
func (a asked) tells() bool {
	switch id := a.operation.ID; id {
	case "getConsentInformation", "getPaymentInformation":
		return true
	default:
		return strings.HasSuffix(id, "Status") && id != "getRefreshStatus"
	}
}

// fits reports whether a step answers a request. Of the client's own tokens neither host
// nor path counts, since they are not what is to be seen.
func (one *step) fits(a asked) bool {
	if one.method != a.method || one.operation.ID != a.operation.ID && !(sameOperation(one.asked, a)) {
		return false
	}
	if a.operation.Token {
		return true
	}
	return one.origin == a.origin && samePath(one.path, a.path) && sameQuery(one.query, a.query)
}

// sameOperation reports whether two requests whose operation is known by its path alone
// are of one kind.
func sameOperation(a, b asked) bool {
	return strings.Contains(a.operation.ID, " ") && strings.Contains(b.operation.ID, " ")
}

// samePath compares the parts of paths; where a secret was anything may be.
func samePath(recorded, path []string) bool {
	if len(recorded) != len(path) {
		return false
	}
	for i, part := range recorded {
		if part != path[i] && !strings.Contains(part, record.Redacted) {
			return false
		}
	}
	return true
}

// sameQuery reports whether no parameter contradicts the recorded one. Dates are others
// each day, and what only one side has is taken for usual.
func sameQuery(recorded, query url.Values) bool {
	for name, values := range query {
		was := recorded.Get(name)
		if recorded.Has(name) && was != values[0] && !changing(was) && !changing(values[0]) {
			return false
		}
	}
	return true
}

var (
	dateLike = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(T.*)?$`)
	uuidLike = regexp.MustCompile(`^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
)

// changing reports whether a value is another each time: a date, a number drawn by
// chance, what was taken out.
func changing(value string) bool {
	return dateLike.MatchString(value) || uuidLike.MatchString(value) || strings.Contains(value, record.Redacted)
}

// likeness counts how much of a request is as recorded, less what is otherwise.
func (one *step) likeness(a asked) (score int) {
	compare := func(was, is string) {
		switch {
		case was == is && was != "":
			score++
		case was != "" && is != "" && !changing(was) && !changing(is):
			score--
		}
	}
	compare(one.consent, a.consent)
	compare(one.bank, a.bank)
	for name := range one.query {
		compare(one.query.Get(name), a.query.Get(name))
		if !a.query.Has(name) {
			score--
		}
	}
	for name := range a.query {
		if !one.query.Has(name) {
			score--
		}
	}
	for place, was := range one.leaves {
		compare(was, a.leaves[place])
	}
	return score
}

// mostLeaves bounds how much of a body is compared.
const mostLeaves = 200

// leavesOf returns what stands in a body, by its place: of JSON, or of a form.
func leavesOf(body string) map[string]string {
	leaves := map[string]string{}
	var v any
	if json.Unmarshal([]byte(body), &v) == nil {
		collect(leaves, "", v)
		return leaves
	}
	if form, err := url.ParseQuery(body); err == nil && strings.Contains(body, "=") && !strings.HasPrefix(body, "<") {
		for name := range form {
			if len(leaves) < mostLeaves {
				leaves[name] = form.Get(name)
			}
		}
	}
	return leaves
}

func collect(leaves map[string]string, place string, v any) {
	if len(leaves) >= mostLeaves {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			collect(leaves, place+"."+name, value)
		}
	case []any:
		for i, value := range v {
			collect(leaves, fmt.Sprintf("%s[%d]", place, i), value)
		}
	default:
		leaves[place] = fmt.Sprint(v)
	}
}
