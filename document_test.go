package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// placeholders are the files that a recipe of CONTRIBUTING has its reader make.
var placeholders = []string{"frontend/name.templ", "frontend/name.go", "storage/noun.go"}

// TestDocumentsNameWhatIsThere holds that each file or folder that a document for
// people who change the code names from the root of the tree exists.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	documents, err := filepath.Glob("docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(documents, "docs/architecture.md", "CONTRIBUTING.md") {
		for _, path := range pathsIn(t, document) {
			if _, err := os.Stat(path); err != nil && !slices.Contains(placeholders, path) {
				t.Errorf("%s names %s, which is not there", document, path)
			}
		}
	}
}

// pathsIn returns the paths between backticks that begin with a folder of the tree.
// What commands leave behind is no part of it, and named in .gitignore.
func pathsIn(t *testing.T, document string) (paths []string) {
	t.Helper()
	for _, quoted := range regexp.MustCompile("`([a-z0-9_]+/[A-Za-z0-9_./-]+)`").FindAllStringSubmatch(read(t, document), -1) {
		folder, _, _ := strings.Cut(quoted[1], "/")
		if info, err := os.Stat(folder); err == nil && info.IsDir() && !leftBehind(t, quoted[1]) {
			paths = append(paths, quoted[1])
		}
	}
	if document == "CONTRIBUTING.md" && len(paths) == 0 {
		t.Fatal("no path is found in CONTRIBUTING")
	}
	return paths
}

// leftBehind reports whether the path lies in a folder that .gitignore names from
// the root.
func leftBehind(t *testing.T, path string) bool {
	t.Helper()
	return slices.ContainsFunc(strings.Split(read(t, ".gitignore"), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "/") && strings.HasSuffix(line, "/") && strings.HasPrefix("/"+path+"/", line)
	})
}
