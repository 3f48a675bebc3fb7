package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	side := func(body string, header ...string) (m Message) {
		for i := 0; i < len(header); i += 2 {
			m.Header = append(m.Header, HeaderField{header[i], header[i+1]})
		}
		m.Body = body
		return m
	}
	a := Exchange{Method: "GET", URL: "https://a.example/v1/accounts?withBalance=true&x=1", Status: 200, Request: side("", "Accept", "a", "X-Request-Id", "1"),
		Answer: side(`{"accounts":[{"resourceId":"r1","name":"One","balances":[]},{"resourceId":"r2","name":"Two"}],"lastActionDate":"2026-01-01"}`, "X-A", "1", "X-A", "2")}
	b := Exchange{Method: "GET", URL: "https://a.example/v1/accounts?withBalance=false", Status: 429, Request: side("", "X-Request-Id", "2"), Error: "EOF",
		Answer: side(`{"accounts":[{"resourceId":"r0"},{"resourceId":"r2","name":"Two","iban":"X"}],"lastActionDate":"2026-01-02"}`, "X-A", "1")}
	var got []string
	for _, d := range Compare(a, b) {
		if d.Same() {
			continue
		}
		mark := "±"
		switch {
		case !d.InA:
			mark = "+"
		case !d.InB:
			mark = "-"
		}
		if d.Usual {
			mark += "~"
		}
		got = append(got, fmt.Sprint(mark, " ", d.Part, " ", d.Place, " ", d.A, "|", d.B))
	}
	want := []string{
		"± address withBalance true|false", "- address x 1|", "- requestHeader Accept a|", "±~ requestHeader X-Request-Id 1|2", "± status status 200|429", "+ status error |EOF",
		"- answerHeader X-A (2) 2|", "- answerBody accounts[r1].resourceId r1|", "- answerBody accounts[r1].name One|", "- answerBody accounts[r1].balances []|",
		"+ answerBody accounts[r0].resourceId |r0", "+ answerBody accounts[r2].iban |X", "±~ answerBody lastActionDate 2026-01-01|2026-01-02",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if same := Compare(a, a); Differ(same) != 0 || len(same) == 0 {
		t.Errorf("an exchange differs from itself: %+v", same)
	}
}

func TestAlign(t *testing.T) {
	t.Parallel()
	flow := func(steps string) (all []Exchange) {
		for _, step := range steps {
			path := map[rune]string{'c': "POST /v1/consents", 's': "GET /v1/consents/1/status", 'a': "GET /v1/accounts", 'o': "GET /odd"}[step]
			method, path, _ := strings.Cut(path, " ")
			all = append(all, Exchange{Method: method, URL: "https://a.example" + path})
		}
		return all
	}
	for _, each := range []struct{ a, b, want string }{
		{"csa", "csa", "00 11 22"}, {"cssa", "csa", "00 11 2. 32"}, {"csa", "ca", "00 1. 21"}, {"", "c", ".0"}, {"c", "", "0."}, {"co", "oc", "0. 10 .1"}, {"", "", ""},
	} {
		var got []string
		for _, step := range Align(flow(each.a), flow(each.b)) {
			got = append(got, strings.ReplaceAll(fmt.Sprint(step.A, step.B), " ", ""))
		}
		if text := strings.ReplaceAll(strings.Join(got, " "), "-1", "."); text != each.want {
			t.Errorf("%q beside %q: %q, want %q", each.a, each.b, text, each.want)
		}
	}
}
