// Package curl writes requests as a script of the shell, which sends them by curl one
// after the other and looks whether they are answered as they were.
package curl

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"consentry/xs2a/record/script"
)

// New writes a script of a POSIX shell, and the file with its variables, which it reads
// from beside it under a name.
func New(s script.Script, o script.Options, variablesName string) (commands, variables string) {
	w := writer{Options: o}
	w.line("#!/bin/sh")
	w.line("# " + oneLine(o.Title))
	w.line("# " + strconv.Itoa(len(s.Steps)) + " requests that Consentry sent, in their order. Fill in " + variablesName + " beside this file, then run it with sh.")
	w.line("# It needs curl, and jq where a body has a variable or an answer gives one.")
	w.line("set -eu")
	w.line(`cd "$(dirname "$0")"`)
	w.line(". ./" + quote(variablesName))
	for _, v := range s.Of(script.Secret) {
		w.line(": \"${" + v.Name + ":?has no value in " + variablesName + "}\"")
	}
	w.line(functions)
	for i, step := range s.Steps {
		w.step(i+1, step)
	}
	return w.String(), values(s, o)
}

// functions are what the requests are sent and their answers read by. A number of a
// request and a day are made without programs that not every system has.
const functions = `
answers=$(mktemp -d)
trap 'rm -rf "$answers"' EXIT
uuid() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-4\3-8\4-\5/'; }
day() { date -u -d "$1 days" +%Y-%m-%d 2>/dev/null || date -u -v"$1"d +%Y-%m-%d; }
body() { jq -er "$2" "$answers/$1"; }
header() { tr -d '\r' <"$answers/$1.header" | awk -F: -v name="$2" 'tolower($1) == tolower(name) { sub(/^[^:]*: */, ""); print }' | tail -n 1 | jq -Rer "$3"; }
uri() { jq -nr --arg value "$1" '$value | @uri'; }
json() { jq -nr --arg value "$1" '$value | tojson | .[1:-1]'; }
send() {
  n=$1 recorded=$2 name=$3
  shift 3
  status=$(curl --silent --show-error --globoff --path-as-is --output "$answers/$n" --dump-header "$answers/$n.header" --write-out '%{http_code}' "$@")
  echo "$n. $name: $status"
  [ "$status" = "$recorded" ] || { echo "it was $recorded when it was recorded; the answer:" >&2; cat "$answers/$n" >&2; exit 1; }
}`

type writer struct {
	script.Options
	strings.Builder
}

func (w *writer) line(text string) { w.WriteString(text + "\n") }

// step writes one request and what is taken from its answer.
func (w *writer) step(n int, s *script.Step) {
	w.line("")
	for _, sentence := range s.About() {
		w.line("# " + oneLine(sentence))
	}
	number, status := strconv.Itoa(n), strconv.Itoa(s.Recorded.Status)
	if s.Recorded.Status == 0 {
		status = "000" // what curl says where no answer came
	}
	parts := []string{"send " + number + " " + status + " " + quote(oneLine(s.Name())), "--request " + quote(cmp.Or(oneLine(s.Method), "GET")), "--url " + word(s.Address)}
	for _, field := range s.Header {
		if field.Signs || !headerName.MatchString(field.Name) {
			continue
		}
		if len(field.Value) == 0 {
			parts = append(parts, "--header "+quote(field.Name+";")) // curl's way to send a header without a value
			continue
		}
		parts = append(parts, "--header "+word(append(script.Text{{Text: field.Name + ": "}}, field.Value...)))
	}
	if len(s.Body) > 0 {
		parts = append(parts, "--data-raw "+wordOfBody(s))
	}
	w.line(strings.Join(parts, " \\\n  "))
	for _, v := range s.Takes {
		w.line(v.Name + "=$(" + found(number, v.From) + ")")
	}
	if id := s.Approval(); id != nil && w.Control {
		w.line("# Consentry did not send this: it goes to the control of the practice banks.")
		w.line("send " + number + "-approval 200 " + quote(script.ApprovalName) + " --request POST --url \"${base}" + script.ApprovalPath("${"+id.Name+"}") + `"`)
	}
}

var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// word writes a text as one word of the shell.
func word(t script.Text) string {
	return t.Written(func(v *script.Variable) string {
		switch v.Kind {
		case script.Number:
			return `"$(uuid)"`
		case script.Day:
			return `"$(day ` + signed(v.Days) + `)"`
		}
		return `"${` + v.Name + `}"`
	}, func(text string) string { return quote(oneLine(text)) })
}

// wordOfBody writes a body, with what its variables hold encoded as it wants that.
func wordOfBody(s *script.Step) string {
	encode := "json"
	if s.Form() {
		encode = "uri"
	}
	return s.Body.Written(func(v *script.Variable) string {
		if v.Kind == script.Day {
			return word(script.Text{{Variable: v}})
		}
		return `"$(` + encode + ` "${` + v.Name + `}")"`
	}, func(text string) string { return quote(strings.ReplaceAll(text, "\x00", "")) })
}

func signed(days int) string {
	if days < 0 {
		return strconv.Itoa(days)
	}
	return "+" + strconv.Itoa(days)
}

// found is the command that finds what is taken from an answer.
func found(number string, from script.Source) string {
	filter := ""
	switch {
	case from.Segment > 0:
		filter = `split("?")[0] | split("#")[0] | split("/")[-` + strconv.Itoa(from.Segment) + `]`
	case from.Query != "":
		filter = `split("#")[0] | split("?")[1] | split("&")[] | select(startswith(` + text(from.Query+"=") + `)) | .[` + strconv.Itoa(len([]rune(from.Query))+1) + `:]`
	}
	if from.Header != "" {
		return "header " + number + " " + quote(from.Header) + " " + quote(cmp.Or(filter, "."))
	}
	path := ""
	for _, member := range from.Path {
		if n, list := script.Place(member); list {
			path += "[" + strconv.Itoa(n) + "]"
		} else {
			path += "[" + text(member) + "]"
		}
	}
	path = "." + path
	if filter != "" {
		path += " | " + filter
	}
	return "body " + number + " " + quote(path)
}

// text writes a text as one of jq, which has them as JSON does.
func text(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil { // strings always can be
		return `""`
	}
	return string(quoted)
}

// values are the variables that have to be known before.
func values(s script.Script, o script.Options) string {
	lines := "# Fill in what is empty. A ' within a value is written '\\''.\n"
	for _, v := range s.Variables {
		switch {
		case v.Kind == script.Base:
			lines += v.Name + "=" + quote(oneLine(v.Value)) + "\n"
		case v.Kind == script.Secret:
			lines += v.Name + "=" + quote(oneLine(o.Value(v))) + " # " + o.About(v) + "\n"
		}
	}
	return lines
}

// quote writes a text as one word of the shell: between single quotes nothing has a meaning but
// the single quote itself (POSIX 2.2.2).
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// oneLine keeps a line from becoming two.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
