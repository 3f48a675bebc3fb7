package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"consentry/storage/folder"
)

const (
	smallDisk  = "CONSENTRY_SMALL_DISK" // tells the test binary that it has a disk of its own, and where to put it
	smallPath  = "CONSENTRY_SMALL_PATH" // the program to be run on it
	smallBytes = "size=8m"              // it holds a data folder and not much more
)

// onSmallDisk runs a test in a process with a file system of its own, which nobody
// else sees and which goes with it. It reports whether this is that process, and gives
// the folder on it and the program.
func onSmallDisk(t *testing.T) (dir, path string, inside bool) {
	t.Helper()
	if dir := os.Getenv(smallDisk); dir != "" {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, smallBytes); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) }) // where others see it, too
		return dir, os.Getenv(smallPath), true
	}
	// In a changed root there are no users of one's own, but root may mount.
	apart := &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	within := func(name string, args ...string) *exec.Cmd {
		command := exec.Command(name, args...)
		command.SysProcAttr = apart
		return command
	}
	err := within("true").Run()
	if errors.Is(err, syscall.EPERM) {
		apart = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		err = within("true").Run()
	}
	if err != nil {
		t.Skipf("this system gives no file system of the test's own, so that a full disk is not tested: %v", err)
	}
	command := within(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	command.Env = append(os.Environ(), smallDisk+"="+t.TempDir(), smallPath+"="+program(t))
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return "", "", false
}

// fill takes all the room there is on a disk; what is returned gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0 && err == nil || size > 1; {
		if _, err = file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk did not get full: %v", err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// post sends a form and returns the answer, without going on to where it leads.
func (b tab) post(t *testing.T, path string, form url.Values) (status int, body string) {
	t.Helper()
	browser := *b.browser
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := browser.PostForm(b.base+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(content)
}

// TestFullDisk lets the disk get full while the real program runs on it: all that
// was there can be seen, each action says that the disk is full and that nothing was
// lost, and with room again all goes on without a new start.
func TestFullDisk(t *testing.T) {
	disk, path, inside := onSmallDisk(t)
	if !inside {
		return
	}
	dir := filepath.Join(disk, "data")
	_, first := start(t, path, "serve", "-data", dir) // makes the environments
	first.Process.Signal(syscall.SIGTERM)
	first.Wait()
	addConsents(t, dir, 30)
	b := open(t, path, dir)
	_, before := get(t, b.browser, b.base+"/consents/consent-0")
	if !strings.Contains(before, "Withdraw") {
		t.Fatalf("there is nothing to withdraw:\n%s", before)
	}
	bank := b.firstBank(t)

	free := fill(t, disk)
	actions := []struct {
		name, path string
		form       url.Values
	}{
		{"a setting", "/settings/theme", url.Values{"theme": {"dark"}}},
		{"a withdrawal", "/consents/consent-0/withdraw", url.Values{"sure": {"yes"}}},
		{"a schedule", "/consents/consent-0/schedule", url.Values{"schedule": {"2"}}},
		{"a consent", bank + "/share", url.Values{"valid_until": {time.Now().AddDate(0, 0, 90).Format(time.DateOnly)}, "frequency": {"4"}, "recurring": {"on"}, "balances": {"on"}, "purpose": {"Test"}}},
		{"an environment", "/environments", url.Values{"name": {"Mine"}, "dialect": {"openpayments"}, "auth_url": {"https://auth.example"}, "api_url": {"https://api.example"}, "client_id": {"me"}, "client_secret": {"secret"}}},
	}
	for _, action := range actions {
		status, body := b.post(t, action.path, action.form)
		if status != http.StatusInsufficientStorage || !strings.Contains(body, "The disk is full") || !strings.Contains(body, "Nothing was lost") {
			t.Errorf("%s: %d\n%s", action.name, status, body)
		}
	}
	for _, page := range []string{"/", "/consents", "/consents/consent-0", "/accounts", "/activity", "/banks", "/settings"} {
		status, body := get(t, b.browser, b.base+page)
		if status != http.StatusOK || !strings.Contains(body, "The disk is full") {
			t.Errorf("%s: %d, and it does not say that the disk is full\n%s", page, status, body)
		}
	}

	free()
	if status, body := b.post(t, "/settings/theme", url.Values{"theme": {"dark"}}); status != http.StatusSeeOther {
		t.Errorf("a setting with room again: %d\n%s", status, body)
	}
	if _, after := get(t, b.browser, b.base+"/consents/consent-0"); !strings.Contains(after, "Withdraw") || strings.Contains(after, "The disk is full") {
		t.Errorf("the consent is another one, or the disk is said to be full still:\n%s", after)
	}
	if _, all := get(t, b.browser, b.base+"/consents"); !strings.Contains(all, "Norrbank") {
		t.Error("consents are gone")
	}
}

// firstBank is the path of a bank in the list.
func (b tab) firstBank(t *testing.T) string {
	t.Helper()
	b.post(t, "/banks/refresh", nil)
	_, body := get(t, b.browser, b.base+"/banks")
	at, err := url.Parse(b.base)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(body, `href="`+at.Path+`/banks/`)
	if !found {
		t.Fatalf("no bank is listed:\n%s", body)
	}
	path, _, _ := strings.Cut(rest, `"`)
	return "/banks/" + path
}

// TestDiskIsNamedAtTheStart starts the program where the disk is full, and where it
// takes no changes: it says so and changes nothing, and starts when that is over.
func TestDiskIsNamedAtTheStart(t *testing.T) {
	disk, path, inside := onSmallDisk(t)
	if !inside {
		return
	}
	dir := filepath.Join(disk, "data")
	serve := func() string {
		var problems bytes.Buffer
		command := exec.Command(path, "serve", "-data", dir)
		command.Env, command.Stderr = append(os.Environ(), "CONSENTRY_KEYRING=off"), &problems
		if err := command.Run(); err == nil {
			t.Fatal("the program started and ended")
		}
		return problems.String()
	}
	starts := func() {
		t.Helper()
		_, command := start(t, path, "serve", "-data", dir)
		command.Process.Signal(syscall.SIGTERM)
		command.Wait()
	}
	free := fill(t, disk)
	if said := serve(); !strings.Contains(said, "The disk is full") {
		t.Errorf("of a full disk without data it says: %s", said)
	}
	free()
	starts()

	free = fill(t, disk)
	if said := serve(); !strings.Contains(said, "The disk is full") || !strings.Contains(said, "Nothing was changed") {
		t.Errorf("of a full disk it says: %s", said)
	}
	free()
	starts()

	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	if said := serve(); !strings.Contains(said, "The disk takes no changes") {
		t.Errorf("of a disk that takes no changes it says: %s", said)
	}
	remount(0)
	starts()
	if err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if strings.HasPrefix(entry.Name(), folder.State+".") || strings.HasPrefix(entry.Name(), "set-aside") {
			return fmt.Errorf("%s was left", path)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
