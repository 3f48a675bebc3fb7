package shell

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// atHome gives the test a home of its own, and this test's program a place that stays.
func atHome(t *testing.T) (entryOf func(Login) string) {
	t.Helper()
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("TMPDIR", filepath.Join(config, "tmp"))
	return func(l Login) string { return filepath.Join(config, "autostart", l.name()+".desktop") }
}

// TestLogin writes what starts the program, and removes it; what is said of it is what is there.
func TestLogin(t *testing.T) {
	entryOf := atHome(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, login := range map[string]Login{
		"usual folder": {}, "folder of its own": {Data: "/home/åsa/my \"data\" $HOME `x` 100% \\new"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := login.State(); got.Kind != LoginOff || got.Entry != "" || got.Program != self {
				t.Fatalf("before: %+v", got)
			}
			if err := login.Set(true); err != nil {
				t.Fatal(err)
			}
			if got := login.State(); got.Kind != LoginOn || got.Entry != entryOf(login) {
				t.Errorf("chosen: %+v", got)
			}
			info, err := os.Stat(entryOf(login))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the entry: %v, %v", info, err)
			}
			if login.Data != "" && (Login{}).State().Kind != LoginOff {
				t.Error("another folder's program is started, too")
			}
			for range 2 {
				if err := login.Set(false); err != nil {
					t.Fatal(err)
				}
			}
			if got := login.State(); got.Kind != LoginOff {
				t.Errorf("taken back: %+v", got)
			}
		})
	}
}

// TestLoginTellsTheTruth says what became of the entry outside of the program.
func TestLoginTellsTheTruth(t *testing.T) {
	entryOf := atHome(t)
	login := Login{}
	if err := login.Set(true); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(entryOf(login))
	if err != nil {
		t.Fatal(err)
	}
	exec := "\nExec=" + execOfCommand([]string{os.Args[0]})
	for name, c := range map[string]struct {
		content string
		want    LoginKind
	}{
		"switched off by GNOME":         {strings.Replace(string(whole), "enabled=true", "enabled=false", 1), LoginDisabled},
		"hidden":                        {string(whole) + "Hidden=true\n", LoginDisabled},
		"another program":               {"[Desktop Entry]\nExec=/bin/true --flag\n", LoginOther},
		"other options":                 {"[Desktop Entry]" + exec + " -v\n", LoginOther},
		"a program that is gone":        {"[Desktop Entry]\nExec=\"/opt/old/consentry\" -background\n", LoginGone},
		"what stands in another group":  {string(whole) + "[Desktop Action x]\nHidden=true\nExec=/bin/true\n", LoginOn},
		"a comment, and spaces":         {"# mine\n" + strings.ReplaceAll(string(whole), "=", " = "), LoginOn},
		"emptied":                       {"", LoginOther},
		"not of a desktop entry at all": {"\x00\xff[[[", LoginOther},
	} {
		if err := os.WriteFile(entryOf(login), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := login.State(); got.Kind != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if err := os.Remove(entryOf(login)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(entryOf(login), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := login.State(); got.Kind != LoginUnknown || got.Detail == "" {
		t.Errorf("a folder in its place: %+v", got)
	}
	if err := login.Set(true); err == nil {
		t.Error("nothing was written, and nothing is said")
	}
}

// TestLoginRefuses starts nothing that will be gone, and writes nothing that means something else.
func TestLoginRefuses(t *testing.T) {
	entryOf := atHome(t)
	t.Setenv("TMPDIR", filepath.Dir(filepath.Dir(os.Args[0])))
	if got := (Login{}).State(); got.Kind != LoginNever {
		t.Errorf("a program that lies among temporary files: %+v", got)
	}
	if err := (Login{}).Set(true); err == nil {
		t.Error("it is started all the same")
	}
	t.Setenv("TMPDIR", "/nowhere")
	if err := (Login{Data: "/home/x\nExec=/bin/sh"}).Set(true); err == nil {
		t.Error("a folder writes a line of its own")
	}
	if written, _ := filepath.Glob(filepath.Join(filepath.Dir(entryOf(Login{})), "*")); len(written) > 0 {
		t.Errorf("written: %q", written)
	}
}

// TestExec writes commands so that they are read as they were.
func TestExec(t *testing.T) {
	for _, command := range [][]string{
		{"/usr/bin/consentry", "-background"}, {"/a b/c", "", "x"}, {`\`, `\\`, `"`, "`", "$", "%", "%U", `\"`, "ა ბ"}, {"trailing\\"},
	} {
		if got := commandOfExec(execOfCommand(command)); !slices.Equal(got, command) {
			t.Errorf("%q became %q, by %s", command, got, execOfCommand(command))
		}
	}
	for exec, want := range map[string][]string{
		"consentry %U": {"consentry"}, "  a   b ": {"a", "b"}, "": nil, `"unended`: {"unended"},
	} {
		if got := commandOfExec(exec); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", exec, got, want)
		}
	}
}
