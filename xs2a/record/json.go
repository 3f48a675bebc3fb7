package record

import (
	"encoding/json"
	"slices"
	"strings"
)

// quoted redacts JSON, and whatever looks like it: members with secret names
// lose their values, and texts are looked into. It reads token by token and
// needs neither a beginning nor an end, because a body may be cut or broken.
// All but the secrets stays as it was written.
func (r *redactor) quoted(s string, depth int) string {
	if depth <= 0 || !strings.Contains(s, `"`) {
		return s
	}
	scan := jsonScan{redactor: r, s: s, depth: depth, out: make([]byte, 0, len(s))}
	for at := 0; at < len(s); {
		quote := strings.IndexByte(s[at:], '"')
		if quote < 0 {
			quote = len(s) - at
		}
		scan.between(s[at : at+quote])
		if at += quote; at < len(s) {
			at = scan.text(at)
		}
	}
	return string(scan.out)
}

// jsonScan is a reading of JSON.
type jsonScan struct {
	*redactor
	s     string
	depth int
	out   []byte
	name  string // of the member whose value comes next
	open  []jsonPart
}

// jsonPart is an object or array that has begun.
type jsonPart struct {
	name  string // of the member it is the value of; that of the array around it
	array bool
	// An object may say the name of a value and the value in two members. The
	// value, where it came first, stands in a part of what was written.
	says  string
	value span
}

// mostOpen bounds how many parts within one another are told apart.
const mostOpen = 64

// between takes what stands between two texts: signs, numbers and words.
func (j *jsonScan) between(s string) {
	for i := range len(s) {
		switch s[i] {
		case '{', '[':
			j.begin(s[i] == '[')
		case '}', ']':
			j.open = j.open[:max(len(j.open)-1, 0)]
			j.name = ""
		case ',':
			j.name = ""
		}
	}
	j.out = append(j.out, s...)
}

func (j *jsonScan) begin(array bool) {
	if around := j.around(); j.name == "" && around.array {
		j.name = around.name
	}
	if len(j.open) < mostOpen {
		j.open = append(j.open, jsonPart{name: j.name, array: array})
	}
	j.name = ""
}

// around is the object or array that is being read.
func (j *jsonScan) around() *jsonPart {
	if len(j.open) == 0 {
		return &jsonPart{}
	}
	return &j.open[len(j.open)-1]
}

// text takes the text at a place, which is a name or a value, and returns where it
// ends; of a member with a secret name, where that ends.
func (j *jsonScan) text(at int) (end int) {
	raw, end := quotedText(j.s, at)
	colon := skipSpace(j.s, end)
	if colon >= len(j.s) || j.s[colon] != ':' {
		j.value(j.s[at:end], raw)
		return end
	}
	value := skipSpace(j.s, colon+1)
	name := unquote(raw)
	j.out = append(j.out, j.s[at:value]...)
	kind := j.kind(name)
	if kind.secret && !(bareCode(name) && telling(j.around().name) && j.tells(value)) {
		clean, after := j.member(name, j.s, value)
		j.out = append(j.out, clean...)
		return after
	}
	j.name = name
	if value < len(j.s) && kind.pairValue && strings.IndexByte(`"{[`, j.s[value]) < 0 {
		after := literalEnd(j.s, value)
		j.value(j.s[value:after], j.s[value:after])
		return after
	}
	return value
}

// longestCode is more than the codes of messages take.
const longestCode = 64

// tells reports whether a value under the name "code" has the form of one that
// everybody may read, where its place says that it is one. What the flow knows
// as a secret does not.
func (j *jsonScan) tells(at int) bool {
	if at >= len(j.s) || j.s[at] == '{' || j.s[at] == '[' {
		return true
	}
	plain := j.s[at:literalEnd(j.s, at)]
	if j.s[at] == '"' {
		raw, _ := quotedText(j.s, at)
		plain = unquote(raw)
	}
	return len(plain) <= longestCode && !slices.Contains(j.known, plain)
}

