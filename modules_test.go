package main_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// goMod is what matters here of a go.mod file.
type goMod struct {
	Require []struct{ Path, Version string }
}

// TestSQLiteHasItsLibc holds the C library to the version the database was made
// and tested with: its maintainers ask for that very one, and another library
// that asks for a newer one would move it (gitlab.com/cznic/sqlite, README).
func TestSQLiteHasItsLibc(t *testing.T) {
	const sqlite, libc = "modernc.org/sqlite", "modernc.org/libc"
	wanted := ""
	for _, each := range readGoMod(t, output(t, "list", "-m", "-f", "{{.GoMod}}", sqlite)).Require {
		if each.Path == libc {
			wanted = each.Version
		}
	}
	used := output(t, "list", "-m", "-f", "{{with .Replace}}{{.Path}} {{.Version}}{{else}}{{.Path}} {{.Version}}{{end}}", libc)
	if wanted == "" || used != libc+" "+wanted {
		t.Errorf("%s asks for %s %q, and %q is used: set the replace in go.mod", sqlite, libc, wanted, used)
	}
}

// TestNothingIsArchived keeps what is not kept up any more out of what is
// required directly.
func TestNothingIsArchived(t *testing.T) {
	for _, each := range readGoMod(t, "go.mod").Require {
		if strings.HasPrefix(each.Path, "gopkg.in/yaml") {
			t.Errorf("%s is archived; go.yaml.in/yaml/v4 goes on with it", each.Path)
		}
	}
}

func readGoMod(t *testing.T, path string) (read goMod) {
	t.Helper()
	if err := json.Unmarshal([]byte(output(t, "mod", "edit", "-json", path)), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// output is what the go command says. It asks nobody: what it needs lies in
// the module cache of whoever could build this.
func output(t *testing.T, arguments ...string) string {
	t.Helper()
	command := exec.Command("go", arguments...)
	command.Env = append(command.Environ(), "GOPROXY=off")
	said, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(arguments, " "), err)
	}
	return strings.TrimSpace(string(said))
}
