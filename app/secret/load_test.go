package secret

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// memory is a keyring that behaves, in the test's own memory.
func memory() *ring {
	var entries sync.Map
	return &ring{
		set: func(service, account, value string) error { entries.Store(service+"/"+account, value); return nil },
		get: func(service, account string) (string, error) {
			value, found := entries.Load(service + "/" + account)
			if !found {
				return "", errors.New("no such entry")
			}
			return value.(string), nil
		},
		del: func(service, account string) error { entries.Delete(service + "/" + account); return nil },
	}
}

func with(dir string, r *ring) loader {
	return loader{dir: dir, log: slog.New(slog.DiscardHandler), ring: r, create: 50 * time.Millisecond, read: 50 * time.Millisecond,
		cost: cost{memory: 8 << 10, passes: 1, threads: 1}, now: time.Now, at: func(string) {}}
}

func mustLoad(t *testing.T, l loader) *Box {
	t.Helper()
	box, err := l.load()
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// sameKey fails the test unless what one box seals the other opens.
func sameKey(t *testing.T, one, other *Box) {
	t.Helper()
	if plain, err := other.Open("c", one.Seal("c", []byte("plain"))); err != nil || string(plain) != "plain" {
		t.Errorf("the two have different keys: %q, %v", plain, err)
	}
}

func TestLoadFile(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := filepath.Join(t.TempDir(), "data")
	first, err := Load(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Load(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	sameKey(t, first, second)
	if want := filepath.Join(dir, keyFile); first.Source() != want || second.Source() != want {
		t.Errorf("the key lies in %q, then %q; want %q", first.Source(), second.Source(), want)
	}
	if runtime.GOOS != "windows" {
		for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, keyFile): 0o600} {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s has mode %v, %v; want %v", path, info.Mode().Perm(), err, want)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); left != nil {
		t.Errorf("temporary files were left: %v", left)
	}
}

func TestLoadRefusesAnOpenKeyFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no such mode")
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o601, 0o666} {
		dir := t.TempDir()
		mustLoad(t, with(dir, nil))
		path := filepath.Join(dir, keyFile)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := with(dir, nil).load(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
}

func TestLoadRefusesDamage(t *testing.T) {
	for _, name := range []string{keyFile, accountFile} {
		for _, text := range []string{"", "\n", "garbage", strings.Repeat("A", 10_000), keyPrefix + "AAAA\n"} {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := with(dir, memory()).load(); err == nil || !strings.Contains(err.Error(), "damaged") {
				t.Errorf("%s with %.20q: %v", name, text, err)
			}
			if after, _ := os.ReadFile(path); string(after) != text {
				t.Errorf("%s with %.20q was overwritten", name, text)
			}
		}
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := with(dir, memory()).load(); err == nil {
			t.Errorf("%s as a directory was taken", name)
		}
	}
}

func TestLoadKeyring(t *testing.T) {
	keys := memory()
	dir, another := t.TempDir(), t.TempDir()
	box := mustLoad(t, with(dir, keys))
	if box.Source() != keyringSource {
		t.Errorf("the key lies in %q", box.Source())
	}
	if _, err := os.Stat(filepath.Join(dir, keyFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key file was written too: %v", err)
	}
	sameKey(t, box, mustLoad(t, with(dir, keys)))
	if _, err := mustLoad(t, with(another, keys)).Open("c", box.Seal("c", nil)); !errors.Is(err, ErrOpen) {
		t.Error("two data directories have the same key")
	}
}

func TestLoadFileWinsOverKeyring(t *testing.T) {
	dir := t.TempDir()
	box := mustLoad(t, with(dir, nil))
	again := mustLoad(t, with(dir, memory()))
	sameKey(t, box, again)
	if again.Source() != filepath.Join(dir, keyFile) {
		t.Errorf("the key lies in %q", again.Source())
	}
}

// A keyring that does not work is passed over on the first start.
func TestLoadUnusableKeyring(t *testing.T) {
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	hang := func() error { <-never; return errors.New("too late") }
	for name, unusable := range map[string]*ring{
		"refuses":            {set: func(_, _, _ string) error { return errors.New("no") }},
		"does not answer":    {set: func(_, _, _ string) error { return hang() }},
		"forgets":            {set: func(_, _, _ string) error { return nil }, get: memory().get},
		"changes":            {set: func(_, _, _ string) error { return nil }, get: func(_, _ string) (string, error) { return encodeKey(make([]byte, 32)), nil }},
		"answers with bytes": {set: func(_, _, _ string) error { return nil }, get: func(_, _ string) (string, error) { return "\x00", nil }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			box := mustLoad(t, with(dir, unusable))
			if box.Source() != filepath.Join(dir, keyFile) {
				t.Errorf("the key lies in %q", box.Source())
			}
			if _, err := os.Stat(filepath.Join(dir, accountFile)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the directory points to a keyring that does not work: %v", err)
			}
			sameKey(t, box, mustLoad(t, with(dir, memory())))
		})
	}
}

// A key that lies in the keyring is never replaced because the keyring is away.
func TestLoadUnreachableKey(t *testing.T) {
	keys, never := memory(), make(chan struct{})
	t.Cleanup(func() { close(never) })
	dir := t.TempDir()
	box := mustLoad(t, with(dir, keys))
	before, _ := filepath.Glob(filepath.Join(dir, "*"))
	for name, away := range map[string]*ring{
		"switched off":    nil,
		"entry gone":      memory(),
		"does not answer": {get: func(_, _ string) (string, error) { <-never; return "", nil }},
		"damaged":         {get: func(_, _ string) (string, error) { return keyPrefix, nil }},
	} {
		if _, err := with(dir, away).load(); !errors.Is(err, ErrKeyring) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := filepath.Glob(filepath.Join(dir, "*")); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("the directory holds %v, before %v", after, before)
	}
	sameKey(t, box, mustLoad(t, with(dir, keys)))
}

// TestLoadAtOnce starts several processes on one fresh directory: whoever comes first makes the key, all have the same.
func TestLoadAtOnce(t *testing.T) {
	if dir := os.Getenv("CONSENTRY_TEST_LOAD"); dir != "" {
		sealInChild(t, dir)
		return
	}
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := t.TempDir()
	const processes = 8
	outputs := make([]bytes.Buffer, processes)
	children := make([]*exec.Cmd, processes)
	for i := range children {
		children[i] = exec.Command(os.Args[0], "-test.run=^TestLoadAtOnce$", "-test.v")
		children[i].Env = append(os.Environ(), "CONSENTRY_TEST_LOAD="+dir)
		children[i].Stdout, children[i].Stderr = &outputs[i], &outputs[i]
		if err := children[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	for i, child := range children {
		if err := child.Wait(); err != nil {
			t.Fatalf("%v: %s", err, &outputs[i])
		}
	}
	box := mustLoad(t, with(dir, nil))
	for i := range outputs {
		_, rest, _ := strings.Cut(outputs[i].String(), "sealed ")
		sealed, err := hex.DecodeString(strings.TrimSpace(strings.SplitN(rest, "\n", 2)[0]))
		if err != nil {
			t.Fatalf("%v in %s", err, &outputs[i])
		}
		if plain, err := box.Open("child", sealed); err != nil || string(plain) != "by a child" {
			t.Errorf("child %d had another key: %v", i, err)
		}
	}
}

func sealInChild(t *testing.T, dir string) {
	box, err := Load(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("sealed " + hex.EncodeToString(box.Seal("child", []byte("by a child"))) + "\n")
}
