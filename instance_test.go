package main

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/gofrs/flock"

	"consentry/storage/folder"
)

// another is a second start on a data folder: what it printed, and how it ended.
type another struct {
	out, log string
	code     int
}

// again starts the program once more with a browser of the test's, and waits until it has ended.
func again(t *testing.T, environment []string, args ...string) another {
	t.Helper()
	cmd := exec.Command(program(t), args...)
	cmd.Env = append(append(os.Environ(), "CONSENTRY_KEYRING=off"), environment...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	err := waitFor(t, cmd)
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return another{out.String(), log.String(), cmd.ProcessState.ExitCode()}
}

// browserOf returns an environment in which a browser goes to what it is told to open, and where that is written.
func browserOf(t *testing.T) (environment []string, visited string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("a browser is put in the place of xdg-open, which is found in PATH")
	}
	home, tools := t.TempDir(), t.TempDir()
	visited = filepath.Join(home, "visited")
	script := "#!/bin/sh\ncat \"$1\" > '" + visited + ".part'\nmv '" + visited + ".part' '" + visited + "'\n"
	if err := os.WriteFile(filepath.Join(tools, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"PATH=" + tools + ":" + os.Getenv("PATH"), "HOME=" + home, "XDG_CONFIG_HOME="}, visited
}

// letIn visits an address with a browser of its own and returns the status.
func letIn(t *testing.T, address string) int {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	status, _ := get(t, &http.Client{Jar: jar}, address)
	return status
}

// TestComingBack has a program that runs found again, by a second start and by "consentry open", and a program that was
// killed leave nothing behind that keeps the next from starting.
func TestComingBack(t *testing.T) {
	dir, path := t.TempDir(), program(t)
	if got := again(t, nil, "open", "-data", dir); got.code != exitNothing || !strings.Contains(got.log, "none runs") || !strings.Contains(got.log, fmt.Sprintf("consentry -data %q", dir)) {
		t.Errorf("where none runs: %+v", got)
	}
	first, cmd := start(t, path, "serve", "-sandbox=false", "-data", dir)
	if status := letIn(t, first); status != http.StatusOK {
		t.Fatalf("the first visit got %d", status)
	}
	printed := again(t, nil, "open", "-print", "-data", dir)
	address := strings.TrimSpace(printed.out)
	if printed.code != 0 || address == first {
		t.Fatalf("open -print: %+v", printed)
	}
	if here, there := letIn(t, address), letIn(t, address); here != http.StatusOK || there != http.StatusUnauthorized {
		t.Errorf("its visits got %d and %d", here, there)
	}
	if got := again(t, nil, "serve", "-data", dir); got.code != exitFailed || !strings.Contains(got.log, "consentry open") {
		t.Errorf("a second serve: %+v", got)
	}

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // a killed process always "fails"
	if _, err := os.Stat(filepath.Join(dir, folder.Instance)); err != nil {
		t.Fatalf("a kill is to leave the file: %v", err)
	}
	if got := again(t, nil, "open", "-data", dir); got.code != exitNothing {
		t.Errorf("after a kill: %+v", got)
	}
	next, cmd := start(t, path, "serve", "-sandbox=false", "-data", dir)
	if got := again(t, nil, "open", "-print", "-data", dir); got.code != 0 || !strings.HasPrefix(got.out, next[:strings.Index(next, "/start")]) {
		t.Errorf("after the next start: %+v, which is at %s", got, next)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := waitFor(t, cmd); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, folder.Instance)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file of a program that has ended: %v", err)
	}
}

// TestSecondStartOpensTheBrowser opens the browser at a new address of what runs, by a note of the person's own, and ends;
// what it was told beyond that, it says to hold later.
func TestSecondStartOpensTheBrowser(t *testing.T) {
	environment, visited := browserOf(t)
	dir := t.TempDir()
	first, _ := start(t, program(t), "serve", "-sandbox=false", "-data", dir)
	for _, args := range [][]string{{"-data", dir, "-seed", "2"}, {"open", "-data", dir}} {
		done := make(chan another)
		go func() { done <- again(t, environment, args...) }()
		var note []byte
		eventually(t, "the browser to be started", func() (there bool) {
			var err error
			note, err = os.ReadFile(visited)
			return err == nil
		})
		found := regexp.MustCompile(`<a href="([^"]*)"`).FindSubmatch(note)
		if found == nil {
			t.Fatalf("no address in %s", note)
		}
		address := html.UnescapeString(string(found[1]))
		if address == first || letIn(t, address) != http.StatusOK {
			t.Errorf("%v led to %s", args, address)
		}
		got := <-done
		if got.code != 0 || got.out != "" || strings.Contains(got.log, "token=") || strings.Contains(got.log, "-seed") != (args[0] != "open") {
			t.Errorf("%v: %+v", args, got)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(visited), "consentry-open-*")); len(left) > 0 {
			t.Errorf("%v left %q", args, left)
		}
		if err := os.Remove(visited); err != nil {
			t.Fatal(err)
		}
	}
	if got := again(t, nil, "-background", "-data", dir); got.code != 0 || got.out != "" || !strings.Contains(got.log, "runs already") {
		t.Errorf("a start in the background beside it: %+v", got)
	}
	none := append([]string{}, environment...)
	none[0] = "PATH=" + t.TempDir()
	if got := again(t, none, "-data", dir); got.code != exitFailed || letIn(t, strings.TrimSpace(got.out)) != http.StatusOK {
		t.Errorf("without a browser: %+v", got)
	}
}

