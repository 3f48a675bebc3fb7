package record

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAShortCodeBlanksNoAmount keeps what merely has the same figures.
func TestAShortCodeBlanksNoAmount(t *testing.T) {
	const body = `{"transactions":{"booked":[{"transactionAmount":{"amount":"123","currency":"EUR"},"remittanceInformationUnstructured":"Invoice 123"}]},"otp":"123"}`
	one := &recording{secrets: &Secrets{}, method: "GET", url: "https://b.example/v1/accounts/123", request: &capture{}, status: 200, answer: &capture{}}
	one.secrets.Add("123")
	_, _ = one.answer.Write([]byte(body))
	e := one.exchange()
	if want := strings.Replace(body, `"otp":"123"`, `"otp":"`+Redacted+`"`, 1); e.Answer.Body != want || e.URL != one.url {
		t.Errorf("%s\n%s\nwant %s", e.URL, e.Answer.Body, want)
	}
}

// TestAFlowIsForgotten holds its secrets no longer than it goes on.
func TestAFlowIsForgotten(t *testing.T) {
	flows := NewFlows(time.Millisecond)
	flows.Of("a").Add("SOMMERREGEN")
	for len(flows.Of("a").all()) > 0 { // each look begins the time anew
		<-time.After(2 * time.Millisecond)
	}
	flows = NewFlows(time.Hour)
	flows.Of("a").Add("SOMMERREGEN")
	flows.Of("b").Add("other")
	flows.forget("a")
	if flows.Of("a").all() != nil || len(flows.Of("b").all()) != 1 {
		t.Error("another flow was forgotten")
	}
}

// TestRedactingIsBounded gives the redactor what is hard on it, in the size of a
// whole record and with as many secrets as are held. What grows with the square
// of either would take minutes.
func TestRedactingIsBounded(t *testing.T) {
	var manyNames strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&manyNames, `{"name":"pin","value":"value%d"},`, i)
	}
	var secrets []string
	for i := range 2 * mostKnown {
		secrets = append(secrets, strings.Repeat("a", 2000)+fmt.Sprint(i))
	}
	for name, body := range map[string]string{
		"one letter": strings.Repeat("a", maxBody), "escapes": strings.Repeat("%25", maxBody/3), "backslashes": strings.Repeat(`\`, maxBody),
		"quotes": strings.Repeat(`"`, maxBody), "colons": strings.Repeat(":", maxBody), "words": strings.Repeat("code is 1 ", maxBody/10),
		"names": manyNames.String(), "open": strings.Repeat(`{"a":[`, maxBody/6), "entities": strings.Repeat("&amp;", maxBody/5),
		"late name": strings.Repeat(`{"value":"aaaaaaaaaaaaaaaa","x":`, 2000) + strings.Repeat(`1,"name":"pin"},`, 1),
	} {
		quickest := time.Hour
		for try := 0; try < 3 && quickest > 20*time.Second; try++ { // a machine stands still now and then
			started := time.Now()
			one := &recording{secrets: &Secrets{}, method: "GET", url: "https://b.example/", request: &capture{}, status: 200, answer: &capture{}}
			one.secrets.Add(secrets...)
			_, _ = one.answer.Write([]byte(body))
			one.exchange()
			quickest = min(quickest, time.Since(started))
		}
		if quickest > 20*time.Second {
			t.Errorf("%s took %s and more", name, quickest)
		}
	}
}

// TestPackedAnswersAreCleaned looks into an answer that came packed.
func TestPackedAnswersAreCleaned(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(`{"note":"SOMMERREGEN"}`))
	_ = w.Close()
	one := &recording{secrets: &Secrets{}, url: "https://b.example/", request: &capture{}, status: 200, answer: &capture{}, answerHeader: http.Header{"Content-Encoding": {"gzip"}}}
	one.secrets.Add("SOMMERREGEN")
	_, _ = one.answer.Write(packed.Bytes())
	if got := one.exchange().Answer.Body; got != `{"note":"`+Redacted+`"}` {
		t.Error(got)
	}
}
