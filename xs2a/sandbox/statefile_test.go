package sandbox

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDamagedStateIsSetAside starts banks on files that no program of ours has
// saved: each lies beside the new one as it was, and the log says so.
func TestDamagedStateIsSetAside(t *testing.T) {
	at := time.Date(2026, 11, 27, 17, 15, 0, 0, time.UTC)
	for name, damage := range map[string]string{
		"nothing in it":          "",
		"not JSON":               "\x00\x00\x00\x00",
		"cut off":                `{"Seed":1,"Key":"k","Consents":{"a":{"ID":`,
		"followed by more":       `{"Seed":1,"Key":"k"}{"Seed":1}`,
		"another kind of JSON":   `["Seed",1]`,
		"text instead of a list": `{"Seed":1,"Key":"k","Consents":"none"}`,
		"no key":                 `{"Seed":1,"Key":""}`,
		"no consents at all":     `{"Seed":1,"Key":"k","Consents":null}`,
		"an empty consent":       `{"Seed":1,"Key":"k","Consents":{"a":null}}`,
		"a broken certificate":   `{"Seed":1,"Key":"k","Vault":{"TPP":"p","Server":"s","ServerKey":"k"}}`,
		"an empty token":         `{"Seed":1,"Key":"k","Tokens":{"a":null}}`,
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "sandbox.json")
			var log bytes.Buffer
			for range 2 { // what was set aside before is not overwritten
				write(t, file, damage)
				banks, err := New(Config{Seed: 1, State: file, Now: func() time.Time { return at }, Log: slog.New(slog.NewTextHandler(&log, nil))})
				if err != nil {
					t.Fatal(err)
				}
				at = at.Add(time.Nanosecond)
				if kept, err := os.ReadFile(banks.aside); err != nil || string(kept) != damage {
					t.Errorf("%s holds %q, %v", banks.aside, kept, err)
				}
				if !strings.Contains(log.String(), banks.aside) {
					t.Errorf("the log does not name %s: %s", banks.aside, log.String())
				}
				again, err := New(Config{Seed: 1, State: file})
				if err != nil || again.aside != "" || again.state.Key != banks.state.Key {
					t.Errorf("the new file was not taken: %v", err)
				}
			}
			if aside, _ := filepath.Glob(file + ".damaged-2026-11-27-171500*"); len(aside) != 2 {
				t.Errorf("set aside: %v", aside)
			}
		})
	}
}

// TestSavedStateIsNotDamage takes what a sandbox has saved, also one of a version
// that knew fewer things.
func TestSavedStateIsNotDamage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.json")
	write(t, file, `{"Seed":1,"Key":"k","Consents":{}}`)
	for range 2 {
		banks, err := New(Config{Seed: 1, State: file})
		if err != nil || banks.aside != "" || banks.state.Key != "k" {
			t.Errorf("set aside to %q, %v", banks.aside, err)
		}
	}
	if _, err := New(Config{Seed: 2, State: file}); err == nil || !strings.Contains(err.Error(), "belongs to seed 1") {
		t.Errorf("another seed: %v", err)
	}
}

// TestLeftoversOfAKillAreDropped removes files of our own name alone.
func TestLeftoversOfAKillAreDropped(t *testing.T) {
	dir := t.TempDir()
	gone := []string{"sandbox.json.1", "sandbox.json.3014567890"}
	kept := []string{"sandbox.json", "sandbox.json.bak", "sandbox.json.12a", "sandbox.json.", "sandbox.json.damaged-2026-11-27-171500", "other.json.12", "sandbox.json.12.34"}
	for _, name := range append(gone, kept...) {
		write(t, filepath.Join(dir, name), `{"Seed":1,"Key":"k"}`)
	}
	if err := os.Mkdir(filepath.Join(dir, "sandbox.json.77"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("other.json.12", filepath.Join(dir, "sandbox.json.78")); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Seed: 1, State: filepath.Join(dir, "sandbox.json")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range gone {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range append(kept, "sandbox.json.77", "sandbox.json.78") {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s was removed", name)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), fs.FileMode(0o600)); err != nil {
		t.Fatal(err)
	}
}