// TestBackground starts the program without a person: nothing is printed or opened, and "consentry open" lets them in.
func TestBackground(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(program(t), "-background", "-sandbox=false", "-data", dir)
	cmd.Env = append(os.Environ(), "CONSENTRY_KEYRING=off", "PATH=")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var got another
	eventually(t, "the program to be there", func() bool {
		got = again(t, nil, "open", "-print", "-data", dir)
		return got.code == 0
	})
	if status := letIn(t, strings.TrimSpace(got.out)); status != http.StatusOK {
		t.Errorf("the visit got %d", status)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := waitFor(t, cmd); err != nil || out.Len() > 0 {
		t.Errorf("ended with %v, and printed %q", err, out.String())
	}
}

// TestWhoeverHasTheFolder says what is so where a second start reaches nobody: the lock decides, and no file beside it.
func TestWhoeverHasTheFolder(t *testing.T) {
	dir := t.TempDir()
	lock := flock.New(filepath.Join(dir, folder.Lock))
	if locked, err := lock.TryLock(); err != nil || !locked {
		t.Fatal(locked, err)
	}
	defer lock.Close()
	content := `{"address":"127.0.0.1:1","secret":"` + strings.Repeat("A", 43) + `=","machine":"another-machine"}`
	path := filepath.Join(dir, folder.Instance)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := again(t, nil, "open", "-data", dir); got.code != exitFailed || !strings.Contains(got.log, "another machine") || !strings.Contains(got.log, "another-machine") {
		t.Errorf("open: %+v", got)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != content {
		t.Errorf("the file of who has the folder is %q now, %v", now, err)
	}
}

// TestForgedRendezvous follows no file that another user could have written, and no program but the one that wrote it.
func TestForgedRendezvous(t *testing.T) {
	environment, visited := browserOf(t)
	var came atomic.Int32
	port := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came.Add(1)
		w.Header().Set("Consentry-Proof", strings.Repeat("A", 43)+"=")
		fmt.Fprintf(w, `{"address":"http://%s/start?token=x"}`, r.Host)
	}))
	defer port.Close()
	content := fmt.Sprintf(`{"address":"%s","secret":"%s="}`, port.Listener.Addr(), strings.Repeat("B", 43))
	for name, forge := range map[string]func(path string) error{
		"at a port that another has now": func(path string) error { return os.WriteFile(path, []byte(content), 0o600) },
		"by a link": func(path string) error {
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			return errors.Join(os.WriteFile(elsewhere, []byte(content), 0o600), os.Symlink(elsewhere, path))
		},
		"open to others": func(path string) error {
			return errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chmod(path, 0o666))
		},
		"of another user": func(path string) error {
			return errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chown(path, 12345, 12345))
		},
		"to another machine": func(path string) error {
			return os.WriteFile(path, []byte(strings.Replace(content, "127.0.0.1:", "192.0.2.1:", 1)), 0o600)
		},
		"of nonsense": func(path string) error { return os.WriteFile(path, []byte("{"), 0o600) },
		"of nothing":  func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := forge(filepath.Join(dir, folder.Instance)); err != nil {
				if name == "of another user" && os.Geteuid() != 0 {
					t.Skip(err) // only root gives a file away
				}
				t.Fatal(err)
			}
			came.Store(0)
			if got := again(t, environment, "open", "-data", dir); got.code == 0 || got.out != "" {
				t.Errorf("%+v", got)
			}
			if _, err := os.Stat(visited); err == nil {
				t.Error("the browser was opened")
			}
			if name != "at a port that another has now" && came.Load() > 0 {
				t.Errorf("it was asked %d times", came.Load())
			}
		})
	}
}

// TestDoorIsClosedToPages tells nobody anything who has not read the file: no page in a browser, and no other user.
func TestDoorIsClosedToPages(t *testing.T) {
	dir := t.TempDir()
	first, _ := start(t, program(t), "serve", "-sandbox=false", "-data", dir)
	at := first[:strings.Index(first, "/start")]
	for name, change := range map[string]func(*http.Request){
		"without a proof": func(*http.Request) {},
		"with one made up": func(r *http.Request) {
			r.Header.Set("Consentry-Proof", strings.Repeat("A", 43)+"=")
		},
		"from a page elsewhere": func(r *http.Request) {
			r.Header.Set("Origin", "https://evil.example")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		},
		"by another name for this machine": func(r *http.Request) { r.Host = "evil.example" },
		"by a get":                         func(r *http.Request) { r.Method = http.MethodGet },
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"/instance", strings.NewReader(`{"want":"address","nonce":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		change(request)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		if _, err := said.ReadFrom(answer.Body); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode < 400 || strings.Contains(said.String(), "token") || answer.Header.Get("Consentry-Proof") != "" {
			t.Errorf("%s: %s, %q", name, answer.Status, said.String())
		}
	}
	info, err := os.Stat(filepath.Join(dir, folder.Instance))
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	if _, port, err := net.SplitHostPort(strings.TrimPrefix(at, "http://")); err != nil || port == "" {
		t.Error(at, err)
	}
}
