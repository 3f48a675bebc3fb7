package main

import (
	"bufio"
	"html"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The program opens a browser without telling anybody else the address that
// lets the first visitor in: not by the arguments and not by the environment of
// a process, only by a file of the person's own, which is gone once it was used.
func TestBrowserIsOpenedByAFileOfOnesOwn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a browser is put in the place of xdg-open, which is found in PATH, and /proc is read")
	}
	home, tools := t.TempDir(), t.TempDir()
	downloads, told := filepath.Join(home, "Downloads"), filepath.Join(home, "told")
	if err := os.Mkdir(downloads, 0o755); err != nil {
		t.Fatal(err)
	}
	browser := "#!/bin/sh\n{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; echo \"note $1\"; } > '" + told + ".part'\nmv '" + told + ".part' '" + told + "'\n"
	if err := os.WriteFile(filepath.Join(tools, "xdg-open"), []byte(browser), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t), "-data", filepath.Join(home, "data"), "-sandbox=false")
	cmd.Env = []string{"PATH=" + tools + ":" + os.Getenv("PATH"), "HOME=" + home, "CONSENTRY_KEYRING=off"}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	printed, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(strings.TrimSpace(printed), "token=")

	var said []byte
	eventually(t, "the browser to be started", func() bool {
		said, err = os.ReadFile(told)
		return err == nil
	})
	if token == "" || strings.Contains(string(said), token) || !strings.Contains(string(said), "HOME="+home) {
		t.Errorf("the browser was started with the token %q:\n%s", token, said)
	}
	_, note, _ := strings.Cut(string(said), "\nnote ")
	note = strings.TrimSpace(note)
	for path, mode := range map[string]os.FileMode{note: 0o600, filepath.Dir(note): os.ModeDir | 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode() != mode || !strings.HasPrefix(path, downloads) {
			t.Errorf("%s: %v, want %v in the downloads", path, err, mode)
		}
	}
	page, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`<a href="([^"]*)"`).FindSubmatch(page)
	if found == nil || html.UnescapeString(string(found[1])) != strings.TrimSpace(printed) {
		t.Fatalf("the note does not lead to %s:\n%s", printed, page)
	}

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := get(t, &http.Client{Jar: jar}, strings.TrimSpace(printed)); status != http.StatusOK {
		t.Errorf("the first visit got %d", status)
	}
	eventually(t, "the note to be taken away", func() bool {
		rest, err := os.ReadDir(downloads)
		return err == nil && len(rest) == 0
	})
	if status, _ := get(t, &http.Client{}, strings.TrimSpace(printed)); status != http.StatusUnauthorized {
		t.Errorf("the second visit got %d", status)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for started := time.Now(); !holds(); <-time.After(10 * time.Millisecond) {
		if time.Since(started) > time.Minute {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
