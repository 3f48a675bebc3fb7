package httpsig

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	maxValue = 8 << 10 // bytes of a signed header, and of Signature; servers take no longer lines
	maxNames = 64      // signed headers
)

// requestTarget is the name under which method and path are signed
// (draft-cavage-http-signatures-12 section 2.3).
const requestTarget = "(request-target)"

// Message is a request as it stands on the wire, with its whole body: one about
// to be sent, or one that came in, where somebody verifies.
type Message struct {
	Request *http.Request
	Body    []byte
}

// Value returns what a signed line says of the header, and whether it is sent
// at all. It refuses a header that is there twice, under whatever spelling,
// and a value that is not one line of printable ASCII without blanks around.
func (m Message) Value(name string) (value string, sent bool, err error) {
	name = strings.ToLower(name)
	switch {
	case name == requestTarget:
		if m.Request.Method != strings.ToUpper(m.Request.Method) {
			// It is signed in lower case, so "get" and "GET" would look the same.
			return "", true, refuse(name, "has a method not in upper case")
		}
		value, sent = m.target(), true
	case name == "host":
		value, sent = m.host(), true
	case name == "content-length" && !m.received():
		value, sent = m.contentLength()
	default:
		values := m.Values(name)
		if len(values) > 1 {
			return "", true, refuse(name, "is there more than once")
		}
		if len(values) == 0 {
			return "", false, nil
		}
		value, sent = values[0], true
	}
	if sent && !isPlain(value) {
		return "", true, refuse(name, "is not one line of printable ASCII, or too long")
	}
	return value, sent, nil
}

// Names returns the signed headers of this message in the order of the fields,
// spelled as there.
func (m Message) Names(all []Field) ([]string, error) {
	var names []string
	for _, field := range all {
		if start, many := strings.CutSuffix(field.Name, "*"); many {
			names = append(names, m.startingWith(start)...)
			continue
		}
		_, sent, err := m.Value(field.Name)
		if err != nil {
			return nil, err
		}
		if sent {
			names = append(names, field.Name)
		} else if !field.WhenSent {
			return nil, refuse(strings.ToLower(field.Name), "is missing and must be signed")
		}
	}
	return names, nil
}

// Lines returns the bytes that are signed for the named headers
// (draft-cavage-http-signatures-12 section 2.3).
func (m Message) Lines(names []string) (string, error) {
	lines := make([]string, len(names))
	for i, name := range names {
		value, sent, err := m.Value(name)
		if err != nil {
			return "", err
		}
		if !sent {
			return "", refuse(strings.ToLower(name), "is signed but not sent")
		}
		lines[i] = strings.ToLower(name) + ": " + value
	}
	return strings.Join(lines, "\n"), nil
}

// Values returns all values of the header, sent or received under whatever
// spelling: a map can hold "psu-id" beside "Psu-Id", and both would be sent.
func (m Message) Values(name string) []string {
	var all []string
	for key, values := range m.Request.Header {
		if strings.EqualFold(key, name) {
			all = append(all, values...)
		}
	}
	return all
}

func (m Message) startingWith(start string) []string {
	var names []string
	for key, values := range m.Request.Header {
		if name := strings.ToLower(key); strings.HasPrefix(name, strings.ToLower(start)) && len(values) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (m Message) target() string {
	method := strings.ToLower(m.Request.Method)
	if method == "" {
		method = "get" // as net/http sends it
	}
	if m.received() {
		return method + " " + m.Request.RequestURI
	}
	return method + " " + m.Request.URL.RequestURI()
}

func (m Message) host() string {
	if m.Request.Host != "" || m.Request.URL == nil {
		return m.Request.Host
	}
	return m.Request.URL.Host
}

// contentLength says what net/http is going to send: the length of a body,
// and a zero where the method makes a body likely. It looks at no header, as
// net/http does not.
func (m Message) contentLength() (value string, sent bool) {
	switch m.Request.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return strconv.Itoa(len(m.Body)), true
	}
	return strconv.Itoa(len(m.Body)), len(m.Body) > 0
}

// received: only a server's requests have this field (net/http.Request).
func (m Message) received() bool { return m.Request.RequestURI != "" }

func isPlain(value string) bool {
	if len(value) > maxValue || strings.HasPrefix(value, " ") || strings.HasSuffix(value, " ") {
		return false
	}
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return false
		}
	}
	return true
}

// isFieldName accepts a token (RFC 9110 section 5.6.2), and the name of the
// request line.
func isFieldName(name string) bool {
	if name == requestTarget {
		return true
	}
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") == ""
}
