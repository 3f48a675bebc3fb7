package brought

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"consentry/xs2a/record"
)

// browserHAR is what a browser writes: pictures, sockets, headers in small letters and
// tokens in the clear.
const browserHAR = `{"log":{"version":"1.2","creator":{"name":"Firefox","version":"140"},"entries":[
{"startedDateTime":"2026-03-01T10:00:00.000+01:00","time":12.5,"request":{"method":"POST","url":"https://auth.bank.example/token","headers":[{"name":"content-type","value":"application/x-www-form-urlencoded"}],
 "postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"grant_type","value":"client_credentials"},{"name":"client_secret","value":"Winterregen77"}]}},
 "response":{"status":200,"headers":[],"content":{"size":60,"mimeType":"application/json","text":"{\"access_token\":\"tok-abcdefgh-12345\",\"token_type\":\"Bearer\"}"}}},
{"startedDateTime":"2026-03-01T10:00:02.000+01:00","time":3,"request":{"method":"get","url":"https://api.bank.example/v1/accounts?hint=tok-abcdefgh-12345","headers":[{"name":":authority","value":"api.bank.example"},{"name":"authorization","value":"Bearer tok-abcdefgh-12345"},{"name":"consent-id","value":"c1"},{"name":"x-odd","value":"tok-abcdefgh-12345"}]},
 "response":{"status":200,"headers":[{"name":"content-type","value":"application/json"}],"content":{"size":9,"mimeType":"application/json","text":"eyJhY2NvdW50cyI6W119","encoding":"base64"}}},
{"startedDateTime":"2026-03-01T10:00:01.000+01:00","time":3,"request":{"method":"POST","url":"https://api.bank.example/v1/consents","headers":[],"postData":{"mimeType":"application/json","text":"{\"recurringIndicator\":true}"}},
 "response":{"status":201,"headers":[],"content":{"mimeType":"application/json","text":"{\"consentId\":\"c1\"}"}}},
{"startedDateTime":"2026-03-01T10:00:03.000+01:00","_resourceType":"image","request":{"method":"GET","url":"https://bank.example/logo.png","headers":[]},"response":{"status":200,"headers":[],"content":{"mimeType":"image/png"}}},
{"startedDateTime":"2026-03-01T10:00:03.000+01:00","request":{"method":"GET","url":"chrome-extension://x/y","headers":[]},"response":{"status":200,"headers":[],"content":{}}},
{"startedDateTime":"2026-03-01T10:00:04.000+01:00","request":{"method":"DELETE","url":"https://api.bank.example/v1/consents/c2","headers":[]},"response":{"status":0,"headers":[],"content":{},"_error":"net::ERR_CONNECTION_RESET"}},
{"request":"nothing of the kind"}, 7
]}}`

func TestHAROfABrowser(t *testing.T) {
	t.Parallel()
	f, err := Read([]byte(browserHAR))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range f.Exchanges {
		lines = append(lines, fmt.Sprint(e.FlowID, " ", e.Method, " ", e.URL, " ", e.Status, " ", e.Step))
	}
	want := []string{
		"1 POST https://auth.bank.example/token 200 getClientToken",
		"1 POST https://api.bank.example/v1/consents 201 createConsent",
		"1 GET https://api.bank.example/v1/accounts?hint=" + record.Redacted + " 200 getAccountList",
		"2 DELETE https://api.bank.example/v1/consents/c2 0 deleteConsent",
	}
	// What names no consent and comes before the first belongs to it.
	if !slices.Equal(lines, want) {
		t.Errorf("read:\n%s\nwant:\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got := f.Exchanges[2].Answer; got.Body != `{"accounts":[]}` || got.Size != 15 {
		t.Errorf("the answer in base64 is %+v", got)
	}
	if got := f.Exchanges[2].Request.Get("X-Odd"); got != record.Redacted {
		t.Errorf("a token under a name that says nothing: %q", got)
	}
	if f.Exchanges[3].Error == "" || f.Left[PageFile] != 1 || f.Left[NotHTTP] != 1 || f.Left[Unreadable] != 2 {
		t.Errorf("error %q, left out %v", f.Exchanges[3].Error, f.Left)
	}
	holdsNo(t, f, "tok-abcdefgh-12345", "Winterregen77")
}

// holdsNo holds that secrets stand nowhere in what was read.
func holdsNo(t *testing.T, f File, secrets ...string) {
	t.Helper()
	all, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if strings.Contains(string(all), secret) {
			t.Errorf("%q is in what was read: %s", secret, all)
		}
	}
}

const collection = `{"info":{"name":"Bank","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
"variable":[{"key":"base","value":"https://api.bank.example"},{"key":"pin","value":"4711-0815-x"}],
"item":[
 {"name":"Consent","item":[{"name":"make","request":{"method":"POST","url":{"raw":"{{base}}/v1/consents","host":["{{base}}"]},"header":[{"key":"X-Request-ID","value":"r1"},{"key":"Off","value":"x","disabled":true}],
   "body":{"mode":"raw","raw":"{\"psuData\":{\"password\":\"{{pin}}\"}}","options":{"raw":{"language":"json"}}}},
   "response":[{"name":"made","code":201,"header":[{"key":"Content-Type","value":"application/json"}],"body":"{\"consentId\":\"c1\"}"},{"name":"refused","code":400,"header":"Content-Type: text/plain\nX-A: b","body":"no"}]}]},
 {"name":"bare","request":"{{somewhere}}/v1/accounts"},
 {"name":"form","request":{"method":"POST","url":"https://auth.bank.example/token","body":{"mode":"urlencoded","urlencoded":[{"key":"grant_type","value":"client_credentials"},{"key":"client_secret","value":"Winterregen77"}]}}}
]}`

