package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

// TestPathsWithEmptySegments: they are answered by the interface, in its form of
// errors, and lead nowhere else.
func TestPathsWithEmptySegments(t *testing.T) {
	t.Parallel()
	server := startSandbox(t, Config{Now: newClock().now})
	line := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, words := range map[string]string{
		consentPath + "//status":                                          `"tppMessages":[`,
		consentPath + "/./status":                                         `"tppMessages":[`,
		accountPath + "/a/../b":                                           `"tppMessages":[`,
		accountPath + "//transactions//":                                  `"tppMessages":[`,
		"//psd2/consent/v1/consents":                                      `"tppMessages":[`,
		directoryPath + "//aspsps":                                        `[{"category":"ERROR"`,
		"/berlingroup/rheintor/v1/consents//authorisations":               `"tppMessages":[`,
		"/berlingroup/zahlenwirr/v1/accounts//balances":                   `"title"`,
		"/bog/v1/accounts/../consents":                                    `"tppMessages":[`,
		"/saltedge/nowhere/api/berlingroup/v1/accounts//x":                `"tppMessages":[`,
		"/berlingroup/rheintor/v1/payments/sepa-credit-transfers//status": `"tppMessages":[`,
	} {
		req, err := http.NewRequest("GET", server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Path = path
		req.Header.Set("X-Request-ID", newID())
		res, err := line.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, 4096)
		n, _ := res.Body.Read(body)
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound || !strings.Contains(res.Header.Get("Content-Type"), "json") || !strings.Contains(string(body[:n]), words) {
			t.Errorf("%s: %s %s %s", path, res.Status, res.Header.Get("Content-Type"), body[:n])
		}
	}
}
