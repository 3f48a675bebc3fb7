package record

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Part is the part of an exchange in which two of them differ.
type Part string

// The parts of an exchange, in the order in which differences are listed.
const (
	InMethod        Part = "method"
	InAddress       Part = "address"
	InRequestHeader Part = "requestHeader" // Place is the header's name
	InRequestBody   Part = "requestBody"   // Place is a field, such as access.accounts[0].iban; empty for text
	InStatus        Part = "status"
	InAnswerHeader  Part = "answerHeader" // as InRequestHeader
	InAnswerBody    Part = "answerBody"   // as InRequestBody
	InFailure       Part = "failure"      // why there is no answer, or no whole one
)

// Difference is one thing in which an exchange departs from another.
type Difference struct {
	Part          Part
	Place         string // within the part; empty where it is all of it
	Former, Other string // what stands there; of JSON as it is written, without blanks
	Added         bool   // the former has nothing there
	Left          bool   // the other has nothing there
	Usual         bool   // two requests always differ in it: number, date, what is made of them
}

// Differences returns in what an exchange departs from a former one: method,
// address, headers by name, bodies by field where both are JSON, by parameter
// where both are forms, else the lines between the first and the last that
// differ. Where fields stand in an object, and blanks around them, is no
// difference. How long they took is none either.
func Differences(former, other Exchange) []Difference {
	var d differences
	d.text(InMethod, "", former.Method, other.Method)
	d.text(InAddress, "", former.URL, other.URL)
	d.headers(InRequestHeader, former.Request, other.Request)
	d.bodies(InRequestBody, former.Request, other.Request)
	d.text(InStatus, "", statusText(former), statusText(other))
	d.headers(InAnswerHeader, former.Answer, other.Answer)
	d.bodies(InAnswerBody, former.Answer, other.Answer)
	d.text(InFailure, "", former.Error, other.Error)
	return d
}

// statusText is the status of an answer; empty where none came.
func statusText(e Exchange) string {
	if e.Status == 0 {
		return ""
	}
	return strconv.Itoa(e.Status)
}

type differences []Difference

// text compares two texts of which an empty one is none.
func (d *differences) text(part Part, place, former, other string) {
	if former != other {
		*d = append(*d, Difference{Part: part, Place: place, Former: former, Other: other, Added: former == "", Left: other == ""})
	}
}

// usual are the headers that differ with every request or answer.
var usual = wordSet("X-Request-Id", "Date", "Digest", "Content-Digest", "Signature", "X-Jws-Signature", "Content-Length", "Age", "Expires", "Last-Modified", "Etag")

func (d *differences) headers(part Part, former, other Message) {
	had, has := former.byName(), other.byName()
	names := slices.Sorted(maps.Keys(had))
	for name := range has {
		if _, both := had[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		before, inFormer := had[name]
		after, inOther := has[name]
		if before != after || inFormer != inOther {
			*d = append(*d, Difference{Part: part, Place: name, Former: before, Other: after, Added: !inFormer, Left: !inOther, Usual: usual[name]})
		}
	}
}

// byName are the values of a header under each name, those of a repeated one
// together (RFC 9110 section 5.3).
func (m Message) byName() map[string]string {
	all := make(map[string]string, len(m.Header))
	for _, field := range m.Header {
		if known, repeated := all[field.Name]; repeated {
			field.Value = known + ", " + field.Value
		}
		all[field.Name] = field.Value
	}
	return all
}

func (d *differences) bodies(part Part, former, other Message) {
	if former.Body == other.Body {
		return
	}
	had, before := jsonValue(former.Body)
	has, after := jsonValue(other.Body)
	switch {
	case before && after:
		d.values(part, "", had, has)
	case former.isForm() && other.isForm():
		d.forms(part, former.Body, other.Body)
	default:
		had, has := apart(strings.Split(former.Body, "\n"), strings.Split(other.Body, "\n"), func(a, b string) bool { return a == b })
		d.text(part, "", strings.Join(had, "\n"), strings.Join(has, "\n"))
	}
}

// deepestCompared is how deep the values may lie within one another that are
// compared by field: no bank's answer comes near it.
const deepestCompared = 64

// jsonValue reads a body that is one JSON value. Numbers stay as they are written.
func jsonValue(body string) (value any, ok bool) {
	if !json.Valid([]byte(body)) || depth(body) > deepestCompared {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	err := decoder.Decode(&value)
	return value, err == nil
}

// depth is how deep objects and lists lie within one another in valid JSON.
func depth(body string) (most int) {
	within, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			within++
			most = max(most, within)
		case c == '}' || c == ']':
			within--
		}
	}
	return most
}

