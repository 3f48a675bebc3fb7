package xs2a

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// refusalWords are what the body of an error says.
type refusalWords struct {
	code, text, field string
	category          string // ERROR or WARNING, where there are several
}

func (r refusalWords) empty() bool { return r.code == "" && r.text == "" }

// or fills in from another what is not said.
func (r refusalWords) or(other refusalWords) refusalWords {
	for _, each := range []struct {
		mine   *string
		theirs string
	}{{&r.code, other.code}, {&r.text, other.text}, {&r.field, other.field}} {
		if *each.mine == "" {
			*each.mine = each.theirs
		}
	}
	return r
}

// rank orders the messages of a list: an error stands before a warning, one
// with a code before mere words.
func (r refusalWords) rank() int {
	switch {
	case r.empty():
		return 0
	case r.code == "":
		return 1
	case r.category != "ERROR":
		return 2
	}
	return 3
}

// The names under which bodies of errors say something, in the order in which
// they are believed; without hyphens and underscores, in small letters. They
// are those of the Berlin Group's messages (BG 1.3.12 section 4.13), of problem
// documents (RFC 9457), of OAuth (RFC 6749 section 5.2), of Salt Edge's classes,
// and of the gateways that stand before banks.
var (
	refusalEnvelopes = []string{"tppmessages", "tppmessage", "errors", "error", "fault", "faults", "messages", "message"}
	refusalDetails   = []string{"additionalerrors", "detail", "details"} // say more, and are not the refusal itself
	refusalCodes     = []string{"errorclass", "code", "errorcode", "faultcode"}
	refusalTexts     = []string{"text", "detail", "errormessage", "errordescription", "message", "description", "faultstring", "reason", "summary", "title"}
	refusalFields    = []string{"field", "property", "parameter", "pointer", "target"}
)

const (
	maxEnvelopes = 4   // of errors in one another
	maxMessages  = 100 // of one list that are looked at
)

// readRefusal finds code, text and field in the bodies banks send. A body of
// another kind has none of them, and neither has one of a size that no error has.
func readRefusal(body []byte) refusalWords {
	if len(body) > maxRefusal {
		return refusalWords{}
	}
	return refusalIn(body, maxEnvelopes)
}

func refusalIn(raw json.RawMessage, depth int) refusalWords {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || depth == 0:
		return refusalWords{}
	case raw[0] == '[':
		return refusalInList(raw, depth)
	case raw[0] == '{':
		return refusalInObject(raw, depth)
	case depth == maxEnvelopes: // a bare text is a message within an envelope only
		return refusalWords{}
	}
	return refusalWords{text: scalar(raw)}
}

func refusalInList(raw json.RawMessage, depth int) (best refusalWords) {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return best
	}
	for _, element := range elements[:min(len(elements), maxMessages)] {
		if one := refusalIn(element, depth-1); one.rank() > best.rank() {
			best = one
		}
	}
	return best
}

// joinedName is made once: making it takes longer than using it.
var joinedName = strings.NewReplacer("_", "", "-", "")

func refusalInObject(raw json.RawMessage, depth int) refusalWords {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return refusalWords{}
	}
	members := map[string]json.RawMessage{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		members[strings.ToLower(joinedName.Replace(name))] = object[name]
	}
	own := refusalWords{
		code: firstOf(members, refusalCodes), text: firstOf(members, refusalTexts),
		field: firstOf(members, refusalFields), category: strings.ToUpper(scalar(members["category"])),
	}
	if own.field == "" && depth < maxEnvelopes { // outside, it is the path of the request
		own.field = scalar(members["path"])
	}
	own = own.or(namedError(scalar(members["error"])))
	for _, name := range refusalEnvelopes {
		if isContainer(members[name]) {
			if inner := refusalIn(members[name], depth-1); !inner.empty() {
				return inner.or(own)
			}
		}
	}
	for _, name := range refusalDetails {
		if isContainer(members[name]) {
			own = own.or(refusalIn(members[name], depth-1))
		}
	}
	return own
}

// namedError is an "error" that is a text: a code, unless it is a sentence.
func namedError(said string) refusalWords {
	if strings.Contains(said, " ") {
		return refusalWords{text: said}
	}
	return refusalWords{code: said}
}

func firstOf(members map[string]json.RawMessage, names []string) string {
	for _, name := range names {
		if value := scalar(members[name]); value != "" {
			return value
		}
	}
	return ""
}

func isContainer(raw json.RawMessage) bool { return len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') }

// scalar is a text or number as text; empty for all else.
func scalar(raw json.RawMessage) string {
	var t text
	if len(raw) == 0 || isContainer(raw) || json.Unmarshal(raw, &t) != nil {
		return ""
	}
	return string(t)
}

var (
	challengeError = regexp.MustCompile(`(?i)\berror\s*=\s*"?([A-Za-z0-9_.-]{1,64})`)
	challengeWords = regexp.MustCompile(`(?i)\berror_description\s*=\s*"([^"]{1,500})"`)
)

// bearerError reads the challenge with which a token is refused
// (RFC 6750 section 3).
func bearerError(challenges []string) (said refusalWords) {
	for _, challenge := range challenges {
		if found := challengeError.FindStringSubmatch(challenge); found != nil && said.code == "" {
			said.code = found[1]
			if words := challengeWords.FindStringSubmatch(challenge); words != nil {
				said.text = words[1]
			}
		}
	}
	return said
}
