// Package script turns recorded exchanges into requests that can be sent again: what
// changes from one time to the next is a variable.
//
// There are five kinds. The address of each host stands once. What was taken out of the
// record is to be filled in. What an answer gave and a later request used, such as the
// id of a consent, is taken from the answer anew. A day counts from today. The number of
// a request is new each time.
//
// A header that signs its request, or is signed, cannot be sent again: it is named, see
// Field. How all this is written is for the packages of the formats.
package script

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/xs2a/record"
)

// Script is requests in the order in which they were sent.
type Script struct {
	Steps     []*Step
	Variables []*Variable // in the order in which they are first used
}

// Step is one request, with what is taken from its answer.
type Step struct {
	Recorded record.Exchange
	Method   string
	Address  Text
	Header   []Field
	Body     Text
	Takes    []*Variable // of the kind Taken

	approval *Variable // see Approval
}

// Text is a text with variables in it.
type Text []Part

// Part is a part of a text: a variable or, where that is nil, what stands there.
type Part struct {
	Text     string
	Variable *Variable
}

// Field is one line of a header.
type Field struct {
	Name  string
	Value Text
	// Signs says that it is made from the request and the key of whoever sends it: it
	// holds for no other request, and has to be made anew.
	Signs bool
}

// Kind is what a variable stands for.
type Kind int

// The kinds of variables.
const (
	Base   Kind = iota // the address of a host; Value has it
	Secret             // what is not in the record; see Variable.Secret
	Taken              // what an answer gives; Value has what it gave when it was recorded, unless it is a secret
	Day                // a day, so many days from today; see Variable.Days
	Number             // a UUID, another one each time
)

// Variable is what changes from one time to the next.
type Variable struct {
	Kind   Kind
	Name   string // in small letters, of its own in a script; empty for a Number
	Value  string
	FlowID string // of the secret
	Secret string // what it is: token, client_secret, password; also of what is Taken and a secret
	Days   int
	From   Source // of what is Taken
	Step   int    // whose answer gives what is Taken, counted from 0
}

// Source is where in an answer a value stands.
type Source struct {
	Header  string   // the name of the field; else it is the body
	Path    []string // the members of JSON that lead there, places of lists as numbers
	Segment int      // of the address that stands there, counted from its end, the last is 1; 0: all of it
	Query   string   // the parameter of that address; empty: none
}

// Place reports whether a member of a path is a place in a list, and which.
func Place(member string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(member, placeMark))
	return n, strings.HasPrefix(member, placeMark) && err == nil
}

// placeMark begins a place in a list: it can begin no member that anybody has seen.
const placeMark = "\x00"

// signing are the headers that sign a request, or are made for it.
var signing = []string{"Signature", "Signature-Input", "Digest", "Content-Digest", "Repr-Digest", "X-Jws-Signature", "Tpp-Signature-Certificate", "Tpp-Certificate"}

// unsent are headers that whoever sends a request makes by themselves.
var unsent = []string{"Content-Length", "Host", "Connection", "Accept-Encoding", "Transfer-Encoding"}

// New returns the script of recorded exchanges, the first first.
func New(exchanges []record.Exchange) Script {
	w := writer{
		bases: map[string]*Variable{}, secrets: map[string]*Variable{}, days: map[int]*Variable{},
		given: map[string]gift{}, taken: map[string]*Variable{}, tokens: map[string]gift{}, names: map[string]bool{},
	}
	for _, e := range exchanges {
		w.add(e)
	}
	w.script.findApprovals()
	return w.script
}

// writer is a script under way.
type writer struct {
	script  Script
	bases   map[string]*Variable // by scheme and host
	secrets map[string]*Variable // by flow and name
	days    map[int]*Variable
	given   map[string]gift      // what answers gave, or requests had first, by value
	taken   map[string]*Variable // of what was given and used, by value
	tokens  map[string]gift      // secrets that answers gave, by flow and name
	names   map[string]bool      // in use
	at      record.Exchange      // the one that is being read
}

func (w *writer) add(e record.Exchange) {
	w.at = e
	step := &Step{Recorded: e, Method: strings.ToUpper(e.Method)}
	step.Address = w.address(e.URL)
	step.Header = w.header(e.Request.Header)
	step.Body = w.body(e.Request)
	w.script.Steps = append(w.script.Steps, step)
	w.keep(step)
	w.read(e, len(w.script.Steps)-1)
}

// header reads the header of a request.
func (w *writer) header(fields []record.HeaderField) []Field {
	dated := slices.ContainsFunc(fields, func(f record.HeaderField) bool {
		return f.Name == "Signature" && signedDate.MatchString(f.Value)
	})
	var list []Field
	for _, field := range fields {
		name := http.CanonicalHeaderKey(field.Name)
		if slices.Contains(unsent, name) {
			continue
		}
		one := Field{Name: field.Name, Signs: slices.Contains(signing, name) || dated && name == "Date"}
		switch {
		case one.Signs:
			one.Value = Text{{Text: field.Value}}
		case name == "X-Request-Id":
			one.Value = Text{{Variable: number}}
		default:
			one.Value = w.field(name, field.Value)
		}
		list = append(list, one)
	}
	return list
}

var number = &Variable{Kind: Number}

// Signed names the headers of a request that have to be made anew, in their order.
func (s Step) Signed() (names []string) {
	for _, field := range s.Header {
		if field.Signs {
			names = append(names, field.Name)
		}
	}
	return names
}

// Of lists the variables of a kind.
func (s Script) Of(kind Kind) (list []*Variable) {
	for _, v := range s.Variables {
		if v.Kind == kind {
			list = append(list, v)
		}
	}
	return list
}

// Written is a text with its variables and what stands between them as they are to be
// written; a nil function leaves the text as it is.
func (t Text) Written(variable func(*Variable) string, text func(string) string) string {
	var b strings.Builder
	for _, part := range t {
		switch {
		case part.Variable != nil:
			b.WriteString(variable(part.Variable))
		case text != nil:
			b.WriteString(text(part.Text))
		default:
			b.WriteString(part.Text)
		}
	}
	return b.String()
}

// name gives a variable a name of its own.
func (w *writer) name(wanted string) string {
	name := wanted
	for n := 2; w.names[name]; n++ {
		name = wanted + "_" + strconv.Itoa(n)
	}
	w.names[name] = true
	return name
}

func (w *writer) use(v *Variable) *Variable {
	w.script.Variables = append(w.script.Variables, v)
	return v
}

// base is the variable of a host's address.
func (w *writer) base(address string) *Variable {
	if w.bases[address] == nil {
		w.bases[address] = w.use(&Variable{Kind: Base, Name: w.name("base"), Value: address})
	}
	return w.bases[address]
}

// day is the variable of a day, where a text is one not far from when it was sent.
func (w *writer) day(text string) *Variable {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	sent := w.at.Started.UTC()
	days := int(day.Sub(time.Date(sent.Year(), sent.Month(), sent.Day(), 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	if days < -farDay || days > farDay {
		return nil // a day that means itself, such as 9999-12-31
	}
	if w.days[days] == nil {
		name := "day_plus_" + strconv.Itoa(days)
		if days < 0 {
			name = "day_minus_" + strconv.Itoa(-days)
		}
		w.days[days] = w.use(&Variable{Kind: Day, Name: w.name(name), Value: text, Days: days})
	}
	return w.days[days]
}

// farDay is as many days as a request counts from today: ten years.
const farDay = 3660
