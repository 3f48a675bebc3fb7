package frontend

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCompared holds the comparison with the rules of the field to the program:
// every test and every address it names is there.
func TestCompared(t *testing.T) {
	text, err := os.ReadFile("../docs/compared.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "e2e/*_test.go", "../*_test.go", "../app/*_test.go", "../app/*/*_test.go", "../storage/*_test.go", "../xs2a/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(code, -1) {
				tests[string(found[1])] = true
			}
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(text), -1)
	for _, name := range named {
		if !tests[name[1]] {
			t.Errorf("there is no test %s", name[1])
		}
	}
	routes := (&Server{}).routes()
	addresses := regexp.MustCompile("`(GET|POST)(?:`, `POST)? (/[^`]*)`").FindAllStringSubmatch(string(text), -1)
	for _, address := range addresses {
		if _, known := routes[address[1]+" "+address[2]]; !known {
			t.Errorf("there is no route %s %s", address[1], address[2])
		}
	}
	if len(named) < 40 || len(addresses) < 8 || !strings.Contains(string(text), "**Not met**") {
		t.Errorf("%d tests and %d addresses are named", len(named), len(addresses))
	}
}