// values compares two values of JSON at a place.
func (d *differences) values(part Part, place string, former, other any) {
	switch had := former.(type) {
	case map[string]any:
		if has, both := other.(map[string]any); both {
			d.objects(part, place, had, has)
			return
		}
	case []any:
		if has, both := other.([]any); both {
			d.lists(part, place, had, has)
			return
		}
	}
	if before, after := written(former), written(other); before != after {
		*d = append(*d, Difference{Part: part, Place: place, Former: before, Other: after})
	}
}

func (d *differences) objects(part Part, place string, former, other map[string]any) {
	names := slices.Collect(maps.Keys(former))
	for name := range other {
		if _, both := former[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		had, inFormer := former[name]
		has, inOther := other[name]
		d.member(part, memberOf(place, name), had, has, inFormer, inOther)
	}
}

// member compares what two values have at a place, if they have it.
func (d *differences) member(part Part, place string, former, other any, inFormer, inOther bool) {
	switch {
	case !inFormer:
		*d = append(*d, Difference{Part: part, Place: place, Other: written(other), Added: true})
	case !inOther:
		*d = append(*d, Difference{Part: part, Place: place, Former: written(former), Left: true})
	default:
		d.values(part, place, former, other)
	}
}

// memberOf is the place of an object's member. A name with signs of places in
// it stands in quotes.
func memberOf(place, name string) string {
	if name == "" || strings.ContainsAny(name, ".[] \"") {
		return place + "[" + strconv.Quote(name) + "]"
	}
	if place == "" {
		return name
	}
	return place + "." + name
}

// lists compares elements by their places, but for those at the beginning and
// at the end that both have: one that came in between is one difference.
func (d *differences) lists(part Part, place string, former, other []any) {
	alike := func(a, b any) bool { return written(a) == written(b) }
	had, has := apart(former, other, alike)
	first := 0
	for first < min(len(former), len(other)) && alike(former[first], other[first]) {
		first++
	}
	for i := range max(len(had), len(has)) {
		var before, after any
		if i < len(had) {
			before = had[i]
		}
		if i < len(has) {
			after = has[i]
		}
		d.member(part, place+"["+strconv.Itoa(first+i)+"]", before, after, i < len(had), i < len(has))
	}
}

// apart returns two lists without what both begin and end with.
func apart[T any](former, other []T, alike func(a, b T) bool) (had, has []T) {
	for len(former) > 0 && len(other) > 0 && alike(former[0], other[0]) {
		former, other = former[1:], other[1:]
	}
	for len(former) > 0 && len(other) > 0 && alike(former[len(former)-1], other[len(other)-1]) {
		former, other = former[:len(former)-1], other[:len(other)-1]
	}
	return former, other
}

// written is a value as JSON; that of an object is the same in whatever order
// its members came.
func written(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil { // what was decoded always can be
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (m Message) isForm() bool {
	return strings.HasPrefix(strings.ToLower(m.Get("Content-Type")), "application/x-www-form-urlencoded")
}

func (d *differences) forms(part Part, former, other string) {
	had, err := url.ParseQuery(former)
	has, worse := url.ParseQuery(other)
	if err != nil || worse != nil {
		d.text(part, "", former, other)
		return
	}
	names := slices.Collect(maps.Keys(had))
	for name := range has {
		if !had.Has(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		before, after := strings.Join(had[name], ", "), strings.Join(has[name], ", ")
		if before != after || had.Has(name) != has.Has(name) {
			*d = append(*d, Difference{Part: part, Place: name, Former: before, Other: after, Added: !had.Has(name), Left: !has.Has(name)})
		}
	}
}
