package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Part is a part of an exchange that is compared.
type Part string

// The parts, in the order in which they are shown.
const (
	PartAddress       Part = "address"
	PartRequestHeader Part = "requestHeader"
	PartRequestBody   Part = "requestBody"
	PartStatus        Part = "status"
	PartAnswerHeader  Part = "answerHeader"
	PartAnswerBody    Part = "answerBody"
)

// Difference is one place of two exchanges, with what stands there in each.
type Difference struct {
	Part     Part
	Place    string // a field of a header, a parameter, the way to a member of JSON, or a line
	A, B     string
	InA, InB bool // whether there is anything
	Usual    bool // it is another in each exchange, and means nothing
}

// Same reports whether both have the same there.
func (d Difference) Same() bool { return d.InA && d.InB && d.A == d.B }

// Counts reports whether it is a difference that may mean something.
func (d Difference) Counts() bool { return !d.Same() && !d.Usual }

// Differ counts the differences that may mean something.
func Differ(all []Difference) (count int) {
	for _, d := range all {
		if d.Counts() {
			count++
		}
	}
	return count
}

// Differences returns the places in which an exchange departs from a former one, as Compare lists them.
func Differences(former, other Exchange) []Difference {
	return slices.DeleteFunc(Compare(former, other), Difference.Same)
}

// Compare lays two exchanges side by side: all that stands in either, place by place, in the
// order of the first.
func Compare(a, b Exchange) (all []Difference) {
	add := func(part Part, first, second []placed) {
		for _, d := range pair(first, second) {
			d.Part = part
			all = append(all, d)
		}
	}
	add(PartAddress, addressOf(a), addressOf(b))
	add(PartRequestHeader, headerOf(a.Request), headerOf(b.Request))
	add(PartRequestBody, bodyOf(a.Request), bodyOf(b.Request))
	add(PartStatus, statusOf(a), statusOf(b))
	add(PartAnswerHeader, headerOf(a.Answer), headerOf(b.Answer))
	add(PartAnswerBody, bodyOf(a.Answer), bodyOf(b.Answer))
	return all
}

// placed is a value with its place.
type placed struct {
	place, value string
	usual        bool
}

// pair puts what stands at the same place beside each other. What only the second has comes
// behind what it follows there.
func pair(a, b []placed) (all []Difference) {
	at := map[string]int{}
	for i, one := range b {
		at[one.place] = i
	}
	used, next := make([]bool, len(b)), 0
	only := func(until int) {
		for ; next < until; next++ {
			if !used[next] && !holds(a, b[next].place) {
				used[next] = true
				all = append(all, Difference{Place: b[next].place, B: b[next].value, InB: true, Usual: b[next].usual})
			}
		}
	}
	for _, one := range a {
		d := Difference{Place: one.place, A: one.value, InA: true, Usual: one.usual}
		if i, is := at[one.place]; is && !used[i] {
			only(i)
			used[i] = true
			d.B, d.InB = b[i].value, true
		}
		all = append(all, d)
	}
	only(len(b))
	return all
}

func holds(all []placed, place string) bool {
	return slices.ContainsFunc(all, func(p placed) bool { return p.place == place })
}

// addressOf is the method and the parts of an address.
func addressOf(e Exchange) []placed {
	all := []placed{{place: "method", value: e.Method}}
	u, err := url.Parse(e.URL)
	if err != nil {
		return append(all, placed{place: "address", value: e.URL})
	}
	all = append(all, placed{place: "host", value: u.Scheme + "://" + u.Host}, placed{place: "path", value: u.Path})
	return append(all, numbered(parametersOf(u.RawQuery))...)
}

// parametersOf are those of a query or form, in order.
func parametersOf(query string) (all []placed) {
	for _, each := range strings.Split(query, "&") {
		if each != "" {
			name, value, _ := strings.Cut(each, "=")
			all = append(all, placed{place: unescape(name), value: unescape(value)})
		}
	}
	return all
}

// usual are fields that are others in each exchange.
var usual = wordSet("x-request-id", "date", "digest", "signature", "x-jws-signature", "content-length", "age", "user-agent", "host")

func headerOf(m Message) (all []placed) {
	for _, field := range m.Header {
		all = append(all, placed{field.Name, field.Value, usual[strings.ToLower(field.Name)]})
	}
	return numbered(all)
}

func statusOf(e Exchange) []placed {
	all := []placed{{place: "status", value: strconv.Itoa(e.Status)}}
	if e.Error != "" {
		all = append(all, placed{place: "error", value: e.Error})
	}
	return all
}

