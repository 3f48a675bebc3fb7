package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a"
)

// usedFolder is a data folder that the program has used, with a secret in it.
func usedFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	err = store.PutEnvironment(t.Context(), storage.Environment{ID: "mine", Name: "Mine", Identity: xs2a.Identity{ClientSecret: "hush-hush-secret"}})
	if err = errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// atDatabase changes a closed database behind the program's back.
func atDatabase(statement string) func(dir string) error {
	return func(dir string) error {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, folder.Database))
		if err != nil {
			return err
		}
		_, err = db.Exec(statement)
		return errors.Join(err, db.Close())
	}
}

// contents returns what the files of a folder hold; those that locks are held by
// aside.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.HasSuffix(entry.Name(), "lock") && !strings.HasSuffix(entry.Name(), "-shm") {
			content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if len(content) > 0 {
				all[entry.Name()] = string(content)
			}
		}
	}
	return all
}

// TestNothingStartsOverSomebodysData puts data folders into every state in which the
// program cannot go on with them: it says what is wrong and what can be done, and
// leaves every byte.
func TestNothingStartsOverSomebodysData(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	key := func(text string) func(string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, folder.Key), []byte(text), 0o600) }
	}
	for name, test := range map[string]struct {
		spoil func(dir string) error
		title string
		way   string
		aside bool // the old data may be set aside
	}{
		"the key is gone":      {func(dir string) error { return os.Remove(filepath.Join(dir, folder.Key)) }, "key to your data is missing", "backup", true},
		"the key is empty":     {key(""), "key to your data is damaged", "backup", true},
		"the key is nonsense":  {key("consentry-key-1 AAAA\n"), "key to your data is damaged", "backup", true},
		"another folder's key": {key("consentry-key-1 " + strings.Repeat("A", 43) + "=\n"), "belongs to other data", "belong together", true},
		"the key is a link": {func(dir string) error {
			moved := dir + ".key"
			return errors.Join(os.Rename(filepath.Join(dir, folder.Key), moved), os.Symlink(moved, filepath.Join(dir, folder.Key)))
		}, "folder cannot be used", "a link to elsewhere", false},
		"the key is open": {func(dir string) error { return os.Chmod(filepath.Join(dir, folder.Key), 0o644) }, "Other users", "chmod 600", false},
		"the key is in no ring": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, folder.Key)), os.WriteFile(filepath.Join(dir, folder.KeyEntry), []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ\n"), 0o600))
		}, "keyring did not give", "Unlock", true},
		"a newer version's data": {atDatabase(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9001, 1); UPDATE installation SET opened_by = 'v9.1.0'`), "newer version", "Consentry v9.1.0", false},
		"the database is none": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, folder.Database), bytes.Repeat([]byte("letter "), 300), 0o600)
		}, "database with your data is damaged", "backup", true},
		"the folder is a file": {func(dir string) error { return errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600)) }, "folder cannot be used", "not a folder", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := usedFolder(t)
			if err := test.spoil(dir); err != nil {
				t.Fatal(err)
			}
			isFolder := name != "the folder is a file"
			var before map[string]string
			if isFolder {
				before = contents(t, dir)
			}
			err := run(context.Background(), []string{"serve", "-data", dir}, io.Discard, io.Discard)
			var refusal frontend.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("started, or ended with %v", err)
			}
			said := err.Error()
			for _, want := range []string{test.title, test.way, "Nothing was changed", dir} {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %q:\n%s", want, said)
				}
			}
			if offered := refusal.SetAside != nil; offered != test.aside || offered != strings.Contains(said, "set the old data aside") {
				t.Errorf("setting aside is offered: %v", offered)
			}
			if !isFolder {
				return
			}
			after := contents(t, dir)
			for file, content := range before {
				if after[file] != content {
					t.Errorf("%s was changed", file)
				}
			}
			if len(after) != len(before) {
				t.Errorf("the folder holds %d files, before %d", len(after), len(before))
			}
		})
	}
}

// TestRefusalIsSeenAndUndone double-clicks the program over data whose key is gone:
// a page says so, sets the data aside when told to, and the next start begins anew.
// Put back with their key they are there again.
func TestRefusalIsSeenAndUndone(t *testing.T) {
	path, dir := program(t), usedFolder(t)
	key := filepath.Join(dir, folder.Key)
	if err := os.Rename(key, dir+".key"); err != nil {
		t.Fatal(err)
	}
	first, cmd := started(t, path, "-data", dir)
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	place := ""
	browser.CheckRedirect = func(to *http.Request, _ []*http.Request) error { place = to.URL.String(); return nil }
	status, body := get(t, browser, first)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "The key to your data is missing.") || !strings.Contains(body, "backup") {
		t.Fatalf("%d\n%s", status, body)
	}
	if status, _ := get(t, &http.Client{}, first); status != http.StatusUnauthorized {
		t.Errorf("another browser gets %d", status)
	}
	post := func(action string) string {
		res, err := browser.Post(strings.TrimSuffix(place, "/")+action, "application/x-www-form-urlencoded", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v\n%s", action, res.Status, err, body)
		}
		return string(body)
	}
	if body := post("/set-aside"); !strings.Contains(body, "set-aside-") || !strings.Contains(body, "Nothing was deleted") {
		t.Errorf("%s", body)
	}
	if body := post("/set-aside"); !strings.Contains(body, "set-aside-") { // as after the browser's Back
		t.Errorf("the second time: %s", body)
	}
	if status, body := get(t, browser, place); status != http.StatusOK || !strings.Contains(body, "set-aside-") {
		t.Errorf("afterwards: %d\n%s", status, body)
	}
	post("/end")
	var failed *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &failed) || failed.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	again, cmd := start(t, path, "serve", "-data", dir)
	jar, _ = cookiejar.New(nil)
	if status, body := get(t, &http.Client{Jar: jar}, again); status != http.StatusOK || !strings.Contains(body, "Link a bank") {
		t.Errorf("a new beginning: %d\n%.300s", status, body)
	}
	cmd.Process.Kill()
	cmd.Wait()

	aside, err := filepath.Glob(filepath.Join(dir, "set-aside-*"))
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside: %v, %v", aside, err)
	}
	if err := os.Rename(dir+".key", filepath.Join(aside[0], folder.Key)); err != nil {
		t.Fatal(err)
	}
	back, err := secret.LoadWithoutKeyring(aside[0], slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), aside[0], back, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if e, err := store.Environment(t.Context(), "mine"); err != nil || e.ClientSecret != "hush-hush-secret" {
		t.Errorf("the old data hold %q, %v", e.ClientSecret, err)
	}
}

// TestDataThatOpenAreNotSetAside puts the key back while the page still offers to set
// the data aside: they are left where they are.
func TestDataThatOpenAreNotSetAside(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := usedFolder(t)
	key := filepath.Join(dir, folder.Key)
	if err := os.Rename(key, dir+".key"); err != nil {
		t.Fatal(err)
	}
	_, _, err := openData(t.Context(), dir, slog.New(slog.DiscardHandler), neverUnlocked, 0, func(storage.Progress) {})
	var refusal frontend.Refusal
	if !errors.As(err, &refusal) || refusal.SetAside == nil {
		t.Fatalf("got %v", err)
	}
	if err := os.Rename(dir+".key", key); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	if aside, err := refusal.SetAside(); !errors.Is(err, frontend.ErrOpens) {
		t.Errorf("set aside: %q, %v", aside, err)
	}
	if after := contents(t, dir); len(after) != len(before) || after[folder.Key] != before[folder.Key] {
		t.Error("something was moved")
	}
}

// started is start on a machine without a browser to be opened.
func started(t *testing.T, path string, args ...string) (first string, cmd *exec.Cmd) {
	t.Helper()
	t.Setenv("PATH", t.TempDir())
	return start(t, path, args...)
}

// TestDamagedPracticeBanksKeepNobodyOut starts the program whatever is wrong with
// the practice banks' file, and says so on the first screen.
func TestDamagedPracticeBanksKeepNobodyOut(t *testing.T) {
	path := program(t)
	for name, test := range map[string]struct{ text, said string }{
		"damaged":      {`{"Seed":1,`, "started anew"},
		"another seed": {`{"Seed":7,"Key":"k"}`, "did not start"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, folder.State), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			first, _ := start(t, path, "serve", "-data", dir)
			jar, _ := cookiejar.New(nil)
			browser := &http.Client{Jar: jar}
			at := home(t, browser, first)
			if status, body := get(t, browser, at+"/"); status != http.StatusOK || !strings.Contains(body, test.said) || !strings.Contains(body, "Your own accounts work as ever") {
				t.Errorf("%d\n%s", status, body)
			}
			if status, body := get(t, browser, at+"/settings"); status != http.StatusOK || !strings.Contains(body, test.said) {
				t.Errorf("the settings do not say it: %d", status)
			}
		})
	}
}

// TestFilesAreClosedWhateverTheUmask runs the program where everything made is open
// to everybody unless somebody takes care.
func TestFilesAreClosedWhateverTheUmask(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell that sets a umask")
	}
	path, dir := program(t), filepath.Join(t.TempDir(), "above", "data")
	first, _ := start(t, shell, "-c", `umask 0; exec "$0" serve -data "$1"`, path, dir)
	jar, _ := cookiejar.New(nil)
	get(t, &http.Client{Jar: jar}, first)
	found := 0
	err = filepath.WalkDir(filepath.Dir(dir), func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		found++
		return err
	})
	if err != nil || found < 8 {
		t.Errorf("looked at %d files, %v", found, err)
	}
}

// TestCommandIsWaitedFor opens data that a command has as soon as that has ended, and tells at once that they are in use where
// nobody waits.
func TestCommandIsWaitedFor(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir, log := usedFolder(t), slog.New(slog.DiscardHandler)
	open := func(patience time.Duration) (*storage.Store, error) {
		store, _, err := openData(t.Context(), dir, log, neverUnlocked, patience, func(storage.Progress) {})
		return store, err
	}
	command, err := open(0)
	if err != nil {
		t.Fatal(err)
	}
	var refusal frontend.Refusal
	if _, err := open(0); !errors.As(err, &refusal) || refusal.Kind != frontend.FolderInUse {
		t.Errorf("where nobody waits: %v", err)
	}
	opened := make(chan error)
	go func() {
		store, err := open(time.Minute)
		if err == nil {
			err = store.Close()
		}
		opened <- err
	}()
	if err := command.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Error(err)
	}
}
