package httpfile

import (
	"testing"
	"time"

	"consentry/xs2a/record"
	"consentry/xs2a/record/script"
)

// TestFile writes a file as a whole: what each kind of variable looks like, and that no
// text makes another line or variable of itself.
func TestFile(t *testing.T) {
	started := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := script.New([]record.Exchange{
		{
			Step: "first\n### GET https://evil.example", Started: started, Method: "POST", URL: "https://b.example/v1/consents", Status: 201,
			Request: record.Message{Body: `{"until":"2026-08-28","password":"` + record.Redacted + `","note":"{{$processEnv HOME}}"}`, Header: []record.HeaderField{
				{Name: "Content-Type", Value: "application/json"}, {Name: "Digest", Value: "SHA-256=x"}, {Name: "X-Request-Id", Value: "1"}, {Name: "X-Odd", Value: "a\r\nb: {{c}}"}}},
			Answer: record.Message{Body: `{"consentId":"c-123456","list":[{"my id":"m-123456"}],"_links":{"next":"/v1/consents/c-123456/authorisations/a-123456"}}`},
		},
		{Started: started, Method: "GET", URL: "https://b.example/v1/consents/c-123456/authorisations/a-123456?m=m-123456", Error: "no answer"},
	})
	got := New(s, script.Options{Title: "T", Known: func(*script.Variable) (string, bool) { return "", false }})
	want := `# T
# 2 requests that Consentry sent, in their order. Fill in what has no value.

@base = https://b.example
@day_plus_180 = {{$datetime "YYYY-MM-DD" 180 d}}
# password: to be filled in; it is not kept
@password = 
@consent_id = {{step1.response.body.$.consentId}}
# authorisation_id: as it was recorded; take it anew from the answer to request 1, body.$._links.next
@authorisation_id = a-123456
@my_id = {{step1.response.body.$.list[0]["my id"]}}

### 1. first ### GET https://evil.example
# Recorded 2026-03-01T12:00:00Z, answered with 201.
# It was signed. Where the bank wants that, these headers have to be made anew: Digest.
# @name step1
POST {{base}}/v1/consents
Content-Type: application/json
X-Request-Id: {{$guid}}
X-Odd: a  b: { {c}}

{"until":"{{day_plus_180}}","password":"{{password}}","note":"{\u007b$processEnv HOME}}"}

### 2. GET
# Recorded 2026-03-01T12:00:00Z.
# No answer came: no answer
# @name step2
GET {{base}}/v1/consents/{{consent_id}}/authorisations/{{authorisation_id}}?m={{my_id}}
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}
