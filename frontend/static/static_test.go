package static

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestServedForEverUnderItsHash(t *testing.T) {
	for name, kind := range map[string]string{
		"app.css":                 "text/css",
		"app.js":                  "text/javascript",
		"htmx.min.js":             "text/javascript",
		"fonts/inter-latin.woff2": "font/woff2",
		"mark.svg":                "image/svg+xml",
	} {
		got := get(t, Path(name))
		if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Type"), kind) {
			t.Errorf("%s: %d %q, want 200 %s", name, got.Code, got.Header().Get("Content-Type"), kind)
		}
		if !strings.Contains(got.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: Cache-Control %q does not let it be kept", name, got.Header().Get("Cache-Control"))
		}
	}
}

func TestOtherAddressesAreNotFound(t *testing.T) {
	for _, address := range []string{"/static/0123456789ab/app.css", "/static/app.css", Path(""), Path("fonts"), Path("../static.go")} {
		if got := get(t, address); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", address, got.Code)
		}
	}
}

// Relative addresses in the stylesheet must lead to files that are there.
func TestStylesheetReachesItsFiles(t *testing.T) {
	css, err := files.ReadFile("app.css")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`url\("?([^")]+)"?\)`).FindAllStringSubmatch(string(css), -1)
	if len(found) == 0 {
		t.Fatal("no font is loaded")
	}
	for _, match := range found {
		if got := get(t, Path(match[1])); got.Code != http.StatusOK {
			t.Errorf("%s: %d", match[1], got.Code)
		}
	}
}

func get(t *testing.T, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w
}
