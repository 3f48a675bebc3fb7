package xs2a

import (
	"testing"
	"time"
)

// TestRefusalBodies finds the code and the bank's words in every form of error.
func TestRefusalBodies(t *testing.T) {
	tests := map[string]struct{ body, code, text, field string }{
		"messages":           {`{"tppMessages":[{"category":"ERROR","code":"FORMAT_ERROR","text":"no","path":"validUntil"}]}`, "FORMAT_ERROR", "no", "validUntil"},
		"one message":        {`{"tppMessage":[{"category":"ERROR","code":"TOKEN_INVALID"}]}`, "TOKEN_INVALID", "", ""},
		"bare":               {`[{"category":"ERROR","code":"CONSENT_UNKNOWN","text":"?"}]`, "CONSENT_UNKNOWN", "?", ""},
		"warning first":      {`{"tppMessages":[{"category":"WARNING","code":"WARNING"},{"category":"ERROR","code":"PERIOD_INVALID"}]}`, "PERIOD_INVALID", "", ""},
		"OAuth":              {`{"error":"invalid_grant","error_description":"used"}`, "invalid_grant", "used", ""},
		"problem document":   {`{"type":"about:blank","title":"No","detail":"because","code":"SERVICE_BLOCKED"}`, "SERVICE_BLOCKED", "because", ""},
		"problem, no detail": {`{"title":"No"}`, "", "No", ""},
		"one message, bare":  {`{"tppMessages":{"category":"ERROR","code":"TOKEN_INVALID"}}`, "TOKEN_INVALID", "", ""},
		"a code as a number": {`{"tppMessages":[{"category":"ERROR","code":17,"text":null}]}`, "17", "", ""},
		"an odd message":     {`{"tppMessages":["none",{"category":"ERROR","code":"SERVICE_BLOCKED"}]}`, "SERVICE_BLOCKED", "", ""},
		"Salt Edge":          {`{"error_class":"ConsentExpired","error_message":"it is over","request":{}}`, "ConsentExpired", "it is over", ""},
		"OAuth, an object":   {`{"error":{"a":1},"title":"No"}`, "", "No", ""},
		"HTML":               {`<html><body>Bad gateway</body></html>`, "", "", ""},
		"nothing":            {``, "", "", ""},
		"empty envelope":     {`{"tppMessages":[]}`, "", "", ""},
		"null":               {`null`, "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, text, field := readRefusal([]byte(test.body))
			if code != test.code || text != test.text || field != test.field {
				t.Errorf("got %q %q %q", code, text, field)
			}
		})
	}
}

// TestRetryAfter reads both forms of the header.
func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "": 0, "-5": 0, "soon": 0,
		"Fri, 20 Nov 2026 12:01:00 GMT": time.Minute, "Fri, 20 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: got %v, want %v", value, got, want)
		}
	}
}

// TestCheckURL lets tokens go to https and to this machine only.
func TestCheckURL(t *testing.T) {
	for address, good := range map[string]bool{
		"https://api.bank.example": true, "http://127.0.0.1:8080": true, "http://localhost:1": true, "http://[::1]:1": true,
		"http://api.bank.example": false, "ftp://127.0.0.1": false, "//bank.example": false, "": false,
		"https://user:secret@bank.example": false, "javascript:alert(1)": false, "http://127.0.0.1.evil.example": false,
	} {
		if err := CheckURL(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}
