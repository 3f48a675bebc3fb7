package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Copies of components in the screens that have them once were two of the program's
// thirty-three megabytes.
func TestComponentsAreNotInlined(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before := ""
		for line := range strings.Lines(string(source)) {
			if strings.HasPrefix(line, "templ ") && before != "//go:noinline\n" {
				t.Errorf("%s: %q is not marked with //go:noinline", file, strings.TrimSpace(line))
			}
			before = line
		}
	}
}
