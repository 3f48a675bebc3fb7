package conformance

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// hostileBodies are answers of 64 KB, as much as the record has of one, made to take long, to go
// deep or to be told of badly.
func hostileBodies() map[string]string {
	const size = 64 << 10
	many := func(one string) string {
		return `{"balances":[` + strings.Repeat(one+",", size/(len(one)+1)) + one + `]}`
	}
	return map[string]string{
		"lists that never end": strings.Repeat("[", size),
		"deep lists":           strings.Repeat("[", size/8) + strings.Repeat("]", size/8),
		"deep objects":         `{"balances":[{"balanceAmount":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000) + `}]}`,
		"many numbers":         many("0"),
		"many objects":         many("{}"),
		"many nulls":           many("null"),
		"many secrets":         many(`"«redacted»"`),
		"many names":           `{` + strings.Repeat(`"a":1,`, size/6) + `"b":1}`,
		"a huge number":        `{"balances":[{"balanceAmount":{"amount":` + strings.Repeat("9", size) + `}}]}`,
		"a huge exponent":      `{"balances":[{"balanceAmount":{"amount":1e999999999}}]}`,
		"a huge text":          `{"balances":[{"balanceType":"` + strings.Repeat("é", size/2) + `"}]}`,
		"a huge name":          `{"` + strings.Repeat("é", size/2) + `":1}`,
		"no UTF-8":             "{\"balances\":[{\"balanceType\":\"\xff\xfe\xed\xa0\x80\",\"\xff\":1}]}",
		"half a pair":          `{"balances":[{"balanceType":"\ud800"}]}`,
		"no JSON":              "\x00",
	}
}

// TestHostileAnswers: the worst takes as long as its size lets expect. When each violation was
// compared with each, one answer took ten seconds.
func TestHostileAnswers(t *testing.T) {
	for name, body := range hostileBodies() {
		quickest := time.Hour
		for try := 0; try < 3 && quickest > 5*time.Second; try++ { // a machine stands still now and then
			began := time.Now()
			heldWithinBounds(t, body, "application/json", 200, false)
			quickest = min(quickest, time.Since(began))
		}
		if quickest > 5*time.Second {
			t.Errorf("%s took %s and more", name, quickest)
		}
	}
	heldWithinBounds(t, strings.Repeat("[", 64<<10), "application/json", 200, true)
}

// heldWithinBounds holds an answer, and its verdict to what a screen has room for.
func heldWithinBounds(t *testing.T, body, kind string, status int, cut bool) {
	t.Helper()
	e := balances(body)
	e.Status, e.Answer.Cut = status, cut
	e.Answer.Header[0].Value = kind
	v, err := Judge(e, "berlingroup")
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Violations) > most || len(v.Unseen) > most || v.More > 0 && len(v.Violations) < most {
		t.Errorf("%d violations and %d more, %d things not looked at", len(v.Violations), v.More, len(v.Unseen))
	}
	for _, each := range v.Violations {
		for _, text := range []string{each.Name, each.Value, each.Wants} {
			if utf8.RuneCountInString(text) > longest+1 {
				t.Errorf("%s: %q is too long", each.Rule, text)
			}
		}
	}
}

// FuzzJudge holds whatever comes.
func FuzzJudge(f *testing.F) {
	f.Add(goodBalances, "application/json", 200, false)
	for _, body := range hostileBodies() {
		if len(body) < 1000 {
			f.Add(body, "application/json; charset=utf-8", 200, true)
		}
	}
	f.Fuzz(func(t *testing.T, body, kind string, status int, cut bool) {
		heldWithinBounds(t, body, kind, status, cut)
	})
}
