// Package replay plays a bank from recorded exchanges, for tests: real HTTP, the
// answers as they were, and a failure at any request that is not the next one.
//
// A recording is text. A line that begins with "###" starts an exchange and says
// what it is; below stand the request and, from the line that begins with
// "HTTP/1.1", the answer, as HTTP messages. Header fields of the request have to be
// sent as written; its body, where there is one, has to be the same JSON, in which
// "*" stands for any value. "{{bank}}" and "{{other}}" are the addresses of two
// servers; a request goes to the first unless its line names the second.
package replay

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
)

// exchange is one request that has to come, and its answer.
type exchange struct {
	what, method, address string
	header                http.Header
	body                  string
	answer                string
}

// Bank is a bank that answers as recorded.
type Bank struct {
	URL, Other string // the addresses of its two servers
	t          testing.TB
	mu         sync.Mutex
	left       []exchange
}

// Play starts a bank from a recording. At the test's end every exchange has to have
// taken place.
func Play(t testing.TB, file string) *Bank {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b := &Bank{t: t}
	start := func(base *string) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.serve(w, r, *base) }))
		*base = server.URL
		t.Cleanup(server.Close)
	}
	start(&b.URL)
	start(&b.Other)
	filled := strings.NewReplacer("{{bank}}", b.URL, "{{other}}", b.Other, "\r\n", "\n").Replace(string(text))
	for _, part := range strings.Split("\n"+filled, "\n###")[1:] {
		one, err := read(part, b.URL)
		if err != nil {
			t.Fatalf("%s: %s: %v", file, one.what, err)
		}
		b.left = append(b.left, one)
	}
	t.Cleanup(func() {
		for _, one := range b.Left() {
			t.Errorf("%s: never asked for: %s", file, one)
		}
	})
	return b
}

// read takes one exchange apart.
func read(part, base string) (exchange, error) {
	what, rest, _ := strings.Cut(part, "\n")
	one := exchange{what: strings.TrimSpace(what)}
	asked, answered, found := strings.Cut(rest, "\nHTTP/1.1 ")
	if !found {
		return one, fmt.Errorf("no answer is recorded")
	}
	one.answer = "HTTP/1.1 " + answered
	head, body, _ := strings.Cut(strings.TrimSpace(asked), "\n\n")
	lines := strings.Split(head, "\n")
	method, address, _ := strings.Cut(strings.TrimSuffix(lines[0], " HTTP/1.1"), " ")
	if strings.HasPrefix(address, "/") {
		address = base + address
	}
	one.method, one.address, one.body, one.header = method, address, strings.TrimSpace(body), http.Header{}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		one.header.Add(name, strings.TrimSpace(value))
	}
	return one, nil
}

// Left names the exchanges that have not taken place.
func (b *Bank) Left() (names []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, one := range b.left {
		names = append(names, one.what)
	}
	return names
}

func (b *Bank) serve(w http.ResponseWriter, r *http.Request, base string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	came := r.Method + " " + base + r.URL.RequestURI()
	if err != nil || len(b.left) == 0 {
		b.fail(w, "%s came after the end: %v", came, err)
		return
	}
	one := b.left[0]
	if came != one.method+" "+one.address {
		b.fail(w, "%s: %s came, not %s %s", one.what, came, one.method, one.address)
		return
	}
	for name, values := range one.header {
		if got := r.Header.Get(name); got != values[0] {
			b.fail(w, "%s: %s is %q, not %q", one.what, name, got, values[0])
			return
		}
	}
	if one.body != "" && !sameJSON(one.body, string(body)) {
		b.fail(w, "%s: the body is another one than recorded", one.what)
		return
	}
	b.left = b.left[1:]
	b.reply(w, r, one)
}

func (b *Bank) reply(w http.ResponseWriter, r *http.Request, one exchange) {
	head, body, _ := strings.Cut(one.answer, "\n\n")
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n")+"\r\n\r\n")), r)
	if err != nil {
		b.fail(w, "%s: the recorded answer cannot be read: %v", one.what, err)
		return
	}
	res.Body.Close()
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.WriteString(w, strings.TrimSpace(body)) // the client may have gone
}

func (b *Bank) fail(w http.ResponseWriter, format string, a ...any) {
	b.t.Errorf(format, a...)
	w.WriteHeader(http.StatusInternalServerError)
}

// sameJSON compares a body with the one recorded, in which "*" is any value.
func sameJSON(want, got string) bool {
	var a, b any
	return json.Unmarshal([]byte(want), &a) == nil && json.Unmarshal([]byte(got), &b) == nil && same(a, b)
}

func same(want, got any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, is := got.(map[string]any)
		if !is || len(g) != len(w) {
			return false
		}
		for name, value := range w {
			if other, there := g[name]; !there || !same(value, other) {
				return false
			}
		}
		return true
	case []any:
		g, is := got.([]any)
		if !is || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !same(w[i], g[i]) {
				return false
			}
		}
		return true
	}
	return want == "*" || want == got
}
