package curl

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/xs2a/record"
	"consentry/xs2a/record/script"
)

// sends runs a script with a curl in its place that prints its arguments, and returns those
// from the method on.
func sends(t *testing.T, s script.Script) (arguments []string, said string) {
	t.Helper()
	folder := t.TempDir()
	commands, variables := New(s, script.Options{Title: "T\nrm -rf /", Known: func(v *script.Variable) (string, bool) { return "it's $HOME", v.Secret == "token" }}, "the variables.sh")
	printed := filepath.Join(folder, "printed")
	fake := "curl() { for a in \"$@\"; do printf '%s\\0' \"$a\"; done >>" + printed + "; echo 200; }\n"
	for name, content := range map[string]string{"s.sh": strings.Replace(commands, "set -eu\n", "set -eu\n"+fake, 1), "the variables.sh": variables} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "sh", filepath.Join(folder, "s.sh"))
	command.Dir = t.TempDir()
	out, err := command.CombinedOutput()
	if err != nil {
		return nil, string(out)
	}
	content, err := os.ReadFile(printed)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(strings.TrimSuffix(string(content), "\x00"), "\x00")
	for i, argument := range all {
		if argument == "--request" {
			return all[i:], string(out)
		}
	}
	t.Fatalf("no request in %q", all)
	return nil, ""
}

// TestShell holds that the shell hands curl exactly what was sent, whatever stands in
// it.
func TestShell(t *testing.T) {
	for _, hostile := range []string{"plain", "'", `"`, `\`, "$HOME", "$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "a\\\nb", "*", "-o pwned", "@/etc/passwd", "#x", "%s\\0", "åЖ日"} {
		line := oneLine(hostile)
		e := record.Exchange{
			Step: hostile, Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Method: "POST", URL: "https://b.example/" + hostile, Status: 200,
			Request: record.Message{Body: hostile, Header: []record.HeaderField{{Name: "X-Hostile", Value: hostile}, {Name: "X-Empty"}, {Name: "No Name: x", Value: "y"}, {Name: "Authorization", Value: "Bearer " + record.Redacted}}},
		}
		got, said := sends(t, script.New([]record.Exchange{e}))
		want := []string{"--request", "POST", "--url", "https://b.example/" + line, "--header", "X-Hostile: " + line, "--header", "X-Empty;", "--header", "Authorization: Bearer it's $HOME", "--data-raw", hostile}
		if strings.Join(got, "\x00") != strings.Join(want, "\x00") || !strings.Contains(said, ": 200") {
			t.Errorf("%q: got %q\n%s", hostile, got, said)
		}
	}
}

// TestShellAsksForWhatIsMissing ends before anything is sent while a variable has no
// value, and says which.
func TestShellAsksForWhatIsMissing(t *testing.T) {
	e := record.Exchange{Method: "GET", URL: "https://b.example/?password=" + record.Redacted, Status: 200}
	if got, said := sends(t, script.New([]record.Exchange{e})); got != nil || !strings.Contains(said, "password") {
		t.Errorf("sent %q: %s", got, said)
	}
}

// TestShellEndsWhereItIsAnsweredOtherwise ends with the first answer that is not as
// recorded.
func TestShellEndsWhereItIsAnsweredOtherwise(t *testing.T) {
	e := record.Exchange{Method: "GET", URL: "https://b.example/", Status: 404}
	if got, said := sends(t, script.New([]record.Exchange{e})); got != nil || !strings.Contains(said, "it was 404") {
		t.Errorf("sent %q: %s", got, said)
	}
}
