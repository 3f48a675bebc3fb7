// Command report reads what "go test -json" writes and says what matters: each
// package's verdict, the words of what failed, and in one line at the end what
// was not tested, and why. With CI in the environment that line is a failure.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// event is a line of "go test -json".
type event struct {
	Action, Package, ImportPath, Test, Output string
}

// onRequest are tests that are run by name only, on a build server as elsewhere.
var onRequest = regexp.MustCompile(`^(TestScreenshots|TestJourney.*)$`)

func main() {
	if !report(os.Stdin, os.Stdout, os.Getenv("CI") != "") {
		os.Exit(1)
	}
}

// report reports whether all is well; strict takes what was left out for a failure.
func report(from io.Reader, to io.Writer, strict bool) (ok bool) {
	said := map[string]string{}
	var left []string
	ok = true
	packages := 0
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if len(line) > 0 && json.Unmarshal(line, &e) != nil {
			fmt.Fprintf(to, "%s", line) // of the go command itself
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "build-output":
			fmt.Fprint(to, e.Output)
		case "output":
			said[key] += e.Output
		case "build-fail":
			ok = false
		case "skip":
			if e.Test != "" && !onRequest.MatchString(e.Test) {
				left = append(left, e.Test+" because "+reason(said[key]))
			}
		case "fail":
			ok = false
			if e.Test == "" {
				fmt.Fprint(to, unended(said, e.Package))
			}
			fmt.Fprint(to, said[key])
		case "pass":
			if e.Test == "" {
				fmt.Fprint(to, verdict(said[key]))
			}
		}
		if e.Test == "" && (e.Action == "pass" || e.Action == "fail" || e.Action == "skip") {
			packages++
		}
		if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
			delete(said, key)
		}
		if err != nil {
			break
		}
	}
	if len(left) > 0 {
		fmt.Fprintln(to, "not tested here: "+strings.Join(left, "; "))
	}
	return ok && packages > 0 && !(strict && len(left) > 0)
}

// mostUnended bounds what is told of a test that did not end: all goroutines may
// stand there, the one that matters first.
const mostUnended = 16 << 10

// unended returns what the tests of a package said that had not ended when it did:
// one that came to its time limit, or that took the whole package down.
func unended(said map[string]string, in string) string {
	var all strings.Builder
	for _, key := range slices.Sorted(maps.Keys(said)) {
		name, ours := strings.CutPrefix(key, in+" ")
		if !ours || name == "" {
			continue
		}
		words := said[key]
		if len(words) > mostUnended {
			words = words[:mostUnended] + "\n(and more)\n"
		}
		if strings.Contains(words, "panic: ") {
			fmt.Fprintf(&all, "%s did not end:\n%s", name, words)
		} else {
			fmt.Fprintf(&all, "%s did not end.\n", name)
		}
		delete(said, key)
	}
	return all.String()
}

// place is where a test stands in its source.
var place = regexp.MustCompile(`^\s*\w+\.go:\d+: (.*)$`)

// reason returns why a test was left out, in its own words.
func reason(said string) string {
	why := "it did not say why"
	for line := range strings.Lines(said) {
		if found := place.FindStringSubmatch(strings.TrimRight(line, "\n")); found != nil {
			why = found[1]
		}
	}
	return why
}

// verdict is the line of a package that passed.
func verdict(said string) string {
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "ok") {
			return line
		}
	}
	return ""
}