func TestPostman(t *testing.T) {
	t.Parallel()
	f, err := Read([]byte(collection))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range f.Exchanges {
		lines = append(lines, fmt.Sprint(e.FlowID, " ", e.Method, " ", e.URL, " ", e.Status, " ", e.Step, " ", len(e.Request.Header)))
	}
	want := []string{
		"1 POST https://api.bank.example/v1/consents 201 createConsent 2",
		"1 POST https://api.bank.example/v1/consents 400 createConsent 2",
		"1 GET https://somewhere.invalid/v1/accounts 0 getAccountList 0",
		"1 POST https://auth.bank.example/token 0 getClientToken 1",
	}
	if f.Format != Postman || !slices.Equal(lines, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", f.Format, strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got := f.Exchanges[1].Answer; got.Get("X-A") != "b" || got.Body != "no" {
		t.Errorf("the refusal is %+v", got)
	}
	holdsNo(t, f, "4711-0815-x", "Winterregen77")
}

const httpFile = `@host = https://api.bank.example
# the whole of it
### Ask
// a comment
POST {{host}}/v1/consents HTTP/1.1
Content-Type: application/json
Authorization: Bearer tok-abcdefgh-12345

{"recurringIndicator": true}

> {% client.test("x", function() {}) %}

### Read
GET {{host}}/v1/accounts
    ?withBalance=true
    &x=tok-abcdefgh-12345
Consent-ID: c1

HTTP/1.1 429 Too Many Requests
Content-Type: application/json

{"tppMessages":[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]}

###
PUT {{host}}/v1/consents/c1/authorisations/a
Content-Type: application/json

< ./body.json
`

func TestHTTPFile(t *testing.T) {
	t.Parallel()
	f, err := Read([]byte(httpFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Exchanges) != 3 || f.Format != HTTP || f.Left[Elsewhere] != 1 {
		t.Fatalf("%+v", f)
	}
	ask, read := f.Exchanges[0], f.Exchanges[1]
	if ask.Request.Body != `{"recurringIndicator": true}` || ask.Status != 0 {
		t.Errorf("%+v", ask)
	}
	if read.URL != "https://api.bank.example/v1/accounts?withBalance=true&x="+record.Redacted || read.Status != 429 || !strings.Contains(read.Answer.Body, "ACCESS_EXCEEDED") {
		t.Errorf("%+v", read)
	}
	if !f.Exchanges[2].Request.Cut {
		t.Error("a body in another file is not told to be missing")
	}
	holdsNo(t, f, "tok-abcdefgh-12345")
}

func TestWhatIsNoRecording(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"nothing": "", "text": "Dear all,\nhere is the file.", "JSON of another kind": `{"accounts":[]}`, "broken": `{"log":`, "a table": "a;b\n1;2\n",
		"a HAR that is none": `{"log":[]}`, "many folders": `{"info":{},"item":[` + strings.Repeat(`{"item":[`, 2000) + strings.Repeat(`]}`, 2000) + `]}`,
	} {
		if f, err := Read([]byte(content)); err == nil {
			t.Errorf("%s was read as %+v", name, f)
		}
	}
	if _, err := Read([]byte(`{"log":{"entries":[]}}`)); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty recording: %v", err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	entry := `{"request":{"method":"GET","url":"https://a.example/v1/accounts","headers":[]},"response":{"status":200,"headers":[],"content":{"text":"x"}}}`
	f, err := Read([]byte(`{"log":{"entries":[` + strings.Repeat(entry+",", MaxExchanges+4) + entry + `]}}`))
	if err != nil || len(f.Exchanges) != MaxExchanges || f.Left[TooMany] != 5 {
		t.Errorf("%d exchanges, left %v, %v", len(f.Exchanges), f.Left, err)
	}
	f, err = Read([]byte(`{"log":{"entries":[` + strings.Replace(entry, `"x"`, `"`+strings.Repeat("x", maxBody+1)+`"`, 1) + `]}}`))
	if err != nil || f.Exchanges[0].Answer.Body != "" || !f.Exchanges[0].Answer.Cut || f.Left[TooLong] != 1 {
		t.Errorf("a long body: left %v, %v", f.Left, err)
	}
}

// FuzzRead reads whatever may stand in a file. No input may make it fail otherwise than
// by an error, and what it returns is bounded.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{browserHAR, collection, httpFile} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		read, err := Read(content)
		if err == nil && (len(read.Exchanges) == 0 || len(read.Exchanges) > MaxExchanges) {
			t.Errorf("%d exchanges without an error", len(read.Exchanges))
		}
		for _, e := range read.Exchanges {
			if e.FlowID == "" || e.Method == "" || !strings.Contains(e.URL, "://") {
				t.Errorf("%+v", e)
			}
		}
	})
}
