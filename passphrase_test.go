package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"consentry/app/profile"
	"consentry/app/secret"
	"consentry/storage/folder"
)

const testPassphrase = "eight letters"

// protectedFolder is a data folder that the program has used, with a passphrase.
func protectedFolder(t *testing.T) string {
	t.Helper()
	dir := usedFolder(t)
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err == nil {
		err = key.Protect([]byte(testPassphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// handed are the files whose descriptors were handed to a command, which closes them: the collector must not do it again.
var handed []*os.File

// said is a file descriptor from which something is read.
func said(t *testing.T, text string) (fd string) {
	t.Helper()
	read, write, err := os.Pipe()
	if err == nil {
		_, err = write.WriteString(text)
	}
	if err = errors.Join(err, write.Close()); err != nil {
		t.Fatal(err)
	}
	handed = append(handed, read)
	return fmt.Sprint(read.Fd())
}

// TestCommandsAskForThePassphrase runs each command on data that a passphrase protects: it is read from a file descriptor, a
// wrong one and none are told by the code, and nothing of it stands in what is printed.
func TestCommandsAskForThePassphrase(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir := protectedFolder(t)
	for name, args := range map[string][]string{
		"update": {"update", "-sandbox=false"},
		"check":  {"check", "mine", "-sandbox=false"},
		"export": {"export", "-out", t.TempDir()},
	} {
		for passphrase, opens := range map[string]bool{testPassphrase + "\n": true, testPassphrase: true, "another one": false, "": false} {
			var out bytes.Buffer
			err := run(context.Background(), append(args, "-data", dir, "-passphrase-fd", said(t, passphrase)), &out, &out)
			if locked := exitCode(err) == exitLocked; locked == opens && err != nil || !opens && err == nil {
				t.Errorf("%s with %q: %v", name, passphrase, err)
			}
			if strings.Contains(out.String(), testPassphrase) || err != nil && strings.Contains(err.Error(), testPassphrase) {
				t.Errorf("%s says the passphrase: %v %s", name, err, &out)
			}
			os.Remove(filepath.Join(dir, "passphrase-tries")) // each is the first
		}
		if err := run(context.Background(), append(args, "-data", dir), &bytes.Buffer{}, &bytes.Buffer{}); exitCode(err) != exitLocked || !strings.Contains(err.Error(), "-passphrase-fd") {
			t.Errorf("%s with nobody to ask: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, folder.Key)); !errors.Is(err, os.ErrNotExist) {
		t.Error("a plain key was left")
	}
}

// A command finds the data of a profile by its name.
func TestCommandOfAProfile(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	root := usedFolder(t)
	p, err := profile.At(root).Add("Ingrid", "Astrid")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": root, "astrid": root, "INGRID": p.Folder, p.ID: p.Folder} {
		if got, err := (access{whose: name}).folder(root); err != nil || got != want {
			t.Errorf("%q lies in %s, %v", name, got, err)
		}
	}
	if err := run(context.Background(), []string{"update", "-data", root, "-profile", "Olle"}, &bytes.Buffer{}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), `there is no profile "Olle"`) {
		t.Error(err)
	}
}
