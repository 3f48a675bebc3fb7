package brought

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"consentry/xs2a/record"
)

// An .http file has requests as they go over the wire, "###" between two of them, and
// comments and variables before. Where an answer was kept it stands behind its request,
// beginning with its status line.

var (
	requestLine = regexp.MustCompile(`^(?:([A-Z]+)[ \t]+)?(\S+)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*$`)
	statusLine  = regexp.MustCompile(`^HTTP/[0-9.]+ ([0-9]{3})\b`)
	setVariable = regexp.MustCompile(`^@([A-Za-z0-9_.\-]+)[ \t]*=[ \t]*(.*)$`)
)

func (r *reading) requests(content string) error {
	content = strings.ReplaceAll(content, "\r\n", "\n")
	known := variables{}
	found := false
	for _, part := range split(content) {
		lines := preamble(part, known)
		if len(lines) == 0 {
			continue
		}
		line := requestLine.FindStringSubmatch(lines[0])
		if line == nil || line[1] == "" && !strings.Contains(line[2], "://") {
			if r.leave(Unreadable); !found {
				return ErrUnknown // text of another kind
			}
			continue
		}
		found = true
		r.add(r.request(line[1], line[2], lines[1:], known))
	}
	return nil
}

// split cuts a file before each line that begins with "###".
func split(content string) (parts []string) {
	from := 0
	for at := 0; at < len(content); {
		end := strings.IndexByte(content[at:], '\n') + 1
		if end == 0 {
			end = len(content) - at
		}
		if strings.HasPrefix(content[at:], "###") {
			parts = append(parts, content[from:at])
			from = at + end
		}
		at += end
	}
	return append(parts, content[from:])
}

// preamble reads what stands before a request, and returns the lines from it on.
func preamble(part string, known variables) []string {
	lines := strings.Split(part, "\n")
	for len(lines) > 0 {
		line := strings.TrimSpace(lines[0])
		if set := setVariable.FindStringSubmatch(line); set != nil {
			known[set[1]] = strings.TrimSpace(set[2])
		} else if line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "//") {
			return lines
		}
		lines = lines[1:]
	}
	return nil
}

func (r *reading) request(method, address string, lines []string, known variables) record.Exchange {
	// A long address goes on in the next lines.
	for len(lines) > 0 && strings.HasPrefix(lines[0], " ") && strings.IndexAny(strings.TrimSpace(lines[0]), "?&") == 0 {
		address += strings.TrimSpace(lines[0])
		lines = lines[1:]
	}
	if method == "" {
		method = "GET"
	}
	e := record.Exchange{Method: method}
	sent, answered := lines, []string(nil)
	for i, line := range lines {
		if statusLine.MatchString(line) {
			sent, answered = lines[:i], lines[i:]
			break
		}
	}
	r.message(&e.Request, sent, known)
	if host := e.Request.Get("Host"); strings.HasPrefix(address, "/") && host != "" {
		address = "https://" + host + address
	}
	e.URL = known.address(address)
	if len(answered) > 0 {
		e.Status, _ = strconv.Atoi(statusLine.FindStringSubmatch(answered[0])[1])
		r.message(&e.Answer, answered[1:], known)
	}
	return e
}

// message reads a header, and behind an empty line a body. What a program does with the
// answer, and bodies in other files, are left out.
func (r *reading) message(m *record.Message, lines []string, known variables) {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) != "" {
		line := strings.TrimSpace(lines[0])
		lines = lines[1:]
		name, value, found := strings.Cut(line, ":")
		if !found || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
			continue
		}
		m.Header = append(m.Header, record.HeaderField{Name: http.CanonicalHeaderKey(strings.TrimSpace(name)), Value: known.fill(strings.TrimSpace(value))})
	}
	var body []string
	for i, line := range lines {
		if strings.HasPrefix(line, "> ") || strings.HasPrefix(line, "<> ") {
			break
		}
		if i > 0 && strings.HasPrefix(line, "< ") && strings.TrimSpace(strings.Join(body, "")) == "" {
			r.leave(Elsewhere)
			m.Cut = true
			return
		}
		body = append(body, line)
	}
	if text := strings.TrimSpace(strings.Join(body, "\n")); text != "" {
		r.body(m, []byte(known.fill(text)))
	}
}
