// Package httpfile writes requests as an .http file, as editors send them: variables
// stand at its head, and each request under a line of its own.
//
// It keeps to what most editors read. What an answer gives is named as REST Client for
// VS Code has it; where that cannot be said, the value stands there that was recorded,
// with the place it is from.
package httpfile

import (
	"strconv"
	"strings"

	"consentry/xs2a/record/script"
)

// New writes a script as a file.
func New(s script.Script, o script.Options) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(oneLine(strings.Join(parts, "")) + "\n") }
	line("# ", o.Title)
	line("# ", strconv.Itoa(len(s.Steps)), " requests that Consentry sent, in their order. Fill in what has no value.")
	line()
	for _, v := range s.Variables {
		if v.Kind == script.Secret {
			line("# ", v.Name, ": ", o.About(v))
		} else if v.Kind == script.Taken && !whole(v) {
			line("# ", v.Name, ": as it was recorded; take it anew from the answer to request ", strconv.Itoa(v.Step+1), ", ", place(v.From))
		}
		line("@", v.Name, " = ", value(v, o))
	}
	for i, step := range s.Steps {
		line()
		line("### ", strconv.Itoa(i+1), ". ", step.Name())
		for _, sentence := range step.About() {
			line("# ", sentence)
		}
		line("# @name step", strconv.Itoa(i+1))
		line(step.Method, " ", step.Address.Written(named, script.InertAddress))
		for _, field := range step.Header {
			if !field.Signs {
				line(field.Name, ": ", field.Value.Written(named, script.InertField))
			}
		}
		if len(step.Body) > 0 {
			b.WriteString("\n" + step.Body.Written(named, step.InertBody) + "\n")
		}
		if id := step.Approval(); id != nil && o.Control {
			line()
			line("### ", script.ApprovalName)
			line("# Consentry did not send this: it goes to the control of the practice banks.")
			line("POST {{base}}", script.ApprovalPath(named(id)))
		}
	}
	return b.String()
}

func named(v *script.Variable) string {
	if v.Kind == script.Number {
		return "{{$guid}}"
	}
	return "{{" + v.Name + "}}"
}

// value is what stands behind a variable at the head.
func value(v *script.Variable, o script.Options) string {
	switch {
	case v.Kind == script.Day:
		return `{{$datetime "YYYY-MM-DD" ` + strconv.Itoa(v.Days) + ` d}}`
	case v.Kind == script.Taken && whole(v) && o.Value(v) == v.Value:
		return "{{step" + strconv.Itoa(v.Step+1) + ".response." + place(v.From) + "}}"
	}
	return o.Value(v)
}

// whole reports whether what is taken is all that stands at its place, so that it can be
// named.
func whole(v *script.Variable) bool { return v.From.Segment == 0 && v.From.Query == "" }

// place names where in an answer a value stands.
func place(from script.Source) string {
	if from.Header != "" {
		return "headers." + from.Header
	}
	var b strings.Builder
	b.WriteString("body.$")
	for _, member := range from.Path {
		switch n, list := script.Place(member); {
		case list:
			b.WriteString("[" + strconv.Itoa(n) + "]")
		case plain(member):
			b.WriteString("." + member)
		default:
			b.WriteString("[" + strconv.Quote(member) + "]")
		}
	}
	return b.String()
}

// plain reports whether a member is a name that needs no quotes.
func plain(member string) bool {
	for _, r := range member {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return member != ""
}

// oneLine keeps a line from becoming two.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
