package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// messageCode is a bank's message code in a piece of Go.
var messageCode = regexp.MustCompile(`"[A-Z]+(_[A-Z]+)+"`)

// TestCodesStayWithTheClient holds what a bank's codes mean in one place: app asks
// the error what is meant (xs2a/meaning.go), so that a dialect with a spelling of its
// own changes one file.
func TestCodesStayWithTheClient(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("app/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of app: %v", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range messageCode.FindAllString(string(text), -1) {
			t.Errorf("%s compares %s: ask the error what it means", file, code)
		}
	}
}