// value takes the value of a member, or an element of an array.
func (j *jsonScan) value(whole, raw string) {
	around, kind := j.around(), j.kind(j.name)
	j.name = ""
	from := len(j.out)
	switch {
	case kind.pairValue && secretName(around.says) && raw != "" && raw != "null":
		j.out = append(j.out, `"`+j.take(unquote(raw))+`"`...)
	case !strings.HasPrefix(whole, `"`):
		j.out = append(j.out, whole...)
	default:
		j.out = append(j.out, j.leaf(whole, raw, j.depth)...)
	}
	switch {
	case kind.pairValue:
		around.value = span{from, len(j.out)}
	case kind.pairName:
		if !secretName(around.says) {
			around.says = unquote(raw)
		}
		if secretName(around.says) && around.value.to > 0 {
			secret := strings.Trim(string(j.out[around.value.from:around.value.to]), `"`)
			j.out = slices.Replace(j.out, around.value.from, around.value.to, []byte(`"`+j.take(unquote(secret))+`"`)...)
		}
	}
}

// The names of members that say the name of a value, and that hold it.
var (
	isPairName  = wordSet("name", "key", "field", "fieldname", "param", "parameter", "property", "attribute", "header", "type", "id")
	isPairValue = wordSet("value", "val", "content", "data", "answer", "input")
)

// nameKind is what the name of a member tells of its value.
type nameKind struct{ secret, pairName, pairValue bool }

// mostNames bounds the names that are remembered.
const mostNames = 1000

func (r *redactor) kind(name string) nameKind {
	known, is := r.names[name]
	if is || name == "" {
		return known
	}
	small := strings.ToLower(name)
	known = nameKind{secretName(name), isPairName[small], isPairValue[small]}
	if r.names == nil {
		r.names = map[string]nameKind{}
	}
	if len(r.names) < mostNames {
		r.names[name] = known
	}
	return known
}

// dull reports whether a text holds nothing by which secrets in texts are found: no sign that stands
// between a name and a value, none that is an escape, no blank, and no beginning of a token.
func dull(raw string) bool {
	return !strings.ContainsAny(raw, ":=%\"\\ \t\n\f\r") && !strings.Contains(raw, "eyJ")
}

// leaf redacts a text of JSON that is no name; whole is raw with its quotes.
func (r *redactor) leaf(whole, raw string, depth int) string {
	if dull(raw) {
		return whole
	}
	plain := unquote(raw)
	clean := r.deep(r.quoted(plain, depth-1), depth-1)
	if clean == plain {
		return whole
	}
	return `"` + jsonText(clean) + `"`
}

// member redacts the value of a member with a secret name, and returns where it
// ends.
func (r *redactor) member(name, s string, at int) (clean string, end int) {
	if at >= len(s) {
		return "", at
	}
	switch s[at] {
	case '"':
		raw, end := quotedText(s, at)
		plain := unquote(raw)
		if plain == "" || r.messageCode(name, plain) {
			return s[at:end], end
		}
		r.take(raw)
		return `"` + r.take(plain) + `"`, end
	case '{', '[':
		return `"` + Redacted + `"`, r.skipNested(s, at)
	}
	end = literalEnd(s, at)
	literal := s[at:end]
	if literal == "" || literal == "null" || literal == "true" || literal == "false" || r.messageCode(name, literal) {
		return literal, end
	}
	return `"` + r.take(literal) + `"`, end
}

// literalEnd returns where a number or word ends.
func literalEnd(s string, at int) int {
	for at < len(s) && strings.IndexByte(",}] \t\r\n", s[at]) < 0 {
		at++
	}
	return at
}

// skipNested returns the end of an object or array, and remembers its texts.
func (r *redactor) skipNested(s string, at int) int {
	depth := 0
	for i := at; i < len(s); i++ {
		switch s[i] {
		case '"':
			raw, end := quotedText(s, i)
			if next := skipSpace(s, end); next >= len(s) || s[next] != ':' {
				r.take(unquote(raw))
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// quotedText reads the text that begins with the quote at a place, and returns
// where it ends; one that does not end goes to the end of s.
func quotedText(s string, at int) (raw string, end int) {
	for i := at + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[at+1 : i], i + 1
		}
	}
	return s[at+1:], len(s)
}

func skipSpace(s string, at int) int {
	for at < len(s) && strings.IndexByte(" \t\r\n", s[at]) >= 0 {
		at++
	}
	return at
}

// unquote returns what a JSON text means; one that cannot be read means itself.
func unquote(raw string) string {
	var plain string
	if !strings.Contains(raw, `\`) || json.Unmarshal([]byte(`"`+raw+`"`), &plain) != nil {
		return raw
	}
	return plain
}
