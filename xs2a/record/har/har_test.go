package har

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	otherhar "github.com/chromedp/cdproto/har"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"consentry/xs2a/record"
)

// schema is the schema of HAR 1.2 that validators use; testdata/schema says whose it is.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	files, err := filepath.Glob("testdata/schema/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("https://schema.example/"+filepath.Base(file), document); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := compiler.Compile("https://schema.example/har.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// examples are exchanges that are hard to write down.
func examples() []record.Exchange {
	started := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.FixedZone("", 3600))
	json := []record.HeaderField{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Request-Id", Value: "1"}}
	return []record.Exchange{
		{
			FlowID: "f", Step: "createConsent", Attended: true, Started: started, Took: 1500 * time.Microsecond, Method: "POST", URL: "https://b.example/v1/consents?state=" + record.Redacted + "&name=å%20ä&bare&x=1=2#part",
			Request: record.Message{Header: json, Body: `{"password":"` + record.Redacted + `"}`, SizeUntold: true},
			Status:  201, Answer: record.Message{Header: append(json, record.HeaderField{Name: "Location", Value: "/v1/consents/1"}), Body: "{}", Size: 2},
		},
		{FlowID: "f", Started: started, Method: "GET", URL: "https://b.example/<script>\"|{}\\^`", Error: "dial tcp: refused"},
		{FlowID: "g", Started: started, Method: "GET", URL: "https://b.example/logo", Status: 200, Answer: record.Message{Binary: true, Size: 4711}},
		{Started: started, Method: "GET", URL: "https://b.example/long", Status: 200, Answer: record.Message{Body: "[1,", Cut: true, Left: 100, Size: 103}, Error: "unexpected EOF"},
		{Started: started, Method: "PUT", URL: "https://b.example/gone", Status: 299, Request: record.Message{HeaderLetGo: true, BodyLetGo: true, Size: 3}},
	}
}

func archive(t *testing.T, exchanges []record.Exchange) []byte {
	t.Helper()
	text, err := json.Marshal(New(exchanges, func(id string) string { return "flow " + id }, "1"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestKeepsToTheSchema holds archives against the format's schema, and shows that it
// finds a mistake.
func TestKeepsToTheSchema(t *testing.T) {
	schema := schema(t)
	for _, exchanges := range [][]record.Exchange{examples(), nil} {
		text := archive(t, exchanges)
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
	wrong := bytes.Replace(archive(t, examples()), []byte(`"headersSize":-1`), []byte(`"headersSize":"?"`), 1)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(wrong))
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(document) == nil {
		t.Error("a text passes for a size")
	}
}

// TestOpensElsewhere has a reader of another hand open an archive.
func TestOpensElsewhere(t *testing.T) {
	var read otherhar.HAR
	if err := json.Unmarshal(archive(t, examples()), &read); err != nil {
		t.Fatal(err)
	}
	if read.Log.Version != "1.2" || len(read.Log.Pages) != 2 || len(read.Log.Entries) != len(examples()) {
		t.Fatalf("version %q, %d pages, %d entries", read.Log.Version, len(read.Log.Pages), len(read.Log.Entries))
	}
	for i, e := range examples() {
		got := read.Log.Entries[i]
		if got.Request.Method != e.Method || got.Response.Status != int64(e.Status) || string(got.Response.Content.Text) != e.Answer.Body || len(got.Request.Headers) != len(e.Request.Header) || got.Pageref != e.FlowID {
			t.Errorf("%s %s: %+v, %+v", e.Method, e.URL, got.Request, got.Response)
		}
		if begun, err := time.Parse(time.RFC3339, got.StartedDateTime); err != nil || !begun.Equal(e.Started.Truncate(time.Millisecond)) {
			t.Errorf("begun %s (%v), want %s", got.StartedDateTime, err, e.Started)
		}
	}
	first := read.Log.Entries[0]
	if first.Request.PostData.Text != examples()[0].Request.Body || first.Response.RedirectURL != "/v1/consents/1" || first.Time != 1.5 {
		t.Errorf("%+v", first)
	}
	query := map[string]string{}
	for _, pair := range first.Request.QueryString {
		query[pair.Name] = pair.Value
	}
	if len(query) != 4 || query["state"] != record.Redacted || query["name"] != "å ä" || query["x"] != "1=2" {
		t.Errorf("query %v", query)
	}
}
