package xs2a

import (
	"strings"
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

		"error as an object": {`{"error":{"code":"CONSENT_INVALID","message":"over","path":"consentId"}}`, "CONSENT_INVALID", "over", "consentId"},
		"messages within":    {`{"error":{"tppMessages":[{"category":"ERROR","code":"TOKEN_EXPIRED"}]}}`, "TOKEN_EXPIRED", "", ""},
		"errors":             {`{"errors":[{"errorCode":"E1","description":"no","field":"iban"},{"errorCode":"E2"}]}`, "E1", "no", "iban"},
		"errors in words":    {`{"errors":["the date is wrong"]}`, "", "the date is wrong", ""},
		"errors below a sum": {`{"Code":"400 BadRequest","Message":"Invalid","Errors":[{"ErrorCode":"UK.OBIE.Field.Missing","Message":"name it","Path":"Data.Risk"}]}`, "UK.OBIE.Field.Missing", "name it", "Data.Risk"},
		"fault":              {`{"fault":{"faultstring":"Invalid access token","detail":{"errorcode":"oauth.v2.InvalidAccessToken"}}}`, "oauth.v2.InvalidAccessToken", "Invalid access token", ""},
		"message":            {`{"message":"Forbidden"}`, "", "Forbidden", ""},
		"message and code":   {`{"statusCode":429,"message":"slow down","code":"SLOW"}`, "SLOW", "slow down", ""},
		"a sentence":         {`{"timestamp":"2026-01-01","status":404,"error":"Not Found","path":"/v1/accounts"}`, "", "Not Found", ""},
		"problem, more":      {`{"title":"No","code":"FORMAT_ERROR","additionalErrors":[{"code":"E7","detail":"because"}]}`, "FORMAT_ERROR", "No", ""},
		"only more":          {`{"title":"No","additionalErrors":[{"code":"E7","detail":"because"}]}`, "E7", "No", ""},
		"class, in words":    {`{"error_class":"RateLimitExceeded","error_message":"later","tppMessages":[]}`, "RateLimitExceeded", "later", ""},
		"not to its end":     {strings.Repeat(`{"error":`, 50) + `{"code":"X"}` + strings.Repeat(`}`, 50), "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			said := readRefusal([]byte(test.body))
			if said.code != test.code || said.text != test.text || said.field != test.field {
				t.Errorf("got %+v", said)
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
		"30.5": 30500 * time.Millisecond, "2026-11-20T13:00:00+00:00": time.Hour, " 7 ": 7 * time.Second,
		"1795176060": time.Minute, "1795176060000": time.Minute, "1795175000": 0,
		"999999999": 0, "99999999999999999999": 0, "1e3": 0, "Infinity": 0, "Fri, 20 Nov 2099 12:01:00 GMT": 0,
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