// numbered tells apart what stands several times under one name.
func numbered(all []placed) []placed {
	seen := map[string]int{}
	for i := range all {
		name := all[i].place
		if seen[name]++; seen[name] > 1 {
			all[i].place = fmt.Sprintf("%s (%d)", name, seen[name])
		}
	}
	return all
}

// mostPlaces bounds how much of a body is compared place by place.
const mostPlaces = 2000

// bodyOf is a body: of JSON its members, of a form its parameters, else its lines.
func bodyOf(m Message) (all []placed) {
	body := strings.TrimSpace(m.Body)
	switch {
	case body == "":
		return nil
	case json.Valid([]byte(body)):
		members(&all, "", json.RawMessage(body))
	case strings.HasPrefix(strings.ToLower(m.Get("Content-Type")), "application/x-www-form-urlencoded"):
		return numbered(parametersOf(body))
	default:
		for i, line := range strings.Split(body, "\n") {
			if len(all) < mostPlaces {
				all = append(all, placed{place: strconv.Itoa(i + 1), value: strings.TrimRight(line, "\r")})
			}
		}
	}
	return all
}

// members takes JSON apart, in the order in which it is written.
func members(all *[]placed, place string, raw json.RawMessage) {
	raw = bytes.TrimSpace(raw)
	if len(*all) >= mostPlaces || len(raw) == 0 {
		return
	}
	var elements []json.RawMessage
	if raw[0] == '[' && json.Unmarshal(raw, &elements) == nil && len(elements) > 0 {
		names := elementNames(elements)
		for i, element := range elements {
			members(all, place+"["+names[i]+"]", element)
		}
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if begin, err := decoder.Token(); err != nil || begin != json.Delim('{') || !decoder.More() {
		value := string(raw)
		if plain := ""; json.Unmarshal(raw, &plain) == nil {
			value = plain
		}
		*all = append(*all, placed{place: place, value: value, usual: timely(place)})
		return
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return
		}
		within := fmt.Sprint(name)
		if place != "" {
			within = place + "." + within
		}
		members(all, within, value)
	}
}

// timely reports whether a member is another at each time: when something was last changed or
// done.
func timely(place string) bool {
	name := strings.ToLower(place[strings.LastIndexByte(place, '.')+1:])
	return name == "lastactiondate" || name == "lastchangedatetime" || name == "timestamp" || name == "x-request-id"
}

// elementIDs are the members by which elements of lists are told apart, the best first.
var elementIDs = []string{"transactionId", "entryReference", "resourceId", "iban", "authenticationMethodId", "balanceType"}

// elementNames names the elements of a list: by their ids where each has one of its own, so
// that one that came in between does not move all others; else by their numbers.
func elementNames(elements []json.RawMessage) []string {
	numbers := make([]string, len(elements))
	objects := make([]map[string]json.RawMessage, len(elements))
	for i, element := range elements {
		numbers[i] = strconv.Itoa(i)
		_ = json.Unmarshal(element, &objects[i]) // nil where it is no object
	}
	for _, id := range elementIDs {
		names, seen := make([]string, len(elements)), map[string]bool{}
		for i, object := range objects {
			var name string
			if json.Unmarshal(object[id], &name) != nil || name == "" || name == Redacted || seen[name] {
				break
			}
			names[i], seen[name] = name, true
		}
		if len(seen) == len(elements) {
			return names
		}
	}
	return numbers
}

// Aligned is a step of two flows: the number of its exchange in each, -1 where there is none.
type Aligned struct{ A, B int }

// mostAligned bounds how many exchanges of each flow are laid side by side.
const mostAligned = 500

// Align lays two flows side by side, step by step: as many steps of one kind as can be meet,
// in the order of both.
func Align(a, b []Exchange) (all []Aligned) {
	a, b = a[:min(len(a), mostAligned)], b[:min(len(b), mostAligned)]
	same := func(i, j int) bool {
		return OperationOf(a[i].Method, a[i].URL, a[i].Request.Body).kind() == OperationOf(b[j].Method, b[j].URL, b[j].Request.Body).kind()
	}
	longest := make([][]int, len(a)+1) // of what is common from i and j on
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(i, j) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && same(i, j):
			all = append(all, Aligned{i, j})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[i+1][j] >= longest[i][j+1]:
			all = append(all, Aligned{i, -1})
			i++
		default:
			all = append(all, Aligned{-1, j})
			j++
		}
	}
	return all
}

// kind is what two exchanges have in common that are the same step: of those the table does
// not know, the method.
func (o Operation) kind() string {
	method, _, unknown := strings.Cut(o.ID, " ")
	if unknown {
		return method
	}
	return o.ID
}
