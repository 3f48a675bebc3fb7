package main_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The examples of CONTRIBUTING are put where it says they belong, in a build of
// their own over the tree as it is, and do there what it says they do.

// TestDialectIsOneFile adds the dialect as the one file it is, and uses it.
func TestDialectIsOneFile(t *testing.T) {
	example := contributing(t, "package xs2a")
	_, declared, found := strings.Cut(example, "// FolkBank")
	if !found {
		t.Fatal("the example is no FolkBank")
	}
	said, err := over(t, map[string]string{
		"xs2a/folkbank.go":             example,
		"xs2a/dialect_example_test.go": replaced(t, "xs2a/dialect_example_test.go", regexp.MustCompile(`(?s)// FolkBank.*?\n}\)\n`), ""),
	}, "test", "./xs2a", "-run", "^TestOneFileIsEnough$", "-v")
	if err != nil || !strings.Contains(said, "PASS: TestOneFileIsEnough") {
		t.Errorf("%v\n%s", err, said)
	}
	if here := read(t, "xs2a/dialect_example_test.go"); !strings.Contains(here, declared[strings.Index(declared, "var FolkBank"):]) {
		t.Error("xs2a/dialect_example_test.go has another FolkBank than CONTRIBUTING")
	}
}

// TestJourneyQuirkIsTaken adds the quirk, which fails and names the field, and then the
// word to the decoder, which takes it.
func TestJourneyQuirkIsTaken(t *testing.T) {
	journey(t)
	rows := regexp.MustCompile(`var quirks = (?s:.*?)\n}{\n`)
	table := rows.FindString(read(t, "xs2a/quirk_test.go"))
	with := map[string]string{"xs2a/quirk_test.go": replaced(t, "xs2a/quirk_test.go", rows, table+contributing(t, `{"flags and counts`))}
	said, err := over(t, with, "test", "./xs2a", "-run", "^TestQuirks$")
	if err == nil || !strings.Contains(said, `recurringIndicator: "yes" is neither true nor false`) {
		t.Errorf("before it is understood: %v\n%s", err, said)
	}
	with["xs2a/wire.go"] = replaced(t, "xs2a/wire.go", regexp.MustCompile(`case "true":`), `case "true", "yes":`)
	if said, err := over(t, with, "test", "./xs2a", "-run", "^TestQuirks$"); err != nil {
		t.Errorf("when it is understood: %v\n%s", err, said)
	}
}

// TestJourneyPracticeBankIsOneLine adds the practice bank, and finds it among those that
// start.
func TestJourneyPracticeBankIsOneLine(t *testing.T) {
	journey(t)
	first := regexp.MustCompile(`list := \[\]\*Bank{\n`)
	path := filepath.Join(t.TempDir(), "consentry")
	said, err := over(t, map[string]string{
		"xs2a/sandbox/bank/berlin.go": replaced(t, "xs2a/sandbox/bank/berlin.go", first, "list := []*Bank{\n"+contributing(t, "{ID:")),
	}, "build", "-o", path, ".")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	started := exec.CommandContext(t.Context(), path, "sandbox")
	printed, err := started.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := started.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = started.Process.Kill(), started.Wait() }()
	var info struct{ Banks []struct{ Name string } }
	if err := json.NewDecoder(bufio.NewReader(printed)).Decode(&info); err != nil {
		t.Fatal(err)
	}
	for _, bank := range info.Banks {
		if bank.Name == "Spatregen Bank" {
			return
		}
	}
	t.Errorf("it is not among the %d banks that started", len(info.Banks))
}

// TestEveryExampleIsTried lets nobody add an example that is not compiled.
func TestEveryExampleIsTried(t *testing.T) {
	if n := len(examples(t)); n != 3 {
		t.Errorf("CONTRIBUTING has %d examples in Go, and 3 are tried", n)
	}
}

// contributing returns the example in Go that begins so.
func contributing(t *testing.T, begins string) string {
	t.Helper()
	for _, example := range examples(t) {
		if strings.HasPrefix(strings.TrimSpace(example), begins) {
			return example
		}
	}
	t.Fatalf("CONTRIBUTING has no example that begins with %q", begins)
	return ""
}

func examples(t *testing.T) (all []string) {
	t.Helper()
	for _, found := range regexp.MustCompile("(?s)```go\n(.*?)\n *```").FindAllStringSubmatch(read(t, "CONTRIBUTING.md"), -1) {
		all = append(all, found[1]+"\n")
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// replaced returns a file of the tree with the one place that fits replaced.
func replaced(t *testing.T, path string, place *regexp.Regexp, by string) string {
	t.Helper()
	content := read(t, path)
	if found := place.FindAllString(content, -1); len(found) != 1 {
		t.Fatalf("%s has %d places like %s", path, len(found), place)
	}
	return place.ReplaceAllLiteralString(content, by)
}

// over runs the go command over the tree with these files in place of, or beside,
// its own.
func over(t *testing.T, files map[string]string, command string, arguments ...string) (said string, err error) {
	t.Helper()
	dir := t.TempDir()
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for path, content := range files {
		own, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		overlay.Replace[own] = filepath.Join(dir, filepath.Base(path))
		if err := os.WriteFile(overlay.Replace[own], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	encoded, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "go", append([]string{command, "-overlay", list}, arguments...)...)
	run.Env = append(run.Environ(), "CGO_ENABLED=0", "GOPROXY=off")
	output, err := run.CombinedOutput()
	return string(output), err
}

// journey leaves to make journeys what compiles half of the program anew.
func journey(t *testing.T) {
	t.Helper()
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
}
