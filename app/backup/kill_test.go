package backup

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage"
)

// What tells the test binary to be the program that is killed: at what, in which folder, with which file, and at which step.
const killedAt = "CONSENTRY_TEST_BACKUP"

// acts are what is killed.
var acts = map[string]func(t *testing.T, f *Folder, file string) error{
	"write": func(t *testing.T, f *Folder, file string) error {
		key, err := secret.Load(f.dir, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		store, err := storage.Open(t.Context(), f.dir, key, time.Now)
		if err != nil {
			return err
		}
		defer store.Close()
		return f.WriteFile(t.Context(), file, true, passphrase, Source{Store: store, Key: key})
	},
	"restore": func(t *testing.T, f *Folder, file string) error {
		from, err := os.Open(file)
		if err != nil {
			return err
		}
		defer from.Close()
		if _, err := f.Unpack(t.Context(), from, passphrase); err != nil {
			return err
		}
		if err := f.Accept(); err != nil {
			return err
		}
		return f.finish()
	},
}

// killed carries an act out in a process of its own that is killed with SIGKILL at a step; it reports at which, and empty
// where the act was done before.
func killed(t *testing.T, act, dir, file string, step int) (at string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), killedAt+"="+strings.Join([]string{act, dir, file, fmt.Sprint(step)}, "|"))
	out, err := child.CombinedOutput()
	if err != nil && strings.Contains(string(out), "FAIL") {
		t.Fatalf("%s, step %d: %v\n%s", act, step, err, out)
	}
	if err == nil {
		return ""
	}
	_, at, _ = strings.Cut(strings.TrimSpace(string(out)), "killed at ")
	return at
}

func actUntilKilled(t *testing.T, told []string) {
	f := quietly(told[1])
	step := 0
	f.at = func(name string) {
		if fmt.Sprint(step) == told[3] {
			fmt.Println("killed at", name)
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				self.Kill()
			}
			select {}
		}
		step++
	}
	if err := acts[told[0]](t, f, told[2]); err != nil {
		t.Fatal(err)
	}
}

// TestKilled kills a process at each step of writing a backup and of bringing one back. Under the name of a backup there is
// always a whole one; the folder opens with the data of before or with those of the backup, and the others are set aside
// whole then.
func TestKilled(t *testing.T) {
	if told := os.Getenv(killedAt); told != "" {
		actUntilKilled(t, strings.Split(told, "|"))
		return
	}
	w := newWorld(t)
	file := filepath.Join(t.TempDir(), "my"+Extension)
	w.must(os.WriteFile(file, w.made(), 0o600))
	w.must(w.store.Close())
	for step := 0; ; step++ {
		at := killed(t, "write", w.dir, file, step)
		content, err := os.ReadFile(file)
		w.must(err)
		if !opensWhole(t, content) {
			t.Errorf("killed at %q while it was written: the file is not whole", at)
		}
		w.must(w.finish())
		if left := names(t, w.dir); slices.ContainsFunc(left, func(name string) bool { return strings.HasPrefix(name, "copy.db") }) {
			t.Errorf("killed at %q while it was written: left %v", at, left)
		}
		if at == "" {
			break
		}
		t.Log("written, killed at", at)
	}
	w.killedInRestore(file, func(f *Folder, check func(*Folder)) {
		w.must(f.finish())
		check(f)
	})
}

// TestJourneyKilledTwice breaks the start off, too, that follows a restore that was killed: at each step in turn.
func TestJourneyKilledTwice(t *testing.T) {
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" {
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
	w := newWorld(t)
	file := filepath.Join(t.TempDir(), "my"+Extension)
	w.must(os.WriteFile(file, w.made(), 0o600))
	w.killedInRestore(file, func(f *Folder, check func(*Folder)) {
		for again, broken := 0, true; broken; again++ {
			on := quietly(copied(t, f.dir))
			broken = brokenOff(on, again)
			w.must(on.finish())
			check(on)
		}
	})
}

// killedInRestore kills a process at each step of a restore, and has the folder gone on with.
func (w *world) killedInRestore(file string, goOn func(f *Folder, check func(*Folder))) {
	w.Helper()
	for step := 0; ; step++ {
		f := elsewhere(w.T)
		at := killed(w.T, "restore", f.dir, file, step)
		accepted := strings.HasPrefix(at, "aside") || strings.HasPrefix(at, "in ") || at == "ready" || at == "moving" || at == ""
		goOn(f, func(on *Folder) { w.restored(on, at, accepted) })
		if at == "" {
			return
		}
		w.Log("restored, killed at", at)
	}
}

// restored looks at a folder in which restoring was broken off at a step and gone on with.
func (w *world) restored(f *Folder, at string, accepted bool) {
	w.Helper()
	want, aside := "what was there", ""
	if accepted {
		done, _ := f.Restored()
		want, aside = "in the backup", done.Aside
	}
	if got := kept(w.T, f.dir); got != want {
		w.Errorf("killed at %q: the data are %q", at, got)
	}
	if accepted && kept(w.T, f.path(aside)) != "what was there" {
		w.Errorf("killed at %q: what was there is lost", at)
	}
	for _, name := range names(w.T, f.dir) {
		if name == staging || !accepted && strings.HasPrefix(name, "set-aside") {
			w.Errorf("killed at %q: left %s", at, name)
		}
	}
}

// brokenOff goes on as the next start does, which ends at a step, too; it reports whether there was such a step.
func brokenOff(f *Folder, at int) (broken bool) {
	type end struct{}
	defer func() {
		f.at = func(string) {}
		if recover() != nil {
			broken = true
		}
	}()
	step := 0
	f.at = func(string) {
		if step == at {
			panic(end{})
		}
		step++
	}
	_ = f.finish() // what it fails with is told by the next
	return false
}

// copied is a copy of a folder.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func opensWhole(t *testing.T, content []byte) bool {
	t.Helper()
	_, err := elsewhere(t).Unpack(t.Context(), strings.NewReader(string(content)), passphrase)
	return err == nil
}
