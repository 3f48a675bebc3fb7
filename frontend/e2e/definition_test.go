package e2e

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"consentry/storage"
	"consentry/xs2a/conformance"
	"consentry/xs2a/record"
)

// keepsToDefinitions holds what the program has recorded of its requests to the official
// definitions of the interfaces, and orders in XML to their schema. The answers are the
// practice banks' matter, which tests of app hold.
func (c *program) keepsToDefinitions(t *testing.T) {
	t.Helper()
	interfaces := conformance.Interfaces(func(string) bool { return false })
	held, orders := 0, 0
	for _, each := range c.exchanges("", "payments/") {
		if strings.Contains(each.Request.Get("Content-Type"), "xml") {
			orders++
			keepsToSchema(t, each.Request.Body)
		}
		before := held
		for _, one := range interfaces {
			watcher := &conformance.Watcher{
				Dialect: one.Dialect, Network: recorded{each}, RequestsAlone: true, Report: t.Errorf,
				Ours: func(path string) bool {
					ours := one.Ours(path)
					if ours {
						held++
					}
					return ours
				},
			}
			if _, err := watcher.RoundTrip(request(t, each)); err != nil {
				t.Error(err)
			}
		}
		if held == before {
			t.Errorf("%s %s is no definition's matter", each.Method, each.URL)
		}
	}
	if held == 0 {
		t.Error("no request was held to a definition")
	}
	t.Logf("%d requests were held to the definitions, %d orders to the schema", held, orders)
}

// request is a request as it was recorded.
func request(t *testing.T, e storage.Exchange) *http.Request {
	t.Helper()
	if e.Request.Cut || e.Request.BodyLetGo {
		t.Errorf("%s %s was not recorded whole", e.Method, e.URL)
	}
	req, err := http.NewRequest(e.Method, e.URL, strings.NewReader(e.Request.Body))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range e.Request.Header {
		if strings.Contains(field.Value, "«") { // a secret or a certificate, which the bank took as it was
			field.Value = "AAAA"
		}
		req.Header.Add(field.Name, field.Value)
	}
	return req
}

// recorded answers as a bank did.
type recorded struct{ storage.Exchange }

func (r recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	res := &http.Response{StatusCode: r.Status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.Answer.Body)), Request: req}
	for _, field := range r.Answer.Header {
		res.Header.Add(field.Name, field.Value)
	}
	return res, nil
}

// keepsToSchema holds an order in XML to the schema of pain.001.
func keepsToSchema(t *testing.T, document string) {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is not installed, by which orders are held to their schema: install the package libxml2-utils")
	}
	schema := filepath.Join("..", "..", "..", "shared", "reference", "xsd", "pain.001.001.03.xsd")
	file := filepath.Join(t.TempDir(), "order.xml")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(lint, "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
		t.Errorf("%v: %s\n%s", err, said, document)
	}
	if strings.Contains(document, record.Redacted) {
		t.Errorf("the record left something of the order out: %s", document)
	}
}
